"""Cached query results over all images and their places, valid until one of these is added, removed or moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from mma_desktop.store.database import Database
from mma_desktop.store.rows import RowChange
from mma_desktop.store.schema import IMAGE, PLACE

T = TypeVar("T")


class QueryCache:
    """Cached query results, invalidated when `Database.placings` changes.

    Args:
        database: Where to read them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._results: dict[str, tuple[int, Any]] = {}

    def get(self, name: str, read: Callable[[Connection], T]) -> T:
        """The cached result for this name; reads it again if it is missing or stale."""
        now = self._database.placings  # before reading, so that concurrent changes make the result stale
        known = self._results.get(name)
        if known is None or known[0] != now:
            with self._database.reading() as connection:
                known = self._results[name] = now, read(connection)
        answer: T = known[1]
        return answer


def placing(rows: Sequence[RowChange]) -> bool:
    """Whether changed rows include images or places."""
    return any(row.table in {IMAGE.name, PLACE.name} for row in rows)
