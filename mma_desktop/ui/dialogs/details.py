"""Dialog for a list of messages too long for a message bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QListWidget, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.ui.widgets.controls import button, close_button, fill_dialog, hint


class DetailsDialog(QDialog):
    """Shows a list of sentences under a heading, to read or copy."""

    def __init__(self, title: str, text: str, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAlternatingRowColors(True)
        shown = [one_line(line) for line in lines]
        self.list.addItems(shown)
        self.copy_button = button(
            tr("Copy"), "copy", clicked=lambda: QGuiApplication.clipboard().setText("\n".join(shown))
        )
        self.close_button = close_button(self)
        buttons = (self.copy_button, None, self.close_button)
        fill_dialog(self, hint(text), (self.list, 1), title=title, buttons=buttons)
        self.resize(720, 420)
