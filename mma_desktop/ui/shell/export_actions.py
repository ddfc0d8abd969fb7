"""Exports: choose a path, write, and offer to show the result, even after the project is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import clean_name, unused_path
from mma_desktop.core.types import RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting, exports
from mma_desktop.services.formats.dataset import ExportResult
from mma_desktop.services.formats.exporting import export, export_features, sort_project, write_project_keywords
from mma_desktop.services.formats.exports import EXPORTS
from mma_desktop.services.formats.kinds.xmp_keywords import KeywordReport
from mma_desktop.services.predicting.classifier import export_project_model
from mma_desktop.services.training import learning, report
from mma_desktop.services.training.snapshot import newest_request
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import WindowActions
from mma_desktop.ui.dialogs.place_dialog import (
    ExportFormatsDialog,
    ExportModelDialog,
    ExportRequest,
    KeywordsDialog,
    SortDialog,
    SortRequest,
)
from mma_desktop.ui.dialogs.text_dialogs import HowToUseDialog
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.messages import Messages
from mma_desktop.ui.widgets.windows import ask_where, open_file, open_once, show_in_folder

if TYPE_CHECKING:
    from mma_desktop.engine.export.model_writer import ExportedModel

KIND = "export"


def titles() -> dict[str, str]:
    return {export.id: tr(export.title) for export in EXPORTS}


class ExportActions(WindowActions):
    """Everything of the Export menu, and the model or the report of a training."""

    def __init__(self, controller: Controller, messages: Messages, menus: Menus, window: QWidget) -> None:
        super().__init__(controller, messages, window)
        self._last_folder = ""
        self._last: SortRequest | None = None
        self._run = partial(controller.ask, outlives=True)
        controller.opened.connect(self._forget)
        for name, act in {
            "model": partial(self.adapter, None),
            "report": partial(self.report, None),
            "predictions": self.predictions,
            "pictures": self.pictures,
            "whole_model": self.model,
            "features": self.features,
            "sorted": self.sort,
            "keywords": self.keywords,
        }.items():
            menus.export[name].triggered.connect(act)

    def _forget(self, _context: ProjectContext | None) -> None:
        self._last = None

    def report(self, run_id: int | None = None) -> None:
        def chosen(run: RunRecord) -> None:
            def work(context: ProjectContext, token: CancelToken, out: Path) -> object:
                return report.write(context, report.of_run(context, run), out, token)

            name = tr("{project} report", project=self._stem)
            self._save(titles()["report"], tr("Writing a report"), f"{name}.html", work, None, run.name)

        learned = self._learned()
        if learned is not None and run_id is None:
            chosen(learned.run)
        else:
            self.with_run(run_id, chosen)

    def _learned(self) -> learning.Learned | None:
        context = self._controller.context
        return None if context is None else learning.used(context)

    def with_run(self, run_id: int | None, chosen: Callable[[RunRecord], None]) -> None:
        """Continue with the given training, else the one in use, else the newest."""
        # A learning model in use is saved as a run first, and remains in use.
        context = self._controller.open_context
        if run_id is None and self._learned() is not None:
            self._controller.store_learned(chosen)
            return

        def answer(runs: list[RunRecord]) -> None:
            wanted = run_id if run_id is not None else next((run.id for run in runs if context.is_current(run)), None)
            run = next((run for run in runs if wanted is None or run.id == wanted), None)
            if run is None:
                self._messages.show_message(tr(learning.NO_MODEL), "warn")
            else:
                chosen(run)

        self._controller.ask_runs(answer)

    def adapter(self, run_id: int | None = None) -> None:
        def answer(run: RunRecord) -> None:
            self._save(
                titles()["model"],
                tr("Exporting the model"),
                f"{self._stem}.safetensors",
                lambda context, _token, out: exporting.adapter(context, run.id, out),
                exports.adapter_code,
                run.name,
            )

        self.with_run(run_id, answer)

    def model(self) -> None:
        def ask(run: RunRecord) -> None:
            dialog = ExportModelDialog(self._stem, self._folder, self._window)
            dialog.chosen.connect(partial(self._write_model, run.id))
            open_once(dialog)

        self.with_run(None, ask)

    def _write_model(self, run_id: int, form: str, out: Path) -> None:
        def done(written: ExportedModel) -> None:
            self._show_result(
                out,
                tr(
                    "The classifier of {classes} is in {file}. Its probabilities of {pictures} "
                    "are the same there, to within {difference:.1g}.",
                    classes=text_format.classes(len(written.metadata["class_names"])),
                    file=out,
                    pictures=text_format.pictures(written.pictures),
                    difference=written.largest_difference,
                ),
                exports.model_code(out, form, written.metadata),
            )

        def work(context: ProjectContext, token: CancelToken) -> object:
            return export_project_model(context, run_id, form, out, token)

        self._run(LaneName.ENGINE, work, done, title=tr("Exporting the classifier"))

    def predictions(self) -> None:
        name = tr("{project} predictions", project=self._stem)
        self._save(
            titles()["predictions"],
            tr("Exporting predictions"),
            f"{name}.csv",
            lambda context, _token, out: exporting.predictions(context, out),
        )

    def pictures(self) -> None:
        context = self._controller.open_context
        name = tr("{project} data", project=self._stem)
        with_none = context.none_of_these is not None
        dialog = ExportFormatsDialog(name, self._folder, self._window, with_none=with_none)

        def chosen(request: ExportRequest) -> None:
            def work(context: ProjectContext, token: CancelToken) -> object:
                parts = (context, request.format, request.out, token, request.images)
                return export(*parts, splits=request.splits, labelled_only=request.labelled_only, none=request.none)

            def done(written: ExportResult) -> None:
                self._show_written(written, exports.data_code(written.path, request.format.id))

            # The user may have opened another project while the dialog was shown.
            if self._controller.context is context:
                self._last_folder = str(request.out.parent)
                self._run(LaneName.MEDIA, work, done, title=tr("Exporting {format}", format=tr(request.format.title)))

        dialog.chosen.connect(chosen)
        open_once(dialog)

    def features(self) -> None:
        def chosen(file: str) -> None:
            def work(context: ProjectContext, token: CancelToken) -> object:
                return export_features(context, Path(file), newest_request(context.project.runs()), token)

            def done(written: ExportResult) -> None:
                self._show_result(written.path, written.sentence, exports.features_code(written.path))

            self._run(LaneName.ENGINE, work, done, title=tr("Exporting features"))

        name = tr("{project} features", project=self._stem)
        ask_where(self._window, tr("Labels and features"), self._folder / f"{name}.safetensors", chosen)

    def sort(self) -> None:
        def work(context: ProjectContext, token: CancelToken, request: SortRequest) -> object:
            return sort_project(context, request.out, request.images, request.limit, token, labelled=request.labelled)

        self._by_prediction(SortDialog, tr("Sorting into folders"), work, self._show_written)

    def keywords(self) -> None:
        def work(context: ProjectContext, token: CancelToken, request: SortRequest) -> object:
            return write_project_keywords(context, request.limit, token, labelled=request.labelled)

        def done(written: KeywordReport) -> None:
            severity = "warn" if written.trouble or written.left_out or written.stopped else "good"
            self._messages.show_message(written.sentence(), severity, kind=KIND)

        self._by_prediction(KeywordsDialog, tr("Writing keywords"), work, done)

    def _by_prediction(
        self,
        kind: type[SortDialog | KeywordsDialog],
        title: str,
        work: Callable[[ProjectContext, CancelToken, SortRequest], object],
        done: Callable[[Any], None],
    ) -> None:
        """Ask for the limit of confidence and the rest, then do the work."""
        context, name = self._controller.open_context, tr("{project} sorted", project=self._stem)
        last = self._last or SortRequest(Path.home() / name)
        dialog = kind(self._controller, replace(last, out=unused_path(last.out.parent, name, "")), self._window)

        def chosen(request: SortRequest) -> None:
            if self._controller.context is context:
                self._last = request
                self._run(LaneName.MEDIA, lambda project, token: work(project, token, request), done, title=title)

        dialog.chosen.connect(chosen)
        open_once(dialog)

    @property
    def _folder(self) -> Path:
        """Where files are offered to be written."""
        return Path(self._last_folder or Path.home())

    @property
    def _stem(self) -> str:
        return clean_name(self._controller.open_context.project.name) or "project"

    def _save(
        self,
        title: str,
        job: str,
        name: str,
        work: Callable[[ProjectContext, CancelToken, Path], object],
        code: Callable[[Path], str] | None = exports.data_code,
        run_name: str = "",
    ) -> None:
        """Ask for a path, write, and report it, of a training by its name.

        `name` is that of the suggested file; `code` is Python that uses the file, None for one to be viewed.
        """

        def done(out: Path) -> None:
            run = tr("'{run}' written to {file}.", run=run_name, file=out)
            sentence = run if run_name else tr("Written to {file}.", file=out)
            if code is None:
                self._messages.show_message(sentence, "good", tr("Open"), lambda: open_file(out), kind=KIND)
            else:
                self._show_result(out, sentence, code(out))

        def chosen(file: str) -> None:
            out = Path(file)
            self._last_folder = str(out.parent)
            self._run(LaneName.MEDIA, lambda context, token: work(context, token, out), done, title=job)

        ask_where(self._window, title, self._folder / name, chosen)

    def _show_result(self, out: Path, sentence: str, code: str, severity: str = "good") -> None:
        """Report what was written, and offer the code that uses it or a link to it."""
        self._last_folder = str(out.parent)
        show = partial(show_in_folder, out)

        def explain() -> None:
            open_once(HowToUseDialog(out, code, show, self._window))

        offer, act = (tr("How to use it"), explain) if code else (tr("Show in folder"), show)
        self._messages.show_message(sentence, severity, offer, act, kind=KIND)

    def _show_written(self, written: ExportResult, code: str = "") -> None:
        sentence = tr("Written to {file}: {count_sentence}", file=written.path, count_sentence=written.sentence)
        self._show_result(written.path, sentence, code, "warn" if written.left_out else "good")
