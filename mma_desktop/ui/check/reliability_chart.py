"""Confidence against how often it was right (a reliability diagram). Imports pyqtgraph, so import this late."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy, ConfidenceHistogram
from mma_desktop.engine.evaluation.calibration import Bin, calibration
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import BASE, Item, WalkedPlot
from mma_desktop.ui.widgets.theme import tokens

BINS = 10
"""A test has dozens of images, so 15 bins, as for the expected calibration error, would hold a few each."""
PALE = 0.35


class ReliabilityChart(WalkedPlot):
    """A bar for each tenth of confidence, with the 95% range of what it shows; dashed: as often right as it is sure."""

    def __init__(self) -> None:
        super().__init__(tr("Confidence against how often it was right"), tr("Confidence"), tr("Right"))
        self.bins: list[tuple[Bin, Accuracy]] = []

    def show_answers(self, answers: ConfidenceHistogram | None) -> None:
        bins = () if answers is None else calibration(answers, BINS).bins
        self.bins = [(part, Accuracy.near(part.accuracy / 100, part.n)) for part in bins if part.n]
        items = [_item(*part) for part in self.bins]
        self.set_items(items, " ".join(item.words for item in items))
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        self.percent_axis("left", room=4)
        self.percent_axis("bottom", room=2)
        self.item.plot([0, 100], [0, 100], pen=self.pen(tokens().dim, 1.6, Qt.PenStyle.DashLine))
        if not self.bins:
            return
        shown = QColor(BASE.colour)
        shown.setAlphaF(PALE)
        left, right, height, x = (
            np.array([getattr(part, name) for part, _ in self.bins])
            for name in ("low", "high", "accuracy", "confidence")
        )
        bars = {"x0": 100 * left, "x1": 100 * right, "y0": 0, "height": height}
        self.item.addItem(pg.BarGraphItem(**bars, brush=shown, pen=self.pen(tokens().surface)))
        low, high = (np.array([getattr(found, end) for _, found in self.bins]) for end in ("low", "high"))
        ranges = {"top": high - height, "bottom": height - low, "beam": 1.5}
        self.item.addItem(pg.ErrorBarItem(x=x, y=height, **ranges, pen=self.pen(BASE.colour, 1.4)))
        self.scatter(x.tolist(), height.tolist(), symbol=BASE.symbol, size=8, brush=BASE.colour, pen=None)


def _item(part: Bin, right: Accuracy) -> Item:
    words = tr(
        "{low} to {percent} sure: {right} right, {interval}.",
        low=round(100 * part.low),
        percent=number_format.whole_percent(part.high),
        right=number_format.percent(part.accuracy),
        interval=number_format.interval(right),
    )
    return Item(part.confidence, part.accuracy, words)
