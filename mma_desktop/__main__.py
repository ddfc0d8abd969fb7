"""Entry point: which of the window and the commands is wanted. Nothing heavy is imported before that is known."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mma_desktop import cli
from mma_desktop.cli_doctor import WINDOW_CHECK
from mma_desktop.version import __version__


def _window_arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mma-desktop",
        description="Label a few photos a class and train a classifier on your own machine.",
        epilog=cli.usage_of_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", nargs="?", type=Path, metavar="PROJECT.mma | FOLDER", help="what to open")
    parser.add_argument("--version", action="version", version=f"mma-desktop {__version__}")
    return parser.parse_args(argv)


def _not_there(word: str) -> str:
    """What to say of a word that is no command and no path."""
    if Path(word).name != word or word.endswith(".mma"):
        return f"{word} does not exist."
    near = difflib.get_close_matches(word, cli.COMMANDS, n=1)
    return f"'{word}' is no command, file or folder." + (f" Did you mean {near[0]}?" if near else "")


def _open_sample() -> int:
    from mma_desktop.ui.app import run_window

    return run_window(None, sample=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    # Read by torch when it is imported: idle worker threads must not spin beside the window's.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if getattr(sys, "frozen", False):  # in an installed build a worker is this program, started again
        import multiprocessing

        multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == [WINDOW_CHECK]:
        from mma_desktop.ui.window_check import check

        return check()
    if arguments and arguments[0] in cli.COMMANDS:
        return cli.main(arguments, _open_sample)
    if len(arguments) > 1 and arguments[0][:1] not in {"", "-"} and not Path(arguments[0]).exists():
        cli.note(_not_there(arguments[0]))
        return cli.USAGE
    target: Path | None = _window_arguments(arguments).target
    if target is not None and not target.exists():
        cli.note(_not_there(str(target)))
        return cli.REFUSED
    from mma_desktop.ui.app import run_window

    return run_window(target)


if __name__ == "__main__":
    sys.exit(main())
