"""Lettered lines of the selected rows in a chart. Imports pyqtgraph, so import this late.

Lines differ by the letter at their end, dash and symbol as well as by colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import later, number, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.services.training.experiment_table import Figure
from mma_desktop.ui.experiments.saved_curves import CurveData, saved_curves
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import hint, in_column, in_row
from mma_desktop.ui.widgets.fields import choice_box
from mma_desktop.ui.widgets.plot import Item, Series, WalkedPlot
from mma_desktop.ui.widgets.series import Look

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
