"""Calibration of confidences: reliability diagram, expected calibration error (ECE), temperatures. Without torch."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.types import ConfidenceHistogram

Wide = NDArray[np.float64]

BINS = 15  # as in Guo et al. 2017
DECIMALS = 4  # of stored confidences; at most 10,001 levels, however many images
MIN_FITTED = 20  # minimum number of images for fitting a temperature without a prior
PRIOR = 0.25  # standard deviation of the prior of ln temperature
TEMPERATURES = np.geomspace(0.05, 20, 241)  # by 2.5%, which no accuracy would show
COARSE = 8  # of which every so many are tried first
MIXED = 1 << 16  # logits that a mixture is fitted to, if there are more; these tell as much
MIXTURE_STEPS = 30  # 100 move the expected accuracy by less than 1%
MIN_VARIANCE = 1e-6  # of logits that are all alike
MAX_TEMPERATURE = 1e6  # of a file: far above any fitted one, and small enough to divide by


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers with confidence in (low, high]: their number, mean confidence and accuracy (in percent)."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability diagram.

    `ece` is the expected calibration error in percentage points. A small sample has an error even if every confidence
    is exactly right; `chance` is its expected value for this number of images with these confidences. `confidence` and
    `accuracy` are means over all `n` images, in percent.
    """

    n: int
    ece: float
    chance: float
    confidence: float
    accuracy: float
    bins: tuple[Bin, ...]


def answers_of(confidence: NDArray[np.floating], correct: NDArray[np.bool_]) -> ConfidenceHistogram | None:
    """Count confidences (N,) from 0 to 1 and correct answers by confidence level; None for no images."""
    if not len(confidence):
        return None
    levels, place = np.unique(np.round(np.asarray(confidence, np.float64), DECIMALS), return_inverse=True)
    counts = np.bincount(place, minlength=len(levels))
    right = np.bincount(place, weights=correct, minlength=len(levels)).astype(np.int64)
    return ConfidenceHistogram(tuple(levels.tolist()), tuple(counts.tolist()), tuple(right.tolist()))


def calibration(answers: ConfidenceHistogram, bins: int = BINS) -> Calibration:
    """The reliability diagram with bins of equal width, and the ECE (Guo et al. 2017, equation 3)."""
    # ECE = sum over the bins of |B| / n times |accuracy(B) - mean confidence(B)|.
    levels, counts, right = (np.array(part, np.float64) for part in (answers.levels, answers.counts, answers.correct))
    edges = np.arange(1, bins + 1) / bins
    place = np.minimum(np.searchsorted(edges, levels, side="left"), bins - 1)
    size, hits, confidence = (np.bincount(place, weights=w, minlength=bins) for w in (counts, right, counts * levels))
    n = float(size.sum())
    filled = np.maximum(size, 1)
    chance = sum(_binomial_mean_deviation(int(k), s / k) for k, s in zip(size, confidence, strict=True) if k)
    made = tuple(
        Bin(at / bins, (at + 1) / bins, int(size[at]), 100 * confidence[at] / filled[at], 100 * hits[at] / filled[at])
        for at in range(bins)
    )
    return Calibration(
        n=int(n),
        ece=float(100 * np.abs(hits - confidence).sum() / n),
        chance=100 * chance / n,
        confidence=float(100 * confidence.sum() / n),
        accuracy=float(100 * hits.sum() / n),
        bins=made,
    )


def _binomial_mean_deviation(n: int, p: float) -> float:
    """E|X - np| of a binomial X: 2 v C(n, v) p^v (1 - p)^(n - v + 1) with v = floor(np) + 1 (De Moivre 1730)."""
    if not 0 < p < 1:
        return 0.0
    v = math.floor(n * p) + 1
    ways = math.lgamma(n + 1) - math.lgamma(v + 1) - math.lgamma(n - v + 1)
    return 2 * v * math.exp(ways + v * math.log(p) + (n - v + 1) * math.log1p(-p))


@dataclass(frozen=True, slots=True)
class Temperatures:
    """Divisors of logits that make confidences match accuracies: for trained names, and the backbone's."""

    adapted: float = 1.0
    zero_shot: float = 1.0

    def __post_init__(self) -> None:
        if not all(0 < temperature <= MAX_TEMPERATURE for temperature in (self.adapted, self.zero_shot)):
            raise ValueError("temperatures are above 0")


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.int64], expected: float = 1.0) -> float:
    """The temperature from `TEMPERATURES` with the lowest cross-entropy (Guo et al. 2017, section 4.2).

    If all of a few images are right, the lowest temperature would always win. So each target assigns 1 / (N + 2) to the
    other classes, like Platt's targets (Platt 1999, section 2.2). Fewer than `MIN_FITTED` images are too few even for
    that: see `likely_temperature`.

    Args:
        logits: (N, C).
        labels: (N,) columns.
        expected: The temperature to expect without any image.
    """
    if len(labels) < MIN_FITTED:
        return likely_temperature(logits, labels, expected)
    wide, right = _from_maximum(logits, labels)
    others = (wide.sum(axis=1) - right) / max(1, wide.shape[1] - 1)
    return _lowest(partial(_losses, wide, right + (others - right) / (len(labels) + 2)))


def likely_temperature(logits: NDArray[np.floating], labels: NDArray[np.int64], expected: float = 1.0) -> float:
    """The likeliest of `TEMPERATURES`, its logarithm normal around the expected one's with the deviation `PRIOR`."""
    if not len(labels):
        return expected
    wide, right = _from_maximum(logits, labels)

    def losses(tried: Wide) -> Wide:
        prior: Wide = 0.5 * (np.log(tried / expected) / PRIOR) ** 2
        return prior + len(labels) * _losses(wide, right, tried)

    return _lowest(losses)


def name_temperature(adapted: NDArray[np.floating], zero_shot: NDArray[np.floating]) -> float:
    """The temperature of names that were not trained by which images without a label are as sure as they may be right.

    That is the lowest of `TEMPERATURES` from 1 on with a mean confidence of at most `expected_accuracy`: zero-shot is
    calibrated for images that show one of the names, so nothing may be surer than it is. It is 1 for fewer than
    `MIN_FITTED` images, which tell nothing.

    Args:
        adapted: (N, C) logits of the adapter, of which the best is the answer.
        zero_shot: (N, C) logits of the backbone.
    """
    if len(adapted) < MIN_FITTED:
        return 1.0
    # In even steps, and at least one for each name.
    rows = np.linspace(0, len(adapted) - 1, min(len(adapted), max(MIXED // adapted.shape[1], adapted.shape[1])))
    adapted, zero_shot = (part[rows.round().astype(np.int64)] for part in (adapted, zero_shot))
    untrained, expected = np.zeros(adapted.shape[1], bool), expected_accuracy(zero_shot, adapted.argmax(axis=1))
    tried = TEMPERATURES[TEMPERATURES > 1]
    # Confidence falls with the temperature.
    at = bisect_left(
        tried,
        -expected,
        key=lambda t: -float(confidences(adapted, zero_shot, untrained, Temperatures(zero_shot=t)).max(axis=1).mean()),
    )
    return 1.0 if at == 0 else float(tried[min(at, len(tried) - 1)])


def expected_accuracy(zero_shot: NDArray[np.floating], answers: NDArray[np.int64]) -> float:
    """How often answers (N,) are right by zero-shot logits (N, C), without a label; images of no name are wrong.

    The logits of an image, less their mean, are normal around the usual ones of the names. If it shows a name, that
    one's logit is around a higher value, with a variance of its own. Every name is as likely; how high, how likely
    none, and the variances are the likeliest (EM, Dempster, Laird and Rubin 1977). Names that mean nothing leave one
    normal distribution, out of which no logit stands. Means and variances are estimated from all images, so what
    confuses names for whole groups of images counts as variance, too.
    """
    count, names = zero_shot.shape
    wide = np.asarray(zero_shot, np.float64)
    wide = wide - wide.mean(axis=1, keepdims=True)
    share = math.sqrt(1 - 1 / names)  # of a logit that is left without the mean
    usual, none = wide.mean(axis=0), 0.5
    height = float((wide - usual).max(axis=1).mean()) / share
    shown = (np.arange(names) == (wide - usual).argmax(axis=1)[:, None]).astype(np.float64)  # (N, C) probabilities
    for _ in range(MIXTURE_STEPS):
        total = float(shown.sum())
        usual = (wide - height / share * (shown - shown.mean(axis=1, keepdims=True))).mean(axis=0)
        above = (wide - usual) / share
        squares = np.square(above)
        height = max(0.0, float((shown * above).sum()) / max(total, MIN_VARIANCE))
        own_squares = np.square(above - height)
        own = float((shown * own_squares).sum())
        others = share**2 * float(squares.sum()) - float((shown * squares).sum())
        variance = others / max(count * (names - 1) - total, 1.0)
        own_variance = own / max(total, MIN_VARIANCE)
        # Of two names the others' would be that of unknown images alone.
        if names == 2 or own_variance < variance:
            variance = own_variance = (others + own) / (count * (names - 1))
        variance, own_variance = max(variance, MIN_VARIANCE), max(own_variance, MIN_VARIANCE)
        log_odds = 0.5 * (squares / variance - own_squares / own_variance - math.log(own_variance / variance))
        log_odds += math.log((1 - none) / names) - math.log(none)
        highest = np.maximum(log_odds.max(axis=1, keepdims=True), 0)
        odds = np.exp(log_odds - highest)
        shown = odds / (odds.sum(axis=1, keepdims=True) + np.exp(-highest))
        none = (count - float(shown.sum()) + 1) / (count + 2)
    return float(shown[np.arange(count), answers].mean())


def _lowest(losses: Callable[[Wide], Wide]) -> float:
    """The value of `TEMPERATURES` with the lowest loss; the loss is smooth."""
    at = COARSE * int(np.argmin(losses(TEMPERATURES[::COARSE])))
    around = TEMPERATURES[max(0, at - COARSE + 1) : at + COARSE]
    return float(around[int(np.argmin(losses(around)))])


def _from_maximum(logits: NDArray[np.floating], labels: NDArray[np.int64]) -> tuple[Wide, Wide]:
    """Logits (N, C) less the maximum of each row, and those of the labels (N,)."""
    wide = np.asarray(logits, np.float64)
    wide = wide - wide.max(axis=1, keepdims=True)
    return wide, wide[np.arange(len(labels)), labels]


def _losses(wide: Wide, target: Wide, tried: Wide) -> Wide:
    """The mean cross-entropy at each temperature, with the logits (N, C) and the logits of the targets (N,)."""
    return np.array([(np.log(np.exp(wide / t).sum(axis=1)) - target / t).mean() for t in tried])


def confidences(
    adapted: NDArray[np.floating],
    zero_shot: NDArray[np.floating],
    trained: NDArray[np.bool_],
    temperatures: Temperatures,
) -> NDArray[np.float32]:
    """Calibrated probabilities (N, C) of an adapter's logits; keeps the order of the classes of each image.

    If the best answer is a trained name, the logits are divided by the adapter's temperature. Otherwise they are first
    rescaled to the range of the image's zero-shot logits (SaLS, Murugesan et al. 2024, equation 6), because training
    widens the range for all names without making predictions of new names more reliable. The range is that of the
    names that were not trained, because a visual head moves trained names far away; of all names if that is one.

    Args:
        adapted: (N, C) logits of the adapter.
        zero_shot: (N, C) logits of the backbone.
        trained: (C,) whether each name was trained.
        temperatures: Fitted on held-out images of trained names.
    """
    logits = np.asarray(adapted, np.float64) / temperatures.adapted
    if logits.shape[1] > 1:
        rows = ~trained[np.argmax(adapted, axis=1)]
        after, plain = np.asarray(adapted[rows], np.float64), np.asarray(zero_shot[rows], np.float64)
        judged = range_columns(trained)
        low, span = after[:, judged].min(axis=1, keepdims=True), np.ptp(after[:, judged], axis=1, keepdims=True)
        share = np.divide(after - low, span, out=np.zeros_like(after), where=span > 0)
        own_low, own_span = plain[:, judged].min(axis=1, keepdims=True), np.ptp(plain[:, judged], axis=1, keepdims=True)
        logits[rows] = (own_low + share * own_span) / temperatures.zero_shot
    return softmax(logits)


def range_columns(trained: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Columns whose range `confidences` maps: those of untrained names, or all if only one name is untrained."""
    untrained = np.flatnonzero(~trained)
    return untrained if len(untrained) > 1 else np.arange(len(trained))


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Probabilities (N, C) of logits (N, C)."""
    wide = np.asarray(logits, np.float64)
    shares = np.exp(wide - wide.max(axis=1, keepdims=True, initial=-np.inf))
    result: NDArray[np.float32] = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return result
