"""Dialog for importing a folder of class folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QRadioButton,
    QWidget,
)

from mma_desktop.core.events import left_out_sentence
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.media.scan import FileList
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.widgets.controls import (
    SPACE,
    button,
    cancel_button,
    fill_dialog,
    heading,
    hint,
    say,
)


class ImportFoldersDialog(QDialog):
    chosen = Signal(list, object, object)  # dropped paths, classes or None, `FileList` or None while it is counted

    def __init__(self, dropped: Sequence[Path], classes: Mapping[str, Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import class folders"))
        self._dropped = list(dropped)
        self._classes = dict(classes)
        self._files: FileList | None = None
        self.table = CellTable(tr("Classes"))
        self.table.setSelectionMode(CellTable.SelectionMode.NoSelection)
        self._show_counts(None)
        self.use_names = QRadioButton(tr("&Use folder names as classes and labels"))
        self.only_pictures = QRadioButton(tr("&Only import the pictures"))
        what = QButtonGroup(self)
        for choice in (self.use_names, self.only_pictures):
            what.addButton(choice)
        self.use_names.setChecked(True)
        self.left_out = hint("")
        self.left_out.hide()
        self.import_button = button(tr("Import"), primary=True, clicked=self._import)
        self._lay_out()

    def _show_counts(self, counts: Mapping[str, int] | None) -> None:
        heads = [Head(tr("Class")), Head(tr("Pictures"), "", True)]
        texts = ((name, "…" if counts is None else number(counts.get(name, 0))) for name in self._classes)
        rows = [[TableCell(one_line(name)), TableCell(count, 0)] for name, count in texts]
        self.table.show_cells(heads, rows, sorts=False)

    def _lay_out(self) -> None:
        fill_dialog(
            self,
            heading(tr("{n} class folder found", "{n} class folders found", len(self._classes)), 2),
            (self.table, 1),
            self.left_out,
            self.use_names,
            self.only_pictures,
            SPACE,
            buttons=(None, cancel_button(self), self.import_button),
        )
        self.resize(620, 640)
        self.import_button.setFocus()

    def show_files(self, files: FileList) -> None:
        """Show the number of files per class folder; exactly these are imported, without another walk."""
        self._files = files
        self._show_counts(files.per_class)
        say(self.left_out, left_out_sentence(files.left_out))
        total = sum(files.per_class.values())
        self.import_button.setText(tr("Import {n} picture", "Import {n} pictures", total))

    def _import(self) -> None:
        named = self.use_names.isChecked()
        self.accept()
        self.chosen.emit(self._dropped, self._classes if named else None, self._files)
