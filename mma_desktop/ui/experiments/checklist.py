"""List of what prevents a training, with buttons that fix it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import STARTER_ID, Finding, QuickFix
from mma_desktop.ui.widgets.controls import Picture, button, in_column, in_row, scrolled, wrapped

MARKS = {"good": ("check", "good"), "note": ("info", "accent"), "block": ("error", "bad"), "wait": ("refresh", "dim")}
SPOKEN = {"note": later("Note"), "block": later("Fix this first"), "wait": later("Wait")}
MAX_HEIGHT = 240
Fix = tuple[str, Callable[[], object]]


def fix_text(finding: Finding) -> str:
    """Return the text of a finding's button, empty if no single step fixes it."""
    return {
        QuickFix.NONE: "",
        QuickFix.LABEL: tr("Go to labelling"),
        QuickFix.FEWER_SHOTS: tr("Train with {n} shot", "Train with {n} shots", finding.shots),
        QuickFix.FIRST_HALF_BASE: tr("Train the first half only"),
        QuickFix.ALL_BASE: tr("Train all classes"),
    }[finding.fix]


class CheckItem(QFrame):
    """One line: a mark, a sentence, and buttons that fix it, each with its text and what it does."""

    def __init__(self, kind: str, text: str, fixes: Sequence[Fix] = ()) -> None:
        super().__init__()
        self.kind = kind
        self.text = text
        mark, role = MARKS[kind]
        self.setAccessibleName(f"{tr(SPOKEN[kind])}: {text}" if kind in SPOKEN else text)
        self.buttons = [button(title) for title, _ in fixes]
        for made, (_, fix) in zip(self.buttons, fixes, strict=True):
            made.clicked.connect(lambda _on, fix=fix: fix())
        row = (in_row(*self.buttons, None, spacing=6),) if fixes else ()
        words = in_column(wrapped(text), *row, spacing=4)
        picture = Picture(mark, 18, role)
        in_row((picture, 0, Qt.AlignmentFlag.AlignTop), (words, 1), inside=self, margins=(0, 0, 0, 0), spacing=8)


class Checklist(QScrollArea):
    """The findings of a check.

    Signals:
        fix_requested: The button of a finding was pressed (Finding).
        retry, starter: After a backbone failed to load: try again, or use the starter.
    """

    fix_requested = Signal(object)
    retry = Signal()
    starter = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: list[CheckItem] = []
        self._shown: tuple[object, ...] = ()
        inner = QWidget()
        self._layout = in_column(inside=inner, margins=(0, 0, 6, 0), spacing=10)
        scrolled(inner, self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("New training"))

    def show_findings(
        self,
        findings: Sequence[Finding],
        waiting: str = "",
        wrong: str = "",
        failed: tuple[str, str] = ("", ""),
        ready: str = "",
    ) -> None:
        """Show the findings.

        Args:
            findings: From `project_training.check`.
            waiting: What the training waits for, such as a loading backbone.
            wrong: What is wrong with the form itself.
            failed: The backbone that failed to load (id), and why; empty if none failed.
            ready: Text to show when nothing prevents a training.
        """
        shown = (tuple(findings), waiting, wrong, failed, ready)
        if shown == self._shown:
            return
        self._shown = shown
        for item in self.items:
            item.hide()
            item.deleteLater()
        self.items = []
        if wrong:
            self._add(CheckItem("block", wrong))
        if failed[1]:
            fixes: list[Fix] = [(tr("Try again"), self.retry.emit)]
            if failed[0] != STARTER_ID:
                fixes.append((tr("Use the starter"), self.starter.emit))
            self._add(CheckItem("block", failed[1], fixes))
        for finding in sorted(findings, key=lambda one: not one.blocking):
            text = fix_text(finding)
            fixes = [(text, partial(self.fix_requested.emit, finding))] if text else []
            self._add(CheckItem("block" if finding.blocking else "note", finding.text, fixes))
        if waiting:
            self._add(CheckItem("wait", waiting))
        elif ready and not wrong and not failed[1] and not any(one.blocking for one in findings):
            self._add(CheckItem("good", ready), first=True)
        self._fit()

    def _add(self, item: CheckItem, *, first: bool = False) -> None:
        self.items.append(item)
        self._layout.insertWidget(0 if first else self._layout.count(), item)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        """Fit the height to the sentences, up to a limit; then scroll."""
        width = max(120, self.viewport().width())
        wanted = self._layout.heightForWidth(width) if self._layout.hasHeightForWidth() else 0
        height = min(MAX_HEIGHT, max(24, wanted) + 2)
        if self.height() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)
