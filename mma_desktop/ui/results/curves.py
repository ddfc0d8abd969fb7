"""Live curves of a training: loss on the left, base and new accuracy on the right. Imports pyqtgraph: import it late.

A line is told from another by its dash and its symbol as well as by its colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QGridLayout, QHBoxLayout, QLabel, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Scores
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.axes import number_axes
from mma_desktop.ui.widgets.series import BASE, LOSS, NEW, VALIDATION_LOSS, LegendEntry, Look
from mma_desktop.ui.widgets.theme import tokens, watcher

FRAME_MS = 160
MARKS = 25
FAINT = 0.3
LABEL_GAP = 10


SERIES: dict[str, Look] = {"loss": LOSS, "validation_loss": VALIDATION_LOSS, "base": BASE, "new": NEW}


@dataclass
class Phase:
    """What one fit has told so far; NaN where nothing was measured."""

    epochs: list[int] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in SERIES})
    best_epoch: int = 0

    def add(self, event: EpochEvent) -> None:
        """Take in one epoch."""
        self.epochs.append(event.epoch)
        measured = {
            "loss": event.loss,
            "validation_loss": event.validation_loss,
            "base": None if event.base is None else event.base.percent,
            "new": None if event.new is None else event.new.percent,
        }
        for name, value in measured.items():
            self.values[name].append(float("nan") if value is None else value)
        self.best_epoch = event.best_epoch

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Epochs and values of a series, without the epochs where it was not measured."""
        y = np.array(self.values[name], float)
        x = np.array(self.epochs, float)
        known = np.isfinite(y)
        return x[known], y[known]


class CurveData:
    """The epochs of one training by phase. No widget, so that it can be kept and drawn again."""

    def __init__(self) -> None:
        self.phases: dict[str, Phase] = {}
        self.zero_shot = Scores()
        self.newest: EpochEvent | None = None

    def add(self, event: EpochEvent) -> None:
        """Take in one epoch."""
        self.phases.setdefault(event.phase, Phase()).add(event)
        self.zero_shot = event.zero_shot
        self.newest = event

    @property
    def current(self) -> str:
        """The phase of the newest epoch, "" before the first."""
        return self.newest.phase if self.newest is not None else ""


def _up(value: float, step: float) -> float:
    """The next multiple of a step that is not below a value."""
    return math.ceil(value / step - 1e-9) * step


def _last_shown(epoch: int) -> int:
    """Where the axis of epochs ends. In steps: an axis that moves is drawn anew, which costs most of a frame."""
    return int(_up(max(epoch, 5), 5 if epoch <= 50 else 25))


class _Plot:
    """One of the two plots with its lines; they are made once and only given new data."""

    def __init__(self, names: tuple[str, ...], y_label: str, units: str, accessible: str) -> None:
        self.names = names
        self.widget = pg.PlotWidget(antialias=True, axisItems=number_axes())
        self.widget.setAccessibleName(accessible)
        self.widget.setMinimumSize(200, 140)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self.widget.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.showGrid(x=False, y=True, alpha=0.18)
        item.setLabel("bottom", tr("Epoch"))
        item.setLabel("left", y_label, units=units or None)
        item.getAxis("left").enableAutoSIPrefix(False)
        item.getAxis("bottom").enableAutoSIPrefix(False)
        item.getAxis("left").setWidth(58)
        item.getAxis("left").setTickDensity(0.6)
        item.getViewBox().setDefaultPadding(0.06)
        self.item = item
        for side in ("left", "bottom"):
            item.getAxis(side).setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.lines: dict[tuple[str, str], Any] = {}
        self.drawn: dict[tuple[str, str], tuple[int, bool, str]] = {}
        self.symbols: dict[tuple[str, str], Any] = {}
        self.best = pg.InfiniteLine(angle=90, movable=False)
        self.best_text = pg.TextItem(anchor=(0, 0))
        for one in (self.best, self.best_text):
            one.hide()
            item.addItem(one, ignoreBounds=True)

    def line(self, phase: str, name: str) -> Any:
        """The curve of a series in a phase."""
        key = (phase, name)
        if key not in self.lines:
            self.lines[key] = self.item.plot([], [], name=None)
        return self.lines[key]

    def marks(self, phase: str, name: str) -> Any:
        """The symbols on that curve: at most `MARKS`, so that a long one does not become a sausage."""
        key = (phase, name)
        if key not in self.symbols:
            self.symbols[key] = pg.ScatterPlotItem()
            self.item.addItem(self.symbols[key])
        return self.symbols[key]

    def clear(self) -> None:
        """Take all curves away."""
        for one in (*self.lines.values(), *self.symbols.values()):
            self.item.removeItem(one)
        self.lines.clear()
        self.drawn.clear()
        self.symbols.clear()
        self.best.hide()
        self.best_text.hide()

    def recolour(self) -> None:
        """Colours of the current theme for ground, axes and the marker."""
        look = tokens()
        self.widget.setBackground(look.surface)
        for side in ("left", "bottom"):
            axis = self.item.getAxis(side)
            axis.setPen(pg.mkPen(look.border))
            axis.setTextPen(pg.mkPen(look.dim))
        self.best.setPen(pg.mkPen(look.dim, width=1.2 * self.widget.devicePixelRatioF(), style=Qt.PenStyle.DotLine))
        self.best_text.setColor(QColor(look.dim))


class CurvesPanel(QWidget):
    """The two plots of a training with their legends.

    Epochs may come as fast as they like: they are drawn at most six times a second, one plot after the other, so that
    the event loop has a turn between the two.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = CurveData()
        self.loss_plot = _Plot(("loss", "validation_loss"), tr("Loss (cross-entropy)"), "", tr("Loss by epoch"))
        self.accuracy_plot = _Plot(
            ("base", "new"), tr("Accuracy"), "%", tr("Base and new accuracy by epoch, in percent")
        )
        self.baselines = {name: self._baseline() for name in ("base", "new")}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS // 2)
        self._timer.timeout.connect(self._draw_next)
        self._to_draw: list[_Plot] = []
        self.accuracy_plot.item.getViewBox().sigResized.connect(self._resized)
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 8, 8, 4)
        layout.setHorizontalSpacing(16)
        layout.addLayout(self._head(tr("Loss"), (LOSS, VALIDATION_LOSS)), 0, 0)
        layout.addLayout(self._head(tr("Accuracy"), (BASE, NEW), tr("Zero-shot")), 0, 1)
        layout.addWidget(self.loss_plot.widget, 1, 0)
        layout.addWidget(self.accuracy_plot.widget, 1, 1)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(1, 1)
        watcher().changed.connect(self.recolour)
        self.recolour()

    def _head(self, title: str, looks: tuple[Look, ...], dashed: str = "") -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        label = QLabel(title)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        row.addWidget(label)
        row.addStretch(1)
        for look in looks:
            row.addWidget(LegendEntry(look, tr(look.name)))
        if dashed:
            row.addWidget(LegendEntry(None, dashed))
        return row

    def _baseline(self) -> tuple[Any, Any]:
        line, text = pg.InfiniteLine(angle=0, movable=False), pg.TextItem(anchor=(1, 1))
        for one in (line, text):
            one.hide()
            self.accuracy_plot.item.addItem(one, ignoreBounds=True)
        return line, text

    # ------------------------------------------------------------------ what is shown

    def clear(self) -> None:
        """Forget the former training."""
        self.show_data(CurveData())

    def show_data(self, data: CurveData) -> None:
        """Show the epochs of a training from its start."""
        self._timer.stop()
        self.data = data
        self.loss_plot.clear()
        self.accuracy_plot.clear()
        self.draw()

    def add(self, event: EpochEvent) -> None:
        """Take in an epoch; it is drawn with the next frame."""
        self.data.add(event)
        self._draw_soon()

    def _draw_soon(self) -> None:
        # What waits already keeps its place: epochs faster than the frames would else draw the first plot for ever.
        self._to_draw += [plot for plot in (self.loss_plot, self.accuracy_plot) if plot not in self._to_draw]
        if not self._timer.isActive():
            self._timer.start()

    def _draw_next(self) -> None:
        """Draw one plot; the other has the next turn."""
        if self._to_draw:
            self._draw_plot(self._to_draw.pop(0))
        if self._to_draw:
            self._timer.start()

    def draw(self) -> None:
        """Bring both plots up to date now."""
        self._to_draw.clear()
        for plot in (self.loss_plot, self.accuracy_plot):
            self._draw_plot(plot)

    def _draw_plot(self, plot: _Plot) -> None:
        current = self.data.current
        for phase_name, phase in self.data.phases.items():
            for name in plot.names:
                self._draw_line(plot, phase_name, phase, name, faint=phase_name != current)
        self._fit_range(plot)
        self._draw_best(plot, self.data.phases.get(current))
        if plot is self.accuracy_plot:
            self._draw_baselines()

    def _draw_line(self, plot: _Plot, phase_name: str, phase: Phase, name: str, *, faint: bool) -> None:
        state = (len(phase.epochs), faint, str(SERIES[name].colour.name()))
        if plot.drawn.get((phase_name, name)) == state:
            return  # a fold that is over is not drawn again with each epoch of the next
        plot.drawn[phase_name, name] = state
        x, y = phase.series(name)
        look = SERIES[name]
        colour = QColor(look.colour)
        colour.setAlphaF(FAINT if faint else 1.0)
        line = plot.line(phase_name, name)
        # Wide and smoothed lines cost most of a frame: only the fold that runs has them.
        # The width of a cosmetic pen is in pixels of the screen.
        pen = pg.mkPen(colour, width=(1 if faint else 2.2) * self.devicePixelRatioF(), style=look.dash)
        line.setData(x, y, pen=pen, antialias=not faint)
        line.setZValue(1 if faint else 5)
        marks = plot.marks(phase_name, name)
        every = max(1, -(-len(x) // MARKS))
        shown = slice(0, 0) if faint else slice(None, None, every)
        marks.setData(x[shown], y[shown], symbol=look.symbol, size=7, brush=pg.mkBrush(colour), pen=None)
        marks.setZValue(6)

    def _draw_best(self, plot: _Plot, phase: Phase | None) -> None:
        shown = phase is not None and phase.best_epoch > 0 and bool(len(phase.series("validation_loss")[0]))
        plot.best.setVisible(shown)
        plot.best_text.setVisible(shown)
        if phase is None or not shown:
            return
        (left, right), (bottom, top) = plot.item.viewRange()
        plot.best.setValue(phase.best_epoch)
        plot.best_text.setText(tr("best epoch {best_epoch}", best_epoch=phase.best_epoch))
        # The loss falls and the accuracy rises: their free corners are above and below.
        high = plot is self.loss_plot
        plot.best_text.setAnchor((1 if phase.best_epoch > (left + right) / 2 else 0, 0 if high else 1))
        plot.best_text.setPos(phase.best_epoch, top if high else bottom)

    def _draw_baselines(self) -> None:
        values = {"base": self.data.zero_shot.base, "new": self.data.zero_shot.new}
        known = {name: value.percent for name, value in values.items() if value is not None}
        (_, right), (bottom, top) = self.accuracy_plot.item.viewRange()
        upper = max(known, key=lambda name: known[name], default="")
        # Where one would be cut off at the top or bottom, both go to the other side, one over the other.
        high = self._label_height(top - bottom)
        highest, lowest = max(known.values(), default=0.0), min(known.values(), default=0.0)
        under, over = highest + high > top, lowest - high < bottom
        for name, (line, text) in self.baselines.items():
            line.setVisible(name in known and bool(self.data.phases))
            text.setVisible(line.isVisible())
            if name not in known:
                continue
            look = SERIES[name]
            line.setPen(pg.mkPen(look.colour, width=1.4 * self.devicePixelRatioF(), style=Qt.PenStyle.DashLine))
            line.setValue(known[name])
            text.setZValue(8)
            text.setText(self._label(name, known[name]), color=look.colour)
            # Both stand right of the last epoch, where no curve is: the higher line's above it, the lower one's below.
            if under:
                text.setAnchor((1, 0))
                text.setPos(right, highest if name == upper else min(lowest, highest - high))
            elif over:
                text.setAnchor((1, 1))
                text.setPos(right, lowest if name != upper else max(highest, lowest + high))
            else:
                text.setAnchor((1, 1) if name == upper else (1, 0))
                text.setPos(right, known[name])

    def _label_height(self, span: float) -> float:
        """How high the label of a zero-shot line is, in percentage points where the axis shows `span` of them."""
        room = max(1.0, float(self.accuracy_plot.item.getViewBox().height()))
        return (2 * self.fontMetrics().height() + LABEL_GAP) * span / room

    @staticmethod
    def _label(name: str, percent: float) -> str:
        accuracy = number_format.percent(percent)
        if name == "base":
            return tr("zero-shot\nbase {accuracy}", accuracy=accuracy)
        return tr("zero-shot\nnew {accuracy}", accuracy=accuracy)

    def _resized(self) -> None:
        """The room for the labels is in pixels, so another width is another range."""
        if self.data.phases:
            self._draw_soon()

    def _label_room(self, last: int) -> float:
        """Epochs to keep free right of the last one for the labels of the zero-shot lines."""
        known = {"base": self.data.zero_shot.base, "new": self.data.zero_shot.new}
        lines = [self._label(name, one.percent).split("\n") for name, one in known.items() if one is not None]
        if not lines:
            return 0.0
        metrics = self.fontMetrics()
        wide = max(metrics.horizontalAdvance(line) for pair in lines for line in pair) + 2 * LABEL_GAP
        width = max(2.0 * wide, float(self.accuracy_plot.item.getViewBox().width()))
        return (last - 1) * wide / (width - wide)

    def _fit_range(self, plot: _Plot) -> None:
        """Whole epochs from the first; accuracy around what is drawn, the baselines included, within 0 to 100."""
        last = max((phase.epochs[-1] for phase in self.data.phases.values()), default=10)
        end = _last_shown(last)
        room = self._label_room(end) if plot is self.accuracy_plot else 0.0
        plot.item.setXRange(1 - 0.03 * (end - 1), end + (room or 0.03 * (end - 1)), padding=0)
        if plot is self.loss_plot:
            losses = self._all("loss", "validation_loss")
            if losses.size:
                low, high = float(losses.min()), float(losses.max())
                room = 0.08 * max(high - low, 0.05)
                step = 10.0 ** math.floor(math.log10(max(high - low, 0.05))) / 2
                plot.item.setYRange(max(0.0, -_up(room - low, step)), _up(high + room, step), padding=0)
            return
        zero_shot = [one.percent for one in (self.data.zero_shot.base, self.data.zero_shot.new) if one is not None]
        shown = np.concatenate([self._all("base", "new"), zero_shot])
        low, high = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 100.0)
        room = max(3.0, 0.28 * (high - low))
        plot.item.setYRange(max(0.0, -_up(room - low, 5)), min(102.0, _up(high + room, 5)), padding=0)

    def _all(self, *names: str) -> np.ndarray:
        parts = [phase.series(name)[1] for phase in self.data.phases.values() for name in names]
        return np.concatenate(parts) if parts else np.empty(0)

    def recolour(self) -> None:
        """Draw everything in the colours of the current theme."""
        self.loss_plot.recolour()
        self.accuracy_plot.recolour()
        self.draw()
        self.update()
