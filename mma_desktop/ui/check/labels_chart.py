"""Accuracy by number of labels. Imports pyqtgraph, so import this late."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt

from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy
from mma_desktop.services.training.claims import range_words, short
from mma_desktop.services.training.learning import LearningPoint
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import BASE, Item, Series, WalkedPlot
from mma_desktop.ui.widgets.theme import tokens

MAX_TICKS = 6


class LabelsChart(WalkedPlot):
    """Accuracy of the learning model by number of labels; dashed: before training, on the same images."""

    def __init__(self) -> None:
        super().__init__(tr("Accuracy by number of labels"), tr("Labels"), tr("Accuracy"))
        self.points: tuple[LearningPoint, ...] = ()

    def show_points(self, points: Sequence[LearningPoint]) -> None:
        points = tuple(points)
        if points == self.points:
            return
        self.points = points
        self.set_items([_item(point) for point in points], _item(points[-1]).words if points else "")
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
        room = max(1.0, (last - first) * 0.04)
        step = _step(last - first)
        ticks = range(-(-int(first) // step) * step, int(last) + 1, step) if last > first else [int(first)]
        self.fix_axis("bottom", first - room, last + room, [(float(at), number(at, "d")) for at in ticks])
        dashed = self.pen(tokens().dim, 1.6, Qt.PenStyle.DashLine)
        self.item.plot(x, before, pen=dashed)
        Series(self, BASE).show(x, after)


def _step(width: float) -> int:
    size = 1
    while True:
        for factor in (1, 2, 5):
            if width / (size * factor) < MAX_TICKS:
                return size * factor
        size *= 10


def _item(point: LearningPoint) -> Item:
    words = tr(
        "{labels}: {accuracy} right, {before} before training.",
        labels=number_format.labels(point.labels),
        accuracy=short(Accuracy.near(point.accuracy / 100, max(1, point.measured))),
        before=range_words(Accuracy.near(point.zero_shot / 100, max(1, point.measured))),
    )
    return Item(float(point.labels), point.accuracy, words)
