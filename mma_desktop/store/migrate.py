"""Bringing a database to the present schema, in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from sqlalchemy.pool import NullPool

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store import schema
from mma_desktop.store.database import make_engine, raw, sentences

log = logging.getLogger(__name__)

SCRIPTS = "mma_desktop.store:migrations"


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a database; 0 where no migration has run.

    Raises:
        ValueError: The version noted in it is no number.
    """
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name='alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return int(row[0]) if row else 0


def upgrade(path: Path) -> None:
    """Run the migrations that are missing. Killed at any moment, the database stays at its old version.

    Raises:
        UserError: The disk is full, the folder cannot be written to, or the rows contradict each other.
    """
    # Here, not at the top: opening an up-to-date project need not wait for Alembic's import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    engine = make_engine(path, NullPool, "BEGIN IMMEDIATE")
    try:
        with sentences(path), engine.connect() as connection:
            # SQLite alters a table by building it again, which dropped references would turn into lost rows.
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
    finally:
        engine.dispose()
    log.info("%s is at schema version %d", path, schema.SCHEMA_VERSION)


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """Columns ("table.column") that the present schema has and the database has not."""
    missing = []
    for table in schema.METADATA.sorted_tables:
        present = {row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')}
        missing += [f"{table.name}.{column.name}" for column in table.columns if column.name not in present]
    return missing
