"""The command line: the same session layer as the window, without a screen.

Exit codes: 0 done, 1 refused with a sentence on standard error or, of a check, something lacks or is wrong, 2 usage,
130 interrupted, 128 and the number of another signal that told it to end.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType

from mma_desktop.cli import (
    backbones,
    backups,
    benchmark,
    check,
    doctor,
    evaluate,
    export_features,
    export_model,
    export_project,
    import_labels,
    predict,
    sample,
    shards,
    train,
)
from mma_desktop.cli.common import DONE, INTERRUPTED, REFUSED
from mma_desktop.cli.progress import Parser, ending, give_up, note, tell_safely
from mma_desktop.core import paths
from mma_desktop.core.atomic_io import check_writable, unfinished, unreadable
from mma_desktop.core.errors import Cancelled, UserError

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


COMMANDS: Mapping[str, ModuleType] = {
    "sample": sample,
    "train": train,
    "evaluate": evaluate,
    "predict": predict,
    "shards": shards,
    "import": import_labels,
    "export": export_project,
    "benchmark": benchmark,
    "check": check,
    "backups": backups,
    "export-model": export_model,
    "export-features": export_features,
    "backbones": backbones,
    "doctor": doctor,
}
"""Each is a module with `USAGE`, `ABOUT`, `add_arguments(parser)` and `run(arguments)`, which returns the exit code."""


def usage_of_commands() -> str:
    """One line a command, for the help of the program."""
    lines = [f"  {name} {one.USAGE}".rstrip() + f"\n      {one.ABOUT}" for name, one in COMMANDS.items()]
    return "\n".join(["commands:", *lines, "", "'mma-desktop COMMAND --help' tells more of each"])


def build_parser() -> argparse.ArgumentParser:
    """The parser of all sub-commands."""
    parser = Parser(
        prog="mma-desktop",
        description="Label a few photos a class and train a classifier on your own machine. Without a command the "
        "window opens.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.ABOUT, description=command.ABOUT)
        one.set_defaults(run=command.run)
        command.add_arguments(one)
    return parser


def main(argv: Sequence[str], open_sample: Callable[[], int]) -> int:
    """Run one command.

    Args:
        argv: The command and its arguments.
        open_sample: Opens the window with the sample project; the only command that needs a window.

    Returns:
        The exit code.
    """

    def run() -> int:
        arguments = build_parser().parse_args(argv)
        arguments.open_sample = partial(_as_window, open_sample)
        for out in (getattr(arguments, name, None) for name in ("out", "json")):
            if out is not None and not shards.into_folder(arguments):
                check_writable(out)
        code: int = arguments.run(arguments)
        return code

    return guarded(run)


def _as_window(open_sample: Callable[[], int]) -> int:
    """Open the sample with signals as for any window."""
    for number in ENDING:
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)
    return open_sample()


def prepare_process() -> None:
    """Make a process that runs a command clean up behind killed ones, and behind itself when it is told to end."""
    # Whatever Python a library may start, it does not import from the current folder.
    os.environ["PYTHONSAFEPATH"] = "1"
    tell_safely()
    unfinished.keep_in(paths.cache_dir() / "unfinished")
    unfinished.clear()
    sys.unraisablehook = ending.hush
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _end(number: int, _frame: object) -> None:
    """Leave as on Ctrl+C, cleaning up; a second signal ends the process at once."""
    signal.signal(number, signal.SIG_DFL)
    ending.ask(SystemExit(128 + number))


def _interrupt(_number: int, _frame: object) -> None:
    ending.ask(KeyboardInterrupt())


def guarded(run: Callable[[], int]) -> int:
    """Run something; whatever it raises that is no bug is a sentence and an exit code."""
    try:
        return run()
    except UserError as error:
        note(str(error))
        return REFUSED
    except PermissionError as error:  # a folder that may not be looked into, wherever that was tried
        note(str(unreadable(Path(error.filename or "."), error)))
        return REFUSED
    except BrokenPipeError:
        give_up(sys.stdout)  # who reads has enough ("… | head")
        return DONE
    except (KeyboardInterrupt, Cancelled):
        note("Stopped.")
        return INTERRUPTED
