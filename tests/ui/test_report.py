"""The report reaches the clipboard from the menu, the About dialog and the dialog of a problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mma_desktop.core.logging import log_file
from mma_desktop.core.settings import Settings
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.text_dialogs import AboutDialog, ProblemDialog
from mma_desktop.ui.shell.main_window import MainWindow


@pytest.fixture(autouse=True)
def log() -> None:
    QGuiApplication.clipboard().clear()
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_text(f"{Path.home() / 'birds.mma'} was opened\n", "utf-8")


def check() -> str:
    text = QGuiApplication.clipboard().text()
    assert "mma-desktop: " in text
    assert "Window system: offscreen" in text
    assert f"{Path('~') / 'birds.mma'} was opened" in text
    return text


def test_from_the_about_dialog_by_key(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.copy_button.setFocus()
    QTest.keyClick(dialog.copy_button, Qt.Key.Key_Space)
    check()
    assert dialog.copy_button.text() == "Copied"


def test_from_the_dialog_of_a_problem(qtbot: QtBot) -> None:
    dialog = ProblemDialog("It failed", f'File "{Path.home()}/x.py", one by nothing', None)
    qtbot.addWidget(dialog)
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    text = check()
    assert "one by nothing" in text
    assert str(Path.home()) + "/x.py" not in text


def test_from_the_help_menu(controller: Controller, settings: Settings, qtbot: QtBot) -> None:
    window = MainWindow(controller, settings)
    window.show()
    qtbot.waitExposed(window)
    window.menus.copy_report.trigger()
    check()
    assert any("on the clipboard" in bar.text for bar in window.messages.bars if bar.isVisibleTo(window.messages))
    with qtbot.waitSignal(window.closed, timeout=20_000):
        window.close()
    window.deleteLater()
