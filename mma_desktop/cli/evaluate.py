"""The command `mma-desktop evaluate`: measure an adapter on a folder of class folders."""

from __future__ import annotations

import argparse
from pathlib import Path

from mma_desktop.cli.common import DONE, engine_arguments, write_json
from mma_desktop.cli.progress import Reporter, drive, kept_line, note, say, table
from mma_desktop.core.atomic_io import check_adapter_file
from mma_desktop.core.events import CancelToken

USAGE = "ADAPTER IMAGES"
ABOUT = "measure an adapter on a folder of class folders"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("adapter", type=Path, metavar="ADAPTER")
    parser.add_argument("images", type=Path, metavar="IMAGES")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write a report with pictures, for a browser")
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
    if arguments.report is not None:
        say(f"The report is in {arguments.report}.")
    return DONE
