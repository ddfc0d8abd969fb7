"""Verified copies of a project's database, made with SQLite's online backup, and their file names."""

from __future__ import annotations

import calendar
import logging
import re
import sqlite3
import stat
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from mma_desktop.core.atomic_io import atomic_path, os_error_sentence
from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store.database import SIDE_FILES, UNTOUCHED, connect, sentences
from mma_desktop.store.schema import APPLICATION_ID, BACKUPS_FOLDER, DATABASE_FILE

log = logging.getLogger(__name__)

DISK_SHARE = 2 * 2**30
"""Maximum total size in bytes of the automatic backups of a project."""

LEAST = 6
"""Minimum number of automatic backups to keep, whatever their size."""

LAST = 8
"""At one backup every 15 minutes, two hours."""

HOUR, DAY, WEEK = 3600, 86_400, 604_800
TIERS = ((HOUR, 24), (DAY, 14), (WEEK, 26))
"""Length of a time span in seconds, and how many of the newest non-empty spans keep their newest backup."""

_NAME = re.compile(
    r"project-((?P<aside>before-restore)-)?(?P<time>\d{8}-\d{6})Z(-(?P<tag>[a-z]+(-[a-z]\w*)*))?(-(?P<number>\d+))?\.db"
)
_TIME = "%Y%m%d-%H%M%S"


class UnsoundError(Exception):
    """A copy of a database failed verification."""


class BackupFile(NamedTuple):
    """A backup as its name describes it: time (s since 1970), number within that second, and reason (`tag`).

    Automatic backups have no tag.
    """

    moment: float
    number: int
    tag: str
    path: Path


def back_up(folder: Path, tag: str = "") -> Path:
    """Copy the database of a project while others may be reading and writing it; a tag says why, e.g. "before-v2".

    Returns:
        The copy, `backups/project-DATE-TIMEZ[-TAG].db` in UTC: a single verified file.

    Raises:
        UserError: The disk is full or the folder is not writable. No file is left.
        DamagedError: The database itself is damaged. No file is left.
    """
    try:
        target = free_name(folder / BACKUPS_FOLDER, "project", tag)
        # Errors while copying are reported for the backup folder; a full or read-only disk gives the same message
        # either way.
        with sentences(folder / DATABASE_FILE, tr("no backup was made")):
            copy_database(folder / DATABASE_FILE, target)
    except (DamagedError, UnsoundError) as error:
        raise _verification_error(folder) from error
    except OSError as error:
        raise UserError(os_error_sentence(error, folder / BACKUPS_FOLDER)) from error
    log.info("backup written: %s", target)
    return target


def _verification_error(folder: Path) -> UserError:
    """Determine whether a damaged copy is due to a damaged original."""
    try:
        with closing(connect(folder / DATABASE_FILE, "ro")) as connection:
            whole = is_sound(connection)
    except (OSError, sqlite3.Error):
        whole = False
    if whole:
        return UserError.tr(
            "The backup of {folder} could not be verified and was not kept. Check the drive.", folder=folder.name
        )
    return DamagedError.tr(
        "The database of {folder} is damaged, so no backup was made of it and the earlier ones are "
        "kept. Close the project and restore one of them from the start page.",
        folder=folder.name,
    )


def copy_database(source: Path, target: Path, mode: str = "rw") -> None:
    """Copy a database, opened by `mode`, as a single verified file; on error `target` is left unchanged.

    Raises:
        sqlite3.Error: The source cannot be read or the copy cannot be written.
        UnsoundError: The copy is not an intact project database.
        UserError: The folder is not writable.
    """
    with atomic_path(target) as temporary:
        try:
            with closing(connect(source, mode)) as origin, closing(connect(temporary, "rwc")) as copy:
                origin.backup(copy)
                # The copy inherits WAL mode from its source, but a backup must be a single file.
                copy.execute("PRAGMA journal_mode=DELETE")
            with closing(connect(temporary, UNTOUCHED)) as copy:
                if not is_project(copy) or not is_sound(copy):
                    raise UnsoundError(f"{source} is damaged, or its copy is")
        finally:
            for ending in SIDE_FILES:
                with suppress(OSError):
                    temporary.with_name(temporary.name + ending).unlink(missing_ok=True)


def is_project(connection: sqlite3.Connection) -> bool:
    """Whether a database is marked as a project of this program."""
    return bool(connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,))


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite's quick check passes (0.3 s for a million images); includes the types of values.

    Ignores CHECK constraints; `integrity.check_values` tests them.
    """
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def free_name(folder: Path, stem: str, tag: str = "") -> Path:
    """A name with the current time that sorts after existing ones: `STEM-DATE-TIMEZ[-TAG][-NUMBER].db`."""
    name = f"{stem}-{time.strftime(_TIME, time.gmtime())}Z" + (f"-{tag}" if tag else "")
    numbered = re.compile(re.escape(name) + r"(?:-(?P<number>\d+))?\.db")
    there = folder.iterdir() if folder.is_dir() else ()
    # Do not reuse the number of a deleted backup: the newest one would sort as an older one.
    taken = [int(match["number"] or 1) for path in there if (match := numbered.fullmatch(path.name))]
    return folder / (f"{name}-{max(taken) + 1}.db" if taken else f"{name}.db")


def is_plain(path: Path) -> bool:
    """Whether the path is a regular file and not a link, folder or device; False if it cannot be examined."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def backup_files(folder: Path) -> list[BackupFile]:
    """List a project's backups by name, oldest first; opens no file.

    Raises:
        OSError: The folder cannot be read.
    """
    backups = folder / BACKUPS_FOLDER
    if not backups.is_dir():
        return []
    return sorted(found for path in backups.iterdir() if (found := named(path)) is not None and is_plain(path))


def named(path: Path) -> BackupFile | None:
    """Parse the name of a backup; None for other files."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        moment = float(calendar.timegm(time.strptime(match["time"], _TIME)))
    except ValueError:
        return None
    return BackupFile(moment, int(match["number"] or 1), match["aside"] or match["tag"] or "", path)


def expired_backups(moments: Sequence[float], now: float, most: int | None = None) -> list[int]:
    """Select the backups to delete: the most recent stay, then one per hour, day and week.

    Tiers count backups, not elapsed time: a project that nobody opened for a year keeps all its backups, and a clock
    that is wrong for a day does not make them look old.

    Args:
        moments: Creation times in seconds since 1970. Of equal times the later in the list is the newer.
        now: Current time. Backups with a later date come from a wrong clock; they are kept and not counted.
        most: Maximum number to keep if disk space is short. The newest backup of every tier is then deleted before any
            tier's oldest.

    Returns:
        Indices into `moments`, ascending; never that of the newest backup up to now.
    """
    past = sorted((at for at, moment in enumerate(moments) if moment <= now), key=lambda at: (moments[at], at))[::-1]
    tiers = [past[:LAST], *(_newest_of_spans(moments, past, length)[:number] for length, number in TIERS)]
    kept = dict.fromkeys(at for rank in zip_longest(*tiers) for at in rank if at is not None)
    stay = set(list(kept)[: max(1, most)] if most is not None else kept)
    return sorted(set(past) - stay)


def _newest_of_spans(moments: Sequence[float], newest_first: Sequence[int], length: int) -> list[int]:
    """The newest backup of each non-empty time span, newest first."""
    newest: dict[int, int] = {}
    for at in newest_first:
        newest.setdefault(int(moments[at] // length), at)
    return list(newest.values())


def thin_out(folder: Path, now: float) -> None:
    """Delete the automatic backups selected by `expired_backups`. Call it only after verifying a new backup.

    A file that cannot be deleted is kept and tried again next time.
    """
    try:
        files = [file for file in backup_files(folder) if not file.tag]
        size = max((file.path.stat().st_size for file in files), default=1)
        most = max(LEAST, DISK_SHARE // max(1, size))
        for at in expired_backups([file.moment for file in files], now, most):
            files[at].path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("old backups of %s could not be removed: %s", folder, error)
