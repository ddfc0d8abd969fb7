"""How easily a prediction is "None of these", and what that means for the pictures at hand."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QSizePolicy, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.none_of_these import Strictness, strictness_of
from mma_desktop.services.training.overview import right_of, sentence
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.order_box import WideBox
from mma_desktop.ui.widgets.controls import heading, hint, in_column

CHOICES = (
    (Strictness.STRICT, later("Strict"), later("Rather none of these than a wrong name")),
    (Strictness.BALANCED, later("Balanced"), later("As few mistakes as possible")),
    (Strictness.OFF, later("Everything gets a name"), later("No picture is none of these")),
)


class NoneControl(QWidget):
    """The choice and its effect; hidden while the predictions cannot be "None of these"."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.choice = WideBox()
        # The words below are laid out as wide as the widest thing here wants to be, which may be wider than the panel.
        self.choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.choice.setAccessibleName(tr(NONE_OF_THESE))
        for strictness, title, _ in CHOICES:
            self.choice.addItem(tr(title), strictness)
        self.words = hint("")
        self.choice.activated.connect(self._chosen)
        in_column(heading(tr(NONE_OF_THESE), 3), self.choice, self.words, inside=self, margins=(0, 0, 0, 0), spacing=6)
        self.hide()

    def show_state(self, context: ProjectContext) -> None:
        """Show the choice of a project, and how good its predictions are with it."""
        guesses = context.guesses
        self.setVisible(guesses is not None and guesses.can_reject)
        if self.isHidden():
            return
        at = self.choice.findData(strictness_of(context))
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(at)
        self.choice.setToolTip(tr(CHOICES[at][2]))
        right = right_of(context)
        self.words.setText("" if right is None else sentence(right))
        self.choice.setAccessibleDescription(self.words.text())

    def _chosen(self, _row: int) -> None:
        self._controller.set_strictness(Strictness(self.choice.currentData()))
