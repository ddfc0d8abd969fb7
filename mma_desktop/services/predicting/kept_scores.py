"""What each image scores, so that of scores that are out of date (`services.graph`) only some are worked out again.

Zero-shot follows from contents of images, names, what is read and the template; adapted scores from the tensors of
the adapter too. So a new class adds its column to zero-shot, and a new image its row to both. Engine lane only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import name_key
from mma_desktop.engine.open_set_scores import OpenSetScores
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.graph import Rows
from mma_desktop.services.image_index import Ids, Predictions, looked_up
from mma_desktop.store.columns import positions

if TYPE_CHECKING:
    from mma_desktop.engine.methods.adapter import InnerProducts
    from mma_desktop.engine.predictor import Features

Scalar = TypeVar("Scalar", bound=np.generic)
Mask = NDArray[np.bool_]
Names = frozenset[tuple[int, str]]
# How many numbers an image has, the id of its best class first.
ZERO_SHOT_ROWS = 3  # then the highest logit and the logarithm of the sum of all
ADAPTED_ROWS = 4  # then confidence, score and margin, the last two as in `OpenSetScores`; NaN if nothing tells them
BACKGROUND_ROWS = 1  # nearness to the background, as in `open_set.background_similarity`; NaN where nobody needed it


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Numbers (M, N) of N images, with the version of what they follow from beside the contents of the images.

    Attributes:
        version: Of everything but names.
        names: Ids of the classes, with what is read for them; what is adapted also follows from the names themselves.
        ids, hashes: The images; `ids` ascend.
        numbers: In the first row, NaN is what is not known.
    """

    version: str
    names: Names
    ids: Ids
    hashes: NDArray[np.bytes_]
    numbers: NDArray[np.float64]

    @property
    def known(self) -> Mask:
        mask: Mask = ~np.isnan(self.numbers[0])
        return mask

    def of(self, ids: Ids, hashes: NDArray[np.bytes_]) -> ScoreTable:
        """The same of other images, with what is known of them."""
        return replace(self, ids=ids, hashes=hashes, numbers=np.full((len(self.numbers), len(ids)), np.nan)).filled(
            self
        )

    def filled(self, other: ScoreTable | None) -> ScoreTable:
        """With what `other` knows of these images; itself if that follows from other names or another version."""
        if other is None or (self.version, self.names) != (other.version, other.names):
            return self
        pairs = (self.ids, other.ids), (self.hashes, other.hashes)
        if all(first is second or np.array_equal(first, second) for first, second in pairs):
            if other.known.all():
                return other  # nothing will be written into it
            return replace(self, numbers=other.numbers.copy())
        where = positions(other.ids, self.ids)
        where[looked_up(other.hashes, where, b"") != self.hashes] = -1  # an id may come again
        return replace(self, numbers=np.array([looked_up(row, where, np.nan) for row in other.numbers]))


class Scores(NamedTuple):
    """Of every image with features; `adapted` and `near` are those by the last adapter, None before the first."""

    zero_shot: ScoreTable
    adapted: ScoreTable | None = None
    near: ScoreTable | None = None


@graph.derived(graph.model_in_use)
def digest(context: ProjectContext) -> str:
    """Of the adapter's tensors, and of what else its scores follow from."""
    adapter, header = context.engine.predictor.need_adapter()
    parts = header.method, header.options, header.temperatures, header.classes, sorted(header.texts.items())
    margins = None if header.open_set is None else header.open_set.names
    hashed = hashlib.sha256(repr((parts, header.prompt_template, margins)).encode())
    for name, tensor in adapter.state_dict().items():
        hashed.update(name.encode())
        hashed.update(np.ascontiguousarray(tensor.cpu().numpy()).tobytes())
    return hashed.hexdigest()


class Products:
    """Inner products of the newest images with the anchors of the adapter that scored them."""

    newest: tuple[tuple[str, Ids, NDArray[np.bytes_]], InnerProducts] | None = None

    def of(self, model: str, rows: Rows) -> InnerProducts:
        from mma_desktop.engine.methods.adapter import InnerProducts

        asked, newest = (model, rows.ids, rows.hashes), self.newest
        if newest is None or not graph.same(newest[0], asked, contents=True):
            self.newest = newest = asked, InnerProducts(len(rows.ids))
        return newest[1]


class Scoring:
    """What is kept of some images of a project, and what is to be worked out.

    Args:
        context: The project; a backbone is loaded.
        rows: The images.
        before: What was known last.
    """

    def __init__(self, context: ProjectContext, rows: Rows, before: Scores | None) -> None:
        self._ids, self._hashes, self._before = rows.ids, rows.hashes, before
        self._engine = context.engine
        self._predictor = predictor = self._engine.predictor
        self._names = [kind.name for kind in context.classes]
        self._class_ids = np.array([kind.id for kind in context.classes], np.int64)
        self._adapted_template = self._template = context.prompt_template
        self._read = predictor.read(self._names, adapted=False)
        model = f"{predictor.backbone.id} {predictor.backbone.fingerprint}"
        self._products = context.state_of(Products).of(model, rows)
        self._zero_shot = self._blank(f"{model} {self._template}", self._read, ZERO_SHOT_ROWS)
        self._new = list(range(len(self._names)))
        kept = None if before is None else before.zero_shot
        if kept is not None and kept.version == self._zero_shot.version and kept.names <= self._zero_shot.names:
            old = {class_id for class_id, _ in kept.names}
            self._new = [at for at, class_id in enumerate(self._class_ids.tolist()) if class_id not in old]
            if self._new:
                kept = replace(kept, names=self._zero_shot.names, numbers=kept.numbers.copy())
            self._zero_shot = self._zero_shot.filled(kept)
        self._adapted = self._near = None
        if predictor.header is not None:
            self._adapted_template = predictor.header.prompt_template
            read = predictor.read(self._names, adapted=True)
            known = [f"{name_key(name)}: {text}" for name, text in zip(self._names, read, strict=True)]
            adapted = self._blank(f"{model} {digest(context)}", known, ADAPTED_ROWS)
            near = self._blank(f"{model} {self._adapted_template}", read, BACKGROUND_ROWS)
            self._adapted = adapted.filled(before and before.adapted)
            self._near = near.filled(before and before.near)

    def _blank(self, version: str, read: Sequence[str], rows: int) -> ScoreTable:
        names = frozenset(zip(self._class_ids.tolist(), read, strict=True))
        return ScoreTable(version, names, self._ids, self._hashes, np.full((rows, len(self._ids)), np.nan))

    def to_do(self) -> Ids:
        """Places of the images of which something is to be worked out."""
        done = self._zero_shot.known & (not self._new)
        return np.flatnonzero(~done if self._adapted is None else ~(done & self._adapted.known))

    def work_out(self, part: Ids) -> None:
        """Work out what is out of date for the images at these places."""
        features = self._engine.gather(self._hashes, whole=self._adapted is not None, part=part)
        self._score_names(part, features)
        if self._adapted is not None and self._near is not None:
            self._score_adapted(part, features, self._adapted.numbers, self._near.numbers[0])

    def _score_names(self, part: Ids, features: Features) -> None:
        known = ~np.isnan(self._zero_shot.numbers[0, part])
        if known.all() and not self._new:
            return
        texts = self._predictor.features_of(self._read, self._template)
        for rows, columns in ((~known, range(len(self._names))), (known, self._new)):
            if not len(columns) or not rows.any():
                continue
            where = part[rows]
            # Of known images only the new columns: the sum of exponentials grows by these, and the best may be one of
            # them.
            name_logits = self._predictor.name_logits(features[rows], texts[list(columns)]).astype(np.float64)
            highest = name_logits.max(axis=1)
            # A log-sum-exp, less the highest so that nothing overflows.
            total = np.log(np.exp(name_logits - highest[:, None]).sum(axis=1)) + highest
            best = self._class_ids[list(columns)][name_logits.argmax(axis=1)]
            kept = np.where(np.isnan(before := self._zero_shot.numbers[:, where]), -np.inf, before)
            better = highest > kept[1]
            self._zero_shot.numbers[:, where] = (
                np.where(better, best, kept[0]),
                np.where(better, highest, kept[1]),
                np.logaddexp(kept[2], total),
            )

    def _score_adapted(
        self, part: Ids, features: Features, numbers: NDArray[np.float64], near: NDArray[np.float64]
    ) -> None:
        rows = np.isnan(numbers[0, part])
        if not rows.any():
            return
        part, features = part[rows], features if rows.all() else features[rows]
        products = near[part].astype(np.float32)
        kept = self._products, part
        predicted = self._predictor.predict(features, self._names, self._adapted_template, products, kept)
        probabilities, open_set_scores = predicted
        best = probabilities.argmax(axis=1)
        numbers[:2, part] = self._class_ids[best], probabilities[np.arange(len(best)), best]
        if open_set_scores is not None:
            numbers[2:, part] = open_set_scores.scores, open_set_scores.margins
        # `predict` fills in those that it had to work out.
        near[part] = products

    @property
    def found(self) -> Scores:
        before = self._before or Scores(self._zero_shot)
        if self._zero_shot is before.zero_shot and self._adapted in (None, before.adapted):
            return before
        return Scores(self._zero_shot, self._adapted or before.adapted, self._near or before.near)

    def predictions(self, before: Predictions | None = None) -> Predictions:
        """See `predictions_of`."""
        return predictions_of(self._zero_shot, self._adapted, before)


def predictions_of(zero_shot: ScoreTable, adapted: ScoreTable | None, before: Predictions | None = None) -> Predictions:
    """The predictions that are worked out, and for other images those of `before`."""
    # What is None of these is to be decided; until then it is what falls below the thresholds of `before`.
    ids, known = zero_shot.ids, zero_shot.known
    before = before or Predictions(ids[:0], ids[:0], np.zeros(0, np.float32))
    where = before.positions(ids)
    shown = known | (where >= 0)
    every = bool(shown.all())

    def merged(new: NDArray[np.float64], old: NDArray[Scalar], computed: Mask) -> NDArray[Scalar]:
        former = old.copy() if before.image_ids is ids else looked_up(old, where, 0)
        np.copyto(former, new, "unsafe", computed)
        return former if every else former[shown]

    best, highest, total = zero_shot.numbers
    classes = merged(best, before.zero_shot_class, known)
    certain = merged(np.exp(highest - total), before.zero_shot_confidence, known)
    # The same array where all are shown, by which the next predictions are known to be of the same images.
    predictions = Predictions(ids if every else ids[shown], classes, certain)
    if adapted is None:
        return predictions
    known = adapted.known
    best, confidence, scores, margins = adapted.numbers
    sure = before.zero_shot_confidence if before.adapted_confidence is None else before.adapted_confidence
    open_set_scores = None
    if not np.isnan(scores).all():
        unknown = np.full(len(before.image_ids), np.nan, np.float32)
        old = before.open_set_scores or OpenSetScores(unknown, unknown)
        open_set_scores = OpenSetScores(merged(scores, old.scores, known), merged(margins, old.margins, known))
    return replace(
        predictions,
        adapted_class=merged(best, before.best_class, known),
        adapted_confidence=merged(confidence, sure, known),
        open_set_scores=open_set_scores,
        open_set=before.open_set,
        share=before.share,
        thresholds=before.thresholds,
        off=before.off,
    )
