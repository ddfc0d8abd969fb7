"""The images of the open project as columns in memory, so that a filter over a million rows takes milliseconds."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.confidence_histogram import is_rejected

if TYPE_CHECKING:
    from mma_desktop.store.image_columns import CatalogueRows


Ids = NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)


class Show(StrEnum):
    """What the grid shows."""

    ALL = "all"
    UNLABELLED = "unlabelled"
    LABELLED = "labelled"
    CLASS = "class"
    PREDICTED = "predicted"
    REJECTED = "rejected"
    PROBLEMS = "problems"
    MISSING = "missing"
    CHANGED = "changed"


class Order(StrEnum):
    """How the grid is ordered."""

    ADDED = "added"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"
    CONFIDENCE = "confidence"
    LEAST_CONFIDENT = "least confident"
    LIKELY = "likely"
    SIMILAR = "similar"
    TYPICAL = "typical"
    OUTLIERS = "outliers"


BY_FILE = frozenset({Order.NAME, Order.NEWEST, Order.OLDEST})
"""Orders that the store knows."""
BY_GUESS = frozenset({Order.CONFIDENCE, Order.LEAST_CONFIDENT, Order.LIKELY})
"""Orders that follow the predictions."""
BY_FEATURES = frozenset({Order.SIMILAR, Order.TYPICAL, Order.OUTLIERS})
"""Orders over the embeddings, worked out on the engine lane."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One question to the grid.

    `class_id` belongs to CLASS and PREDICTED, and to the order LIKELY; `anchors` are the images that the order SIMILAR
    compares with.
    """

    show: Show = Show.ALL
    class_id: int | None = None
    order: Order = Order.ADDED
    text: str = ""
    anchors: tuple[int, ...] = ()


def _no_ids() -> Ids:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Lost:
    """Images whose own file is at none of its places, as the last look at the files told; ids ascend.

    At none of the places of a `missing` one there is a file; at one of a `changed` one there is a file of other bytes.
    """

    missing: Ids = field(default_factory=_no_ids)
    changed: Ids = field(default_factory=_no_ids)

    @property
    def ids(self) -> Ids:
        """Both."""
        return np.union1d(self.missing, self.changed)

    def state(self, image_id: int) -> str:
        """`Show.MISSING` or `Show.CHANGED` as a word, "" for an image whose file is there."""
        for word, ids in ((Show.MISSING, self.missing), (Show.CHANGED, self.changed)):
            at = int(np.searchsorted(ids, image_id))
            if at < len(ids) and int(ids[at]) == image_id:
                return word.value
        return ""


@dataclass(frozen=True)
class Guesses:
    """The best class of every embedded image, by the zero-shot classifier and, once trained, by the adapter.

    All arrays are aligned; `image_ids` ascends. Classes are ids of the project's classes; confidences are 0 to 1.
    `reject` is the adapter's threshold: below it the answer is "None of these", whatever class is best.
    """

    image_ids: Ids
    zero_shot_class: Ids
    zero_shot_confidence: NDArray[np.float32]
    adapted_class: Ids | None = None
    adapted_confidence: NDArray[np.float32] | None = None
    reject: float = 0.0

    @property
    def rejected(self) -> NDArray[np.bool_]:
        """Which images are none of the classes: the adapter is too unsure of them. Zero-shot rejects nothing."""
        if self.adapted_confidence is None or self.reject <= 0:
            return np.zeros(len(self.image_ids), np.bool_)
        return self.adapted_confidence < np.float64(self.reject)

    def rejects(self, at: int) -> bool:
        """Whether one of them is, by its place in the arrays."""
        confidence = self.adapted_confidence
        return confidence is not None and is_rejected(float(confidence[at]), self.reject)

    @property
    def best_class(self) -> Ids:
        """The adapter's classes where there is an adapter, else the zero-shot ones."""
        return self.zero_shot_class if self.adapted_class is None else self.adapted_class

    @property
    def best_confidence(self) -> NDArray[np.float32]:
        """Confidences of `best_class`."""
        return self.zero_shot_confidence if self.adapted_confidence is None else self.adapted_confidence

    def positions(self, ids: Ids) -> Ids:
        """Where each of `ids` is in the arrays, -1 for one that has no guess."""
        if not len(self.image_ids):
            return np.full(len(ids), -1, np.int64)
        where = np.minimum(np.searchsorted(self.image_ids, ids), len(self.image_ids) - 1)
        return np.where(self.image_ids[where] == ids, where, -1).astype(np.int64)


def looked_up(values: NDArray[Scalar], where: Ids, missing: Any) -> NDArray[Scalar]:
    """`values[where]`, but `missing` where `where` is -1, which no index reaches in a project that has become empty."""
    found = np.full(len(where), missing, values.dtype)
    known = where >= 0
    found[known] = values[where[known]]
    return found


@dataclass(frozen=True)
class Columns:
    """A snapshot of the catalogue: aligned arrays, `ids` ascending. Not to be written to."""

    ids: Ids
    class_ids: Ids
    uses: NDArray[np.int8]
    sources: NDArray[np.int8]
    problems: NDArray[np.bool_]
    hashes: NDArray[np.bytes_]

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which rows carry a label."""
        return self.class_ids >= 0

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which rows are pictures rather than problems."""
        return ~self.problems

    def positions(self, ids: Ids) -> Ids:
        """Where each of `ids` is, -1 for one that is not here."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        where = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[where] == ids, where, -1).astype(np.int64)


def _columns(rows: CatalogueRows) -> Columns:
    return Columns(rows.ids, rows.class_ids, rows.uses, rows.sources, rows.problem, rows.hashes)


class ImageIndex:
    """The current snapshot. Writers replace it under a lock; readers take it and keep it as long as they like."""

    def __init__(self, rows: CatalogueRows) -> None:
        self._lock = threading.Lock()
        self._columns = _columns(rows)
        self.lost = Lost()

    @property
    def columns(self) -> Columns:
        """The snapshot of now."""
        return self._columns

    def refresh(self, rows: CatalogueRows, removed: Iterable[int] = ()) -> None:
        """Take in rows that were added or changed, and drop those that were removed."""
        new = _columns(rows)
        gone = np.fromiter(removed, np.int64)
        with self._lock:
            old = self._columns
            changed = np.isin(new.ids, old.ids, assume_unique=True)
            if not len(gone) and changed.all():
                self._columns = _overwritten(old, new)
                return
            keep = ~np.isin(old.ids, np.concatenate([gone, new.ids]))
            self._columns = _merged(old, keep, new)

    def select(self, query: Filter, guesses: Guesses | None, named: Ids | None = None) -> Ids:
        """The image ids a filter shows, in its order.

        Args:
            query: The filter.
            guesses: Needed by PREDICTED and by the orders on confidence; without them PREDICTED shows nothing.
            named: The ids whose name holds `query.text`; for an order of `BY_FILE` in that order, else ascending.
        """
        columns = self.columns
        mask = _mask(columns, query, guesses, self.lost)
        if named is not None and (query.text or query.order in BY_FILE):
            where = columns.positions(named)
            where = where[where >= 0]
            if query.order in BY_FILE:
                return columns.ids[where[mask[where]]]
            inside = np.zeros(len(mask), bool)
            inside[where] = True
            mask &= inside
        ids = columns.ids[mask]
        if query.order in {Order.CONFIDENCE, Order.LEAST_CONFIDENT} and guesses is not None:
            where = guesses.positions(ids)
            confidence = np.where(where >= 0, guesses.best_confidence[where], np.float32(-1.0))
            if query.order is Order.LEAST_CONFIDENT:
                confidence = np.where(where >= 0, -confidence, np.float32(-2.0))
            return ids[np.argsort(-confidence, kind="stable")]
        return ids

    def numbers(self) -> dict[Show, int]:
        """How many images each of the filters without a class shows."""
        columns, lost = self.columns, self.lost
        usable = int(columns.usable.sum())
        return {
            Show.ALL: usable,
            Show.UNLABELLED: int((columns.usable & ~columns.labelled).sum()),
            Show.LABELLED: int(columns.labelled.sum()),
            Show.PROBLEMS: len(columns.ids) - usable,
            Show.MISSING: int((columns.positions(lost.missing) >= 0).sum()),
            Show.CHANGED: int((columns.positions(lost.changed) >= 0).sum()),
        }

    def counts(self) -> dict[int, int]:
        """Labelled images a class."""
        labelled = self.columns.class_ids[self.columns.labelled]
        found, number = np.unique(labelled, return_counts=True)
        return dict(zip(found.tolist(), number.tolist(), strict=True))


def _mask(columns: Columns, query: Filter, guesses: Guesses | None, lost: Lost) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_]
    match query.show:
        case Show.ALL:
            return columns.usable.copy()
        case Show.UNLABELLED:
            return columns.usable & ~columns.labelled
        case Show.LABELLED:
            return columns.labelled.copy()
        case Show.CLASS:
            mask = columns.class_ids == (-2 if query.class_id is None else query.class_id)
            return mask
        case Show.PROBLEMS:
            return columns.problems.copy()
        case Show.MISSING | Show.CHANGED:
            mask = np.zeros(len(columns.ids), np.bool_)
            where = columns.positions(lost.missing if query.show is Show.MISSING else lost.changed)
            mask[where[where >= 0]] = True
            return mask
        case Show.PREDICTED | Show.REJECTED:
            mask = np.zeros(len(columns.ids), np.bool_)
            if guesses is not None:
                of_class = guesses.rejected
                if query.show is Show.PREDICTED:
                    of_class = (guesses.best_class == query.class_id) & ~of_class
                where = columns.positions(guesses.image_ids[of_class])
                mask[where[where >= 0]] = True
            return mask & columns.usable & ~columns.labelled


_NAMES = ("ids", "class_ids", "uses", "sources", "problems", "hashes")


def _overwritten(old: Columns, new: Columns) -> Columns:
    where = np.searchsorted(old.ids, new.ids)
    arrays = {name: getattr(old, name) for name in _NAMES}
    for name in _NAMES[1:]:
        arrays[name] = arrays[name].copy()
        arrays[name][where] = getattr(new, name)
    return Columns(**arrays)


def _merged(old: Columns, keep: NDArray[np.bool_], new: Columns) -> Columns:
    ids = np.concatenate([old.ids[keep], new.ids])
    order = np.argsort(ids, kind="stable")
    return Columns(**{name: np.concatenate([getattr(old, name)[keep], getattr(new, name)])[order] for name in _NAMES})
