"""Appearance of a data series in every chart (colour, dash and symbol), and its legend."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mma_desktop.core.i18n import later
from mma_desktop.ui.widgets.theme import tokens


@dataclass(frozen=True)
class Look:
    """Style of a series: theme colour, dash, symbol ("o" circle, "t1" triangle, "s" square, "d" diamond)."""

    name: str
    light: str
    dark: str
    dash: Qt.PenStyle
    symbol: str

    @property
    def colour(self) -> QColor:
        return QColor(self.dark if QColor(tokens().window).lightnessF() < 0.5 else self.light)


LOSS = Look(later("Training"), "#5b45b0", "#b3a4f5", Qt.PenStyle.SolidLine, "s")
VALIDATION_LOSS = Look(later("Validation"), "#0f7a6c", "#5fd0bf", Qt.PenStyle.DashDotLine, "d")
BASE = Look(later("Base"), "#0b62c4", "#74b3ff", Qt.PenStyle.SolidLine, "o")
NEW = Look(later("New"), "#b4510a", "#f5a65b", Qt.PenStyle.DashDotLine, "t1")


class LegendEntry(QWidget):
    def __init__(self, look: Look | None, text: str) -> None:
        super().__init__()
        self._look = look
        self.text = text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(36 + self.fontMetrics().horizontalAdvance(self.text), self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        colour = QColor(tokens().dim) if self._look is None else self._look.colour
        dash = Qt.PenStyle.DashLine if self._look is None else self._look.dash
        pen = QPen(colour, 2.0, dash)
        painter.setPen(pen)
        painter.drawLine(QPointF(1, middle), QPointF(27, middle))
        if self._look is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            draw_symbol(painter, self._look.symbol, QPointF(14, middle), 4.0)
        painter.setPen(QColor(tokens().text))
        painter.drawText(self.rect().adjusted(33, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, self.text)
        painter.end()


def draw_symbol(painter: QPainter, symbol: str, at: QPointF, r: float) -> None:
    if symbol == "o":
        painter.drawEllipse(at, r, r)
        return
    corners = {
        "s": ((-r, -r), (r, -r), (r, r), (-r, r)),
        "d": ((0, -r * 1.3), (r * 1.1, 0), (0, r * 1.3), (-r * 1.1, 0)),
        "t1": ((0, -r * 1.2), (r * 1.2, r), (-r * 1.2, r)),
    }[symbol]
    painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in corners]))
