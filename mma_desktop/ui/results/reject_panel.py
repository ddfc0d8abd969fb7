"""Views of the reject threshold: a results tab for any run, and a strip beside the predictions of the one in use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Evaluation, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.reject_threshold import reject_of, set_reject
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.reject_control import EXPLAINED, RejectControl, below
from mma_desktop.ui.results.reliability import without_answers
from mma_desktop.ui.results.run_model import evaluation_of, in_use
from mma_desktop.ui.widgets.controls import EmptyState, heading, hint, in_column, scrolled
from mma_desktop.ui.widgets.series import WALK

if TYPE_CHECKING:
    from mma_desktop.ui.results.reject_chart import RejectChart

CAVEAT = later(
    "Measured on images of the classes alone. Pictures of other things were not among them, so how "
    "many of those are caught is not known."
)


class RejectKeeper(QObject):
    """Loads and saves the threshold of a run; it keeps two views of the same run in step."""

    def __init__(self, controller: Controller, control: RejectControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._control = control
        self._run: RunRecord | None = None
        control.settled.connect(self._keep)
        controller.guesses_changed.connect(self._look)

    def show_run(self, run: RunRecord | None) -> None:
        """Show the threshold of another run, after saving a pending change."""
        if self._run is not None and run is not None and self._run.id == run.id:
            self._run = run
            return
        self._control.commit()
        self._controller.bridge.forget((self, "threshold"))
        self._run = run
        self._control.setEnabled(False)
        self._control.show_reject(0)
        if run is not None:
            self._ask(run)

    def _ask(self, run: RunRecord) -> None:
        run_id = run.id

        def answer(reject: float) -> None:
            if not self._control.pending:  # keep what the user changed meanwhile
                self._control.setEnabled(True)
                self._control.show_reject(reject)

        self._controller.ask_engine(lambda context, _t: reject_or_none(context, run_id), answer, (self, "threshold"))

    def _look(self) -> None:
        """Update after new predictions: another view may have changed the threshold of this run."""
        context, run = self._controller.context, self._run
        if context is None or run is None or self._control.pending or context.engine.header is None:
            return
        if in_use(context, run) and context.engine.header.reject != self._control.reject:
            self._control.show_reject(context.engine.header.reject)
            self._control.moved.emit(self._control.reject)

    def _keep(self, reject: float) -> None:
        context, run = self._controller.context, self._run
        if context is None or run is None:
            return
        controller, run_id = self._controller, run.id

        def done(changes: Changes) -> None:
            if changes.predictions:
                controller.guesses_changed.emit()

        controller.ask_engine(lambda one, _t: set_reject(one, run_id, reject), done)


def reject_or_none(context: ProjectContext, run_id: int) -> float:
    """Return the threshold of a run, 0 if its checkpoint cannot be read (the run's page says so)."""
    try:
        return reject_of(context, run_id)
    except UserError:
        return 0.0


class RejectPanel(QStackedWidget):
    """Results tab with the threshold of a run and its curve."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = RejectControl()
        self.line = hint(tr(WALK))
        self.keeper = RejectKeeper(controller, self.control, self)
        self._empty = EmptyState("filter", tr("Not measured"), "")
        inner = QWidget()
        parts = (heading(below(), 3), hint(tr(EXPLAINED)), self.control, self.line, hint(tr(CAVEAT)))
        self._column = in_column(*parts, inside=inner, margins=(12, 12, 12, 12))
        self.addWidget(self._empty)
        self.addWidget(scrolled(inner))

    @cached_property
    def chart(self) -> RejectChart:
        """The curve, created when there is something to show."""
        from mma_desktop.ui.results.reject_chart import RejectChart

        chart = RejectChart()
        self._column.insertWidget(self._column.indexOf(self.line), chart, 1)
        self.control.moved.connect(chart.show_reject)
        self.control.settled.connect(chart.show_reject)
        chart.message.connect(self.line.setText)
        return chart

    def show_run(self, run: RunRecord | None, evaluation: Evaluation | None) -> None:
        answers = None if evaluation is None else evaluation.adapted_answers
        self.setCurrentIndex(0 if answers is None else 1)
        if answers is None:
            self._empty.set_texts(tr("Not measured"), without_answers(evaluation))
        self.keeper.show_run(run if answers is not None else None)
        self.control.show_answers(answers)
        if self.control.curve is not None:
            self.chart.show_curve(self.control.curve)
            self.chart.show_reject(self.control.reject)


class RejectStrip(QWidget):
    """The threshold of the adapter in use, beside its predictions; hidden without an adapter."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = RejectControl(narrow=True)
        self.keeper = RejectKeeper(controller, self.control, self)
        in_column(heading(below(), 3), self.control, inside=self, margins=(0, 0, 0, 0), spacing=6)
        self.hide()

    def show_run(self, run: RunRecord | None) -> None:
        self.setVisible(run is not None)
        self.keeper.show_run(run)
        evaluation = None if run is None else evaluation_of(run)
        self.control.show_answers(None if evaluation is None else evaluation.adapted_answers)
