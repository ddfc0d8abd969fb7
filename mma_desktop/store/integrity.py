"""Checks of an untrusted project before it is opened: its links, schema and values.

A database that passes contains only what this program writes. The schema must match ours word for word, and rows are
checked again, because constraints can be disabled while writing. One that this program closed and that has not changed
since needs no check of its values: what was closed is noted, by device, inode, size and times, in the folder of the
user, so that a project cannot vouch for itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import read_regular
from mma_desktop.core.class_names import unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import DATABASE_FILE, is_inside
from mma_desktop.core.safe_json import parsed, parsed_object
from mma_desktop.store import schema
from mma_desktop.store.schema import SCHEMA_VERSION

_FOLDERS = (*schema.FOLDERS, schema.IMAGES_FOLDER)
_FILES = tuple(DATABASE_FILE + ending for ending in ("", "-wal", "-shm", "-journal"))
_ID = 1 << 53  # what a float64 of another program still counts to
# Above the largest float32; the loss of a barely stable training can come close.
_LARGEST = 3.5e38


class InvalidDatabaseError(Exception):
    """A database is not as this program writes it; the message says why."""


def check_links(folder: Path) -> None:
    """Check that the files and folders of a project lie inside its folder, else raise UserError."""
    real = os.path.realpath(folder)
    for name in (*_FOLDERS, *_FILES):
        path = folder / name
        place, target = os.path.join(real, name), os.path.realpath(path)  # noqa: PTH118
        # On Windows, realpath returns the case used on the drive; a copied project may have BACKUPS instead of backups.
        elsewhere = path.exists() and os.path.normcase(target) != os.path.normcase(place)
        if path.is_symlink() or elsewhere:
            raise UserError.tr(
                "{name} in {folder} is a link to another place, where this project could overwrite what is not "
                "its own. Nothing was opened. Put a real file or folder in its place.",
                name=name,
                folder=folder,
            )
        if name in _FOLDERS and path.exists() and not path.is_dir():
            raise UserError.tr("{path} is not a folder. Nothing was opened. Put a real folder in its place.", path=path)


_SEQUENCE = "CREATE TABLE sqlite_sequence(name,seq)"
_AUTOMATIC = "sqlite_autoindex_"
# Tables created by ANALYZE. This program does not run it, but a user's tools may.
_STATISTICS = re.compile(r"CREATE TABLE sqlite_stat[1-4]\([a-z,]+\)")


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


def check_schema(connection: sqlite3.Connection) -> None:
    """Check that a database has the tables of `schema`, and nothing that runs code, else InvalidDatabaseError."""
    # Before anything else is read: even `PRAGMA quick_check` evaluates expressions in the schema.
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    present, expected = Counter(row for row in rows if not _STATISTICS.fullmatch(str(row[3]))), Counter(_objects())
    for kind, name, *_ in (*(present - expected), *(expected - present)):
        raise InvalidDatabaseError(
            tr("its {kind} {name!r} is not as it should be", kind=str(kind)[:80], name=str(name)[:80])
        )


def _objects() -> set[tuple[str, str, str, str | None]]:
    """The rows of `sqlite_master` of a project's database."""
    return {
        ("table", "sqlite_sequence", "sqlite_sequence", _SEQUENCE),
        *(("index", f"{_AUTOMATIC}{table}_1", table, None) for table in ("alembic_version", "setting")),
        *(("table", name, name, sql) for name, sql in schema.TABLES.items()),
        *(("index", name, sql.split(" ON ")[1].split()[0], sql) for name, sql in schema.INDEXES.items()),
    }


def check_values(connection: sqlite3.Connection) -> None:
    """Check that all rows satisfy the constraints of their tables, else raise InvalidDatabaseError."""
    try:
        for table in schema.TABLES:  # the quick check has verified types; on a read-only database it skips constraints
            broken = " OR ".join(f"NOT ({rule})" for rule in schema.rules(table))
            if broken and connection.execute(f'SELECT 1 FROM "{table}" WHERE {broken} LIMIT 1').fetchone():
                raise InvalidDatabaseError(tr("a row of its table {table} holds an invalid value", table=table))
        if connection.execute(
            f"SELECT 1 FROM sqlite_sequence WHERE typeof(seq) != 'integer' OR seq NOT BETWEEN 0 AND {_ID}"
        ).fetchone():
            raise InvalidDatabaseError(tr("the numbers of its rows would run out"))
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise InvalidDatabaseError(tr("a row of its table {table} refers to nothing", table=lost[0]))
        _check_texts(connection)
    except ValueError as error:
        raise InvalidDatabaseError(str(error)[:200]) from error


_Kind = Any  # a type, (types), [kind of each item] or {key: kind of its value}

_NUMBER = (int, float)
_ACCURACY = {"percent": _NUMBER, "n": int, "low": _NUMBER, "high": _NUMBER}
_SCORES = dict.fromkeys(("base", "new", "all"), _ACCURACY)
_ANSWERS = {"levels": [_NUMBER], "counts": [int], "correct": [int]}
_LEFT_OUT = {"ids": [int], "labels": [int], "predicted": [int]}
_RUN_SETTINGS: _Kind = {
    "shots": int,
    "seed": int,
    "prompt_template": str,
    "device": str,
    "options": {},
    "recipe": {},
    "split_hashes": {},
}
_RUN_METRICS: _Kind = {
    "class_names": [str],
    "roles": [str],
    "zero_shot": _SCORES,
    "adapted": _SCORES,
    "per_class": [{"name": str, "role": str, "zero_shot": _ACCURACY, "adapted": _ACCURACY}],
    "confusion": [[int]],
    "base_by": str,
    "epochs": int,
    "best_epoch": int,
    "parameters": int,
    "seconds": _NUMBER,
    "counts": {},
    "temperatures": {"adapted": _NUMBER, "zero_shot": _NUMBER},
    "history": [{"phase": str, "epoch": int, "loss": _NUMBER}],
    "answers": dict.fromkeys(("zero_shot", "adapted"), _ANSWERS),
    "measured": {"ids": [int], "labels": [int], "predicted": [int], "confidence": [_NUMBER]},
    "left_out": dict.fromkeys(("base", "new"), _LEFT_OUT),
}
_SETTINGS: Mapping[str, _Kind] = {
    "prompt_template": str,
    "backbone": str,
    "weights_file": str,
    "current_run": int,
    "pictures_at": str,
    "pictures_removed": [str],
    "kept_labels": {},
}


def _check_texts(connection: sqlite3.Connection) -> None:
    # What no constraint of a table can check: JSON, paths and control characters.
    for checkpoint, settings, metrics in connection.execute("SELECT checkpoint, settings, metrics FROM run"):
        if not is_inside(checkpoint):
            raise InvalidDatabaseError(tr("a training names a file outside the project"))
        _check_kind(parsed_object(settings), _RUN_SETTINGS, tr("the settings of a training are of another kind"))
        _check_kind(parsed_object(metrics), _RUN_METRICS, tr("the figures of a training are of another kind"))
    for name, text in connection.execute("SELECT name, value FROM setting"):
        value = parsed(text, paths=True)
        if name in _SETTINGS:
            strange = tr("the values of the setting {name} are of another kind", name=name)
            _check_kind(value, _SETTINGS[name], strange)
        if name == "prompt_template" and (trouble := unfit_templates(value or "")):
            raise InvalidDatabaseError(trouble.rstrip("."))
    for texts in connection.execute('SELECT name, reads, "key" FROM "class"'):
        if any(unicodedata.category(letter) == "Cc" for letter in "".join(texts)):
            raise InvalidDatabaseError(tr("a class has a name, a colour or a key that cannot be typed in"))


def _check_kind(value: Any, kind: _Kind, strange: str) -> None:
    """Check that a value has its kind or is null; unlisted keys may hold anything. `strange` is the error message."""
    if value is None:
        return
    if isinstance(kind, list):
        fits = isinstance(value, list)
        if fits and kind == [int]:
            fits = set(map(type, value)) <= {int}
        elif fits:
            for item in value:
                _check_kind(item, kind[0], strange)
    elif isinstance(kind, dict):
        fits = isinstance(value, dict)
        for key in kind.keys() & (value if fits else {}):
            _check_kind(value[key], kind[key], strange)
    else:
        fits = isinstance(value, kind) and not isinstance(value, bool)
        fits = fits and not (isinstance(value, float) and abs(value) > _LARGEST)
    if not fits:
        raise InvalidDatabaseError(strange)


MAX_NOTE_BYTES = 1000  # our own has sixty
_places: list[Path] = []


def set_notes_folder(folder: Path | None) -> None:
    """Set the user's cache folder; without one, as before this call, nothing is trusted."""
    _places[:] = [] if folder is None else [folder]


def note_closed(folder: Path) -> None:
    # Failing to write only costs time later.
    if not _places:
        return
    with suppress(OSError):
        name, state = _state(folder)
        _places[0].mkdir(parents=True, exist_ok=True)
        (_places[0] / name).write_text(state, encoding="ascii")


def is_as_noted(folder: Path) -> bool:
    """Whether the database of a project is unchanged since it was recorded."""
    if not _places:
        return False
    try:
        name, state = _state(folder)
        return read_regular(_places[0] / name, MAX_NOTE_BYTES).decode("ascii") == state
    except (OSError, UnicodeDecodeError):
        return False


def _state(folder: Path) -> tuple[str, str]:
    """The name and contents of a database's note; an `OSError` if there is none, or if it is not closed."""
    path = folder / DATABASE_FILE
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            raise FileExistsError(beside)
    now = path.stat()
    name = hashlib.sha256(f"{now.st_dev}:{now.st_ino}".encode()).hexdigest()[:32]
    return name, f"{SCHEMA_VERSION} {now.st_size} {now.st_mtime_ns} {now.st_ctime_ns}"
