"""Line that says what the shown predictions come from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.results.run_model import in_use, when
from mma_desktop.ui.widgets.elided import ElidedLabel


class AdapterInUse(ElidedLabel):
    """Name of the training whose adapter is in use, with its date as tooltip; hidden if there is none.

    While images are ranked by a typed name, which no training has part in, it says that instead.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("hint")
        self._controller = controller
        self._file: Path | None = None
        self._run: RunRecord | None = None
        self._by_name = False
        controller.opened.connect(self._ask)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._look)
        self._ask()

    def set_by_name(self, by_name: bool) -> None:
        """Say that the images are ranked by a typed name alone, or name the training again."""
        self._by_name = by_name
        self._tell(self._run)

    def _changed(self, changes: Changes) -> None:
        if changes.runs:
            self._ask()

    def _look(self) -> None:
        """Update after new predictions, which may come from another adapter."""
        context = self._controller.context
        if context is not None and context.engine.adapter_file != self._file:
            self._ask()

    def _ask(self, _context: object = None) -> None:
        context = self._controller.context
        self._file = context.engine.adapter_file if context is not None else None
        if self._file is None:
            self._controller.bridge.forget((self, "runs"))
            self._tell(None)
            return

        def answer(runs: list[RunRecord]) -> None:
            self._tell(next((run for run in runs if in_use(context, run)), None))

        self._controller.ask_runs(answer, (self, "runs"))

    def _tell(self, run: RunRecord | None) -> None:
        self._run = run
        if self._by_name:
            self.setText(tr("Ranked by the name alone"))
            self.setToolTip("")
            self.show()
            return
        self.setText("" if run is None else tr("Predicted by: {run}", run=run.name))
        self.setToolTip("" if run is None else tr("{run}, trained {when}", run=run.name, when=when(run)))
        self.setVisible(run is not None)
