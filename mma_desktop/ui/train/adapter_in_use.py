"""Line that says what the shown predictions come from."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.results.run_model import when
from mma_desktop.ui.widgets.elided import ElidedLabel


class AdapterInUse(ElidedLabel):
    """Name of the training whose adapter is in use, with its date as tooltip; hidden if there is none.

    While images are ranked by a typed name, which no training has part in, it says that instead.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("hint")
        self._run: RunRecord | None = None
        self._by_name = False
        self.show_run(None)

    def set_by_name(self, by_name: bool) -> None:
        """Say that the images are ranked by a typed name alone, or name the training again."""
        self._by_name = by_name
        self.show_run(self._run)

    def show_run(self, run: RunRecord | None) -> None:
        self._run = run
        text, tip = "", ""
        if self._by_name:
            text = tr("Ranked by the name alone")
        elif run is not None:
            text = tr("Predicted by: {run}", run=run.name)
            tip = tr("{run}, trained {when}", run=run.name, when=when(run))
        self.setText(text)
        self.setToolTip(tip)
        self.setVisible(bool(text))
