"""How far confidences can be trusted: the reliability diagram, its one number (ECE), and what rejecting costs.

Works on `Answers` alone, so that it can be drawn again from what a run keeps; numpy only, no torch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mma_desktop.answers import Answers
from mma_desktop.domain import Accuracy

BINS = 15
DECIMALS = 4  # of a kept confidence; bounds what a run keeps at 10,001 levels, however many images were measured
STEPS = 1000  # thresholds from 0 to 1 that rejecting is measured at
LEAST_KEPT = 10  # a threshold that leaves fewer measured images is never suggested


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence is in (low, high]: how many, how sure on average, how many right (in percent)."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability diagram.

    `ece` is the expected calibration error in percentage points. Few images give an error even where every
    confidence is exactly right; `chance` is how much on average with as many images as confident as these.
    `confidence` and `accuracy` are means over all `n` images, in percent.
    """

    n: int
    ece: float
    chance: float
    confidence: float
    accuracy: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of `n` measured images where those below a threshold are rejected; `accuracy` is of the rest."""

    threshold: float
    kept: int
    n: int
    accuracy: Accuracy | None

    @property
    def coverage(self) -> float:
        """The share that is kept, in percent."""
        return 100 * self.kept / self.n if self.n else 0.0


def answers_of(confidence: NDArray[np.floating], correct: NDArray[np.bool_]) -> Answers | None:
    """Confidences (N,) from 0 to 1 and whether each answer was right, as counts by level; None for no image."""
    if not len(confidence):
        return None
    levels, place = np.unique(np.round(np.asarray(confidence, np.float64), DECIMALS), return_inverse=True)
    counts = np.bincount(place, minlength=len(levels))
    right = np.bincount(place, weights=correct, minlength=len(levels)).astype(np.int64)
    return Answers(tuple(levels.tolist()), tuple(counts.tolist()), tuple(right.tolist()))


def calibration(answers: Answers, bins: int = BINS) -> Calibration:
    """The reliability diagram of answers in bins of equal width, and their ECE (Guo et al. 2017, equation 3).

    ECE = sum over the bins of |B| / n times |accuracy(B) - mean confidence(B)|.
    """
    levels, counts, right = (np.array(part, np.float64) for part in (answers.levels, answers.counts, answers.correct))
    edges = np.arange(1, bins + 1) / bins
    place = np.minimum(np.searchsorted(edges, levels, side="left"), bins - 1)
    size, hits, sure = (np.bincount(place, weights=w, minlength=bins) for w in (counts, right, counts * levels))
    n = float(size.sum())
    filled = np.maximum(size, 1)
    chance = sum(_mean_deviation(int(k), s / k) for k, s in zip(size, sure, strict=True) if k)
    made = tuple(
        Bin(at / bins, (at + 1) / bins, int(size[at]), 100 * sure[at] / filled[at], 100 * hits[at] / filled[at])
        for at in range(bins)
    )
    return Calibration(
        n=int(n),
        ece=float(100 * np.abs(hits - sure).sum() / n),
        chance=100 * chance / n,
        confidence=float(100 * sure.sum() / n),
        accuracy=float(100 * hits.sum() / n),
        bins=made,
    )


def _mean_deviation(n: int, p: float) -> float:
    """E|X - np| of a binomial X: 2 v C(n, v) p^v (1 - p)^(n - v + 1) with v = floor(np) + 1 (De Moivre 1730)."""
    if not 0 < p < 1:
        return 0.0
    v = math.floor(n * p) + 1
    ways = math.lgamma(n + 1) - math.lgamma(v + 1) - math.lgamma(n - v + 1)
    return 2 * v * math.exp(ways + v * math.log(p) + (n - v + 1) * math.log1p(-p))


class RejectCurve:
    """What rejecting by confidence keeps and how accurate it is, at `STEPS` + 1 thresholds from 0 to 1.

    An image is rejected where its confidence is below the threshold (`answers.is_rejected`). It is about images of the
    classes alone: pictures of other things were not measured.

    Args:
        answers: Of the measured images.
    """

    def __init__(self, answers: Answers) -> None:
        levels = np.array(answers.levels, np.float64)
        self.n = int(sum(answers.counts))
        self.thresholds = np.arange(STEPS + 1) / STEPS
        first = np.searchsorted(levels, self.thresholds, side="left")

        def from_level(values: tuple[int, ...]) -> NDArray[np.int64]:
            left = np.concatenate([np.cumsum(np.array(values, np.int64)[::-1])[::-1], np.zeros(1, np.int64)])
            found: NDArray[np.int64] = left[first]
            return found

        self.kept = from_level(answers.counts)
        self.correct = from_level(answers.correct)

    def at(self, threshold: float) -> Kept:
        """What a threshold does, to the nearest step."""
        step = min(STEPS, max(0, round(threshold * STEPS)))
        kept, correct = int(self.kept[step]), int(self.correct[step])
        return Kept(step / STEPS, kept, self.n, Accuracy.of(correct, kept) if kept else None)

    def suggest(self, percent: float) -> float | None:
        """The lowest threshold with at least `percent` of what is kept right; None where there is none.

        One that leaves fewer than `LEAST_KEPT` images says nothing and does not count.
        """
        enough = (self.kept >= min(LEAST_KEPT, self.n)) & (self.correct * 100 >= percent * self.kept)
        found = np.flatnonzero(enough)
        return float(self.thresholds[found[0]]) if len(found) else None
