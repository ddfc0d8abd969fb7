"""Read columns without creating a Python object per row: SQLite joins them to one string that NumPy parses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from mma_desktop.store.database import raw


def integers(text: str | None) -> np.ndarray:
    """Parse `group_concat` of an integer column to int64; None, the result for no rows, gives an empty array."""
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


def letters(text: str | None) -> np.ndarray:
    """Parse `group_concat(..., '')` of a column of single ASCII letters to uint8."""
    return np.frombuffer((text or "").encode("ascii"), np.uint8)


def binaries(text: str | None, width: int) -> np.ndarray:
    """Parse `group_concat(hex(...), '')` of a column of blobs with `width` bytes each."""
    return np.frombuffer(bytes.fromhex(text or ""), f"S{width}")


def ids(connection: Connection, query: str, parameters: Sequence[object] = ()) -> np.ndarray:
    """The column `id`, int64, of a query's rows in their order."""
    statement = f"SELECT group_concat(id) FROM ({query})"
    return integers(raw(connection).execute(statement, tuple(parameters)).fetchone()[0])
