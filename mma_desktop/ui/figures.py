"""Accuracies as the train page writes them: percent, difference, n, interval and time, always in the same form."""

from __future__ import annotations

import math

from mma_desktop.domain import Accuracy, Scores
from mma_desktop.words import later

MINUS = "\N{MINUS SIGN}"
NOTHING = later("not measured")


def percent(value: float) -> str:
    """A percentage with one decimal, as in 79.3%."""
    return f"{value:.1f}%"


def points(value: float) -> str:
    """A difference of two percentages, with its sign."""
    rounded = round(value, 1)
    if rounded == 0:
        return "0.0"
    return f"+{rounded:.1f}" if rounded > 0 else f"{MINUS}{-rounded:.1f}"


def interval(low: float, high: float) -> str:
    """An interval in percent: "74.2 to 84.1"."""
    return f"{low:.1f} to {high:.1f}"


def harmonic_interval(base: Accuracy, new: Accuracy) -> tuple[float, float]:
    """Approximate 95% interval of the harmonic mean of two accuracies that were measured on different images.

    The two intervals are combined by the method of variance estimates recovery (Zou and Donner 2008), with the
    derivatives of H = 2bn / (b + n).
    """
    total = base.percent + new.percent
    if total <= 0:
        return 0.0, max(base.high, new.high)
    h = 2 * base.percent * new.percent / total
    by_base, by_new = 2 * (new.percent / total) ** 2, 2 * (base.percent / total) ** 2
    below = math.hypot(by_base * (base.percent - base.low), by_new * (new.percent - new.low))
    above = math.hypot(by_base * (base.high - base.percent), by_new * (new.high - new.percent))
    return max(0.0, h - below), min(100.0, h + above)


def harmonic(scores: Scores) -> Accuracy | None:
    """H as an accuracy with the images of both and its interval, None where one is missing."""
    if scores.base is None or scores.new is None or scores.h is None:
        return None
    low, high = harmonic_interval(scores.base, scores.new)
    return Accuracy(scores.h, scores.base.n + scores.new.n, low, high)


def duration(seconds: float) -> str:
    """A time in words short enough for a label: "3 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 1:
        return "under 1 s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole, 3600)
    return f"{hours} h {rest // 60} min"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: 1 image, 2,000 images."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
