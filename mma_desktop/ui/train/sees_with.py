"""What the program sees with: the project's image model, chosen in a dialog, with what it costs and a way back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import STARTER_ID
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.backbone_picker import BackbonePicker
from mma_desktop.ui.widgets.controls import button, close_button, fill_dialog
from mma_desktop.ui.widgets.text_labels import hint


class SeesWithDialog(QDialog):
    """The image model of the open project: each is loaded at once, or after its download was agreed to."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.picker = BackbonePicker(controller.bridge)
        words = hint(
            tr(
                "Labels stay. Every picture is looked at anew with another one, and what was looked at before is kept: "
                "going back takes no time."
            )
        )
        self.back_button = button(tr("Back to the starter"), "undo", clicked=self._back)
        buttons = (self.back_button, None, close_button(self))
        fill_dialog(self, words, self.picker, title=tr("What the program sees with"), buttons=buttons)
        self.setMinimumWidth(520)
        self.picker.picked.connect(self.choose)
        self.picker.weights_picked.connect(self._choose_file)
        controller.engine_changed.connect(self._show)
        controller.opened.connect(self.reject)
        self._show()
        self.picker.refresh()

    def _show(self) -> None:
        context, controller = self._controller.context, self._controller
        if context is None:
            return
        if not self.picker.is_undecided:
            self.picker.show_backbone(context.backbone_id, context.weights_file)
        loads = controller.preparing is not None
        notes = " ".join(controller.engine_notes)
        self.picker.show_message(tr("Loading") if loads else controller.engine_trouble or notes)
        self.back_button.setEnabled(context.backbone_id != STARTER_ID)

    def choose(self, backbone_id: str) -> None:
        """Make it the project's and load it."""
        self._controller.set_project_setting("weights_file", "")
        self._controller.set_project_setting("backbone", backbone_id)
        self._controller.prepare(backbone_id)

    def _choose_file(self, backbone_id: str, path: Path) -> None:
        self._controller.set_project_setting("weights_file", str(path))
        self._controller.prepare(backbone_id, weights_file=path)

    def _back(self) -> None:
        self.picker.show_backbone(STARTER_ID)
        self.choose(STARTER_ID)
