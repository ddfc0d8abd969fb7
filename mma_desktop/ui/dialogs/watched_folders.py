"""Dialog for the folders that a project watches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.widgets.controls import button, close_button, fill_dialog, hint, say
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.windows import ask_folder


class WatchedFoldersDialog(QDialog):
    wanted = Signal(object)  # Path to watch, too
    unwanted = Signal(object)  # Path to watch no more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Watched folders"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemSelectionChanged.connect(self._tell_selection)
        self.note = hint("")
        self.add_button = button(tr("Add folder…"), "add", clicked=self.choose)
        self.remove_button = button(
            tr("Remove"), "close", tip=tr("Do not watch this folder any more; its pictures stay in the project")
        )
        self.close_button = close_button(self)
        self.remove_button.clicked.connect(self._remove)
        fill_dialog(
            self,
            hint(tr("Pictures that come into these folders, or folders inside them, are imported and predicted.")),
            (self.list, 1),
            self.note,
            title=tr("Watched folders"),
            buttons=(self.add_button, self.remove_button, None, self.close_button),
        )
        self.resize(620, 360)
        self.note.hide()
        self._tell_selection()

    def show_folders(self, folders: Sequence[Path], missing: Collection[Path]) -> None:
        chosen = self._chosen()
        self.list.clear()
        for folder in folders:
            gone = folder in missing
            name = one_line(str(folder))
            item = QListWidgetItem(tr("{name} (missing)", name=name) if gone else name, self.list)
            item.setIcon(icon("warning" if gone else "folder"))
            item.setToolTip(name)
            item.setData(Qt.ItemDataRole.UserRole, folder)
            if folder == chosen:
                self.list.setCurrentItem(item)
        self._tell_selection()

    def say(self, sentence: str) -> None:
        """Show why a folder was not added; empty to show nothing."""
        say(self.note, sentence)

    def choose(self) -> None:
        self.say("")
        ask_folder(self, tr("Choose a folder"), str(Path.home()), lambda folder: self.wanted.emit(Path(folder)))

    def _chosen(self) -> Path | None:
        items = self.list.selectedItems()
        return items[0].data(Qt.ItemDataRole.UserRole) if items else None

    def _remove(self) -> None:
        if (folder := self._chosen()) is not None:
            self.unwanted.emit(folder)

    def _tell_selection(self) -> None:
        self.remove_button.setEnabled(self._chosen() is not None)
