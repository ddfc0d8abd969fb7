"""Formats of accuracies and counts: percent, difference, n, interval and time."""

from __future__ import annotations

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import later, number, tr
from mma_desktop.core.types import Accuracy, Role, Use

MINUS = "\N{MINUS SIGN}"
NOTHING = later("not measured")
USE_WORDS = {Use.SHOT: later("example"), Use.VALIDATION: later("validation"), Use.TEST: later("test")}


def percent(value: float) -> str:
    """Format a percentage with one decimal, as in 79.3%."""
    return tr("{percent:.1f}%", percent=value)


def whole_percent(share: float) -> str:
    """Format a share (0 to 1) as a percentage without decimals, as in 79%."""
    return tr("{percent:.0f}%", percent=100 * share)


def points(value: float) -> str:
    """Format a difference of two percentages, with its sign."""
    rounded = round(value, 1)
    sign = "" if rounded == 0 else "+" if rounded > 0 else MINUS
    return sign + number(abs(rounded), ".1f")


def interval(accuracy: Accuracy) -> str:
    """Say on how many images an accuracy was measured, and its interval in percent: "74.2 to 84.1"."""
    ends = tr("{low:.1f} to {high:.1f}", low=accuracy.low, high=accuracy.high)
    return tr("{images}, 95% interval {interval}", images=pictures(accuracy.n), interval=ends)


def with_n(text: str, images: int | str) -> str:
    """Add on how many images a number was measured, if that is known: "79.3%, n = 90"."""
    return f"{text}, n = {number(images) if isinstance(images, int) else images}" if images else text


def duration(seconds: float) -> str:
    """Format a time briefly: "3 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 1:
        return tr("under 1 s")
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        if rest:
            return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
        return tr("{minutes} min", minutes=minutes)
    hours, rest = divmod(whole, 3600)
    return tr("{hours} h {minutes} min", hours=hours, minutes=rest // 60)


def how_far(progress: Progress) -> str:
    """Format count, rate and remaining time, as far as known: "340 of 1,200, 32 per second, about 26 s left"."""
    parts = []
    if progress.total is not None:
        parts.append(tr("{done:,} of {total:,}", done=progress.done, total=progress.total))
    elif progress.done:
        parts.append(tr("{done:,} so far", done=progress.done))
    if progress.rate and progress.rate >= 1.5:
        parts.append(tr("{rate:,.0f} per second", rate=progress.rate))
    elif progress.rate:
        parts.append(tr("{seconds:.0f} s each", seconds=1 / progress.rate))
    left = progress.seconds_left
    if left is not None and progress.done and progress.done != progress.total:
        rounded = max(1, left) if left < 60 else 60 * round(left / 60)  # from a minute on without seconds
        parts.append(tr("about {duration} left", duration=duration(rounded)))
    return ", ".join(parts)


def pictures(n: int) -> str:
    return tr("{n} picture", "{n} pictures", n)


def project_words(images: int, labelled: int, class_count: int) -> list[str]:
    """Say how many images, labelled images and classes there are."""
    return [pictures(images), tr("{count:,} labelled", count=labelled), classes(class_count)]


def labels(n: int) -> str:
    return tr("{n} label", "{n} labels", n)


def classes(n: int) -> str:
    return tr("{n} class", "{n} classes", n)


def role_word(role: Role) -> str:
    return tr("base", "role of a class") if role is Role.BASE else tr("new", "role of a class")
