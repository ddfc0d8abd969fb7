"""The tables of a project's database and the schema version.

A change of a table needs the next `SCHEMA_VERSION`, a migration (`alembic revision -m "Why" --rev-id 0005`), and for
`integrity.check_schema` the tables of the version before. A database with any other definition is not opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, MetaData, Table

# Schema version that this program reads and writes; migration `0005` makes version 5, and so on.
SCHEMA_VERSION = 4

# The oldest schema version that is read.
BASELINE = 4

# SQLite `application_id` of a project ("MMAD"), which distinguishes it from other SQLite files.
APPLICATION_ID = 0x4D4D4144

LOCK_FILE = "project.lock"
EMBEDDINGS_FOLDER = "embeddings"
RUNS_FOLDER = "runs"
BACKUPS_FOLDER = "backups"
IMAGES_FOLDER = "pictures"
# Those that every project has.
FOLDERS = (EMBEDDINGS_FOLDER, RUNS_FOLDER, BACKUPS_FOLDER)

# Maximum size of a database or a log beside it; a million labelled images take 0.4 GB.
MAX_DATABASE_BYTES = 16 << 30

# The schema exactly as databases have it; hence the comment after each CHECK.
#
# Ids are never reused (AUTOINCREMENT), because undoing a removal restores rows under their old ids. Each is below
# 2**53. `last_path` is set only for a labelled image whose last place now holds other contents. `reason` is JSON, see
# `images.stored_reason`. The `name` of a place is the normalised file name (see `images.search_key`). NULL comes first
# in front of a list: testing a list for NULL is slow in SQLite.
TABLES: Mapping[str, str] = {
    "alembic_version": """CREATE TABLE "alembic_version" (
    version_num TEXT NOT NULL PRIMARY KEY,
    CHECK/**/(version_num GLOB '[0-9][0-9][0-9][0-9]')
) STRICT""",
    "class": """CREATE TABLE "class" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    reads TEXT NOT NULL,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    colour TEXT NOT NULL,
    "key" TEXT NOT NULL,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(length(name) BETWEEN 1 AND 200),
    CHECK/**/(length(reads) <= 200),
    CHECK/**/(role IN ('base', 'new')),
    CHECK/**/(position BETWEEN 0 AND 9007199254740992),
    CHECK/**/(colour GLOB '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]')
) STRICT""",
    "image": """CREATE TABLE "image" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    content_hash BLOB,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    format TEXT NOT NULL,
    size INTEGER NOT NULL,
    problem TEXT,
    reason TEXT NOT NULL,
    added_at REAL NOT NULL,
    last_path BLOB,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(length(content_hash) = 32),
    CHECK/**/(content_hash IS NOT NULL OR problem IS NOT NULL),
    CHECK/**/(width BETWEEN 0 AND 2147483647),
    CHECK/**/(height BETWEEN 0 AND 2147483647),
    CHECK/**/(size BETWEEN 0 AND 4611686018427387904),
    CHECK/**/(problem IS NULL OR problem IN ('not an image', 'unsupported format', 'empty file', 'truncated',
        'damaged', 'too large', 'unreadable', 'vanished', 'link loop')),
    CHECK/**/(reason = '' OR problem IS NOT NULL AND length(reason) <= 20000),
    CHECK/**/(added_at BETWEEN -1000000000000 AND 1000000000000),
    CHECK/**/(last_path IS NULL OR last_path != x'' AND instr(last_path, x'00') = 0)
) STRICT""",
    "place": """CREATE TABLE "place" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL CONSTRAINT fk_place_image REFERENCES image (id),
    path BLOB NOT NULL,
    name TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    seen_at REAL NOT NULL,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(path != x'' AND instr(path, x'00') = 0),
    CHECK/**/(seen_at BETWEEN -1000000000000 AND 1000000000000)
) STRICT""",
    "label": """CREATE TABLE "label" (
    image_id INTEGER NOT NULL PRIMARY KEY CONSTRAINT fk_label_image REFERENCES image (id),
    class_id INTEGER NOT NULL CONSTRAINT fk_label_class REFERENCES class (id),
    source TEXT NOT NULL,
    use TEXT,
    labelled_at REAL NOT NULL,
    CHECK/**/(source IN ('person', 'folder', 'suggestion')),
    CHECK/**/(use IS NULL OR use IN ('shot', 'validation', 'test')),
    CHECK/**/(labelled_at BETWEEN -1000000000000 AND 1000000000000)
) STRICT""",
    "run": """CREATE TABLE "run" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at REAL NOT NULL,
    method TEXT NOT NULL,
    backbone TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    settings TEXT NOT NULL,
    metrics TEXT NOT NULL,
    starred INTEGER NOT NULL DEFAULT 0,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(name != ''),
    CHECK/**/(created_at BETWEEN -10000000000 AND 100000000000),
    CHECK/**/(starred IN (0, 1))
) STRICT""",
    "setting": """CREATE TABLE "setting" (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT""",
}

INDEXES: Mapping[str, str] = {
    "uq_class_name_key": "CREATE UNIQUE INDEX uq_class_name_key ON class (name_key)",
    "uq_image_content_hash": "CREATE UNIQUE INDEX uq_image_content_hash ON image (content_hash)",
    "uq_place_path": "CREATE UNIQUE INDEX uq_place_path ON place (path)",
    "ix_place_image_id": "CREATE INDEX ix_place_image_id ON place (image_id)",
    "ix_place_name": "CREATE INDEX ix_place_name ON place (name, image_id)",
    "ix_label_class_id": "CREATE INDEX ix_label_class_id ON label (class_id)",
}


_RULE = re.compile(r"CHECK/\*\*/\((.+?)\),?\n", re.DOTALL)


# Rows of the tables, in the order of their columns.


class ClassRecord(NamedTuple):
    id: int
    name: str
    name_key: str
    reads: str
    role: str
    position: int
    colour: str
    key: str


class ImageRecord(NamedTuple):
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
    id: int
    image_id: int
    path: bytes
    name: str
    mtime_ns: int
    seen_at: float


class LabelRecord(NamedTuple):
    image_id: int
    class_id: int
    source: str
    use: str | None
    labelled_at: float


Row = tuple[Any, ...]


def rules(table: str) -> list[str]:
    """The CHECK constraints of a table in `TABLES`, as SQL."""
    return _RULE.findall(TABLES[table])


# Names of tables and columns for queries, without `run.starred`, which nothing uses; constraints are in `TABLES`.
METADATA = MetaData()


def _table(name: str, *columns: str) -> Table:
    key, *others = columns
    return Table(name, METADATA, Column(key, primary_key=True), *(Column(column) for column in others))


CLASS = _table("class", *ClassRecord._fields)
IMAGE = _table("image", *ImageRecord._fields)
PLACE = _table("place", *PlaceRecord._fields)
LABEL = _table("label", *LabelRecord._fields)
RUN = Table(
    "run",
    METADATA,
    Column("id", Integer, primary_key=True),
    *map(Column, ("name", "created_at", "method", "backbone", "checkpoint", "settings", "metrics")),
)
SETTING = _table("setting", "name", "value")


def revision(version: int) -> str:
    """Alembic's revision for a schema version, e.g. "0001"."""
    return f"{version:04d}"
