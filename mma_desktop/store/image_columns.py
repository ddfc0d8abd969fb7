"""All images of a project as columns, for filters, counts and the engine; handles a million rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, case, func, select

from mma_desktop.core.types import LabelSource, Use
from mma_desktop.store.columns import HASH_BYTES, Columns
from mma_desktop.store.rows import among, chunks, integers, these
from mma_desktop.store.schema import IMAGE, LABEL

_PART = 100_000
"""Ids per query; the result is about 8 MB of text."""


def catalogue(connection: Connection) -> Columns:
    parts: list[Columns] = []
    last = -1
    # Ids may have gaps of any size.
    while (first := connection.scalar(select(func.min(IMAGE.c.id)).where(IMAGE.c.id > last))) is not None:
        last = first + _PART - 1
        parts.append(_part(connection, IMAGE.c.id.between(first, last), LABEL.c.image_id.between(first, last)))
    return _joined(connection, parts)


def catalogue_for(connection: Connection, ids: Iterable[int]) -> Columns:
    """These images without duplicates, ascending by id; unknown ids are skipped."""
    parts = chunks(sorted(set(map(int, ids))))
    return _joined(
        connection, [_part(connection, among(IMAGE.c.id), among(LABEL.c.image_id), these(part)) for part in parts]
    )


def _index(column: ColumnElement[Any], values: type[StrEnum]) -> ColumnElement[int]:
    """Which of the values a text is, or -1 for anything else."""
    return case({value.value: at for at, value in enumerate(values)}, value=column, else_=-1)


_HASH = case(
    (func.length(IMAGE.c.content_hash) == HASH_BYTES, func.hex(IMAGE.c.content_hash)), else_="0" * 2 * HASH_BYTES
)
_IMAGES = select(
    func.group_concat(IMAGE.c.id), func.group_concat(IMAGE.c.problem.is_not(None)), func.group_concat(_HASH, "")
)
_LABELS = select(
    *map(
        func.group_concat,
        (LABEL.c.image_id, LABEL.c.class_id, _index(LABEL.c.use, Use), _index(LABEL.c.source, LabelSource)),
    )
)


def _part(
    connection: Connection,
    images: ColumnElement[bool],
    labels: ColumnElement[bool],
    parameters: Mapping[str, Any] | None = None,
) -> Columns:
    ids_text, problems, hashes = connection.execute(_IMAGES.where(images), parameters).one()
    ids = integers(ids_text)
    class_ids = np.full(len(ids), -1, np.int64)
    uses, sources = np.full(len(ids), -1, np.int8), np.full(len(ids), -1, np.int8)
    labelled, *of_labels = map(integers, connection.execute(_LABELS.where(labels), parameters).one())
    order = np.argsort(ids, kind="stable")  # SQL guarantees no order inside an aggregate
    at = order[np.searchsorted(ids, labelled, sorter=order)]
    class_ids[at], uses[at], sources[at] = of_labels
    blobs = np.frombuffer(bytes.fromhex(hashes or ""), f"S{HASH_BYTES}")
    columns = Columns(ids, class_ids, uses, sources, integers(problems) == 1, blobs)
    return Columns(*(column[order] for column in columns.each()))


def _joined(connection: Connection, parts: list[Columns]) -> Columns:
    none = _part(connection, IMAGE.c.id == -1, LABEL.c.image_id == -1)  # for the types of no images at all
    return Columns(*map(np.concatenate, zip(*(part.each() for part in (none, *parts)), strict=True)))
