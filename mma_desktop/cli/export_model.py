"""The command `mma-desktop export-model`: the whole classifier for other programs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli import projects
from mma_desktop.cli.common import DONE, asked_names, names_arguments, prompt, show_use, weights_argument
from mma_desktop.cli.outputs import check_file, output_binary, told
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, note, say
from mma_desktop.core.atomic_io import is_streamed
from mma_desktop.core.errors import UserError
from mma_desktop.engine.export.model_formats import MODEL_FORMATS, default_format
from mma_desktop.media.scan import walk
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.engine.export.model_writer import ExportedModel

FORMATS = tuple(one.id for one in MODEL_FORMATS)
USAGE = f"ADAPTER | PROJECT.mma [--classes a,b,c] [--format {'|'.join(FORMATS)}]"
ABOUT = "export the whole classifier, from picture to class probabilities, for other programs"
CHECKED_WITH = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("adapter", type=Path, metavar="ADAPTER", help=projects.MODEL)
    names_arguments(parser)
    usual = default_format().id
    parser.add_argument("--format", choices=FORMATS, default=usual, help=f"default: {usual}")
    parser.add_argument(
        "--out", type=output_binary, metavar="FILE", help="default: next to the adapter, with the format's suffix"
    )
    parser.add_argument(
        "--prompt",
        type=prompt,
        action="append",
        metavar="TEMPLATE",
        help="prompt template for class names (default: as in the training); repeat it for an ensemble",
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="pictures, or folders of pictures, to verify the file with; default: some of the sample project",
    )
    weights_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the whole classifier for other programs."""
    from mma_desktop.engine.export.runtimes import find_format
    from mma_desktop.services.formats import python_snippets

    form = find_format(arguments.format)
    form.check_can()
    given = given_project(arguments.adapter) or arguments.adapter
    out = arguments.out or given.with_suffix(form.suffix)
    if out.resolve() == given.resolve():
        raise UsageError(f"{out} is the adapter itself and would be overwritten. Give another name with --out.")
    check_file(out, overwrite=arguments.overwrite)
    names = asked_names(arguments)
    reporter = Reporter()
    with projects.given_model(given, "cpu", arguments.weights, reporter) as model:
        classifier = projects.loaded(model, "cpu", reporter)
    pictures = _some_pictures(arguments.pictures)
    template = "\n".join(arguments.prompt or [])
    note(f"Writing {form.title} and verifying it with {form.runtime}")
    written = classifier.export(out, form.id, names, prompt=template, pictures=pictures)
    say(_sentence(written, form.title))
    show_use(python_snippets.of_model(out, form.id, written.metadata), out)
    return DONE


def _some_pictures(given: list[Path]) -> list[Path]:
    """A sample of the pictures in these places, spread evenly."""
    if missing := [path for path in given if not os.path.lexists(path)]:
        raise UserError(f"{missing[0]} does not exist. Check its name. Nothing was written.")
    found = [one.path for one in walk(given) if one.problem is None]
    if given and not found:
        raise UserError(f"There are no pictures in {', '.join(map(str, given))}. Nothing was written.")
    return found[:: -(-len(found) // CHECKED_WITH) or 1]


def _sentence(written: ExportedModel, title: str) -> str:
    about = written.metadata
    size = "" if is_streamed(written.path) else f", {written.path.stat().st_size / 1e6:.1f} MB"
    return (
        f"The classifier of {len(about['class_names'])} classes is in {told(written.path)} ({title}{size}). "
        f"On {written.pictures} pictures, {about['checked']['runtime']} gives the same probabilities as this program "
        f"to within {written.largest_difference:.1g}."
    )
