"""Dialog for importing a folder of class folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHeaderView,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mma_desktop.core.events import left_out_sentence
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.media.scan import FileList
from mma_desktop.ui.widgets.controls import (
    SPACE,
    button,
    cancel_button,
    fill_dialog,
    heading,
    hint,
)
from mma_desktop.ui.widgets.tables import fill_titles, plain, side


class ImportFoldersDialog(QDialog):
    """Offers folder names as classes and labels.

    Args:
        dropped: The dropped paths.
        classes: Class name to folder.

    Signals:
        chosen: (dropped paths, classes or None, `FileList` or None while it is counted).
    """

    chosen = Signal(list, object, object)

    def __init__(self, dropped: Sequence[Path], classes: Mapping[str, Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import class folders"))
        self._dropped = list(dropped)
        self._classes = dict(classes)
        self._files: FileList | None = None
        self.table = self._made_table()
        self.use_names = QRadioButton(tr("&Use folder names as classes and labels"))
        self.only_pictures = QRadioButton(tr("&Only import the pictures"))
        what = QButtonGroup(self)
        for one in (self.use_names, self.only_pictures):
            what.addButton(one)
        self.use_names.setChecked(True)
        self.left_out = hint("")
        self.left_out.hide()
        self.import_button = button(tr("Import"), primary=True, clicked=self._import)
        self._lay_out()

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(len(self._classes), 2)
        plain(table, tr("Classes"))
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, 120)
        fill_titles(table, (tr("Class"), tr("Pictures")), numbers={1})
        for row, name in enumerate(self._classes):
            count = QTableWidgetItem("…")
            count.setTextAlignment(side(True))
            table.setItem(row, 0, QTableWidgetItem(one_line(name)))
            table.setItem(row, 1, count)
        return table

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
        counts = files.per_class
        cells = self.table.model()
        for row, name in enumerate(self._classes):
            cells.setData(cells.index(row, 1), number(counts.get(name, 0)))
        self.left_out.setText(left_out_sentence(files.left_out))
        self.left_out.setVisible(bool(files.left_out))
        total = sum(counts.values())
        self.import_button.setText(tr("Import {n} picture", "Import {n} pictures", total))

    def _import(self) -> None:
        named = self.use_names.isChecked()
        self.accept()
        self.chosen.emit(self._dropped, self._classes if named else None, self._files)
