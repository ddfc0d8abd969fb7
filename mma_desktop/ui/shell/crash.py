"""Handling of bugs: the log and one dialog. Hooks for Python, its threads and Qt."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.ui.dialogs.text_dialogs import ProblemDialog
from mma_desktop.ui.widgets.windows import open_once

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
# Messages of platform plugins that nobody can act on.
_NOISE = re.compile(r"This plugin does not support|requestActivate\(\)")


def described(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


class CrashReporter(QObject):
    """Logs uncaught exceptions and shows each only once: a repeated one does not flood the window with dialogs."""

    _arrived = Signal(str, str)

    def __init__(self, log_file: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._seen: set[str] = set()
        self._former: tuple[Callable[..., object], Callable[..., object]] | None = None
        self.window: QWidget | None = None
        self.dialog: ProblemDialog | None = None
        self._arrived.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        self._former = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._python_hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        if self._former is not None:
            sys.excepthook, threading.excepthook = self._former
            self._former = None
            qInstallMessageHandler(None)

    def report(self, title: str, error: BaseException) -> None:
        """Show an exception that was logged already. Callable from any thread."""
        self._arrived.emit(title, described(error))

    def _python_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.exit(130)
            return
        log.critical("Nobody caught this", exc_info=(kind, error, trace))
        self.report(tr("Something went wrong"), error)

    def _thread_hook(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is None or issubclass(caught.exc_type, SystemExit):
            return
        name = caught.thread.name if caught.thread is not None else "?"
        log.critical("Nobody caught this in thread %s", name, exc_info=caught.exc_value)
        self.report(tr("Something went wrong"), caught.exc_value)

    def _show(self, title: str, details: str) -> None:
        if details in self._seen or self.dialog is not None:
            return
        self._seen.add(details)
        open_once(ProblemDialog(title, details, self._log_file, self.window), self)


def _qt_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    if text is None or _NOISE.search(text):
        return
    category = getattr(context, "category", None)
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category or "default", text)
