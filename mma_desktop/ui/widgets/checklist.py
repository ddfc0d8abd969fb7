"""Findings: each a sentence with an icon, and buttons that mend what it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.ui.widgets.controls import IconLabel, Part, button, discard, heading, in_column, in_row, wrapped

MARKS = {
    "good": ("check", "good"),
    "note": ("info", "accent"),
    "warn": ("warning", "warn"),
    "block": ("error", "bad"),
    "wait": ("refresh", "dim"),
}
SPOKEN = {"note": later("Note"), "warn": later("Warning"), "block": later("Fix this first"), "wait": later("Wait")}
Fix = tuple[str, Callable[[], object]] | tuple[str, Callable[[], object], str]
"""The text of a button, what it does, and its name for screen readers if the text alone does not say it."""


class Check(NamedTuple):
    """A sentence of a kind of `MARKS`, buttons with their texts and what they do, and a title, if it takes one."""

    kind: str
    text: str
    fixes: tuple[Fix, ...] = ()
    title: str = ""


class CheckItem(QFrame):
    def __init__(self, check: Check) -> None:
        super().__init__()
        self.kind, self.text, fixes, title = check
        mark, role = MARKS[self.kind]
        spoken = [tr(SPOKEN[self.kind])] if self.kind in SPOKEN else []
        self.setAccessibleName(": ".join([*spoken, *filter(None, (title, self.text))]))
        self.buttons = []
        for label, fix, *spoken in fixes:
            self.buttons.append(button(label, clicked=lambda _on, fix=fix: fix()))
            self.buttons[-1].setAccessibleName("".join(spoken))
        head = heading(title, 3)
        row = in_row(*self.buttons, None, spacing=6)
        parts: tuple[Part, ...] = (*((head,) if title else ()), wrapped(self.text), *((row,) if fixes else ()))
        words = in_column(*parts, spacing=4)
        image = IconLabel(mark, 18, role)
        in_row((image, 0, Qt.AlignmentFlag.AlignTop), (words, 1), inside=self, margins=(0, 0, 0, 0), spacing=8)


class Checklist(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.items: list[CheckItem] = []
        self._shown: list[tuple[str, str, int]] = []
        self._layout = in_column(inside=self, margins=(0, 0, 6, 0), spacing=10)
        self.setAccessibleName(name)

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these; the same ones stay as they are, with their keyboard focus."""
        shown = [(check.kind, f"{check.title} {check.text}", len(check.fixes)) for check in checks]
        if shown == self._shown:
            return
        self._shown = shown
        for item in self.items:
            discard(item)
        self.items = list(map(CheckItem, checks))
        for item in self.items:
            self._layout.addWidget(item)
