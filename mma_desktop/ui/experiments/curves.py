"""Live curves of a training: loss left, base and new accuracy right. Imports pyqtgraph, so import this late.

Lines differ by dash and symbol as well as by colour.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Role
from mma_desktop.ui.experiments.saved_curves import CurveData, Phase
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import in_column, in_row
from mma_desktop.ui.widgets.elided import elided_hint
from mma_desktop.ui.widgets.plot import SIDES, Item, Series, WalkedPlot
from mma_desktop.ui.widgets.series import BASE, LOSS, NEW, VALIDATION_LOSS, LegendEntry, Look
from mma_desktop.ui.widgets.theme import tokens, watcher
from mma_desktop.ui.widgets.timers import single_shot

FRAME_MS = 160
SHARE = 4  # a frame takes up this part of the epochs that wait, so that the last ones are drawn soon

LOOKS: dict[str, Look] = {"loss": LOSS, "validation_loss": VALIDATION_LOSS, "base": BASE, "new": NEW}


def _up(value: float, step: float) -> float:
    """Return the next multiple of a step that is not below a value."""
    return math.ceil(value / step - 1e-9) * step


def _last_shown(epoch: int) -> int:
    """Return the end of the epoch axis, in steps: redrawing a moving axis takes most of a frame."""
    return int(_up(max(epoch, 5), 5 if epoch <= 50 else 25))


class EpochPlot(WalkedPlot):
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

    def line(self, phase: str, name: str) -> Series:
        if (phase, name) not in self.lines:
            self.lines[phase, name] = Series(self, LOOKS[name])
        return self.lines[phase, name]

    def reset(self) -> None:
        for line in self.lines.values():
            line.remove()
        self.lines.clear()
        self._drawn.clear()
        self.best.hide()
        self.best_text.hide()

    def draw_phase(self, name: str, phase: Phase, *, faint: bool) -> None:
        """Draw a fit so far; a finished one is not redrawn with each epoch of the next."""
        for series in self.names:
            line = self.line(name, series)
            state = (len(phase.epochs), faint, line.look.colour.name())
            if self._drawn.get((name, series)) != state:
                self._drawn[name, series] = state
                line.show(*phase.series(series), faint=faint)

    def tell(self, phase: Phase | None) -> None:
        """Let the keyboard walk through the epochs of a fit."""
        items = []
        for at, epoch in enumerate([] if phase is None else phase.epochs):
            values = {name: phase.values[name][at] for name in self.names} if phase is not None else {}
            known = {name: value for name, value in values.items() if math.isfinite(value)}
            if known:
                said = ", ".join(
                    f"{tr(LOOKS[name].name)} {number(value, '.3g')}{self.units}" for name, value in known.items()
                )
                words = tr("Epoch {epoch}: {values}", epoch=epoch, values=said)
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
    """The two plots of a training with their legends.

    Epochs may arrive at any rate: they are drawn at most six times a second, one plot after the other, so that the
    event loop gets a turn between the two.
    """

    def __init__(self) -> None:
        super().__init__()
        self.data = CurveData()
        self.loss_plot = EpochPlot(("loss", "validation_loss"), tr("Loss (cross-entropy)"), "", tr("Loss"))
        self.accuracy_plot = EpochPlot(("base", "new"), tr("Accuracy"), "%", tr("Accuracy"))
        self.zero_shot = {name: pg.InfiniteLine(angle=0, movable=False) for name in ("base", "new")}
        self.zero_shot_words = elided_hint()
        for line in self.zero_shot.values():
            self.accuracy_plot.item.addItem(line, ignoreBounds=True)
        self._timer = single_shot(self, FRAME_MS // 2, self._draw_next)
        self._to_draw: list[EpochPlot] = []
        self._coming: deque[EpochEvent] = deque()
        columns = [
            in_column(in_row(first, *(LegendEntry(look, tr(look.name)) for look in looks), spacing=14), (plot, 1))
            for plot, first, looks in (
                (self.loss_plot, None, (LOSS, VALIDATION_LOSS)),
                (self.accuracy_plot, (self.zero_shot_words, 1), (BASE, NEW)),
            )
        ]
        in_row(*((column, 1) for column in columns), inside=self, margins=(8, 8, 8, 4), spacing=16)
        watcher().changed.connect(self.draw)
        self.draw()

    def show_data(self, data: CurveData) -> None:
        """Show the epochs of a training from its start."""
        self._timer.stop()
        self._coming.clear()
        self.data = data
        self.loss_plot.reset()
        self.accuracy_plot.reset()
        self.draw()

    def add(self, event: EpochEvent) -> None:
        """Add an epoch, which is drawn with a coming frame: a training of an instant is seen as it went, too."""
        self._coming.append(event)
        self._draw_soon()

    def _draw_soon(self) -> None:
        # Queued plots keep their place: otherwise epochs faster than frames would redraw the first plot forever.
        self._to_draw += [plot for plot in (self.loss_plot, self.accuracy_plot) if plot not in self._to_draw]
        if not self._timer.isActive():
            self._timer.start()

    def _draw_next(self) -> None:
        """Take up some of the epochs, draw one plot, and leave the other to the next turn."""
        if self._coming and self._to_draw[:1] == [self.loss_plot]:
            for _ in range(-(-len(self._coming) // SHARE)):
                self.data.add(self._coming.popleft())
        if self._to_draw:
            self._draw_plot(self._to_draw.pop(0))
        if self._coming:
            self._draw_soon()
        elif self._to_draw:
            self._timer.start()

    def draw(self) -> None:
        while self._coming:
            self.data.add(self._coming.popleft())
        self._to_draw.clear()
        for plot in (self.loss_plot, self.accuracy_plot):
            self._draw_plot(plot)

    def _draw_plot(self, plot: EpochPlot) -> None:
        current = self.data.current
        for name, phase in self.data.phases.items():
            plot.draw_phase(name, phase, faint=name != current)
        self._fit_range(plot)
        plot.tell(self.data.phases.get(current))
        # The loss falls and the accuracy rises, so their free corners are at the top and the bottom.
        plot.draw_best(self.data.phases.get(current), high=plot is self.loss_plot)

    def _fit_range(self, plot: EpochPlot) -> None:
        """Show whole epochs from the first; accuracies with the baselines and a margin, within 0 to 100."""
        end = _last_shown(max((phase.epochs[-1] for phase in self.data.phases.values()), default=10))
        beside = 0.03 * (end - 1)
        plot.item.setXRange(1 - beside, end + beside, padding=0)
        if plot is self.loss_plot:
            losses = self._all("loss", "validation_loss")
            if losses.size:
                low, high = float(losses.min()), float(losses.max())
                room = 0.08 * max(high - low, 0.05)
                step = 10.0 ** math.floor(math.log10(max(high - low, 0.05))) / 2
                plot.item.setYRange(max(0.0, -_up(room - low, step)), _up(high + room, step), padding=0)
            return
        zero_shot = self._show_zero_shot()
        shown = np.concatenate([self._all("base", "new"), zero_shot])
        low, high = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 100.0)
        room = max(3.0, 0.28 * (high - low))
        plot.item.setYRange(max(0.0, -_up(room - low, 5)), min(102.0, _up(high + room, 5)), padding=0)

    def _show_zero_shot(self) -> list[float]:
        """Draw the accuracies before the training as dashed lines, name them in the legend, and return them."""
        found = {"base": self.data.zero_shot.base, "new": self.data.zero_shot.new} if self.data.phases else {}
        known = {name: accuracy.percent for name, accuracy in found.items() if accuracy is not None}
        for name, line in self.zero_shot.items():
            line.setVisible(name in known)
            line.setPen(self.accuracy_plot.pen(LOOKS[name].colour, 1.2, Qt.PenStyle.DashLine))
            line.setValue(known.get(name, 0.0))
        said = ", ".join(
            f"{number_format.role_word(Role(name))} {number_format.percent(value)}" for name, value in known.items()
        )
        self.zero_shot_words.setText(tr("Dashed: zero-shot, {accuracies}", accuracies=said) if said else "")
        return [*known.values()]

    def _all(self, *names: str) -> np.ndarray:
        parts = [phase.series(name)[1] for phase in self.data.phases.values() for name in names]
        return np.concatenate(parts) if parts else np.empty(0)
