"""The pictures at hand of a transductive training: which of them teach, and the fit next to any adapter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mma_desktop.core.events import CancelToken
from mma_desktop.engine.device import on_threads, training_threads
from mma_desktop.engine.evaluation.metrics import name_inputs, scores
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.transduction import COMPONENTS, as_head, fit_transduction, principal_axes
from mma_desktop.engine.methods.visual_head import VisualHead, name_codes
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers, TrainingData, tensor_of

MOST = 4000
"""Maximum number of pictures at hand that teach; more tell hardly more."""
NOISE = 1.0  # standard errors: 84%, one-sided; with 95% hardly any harm is seen in a hundred shots


def content_order(rows: Floats) -> Integers:
    """(N,) places of rows (N, E) by their contents, so that the order they come in changes nothing."""
    whole = np.ascontiguousarray(rows)
    return np.argsort(whole.view(f"V{whole.shape[1] * whole.itemsize}")[:, 0], kind="stable")


def in_order(rows: Floats) -> Floats:
    """Rows (N, E) in `content_order`, each once; `MOST` of them in even steps."""
    order = content_order(rows)
    near = np.flatnonzero(np.diff(rows[order, 0]) == 0)  # to compare all rows whole takes as long as a fit
    order = np.delete(order, near[(rows[order[near]] == rows[order[near + 1]]).all(axis=1)])
    return rows[order[np.linspace(0, len(order) - 1, min(MOST, len(order))).round().astype(np.int64)]]


def components_of(rows: Floats) -> Floats:
    """`TrainingData.components` of rows (N, E), with the digits that they have in a training."""
    with on_threads(training_threads(with_encoder=False)):
        found: Floats = principal_axes(tensor_of(rows)).numpy()
    return found


class PicturesAtHand:
    """The rows of the shots, then of what has no label, with their coordinates: prepared once for all fits.

    Args:
        data: With `unlabelled`.
        shots: Of base classes.
        cancel: Cancels a fit.

    Attributes:
        rows: (N + U, E).
    """

    def __init__(self, data: TrainingData, shots: FeatureSet, cancel: CancelToken) -> None:
        if data.unlabelled is None:
            raise ValueError("there are no pictures at hand")
        self._data, self._labels, self._cancel = data, shots.labels, cancel
        unlabelled = in_order(np.asarray(data.unlabelled, np.float32))
        self._others = np.full(len(unlabelled), -1)
        self.rows = tensor_of(np.concatenate([shots.features, unlabelled]))
        classes, kept = len(data.class_names), data.components
        self._axes = principal_axes(self.rows, classes) if kept is None or classes > COMPONENTS else tensor_of(kept)
        points = self.rows @ self._axes
        self._centre = points.mean(0)
        self._points = points - self._centre

    def teach(self, adapter: Adapter, known: NDArray[np.bool_] | None = None) -> VisualHead:
        """What the pictures at hand teach an adapter on the CPU; the shots that are not `known` (N,) are among them."""
        data = self._data
        inputs = tensor_of(name_inputs(adapter, data.class_names, data.text_features, data.reads))
        return self.fit(scores(adapter, self.rows, inputs, self._cancel), known)

    def fit(self, logits: Tensor, known: NDArray[np.bool_] | None = None) -> VisualHead:
        """As `teach`, of what gives the `rows` these logits (N + U, C)."""
        self._cancel.raise_if_cancelled()
        labels = self._labels if known is None else np.where(known, self._labels, -1)
        targets = tensor_of(np.concatenate([labels, self._others]))
        found = fit_transduction(self._points, targets, logits[targets < 0])
        return as_head(self._axes, self._centre, *found, name_codes(self._data.class_names))


def is_worse(wrong: NDArray[np.bool_], before: NDArray[np.bool_]) -> bool:
    """Whether more are `wrong` (N,) than `before` (N,), beyond chance among those that differ (McNemar's test)."""
    return bool(wrong.sum() - before.sum() > NOISE * np.sqrt((wrong != before).sum()))
