"""Dialog for the name and place of a new project."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from mma_desktop.core.class_names import listed
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import expanded
from mma_desktop.services.project_factory import SUFFIX, free_project_folder
from mma_desktop.ui.base.dropped_pictures import Incoming
from mma_desktop.ui.widgets.controls import SPACE, button, cancel_button, fill_dialog, hint, in_form
from mma_desktop.ui.widgets.text_format import as_title
from mma_desktop.ui.widgets.windows import ask_folder

FORBIDDEN = '<>:"/\\|?*'


class NewProjectDialog(QDialog):
    """Asks for name and place.

    Args:
        name: The suggested name.
        place: The suggested parent folder.
        dropped: What is imported afterwards; only shown.

    Signals:
        chosen: The folder of the new project (Path), what to import (the given list), and the folder of each class as
            far as it is known by then (mapping or None).
    """

    chosen = Signal(object, list, object)

    def __init__(
        self, name: str, place: Path, dropped: Sequence[Path | Incoming] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._dropped = list(dropped)
        self.name = QLineEdit(free_project_folder(place, name).name.removesuffix(SUFFIX))
        self.name.selectAll()
        self.place = QLineEdit(str(place))
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self._note = hint("")
        self._classes: Mapping[str, Path] | None = None
        self.use_names = QCheckBox(tr("&Use folder names as classes and labels"))
        self.use_names.setChecked(True)
        self.use_names.hide()
        self._names = hint("")
        self._names.hide()
        self.create_button = button(tr("Create project"), primary=True, clicked=self._create)
        self._lay_out()
        self.name.textChanged.connect(self._check)
        self.place.textChanged.connect(self._check)
        self._check()

    def _lay_out(self) -> None:
        fill_dialog(
            self,
            hint(self._introduction()),
            in_form((tr("&Name"), self.name), (tr("&Folder"), (self.place, self.browse))),
            self._note,
            self.use_names,
            self._names,
            None,
            title=as_title(tr("&New project…")),
            buttons=(None, cancel_button(self), self.create_button),
            spacing=2 * SPACE,
        )
        self._note.setMinimumHeight(2 * self._note.fontMetrics().height())
        self.setMinimumWidth(560)
        self.name.setFocus()

    def show_classes(self, classes: Mapping[str, Path]) -> None:
        """Offer the names of class folders as classes; none if what was dropped has no such folders."""
        self._classes = classes
        self.use_names.setVisible(bool(classes))
        self._names.setVisible(bool(classes))
        counted = tr("{n} class folder found", "{n} class folders found", len(classes))
        self._names.setText(f"{counted}: {listed(list(classes))}")
        self.adjustSize()

    def _introduction(self) -> str:
        parts = [tr("A project is a folder that holds your labels and what was learned from them.")]
        count = len(self._dropped)
        if any(isinstance(one, Incoming) for one in self._dropped):
            parts.append(tr("The picture is kept in it, too.", "The {n} pictures are kept in it, too.", count))
            return " ".join(parts)
        parts.append(tr("Pictures stay where they are."))
        if count:
            names = listed([one.name for one in self._dropped])
            parts.append(tr("{files} will be imported.", files=names))
        return " ".join(parts)

    @property
    def folder(self) -> Path:
        return expanded(self.place.text().strip()) / f"{self.name.text().strip()}{SUFFIX}"

    def _trouble(self) -> str:
        name = self.name.text().strip()
        if any(ord(letter) < 32 for letter in name):
            return tr("Type a name without tabs and other control characters.")
        if not name or set(name) & set(FORBIDDEN) or name.strip(". ") != name:
            letters = " ".join(FORBIDDEN)
            return tr("Type a name without {letters} and without a dot at either end.", letters=letters)
        place = self.place.text().strip()
        if not place or not expanded(place).is_absolute():
            return tr("Choose a folder.")
        if os.path.lexists(self.folder):
            return tr("{file} already exists. Choose another name.", file=self.folder.name)
        return ""

    def _check(self) -> None:
        trouble = self._trouble()
        self._note.setText(trouble or tr("Writes {path}", path=self.folder))
        self.create_button.setEnabled(not trouble)

    def _browse(self) -> None:
        ask_folder(self, tr("Choose a folder"), self.place.text(), self.place.setText)

    def _create(self) -> None:
        if not self._trouble():
            folder, named = self.folder, self.use_names.isChecked()
            self.accept()
            self.chosen.emit(folder, self._dropped, self._classes if named or self._classes is None else {})
