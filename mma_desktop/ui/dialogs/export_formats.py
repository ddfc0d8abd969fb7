"""Dialogs for an export: its format, its options, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, tr
from mma_desktop.engine.export.model_formats import MODEL_FORMATS, default_format
from mma_desktop.services.formats.dataset import Format, Images
from mma_desktop.services.formats.exporting import Splits
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.ui.dialogs.place_dialog import PlaceDialog
from mma_desktop.ui.widgets.controls import hint, pad_popups
from mma_desktop.ui.widgets.fields import check_box, choice_box

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
    format: Format
    out: Path
    images: Images
    splits: Splits
    labelled_only: bool
    none: bool


class _TargetDialog(PlaceDialog):
    """Asks for one of the formats in `format`, too, which have a suffix and say in `about` what they are for."""

    def __init__(self, name: str, folder: Path, parent: QWidget | None) -> None:
        super().__init__(name, folder, tr("Export"), parent)
        self.format = QComboBox()
        self.about = hint("")

    def _lay_out(self, title: str, *options: tuple[str, QWidget]) -> None:
        self._fill(title, self._rows((tr("F&ormat"), self.format), ("", self.about), *options), self.note)
        self.about.setMinimumHeight(3 * self.about.fontMetrics().height())
        self.setMinimumWidth(600)
        self.format.currentIndexChanged.connect(self._show_format)
        self._show_format()
        pad_popups(self)

    def _show_format(self) -> None:
        self.about.setText(tr(self.format.currentData().about))
        self._check()

    @property
    def suffix(self) -> str:
        return str(self.format.currentData().suffix)


class ExportModelDialog(_TargetDialog):
    """Asks how to write a whole classifier. A format that cannot be written here is disabled, with the reason."""

    chosen = Signal(str, object)  # the format's id, and the file

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(name, folder, parent)
        reasons = []
        for form in MODEL_FORMATS:
            self.format.addItem(form.title, form)
            if reason := form.missing():
                at = self.format.count() - 1
                self.format.setItemData(at, 0, Qt.ItemDataRole.UserRole - 1)  # the flags of the item: none
                self.format.setItemData(at, reason, Qt.ItemDataRole.ToolTipRole)
                reasons.append(reason)
        self.format.setCurrentText(default_format().title)
        self.missing = hint("\n".join(reasons))
        self.missing.setVisible(bool(reasons))
        self._lay_out(tr("Model for other programs"), ("", self.missing))

    def answer(self) -> None:
        self.chosen.emit(self.format.currentData().id, self.out)


class ExportFormatsDialog(_TargetDialog):
    chosen = Signal(object)  # ExportWish

    def __init__(self, name: str, folder: Path, parent: QWidget | None = None, *, with_none: bool = False) -> None:
        super().__init__(name, folder, parent)
        for form in FORMATS:
            if form.write is not None:
                self.format.addItem(tr(form.title), form)
        self.format.setCurrentIndex(self.format.findText(tr(csv_table.FORMAT.title)))
        self.images = QComboBox()
        self.splits = choice_box((tr(text), splits) for splits, text in SPLITS.items())
        self.unlabelled = QCheckBox(tr("&Unlabelled pictures too"))
        # Not translated: so it is called in the export, which is for programs of any language.
        self.none = check_box(tr("Pictures of none of your classes too, as a class '{name}'", name=NONE_OF_THESE), True)
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
        for way in chosen.images:
            self.images.addItem(tr(IMAGES[way]), way)
        self.images.setEnabled(len(chosen.images) > 1)
        self.unlabelled.setEnabled(chosen.unlabelled)
        super()._show_format()

    def answer(self) -> None:
        wish = ExportWish(
            self.format.currentData(),
            self.out,
            Images(self.images.currentData()),  # Qt returns a string enumeration as a plain string
            Splits(self.splits.currentData()),
            not (self.unlabelled.isEnabled() and self.unlabelled.isChecked()),
            self.none.isChecked(),
        )
        self.chosen.emit(wish)
