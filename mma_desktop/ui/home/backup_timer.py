"""Backups: made on a timer while a project is open, restored from the Home page."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project
from mma_desktop.services.training import learning
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.dialogs.restore import RestoreDialog, made_at
from mma_desktop.ui.home.project_actions import ProjectActions
from mma_desktop.ui.widgets.timers import repeating

if TYPE_CHECKING:
    from mma_desktop.store.backup.restoring import Backup, Restored
    from mma_desktop.store.backup.snapshots import BackupFile

EVERY_MS = 15 * 60_000


class AutoBackups(QObject):
    """Backs up the open project every quarter of an hour if something changed.

    It runs on the media lane, between two events of a longer job; labels use the store lane and never wait for it.
    """

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.timer = repeating(self, EVERY_MS, self.back_up)
        controller.opened.connect(self._opened)

    def _opened(self, context: ProjectContext | None) -> None:
        if context is None:
            self.timer.stop()
        else:
            self.timer.start()

    def back_up(self) -> None:
        def work(context: ProjectContext, _token: CancelToken) -> None:
            learning.keep_points(context)
            context.project.keep_backup()

        if self._controller.context is not None:
            self._controller.ask(LaneName.MEDIA, work, quick=True)


class RestoreActions(QObject):
    def __init__(self, controller: Controller, projects: ProjectActions, messages: Messages) -> None:
        super().__init__(projects)
        self._controller = controller
        self._projects = projects
        self._messages = messages
        self.dialog: RestoreDialog | None = None
        projects.damaged.connect(self._ask_of_damaged)

    def ask(self, folder: Path) -> None:
        context = self._controller.context
        if context is not None and context.project.folder == folder:
            self._messages.show_message(tr("Close the project first (Ctrl+W), then restore a backup of it."))
        else:
            self._list(folder, damaged=False)

    def _ask_of_damaged(self, folder: Path, sentence: str) -> None:
        self._messages.show_message(sentence, "bad", tr("Restore a backup…"), lambda: self.ask(folder), kind="damaged")
        self._list(folder, damaged=True)

    def _list(self, folder: Path, *, damaged: bool) -> None:

        def work(_token: CancelToken) -> Generator[Sequence[BackupFile] | Backup]:
            from mma_desktop.store.backup.restoring import inspect_backup, restorable

            files = restorable(folder)
            yield files
            yield from map(inspect_backup, files)

        def told(found: Sequence[BackupFile] | Backup) -> None:
            if isinstance(found, Sequence):
                self._show(folder, damaged, found)
            elif self.dialog is not None:
                self.dialog.show_backup(found)

        if self.dialog is not None:
            self.dialog.reject()
        self._controller.bridge.run(LaneName.VIEW, "", work, event=told, question=(self, "backups"))

    def _show(self, folder: Path, damaged: bool, files: Sequence[BackupFile]) -> None:
        self.dialog = dialog = RestoreDialog(folder.stem, files, damaged, self._projects.window)
        dialog.chosen.connect(lambda backup: self._restore(folder, backup))
        dialog.finished.connect(self._over)
        dialog.open()

    def _over(self, _result: int) -> None:
        self._controller.bridge.forget((self, "backups"))
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _restore(self, folder: Path, backup: Backup) -> None:
        outcome: list[Restored] = []

        def work(threads: int) -> ProjectContext:
            from mma_desktop.store.backup.restoring import restore

            outcome.append(restore(folder, backup.file.path))
            return open_project(folder, threads)

        def opened() -> None:
            kept = outcome[0].kept
            parts = [tr("{project} is as it was on {date}.", project=folder.stem, date=made_at(backup.file))]
            if kept is not None:
                parts.append(tr("The database it had until now is kept in its folder as {file}.", file=kept.name))
            self._messages.show_message(" ".join(parts), "good")

        self._projects.open_by(tr("Restoring {project}", project=folder.stem), work, opened)
