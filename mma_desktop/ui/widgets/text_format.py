"""How names of things and keys are written inside what the window says."""

from __future__ import annotations

import re

from PySide6.QtGui import QKeySequence

from mma_desktop.core.i18n import language, one_line

NATIVE = QKeySequence.SequenceFormat.NativeText


def in_sentence(title: str) -> str:
    """A title as it stands inside a sentence: English begins it small, another language writes it as it is."""
    return title if language().lookup is not None else title[:1].lower() + title[1:]


def unmarked(name: str) -> str:
    """A name in a text where `&` marks a letter: of a button, a menu, a tab, or the label of a field."""
    return one_line(name).replace("&", "&&")


def without_marks(text: str) -> str:
    """Such a text as it is read: "R&&D" is "R&D"."""
    return re.sub("&(&?)", r"\1", text)


def in_title(name: str) -> str:
    """A name in the title of a window, where Qt takes "[*]" for the mark of something unsaved."""
    return one_line(name).replace("[*]", "[*][*]")


def shown_keys(keys: str) -> str:
    """Keys as this system and language write them; what is no key sequence stays as it is."""
    shown = QKeySequence(keys).toString(NATIVE)
    if "Return" in shown:
        shown = QKeySequence(keys.replace("Return", "Enter")).toString(NATIVE)
    return shown or keys
