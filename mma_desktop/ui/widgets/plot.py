"""Base of the charts: theme, axes, series and their legend, keyboard. Imports pyqtgraph, so import this late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QSizePolicy, QToolTip, QWidget

from mma_desktop.core.i18n import language, later, number
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.theme import BASE_COLOUR, NEW_COLOUR, has_ring, tokens, watcher

AXIS_ROOM = 8  # between the title of an axis and its numbers, and beside them
GRID = 0.7  # opacity: it helps the eye, and stays behind the lines in both themes
TICK_ROOM = 20  # half of the longest number, which stands out of its axis at the end
MAX_POINTER_DISTANCE = 28.0  # in pixels: a point need not be hit, and between two far ones none is meant
FAINT = 0.3  # opacity of fits that are over, against which the current one stands out
SIDES = ("left", "bottom")


@dataclass(frozen=True)
class SeriesStyle:
    """Style of a series: theme colour, dash, symbol ("o" circle, "t1" triangle, "s" square, "d" diamond)."""

    name: str
    light: str
    dark: str
    dash: Qt.PenStyle
    symbol: str

    @property
    def colour(self) -> QColor:
        return QColor(self.dark if QColor(tokens().window).lightnessF() < 0.5 else self.light)


LOSS = SeriesStyle(later("Training"), "#5b45b0", "#b3a4f5", Qt.PenStyle.SolidLine, "s")
VALIDATION_LOSS = SeriesStyle(later("Validation"), "#0f7a6c", "#5fd0bf", Qt.PenStyle.DashDotLine, "d")
BASE = SeriesStyle(later("Base"), *BASE_COLOUR, Qt.PenStyle.SolidLine, "o")
NEW = SeriesStyle(later("New"), *NEW_COLOUR, Qt.PenStyle.DashDotLine, "t1")


class LegendEntry(QWidget):
    """A series with its name, or without a style the dashed line that others are compared with."""

    def __init__(self, style: SeriesStyle | None, text: str) -> None:
        super().__init__()
        self._style = style
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        self.text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(36 + self.fontMetrics().horizontalAdvance(self.text), self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, style = QPainter(self), self._style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens().text))
        painter.drawText(self.rect().adjusted(33, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, self.text)
        colour, dash = (QColor(tokens().dim), Qt.PenStyle.DashLine) if style is None else (style.colour, style.dash)
        painter.translate(14, self.height() / 2)
        painter.setPen(QPen(colour, 2.0, dash))
        painter.drawLine(-13, 0, 13, 0)
        if style is not None:
            drawSymbol(painter, style.symbol, 8, Qt.PenStyle.NoPen, colour)
        painter.end()


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # it has no types
    """An axis with the language's separators."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        texts = super().tickStrings(values, scale, spacing)
        return [number(int(text)) if text.isdecimal() else text.replace(".", language().decimal) for text in texts]

    def boundingRect(self) -> QRectF:
        # The numbers at the ends would otherwise be omitted.
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-TICK_ROOM, -TICK_ROOM, TICK_ROOM, TICK_ROOM)


@dataclass(frozen=True, slots=True)
class Item:
    """A chart item reachable by pointer and keyboard: its position (in data) and its description."""

    x: float
    y: float
    words: str


class Plot(pg.PlotWidget):  # type: ignore[misc]  # it has no types
    """A plot in the colours of the theme, whose items can be hovered and walked by keyboard."""

    message = Signal(str)  # the description of the item chosen by key or pointer

    def __init__(self, name: str, x: str, y: str, units: str = "") -> None:
        super().__init__(axisItems={side: NumberAxis(side) for side in SIDES}, enableMenu=False)
        self.setAccessibleName(name)
        self.setMinimumSize(200, 150)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chart_items: tuple[Item, ...] = ()
        self.current = -1
        self.item = self.getPlotItem()
        self.box = self.item.getViewBox()
        self.item.hideButtons()
        self.item.setMouseEnabled(x=False, y=False)
        self.item.layout.setContentsMargins(4, 6, 20, 4)  # inside the focus frame
        self.item.showGrid(x=False, y=True, alpha=GRID)
        self.item.setLabel("bottom", x)
        self.item.setLabel("left", y, units=units or None)
        for side in SIDES:
            self.axis(side).enableAutoSIPrefix(False)
            self.axis(side).setZValue(-1000)  # the grid goes below the data
        metrics = self.fontMetrics()
        self.axis("left").setWidth(metrics.horizontalAdvance("100 %") + metrics.height() + AXIS_ROOM)
        self.axis("left").setTickDensity(0.6)
        watcher().changed.connect(self.recolour)
        self._apply_theme()

    def sizeHint(self) -> QSize:
        return QSize(360, 150)

    def close(self) -> bool:
        # Any number of times, like any widget: pyqtgraph's own method destroys the plot.
        return bool(QGraphicsView.close(self))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel is the page's.
        event.ignore()

    def axis(self, side: str) -> Any:
        return self.item.getAxis(side)

    def draw(self) -> None:
        """Draw the content of the chart in the colours of the theme."""

    def recolour(self) -> None:
        self._apply_theme()
        self.draw()

    def _apply_theme(self) -> None:
        colours = tokens()
        self.setBackground(colours.surface)
        for side in SIDES:
            self.axis(side).setPen(pg.mkPen(colours.border))
            self.axis(side).setTextPen(pg.mkPen(colours.dim))

    def pen(self, colour: str | QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen with a width in device-independent pixels: a cosmetic pen counts physical ones."""
        pen: QPen = pg.mkPen(QColor(colour), width=width * self.devicePixelRatioF(), style=style)
        return pen

    def scatter(self, x: Sequence[float], y: Sequence[float], z: float = 6, **style: Any) -> Any:
        marks = pg.ScatterPlotItem(x=x, y=y, **style)
        marks.setZValue(z)
        self.item.addItem(marks)
        return marks

    def text(self, words: str, colour: str | QColor, *, bold: bool = False, **style: Any) -> Any:
        item = pg.TextItem(words, color=QColor(colour), **style)
        font = self.font()
        font.setBold(bold)
        item.setFont(font)
        self.item.addItem(item, ignoreBounds=True)
        return item

    def percent_axis(self, side: str, low: float = 0.0, room: float = 0.0) -> None:
        """Show percentages up to 100 on an axis with four to six ticks, and a margin of `room` at either end."""
        step = next(size for size in (5, 10, 20, 25) if (100 - low) / size <= 6)
        ticks = range(int(-(-low // step)) * step, 101, step)
        self.fix_axis(
            side, low - room, 100 + room, [(percent, text_format.whole_percent(percent / 100)) for percent in ticks]
        )

    def fix_axis(self, side: str, low: float, high: float, ticks: Sequence[tuple[float, str]]) -> None:
        show = self.item.setYRange if side == "left" else self.item.setXRange
        show(low, high, padding=0)
        self.axis(side).setTicks([ticks, []])

    @property
    def area(self) -> QRectF:
        """The data area, in widget coordinates."""
        return QRectF(self.mapFromScene(self.box.mapRectToScene(self.box.rect())).boundingRect())

    def spot(self, x: float, y: float) -> QPointF:
        """Map a point of the data to widget coordinates."""
        return QPointF(self.mapFromScene(self.box.mapViewToScene(QPointF(x, y))))

    def set_items(self, items: Sequence[Item], summary: str) -> None:
        """Set the items, and the description of the whole chart. If items were only added, the current one stays."""
        stays = self.current >= 0 and self.chart_items[: self.current + 1] == tuple(items[: self.current + 1])
        self.chart_items = tuple(items)
        if stays:
            return
        self.current = -1
        self.setAccessibleDescription(summary)
        self.viewport().update()

    def _set_current(self, index: int) -> None:
        self.current = index
        words = self.chart_items[index].words
        self.setAccessibleDescription(words)
        self.message.emit(words)
        self.viewport().update()

    def _nearest(self, point: QPointF) -> int:
        distances = [(self.spot(place.x, place.y) - point).manhattanLength() for place in self.chart_items]
        best = min(range(len(distances)), key=distances.__getitem__, default=-1)
        return best if best >= 0 and distances[best] <= MAX_POINTER_DISTANCE else -1

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return bool(super().viewportEvent(event))
        index = self._nearest(QPointF(event.pos()))
        if index < 0:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), self.chart_items[index].words, self, QRect())
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._nearest(event.position())
        if index >= 0:
            self._set_current(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # The release of an accepted press is accepted too, or Qt passes it on.
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.chart_items) - 1
        steps = {
            Qt.Key.Key_Left: max(0, self.current - 1),
            Qt.Key.Key_Right: min(last, self.current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        target = steps.get(Qt.Key(event.key()))
        if target is None or last < 0:
            super().keyPressEvent(event)
            return
        self._set_current(target)

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.viewport().update()  # with or without the ring
        return bool(super().event(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens().focus), 2))
        if has_ring(self):
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 4, 4)
        if 0 <= self.current < len(self.chart_items):
            item = self.chart_items[self.current]
            painter.drawEllipse(self.spot(item.x, item.y), 8, 8)
        painter.end()


class Series:
    """A line with symbols: at most `most`, so that those of a long line do not merge."""

    def __init__(self, plot: Plot, style: SeriesStyle, most: int = 25) -> None:
        self.style = style
        self._plot, self._most = plot, most
        self.curve = plot.item.plot()
        self.marks = plot.scatter((), ())

    def show(self, x: np.ndarray, y: np.ndarray, *, faint: bool = False) -> None:
        """Show other numbers; `faint` lines are thin and without symbols, and cost a fraction of the others."""
        colour = QColor(self.style.colour)
        colour.setAlphaF(FAINT if faint else 1.0)
        pen = self._plot.pen(colour, 1 if faint else 2.2, self.style.dash)
        self.curve.setData(x, y, pen=pen, antialias=not faint)
        self.curve.setZValue(1 if faint else 5)
        shown = slice(0, 0) if faint else slice(None, None, max(1, -(-len(x) // self._most)))
        self.marks.setData(x[shown], y[shown], symbol=self.style.symbol, size=8, brush=pg.mkBrush(colour), pen=None)

    def remove(self) -> None:
        for item in (self.curve, self.marks):
            self._plot.item.removeItem(item)
