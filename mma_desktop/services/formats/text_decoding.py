"""Decode other tools' text files: UTF-8 or UTF-16, with or without a BOM; of tables also Windows-1252."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from mma_desktop.core.atomic_io import open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_csv import read_rows
from mma_desktop.media.decoding import read_bytes
from mma_desktop.media.error_messages import ImageError, of_file
from mma_desktop.services.formats.path_resolver import unreadable_source

Kind = TypeVar("Kind")

HEAD = 1 << 16  # bytes; the first keys of any JSON are in them
_ROOT = re.compile(r"\s*+(?:<\?.*?\?>\s*+|<!--.*?-->\s*+|<!DOCTYPE[^<\[]*+(?:\[[^\]]*+\])?[^<]*+)*+<([\w:.-]++)", re.S)
# What spreadsheets of Western Europe and America save as CSV on Windows; ISO 8859-1 and more.
SPREADSHEET_ENCODING = "cp1252"


def head_of(path: Path) -> str:
    """The beginning of a text file, for format detection; "" if it cannot be read."""
    try:
        with open_regular(path, sys.maxsize) as handle:
            data = handle.read(HEAD)
    except (OSError, ValueError):
        return ""
    encoding = json.detect_encoding(data)
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)  # the last letter may be cut in two
    except UnicodeDecodeError:
        return data.decode(SPREADSHEET_ENCODING if encoding == "utf-8" else encoding, "replace")


def read_text(path: Path, errors: str = "strict") -> str:
    """Read a whole text file, `errors` as for `bytes.decode`; UserError if it is unreadable or of another encoding."""
    encoding, data = _read(path)
    try:
        return data.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise _other_encoding(path, error, data) from error


def read_spreadsheet(path: Path) -> tuple[str, str]:
    """Text of a table perhaps saved from a spreadsheet, and a note if it is Windows-1252; UserError as `read_text`."""
    encoding, data = _read(path)
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise _other_encoding(path, error, data) from error
        try:
            text = data.decode(SPREADSHEET_ENCODING)
        except UnicodeDecodeError:
            raise _other_encoding(path, error, data) from error
    return text, tr(
        "{file} is not in UTF-8; it was read as Windows-1252, in which spreadsheets save CSV. If letters are wrong, "
        "save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
        file=path.name,
    )


def _read(path: Path) -> tuple[str, bytes]:
    """The encoding of a text file, by its first bytes, and its bytes."""
    try:
        data, _ = read_bytes(path)
    except ImageError as error:
        raise unreadable_source(path, of_file(error.reason)) from error
    return json.detect_encoding(data), data


def _other_encoding(path: Path, error: UnicodeDecodeError, data: bytes) -> UserError:
    return UserError.tr(
        "{path} is not written in UTF-8 or UTF-16 (byte {byte}). Save it as UTF-8 (in a "
        "spreadsheet: 'CSV UTF-8') and import it again. Nothing was changed.",
        path=path,
        byte=error.start + len(data) - len(error.object) + 1,  # a byte order mark is not decoded
    )


def root_element(path: Path) -> str:
    """The name of an XML file's root element, for format detection; "" if it is none."""
    match = _ROOT.match(head_of(path))
    return match[1] if match else ""


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises UserError if it cannot be read or is not JSON."""
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError.tr(
            "{path} is not valid JSON ({reason}): it may be cut off. Export it again. Nothing was changed.",
            path=path,
            reason=tr("line {line}", line=error.lineno)
            if isinstance(error, json.JSONDecodeError)
            else tr("nested too deeply, or with a number too long"),
        ) from error


def read_part(path: Path, tool: str, key: str, kind: type[Kind]) -> tuple[Mapping[str, Any], Kind]:
    """The object in a tool's JSON file, and the list or object that must be in it under a key, else UserError."""
    content = read_json(path)
    part = content.get(key) if isinstance(content, dict) else None
    if not isinstance(part, kind):
        raise UserError.tr(
            "{path} is not {tool}'s: it has no '{key}'. Nothing was changed.", path=path, tool=tool, key=key
        )
    return content, part


def json_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The objects of a text with one a line, with their line numbers; a string says why a line has none."""
    for line, part in enumerate(text.split("\n"), 1):
        if not part.strip():
            continue
        try:
            row = json.loads(part)
        except (ValueError, RecursionError):
            yield line, tr("it is not valid JSON")
        else:
            yield line, row if isinstance(row, dict) else tr("it is not a JSON object")


def dicts_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a parsed JSON list; none if it is something else."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def table_rows(path: Path, text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a table as `safe_csv.read_rows` yields them. Raises UserError if it is not a table."""
    try:
        yield from read_rows(text, delimiter)
    except ValueError as error:
        raise UserError.tr(
            "{path} cannot be read as a table: {reason}. Nothing was changed.", path=path, reason=error
        ) from error


def dict_rows(path: Path, text: str, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table by the names in its first line, with their line numbers. Raises as `table_rows`."""
    table = table_rows(path, text, delimiter)
    _, header = next(table, (0, list[str]()))
    yield from ((line, dict(zip(header, row, strict=False))) for line, row in table)


def json_bytes(data: Any) -> bytes:
    """Serialise as written to files."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def text_name(path: Path) -> str:
    """A file name that is safe inside a text file: no control characters, no undecodable bytes."""
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return "".join("_" if unicodedata.category(letter) == "Cc" else letter for letter in name)
