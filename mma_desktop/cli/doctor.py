"""The command `mma-desktop doctor`: what this machine gives the program, what is wrong, and how to mend it."""

from __future__ import annotations

import argparse
import subprocess
from dataclasses import asdict
from pathlib import Path

from mma_desktop.cli.common import write_json
from mma_desktop.cli.progress import say
from mma_desktop.core import paths

USAGE = "[--offline] [--json FILE]"
ABOUT = "tell versions, device, window system, hub, disks and caches, what is wrong and how to mend it"
WINDOW_CHECK = "--window-check"
SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--offline", action="store_true", help="do not ask the model hub whether it is there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; 1 where something is wrong."""
    from mma_desktop.services.diagnostics import State, as_text, examine

    found = []
    for finding in examine(_ask_window, not arguments.offline):
        say(as_text(finding))
        found.append(finding)
    if arguments.json is not None:
        write_json(arguments.json, [asdict(finding) for finding in found])
    return int(any(finding.state is State.WRONG for finding in found))


def _ask_window() -> tuple[bool, str]:
    """Open Qt in a process of its own: where it cannot, it ends the whole process."""
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
        return False, f"Qt could not be started: {error}"
    if done.returncode == 0 and done.stdout.strip():
        return True, done.stdout.strip()
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return False, "Qt cannot open a window here: " + (lines[0].strip() if lines else f"it ended with {done.returncode}")
