"""Dialog that lists the backups of a project to restore one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import fill_titles, plain, side
from mma_desktop.ui.widgets.theme import tokens

if TYPE_CHECKING:
    from mma_desktop.store.backup.restoring import Backup
    from mma_desktop.store.backup.snapshots import BackupFile

COLUMNS = (later("Made"), later("Pictures"), later("Labelled"), later("Classes"), later("Size"), later("Remarks"))
ABOUT = later(
    "Pictures, labels, classes and trainings become what they were then. Nothing is deleted: the "
    "database that the project has now stays in its folder under another name. Your pictures are not "
    "touched."
)
LOOKING = later("looking")
_NUMBERS = range(1, 5)


def made_at(file: BackupFile) -> str:
    """Return the time of a backup in the user's locale."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(file.moment)), QLocale.FormatType.ShortFormat)


def reason(file: BackupFile) -> str:
    """Return why a backup was made, unless by the timer."""
    if file.tag.startswith("before-v"):
        return tr("before an update of the program")
    if file.tag == "before-restore":
        return tr("before restore")
    return one_line(file.tag.replace("-", " "))


class RestoreDialog(QDialog):
    """Lists backups; `show_backup` fills in the contents of each once known.

    Args:
        name: The project's name.
        files: Its backups, newest first.
        damaged: Whether the project could not be opened because its database is damaged or missing.

    Signals:
        chosen: Restore this backup (Backup).
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, files: Sequence[BackupFile], damaged: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = tr("Restore a backup of {project}", project=name)
        self.files = list(files)
        self._backups: dict[Path, Backup] = {}
        self._picked = False
        self._items: list[list[QTableWidgetItem]] = []
        self.table = self._made_table(title)
        self.restore_button = button(tr("Restore and open"), "undo", primary=True, clicked=self._restore)
        self.cancel_button = cancel_button(self)
        self.note = hint("")
        warning = [hint(tr("The database of this project is damaged or gone, and nothing was changed so far."))]
        fill_dialog(
            self,
            *(warning if damaged else []),
            hint(tr(ABOUT)),
            (self.table, 1),
            title=title,
            buttons=((self.note, 1), self.cancel_button, self.restore_button),
        )
        self.resize(760, 480)
        self.table.itemSelectionChanged.connect(self._picked_one)
        self.table.itemActivated.connect(self._restore)
        self._tell()
        (self.table if self.files else self.cancel_button).setFocus()

    def _made_table(self, title: str) -> QTableWidget:
        table = QTableWidget(len(self.files), len(COLUMNS))
        plain(table, title)
        fill_titles(table, [tr(title) for title in COLUMNS], _NUMBERS)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        for row, file in enumerate(self.files):
            self._items.append([])
            for column, text in enumerate((made_at(file), *("" for _ in _NUMBERS), tr(LOOKING))):
                item = QTableWidgetItem(text)
                item.setTextAlignment(side(column in _NUMBERS))
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setForeground(QColor(tokens().dim))
                table.setItem(row, column, item)
                self._items[row].append(item)
        return table

    # ------------------------------------------------------------------ display

    def show_backup(self, backup: Backup) -> None:
        """Show the contents of a backup; select the newest good one until the user selects another."""
        row = self.files.index(backup.file)
        self._backups[backup.file.path] = backup
        size = QLocale().formattedDataSize(backup.size, 1)
        counts = [number(count) for count in (backup.images, backup.labels, backup.classes)]
        numbers = ["", "", "", size] if backup.problem else [*counts, size]
        items = self._items[row]
        for item, text in zip(items[1:], (*numbers, backup.problem or reason(backup.file)), strict=True):
            item.setText(text)
        if backup.problem:
            items[-1].setIcon(icon("warning", "warn"))
        else:
            for item in items:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setData(Qt.ItemDataRole.ForegroundRole, None)
            if self._choice() is None or (not self._picked and row < self.table.currentRow()):
                self._select(row)
        self._tell()

    def _select(self, row: int) -> None:
        picked = self._picked
        self.table.setCurrentCell(row, 0)
        self._picked = picked

    def _picked_one(self) -> None:
        self._picked = True
        self._tell()

    def _choice(self) -> Backup | None:
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        found = next((self._backups.get(self.files[row].path) for row in rows), None)
        return found if found is not None and not found.problem else None

    def _tell(self) -> None:
        self.restore_button.setEnabled(self._choice() is not None)
        if not self.files:
            self.note.setText(tr("There is no backup of this project."))
        else:
            bad = len(self._backups) == len(self.files) and all(one.problem for one in self._backups.values())
            self.note.setText(tr("None of these backups can be restored.") if bad else "")

    def _restore(self) -> None:
        backup = self._choice()
        if backup is not None:
            self.accept()
            self.chosen.emit(backup)
