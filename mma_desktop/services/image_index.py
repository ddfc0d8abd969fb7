"""The open project's images as columns in memory, so that filtering a million rows takes milliseconds."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.store import columns as store_columns
from mma_desktop.store.columns import positions

if TYPE_CHECKING:
    from mma_desktop.engine.methods.open_set import OpenSetModel, Share
    from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds

Columns = store_columns.Columns
Ids = store_columns.Ids
Floats = NDArray[np.float32]

Scalar = TypeVar("Scalar", bound=np.generic)


class Show(StrEnum):
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
    ADDED = "added"
    NAME = "name"
    NEWEST = "newest"
    OLDEST = "oldest"
    CONFIDENCE = "confidence"
    LEAST_CONFIDENT = "least confident"
    TYPICAL = "typical"
    OUTLIERS = "outliers"


# Orders provided by the store.
BY_FILE = frozenset({Order.NAME, Order.NEWEST, Order.OLDEST})
# Orders based on the predictions.
BY_PREDICTION = frozenset({Order.CONFIDENCE, Order.LEAST_CONFIDENT})
# Orders based on the embeddings, computed on the engine lane.
BY_FEATURES = frozenset({Order.TYPICAL, Order.OUTLIERS})


@dataclass(frozen=True, slots=True)
class Filter:
    """A query of the grid; `class_id` applies to CLASS and PREDICTED."""

    show: Show = Show.ALL
    class_id: int | None = None
    order: Order = Order.ADDED
    text: str = ""


def _no_ids() -> Ids:
    return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Lost:
    """Ids, ascending, of images that the last check did not find at any of their paths.

    A `missing` image has no file there, a `changed` one a file with other content.
    """

    missing: Ids = field(default_factory=_no_ids)
    changed: Ids = field(default_factory=_no_ids)

    @property
    def ids(self) -> Ids:
        return np.union1d(self.missing, self.changed)

    def state(self, image_id: int) -> str:
        """The value of `Show.MISSING` or `Show.CHANGED`; "" if the image's file is there."""
        for word, ids in ((Show.MISSING, self.missing), (Show.CHANGED, self.changed)):
            if positions(ids, np.array([image_id]))[0] >= 0:
                return word.value
        return ""


@dataclass(frozen=True)
class Predictions:
    """The best class of every embedded image, zero-shot and, after training, by the adapter.

    All arrays are aligned; `image_ids` ascends. Classes are class ids of the project; confidences are 0 to 1.
    `adapted_confidence` is that of an image that shows one of the classes.

    `open_set_scores` tell unknown images, which are "None of these": those that a trained class claims too little, and
    those that only the text of a name speaks for, with too small a margin (see `predicting.none_of_these`).
    """

    image_ids: Ids
    zero_shot_class: Ids
    zero_shot_confidence: Floats
    adapted_class: Ids | None = None
    adapted_confidence: Floats | None = None
    open_set_scores: OpenSetScores | None = None
    open_set: OpenSetModel | None = None
    share: Share | None = None
    thresholds: Thresholds | None = None
    off: bool = False

    @cached_property
    def rejected(self) -> NDArray[np.bool_]:
        """Which images are "None of these" to the adapter. Zero-shot rejects nothing."""
        if self.open_set_scores is None or self.thresholds is None or self.off:
            return np.zeros(len(self.image_ids), np.bool_)
        return self.open_set_scores.rejected(self.thresholds)

    @property
    def can_reject(self) -> bool:
        """Whether a prediction could be "None of these", whatever the project wants."""
        return self.adapted_class is not None and self.open_set is not None

    @property
    def by_text(self) -> NDArray[np.bool_]:
        """Which answers, of a model, rest on the text of a name alone."""
        return np.zeros(len(self.image_ids), np.bool_) if self.open_set_scores is None else self.open_set_scores.by_text

    @property
    def best_class(self) -> Ids:
        """The adapter's classes if there is an adapter, otherwise the zero-shot ones."""
        return self.zero_shot_class if self.adapted_class is None else self.adapted_class

    @cached_property
    def best_confidence(self) -> Floats:
        """How likely each image shows its best class; unknown images count where they may be None of these."""
        if self.adapted_confidence is None:
            return self.zero_shot_confidence
        if self.open_set_scores is None or self.thresholds is None or self.off:
            return self.adapted_confidence
        return (self.adapted_confidence * self.open_set_scores.known(self.thresholds)).astype(np.float32)

    def positions(self, ids: Ids) -> Ids:
        """Positions of `ids` in the arrays, -1 for images without a prediction."""
        return positions(self.image_ids, ids)


def indices_in(class_ids: Sequence[int] | Ids, labels: Ids) -> Ids:
    """The index of each label in `class_ids`, which come in any order and have all labels."""
    order = np.argsort(class_ids, kind="stable")
    return order[np.searchsorted(class_ids, labels, sorter=order)].astype(np.int64)


def reordered(shown: Ids, ranked: Ids) -> Ids:
    """The shown images in the order of a ranking; those that it does not have come last."""
    first = ranked[np.isin(ranked, shown)]
    return np.concatenate([first, shown[~np.isin(shown, first)]])


def looked_up(values: NDArray[Scalar], where: Ids, missing: Any) -> NDArray[Scalar]:
    """`values[where]`, or `missing` if `where` is -1. Plain indexing with -1 fails on an empty project."""
    result = np.full(len(where), missing, values.dtype)
    known = where >= 0
    result[known] = values[where[known]]
    return result


class ImageIndex:
    """Holds the current snapshot. Writers replace it under a lock; readers may keep theirs as long as they like."""

    def __init__(self, columns: Columns) -> None:
        self._lock = threading.Lock()
        self._columns = columns
        self.lost = Lost()

    @property
    def columns(self) -> Columns:
        return self._columns

    def refresh(self, new: Columns, removed: Iterable[int] = ()) -> None:
        """Insert or update rows, and drop removed ones."""
        gone = np.fromiter(removed, np.int64)
        with self._lock:
            old = self._columns
            changed = np.isin(new.ids, old.ids, assume_unique=True)
            # A label: the arrays that it does not touch stay the same objects, and so what follows from them.
            if not len(gone) and changed.all():
                where = np.searchsorted(old.ids, new.ids)
                self._columns = Columns(*map(partial(_with, where), old.each(), new.each()))
                return
            keep = ~np.isin(old.ids, np.concatenate([gone, new.ids]))
            self._columns = _merged(old, keep, new)

    def select(self, query: Filter, predictions: Predictions | None, named: Ids | None = None) -> Ids:
        """The image ids a filter shows, in order. Without `predictions`, PREDICTED shows nothing.

        `named` are the ids whose name contains `query.text`; in that order for `BY_FILE`, otherwise ascending.
        """
        columns = self.columns
        mask = _mask(columns, query, predictions, self.lost)
        if named is not None and (query.text or query.order in BY_FILE):
            where = columns.positions(named)
            where = where[where >= 0]
            if query.order in BY_FILE:
                return columns.ids[where[mask[where]]]
            inside = np.zeros(len(mask), bool)
            inside[where] = True
            mask &= inside
        ids = columns.ids[mask]
        if query.order in {Order.CONFIDENCE, Order.LEAST_CONFIDENT} and predictions is not None:
            where = predictions.positions(ids)
            # Images without a prediction come last in either order.
            confidence = np.where(where >= 0, predictions.best_confidence[where], np.float32(-1.0))
            if query.order is Order.LEAST_CONFIDENT:
                confidence = np.where(where >= 0, -confidence, np.float32(-2.0))
            return ids[np.argsort(-confidence, kind="stable")]
        return ids

    def matches(self, query: Filter, predictions: Predictions | None, ids: Ids) -> NDArray[np.bool_]:
        """Which of these images a filter shows, whatever its text."""
        columns = self.columns
        return looked_up(_mask(columns, query, predictions, self.lost), columns.positions(ids), False)

    def numbers(self) -> dict[Show, int]:
        """The number of images for each filter that needs no class."""
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

    def counts(self, *, examples: bool = False) -> dict[int, int]:
        """The number of labelled images per class, or of its `examples`, without those held back to measure."""
        columns = self.columns
        counted = columns.labelled & ~columns.held_back if examples else columns.labelled
        classes, number = np.unique(columns.class_ids[counted], return_counts=True)
        return dict(zip(classes.tolist(), number.tolist(), strict=True))


def _mask(columns: Columns, query: Filter, predictions: Predictions | None, lost: Lost) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_]
    match query.show:
        case Show.ALL:
            return columns.usable.copy()
        case Show.UNLABELLED:
            return columns.usable & ~columns.labelled
        case Show.LABELLED:
            return columns.labelled.copy()
        case Show.CLASS:
            # -2 is no id, where -1 is that of unlabelled images.
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
            if predictions is not None:
                of_class = predictions.rejected
                if query.show is Show.PREDICTED:
                    of_class = (predictions.best_class == query.class_id) & ~of_class
                where = columns.positions(predictions.image_ids[of_class])
                mask[where[where >= 0]] = True
            return mask & columns.usable & ~columns.labelled


def _with(where: Ids, column: NDArray[Scalar], values: NDArray[Scalar]) -> NDArray[Scalar]:
    """A column with values in these places; itself if it has them, as an array is the version of what is in it."""
    if np.array_equal(column[where], values):
        return column
    column = column.copy()
    column[where] = values
    return column


def _merged(old: Columns, keep: NDArray[np.bool_], new: Columns) -> Columns:
    order = np.argsort(np.concatenate([old.ids[keep], new.ids]), kind="stable")
    pairs = zip(old.each(), new.each(), strict=True)
    return Columns(*(np.concatenate([before[keep], after])[order] for before, after in pairs))
