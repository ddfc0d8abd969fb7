"""What was read of all images and their places, kept until one of them comes, goes or moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from mma_desktop.store.database import Database
from mma_desktop.store.rows import RowChange
from mma_desktop.store.schema import IMAGE, PLACE

T = TypeVar("T")


class Kept:
    """Answers over all places, each read again once `Database.placings` is another.

    Args:
        database: What they are read from.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: dict[str, tuple[int, Any]] = {}

    def get(self, name: str, read: Callable[[Connection], T]) -> T:
        """The answer of this name, read now if it is not known or old."""
        now = self._database.placings  # before the read: what comes in meanwhile makes it old
        known = self._answers.get(name)
        if known is None or known[0] != now:
            with self._database.reading() as connection:
                known = self._answers[name] = now, read(connection)
        answer: T = known[1]
        return answer


def placing(rows: Sequence[RowChange]) -> bool:
    """Whether images, or where they lie, are among changed rows."""
    return any(row.table in {IMAGE.name, PLACE.name} for row in rows)
