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


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
