"""Ctrl+V in a text field of the Use page: an image is tested, text is pasted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from mma_desktop.ui.base.dropped_pictures import clipboard_data


class PasteToTest(QObject):
    """Handles the paste shortcut of a text field if the clipboard holds an image.

    Args:
        field: The text field.
        paste: Tests the clipboard's image.
    """

    def __init__(self, field: QLineEdit, paste: Callable[[], None]) -> None:
        super().__init__(field)
        self._paste = paste
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            pasted = event.matches(QKeySequence.StandardKey.Paste)
            if pasted and is_picture(clipboard_data()):
                self._paste()
                return True
        return super().eventFilter(watched, event)


def is_picture(data: QMimeData) -> bool:
    """Return whether a clipboard holds files, or pixels and no text."""
    if any(url.isLocalFile() for url in data.urls()):
        return True
    return data.hasImage() and not data.hasFormat("text/plain")
