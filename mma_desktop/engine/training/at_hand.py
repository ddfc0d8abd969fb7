"""The images at hand of a transductive training: which of them teach, and the fit next to any adapter."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mma_desktop.core.events import CancelToken
from mma_desktop.engine.device import on_threads, training_threads
from mma_desktop.engine.evaluation.calibration import Temperatures, name_temperature
from mma_desktop.engine.evaluation.metrics import name_inputs, scored
from mma_desktop.engine.methods.adapter import Adapter, InnerProducts, Scorer
from mma_desktop.engine.methods.transduction import as_head, fit_transduction, principal_axes
from mma_desktop.engine.methods.visual_head import VisualHead, name_codes
from mma_desktop.engine.training_data import (
    FeatureSet,
    Floats,
    Integers,
    Prepared,
    TrainingData,
    check_finite,
    tensor_of,
)

# Maximum number of images at hand that teach; more tell hardly more.
MAX_AT_HAND = 4000
AT_ONCE = 8  # anchors: as many take as long as one
HARM_Z = 1.0  # standard errors: 84%, one-sided; at 95% hardly any harm shows in a hundred shots, at 0 gains are lost


def content_order(rows: Floats) -> Integers:
    """(N,) places of rows (N, E) by their contents, so that the order they come in changes nothing."""
    whole = np.ascontiguousarray(rows)
    return np.argsort(whole.view(f"V{whole.shape[1] * whole.itemsize}")[:, 0], kind="stable")


def in_order(rows: Floats) -> Floats:
    """Rows (N, E) in `content_order`, each once; `MAX_AT_HAND` of them in even steps."""
    order = content_order(rows)
    near = np.flatnonzero(np.diff(rows[order, 0]) == 0)  # to compare all rows whole takes as long as a fit
    order = np.delete(order, near[(rows[order[near]] == rows[order[near + 1]]).all(axis=1)])
    return rows[order[np.linspace(0, len(order) - 1, min(MAX_AT_HAND, len(order))).round().astype(np.int64)]]


def components_of(rows: Floats) -> Floats:
    """`TrainingData.components` of rows (N, E), with the digits that they have in a training."""
    with on_threads(training_threads(with_encoder=False)):
        axes: Floats = principal_axes(tensor_of(rows)).numpy()
    return axes


class Unlabelled(Prepared):
    """Rows of images without a label as trainings see them, with what no label changes: for any number of trainings.

    Args:
        given: (U, E).
        components: As `TrainingData.components`.

    Raises:
        UserError: A number is not finite.

    Attributes:
        given: The same rows, in the order of `rows` if these are all, so that they are in memory once.
        rows: (N, E) of `in_order`.
        points: (N, M) their coordinates along the components; None without.
    """

    def __init__(self, given: Floats, components: Floats | None = None) -> None:
        check_finite(given)
        ordered = in_order(np.asarray(given, np.float32))
        super().__init__(ordered if len(ordered) == len(given) else given, components)
        self.rows = tensor_of(ordered)
        self.points = None if components is None else self.rows @ tensor_of(components)
        self._cosines: tuple[Floats, Tensor] | None = None
        self._products: InnerProducts | None = None

    @classmethod
    def of(cls, data: TrainingData) -> Unlabelled:
        """Those of a training that has some."""
        if data.unlabelled is None:
            raise ValueError("there are no pictures at hand")
        kept, given = data.kept, (data.unlabelled, data.components)
        if isinstance(kept, cls) and kept.given is given[0] and kept.components is given[1]:
            return kept
        return cls(*given)

    def cosines(self, adapter: Adapter, texts: Floats) -> Tensor:
        """`Adapter.cosines` (N, C), which are the same until there are other names."""
        if self._cosines is None or self._cosines[0] is not texts:
            self._cosines = texts, adapter.cosines(self.rows, tensor_of(texts))
        return self._cosines[1]

    def products(self, scorer: Scorer, adapter: Adapter) -> Tensor | None:
        """Those of the anchors with these images, as a scorer takes them; None if it has no use for any."""
        every, images = np.arange(len(self.rows)), self.rows[:, : adapter.embed_dim]
        if self._products is None:
            self._products = InnerProducts(len(every), images.norm(dim=1).clamp_min(1e-12), AT_ONCE)
        return self._products.of(every, images) if self._products.hold(scorer.anchors) else None


class ImagesAtHand:
    """The rows of the shots, then of what has no label, with their coordinates: prepared once for all fits.

    Args:
        data: With `unlabelled`.
        shots: Of base classes.
        cancel: Cancels a fit.
    """

    def __init__(self, data: TrainingData, shots: FeatureSet, cancel: CancelToken) -> None:
        self._data, self._labels, self._cancel = data, shots.labels, cancel
        self._pool = others = Unlabelled.of(data)
        self._others, shot_rows = np.full(len(others.rows), -1), tensor_of(shots.features)
        self._parts = shot_rows, others.rows
        if (kept := data.components) is None:
            self._axes = principal_axes(torch.cat(self._parts))
            points = torch.cat(self._parts) @ self._axes
        else:
            self._axes = tensor_of(kept)
            at_hand = others.rows @ self._axes if others.points is None else others.points
            points = torch.cat([shot_rows @ self._axes, at_hand])
        self._centre = points.mean(0)
        self._points = points - self._centre

    def teach(self, adapter: Adapter, known: NDArray[np.bool_] | None = None) -> VisualHead:
        """What the images at hand teach an adapter on the CPU; the shots that are not `known` (N,) are among them."""
        return self.fit(self.logits(adapter)[0].unsqueeze(0), None if known is None else known[None])[0]

    def temperatures(self, adapter: Adapter) -> Temperatures:
        """Of names that were not trained, for what an adapter was taught: no label tells how often it is right."""
        every = self.logits(adapter)[0], self.zero_shot(adapter)
        return Temperatures(zero_shot=name_temperature(*(part[len(self._labels) :].numpy() for part in every)))

    def logits(self, adapter: Adapter, beside: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(N + U, C) of the rows, and in the same pass their products (N + U, J) with what is `beside` (J, E)."""
        data = self._data
        beside = self._parts[0][:0] if beside is None else beside
        inputs = tensor_of(name_inputs(adapter, data.class_names, data.text_features, data.reads))
        score, parts = adapter.for_names(inputs, beside), []
        known = self._pool.products(score, adapter)
        for rows, kept in zip(self._parts, (None, known), strict=True):
            if kept is None:
                logits, products = scored(score, adapter, rows, len(inputs), self._cancel)
            else:
                with torch.inference_mode():
                    logits, products = score(rows, kept)
            parts.append((logits, rows @ beside.T if products is None else products[:, len(inputs) :]))
        return torch.cat([logits for logits, _ in parts]), torch.cat([products for _, products in parts])

    def zero_shot(self, adapter: Adapter) -> Tensor:
        """(N + U, C) logits of the rows without the adapter."""
        texts = self._data.text_features
        cosines = adapter.cosines(self._parts[0], tensor_of(texts))
        return adapter.logit_scale * torch.cat([cosines, self._pool.cosines(adapter, texts)])

    def fit(self, logits: Tensor, known: NDArray[np.bool_] | None = None) -> tuple[VisualHead, Tensor, Tensor]:
        """What F adapters are taught whose logits of the rows are (F, N + U, C); `known` (F, N) as for `teach`.

        Of the first one as it is kept; (F, N, C) what is added to the logits of shots, and (F,) what multiplies these.
        """
        self._cancel.raise_if_cancelled()
        known = np.ones((len(logits), len(self._labels)), bool) if known is None else known
        labels = np.where(known, self._labels, -1)
        targets = np.concatenate([labels, np.tile(self._others, (len(logits), 1))], axis=1)
        slopes, offsets, sharpness = fit_transduction(self._points, tensor_of(targets), logits)
        added = self._points[: len(self._labels)].double() @ slopes + offsets.unsqueeze(1)
        codes = name_codes(self._data.class_names)
        head = as_head(self._axes, self._centre, slopes[0], offsets[0], sharpness[0], codes)
        return head, added.float(), sharpness.float()


def is_worse(wrong: NDArray[np.bool_], before: NDArray[np.bool_]) -> bool:
    """Whether more are `wrong` (N,) than `before` (N,), beyond chance among those that differ (McNemar's test)."""
    return bool(wrong.sum() - before.sum() > HARM_Z * np.sqrt((wrong != before).sum()))
