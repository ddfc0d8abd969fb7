"""Views of one training in tabs: curves, accuracies, confusion, confidences, effect of more labels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Evaluation, RunRecord
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.label_sufficiency_panel import EnoughPanel
from mma_desktop.ui.results.reliability import ReliabilityPanel
from mma_desktop.ui.results.results_panel import ConfusionPanel, ResultsView
from mma_desktop.ui.results.train_text import learnt_nothing
from mma_desktop.ui.widgets.timers import single_shot


class RunViews(QTabWidget):
    """The tabs. All but the first are about a finished training.

    Args:
        curves: The first tab.
    """

    def __init__(self, controller: Controller, curves: QStackedWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = ResultsView()
        self.confusion = ConfusionPanel()
        self.reliability = ReliabilityPanel()
        self.enough = EnoughPanel(controller)
        self.addTab(curves, tr("Curves"))
        self.addTab(self.results, tr("Results", "page"))
        self.addTab(self.confusion, tr("Confusion matrix"))
        self.addTab(self.reliability, tr("Reliability"))
        self.addTab(self.enough, tr("Have I labelled enough?"))
        self.tabBar().setAccessibleName(tr("Training"))
        self.setAccessibleName(self.tabBar().accessibleName())
        self._to_fill: dict[QWidget, Callable[[], None]] = {}
        self._timer = single_shot(self, 0, self._fill_next)
        self.currentChanged.connect(self._fill_current)

    def show_run(self, run: RunRecord | None, evaluation: Evaluation | None) -> None:
        """Show a finished training, or that there is none.

        The visible tab is filled at once, other tables one by one, so that the event loop gets a turn in between, and
        charts when they are shown.
        """
        views = (self.results, self.confusion, self.reliability)
        self._to_fill = {view: partial(view.show_evaluation, evaluation) for view in views}
        if run is not None and evaluation is not None:
            calibrated = any(value != 1 for value in run.metrics.get("temperatures", {}).values())
            self._to_fill[self.reliability] = partial(
                self.reliability.show_evaluation, evaluation, calibrated=calibrated
            )
            note = learnt_nothing(run, evaluation)
            self._to_fill[self.results] = partial(self.results.show_evaluation, evaluation, note)
        self._to_fill[self.enough] = partial(self.enough.show_run, run if evaluation is not None else None)
        for at in range(1, self.count()):
            self.setTabEnabled(at, evaluation is not None)
        self._fill_current()
        self._timer.start()

    def _fill_current(self, _at: int = 0) -> None:
        fill = self._to_fill.pop(self.currentWidget(), None)
        if fill is not None:
            fill()

    def _fill_next(self) -> None:
        table = next((one for one in (self.results, self.confusion) if one in self._to_fill), None)
        if table is not None:
            self._to_fill.pop(table)()
            self._timer.start()
