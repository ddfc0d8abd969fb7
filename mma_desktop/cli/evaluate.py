"""The command `mma-desktop evaluate`: measure an adapter on labelled pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli.common import DONE, MODEL, engine_arguments, given_model, json_argument, refuse_given, write_json
from mma_desktop.cli.import_labels import read_pictures, source_arguments
from mma_desktop.cli.outputs import output_file
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, note, say, table
from mma_desktop.core.atomic_io import STDOUT
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.services.batch.headless import HeadlessReport
    from mma_desktop.services.predicting.model_in_use import Model

USAGE = "ADAPTER SOURCE | PROJECT.mma [SOURCE]"
ABOUT = "measure an adapter on labelled pictures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", type=Path, metavar="ADAPTER", help=MODEL)
    parser.add_argument(
        "images",
        type=Path,
        nargs="?",
        metavar="SOURCE",
        help="a folder with one subfolder per class, a project, or anything that 'mma-desktop import' reads; default: "
        "the project that was given as ADAPTER",
    )
    json_argument(parser, "the numbers")
    parser.add_argument(
        "--report", type=output_file, metavar="FILE.html", help="write a report with pictures, for a browser"
    )
    source_arguments(parser)
    engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.images is None:
        arguments.images = given_project(arguments.adapter)
    if arguments.images is None:
        raise UsageError("the following arguments are required: SOURCE")
    reporter = Reporter()
    with given_model(arguments.adapter, arguments.device, arguments.weights, reporter) as model:
        report = _measured(arguments, model, reporter)
    tell(report)
    if arguments.json is not None:
        write_json(arguments.json, report.json)
    if arguments.report not in (None, STDOUT):
        say(f"The report is in {arguments.report}.")
    return DONE


def tell(report: HeadlessReport) -> None:
    for text in report.notes:
        note(text)
    say(table(report.evaluation))


def _measured(arguments: argparse.Namespace, model: Model, reporter: Reporter) -> HeadlessReport:
    source: Path = arguments.images
    more = (arguments.device, model.weights, reporter.token, arguments.report)
    if (folder := given_project(source)) is not None:
        from mma_desktop.services.batch.on_projects import evaluate_project, opened

        refuse_given(arguments, "--format", "--column", "--base-folder")
        with opened(folder) as context, reporter:
            own = model.project is not None and model.project.resolve() == folder.resolve()
            return evaluate_project(context, model.adapter, *more, own=own)
    from mma_desktop.services.batch.headless import evaluate

    pictures = read_pictures(arguments, source, reporter)
    with reporter:
        return evaluate(model.adapter, pictures, *more)
