"""What nobody caught ends in the log and in one dialog."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mma_desktop.ui.shell.application import CrashReporter

WAIT = 5_000


@pytest.fixture
def reporter(qtbot: QtBot, tmp_path: Path) -> Iterator[CrashReporter]:
    made = CrashReporter(tmp_path / "mma-desktop.log")
    hooks = (sys.excepthook, threading.excepthook)
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook) == hooks


def fail() -> None:
    raise ZeroDivisionError("one by nothing")


def test_an_exception_in_a_slot(reporter: CrashReporter, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: reporter.dialog is not None, timeout=WAIT)
    dialog = reporter.dialog
    assert dialog is not None
    assert "ZeroDivisionError: one by nothing" in dialog.text.toPlainText()
    assert "ZeroDivisionError" in caplog.text
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert "one by nothing" in QGuiApplication.clipboard().text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert reporter.dialog is None
    QTimer.singleShot(0, fail)
    qtbot.wait(100)
    assert reporter.dialog is None, "the same fault is shown once"


def test_an_exception_in_a_thread(reporter: CrashReporter, qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        thread = threading.Thread(target=fail, name="worker")
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: reporter.dialog is not None, timeout=WAIT)
    assert reporter.dialog is not None
    assert "one by nothing" in reporter.dialog.text.toPlainText()
    assert "worker" in caplog.text
    reporter.dialog.accept()


def test_messages_of_qt_go_to_the_log(reporter: CrashReporter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        qWarning("a message of the test")
        qWarning("This plugin does not support propagateSizeHints()")
    assert [record.getMessage() for record in caplog.records] == ["default: a message of the test"]
    assert caplog.records[0].levelno == logging.WARNING
