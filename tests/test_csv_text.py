"""No cell of a table runs in a spreadsheet, and numbers stay numbers."""

from __future__ import annotations

import ast
import csv
import io
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mma_desktop
from mma_desktop.core.safe_csv import UNDECODABLE, open_table, safe_cell, write_rows

STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@x", "\tx", "\rx", "\nx", " =1", "\u00a0=1", "\uff1d1", "-1e5", "-1-1", "-"]
)
def test_formulas_are_disarmed(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "cat", "0", "-1", "-12.25", "0.9346", "a=b", "a-b", "x@y", "/p/a-1.jpg", "'quoted"]
)
def test_numbers_and_plain_texts_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_a_spreadsheet_that_splits_at_semicolons_runs_nothing_either() -> None:
    assert safe_cell("a;=1+1") == "a;'=1+1"
    assert safe_cell("a\n @x") == "a\n' @x"


def test_undecodable_names_keep_their_bytes(tmp_path: Path) -> None:
    name = (
        os.fsdecode("caf\N{LATIN SMALL LETTER E WITH ACUTE}".encode() + b"\xe9.jpg") if os.name == "posix" else "\ud800"
    )
    with open_table(tmp_path / "t.csv") as handle:
        write_rows(handle, [[name]])
    assert (tmp_path / "t.csv").read_bytes() == os.fsencode(name) + b"\r\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows has such names")
def test_what_can_be_no_name_is_a_question_mark() -> None:
    assert safe_cell("a\ud800b\udce9") == "a?b?"


@given(st.lists(st.text(st.sampled_from(STARTS + "1.a ;,\t\r\n\"'\udc80")), min_size=1, max_size=4))
def test_whatever_the_cells_no_part_of_a_line_begins_like_a_formula(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    write_rows(out, [cells])
    out.getvalue().encode("utf-8", UNDECODABLE)
    read = next(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert len(read) == len(cells)
    for cell in read:
        for part in cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
            number = part.removeprefix("-").replace(".", "", 1).isdigit()
            assert not part.lstrip().startswith(tuple(STARTS)) or (number and part == cell)


def test_no_other_module_writes_csv() -> None:
    package = Path(mma_desktop.__file__).parent
    writers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if {"csv", "writer", "DictWriter"} & set(re.findall(r"\w+", text := path.read_text("utf-8")))
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"})
        or (isinstance(node, ast.ImportFrom) and node.module == "csv")
    }
    assert writers == {"core/safe_csv.py"}
