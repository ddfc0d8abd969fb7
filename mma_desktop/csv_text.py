"""CSV tables that a spreadsheet shows and never runs. Every table this program writes goes through here."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# What nearly every cell is; a table of a million labels is written in half the time.
_HARMLESS = re.compile(r"(?:[A-Za-z0-9/\\_.][\x20-\x3a\x3c-\x7e]*)?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = re.compile(r"(?=[\t\r\n])|(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# A spreadsheet whose country writes decimal commas splits at semicolons, wherever our quotes are.
_INNER_FORMULA = re.compile(r"([;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; a plain number, also a negative one, stays a number.

    A text that begins with = + - @ (or their wide forms), a tab or a return gets an apostrophe before it, as does what
    follows a separator inside it. Characters that are not valid Unicode (undecodable file names) become question marks.
    """
    if _HARMLESS.fullmatch(text):
        return text
    clean = text.encode("utf-8", "replace").decode("utf-8")
    if _NUMBER.fullmatch(clean):
        return clean
    inner = _INNER_FORMULA.sub(r"\1'", clean)
    return "'" + inner if _FORMULA.match(clean) else inner


def write_rows(handle: TextIO, rows: Iterable[Iterable[str]]) -> None:
    """Write rows of a CSV table to a file opened with `newline=""`, each cell made safe."""
    table = csv.writer(handle)  # lines end in CR LF, without which a lone CR in a cell would not be quoted
    table.writerows([safe_cell(cell) for cell in row] for row in rows)
