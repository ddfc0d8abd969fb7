"""Backups of a project: made, thinned out, listed and restored.

They are verified copies of its database, made with SQLite's online backup, with the labels as a CSV table. A restoring
deletes nothing: the replaced database is kept next to the new one. Renaming the verified copy to its *pending* name is
the commit point: before it nothing has changed, and after it the swap is completed, now or at the next opening.
"""

from __future__ import annotations

import calendar
import logging
import os
import re
import sqlite3
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import exists, select

from mma_desktop.core.atomic_io import UnsuitableFileError, atomic_path, os_error_sentence, sync_folder
from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import DATABASE_FILE, PROJECT_SUFFIX, names_project
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.store import integrity, schema
from mma_desktop.store.database import IMMUTABLE, SIDE_FILES, Database, FolderLock, connect, sqlite_errors
from mma_desktop.store.schema import APPLICATION_ID, BACKUPS_FOLDER, CLASS, IMAGE, LOCK_FILE

log = logging.getLogger(__name__)

# Maximum total size in bytes of the automatic backups of a project.
DISK_SHARE = 2 * 2**30

# Minimum number of automatic backups to keep, whatever their size.
LEAST = 6

# How many of the newest are kept in any case: two hours, at one every 15 minutes.
LAST = 8

HOUR, DAY, WEEK = 3600, 86_400, 604_800
# Length of a time span in seconds, and how many of the newest non-empty spans keep their newest backup.
TIERS = ((HOUR, 24), (DAY, 14), (WEEK, 26))

_NAME = re.compile(
    r"project-((?P<aside>before-restore)-)?(?P<time>\d{8}-\d{6})Z(-(?P<tag>[a-z]+(-[a-z]\w*)*))?(-(?P<number>\d+))?\.db"
)
_TIME = "%Y%m%d-%H%M%S"


class UnsoundError(Exception):
    """A copy of a database failed verification."""


class BackupFile(NamedTuple):
    """A backup as its name describes it: time (s since 1970), number within that second, and why, "" if automatic."""

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
        target = new_name(folder / BACKUPS_FOLDER, "project", tag)
        # Errors while copying are reported for the backup folder; a full or read-only disk gives the same message
        # either way.
        with sqlite_errors(folder / DATABASE_FILE, tr("no backup was made")):
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
                # SQLite's online backup: a consistent copy while others write.
                origin.backup(copy)
                # The copy inherits WAL mode from its source, but a backup must be a single file.
                copy.execute("PRAGMA journal_mode=DELETE")
            # Verified before it gets its name, so that a file of such a name is always whole.
            with closing(connect(temporary, IMMUTABLE)) as copy:
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
    """Whether SQLite's quick check passes (0.3 s for a million images); includes the types of values."""
    # CHECK constraints are ignored here; `integrity.check_values` tests them.
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def new_name(folder: Path, stem: str, tag: str = "") -> Path:
    """A name with the current time that sorts after existing ones: `STEM-DATE-TIMEZ[-TAG][-NUMBER].db`."""
    name = f"{stem}-{time.strftime(_TIME, time.gmtime())}Z" + (f"-{tag}" if tag else "")
    numbered = re.compile(re.escape(name) + r"(?:-(?P<number>\d+))?\.db")
    there = folder.iterdir() if folder.is_dir() else ()
    # Do not reuse the number of a deleted backup: the newest one would sort as an older one.
    taken = [int(match["number"] or 1) for path in there if (match := numbered.fullmatch(path.name))]
    return folder / (f"{name}-{max(taken) + 1}.db" if taken else f"{name}.db")


def is_regular_file(path: Path) -> bool:
    """Whether the path is a regular file and not a link, folder or device; False if it cannot be examined."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def backup_files(folder: Path) -> list[BackupFile]:
    """List a project's backups by name, oldest first; opens no file. Raises OSError if the folder cannot be read."""
    backups = folder / BACKUPS_FOLDER
    if not backups.is_dir():
        return []
    return sorted(
        backup for path in backups.iterdir() if (backup := parse_name(path)) is not None and is_regular_file(path)
    )


def parse_name(path: Path) -> BackupFile | None:
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
    # The newest of every tier, then the next of each, so that a cut-off leaves some of every age.
    kept = dict.fromkeys(at for rank in zip_longest(*tiers) for at in rank if at is not None)
    stay = set(list(kept)[: max(1, most)] if most is not None else kept)
    return sorted(set(past) - stay)


def _newest_of_spans(moments: Sequence[float], newest_first: Sequence[int], length: int) -> list[int]:
    """The newest backup of each non-empty time span, newest first."""
    newest: dict[int, int] = {}
    for at in newest_first:
        newest.setdefault(int(moments[at] // length), at)
    return list(newest.values())


def delete_expired(folder: Path, now: float) -> None:
    """Delete the automatic backups selected by `expired_backups`. Call it only after verifying a new backup."""
    # A file that cannot be deleted is kept and tried again next time.
    try:
        files = [file for file in backup_files(folder) if not file.tag]
        size = max((file.path.stat().st_size for file in files), default=1)
        most = max(LEAST, DISK_SHARE // max(1, size))
        for at in expired_backups([file.moment for file in files], now, most):
            files[at].path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("old backups of %s could not be removed: %s", folder, error)


LABELS_FILE = "labels.csv"
COLUMNS = ("file_name", "label", "split", "role", "source", "labelled_at", "sha256", "reads")

_LABELS = """
    SELECT coalesce(
               (SELECT path FROM place WHERE image_id = label.image_id ORDER BY seen_at DESC, id LIMIT 1),
               image.last_path, x''),
           class.name, coalesce(label."use", ''), class.role, label.source,
           coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', label.labelled_at, 'unixepoch'), ''),
           lower(hex(image.content_hash)),
           class.reads
    FROM label JOIN image ON image.id = label.image_id JOIN class ON class.id = label.class_id
    ORDER BY label.image_id
"""


class AutoBackup:
    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._path = folder / DATABASE_FILE
        self._database = database
        self._last: Path | None = None
        self._saved: int | None = database.changes if self._has_current() else None

    def _has_current(self) -> bool:
        # `close` gave the newest backup the database's modification time.
        try:
            log_file = self._path.with_name(f"{DATABASE_FILE}-wal")
            # Changes that are not in the database file yet.
            if log_file.exists() and log_file.stat().st_size:
                return False
            files = [file for file in backup_files(self._folder) if not file.tag]
            return bool(files) and files[-1].path.stat().st_mtime_ns == self._path.stat().st_mtime_ns
        except OSError:
            return False

    def keep(self) -> Path | None:
        """Back up the project if it changed since the last backup; then delete old backups and update `labels.csv`.

        Other threads may keep reading and writing.

        Returns:
            The new backup; None if nothing changed.

        Raises:
            UserError: The backup failed, in which case no old one is deleted; or the table could not be written, in
                which case the backup exists.
        """
        with self._database.lock:  # the count must cover committed changes only
            changes = self._database.changes
        if changes == self._saved:
            return None
        with self._database.reading() as connection:
            if not connection.scalar(select(exists(select(IMAGE.c.id)) | exists(select(CLASS.c.id)))):
                return None
        # Or the copy of a folder that was moved away would begin the backups of another.
        self._database.check_there()
        path = back_up(self._folder)
        self._saved, self._last = changes, path
        delete_expired(self._folder, time.time())
        try:
            write_labels(path, self._folder / LABELS_FILE)
        except UserError as error:
            raise UserError.tr(
                "A backup was made, but {labels_file} could not be brought up to date. {error}",
                labels_file=LABELS_FILE,
                error=error,
            ) from error
        return path

    def close(self, changes: int) -> None:
        """Mark the last backup as current, by the modification time of the database that closed with `changes`."""
        if self._last is not None and changes == self._saved:
            with suppress(OSError):  # on failure, the next session makes one backup too many
                moment = self._path.stat().st_mtime_ns
                os.utime(self._last, ns=(moment, moment))


def write_labels(database: Path, out: Path) -> None:
    """Write the labels of an unused database as CSV, one row per labelled image, in import order.

    The columns are `COLUMNS`, encoded by `safe_csv.open_table`: image path, class, use ("shot", "validation", "test" or
    empty), role of the class, source of the label, time (UTC), the file's SHA-256, and what the model reads instead of
    the name. No cell runs as a formula in a spreadsheet.

    Raises:
        UserError: The disk is full or the folder is not writable. The file is left unchanged.
    """
    with (
        sqlite_errors(database, tr("{file} is as it was", file=out.name)),
        atomic_path(out) as temporary,
        open_table(temporary) as handle,
        closing(connect(database, IMMUTABLE)) as connection,
    ):
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        labels = ((os.fsdecode(path), *cells) for path, *cells in connection.execute(_LABELS))
        write_rows(handle, chain([COLUMNS], labels))


DAMAGED_STEM, REPLACED_STEM = "project-damaged", "project-before-restore"
_PENDING = ".restored"
_PARTS = (*SIDE_FILES, "")
_COUNTS = ("image WHERE problem IS NULL", "label", "class")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and its contents: size in bytes, number of images without problem files, of labelled images, of classes.

    `problem` says in a few words why it cannot be restored; empty if it can.
    """

    file: BackupFile
    size: int
    images: int = 0
    labels: int = 0
    classes: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """Result of a restore: the backup, and the path of the replaced database (None if there was none)."""

    backup: Backup
    kept: Path | None


def list_restorable(folder: Path) -> list[BackupFile]:
    """List backups and databases replaced by restores, newest first; opens none. UserError for an unreadable folder."""
    try:
        aside = [
            backup
            for path in folder.glob(f"{REPLACED_STEM}-*.db")
            if (backup := parse_name(path)) and is_regular_file(path)
        ]
        return sorted((*backup_files(folder), *aside), reverse=True)
    except OSError as error:
        raise UserError.tr(
            "The backups of {folder} could not be read: {reason}.", folder=folder, reason=error.strerror or error
        ) from error


def inspect_backup(file: BackupFile, *, values: bool = False) -> Backup:
    """Open a backup read-only, check it, with `values` every row, and count its contents."""
    size, damaged = 0, tr("damaged", "of a backup")
    try:
        size = file.path.stat().st_size
        with closing(connect(file.path, _read_mode(file.path))) as connection:
            if not is_project(connection):
                return Backup(file, size, problem=damaged)
            version = integrity.version_of(connection)
            if version > schema.SCHEMA_VERSION:
                return Backup(file, size, problem=tr("made by a newer version of this program"))
            if version < schema.BASELINE:
                return Backup(file, size, problem=tr("made by a version from before the first release"))
            integrity.check_schema(connection)
            if not is_sound(connection):
                return Backup(file, size, problem=damaged)
            if values:
                integrity.check_values(connection)
            images, labels, classes = (
                connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0] for what in _COUNTS
            )
            return Backup(file, size, images, labels, classes)
    except integrity.InvalidDatabaseError as error:
        problem = tr("it is not as this program writes it, because {strangeness}", strangeness=error)
        return Backup(file, size, problem=problem)
    except UserError:  # nothing can be said of it
        raise
    except (OSError, ValueError, sqlite3.Error) as error:
        log.info("%s is not a usable backup: %s", file.path, error)
        return Backup(file, size, problem=damaged)


def newest_restorable(folder: Path) -> Path:
    """The newest backup that can be restored. Raises UserError if there is none."""
    for file in reversed(backup_files(folder)):
        if not inspect_backup(file).problem:
            return file.path
    raise UserError.tr("{folder} has no backup that can be restored.", folder=folder.name)


def no_project(folder: Path) -> str:
    return tr(
        "{folder} is not a project. Choose a folder whose name ends in {suffix}.", folder=folder, suffix=PROJECT_SUFFIX
    )


def restore(folder: Path, source: Path) -> Restored:
    """Replace the database of a project that is not open by a backup.

    If the process is killed at any point, the next opening finds either the old or the restored database, and the old
    one is never lost.

    Raises:
        UserError: The project is open in a window, the backup is damaged or missing, the disk is full or the folder is
            not writable. Nothing has changed.
    """
    if not folder.is_dir():
        raise UserError.tr("{folder} is not there. If it is on a drive, plug it in.", folder=folder)
    database = folder / DATABASE_FILE
    if not (names_project(folder) or database.exists() or is_restore_pending(folder) or backup_files(folder)):
        raise UserError(no_project(folder))
    lock = FolderLock(folder / LOCK_FILE)
    try:
        complete_restore(folder)
        if not source.exists():
            raise UserError.tr(
                "The backup {backup} is not there (any more). Nothing was changed; choose another one.", backup=source
            )
        file = parse_name(source) or BackupFile(source.stat().st_mtime, 1, "", source)
        backup = inspect_backup(file, values=True)
        if backup.problem:
            raise UserError.tr(
                "{backup} cannot be restored: {problem}. Nothing was changed.",
                backup=source.name,
                problem=backup.problem,
            )
        kept = new_name(folder, _aside_tag(database)) if database.exists() else None
        aside = kept or new_name(folder, DAMAGED_STEM)
        target = aside.with_name(f".{aside.name}{_PENDING}")  # says what the old one will be called
        with sqlite_errors(database, tr("nothing was restored or changed")):
            copy_database(source, target, _read_mode(source))
        complete_restore(folder)
    except UnsoundError as error:
        raise UserError.tr(
            "{backup} could not be copied whole. Nothing was changed; check the drive.", backup=source.name
        ) from error
    except OSError as error:
        raise UserError(os_error_sentence(error, database)) from error
    finally:
        lock.release()
    log.info("%s restored from %s, the former database is %s", folder, source, kept)
    return Restored(backup, kept)


def _read_mode(path: Path) -> str:
    """Mode for opening a database without modifying it: include its write-ahead log if there is one."""
    return "ro" if path.with_name(f"{path.name}-wal").exists() else IMMUTABLE


def _aside_tag(database: Path) -> str:
    """New name for the current database. Merges the log of an intact one; leaves a damaged one alone."""
    try:
        with closing(connect(database, "ro")) as connection:
            if not is_project(connection) or not is_sound(connection):
                return DAMAGED_STEM
        with closing(connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (UnsuitableFileError, sqlite3.Error) as error:
        log.warning("%s is put aside as it is: %s", database, error)
        return DAMAGED_STEM
    return REPLACED_STEM


def _pending_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f".project-*.db{_PENDING}") if is_regular_file(path))


def is_restore_pending(folder: Path) -> bool:
    """Whether a restored database is waiting to be swapped in."""
    return any(_pending_files(folder))


def complete_restore(folder: Path) -> None:
    """Complete a pending restore: swap the old database for the restored one. The caller holds the lock.

    Raises:
        OSError: A file could not be renamed; the next call continues from there.
    """
    for restored in _pending_files(folder):
        kept = folder / restored.name[1 : -len(_PENDING)]
        # Move all parts of the old database first: the restored one must never be opened with the old log or journal.
        for ending in _PARTS:
            part = folder / f"{DATABASE_FILE}{ending}"
            if part.exists():
                part.rename(kept.with_name(f"{kept.name}{ending}"))
        sync_folder(folder)  # a power cut may keep later renames and lose earlier ones
        restored.rename(folder / DATABASE_FILE)
        sync_folder(folder)
        log.info("the restored database of %s is in its place", folder)
