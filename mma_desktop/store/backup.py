"""Copies of a project's database by SQLite's online backup, each verified before it counts."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from mma_desktop.domain import UserError
from mma_desktop.files import atomic_path
from mma_desktop.store.database import connect, sentences
from mma_desktop.store.schema import APPLICATION_ID, BACKUPS_FOLDER, DATABASE_FILE

log = logging.getLogger(__name__)


def back_up(folder: Path, tag: str = "") -> Path:
    """Copy the database of a project as it is now, while others may read and write it.

    Args:
        folder: The project folder.
        tag: A word for the file name, e.g. "before-v2".

    Returns:
        The copy, `backups/project-DATE-TIME[-TAG].db`: one plain file, checked by opening it.

    Raises:
        UserError: The disk is full, the folder cannot be written to, or the database is damaged. Nothing is left.
    """
    source = folder / DATABASE_FILE
    target = _free_name(folder / BACKUPS_FOLDER, tag)
    with atomic_path(target) as temporary:
        try:
            # In the copy's terms an error is about the folder of backups; full and read-only read the same.
            with sentences(source):
                _copy(source, temporary)
                _verify(temporary)
        finally:
            for ending in ("-journal", "-wal", "-shm"):
                with suppress(OSError):
                    temporary.with_name(temporary.name + ending).unlink(missing_ok=True)
    log.info("backup written: %s", target)
    return target


def _copy(source: Path, target: Path) -> None:
    with closing(connect(source)) as origin, closing(connect(target, "rwc")) as copy:
        origin.backup(copy)
        # The copy says that it has a write-ahead log, as its source does; a backup is one file.
        copy.execute("PRAGMA journal_mode=DELETE")


def _verify(path: Path) -> None:
    with closing(connect(path, "ro")) as copy:
        kind = copy.execute("PRAGMA application_id").fetchone()
        if kind != (APPLICATION_ID,) or not sound(copy):
            raise UserError(
                f"The backup of {path.parent.parent.name} could not be verified and was not kept. Check the drive."
            )


def sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite's quick check finds nothing wrong (0.2 s for a million images)."""
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _free_name(backups: Path, tag: str) -> Path:
    stem = time.strftime("project-%Y%m%d-%H%M%S") + (f"-{tag}" if tag else "")
    path, number = backups / f"{stem}.db", 2
    while path.exists():
        path, number = backups / f"{stem}-{number}.db", number + 1
    return path
