"""Find the images to predict, in folders and lists of paths, and divide them; compressed in memory."""

from __future__ import annotations

import csv
import hashlib
import itertools
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from mma_desktop.core.atomic_io import open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.paths import full_path
from mma_desktop.core.safe_csv import unescaped_cell
from mma_desktop.media.error_messages import reason_text
from mma_desktop.media.scan import Found, walk
from mma_desktop.services.batch.sharding.parts import MAX_SHARDS

TABLES = {".csv": ",", ".tsv": "\t"}
LISTS = frozenset((".txt", *TABLES))
COLUMNS = ("path", "file_name", "filename", "filepath", "file", "image")
MAX_LIST_BYTES = 16 << 30  # a hundred million paths
MAX_LINE_BYTES = 1 << 20  # above the longest path
FOLDERS_KEPT = 1000  # whose links are known: neighbours in a list share them
REPORT_EACH = 10_000  # paths; a report each would take longer than reading them
_BOM = b"\xef\xbb\xbf"
# What `Path` leaves out of a path.
_UNUSUAL = re.compile(r"//|/\./|/\.?$")


@dataclass
class Shards:
    """A list of images, divided.

    Attributes:
        count: The number of shards.
        pictures: Length of the whole list.
        sha256: Over the whole list: each path as bytes, ended by a zero byte.
        sizes: Number of images, by the number of each shard that is to be done.
        problems: Paths that the walk could not enter, with the kind and the reason.
    """

    count: int = 0
    pictures: int = 0
    sha256: str = ""
    sizes: dict[int, int] = field(default_factory=dict)
    problems: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _lists: dict[int, bytes] = field(default_factory=dict)

    def add(self, number: int, paths: bytes) -> None:
        """Add a shard with these paths, each ended by a zero byte."""
        self.sizes[number], self._lists[number] = paths.count(b"\0"), zlib.compress(paths, 1)

    def paths(self, number: int) -> bytes:
        """The paths of a shard, each ended by a zero byte."""
        return zlib.decompress(self._lists[number])


def divided(
    sources: Sequence[Path], out: Path, size: int, token: CancelToken, turn: tuple[int, int] | None = None
) -> Shards:
    """List the images of the sources and divide them.

    A shard has `size` images, in the order of the list. With `turn` (i, n) there are n, the i-th of which (from 1)
    has every n-th image from the i-th, and only this one is kept.

    Raises:
        UserError: As for `listing`; there would be too many shards.
    """
    shards, digest, waiting = Shards(), hashlib.sha256(), bytearray()
    first, step = turn or (1, 1)
    for number, file in enumerate(listing(sources, out)):
        path = os.fsencode(file.file) + b"\0"
        digest.update(path)
        if number % step == first - 1:
            waiting += path
        # A file that cannot be read is found out when it is decoded, a folder only here.
        if file.problem is not None and os.path.isdir(file.file):  # noqa: PTH112 - a name may be too long
            shards.problems[path[:-1]] = (file.problem.value, reason_text(file.reason))
        if turn is None and (number + 1) % size == 0:
            shards.add(len(shards.sizes) + 1, bytes(waiting))
            waiting.clear()
        if number % REPORT_EACH == 0:
            token.checkpoint(Progress(number, None, "Listing pictures"))
        shards.pictures = number + 1
    if waiting or turn is not None:
        shards.add(first if turn else len(shards.sizes) + 1, bytes(waiting))
    shards.count, shards.sha256 = turn[1] if turn else len(shards.sizes), digest.hexdigest()
    if shards.count > MAX_SHARDS:
        raise UserError(f"{shards.count:,} shards are too many. Give a larger --shard-size.")
    return shards


def listing(sources: Sequence[Path], out: Path) -> Iterator[Found]:
    """Yield the images of the sources and the folders that cannot be walked, in an order that depends on names alone.

    Folders are walked as everywhere (`media.walk`: sorted by name, depth first, each once). A .txt has one path per
    line, a .csv or .tsv a column of paths (one of `COLUMNS`); relative paths start from the list's folder. Yielded
    paths are absolute, and anything inside the result folder is left out, also where a link leads to it.

    Raises:
        UserError: A source does not exist, or a list is malformed.
    """
    missing = [source for source in sources if not os.path.exists(source)]  # noqa: PTH110 - a name may be too long
    if missing:
        raise UserError(f"{missing[0]} does not exist. Check its name; nothing was predicted.")
    results = Path(os.path.realpath(out))

    @lru_cache(FOLDERS_KEPT)
    def has_results(folder: str) -> bool:
        return Path(os.path.realpath(folder)).is_relative_to(results)

    for listed, some in itertools.groupby(sources, key=is_list):
        if listed:
            files: Iterator[Found] = (Found(path) for source in some for path in _read_list(source))
        else:
            files = walk(list(map(full_path, some)))
        yield from (file for file in files if not has_results(os.path.dirname(file.file)))  # noqa: PTH120


def is_list(source: Path) -> bool:
    return source.suffix.lower() in LISTS and not source.is_dir()


def _read_list(source: Path) -> Iterator[str]:
    folder = os.path.dirname(os.path.abspath(source))  # noqa: PTH100, PTH120
    is_table = source.suffix.lower() in TABLES
    names = _column(source) if is_table else (os.fsdecode(line.rstrip(b"\r\n")) for line in _lines(source))
    try:
        for number, name in enumerate(names, 1):
            if "\0" in name:
                raise UserError(
                    f"{source} is not a list of paths: entry {number} has a zero byte. Save it as plain text in UTF-8."
                )
            if name:
                path = os.path.join(folder, name)  # noqa: PTH118
                plain = os.name == "posix" and not _UNUSUAL.search(path)  # of ten million nearly all are
                yield path if plain else os.fspath(Path(path))
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror or error}. Nothing was predicted.") from error


def _lines(source: Path) -> Iterator[bytes]:
    """The lines of a file without the UTF-8 BOM. Refuses overlong lines, which could exhaust memory."""
    with open_regular(source, MAX_LIST_BYTES) as handle:
        for number, line in enumerate(iter(partial(handle.readline, MAX_LINE_BYTES + 1), b""), 1):
            if len(line) > MAX_LINE_BYTES:
                raise UserError(
                    f"{source} is not a list of paths: line {number} is longer than {MAX_LINE_BYTES >> 10} kB. Save it "
                    "as plain text in UTF-8."
                )
            yield line.removeprefix(_BOM) if number == 1 else line


def _column(source: Path) -> Iterator[str]:
    lines = (line.decode("utf-8", "surrogateescape") for line in _lines(source))
    rows = csv.reader(lines, delimiter=TABLES[source.suffix.lower()])
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        named = [header.index(name) for name in COLUMNS if name in header]
        if not named:
            raise UserError(f"{source} has no path column. Call one {' or '.join(COLUMNS[:2])} in its first line.")
        for row in rows:
            yield unescaped_cell(row[named[0]]) if len(row) > named[0] else ""
    except csv.Error as error:
        raise UserError(f"{source}, line {rows.line_num}: {error}. Save it as a CSV table in UTF-8.") from error
