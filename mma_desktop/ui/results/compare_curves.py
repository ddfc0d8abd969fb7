"""Curves of several trainings in one chart. Imports pyqtgraph, so import this late.

Trainings differ by the letter at the end of their line, dash and symbol as well as by colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.results.compare_runs import LETTERS
from mma_desktop.ui.results.saved_curves import CurveData, saved_curves
from mma_desktop.ui.widgets.controls import hint, in_column, in_row, pad_popups
from mma_desktop.ui.widgets.plot import Plot
from mma_desktop.ui.widgets.plot import Series as Line
from mma_desktop.ui.widgets.series import LegendEntry, Look
from mma_desktop.ui.widgets.theme import watcher

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


class OverlayPlot(QWidget):
    """One measure of every training by epoch; a box above selects it."""

    def __init__(
        self, title: str, choices: Sequence[tuple[str, str]], units: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._trainings: Sequence[CurveData] = ()
        self.shown: dict[str, Series] = {}
        self.choice = QComboBox()
        self.choice.setAccessibleName(title)
        for text, name in choices:
            self.choice.addItem(tr(text), name)
        self.choice.currentIndexChanged.connect(self.draw)
        pad_popups(self.choice)
        self._units = units
        self.plot = Plot("", tr("Epoch"), "")
        self.plot.setMinimumSize(260, 180)
        self.plot.box.setDefaultPadding(0.08)
        self.none = hint("")
        head = in_row(self.choice, None)
        in_column(head, (self.plot, 1), self.none, inside=self, margins=(0, 0, 0, 0))
        watcher().changed.connect(self.draw)

    def show_trainings(self, trainings: Sequence[CurveData]) -> None:
        """Show trainings A, B, ..."""
        self._trainings = trainings
        self.draw()

    def draw(self) -> None:
        self.plot.item.clear()
        self.plot.item.setLabel("left", self.choice.currentText() + (f" ({self._units})" if self._units else ""))
        name, missing = str(self.choice.currentData()), []
        self.shown = {}
        for one, data in zip(LOOKS, self._trainings, strict=False):
            x, y = series_of(data, name)
            if len(x):
                self.shown[one.name] = (x, y)
                Line(self.plot, one, MARKS).show(x, y)
            else:
                missing.append(one.name)
        self._write_letters()
        words = "" if not missing else tr("No such curve: {letters}.", letters=", ".join(missing))
        self.none.setText(words)
        self.none.setVisible(bool(words))
        ends = ", ".join(
            tr("{letter} ends at {y:.3g}", letter=letter, y=y[-1]) for letter, (_, y) in self.shown.items()
        )
        self.plot.setAccessibleName(f"{self.choice.currentText()}: {ends or words}")

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
                self.plot.text(look.name, look.colour, bold=True, anchor=(-0.7 * before, 0.5)).setPos(*end.tolist())
                ends.append(end)


class CompareCurves(QWidget):
    """Loss and accuracy of several trainings by epoch, with a legend of their letters."""

    def __init__(self, runs: Sequence[RunRecord], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        trainings = [saved_curves(run) for run in runs]
        self.loss = OverlayPlot(tr("Loss"), LOSSES, "")
        self.accuracy = OverlayPlot(tr("Accuracy"), ACCURACIES, "%")
        named = zip(LETTERS, LOOKS, runs, strict=False)
        entries = (LegendEntry(look, f"{letter}: {one_line(run.name)}"[:40]) for letter, look, run in named)
        legend = in_row(*entries, None, spacing=16)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(16)
        grid.addLayout(legend, 0, 0, 1, 2)
        grid.addWidget(self.loss, 1, 0)
        grid.addWidget(self.accuracy, 1, 1)
        if any(phase != "train" for one in trainings for phase in one.phases):
            note = hint(tr("Where a training measured by cross-validation, the mean of its folds is drawn."))
            grid.addWidget(note, 2, 0, 1, 2)
        grid.setRowStretch(1, 1)
        self.loss.show_trainings(trainings)
        self.accuracy.show_trainings(trainings)
