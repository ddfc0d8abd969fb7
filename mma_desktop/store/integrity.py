"""What is looked at before a project is opened that a stranger may have made: its links, its schema, its values.

A database that passes holds what this program writes and nothing else, so that no later code meets a surprise: no
trigger or view, no rule that refuses rows, no text where a number belongs, no path out of the project.
"""

from __future__ import annotations

import os
import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from mma_desktop.core.atomic_io import check_regular, unreadable
from mma_desktop.core.class_names import LONGEST_NAME, unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.path_safety import is_inside
from mma_desktop.core.safe_json import parsed, parsed_object
from mma_desktop.core.types import LabelSource, Role, Use
from mma_desktop.store import schema

_OWN_TABLES = frozenset(("alembic_version", *(table.name for table in schema.METADATA.sorted_tables)))
_FOLDERS = (schema.EMBEDDINGS_FOLDER, schema.RUNS_FOLDER, schema.BACKUPS_FOLDER, schema.PICTURES_FOLDER)
_FILES = (schema.DATABASE_FILE, *(schema.DATABASE_FILE + ending for ending in ("-wal", "-shm", "-journal")))
_ID = 1 << 53
_TIME = 1e12
_NS = 1 << 62
_LARGEST = 3.5e38
"""No number of 32 bits is larger; the loss of a training that barely went well is one."""


class StrangeError(Exception):
    """A database is not as this program writes it, in words."""


def refuse_links(folder: Path) -> None:
    """See that what a project reads and writes by name lies in its folder, and is a folder or a file of sensible size.

    Raises:
        UserError: One of its folders or files is a link to another place, or something else than it should be.
    """
    real = os.path.realpath(folder)
    for name in (*_FOLDERS, *_FILES):
        path = folder / name
        place, found = os.path.join(real, name), os.path.realpath(path)  # noqa: PTH118
        # Windows tells the case that a name has on the drive, which may have come from elsewhere as BACKUPS.
        elsewhere = path.exists() and os.path.normcase(found) != os.path.normcase(place)
        if path.is_symlink() or elsewhere:
            raise UserError(_link_sentence(name, folder))
        if name in _FOLDERS and path.exists() and not path.is_dir():
            raise UserError(tr("{path} is no folder. Nothing was opened. Put a real folder in its place.", path=path))
        if name in _FILES:
            try:
                with suppress(FileNotFoundError):
                    check_regular(path.stat(), schema.MAX_DATABASE_BYTES, path)
            except OSError as error:
                raise unreadable(path, error) from error


def _link_sentence(name: str, folder: Path) -> str:
    if name in _FOLDERS:
        return tr(
            "{name} in {folder} is a link to another place, where this project could overwrite what is not its "
            "own. Nothing was opened. Put a real folder in its place.",
            name=name,
            folder=folder,
        )
    return tr(
        "{name} in {folder} is a link to another place, where this project could overwrite what is not its "
        "own. Nothing was opened. Put a real file in its place.",
        name=name,
        folder=folder,
    )


def check_objects(connection: sqlite3.Connection) -> None:
    """See that nothing in the schema acts by itself: no trigger, no view, no virtual or unknown table.

    Raises:
        StrangeError: Something does.
    """
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        words = str(sql or "").lower()
        if kind not in {"table", "index"} or words.lstrip().startswith("create virtual"):
            raise StrangeError(tr("it holds the {kind} {name!r}", kind=kind, name=str(name)[:80]))
        if kind == "table" and name not in _OWN_TABLES and not str(name).startswith("sqlite_"):
            raise StrangeError(tr("it holds the table {name!r}", name=str(name)[:80]))
        if "check" in words.replace("(", " ").split():
            raise StrangeError(tr("the {kind} {name!r} checks its rows", kind=kind, name=str(name)[:80]))


def check_shape(connection: sqlite3.Connection) -> None:
    """See that tables, keys and indexes are those of the present schema.

    Raises:
        StrangeError: They are not.
    """
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        schema.METADATA.create_all(engine)
        with engine.connect() as ours:
            reference = ours.connection.driver_connection
            assert reference is not None
            for table in schema.METADATA.sorted_tables:
                if _shape(connection, table.name) != _shape(reference, table.name):
                    raise StrangeError(tr("its table {table} is built otherwise", table=table.name))
    finally:
        engine.dispose()


def _shape(connection: sqlite3.Connection, table: str) -> object:
    columns = [
        (name, kind, notnull, key, hidden)
        for _, name, kind, notnull, _, key, hidden in connection.execute(f'PRAGMA table_xinfo("{table}")')
    ]
    references = sorted(row[2:] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")'))
    indexes = []
    for _, name, unique, _, partial in connection.execute(f'PRAGMA index_list("{table}")').fetchall():
        inside = [row[2:] for row in connection.execute(f'PRAGMA index_xinfo("{name}")')]
        indexes.append((unique, partial, inside))
    return sorted(columns), references, sorted(indexes, key=repr)


# --------------------------------------------------------------------------------------
# values


def _number(column: str, low: float, high: float) -> str:
    return f"{column} NOT BETWEEN {low} AND {high}"  # a text or a blob is above any number


def _whole(column: str, low: int, high: int) -> str:
    return f"typeof({column}) != 'integer' OR {_number(column, low, high)}"


def _path(column: str) -> str:
    return f"typeof({column}) != 'blob' OR {column} = x'' OR instr({column}, x'00')"


def _one_of(column: str, values: type[Role | Use | LabelSource]) -> str:
    return f"{column} NOT IN ({', '.join(repr(one.value) for one in values)})"


_LARGE = ("image", "place")

_WRONG: Mapping[str, tuple[str, ...]] = {
    "image": (
        "length(content_hash) != 32 OR typeof(content_hash) = 'text'",
        "content_hash IS NULL AND problem IS NULL",
        "NOT (width BETWEEN 0 AND 2147483647 AND height BETWEEN 0 AND 2147483647)",
        _number("size", 0, _NS),
        "typeof(format) != 'text'",
        "problem IS NOT NULL AND (typeof(problem) != 'text' OR typeof(reason) != 'text')",
        _number("added_at", -_TIME, _TIME),
        f"last_path IS NOT NULL AND ({_path('last_path')})",
    ),
    "place": (
        _path("path"),
        "typeof(name) != 'text'",
        "typeof(mtime_ns) != 'integer'",
        _number("seen_at", -_TIME, _TIME),
    ),
    "label": (
        _one_of("source", LabelSource),
        f"use IS NOT NULL AND {_one_of('use', Use)}",
        _number("labelled_at", -_TIME, _TIME),
    ),
    "class": (
        _whole("id", 1, _ID),
        f"typeof(name) != 'text' OR length(name) NOT BETWEEN 1 AND {LONGEST_NAME}",
        "typeof(name_key) != 'text' OR typeof(\"key\") != 'text'",
        _one_of("role", Role),
        _whole("position", 0, _ID),
        "typeof(colour) != 'text'",
    ),
    "run": (
        _whole("id", 1, _ID),
        "typeof(name) != 'text' OR length(name) = 0",
        "typeof(method) != 'text' OR typeof(backbone) != 'text' OR typeof(checkpoint) != 'text'",
        "typeof(settings) != 'text' OR typeof(metrics) != 'text'",
        _number("created_at", -1e10, 1e11),
        _whole("starred", 0, 1),
    ),
    "setting": ("typeof(name) != 'text' OR typeof(value) != 'text'",),
}
"""What is wrong with a row, by table."""


def check_values(connection: sqlite3.Connection) -> None:
    """See that every row holds what the program reads from it.

    Raises:
        StrangeError: One does not.
    """
    try:
        for table in _WRONG:
            _check_rows(connection, table)
        if connection.execute(f"SELECT 1 FROM sqlite_sequence WHERE {_whole('seq', 0, _ID)}").fetchone() is not None:
            raise StrangeError(tr("the numbers of its rows would run out"))
        broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise StrangeError(tr("a row of its table {table} belongs to nothing", table=broken[0]))
        for row in connection.execute("SELECT checkpoint, settings, metrics FROM run"):
            _check_run(*row)
        for name, value in connection.execute("SELECT name, value FROM setting"):
            _check_setting(name, parsed(value, paths=True))
        for name, colour, key in connection.execute('SELECT name, colour, "key" FROM "class"'):
            if not (re.fullmatch("#[0-9a-fA-F]{6}", colour) and _is_clean(name) and _is_clean(key)):
                raise StrangeError(tr("a class has a name, a colour or a key that cannot be typed in"))
    except ValueError as error:
        raise StrangeError(str(error)[:200]) from error


def _check_rows(connection: sqlite3.Connection, table: str) -> None:
    where = " OR ".join(f"({one})" for one in _WRONG[table])
    if connection.execute(f'SELECT 1 FROM "{table}" WHERE {where} LIMIT 1').fetchone() is not None:
        raise StrangeError(tr("a row of its table {table} holds something else than it should", table=table))
    if table in _LARGE:
        ends = f'(SELECT min(id) FROM "{table}") < 1 OR (SELECT max(id) FROM "{table}") > {_ID}'
        if connection.execute(f"SELECT {ends}").fetchone()[0]:
            raise StrangeError(tr("a row of its table {table} has a number that is never given", table=table))


def _is_clean(text: str) -> bool:
    return not any(unicodedata.category(letter) == "Cc" for letter in text)


_Kind = Any  # a type, (types), [kind of each] or {key: kind of its value}

_NUMBER = (int, float)
_ACCURACY = {"percent": _NUMBER, "n": int, "low": _NUMBER, "high": _NUMBER}
_SCORES = dict.fromkeys(("base", "new", "all"), _ACCURACY)
_ANSWERS = {"levels": [_NUMBER], "counts": [int], "correct": [int]}
_RUN_SETTINGS: Mapping[str, _Kind] = {
    "shots": int,
    "seed": int,
    "prompt_template": str,
    "device": str,
    "options": {},
    "recipe": {},
    "split_hashes": {},
    "trained_on": {"classes": [{"name": str, "role": str}]},
}
_RUN_METRICS: Mapping[str, _Kind] = {
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
    "measured": {"ids": [int], "labels": [int], "predicted": [int]},
}
_SETTINGS: Mapping[str, _Kind] = {
    "prompt_template": str,
    "backbone": str,
    "weights_file": str,
    "current_run": int,
    "pictures_at": str,
    "pictures_removed": [str],
    "kept_labels": {},
    "retrain_dismissed": {"run": int, "reasons": [str]},
}


def _check_run(checkpoint: str, settings: str, metrics: str) -> None:
    if not is_inside(checkpoint):
        raise StrangeError(tr("a training names a file outside the project"))
    _check_kind(parsed_object(settings), dict(_RUN_SETTINGS), tr("the settings of a training are of another kind"))
    _check_kind(parsed_object(metrics), dict(_RUN_METRICS), tr("the figures of a training are of another kind"))


def _check_setting(name: str, value: Any) -> None:
    if name in _SETTINGS:
        _check_kind(value, _SETTINGS[name], tr("the values of the setting {name} are of another kind", name=name))
    if name == "prompt_template" and (trouble := unfit_templates(value or "")):
        raise StrangeError(trouble.rstrip("."))


def _check_kind(value: Any, kind: _Kind, strange: str) -> None:
    """A value is of its kind, or null; keys that are not described hold anything. `strange` says that it is not."""
    if value is None:
        return
    if isinstance(kind, list):
        fits = isinstance(value, list)
        if fits and kind == [int]:
            fits = set(map(type, value)) <= {int}
        elif fits:
            for one in value:
                _check_kind(one, kind[0], strange)
    elif isinstance(kind, dict):
        fits = isinstance(value, dict)
        for key in kind.keys() & (value if fits else {}):
            _check_kind(value[key], kind[key], strange)
    else:
        fits = isinstance(value, kind) and not isinstance(value, bool)
        fits = fits and not (isinstance(value, float) and abs(value) > _LARGEST)
    if not fits:
        raise StrangeError(strange)
