"""Dialog about a bug: what failed, where the log is, and the details to send."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.ui.base.copy_report import copy_report_button
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Picture,
    button,
    close_button,
    fill_dialog,
    heading,
    hint,
    in_row,
)
from mma_desktop.ui.widgets.text_format import as_title
from mma_desktop.ui.widgets.windows import show_in_folder


class ProblemDialog(QDialog):
    """One bug, with its details and the path of the log."""

    def __init__(self, title: str, details: str, log_file: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(tr("Details"))
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy_button = copy_report_button(details)
        self.log_button = button(as_title(tr("Open &log folder")), "folder")
        self.log_button.setEnabled(log_file is not None)
        if log_file is not None:
            self.log_button.clicked.connect(partial(show_in_folder, log_file))
        self.close_button = close_button(self)
        parts = [
            tr("This is a fault of the program, not of your pictures. Your labels are saved, you can go on."),
            *([tr("The log is in {file}.", file=log_file)] if log_file is not None else []),
        ]
        top = in_row(Picture("error", 32, "bad"), (heading(title, 2), 1), spacing=2 * SPACE)
        fill_dialog(
            self,
            top,
            hint(" ".join(parts)),
            (self.details, 1),
            buttons=(self.copy_button, self.log_button, None, self.close_button),
            spacing=2 * SPACE,
        )
        self.resize(720, 440)
