"""Find the pictures to predict: walk folders and read lists of paths as a stream, never all in memory."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from mma_desktop.core.atomic_io import open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import full_path
from mma_desktop.core.safe_csv import plain_cell
from mma_desktop.media.scan import Found, walk

TABLES = {".csv": ",", ".tsv": "\t"}
LISTS = frozenset((".txt", *TABLES))
COLUMNS = ("path", "file_name", "filename", "filepath", "file", "image")
MAX_LIST_BYTES = 16 << 30
MAX_LINE_BYTES = 1 << 20
FOLDERS_KEPT = 1000
_BOM = b"\xef\xbb\xbf"


def listing(sources: Sequence[Path], out: Path) -> Iterator[Found]:
    """Yield the pictures of the sources and the folders that cannot be walked, in an order that depends on names alone.

    Folders are walked as everywhere (`media.walk`: sorted by name, depth first, each once). A .txt has one path per
    line, a .csv or .tsv a column of paths (one of `COLUMNS`); relative paths start from the list's folder. Yielded
    paths are absolute, and anything inside the result folder is left out, also where a link leads to it.

    Raises:
        UserError: A source does not exist, or a list is malformed.
    """
    missing = [one for one in sources if not os.path.exists(one)]  # noqa: PTH110 - a name may be too long
    if missing:
        raise UserError(f"{missing[0]} does not exist. Check its name; nothing was predicted.")
    results = Path(os.path.realpath(out))

    @lru_cache(FOLDERS_KEPT)
    def has_results(folder: str) -> bool:
        return Path(os.path.realpath(folder)).is_relative_to(results)

    for is_list, some in itertools.groupby(sources, key=_is_list):
        if is_list:
            found: Iterator[Found] = (Found(os.fspath(path)) for one in some for path in _read_list(one))
        else:
            found = walk(list(map(full_path, some)))
        yield from (one for one in found if not has_results(os.path.dirname(one.path)))  # noqa: PTH120


def _is_list(source: Path) -> bool:
    return source.suffix.lower() in LISTS and not source.is_dir()


def _read_list(source: Path) -> Iterator[Path]:
    folder = os.path.dirname(os.path.abspath(source))  # noqa: PTH100, PTH120
    names = _column(source) if source.suffix.lower() in TABLES else _lines(source)
    try:
        for number, name in enumerate(names, 1):
            if "\0" in name:
                raise UserError(
                    f"{source} is not a list of paths: entry {number} has a zero byte. Save it as plain text in UTF-8."
                )
            if name:
                yield Path(os.path.join(folder, name))  # noqa: PTH118
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror or error}. Nothing was predicted.") from error


def _lines(source: Path) -> Iterator[str]:
    """The lines of a text file as file names, whatever their bytes."""
    with open_regular(source, MAX_LIST_BYTES) as handle:
        for line in _short_lines(source, handle):
            yield os.fsdecode(line.rstrip(b"\r\n"))


def _short_lines(source: Path, handle: BinaryIO) -> Iterator[bytes]:
    """The lines of a file without the UTF-8 BOM. Refuses overlong lines, which could exhaust memory."""
    for number in itertools.count(1):
        line = handle.readline(MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            raise UserError(
                f"{source} is not a list of paths: line {number} is longer than {MAX_LINE_BYTES >> 10} kB. Save it as "
                "plain text in UTF-8."
            )
        if not line:
            return
        yield line.removeprefix(_BOM) if number == 1 else line


def _column(source: Path) -> Iterator[str]:
    with open_regular(source, MAX_LIST_BYTES) as handle:
        lines = (line.decode("utf-8", "surrogateescape") for line in _short_lines(source, handle))
        rows = csv.reader(lines, delimiter=TABLES[source.suffix.lower()])
        try:
            header = [cell.strip().lower() for cell in next(rows, [])]
            named = [header.index(name) for name in COLUMNS if name in header]
            if not named:
                raise UserError(f"{source} has no path column. Call one {' or '.join(COLUMNS[:2])} in its first line.")
            for row in rows:
                yield plain_cell(row[named[0]]) if len(row) > named[0] else ""
        except csv.Error as error:
            raise UserError(f"{source}, line {rows.line_num}: {error}. Save it as a CSV table in UTF-8.") from error
