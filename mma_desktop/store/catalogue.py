"""The whole project as columns: what filters, counts and the engine work on, a million rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from sqlalchemy import Connection

from mma_desktop.domain import LabelSource, Use
from mma_desktop.store.database import raw
from mma_desktop.store.rows import chunks, id_list

HASH_BYTES = 32
_FETCH = 500  # small parts are freed before the garbage collector walks over them: twice as fast
_USE_INDEX = {use.value: index for index, use in enumerate(Use)}
_SOURCE_INDEX = {source.value: index for index, source in enumerate(LabelSource)}


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueRows:
    """Columns of N images, all in the order of `ids`, which ascends.

    Attributes:
        ids: int64 (N,).
        class_ids: int64 (N,), -1 where there is no label.
        uses: int8 (N,), index in `list(Use)`, -1 for none.
        sources: int8 (N,), index in `list(LabelSource)`, -1 where there is no label.
        problem: bool (N,), whether the file has a problem.
        hashes: 'S32' (N,), the content hash, b"" for none. NumPy drops trailing zero bytes of a single element: use
            `content_hash` to get one as bytes.
    """

    ids: np.ndarray
    class_ids: np.ndarray
    uses: np.ndarray
    sources: np.ndarray
    problem: np.ndarray
    hashes: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def content_hash(self, index: int) -> bytes | None:
        """The 32 bytes of one content hash by its place in the columns, None where there is none."""
        value = bytes(self.hashes[index])
        return value.ljust(HASH_BYTES, b"\0") if value else None


def catalogue(connection: Connection) -> CatalogueRows:
    """Every image."""
    return _collect(connection, "", [()])


def catalogue_for(connection: Connection, ids: Iterable[int]) -> CatalogueRows:
    """These images, ascending by id, each once; ids that do not exist are left out."""
    parts = [(id_list(part),) for part in chunks(sorted(set(map(int, ids))))]
    return _collect(connection, "WHERE {column} IN (SELECT value FROM json_each(?))", parts)


def _collect(connection: Connection, where: str, parts: Sequence[tuple[str, ...]]) -> CatalogueRows:
    ids: list[np.ndarray] = [np.empty(0, np.int64)]
    problem: list[np.ndarray] = [np.empty(0, np.bool_)]
    hashes: list[np.ndarray] = [np.empty(0, f"S{HASH_BYTES}")]
    labels: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    for parameters in parts:
        cursor = raw(connection).execute(
            "SELECT id, problem IS NOT NULL, coalesce(content_hash, zeroblob(32)) FROM image "
            f"{where.format(column='id')} ORDER BY id",
            parameters,
        )
        while rows := cursor.fetchmany(_FETCH):
            columns = list(zip(*rows, strict=True))
            ids.append(np.array(columns[0], dtype=np.int64))
            problem.append(np.array(columns[1], dtype=np.bool_))
            hashes.append(_hash_column(columns[2]))
        cursor = raw(connection).execute(
            f'SELECT image_id, class_id, "use", source FROM label {where.format(column="image_id")}', parameters
        )
        while rows := cursor.fetchmany(_FETCH):
            columns = list(zip(*rows, strict=True))
            labels.append(
                (
                    np.array(columns[0], dtype=np.int64),
                    np.array(columns[1], dtype=np.int64),
                    np.fromiter(map(_USE_INDEX.get, columns[2], repeat(-1)), dtype=np.int8),
                    np.fromiter(map(_SOURCE_INDEX.get, columns[3], repeat(-1)), dtype=np.int8),
                )
            )
    all_ids = np.concatenate(ids)
    class_ids = np.full(len(all_ids), -1, dtype=np.int64)
    uses = np.full(len(all_ids), -1, dtype=np.int8)
    sources = np.full(len(all_ids), -1, dtype=np.int8)
    for image_ids, classes, label_uses, label_sources in labels:
        rows_at = np.searchsorted(all_ids, image_ids)
        class_ids[rows_at] = classes
        uses[rows_at] = label_uses
        sources[rows_at] = label_sources
    return CatalogueRows(all_ids, class_ids, uses, sources, np.concatenate(problem), np.concatenate(hashes))


def _hash_column(blobs: tuple[bytes, ...]) -> np.ndarray:
    joined = b"".join(blobs)
    if len(joined) == HASH_BYTES * len(blobs):  # one copy instead of one per row
        return np.frombuffer(joined, dtype=f"S{HASH_BYTES}")
    return np.array(blobs, dtype=f"S{HASH_BYTES}")
