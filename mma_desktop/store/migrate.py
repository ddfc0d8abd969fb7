"""Bringing a database to the present schema, in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.pool import NullPool

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store import schema
from mma_desktop.store.database import make_engine, raw, sentences

log = logging.getLogger(__name__)

SCRIPTS = "mma_desktop.store:migrations"
HOLES = 8
"""Of so many pages of a database one may be empty after a migration."""


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of a database; 0 where no migration has run.

    Raises:
        ValueError: The version noted in it is none.
    """
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name='alembic_version'").fetchone()
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall() if known else []
    if not rows:
        return 0
    (noted,), *more = rows
    if more or not isinstance(noted, str) or int(noted) < 1 or noted != schema.revision(int(noted)):
        raise ValueError(f"{rows} is no version")
    return int(noted)


def upgrade(path: Path, check: Callable[[sqlite3.Connection], None] | None = None) -> None:
    """Run the migrations that are missing. Killed at any moment, the database stays at its old version.

    Args:
        path: The database.
        check: Looks at the migrated database; when it raises, the database stays as it was.

    Raises:
        UserError: The disk is full, the folder cannot be written to, or the rows contradict each other.
        StrangeError: The rows are not as this program writes them.
    """
    # Here, not at the top: opening an up-to-date project need not wait for Alembic's import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    # Indexes of a million rows are sorted, and the whole database is copied at the end: not in memory.
    engine = make_engine(path, NullPool, "BEGIN IMMEDIATE", ("PRAGMA temp_store=FILE",))
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
                if check is not None:
                    check(raw(connection))
            _give_back_room(raw(connection))
    finally:
        engine.dispose()
    log.info("%s is at schema version %d", path, schema.SCHEMA_VERSION)


def _give_back_room(connection: sqlite3.Connection) -> None:
    """Make the file smaller where tables that were built anew have left holes; each backup would hold them too."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (holes,) = connection.execute("PRAGMA freelist_count").fetchone()
    if holes * HOLES > pages:
        try:
            connection.execute("VACUUM")
        except sqlite3.Error as error:  # the disk may be full; nothing is lost
            log.info("the database was not made smaller: %s", error)
