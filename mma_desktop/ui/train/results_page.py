"""The Results page: the model in use in front, everything about trainings behind Advanced."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.train.model_front import ModelFront
from mma_desktop.ui.train.train_page import TrainPage
from mma_desktop.ui.widgets.controls import button

STATE = "results/view"
ADVANCED = "advanced"


class ResultsPage(QStackedWidget):
    """Shows one of the two views, and the same one at the next start.

    Signals:
        go_to_label, go_to_predict: Show another page.
        confusion_clicked: Show images of one class that were predicted as another (true name, predicted name).
    """

    go_to_label = Signal()
    go_to_predict = Signal()
    confusion_clicked = Signal(str, str)

    def __init__(self, controller: Controller, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self.front = ModelFront(controller, self)
        self.advanced = TrainPage(controller, settings, self)
        self.back_button = button(tr("Check", "page"), "left")
        self.advanced.head.addWidget(self.back_button)
        QWidget.setTabOrder(self.advanced.export_button, self.back_button)
        self.addWidget(self.front)
        self.addWidget(self.advanced)
        for part in (self.front, self.advanced):
            part.go_to_predict.connect(self.go_to_predict)
        for matrix in (self.front, self.advanced.tabs.confusion):
            matrix.confusion_clicked.connect(self.confusion_clicked)
        self.front.label_button.clicked.connect(self.go_to_label)
        self.advanced.go_to_label.connect(self.go_to_label)
        for made in (self.front.advanced_button, self.front.start_button):
            made.clicked.connect(self.show_advanced)
        self.back_button.clicked.connect(self.show_front)
        if settings.window_state(STATE) == ADVANCED:
            self.show_advanced()

    @property
    def is_advanced(self) -> bool:
        return self.currentWidget() is self.advanced

    @property
    def shown_run(self) -> RunRecord | None:
        return self.advanced.shown_run if self.is_advanced else self.front.run

    def show_advanced(self) -> None:
        self._turn_to(self.advanced)

    def show_front(self) -> None:
        self._turn_to(self.front)
        self.front.advanced_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn_to(self, part: ModelFront | TrainPage) -> None:
        if part is self.currentWidget():
            return
        keyboard = self.focusWidget()
        if keyboard is not None:
            keyboard.clearFocus()  # otherwise Qt focuses the first widget; the view knows better
        if self._active:
            self._set_part_active(False)
        self.setCurrentWidget(part)
        if self._active:
            self._set_part_active(True)

    def _set_part_active(self, active: bool) -> None:
        (self.advanced if self.is_advanced else self.front).set_active(active)

    def set_active(self, active: bool) -> None:
        """React to the page being shown or hidden."""
        self._active = active
        self._set_part_active(active)

    def start(self) -> None:
        """Start a training with the settings in Advanced."""
        self.show_advanced()
        self.advanced.start()

    def view_state(self) -> dict[str, str]:
        """Return the state that the window restores at the next start."""
        return {STATE: ADVANCED if self.is_advanced else "front"}
