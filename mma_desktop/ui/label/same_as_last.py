"""The "Same as last" menu action: names the class and is visible only while it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from mma_desktop.ui.label.label_page import LabelPage

KEY = "."


class SameAsLast(QObject):
    """Keeps the action in step with the class that was set last on the Label page."""

    def __init__(self, page: LabelPage, action: QAction) -> None:
        super().__init__(page)
        self._page = page
        self._action = action
        action.triggered.connect(page.labeller.same_as_last)
        page.labeller.last_changed.connect(self._show)
        page.controller.changed.connect(self._show)
        page.controller.opened.connect(self._show)
        page.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the action only with its page."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._show()
        return super().eventFilter(watched, event)

    def _show(self, _what: object = None) -> None:
        labeller = self._page.labeller
        # A window shortcut would take the key away from text fields, so the text only shows the key.
        self._action.setText(f"{labeller.same_as_last_text}\t{KEY}")
        self._action.setEnabled(labeller.last is not None and self._page.isVisible())
