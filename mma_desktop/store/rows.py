"""Row writer that records each row before and after an edit, so that any edit can be undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from mma_desktop.store.database import raw
from mma_desktop.store.schema import CLASS, IMAGE, LABEL, PLACE, Row

CHUNK = 10_000
PARAMETERS = 900
"""Values per `IN (...)`; below SQLite's smallest limit."""

T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Split items into lists of at most `size`."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def rows_in(sql: sqlite3.Connection, statement: str, values: Iterable[bytes]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement in which `{values}` stands for any number of paths or hashes."""
    for part in chunks(values, PARAMETERS):
        yield from sql.execute(statement.format(values=",".join("?" * len(part))), part)


def id_list(ids: Iterable[int]) -> str:
    """Ids as JSON for `IN (SELECT value FROM json_each(?))`, which takes any number of ids in one parameter."""
    return json.dumps([int(number) for number in ids])


def next_id(connection: Connection, table: Table) -> int:
    """The first unused id of an AUTOINCREMENT table; safe inside a write transaction."""
    query = (
        f'SELECT max(coalesce((SELECT max(id) FROM "{table.name}"), 0), '
        "coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0))"
    )
    return int(raw(connection).execute(query, (table.name,)).fetchone()[0]) + 1


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row before and after an edit; None if it did not exist."""

    table: str
    key: int
    before: Row | None
    after: Row | None

    @property
    def place(self) -> tuple[str, int]:
        """Identifies the row: table and key."""
        return self.table, self.key


class RowWriter:
    """Writes and deletes rows inside one transaction, and records each row's state before its first change."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._changes: dict[tuple[str, int], RowChange] = {}

    @property
    def changes(self) -> list[RowChange]:
        """Rows that differ from their original state."""
        return [change for change in self._changes.values() if change.before != change.after]

    def rows(self, table: Table, keys: Iterable[int]) -> dict[int, Row]:
        """The rows with these primary keys; missing ones are skipped."""
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        key = next(iter(table.columns)).name
        statement = f'SELECT {names} FROM "{table.name}" WHERE "{key}" IN (SELECT value FROM json_each(?))'
        found: dict[int, Row] = {}
        for part in chunks(keys):
            found.update((row[0], row) for row in raw(self.connection).execute(statement, (id_list(part),)))
        return found

    def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, or replace those with the same primary key."""
        before = self.rows(table, (row[0] for row in rows))
        fresh = [row for row in rows if before.get(row[0]) != row]
        names = [f'"{column.name}"' for column in table.columns]
        updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        raw(self.connection).executemany(
            f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))}) '
            f"ON CONFLICT ({names[0]}) DO UPDATE SET {updates}",
            fresh,
        )
        for row in fresh:
            self._note(table, row[0], before.get(row[0]), row)

    def drop(self, table: Table, keys: Iterable[int]) -> None:
        """Delete the rows with these primary keys; missing ones are skipped."""
        before = self.rows(table, keys)
        key = next(iter(table.columns)).name
        statement = f'DELETE FROM "{table.name}" WHERE "{key}" IN (SELECT value FROM json_each(?))'
        for part in chunks(before):
            raw(self.connection).execute(statement, (id_list(part),))
        for number, row in before.items():
            self._note(table, number, row, None)

    def keys_where(self, table: Table, column: str, values: Iterable[int]) -> list[int]:
        """Primary keys of the rows whose `column` is in `values`."""
        key = next(iter(table.columns)).name
        statement = f'SELECT "{key}" FROM "{table.name}" WHERE "{column}" IN (SELECT value FROM json_each(?))'
        return [
            number for part in chunks(values) for (number,) in raw(self.connection).execute(statement, (id_list(part),))
        ]

    def drop_images(self, ids: Iterable[int]) -> None:
        """Delete images with their labels and places."""
        ids = list(ids)
        self.drop(LABEL, ids)
        self.drop(PLACE, self.keys_where(PLACE, "image_id", ids))
        self.drop(IMAGE, ids)

    def drop_classes(self, ids: Iterable[int]) -> None:
        """Delete classes and their labels."""
        ids = list(ids)
        self.drop(LABEL, self.keys_where(LABEL, "class_id", ids))
        self.drop(CLASS, ids)

    def _note(self, table: Table, key: int, before: Row | None, after: Row | None) -> None:
        place = (table.name, key)
        earlier = self._changes.get(place)
        self._changes[place] = RowChange(table.name, key, earlier.before if earlier else before, after)
