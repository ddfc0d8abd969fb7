"""Slider for the threshold below which the answer is "None of these", and its effect."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSlider, QWidget

from mma_desktop.core.confidence_histogram import NONE_OF_THESE, ConfidenceHistogram
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy
from mma_desktop.engine.evaluation.calibration import STEPS, RejectCurve, RejectResult
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import button, hint, in_column, in_row
from mma_desktop.ui.widgets.timers import single_shot

COMMIT_MS = 300
TARGETS = (90, 95, 98, 99)
USUAL_TARGET = 95
KEYS_STEP = 10  # of STEPS: an arrow key moves by one percent
NUMBER_WIDTH = 88
SLIDER_HEIGHT = 26
NARROW = 180
EXPLAINED = later(
    "An answer below this confidence is given as 'None of these' wherever this adapter predicts: "
    "here, in exports, on the command line. 0% turns it off. It can be changed at any time, without "
    "training again."
)


def below() -> str:
    """Return what the threshold does, as a heading."""
    return tr("'{none_of_these}' below", none_of_these=tr(NONE_OF_THESE))


def kept_lines(now: RejectResult) -> list[str]:
    """Return the effect of a threshold in short lines."""
    if now.accuracy is None:
        return [tr("Keeps none of {n} measured", "Keeps none of {n} measured", now.n)]
    percent, right = number_format.percent(now.coverage), number_format.percent(now.accuracy.percent)
    return [
        tr("Keeps {percent} of {n} measured", "Keeps {percent} of {n} measured", now.n, percent=percent),
        tr("{percent} of those right", percent=right),
        tr("95% interval {interval}", interval=number_format.interval(now.accuracy.low, now.accuracy.high)),
    ]


def kept_words(now: RejectResult, before: Accuracy | None) -> str:
    """Return the effect of a threshold as a sentence."""
    text = f"{', '.join(kept_lines(now))}."
    if before is None or now.kept in {0, now.n}:
        return text
    plain = tr("Without a threshold: {percent}.", percent=number_format.percent(before.percent))
    return f"{text} {plain}"


class RejectControl(QWidget):
    """The slider with its number, its effect, and a suggestion.

    Signals:
        moved: The threshold while it is dragged, 0 to 1.
        settled: The threshold to save, a moment after the user's last change.
    """

    moved = Signal(float)
    settled = Signal(float)

    def __init__(self, parent: QWidget | None = None, *, narrow: bool = False) -> None:
        super().__init__(parent)
        self.curve: RejectCurve | None = None
        self._narrow = narrow
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setSingleStep(KEYS_STEP)
        self.slider.setPageStep(5 * KEYS_STEP)
        self.slider.setMinimumHeight(SLIDER_HEIGHT)
        self.slider.setAccessibleName(below())
        self.slider.setToolTip(tr(EXPLAINED))
        self.number = QDoubleSpinBox()
        self.number.setRange(0, 100)
        self.number.setDecimals(1)
        self.number.setSingleStep(1)
        self.number.setSuffix(number_format.whole_percent(0)[1:])
        self.number.setSpecialValueText(tr("off"))
        self.number.setKeyboardTracking(False)  # emit no values while a number is being typed
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.number.setAccessibleName(below())
        self.number.setToolTip(tr(EXPLAINED))
        self.target = QComboBox()
        for percent in TARGETS:
            self.target.addItem(tr("{percent} right", percent=number_format.whole_percent(percent / 100)), percent)
        self.target.setCurrentIndex(TARGETS.index(USUAL_TARGET))
        self.target.setAccessibleName(tr("Keep at least"))
        icon_name = "" if narrow else "search"
        tip = tr("The lowest threshold that keeps this share right")
        self.suggest_button = button(tr("Suggest"), icon_name, tip=tip)
        self.words = hint("")
        self._timer = single_shot(self, COMMIT_MS, self._settle)
        self.slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(lambda percent: self._slid(round(percent / 100 * STEPS)))
        self.suggest_button.clicked.connect(self.suggest)
        first = in_row((self.slider, 1), self.number, spacing=8)
        title = () if narrow else (QLabel(tr("Keep at least")),)
        second = in_row(*title, self.target, self.suggest_button, None, spacing=8)
        in_column(first, self.words, second, inside=self, margins=(0, 0, 0, 0), spacing=6)

    @property
    def reject(self) -> float:
        """The threshold shown, 0 to 1."""
        return self.slider.value() / STEPS

    @property
    def pending(self) -> bool:
        """Whether the user changed it and it is not saved yet."""
        return self._timer.isActive() or self.slider.isSliderDown()

    def show_answers(self, answers: ConfidenceHistogram | None) -> None:
        """Measure on other answers, or on none."""
        self.curve = None if answers is None else RejectCurve(answers)
        self.suggest_button.setEnabled(self.curve is not None)
        self.target.setEnabled(self.curve is not None)
        self._tell()

    def show_reject(self, reject: float) -> None:
        """Show a saved threshold."""
        self._timer.stop()
        self._put(round(reject * STEPS))

    def suggest(self) -> None:
        """Set the lowest threshold that keeps the wanted share right."""
        if self.curve is None:
            return
        percent = int(self.target.currentData())
        share = number_format.whole_percent(percent / 100)
        found = self.curve.suggest(percent)
        if found is None:
            none = tr("No threshold keeps {percent} right on these images.", percent=share)
            self._say(f"{none} {self._sentence()}")
            return
        self.slider.setValue(round(found * STEPS))
        if found == 0:
            without = tr("{percent} are right without a threshold.", percent=share)
            self._say(f"{without} {self._sentence()}")

    def commit(self) -> None:
        """Save a changed threshold at once."""
        if self._timer.isActive():
            self._timer.stop()
            self._settle()

    # ------------------------------------------------------------------ changes

    def _put(self, step: int) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.number):
            self.slider.setValue(step)
            self.number.setValue(100 * step / STEPS)
        self._tell()

    def _slid(self, step: int) -> None:
        self._put(step)
        self._timer.start()
        self.moved.emit(self.reject)

    def _settle(self) -> None:
        if self.slider.isSliderDown():
            self._timer.start()
            return
        self.settled.emit(self.reject)

    def _sentence(self) -> str:
        if self.curve is None:
            return tr("Not measured")
        return kept_words(self.curve.at(self.reject), self.curve.at(0).accuracy)

    def _tell(self) -> None:
        words = sentence = self._sentence()
        if self._narrow and self.curve is not None:  # always three lines, so that nothing moves
            words = "\n".join([*kept_lines(self.curve.at(self.reject)), "", ""][:3])
        self._say(words, sentence)

    def _say(self, words: str, sentence: str = "") -> None:
        self.words.setText(words)
        self.words.setToolTip(sentence or words)
        self.slider.setAccessibleDescription(sentence or words)
        self._fit_words()

    def _fit_words(self) -> None:
        if self._narrow:  # beside a long list wrapped text would be cut off
            width = max(self.words.width(), NARROW)
            self.words.setMinimumHeight(self.words.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()
