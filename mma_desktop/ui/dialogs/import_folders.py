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
from mma_desktop.core.types import Role
from mma_desktop.media.scan import FileList
from mma_desktop.ui.widgets.controls import (
    SPACE,
    button,
    cancel_button,
    fill_dialog,
    heading,
    hint,
    in_column,
)
from mma_desktop.ui.widgets.number_format import role_word
from mma_desktop.ui.widgets.tables import fill_titles, plain, side


class ImportFoldersDialog(QDialog):
    """Offers folder names as classes and labels.

    Args:
        dropped: The dropped paths.
        classes: Class name to folder.
        roles: Whether some classes may be new; otherwise all are trained and roles are not mentioned.

    Signals:
        chosen: (dropped paths, classes or None, first half base: bool, `FileList` or None while it is counted).
    """

    chosen = Signal(list, object, bool, object)

    def __init__(
        self,
        dropped: Sequence[Path],
        classes: Mapping[str, Path],
        parent: QWidget | None = None,
        *,
        roles: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import class folders"))
        self._dropped = list(dropped)
        self._classes = dict(classes)
        self._files: FileList | None = None
        self.table = self._made_table()
        self.use_names = QRadioButton(tr("&Use folder names as classes and labels"))
        self.only_pictures = QRadioButton(tr("&Only import the pictures"))
        self.all_base = QRadioButton(tr("Train all classes"))
        self.half = QRadioButton(tr("Train the first half only"))
        self.half.setToolTip(tr("To measure base and new classes, as the paper does"))
        self.roles = QWidget()
        in_column(self.all_base, self.half, inside=self.roles, margins=(4 * SPACE, 0, 0, SPACE), spacing=2)
        self.roles.setVisible(roles)
        what = QButtonGroup(self)
        for one in (self.use_names, self.only_pictures):
            what.addButton(one)
        self.use_names.setChecked(True)
        self.all_base.setChecked(True)
        self.left_out = hint("")
        self.left_out.hide()
        self.import_button = button(tr("Import"), primary=True, clicked=self._import)
        self._lay_out()
        self.use_names.toggled.connect(self._show_roles)
        self.half.toggled.connect(self._show_roles)
        self._show_roles()
        self.table.setColumnHidden(2, not roles)

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(len(self._classes), 3)
        plain(table, tr("Classes"))
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in (1, 2):
            head.resizeSection(section, 120)
        fill_titles(table, (tr("Class"), tr("Pictures"), tr("Role")), numbers={1})
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
            self.roles,
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

    def _show_roles(self) -> None:
        named = self.use_names.isChecked()
        self.roles.setEnabled(named)
        base = (len(self._classes) + 1) // 2 if self.half.isChecked() else len(self._classes)
        cells = self.table.model()
        for row in range(len(self._classes)):
            cells.setData(cells.index(row, 2), role_word(Role.BASE if row < base else Role.NEW) if named else "")

    def _import(self) -> None:
        named = self.use_names.isChecked()
        self.accept()
        half = named and self.half.isChecked()
        self.chosen.emit(self._dropped, self._classes if named else None, half, self._files)
