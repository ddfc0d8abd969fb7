"""Where files lie: their dates, and pictures that moved along with the project that holds them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from mma_desktop.store import images, runs
from mma_desktop.store.database import raw
from mma_desktop.store.rows import chunks

_WHERE = "pictures_at"
"""Setting of the project: where its own folder of pictures was when it was last looked at."""


def ids_by_date(connection: Connection, *, newest_first: bool) -> np.ndarray:
    """Every id, int64, by the date of the file shown (the place seen last), ties by id; without a place at the end."""
    rows = np.fromiter(
        raw(connection).execute("SELECT image_id, id, mtime_ns FROM place"),
        dtype=[("image", np.int64), ("place", np.int64), ("date", np.int64)],
    )
    rows = images.only_shown(connection, rows)
    rows = rows[np.argsort(rows["image"], kind="stable")]
    dates = -rows["date"] if newest_first else rows["date"]
    return np.concatenate([rows["image"][np.argsort(dates, kind="stable")], images.without_place(connection)])


def follow(connection: Connection, folder: Path) -> int:
    """See `Project.follow_pictures`."""
    now = os.fsencode(folder)
    noted = runs.read_setting(connection, _WHERE, None)
    before = os.fsencode(noted) if isinstance(noted, str) else now
    if before == now:
        if noted is None:
            runs.write_setting(connection, _WHERE, os.fsdecode(now))
        return 0
    old, new = before + os.fsencode(os.sep), now + os.fsencode(os.sep)
    sql = raw(connection)
    found = [
        (number, path)
        for number, path in sql.execute("SELECT id, path FROM place WHERE path >= ? AND path < ?", (old, old + b"\xff"))
        if path.startswith(old)
    ]
    taken = {
        path
        for part in chunks([new + path[len(old) :] for _, path in found], 900)
        for (path,) in sql.execute(f"SELECT path FROM place WHERE path IN ({','.join('?' * len(part))})", part)
    }
    moved = [(new + path[len(old) :], number) for number, path in found if new + path[len(old) :] not in taken]
    sql.executemany("UPDATE place SET path = ? WHERE id = ?", moved)
    runs.write_setting(connection, _WHERE, os.fsdecode(now))
    return len(moved)
