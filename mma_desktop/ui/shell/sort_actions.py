"""Use predictions to sort images into a new folder, or to write keywords beside images."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Written
from mma_desktop.services.formats.sorting import sort_project, write_project_keywords
from mma_desktop.services.predicting.sidecars import KeywordReport
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.shell.export_actions import file_stem
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.use.sort_dialog import KeywordsDialog, SortDialog, Wish
from mma_desktop.ui.widgets.windows import open_once, show_in_folder

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
        menus.export["sorted"].triggered.connect(self.sort)
        menus.export["keywords"].triggered.connect(self.keywords)

    def _forget(self, _context: ProjectContext | None) -> None:
        self._last = None

    def _offered(self, context: ProjectContext) -> Wish:
        """What was chosen last, with a folder that is not there yet."""
        name = f"{file_stem(context.project.name)} sorted"
        last = self._last or Wish(Path.home() / name)
        out, number = last.out.with_name(name), 2
        while out.exists():
            out, number = last.out.with_name(f"{name} {number}"), number + 1
        return replace(last, out=out)

    def sort(self) -> None:
        context = self._controller.open_context
        dialog = SortDialog(self._controller, self._offered(context), self._window)
        dialog.chosen.connect(partial(self._sort, context))
        open_once(dialog)

    def _sort(self, context: ProjectContext, wish: Wish) -> None:
        if self._controller.context is not context:  # another project may have been opened while the dialog was shown
            return
        self._last = wish
        self._controller.ask(
            LaneName.MEDIA,
            lambda project, token: sort_project(
                project, wish.out, wish.images, wish.limit, token, labelled=wish.labelled
            ),
            self._sorted,
            title=tr("Sorting into folders"),
            outlives=True,
        )

    def _sorted(self, written: Written) -> None:
        sentence = tr("Written to {file}: {count_sentence}", file=written.path, count_sentence=written.sentence)
        severity = "warn" if written.left_out else "good"
        show = partial(show_in_folder, written.path)
        self._messages.show_message(sentence, severity, tr("Show in folder"), show, KIND)

    def keywords(self) -> None:
        context = self._controller.open_context
        dialog = KeywordsDialog(self._controller, self._offered(context), self._window)
        dialog.chosen.connect(partial(self._write, context))
        open_once(dialog)

    def _write(self, context: ProjectContext, wish: Wish) -> None:
        if self._controller.context is not context:
            return
        self._last = replace(self._offered(context), limit=wish.limit, labelled=wish.labelled)
        self._controller.ask(
            LaneName.MEDIA,
            lambda project, token: write_project_keywords(project, wish.limit, token, labelled=wish.labelled),
            self._written,
            title=tr("Writing keywords"),
            outlives=True,
        )

    def _written(self, report: KeywordReport) -> None:
        severity = "warn" if report.trouble or report.left_out or report.stopped else "good"
        self._messages.show_message(report.sentence(), severity, kind=KIND)
