"""Backbones outside the picker's table, looked up in open_clip before they are loaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialog, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.engine.backbones.backbone_table import BackboneSpec, find_backbone
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.experiments.backbone_picker import BackbonePicker
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.windows import open_once

WORDS = later(
    "Any model of open_clip, such as ViT-L-14/laion2b_s32b_b82k. Type a part of the name to see those that have it. "
    "Nothing is downloaded before you ask for it."
)
LOOKING = later("Looking for it.")


def _names(_token: object) -> list[str]:
    from mma_desktop.engine.backbones.open_clip_names import all_ids

    return all_ids()


def look_up_backbone(
    bridge: Bridge,
    backbone_id: str,
    done: Callable[[tuple[BackboneSpec, bool]], None],
    failed: Callable[[str], None],
) -> None:
    """Look up a backbone, in the table or not, and whether it can be loaded without a download.

    `failed` is called with a sentence if this id does not exist.
    """

    def work(_token: object) -> tuple[BackboneSpec, bool]:
        from mma_desktop.engine.backbones.loading import is_local

        spec = find_backbone(backbone_id)
        return spec, is_local(spec)

    bridge.run(LaneName.ENGINE, "", work, done=done, failed=failed, quick=True)


class OtherBackboneDialog(QDialog):
    chosen = Signal(object, bool)  # BackboneSpec, whether its weights are on this computer

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        title = tr("Other open_clip model")
        self.edit = line_edit("", title, placeholder="MODEL/PRETRAINED")
        self.names = QStringListModel(self)
        self.completer = QCompleter(self.names, self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = self.completer.popup()
        if popup is not None:
            popup.setAccessibleName(title)
        self.edit.setCompleter(self.completer)
        self.state = hint("")
        self.use_button = button(tr("Choose"), "check", primary=True, clicked=self.use)
        fill_dialog(
            self,
            hint(tr(WORDS)),
            self.edit,
            self.state,
            None,
            title=title,
            buttons=(None, cancel_button(self), self.use_button),
        )
        self.resize(480, 240)
        self.edit.textChanged.connect(self._edited)
        self._edited()
        self.edit.setFocus()
        controller.bridge.run(LaneName.ENGINE, "", _names, done=self.names.setStringList, quick=True)

    def _edited(self, _text: str = "") -> None:
        self.use_button.setEnabled(bool(self.edit.text().strip()))
        self.state.setText("")

    def use(self) -> None:
        name = self.edit.text().strip()
        if name and self._controller.context is not None:
            self.use_button.setEnabled(False)
            self.state.setText(tr(LOOKING))
            look_up_backbone(self._controller.bridge, name, self._found, self._missing)

    def _found(self, found: tuple[BackboneSpec, bool]) -> None:
        if self.isVisible() and found[0].id == self.edit.text().strip():
            self.chosen.emit(*found)
            self.accept()

    def _missing(self, why: str) -> None:
        self.state.setText(why)
        self.use_button.setEnabled(True)
        self.edit.setFocus()


class OtherBackbones(QObject):
    """Opens the dialog for another model, and looks up the backbone of a project or run."""

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
        open_once(self.dialog)

    def _chosen(self, spec: BackboneSpec, local: bool) -> None:
        self._picker.add(spec, local)
        self._picker.choose(spec.id)
        self._picker.combo.setFocus()

    def _ask(self, backbone_id: str) -> None:
        look_up_backbone(self._controller.bridge, backbone_id, lambda found: self._picker.add(*found), self._missing)

    def _missing(self, why: str) -> None:
        if self._picker.spec is None:
            self._picker.set_idle(why)
