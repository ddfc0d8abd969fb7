"""Trainings: the form on the left, live curves and results on the right. Behind Advanced on the Results page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes, EpochEvent, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import Job
from mma_desktop.core.settings import Settings
from mma_desktop.core.types import STARTER_ID, Finding, QuickFix, Role, RunRecord, TrainRequest
from mma_desktop.services.training.project_training import TrainOutcome
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.order_box import NO_BACKBONE
from mma_desktop.ui.results.run_model import evaluation_of, method_title, trained_on
from mma_desktop.ui.results.run_views import RunViews
from mma_desktop.ui.results.runs_panel import RunsPanel
from mma_desktop.ui.results.saved_curves import CurveData, saved_curves
from mma_desktop.ui.results.train_text import (
    BASE_LATER,
    NO_BASE,
    epochs_of,
    facts,
    how_far,
    no_new,
    no_new_words,
    ready,
)
from mma_desktop.ui.train.compare_methods_controller import ComparingMethods
from mma_desktop.ui.train.other_backbones import OtherBackbones
from mma_desktop.ui.train.restore_run import fill
from mma_desktop.ui.train.retrain_notice import RetrainNotice
from mma_desktop.ui.train.score_cards import BigNumbers
from mma_desktop.ui.train.train_form import TrainForm, with_weights
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import EmptyState, InfoBar, button, in_column, in_row
from mma_desktop.ui.widgets.elided import elided_heading, elided_hint
from mma_desktop.ui.widgets.text_format import asks
from mma_desktop.ui.widgets.timers import single_shot

if TYPE_CHECKING:
    from mma_desktop.ui.results.curves import CurvesPanel

CHECK_MS = 120


class TrainPage(QWidget):
    """Page for training adapters and examining the results.

    Signals:
        go_to_label, go_to_predict: Show another page.
    """

    go_to_label = Signal()
    go_to_predict = Signal()

    def __init__(self, controller: Controller, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._active = False
        self._engine_told = ""
        self.shown_run: RunRecord | None = None
        """The training shown."""
        self._live = self._data = CurveData()
        self._histories: dict[int, CurveData] = {}
        self.curves: CurvesPanel | None = None
        self.form = TrainForm(settings)
        self.runs = RunsPanel(controller)
        self.numbers = BigNumbers()
        self.message = InfoBar(passing=True)
        self.methods = ComparingMethods(self.form, self.runs, controller, self)
        self._check_timer = single_shot(self, CHECK_MS, self._check)
        self._build()
        self._connect()
        self._opened()

    # ------------------------------------------------------------------ layout

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        left = QWidget(self.splitter)
        self.sides = QTabWidget(left)
        self.sides.setDocumentMode(True)
        self.sides.addTab(self.form, tr("New training"))
        self.sides.addTab(self.runs, tr("Trainings"))
        self.sides.tabBar().setDrawBase(False)
        self.sides.tabBar().setAccessibleName(tr("Trainings"))
        self.sides.setAccessibleName(self.sides.tabBar().accessibleName())
        self.sides.setMinimumWidth(330)
        in_column(self.sides, inside=left, margins=(12, 8, 8, 12))
        self._right()
        self.splitter.setObjectName("train")
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([350, 830])
        in_column(self.splitter, inside=self, margins=(0, 0, 0, 0))

    def _right(self) -> None:
        right = QWidget(self.splitter)
        self.title = elided_heading()
        self.subtitle = elided_hint()
        self.predict_button = button(tr("Predict", "page"), "predict")
        self.export_button = button(asks(tr("Export")), "export", tip=tr("Export the adapter"))
        titles = in_column(self.title, self.subtitle, spacing=0)
        self.head = in_row((titles, 1), self.predict_button, self.export_button, spacing=8)
        self.retrain = RetrainNotice(self._controller, self.start)
        parts = (self.head, self.message, self.retrain, self.numbers)
        column = in_column(*parts, inside=right, margins=(12, 12, 12, 12), spacing=10)
        self.tabs = RunViews(self._controller, self._curve_stack())  # after the header in the tab order
        column.addWidget(self.tabs, 1)
        self._column = column

    def add_notice(self, bar: InfoBar) -> None:
        """Show a notice below the page's own message."""
        self._column.insertWidget(self._column.indexOf(self.message) + 1, bar)

    def _curve_stack(self) -> QStackedWidget:
        self._empty = EmptyState("chart", "", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        return self._stack

    def _connect(self) -> None:
        controller = self._controller
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_loading.connect(self._engine_loading)
        controller.engine_failed.connect(self._engine_failed)
        controller.engine_ready.connect(self._engine_ready)
        controller.train_started.connect(self._train_started)
        controller.epoch.connect(self._epoch)
        controller.train_finished.connect(self._train_finished)
        controller.bridge.job_changed.connect(self._job_changed)
        form = self.form
        form.changed.connect(self.check_soon)
        form.start_button.clicked.connect(self.start)
        form.stop_button.clicked.connect(self.stop)
        form.checklist.fix_requested.connect(self._fix)
        self.methods.opened.connect(self.check_soon)
        form.device_picked.connect(self._device_picked)
        form.picker.picked.connect(self._backbone_picked)
        form.picker.weights_picked.connect(self._weights_picked)
        OtherBackbones(form.picker, controller)
        form.checklist.retry.connect(self._prepare)
        form.checklist.starter.connect(self._use_starter)
        self.runs.selected.connect(self._run_selected)
        self.runs.counted.connect(self._runs_counted)
        self.runs.restore_requested.connect(self._restore)
        self.predict_button.clicked.connect(self.predict)
        self.export_button.clicked.connect(self._export)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(self.start)  # works wherever the keyboard focus is, while the page is shown

    # ------------------------------------------------------------------ showing and hiding

    def set_active(self, active: bool) -> None:
        """React to the page being shown or hidden. The curves are built when first shown."""
        self._active = active
        if not active:
            self._save_form()
            return
        self.form.reload_settings()
        self.check_soon()
        if self.window().focusWidget() is None or not self.isAncestorOf(self.window().focusWidget()):
            first = self.form.method if self.sides.currentWidget() is self.form else self.runs.list
            (self.focusWidget() or first).setFocus()
        if self.curves is None:
            QTimer.singleShot(0, self, self._build_curves)

    def _build_curves(self) -> None:
        if self.curves is not None:
            return
        from mma_desktop.ui.results.curves import CurvesPanel

        self.curves = CurvesPanel()
        self._stack.addWidget(self.curves)
        self._show_curves(self._data)

    def _opened(self) -> None:
        self._engine_told = ""
        self._histories.clear()
        self.message.dismiss()
        self._show_run(None)
        self.form.set_findings(None)
        self.form.set_failed("", "")
        self._show_backbone()
        self._wait_for_engine()
        self.check_soon()

    def _changed(self, changes: Changes) -> None:
        if changes.settings:
            self._show_backbone()
        if changes.classes or changes.labels or changes.images_removed or changes.images_added:
            self.check_soon()

    def _save_form(self) -> None:
        try:
            self.form.save()
        except UserError as error:
            self.message.show_message(str(error), "bad")

    # ------------------------------------------------------------------ checking

    def check_soon(self) -> None:
        """Check again what prevents a training, if the result is visible."""
        looked_at = self._active or self.methods.is_open
        if self._controller.context is not None and looked_at and not self._check_timer.isActive():
            self._check_timer.start()

    def _check(self) -> None:
        request = self.request()
        if request is None or self._controller.context is None:
            return

        def answer(findings: list[Finding]) -> None:
            self.form.set_findings(findings, ready(self._controller.context, request))

        self._controller.ask_check(request, answer, (self, "check"))

    def _fix(self, finding: Finding) -> None:
        context = self._controller.context
        if finding.fix is QuickFix.LABEL:
            self.go_to_label.emit()
        elif finding.fix is QuickFix.FEWER_SHOTS:
            self.form.shots.setValue(finding.shots)
        elif finding.fix is QuickFix.FIRST_HALF_BASE:
            self._controller.first_half_base()
        elif finding.fix is QuickFix.ALL_BASE and context is not None:
            self._controller.set_role([one.id for one in context.classes], Role.BASE)

    def _restore(self, run: RunRecord) -> None:
        """Fill the form with the settings of a run and report the result."""
        if self._controller.training is not None:
            self.message.show_message(tr("A training is running. Restore the settings when it is over."), "warn")
            return
        lost = fill(self.form, self._controller, run)
        self.sides.setCurrentIndex(0)
        self.form.start_button.setFocus()
        shots, seed = number_format.shots(self.form.shots.value()), self.form.seed.value()
        text = tr(
            "The settings of '{run}' are in the form: {shots} per class, seed {seed}.",
            run=run.name,
            shots=shots,
            seed=seed,
        )
        if lost:
            missing = tr("Not restored: {settings}.", settings="; ".join(lost))
            self.message.show_message(f"{text} {missing}", "warn")
        else:
            self.message.show_message(text, "good")

    # ------------------------------------------------------------------ backbone

    def _show_backbone(self) -> None:
        context = self._controller.context
        if context is not None:
            self.form.picker.show_backbone(context.backbone_id, context.weights_file)

    def _backbone_picked(self, backbone_id: str) -> None:
        self._controller.set_project_setting("weights_file", "")
        self._controller.set_project_setting("backbone", backbone_id)
        self._controller.prepare(backbone_id)

    def _weights_picked(self, backbone_id: str, path: Path) -> None:
        self._controller.set_project_setting("weights_file", str(path))
        self._controller.prepare(backbone_id, weights_file=path)

    def _device_picked(self, device: str) -> None:
        self._save_form()
        self._controller.prepare(device=device)

    def _use_starter(self) -> None:
        self.form.picker.show_backbone(STARTER_ID)
        self._backbone_picked(STARTER_ID)

    def _prepare(self) -> None:
        self._controller.prepare(self.form.picker.backbone_id)

    def _wait_for_engine(self) -> None:
        context = self._controller.context
        if self._controller.preparing is not None:
            self.form.picker.set_loading(tr("Loading the model"))
            self.form.set_waiting(tr("The backbone is loading. Training can start when it is here."))
        elif context is not None and not context.engine.ready:
            self.form.picker.set_idle(tr(NO_BACKBONE))
            self.form.set_waiting("")
        else:
            self.form.picker.set_idle(self._engine_told)
            self.form.set_waiting("")

    def _engine_loading(self, loading: bool) -> None:
        if loading:
            self._engine_told = ""
            self.form.set_failed("", "")
        self._wait_for_engine()

    def _engine_failed(self, sentence: str) -> None:
        self.form.picker.set_idle()
        self.form.set_failed(self.form.picker.backbone_id, sentence)
        self._ask_local()

    def _engine_ready(self, messages: list[str]) -> None:
        self.form.set_failed("", "")
        self._engine_told = " ".join(messages)
        self._wait_for_engine()
        self._ask_local()

    def _ask_local(self) -> None:
        """Check again which backbones are on this computer, after a download."""
        picker = self.form.picker
        self._controller.ask_local_backbones(picker.specs, picker.set_local)

    def _job_changed(self, job: Job, progress: Progress | None) -> None:
        if progress is None:
            return
        if job is self._controller.preparing:
            self.form.picker.set_loading(progress.message or tr("Loading the model"), progress.done, progress.total)
        elif job is self._controller.training and not self._live.phases:
            what, far = progress.message or tr("Preparing"), how_far(progress)
            self.numbers.progress.working(what, far, progress.done, progress.total)

    # ------------------------------------------------------------------ training

    def request(self) -> TrainRequest | None:
        """Return the form's request with the project's weights file."""
        request = self.form.request()
        return None if request is None else with_weights(request, self._controller.context)

    def start(self) -> None:
        """Start a training if nothing prevents it."""
        request = self.request()
        if request is None or self._controller.context is None or not self.form.start_button.isEnabled():
            return
        self._save_form()
        self._controller.train(request)

    def stop(self) -> None:
        if self._controller.training is not None:
            self._controller.training.cancel()

    def _train_started(self, request: TrainRequest) -> None:
        self._live = CurveData()
        self.shown_run = None
        self.message.dismiss()
        self.form.set_running(True)
        self.title.setText(tr("Training {method}", method=method_title(request.method)))
        self.subtitle.setText(trained_on(request.shots, request.seed, request.backbone))
        self.predict_button.setEnabled(False)
        self.export_button.setEnabled(False)
        self.numbers.reset()
        self.numbers.progress.working(tr("Preparing"))
        self.tabs.show_run(None, None)
        self.tabs.setCurrentIndex(0)
        self._show_curves(self._live)
        if self.curves is not None:
            self._stack.setCurrentWidget(self.curves)

    def _epoch(self, event: EpochEvent) -> None:
        no_base = tr(NO_BASE if event.zero_shot.base is None else BASE_LATER)
        self.numbers.show_epoch(event, no_base, no_new(self._controller.context))
        if self.curves is None:
            self._live.add(event)
        else:
            self.curves.add(event)
            self._stack.setCurrentWidget(self.curves)

    def _train_finished(self, outcome: TrainOutcome | None) -> None:
        self.form.set_running(False)
        self.check_soon()
        if outcome is None:
            self.numbers.progress.tell(tr("Training"), tr("Stopped"), tr("nothing of it was kept"))
            self.title.setText(tr("Stopped"))
            return
        self._histories[outcome.run.id] = self._live
        self._show_run(outcome.run)
        self.runs.reload(select=outcome.run.id)
        self.tabs.setCurrentIndex(1)
        self.predict_button.setFocus()

    # ------------------------------------------------------------------ runs

    def _runs_counted(self, count: int) -> None:
        self.sides.setTabText(1, tr("Trainings ({count:,})", count=count) if count else tr("Trainings"))

    def _run_selected(self, run: RunRecord | None) -> None:
        if self._controller.training is None and run != self.shown_run:
            self._show_run(run)

    def _show_run(self, run: RunRecord | None) -> None:
        self.shown_run = run
        self.predict_button.setEnabled(run is not None)
        self.export_button.setEnabled(run is not None)
        evaluation = evaluation_of(run) if run is not None else None
        if run is not None and evaluation is None:
            self.message.show_message(tr("The numbers of '{run}' cannot be read.", run=run.name), "bad")
        self.tabs.show_run(run, evaluation)
        if run is None or evaluation is None:
            self.title.setText(tr("Training") if run is None else run.name)
            self.subtitle.setText(tr("No training yet") if run is None else "")
            self.numbers.reset()
            self._show_history(None)
            return
        self.title.setText(run.name)
        self.subtitle.setText(facts(run))
        self.numbers.show_evaluation(evaluation, tr(NO_BASE), no_new_words(evaluation))
        self.numbers.progress.tell(tr("Finished"), *epochs_of(run))
        self._show_history(run)

    def _show_history(self, run: RunRecord | None) -> None:
        """Show the curves of a run: from memory, or else from what it stored."""
        title, text = tr("No curves yet"), tr("Start a training: loss and accuracy appear here as it runs.")
        if run is not None:
            title, text = tr("No curves kept"), ""
            if run.id not in self._histories:
                self._histories[run.id] = saved_curves(run)
        self._empty.set_texts(title, text)
        self._show_curves(CurveData() if run is None else self._histories[run.id])

    def _show_curves(self, data: CurveData) -> None:
        """Show these curves, once there is a chart."""
        self._data = data
        if self.curves is not None and self.curves.data is not data:
            self.curves.show_data(data)
        shown = self.curves if data.phases else None
        self._stack.setCurrentWidget(shown or self._empty)

    def predict(self) -> None:
        """Use the adapter shown and go to the predictions."""
        context = self._controller.context
        if self.shown_run is not None and context is not None and not self.runs.model.is_current(self.shown_run):
            self._controller.use_run(self.shown_run.id)
        self.go_to_predict.emit()

    def _export(self) -> None:
        if self.shown_run is not None:
            self.runs.export_requested.emit(self.shown_run.id)
