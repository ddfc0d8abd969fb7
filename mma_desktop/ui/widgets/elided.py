"""Label that elides its text to the available width."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from mma_desktop.core.i18n import one_line
from mma_desktop.ui.widgets.controls import bold


class ElidedLabel(QLabel):
    """One line; while elided, the whole text is the tooltip and the accessible name.

    Attributes:
        short: What is shown where the text has no room.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.short = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        text = one_line(text)
        super().setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.fontMetrics().height() + 2)

    @property
    def shown(self) -> str:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        text = self.text() if not self.short or metrics.horizontalAdvance(self.text()) <= room else self.short
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.shown)
        painter.end()


def elided_heading(size: float = 1.3) -> ElidedLabel:
    """Return a heading for text that may be long, such as a name."""
    label = ElidedLabel()
    label.setObjectName("heading")
    bold(label, size)
    return label


def elided_hint() -> ElidedLabel:
    label = ElidedLabel()
    label.setObjectName("hint")
    return label
