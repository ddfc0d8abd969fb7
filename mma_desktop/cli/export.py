"""The commands that take things out of the program: a whole classifier, and the features of a project."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.progress import Reporter, drive, note, say
from mma_desktop.core.atomic_io import check_writable
from mma_desktop.core.class_names import split_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_SHOTS, TrainRequest

if TYPE_CHECKING:
    from mma_desktop.engine.export.model_writer import ExportedModel

MODEL_USAGE = "ADAPTER [--classes a,b,c] [--format onnx|torchscript|torch-export]"
MODEL_ABOUT = "write the whole classifier, picture to class probabilities, for other programs"
FEATURES_USAGE = "PROJECT OUT.safetensors"
FEATURES_ABOUT = "write the features and labels of a project as one file"
CHECKED_WITH = 32
FORMATS = ("onnx", "torchscript", "torch-export")


def add_model_arguments(parser: argparse.ArgumentParser, prompt: Callable[[str], str]) -> None:
    """The arguments of `export-model`; the reader of prompts is the other commands'."""
    parser.add_argument("adapter", type=Path, metavar="ADAPTER")
    parser.add_argument("--classes", metavar="a,b,c", help="any class names; default: the adapter's own")
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help=f"default: {FORMATS[0]}")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="default: beside the adapter, with the format's ending"
    )
    parser.add_argument(
        "--prompt",
        type=prompt,
        action="append",
        metavar="TEMPLATE",
        help="how a class name is put to the text encoder (default: as in the training); several make an ensemble",
    )
    parser.add_argument(
        "--pictures",
        type=Path,
        nargs="+",
        default=[],
        metavar="PATH",
        help="pictures, or folders of them, to compare the file with; default: some of the sample project",
    )
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the backbone")


def add_features_arguments(
    parser: argparse.ArgumentParser,
    whole: Callable[[int, int], Callable[[str], int]],
    engine_arguments: Callable[[argparse.ArgumentParser], None],
) -> None:
    """The arguments of `export-features`; the readers of numbers are the other commands'."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="a project folder (.mma)")
    parser.add_argument("out", type=Path, metavar="OUT.safetensors")
    shots = whole(1, 2**31 - 1)
    parser.add_argument("--shots", type=shots, default=DEFAULT_SHOTS, help="labelled images a base class (16)")
    parser.add_argument("--seed", type=whole(0, 2**63 - 1), default=0, help="chooses the shots (0)")
    engine_arguments(parser)


def export_model(arguments: argparse.Namespace) -> int:
    """Write a whole classifier for other programs."""
    from mma_desktop.engine.export.runtimes import find_format
    from mma_desktop.services.predicting.classifier import load_classifier

    form = find_format(arguments.format)
    form.check_can()
    out = arguments.out or arguments.adapter.with_suffix(form.suffix)
    check_writable(out)
    if out.resolve() == arguments.adapter.resolve():
        raise UserError(f"{out} is the adapter itself, which would be replaced. Give another name with --out.")
    names = split_names(arguments.classes) if arguments.classes is not None else None
    reporter = Reporter()
    try:
        classifier = load_classifier(arguments.adapter, "cpu", arguments.weights, reporter.show_bytes)
    finally:
        reporter.end()
    for message in classifier.messages:
        note(message)
    pictures = _some_pictures(arguments.pictures)
    prompt = "\n".join(arguments.prompt or [])
    note(f"Writing {form.title} and comparing what {form.runtime} makes of it")
    say(_sentence(classifier.export(out, form.id, names, prompt=prompt, pictures=pictures), form.title))
    return 0


def _some_pictures(given: list[Path]) -> list[Path]:
    """Some of the pictures in these places, from all over them."""
    from mma_desktop.media.scan import walk

    found = [one.path for one in walk(given) if one.problem is None]
    if given and not found:
        raise UserError(f"There is no picture in {', '.join(map(str, given))}. Nothing was written.")
    return found[:: -(-len(found) // CHECKED_WITH) or 1]


def _sentence(written: ExportedModel, title: str) -> str:
    about = written.metadata
    size = written.path.stat().st_size / 1e6
    return (
        f"The classifier of {len(about['class_names'])} classes is in {written.path} ({title}, {size:.1f} MB). "
        f"{about['checked']['runtime']} gives the probabilities of {written.pictures} pictures as this program does, "
        f"to within {written.largest_difference:.1g}."
    )


def export_features(arguments: argparse.Namespace) -> int:
    """Write the features of a project."""
    from mma_desktop.services.formats.feature_export import export_features as export
    from mma_desktop.services.project_factory import open_project, project_folder

    reporter = Reporter()
    token = CancelToken(reporter.show)
    request = TrainRequest(
        device=arguments.device, weights_file=arguments.weights, shots=arguments.shots, seed=arguments.seed
    )
    context = open_project(project_folder(arguments.project))
    try:
        written = drive(export(context, arguments.out, request, token), reporter)
    finally:
        context.close()
    say(written.sentence)
    return 0
