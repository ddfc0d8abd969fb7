"""Curve of what each reject threshold keeps. Imports pyqtgraph, so import this late."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.engine.evaluation.calibration import RejectCurve, RejectResult
from mma_desktop.ui.results.reject_control import kept_words
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.plot import Item, WalkedPlot
from mma_desktop.ui.widgets.theme import tokens

POINTS = 12  # points of the curve reachable by keyboard


class RejectChart(WalkedPlot):
    """Risk-coverage curve: accuracy of the kept answers by the share kept, with the current threshold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        name = tr("Accuracy of what is kept by the share that is kept")
        super().__init__(name, tr("Kept of the measured images"), tr("Right of what is kept"), parent)
        self.curve: RejectCurve | None = None
        self.reject = self._low = 0.0
        quarters = [(at, number_format.whole_percent(at / 100)) for at in (0, 25, 50, 75, 100)]
        self.fix_axis("bottom", -1.5, 102.0, quarters)

    def show_curve(self, curve: RejectCurve) -> None:
        self.curve = curve
        kept = [curve.at(step / POINTS) for step in range(POINTS + 1)]
        known = [(one, one.accuracy) for one in kept if one.accuracy is not None]
        lowest = min((accuracy.percent for _, accuracy in known), default=0.0)
        self._low = max(0.0, min(90.0, 10 * (lowest // 10)))
        self.percent_axis("left", self._low, room=(100 - self._low) / 40)
        items = [Item(one.coverage, accuracy.percent, _words(one)) for one, accuracy in known]
        self.set_items(items, tr("Measured on {n} image.", "Measured on {n} images.", curve.n))
        self.draw()

    def show_reject(self, reject: float) -> None:
        self.reject = reject
        self.draw()

    def draw(self) -> None:
        """Draw the curve, and the threshold as crossing lines with a dot and its interval."""
        self.item.clear()
        if self.curve is None:
            return
        look, curve = tokens(), self.curve
        some = curve.kept > 0
        kept, right = curve.kept[some], curve.correct[some]
        self._line(100 * kept / curve.n, 100 * right / kept, look.accent, 2)
        now = curve.at(self.reject)
        if now.accuracy is None:
            return
        x, y = now.coverage, now.accuracy.percent
        left, bottom = self.box.viewRect().left(), self.box.viewRect().top()
        self._line([left, x, x], [y, y, bottom], look.dim, 1, Qt.PenStyle.DashLine)
        self._line([x, x], [now.accuracy.low, now.accuracy.high], look.text, 2)
        self.scatter([x], [y], symbol="o", size=10, brush=QColor(look.accent), pen=self.pen(look.text, 2))

    def _line(
        self, x: object, y: object, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> None:
        self.item.plot(x, y, pen=self.pen(colour, width, style), antialias=True)


def _words(one: RejectResult) -> str:
    threshold = number_format.whole_percent(one.threshold)
    start = tr("From {threshold} on.", threshold=threshold)
    return f"{start} {kept_words(one, None)}"
