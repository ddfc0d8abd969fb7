"""Select all, Copy and Delete of the Edit menu: on the text being edited, or else on the pictures of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from mma_desktop.ui.shell.menus import Menus

Field = QLineEdit | QPlainTextEdit


class EditActions(QObject):
    """Connects the actions.

    Args:
        menus: The menus with the actions.
        page: Returns the page that is shown.
        window: Parent.
    """

    def __init__(self, menus: Menus, page: Callable[[], Any], window: QWidget) -> None:
        super().__init__(window)
        self._page = page
        menus.select_all.triggered.connect(self._select_all)
        menus.copy.triggered.connect(self._copy)
        menus.delete.triggered.connect(self._delete)

    @staticmethod
    def _field() -> Field | None:
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, Field) else None

    def _select_all(self) -> None:
        if (field := self._field()) is not None:
            field.selectAll()
        elif (grid := getattr(self._page(), "grid", None)) is not None:
            grid.select_all()

    def _copy(self) -> None:
        if (field := self._field()) is not None:
            field.copy()
        elif (grid := getattr(self._page(), "grid", None)) is not None:
            grid.copy()

    def _delete(self) -> None:
        field = self._field()
        if isinstance(field, QLineEdit):
            field.del_()
        elif field is not None:
            field.textCursor().removeSelectedText()
        elif (labeller := getattr(self._page(), "labeller", None)) is not None:
            labeller.remove()
