"""Cross-validation: folds where shots replace missing validation or test images, and leaving each label out in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mma_desktop.engine.evaluation.calibration import fit_temperature, softmax
from mma_desktop.engine.methods.visual_head import fit_head, refit_head
from mma_desktop.engine.training_data import FeatureSet, Floats, Integers

MAX_FOLDS = 4  # each is a whole fit: with four, three quarters of the shots are trained on


@dataclass(frozen=True, slots=True)
class Plan:
    """Shots in `folds`, 0 for none, of which one may `estimate` base accuracy and one `choose` the epochs."""

    folds: int
    estimate: bool
    choose: bool


def make_plan(fewest_images: int, *, has_validation: bool, has_test: bool) -> Plan:
    """Plan cross-validation, with `fewest_images` among the shots of the smallest base class."""
    # Each purpose takes one fold and at least one must remain for training. With too few images, first the estimate is
    # dropped, then the choice of the number of epochs.
    folds = min(MAX_FOLDS, fewest_images)
    for estimate, choose in ((not has_test, not has_validation), (False, not has_validation), (False, False)):
        if not (estimate or choose):
            return Plan(0, estimate=False, choose=False)
        if folds >= 1 + estimate + choose:
            return Plan(folds, estimate, choose)
    return Plan(0, estimate=False, choose=False)


def stratified_folds(images: FeatureSet, folds: int, seed: int) -> Integers:
    """Assign images to folds (N,): the shuffled images of each class are dealt out one fold after another."""
    # Copies share a fold. Each class starts at the fold where the previous one ended, so that folds hardly differ in
    # size.
    order = np.random.default_rng(seed)
    _, first, image = np.unique(images.copies, return_index=True, return_inverse=True)
    labels = images.labels[first]
    result = np.zeros(len(labels), np.int64)
    start = 0
    for label in np.unique(labels):
        rows = order.permutation(np.flatnonzero(labels == label))
        result[rows] = (start + np.arange(len(rows))) % folds
        start += len(rows)
    return result[image]


def best_epoch(losses: Sequence[Sequence[float]], sizes: Sequence[int]) -> int:
    """The epoch, from 1, with the lowest mean loss over all held-out images.

    Averages the curves before taking the minimum, because the minimum of a single small fold is almost arbitrary.

    Args:
        losses: For each fold, the mean loss of its held-out images after each epoch. Only epochs that all folds reached
            are considered.
        sizes: The number of held-out images of each fold.
    """
    shortest = min(map(len, losses))
    together = np.average([curve[:shortest] for curve in losses], axis=0, weights=sizes)
    return int(together.argmin()) + 1


@dataclass(frozen=True, eq=False)
class LeaveOneOutFit:
    """A visual head fitted to N images, combined with their class names.

    Attributes:
        scores: (N, C) leave-one-out scores of the images.
        weights, offsets: (E, C) and (C,), for the scores of other images.
        amount: Weight of the scores relative to cosines.
        steepness: Factor of the logits before the softmax, fitted so that confidences are calibrated.
        texts: (C, D) features of the class names.
    """

    scores: Floats
    weights: Floats
    offsets: Floats
    amount: float
    steepness: float
    texts: Floats

    def probabilities(self, rows: Floats, scores: Floats) -> Floats:
        """(n, C) for images with rows (n, E) and scores (n, C)."""
        return softmax(self.steepness * (rows[:, : self.texts.shape[1]] @ self.texts.T + self.amount * scores))


def leave_out(
    rows: Floats, labels: Integers, texts: Floats, logit_scale: float, copies: Integers | None = None
) -> LeaveOneOutFit:
    """Fit to images with whole rows (N, E) and labels (N,), and compute leave-one-out scores.

    The labels index `texts` (C, D), the features of the class names. Images with equal `copies` (N,) are left out
    together.
    """
    images, targets = torch.tensor(rows), torch.tensor(labels)
    together = None if copies is None else torch.tensor(copies)
    cosines = images[:, : texts.shape[1]] @ torch.tensor(texts).T
    fit = fit_head(images, targets, cosines, logit_scale, copies=together)
    left_out = fit.left_out
    if len(fit.left_out_rows) < len(images):
        left_out = refit_head(fit, images, targets, len(texts), together, every=True).left_out
    temperature = fit_temperature(logit_scale * (cosines + fit.amount * left_out).numpy(), labels)
    steepness = logit_scale / temperature
    return LeaveOneOutFit(left_out.numpy(), fit.weights.numpy(), fit.offsets.numpy(), fit.amount, steepness, texts)
