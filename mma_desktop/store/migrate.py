"""Create a database with the current schema, or migrate one to it in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy.pool import NullPool

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store import schema
from mma_desktop.store.database import connect, make_engine, raw, sentences

log = logging.getLogger(__name__)

SCRIPTS = "mma_desktop.store:migrations"
HOLES = 8
"""Vacuum after a migration if more than one in this many pages is free."""


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a database; 0 before the first migration.

    Raises:
        ValueError: The stored version is invalid.
    """
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name='alembic_version'").fetchone()
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall() if known else []
    if not rows:
        return 0
    (noted,), *more = rows
    if more or not isinstance(noted, str) or int(noted) < 1 or noted != schema.revision(int(noted)):
        raise ValueError(f"{rows} is not a version")
    return int(noted)


def create(path: Path) -> None:
    """Create the empty database of a new project: what the migrations would make of nothing.

    Raises:
        sqlite3.Error: The disk is full, or the folder is not writable.
    """
    with closing(connect(path, "rwc")) as connection:
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("BEGIN")
        for statement in (*schema.TABLES.values(), *schema.INDEXES.values()):
            connection.execute(statement)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (schema.revision(schema.SCHEMA_VERSION),))
        connection.execute("COMMIT")


def upgrade(path: Path, check: Callable[[sqlite3.Connection], None] | None = None) -> None:
    """Run missing migrations. If the process is killed, or `check` raises, the database keeps its old version.

    Raises:
        UserError: The disk is full, the folder is not writable, or the rows contradict each other.
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
        with sentences(path), engine.connect() as connection:
            # SQLite alters a table by rebuilding it; with foreign keys on, dropping the old one would delete
            # referencing rows.
            raw(connection).execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, schema.revision(schema.SCHEMA_VERSION))
                if raw(connection).execute("PRAGMA foreign_key_check").fetchone() is not None:
                    raise UserError(
                        tr(
                            "{folder} could not be brought to this program's version, because its rows "
                            "contradict each other. It was left as it was; restore a backup, or report "
                            "this.",
                            folder=path.parent.name,
                        )
                    )
                if check is not None:
                    check(raw(connection))
            _vacuum(raw(connection))
    finally:
        engine.dispose()
    log.info("%s is at schema version %d", path, schema.SCHEMA_VERSION)


def _vacuum(connection: sqlite3.Connection) -> None:
    """Vacuum a database after tables were rebuilt; free pages would also take space in every backup."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (holes,) = connection.execute("PRAGMA freelist_count").fetchone()
    if holes * HOLES > pages:
        try:
            connection.execute("VACUUM")
        except sqlite3.Error as error:  # the disk may be full; no data is lost
            log.info("the database was not made smaller: %s", error)
