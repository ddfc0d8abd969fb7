"""Backbones outside the picker's table, looked up in open_clip."""

from __future__ import annotations

from PySide6.QtCore import QObject

from mma_desktop.engine.backbones.backbone_table import BackboneSpec
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.other_backbone import OtherBackboneDialog, look_up_backbone
from mma_desktop.ui.experiments.backbone_picker import BackbonePicker


class OtherBackbones(QObject):
    """Opens the dialog for another model, and looks up the backbone of a project or run.

    Args:
        picker: Where backbones are chosen; the parent.
        controller: Asks the engine.
    """

    def __init__(self, picker: BackbonePicker, controller: Controller) -> None:
        super().__init__(picker)
        self._picker = picker
        self._controller = controller
        self.dialog: OtherBackboneDialog | None = None
        picker.other_requested.connect(self._open)
        picker.unknown.connect(self._ask)

    def _open(self) -> None:
        self.dialog = OtherBackboneDialog(self._controller, self._picker.window())
        self.dialog.chosen.connect(self._chosen)
        self.dialog.open()

    def _chosen(self, spec: BackboneSpec, local: bool) -> None:
        self._picker.add(spec, local)
        self._picker.choose(spec.id)
        self._picker.combo.setFocus()

    def _ask(self, backbone_id: str) -> None:
        look_up_backbone(self._controller.bridge, backbone_id, lambda found: self._picker.add(*found), self._missing)

    def _missing(self, why: str) -> None:
        if self._picker.spec is None:
            self._picker.set_idle(why)
