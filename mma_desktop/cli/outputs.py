"""Files and folders that a command writes: `-` for standard output, and what is refused before the work begins."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from mma_desktop.cli.parser import UsageError
from mma_desktop.core.atomic_io import STDOUT, check_writable, is_streamed, keep_existing, replace_existing
from mma_desktop.core.errors import UserError

STDIN = Path("/dev/stdin")


def input_path(text: str) -> Path:
    """Argument type: a path to read, or - for standard input."""
    return STDIN if text == "-" else Path(text)


def output_file(text: str) -> Path:
    """Argument type: a file of text to write, or - for standard output."""
    return STDOUT if text == "-" else Path(text)


def output_any(text: str) -> Path:
    """Argument type: a file or folder to write, as the command decides, or - for standard output."""
    return output_file(text)


def output_folder(text: str) -> Path:
    """Argument type: a folder to make or to write into."""
    if text == "-":
        raise argparse.ArgumentTypeError("a folder cannot be written to standard output")
    return Path(text)


FILES = (output_file, output_any)
OUTPUTS = (*FILES, output_folder)


def outputs_of(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> Mapping[argparse.Action, Path]:
    """The outputs of a command that were given or have a default.

    Raises:
        UsageError: Two of them are standard output.
    """
    found = {action: getattr(arguments, action.dest) for action in parser._actions if action.type in OUTPUTS}
    given = {action: path for action, path in found.items() if path is not None}
    streamed = [action for action, path in given.items() if path == STDOUT]
    if len(streamed) > 1:
        names = " and ".join(_name(action) for action in streamed)
        raise UsageError(f"{names} cannot both be standard output.")
    return given


def overwrite_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option for replacing files to a command that writes any."""
    if any(action.type in FILES for action in parser._actions):
        parser.add_argument("--overwrite", action="store_true", help="replace a file that exists")


def check_outputs(outputs: Mapping[argparse.Action, Path], *, overwrite: bool) -> None:
    """Check that a command's outputs can be written, before starting long work; `output_any` is left to the command.

    Raises:
        UserError: A folder is missing or cannot be written to, or as for `check_file`.
    """
    replace_existing()
    for action, path in outputs.items():
        if path != STDOUT:
            check_parent(path)
        if action.type is output_file:
            check_file(path, overwrite=overwrite)


def check_file(path: Path, *, overwrite: bool) -> None:
    """Check that a file can be written, and that none is replaced unless asked for, also when it is written.

    Raises:
        UserError: It cannot be written, or it exists and is not to be replaced.
    """
    check_writable(path)
    if overwrite or is_streamed(path):
        return
    error = UserError(f"{path} already exists. Choose another name, or use --overwrite. Nothing was changed.")
    if os.path.lexists(path):
        raise error
    keep_existing(path, error)


def refuse_terminal(path: Path | None, what: str) -> None:
    """Refuse to write what is not text to a terminal.

    Raises:
        UsageError: It would be.
    """
    if path == STDOUT and sys.stdout.isatty():
        raise UsageError(f"{what} is not text: name a file, or send standard output into one.")


def check_parent(path: Path) -> None:
    """Check that the folder exists in which a file or folder is to be made.

    Raises:
        UserError: It does not exist.
    """
    is_link = os.path.islink(path)  # noqa: PTH114 - Path.is_symlink raises for a name that is too long
    folder = Path(os.path.realpath(path) if is_link else path.absolute()).parent
    try:
        folder.stat()
    except FileNotFoundError:
        raise UserError(f"The folder {folder} does not exist. Create it, or choose another place.") from None
    except (OSError, ValueError):
        pass  # told by whoever writes there


def shown_path(path: Path) -> str:
    """The name of an output in a sentence."""
    return "standard output" if path == STDOUT else str(path)


def listed(paths: list[Path], *, zeros: bool) -> list[Path]:
    """The paths, with standard input replaced by the paths that it lists.

    With `zeros`, the listed paths end with zero bytes instead of line ends.

    Raises:
        UsageError: Zero bytes were asked for without standard input, or are there without having been asked for.
        UserError: Standard input lists nothing.
    """
    if zeros and STDIN not in paths:
        raise UsageError("-0 is about paths from standard input: add - as a path.")
    return [listed_path for path in paths for listed_path in (_from_stdin(zeros) if path == STDIN else [path])]


def _from_stdin(zeros: bool) -> Iterator[Path]:
    given = sys.stdin.buffer.read()
    if b"\0" in given and not zeros:
        raise UsageError("The paths from standard input end with zero bytes: add -0.")
    # Lines may come from a list that was written on Windows, whichever system this is.
    ended = given.split(b"\0") if zeros else [line.removesuffix(b"\r") for line in given.split(b"\n")]
    names = [name for name in ended if name]
    if not names:
        raise UserError("Standard input lists no path.")
    return (Path(os.fsdecode(name)) for name in names)


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else str(action.metavar)
