"""Window geometry, splitter positions, and table columns."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QWidget

from mma_desktop.core.settings import Settings

WINDOW = "window"
TOUCHED = "touched"
"""Property of a self-fitting table header: whether the user changed it, now or in an earlier session."""


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


class WindowState:
    """Saves in the settings the geometry of a window and the state of its named splitters and table headers."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window = window
        self._settings = settings

    def restore(self) -> None:
        saved = self._settings.window_state(WINDOW)
        if saved:
            self._window.restoreGeometry(_bytes(saved))

    def restore_splitters(self, inside: QWidget) -> None:
        for header in inside.findChildren(QHeaderView):
            saved = self._settings.window_state(f"columns/{header.objectName()}")
            if header.objectName() and saved and header.restoreState(_bytes(saved)):
                header.setProperty(TOUCHED, True)
        for splitter in inside.findChildren(QSplitter):
            saved = self._settings.window_state(f"splitter/{splitter.objectName()}")
            if splitter.objectName() and saved:
                splitter.restoreState(_bytes(saved))

    def save(self) -> None:
        states = {WINDOW: _text(self._window.saveGeometry())}
        for splitter in self._window.findChildren(QSplitter):
            if splitter.objectName():
                states[f"splitter/{splitter.objectName()}"] = _text(splitter.saveState())
        for header in self._window.findChildren(QHeaderView):
            if header.objectName() and header.property(TOUCHED):
                states[f"columns/{header.objectName()}"] = _text(header.saveState())
        self._settings.set_window_states(states)
