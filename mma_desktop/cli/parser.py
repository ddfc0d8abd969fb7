"""The parser of all commands: whole option names, suggestions, and help in colour on a terminal."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

from mma_desktop.cli.progress import complain, echo, echo_styled
from mma_desktop.core.class_names import is_text
from mma_desktop.core.errors import UserError
from mma_desktop.core.logging import terminal_safe

HEADING = r"(?m)^\S[^\n]*:$|^usage:"
OPTION = r"(?<![\w-])--?[A-Za-z0-9][\w-]*"
# Maximum number of names in a suggestion.
MAX_SUGGESTED_NAMES = 3


class UsageError(UserError):
    """Options that make no sense, alone or together: exit code 2, with the short usage of the command."""


@contextmanager
def usage_errors() -> Iterator[None]:
    """Count a `UserError` about what an option says as an error in the usage."""
    try:
        yield
    except UserError as error:
        raise UsageError(str(error)) from error


class Parser(argparse.ArgumentParser):
    """A parser that knows no abbreviations and suggests what was meant.

    Help and errors, which quote what was typed, go through `echo` and `complain`.

    Attributes:
        short_usage: Arguments in one line, for errors; empty for the usage of the help.
    """

    short_usage = ""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(allow_abbrev=False, **arguments)
        self.color = False  # from Python 3.14 on argparse has colours of its own, which `echo` would take out

    def error(self, message: str) -> NoReturn:
        """Say what was wrong, the short usage and where the rest is, and exit with code 2."""
        self.print_error(message)
        self.exit(2)

    def print_error(self, message: str) -> None:
        usage = f"usage: {self.prog} {self.short_usage}" if self.short_usage else self.format_usage().rstrip("\n")
        complain(f"{usage}\n{self.prog}: error: {message}\nTry '{self.prog} --help'.")

    def parse_known_args(  # type: ignore[override]  # the signature for all namespaces
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Parse, and refuse what is unknown with the usage of this command rather than the program's."""
        given = list(sys.argv[1:] if args is None else args)
        if self._subparsers is None:
            self._refuse_unknown(given)
        parsed, unknown = super().parse_known_args(given, namespace)
        if unknown:
            file = next((word for word in unknown if word.startswith("-") and os.path.lexists(word)), None)
            hint = "" if file is None else f". For the file of this name write ./{file}"
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return parsed, unknown

    def _refuse_unknown(self, given: Sequence[str]) -> None:
        # Before anything is said about missing arguments, since they may be missing for that reason.
        known = self._option_string_actions
        for text in given:
            name = text.partition("=")[0]
            if text == "--":
                return
            if name.startswith("--") and name not in known and " " not in name:
                self.error(f"there is no option {name}.{did_you_mean(name, known)}")

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """Refuse an option's text in another encoding than UTF-8; a path may have any bytes."""
        value = super()._get_value(action, arg_string)
        if action.option_strings and not isinstance(value, Path) and not is_text(arg_string):
            raise argparse.ArgumentError(action, f"{terminal_safe(arg_string)!r} is not UTF-8")
        return value

    def _check_help(self, action: argparse.Action) -> None:
        """Do nothing: from Python 3.14 on argparse would look up choices that are looked up when they are needed."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        hint = did_you_mean(str(value), known) or f" Choose from {', '.join(known)}."
        raise argparse.ArgumentError(action, f"there is no {value!r}.{hint}")

    def _print_message(self, message: str, file: TextIO | None = None) -> None:  # type: ignore[override]
        text = message.removesuffix("\n")
        if text and file is not sys.stdout:
            complain(text)
        elif text and in_colour(sys.stdout):
            echo_styled(text, {HEADING: "bold", OPTION: "cyan"})
        elif text:
            echo(text)


def commands_of(parser: argparse.ArgumentParser) -> Mapping[str, Parser]:
    actions = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return next((action.choices for action in actions), {})


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Such as " Did you mean --json?"; empty if nothing is similar."""
    names = {name.lstrip("-"): name for name in known}  # dashes would make any two options alike
    typed = word.lstrip("-").casefold()
    likely = [name for bare, name in names.items() if typed and bare.startswith(typed)]
    likely = likely or [names[bare] for bare in difflib.get_close_matches(typed, names, n=1)]
    return f" Did you mean {' or '.join(likely[:MAX_SUGGESTED_NAMES])}?" if likely else ""


def in_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that may have colours (https://no-color.org)."""
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
