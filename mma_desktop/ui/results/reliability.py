"""Reliability diagrams before and after training: is an answer that is 80% sure right in 80% of cases?"""

from __future__ import annotations

from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from mma_desktop.core.confidence_histogram import ConfidenceHistogram
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Evaluation
from mma_desktop.engine.evaluation.calibration import Calibration, calibration
from mma_desktop.ui.results.results_panel import ESTIMATED
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import EmptyState, heading, hint, in_column, scrolled, wrapped
from mma_desktop.ui.widgets.series import WALK

if TYPE_CHECKING:
    from mma_desktop.ui.results.reliability_chart import ReliabilityChart

FEW = 300
SIDE_BY_SIDE = 540
CAPTION = later(
    "Bars show how many answers are right at each confidence, among all class names. On the dashed "
    "line confidences are exactly right; hatched is what is missing or too much. The strip above "
    "shows how many images a bar stands on."
)
CALIBRATED = later(
    "Adapted confidences are calibrated: softened or sharpened to fit pictures that were not trained "
    "on (validation images, or held-out shots); answers that are new names are brought to "
    "zero-shot's range."
)
OLD = later("This training kept no confidences: it was made by an older version. Train again to see how good they are.")
ERRORS = later(
    "Expected calibration error (ECE): {before:.1f} points before training, {after:.1f} after, on the same {images}."
)
NONE_MEASURED = later("No image was measured. Label some images that are not shots, and train again.")


def without_answers(evaluation: Evaluation | None) -> str:
    """Return why an evaluation has no confidences to show."""
    measured = evaluation is not None and evaluation.adapted.all is not None
    return tr(OLD if measured else NONE_MEASURED)


def tendency(found: Calibration) -> str:
    """Return whether the answers are overconfident or underconfident, as text."""
    gap = found.confidence - found.accuracy
    confidence, accuracy = number_format.percent(found.confidence), number_format.percent(found.accuracy)
    sure = tr("{confidence} sure on average, {accuracy} right", confidence=confidence, accuracy=accuracy)
    if abs(gap) < 1:
        return tr("On the whole as sure as right: {sure}.", sure=sure)
    return tr("Too sure: {sure}.", sure=sure) if gap > 0 else tr("Not sure enough: {sure}.", sure=sure)


def _summary(found: Calibration) -> str:
    error = tr("ECE {ece:.1f} points on {images}.", ece=found.ece, images=number_format.images(found.n))
    return f"{error} {tendency(found)}"


class ReliabilityPanel(QStackedWidget):
    """Zero-shot beside adapted, the two errors, and what they mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = [(heading("", 3), hint("")) for _ in range(2)]
        self._charts: list[QWidget] = []
        self.summary = wrapped()
        self.line = hint(tr(WALK))
        self._empty = EmptyState("chart", tr("No confidences"), tr(OLD))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        inner = QWidget()
        self.calibrated = hint(tr(CALIBRATED))
        parts = (self.summary, hint(tr(CAPTION)), self.calibrated, (self._grid, 1), self.line)
        in_column(*parts, inside=inner, margins=(12, 12, 12, 12))
        # Filled after it was nested: PySide keeps what a layout holds then, even after it was placed again.
        self._place()
        self.addWidget(self._empty)
        self.addWidget(scrolled(inner))

    @cached_property
    def charts(self) -> tuple[ReliabilityChart, ReliabilityChart]:
        """Zero-shot and adapted charts, created when there is something to show."""
        from mma_desktop.ui.results.reliability_chart import ReliabilityChart

        names = tr("Zero-shot"), tr("Adapted")
        made = ReliabilityChart(names[0]), ReliabilityChart(names[1])
        for chart in made:
            chart.message.connect(self.line.setText)
        self._charts = list(made)
        self._place()
        return made

    def _place(self) -> None:
        """Place the charts side by side, or one above the other if the width is too small."""
        wide = self.width() >= SIDE_BY_SIDE
        for at, parts in enumerate(zip_longest(*zip(*self._heads, strict=True), self._charts)):
            row, column = (0, at) if wide else (3 * at, 0)
            for below, part in enumerate(parts):
                if part is not None:
                    self._grid.addWidget(part, row + below, column)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(wide))
        self._grid.setRowStretch(2, 1)
        self._grid.setRowStretch(5, int(not wide))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def show_evaluation(self, evaluation: Evaluation | None, *, calibrated: bool = False) -> None:
        """Show the confidences of an evaluation, or why there are none; `calibrated` says whether the adapter's are."""
        self.calibrated.setVisible(calibrated)
        before = None if evaluation is None else evaluation.zero_shot_answers
        after = None if evaluation is None else evaluation.adapted_answers
        self.setCurrentIndex(0 if after is None or before is None else 1)
        if evaluation is None or after is None or before is None:
            self._empty.set_texts(tr("No confidences"), without_answers(evaluation))
            return
        old, new = self._show(0, tr("Zero-shot"), before), self._show(1, tr("Adapted"), after)
        errors = tr(ERRORS, before=old.ece, after=new.ece, images=number_format.images(new.n))
        estimated = tr(ESTIMATED.get(evaluation.base_by, ""))
        self.summary.setText(" ".join(filter(None, (errors, estimated, chance_words(new)))))
        self.line.setText(tr(WALK))

    def _show(self, at: int, title: str, answers: ConfidenceHistogram) -> Calibration:
        found = calibration(answers)
        self.charts[at].show_answers(found, _summary(found))
        head, words = self._heads[at]
        head.setText(tr("{title}: ECE {ece:.1f}", title=title, ece=found.ece))
        words.setText(tendency(found))
        return found


def chance_words(found: Calibration) -> str:
    """Return how much error so few images would show by chance."""
    words = tr(
        "Confidences that are exactly right would show about {chance:.1f} on {images}, by chance alone.",
        chance=found.chance,
        images=number_format.images(found.n),
    )
    if found.n >= FEW:
        return words
    rough = tr("The bars are rough: label more test images to see finer.")
    return f"{words} {rough}"
