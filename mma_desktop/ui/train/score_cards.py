"""Row of number cards above the curves: base, new and H against zero-shot, and the training progress."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy, Evaluation, Scores
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import Card, ProgressBar, bold, hint, in_row
from mma_desktop.ui.widgets.theme import tokens, watcher

BASE_NOTES = {
    "cross-validation": later("estimated by cross-validation"),
    "leave-one-out": later("each shot left out in turn"),
}
NOTHING_YET = "\N{EN DASH}"
WIDE, NARROW = 150, 90  # minimum widths of a card
GAP = 8


class NumberCard(Card):
    """Card with one accuracy against zero-shot, its n and interval, or the reason why there is none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._tone = "dim"
        self.body.setSpacing(2)
        self.title = hint(title)
        self.value = QLabel()
        self.detail = hint("")
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.against = QLabel()
        self.difference = QLabel()
        bold(self.difference)
        self._line = line = in_row(self.value, (self.difference, 0, Qt.AlignmentFlag.AlignBottom), None, spacing=8)
        self.body.addWidget(self.title)
        self.body.addLayout(line)
        self.body.addWidget(self.against)
        self.body.addWidget(self.detail)
        self.body.addStretch(1)
        watcher().changed.connect(self._restyle)
        self.set_compact(False)
        self.show_accuracy(None)

    def set_compact(self, compact: bool) -> None:
        """In little space, show a smaller number above its difference, and the rest only in the tooltip."""
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * (1.25 if compact else 1.9))
        font.setBold(True)
        self.value.setFont(font)
        side = GAP if compact else 14
        self.body.setContentsMargins(side, 10, side, 10)
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if compact else QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(0 if compact else 8)
        self._compact = compact
        self._fit_detail()

    def _fit_detail(self) -> None:
        """Show the detail if there is room, or if it is the only text."""
        self.detail.setVisible(not self._compact or self.value.isHidden())
        self.against.setVisible(not self._compact)

    def show_accuracy(
        self, value: Accuracy | None, zero_shot: Accuracy | None = None, why: str = "", note: str = ""
    ) -> None:
        """Show an accuracy with a note, or why there is none."""
        title, number, detail, change = self._title, "" if why else NOTHING_YET, why, None
        if value is not None:
            title = f"{title}, {note}" if note else title
            number = number_format.percent(value.percent)
            images, interval = number_format.images(value.n), number_format.interval(value.low, value.high)
            detail = tr("{images}, 95% interval {interval}", images=images, interval=interval)
            change = None if zero_shot is None else value.percent - zero_shot.percent
        percent = "" if zero_shot is None else number_format.percent(zero_shot.percent)
        against = tr("zero-shot {accuracy}", accuracy=percent) if percent else ""
        self.title.setText(title)
        self.value.setText(number)
        self.value.setVisible(bool(number))
        self.difference.setText("" if change is None else number_format.points(change))
        self._tone = "dim" if change is None or round(change, 1) == 0 else ("good" if change > 0 else "bad")
        self.against.setText(against)
        self.detail.setText(detail)
        self._colour()
        self.setAccessibleName(f"{title}: {', '.join(filter(None, (number, against, detail)))}")
        self.setToolTip("" if value is None else ", ".join(filter(None, (against, detail))))
        self._fit_detail()

    def _restyle(self) -> None:
        """Set the fonts again: a new style sheet restores the fonts that labels had first."""
        self.set_compact(self._compact)
        self._colour()

    def _colour(self) -> None:
        self.difference.setStyleSheet(f"color: {getattr(tokens(), self._tone)}; padding-bottom: 5px;")


def _phase_words(phase: str) -> str:
    """Return what is being trained: everything, or "fold 2 of 4"."""
    if phase == "train":
        return tr("Training")
    numbers = re.findall(r"\d+", phase)
    if len(numbers) != 2:
        return tr("Cross-validation")
    return tr("Cross-validation, fold {fold} of {folds}", fold=numbers[0], folds=numbers[1])


class ProgressCard(Card):
    """Card with the progress of the training, or its duration."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.setContentsMargins(14, 10, 14, 10)
        self.body.setSpacing(2)
        self.title = hint(tr("Training"))
        self.value = QLabel()
        self.value.setWordWrap(True)
        bold(self.value, 1.05)
        self.bar = ProgressBar()
        self.detail = hint("")
        self.body.addWidget(self.title)
        self.body.addWidget(self.value)
        self.body.addSpacing(4)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.detail)
        self.body.addStretch(1)
        self.idle()

    def idle(self) -> None:
        self.tell(tr("Training"), tr("Not started"))

    def working(self, what: str, detail: str = "", done: int = 0, total: int | None = None) -> None:
        """Show a step before the first epoch, such as loading or embedding; an unknown total shows a busy bar."""
        self.tell(tr("Training"), what, detail)
        self._show_bar(done, total)

    def epoch(self, event: EpochEvent) -> None:
        left = number_format.duration(event.seconds_left)
        said = [tr("about {duration} left", duration=left) if event.seconds_left >= 1 else left]
        if event.best_epoch and event.validation_loss is not None:
            said.append(tr("best epoch {best_epoch}", best_epoch=event.best_epoch))
        epoch = tr("Epoch {epoch} of {max_epochs}", epoch=event.epoch, max_epochs=event.max_epochs)
        self.tell(_phase_words(event.phase), epoch, ", ".join(said))
        self._show_bar(event.epoch, event.max_epochs)

    def tell(self, title: str, value: str, detail: str = "") -> None:
        """Show a text without a bar."""
        self.title.setText(title)
        self.value.setText(value)
        self.detail.setText(detail)
        self.setAccessibleName(f"{title}: {value}, {detail}")
        self.bar.hide()

    def _show_bar(self, done: int, total: int | None) -> None:
        self.bar.show_progress(done, total)
        self.bar.show()


class BigNumbers(QWidget):
    """Base, new, H and progress in one row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.base = NumberCard(tr("Base classes"))
        self.new = NumberCard(tr("New classes"))
        self.h = NumberCard(tr("Harmonic mean (H)"))
        self.progress = ProgressCard()
        self.cards = (self.base, self.new, self.h, self.progress)
        for card in self.cards:
            card.setMinimumWidth(NARROW)
        in_row(*((card, 1) for card in self.cards), inside=self, margins=(0, 0, 0, 0), spacing=GAP)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._compact = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use smaller numbers in a narrow window."""
        super().resizeEvent(event)
        compact = self.width() < len(self.cards) * (WIDE + GAP) - GAP
        if compact != self._compact:
            self._compact = compact
            for card in (self.base, self.new, self.h):
                card.set_compact(compact)
            side = GAP if compact else 14
            self.progress.body.setContentsMargins(side, 10, side, 10)

    def reset(self) -> None:
        for card in (self.base, self.new, self.h):
            card.show_accuracy(None)
        self.progress.idle()

    def show_epoch(self, event: EpochEvent, no_base: str, no_new: str) -> None:
        """Show live numbers. During cross-validation, base is measured on the held-out fold.

        Args:
            event: The epoch.
            no_base: Why there is no base accuracy, if so.
            no_new: Why there is no new accuracy, if so.
        """
        by = "cross-validation" if event.phase != "train" else ""
        self._show(Scores(event.base, event.new), event.zero_shot, no_base, no_new, by)
        self.progress.epoch(event)

    def show_evaluation(self, evaluation: Evaluation, no_base: str, no_new: str) -> None:
        self._show(evaluation.adapted, evaluation.zero_shot, no_base, no_new, evaluation.base_by)

    def _show(self, after: Scores, before: Scores, no_base: str, no_new: str, base_by: str) -> None:
        self.base.show_accuracy(after.base, before.base, no_base, tr(BASE_NOTES.get(base_by, "")))
        self.new.show_accuracy(after.new, before.new, no_new)
        h, without = number_format.harmonic(after), number_format.harmonic(before)
        self.h.show_accuracy(h, without, tr("needs base and new accuracy"))
