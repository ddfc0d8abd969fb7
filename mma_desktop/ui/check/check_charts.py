"""Charts of the page Check: accuracy by labels, and a reliability diagram. Imports pyqtgraph, so import this late."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy, ConfidenceHistogram
from mma_desktop.engine.evaluation.calibration import Bin, calibration
from mma_desktop.services.training.claims import range_words, short
from mma_desktop.services.training.learning import LearningPoint
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.plot import BASE, Item, Plot, Series
from mma_desktop.ui.widgets.theme import tokens

MAX_TICKS = 6  # more would print the numbers of a narrow chart over one another


class LabelsChart(Plot):
    """Accuracy of the learning model by number of labels; dashed: before training, on the same images."""

    def __init__(self) -> None:
        super().__init__(tr("Accuracy by number of labels"), tr("Labels"), tr("Accuracy"))
        self.points: tuple[LearningPoint, ...] = ()

    def show_points(self, points: Sequence[LearningPoint]) -> None:
        points = tuple(points)
        if points == self.points:
            return
        self.points = points
        self.set_items([_point_item(point) for point in points], _point_item(points[-1]).words if points else "")
        self.draw()

    def draw(self) -> None:
        self.item.clear()
        if not self.points:
            return
        x = np.array([point.labels for point in self.points], np.float64)
        after, before = (
            np.array([getattr(point, part) for point in self.points]) for part in ("accuracy", "zero_shot")
        )
        low = max(0.0, 10 * math.floor((min(after.min(), before.min()) - 4) / 10))
        self.percent_axis("left", low, room=(100 - low) / 16)
        first, last = float(x.min()), float(x.max())
        margin = max(1.0, (last - first) * 0.04)
        steps = (factor * 10**power for power in count() for factor in (1, 2, 5))  # 1, 2, 5, 10, 20, 50 and so on
        step = next(int(step) for step in steps if (last - first) / step < MAX_TICKS)
        ticks = range(-(-int(first) // step) * step, int(last) + 1, step) if last > first else [int(first)]
        self.fix_axis("bottom", first - margin, last + margin, [(float(tick), number(tick, "d")) for tick in ticks])
        dashed = self.pen(tokens().dim, 1.6, Qt.PenStyle.DashLine)
        self.item.plot(x, before, pen=dashed)
        Series(self, BASE).show(x, after)


def _point_item(point: LearningPoint) -> Item:
    words = tr(
        "{labels}: {accuracy} right, {before} before training.",
        labels=text_format.labels(point.labels),
        accuracy=short(Accuracy.near(point.accuracy / 100, max(1, point.measured))),
        before=range_words(Accuracy.near(point.zero_shot / 100, max(1, point.measured))),
    )
    return Item(float(point.labels), point.accuracy, words)


# A test has dozens of images, so 15 bins, as for the expected calibration error, would hold a few each.
BINS = 10
PALE = 0.35  # opacity of bars, behind the points and the diagonal


class ReliabilityChart(Plot):
    """A bar for each tenth of confidence, with the 95% range of what it shows; dashed: as often right as it is sure."""

    def __init__(self) -> None:
        super().__init__(tr("Confidence against how often it was right"), tr("Confidence"), tr("Right"))
        self.bins: list[tuple[Bin, Accuracy]] = []

    def show_answers(self, answers: ConfidenceHistogram | None) -> None:
        bins = () if answers is None else calibration(answers, BINS).bins
        self.bins = [(part, Accuracy.near(part.accuracy / 100, part.n)) for part in bins if part.n]
        items = [_bin_item(*part) for part in self.bins]
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
        low, high = (np.array([getattr(accuracy, end) for _, accuracy in self.bins]) for end in ("low", "high"))
        ranges = {"top": high - height, "bottom": height - low, "beam": 1.5}
        self.item.addItem(pg.ErrorBarItem(x=x, y=height, **ranges, pen=self.pen(BASE.colour, 1.4)))
        self.scatter(x.tolist(), height.tolist(), symbol=BASE.symbol, size=8, brush=BASE.colour, pen=None)


def _bin_item(part: Bin, right: Accuracy) -> Item:
    words = tr(
        "{low} to {percent} sure: {right} right, {interval}.",
        low=round(100 * part.low),
        percent=text_format.whole_percent(part.high),
        right=text_format.percent(part.accuracy),
        interval=text_format.interval(right),
    )
    return Item(part.confidence, part.accuracy, words)
