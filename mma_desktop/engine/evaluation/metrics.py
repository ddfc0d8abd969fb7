"""Accuracies of the protocol: base among base names, new among new names, all among all names, and H."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.class_names import split_readings
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Accuracy, ClassScore, ConfidenceHistogram, Evaluation, Role, Scores, left_out_worth
from mma_desktop.engine.evaluation.calibration import Temperatures, answers_of, confidences
from mma_desktop.engine.methods.adapter import Adapter, ZeroShot
from mma_desktop.engine.methods.visual_head import name_codes
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers, TrainingData, tensor_of

PAIRS_AT_ONCE = 1 << 18  # image-class pairs per forward pass; limits memory
PRIOR_ERRORS = 10  # of zero-shot that shots are taken to have put right before any is counted: few errors tell little


def scores(
    adapter: Adapter, images: torch.Tensor, texts: torch.Tensor, cancel: CancelToken | None = None
) -> torch.Tensor:
    """Logits (N, C) without gradient, in batches of limited memory; the tensors are on the adapter's device.

    Raises:
        Cancelled: `cancel` was set; checked before each batch.
    """
    return scored(lambda rows: (adapter(rows, texts), None), adapter, images, len(texts), cancel)[0]


def scored(
    work_out: Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor | None]],
    adapter: Adapter,
    images: torch.Tensor,
    names: int,
    cancel: CancelToken | None = None,
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """As `scores`, of what works out logits of that many names, with what else it gives."""
    size = max(1, min(adapter.batch, PAIRS_AT_ONCE // max(1, names)))
    parts, more = [images.new_zeros((0, names))], list[torch.Tensor]()
    with torch.inference_mode():
        for batch in torch.split(images, size):
            if cancel is not None:
                cancel.raise_if_cancelled()
            if len(batch):
                outputs, head_scores = work_out(batch)
                parts.append(outputs)
                more += [] if head_scores is None else [head_scores]
    return torch.cat(parts), torch.cat(more) if more else None


def logits(
    adapter: Adapter,
    image_features: Floats,
    text_features: Floats,
    *,
    context: Floats | None = None,
    cancel: CancelToken | None = None,
) -> Floats:
    """Logits (N, C) float32 of N rows of image features (N, E) for C class names, given as the adapter's inputs (C, X).

    An adapter attends to all given names, and was trained with all base names present. Without some of them images are
    adapted differently, and accuracy among the others drops (on caltech-20 by 2 to 4 points, for single classes by
    nearly all). So pass the base names that are not candidates as context.

    Args:
        adapter: The classifier.
        image_features: (N, E) whole rows.
        text_features: (C, D) unit features of the candidate names, or the result of `name_inputs`.
        context: (K, D) the same for further names that the adapter attends to; they get no logit.
        cancel: Cancels the computation.

    Raises:
        Cancelled: `cancel` was set; checked before each batch.
    """
    names = text_features if context is None or not len(context) else np.concatenate([text_features, context])
    images, texts = (tensor_of(array).to(adapter.device, torch.float32) for array in (image_features, names))
    return scores(adapter, images, texts, cancel)[:, : len(text_features)].cpu().numpy()


@dataclass(frozen=True, eq=False)
class CandidateNames:
    """Candidate class names as inputs of the adapter and of zero-shot.

    `inputs` (C, X) are the adapter's inputs (`name_inputs`), `features` (C, D) the text features, `trained` (C,)
    whether each name was trained, and `context` (K, X) further names that the adapter attends to (see `logits`).
    """

    inputs: Floats
    features: Floats
    trained: NDArray[np.bool_]
    context: Floats | None = None


def calibrated_probabilities(
    adapter: Adapter, adapted: Floats, image_features: Floats, candidates: CandidateNames, temperatures: Temperatures
) -> Floats:
    """Calibrated probabilities (N, C) of image features (N, E) for the candidate names; see `confidences`.

    `adapted` (N, C) are the adapter's logits, and `temperatures` its own.
    """
    plain_logits = np.zeros_like(adapted)
    if adapted.shape[1] and (rows := ~candidates.trained[adapted.argmax(axis=1)]).any():  # nobody asks for the others
        plain = ZeroShot(candidates.features.shape[1], adapter.logit_scale)
        plain_logits[rows] = logits(plain, image_features[rows, : plain.embed_dim], candidates.features)
    return confidences(adapted, plain_logits, candidates.trained, temperatures)


def zero_shot_of(data: TrainingData) -> ZeroShot:
    """The backbone without an adapter, for the features in `data`."""
    return ZeroShot(data.embed_dim, data.logit_scale)


def name_inputs(
    adapter: Adapter, class_names: Sequence[str], text_features: Floats, reads: Sequence[str] = ()
) -> Floats:
    """(C, X) an adapter's inputs for class names: text features, or token ids of its own prompts.

    If it has `row_heads`, the codes of the names are appended. `reads` (C,) is what the text encoder reads; empty for
    the names. Of several texts for a class, an adapter that learns prompts reads the first.
    """
    prompts = adapter.name_inputs([split_readings(text)[0] for text in reads or class_names])
    inputs: Floats = text_features if prompts is None else prompts.numpy()
    if adapter.row_heads:
        inputs = np.concatenate([inputs, name_codes(class_names).numpy()], axis=1)
    return inputs


@dataclass(frozen=True, eq=False)
class LabelledPredictions:
    """Predictions for N labelled images, as class indices (N,), and `confidence` (N,) among all names, 0 to 1."""

    labels: Integers
    among_role: Integers
    among_all: Integers
    confidence: Floats

    @property
    def answers(self) -> ConfidenceHistogram | None:
        """Confidence and correctness of the predictions among all names."""
        return answers_of(self.confidence, self.among_all == self.labels)

    def select(self, rows: Integers) -> LabelledPredictions:
        return type(self)(self.labels[rows], self.among_role[rows], self.among_all[rows], self.confidence[rows])

    @classmethod
    def join(cls, parts: Sequence[LabelledPredictions]) -> LabelledPredictions:
        columns = zip(*((part.labels, part.among_role, part.among_all, part.confidence) for part in parts), strict=True)
        return cls(*map(np.concatenate, columns))


def predict(
    adapter: Adapter,
    images: FeatureSet,
    data: TrainingData,
    cancel: CancelToken | None = None,
    context: Floats | None = None,
    temperatures: Temperatures | None = None,
) -> LabelledPredictions:
    """Classify labelled images among the names of their own role and among all names of `data`.

    With `temperatures`, the confidences are calibrated.
    """
    # As in the paper's protocol, for new among new names the adapter sees only new names; the context (see `logits`) is
    # used among base names and among all names.
    inputs = name_inputs(adapter, data.class_names, data.text_features, data.reads)
    if not len(images):
        return LabelledPredictions(images.labels, images.labels, images.labels, np.zeros(0, np.float32))
    all_logits = logits(adapter, images.features, inputs, context=context, cancel=cancel)
    among_role = np.full(len(images), -1, np.int64)
    for role in Role:
        classes = data.classes_of(role)
        rows = np.flatnonzero(np.isin(images.labels, classes))
        if len(rows):
            seen = context if role is Role.BASE else None
            role_logits = all_logits
            if seen is not context or len(classes) < len(inputs):
                role_logits = logits(adapter, images.features[rows], inputs[classes], context=seen, cancel=cancel)
            among_role[rows] = classes[role_logits.argmax(axis=1)]
    plain = None
    if temperatures is not None:
        plain = logits(zero_shot_of(data), images.features, data.text_features, cancel=cancel)
    return replace(predictions_from_logits(all_logits, images.labels, data, temperatures, plain), among_role=among_role)


def predictions_from_logits(
    outputs: Floats, labels: Integers, data: TrainingData, temperatures: Temperatures | None, plain: Floats | None
) -> LabelledPredictions:
    """Predictions from logits (N, C) among all names of `data`; `plain` are zero-shot logits for the calibration."""
    base = np.array([role is Role.BASE for role in data.roles], bool)
    role_logits = np.where(base[labels][:, None] == base[None], outputs, -np.inf)
    if temperatures is None or plain is None:
        confidence = 1 / np.exp(outputs - outputs.max(axis=1, keepdims=True)).sum(axis=1)  # the softmax of the maximum
    else:
        confidence = confidences(outputs, plain, base, temperatures).max(axis=1)
    return LabelledPredictions(labels, role_logits.argmax(axis=1), outputs.argmax(axis=1), confidence)


def left_out_errors(zero_shot: LabelledPredictions, adapted: LabelledPredictions, shots: Integers) -> Floats:
    """(C,) as how many an error on a left-out shot counts, since the model has one shot more of each class.

    Errors are taken to fall as the root of the number of shots (C,), names being worth as many as zero-shot's errors
    say: with e_k errors by k shots, (e_(n-1) / e_0)² = q = m / (n - 1 + m), and (e_n / e_(n-1))² = (n - 1) / (n - q).
    `bench_claims.py` has how near what is said is then.
    """
    before, after = (
        int((part.among_all != part.labels)[shots[part.labels] > 0].sum()) for part in (zero_shot, adapted)
    )
    q, n = (after / (max(before, after) + PRIOR_ERRORS)) ** 2, np.maximum(shots, 2)
    errors: Floats = np.where(shots > 0, np.sqrt((n - 1) / (n - q)), 1).astype(np.float32)
    return errors


def accuracy(
    predicted: Integers, labels: Integers, worth: float = 1.0, errors: Floats | None = None
) -> Accuracy | None:
    """Of predictions (N,), each worth that many independent ones; an error counts as `errors` (C,) of its class say."""
    if not len(labels):
        return None
    wrong = float((predicted != labels).sum() if errors is None else errors[labels][predicted != labels].sum())
    return Accuracy.near((len(labels) - wrong) / len(labels), len(labels), worth)


def scores_of(
    predictions: LabelledPredictions, roles: Sequence[Role], worth: float = 1.0, errors: Floats | None = None
) -> Scores:
    """Base, new and all accuracy of predictions, as `accuracy`.

    Base or new is None without images, or if the role has a single name, among which everything is right.
    """
    by_role: dict[Role, Accuracy | None] = {}
    for role in Role:
        of_role = np.array([other is role for other in roles], bool)
        of_one = predictions.select(np.flatnonzero(of_role[predictions.labels]))
        by_role[role] = accuracy(of_one.among_role, of_one.labels, worth, errors) if of_role.sum() > 1 else None
    every = accuracy(predictions.among_all, predictions.labels, worth, errors)
    return Scores(by_role[Role.BASE], by_role[Role.NEW], every)


def summarise(
    zero_shot: LabelledPredictions,
    adapted: LabelledPredictions,
    class_names: Sequence[str],
    roles: Sequence[Role],
    base_by: str = "held-out",
    shots: Integers | None = None,
) -> Evaluation:
    """Evaluation of predictions of the same images before and after training.

    With `shots` (C,), how many images each class was trained on, images of these classes are shots that were left out.
    """
    errors = None if shots is None else left_out_errors(zero_shot, adapted, shots)
    count = len(class_names)
    per_class = []
    of_role = Counter(roles)
    worth = left_out_worth(base_by, len(adapted.labels), of_role[Role.BASE])
    for index, (name, role) in enumerate(zip(class_names, roles, strict=True)):
        rows = np.flatnonzero(adapted.labels == index)
        parts = ((zero_shot.select(rows), 1.0, None), (adapted.select(rows), worth, errors))
        before, after = (
            accuracy(part.among_role, part.labels, each, counted) if of_role[role] > 1 else None
            for part, each, counted in parts
        )
        per_class.append(ClassScore(name, role, before, after))
    cells = np.bincount(adapted.labels * count + adapted.among_all, minlength=count * count).reshape(count, count)
    return Evaluation(
        class_names=tuple(class_names),
        roles=tuple(roles),
        zero_shot=scores_of(zero_shot, roles),
        adapted=scores_of(adapted, roles, worth, errors),
        per_class=tuple(per_class),
        confusion=tuple(tuple(row) for row in cells.tolist()),
        base_by=base_by,
        zero_shot_answers=zero_shot.answers,
        adapted_answers=adapted.answers,
    )
