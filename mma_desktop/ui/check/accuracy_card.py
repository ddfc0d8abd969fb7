"""Card with one large accuracy, the accuracy before training, and how it was measured."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy
from mma_desktop.services.training.overview import Overview, Right, how_measured, range_words, score_of, sentence
from mma_desktop.ui.grid.image_model import capital
from mma_desktop.ui.widgets.controls import SPACE, Card, bold, hint

LARGE = 2.2


class AccuracyCard(Card):
    def __init__(self) -> None:
        super().__init__()
        self.value, self.unit, self.before = QLabel(), QLabel(tr("of pictures right")), QLabel()
        bold(self.value, LARGE)
        bold(self.unit, 1.15)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.before.setObjectName("hint")
        self.interval, self.how = hint(""), QLabel()
        self.how.setWordWrap(True)
        self.copies = hint("")
        self.copies.hide()
        line = QGridLayout()
        line.setHorizontalSpacing(2 * SPACE)
        line.setVerticalSpacing(0)
        line.addWidget(self.value, 0, 0, 1, 3)
        line.addWidget(self.unit, 1, 0)
        line.addWidget(self.before, 1, 1)
        line.setColumnStretch(2, 1)
        self.fill(line, self.interval, self.how, self.copies, None)

    def show_overview(self, found: Overview) -> None:
        evaluation, right = found.evaluation, found.right
        if right is None and found.run is not None and (score := score_of(found.run, evaluation)) is not None:
            right = Right(score)
        before = None if evaluation is None else evaluation.zero_shot.all
        for label in (self.value, self.before, self.interval):
            label.setVisible(right is not None)
        if right is None:
            self.unit.setText(tr("Not measured yet"))
        else:
            self.value.setText(capital(range_words(right.known)))
            self.unit.setText(tr("of pictures right"))
            self.before.setVisible(before is not None)
            if before is not None:  # as the value beside it: of the known pictures that keep a name
                before = Accuracy.near(right.kept * before.percent / 100, before.n)
                self.before.setText(tr("before training {accuracy}", accuracy=range_words(before)))
            self.interval.setText(sentence(right))
        if found.run is not None and found.run.loaded:
            measured = tr("Measured where it was trained, on other pictures.")
            self.how.setText(measured if right is not None else tr("Its file does not record an accuracy."))
        elif evaluation is None and found.run is not None:
            self.how.setText(tr("The numbers of '{run}' cannot be read.", run=found.run.name))
        else:
            self.how.setText(how_measured(evaluation, found.proposed))
        self._tell()

    def show_copies(self, count: int) -> None:
        """Show how many of the pictures kept for testing are copies of trained ones."""
        self.copies.setText(
            tr("{n} of them is a copy of a trained one.", "{n} of them are copies of trained ones.", count)
        )
        self.copies.setVisible(count > 0)
        self._tell()

    def _tell(self) -> None:
        shown = (self.value, self.unit, self.before, self.interval, self.how, self.copies)
        self.setAccessibleName(" ".join(label.text() for label in shown if not label.isHidden()))
