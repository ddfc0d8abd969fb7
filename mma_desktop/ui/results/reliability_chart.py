"""One reliability diagram. Imports pyqtgraph, so import this late."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.engine.evaluation.calibration import Bin, Calibration
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import Item, WalkedPlot
from mma_desktop.ui.widgets.theme import mix, tokens

STRIP_LOW, STRIP_HIGH = 104.0, 122.0  # position of the strip on the percentage axis
BESIDE = 0.35  # gap on either side of a bar, in percentage points


class ReliabilityChart(WalkedPlot):
    """Accuracy by confidence in 15 bins, with the number of images per bin in a strip above."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, tr("Confidence"), tr("Right answers"), parent)
        self.found: Calibration | None = None
        self.percent_axis("bottom", room=1.0)
        self.percent_axis("left")
        self.item.setYRange(0, STRIP_HIGH, padding=0)

    def show_answers(self, found: Calibration, summary: str) -> None:
        self.found = found
        items = [Item(50 * (one.low + one.high), one.accuracy, _words(one)) for one in found.bins if one.n]
        self.set_items(items, summary)
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        if self.found is None:
            return
        look, bins = tokens(), [one for one in self.found.bins if one.n]
        wide = {
            "x0": [100 * one.low + BESIDE for one in bins],
            "x1": [100 * one.high - BESIDE for one in bins],
        }
        right, most = [one.accuracy for one in bins], max(one.n for one in bins)
        bars = {"y0": [0.0] * len(bins), "y1": right}
        gaps = {"y0": right, "y1": [one.confidence for one in bins]}
        high = [max(1.0, (STRIP_HIGH - STRIP_LOW) * one.n / most) for one in bins]
        strip = {"y0": [STRIP_LOW] * len(bins), "height": high}
        hatched = QBrush(QColor(look.bad), Qt.BrushStyle.BDiagPattern)
        for edges, brush, pen in (
            (bars, QColor(mix(look.surface, look.accent, 0.35)), self.pen(look.accent)),
            (gaps, hatched, self.pen(look.bad, 1, Qt.PenStyle.DotLine)),
            (strip, QColor(look.dim), pg.mkPen(None)),
        ):
            self.item.addItem(pg.BarGraphItem(**wide, **edges, brush=brush, pen=pen), ignoreBounds=True)
        self.item.plot([0, 100], [0, 100], pen=self.pen(look.text, 1.4, Qt.PenStyle.DashLine), antialias=True)


def _words(one: Bin) -> str:
    return tr(
        "Confidence {low:.0f} to {high:.0f}%: {images}, {accuracy} right, {confidence} sure on average.",
        low=100 * one.low,
        high=100 * one.high,
        images=number_format.images(one.n),
        accuracy=number_format.percent(one.accuracy),
        confidence=number_format.percent(one.confidence),
    )
