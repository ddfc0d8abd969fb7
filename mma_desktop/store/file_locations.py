"""File locations: modification dates, and images inside the project folder that moved with it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, bindparam, func, select, update

from mma_desktop.core.events import Changes
from mma_desktop.core.paths import start_of
from mma_desktop.core.safe_json import strings
from mma_desktop.core.types import WATCHED_FOLDERS, WATCHED_REMOVED, ProblemKind
from mma_desktop.store import images, runs
from mma_desktop.store.rows import RowChange, chunks, execute_each, id_list, integers, is_one_of, rows_in
from mma_desktop.store.schema import IMAGE, PLACE, PlaceRecord, Row

# Project setting: last known path of the project's own folder of images.
_PICTURES_AT = "pictures_at"

# Project setting: names of files in that folder whose images the user removed from the project.
_PICTURES_REMOVED = "pictures_removed"

_TICK = 0.001  # seconds; far above what a float64 of seconds since 1970 tells apart


def ids_by_date(connection: Connection, *, newest_first: bool) -> np.ndarray:
    """All ids, int64, sorted by file date (of the place seen last), then by id; images without a place last."""
    query = select(func.group_concat(PLACE.c.image_id), func.group_concat(PLACE.c.mtime_ns))
    ids, dates = map(integers, connection.execute(query).one())
    others = images.places_not_shown(connection, ids)
    if others.size:
        shown = query.where(~is_one_of(PLACE.c.id))
        ids, dates = map(integers, connection.execute(shown, id_list(others)).one())
    order = np.lexsort((ids, -dates if newest_first else dates))
    return np.concatenate([ids[order], images.without_place(connection, ids)])


def follow_moved_folder(connection: Connection, folder: Path) -> int:
    now = os.fsencode(folder)
    noted = runs.read_setting(connection, _PICTURES_AT)
    before = os.fsencode(noted) if isinstance(noted, str) else now
    if before == now:
        if noted is None:
            runs.write_setting(connection, _PICTURES_AT, os.fsdecode(now))
        return 0
    old, new = before + os.fsencode(os.sep), now + os.fsencode(os.sep)
    places = connection.execute(
        select(PLACE.c.id, PLACE.c.path).where(PLACE.c.path >= old, PLACE.c.path < old + b"\xff")
    )
    new_paths = {number: new + path[len(old) :] for number, path in places if path.startswith(old)}
    taken = {path for (path,) in rows_in(connection, select(PLACE.c.path), PLACE.c.path, new_paths.values())}
    moved = [{"place": number, "at": path} for number, path in new_paths.items() if path not in taken]
    statement = update(PLACE).where(PLACE.c.id == bindparam("place")).values(path=bindparam("at"))
    execute_each(connection, statement, moved)
    runs.write_setting(connection, _PICTURES_AT, os.fsdecode(now))
    return len(moved)


def note_removed(connection: Connection, rows: Sequence[RowChange], folder: Path) -> None:
    """Record which files an edit removed from the project or restored, which nothing brings back by itself."""
    places = [row for row in rows if row.table == PLACE.name]
    if not places:
        return
    before = _paths_in([row.before for row in places])
    after = _paths_in([row.after for row in places])
    start = start_of(folder)  # of the project's own folder, which moves with it: by name; of watched ones by path
    names = [{path[len(start) :] for path in part if path.startswith(start)} for part in (before, after)]
    _note(connection, _PICTURES_REMOVED, *names)
    watched = tuple(start_of(text) for text in strings(runs.read_setting(connection, WATCHED_FOLDERS)))
    if watched:
        paths = [{path for path in part if path.startswith(watched)} for part in (before, after)]
        _note(connection, WATCHED_REMOVED, *paths)


def _note(connection: Connection, setting: str, before: set[str], after: set[str]) -> None:
    if before != after:
        removed = set(runs.read_setting(connection, setting) or ())
        runs.write_setting(connection, setting, sorted((removed | before) - after))


def _paths_in(places: Sequence[Row | None]) -> list[str]:
    return [os.fsdecode(PlaceRecord(*row).path) for row in places if row is not None]


def unimported_files(connection: Connection, folder: Path) -> list[Path]:
    removed = set(runs.read_setting(connection, _PICTURES_REMOVED) or ())
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    except FileNotFoundError:
        return []
    paths = [folder / name for name in names if not name.startswith(".") and name not in removed]
    return [path for path, image in zip(paths, images.ids_for_paths(connection, paths), strict=True) if image is None]


def next_timestamp(connection: Connection, latest: float | None) -> float:
    """A timestamp for images, in seconds since 1970, later than `latest` (None: all), even if the clock went back."""
    # The order of images and places depends on these timestamps, so they must be monotonic.
    if latest is None:
        latest = connection.scalar(select(func.max(PLACE.c.seen_at))) or 0.0
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


def files_of(connection: Connection, ids: Sequence[int]) -> list[ImageFiles]:
    """These images, if their content is known, in chunks that are each ascending by id."""
    query = (
        select(IMAGE.c.id, IMAGE.c.content_hash, IMAGE.c.size, IMAGE.c.problem, IMAGE.c.last_path)
        .add_columns(PLACE.c.id, PLACE.c.path, PLACE.c.mtime_ns)
        .outerjoin_from(IMAGE, PLACE, PLACE.c.image_id == IMAGE.c.id)
        .where(IMAGE.c.content_hash.is_not(None), is_one_of(IMAGE.c.id))
        .order_by(IMAGE.c.id, PLACE.c.seen_at.desc(), PLACE.c.id.desc())
    )
    image_files = []
    for part in chunks(ids):
        rows = connection.execute(query, id_list(part))
        for (number, content_hash, size, problem, last_path), files in groupby(rows, key=lambda row: row[:5]):
            places = tuple(file[5:] for file in files if file[5] is not None)
            kind = None if problem is None else ProblemKind(problem)
            image_files.append(ImageFiles(number, content_hash, size, kind, places, last_path))
    return image_files


def failed_files(connection: Connection) -> list[tuple[Path, ProblemKind]]:
    """Files that could not be read on import, for a reason that says nothing of their contents, with that reason."""
    query = (
        select(PLACE.c.path, IMAGE.c.problem)
        .join_from(IMAGE, PLACE, PLACE.c.image_id == IMAGE.c.id)
        .where(IMAGE.c.content_hash.is_(None), IMAGE.c.problem.in_(sorted(images.TRANSIENT)))
        .order_by(IMAGE.c.id)
    )
    return [(Path(os.fsdecode(path)), ProblemKind(kind)) for path, kind in connection.execute(query)]


def note_files(connection: Connection, times: Sequence[tuple[int, int]], back: Sequence[int]) -> Changes:
    """Record (place id, mtime in ns) of files with the same contents, and that the images `back` are readable again."""
    dated = update(PLACE).where(PLACE.c.id == bindparam("place")).values(mtime_ns=bindparam("at"))
    execute_each(connection, dated, [{"place": place, "at": mtime} for place, mtime in times])
    usable = update(IMAGE).where(IMAGE.c.id == bindparam("image"), IMAGE.c.content_hash.is_not(None))
    execute_each(connection, usable.values(problem=None, reason=""), [{"image": number} for number in back])
    return Changes(labels=tuple(sorted(back)))
