"""Results tab "Have I labelled enough?": accuracy by number of examples, measured in the background on request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import RunRecord
from mma_desktop.engine.training.learning_curve import CurveProgress, ShotCurve
from mma_desktop.services.training.label_sufficiency import EnoughOutcome, footnote, kept_curve, measure, verdict
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.train_text import time_left
from mma_desktop.ui.widgets.controls import (
    EmptyState,
    ProgressBar,
    bold,
    button,
    hint,
    in_column,
    in_row,
    scrolled,
    wrapped,
)
from mma_desktop.ui.widgets.series import BASE, NEW, WALK, LegendEntry

if TYPE_CHECKING:
    from mma_desktop.ui.results.shots_chart import ShotsChart

TITLE = later("Have I labelled enough?")
JOB = later("Measuring with fewer shots")
ASK = later(
    "Trains again as this training did, with 1, 2, 4, 8 and 16 shots per class, and measures each on "
    "the same images. It runs in the background, can be paused and stopped, and the answer is kept "
    "with the training."
)
OTHER = later("Another training is being measured.")
BESIDE = 640  # narrower, the entries of the legend stand below each other


class EnoughPanel(QStackedWidget):
    """Results tab with the question, the running job, and the answer."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._run: RunRecord | None = None
        self._measured: int | None = None
        self._progress: CurveProgress | None = None
        self._found: dict[int, ShotCurve] = {}
        self.curve: ShotCurve | None = None
        self.job: Job | None = None
        self.verdict = wrapped()
        bold(self.verdict)
        self.footnote = hint("")
        self.line = hint("")
        self.ask_button = button(tr(TITLE), "chart", primary=True)
        self.again_button = button(tr("Measure again"), "refresh")
        self.stop_button = button(tr("Stop"), "stop", tip=tr("Stop measuring; nothing of it is kept"))
        self.bar = ProgressBar()
        self.state = hint("")
        self._empty = EmptyState("chart", tr(TITLE), tr(ASK), (self.ask_button,))
        self.addWidget(self._empty)
        self.addWidget(scrolled(self._answer()))
        self.ask_button.clicked.connect(self.start)
        self.again_button.clicked.connect(self.start)
        self.stop_button.clicked.connect(self.stop)
        controller.opened.connect(self._opened)
        controller.bridge.job_changed.connect(self._job_changed)

    def _answer(self) -> QWidget:
        inner, self._work = QWidget(), QWidget()
        in_row((self.bar, 1), (self.state, 2), self.stop_button, inside=self._work, margins=(0, 0, 0, 0), spacing=8)
        self._legend = in_row(
            LegendEntry(BASE, tr("Base, with 95% interval")),
            LegendEntry(NEW, tr("New, never trained on")),
            LegendEntry(None, tr("Zero-shot")),
            None,
            self.again_button,
            spacing=20,
        )
        parts = (self.verdict, self._work, self._legend, self.line, self.footnote)
        self._column = in_column(*parts, inside=inner, margins=(12, 12, 12, 12))
        return inner

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= BESIDE
        self._legend.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._legend.setSpacing(20 if wide else 2)

    # ------------------------------------------------------------------ display

    @cached_property
    def chart(self) -> ShotsChart:
        """The curve, created when there is something to show."""
        from mma_desktop.ui.results.shots_chart import ShotsChart

        chart = ShotsChart()
        self._column.insertWidget(self._column.indexOf(self.line), chart, 1)
        chart.message.connect(self.line.setText)
        return chart

    def show_run(self, run: RunRecord | None) -> None:
        """Show a run's stored measurement, the running one, or the question."""
        self._run = run
        busy = self._busy
        running = busy and run is not None and self._measured == run.id
        curve = None if run is None else self._found.get(run.id) or kept_curve(run)
        if running and self._progress is not None:
            curve = self._progress.curve or curve
        self.setCurrentIndex(1 if running or curve is not None else 0)
        self.ask_button.setEnabled(run is not None and not busy)
        self._empty.set_texts(tr(TITLE), f"{tr(OTHER)} {tr(ASK)}" if busy else tr(ASK))
        self.again_button.setEnabled(not busy)
        self.again_button.setVisible(not running)
        self._work.setVisible(busy)
        for one in (self.bar, self.stop_button):
            one.setVisible(running)
        if not running:
            self.state.setText(tr(OTHER) if busy else "")
        self._show_curve(curve, finished=not running)

    def _show_curve(self, curve: ShotCurve | None, *, finished: bool) -> None:
        self.curve = curve
        if self.currentIndex() == 1:
            self.chart.show_curve(curve)
        self.line.setText(tr(WALK) if curve is not None else "")
        answered = curve if finished else None
        self.verdict.setText(tr(JOB) if answered is None else verdict(answered))
        self.footnote.setText("" if answered is None else footnote(answered))

    def _opened(self, _context: object) -> None:
        self._measured, self._progress, self.job = None, None, None
        self._found.clear()
        self.show_run(None)

    @property
    def _busy(self) -> bool:
        return self.job is not None and not self.job.finished

    # ------------------------------------------------------------------ the job

    def start(self) -> None:
        run, context = self._run, self._controller.context
        if run is None or context is None or self._busy:
            return
        run_id = run.id
        self._measured, self._progress = run_id, None

        def done(outcome: EnoughOutcome) -> None:
            self._found[run_id] = outcome.curve
            self._controller.changed.emit(outcome.changes)
            self._controller.notice.emit(verdict(outcome.curve))

        def finished() -> None:
            if self.job is job:  # always called, even if `_opened` has dropped the job
                self._measured, self._progress, self.job = None, None, None
                self.show_run(self._run)

        job = self.job = self._controller.bridge.run(
            LaneName.ENGINE,
            tr(JOB),
            lambda token: measure(context, run_id, token),
            event=self._take,
            done=done,
            finished=finished,
            context=context,
        )
        self.state.setText(tr("Waiting"))
        self.bar.show_progress(0, None)
        self.show_run(run)
        self.stop_button.setFocus()

    def stop(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def _take(self, progress: Progress) -> None:
        if not isinstance(progress, CurveProgress):
            if progress.changes is not None:
                self._controller.changed.emit(progress.changes)
            return
        self._progress = progress
        if self._run is not None and self._run.id == self._measured:
            self._show_curve(progress.curve, finished=False)

    def _job_changed(self, job: Job, progress: Progress | None) -> None:
        if job is not self.job or progress is None:
            return
        self.state.setText(", ".join(filter(None, (progress.message, time_left(progress)))))
        self.bar.show_progress(progress.done, progress.total)
