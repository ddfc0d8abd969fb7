"""Copies of a project's database by SQLite's online backup, each verified before it counts, and their names."""

from __future__ import annotations

import calendar
import logging
import re
import sqlite3
import stat
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from mma_desktop.core.atomic_io import atomic_path, os_error_sentence
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store.backup.retention import superfluous
from mma_desktop.store.database import SIDE_FILES, UNTOUCHED, DamagedError, connect, sentences
from mma_desktop.store.schema import APPLICATION_ID, BACKUPS_FOLDER, DATABASE_FILE

log = logging.getLogger(__name__)

DISK_SHARE = 2 * 2**30
"""Bytes that the automatic backups of one project may take."""

LEAST = 6
"""So many automatic backups are kept, however big they are."""

# UTC ends in Z; former versions of the program wrote local time.
_NAME = re.compile(
    r"project-((?P<aside>before-restore)-)?(?P<time>\d{8}-\d{6})(?P<utc>Z?)(-(?P<tag>[a-z]+(-[a-z]\w*)*))?(-(?P<number>\d+))?\.db"
)
_TIME = "%Y%m%d-%H%M%S"


class UnsoundError(Exception):
    """A copy of a database failed its check."""


class BackupFile(NamedTuple):
    """A backup by its name: `moment` in seconds since 1970, `number` among those of one second, `tag` why it was made.

    Automatic ones have no tag.
    """

    moment: float
    number: int
    tag: str
    path: Path


def back_up(folder: Path, tag: str = "") -> Path:
    """Copy the database of a project as it is now, while others may read and write it.

    Args:
        folder: The project folder.
        tag: A word for the file name, e.g. "before-v2".

    Returns:
        The copy, `backups/project-DATE-TIMEZ[-TAG].db` in UTC: one plain file, checked by opening it.

    Raises:
        UserError: The disk is full or the folder cannot be written to. Nothing is left.
        DamagedError: The database itself is damaged. Nothing is left.
    """
    try:
        target = free_name(folder / BACKUPS_FOLDER, "project", tag)
        # In the copy's terms an error is about the folder of backups; full and read-only read the same.
        with sentences(folder / DATABASE_FILE, tr("no backup was made")):
            copy_database(folder / DATABASE_FILE, target)
    except (DamagedError, UnsoundError) as error:
        raise _not_verified(folder) from error
    except OSError as error:
        raise UserError(os_error_sentence(error, folder / BACKUPS_FOLDER)) from error
    log.info("backup written: %s", target)
    return target


def _not_verified(folder: Path) -> UserError:
    """Whose fault it is that a copy is damaged."""
    try:
        with closing(connect(folder / DATABASE_FILE, "ro")) as connection:
            whole = sound(connection)
    except (OSError, sqlite3.Error):
        whole = False
    if whole:
        return UserError(
            tr(
                "The backup of {folder} could not be verified and was not kept. Check the drive.",
                folder=folder.name,
            )
        )
    return DamagedError(
        tr(
            "The database of {folder} is damaged, so no backup was made of it and the earlier ones are "
            "kept. Close the project and restore one of them from the start page.",
            folder=folder.name,
        )
    )


def copy_database(source: Path, target: Path, mode: str = "rw") -> None:
    """Copy a database so that `target` is one plain, verified file, or as it was.

    Args:
        source: The database.
        target: The file to write.
        mode: How the source is opened, see `connect`.

    Raises:
        sqlite3.Error: The source cannot be read, or the copy not be written.
        UnsoundError: The copy is no sound database of a project.
        UserError: The folder cannot be written to.
    """
    with atomic_path(target) as temporary:
        try:
            with closing(connect(source, mode)) as origin, closing(connect(temporary, "rwc")) as copy:
                origin.backup(copy)
                # The copy says that it has a write-ahead log, as its source does; a backup is one file.
                copy.execute("PRAGMA journal_mode=DELETE")
            with closing(connect(temporary, UNTOUCHED)) as copy:
                if not is_project(copy) or not sound(copy):
                    raise UnsoundError(f"{source} is damaged, or its copy is")
        finally:
            for ending in SIDE_FILES:
                with suppress(OSError):
                    temporary.with_name(temporary.name + ending).unlink(missing_ok=True)


def is_project(connection: sqlite3.Connection) -> bool:
    """Whether a database says that it is a project of this program."""
    return bool(connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,))


def sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite's quick check finds nothing wrong (0.3 s for a million images), the types of values included.

    Rules of tables are left out: see `integrity.check_values`.
    """
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def free_name(folder: Path, stem: str, tag: str = "") -> Path:
    """A name with the present moment that sorts after all that have it: `STEM-DATE-TIMEZ[-TAG][-NUMBER].db`."""
    name = f"{stem}-{time.strftime(_TIME, time.gmtime())}Z" + (f"-{tag}" if tag else "")
    numbered = re.compile(re.escape(name) + r"(?:-(?P<number>\d+))?\.db")
    there = folder.iterdir() if folder.is_dir() else ()
    # Never the gap that one removed has left: the newest of one moment would count as one of the older.
    taken = [int(match["number"] or 1) for path in there if (match := numbered.fullmatch(path.name))]
    return folder / (f"{name}-{max(taken) + 1}.db" if taken else f"{name}.db")


def is_plain(path: Path) -> bool:
    """Whether there is a file, not a link, a folder or a device. What cannot be looked at is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def backup_files(folder: Path) -> list[BackupFile]:
    """The backups of a project by their names, oldest first; no file is opened.

    Raises:
        OSError: The folder cannot be read.
    """
    backups = folder / BACKUPS_FOLDER
    if not backups.is_dir():
        return []
    return sorted(found for path in backups.iterdir() if (found := named(path)) is not None and is_plain(path))


def named(path: Path) -> BackupFile | None:
    """What the name of a backup tells, None for another name."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        parts = time.strptime(match["time"], _TIME)
        moment = float(calendar.timegm(parts)) if match["utc"] else time.mktime(parts)
    except (ValueError, OverflowError):
        return None
    return BackupFile(moment, int(match["number"] or 1), match["aside"] or match["tag"] or "", path)


def thin_out(folder: Path, now: float) -> list[Path]:
    """Remove the automatic backups that `tiers.superfluous` names. Call it only after a new one was verified.

    Returns:
        What was removed. A file that cannot be removed stays, and is tried again the next time.
    """
    removed = []
    try:
        files = [one for one in backup_files(folder) if not one.tag]
        size = max((one.path.stat().st_size for one in files), default=1)
        most = max(LEAST, DISK_SHARE // max(1, size))
        for at in superfluous([one.moment for one in files], now, most):
            files[at].path.unlink(missing_ok=True)
            removed.append(files[at].path)
    except OSError as error:
        log.warning("old backups of %s could not be removed: %s", folder, error)
    return removed
