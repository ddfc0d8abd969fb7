"""All images of a project as columns, for filters, counts and the engine; handles a million rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sqlalchemy import Connection

from mma_desktop.core.types import LabelSource, Use
from mma_desktop.store.columns import HASH_BYTES, Columns
from mma_desktop.store.database import raw
from mma_desktop.store.numpy_columns import binaries, integers, letters
from mma_desktop.store.rows import chunks, id_list

_PART = 100_000
"""Ids per query; the result is about 8 MB of text."""
_LARGEST = 2**63 - 1
_NONE = ord("-")
_FIRST = ord("a")


def catalogue(connection: Connection) -> Columns:
    """All images."""
    parts: list[Columns] = []
    next_id = "SELECT min(id) FROM image WHERE id > ?"  # ids may have gaps of any size
    last = -1
    while (first := raw(connection).execute(next_id, (last,)).fetchone()[0]) is not None:
        last = min(first + _PART - 1, _LARGEST)
        parts.append(_part(connection, "BETWEEN ? AND ?", (first, last)))
    return _joined(connection, parts)


def catalogue_for(connection: Connection, ids: Iterable[int]) -> Columns:
    """These images without duplicates, ascending by id; unknown ids are skipped."""
    parts = chunks(sorted(set(map(int, ids))))
    where = "IN (SELECT value FROM json_each(?))"
    return _joined(connection, [_part(connection, where, (id_list(part),)) for part in parts])


def _letter(column: str, values: Iterable[str]) -> str:
    """SQL that encodes a text column as one letter per row: its index in `values`, or "-" for anything else."""
    cases = " ".join(f"WHEN '{value}' THEN '{chr(_FIRST + at)}'" for at, value in enumerate(values))
    return f"group_concat(CASE {column} {cases} ELSE '{chr(_NONE)}' END, '')"


def _places(column: str | None) -> np.ndarray:
    """Decode the result of `_letter` to int8; "-" becomes -1."""
    found = letters(column)
    return np.where(found == _NONE, -1, found.astype(np.int16) - _FIRST).astype(np.int8)


_IMAGES = (
    "SELECT group_concat(id), group_concat(problem IS NOT NULL, ''), "
    f"group_concat(CASE WHEN length(content_hash) = {HASH_BYTES} THEN hex(content_hash) "
    f"ELSE '{'0' * 2 * HASH_BYTES}' END, '') FROM image WHERE id "
)
_LABELS = (
    f"""SELECT group_concat(image_id), group_concat(class_id), {_letter('"use"', (use.value for use in Use))}, """
    f"{_letter('source', (source.value for source in LabelSource))} FROM label WHERE image_id "
)


def _part(connection: Connection, where: str, parameters: tuple[object, ...]) -> Columns:
    ids_text, problems, hashes = raw(connection).execute(_IMAGES + where, parameters).fetchone()
    ids = integers(ids_text)
    class_ids = np.full(len(ids), -1, np.int64)
    uses, sources = np.full(len(ids), -1, np.int8), np.full(len(ids), -1, np.int8)
    labelled, classes, label_uses, label_sources = raw(connection).execute(_LABELS + where, parameters).fetchone()
    order = np.argsort(ids, kind="stable")  # SQL guarantees no order inside an aggregate
    at = order[np.searchsorted(ids, integers(labelled), sorter=order)]
    class_ids[at] = integers(classes)
    uses[at] = _places(label_uses)
    sources[at] = _places(label_sources)
    columns = Columns(ids, class_ids, uses, sources, letters(problems) == ord("1"), binaries(hashes, HASH_BYTES))
    return Columns(*(column[order] for column in columns.each()))


def _joined(connection: Connection, parts: list[Columns]) -> Columns:
    none = _part(connection, "= -1", ())  # for the types of no images at all
    return Columns(*map(np.concatenate, zip(*(part.each() for part in (none, *parts)), strict=True)))
