"""How names of things and keys are written inside what the window says."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from mma_desktop.words import language

NATIVE = QKeySequence.SequenceFormat.NativeText


def in_sentence(title: str) -> str:
    """A title as it stands inside a sentence: English begins it small, another language writes it as it is."""
    return title if language().lookup is not None else title[:1].lower() + title[1:]


def shown_keys(keys: str) -> str:
    """Keys as this system and language write them; what is no key sequence stays as it is."""
    shown = QKeySequence(keys).toString(NATIVE)
    if "Return" in shown:
        shown = QKeySequence(keys.replace("Return", "Enter")).toString(NATIVE)
    return shown or keys
