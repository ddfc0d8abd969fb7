"""The command `mma-desktop doctor`: check this machine and installation, and say how to fix problems."""

from __future__ import annotations

import argparse
import subprocess
from dataclasses import asdict

from mma_desktop.cli.common import json_argument, write_json
from mma_desktop.cli.progress import echo
from mma_desktop.core import paths

USAGE = "[--offline] [--json FILE]"
ABOUT = "check versions, device, window system, model hub, disks and caches, and say how to fix problems"
WINDOW_CHECK = "--window-check"
SECONDS = 60  # for Qt to start; a cold disk takes some of them, and a broken driver never answers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offline", action="store_true", help="do not check whether the model hub is reachable")
    json_argument(parser, "the report")


def run(arguments: argparse.Namespace) -> int:
    """Run all checks; returns 1 if something is wrong."""
    from mma_desktop.services.diagnostics import State, as_text, diagnose

    results = []
    for finding in diagnose(_ask_window, not arguments.offline):
        echo(as_text(finding))
        results.append(finding)
    if arguments.json is not None:
        write_json(arguments.json, [asdict(finding) for finding in results])
    return int(any(finding.state is State.WRONG for finding in results))


def _ask_window() -> tuple[bool, str]:
    # In a child process: Qt aborts the whole process if it cannot start.
    from mma_desktop.services.diagnostics import program

    try:
        done = subprocess.run(
            [*program(), WINDOW_CHECK],
            cwd=paths.resources_dir(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"Qt failed to start: {error}"
    if done.returncode == 0 and done.stdout.strip():
        return True, done.stdout.strip()
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return False, "Qt cannot open a window here: " + (lines[0].strip() if lines else f"it ended with {done.returncode}")
