"""Charts of the selected rows: lettered lines, and base against new accuracy. Imports pyqtgraph, so import this late.

Lines differ by the letter at their end, dash and symbol as well as by colour, zero-shot by its symbol and dashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.engine.methods.method_spec import ZERO_SHOT
from mma_desktop.services.training.experiment_table import Figure, FoldedRun
from mma_desktop.ui.experiments.saved_curves import CurveData, saved_curves
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import hint, in_column, in_row
from mma_desktop.ui.widgets.fields import choice_box
from mma_desktop.ui.widgets.plot import GRID, Item, Series, WalkedPlot
from mma_desktop.ui.widgets.series import BASE, Look
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


MARKS = 12
BESIDE = 0.08  # margin left of the first point and right of the last, in widths of the line
BEAM = 0.02
NEAR = 0.05  # share of the axis within which line ends count as overlapping
_LINE = Qt.PenStyle
LOOKS = (
    Look("A", "#0b62c4", "#74b3ff", _LINE.SolidLine, "o"),
    Look("B", "#b4510a", "#f5a65b", _LINE.DashLine, "t1"),
    Look("C", "#0f7a6c", "#5fd0bf", _LINE.DashDotLine, "s"),
    Look("D", "#5b45b0", "#b3a4f5", _LINE.DotLine, "d"),
    Look("E", "#a3195b", "#ff9ac6", _LINE.DashDotDotLine, "o"),
    Look("F", "#5c5f14", "#d5d879", _LINE.SolidLine, "s"),
)
LOSSES = ((later("Validation loss"), "validation_loss"), (later("Training loss"), "loss"))
ACCURACIES = ((later("Harmonic mean (H)"), "h"), (later("Base classes"), "base"), (later("New classes"), "new"))
LetteredLine = Sequence[tuple[float, Figure]]
"""Pairs of position and figure, ascending."""


class LetteredPlot(WalkedPlot):
    """Lines of figures A, B, ...; bars are deviations.

    `words` describe a point by letter, position and figure; `tick` writes a position, None for an axis of round
    numbers, on which `scale` says where it stands.
    """

    def __init__(
        self,
        name: str,
        x: str,
        words: Callable[[str, float, Figure], str],
        tick: Callable[[float], str] | None = None,
        scale: Callable[[float], float] = float,
    ) -> None:
        super().__init__(name, x, "")
        self._words, self._tick, self._scale = words, tick, scale
        self._lines: Sequence[LetteredLine] = ()
        self._title = ""
        self.box.setDefaultPadding(BESIDE)

    def show_lines(self, lines: Sequence[LetteredLine], title: str) -> None:
        """Show these lines as A, B, ..., those without a point left out; `title` is the vertical axis's."""
        self._lines, self._title = lines, title
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        self.item.setLabel("left", self._title)
        items: list[Item] = []
        at = sorted({position for points in self._lines for position, _ in points})
        low, high = (self._scale(at[0]), self._scale(at[-1])) if at else (0.0, 0.0)
        wide = high - low or 1.0
        values = [figure.mean for points in self._lines for _, figure in points]
        near = NEAR * np.array([wide, max(values) - min(values)]) if values else np.zeros(2)
        ends: list[np.ndarray] = []
        summary: list[str] = []
        for look, points in zip(LOOKS, self._lines, strict=False):
            if not points:
                continue
            x = np.array([self._scale(position) for position, _ in points])
            y = np.array([figure.mean for _, figure in points])
            spread = np.array([figure.spread for _, figure in points])
            if spread.any():
                bars = pg.ErrorBarItem(x=x, y=y, height=2 * spread, beam=BEAM * wide, pen=self.pen(look.colour, 1.2))
                self.item.addItem(bars)
            Series(self, look, MARKS).show(x, y)
            items += [
                Item(self._scale(position), found.mean, self._words(look.name, position, found))
                for position, found in points
            ]
            end = np.array([x[-1], y[-1]])
            before = sum(bool(np.all(np.abs(end - other) <= near)) for other in ends)  # such letters go side by side
            self.text(look.name, look.colour, bold=True, anchor=(-0.7 * (before + 1), 0.5)).setPos(*end.tolist())
            ends.append(end)
            summary.append(items[-1].words)
        if at and self._tick is not None:
            ticks = [(self._scale(position), self._tick(position)) for position in at]
            self.fix_axis("bottom", low - BESIDE * wide, high + BESIDE * wide, ticks)
        self.set_items(items, "; ".join(summary) or tr(number_format.NOTHING))


def epochs_of(data: CurveData, name: str) -> LetteredLine:
    """Return a measure of a training by epoch: of its last fit, or the mean of its folds if that measured nothing."""
    fits = [phase.series(name) for phase in data.phases.values()]
    *folds, last = fits or [(np.empty(0), np.empty(0))]
    folds = [fold for fold in folds if len(fold[0])]
    if not len(last[0]) and folds:
        shortest = min(len(x) for x, _ in folds)
        last = folds[0][0][:shortest], np.mean([y[:shortest] for _, y in folds], axis=0)
    return [(x, Figure(y, 0.0, 1)) for x, y in zip(*(part.tolist() for part in last), strict=True)]


def _epoch_words(unit: str, letter: str, epoch: float, figure: Figure) -> str:
    return f"{letter}, {tr('Epoch')} {int(epoch)}: {number(figure.mean, '.3g')}{unit}"


class OverlayCurves(QWidget):
    """Loss and accuracy of several trainings by epoch; boxes above select the measures."""

    def __init__(self) -> None:
        super().__init__()
        self._trainings: list[CurveData] = []
        titles = (tr("Loss"), ""), (tr("Accuracy"), "%")
        self.plots = tuple(LetteredPlot(title, tr("Epoch"), partial(_epoch_words, unit)) for title, unit in titles)
        self.choices = tuple(
            choice_box(((tr(text), name) for text, name in measures), plot.accessibleName(), self._show)
            for plot, measures in zip(self.plots, (LOSSES, ACCURACIES), strict=True)
        )
        self.note = hint(tr("Where a training measured by cross-validation, the mean of its folds is drawn."))
        columns = (in_column(box, (plot, 1)) for box, plot in zip(self.choices, self.plots, strict=True))
        row = in_row(*((column, 1) for column in columns), spacing=16)
        in_column((row, 1), self.note, inside=self, margins=(8, 8, 8, 4))

    def show_runs(self, runs: Sequence[RunRecord]) -> None:
        self._trainings = [saved_curves(run) for run in runs]
        self.note.setVisible(any(phase != "train" for data in self._trainings for phase in data.phases))
        self._show()

    def _show(self) -> None:
        for box, plot, unit in zip(self.choices, self.plots, ("", " (%)"), strict=True):
            plot.setAccessibleName(box.currentText())
            lines = [epochs_of(data, str(box.currentData())) for data in self._trainings]
            plot.show_lines(lines, f"{box.currentText()}{unit}")
