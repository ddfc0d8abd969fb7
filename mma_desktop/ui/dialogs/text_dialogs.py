"""Dialogs that show a text to read or copy: details of a message, code, a bug, About; and one that asks for a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton, QWidget

from mma_desktop import __version__
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.services.diagnostics import report, versions
from mma_desktop.ui.widgets import painting
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Part,
    button,
    cancel_button,
    close_button,
    fill_dialog,
    in_column,
    in_row,
)
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.text_format import action_title
from mma_desktop.ui.widgets.text_labels import IconLabel, heading, hint
from mma_desktop.ui.widgets.windows import show_in_folder

COPY_TIP = later("Copy versions, device and the end of the log; your home folder is written as ~")


def window_facts() -> dict[str, str]:
    """Return Qt's version and platform plugin, in English, for the report."""
    return {"Qt": qVersion(), later("Window system"): QGuiApplication.platformName()}


def copy_report(details: str = "") -> str:
    QGuiApplication.clipboard().setText(report(window_facts(), details))
    return tr("The report is on the clipboard. Read it before you send it: file names may be in it.")


def copy_report_button(details: str = "") -> QPushButton:
    copy_button = button(action_title(tr("Copy &report")), "copy", tip=tr(COPY_TIP))

    def copy() -> None:
        copy_button.setToolTip(copy_report(details))
        copy_button.setText(tr("Copied"))

    copy_button.clicked.connect(copy)
    return copy_button


class TextDialog(QDialog):
    def __init__(self, text: str, title: str, parent: QWidget | None, *, code: bool = False) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(title)
        if code:
            self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy_button = button(tr("Copy"), "copy", clicked=lambda: QGuiApplication.clipboard().setText(text))
        self.close_button = close_button(self)

    def _fill(self, *above: Part, title: str = "", buttons: Sequence[QPushButton] = ()) -> None:
        row = (self.copy_button, *buttons, None, self.close_button)
        fill_dialog(self, *above, (self.text, 1), title=title, buttons=row)


class DetailsDialog(TextDialog):
    """Sentences, one a line, that are too many for a message bar."""

    def __init__(self, title: str, text: str, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("\n".join(map(one_line, lines)), title, parent)
        self._fill(hint(text), title=title)
        self.resize(720, 420)


class HowToUseDialog(TextDialog):
    def __init__(self, path: Path, code: str, show: Callable[[], None], parent: QWidget | None = None) -> None:
        title = tr("How to use it")
        super().__init__(code, title, parent, code=True)
        self.show_button = button(tr("Show in folder"), "folder", clicked=show)
        about = hint(tr("These lines of Python use {file}.", file=path.name))
        self._fill(about, title=title, buttons=[self.show_button])
        self.resize(760, 560)


class ProblemDialog(TextDialog):
    def __init__(self, title: str, details: str, log_file: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(details, tr("Details"), parent, code=True)
        self.setWindowTitle(tr("Something went wrong"))
        self.copy_button = copy_report_button(details)
        self.log_button = button(action_title(tr("Open &log folder")), "folder")
        self.log_button.setEnabled(log_file is not None)
        parts = [tr("This is a fault of the program, not of your pictures. Your labels are saved, you can go on.")]
        if log_file is not None:
            parts.append(tr("The log is in {file}.", file=log_file))
            self.log_button.clicked.connect(partial(show_in_folder, log_file))
        top = in_row(IconLabel("error", 32, "bad"), (heading(title, 2), 1), spacing=2 * SPACE)
        self._fill(top, hint(" ".join(parts)), buttons=[self.log_button])
        self.resize(720, 440)


class AboutDialog(TextDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        title, facts = action_title(tr("&About mma-desktop")), {**versions(), **window_facts()}
        super().__init__("\n".join(f"{tr(name)}: {tr(version)}" for name, version in facts.items()), title, parent)
        self.setWindowTitle(title)
        image = QLabel()
        image.setPixmap(painting.pixmap("app", 64, ratio=self.devicePixelRatioF()))
        version = hint(tr("Version {version}, Apache License 2.0", version=__version__))
        top = in_row(image, (in_column(heading("mma-desktop"), version, spacing=2), 1), spacing=2 * SPACE)
        about = tr(
            "Label a few photos per class and train a Multi-Modal Adapter over frozen CLIP "
            "features (Seputis, Mihailov, Chatterjee and Xiao: Multi-Modal Adapter for "
            "Vision-Language Models, 2024, arXiv:2409.02958). Everything runs on this machine: "
            "no picture, label or number leaves it."
        )
        self.copy_button = copy_report_button()
        self._fill(top, hint(about))
        self.close_button.setFocus()
        self.resize(520, 620)


class LineDialog(QDialog):
    """Asks for a line of text; the button is enabled once there is one."""

    chosen = Signal(object)

    def __init__(self, title: str, about: str, go: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.edit, self.state = line_edit("", title), hint()
        self.row = in_row((self.edit, 1))
        self.go_button = button(go, primary=True, clicked=self.go)
        parts = (hint(about), self.row, self.state, None)
        fill_dialog(self, *parts, title=title, buttons=(None, cancel_button(self), self.go_button))
        self.setMinimumWidth(480)
        self.edit.textChanged.connect(self._edited)
        self._edited()
        self.edit.setFocus()

    @property
    def text(self) -> str:
        return self.edit.text().strip()

    def _edited(self) -> None:
        self.go_button.setEnabled(bool(self.text))
        self.state.setText("")

    def go(self) -> None:
        self.accept()
        self.chosen.emit(self.text)
