"""Line below the grid: the number of selected images, and the labelling keys."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.ui.widgets import number_format, theme
from mma_desktop.ui.widgets.controls import SPACE

KEYS = (later("Class key: label"), later("Enter: accept"))
ALL_KEYS = later("?: all keys")
BETWEEN = "    "


class StatusLine(QWidget):
    """A dim line of text. If it is too narrow, keys are left out; the one that lists all keys goes last."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._numbers

    def show_numbers(self, selected: int, shown: int) -> None:
        pictures = number_format.pictures(shown)
        text = pictures if shown else ""
        if selected:
            text = tr("{n} of {pictures} selected", "{n} of {pictures} selected", selected, pictures=pictures)
        if text != self._numbers:
            self._numbers = text
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setPen(QColor(theme.tokens().dim))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._numbers)
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance(self._numbers) - 3 * SPACE
        shown = [tr(one) for one in (*KEYS, ALL_KEYS)]
        while shown and metrics.horizontalAdvance(BETWEEN.join(shown)) > room:
            shown.pop(-2 if len(shown) > 1 else 0)
        keys = BETWEEN.join(shown)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys)
