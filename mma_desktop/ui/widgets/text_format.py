"""Formats of titles, names and keys inside texts of the window."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cmp_to_key

from PySide6.QtCore import QCollator, Qt
from PySide6.QtGui import QKeySequence

from mma_desktop.core.i18n import language, one_line

NATIVE = QKeySequence.SequenceFormat.NativeText


def in_sentence(title: str) -> str:
    """Return a title as written inside a sentence: in lower case in English, unchanged in other languages."""
    return title if language().lookup is not None else title[:1].lower() + title[1:]


def unmarked(name: str) -> str:
    """Escape a name for a text in which `&` marks a mnemonic: of a button, menu, tab or buddy label."""
    return one_line(name).replace("&", "&&")


def without_marks(text: str) -> str:
    """Return such a text without mnemonics: "R&&D" becomes "R&D"."""
    return re.sub("&(&?)", r"\1", text)


def as_title(text: str) -> str:
    """Return the text of a menu action as a title: without mnemonics and dots."""
    return without_marks(text).removesuffix("\u2026")


def asks(text: str) -> str:
    """Return the text of a button or action that opens a dialog before anything happens."""
    return f"{text}\u2026"


def lettered(titles: Iterable[str]) -> list[str]:
    """Underline a letter of each title of a menu, the first of a word if it is free, each another one."""
    taken: set[str] = set()
    found = []
    for title in titles:
        starts = [at for at, letter in enumerate(title) if letter.isalpha() and not title[at - 1 : at].isalpha()]
        others = (at for at, letter in enumerate(title) if letter.isalpha())
        at = next((at for at in (*starts, *others) if title[at].lower() not in taken), None)
        taken.update(title[at or 0].lower())
        found.append(title if at is None else f"{title[:at]}&{title[at:]}")
    return found


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
    """Add its keys to a name, as in "Rename (F2)"."""
    return f"{text} ({shown_keys(keys)})"


def collator() -> QCollator:
    """Return what compares names as the locale does, and numbers in them by size."""
    made = QCollator()
    made.setNumericMode(True)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return made


def alphabetical(names: Iterable[str]) -> list[str]:
    """Return names in the order of a dictionary of the locale: Äpfel, Birne, Teil 9, Teil 10."""
    return sorted(names, key=cmp_to_key(collator().compare))


_ONE = r"(?:[siu]s|ous|eros|estos|cosmos|chaos|eps|\b(?:gas|lens|atlas|canvas|pancreas|christmas|series|species))$"
_MANY = r"(?:\b|wo|fire|police|snow)(?:men|people|children|mice|geese|feet|teeth|oxen)$"
_STUFF = (
    r"\b(?:water|snow|ice|sand|mud|rain|fog|smoke|fire|grass|wood|rust|rice|bread|food|art|furniture|clothing|"
    r"jewell?ery|luggage|equipment|corrosion|damage|background|tennis|chess)$"
)
_TAKES_NONE = (
    r"(?:an?|the|no|not|none|some|any|others?|my|his|her|its|our|their|this|that|one|two|three|with|without)\b(?!-)"
)
_LIKE_YOU = r"eu|ewe|u(?:[bcfhjkqrst][aeiou]|ni(?![mn]))|one\b|once\b|ouija"


def _head(name: str) -> str:
    """Return what a name is about, in lower case: "bear" of "bear without ears"."""
    return re.split(r"\s(?:with|without|of|in|on|at|from|for|by)\s", " ".join(name.split()).casefold())[0]


def is_plural(name: str) -> bool:
    """Return whether a class name is an English plural, as far as its ending tells; False in other languages."""
    head = _head(name)
    regular = head.endswith("s") and len(head) > 3 and not re.search(_ONE, head)
    return language().lookup is None and head.isascii() and (regular or re.search(_MANY, head) is not None)


def with_article(name: str) -> str:
    """Return a class name with "a" or "an" as English speaks it; unchanged in other languages.

    Plurals, stuff, names with an article or a number in front, and names with letters that English lacks take none.
    Capitals alone are spelt: "an okapi", "a unicorn", "an MRI", "apples", "grass", "Gänseblümchen".
    """
    head, first = _head(name), name.strip()[:1]
    foreign = not head.isascii() or not first.isalpha()
    if (
        language().lookup is not None
        or foreign
        or is_plural(name)
        or re.search(_STUFF, head)
        or re.match(_TAKES_NONE, head)
    ):
        return name
    if re.match(r"[A-Z]{1,4}\b", name.strip()):
        vowel = first in "AEFHILMNORSX"
    else:
        vowel = re.match(rf"(?!{_LIKE_YOU})[aeiou]|hour|honest|honou?r|heir", head) is not None
    return f"{'an' if vowel else 'a'} {name}"
