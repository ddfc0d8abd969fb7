"""The SQLite that projects need. Imports no SQLAlchemy: the window asks before it opens."""

from __future__ import annotations

import sqlite3

from mma_desktop.core.errors import UserError

OLDEST_SQLITE = (3, 37, 0)
"""The first version with STRICT tables."""


def check_sqlite() -> None:
    """Check that Python's SQLite supports STRICT tables; that of a long-term support system may not.

    Raises:
        UserError: It is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UserError.tr(
            "Python's SQLite is {version}, but projects need {oldest} or newer. Use a newer Python, or the "
            "installer of mma-desktop, which brings its own.",
            version=sqlite3.sqlite_version,
            oldest=".".join(map(str, OLDEST_SQLITE)),
        )
