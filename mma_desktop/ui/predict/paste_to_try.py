"""Ctrl+V in a text field of the Predict page: a picture is tested, a text is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from mma_desktop.ui.base.dropped_pictures import clipboard_data


class PasteToTest(QObject):
    """Takes the key from a text field, which can make nothing of a picture.

    Args:
        field: The text field.
        paste: Tests what is on the clipboard.
    """

    def __init__(self, field: QLineEdit, paste: Callable[[], None]) -> None:
        super().__init__(field)
        self._paste = paste
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the clipboard when the key is pressed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            pasted = event.matches(QKeySequence.StandardKey.Paste)
            if pasted and is_picture(clipboard_data()):
                self._paste()
                return True
        return super().eventFilter(watched, event)


def is_picture(data: QMimeData) -> bool:
    """Whether a clipboard holds pixels and no text besides, or files."""
    if any(url.isLocalFile() for url in data.urls()):
        return True
    return data.hasImage() and not data.hasFormat("text/plain")
