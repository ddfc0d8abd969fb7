"""Closing a project or the window: ask if a job is running, stop it cleanly, lose nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QMessageBox

from mma_desktop.core.i18n import tr
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.windows import ask_first


class Closing(QObject):
    """Asks, hides the window, closes the project on the lanes, and emits when all is done."""

    done = Signal()  # the window and its project are closed
    starts = Signal()  # the window is about to close; the last chance to save its state

    def __init__(self, controller: Controller, window: QMainWindow) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window
        self._under_way = False
        self.over = False
        self.question: QMessageBox | None = None

    def close_project(self) -> None:
        self.ask(lambda: self._controller.close_context(lambda: None))

    def close_window(self) -> None:
        if not self._under_way:
            self.ask(self._close_window)

    def ask(self, then: Callable[[], None]) -> None:
        """Proceed at once if no important job runs, else after the user agrees to stop it."""
        if self.question is not None:
            self.question.raise_()
            return
        busy = [job for job in self._controller.bridge.busy() if not job.background]  # these resume by themselves later
        if not busy:
            then()
            return
        names = ", ".join(dict.fromkeys(job.title for job in busy))
        text = tr("Work is still going on: {jobs}.", jobs=names)
        if self._controller.training in busy:
            more = tr("Every label is saved. Nothing is kept of a training that is stopped.")
        else:
            more = tr("Every label is saved. What is not finished can be started again later.")
        stop, keep = tr("Stop and close"), tr("Keep working")
        self.question = ask_first(self._window, stop, text, more, keep, then, safe=True)
        self.question.finished.connect(self._answered)

    def _answered(self) -> None:
        self.question = None

    def _close_window(self) -> None:
        self._under_way = True
        self.starts.emit()
        self._window.hide()
        for job in self._controller.bridge.busy():
            job.cancel()
        self._controller.close_context(self._finished)

    def _finished(self) -> None:
        self.over = True
        self._window.close()
        self.done.emit()
