"""Parse and run commands.

Exit codes: 0 success; 1 refused, with a sentence on standard error, or a check found a problem; 2 usage error; 130
interrupted; 128 plus the signal's number if another signal ended the command.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType

from mma_desktop.cli import (
    backbones,
    backups,
    benchmark,
    check,
    completion,
    doctor,
    evaluate,
    export_command,
    groups_command,
    help_command,
    import_labels,
    predict,
    sample,
    shards,
    train,
)
from mma_desktop.cli.common import DONE, INTERRUPTED, REFUSED, check_outputs, inputs_of, outputs_of, overwrite_argument
from mma_desktop.cli.common import USAGE as USAGE_ERROR
from mma_desktop.cli.parser import Parser, UsageError, commands_of
from mma_desktop.cli.progress import complain, ending, install_safe_output, note, output_mode, redirect_to_null
from mma_desktop.core.atomic_io import STDOUT, unreadable
from mma_desktop.core.errors import Cancelled, UserError, shortage_sentence
from mma_desktop.services.project_factory import clear_unfinished
from mma_desktop.version import __version__

# A folder that may not be opened, or a name that no file can have, wherever they were met.
PATH_ERRORS = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)
# How many objects are made before the newest are looked through: more than the imports of a command make.
GC_THRESHOLD = 500_000
USUAL_GC_THRESHOLDS = gc.get_threshold()
END_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


# Each module has `USAGE`, `ABOUT`, `add_arguments(parser)` and `run(arguments)`, which returns the exit code.
COMMANDS: Mapping[str, ModuleType] = {
    "sample": sample,
    "train": train,
    "evaluate": evaluate,
    "groups": groups_command,
    "predict": predict,
    "shards": shards,
    "import": import_labels,
    "export": export_command,
    "benchmark": benchmark,
    "check": check,
    "backups": backups,
    "backbones": backbones,
    "doctor": doctor,
    "completion": completion,
    "help": help_command,
}


def usage_of_commands() -> str:
    lines = [f"  {name} {command.USAGE}".rstrip() + f"\n      {command.ABOUT}" for name, command in COMMANDS.items()]
    return "\n".join(["commands:", *lines, "", "Run 'mma-desktop COMMAND --help' for details."])


def build_window_parser() -> Parser:
    """Build the parser of the program without a command, whose help lists the commands."""
    parser = Parser(
        prog="mma-desktop",
        description="Label a few photos per class and train a classifier on your own machine.",
        epilog=usage_of_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", nargs="?", type=Path, metavar="PROJECT.mma | FOLDER", help="what to open")
    parser.add_argument("--version", action="version", version=f"mma-desktop {__version__}")
    return parser


def build_parser(known: Mapping[str, ModuleType] = COMMANDS) -> Parser:
    parser = Parser(
        prog="mma-desktop",
        description="Label a few photos per class and train a classifier on your own machine. Without a command, the "
        "window opens.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in known.items():
        command_parser = commands.add_parser(name, help=command.ABOUT, description=command.ABOUT)
        command_parser.short_usage = command.USAGE
        command_parser.set_defaults(run=command.run)
        command.add_arguments(command_parser)
        overwrite_argument(command_parser)
        messages = command_parser.add_argument_group("messages").add_mutually_exclusive_group()
        messages.add_argument("-q", "--quiet", action="store_true", help="show results and errors only")
        messages.add_argument(
            "-v", "--verbose", action="store_true", help="also show the log, each epoch and the time taken"
        )
    return parser


def main(argv: Sequence[str], open_sample: Callable[[], int]) -> int:
    """Run one command.

    Args:
        argv: The command and its arguments.
        open_sample: Opens the window with the sample project; used by the only command that needs a window.

    Returns:
        The exit code.
    """

    def run() -> int:
        alone = {*argv[:1]} & COMMANDS.keys() - {"help"}  # this looks at all parsers, which take 8 ms
        program = build_parser({name: COMMANDS[name] for name in alone} or COMMANDS)
        arguments = program.parse_args(argv)
        arguments.open_sample = partial(_as_window, open_sample)
        arguments.program, arguments.overview = program, build_window_parser
        command = commands_of(program)[arguments.command]
        try:
            outputs = outputs_of(command, arguments)
            with output_mode(quiet=arguments.quiet, verbose=arguments.verbose, data=STDOUT in outputs.values()):
                read = inputs_of(command, arguments)
                check_outputs(outputs, read, overwrite=getattr(arguments, "overwrite", False))
                threading.Thread(target=int).start()  # OpenBLAS, where it gets none, interrupts the process
                return int(arguments.run(arguments))
        except UsageError as error:
            command.print_error(str(error))
            return USAGE_ERROR

    ending.code = guarded(run)
    return ending.code


def _exit_quickly() -> None:
    """End the process after a command, once its threads and whatever else registered for that have ended."""
    # The interpreter would take all modules apart, which was an eighth of a short command's time. It still tells of a
    # stream that cannot be written, and ends what failed.
    gc.freeze()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
        if ending.code is not None:
            os._exit(ending.code)


def _as_window(open_sample: Callable[[], int]) -> int:
    """Open the sample with the window's default signal handling and end, and its usual looks for garbage."""
    atexit.unregister(_exit_quickly)
    gc.set_threshold(*USUAL_GC_THRESHOLDS)
    for number in END_SIGNALS:
        if signal.getsignal(number) is _end_on_signal:
            signal.signal(number, signal.SIG_DFL)
    return open_sample()


def prepare_process() -> None:
    """Clean up after killed processes, and make this one clean up when a signal ends it."""
    # The modules' objects stay until the end: to look through them for garbage took a third of a short command's time.
    gc.set_threshold(GC_THRESHOLD)
    atexit.register(_exit_quickly)
    # Child interpreters started by libraries must not import from the current folder either.
    os.environ["PYTHONSAFEPATH"] = "1"
    install_safe_output()
    clear_unfinished()
    sys.unraisablehook = ending.hush
    for number in END_SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end_on_signal)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: ending.ask(KeyboardInterrupt()))


def _end_on_signal(number: int, _frame: object) -> None:
    # As on Ctrl+C, cleaning up; a second signal ends the process at once.
    signal.signal(number, signal.SIG_DFL)
    ending.ask(SystemExit(128 + number))


def guarded(run: Callable[[], int]) -> int:
    """Run a function; turn every expected exception into a message and an exit code."""
    try:
        return run()
    except UserError as error:
        complain(str(error))
        return REFUSED
    except BrokenPipeError:
        redirect_to_null(sys.stdout)  # the reader has closed the pipe ("… | head")
        return DONE
    except (KeyboardInterrupt, Cancelled):
        note("Stopped.")
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in PATH_ERRORS:
            complain(str(unreadable(Path(error.filename or "."), error)))
        elif sentence := shortage_sentence(error):
            complain(sentence)
        else:
            raise
        return REFUSED
