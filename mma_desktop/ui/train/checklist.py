"""List of what prevents a training, with buttons that fix it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import STARTER_ID, Finding, QuickFix
from mma_desktop.ui.widgets.controls import Picture, button, in_column, in_row

MARKS = {"good": ("check", "good"), "note": ("info", "accent"), "block": ("error", "bad"), "wait": ("refresh", "dim")}
SPOKEN = {"good": later("Ready"), "note": later("Note"), "block": later("Fix this first"), "wait": later("Wait")}
MAX_HEIGHT = 240


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
    """One line: a mark, a sentence, and a button if one step fixes it."""

    def __init__(self, kind: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.text = text
        self.fix_button: QPushButton | None = None
        mark, role = MARKS[kind]
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(f"{tr(SPOKEN[kind])}: {text}")
        row = in_row(
            (Picture(mark, 18, role), 0, Qt.AlignmentFlag.AlignTop), inside=self, margins=(0, 0, 0, 0), spacing=8
        )
        self._column = in_column(label, spacing=4)
        self._buttons = in_row(None, spacing=6)
        row.addLayout(self._column, 1)

    def offer(self, text: str) -> QPushButton:
        """Add a button that fixes the finding; `fix_button` is the first one."""
        made = button(text)
        if self.fix_button is None:
            self.fix_button = made
            self._column.addLayout(self._buttons)
        self._buttons.insertWidget(self._buttons.count() - 1, made)
        return made


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
        inner.setObjectName("page")
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(0, 0, 6, 0)
        self._layout.setSpacing(10)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
            ready: Text to show when nothing prevents a training; that it is ready if empty.
        """
        shown = (tuple(findings), waiting, wrong, failed, ready)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if wrong:
            self._add(CheckItem("block", wrong))
        if failed[1]:
            self._add(self._failure(*failed))
        for finding in sorted(findings, key=lambda one: not one.blocking):
            item = CheckItem("block" if finding.blocking else "note", finding.text)
            text = fix_text(finding)
            if text:
                item.offer(text).clicked.connect(lambda _on=False, one=finding: self.fix_requested.emit(one))
            self._add(item)
        if waiting:
            self._add(CheckItem("wait", waiting))
        elif not wrong and not failed[1] and not any(one.blocking for one in findings):
            self._add(CheckItem("good", ready or f"{tr('Ready')}."), first=True)
        self._fit()

    def _failure(self, backbone_id: str, why: str) -> CheckItem:
        item = CheckItem("block", why)
        item.offer(tr("Try again")).clicked.connect(self.retry)
        if backbone_id != STARTER_ID:
            item.offer(tr("Use the starter")).clicked.connect(self.starter)
        return item

    def _add(self, item: CheckItem, *, first: bool = False) -> None:
        self.items.append(item)
        self._layout.insertWidget(0 if first else self._layout.count(), item)

    def _clear(self) -> None:
        for item in self.items:
            self._layout.removeWidget(item)
            item.hide()
            item.deleteLater()
        self.items = []

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
