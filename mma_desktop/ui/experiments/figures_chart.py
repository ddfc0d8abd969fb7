"""Accuracy by something that a training is given, in lines. Imports pyqtgraph, so import this late."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg

from mma_desktop.services.training.experiment_table import Figure
from mma_desktop.ui.experiments.overlay_curves import LOOKS
from mma_desktop.ui.widgets.plot import Item, Series, WalkedPlot

BESIDE = 0.08  # margin left of the first point and right of the last, in widths of the line
BEAM = 0.02
Line = tuple[str, Sequence[tuple[float, Figure]]]


class FiguresChart(WalkedPlot):
    """Lettered lines of figures; bars are deviations.

    Args:
        name: Accessible name.
        x: Label of the horizontal axis.
        words: Describes a point, by letter, position and figure.
        tick: Writes a position of the horizontal axis.
        scale: Where a position stands on the axis.
    """

    def __init__(
        self,
        name: str,
        x: str,
        words: Callable[[str, float, Figure], str],
        tick: Callable[[float], str],
        scale: Callable[[float], float] = float,
    ) -> None:
        super().__init__(name, x, "")
        self._words, self._tick, self._scale = words, tick, scale
        self._lines: Sequence[Line] = ()

    def show_lines(self, lines: Sequence[Line], title: str) -> None:
        """Show lines, each of pairs of position and figure, in the looks A, B, ..."""
        self._lines = lines
        self.item.setLabel("left", f"{title} (%)")
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        items: list[Item] = []
        at = sorted({position for _, points in self._lines for position, _ in points})
        if not at:
            self.set_items([], "")
            return
        low, high = self._scale(at[0]), self._scale(at[-1])
        wide = max(1.0, high - low) if high == low else high - low
        for look, (letter, points) in zip(LOOKS, self._lines, strict=False):
            if not points:
                continue
            x = np.array([self._scale(position) for position, _ in points])
            y = np.array([figure.mean for _, figure in points])
            spread = np.array([figure.spread for _, figure in points])
            bars = pg.ErrorBarItem(x=x, y=y, height=2 * spread, beam=BEAM * wide, pen=self.pen(look.colour, 1.2))
            self.item.addItem(bars)
            Series(self, look).show(x, y)
            items += [Item(self._scale(one), found.mean, self._words(letter, one, found)) for one, found in points]
            self.text(letter, look.colour, bold=True, anchor=(-0.7, 0.5)).setPos(float(x[-1]), float(y[-1]))
        ticks = [(self._scale(position), self._tick(position)) for position in at]
        self.fix_axis("bottom", low - BESIDE * wide, high + BESIDE * wide, ticks)
        self.set_items(items, "; ".join(one.words for one in items))
