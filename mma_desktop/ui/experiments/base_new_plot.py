"""Base against new accuracy, a point for each row. Imports pyqtgraph, so import this late.

Zero-shot differs from the adapters by its symbol and dashed lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.engine.methods.method_spec import ZERO_SHOT
from mma_desktop.services.training.experiment_table import FoldedRun
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import GRID, Item, WalkedPlot
from mma_desktop.ui.widgets.series import BASE
from mma_desktop.ui.widgets.theme import tokens

NOTHING = later("Nothing to draw: a point needs base and new accuracy.")
LEAST_SPAN = 4.0  # minimum span of an axis in percentage points, so that noise does not fill the plot
ROOM = 0.18
GAP = 9.0
SIZE = 11
FARTHEST = 16  # maximum distance of a name from its point, in half rows


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    span = max(LEAST_SPAN, high - low)
    middle, half = (low + high) / 2, span * (0.5 + ROOM)
    return middle - half, min(101.0, middle + half)


def groups_of(spots: Sequence[QPointF]) -> list[list[int]]:
    """Group points that coincide on the screen by their indices: their names are written together."""
    groups: list[list[int]] = []
    for at, spot in enumerate(spots):
        near = (group for group in groups if (spots[group[0]] - spot).manhattanLength() < GAP / 2)
        group = next(near, None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    return groups


def place(spots: Sequence[QPointF], sizes: Sequence[QSizeF], area: QRectF) -> list[QRectF]:
    """Place names beside their points, clear of other points and names."""
    points = [QRectF(spot.x() - GAP / 2, spot.y() - GAP / 2, GAP, GAP) for spot in spots]
    placed: list[QRectF] = []
    for spot, size in zip(spots, sizes, strict=True):
        wide, high = size.width(), size.height()
        sides = ((GAP, -high / 2), (-GAP - wide, -high / 2), (-wide / 2, -GAP - high), (-wide / 2, GAP))
        corners = [(x, y) for y in (-GAP - high, GAP) for x in (GAP, -GAP - wide)]
        steps = [sign * step for step in range(1, FARTHEST + 1) for sign in (1, -1)]
        rows = [(x, y + step * high / 2) for step in steps for x, y in sides[:2]]
        boxes = [QRectF(spot.x() + x, spot.y() + y, wide, high) for x, y in (*sides, *corners, *rows)]
        inside = [box for box in boxes if area.contains(box)] or boxes
        taken = [*points, *placed]
        free = (box for box in inside if not any(box.intersects(other) for other in taken))
        placed.append(next(free, inside[0]))  # a line connects a distant name to its point
    return placed


class BaseNewPlot(WalkedPlot):
    def __init__(self) -> None:
        super().__init__(tr("Base against new accuracy"), tr("Base accuracy (%)"), tr("New accuracy (%)"))
        self.dots: list[tuple[FoldedRun, float, float]] = []
        """The rows with both base and new accuracy, and these, in percent."""
        self.names: list[pg.TextItem] = []
        self._leaders: list[pg.PlotCurveItem] = []
        self.setMinimumSize(320, 200)
        self.item.showGrid(x=True, y=True, alpha=GRID)
        self.sized.connect(self._place_names)

    def show_rows(self, rows: Sequence[FoldedRun]) -> None:
        found = ((row, row.figures["base"], row.figures["new"]) for row in rows)
        self.dots = [(row, base.mean, new.mean) for row, base, new in found if base is not None and new is not None]
        items = [Item(base, new, _words(row, base, new)) for row, base, new in self.dots]
        self.set_items(items, "; ".join(item.words for item in items) or tr(NOTHING))
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        self.names.clear()
        self._leaders.clear()
        if self.dots:
            self.item.setXRange(*_range([base for _, base, _ in self.dots]), padding=0)
            self.item.setYRange(*_range([new for _, _, new in self.dots]), padding=0)
        else:
            words = self.text(tr(NOTHING), tokens().dim, anchor=(0.5, 0.5))
            (left, right), (bottom, top) = self.box.viewRange()
            words.setPos((left + right) / 2, (bottom + top) / 2)
        for row, base, new in self.dots:
            zero_shot = row.method == ZERO_SHOT
            pen = self.pen(tokens().dim, 1.2, Qt.PenStyle.DashLine)
            for angle, value in ((90, base), (0, new)) if zero_shot else ():
                self.item.addItem(pg.InfiniteLine(value, angle=angle, movable=False, pen=pen), ignoreBounds=True)
            symbol, brush = ("d", tokens().dim) if zero_shot else ("o", BASE.colour)
            self.scatter([base], [new], symbol=symbol, size=SIZE, brush=brush, pen=None)
        self._place_names()

    def _place_names(self) -> None:
        """Place the names again: their positions depend on the size of the plot."""
        for former in (*self.names, *self._leaders):
            self.item.removeItem(former)
        self.names.clear()
        self._leaders.clear()
        if not self.dots:
            return
        box, look, font = self.box, tokens(), self.font()
        font.setBold(True)
        metrics = QFontMetricsF(font)
        names = [one_line(row.title) for row, _, _ in self.dots]
        spots = [box.mapFromView(QPointF(base, new)) for _, base, new in self.dots]
        groups = groups_of(spots)
        wide = [max(metrics.horizontalAdvance(names[at]) for at in group) + 6 for group in groups]
        sizes = [QSizeF(width, metrics.height() * len(group) + 4) for width, group in zip(wide, groups, strict=True)]
        places = place([spots[group[0]] for group in groups], sizes, box.rect())
        ground = QColor(look.surface)
        ground.setAlphaF(0.8)  # the lines of zero-shot continue behind a name
        for group, where in zip(groups, places, strict=True):
            text = "\n".join(names[at] for at in group)
            name = self.text(text, look.text, fill=ground)
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
        ends = [self.box.mapToView(point) for point in (spot, QPointF(x, y))]
        pen = self.pen(tokens().dim)
        line = pg.PlotCurveItem([point.x() for point in ends], [point.y() for point in ends], pen=pen)
        line.setZValue(3)
        self.item.addItem(line, ignoreBounds=True)
        self._leaders.append(line)


def _words(row: FoldedRun, base: float, new: float) -> str:
    percents = {"base": number_format.percent(base), "new": number_format.percent(new)}
    return tr("{method}: base {base}, new {new}", method=one_line(row.title), **percents)
