"""Charts of experiments. Imports pyqtgraph, so import this late.

Lines differ by dash and symbol as well as by colour, and by the letter at their end.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import Role, RunRecord
from mma_desktop.engine.methods.method_table import ZERO_SHOT
from mma_desktop.services.serialization import CurveData, Phase, saved_curves
from mma_desktop.services.training.experiment_table import Figure, FoldedRun, role_word
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import in_column, in_row, repeating
from mma_desktop.ui.widgets.fields import choice_box
from mma_desktop.ui.widgets.plot import (
    BASE,
    GRID,
    LOSS,
    NEW,
    SIDES,
    VALIDATION_LOSS,
    Item,
    LegendEntry,
    Plot,
    Series,
    SeriesStyle,
)
from mma_desktop.ui.widgets.text_labels import elided_hint, hint, set_or_hide
from mma_desktop.ui.widgets.theme import tokens, watcher

FRAME_MS = 160  # for both plots, in turn: six a second look steady, and leave the training its time
SHARE = 8  # a frame takes up this part of the epochs that wait, so that the last ones are drawn soon

EPOCH_STYLES: dict[str, SeriesStyle] = {"loss": LOSS, "validation_loss": VALIDATION_LOSS, "base": BASE, "new": NEW}


def _up(value: float, step: float) -> float:
    """Return the next multiple of a step that is not below a value."""
    return math.ceil(value / step - 1e-9) * step


class EpochPlot(Plot):
    """One of the two plots; its lines are created once and then only get new data."""

    def __init__(self, names: tuple[str, ...], y_label: str, units: str, accessible: str) -> None:
        super().__init__(accessible, tr("Epoch"), y_label, units)
        self.names = names
        for side in SIDES:
            self.axis(side).setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.units = units
        self.lines: dict[tuple[str, str], Series] = {}
        self._drawn: dict[tuple[str, str], tuple[int, bool, str]] = {}
        self.best = pg.InfiniteLine(angle=90, movable=False)
        self.item.addItem(self.best, ignoreBounds=True)
        self.best_text = self.text("", tokens().dim)
        self.reset()

    def reset(self) -> None:
        for line in self.lines.values():
            line.remove()
        self.lines.clear()
        self._drawn.clear()
        self.best.hide()
        self.best_text.hide()

    def draw_phase(self, name: str, phase: Phase, *, faint: bool) -> None:
        # A finished fit is not redrawn with each epoch of the next.
        for series in self.names:
            line = self.lines.get((name, series)) or Series(self, EPOCH_STYLES[series])
            self.lines[name, series] = line
            state = (len(phase.epochs), faint, line.style.colour.name())
            if self._drawn.get((name, series)) != state:
                self._drawn[name, series] = state
                line.show(*phase.series(series), faint=faint)

    def set_epochs(self, phase: Phase | None) -> None:
        items = []
        for index, epoch in enumerate([] if phase is None else phase.epochs):
            values = {name: phase.values[name][index] for name in self.names} if phase is not None else {}
            known = {name: value for name, value in values.items() if math.isfinite(value)}
            if known:
                values_text = ", ".join(
                    f"{tr(EPOCH_STYLES[name].name)} {number(value, '.3g')}{self.units}" for name, value in known.items()
                )
                words = tr("Epoch {epoch}: {values}", epoch=epoch, values=values_text)
                items.append(Item(float(epoch), next(iter(known.values())), words))
        self.set_items(items, items[-1].words if items else "")

    def draw_best(self, phase: Phase | None, *, high: bool) -> None:
        shown = phase is not None and phase.best_epoch > 0 and bool(len(phase.series("validation_loss")[0]))
        self.best.setVisible(shown)
        self.best_text.setVisible(shown)
        if phase is None or not shown:
            return
        (left, right), (bottom, top) = self.item.viewRange()
        self.best.setPen(self.pen(tokens().dim, 1.2, Qt.PenStyle.DotLine))
        self.best.setValue(phase.best_epoch)
        self.best_text.setColor(QColor(tokens().dim))
        self.best_text.setText(tr("best epoch {best_epoch}", best_epoch=phase.best_epoch))
        self.best_text.setAnchor((1 if phase.best_epoch > (left + right) / 2 else 0, 0 if high else 1))
        self.best_text.setPos(phase.best_epoch, top if high else bottom)


class CurvesPanel(QWidget):
    """The two plots of a training with their legends."""

    # Drawn at most six times a second, one plot after the other, so that the event loop gets a turn between the two.

    def __init__(self) -> None:
        super().__init__()
        self.data = CurveData()
        self.loss_plot = EpochPlot(("loss", "validation_loss"), tr("Loss (cross-entropy)"), "", tr("Loss"))
        self.accuracy_plot = EpochPlot(("base", "new"), tr("Accuracy"), "%", tr("Accuracy"))
        self.zero_shot = {name: pg.InfiniteLine(angle=0, movable=False) for name in ("base", "new")}
        self.zero_shot_words = elided_hint()
        for line in self.zero_shot.values():
            self.accuracy_plot.item.addItem(line, ignoreBounds=True)
        self._timer = repeating(self, FRAME_MS // 2, self._draw_next)
        self._plots = [self.accuracy_plot, self.loss_plot]
        self._plots_left = 0
        """How many plots still lack what was taken up."""
        self._queue: deque[EpochEvent] = deque()
        self.legends = {name: LegendEntry(style, tr(style.name)) for name, style in EPOCH_STYLES.items()}
        columns = [
            in_column(in_row(None, *(self.legends[name] for name in plot.names), spacing=14), (plot, 1))
            for plot in (self.loss_plot, self.accuracy_plot)
        ]
        row = in_row(*((column, 1) for column in columns), spacing=16)
        in_column((row, 1), self.zero_shot_words, inside=self, margins=(8, 8, 8, 4))
        watcher().changed.connect(self.draw)
        self.draw()

    def show_data(self, data: CurveData) -> None:
        self._queue.clear()
        self.data = data
        for plot in self._plots:
            plot.reset()
        self.draw()

    def add(self, event: EpochEvent) -> None:
        # With a coming frame: a training of an instant is seen as it went, too.
        self._queue.append(event)
        self._plots_left = 2
        self._timer.ensure_started()

    def _take_up(self, count: int) -> None:
        for _ in range(count):
            self.data.add(self._queue.popleft())

    def _draw_next(self) -> None:
        # One plot a frame: drawing both would hold the window up at each epoch.
        self._take_up(-(-len(self._queue) // SHARE))
        self._plots.reverse()
        self._draw_plot(self._plots[0])
        self._plots_left = 2 if self._queue else self._plots_left - 1
        if not self._plots_left:
            self._timer.stop()

    def draw(self) -> None:
        self._timer.stop()
        self._take_up(len(self._queue))
        for plot in self._plots:
            self._draw_plot(plot)

    def _draw_plot(self, plot: EpochPlot) -> None:
        current = self.data.current
        for name, phase in self.data.phases.items():
            plot.draw_phase(name, phase, faint=name != current)
        self._fit_range(plot)
        plot.set_epochs(self.data.phases.get(current))
        # The loss falls and the accuracy rises, so their free corners are at the top and the bottom.
        plot.draw_best(self.data.phases.get(current), high=plot is self.loss_plot)

    def _fit_range(self, plot: EpochPlot) -> None:
        last = max((phase.epochs[-1] for phase in self.data.phases.values()), default=10)
        end = _up(max(last, 10), 5 if last <= 50 else 25)  # in steps: redrawing a moving axis takes most of a frame
        beside = 0.03 * (end - 1)
        plot.item.setXRange(1 - beside, end + beside, padding=0)
        if plot is self.loss_plot:
            losses = self._all("loss", "validation_loss")
            if losses.size:
                low, high = float(losses.min()), float(losses.max())
                margin = 0.08 * max(high - low, 0.05)
                step = 10.0 ** math.floor(math.log10(max(high - low, 0.05))) / 2
                plot.item.setYRange(max(0.0, -_up(margin - low, step)), _up(high + margin, step), padding=0)
            return
        zero_shot = self._show_zero_shot()
        for name in plot.names:
            title, n = tr(EPOCH_STYLES[name].name), self.data.pictures.get(name, 0)
            self.legends[name].set_text(text_format.with_n(title, n))
        shown = np.concatenate([self._all("base", "new"), zero_shot])
        low, high = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 100.0)
        margin = max(3.0, 0.28 * (high - low))
        plot.item.setYRange(max(0.0, -_up(margin - low, 5)), min(102.0, _up(high + margin, 5)), padding=0)

    def _show_zero_shot(self) -> list[float]:
        # As dashed lines: they are no part of the training.
        baselines = {"base": self.data.zero_shot.base, "new": self.data.zero_shot.new} if self.data.phases else {}
        known = {name: accuracy for name, accuracy in baselines.items() if accuracy is not None}
        for name, line in self.zero_shot.items():
            line.setVisible(name in known)
            line.setPen(self.accuracy_plot.pen(EPOCH_STYLES[name].colour, 1.2, Qt.PenStyle.DashLine))
            line.setValue(known[name].percent if name in known else 0.0)
        values_text = ", ".join(
            f"{role_word(Role(name))} {text_format.percent(score.percent)} (n = {number(score.n)})"
            for name, score in known.items()
        )
        self.zero_shot_words.setText(
            tr("Dashed: zero-shot, {accuracies}", accuracies=values_text) if values_text else ""
        )
        return [accuracy.percent for accuracy in known.values()]

    def _all(self, *names: str) -> np.ndarray:
        parts = [phase.series(name)[1] for phase in self.data.phases.values() for name in names]
        return np.concatenate(parts) if parts else np.empty(0)


NOTHING = later("Nothing to draw: a point needs base and new accuracy.")
MIN_SPAN = 4.0  # minimum span of an axis in percentage points, so that noise does not fill the plot
ROOM = 0.18  # above and below the points, in their span: letters stand there
SIZE = 11  # of a point; it can be hit
MARKS = 12  # points of a line that have a symbol: a chart by shots has fewer
BESIDE = 0.08  # margin left of the first point and right of the last, in widths of the line
BEAM = 0.02  # the ends of an error bar, in widths of the line
_LINE = Qt.PenStyle
STYLES = (
    SeriesStyle("A", "#0b62c4", "#74b3ff", _LINE.SolidLine, "o"),
    SeriesStyle("B", "#b4510a", "#f5a65b", _LINE.DashLine, "t1"),
    SeriesStyle("C", "#0f7a6c", "#5fd0bf", _LINE.DashDotLine, "s"),
    SeriesStyle("D", "#5b45b0", "#b3a4f5", _LINE.DotLine, "d"),
    SeriesStyle("E", "#a3195b", "#ff9ac6", _LINE.DashDotDotLine, "o"),
    SeriesStyle("F", "#5c5f14", "#d5d879", _LINE.SolidLine, "s"),
)
LOSSES = ((later("Validation loss"), "validation_loss"), (later("Training loss"), "loss"))
ACCURACIES = ((later("Harmonic mean (H)"), "h"), (later("Base classes"), "base"), (later("New classes"), "new"))
LetteredLine = Sequence[tuple[float, Figure]]
"""Pairs of position and figure, ascending."""
# Where a letter may stand, as anchors: right of its point, left, above, below, and in the corners.
_SIDES = ((-0.7, 0.5), (1.7, 0.5), (0.5, 1.4), (0.5, -0.4), (-0.7, 1.3), (1.7, 1.3), (-0.7, -0.3), (1.7, -0.3))


def write_letters(
    plot: Plot, points: Sequence[tuple[SeriesStyle, float, float]], dots: Sequence[tuple[float, float]]
) -> None:
    """Write letters beside points, where neither a dot nor another letter is as the chart is sized now."""
    half = QPointF(SIZE / 2, SIZE / 2)
    taken = [QRectF(plot.spot(*dot) - half, plot.spot(*dot) + half) for dot in dots]
    for style, x, y in points:
        letter, spot = plot.text(style.name, style.colour, bold=True), plot.spot(x, y)
        size, margin = letter.boundingRect().size(), letter.textItem.document().documentMargin()
        places = []
        for across, down in (*_SIDES, *((3 * a - 1, 3 * b - 1) for a, b in _SIDES)):
            corner = spot - QPointF(across * size.width(), down * size.height())
            area = QRectF(corner, size).adjusted(margin, margin, -margin, -margin)
            places.append(((across, down), area, sum(area.intersects(other) for other in taken)))
        anchor, area, _ = min(places, key=lambda place: place[2])
        letter.setAnchor(anchor)
        letter.setPos(x, y)
        taken.append(area)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    span = max(MIN_SPAN, high - low)
    middle, half = (low + high) / 2, span * (0.5 + ROOM)
    return middle - half, min(101.0, middle + half)


class BaseNewPlot(Plot):
    """Rows by base and new accuracy: those with a letter in its colour, the others grey, zero-shot on dashed lines."""

    def __init__(self) -> None:
        super().__init__(tr("Base against new accuracy"), tr("Base accuracy (%)"), tr("New accuracy (%)"))
        self.dots: list[tuple[FoldedRun, float, float]] = []
        """The rows with both base and new accuracy, and these, in percent."""
        self._styles: dict[int, SeriesStyle] = {}
        self.setMinimumSize(320, 200)
        self.item.showGrid(x=True, y=True, alpha=GRID)
        self.box.sigResized.connect(self.draw)

    def show_rows(self, lettered: Sequence[FoldedRun], others: Sequence[FoldedRun]) -> None:
        self._styles = dict(zip(map(id, lettered), STYLES, strict=False))
        rows = [*lettered, *(row for row in others if id(row) not in self._styles)]
        figures = ((row, row.figures["base"], row.figures["new"]) for row in rows)
        self.dots = [(row, base.mean, new.mean) for row, base, new in figures if base is not None and new is not None]
        items = [Item(base, new, self._words(row, base, new)) for row, base, new in self.dots]
        self.set_items(items, "; ".join(item.words for item in items) or tr(NOTHING))
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        if not self.dots:
            words = self.text(tr(NOTHING), tokens().dim, anchor=(0.5, 0.5))
            (left, right), (bottom, top) = self.box.viewRange()
            words.setPos((left + right) / 2, (bottom + top) / 2)
            return
        x, y = _range([base for _, base, _ in self.dots]), _range([new for _, _, new in self.dots])
        self.item.setXRange(*x, padding=0)
        self.item.setYRange(*y, padding=0)
        for row, base, new in self.dots:
            zero_shot, style = row.method == ZERO_SHOT, self._styles.get(id(row))
            pen = self.pen(tokens().dim, 1.2, Qt.PenStyle.DashLine)
            for angle, value in ((90, base), (0, new)) if zero_shot else ():
                self.item.addItem(pg.InfiniteLine(value, angle=angle, movable=False, pen=pen), ignoreBounds=True)
            brush = tokens().dim if style is None else style.colour
            self.scatter([base], [new], symbol="d" if zero_shot else "o", size=SIZE, brush=brush, pen=None)
        lettered = [(self._styles[id(row)], base, new) for row, base, new in self.dots if id(row) in self._styles]
        write_letters(self, lettered, [(base, new) for _, base, new in self.dots])

    def _words(self, row: FoldedRun, base: float, new: float) -> str:
        style = self._styles.get(id(row))
        title = one_line(row.title) if style is None else f"{style.name}: {one_line(row.title)}"
        percents = {"base": text_format.percent(base), "new": text_format.percent(new)}
        return text_format.with_n(tr("{method}: base {base}, new {new}", method=title, **percents), row.tested)


class LetteredPlot(Plot):
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
        self.box.sigResized.connect(self.draw)

    def show_lines(self, lines: Sequence[LetteredLine], title: str) -> None:
        """Show these lines as A, B, ..., those without a point left out; `title` is the vertical axis's."""
        self._lines, self._title = lines, title
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        self.item.setLabel("left", self._title)
        items: list[Item] = []
        positions = sorted({position for points in self._lines for position, _ in points})
        low, high = (self._scale(positions[0]), self._scale(positions[-1])) if positions else (0.0, 0.0)
        wide = high - low or 1.0
        ends: list[tuple[SeriesStyle, float, float]] = []
        summary: list[str] = []
        for style, points in zip(STYLES, self._lines, strict=False):
            if not points:
                continue
            x = np.array([self._scale(position) for position, _ in points])
            y = np.array([figure.mean for _, figure in points])
            spread = np.array([figure.spread for _, figure in points])
            if spread.any():
                bars = pg.ErrorBarItem(x=x, y=y, height=2 * spread, beam=BEAM * wide, pen=self.pen(style.colour, 1.2))
                self.item.addItem(bars)
            Series(self, style, MARKS).show(x, y)
            items += [
                Item(self._scale(position), point.mean, self._words(style.name, position, point))
                for position, point in points
            ]
            ends.append((style, float(x[-1]), float(y[-1])))
            summary.append(items[-1].words)
        if positions and self._tick is not None:
            ticks = [(self._scale(position), self._tick(position)) for position in positions]
            self.fix_axis("bottom", low - BESIDE * wide, high + BESIDE * wide, ticks)
        self.box.updateAutoRange()
        write_letters(self, ends, [(item.x, item.y) for item in items])
        self.set_items(items, "; ".join(summary) or tr(text_format.NOTHING))


def epochs_of(data: CurveData, name: str) -> LetteredLine:
    """Return a measure of a training by epoch: of its last fit, or the mean of its folds if that measured nothing."""
    fits = [phase.series(name) for phase in data.phases.values()]
    *folds, last = fits or [(np.empty(0), np.empty(0))]
    folds = [fold for fold in folds if len(fold[0])]
    if not len(last[0]) and folds:
        shortest = min(len(x) for x, _ in folds)
        last = folds[0][0][:shortest], np.mean([y[:shortest] for _, y in folds], axis=0)
    return [(x, Figure(y, 0.0, 1)) for x, y in zip(*(part.tolist() for part in last), strict=True)]


FOLDS = later("Where a training measured by cross-validation, the mean of its folds is drawn.")


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
        self.note = hint()
        columns = (in_column(box, (plot, 1)) for box, plot in zip(self.choices, self.plots, strict=True))
        row = in_row(*((column, 1) for column in columns), spacing=16)
        in_column((row, 1), self.note, inside=self, margins=(8, 8, 8, 4))

    def show_runs(self, runs: Sequence[RunRecord]) -> None:
        self._trainings = [saved_curves(run) for run in runs]
        sentences = [tr(FOLDS)] if any(phase != "train" for data in self._trainings for phase in data.phases) else []
        counts = (" + ".join(map(number, data.pictures.values())) for data in self._trainings)
        if values_text := ", ".join(
            f"{style.name} {count}" for style, count in zip(STYLES, counts, strict=False) if count
        ):
            sentences.append(
                tr("Each epoch was measured on pictures of base + new classes: {counts}.", counts=values_text)
            )
        set_or_hide(self.note, " ".join(sentences))
        self._show()

    def _show(self) -> None:
        for box, plot, unit in zip(self.choices, self.plots, ("", " (%)"), strict=True):
            plot.setAccessibleName(box.currentText())
            lines = [epochs_of(data, str(box.currentData())) for data in self._trainings]
            plot.show_lines(lines, f"{box.currentText()}{unit}")
