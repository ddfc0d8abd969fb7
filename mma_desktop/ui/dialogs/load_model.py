"""Dialog for a model that was trained elsewhere: its file, or its address on the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import expanded
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint, in_row
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.windows import ask_file, or_all_files

ADAPTER_SUFFIX = ".safetensors"
HUB = "hf://"
WORDS = later(
    "A file that this program or Python has exported, or hf://owner/name on the Hugging Face hub, from where it is "
    "downloaded. Classes that the project lacks are added."
)


class LoadModelDialog(QDialog):
    chosen = Signal(str)  # path or address

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = tr("Load a model")
        self.edit = line_edit("", title, placeholder=f"{HUB}owner/name")
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self.load_button = button(tr("Load"), primary=True, clicked=self._load)
        fill_dialog(
            self,
            hint(tr(WORDS)),
            in_row((self.edit, 1), self.browse),
            None,
            title=title,
            buttons=(None, cancel_button(self), self.load_button),
        )
        self.setMinimumWidth(520)
        self.edit.textChanged.connect(self._check)
        self._check()
        self.edit.setFocus()

    def _check(self, _text: str = "") -> None:
        self.load_button.setEnabled(bool(self.edit.text().strip()))

    def _browse(self) -> None:
        kinds = or_all_files(tr("Models"), [ADAPTER_SUFFIX])
        ask_file(self, self.windowTitle(), str(Path.home()), self.edit.setText, kinds)

    def _load(self) -> None:
        text = self.edit.text().strip()
        self.accept()
        self.chosen.emit(text if text.startswith(HUB) else str(expanded(text)))
