"""Base of the dialogs that ask for the name and folder of something new."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import expanded
from mma_desktop.ui.widgets.controls import SPACE, Part, button, cancel_button, fill_dialog, hint, in_form
from mma_desktop.ui.widgets.windows import ask_folder

FORBIDDEN = '<>:"/\\|?*'


class PlaceDialog(QDialog):
    """Asks for a name and a folder, and says what is written, or what is wrong."""

    def __init__(self, name: str, folder: Path, go: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.name = QLineEdit(name)
        self.folder = QLineEdit(str(folder))
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self.note = hint("")
        self.note.setMinimumHeight(2 * self.note.fontMetrics().height())
        self.go_button = button(go, primary=True, clicked=self._go)

    def _rows(self, *above: tuple[str, QWidget]) -> QGridLayout:
        return in_form(*above, (tr("&Name"), self.name), (tr("&Folder"), (self.folder, self.browse)))

    def _fill(self, title: str, *parts: Part) -> None:
        buttons = (None, cancel_button(self), self.go_button)
        fill_dialog(self, *parts, None, title=title, buttons=buttons, spacing=2 * SPACE)
        self.name.textChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self._check()

    @property
    def suffix(self) -> str:
        """What the name ends with."""
        raise NotImplementedError

    @property
    def out(self) -> Path:
        """What is written: a file or folder that is not there yet."""
        return (
            expanded(self.folder.text().strip()) / f"{self.name.text().strip().removesuffix(self.suffix)}{self.suffix}"
        )

    def _trouble(self) -> str:
        name, folder = self.name.text().strip(), self.folder.text().strip()
        if any(ord(letter) < 32 for letter in name):
            return tr("Type a name without tabs and other control characters.")
        if not name or set(name) & set(FORBIDDEN) or name.strip(". ") != name:
            letters = " ".join(FORBIDDEN)
            return tr("Type a name without {letters} and without a dot at either end.", letters=letters)
        if not folder or not expanded(folder).is_absolute():
            return tr("Choose a folder.")
        if os.path.lexists(self.out):
            return tr("{file} already exists. Choose another name.", file=self.out.name)
        return ""

    def _check(self) -> None:
        trouble = self._trouble()
        self.note.setText(trouble or tr("Writes {path}", path=self.out))
        self.go_button.setEnabled(not trouble)

    def _browse(self) -> None:
        ask_folder(self, tr("Choose a folder"), self.folder.text().strip(), self.folder.setText)

    def _go(self) -> None:
        if not self._trouble():
            self.accept()
            self.answer()

    def answer(self) -> None:
        raise NotImplementedError
