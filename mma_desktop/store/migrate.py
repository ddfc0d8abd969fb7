"""Create a database with the current schema, or migrate one to it in one transaction."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.pool import NullPool

from mma_desktop.store import integrity, schema
from mma_desktop.store.database import connect, make_engine, raw, sentences

log = logging.getLogger(__name__)

SCRIPTS = "mma_desktop.store:migrations"


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a database.

    Raises:
        ValueError: The stored version is invalid.
        sqlite3.OperationalError: There is none.
    """
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall()
    if len(rows) != 1 or not isinstance(rows[0][0], str) or not re.fullmatch("(?!0000)[0-9]{4}", rows[0][0]):
        raise ValueError(f"{rows} is not a version")
    return int(rows[0][0])


def create(path: Path) -> None:
    """Create the empty database of a new project.

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


def upgrade(path: Path) -> None:
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
        with sentences(path), engine.connect() as connection:
            # SQLite alters a table by rebuilding it; with foreign keys on, dropping the old one would delete
            # referencing rows.
            raw(connection).execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, schema.revision(schema.SCHEMA_VERSION))
                integrity.check_values(raw(connection))
    finally:
        engine.dispose()
    log.info("%s is at schema version %d", path, schema.SCHEMA_VERSION)
