"""Columns of many rows without a Python object for each: SQLite joins them to one text, NumPy reads that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from mma_desktop.store.database import raw


def integers(text: str | None) -> np.ndarray:
    """int64, from what `group_concat` made of a column of integers; of no rows it makes None."""
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


def letters(text: str | None) -> np.ndarray:
    """uint8, from what `group_concat(..., '')` made of a column of single ASCII letters."""
    return np.frombuffer((text or "").encode("ascii"), np.uint8)


def binaries(text: str | None, width: int) -> np.ndarray:
    """Bytes of `width`, from what `group_concat(hex(...), '')` made of a column of blobs that are all so long."""
    return np.frombuffer(bytes.fromhex(text or ""), f"S{width}")


def ids(connection: Connection, query: str, parameters: Sequence[object] = ()) -> np.ndarray:
    """The column `id`, int64, of what a query finds, in its order."""
    statement = f"SELECT group_concat(id) FROM ({query})"
    return integers(raw(connection).execute(statement, tuple(parameters)).fetchone()[0])
