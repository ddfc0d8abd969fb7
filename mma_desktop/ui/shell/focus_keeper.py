"""Something in the window always has the keyboard: what had it may have been disabled, hidden or deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget


def takes_keys(widget: QWidget) -> bool:
    """Whether Tab would stop at a widget now."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


class KeyboardKeeper(QObject):
    """Gives the keyboard to the page in front when nothing has it any more.

    Args:
        window: The window; only while it is the active one.
        page: The page in front, None before there is one.
    """

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.keep)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._changed)

    def enter(self, page: QWidget) -> None:
        """A page comes: the keyboard goes to where it was there, whatever Qt gave it to when the former page went."""
        now, before = self._window.focusWidget(), page.focusWidget()
        if before is not None and (now is None or not page.isAncestorOf(now)):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def look(self) -> None:
        """Look whether something has the keyboard once what goes on is over: it may be about to be given."""
        self._timer.start()

    def _changed(self, _former: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            self.look()

    def keep(self) -> None:
        """Find something for the keyboard if it has nothing."""
        page = self._page()
        if page is None or QApplication.focusWidget() is not None or not self._window.isActiveWindow():
            return
        former = page.focusWidget()
        candidates = [] if former is None else [former]
        target = next((one for one in (*candidates, *page.findChildren(QWidget)) if takes_keys(one)), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
