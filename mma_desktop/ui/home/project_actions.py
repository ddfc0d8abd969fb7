"""Projects in the window: new, open, sample, and close, which asks if a job runs and loses nothing; their backups."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal
from PySide6.QtWidgets import QDialog, QMainWindow, QMessageBox, QWidget

from mma_desktop.core import paths
from mma_desktop.core.class_names import listed
from mma_desktop.core.errors import DamagedError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.registry import Dropped, inspect_dropped
from mma_desktop.services.images.sample_project import make_sample
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import learning
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import Incoming
from mma_desktop.ui.base.page import WindowActions
from mma_desktop.ui.dialogs.place_dialog import NewProjectDialog
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, repeating
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_labels import hint
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.windows import ask_folder, confirm, open_once

if TYPE_CHECKING:
    from mma_desktop.store.snapshots import Backup, BackupFile, Restored


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
        busy = self._controller.bridge.unfinished()
        if not busy:
            then()
            return
        names = ", ".join(dict.fromkeys(job.title for job in busy))
        text = tr("Work is still going on: {jobs}.", jobs=names)
        if self._controller.training in busy:
            details = tr("Every label is saved. Nothing is kept of a training that is stopped.")
        else:
            details = tr("Every label is saved. What is not finished can be started again later.")
        stop, keep = tr("Stop and close"), tr("Keep working")
        self.question = confirm(self._window, stop, text, details, then, cancel_text=keep, safe=True)
        self.question.finished.connect(lambda: setattr(self, "question", None))

    def _close_window(self) -> None:
        self._under_way = True
        self.starts.emit()
        # The window goes at once; what runs ends behind it.
        self._window.hide()
        for job in self._controller.bridge.busy():
            job.cancel()
        self._controller.close_context(self._finished)

    def _finished(self) -> None:
        self.over = True
        self._window.close()
        self.done.emit()


SAMPLE_NAME = "Sample"  # the same in every language: the sample is found by its name


class ProjectActions(WindowActions):
    """Opens and closes projects, each on the store lane, one at a time."""

    about_to_open = Signal()  # a project is ready to be shown
    busy = Signal(str)  # what is being opened or created, "" once it is
    recent_changed = Signal()
    damaged = Signal(object, str)  # Path and sentence: its database is damaged or missing
    shown_again = Signal()  # the project that was asked for is open already
    opened_for = Signal(list, object)  # what to import, the folder of each class or None if not asked yet

    def __init__(self, controller: Controller, messages: Messages, closing: Closing, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._ask = closing.ask
        self._opening = False
        self._closing = False
        self._sample: Job | None = None
        self.dialog: NewProjectDialog | None = None

    def projects_folder(self) -> Path:
        chosen = str(self._controller.settings.get("projects_folder"))
        return paths.expanded(chosen) if chosen else paths.documents_dir()

    def new_project(self, name: str = "", dropped: Sequence[Path | Incoming] = ()) -> None:
        """Ask for the name and place of a new project, then create it; without a name, suggest one."""
        if self.dialog is not None:
            self.dialog.reject()
        backbone = str(self._controller.settings.get("backbone"))
        dialog = NewProjectDialog(name or tr("My project"), self.projects_folder(), dropped, self._window, backbone)
        dialog.chosen.connect(self.create)
        open_once(dialog, self)
        if files := [item for item in dropped if isinstance(item, Path)]:

            def seen(contents: Dropped | None) -> None:
                # Another dialog may have taken its place while the folders were looked at.
                if self.dialog is dialog and contents is not None and contents.empty:
                    dialog.reject()
                    places = listed([item.name for item in files])
                    self._messages.show_message(
                        tr("There is no picture in {places}. No project was made.", places=places), "warn"
                    )
                elif self.dialog is dialog:
                    dialog.use_names.setChecked(contents is None or not contents.mixed)
                    # What another tool wrote has a preview of its own.
                    dialog.show_classes(None if contents is None or contents.source is not None else contents.classes)

            work, failed = (lambda token: inspect_dropped(files, token)), lambda _sentence: seen(None)
            self._controller.bridge.run(LaneName.VIEW, "", work, done=seen, failed=failed)

    def choose_project(self) -> None:
        title = tr("Open a project (a folder that ends in {suffix})", suffix=paths.PROJECT_SUFFIX)
        start = str(self.projects_folder())
        ask_folder(self._window, title, start, lambda folder: self.open_folder(Path(folder)))

    def create(
        self,
        folder: Path,
        dropped: Sequence[Path | Incoming] = (),
        classes: Mapping[str, Path] | None = None,
        backbone: str = "",
    ) -> None:
        settings = self._controller.settings
        template, backbone = str(settings.get("prompt_template")), backbone or str(settings.get("backbone"))

        self.open_by(
            tr("Making {project}", project=folder.stem),
            lambda threads: create_project(folder, template, backbone, threads),
            partial(self._import, dropped, classes),
        )

    def open_folder(self, folder: Path, dropped: Sequence[Path] = ()) -> None:
        context = self._controller.context
        if context is not None and context.project.folder == folder:
            self.shown_again.emit()
            self._import(dropped)
            return

        def opened(threads: int) -> ProjectContext:
            from mma_desktop.services.predicting import prediction

            context = open_project(folder, threads)
            prediction.restore_scores(context)
            return context

        self.open_by(
            tr("Opening {project}", project=folder.stem),
            opened,
            partial(self._import, dropped),
            folder,
        )

    def _import(self, dropped: Sequence[Path | Incoming], classes: Mapping[str, Path] | None = None) -> None:
        if dropped:
            self.opened_for.emit(list(dropped), classes)

    def open_sample(self) -> None:
        folder = self.projects_folder() / f"{SAMPLE_NAME}{paths.PROJECT_SUFFIX}"
        if os.path.exists(folder):  # noqa: PTH110 - that of Path raises where a folder may not be looked into
            self.open_folder(folder)
            return
        if self._sample is not None and not self._sample.finished:
            return

        def done(project_folder: Path) -> None:
            if not self._closing:
                self.open_folder(project_folder)

        self._sample = self._controller.bridge.run(
            LaneName.MEDIA,
            tr("Copying the sample pictures"),
            lambda token: make_sample(folder, token),
            done=done,
            finished=lambda: self.busy.emit(""),
        )
        self.busy.emit(tr("Copying the sample pictures"))

    def shut_down(self) -> None:
        """Open no more projects, and close the one that is being opened."""
        self._closing = True

    def open_by(
        self,
        title: str,
        work: Callable[[int], ProjectContext],
        then: Callable[[], None],
        folder: Path | None = None,
    ) -> None:
        """Open what `work` returns for a number of threads on the store lane, and call `then` once it is shown."""
        # The current project is closed after that; it stays open if it fails.
        open_it = partial(self._open, title, work, then, folder)
        if self._controller.context is None:
            open_it()
        else:
            self._ask(open_it)

    def _open(
        self, title: str, work: Callable[[int], ProjectContext], then: Callable[[], None], folder: Path | None
    ) -> None:
        if self._opening or self._closing:
            return
        self._opening = True
        self.busy.emit(title)
        jobs: list[Job] = []

        def opened(context: ProjectContext) -> None:
            if self._closing:
                # The window was closed while this was being opened: nobody else would close it.
                self._controller.bridge.run(LaneName.STORE, "", lambda _token: context.close())
            else:
                # Only now, so that the project before stays open if the new one cannot be opened.
                self._controller.close_context(lambda: self._show(context, then))

        def failed(sentence: str) -> None:
            if folder is not None and isinstance(jobs[0].error, DamagedError):
                self.damaged.emit(folder, sentence)
            else:
                self._messages.show_message(sentence, "bad")

        def over() -> None:
            # Until the project before is closed, a click on the same one would open it twice.
            self._controller.close_context(self._over) if self._controller.is_closing else self._over()

        def start() -> None:
            threads = max(1, (os.cpu_count() or 2) - 1)  # of torch: one core is left to the window
            run = partial(self._controller.bridge.run, done=opened, failed=failed, finished=over)
            jobs.append(run(LaneName.STORE, title, lambda _token: work(threads)))

        if self._controller.is_closing:
            self._controller.close_context(start)
        else:
            start()

    def forget(self, folder: Path) -> None:
        self._controller.settings.remove_recent(folder)
        self.recent_changed.emit()

    def _show(self, context: ProjectContext, then: Callable[[], None]) -> None:
        self._controller.settings.add_recent(context.project.folder)
        self.recent_changed.emit()
        self.about_to_open.emit()
        self._controller.set_context(context)
        then()

    def _over(self) -> None:
        self._opening = False
        self.busy.emit("")


COLUMNS = (later("Made"), later("Pictures"), later("Labelled"), later("Classes"), later("Size"), later("Remarks"))
ABOUT = later(
    "Pictures, labels, classes and trainings become what they were then. Nothing is deleted: the "
    "database that the project has now stays in its folder under another name. Your pictures are not "
    "touched."
)
_NUMBERS = range(1, 5)
EVERY_MS = 15 * 60_000  # between two backups: what a damaged project takes at most


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
        self.table = CellTable(title, single=True)
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
    style: dict[str, Any] = {"enabled": good, "colour": "" if good else tokens().dim}
    numbers = (number(count) if good else "" for count in counts)
    size = QLocale().formattedDataSize(backup.size, 1)
    return [
        TableCell(made_at(backup.file), **style),
        *(TableCell(text, 0.0, **style) for text in (*numbers, size)),
        TableCell(backup.problem or reason(backup.file), icon=None if good else icon("warning", "warn"), **style),
    ]


class AutoBackups(QObject):
    """Backs up the open project every quarter of an hour if something changed."""

    # On the media lane, at a checkpoint of a longer job; labels use the store lane and never wait for it.

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.timer = repeating(self, EVERY_MS, self.back_up)
        controller.opened.connect(self._opened)

    def _opened(self, context: ProjectContext | None) -> None:
        (self.timer.stop if context is None else self.timer.start)()

    def back_up(self) -> None:
        def work(context: ProjectContext, _token: CancelToken) -> None:
            learning.keep_points(context)
            context.project.keep_backup()

        if self._controller.context is not None:
            self._controller.ask(LaneName.MEDIA, work, quick=True)


class RestoreActions(WindowActions):
    def __init__(self, controller: Controller, messages: Messages, projects: ProjectActions, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._projects = projects
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
        dialog = RestoreDialog(folder.stem, backups, damaged, self._window)
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
