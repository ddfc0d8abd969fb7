"""File locations: modification dates, and pictures inside the project folder that moved with it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from mma_desktop.core.types import ProblemKind
from mma_desktop.store import images, numpy_columns, runs
from mma_desktop.store.database import raw
from mma_desktop.store.rows import RowChange, chunks, id_list, rows_in
from mma_desktop.store.schema import PLACE, PlaceRecord, Row
from mma_desktop.store.watched import WATCHED_FOLDERS, WATCHED_REMOVED, start_of, strings

_PICTURES_AT = "pictures_at"
"""Project setting: last known path of the project's own folder of pictures."""

_PICTURES_REMOVED = "pictures_removed"
"""Project setting: names of files in that folder whose images the user removed from the project."""

_TICK = 0.001


def ids_by_date(connection: Connection, *, newest_first: bool) -> np.ndarray:
    """All ids, int64, sorted by file date (of the place seen last), then by id; images without a place last."""
    query = "SELECT group_concat(image_id), group_concat(mtime_ns) FROM place"
    ids, dates = map(numpy_columns.integers, raw(connection).execute(query).fetchone())
    others = images.places_not_shown(connection, ids)
    if others.size:
        query += " WHERE id NOT IN (SELECT value FROM json_each(?))"
        ids, dates = map(numpy_columns.integers, raw(connection).execute(query, (id_list(others),)).fetchone())
    order = np.lexsort((ids, -dates if newest_first else dates))
    return np.concatenate([ids[order], images.without_place(connection, ids)])


def follow(connection: Connection, folder: Path) -> int:
    """See `Project.follow_pictures`."""
    now = os.fsencode(folder)
    noted = runs.read_setting(connection, _PICTURES_AT)
    before = os.fsencode(noted) if isinstance(noted, str) else now
    if before == now:
        if noted is None:
            runs.write_setting(connection, _PICTURES_AT, os.fsdecode(now))
        return 0
    old, new = before + os.fsencode(os.sep), now + os.fsencode(os.sep)
    sql = raw(connection)
    places = sql.execute("SELECT id, path FROM place WHERE path >= ? AND path < ?", (old, old + b"\xff"))
    found = {number: new + path[len(old) :] for number, path in places if path.startswith(old)}
    taken = {path for (path,) in rows_in(sql, "SELECT path FROM place WHERE path IN ({values})", found.values())}
    moved = [(path, number) for number, path in found.items() if path not in taken]
    sql.executemany("UPDATE place SET path = ? WHERE id = ?", moved)
    runs.write_setting(connection, _PICTURES_AT, os.fsdecode(now))
    return len(moved)


def note_removed(connection: Connection, rows: Sequence[RowChange], folder: Path) -> None:
    """Record which files an edit removed from the project or restored.

    In the project's own folder of pictures by name, in watched folders by path: nothing brings those back by itself.
    """
    places = [row for row in rows if row.table == PLACE.name]
    if not places:
        return
    before = _paths_in([row.before for row in places])
    after = _paths_in([row.after for row in places])
    own = start_of(folder)
    names = [{one[len(own) :] for one in part if one.startswith(own)} for part in (before, after)]
    _note(connection, _PICTURES_REMOVED, *names)
    watched = tuple(start_of(one) for one in strings(runs.read_setting(connection, WATCHED_FOLDERS)))
    if watched:
        paths = [{one for one in part if one.startswith(watched)} for part in (before, after)]
        _note(connection, WATCHED_REMOVED, *paths)


def _note(connection: Connection, setting: str, before: set[str], after: set[str]) -> None:
    if before != after:
        removed = set(runs.read_setting(connection, setting) or ())
        runs.write_setting(connection, setting, sorted((removed | before) - after))


def _paths_in(places: Sequence[Row | None]) -> list[str]:
    return [os.fsdecode(PlaceRecord(*row).path) for row in places if row is not None]


def strays(connection: Connection, folder: Path) -> list[Path]:
    """See `Project.stray_pictures`."""
    removed = set(runs.read_setting(connection, _PICTURES_REMOVED) or ())
    try:
        with os.scandir(folder) as entries:
            names = sorted(one.name for one in entries if one.is_file(follow_symlinks=False))
    except FileNotFoundError:
        return []
    paths = [folder / name for name in names if not name.startswith(".") and name not in removed]
    return [path for path, image in zip(paths, images.ids_for_paths(connection, paths), strict=True) if image is None]


def moment_after(connection: Connection, latest: float | None) -> float:
    """A timestamp for images, in seconds since 1970, later than `latest` (None: than all) even if the clock went back.

    The order of images and places depends on these timestamps, so they must be monotonic.
    """
    if latest is None:
        latest = raw(connection).execute("SELECT coalesce(max(seen_at), 0) FROM place").fetchone()[0]
    return max(time.time(), latest + _TICK)


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """What the project knows about an image's files: content hash (SHA-256), size in bytes, and why it was unreadable.

    `places` are (place id, path as file-system bytes, mtime in ns), most recently seen first; `last_path` is the last
    path of an image whose last place now holds other contents.
    """

    id: int
    content_hash: bytes
    size: int
    problem: ProblemKind | None
    places: tuple[tuple[int, bytes, int], ...]
    last_path: bytes | None


def files_after(connection: Connection, after: int, limit: int) -> list[ImageFiles]:
    """The next images with known content after an id, ascending."""
    where = "SELECT id FROM image WHERE id > ? AND content_hash IS NOT NULL ORDER BY id LIMIT ?"
    return _placed(connection, where, (after, limit))


def files_of(connection: Connection, ids: Sequence[int]) -> list[ImageFiles]:
    """These images, if their content is known, in chunks that are each ascending by id."""
    where = "SELECT id FROM image WHERE content_hash IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    return [one for part in chunks(ids) for one in _placed(connection, where, (id_list(part),))]


def _placed(connection: Connection, where: str, parameters: tuple[object, ...]) -> list[ImageFiles]:
    rows = raw(connection).execute(
        "SELECT i.id, i.content_hash, i.size, i.problem, i.last_path, p.id, p.path, p.mtime_ns FROM image i "
        f"LEFT JOIN place p ON p.image_id = i.id WHERE i.id IN ({where}) ORDER BY i.id, p.seen_at DESC, p.id DESC",
        parameters,
    )
    found = []
    for (number, content_hash, size, problem, last_path), files in groupby(rows, key=lambda row: row[:5]):
        places = tuple(file[5:] for file in files if file[5] is not None)
        kind = None if problem is None else ProblemKind(problem)
        found.append(ImageFiles(number, content_hash, size, kind, places, last_path))
    return found


def note_files(connection: Connection, times: Sequence[tuple[int, int]], back: Sequence[int]) -> None:
    """See `Project.note_files`."""
    sql = raw(connection)
    sql.executemany("UPDATE place SET mtime_ns = ? WHERE id = ?", [(mtime, place) for place, mtime in times])
    sql.executemany(
        "UPDATE image SET problem = NULL, reason = '' WHERE id = ? AND content_hash IS NOT NULL",
        [(number,) for number in back],
    )
