"""Cross-validation folds, used when shots have to replace missing validation or test images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.engine.training_data import FeatureSet, Integers

MAX_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How the shots are divided.

    `folds` is 0 without cross-validation. `estimate`: one fold is held out to measure base accuracy. `choose`: the next
    fold is held out for early stopping, which also determines how long to train on all shots. The other folds are
    trained on.
    """

    folds: int
    estimate: bool
    choose: bool


def make_plan(fewest_pictures: int, *, has_validation: bool, has_test: bool) -> Plan:
    """Plan cross-validation, with `fewest_pictures` among the shots of the smallest base class.

    Each purpose takes one fold and at least one must remain for training. With too few pictures, first the estimate is
    dropped, then the choice of the number of epochs.
    """
    folds = min(MAX_FOLDS, fewest_pictures)
    for estimate, choose in ((not has_test, not has_validation), (False, not has_validation), (False, False)):
        if not (estimate or choose):
            return Plan(0, estimate=False, choose=False)
        if folds >= 1 + estimate + choose:
            return Plan(folds, estimate, choose)
    return Plan(0, estimate=False, choose=False)


def stratified_folds(images: FeatureSet, folds: int, seed: int) -> Integers:
    """Assign images to folds (N,): the shuffled pictures of each class are dealt out one fold after another.

    Copies of a picture share its fold. Each class starts at the fold where the previous one ended, so that fold sizes
    differ by at most one picture per class, and hardly in total.
    """
    order = np.random.default_rng(seed)
    _, first, picture = np.unique(images.copies, return_index=True, return_inverse=True)
    labels = images.labels[first]
    result = np.zeros(len(labels), np.int64)
    start = 0
    for label in np.unique(labels):
        rows = order.permutation(np.flatnonzero(labels == label))
        result[rows] = (start + np.arange(len(rows))) % folds
        start += len(rows)
    return result[picture]


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
