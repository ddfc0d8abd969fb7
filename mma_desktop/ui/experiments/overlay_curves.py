"""Curves of several trainings in one chart. Imports pyqtgraph, so import this late.

Trainings differ by the letter at the end of their line, dash and symbol as well as by colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from mma_desktop.core.i18n import later, number, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.experiments.saved_curves import CurveData, saved_curves
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import hint, in_column, in_row, pad_popups
from mma_desktop.ui.widgets.plot import Item, WalkedPlot
from mma_desktop.ui.widgets.plot import Series as Line
from mma_desktop.ui.widgets.series import Look

MARKS = 12
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
Series = tuple[np.ndarray, np.ndarray]


def series_of(data: CurveData, name: str) -> Series:
    """Return epochs and values of a training: of its last fit, or the mean of its folds if that measured nothing."""
    phases = list(data.phases.values())
    if not phases:
        return np.empty(0), np.empty(0)

    def of(phase: int) -> Series:
        one = phases[phase]
        if name != "h":
            return one.series(name)
        base, new = np.array(one.values["base"], float), np.array(one.values["new"], float)
        with np.errstate(invalid="ignore", divide="ignore"):
            h = np.where(base + new > 0, 2 * base * new / (base + new), np.where(np.isfinite(base + new), 0.0, np.nan))
        known = np.isfinite(h)
        return np.array(one.epochs, float)[known], h[known]

    last = of(-1)
    if len(last[0]) or len(phases) == 1:
        return last
    folds = [fold for fold in (of(at) for at in range(len(phases) - 1)) if len(fold[0])]
    if not folds:
        return last
    shortest = min(len(x) for x, _ in folds)
    return folds[0][0][:shortest], np.mean([y[:shortest] for _, y in folds], axis=0)


class OverlayPlot(WalkedPlot):
    """One measure of every training by epoch, with its letter at the end of each line."""

    def __init__(self, title: str, units: str) -> None:
        super().__init__(title, tr("Epoch"), "")
        self._units = units
        self._trainings: Sequence[CurveData] = ()
        self._title, self._name = title, ""
        self.shown: dict[str, Series] = {}
        self.box.setDefaultPadding(0.08)

    def show_trainings(self, trainings: Sequence[CurveData], title: str, name: str) -> None:
        """Show a measure of trainings A, B, ..."""
        self._trainings, self._title, self._name = trainings, title, name
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        self.item.setLabel("left", self._title + (f" ({self._units})" if self._units else ""))
        self.setAccessibleName(self._title)
        self.shown = {}
        for one, data in zip(LOOKS, self._trainings, strict=False):
            x, y = series_of(data, self._name)
            if len(x):
                self.shown[one.name] = (x, y)
                Line(self, one, MARKS).show(x, y)
        items = [
            Item(float(x), float(y), f"{letter}, {tr('Epoch')} {int(x)}: {number(float(y), '.3g')}{self._units}")
            for letter, (xs, ys) in self.shown.items()
            for x, y in zip(xs, ys, strict=True)
        ]
        ends = (tr("{letter} ends at {y:.3g}", letter=letter, y=y[-1]) for letter, (_, y) in self.shown.items())
        self.set_items(items, ", ".join(ends) or tr(number_format.NOTHING))
        self._write_letters()

    def _write_letters(self) -> None:
        """Write the letters at the line ends; overlapping ones go side by side."""
        if not self.shown:
            return
        spans = [NEAR * np.ptp(np.concatenate(values)) for values in zip(*self.shown.values(), strict=True)]
        ends: list[np.ndarray] = []
        for look in LOOKS:
            if look.name in self.shown:
                end = np.array([values[-1] for values in self.shown[look.name]])
                before = sum(bool(np.all(np.abs(end - other) <= spans)) for other in ends)
                self.text(look.name, look.colour, bold=True, anchor=(-0.7 * before, 0.5)).setPos(*end.tolist())
                ends.append(end)


class OverlayCurves(QWidget):
    """Loss and accuracy of several trainings by epoch; boxes above select the measures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainings: list[CurveData] = []
        self.plots = OverlayPlot(tr("Loss"), ""), OverlayPlot(tr("Accuracy"), "%")
        self.choices = tuple(self._choice(plot, of) for plot, of in zip(self.plots, (LOSSES, ACCURACIES), strict=True))
        self.note = hint(tr("Where a training measured by cross-validation, the mean of its folds is drawn."))
        columns = (in_column(pair[0], (pair[1], 1)) for pair in zip(self.choices, self.plots, strict=True))
        row = in_row(*((column, 1) for column in columns), spacing=16)
        in_column((row, 1), self.note, inside=self, margins=(8, 8, 8, 4))

    def _choice(self, plot: OverlayPlot, measures: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(plot.accessibleName())
        for text, name in measures:
            box.addItem(tr(text), name)
        box.currentIndexChanged.connect(self._show)
        pad_popups(box)
        return box

    def show_runs(self, runs: Sequence[RunRecord]) -> None:
        self._trainings = [saved_curves(run) for run in runs]
        self.note.setVisible(any(phase != "train" for one in self._trainings for phase in one.phases))
        self._show()

    def _show(self) -> None:
        for box, plot in zip(self.choices, self.plots, strict=True):
            plot.show_trainings(self._trainings, box.currentText(), str(box.currentData()))
