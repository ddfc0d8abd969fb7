"""Backups: made on a timer while a project is open, restored from the Home page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.project_factory import open_project
from mma_desktop.services.training import learning
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.home.project_actions import ProjectActions
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.timers import repeating
from mma_desktop.ui.widgets.windows import open_once

if TYPE_CHECKING:
    from mma_desktop.store.snapshots import Backup, BackupFile, Restored

COLUMNS = (later("Made"), later("Pictures"), later("Labelled"), later("Classes"), later("Size"), later("Remarks"))
ABOUT = later(
    "Pictures, labels, classes and trainings become what they were then. Nothing is deleted: the "
    "database that the project has now stays in its folder under another name. Your pictures are not "
    "touched."
)
_NUMBERS = range(1, 5)
EVERY_MS = 15 * 60_000


def made_at(file: BackupFile) -> str:
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(file.moment)), QLocale.FormatType.ShortFormat)


def reason(file: BackupFile) -> str:
    """Return why a backup was made, unless by the timer."""
    if file.tag.startswith("before-v"):
        return tr("before an update of the program")
    if file.tag == "before-restore":
        return tr("before restore")
    return one_line(file.tag.replace("-", " "))


class RestoreDialog(QDialog):
    """Lists backups of a project, newest first, also of one whose database is damaged or missing."""

    chosen = Signal(object)  # Backup to restore

    def __init__(
        self, name: str, backups: Sequence[Backup], damaged: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        title = tr("Restore a backup of {project}", project=name)
        self.backups = list(backups)
        self.table = CellTable(title)
        self.table.setSelectionMode(CellTable.SelectionMode.SingleSelection)
        heads = [Head(tr(title), "", column in _NUMBERS) for column, title in enumerate(COLUMNS)]
        self.table.show_cells(heads, list(map(_cells, self.backups)), sorts=False)
        self.restore_button = button(tr("Restore and open"), "undo", primary=True, clicked=self._restore)
        self.cancel_button = cancel_button(self)
        good = [row for row, backup in enumerate(self.backups) if not backup.problem]
        none = tr("None of these backups can be restored.")
        self.note = hint("" if good else none if self.backups else tr("There is no backup of this project."))
        warning = [hint(tr("The database of this project is damaged or gone, and nothing was changed so far."))]
        fill_dialog(
            self,
            *(warning if damaged else []),
            hint(tr(ABOUT)),
            (self.table, 1),
            title=title,
            buttons=((self.note, 1), self.cancel_button, self.restore_button),
        )
        self.resize(760, 480)
        self.table.selectionModel().selectionChanged.connect(self._picked)
        self.table.activated.connect(self._restore)
        self.table.select_lines(good[:1])
        self._picked()
        (self.table if self.backups else self.cancel_button).setFocus()

    def _choice(self) -> Backup | None:
        rows = (index.row() for index in self.table.selectionModel().selectedRows())
        return next((self.backups[row] for row in rows if not self.backups[row].problem), None)

    def _picked(self) -> None:
        self.restore_button.setEnabled(self._choice() is not None)

    def _restore(self) -> None:
        backup = self._choice()
        if backup is not None:
            self.accept()
            self.chosen.emit(backup)


def _cells(backup: Backup) -> list[TableCell]:
    good, counts = not backup.problem, (backup.images, backup.labels, backup.classes)
    look: dict[str, Any] = {"enabled": good, "colour": "" if good else tokens().dim}
    numbers = (number(count) if good else "" for count in counts)
    size = QLocale().formattedDataSize(backup.size, 1)
    return [
        TableCell(made_at(backup.file), **look),
        *(TableCell(text, 0.0, **look) for text in (*numbers, size)),
        TableCell(backup.problem or reason(backup.file), icon=None if good else icon("warning", "warn"), **look),
    ]


class AutoBackups(QObject):
    """Backs up the open project every quarter of an hour if something changed.

    It runs on the media lane, at a checkpoint of a longer job; labels use the store lane and never wait for it.
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
        def work(token: CancelToken) -> list[Backup]:
            from mma_desktop.store.snapshots import inspect_backup, list_restorable

            files = list_restorable(folder)
            return [inspect_backup(files[part.start]) for part in token.slices(len(files), 1)]

        if self.dialog is not None:
            self.dialog.reject()
        title, shown = tr("Restore a backup of {project}", project=folder.stem), partial(self._show, folder, damaged)
        self._controller.bridge.run(LaneName.VIEW, title, work, done=shown, question=(self, "backups"))

    def _show(self, folder: Path, damaged: bool, backups: Sequence[Backup]) -> None:
        dialog = RestoreDialog(folder.stem, backups, damaged, self._projects.window)
        dialog.chosen.connect(lambda backup: self._restore(folder, backup))
        open_once(dialog, self)

    def _restore(self, folder: Path, backup: Backup) -> None:
        outcome: list[Restored] = []

        def work(threads: int) -> ProjectContext:
            from mma_desktop.store.snapshots import restore

            outcome.append(restore(folder, backup.file.path))
            return open_project(folder, threads)

        def opened() -> None:
            kept = outcome[0].kept
            parts = [tr("{project} is as it was on {date}.", project=folder.stem, date=made_at(backup.file))]
            if kept is not None:
                parts.append(tr("The database it had until now is kept in its folder as {file}.", file=kept.name))
            self._messages.show_message(" ".join(parts), "good")

        self._projects.open_by(tr("Restoring {project}", project=folder.stem), work, opened)
