"""Base against new accuracy of several methods, with names. Imports pyqtgraph, so import this late.

Zero-shot differs from the adapters by its symbol and dashed lines, the adapter in use by its label and a ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.engine.methods.method_spec import ZERO_SHOT
from mma_desktop.ui.results.method_rows import IN_USE, Rows
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import hint, in_column
from mma_desktop.ui.widgets.plot import GRID, Plot
from mma_desktop.ui.widgets.series import BASE
from mma_desktop.ui.widgets.theme import tokens, watcher

EMPTY = later(
    "Each method appears here as a point when it is trained: right is better on base classes, up on new ones."
)
NOTHING = later("Nothing to draw: a point needs base and new accuracy. The table has the rest.")
LEAST_SPAN = 4.0  # minimum span of an axis in percentage points, so that noise does not fill the plot
ROOM = 0.18
GAP = 9.0
SIZE = 11
FARTHEST = 16  # maximum distance of a name from its point, in half rows


@dataclass(frozen=True, slots=True)
class Dot:
    """One method in the plot, in percent; `name` is written beside it."""

    title: str
    name: str
    base: float
    new: float
    zero_shot: bool
    in_use: bool


def dots_of(shown: Rows) -> list[Dot]:
    """Return the methods with both base and new accuracy."""
    dots = []
    for row in shown.rows:
        base, new = row.scores.base, row.scores.new
        if base is None or new is None:
            continue
        in_use, name = shown.state(row) == IN_USE, tr(row.title)
        if in_use:
            name = tr("{name} (in use)", name=name)
        dots.append(Dot(row.title, name, base.percent, new.percent, row.method == ZERO_SHOT, in_use))
    return dots


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    span = max(LEAST_SPAN, high - low)
    middle, half = (low + high) / 2, span * (0.5 + ROOM)
    return middle - half, middle + half


def groups_of(spots: Sequence[QPointF]) -> list[list[int]]:
    """Group points that coincide on the screen by their indices: their names are written together."""
    groups: list[list[int]] = []
    for at, spot in enumerate(spots):
        near = (one for one in groups if (spots[one[0]] - spot).manhattanLength() < GAP / 2)
        group = next(near, None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    return groups


def place(spots: Sequence[QPointF], sizes: Sequence[QSizeF], area: QRectF) -> list[QRectF]:
    """Place names beside their points, clear of other points and names.

    Args:
        spots: The points in pixels.
        sizes: The size of each name.
        area: The visible area.
    """
    points = [QRectF(one.x() - GAP / 2, one.y() - GAP / 2, GAP, GAP) for one in spots]
    placed: list[QRectF] = []
    for spot, size in zip(spots, sizes, strict=True):
        wide, high = size.width(), size.height()
        sides = ((GAP, -high / 2), (-GAP - wide, -high / 2), (-wide / 2, -GAP - high), (-wide / 2, GAP))
        corners = [(x, y) for y in (-GAP - high, GAP) for x in (GAP, -GAP - wide)]
        steps = [sign * step for step in range(1, FARTHEST + 1) for sign in (1, -1)]
        rows = [(x, y + step * high / 2) for step in steps for x, y in sides[:2]]
        boxes = [QRectF(spot.x() + x, spot.y() + y, wide, high) for x, y in (*sides, *corners, *rows)]
        inside = [one for one in boxes if area.contains(one)] or boxes
        taken = [*points, *placed]
        free = (one for one in inside if not any(one.intersects(other) for other in taken))
        placed.append(next(free, inside[0]))  # a line connects a distant name to its point
    return placed


class MethodPlot(QWidget):
    """The points with their names; it also describes itself in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Rows()
        self._selected = ""
        self.dots: list[Dot] = []
        self.names: list[pg.TextItem] = []
        self._leaders: list[pg.PlotCurveItem] = []
        self.plot = Plot(
            tr("Base against new accuracy of each method"), tr("Base accuracy (%)"), tr("New accuracy (%)")
        )
        self.plot.setMinimumSize(320, 200)
        self.plot.item.showGrid(x=True, y=True, alpha=GRID)
        self.plot.sized.connect(self._place_names)
        self.words = hint(tr(EMPTY))
        in_column((self.plot, 1), self.words, inside=self, margins=(0, 0, 0, 0))
        watcher().changed.connect(self.draw)
        self.draw()

    def show_rows(self, shown: Rows) -> None:
        self._shown = shown
        self.draw()

    def select(self, title: str) -> None:
        """Put a ring around the point of a method."""
        if title != self._selected:
            self._selected = title
            self.draw()

    def draw(self) -> None:
        item = self.plot.item
        item.clear()
        self.names.clear()
        self._leaders.clear()
        self.dots = dots_of(self._shown)
        if self.dots:
            item.setXRange(*_range([one.base for one in self.dots]), padding=0)
            item.setYRange(*_range([one.new for one in self.dots]), padding=0)
        for dot in self.dots:
            self._draw(dot)
        self._place_names()
        self._tell()

    def _draw(self, dot: Dot) -> None:
        look, plot, at = tokens(), self.plot, ([dot.base], [dot.new])
        if dot.zero_shot:
            pen = plot.pen(look.dim, 1.2, Qt.PenStyle.DashLine)
            for angle, value in ((90, dot.base), (0, dot.new)):
                plot.item.addItem(pg.InfiniteLine(value, angle=angle, movable=False, pen=pen), ignoreBounds=True)
        symbol, colour = ("x", QColor(look.text)) if dot.zero_shot else ("o", BASE.colour)
        plot.scatter(*at, symbol=symbol, size=SIZE, brush=pg.mkBrush(colour), pen=None)
        if dot.in_use or dot.title == self._selected:
            pen = plot.pen(look.text, 1.6, Qt.PenStyle.SolidLine if dot.in_use else Qt.PenStyle.DotLine)
            plot.scatter(*at, z=5, symbol="o", size=SIZE + 8, brush=None, pen=pen)

    def _place_names(self) -> None:
        """Place the names again: their positions depend on the size of the plot."""
        for former in (*self.names, *self._leaders):
            self.plot.item.removeItem(former)
        self.names.clear()
        self._leaders.clear()
        if not self.dots:
            return
        box, look, font = self.plot.box, tokens(), self.font()
        font.setBold(True)
        metrics = QFontMetricsF(font)
        spots = [box.mapFromView(QPointF(one.base, one.new)) for one in self.dots]
        groups = groups_of(spots)
        wide = [max(metrics.horizontalAdvance(self.dots[at].name) for at in group) + 6 for group in groups]
        sizes = [QSizeF(one, metrics.height() * len(group) + 4) for one, group in zip(wide, groups, strict=True)]
        places = place([spots[group[0]] for group in groups], sizes, box.rect())
        ground = QColor(look.surface)
        ground.setAlphaF(0.8)  # the lines of zero-shot continue behind a name
        for group, where in zip(groups, places, strict=True):
            text = "\n".join(self.dots[at].name for at in group)
            bold = any(self.dots[at].in_use for at in group)
            name = self.plot.text(text, look.text, bold=bold, fill=ground)
            name.setZValue(4)
            name.textItem.document().setDocumentMargin(2)
            left = where.center().x() < spots[group[0]].x() - where.width() / 2
            if left:  # it ends at its point, however wide it became
                name.setAnchor((1, 0))
            name.setPos(box.mapToView(where.topRight() if left else where.topLeft()))
            self.names.append(name)
            self._lead(spots[group[0]], where)

    def _lead(self, spot: QPointF, where: QRectF) -> None:
        """Draw a thin line from a point to a name that had no room beside it."""
        x = min(max(spot.x(), where.left()), where.right())
        y = min(max(spot.y(), where.top()), where.bottom())
        if (QPointF(x, y) - spot).manhattanLength() <= 2 * GAP + 1:
            return
        ends = [self.plot.box.mapToView(one) for one in (spot, QPointF(x, y))]
        pen = self.plot.pen(tokens().dim)
        line = pg.PlotCurveItem([one.x() for one in ends], [one.y() for one in ends], pen=pen)
        line.setZValue(3)
        self.plot.item.addItem(line, ignoreBounds=True)
        self._leaders.append(line)

    def _tell(self) -> None:
        measured = [row for row in self._shown.rows if not row.reason]
        if not measured:
            words = tr(EMPTY)
        elif not self.dots:
            words = tr(NOTHING)
        else:
            words = ""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        said = "; ".join(
            tr(
                "{method}: base {base}, new {new}",
                method=one.name,
                base=number_format.percent(one.base),
                new=number_format.percent(one.new),
            )
            for one in self.dots
        )
        self.plot.setAccessibleDescription(said or words)
