"""Listing backups and restoring one of them.

Nothing is deleted: the replaced database and its side files are kept next to the new one. The backup is first copied to
a new file and verified. Renaming that copy to its *pending* name is the commit point: before it nothing has changed,
and after it the swap is completed, now or the next time the project is opened.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mma_desktop.core.atomic_io import UnsuitableFileError, os_error_sentence, sync_folder
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import PROJECT_SUFFIX, names_project
from mma_desktop.store import integrity, migrate, schema, snapshots
from mma_desktop.store.database import SIDE_FILES, UNTOUCHED, connect, sentences
from mma_desktop.store.lock import FolderLock
from mma_desktop.store.schema import DATABASE_FILE, LOCK_FILE

log = logging.getLogger(__name__)

DAMAGED, BEFORE = "project-damaged", "project-before-restore"
_PENDING = ".restored"
_PARTS = (*SIDE_FILES, "")
_COUNTS = ("image WHERE problem IS NULL", "label", "class")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup and its contents: size in bytes, number of images without problem files, of labelled images, of classes.

    `problem` says in a few words why it cannot be restored; empty if it can.
    """

    file: snapshots.BackupFile
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


def restorable(folder: Path) -> list[snapshots.BackupFile]:
    """List what can be restored, newest first: backups, and databases replaced by earlier restores. Opens no file.

    Raises:
        UserError: The folder is missing or cannot be read.
    """
    try:
        aside = [
            found
            for path in folder.glob(f"{BEFORE}-*.db")
            if (found := snapshots.named(path)) and snapshots.is_plain(path)
        ]
        return sorted((*snapshots.backup_files(folder), *aside), reverse=True)
    except OSError as error:
        raise UserError.tr(
            "The backups of {folder} could not be read: {reason}.", folder=folder, reason=error.strerror or error
        ) from error


def inspect_backup(file: snapshots.BackupFile, *, values: bool = False) -> Backup:
    """Open a backup read-only, check it and count its contents.

    With `values` every row is checked too.
    """
    size, damaged = 0, tr("damaged", "of a backup")
    try:
        size = file.path.stat().st_size
        with closing(connect(file.path, _read_mode(file.path))) as connection:
            if not snapshots.is_project(connection):
                return Backup(file, size, problem=damaged)
            version = migrate.version_of(connection)
            if version > schema.SCHEMA_VERSION:
                return Backup(file, size, problem=tr("made by a newer version of this program"))
            if version < schema.BASELINE:
                return Backup(file, size, problem=tr("made by a version from before the first release"))
            integrity.check_schema(connection)
            if not snapshots.is_sound(connection):
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
    """The newest backup that can be restored.

    Raises:
        UserError: There is none.
    """
    for file in reversed(snapshots.backup_files(folder)):
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
    if not (names_project(folder) or database.exists() or pending(folder) or snapshots.backup_files(folder)):
        raise UserError(no_project(folder))
    lock = FolderLock(folder / LOCK_FILE)
    try:
        finish(folder)
        if not source.exists():
            raise UserError.tr(
                "The backup {backup} is not there (any more). Nothing was changed; choose another one.", backup=source
            )
        file = snapshots.named(source) or snapshots.BackupFile(source.stat().st_mtime, 1, "", source)
        backup = inspect_backup(file, values=True)
        if backup.problem:
            raise UserError.tr(
                "{backup} cannot be restored: {problem}. Nothing was changed.",
                backup=source.name,
                problem=backup.problem,
            )
        kept = snapshots.free_name(folder, _aside_tag(database)) if database.exists() else None
        aside = kept or snapshots.free_name(folder, DAMAGED)
        target = aside.with_name(f".{aside.name}{_PENDING}")  # says what the old one will be called
        with sentences(database, tr("nothing was restored or changed")):
            snapshots.copy_database(source, target, _read_mode(source))
        finish(folder)
    except snapshots.UnsoundError as error:
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
    return "ro" if path.with_name(f"{path.name}-wal").exists() else UNTOUCHED


def _aside_tag(database: Path) -> str:
    """New name for the current database. Merges the log of an intact one; leaves a damaged one alone."""
    try:
        with closing(connect(database, "ro")) as connection:
            if not snapshots.is_project(connection) or not snapshots.is_sound(connection):
                return DAMAGED
        with closing(connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (UnsuitableFileError, sqlite3.Error) as error:
        log.warning("%s is put aside as it is: %s", database, error)
        return DAMAGED
    return BEFORE


def _pending_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f".project-*.db{_PENDING}") if snapshots.is_plain(path))


def pending(folder: Path) -> bool:
    """Whether a restored database is waiting to be swapped in."""
    return any(_pending_files(folder))


def finish(folder: Path) -> None:
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
