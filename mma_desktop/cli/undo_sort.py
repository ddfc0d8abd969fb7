"""The command `mma-desktop undo-sort`: take back what `predict --sort-into` or the window did."""

from __future__ import annotations

import argparse
from pathlib import Path

from mma_desktop.cli.common import DONE, REFUSED
from mma_desktop.cli.progress import Reporter, drive, say

USAGE = "FOLDER"
ABOUT = "undo the last sort of pictures into a folder (exit code 1 if some are left)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the command's arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that the pictures were sorted into")


def run(arguments: argparse.Namespace) -> int:
    """Undo a sort; returns 1 if some pictures could not be taken back."""
    from mma_desktop.services.predicting.project_sorting import undo_project_sort

    reporter = Reporter()
    report = drive(undo_project_sort(None, arguments.folder, reporter.token), reporter)
    say(report.sentence())
    return REFUSED if report.left else DONE
