"""Controller of "Compare methods" on the train page: the job, its rows, and using an adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import RunRecord
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import method_comparison
from mma_desktop.services.training.method_comparison import ComparingOutcome, ComparingProgress, MethodRow
from mma_desktop.ui.base.window_state import restore_columns
from mma_desktop.ui.results.method_rows import Rows
from mma_desktop.ui.results.run_model import in_use
from mma_desktop.ui.results.runs_panel import RunsPanel
from mma_desktop.ui.train.train_form import TrainForm, with_weights
from mma_desktop.ui.widgets.windows import bring_to_front

if TYPE_CHECKING:
    from mma_desktop.ui.base.controller import Controller
    from mma_desktop.ui.results.compare_methods import CompareMethodsDialog

JOB = later("Comparing methods")


class ComparingMethods(QObject):
    """Runs a comparison of methods, which continues while the dialog is closed.

    Args:
        form: Provides shots, seed, backbone, device, and what prevents a training.
        runs: Shows the training of a row whose adapter is used.
        parent: The train page.

    Signals:
        opened: The dialog is open, so what prevents a training must be checked.
    """

    opened = Signal()

    def __init__(self, form: TrainForm, runs: RunsPanel, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._runs_panel = runs
        self._widget = parent
        self._controller = controller
        self._methods: list[str] = []
        self._rows: tuple[MethodRow, ...] = ()
        self._runs: dict[int, RunRecord] = {}
        self._seen: set[int] = set()
        self._wanted = 0
        self._said = ""
        self.job: Job | None = None
        self.dialog: CompareMethodsDialog | None = None
        form.compare_button.clicked.connect(self.open)
        form.obstacle_changed.connect(self._tell_obstacle)
        form.changed.connect(self._tell_obstacle)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._show)
        controller.bridge.job_changed.connect(self._job_changed)

    @property
    def is_open(self) -> bool:
        return self.dialog is not None and self.dialog.isVisible()

    def open(self) -> None:
        """Show the dialog, with everything compared since the project was opened."""
        if self._controller.context is None:
            return
        if self.dialog is None:
            from mma_desktop.ui.results.compare_methods import CompareMethodsDialog

            # One dialog for the life of the window: Python must not collect its plot before Qt deletes it.
            self.dialog = CompareMethodsDialog(self._controller, self._widget.window())
            restore_columns(self._controller.settings, self.dialog)
            self.dialog.start.connect(self.start)
            self.dialog.stop.connect(self.stop)
            self.dialog.use.connect(self.use)
        bring_to_front(self.dialog)
        self.dialog.methods.setFocus()
        self.opened.emit()
        self._tell_obstacle()
        self._show()

    # ------------------------------------------------------------------ the job

    def start(self, methods: list[str]) -> None:
        context = self._controller.context
        if context is None or self._busy:
            return
        request = with_weights(self._form.shared(), context)
        self._methods, self._rows, self._said = methods, (), ""

        def finished() -> None:
            if self.job is job:  # always called, even if `_opened` has dropped the job
                self._finished()

        job = self.job = self._controller.bridge.run(
            LaneName.ENGINE,
            tr(JOB),
            lambda token: method_comparison.compare_methods(context, methods, request, token),
            event=self._take,
            done=self._done,
            failed=self._failed,
            finished=finished,
            context=context,
        )
        if self.dialog is not None:
            self.dialog.show_progress(tr("Waiting"))
        self._show()

    def stop(self) -> None:
        """Stop the comparison; finished methods are kept."""
        if self.job is not None:
            self.job.cancel()
            if self.dialog is not None:
                self.dialog.show_progress(tr("Stopping"))

    def use(self, run_id: int) -> None:
        """Predict with the adapter of a row, and show its training on the page."""
        self._wanted = run_id
        self._controller.use_run(run_id)

    @property
    def _busy(self) -> bool:
        return self.job is not None and not self.job.finished

    def _take(self, progress: Progress) -> None:
        if isinstance(progress, ComparingProgress):
            self._rows = progress.rows
        if progress.changes is not None:
            self._controller.changed.emit(progress.changes)
        self._show()

    def _done(self, outcome: ComparingOutcome) -> None:
        self._rows = outcome.rows
        trained = sum(not row.reason for row in outcome.rows)
        refused = len(outcome.rows) - trained
        self._said = (
            tr(
                "{n} method compared, {refused} not possible: the table says why.",
                "{n} methods compared, {refused} not possible: the table says why.",
                trained,
                refused=refused,
            )
            if refused
            else tr("{n} method compared.", "{n} methods compared.", trained)
        )
        self._controller.changed.emit(outcome.changes)
        self._controller.notice.emit(self._said)

    def _failed(self, sentence: str) -> None:
        at = len(self._rows)  # the method that was being trained, if any was left
        self._said = (
            tr("{method} failed.", method=tr(find_method(self._methods[at]).title))
            if at < len(self._methods)
            else tr("No method could be trained.")
        )
        if self.dialog is not None and self.is_open:
            self.dialog.message.show_message(sentence, "bad")
        elif self.job is not None and isinstance(self.job.error, UserError):  # the bridge has already reported a bug
            self._controller.bridge.problem.emit(tr(JOB), sentence)

    def _finished(self) -> None:
        self.job = None
        if not self._said:
            kept = sum(bool(row.run_id) for row in self._rows)
            self._said = tr("Stopped. {n} finished training kept.", "Stopped. {n} finished trainings kept.", kept)
        self._show()
        self._tell_obstacle()

    def _job_changed(self, job: Job, progress: Progress | None) -> None:
        if job is self.job and progress is not None and self.dialog is not None and not job.token.cancelled:
            said, total = progress.message, progress.total
            if total:
                step = min(progress.done + 1, total)
                said = tr("{step} of {total}: {message}", step=step, total=total, message=said)
            self.dialog.show_progress(said, progress.done, total)

    # ------------------------------------------------------------------ display

    def _opened(self, context: ProjectContext | None) -> None:
        self._rows, self._said, self._wanted, self.job = (), "", 0, None
        self._runs.clear()
        self._seen.clear()
        if self.dialog is not None:
            self.dialog.message.dismiss()
            if context is None:
                self.dialog.reject()
            self._show()

    def _changed(self, changes: Changes) -> None:
        if not changes.runs or not self._rows:
            return
        self._controller.ask_runs(self._runs_came, (self, "runs"))
        if self._wanted:  # after the page has requested its runs, so that this one is selected among them
            self._runs_panel.reload(select=self._wanted)
            self._wanted = 0

    def _runs_came(self, runs: list[RunRecord]) -> None:
        self._runs = {run.id: run for run in runs}
        self._seen |= set(self._runs)
        self._show()

    def _in_use(self) -> int:
        context, runs = self._controller.context, self._runs
        used = (row.run_id for row in self._rows if row.run_id in runs and in_use(context, runs[row.run_id]))
        return next(used, 0)

    def _show(self) -> None:
        if self.dialog is None:
            return
        # A row exists before the runs are fetched again: only a run seen among them once can count as deleted.
        self.dialog.show_rows(Rows(self._rows, frozenset(self._seen - set(self._runs)), self._in_use()))
        self.dialog.show_running(self._busy)
        if not self._busy:
            self.dialog.show_progress(self._said)

    def _tell_obstacle(self) -> None:
        if self.dialog is not None and self._controller.context is not None:
            self.dialog.show_request(self._form.shared())
            self.dialog.show_obstacle(self._form.standing)
