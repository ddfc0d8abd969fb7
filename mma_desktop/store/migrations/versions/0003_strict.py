"""Version 3: STRICT tables with CHECK constraints, and reasons of problems as codes with values."""

from __future__ import annotations

import json
import re
import sqlite3
import string
from functools import lru_cache

from alembic import op

from mma_desktop.store.database import raw
from mma_desktop.store.integrity import invalid_row

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# In order of their foreign keys. For the comment after CHECK see `schema`.
_TABLES = {
    "alembic_version": """(
    version_num TEXT NOT NULL PRIMARY KEY,
    CHECK/**/(version_num GLOB '[0-9][0-9][0-9][0-9]')
) STRICT""",
    "class": """(
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    colour TEXT NOT NULL,
    "key" TEXT NOT NULL,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(length(name) BETWEEN 1 AND 200),
    CHECK/**/(role IN ('base', 'new')),
    CHECK/**/(position BETWEEN 0 AND 9007199254740992),
    CHECK/**/(colour GLOB '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]')
) STRICT""",
    "image": """(
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
    "place": """(
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
    "label": """(
    image_id INTEGER NOT NULL PRIMARY KEY CONSTRAINT fk_label_image REFERENCES image (id),
    class_id INTEGER NOT NULL CONSTRAINT fk_label_class REFERENCES class (id),
    source TEXT NOT NULL,
    use TEXT,
    labelled_at REAL NOT NULL,
    CHECK/**/(source IN ('person', 'folder', 'suggestion')),
    CHECK/**/(use IS NULL OR use IN ('shot', 'validation', 'test')),
    CHECK/**/(labelled_at BETWEEN -1000000000000 AND 1000000000000)
) STRICT""",
    "run": """(
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
    "setting": """(
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT""",
}

_INDEXES = (
    ("class", "CREATE UNIQUE INDEX uq_class_name_key ON class (name_key)"),
    ("image", "CREATE UNIQUE INDEX uq_image_content_hash ON image (content_hash)"),
    ("place", "CREATE UNIQUE INDEX uq_place_path ON place (path)"),
    ("place", "CREATE INDEX ix_place_image_id ON place (image_id)"),
    ("place", "CREATE INDEX ix_place_name ON place (name, image_id)"),
    ("label", "CREATE INDEX ix_label_class_id ON label (class_id)"),
)

# Files with an unknown kind of problem were treated as damaged, and an empty path as none.
_COPIED = {
    "problem": """CASE WHEN problem IS NULL OR problem IN ('not an image', 'unsupported format', 'empty file',
        'truncated', 'damaged', 'too large', 'unreadable', 'vanished', 'link loop') THEN problem ELSE 'damaged' END""",
    "reason": "CASE WHEN problem IS NULL THEN '' ELSE reason_code(reason) END",
    "last_path": "nullif(last_path, x'')",
}
"""SQL for columns that are not copied unchanged."""


def upgrade() -> None:
    """Rebuild every table."""
    connection = raw(op.get_bind())  # the raw connection, for unwrapped SQLite errors
    connection.create_function("reason_code", 1, reason_code, deterministic=True)
    with invalid_row("sqlite_sequence"):
        last_ids = connection.execute("SELECT seq, name FROM sqlite_sequence").fetchall()
    for table, columns in _TABLES.items():
        _rebuild(connection, table, columns)
    for table, statement in _INDEXES:
        with invalid_row(table):
            connection.execute(statement)
    for last_id, table in last_ids:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", (last_id, table))


def _rebuild(connection: sqlite3.Connection, table: str, columns: str) -> None:
    connection.execute(f'CREATE TABLE "{table}_new" {columns}')
    names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}_new")')]
    into = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(_COPIED.get(name, f'"{name}"') for name in names)
    with invalid_row(table):
        connection.execute(f'INSERT INTO "{table}_new" ({into}) SELECT {values} FROM "{table}" ORDER BY 1')
    connection.execute(f'DROP TABLE "{table}"')
    connection.execute(f'ALTER TABLE "{table}_new" RENAME TO "{table}"')


# --------------------------------------------------------------------------------------
# reasons, which versions 1 and 2 kept as English sentences

_LONGEST = 1_000
_LONGEST_VALUE = 500

_SENTENCES = (
    ("growing", "the file is still growing and too large to read"),
    ("folder", "this is a folder, not a picture"),
    ("device", "this is a pipe, a socket or a device, not a picture file"),
    ("large_file", "the file has {size:,.0f} MB; the limit is {limit:d} MB"),
    ("broken_link", "the link points to a file that is not there"),
    ("no_file", "there is no such file"),
    ("no_permission", "you have no permission to read it"),
    ("own_link", "the link leads back to itself"),
    ("link_above", "the link leads back to a folder above it"),
    ("unreadable", "it could not be read ({system_error})"),
    ("project", "this is a project; open it, its pictures lie elsewhere"),
    ("gone", "the file is not there any more"),
    ("changed", "changed on disk since it was imported; import it again to use the new picture"),
    ("empty", "the file is empty"),
    ("zeros", "it holds nothing but zeros"),
    ("other_content", "its content is not that of a picture"),
    ("other_format", "{what}; pictures can be {formats}. Save it as one of these"),
    ("ends_at_once", "it begins like a {format} picture but ends after {size:d} bytes"),
    ("cut_off", "the file ends before the picture does"),
    ("damaged_header", "the header of this {format} picture is damaged"),
    ("no_pixels", "its header says {width:d} x {height:d} pixels"),
    ("undecodable", "it cannot be decoded ({decoder_error})"),
    ("many_pixels", "{width:d} x {height:d} pixels ({millions:,.0f} megapixels); the limit is {limit:d} megapixels"),
    ("pixel_limit", "it has more than {limit:d} megapixels"),
    ("much_memory", "decoding its {width:d} x {height:d} pixels would take {needed:,} MB of memory"),
    ("no_memory", "there is not enough memory to decode it"),
    ("many_scans", "decoding its {scans:d} scans would take minutes"),
    ("padding", "its header is filled up with padding"),
    ("many_segments", "it has more than {limit:d} segments"),
    ("many_chunks", "it has more than {limit:d} chunks"),
    ("comments", "it holds megabytes of comments before its picture"),
    ("run_length", "a run-length encoded BMP of more than {limit:d} MB would take minutes"),
    ("much_exif", "it has more than {limit:d} MB of EXIF data"),
    ("many_tags", "it has {tags:d} tags; the limit is {limit:d}"),
    ("much_in_tags", "its tags say that they hold {size:,.0f} MB"),
)

_KINDS = {
    "a HEIC picture": "heic",
    "a camera raw file": "raw",
    "a Photoshop document": "photoshop",
    "a JPEG 2000 picture": "jpeg_2000",
    "a JPEG XL picture": "jpeg_xl",
    "an icon": "icon",
    "a macOS icon": "macos_icon",
    "a GIMP document": "gimp",
    "an SVG drawing": "svg",
    "a PDF document": "pdf",
    "a PostScript drawing": "postscript",
    "an OpenEXR picture": "open_exr",
    "a Radiance picture": "radiance",
    "a DDS texture": "dds",
    "a portable any-map": "any_map",
    "a PCX picture": "pcx",
    "a Windows metafile": "metafile",
    "a FITS file": "fits",
    "a QOI picture": "qoi",
    "a DICOM file": "dicom",
    "a film": "film",
}


def _pattern(sentence: str) -> re.Pattern[str]:
    """Regular expression for the messages of this template, with or without a file name in front."""
    parts = ["(?:.+: )?"]
    for words, field, form, _ in string.Formatter().parse(sentence):
        parts.append(re.escape(words))
        if field is not None:
            parts.append(rf"(?P<{field}>-?[\d,]+)" if form else rf"(?P<{field}>.+?)")
    return re.compile("".join(parts), re.DOTALL | re.ASCII)


_PATTERNS = tuple((code, _pattern(sentence)) for code, sentence in _SENTENCES)
_TEXTS = {"system_error", "decoder_error", "what", "formats", "format"}


@lru_cache(maxsize=10_000)
def reason_code(reason: str | bytes | None) -> str | bytes | None:
    """Convert a message to its code and values as JSON; an unknown one is kept as text."""
    if not isinstance(reason, str) or not reason:
        return reason
    if len(reason) <= _LONGEST:  # the patterns are slow on long texts, and none of our messages is long
        for code, pattern in _PATTERNS:
            match = pattern.fullmatch(reason)
            if match is not None and (values := _values(match.groupdict())) is not None:
                return json.dumps({"code": code, **values})
    return json.dumps({"code": "other", "text": reason[:_LONGEST_VALUE]})


def _values(found: dict[str, str]) -> dict[str, int | str] | None:
    """Convert the fields of a message; None if they are not valid."""
    values: dict[str, int | str] = {}
    for field, text in found.items():
        if field == "what":
            if text not in _KINDS:
                return None
            values[field] = _KINDS[text]
        elif field in _TEXTS:
            values[field] = text[:_LONGEST_VALUE]
        elif re.fullmatch(r"-?\d{1,15}", digits := text.replace(",", "")):
            values[field] = int(digits)
        else:
            return None
    return values
