"""Which run the predictions come from, if it is not the learning model, and its name in a line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import SignalInstance

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import moment, one_line, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.claims import range_words
from mma_desktop.services.training.mistakes import confused_ids
from mma_desktop.services.training.overview import score_of
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.page import ShowImages
from mma_desktop.ui.widgets.text_format import capital
from mma_desktop.ui.widgets.text_labels import ElidedLabel, set_or_hide


def in_use(context: ProjectContext | None, run: RunRecord) -> bool:
    try:
        return context is not None and context.is_current(run)
    except UserError:  # it names a file outside the project, so no predictions can come from it
        return False


def show_confused(
    controller: Controller, page_wanted: SignalInstance, labelled: str, predicted: str, run: RunRecord | None
) -> None:
    """Show the images of a run that are of one class and were predicted as another, or say that there are none."""
    ids = confused_ids(controller.open_context, labelled, predicted, run)
    if len(ids):
        title = tr("{labelled} taken for {predicted}", labelled=labelled, predicted=predicted)
        page_wanted.emit("label", ShowImages(ids, title))
        return
    none = tr(
        "No picture labelled {labelled} is predicted as {predicted} at the moment.",
        labelled=labelled,
        predicted=predicted,
    )
    controller.notice.emit(none)


def how_good(run: RunRecord) -> str:
    """Say how often a training is right, as it was measured when it was stored, in a sentence."""
    score = score_of(run)
    if score is None:
        return tr("How often it is right was not measured.")
    right = range_words(score)
    if run.loaded:
        return tr("{accuracy} right on other pictures, where it was trained.", accuracy=capital(right))
    return tr(
        "{accuracy} right, measured on {n} label.",
        "{accuracy} right, measured on {n} labels.",
        score.n,
        accuracy=capital(right),
    )


class AdapterInUse(ElidedLabel):
    """Names the training that the predictions come from, and how good it is; hidden if there is none.

    While images are ranked by a typed name, which no training has part in, it says that instead.
    """

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.setObjectName("hint")
        self._controller = controller
        self._file: Path | None = None
        self._run: RunRecord | None = None
        self._by_name = False
        self.hide()
        for signal in (controller.opened, controller.changed, controller.guesses_changed):
            signal.connect(self._refresh)
        self._refresh()

    def _refresh(self, changes: object = None) -> None:
        """Ask which run it is, where it may be another one or have another name."""
        context = self._controller.context
        file = context.engine.adapter_file if context is not None else None
        if file == self._file and not (isinstance(changes, Changes) and changes.runs):
            return
        self._file = file
        if file is None:
            self._controller.bridge.forget((self, "runs"))
            self._show(None)
            return

        def answer(runs: list[RunRecord]) -> None:
            self._show(next((run for run in runs if in_use(context, run)), None))

        self._controller.ask_runs(answer, question=(self, "runs"))

    def set_by_name(self, by_name: bool) -> None:
        """Say that the images are ranked by a typed name alone, or name the training again."""
        self._by_name = by_name
        self._show(self._run)

    def _show(self, run: RunRecord | None) -> None:
        self._run = run
        text, tip = "", ""
        if self._by_name:
            text = tr("Ranked by the name alone")
        elif run is not None:
            text = tr("Predicted by: {run}. {how_good}", run=one_line(run.name), how_good=how_good(run))
            trained = tr("{run}, trained {when}", run=one_line(run.name), when=moment(run.created_at))
            tip = f"{text}\n{trained}"
        set_or_hide(self, text)
        self.setToolTip(tip)
