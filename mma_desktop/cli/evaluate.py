"""The command `mma-desktop evaluate`: measure an adapter on a folder of class folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from mma_desktop.cli.common import DONE, engine_arguments, json_argument, write_json
from mma_desktop.cli.outputs import output_file
from mma_desktop.cli.progress import Reporter, drive, kept_line, note, say, table
from mma_desktop.core.atomic_io import STDOUT, check_adapter_file
from mma_desktop.core.events import CancelToken

USAGE = "ADAPTER IMAGES"
ABOUT = "measure an adapter on a folder of class folders"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("adapter", type=Path, metavar="ADAPTER")
    parser.add_argument("images", type=Path, metavar="IMAGES")
    json_argument(parser, "the numbers")
    parser.add_argument(
        "--report", type=output_file, metavar="FILE.html", help="write a report with pictures, for a browser"
    )
    engine_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure an adapter on a folder of class folders."""
    check_adapter_file(arguments.adapter)
    from mma_desktop.services.batch.headless import evaluate_folder

    reporter = Reporter()
    token = CancelToken(reporter.show)
    place = (arguments.adapter, arguments.images, arguments.device, arguments.weights)
    steps = evaluate_folder(*place, token, arguments.report)
    report = drive(steps, reporter)
    for text in report.notes:
        note(text)
    say(table(report.evaluation))
    if report.kept is not None:
        say(kept_line(report.kept))
    if arguments.json is not None:
        write_json(arguments.json, report.json)
    if arguments.report not in (None, STDOUT):
        say(f"The report is in {arguments.report}.")
    return DONE
