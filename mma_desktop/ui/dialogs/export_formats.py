"""Dialogs for an export: its format, its options, and where to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import expanded
from mma_desktop.engine.export.model_formats import MODEL_FORMATS, default_format
from mma_desktop.services.formats.dataset import Format, Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.kinds import csv_table
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
    none: bool


class _TargetDialog(QDialog):
    """Asks for a format, and the name and folder of the new file or folder.

    The formats in `format` have a suffix and say in `about` what they are for.
    """

    def __init__(self, name: str, folder: Path, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.format = QComboBox()
        self.about = hint("")
        self.name = QLineEdit(name)
        self.folder = QLineEdit(str(folder))
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self._note = hint("")
        self.export_button = button(tr("Export"), primary=True, clicked=self._export)

    def _lay_out(self, title: str, *options: tuple[str, QWidget]) -> None:
        form = in_form(
            (tr("F&ormat"), self.format),
            ("", self.about),
            *options,
            (tr("&Name"), self.name),
            (tr("&Folder"), (self.folder, self.browse)),
        )
        fill_dialog(
            self,
            form,
            self._note,
            None,
            title=title,
            buttons=(None, cancel_button(self), self.export_button),
            spacing=2 * SPACE,
        )
        self.about.setMinimumHeight(3 * self.about.fontMetrics().height())
        self._note.setMinimumHeight(2 * self._note.fontMetrics().height())
        self.setMinimumWidth(600)
        self.format.currentIndexChanged.connect(self._show_format)
        self.name.textChanged.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self._show_format()
        pad_popups(self)

    def _show_format(self) -> None:
        self.about.setText(tr(self.format.currentData().about))
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
        raise NotImplementedError


class ExportModelDialog(_TargetDialog):
    """Asks how to write a whole classifier. A format that this installation cannot write is disabled, with the reason.

    Args:
        name: The initial name of the file.
        folder: The initial folder.

    Signals:
        chosen: The format's id, and the file (str, Path).
    """

    chosen = Signal(str, object)

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(name, folder, parent)
        reasons = []
        for one in MODEL_FORMATS:
            self.format.addItem(one.title, one)
            if reason := one.missing():
                at = self.format.count() - 1
                self.format.setItemData(at, 0, Qt.ItemDataRole.UserRole - 1)  # the flags of the item: none
                self.format.setItemData(at, reason, Qt.ItemDataRole.ToolTipRole)
                reasons.append(reason)
        self.format.setCurrentText(default_format().title)
        self.missing = hint("\n".join(reasons))
        self.missing.setVisible(bool(reasons))
        self._lay_out(tr("Model for other programs"), ("", self.missing))

    def _export(self) -> None:
        form, out = self.format.currentData().id, self.out
        self.accept()
        self.chosen.emit(form, out)


class ExportFormatsDialog(_TargetDialog):
    """Asks for format and path.

    Args:
        name: The initial name of the file or folder.
        folder: The initial folder.
        with_none: Whether a picture is labelled "None of these".

    Signals:
        chosen: (ExportWish)
    """

    chosen = Signal(object)

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None, *, with_none: bool = False) -> None:
        super().__init__(name, folder, parent)
        for one in FORMATS:
            if one.write is not None:
                self.format.addItem(tr(one.title), one)
        self.format.setCurrentIndex(self.format.findText(tr(csv_table.FORMAT.title)))
        self.images = QComboBox()
        self.splits = QComboBox()
        for splits, text in SPLITS.items():
            self.splits.addItem(tr(text), splits)
        self.unlabelled = QCheckBox(tr("&Unlabelled pictures too"))
        # Not translated: so it is called in the export, which is for programs of any language.
        self.none = QCheckBox(tr("Pictures of none of your classes too, as a class '{name}'", name=NONE_OF_THESE))
        self.none.setChecked(True)
        self.none.setVisible(with_none)
        self._lay_out(
            tr("Labels and pictures"),
            (tr("&Pictures"), self.images),
            (tr("&Splits"), self.splits),
            ("", self.unlabelled),
            *([("", self.none)] if with_none else []),
        )

    def _show_format(self) -> None:
        chosen: Format = self.format.currentData()
        self.images.clear()
        for one in chosen.images:
            self.images.addItem(tr(IMAGES[one]), one)
        self.images.setEnabled(len(chosen.images) > 1)
        self.unlabelled.setEnabled(chosen.unlabelled)
        super()._show_format()

    def _export(self) -> None:
        wish = ExportWish(
            self.format.currentData(),
            self.out,
            Images(self.images.currentData()),  # Qt returns a string enumeration as a plain string
            Splits(self.splits.currentData()),
            not (self.unlabelled.isEnabled() and self.unlabelled.isChecked()),
            self.none.isChecked(),
        )
        self.accept()
        self.chosen.emit(wish)
