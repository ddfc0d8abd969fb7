"""The man page, made from the parser of the command line.

    python packaging/man_page.py OUT/mma-desktop.1

A name that ends in .gz is written compressed, without a time in it, as Debian wants. The date is that of
SOURCE_DATE_EPOCH if that is set, otherwise today.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mma_desktop.cli.main import build_parser, build_window_parser
from mma_desktop.cli.parser import commands_of
from mma_desktop.version import __version__

PROGRAM = "mma-desktop"
NAME = "label a few photos per class and train an image classifier"
DESCRIPTION = (
    "Without a command the window opens, with a project or to import a folder. With a command the same is done without "
    "a window.",
    "A file name - is standard output for --out, --json and OUT of export, and standard input as a path of "
    "predict. Results go to standard output and all else to standard error; while standard output carries data, so do "
    "the results in words.",
)
EXIT_STATUS = (
    ("0", "Success."),
    ("1", "Refused, with a sentence on standard error; or check, doctor or shards found a problem."),
    ("2", "An error in the usage."),
    ("130", "Interrupted."),
)
ENVIRONMENT = (
    ("NO_COLOR", "If set and not empty, nothing is coloured."),
    ("XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_STATE_HOME", "Where caches, settings and the log are kept."),
    ("HF_HUB_OFFLINE", "If 1, no weights are downloaded."),
)


def page(date: datetime.date) -> str:
    """The page as roff."""
    program = build_window_parser()
    return "\n".join([*_lines(program, date), ""])


def _lines(program: argparse.ArgumentParser, date: datetime.date) -> Iterator[str]:
    yield f'.TH MMA\\-DESKTOP 1 "{date.isoformat()}" "mma\\-desktop {__version__}" "User Commands"'
    yield from (".SH NAME", f"mma\\-desktop \\- {_text(NAME)}", ".SH SYNOPSIS")
    yield from (".B mma\\-desktop", "[\\fIPROJECT.mma\\fR | \\fIFOLDER\\fR]", ".br")
    yield from (".B mma\\-desktop", "\\fICOMMAND\\fR [\\fIARGUMENT\\fR]...", ".SH DESCRIPTION")
    for number, paragraph in enumerate(DESCRIPTION):
        yield from (*([".PP"] if number else []), _paragraph(paragraph))
    yield from (".SH OPTIONS", *_options(program), ".SH COMMANDS")
    for name, command in commands_of(build_parser()).items():
        usage = " ".join(command.format_usage().removeprefix("usage: ").split())
        yield from (f".SS {_text(name)}", _paragraph(_sentence(command.description or "")), ".PP")
        yield from (_paragraph(usage), *_options(command))
    yield ".SH EXIT STATUS"
    yield from _entries(EXIT_STATUS)
    yield ".SH ENVIRONMENT"
    yield from _entries(ENVIRONMENT)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) and parser.prog != PROGRAM:
            continue  # once is enough
        if action.help == argparse.SUPPRESS:
            continue
        value = "" if action.nargs == 0 else _value(action)
        if action.option_strings:
            heads = [f"\\fB{_text(flag)}\\fR" + (f" {value}" if value else "") for flag in action.option_strings]
        else:
            heads = [value]
        about = (action.help or "") % {**vars(action), "prog": parser.prog}
        yield from (".TP", ", ".join(heads), _paragraph(_sentence(" ".join(about.split()))) or "\\&")


def _value(action: argparse.Action) -> str:
    if action.choices is not None:
        return "|".join(f"\\fI{_text(str(choice))}\\fR" for choice in action.choices)
    name = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return f"\\fI{_text(str(name))}\\fR"


def _entries(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for head, text in pairs:
        yield from (".TP", f"\\fB{_text(head)}\\fR", _paragraph(text))


def _sentence(text: str) -> str:
    return text and text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _paragraph(text: str) -> str:
    """Lines of a width that people who read the source expect."""
    lines = textwrap.wrap(_text(text), 79, break_on_hyphens=False, break_long_words=False)
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


def _text(text: str) -> str:
    """Escape what roff would take for itself; a hyphen stays one that can be copied."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    today = datetime.datetime.now(datetime.UTC)
    moment = today if epoch is None else datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    data = page(moment.date()).encode("utf-8")
    out.write_bytes(gzip.compress(data, 9, mtime=0) if out.suffix == ".gz" else data)


if __name__ == "__main__":
    main()
