"""What speaks against a training: a list with buttons that mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import QuickFix, TrainingFinding
from mma_desktop.ui.widgets.controls import IconLabel, button, discard, in_column, in_row, wrapped

MARKS = {"good": ("check", "good"), "note": ("info", "accent"), "block": ("error", "bad"), "wait": ("refresh", "dim")}
SPOKEN = {"note": later("Note"), "block": later("Fix this first"), "wait": later("Wait")}
Fix = tuple[str, Callable[[], object]]


def fix_text(finding: TrainingFinding) -> str:
    """Return the text of a finding's button, empty if no single step fixes it."""
    return {
        QuickFix.NONE: "",
        QuickFix.LABEL: tr("Go to labelling"),
        QuickFix.FEWER_SHOTS: tr("Train with {n} shot", "Train with {n} shots", finding.shots),
        QuickFix.FIRST_HALF_BASE: tr("Train the first half only"),
        QuickFix.ALL_BASE: tr("Train all classes"),
    }[finding.fix]


class Check(NamedTuple):
    """A sentence of a kind ("block", "wait", "note", "good"), and buttons with their texts and what they do."""

    kind: str
    text: str
    fixes: tuple[Fix, ...] = ()


class CheckItem(QFrame):
    def __init__(self, kind: str, text: str, fixes: Sequence[Fix]) -> None:
        super().__init__()
        self.kind = kind
        self.text = text
        mark, role = MARKS[kind]
        self.setAccessibleName(f"{tr(SPOKEN[kind])}: {text}" if kind in SPOKEN else text)
        self.buttons = [button(title, clicked=lambda _on, fix=fix: fix()) for title, fix in fixes]
        row = (in_row(*self.buttons, None, spacing=6),) if fixes else ()
        words = in_column(wrapped(text), *row, spacing=4)
        picture = IconLabel(mark, 18, role)
        in_row((picture, 0, Qt.AlignmentFlag.AlignTop), (words, 1), inside=self, margins=(0, 0, 0, 0), spacing=8)


class Checklist(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[CheckItem] = []
        self._shown: list[tuple[str, str, int]] = []
        self._layout = in_column(inside=self, margins=(0, 0, 6, 0), spacing=10)
        self.setAccessibleName(tr("New training"))

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these; the same ones stay as they are, with their keyboard focus."""
        shown = [(kind, text, len(fixes)) for kind, text, fixes in checks]
        if shown == self._shown:
            return
        self._shown = shown
        for item in self.items:
            discard(item)
        self.items = [CheckItem(*check) for check in checks]
        for item in self.items:
            self._layout.addWidget(item)
