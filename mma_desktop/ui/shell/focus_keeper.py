"""The keyboard: what has it when its widget goes, and what Select all, Copy and Delete of the Edit menu act on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import Shiboken

from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import restyle
from mma_desktop.ui.widgets.timers import single_shot

Field = QLineEdit | QPlainTextEdit
BY_KEYS = Qt.WidgetAttribute.WA_KeyboardFocusChange


def takes_keys(widget: QWidget) -> bool:
    """Return whether Tab would stop at a widget now."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


def _ring(widget: QWidget, shown: bool) -> None:
    if bool(widget.property("ring")) != shown:
        restyle(widget, "ring", shown)


class KeyboardKeeper(QObject):
    """Moves the keyboard focus to the current page when no widget has it; marks what has it if keys moved it there."""

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._by_keys = False
        self._timer = single_shot(self, 0, self.keep)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._changed)

    def enter(self, page: QWidget) -> None:
        """On a page change, return the focus to the page's last focused widget, whatever Qt focused meanwhile."""
        now = self._window.focusWidget()
        if now is None or not page.isAncestorOf(now) or not takes_keys(now):
            self._focus(page)
        self.keep_soon()

    def keep_soon(self) -> None:
        """Check the focus after the current event: it may be about to be set."""
        self._timer.start()

    def _changed(self, former: QWidget | None, now: QWidget | None) -> None:
        """Ring what has the keyboard now, in a window that just opened if what had it before was ringed."""
        if former is not None and Shiboken.isValid(former):
            self._by_keys = former.window().testAttribute(BY_KEYS)
            _ring(former, False)
        if now is None:
            self.keep_soon()
            return
        if former is None or former.window() is not now.window():
            now.window().setAttribute(BY_KEYS, self._by_keys)
        _ring(now, theme.has_ring(now))

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
        target = next((widget for widget in (*candidates, *page.findChildren(QWidget)) if takes_keys(widget)), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)


def wire_edit_actions(menus: Menus, page: Callable[[], Any]) -> None:
    """Connect the actions; `page` returns the page that is shown, which may have a grid and a labeller."""

    def act(on_text: Callable[[Field], object], part: str, method: str) -> None:
        focus, owner = QApplication.focusWidget(), getattr(page(), part, None)
        if isinstance(focus, Field):
            on_text(focus)
        elif owner is not None:
            getattr(owner, method)()

    for action, on_text, part, method in (
        (menus.select_all, lambda field: field.selectAll(), "grid", "select_all"),
        (menus.copy, lambda field: field.copy(), "grid", "copy"),
        (menus.delete, _delete, "labeller", "remove"),
    ):
        action.triggered.connect(partial(act, on_text, part, method))


def _delete(field: Field) -> None:
    if isinstance(field, QLineEdit):
        field.del_()
    else:
        field.textCursor().removeSelectedText()
