"""The command `mma-desktop evaluate`: measure an adapter on labelled images."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mma_desktop.cli import common
from mma_desktop.cli.import_labels import read_images, source_arguments
from mma_desktop.cli.parser import UsageError
from mma_desktop.cli.progress import Reporter, aligned, echo, note, table
from mma_desktop.core.atomic_io import STDOUT
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.services.project_factory import given_project

if TYPE_CHECKING:
    from mma_desktop.core.types import Evaluation
    from mma_desktop.services.batch.headless import HeadlessReport
    from mma_desktop.services.predicting.model_in_use import Model

USAGE = "ADAPTER SOURCE | PROJECT.mma [SOURCE]"
ABOUT = "evaluate an adapter on labelled pictures"
# Number of classes listed, those first that are recognised least often.
SHOWN = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", type=Path, metavar="ADAPTER", help=common.MODEL)
    parser.add_argument(
        "images",
        type=Path,
        nargs="?",
        metavar="SOURCE",
        help="a folder with one subfolder per class, a project, or anything that 'mma-desktop import' reads; default: "
        "the project given as ADAPTER",
    )
    common.json_argument(parser, "the measurements")
    parser.add_argument(
        "--report", type=common.output_file, metavar="FILE.html", help="write a report with pictures, for a browser"
    )
    source_arguments(parser)
    common.engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.images is None:
        arguments.images = given_project(arguments.adapter)
    if arguments.images is None:
        raise UsageError("the following arguments are required: SOURCE")
    reporter = Reporter()
    with common.given_model(arguments.adapter, arguments.device, arguments.weights, reporter) as model:
        report = _measured(arguments, model, reporter)
    print_report(report)
    if arguments.json is not None:
        common.write_json(arguments.json, report.json)
    if arguments.report not in (None, STDOUT):
        echo(f"The report is in {arguments.report}.")
    return common.DONE


def print_report(report: HeadlessReport) -> None:
    for text in report.notes:
        note(text)
    echo(table(report.evaluation))
    if report.answers is not None:
        echo(_told(report.answers))


def _told(answers: Evaluation) -> str:
    """Accuracy as `predict` answers, each class, confusions, and how often a confidence is right."""
    from mma_desktop.services.training.mistakes import pairs_of
    from mma_desktop.services.training.report import class_rows, confidence_rows, format_accuracy

    if (accuracy := answers.adapted.all) is None:
        return ""
    names, rows = answers.class_names, class_rows(answers, {})
    classes = [["class", "n", "recall", "precision"]]
    for row in rows[:SHOWN]:
        percents = (None if row["accuracy"] is None else row["accuracy"].percent, row["share"])
        classes.append(
            [row["name"], str(row["n"]), *("" if percent is None else f"{percent:.1f}" for percent in percents)]
        )
    confused = [
        [f"{item.count} of {item.of}", f"{names[item.label]} taken for {names[item.answer]}"]
        for item in pairs_of(answers, None)
    ]
    sure = [
        [f"{row['low']:.0f} to {row['high']:.0f}% sure", f"right: {format_accuracy(row['accuracy'])}"]
        for row in (confidence_rows(answers.adapted_answers) if answers.adapted_answers is not None else ())
    ]
    more = [f"and {len(rows) - SHOWN} more; --json FILE lists all of them."] if len(rows) > SHOWN else []
    parts = [f"As predicted, '{NONE_OF_THESE}' included: {format_accuracy(accuracy)}", aligned(classes, "<>>>"), *more]
    return "\n" + "\n\n".join([*parts, *(aligned(some, "<<") for some in (confused, sure) if some)])


def _measured(arguments: argparse.Namespace, model: Model, reporter: Reporter) -> HeadlessReport:
    source: Path = arguments.images
    more = (arguments.device, model.weights, reporter.token, arguments.report)
    if (folder := given_project(source)) is not None:
        from mma_desktop.services.batch.on_projects import evaluate_project, opened

        common.refuse_given(arguments, "--format", "--column", "--base-folder")
        with opened(folder) as context, reporter:
            of_project = model.project is not None and model.project.resolve() == folder.resolve()
            return evaluate_project(context, model.adapter, *more, own=of_project)
    from mma_desktop.services.batch.headless import evaluate

    images = read_images(arguments, source, reporter)
    with reporter:
        return evaluate(model.adapter, images, *more)
