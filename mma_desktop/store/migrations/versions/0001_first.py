"""Version 1: classes, images and their places, labels, runs and settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "class",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("colour", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.UniqueConstraint("name_key", name="uq_class_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "image",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("content_hash", sa.LargeBinary, nullable=True),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("problem", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("added_at", sa.Float, nullable=False),
        sa.Column("last_path", sa.LargeBinary, nullable=True),
        sa.UniqueConstraint("content_hash", name="uq_image_content_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "place",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("image_id", sa.Integer, sa.ForeignKey("image.id", name="fk_place_image"), nullable=False),
        sa.Column("path", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.UniqueConstraint("path", name="uq_place_path"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_place_image_id", "place", ["image_id"])
    op.create_index("ix_place_name", "place", ["name", "image_id"])
    op.create_table(
        "label",
        sa.Column("image_id", sa.Integer, sa.ForeignKey("image.id", name="fk_label_image"), primary_key=True),
        sa.Column("class_id", sa.Integer, sa.ForeignKey("class.id", name="fk_label_class"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("use", sa.Text, nullable=True),
        sa.Column("labelled_at", sa.Float, nullable=False),
    )
    op.create_index("ix_label_class_id", "label", ["class_id"])
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("backbone", sa.Text, nullable=False),
        sa.Column("checkpoint", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("metrics", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
