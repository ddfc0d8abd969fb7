"""The pictures at hand of a transductive training: which of them teach, and the fit next to any adapter."""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.transduction import as_head, fit_transduction, principal_axes
from mma_desktop.engine.methods.visual_head import VisualHead, name_codes
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers, TrainingData, tensor_of

MOST = 4000
"""Maximum number of pictures at hand that teach; more tell hardly more."""
NOISE = 1.64  # standard errors: 95%, one-sided


def content_order(rows: Floats) -> Integers:
    """(N,) places of rows (N, E), ordered by their contents, so that the order they come in changes nothing."""
    digests = [hashlib.sha256(row.tobytes()).digest() for row in rows]
    return np.array(sorted(range(len(rows)), key=digests.__getitem__), np.int64)


def in_order(rows: Floats) -> Floats:
    """Up to `MOST` of rows (N, E) in `content_order`."""
    return rows[content_order(rows)[:MOST]]


class PicturesAtHand:
    """Rows and coordinates of the shots and of what has no label, prepared once for all fits of a training.

    Args:
        data: With `unlabelled`.
        shots: (N, E), of base classes.
    """

    def __init__(self, data: TrainingData, shots: FeatureSet, cancel: CancelToken) -> None:
        if data.unlabelled is None:
            raise ValueError("there are no pictures at hand")
        self._data, self._shots, self._cancel = data, shots, cancel
        self._rows = in_order(np.asarray(data.unlabelled, np.float32))
        every = tensor_of(np.concatenate([shots.features, self._rows]))
        given = data.components
        self._axes = principal_axes(every) if given is None else tensor_of(given)
        points = (every @ self._axes).double()
        self._centre = points.mean(0)
        self._points = points - self._centre

    def teach(self, adapter: Adapter, known: NDArray[np.bool_] | None = None) -> VisualHead:
        """What the pictures at hand teach an adapter on the CPU; the shots that are not `known` (N,) are among them."""
        self._cancel.raise_if_cancelled()
        data, labels = self._data, self._shots.labels
        labels = labels if known is None else np.where(known, labels, -1)
        rows = np.concatenate([self._shots.features[labels < 0], self._rows])
        labels = np.concatenate([labels, np.full(len(self._rows), -1)])
        inputs = name_inputs(adapter, data.class_names, data.text_features, data.reads)
        found = logits(adapter, rows, inputs, cancel=self._cancel)
        fit = fit_transduction(self._points, tensor_of(labels), torch.from_numpy(found))
        return as_head(self._axes, self._centre, *fit, name_codes(data.class_names))


def is_worse(wrong: NDArray[np.bool_], before: NDArray[np.bool_]) -> bool:
    """Whether more are `wrong` (N,) than `before` (N,), beyond chance among those that differ (McNemar's test)."""
    return bool(wrong.sum() - before.sum() > NOISE * np.sqrt((wrong != before).sum()))
