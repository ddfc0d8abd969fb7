"""The first schema: new databases are created with the tables of `schema` and stamped with this revision."""

from __future__ import annotations

revision = "0004"
down_revision = None


def upgrade() -> None:
    """Do nothing: no older schema is migrated."""
