"""The command `mma-desktop export`: write a project in another tool's format, or its model as an adapter file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mma_desktop.cli.common import DEVICES, DONE, engine_arguments, project_argument, show_use
from mma_desktop.cli.import_labels import FormatIds
from mma_desktop.cli.outputs import check_file, output_any, told
from mma_desktop.cli.parser import UsageError, usage_errors
from mma_desktop.cli.progress import Reporter, drive, note, say
from mma_desktop.cli.projects import opened_project, project_model
from mma_desktop.core.atomic_io import STDOUT, copy_file, is_streamed
from mma_desktop.core.paths import full_path
from mma_desktop.services.project_factory import project_folder

USAGE = "PROJECT TARGET --format ID [--images copy|link|none] [--splits marked|all|none]"
ABOUT = "write a project's pictures and labels in the format of another tool, or its model as an adapter file"
ADAPTER = "adapter"
IMAGES = ("copy", "link", "none")
SPLITS = ("marked", "all", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    project_argument(parser)
    parser.add_argument(
        "target",
        type=output_any,
        metavar="TARGET",
        help="the folder to create; for CSV and the adapter a file, or - for standard output",
    )
    parser.add_argument(
        "--format",
        choices=FormatIds(ADAPTER, written=True),
        required=True,
        metavar="ID",
        help=f"%(choices)s; {ADAPTER} is the model the project predicts with, as a .safetensors file",
    )
    parser.add_argument("--images", choices=IMAGES, help="copy the pictures, hard-link them, or only list them")
    parser.add_argument(
        "--splits",
        choices=SPLITS,
        default=SPLITS[0],
        help="which uses to write: those marked on labels (default), all as a training would divide them, or none",
    )
    parser.add_argument("--all", action="store_true", help="include images without a label")
    parser.add_argument("--predictions", action="store_true", help="compute the predictions first, and include them")
    engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write a project in another tool's format, or its model."""
    if arguments.format == ADAPTER:
        return _write_adapter(arguments)
    if not arguments.predictions:
        for option, is_given in (("--device", arguments.device != DEVICES[0]), ("--weights", arguments.weights)):
            if is_given:
                raise UsageError(f"{option} needs --predictions or --format {ADAPTER}.")
    from mma_desktop.services.formats import python_snippets
    from mma_desktop.services.formats.dataset import Images
    from mma_desktop.services.formats.exporting import Splits, check_images, export
    from mma_desktop.services.formats.registry import FORMATS, find_format
    from mma_desktop.services.images import embedding
    from mma_desktop.services.predicting import model_in_use, prediction

    chosen = find_format(arguments.format)
    if arguments.predictions and not chosen.predictions:
        able = ", ".join(one.id for one in FORMATS if one.predictions)
        raise UsageError(f"{chosen.title} cannot hold predictions; {able} can. Nothing was written.")
    images = Images(arguments.images) if arguments.images else chosen.images[0]
    if arguments.target == STDOUT and not chosen.suffix:
        raise UsageError(f"--format {chosen.id} makes a folder, which cannot be written to standard output.")
    with usage_errors():
        check_images(chosen, images)
    if chosen.suffix:
        check_file(arguments.target, overwrite=arguments.overwrite)
    reporter = Reporter()
    token = reporter.token
    with opened_project(arguments.project) as context:
        if arguments.predictions:
            for message in model_in_use.prepare(context, token, None, arguments.device, arguments.weights):
                note(message)
            drive(embedding.embed(context, token), reporter)
            prediction.score(context, token)
        steps = export(
            context,
            chosen,
            full_path(arguments.target),
            token,
            images,
            overwrite=arguments.overwrite or (bool(chosen.suffix) and is_streamed(arguments.target)),
            splits=Splits(arguments.splits),
            labelled_only=not arguments.all,
        )
        written = drive(steps, reporter)
    say(f"{told(written.path)}: {written.sentence}")
    show_use(python_snippets.of_data(written.path, chosen.id), written.path)
    return DONE


def _write_adapter(arguments: argparse.Namespace) -> int:
    """Write the model that a project predicts with, as `predict PROJECT` finds it."""
    from mma_desktop.services.formats import python_snippets

    out: Path = arguments.target
    for option in ("images", "all", "predictions"):
        if getattr(arguments, option):
            raise UsageError(f"--{option} is about pictures and labels. Leave it out with --format {ADAPTER}.")
    if arguments.splits != SPLITS[0]:
        raise UsageError(f"--splits is about pictures and labels. Leave it out with --format {ADAPTER}.")
    if out == STDOUT and sys.stdout.isatty():
        raise UsageError("An adapter is not text: name a file, or send standard output into one.")
    check_file(out, overwrite=arguments.overwrite)
    folder, reporter = project_folder(arguments.project), Reporter()
    with project_model(folder, arguments.device, arguments.weights, reporter) as model:
        copy_file(model.adapter, out)
    which = f"'{model.run}'" if model.run else "the model that learns while you label"
    say(f"The adapter of {which} is in {told(out)}.")
    show_use(python_snippets.of_adapter(out), out)
    return DONE
