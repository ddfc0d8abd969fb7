"""The "Same as last" menu action: names the class and is visible only while it can be used."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.label_controller import Labeller

KEY = "."


class SameAsLast(QObject):
    """Keeps the action in step with the class that was set last on the Label page."""

    def __init__(self, page: QWidget, controller: Controller, labeller: Labeller, action: QAction) -> None:
        super().__init__(page)
        self._page, self._labeller = page, labeller
        self._action = action
        action.triggered.connect(labeller.same_as_last)
        labeller.last_changed.connect(self._show)
        controller.changed.connect(self._show)
        controller.opened.connect(self._show)
        page.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._show()
        return super().eventFilter(watched, event)

    def _show(self, _what: object = None) -> None:
        labeller = self._labeller
        # A window shortcut would take the key away from text fields, so the text only shows the key.
        self._action.setText(f"{labeller.same_as_last_text}\t{KEY}")
        self._action.setEnabled(labeller.last is not None and self._page.isVisible())
