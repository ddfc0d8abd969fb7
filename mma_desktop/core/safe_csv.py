"""CSV tables that no spreadsheet runs as formulas. All tables of this program are read and written here."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO

from mma_desktop.core.i18n import tr

# Error handler for tables of paths: keeps the bytes of names that are not valid Unicode (on Windows, the UTF-16).
UNDECODABLE = sys.getfilesystemencodeerrors()

# Fast path for nearly every cell; halves the time for a table of a million labels.
_HARMLESS = re.compile(r"(?:[A-Za-z0-9/\\_.][\x20-\x3a\x3c-\x7e]*)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = re.compile(r"(?=[\t\r\n])|(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# In locales with decimal commas, spreadsheets split cells at semicolons, ignoring our quotes. The pattern takes the
# text before an embedded formula in one piece, from its first space on, so that each piece is scanned once.
_BEFORE_FORMULA = re.compile(r"(?:;|(?<!\s))\s*+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_SEPARATOR = re.compile(r"[;\t\r\n]")
_ESCAPED = re.compile(r"([;\t\r\n])'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")

DELIMITERS = ",;\t|"
_SAMPLE_LINES = 20  # enough to tell a delimiter from a sign in texts
_SAMPLE_LENGTH = 1 << 16  # a row may be long, but a file of one line must not be parsed twice
_MAX_CELL_LENGTH = 1 << 20  # per cell; more means an unclosed quote


def safe_cell(text: str) -> str:
    """Escape a cell so that no spreadsheet runs it as a formula; plain (also negative) numbers are unchanged."""
    # An apostrophe goes before a text that starts with = + - @ (or a full-width form), a tab or a carriage return, also
    # after a separator inside the cell. Characters that fit neither Unicode nor a file name become question marks.
    if _HARMLESS.fullmatch(text):
        return text
    clean = text
    try:
        text.encode("utf-8", UNDECODABLE)
    except UnicodeEncodeError:
        clean = text.encode("utf-8", "replace").decode("utf-8")
    if _NUMBER.fullmatch(clean):
        return clean
    inner = _BEFORE_FORMULA.sub(lambda before: _SEPARATOR.sub(r"\g<0>'", before[0]), clean)
    return "'" + inner if _FORMULA.match(clean) else inner


def unescaped_cell(text: str) -> str:
    if "'" not in text:
        return text
    inner = _ESCAPED.sub(r"\1", text)
    return inner[1:] if inner.startswith("'") and _FORMULA.match(inner[1:]) else inner


def unambiguous_path(path: str) -> str:
    """A path that any program finds again in a table: if a guard would change its start, it begins with "./"."""
    changed = safe_cell(path) != path or unescaped_cell(path) != path
    return os.path.join(os.curdir, path) if changed and not os.path.isabs(path) else path  # noqa: PTH117, PTH118


class Writable(Protocol):
    """A text stream to which a table is written."""

    def write(self, text: str, /) -> object: ...


def write_rows(handle: Writable, rows: Iterable[Iterable[str]]) -> None:
    """Write rows to a file opened with `open_table`, escaping each cell."""
    table = csv.writer(handle)  # with CR LF line ends, a lone CR inside a cell gets quoted
    table.writerows([safe_cell(cell) for cell in row] for row in rows)


class LfEnds:
    """A text stream for `write_rows` whose lines end with LF, as other programs of a pipe expect."""

    def __init__(self, handle: Writable) -> None:
        self._handle = handle

    def write(self, text: str) -> None:
        self._handle.write(text[:-2] + "\n" if text.endswith("\r\n") else text)


def open_table(path: Path) -> TextIO:
    """Open a file for `write_rows`: UTF-8, except that undecodable file names keep their original bytes."""
    return path.open("w", encoding="utf-8", errors=UNDECODABLE, newline="")


def guess_delimiter(text: str) -> str:
    """Guess the delimiter: the one that splits the first lines into the most cells, the same number in each."""

    def cells(delimiter: str) -> int:
        table = csv.reader(io.StringIO(text[:_SAMPLE_LENGTH], newline=""), delimiter=delimiter)
        try:
            return min((len(row) for row in islice(table, _SAMPLE_LINES) if row), default=0)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def read_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield (last line number, cells) of a table, `safe_cell` undone; ValueError with the line if it is malformed."""
    csv.field_size_limit(_MAX_CELL_LENGTH)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in table:
            yield table.line_num, [unescaped_cell(cell) for cell in row]
    except csv.Error as error:
        if "field limit" in str(error):
            raise ValueError(tr("a cell is too long (line {line})", line=table.line_num)) from error
        raise ValueError(tr("a quotation mark is out of place (line {line})", line=table.line_num)) from error
