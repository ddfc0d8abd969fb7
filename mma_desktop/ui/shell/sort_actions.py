"""Use predictions to sort images into folders (with undo), or to write keywords beside images."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.file_check import FileCheck
from mma_desktop.services.predicting.project_sorting import sort_project, undo_project_sort, write_project_keywords
from mma_desktop.services.predicting.sidecars import KeywordReport
from mma_desktop.services.predicting.sorting import SortReport, UndoReport, Way
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.predict.sort_dialog import KeywordsDialog, SortDialog, Wish
from mma_desktop.ui.shell.export_actions import file_stem
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets.windows import open_once

KIND = "sort"


class SortActions(QObject):
    """Each action asks without blocking, runs in the background and reports the result.

    The report is shown even after the project is closed: it is about the user's files.
    """

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._messages, self._window = controller, messages, window
        self._last: Wish | None = None
        controller.opened.connect(self._forget)
        menus.sort_pictures.triggered.connect(self.sort)
        menus.write_keywords.triggered.connect(self.keywords)

    def _forget(self, _context: ProjectContext | None) -> None:
        self._last = None

    def _offered(self, context: ProjectContext) -> Wish:
        name = f"{file_stem(context.project.name)} sorted"
        return self._last or Wish(Path.home() / name)

    def sort(self) -> None:
        context = self._controller.open_context
        dialog = SortDialog(self._controller, self._offered(context), self._window)
        dialog.undo_asked.connect(self.undo)
        dialog.chosen.connect(partial(self._sort, context))
        open_once(dialog)

    def _sort(self, context: ProjectContext, wish: Wish) -> None:
        if self._controller.context is not context:  # another project may have been opened while the dialog was shown
            return
        self._last = wish
        self._controller.bridge.run(
            LaneName.MEDIA,
            tr("Sorting into folders"),
            lambda token: sort_project(context, wish.out, wish.way, wish.limit, token, labelled=wish.labelled),
            event=partial(self._followed, context),
            done=partial(self._sorted, context),
        )

    def _followed(self, context: ProjectContext | None, progress: Progress) -> None:
        if progress.changes is not None and self._controller.context is context:
            self._controller.changed.emit(progress.changes)

    def _look(self, context: ProjectContext | None) -> None:
        """Check the moved files again: a file may have seemed missing while it was being moved."""
        if context is not None and self._controller.context is context:
            self._controller.bridge.ask(
                LaneName.MEDIA,
                FileCheck(context, hashing=False).run,
                event=self._controller.take_progress,
                background=True,
                context=context,
            )

    def _sorted(self, context: ProjectContext, report: SortReport) -> None:
        if report.way is Way.MOVE:
            self._look(context)
        undo = "" if report.journal is None else tr("Undo")
        self._messages.show_message(report.sentence(), _severity(report), undo, partial(self.undo, report.out), KIND)

    def undo(self, out: Path) -> None:
        context = self._controller.context
        self._controller.bridge.run(
            LaneName.MEDIA,
            tr("Undoing the sort"),
            lambda token: undo_project_sort(context, out, token),
            event=partial(self._followed, context),
            done=partial(self._undone, context),
        )

    def _undone(self, context: ProjectContext | None, report: UndoReport) -> None:
        if report.way is Way.MOVE:
            self._look(context)
        again = tr("Try again") if report.left or report.stopped else ""
        severity = "warn" if again or report.note else "good"
        self._messages.show_message(report.sentence(), severity, again, partial(self.undo, report.out), KIND)

    def keywords(self) -> None:
        context = self._controller.open_context
        dialog = KeywordsDialog(self._controller, self._offered(context), self._window)
        dialog.chosen.connect(partial(self._write, context))
        open_once(dialog)

    def _write(self, context: ProjectContext, wish: Wish) -> None:
        if self._controller.context is not context:
            return
        self._last = replace(self._offered(context), limit=wish.limit, labelled=wish.labelled)
        self._controller.bridge.run(
            LaneName.MEDIA,
            tr("Writing keywords"),
            lambda token: write_project_keywords(context, wish.limit, token, labelled=wish.labelled),
            done=self._written,
        )

    def _written(self, report: KeywordReport) -> None:
        self._messages.show_message(report.sentence(), _severity(report), kind=KIND)


def _severity(report: SortReport | KeywordReport) -> str:
    return "warn" if report.trouble or report.left_out or report.stopped else "good"
