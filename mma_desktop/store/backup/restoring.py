"""Putting a backup in the place of a project's database, and what can be restored.

Nothing is deleted: the database that was there is kept beside the new one, with what belongs to it. The backup is first
copied to a file of its own and verified. Renaming that copy to its *pending* name decides: from then on the exchange is
finished, now or at the next opening, and before it nothing has changed.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mma_desktop.core.atomic_io import StrangeFileError, os_error_sentence, sync_folder
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store import integrity, migrate, schema
from mma_desktop.store.backup.snapshots import (
    BackupFile,
    UnsoundError,
    backup_files,
    copy_database,
    free_name,
    is_plain,
    is_project,
    named,
    sound,
)
from mma_desktop.store.database import SIDE_FILES, UNTOUCHED, connect, sentences
from mma_desktop.store.lock import FolderLock
from mma_desktop.store.schema import DATABASE_FILE, LOCK_FILE, SUFFIX

log = logging.getLogger(__name__)

DAMAGED, BEFORE = "project-damaged", "project-before-restore"
_PENDING = ".restored"
_PARTS = (*SIDE_FILES, "")
_COUNTS = ("image WHERE problem IS NULL", "label", "class")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was looked at.

    Attributes:
        file: Its name's parts.
        size: Bytes.
        images: How many images are in it, files with a problem aside.
        labels: How many of them are labelled.
        classes: How many classes are in it.
        problem: Why it cannot be restored, a few words; empty for a good one.
    """

    file: BackupFile
    size: int
    images: int = 0
    labels: int = 0
    classes: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoring did: the backup, and where the former database is kept (None where there was none)."""

    backup: Backup
    kept: Path | None


def restorable(folder: Path) -> list[BackupFile]:
    """What can be restored, newest first: the backups, and what former restorings put aside. No file is opened.

    Raises:
        UserError: The folder is not there or cannot be read.
    """
    try:
        aside = [found for path in folder.glob(f"{BEFORE}-*.db") if (found := named(path)) and is_plain(path)]
        return sorted((*backup_files(folder), *aside), reverse=True)
    except OSError as error:
        raise UserError(
            tr(
                "The backups of {folder} could not be read: {reason}.",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from error


def look_at(file: BackupFile) -> Backup:
    """Open a backup without changing anything, check it and count what is in it."""
    size = 0
    try:
        size = file.path.stat().st_size
        with closing(connect(file.path, _mode(file.path))) as connection:
            if not is_project(connection):
                return Backup(file, size, problem=tr("damaged", "of a backup"))
            version = migrate.version_of(connection)
            if version > schema.SCHEMA_VERSION:
                return Backup(file, size, problem=tr("made by a newer version of this program"))
            integrity.check_schema(connection, version)
            if not sound(connection):
                return Backup(file, size, problem=tr("damaged", "of a backup"))
            images, labels, classes = (
                connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0] for what in _COUNTS
            )
            return Backup(file, size, images, labels, classes)
    except integrity.StrangeError as error:
        return Backup(file, size, problem=_not_ours(error))
    except (OSError, ValueError, sqlite3.Error) as error:
        log.info("%s is no good backup: %s", file.path, error)
        return Backup(file, size, problem=tr("damaged", "of a backup"))


def _not_ours(error: integrity.StrangeError) -> str:
    return tr("it is not as this program writes it, because {strangeness}", strangeness=error)


def newest_good(folder: Path) -> Backup | None:
    """The newest backup that can be restored, None when there is none."""
    return next((seen for file in backup_files(folder)[::-1] if not (seen := look_at(file)).problem), None)


def restore(folder: Path, source: Path) -> Restored:
    """Put a backup in the place of the database of a project that no window has open.

    Killed at any moment, it leaves the former database or the restored one to the next opening, and the former one is
    never lost.

    Args:
        folder: The project's folder.
        source: The backup.

    Returns:
        The backup, and where the former database is now.

    Raises:
        UserError: The project is open in a window, the backup is damaged or gone, the disk is full or the folder
            cannot be written to. Nothing was changed.
    """
    if not folder.is_dir():
        raise UserError(tr("{folder} is not there. If it is on a drive, plug it in.", folder=folder))
    database = folder / DATABASE_FILE
    if not (folder.name.lower().endswith(SUFFIX) or database.exists() or pending(folder) or backup_files(folder)):
        raise UserError(
            tr(
                "{folder} is not a project. Choose a folder whose name ends in {suffix}.",
                folder=folder,
                suffix=SUFFIX,
            )
        )
    lock = FolderLock(folder / LOCK_FILE)
    try:
        finish(folder)
        if not source.exists():
            raise UserError(
                tr(
                    "The backup {backup} is not there (any more). Nothing was changed; choose another one.",
                    backup=source,
                )
            )
        backup = look_at(named(source) or BackupFile(source.stat().st_mtime, 1, "", source))
        if problem := backup.problem or _strange(source):
            raise UserError(
                tr(
                    "{backup} cannot be restored: {problem}. Nothing was changed.",
                    backup=source.name,
                    problem=problem,
                )
            )
        kept = free_name(folder, _fold(database)) if database.exists() else None
        target = _pending_name(kept or free_name(folder, DAMAGED))
        with sentences(database, tr("nothing was restored or changed")):
            copy_database(source, target, _mode(source))
        finish(folder)
    except UnsoundError as error:
        raise UserError(
            tr(
                "{backup} could not be copied whole. Nothing was changed; check the drive.",
                backup=source.name,
            )
        ) from error
    except OSError as error:
        raise UserError(os_error_sentence(error, database)) from error
    finally:
        lock.release()
    log.info("%s restored from %s, the former database is %s", folder, source, kept)
    return Restored(backup, kept)


def _strange(source: Path) -> str:
    """Why a good backup would be refused when it is opened, empty where it would not.

    One of a former version is looked at after it was brought up to date.
    """
    try:
        with closing(connect(source, _mode(source))) as connection:
            if migrate.version_of(connection) == schema.SCHEMA_VERSION:
                integrity.check_values(connection)
    except integrity.StrangeError as error:
        return _not_ours(error)
    except sqlite3.Error as error:
        log.info("%s is no good backup: %s", source, error)
        return tr("damaged", "of a backup")
    return ""


def _mode(path: Path) -> str:
    """How to open a database that is not ours to change: with its log, where it has one."""
    return "ro" if path.with_name(f"{path.name}-wal").exists() else UNTOUCHED


def _fold(database: Path) -> str:
    """What the present database will be called. A sound one takes in its log; a damaged one is not touched."""
    try:
        with closing(connect(database, "ro")) as connection:
            if not is_project(connection) or not sound(connection):
                return DAMAGED
        with closing(connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (StrangeFileError, sqlite3.Error) as error:
        log.warning("%s is put aside as it is: %s", database, error)
        return DAMAGED
    return BEFORE


# -- the exchange -----------------------------------------------------------------------


def _pending_name(kept: Path) -> Path:
    """The name of a restored database that waits for its place; it says what the former one is to be called."""
    return kept.with_name(f".{kept.name}{_PENDING}")


def _waiting(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob(f".project-*.db{_PENDING}") if is_plain(path))


def pending(folder: Path) -> bool:
    """Whether a restored database waits for its place."""
    return any(_waiting(folder))


def finish(folder: Path) -> None:
    """Put the former database aside and the restored one in its place, if one waits. The caller holds the lock.

    Raises:
        OSError: A file could not be renamed; the next call goes on where this one stopped.
    """
    for restored in _waiting(folder):
        kept = folder / restored.name[1 : -len(_PENDING)]
        # All of the former database first: the restored one must never meet its log or its journal.
        for ending in _PARTS:
            part = folder / f"{DATABASE_FILE}{ending}"
            if part.exists():
                part.rename(kept.with_name(f"{kept.name}{ending}"))
        restored.rename(folder / DATABASE_FILE)
        sync_folder(folder)
        log.info("the restored database of %s is in its place", folder)
