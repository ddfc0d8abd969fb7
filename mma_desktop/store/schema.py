"""The tables of a project's database, and the version of their shape.

Every change of a table here needs a new file in `migrations/versions` and the next `SCHEMA_VERSION`; a test compares
what the migrations build with this description.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 2
"""Shape of the database this program reads and writes; migration `0001` builds version 1, and so on."""

APPLICATION_ID = 0x4D4D4144
"""SQLite's `application_id` of a project ("MMAD"): tells it from any other SQLite file."""

DATABASE_FILE = "project.db"
LOCK_FILE = "project.lock"
EMBEDDINGS_FOLDER = "embeddings"
RUNS_FOLDER = "runs"
BACKUPS_FOLDER = "backups"
PICTURES_FOLDER = "pictures"
SUFFIX = ".mma"

MAX_DATABASE_BYTES = 16 << 30
"""Of a database, or a log beside it, that is opened; a million images with their labels take 0.4 GB."""

METADATA = MetaData()

# Ids are never used twice (AUTOINCREMENT): undoing a removal brings rows back under their old ids.

CLASS = Table(
    "class",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("colour", Text, nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("name_key", name="uq_class_name_key"),
    sqlite_autoincrement=True,
)

# `last_path` is set only on an image whose last place was taken over by other bytes while it carried a label.
IMAGE = Table(
    "image",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("content_hash", LargeBinary, nullable=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("format", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("problem", Text, nullable=True),
    Column("reason", Text, nullable=False),
    Column("added_at", Float, nullable=False),
    Column("last_path", LargeBinary, nullable=True),
    UniqueConstraint("content_hash", name="uq_image_content_hash"),
    sqlite_autoincrement=True,
)

# `name` is the file name as it is searched and sorted by (see `images.search_key`).
PLACE = Table(
    "place",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("image_id", Integer, ForeignKey("image.id", name="fk_place_image"), nullable=False),
    Column("path", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("seen_at", Float, nullable=False),
    UniqueConstraint("path", name="uq_place_path"),
    Index("ix_place_image_id", "image_id"),
    Index("ix_place_name", "name", "image_id"),
    sqlite_autoincrement=True,
)

LABEL = Table(
    "label",
    METADATA,
    Column("image_id", Integer, ForeignKey("image.id", name="fk_label_image"), primary_key=True),
    Column("class_id", Integer, ForeignKey("class.id", name="fk_label_class"), nullable=False),
    Column("source", Text, nullable=False),
    Column("use", Text, nullable=True),
    Column("labelled_at", Float, nullable=False),
    Index("ix_label_class_id", "class_id"),
)

RUN = Table(
    "run",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("method", Text, nullable=False),
    Column("backbone", Text, nullable=False),
    Column("checkpoint", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("metrics", Text, nullable=False),
    Column("starred", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

SETTING = Table(
    "setting",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


class ClassRecord(NamedTuple):
    """A row of `class`, in the table's column order."""

    id: int
    name: str
    name_key: str
    role: str
    position: int
    colour: str
    key: str


class ImageRecord(NamedTuple):
    """A row of `image`, in the table's column order."""

    id: int
    content_hash: bytes | None
    width: int
    height: int
    format: str
    size: int
    problem: str | None
    reason: str
    added_at: float
    last_path: bytes | None


class PlaceRecord(NamedTuple):
    """A row of `place`, in the table's column order."""

    id: int
    image_id: int
    path: bytes
    name: str
    mtime_ns: int
    seen_at: float


class LabelRecord(NamedTuple):
    """A row of `label`, in the table's column order."""

    image_id: int
    class_id: int
    source: str
    use: str | None
    labelled_at: float


Row = tuple[Any, ...]


def revision(version: int) -> str:
    """Alembic's name of a schema version, e.g. "0001"."""
    return f"{version:04d}"
