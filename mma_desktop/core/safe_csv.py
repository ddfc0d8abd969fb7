"""CSV tables that a spreadsheet shows and never runs. Every table this program writes or reads goes through here."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO

from mma_desktop.core.i18n import tr

UNDECODABLE = sys.getfilesystemencodeerrors()
"""How a table of paths is encoded and decoded, so that a name that is no valid Unicode keeps its bytes (or UTF-16)."""

# What nearly every cell is; a table of a million labels is written in half the time.
_HARMLESS = re.compile(r"(?:[A-Za-z0-9/\\_.][\x20-\x3a\x3c-\x7e]*)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = re.compile(r"(?=[\t\r\n])|(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# A spreadsheet whose country writes decimal commas splits at semicolons, wherever our quotes are.
# What stands before an inner formula is taken as one piece, from its first blank on: a piece is looked through once.
_BEFORE_FORMULA = re.compile(r"(?:;|(?<!\s))\s*+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_SEPARATOR = re.compile(r"[;\t\r\n]")
_DISARMED = re.compile(r"([;\t\r\n])'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")

DELIMITERS = ",;\t|"
_TRIED_LINES = 20
_TRIED_LETTERS = 1 << 16
_MOST_LETTERS = 1 << 20  # in a cell; more is a quote that was never closed


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; a plain number, also a negative one, stays a number.

    A text that begins with = + - @ (or their wide forms), a tab or a return gets an apostrophe before it, as does what
    follows a separator inside it. What can be written neither as Unicode nor as the name of a file is a question mark.
    """
    if _HARMLESS.fullmatch(text):
        return text
    clean = text if _can_be_written(text) else text.encode("utf-8", "replace").decode("utf-8")
    if _NUMBER.fullmatch(clean):
        return clean
    inner = _BEFORE_FORMULA.sub(lambda before: _SEPARATOR.sub(r"\g<0>'", before[0]), clean)
    return "'" + inner if _FORMULA.match(clean) else inner


def _can_be_written(text: str) -> bool:
    try:
        text.encode("utf-8", UNDECODABLE)
    except UnicodeEncodeError:
        return False
    return True


def plain_cell(text: str) -> str:
    """The text of a cell that `safe_cell` made; any other cell as it is."""
    inner = _DISARMED.sub(r"\1", text)
    return inner[1:] if inner.startswith("'") and _FORMULA.match(inner[1:]) else inner


class Writable(Protocol):
    """What a table is written to."""

    def write(self, text: str, /) -> object:
        """Write a text."""
        ...


def write_rows(handle: Writable, rows: Iterable[Iterable[str]]) -> None:
    """Write rows of a CSV table to a file opened as `open_table` does, each cell made safe."""
    table = csv.writer(handle)  # lines end in CR LF, without which a lone CR in a cell would not be quoted
    table.writerows([safe_cell(cell) for cell in row] for row in rows)


def open_table(path: Path) -> TextIO:
    """A file for `write_rows`: UTF-8, but for names of files that are no valid Unicode, whose own bytes are written."""
    return path.open("w", encoding="utf-8", errors=UNDECODABLE, newline="")


def guess_delimiter(text: str) -> str:
    """The one of `DELIMITERS` that divides the first lines of a table into the most cells, as many in each."""

    def cells(delimiter: str) -> int:
        counts: set[int] = set()
        table = csv.reader(io.StringIO(text[:_TRIED_LETTERS], newline=""), delimiter=delimiter)
        try:
            counts.update(len(row) for row in islice(table, _TRIED_LINES))
        except csv.Error:
            return 0
        return min(counts - {0}, default=0)

    return max(DELIMITERS, key=cells)


def read_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with the line each ends at, their cells as they were before `safe_cell`.

    Raises:
        ValueError: It is no table, such as one with a quote that is never closed; the line is in the message.
    """
    csv.field_size_limit(_MOST_LETTERS)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in table:
            yield table.line_num, [plain_cell(cell) for cell in row]
    except csv.Error as error:
        raise ValueError(tr("{reason} (line {line})", reason=error, line=table.line_num)) from error
