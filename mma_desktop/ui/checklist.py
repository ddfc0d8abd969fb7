"""What stands in the way of a training, as a list of sentences with what mends them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mma_desktop.domain import Finding, Mend
from mma_desktop.ui.widgets import Picture, button

MARKS = {"good": ("check", "good"), "note": ("info", "accent"), "block": ("error", "bad"), "wait": ("refresh", "dim")}
SPOKEN = {"good": "Ready", "note": "Note", "block": "Must be mended first", "wait": "Wait"}
MAX_HEIGHT = 240


def mend_text(finding: Finding) -> str:
    """What the button of a finding says, empty for one without a step."""
    return {
        Mend.NONE: "",
        Mend.LABEL: "Go to labelling",
        Mend.FEWER_SHOTS: f"Train with {finding.shots} shot{'' if finding.shots == 1 else 's'}",
        Mend.FIRST_HALF_BASE: "First half base",
        Mend.ALL_BASE: "All classes base",
    }[finding.mend]


class CheckItem(QFrame):
    """One line: a mark, a sentence, and a button where one step mends it."""

    def __init__(self, kind: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.text = text
        self.mend_button: QPushButton | None = None
        mark, role = MARKS[kind]
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(f"{SPOKEN[kind]}: {text}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Picture(mark, 18, role), 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self._column.addWidget(label)
        row.addLayout(self._column, 1)

    def offer(self, text: str) -> QPushButton:
        """Add the button that mends it."""
        self.mend_button = button(text)
        self._column.addWidget(self.mend_button, 0, Qt.AlignmentFlag.AlignLeft)
        return self.mend_button


class Checklist(QScrollArea):
    """The findings of a check.

    Signals:
        mend_asked: The button of a finding was pressed (Finding).
    """

    mend_asked = Signal(object)

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
        self.setAccessibleName("What to know before training")

    def show_findings(self, findings: Sequence[Finding], waiting: str = "", wrong: str = "") -> None:
        """Show what was found.

        Args:
            findings: From `session.check`.
            waiting: What has to be waited for, a backbone that is loading say.
            wrong: What is wrong with the form itself.
        """
        shown = (tuple(findings), waiting, wrong)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if wrong:
            self._add(CheckItem("block", wrong))
        for finding in sorted(findings, key=lambda one: not one.blocking):
            item = CheckItem("block" if finding.blocking else "note", finding.text)
            text = mend_text(finding)
            if text:
                item.offer(text).clicked.connect(lambda _on=False, one=finding: self.mend_asked.emit(one))
            self._add(item)
        if waiting:
            self._add(CheckItem("wait", waiting))
        elif not wrong and not any(one.blocking for one in findings):
            self._add(CheckItem("good", "Ready to train."), first=True)
        self._fit()

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
        """Wrap again."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        """As tall as the sentences, up to a limit; then it scrolls."""
        width = max(120, self.viewport().width())
        wanted = self._layout.heightForWidth(width) if self._layout.hasHeightForWidth() else 0
        height = min(MAX_HEIGHT, max(24, wanted) + 2)
        if self.height() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)
