"""Creating a project folder, and the checks before opening one."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.pool import NullPool

from mma_desktop.core.atomic_io import os_errors, sync_folder
from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.paths import DATABASE_FILE, PROJECT_SUFFIX, full_path, names_project
from mma_desktop.store import integrity, schema, snapshots
from mma_desktop.store.database import connect, database_damaged, make_engine, sqlite_connection, sqlite_errors

log = logging.getLogger(__name__)

# Where Alembic finds the migrations.
SCRIPTS = "mma_desktop.store:migrations"

# Leftovers of `atomic_path` in a killed process; tools that sync folders create other temporary files.
_TEMPORARY = re.compile(r"\..+\.\d+(-\d+)?\.tmp(-journal|-wal|-shm)?")


def project_folder(folder: Path) -> Path:
    """The folder with the project suffix added if it is missing."""
    folder = full_path(folder)
    return folder if names_project(folder) else folder.with_name(folder.name + PROJECT_SUFFIX)


def make(folder: Path) -> None:
    """Create an empty project that is never visible incomplete; UserError if its path is taken or not writable."""
    building = folder.with_name(f".{folder.name}.new")
    with os_errors(folder):
        try:
            if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
                raise UserError.tr("{folder} already exists. Open it, or choose another name or place.", folder=folder)
            shutil.rmtree(building, ignore_errors=True)  # left by a killed process
            building.mkdir(parents=True)
            for name in schema.FOLDERS:
                (building / name).mkdir()
            with sqlite_errors(folder / DATABASE_FILE):
                _create_database(building / DATABASE_FILE)
            if folder.is_dir():
                folder.rmdir()
            building.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _create_database(path: Path) -> None:
    """Create the empty database of a new project; raises sqlite3.Error."""
    with closing(connect(path, "rwc")) as connection:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("BEGIN")
        for statement in (*schema.TABLES.values(), *schema.INDEXES.values()):
            connection.execute(statement)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (schema.revision(schema.SCHEMA_VERSION),))
        connection.execute("COMMIT")


def check_is_project(folder: Path) -> None:
    """Check that a project folder with a database exists, without touching it.

    Raises:
        UserError: The folder is missing, not a folder, or not a project.
        DamagedError: The project's database is missing.
    """
    try:
        if not folder.exists():
            raise UserError.tr(
                "{folder} is not there. If it was moved, open it at its new place; if it is on a drive, plug it in.",
                folder=folder,
            )
        if not folder.is_dir() or not (os.path.lexists(folder / DATABASE_FILE) or snapshots.is_restore_pending(folder)):
            if snapshots.backup_files(folder):
                raise DamagedError.tr(
                    "The database of {folder} is gone: there is no {database_file} in its folder any "
                    "more. Restore one of its backups: the start page lists them.",
                    folder=folder.name,
                    database_file=DATABASE_FILE,
                )
            raise UserError(snapshots.no_project(folder))
    except OSError as error:
        raise UserError.tr(
            "{folder} could not be looked at: {reason}.", folder=folder, reason=error.strerror or error
        ) from error


def prepare(folder: Path) -> None:
    """Check the database of a project, migrate it, and clean up after a killed process.

    The caller holds the project's lock.

    Raises:
        UserError: It is not a project, was made by a newer or a much older program, or is not writable.
        DamagedError: The database is damaged.
    """
    integrity.check_links(folder)
    with os_errors(folder / DATABASE_FILE):
        snapshots.complete_restore(folder)
    as_noted = integrity.is_as_noted(folder)
    version = _checked_version(folder)
    with os_errors(folder / DATABASE_FILE):
        for name in schema.FOLDERS:
            (folder / name).mkdir(exist_ok=True)
    if version < schema.SCHEMA_VERSION:
        snapshots.back_up(folder, f"before-v{schema.SCHEMA_VERSION}")
        with _user_errors(folder):
            _upgrade(folder / DATABASE_FILE)
    elif not as_noted:
        with (
            sqlite_errors(folder / DATABASE_FILE),
            closing(connect(folder / DATABASE_FILE)) as connection,
            _user_errors(folder),
        ):
            integrity.check_values(connection)
    sweep(folder)


def _upgrade(path: Path) -> None:
    """Run missing migrations. If the process is killed, or the result is invalid, the database keeps its old version.

    Raises:
        UserError: The disk is full, or the folder is not writable.
        InvalidDatabaseError: The rows are not as this program writes them.
    """
    # Imported here because Alembic is slow to import and rarely needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    # Sorting indexes of a million rows and copying the database would take too much memory.
    engine = make_engine(path, NullPool, "BEGIN IMMEDIATE", ("PRAGMA temp_store=FILE",))
    try:
        with sqlite_errors(path), engine.connect() as connection:
            # SQLite alters a table by rebuilding it; with foreign keys on, dropping the old one would delete
            # referencing rows.
            sqlite_connection(connection).execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, schema.revision(schema.SCHEMA_VERSION))
                integrity.check_values(sqlite_connection(connection))
    finally:
        engine.dispose()
    log.info("%s is at schema version %d", path, schema.SCHEMA_VERSION)


@contextmanager
def _user_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except integrity.InvalidDatabaseError as error:
        log.error("the database of %s: %s", folder, error)
        raise DamagedError.tr(
            "The database of {folder} is not as this program writes it: {strangeness}. It was not opened. Ask for "
            "another copy, or restore one of its backups: the start page lists them.",
            folder=folder.name,
            strangeness=error,
        ) from error


def _checked_version(folder: Path) -> int:
    path = folder / DATABASE_FILE
    # Closing the last read-write connection merges the log, which would change a damaged database. Read-write mode is
    # needed only to roll back a migration that was killed.
    mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
    with sqlite_errors(path), closing(connect(path, mode)) as connection:
        if not snapshots.is_project(connection):
            if snapshots.backup_files(folder):
                raise DamagedError(database_damaged(folder))
            raise UserError.tr(
                "{path} was not made by this program, so {folder} is not a project. Choose another folder.",
                path=path,
                folder=folder,
            )
        try:
            version = integrity.version_of(connection)
            if version > schema.SCHEMA_VERSION:
                raise UserError.tr(
                    "{folder} was made by a newer version of this program (its format is {version}, this program reads "
                    "up to {newest}). Update the program to open it.",
                    folder=folder.name,
                    version=version,
                    newest=schema.SCHEMA_VERSION,
                )
            if version < schema.BASELINE:
                raise UserError.tr(
                    "{folder} was made by a version of this program from before its first release, which this one "
                    "does not read. Export its labels as CSV with that version, and import them into a new "
                    "project.",
                    folder=folder.name,
                )
            with _user_errors(folder):
                integrity.check_schema(connection)
            if not snapshots.is_sound(connection):
                raise DamagedError(database_damaged(folder))
            return version
        except UserError:
            raise
        except (ValueError, sqlite3.OperationalError) as error:
            if getattr(error, "sqlite_errorname", "SQLITE_ERROR") != "SQLITE_ERROR":
                raise
            raise DamagedError(database_damaged(folder)) from error


def sweep(folder: Path) -> None:
    """Delete temporary files of killed processes; the caller holds the lock, so no other process writes here."""
    embeddings = folder / schema.EMBEDDINGS_FOLDER
    caches = list(embeddings.iterdir()) if embeddings.is_dir() else []
    places = (folder / name for name in (*schema.FOLDERS, schema.IMAGES_FOLDER))
    for place in (folder, *places, *caches):
        with suppress(OSError):
            for path in place.iterdir():
                if _TEMPORARY.fullmatch(path.name) and path.is_file():
                    log.info("removing %s, left by a program that was stopped", path)
                    path.unlink(missing_ok=True)
