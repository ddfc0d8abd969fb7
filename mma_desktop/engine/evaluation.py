"""Accuracy as the protocol defines it: base among base names, new among new names, all among all, and H."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.answers import Answers
from mma_desktop.domain import Accuracy, CancelToken, ClassScore, Evaluation, Role, Scores
from mma_desktop.engine.calibration import answers_of
from mma_desktop.engine.data import FeatureSet, Floats, Integers, TrainingData
from mma_desktop.engine.methods.base import Adapter
from mma_desktop.engine.methods.zero_shot import ZeroShot

PAIRS_AT_ONCE = 1 << 18  # image-class pairs of one forward pass; bounds its memory
MAX_BATCH = 2048


def to_tensor(array: Floats | Integers, device: torch.device) -> torch.Tensor:
    """A copy of the array on the device (a copy, because a cached array may be read-only)."""
    return torch.tensor(array, device=device)


def scores(
    adapter: Adapter, images: torch.Tensor, texts: torch.Tensor, cancel: CancelToken | None = None
) -> torch.Tensor:
    """Logits (N, C) without gradient, of tensors on the adapter's device, in batches of bounded memory.

    Raises:
        Cancelled: `cancel` was set; looked at before each batch.
    """
    size = max(1, min(MAX_BATCH, PAIRS_AT_ONCE // max(1, len(texts))))
    parts = [images.new_zeros((0, len(texts)))]
    with torch.inference_mode():
        for batch in torch.split(images, size):
            if cancel is not None:
                cancel.raise_if_cancelled()
            if len(batch):
                parts.append(adapter(batch, texts))
    return torch.cat(parts)


def logits(
    adapter: Adapter,
    image_features: Floats,
    text_features: Floats,
    *,
    context: Floats | None = None,
    cancel: CancelToken | None = None,
) -> Floats:
    """Logits (N, C) float32 of N image features (N, D) for C class names (C, D).

    An adapter attends to all names it is given, and it was trained with all base names in sight: without some of them
    an image is adapted differently, and accuracy among the others falls (on caltech-20 by 2 to 4 points, on single
    classes by nearly all). So base names that are not asked for belong into the context.

    Args:
        adapter: The classifier.
        image_features: (N, D) unit features.
        text_features: (C, D) unit features of the names that are asked for.
        context: (K, D) unit features of further names the adapter sees; they have no logit. None for none.
        cancel: Stops it.

    Raises:
        Cancelled: `cancel` was set; looked at before each batch.
    """
    names = text_features if context is None or not len(context) else np.concatenate([text_features, context])
    images, texts = (
        to_tensor(np.asarray(array, dtype=np.float32), adapter.device) for array in (image_features, names)
    )
    result: Floats = scores(adapter, images, texts, cancel)[:, : len(text_features)].cpu().numpy()
    return result


def probabilities(
    adapter: Adapter,
    image_features: Floats,
    text_features: Floats,
    *,
    context: Floats | None = None,
    cancel: CancelToken | None = None,
) -> Floats:
    """Probabilities (N, C), the softmax of `logits`; each row sums to 1."""
    found = torch.from_numpy(logits(adapter, image_features, text_features, context=context, cancel=cancel))
    result: Floats = found.softmax(-1).numpy()
    return result


@dataclass(frozen=True, eq=False)
class Predictions:
    """What was said of N labelled images, as class indices (N,): among the names of their own role, and among all.

    `confidence` (N,) is the probability of the answer among all names, 0 to 1.
    """

    labels: Integers
    among_role: Integers
    among_all: Integers
    confidence: Floats

    @property
    def answers(self) -> Answers | None:
        """How sure and how right the answers among all names were."""
        return answers_of(self.confidence, self.among_all == self.labels)

    def select(self, rows: Integers) -> Predictions:
        """Those of some images, in this order."""
        return Predictions(self.labels[rows], self.among_role[rows], self.among_all[rows], self.confidence[rows])

    @classmethod
    def join(cls, parts: Sequence[Predictions]) -> Predictions:
        """One after the other; of no part, none."""
        nothing = np.zeros(0, np.int64)
        return cls(
            np.concatenate([nothing, *(part.labels for part in parts)]),
            np.concatenate([nothing, *(part.among_role for part in parts)]),
            np.concatenate([nothing, *(part.among_all for part in parts)]),
            np.concatenate([np.zeros(0, np.float32), *(part.confidence for part in parts)]),
        )


def predict(
    adapter: Adapter,
    images: FeatureSet,
    data: TrainingData,
    cancel: CancelToken | None = None,
    context: Floats | None = None,
) -> Predictions:
    """Classify labelled images among the names of their own role and among all names of `data`.

    The context of `logits` is seen among base names and among all names; new among new names is the paper's protocol,
    in which the adapter sees new names alone.
    """
    among_role = np.full(len(images), -1, np.int64)
    for role in Role:
        classes = data.classes_of(role)
        rows = np.flatnonzero(np.isin(images.labels, classes))
        if len(rows):
            seen = context if role is Role.BASE else None
            found = logits(adapter, images.features[rows], data.text_features[classes], context=seen, cancel=cancel)
            among_role[rows] = classes[found.argmax(axis=1)]
    among_all: Integers = np.zeros(0, np.int64)
    confidence: Floats = np.zeros(0, np.float32)
    if len(images):
        found = logits(adapter, images.features, data.text_features, context=context, cancel=cancel)
        among_all = found.argmax(axis=1)
        confidence = 1 / np.exp(found - found.max(axis=1, keepdims=True)).sum(axis=1)  # the softmax at its maximum
    return Predictions(images.labels, among_role, among_all, confidence)


def accuracy(predicted: Integers, labels: Integers) -> Accuracy | None:
    """Accuracy over images, or None when there is none."""
    return Accuracy.of(int((predicted == labels).sum()), len(labels)) if len(labels) else None


def scores_of(predictions: Predictions, roles: Sequence[Role]) -> Scores:
    """Base, new and all accuracy of predictions.

    Base or new is None where no image was labelled, or where the role has one name only: among one name everything
    is right, which measures nothing.
    """
    by_role: dict[Role, Accuracy | None] = {}
    for role in Role:
        rows = _rows(predictions.labels, roles, role)
        enough = sum(other is role for other in roles) > 1
        by_role[role] = accuracy(predictions.among_role[rows], predictions.labels[rows]) if enough else None
    return Scores(by_role[Role.BASE], by_role[Role.NEW], accuracy(predictions.among_all, predictions.labels))


def _rows(labels: Integers, roles: Sequence[Role], role: Role) -> NDArray[np.bool_]:
    return np.array([other is role for other in roles], dtype=bool)[labels]


def summarise(
    zero_shot: Predictions,
    adapted: Predictions,
    class_names: Sequence[str],
    roles: Sequence[Role],
    base_by: str = "held-out",
) -> Evaluation:
    """The evaluation that two predictions of the same images, before and after training, amount to."""
    count = len(class_names)
    per_class = []
    for index, (name, role) in enumerate(zip(class_names, roles, strict=True)):
        enough = sum(other is role for other in roles) > 1
        pair = [
            accuracy(part.among_role[part.labels == index], part.labels[part.labels == index]) if enough else None
            for part in (zero_shot, adapted)
        ]
        per_class.append(ClassScore(name, role, pair[0], pair[1]))
    cells = np.bincount(adapted.labels * count + adapted.among_all, minlength=count * count).reshape(count, count)
    return Evaluation(
        class_names=tuple(class_names),
        roles=tuple(roles),
        zero_shot=scores_of(zero_shot, roles),
        adapted=scores_of(adapted, roles),
        per_class=tuple(per_class),
        confusion=tuple(tuple(row) for row in cells.tolist()),
        base_by=base_by,
        zero_shot_answers=zero_shot.answers,
        adapted_answers=adapted.answers,
    )


def evaluate(
    adapter: Adapter | None, data: TrainingData, cancel: CancelToken | None = None, context: Floats | None = None
) -> Evaluation:
    """Measure an adapter, and zero-shot beside it, on the test images of `data`.

    Args:
        adapter: None measures zero-shot alone; both sides of the evaluation are then equal.
        data: Its `test` images are classified; shots and validation are not looked at.
        cancel: Looked at before each batch.
        context: (K, D) features of base names it was trained among that `data` has not (see `logits`).

    Raises:
        Cancelled: `cancel` was set.
    """
    test = data.test if data.test is not None else FeatureSet.empty(data.embed_dim)
    zero_shot = predict(ZeroShot(data.embed_dim, data.logit_scale), test, data, cancel)
    adapted = zero_shot if adapter is None else predict(adapter, test, data, cancel, context)
    return summarise(zero_shot, adapted, data.class_names, data.roles)
