"""Where the window was, how big, and where its splitters stood."""

from __future__ import annotations

import logging

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from mma_desktop.domain import UserError
from mma_desktop.settings import Settings

log = logging.getLogger(__name__)
WINDOW = "window"


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


class WindowState:
    """Keeps the geometry of a window and of the named splitters in it in the settings."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window = window
        self._settings = settings

    def restore(self) -> None:
        """Put the window where it was."""
        saved = self._settings.window_state(WINDOW)
        if saved:
            self._window.restoreGeometry(_bytes(saved))

    def restore_splitters(self, inside: QWidget) -> None:
        """Put the splitters of a page where they were."""
        for splitter in inside.findChildren(QSplitter):
            saved = self._settings.window_state(f"splitter/{splitter.objectName()}")
            if splitter.objectName() and saved:
                splitter.restoreState(_bytes(saved))

    def save(self) -> None:
        """Keep it all; a folder that cannot be written costs the state and nothing else."""
        states = {WINDOW: _text(self._window.saveGeometry())}
        for splitter in self._window.findChildren(QSplitter):
            if splitter.objectName():
                states[f"splitter/{splitter.objectName()}"] = _text(splitter.saveState())
        try:
            self._settings.set_window_states(states)
        except UserError:
            log.exception("The window's state was not saved")
