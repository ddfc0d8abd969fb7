"""Checks the images' files when a project is opened, the window comes to the front or on request; finds lost ones."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import file_check
from mma_desktop.services.images.file_check import CheckReport, FindReport
from mma_desktop.services.images.importing import unimported_files, unimported_sentence
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets.windows import ask_folder

KIND = "files"
AGAIN_SECONDS = 30.0
"""How long after a look the next one is made when somebody comes back to the window, as from the file manager."""
REST = 50
"""It is also at least this many times as long after it as it took."""
READ = 50
"""Maximum number of files with another date that are read without having been asked."""


class MissingActions(QObject):
    """Reports which images are missing or changed on disk, and finds them again."""

    checked = Signal(object)  # CheckReport
    searched = Signal(object)  # FindReport

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._messages = messages
        self._window = window
        self._folder = str(Path.home())
        self._next_look = 0.0
        window.installEventFilter(self)
        controller.opened.connect(self._opened)
        menus.check_files.triggered.connect(self.check)
        menus.find_missing.triggered.connect(self.find)

    def _opened(self, context: ProjectContext | None) -> None:
        if context is None:
            return
        self._controller.ask(LaneName.MEDIA, lambda context, _token: unimported_files(context), self._import_strays)
        if len(context.index.columns.ids):
            self._check(by_user=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        context = self._controller.context
        if event.type() is QEvent.Type.WindowActivate and context is not None and time.monotonic() > self._next_look:
            self._check(by_user=False)
        return super().eventFilter(watched, event)

    def _import_strays(self, found: list[Path]) -> None:
        if found:
            self._controller.import_paths(found)
            self._messages.show_message(unimported_sentence(len(found)), "info")

    def check(self) -> None:
        """Check the file of every image, and read those with another modification time."""
        self._check(by_user=True)

    def _check(self, *, by_user: bool) -> None:
        context = self._controller.open_context
        check = file_check.FileCheck(context, hashing=by_user, few=READ)
        self._next_look = time.monotonic() + AGAIN_SECONDS
        self._controller.ask(
            LaneName.MEDIA,
            lambda _context, token: check.run(token),
            partial(self._checked, by_user, context.index.lost.ids.tolist()),
            title=tr("Checking the files") if by_user else "",
            event=self._controller.on_progress,
            background=True,
            question=(self, "check"),
        )

    def _checked(self, by_user: bool, before: list[int], report: CheckReport) -> None:
        self._next_look = time.monotonic() + max(AGAIN_SECONDS, REST * report.seconds)
        same = self._controller.open_context.index.lost.ids.tolist() == before
        if not same or by_user:
            self._controller.changed.emit(Changes(files=True))
        if (report.missing or report.changed) and (by_user or not same):
            self._messages.show_message(report.sentence(), "warn", tr("Find again…"), self.find, KIND)
        elif by_user:
            self._messages.show_message(report.sentence(), "warn" if report.unread else "good", kind=KIND)
        if report.back and self._controller.settings.get("embed_on_import"):
            self._controller.embed()
        self.checked.emit(report)

    def find(self) -> None:
        """Ask for a folder and search it for missing and changed files; if none are known, check first."""
        context = self._controller.open_context
        if not len(context.index.lost.ids):
            self.check()
            return
        ask_folder(self._window, tr("Where are the missing pictures now?"), self._folder, self.search)

    def search(self, folder: str) -> None:
        context = self._controller.context
        if context is None:
            return
        self._folder = folder
        self._controller.ask(
            LaneName.MEDIA,
            lambda context, token: file_check.find_missing(context, [Path(folder)], token),
            self._searched,
            title=tr("Looking for missing pictures"),
            event=self._controller.on_progress,
        )

    def _searched(self, report: FindReport) -> None:
        self._controller.changed.emit(Changes(files=True))
        again = tr("Look elsewhere…") if report.found < report.wanted else ""
        self._messages.show_message(report.sentence(), "warn" if again else "good", again, self.find, KIND)
        if report.found and self._controller.settings.get("embed_on_import"):
            self._controller.embed()
        self.searched.emit(report)
