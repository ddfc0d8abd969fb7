"""A plain chart that a person can walk through by keys: axes with ticks, and items that each say what they are.

Light enough for a tab that may never be looked at; the live curves of a training are pyqtgraph's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.theme import mix, tokens, watcher

LEFT, TOP, RIGHT, BOTTOM = 52, 12, 24, 40
NEAR = 14.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its label, its range, and its ticks with their texts."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


def percent_axis(label: str, low: float = 0.0, high: float = 100.0) -> Axis:
    """An axis in percent with four to six ticks."""
    step = next(one for one in (5, 10, 20, 25) if (high - low) / one <= 6)
    ticks = [at * step for at in range(int(-(-low // step)), int(high // step) + 1)]
    return Axis(label, low, high, tuple((at, number_format.whole_percent(at / 100)) for at in ticks))


@dataclass(frozen=True, slots=True)
class Item:
    """Something in the chart that can be pointed at: where it is (in data), and its words."""

    x: float
    y: float
    words: str


class Chart(QWidget):
    """Axes and items; what is drawn in between is up to the subclass.

    Args:
        name: Accessible name.
        x: The horizontal axis.
        y: The vertical axis.
        parent: The owner.

    Signals:
        told: The words of the item that was chosen by key or pointer.
    """

    told = Signal(str)

    def __init__(self, name: str, x: Axis, y: Axis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.x_axis, self.y_axis = x, y
        self.items: tuple[Item, ...] = ()
        self.current = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(230, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        watcher().changed.connect(self.update)

    def set_items(self, items: Sequence[Item], summary: str) -> None:
        """What can be pointed at, and what the chart says as a whole."""
        self.items = tuple(items)
        self.current = -1
        self.setAccessibleDescription(summary)
        self.update()

    def sizeHint(self) -> QSize:
        """Wider than high."""
        return QSize(360, 150)

    # ------------------------------------------------------------------ geometry

    @property
    def plot(self) -> QRectF:
        """Where the data is drawn."""
        below = max(BOTTOM, 2 * QFontMetrics(self.small_font()).height() + 8)  # ticks and label
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -below)

    def spot(self, x: float, y: float) -> QPointF:
        """Where a point of the data is in the widget."""
        area = self.plot
        across = (x - self.x_axis.low) / (self.x_axis.high - self.x_axis.low)
        up = (y - self.y_axis.low) / (self.y_axis.high - self.y_axis.low)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    # ------------------------------------------------------------------ drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the axes, the data, the mark of the current item and the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        painter.save()
        self.paint_data(painter)
        painter.restore()
        if self.hasFocus():
            self._paint_focus(painter)
        painter.end()

    def paint_data(self, painter: QPainter) -> None:
        """Draw what the chart is about."""
        raise NotImplementedError

    def _paint_focus(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().focus), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        if 0 <= self.current < len(self.items):
            item = self.items[self.current]
            painter.drawEllipse(self.spot(item.x, item.y), 8, 8)

    def small_font(self) -> QFont:
        """The font of ticks and marks."""
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.88))
        return font

    def _paint_axes(self, painter: QPainter) -> None:
        look, area = tokens(), self.plot
        painter.setFont(self.small_font())
        high = painter.fontMetrics().height()
        for value, text in self.y_axis.ticks:
            at = self.spot(self.x_axis.low, value)
            painter.setPen(QPen(QColor(mix(look.surface, look.border, 0.7)), 1))
            painter.drawLine(at, QPointF(area.right(), at.y()))
            painter.setPen(QColor(look.dim))
            painter.drawText(
                QRectF(0, at.y() - high / 2, LEFT - 7, high),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                text,
            )
        for value, text in self.x_axis.ticks:
            at = self.spot(value, self.y_axis.low)
            box = QRectF(at.x() - 40, at.y() + 4, 80, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QPen(QColor(look.dim), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        bottom = QRectF(area.left(), area.bottom() + 4 + high, area.width(), high + 2)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, self.x_axis.label)
        painter.save()
        long = max(area.height(), painter.fontMetrics().horizontalAdvance(self.y_axis.label) + 4.0)
        painter.translate(1, min(self.height() - 2.0, area.center().y() + long / 2))
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, long, high), Qt.AlignmentFlag.AlignCenter, self.y_axis.label)
        painter.restore()

    def paint_words(self, painter: QPainter, text: str) -> None:
        """Say in the middle why there is nothing to draw."""
        painter.setPen(QColor(tokens().dim))
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.plot.adjusted(12, 12, -12, -12), flags, text)

    # ------------------------------------------------------------------ keys and pointer

    def _nearest(self, point: QPointF) -> int:
        """The item at a point, -1 where there is none."""
        away = [(self.spot(one.x, one.y) - point).manhattanLength() for one in self.items]
        best = min(range(len(away)), key=away.__getitem__, default=-1)
        return best if best >= 0 and away[best] <= 2 * NEAR else -1

    def event(self, event: QEvent) -> bool:
        """Tooltips of the items."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._nearest(QPointF(event.pos()))
            if at < 0:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.items[at].words, self, QRect())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose an item."""
        at = self._nearest(event.position())
        if at >= 0:
            self._go(at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        self.update()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the items: left, right, Home and End."""
        last = len(self.items) - 1
        steps = {
            Qt.Key.Key_Left: max(0, self.current - 1),
            Qt.Key.Key_Right: min(last, self.current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        to = steps.get(Qt.Key(event.key()))
        if to is None or last < 0:
            super().keyPressEvent(event)
            return
        self._go(to)

    def _go(self, at: int) -> None:
        self.current = at
        words = self.items[at].words
        self.setAccessibleDescription(words)
        self.told.emit(words)
        self.update()
