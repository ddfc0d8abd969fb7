"""Row of number cards above the curves: base, new and H against zero-shot, and the training progress."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy, Evaluation, Scores
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import Card, bold, hint, in_row
from mma_desktop.ui.widgets.theme import tokens, watcher

BASE_NOTES = {
    "cross-validation": later("estimated by cross-validation"),
    "leave-one-out": later("each shot left out in turn"),
}
NOTHING_YET = "\N{EN DASH}"
WIDE, NARROW = 150, 90  # minimum widths of a card
GAP = 8


def _against(zero_shot: Accuracy | None) -> str:
    return "" if zero_shot is None else tr("zero-shot {accuracy}", accuracy=number_format.percent(zero_shot.percent))


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
        self.show_words("")

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

    def show_accuracy(self, value: Accuracy, zero_shot: Accuracy | None, note: str = "") -> None:
        self.title.setText(f"{self._title}{', ' + note if note else ''}")
        self.value.setText(number_format.percent(value.percent))
        self.value.show()
        change = None if zero_shot is None else value.percent - zero_shot.percent
        self.difference.setText("" if change is None else number_format.points(change))
        self._tone = "dim" if change is None or round(change, 1) == 0 else ("good" if change > 0 else "bad")
        self.against.setText(_against(zero_shot))
        images, interval = number_format.images(value.n), number_format.interval(value.low, value.high)
        self.detail.setText(tr("{images}, 95% interval {interval}", images=images, interval=interval))
        self._colour()
        words = f"{self.title.text()}: {self.value.text()}, {self.against.text()}, {self.detail.text()}"
        self.setAccessibleName(words)
        self.setToolTip(", ".join(one for one in (self.against.text(), self.detail.text()) if one))
        self._fit_detail()

    def show_words(self, words: str, zero_shot: Accuracy | None = None) -> None:
        """Show why there is no number."""
        self.title.setText(self._title)
        self.value.setText(NOTHING_YET if not words else "")
        self.value.setVisible(not words)
        self.difference.clear()
        self._tone = "dim"
        self.against.setText(_against(zero_shot))
        self.detail.setText(words)
        self._colour()
        self.setAccessibleName(f"{self._title}: {words}")
        self.setToolTip("")
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


def _time_left(seconds: float) -> str:
    duration = number_format.duration(seconds)
    return tr("about {duration} left", duration=duration) if seconds >= 1 else duration


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
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.detail = hint("")
        self.body.addWidget(self.title)
        self.body.addWidget(self.value)
        self.body.addSpacing(4)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.detail)
        self.body.addStretch(1)
        self.idle()

    def idle(self) -> None:
        """Show that nothing was trained yet."""
        self.tell(tr("Training"), tr("Not started"), "")
        self.bar.hide()

    def working(self, what: str, detail: str = "", done: int = 0, total: int | None = None) -> None:
        """Show a step before the first epoch, such as loading or embedding; an unknown total shows a busy bar."""
        self.tell(tr("Training"), what, detail)
        self.bar.setRange(0, total or 0)
        self.bar.setValue(done)
        self.bar.show()

    def epoch(self, event: EpochEvent) -> None:
        """Show a finished epoch."""
        said = [_time_left(event.seconds_left)]
        if event.best_epoch and event.validation_loss is not None:
            said.append(tr("best epoch {best_epoch}", best_epoch=event.best_epoch))
        epoch = tr("Epoch {epoch} of {max_epochs}", epoch=event.epoch, max_epochs=event.max_epochs)
        self.tell(_phase_words(event.phase), epoch, ", ".join(said))
        self.bar.setRange(0, event.max_epochs)
        self.bar.setValue(event.epoch)
        self.bar.show()

    def tell(self, title: str, value: str, detail: str) -> None:
        """Show a text without a bar."""
        self.title.setText(title)
        self.value.setText(value)
        self.detail.setText(detail)
        self.setAccessibleName(f"{title}: {value}, {detail}")

    def finished(self, title: str, value: str, detail: str) -> None:
        """Show that the training is over."""
        self.tell(title, value, detail)
        self.bar.hide()


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
        """Show that there is no training yet."""
        for card in (self.base, self.new, self.h):
            card.show_words("")
        self.progress.idle()

    def waiting(self) -> None:
        """Show that a training began and has measured nothing yet."""
        for card in (self.base, self.new, self.h):
            card.show_words("")

    def show_epoch(self, event: EpochEvent, no_base: str, no_new: str) -> None:
        """Show live numbers. During cross-validation, base is measured on the held-out fold.

        Args:
            event: The epoch.
            no_base: Why there is no base accuracy, if so.
            no_new: Why there is no new accuracy, if so.
        """
        note = tr(BASE_NOTES["cross-validation"]) if event.phase != "train" else ""
        scores = Scores(event.base, event.new)
        if event.base is not None or event.phase != "train":
            self._show(self.base, event.base, event.zero_shot.base, no_base, note)
            self._show(
                self.h,
                number_format.harmonic(scores),
                number_format.harmonic(event.zero_shot),
                tr("needs base and new accuracy"),
            )
        else:
            self._show(self.base, None, event.zero_shot.base, no_base)
            self._show(self.h, None, number_format.harmonic(event.zero_shot), tr("needs base and new accuracy"))
        self._show(self.new, event.new, event.zero_shot.new, no_new)
        self.progress.epoch(event)

    def show_evaluation(self, evaluation: Evaluation, no_base: str, no_new: str) -> None:
        """Show the final numbers."""
        before, after = evaluation.zero_shot, evaluation.adapted
        note = tr(BASE_NOTES[evaluation.base_by]) if evaluation.base_by in BASE_NOTES else ""
        self._show(self.base, after.base, before.base, no_base, note)
        self._show(self.new, after.new, before.new, no_new)
        self._show(
            self.h, number_format.harmonic(after), number_format.harmonic(before), tr("needs base and new accuracy")
        )

    @staticmethod
    def _show(card: NumberCard, value: Accuracy | None, zero_shot: Accuracy | None, why: str, note: str = "") -> None:
        if value is None:
            card.show_words(why, zero_shot)
        else:
            card.show_accuracy(value, zero_shot, note)
