"""Exports: choose a path, write, and offer to show the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting, python_snippets
from mma_desktop.services.formats.dataset import Written
from mma_desktop.services.formats.exporting import export
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.training import learning, report
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.dialogs.export_formats import ExportFormatsDialog, ExportWish
from mma_desktop.ui.dialogs.how_to_use import HowToUseDialog
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.shell.model_exports import WholeExports
from mma_desktop.ui.widgets.windows import ask_where, open_file, open_once, show_in_folder

NO_MODEL = later("There is no model yet. Label at least one picture of two classes.")


def titles() -> dict[str, str]:
    """Return what each export is called, by its id."""
    return {one.id: tr(one.title) for one in EXPORTS}


def file_stem(name: str) -> str:
    """Return a name that is valid at the start of a file name on every system."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", name).strip(" .")[:80] or "project"


class ExportActions(QObject):
    """Each export asks for a path without blocking, runs in the background and offers to show what it wrote."""

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._messages = messages
        self._window = window
        self._last_folder = ""
        menus.export["model"].triggered.connect(partial(self.adapter, None))
        menus.export["report"].triggered.connect(partial(self.report, None))
        menus.export["predictions"].triggered.connect(self.predictions)
        menus.export["pictures"].triggered.connect(self.pictures)
        WholeExports(controller, menus, self.with_run, self._offered, self._tell, window)

    def predictions(self) -> None:
        """Export the predictions of the unlabelled images as CSV."""
        self._save(
            titles()["predictions"],
            tr("Exporting predictions"),
            " predictions.csv",
            lambda context, _token, out: exporting.predictions(context, out),
        )

    def report(self, run_id: int | None = None) -> None:
        """Export an HTML report on a training; by default on the model."""

        def chosen(run: RunRecord) -> None:
            def work(context: ProjectContext, token: CancelToken, out: Path) -> object:
                return report.write(context, report.of_run(context, run), out, token)

            self._save(titles()["report"], tr("Writing a report"), " report.html", work, None, run.name)

        learned = self._learned()
        if learned is not None and run_id is None:
            chosen(learned.run)
        else:
            self.with_run(run_id, chosen)

    def _learned(self) -> learning.Learned | None:
        context = self._controller.context
        return context.state_of(learning.Learning).learned if context is not None and learning.in_use(context) else None

    def with_run(self, run_id: int | None, chosen: Callable[[RunRecord], None]) -> None:
        """Continue with the given training, else the one in use, else the newest.

        A learning model in use is saved as a run first, and remains in use.
        """
        context = self._controller.open_context
        if run_id is None and self._learned() is not None:
            self._controller.store_learned(chosen)
            return

        def answer(runs: list[RunRecord]) -> None:
            wanted = run_id if run_id is not None else next((one.id for one in runs if context.is_current(one)), None)
            run = next((run for run in runs if wanted is None or run.id == wanted), None)
            if run is None:
                self._messages.show_message(tr(NO_MODEL), "warn")
            else:
                chosen(run)

        self._controller.ask(LaneName.STORE, lambda context, _t: context.project.runs(), answer)

    def adapter(self, run_id: int | None = None) -> None:
        """Export the model of a training; by default the one in use, or else the newest."""

        def answer(run: RunRecord) -> None:
            self._save(
                titles()["model"],
                tr("Exporting the model"),
                ".safetensors",
                lambda context, _token, out: exporting.adapter(context, run.id, out),
                python_snippets.of_adapter,
                run.name,
            )

        self.with_run(run_id, answer)

    def _written(self, form: str, written: Written) -> None:
        sentence = tr("Written to {file}: {count_sentence}", file=written.path, count_sentence=written.sentence)
        severity = "warn" if written.left_out else "good"
        self._tell(written.path, sentence, python_snippets.of_data(written.path, form), severity)

    def pictures(self) -> None:
        """Export labels and pictures in a format that is asked for."""
        context = self._controller.open_context
        name = f"{file_stem(context.project.name)} data"
        with_none = context.none_of_these is not None
        dialog = ExportFormatsDialog(name, Path(self._folder()), self._window, with_none=with_none)

        def chosen(wish: ExportWish) -> None:
            # The user may have opened another project while the dialog was shown.
            if self._controller.context is context:
                self._last_folder = str(wish.out.parent)
                self._write(wish)

        dialog.chosen.connect(chosen)
        open_once(dialog)

    def _write(self, wish: ExportWish) -> None:
        def work(context: ProjectContext, token: CancelToken) -> object:
            parts = (context, wish.format, wish.out, token, wish.images)
            return export(*parts, splits=wish.splits, labelled_only=wish.labelled_only, none=wish.none)

        title = tr("Exporting {format}", format=tr(wish.format.title))
        self._controller.ask(LaneName.MEDIA, work, partial(self._written, wish.format.id), title=title, outlives=True)

    def _offered(self, ending: str) -> Path:
        """Return a path named after the project, with an ending that is the same in every language."""
        return Path(self._folder()) / f"{file_stem(self._controller.open_context.project.name)}{ending}"

    def _folder(self) -> str:
        return self._last_folder or str(Path.home())

    def _save(
        self,
        title: str,
        job: str,
        ending: str,
        work: Callable[[ProjectContext, CancelToken, Path], object],
        code: Callable[[Path], str] | None = python_snippets.of_data,
        run_name: str = "",
    ) -> None:
        """Ask for a path, write, and report it.

        Args:
            title: Title of the dialog.
            job: Title of the job.
            ending: What follows the project's name in the suggested file name.
            work: Writes the file.
            code: Python code that uses the file; None for files meant to be viewed.
            run_name: The training it is about, if it is about one.
        """

        def done(out: Path) -> None:
            run = tr("'{run}' written to {file}.", run=run_name, file=out)
            said = run if run_name else tr("Written to {file}.", file=out)
            if code is None:
                self._messages.show_message(said, "good", tr("Open"), lambda: open_file(out), kind="export")
            else:
                self._tell(out, said, code(out))

        def chosen(file: str) -> None:
            out = Path(file)
            self._last_folder = str(out.parent)
            self._controller.ask(
                LaneName.MEDIA, lambda context, token: work(context, token, out), done, title=job, outlives=True
            )

        ask_where(self._window, title, self._offered(ending), chosen)

    def _tell(self, out: Path, sentence: str, code: str, severity: str = "good") -> None:
        """Report what was written, and offer the code that uses it or a link to it."""
        self._last_folder = str(out.parent)

        def show() -> None:
            show_in_folder(out)

        def explain() -> None:
            open_once(HowToUseDialog(out, code, show, self._window))

        offer, act = (tr("How to use it"), explain) if code else (tr("Show in folder"), show)
        self._messages.show_message(sentence, severity, offer, act, kind="export")
