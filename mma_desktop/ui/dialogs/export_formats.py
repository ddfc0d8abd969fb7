"""Dialog for the export format of a project and its options."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import expanded
from mma_desktop.services.formats.dataset import Format, Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.ui.widgets.controls import SPACE, button, cancel_button, fill_dialog, hint, in_form, pad_popups
from mma_desktop.ui.widgets.windows import ask_folder

IMAGES = {
    Images.COPY: later("Copied"),
    Images.LINK: later("As hard links: no space, but an edit of one edits both"),
    Images.NONE: later("Not: only where they are is written"),
}
SPLITS = {
    Splits.MARKED: later("As marked on the labels"),
    Splits.ALL: later("All labels, as a training divides them"),
    Splits.NONE: later("None"),
}


@dataclass(frozen=True)
class ExportWish:
    """What to write, and where."""

    format: Format
    out: Path
    images: Images
    splits: Splits
    labelled_only: bool


class ExportFormatsDialog(QDialog):
    """Asks for format and path.

    Args:
        name: The initial name of the file or folder.
        folder: The initial folder.

    Signals:
        chosen: (ExportWish)
    """

    chosen = Signal(object)

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.format = QComboBox()
        for one in FORMATS:
            if one.write is not None:
                self.format.addItem(tr(one.title), one)
        self.about = hint("")
        self.images = QComboBox()
        self.splits = QComboBox()
        for splits, text in SPLITS.items():
            self.splits.addItem(tr(text), splits)
        self.unlabelled = QCheckBox(tr("&Unlabelled pictures too"))
        self.name = QLineEdit(name)
        self.folder = QLineEdit(str(folder))
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self._note = hint("")
        self.export_button = button(tr("Export"), primary=True, clicked=self._export)
        self._lay_out()
        self.format.currentIndexChanged.connect(self._show_format)
        self.name.textChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self._show_format()
        pad_popups(self)

    def _lay_out(self) -> None:
        form = in_form(
            (tr("F&ormat"), self.format),
            ("", self.about),
            (tr("&Pictures"), self.images),
            (tr("&Splits"), self.splits),
            ("", self.unlabelled),
            (tr("&Name"), self.name),
            (tr("&Folder"), (self.folder, self.browse)),
        )
        fill_dialog(
            self,
            form,
            self._note,
            None,
            title=tr("Export for another tool"),
            buttons=(None, cancel_button(self), self.export_button),
            spacing=2 * SPACE,
        )
        self.about.setMinimumHeight(3 * self.about.fontMetrics().height())
        self._note.setMinimumHeight(2 * self._note.fontMetrics().height())
        self.setMinimumWidth(600)

    def _show_format(self) -> None:
        chosen: Format = self.format.currentData()
        self.about.setText(tr(chosen.about))
        self.images.clear()
        for one in chosen.images:
            self.images.addItem(tr(IMAGES[one]), one)
        self.images.setEnabled(len(chosen.images) > 1)
        self.unlabelled.setEnabled(chosen.unlabelled)
        self._check()

    @property
    def out(self) -> Path:
        suffix = self.format.currentData().suffix
        name = self.name.text().strip()
        return expanded(self.folder.text().strip()) / (name if name.endswith(suffix) else f"{name}{suffix}")

    def _check(self) -> None:
        name = self.name.text().strip()
        trouble = ""
        if not name or name.strip(".") != name or "/" in name or "\\" in name:
            trouble = tr("Type a name without {letters} and without a dot at either end.", letters="/ \\")
        elif not self.out.is_absolute():
            trouble = tr("Choose a folder.")
        elif os.path.lexists(self.out):
            trouble = tr("{file} already exists. Choose another name.", file=self.out.name)
        self._note.setText(trouble or tr("Writes {path}", path=self.out))
        self.export_button.setEnabled(not trouble)

    def _browse(self) -> None:
        ask_folder(self, tr("Choose a folder"), self.folder.text().strip(), self.folder.setText)

    def _export(self) -> None:
        wish = ExportWish(
            self.format.currentData(),
            self.out,
            Images(self.images.currentData()),  # Qt returns a string enumeration as a plain string
            Splits(self.splits.currentData()),
            not (self.unlabelled.isEnabled() and self.unlabelled.isChecked()),
        )
        self.accept()
        self.chosen.emit(wish)
