"""Dialog with Python code that uses an exported file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.ui.widgets.controls import button, close_button, fill_dialog, hint


class HowToUseDialog(QDialog):
    """Shows the code and the file."""

    def __init__(self, path: Path, code: str, show: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = QPlainTextEdit(code)
        self.code.setReadOnly(True)
        self.code.setTabChangesFocus(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.code.setAccessibleName(tr("How to use it"))
        self.copy_button = button(tr("Copy"), "copy")
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(code))
        self.show_button = button(tr("Show in folder"), "folder")
        self.show_button.clicked.connect(show)
        self.close_button = close_button(self)
        fill_dialog(
            self,
            hint(tr("These lines of Python use {file}.", file=path.name)),
            (self.code, 1),
            title=tr("How to use it"),
            buttons=(self.copy_button, self.show_button, None, self.close_button),
        )
        self.resize(760, 560)
