"""When shots have to stand in for missing validation or test images: folds, and what each is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.engine.training_data import Integers

MAX_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How shots are divided.

    `folds` is 0 where no cross-validation is made. `estimate`: one fold is held out to measure base accuracy on.
    `choose`: the fold after it is held out to stop early on, which also tells how long to train on all shots. The
    other folds are trained on.
    """

    folds: int
    estimate: bool
    choose: bool


def make_plan(fewest_shots: int, *, has_validation: bool, has_test: bool) -> Plan:
    """What cross-validation has to do, with `fewest_shots` in the smallest base class.

    Each duty takes one fold and something must be left to train on, so with too few shots the estimate is given up
    first, then the choice of the number of epochs.
    """
    folds = min(MAX_FOLDS, fewest_shots)
    for estimate, choose in ((not has_test, not has_validation), (False, not has_validation), (False, False)):
        if not (estimate or choose):
            return Plan(0, estimate=False, choose=False)
        if folds >= 1 + estimate + choose:
            return Plan(folds, estimate, choose)
    return Plan(0, estimate=False, choose=False)


def stratified_folds(labels: Integers, folds: int, seed: int) -> Integers:
    """The fold (N,) of each image: the images of each class are dealt out in a random order, one fold after another.

    Each class starts where the one before it ended, so that the folds differ by at most one image in a class and
    hardly in all.
    """
    order = np.random.default_rng(seed)
    result = np.zeros(len(labels), np.int64)
    start = 0
    for label in np.unique(labels):
        rows = order.permutation(np.flatnonzero(labels == label))
        result[rows] = (start + np.arange(len(rows))) % folds
        start += len(rows)
    return result


def best_epoch(losses: Sequence[Sequence[float]], sizes: Sequence[int]) -> int:
    """The epoch, from 1, with the lowest mean loss of all held-out images.

    The folds' curves are averaged before the lowest is looked for: a fold of a few images has a minimum of its own
    almost anywhere.

    Args:
        losses: For each fold the mean loss of its held-out images after each epoch. Only the epochs that every fold
            reached count.
        sizes: The number of held-out images of each fold.
    """
    shortest = min(map(len, losses))
    together = np.average([curve[:shortest] for curve in losses], axis=0, weights=sizes)
    return int(together.argmin()) + 1
