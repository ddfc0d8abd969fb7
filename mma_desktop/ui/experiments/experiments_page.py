"""Experiments: what to train above, the table of what was trained, and the selected rows below. It changes no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.events import Changes, EpochEvent
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import RunRecord, Scores, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training import overview
from mma_desktop.services.training.experiment_table import (
    COLUMNS,
    TESTED,
    FoldedRun,
    backbone_title,
    csv_text,
    fold,
    images_tested,
    markdown,
    method_title,
)
from mma_desktop.services.training.experiments import ExperimentOutcome, TrainingStep
from mma_desktop.ui.base.cell_table import MISSING, CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import Actions, ExportAdapter, MakeReport, Page, ShowMessage, in_use, show_confused
from mma_desktop.ui.experiments.experiment_form import ExperimentForm
from mma_desktop.ui.experiments.row_views import LETTERS, RowViews
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import EmptyState, button, in_column, in_row, scrolled
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import with_ellipsis
from mma_desktop.ui.widgets.text_labels import heading
from mma_desktop.ui.widgets.windows import ask_where, confirm

NAMED = 8  # runs in the question whether to delete them


class ExperimentsPage(Page):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._runs: list[RunRecord] = []
        self.every: list[FoldedRun] = []
        self._running: Running | None = None
        self._trained: list[int] = []
        self.form = ExperimentForm(controller)
        self.table = RowsTable()
        self.views = RowViews()
        self._build()
        self._connect()
        self._opened()

    # ------------------------------------------------------------------ layout

    def _build(self) -> None:
        self.back_button = button(tr("Train", "page"), "left", clicked=lambda: self.page_wanted.emit("train", None))
        title, form = heading(tr("Compare methods"), 2), self.form
        title.setToolTip(tr("Trainings with a division of their own. They change nothing, until you use one."))
        top = QWidget(self)
        self.load_button = button(with_ellipsis(tr("Load adapter")), "open")
        parts = (self.back_button, title, None, self.load_button, form.run_button, form.stop_button)
        in_row(*parts, inside=top, margins=(16, 10, 16, 6), spacing=12)
        self.use_button = button(tr("Use this one…"), "check", clicked=self.use)
        self.export_button = button(
            with_ellipsis(tr("Export")),
            "export",
            tip=tr("Export the adapter"),
            clicked=lambda: self._with_first(ExportAdapter),
        )
        self.report_button = button(with_ellipsis(tr("Report")), "chart", clicked=lambda: self._with_first(MakeReport))
        self.table_button = button(tr("Table"), "copy")
        menu = QMenu(self.table_button)
        for text, slot in (
            (tr("Save as CSV…"), partial(self._save, ".csv", csv_text)),
            (tr("Save as Markdown…"), partial(self._save, ".md", markdown)),
            (tr("Copy as Markdown"), self._copy),
        ):
            menu.addAction(text).triggered.connect(slot)
        self.table_button.setMenu(menu)
        self.delete_button = button(with_ellipsis(tr("Delete")), "trash", clicked=self.ask_delete)
        row = (self.use_button, self.export_button, self.report_button, self.table_button, self.delete_button)
        words = tr("Press Run. Loss, base and new accuracy are drawn here as a method trains; a table compares them.")
        self.empty, self.results, inner = EmptyState("chart", tr("No experiments yet"), words), QWidget(), QWidget()
        buttons = in_row(*row, None, spacing=8)
        in_column(buttons, self.table, (self.views, 1), inside=self.results, margins=0, spacing=8)
        self.area: QScrollArea = scrolled(inner, QScrollArea(self))
        below = (self.empty, 1), (self.results, 1)
        in_column(self.form, *below, inside=inner, margins=(16, 2, 16, 10), spacing=8)
        in_column(top, (self.area, 1), inside=self, margins=0, spacing=0)

    def _connect(self) -> None:
        controller, form = self.controller, self.form
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.predictions_changed.connect(self._mark)
        controller.training_progress.connect(self._on_step)
        controller.epoch.connect(self._epoch)
        controller.experiment_finished.connect(self._finished)
        self.area.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        form.run_button.clicked.connect(self.start)
        form.stop_button.clicked.connect(self.stop)
        form.action_requested.connect(self.action_requested)
        form.label_wanted.connect(lambda: self.page_wanted.emit("label", None))
        self.table.chosen.connect(self._chosen)
        self.views.confusion_clicked.connect(partial(show_confused, controller, self.page_wanted))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.start)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.ask_delete)

    # ------------------------------------------------------------------ showing and hiding

    def use_actions(self, actions: Actions) -> None:
        self.load_button.clicked.connect(actions["load_model"].trigger)

    def set_active(self, active: bool) -> None:
        if active:  # charts take a third of a second to import, which a training that runs should not wait for
            QTimer.singleShot(0, self, lambda: self.views.curves.panel)
        keyboard = self.window().focusWidget()
        if active and (keyboard is None or not self.isAncestorOf(keyboard)):
            (self.focusWidget() or self.form.methods).setFocus()

    def _opened(self, _context: object = None) -> None:
        self._running = None
        self._trained = []
        self.form.set_folded(False)
        self._on_runs([])
        self._ask_runs()

    def _changed(self, changes: Changes) -> None:
        if changes.runs:
            self._ask_runs()

    # ------------------------------------------------------------------ the experiment

    def start(self) -> None:
        if self.controller.context is not None and not self.form.obstacle:
            self.controller.run_experiment(self.form.experiment())
            self._trained = []
            self.form.set_running(True)
            self.views.setCurrentWidget(self.views.curves)

    def stop(self) -> None:
        # With its best epoch; a second time, at once.
        job = self.controller.training
        if job is None:
            return
        if job.token.wrapping_up:
            job.cancel()
        job.token.wrap_up()
        self.controller.notice.emit(tr("Stopping"))

    def _on_step(self, step: TrainingStep) -> None:
        if step.begins:
            self._running = Running(step.request)
            self.views.curves.start()
            self._show_table()
            return
        self._running = None
        self.views.curves.ended(step.run)
        if step.run is not None:
            self._trained.append(step.run.id)
        elif step.reason:
            self.action_requested.emit(ShowMessage(f"{method_title(step.request.method)}: {step.reason}", "warn"))

    def _keep_in_sight(self) -> None:
        # The curves of the training that runs, unless the settings were asked for.
        if self._running is not None and self.form.folded:
            self.area.ensureWidgetVisible(self.views, 0, 0)

    def _epoch(self, event: EpochEvent) -> None:
        if self._running is None:
            return
        self._running = replace(self._running, epoch=event)
        self.table.show_running(self._running)
        self.views.curves.panel.add(event)

    def _finished(self, outcome: ExperimentOutcome | None) -> None:
        self._running = None
        if self.views.curves.playing == 0:
            self.views.curves.ended(None)
        self.form.set_running(False)
        if not self._trained:  # there is something to change
            self.form.set_folded(False)
        self._ask_runs(frozenset(self._trained) or None)
        if outcome is None or outcome.stopped:
            kept = len(self._trained)
            self.controller.notice.emit(tr("Stopped. {n} training kept.", "Stopped. {n} trainings kept.", kept))

    # ------------------------------------------------------------------ the table

    def _ask_runs(self, select: frozenset[int] | None = None) -> None:
        if self.controller.context is not None:
            self.controller.ask_runs(partial(self._on_runs, select=select), question=(self, "runs"))

    def _on_runs(self, runs: Sequence[RunRecord], select: frozenset[int] | None = None) -> None:
        self._runs = list(runs)
        self.every = fold(self._runs)
        self._show_table(select)

    def _show_table(self, select: frozenset[int] | None = None) -> None:
        running = [] if self._running is None else [self._running]
        rows: list[FoldedRun | Running] = [*running, *self.every]
        self.results.setVisible(bool(rows))
        self.empty.setHidden(bool(rows))
        self.table.show_rows(rows, self._used(), select)

    def _used(self) -> int:
        context = self.controller.context
        return next((run.id for run in self._runs if in_use(context, run)), 0)

    def _mark(self) -> None:
        if self._used() != self.table.in_use:
            self._show_table()

    def _chosen(self) -> None:
        rows = self.table.selected()
        self.views.show_rows(rows, self.every)
        single = len(rows) == 1
        used = single and any(run.id == self.table.in_use for run in rows[0].runs)
        for single_button in (self.export_button, self.report_button):
            single_button.setEnabled(single)
        self.use_button.setEnabled(single and not used)
        self.delete_button.setEnabled(bool(rows))
        self.table_button.setEnabled(bool(self.every))

    @property
    def shown_run(self) -> RunRecord | None:
        rows = self.table.selected()
        return rows[0].first if rows else None

    def _with_first(self, action: type[ExportAdapter | MakeReport]) -> None:
        run = self.shown_run
        if run is not None:
            self.action_requested.emit(action(run.id))

    # ------------------------------------------------------------------ actions

    def use(self) -> None:
        """Ask, with both scores, whether the adapter of the selected row shall be the model of the project."""
        run, context = self.shown_run, self.controller.context
        if run is None or context is None:
            return

        def ask(lines: list[str]) -> None:
            if self.controller.context is not context:
                return
            text = tr("Use '{run}' as the model of this project?", run=one_line(run.name))
            details = "\n".join([*lines, tr("Label, Check and Use then show this model. You can take it back.")])
            on_accept = partial(self._agreed, context, run)
            confirm(self, tr("Use this one"), text, details, on_accept, safe=True)

        self.controller.ask(LaneName.STORE, lambda context, _t: overview.beside_now(context, run), ask)

    def _agreed(self, context: ProjectContext, run: RunRecord) -> None:
        if self.controller.context is not context:
            return
        back = partial(self.controller.use_run, context.current_run)
        self.controller.use_run(run.id)
        text = tr("'{run}' is the model of this project now.", run=one_line(run.name))
        self.action_requested.emit(ShowMessage(text, "good", tr("Take back"), back))

    def ask_delete(self) -> None:
        runs = [run for row in self.table.selected() for run in row.runs]
        context = self.controller.context
        if not runs:
            return
        names = [one_line(run.name) for run in runs[:NAMED]]
        left = len(runs) - NAMED
        details = [*names, *([tr("and {n} more", "and {n} more", left)] if left > 0 else [])]
        details.append(tr("Numbers and adapter files in the project are deleted. This cannot be undone."))

        def on_accept() -> None:
            if self.controller.context is context:
                for run in runs:
                    self.controller.delete_run(run.id)

        text = tr("Delete {n} training with its adapter?", "Delete {n} trainings with their adapters?", len(runs))
        confirm(self, tr("Delete"), text, "\n".join(details), on_accept, safe=True)

    def _save(self, ending: str, text: Callable[[Sequence[FoldedRun]], str]) -> None:
        name, rows = self.controller.open_context.project.name, list(self.every)

        def write(file: str) -> None:
            def work(_context: ProjectContext, _token: object) -> Path:
                with output_path(Path(file)) as temporary:
                    temporary.write_text(text(rows), "utf-8", "replace", newline="")
                return Path(file)

            def written(out: Path) -> None:
                self.controller.notice.emit(tr("Written to {file}.", file=out))

            self.controller.ask(LaneName.MEDIA, work, written, title=tr("Export the table"), outlives=True)

        offered = tr("{project} experiments", project=name)
        ask_where(self, tr("Export the table"), Path.home() / f"{offered}{ending}", write)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(markdown(self.every))
        self.controller.notice.emit(tr("The table is on the clipboard."))


METHOD, SHOTS, SEEDS, TESTED_ON, FIRST = range(5)
MAX_SHOWN = 9  # rows; more scroll, so that the charts below stay in sight
MARKED = ("base", "new", "h", "all", "balanced")
HIGHEST = "\N{BLACK UP-POINTING TRIANGLE}"


@dataclass(frozen=True, slots=True)
class Running:
    """The training that runs, with its newest epoch."""

    request: TrainRequest
    epoch: EpochEvent | None = None

    def percent(self, name: str) -> float | None:
        if self.epoch is None:
            return None
        accuracy = {"base": self.epoch.base, "new": self.epoch.new}.get(name)
        return self.epoch.h if name == "h" else None if accuracy is None else accuracy.percent


@dataclass(eq=False)
class MethodCell(TableCell):
    shown: FoldedRun | Running | None = None


class RowsTable(CellTable):
    """The table, sorted by a click on a title; up to six selected rows have letters."""

    chosen = Signal()  # the selected rows changed

    def __init__(self) -> None:
        super().__init__(tr("Experiments"))
        self.in_use = 0
        """Id of the run whose adapter is the model of the project, 0 if none of these."""
        numbers = (Head(tr(column.title), tr(column.tip) if column.tip else "", True) for column in COLUMNS)
        tip = tr("Pictures of base and of new classes that the accuracies of a seed were measured on")
        about = (Head(tr("Method")), Head(tr("Shots"), "", True), Head(tr("Seeds")), Head(tr(TESTED), tip, True))
        self._heads = [*about, *numbers, Head(tr("Prompt"))]
        self._highest: dict[str, float] = {}
        self._filling = False
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # variants of one method differ at their end
        self.horizontalHeader().setObjectName("experiments")
        self.show_cells(self._heads, [])
        self.selectionModel().selectionChanged.connect(self._selected)

    def show_rows(self, rows: Sequence[FoldedRun | Running], in_use: int, select: frozenset[int] | None = None) -> None:
        """Show other rows; those with one of these runs are selected, or else those that were selected before."""
        kept = {run.id for row in self.selected() for run in row.runs} if select is None else select
        self.in_use = in_use
        finished = [row for row in rows if isinstance(row, FoldedRun)]
        for name in MARKED:
            means = [figure.mean for row in finished if (figure := row.figures[name]) is not None]
            self._highest[name] = max(means) if len(means) > 1 else MISSING
        self._filling = True
        lines = [self._running(row) if isinstance(row, Running) else self._finished(row) for row in rows]
        self.show_cells(self._heads, lines)
        wanted = [index for index, row in enumerate(self._shown()) if isinstance(row, FoldedRun) and _has(row, kept)]
        self.select_lines(wanted or range(min(1, len(rows))))
        self._filling = False
        self._fit_height()
        self._selected()

    def _fit_height(self) -> None:
        bar = 0 if self._fits else self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.height_of(max(1, min(MAX_SHOWN, len(self.lines)))) + bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._fits:  # a width that the user chose stays, and so does every column: the table scrolls
            for column in range(self.cells.columnCount()):
                self.setColumnHidden(column, False)
            self._fit_height()

    def _fit_first(self) -> None:
        # Where there is no room, the last columns go: Compare has all of them.
        width = self.viewport().width()
        self._first = max(self._first, min(self.sizeHintForColumn(METHOD), 2 * width // 5))
        room = width - self._first
        for column in range(1, self.cells.columnCount()):
            self.setColumnHidden(column, False)  # which gives it its width again
            room -= self.horizontalHeader().sectionSize(column)
            self.setColumnHidden(column, column > FIRST and room < 0)
        super()._fit_first()

    def show_running(self, running: Running) -> None:
        index = next((index for index, row in enumerate(self._shown()) if isinstance(row, Running)), -1)
        for former, new in zip(self.lines[index], self._running(running), strict=True) if index >= 0 else ():
            former.text = new.text
        self.viewport().update()

    def _finished(self, row: FoldedRun) -> list[TableCell]:
        used = _has(row, {self.in_use})
        title, backbone = one_line(row.title), backbone_title(row.first.backbone)
        trained = tr("{seeds} with seed {seed}", seeds=one_line(row.first.name), seed=row.seeds)
        words = tr("{name} (in use)", name=title) if used else title
        tip = f"{title}\n{trained}\n{backbone}"
        cells: list[TableCell] = [MethodCell(words, tip=tip, icon=icon("check", "good") if used else None, shown=row)]
        cells += [TableCell(str(row.shots or ""), row.shots), TableCell(row.seeds, tip=row.seeds)]
        cells.append(TableCell(row.tested, 0))
        for column in COLUMNS:
            figure = row.figures[column.name]
            text = "" if figure is None else figure.text(column.form)
            highest = figure is not None and figure.mean == self._highest.get(column.name)
            text = f"{text} {HIGHEST}" if highest else text
            spoken = f"{tr(column.title)} {text or tr(text_format.NOTHING)}"
            tip = _interval(row, column.name) or text
            mean = MISSING if figure is None else figure.mean
            cells.append(TableCell(text, mean, tip, spoken=spoken, bold=highest))
        prompt = one_line(row.prompt)
        return [*cells, TableCell(prompt, tip=prompt)]

    @staticmethod
    def _running(row: Running) -> list[TableCell]:
        """Return cells that come first by every number."""
        first, request = -MISSING, row.request
        values = (row.percent(column.name) for column in COLUMNS)
        numbers = (TableCell("" if value is None else number(value, ".1f"), first) for value in values)
        method = MethodCell(tr("{method}, training", method=method_title(request.method)), shown=row)
        tested = "" if row.epoch is None else images_tested([Scores(row.epoch.base, row.epoch.new)])
        about = [TableCell(str(request.shots), first), TableCell(str(request.seed)), TableCell(tested, first)]
        return [method, *about, *numbers, TableCell("")]

    def _shown(self) -> list[FoldedRun | Running]:
        firsts = (line[METHOD] for line in self.lines)
        return [cell.shown for cell in firsts if isinstance(cell, MethodCell) and cell.shown is not None]

    def selected(self) -> list[FoldedRun]:
        rows = self._shown()
        selected = (rows[position] for position in sorted({index.row() for index in self.selectedIndexes()}))
        return [row for row in selected if isinstance(row, FoldedRun)]

    def _selected(self) -> None:
        if self._filling:
            return
        letters = dict(zip(map(id, self.selected()), LETTERS, strict=False))
        for line, row in zip(self.lines, self._shown(), strict=True):
            line[METHOD].letter = letters.get(id(row), "")
        self.viewport().update()
        self.fit_columns()
        self.chosen.emit()


def _has(row: FoldedRun, ids: frozenset[int] | set[int]) -> bool:
    return any(run.id in ids for run in row.runs)


def _interval(row: FoldedRun, part: str) -> str:
    """Return the number of images and the interval of an accuracy of the lowest seed; empty for another figure."""
    after = None if row.evaluation is None else row.evaluation.adapted
    accuracy = getattr(after, part, None) if part in {"base", "new", "all"} else None
    return "" if accuracy is None else text_format.interval(accuracy)
