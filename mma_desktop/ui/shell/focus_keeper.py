"""Keeps the keyboard focus in the window when the focused widget is disabled, hidden or deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from mma_desktop.ui.widgets.timers import single_shot


def takes_keys(widget: QWidget) -> bool:
    """Return whether Tab would stop at a widget now."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


class KeyboardKeeper(QObject):
    """Moves the keyboard focus to the current page when no widget has it.

    Args:
        window: The window; only while it is active.
        page: Returns the current page, None before there is one.
    """

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._timer = single_shot(self, 0, self.keep)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._changed)

    def enter(self, page: QWidget) -> None:
        """On a page change, return the focus to the page's last focused widget, whatever Qt focused meanwhile."""
        now = self._window.focusWidget()
        if now is None or not page.isAncestorOf(now) or not takes_keys(now):
            self._focus(page)
        self.look()

    def look(self) -> None:
        """Check the focus after the current event: it may be about to be set."""
        self._timer.start()

    def _changed(self, _former: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            self.look()

    def keep(self) -> None:
        page = self._page()
        if page is None or QApplication.focusWidget() is not None or not self._window.isActiveWindow():
            return
        self._focus(page)

    @staticmethod
    def _focus(page: QWidget) -> None:
        """Focus the widget of the page that had the focus last, or its first one if that takes no keys by now."""
        former = page.focusWidget()
        candidates = [] if former is None else [former]
        target = next((one for one in (*candidates, *page.findChildren(QWidget)) if takes_keys(one)), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
