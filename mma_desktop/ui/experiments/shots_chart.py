"""Accuracy by shots per class. Imports pyqtgraph, so import this late."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import number, tr
from mma_desktop.services.training.experiment_table import Figure, Row
from mma_desktop.ui.experiments.overlay_curves import LOOKS
from mma_desktop.ui.widgets.plot import Item, Series, WalkedPlot

BESIDE = 0.4  # margin left of the first point and right of the last, in doublings
BEAM = 0.08


class ShotsChart(WalkedPlot):
    """One measure of several methods by shots per class, each step twice the one before; bars are deviations."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Accuracy by shots per class"), tr("Shots per class"), "", parent=parent)
        self._lines: Sequence[tuple[str, Sequence[Row]]] = ()
        self._part = "h"

    def show_lines(self, lines: Sequence[tuple[str, Sequence[Row]]], part: str, title: str) -> None:
        """Show a measure of lettered groups of rows, which differ in their shots alone."""
        self._lines, self._part = lines, part
        self.item.setLabel("left", f"{title} (%)")
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        items: list[Item] = []
        for letter, rows in self._lines:
            look = next(one for one in LOOKS if one.name == letter)
            found = [(row.shots, one) for row in rows if row.shots and (one := row.figures[self._part]) is not None]
            found.sort(key=lambda pair: pair[0])
            x = np.array([math.log2(shots) for shots, _ in found])
            y = np.array([figure.mean for _, figure in found])
            spread = np.array([figure.spread for _, figure in found])
            if not len(x):
                continue
            bars = pg.ErrorBarItem(x=x, y=y, height=2 * spread, beam=BEAM, pen=self.pen(look.colour, 1.2))
            self.item.addItem(bars)
            Series(self, look).show(x, y)
            items += [Item(math.log2(shots), one.mean, _words(letter, shots, one)) for shots, one in found]
            self.text(letter, look.colour, bold=True, anchor=(-0.7, 0.5)).setPos(float(x[-1]), float(y[-1]))
        ticks = sorted({round(2**one.x) for one in items})
        if ticks:
            low, high = math.log2(ticks[0]) - BESIDE, math.log2(ticks[-1]) + BESIDE
            self.fix_axis("bottom", low, high, [(math.log2(one), number(one, "d")) for one in ticks])
        self.set_items(items, "; ".join(one.words for one in items))


def _words(letter: str, shots: int, figure: Figure) -> str:
    return tr("{letter}, {n} shot: {value}", "{letter}, {n} shots: {value}", shots, letter=letter, value=figure.text())
