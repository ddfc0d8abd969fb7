"""The command `mma-desktop export`: a project in the format of another tool."""

from __future__ import annotations

import argparse
from pathlib import Path

from mma_desktop.cli.common import DONE
from mma_desktop.cli.import_labels import FORMAT_IDS, SUFFIX
from mma_desktop.cli.progress import Reporter, drive, note, say
from mma_desktop.core.events import CancelToken

USAGE = "PROJECT TARGET --format ID [--images copy|link|none] [--splits marked|all|none]"
ABOUT = "write a project's pictures and labels in the format of another tool"
WRITTEN_IDS = FORMAT_IDS[:-1]
IMAGES = ("copy", "link", "none")
SPLITS = ("marked", "all", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help=f"a project folder ({SUFFIX})")
    parser.add_argument("target", type=Path, metavar="TARGET", help="the folder to make; for CSV the file")
    parser.add_argument("--format", choices=WRITTEN_IDS, required=True)
    parser.add_argument("--images", choices=IMAGES, help="copy the pictures, make hard links, or list them only")
    parser.add_argument(
        "--splits",
        choices=SPLITS,
        default=SPLITS[0],
        help="which uses are written: those marked on labels (default), all as a training divides them, or none",
    )
    parser.add_argument("--all", action="store_true", help="also images without a label")
    parser.add_argument("--predictions", action="store_true", help="work out the predictions first, and write them")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Export a project in the format of another tool."""
    from mma_desktop.services.formats.dataset import Images, WriteOptions
    from mma_desktop.services.formats.exporting import Splits, export
    from mma_desktop.services.formats.registry import find_format
    from mma_desktop.services.images import embedding
    from mma_desktop.services.predicting import model_in_use, prediction
    from mma_desktop.services.project_factory import open_project, project_folder

    chosen = find_format(arguments.format)
    images = Images(arguments.images) if arguments.images else chosen.images[0]
    reporter = Reporter()
    token = CancelToken(reporter.show)
    context = open_project(project_folder(arguments.project))
    try:
        if arguments.predictions:
            for message in model_in_use.prepare(context, token):
                note(message)
            drive(embedding.embed(context, token), reporter)
            prediction.score(context, token)
        steps = export(
            context,
            chosen,
            arguments.target.absolute(),
            token,
            WriteOptions(images, arguments.overwrite),
            splits=Splits(arguments.splits),
            labelled_only=not arguments.all,
        )
        written = drive(steps, reporter)
    finally:
        context.close()
    say(f"{written.path}: {written.sentence}")
    return DONE
