"""Where the window was, how big, where its splitters stood, and how the columns of its tables were."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QWidget

from mma_desktop.core.settings import Settings

WINDOW = "window"
RESTORED = "restored"
"""A property of a table's head whose columns were put where they were: nobody has to fit them to their text."""
TOUCHED = "touched"
"""A property of a table's head that fits itself: whether the person has changed it, so that it is worth keeping."""


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


def restore_columns(settings: Settings, inside: QWidget) -> None:
    """Put the columns of the tables with named heads as they were, and the order of their rows."""
    for header in inside.findChildren(QHeaderView):
        saved = settings.window_state(f"columns/{header.objectName()}")
        if header.objectName() and saved and header.restoreState(_bytes(saved)):
            header.setProperty(RESTORED, True)


def columns_in(inside: QWidget) -> dict[str, str]:
    """How the columns of the tables with named heads are."""
    states = {}
    for header in inside.findChildren(QHeaderView):
        untouched = header.property(TOUCHED) is False and not header.property(RESTORED)
        if header.objectName() and not untouched:
            states[f"columns/{header.objectName()}"] = _text(header.saveState())
    return states


def keep_columns(settings: Settings, inside: QWidget) -> None:
    """Keep the columns of a dialog that closes."""
    settings.set_window_states(columns_in(inside))


class WindowState:
    """Keeps the geometry of a window, and of the named splitters and table heads in it, in the settings.

    A widget that has a method `view_state` adds what it wants to find there at the next start.
    """

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window = window
        self._settings = settings

    def restore(self) -> None:
        """Put the window where it was."""
        saved = self._settings.window_state(WINDOW)
        if saved:
            self._window.restoreGeometry(_bytes(saved))

    def restore_splitters(self, inside: QWidget) -> None:
        """Put the splitters of a page where they were, and the columns of its tables as they were."""
        restore_columns(self._settings, inside)
        for splitter in inside.findChildren(QSplitter):
            saved = self._settings.window_state(f"splitter/{splitter.objectName()}")
            if splitter.objectName() and saved:
                splitter.restoreState(_bytes(saved))

    def save(self) -> None:
        """Keep it all."""
        states = {WINDOW: _text(self._window.saveGeometry())}
        for splitter in self._window.findChildren(QSplitter):
            if splitter.objectName():
                states[f"splitter/{splitter.objectName()}"] = _text(splitter.saveState())
        states.update(columns_in(self._window))
        for widget in self._window.findChildren(QWidget):
            view_state = getattr(widget, "view_state", None)
            if callable(view_state):
                states.update(view_state())
        self._settings.set_window_states(states)
