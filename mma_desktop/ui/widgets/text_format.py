"""Formats of numbers, titles, names and keys inside texts of the window."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cmp_to_key

from PySide6.QtCore import QCollator, Qt
from PySide6.QtGui import QKeySequence

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import language, later, number, one_line, tr
from mma_desktop.core.types import Accuracy, Use

NATIVE = QKeySequence.SequenceFormat.NativeText


def in_sentence(title: str) -> str:
    """Return a title as written inside a sentence: in lower case in English, unchanged in other languages."""
    return title if language().lookup is not None else title[:1].lower() + title[1:]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def unmarked(name: str) -> str:
    """Escape a name for a text in which `&` marks a mnemonic: of a button, menu, tab or buddy label."""
    return one_line(name).replace("&", "&&")


def without_mnemonics(text: str) -> str:
    """Return such a text without mnemonics: "R&&D" becomes "R&D"."""
    return re.sub("&(&?)", r"\1", text)


def action_title(text: str) -> str:
    return without_mnemonics(text).removesuffix("\u2026")


def with_ellipsis(text: str) -> str:
    """Return the text of a button or action that opens a dialog before anything happens."""
    return f"{text}\u2026"


def with_mnemonics(titles: Iterable[str]) -> list[str]:
    """Underline a letter of each title of a menu, the first of a word if it is free, each another one."""
    taken: set[str] = set()
    titled = []
    for title in titles:
        starts = [
            index for index, letter in enumerate(title) if letter.isalpha() and not title[index - 1 : index].isalpha()
        ]
        others = (index for index, letter in enumerate(title) if letter.isalpha())
        index = next((index for index in (*starts, *others) if title[index].lower() not in taken), None)
        taken.update(title[index or 0].lower())
        titled.append(title if index is None else f"{title[:index]}&{title[index:]}")
    return titled


def in_title(name: str) -> str:
    """Escape a name for a window title, where Qt reads "[*]" as the marker of unsaved changes."""
    return one_line(name).replace("[*]", "[*][*]")


def shown_keys(keys: str) -> str:
    """Return keys as written in this system and language; a text that is not a key sequence is unchanged."""
    shown = QKeySequence(keys).toString(NATIVE)
    if "Return" in shown:
        shown = QKeySequence(keys.replace("Return", "Enter")).toString(NATIVE)
    return shown or keys


def with_keys(text: str, keys: str) -> str:
    return f"{text} ({shown_keys(keys)})"


def collator() -> QCollator:
    """Return what compares names as the locale does, and numbers in them by size."""
    order = QCollator()
    order.setNumericMode(True)
    order.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return order


def alphabetical(names: Iterable[str]) -> list[str]:
    return sorted(names, key=cmp_to_key(collator().compare))


MINUS = "\N{MINUS SIGN}"
NOTHING = later("not measured")
USE_WORDS = {Use.SHOT: later("example"), Use.VALIDATION: later("validation"), Use.TEST: later("test")}


def percent(value: float) -> str:
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
        minutes, remainder = divmod(whole, 60)
        if remainder:
            return tr("{minutes} min {seconds} s", minutes=minutes, seconds=remainder)
        return tr("{minutes} min", minutes=minutes)
    hours, remainder = divmod(whole, 3600)
    return tr("{hours} h {minutes} min", hours=hours, minutes=remainder // 60)


def how_far(progress: Progress) -> str:
    """Format count, rate and remaining time, as far as known: "340 of 1,200, 32 per second, about 26 s left"."""
    parts = []
    if progress.total is not None:
        parts.append(tr("{done:,} of {total:,}", done=progress.done, total=progress.total))
    elif progress.done:
        parts.append(tr("{done:,} so far", done=progress.done))
    if progress.rate and progress.rate >= 1.5:  # slower ones say more as seconds each
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
