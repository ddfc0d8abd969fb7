"""Version 2: runs can be starred."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no existing run is starred."""
    op.add_column("run", sa.Column("starred", sa.Integer, nullable=False, server_default="0"))
