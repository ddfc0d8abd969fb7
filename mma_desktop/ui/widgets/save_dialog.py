"""Asking where a file is to be saved, and showing where one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(parent: QWidget, title: str, offered: Path, kind: str, chosen: Callable[[str], object]) -> QFileDialog:
    """Ask, without stopping anything else; the dialog ends itself.

    Args:
        parent: The window it belongs to.
        title: Its title.
        offered: The file that is offered; its suffix is added to a name without one.
        kind: Filter, such as "CSV table (*.csv)".
        chosen: Called with the chosen file.
    """
    dialog = QFileDialog(parent, title, str(offered), kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(offered.suffix.removeprefix("."))
    dialog.selectFile(offered.name)
    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def open_file(path: Path) -> None:
    """Open a file with the system's program for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    """Open the folder that holds a file, or the folder itself, in the system's file manager."""
    folder = path if path.is_dir() else path.parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
