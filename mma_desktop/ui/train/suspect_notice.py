"""Notice after a training: how many labels almost certainly look wrong, with a link to them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.labels.label_errors import SURE, Suspects, find_suspects
from mma_desktop.services.training.project_training import TrainOutcome
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.label.find_actions import FindActions
from mma_desktop.ui.label.review import SuspectedLabels, labels_of
from mma_desktop.ui.train.train_page import TrainPage
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import InfoBar


class SuspectNotice(QObject):
    """Checks the labels after a training; silent unless some are surely suspect.

    It disappears once the labels are reviewed or corrected.

    Args:
        page: The train page; the notice goes below its other message.
        finder: Shows the labels.
    """

    def __init__(self, page: TrainPage, controller: Controller, finder: FindActions) -> None:
        super().__init__(page)
        self._controller = controller
        self._finder = finder
        self._told: dict[int, int] = {}
        self._judged = 0
        self.bar = InfoBar()
        page.add_notice(self.bar)
        controller.opened.connect(self._clear)
        controller.train_started.connect(self._clear)
        controller.train_finished.connect(self._finished)
        controller.changed.connect(self._changed)
        finder.found.connect(self._found)

    def _clear(self, _what: TrainRequest | object = None) -> None:
        self._controller.bridge.forget((self, "suspects"))
        self._told.clear()
        if self.bar.wanted:
            self.bar.dismiss()

    def _found(self, review: object) -> None:
        if isinstance(review, SuspectedLabels):
            self._clear()

    def _changed(self, changes: Changes) -> None:
        """Leave out labels that were corrected."""
        context = self._controller.context
        touched = self._told.keys() & {*changes.labels, *changes.images_removed}
        if context is None or not touched or not self.bar.wanted:
            return
        now = labels_of(context, touched)
        for one in touched:
            if now.get(one) != self._told[one]:
                del self._told[one]
        self._tell()

    def _tell(self) -> None:
        count = len(self._told)
        if not count:
            self._clear()
            return
        text = tr(
            "{n} of {judged:,} labels looks wrong beside the others: another class is at least {sure} likely.",
            "{n} of {judged:,} labels look wrong beside the others: another class is at least {sure} likely.",
            count,
            judged=self._judged,
            sure=number_format.whole_percent(SURE),
        )
        self.bar.show_message(text, "info", tr("Show it", "Show them", count), self._finder.wrong_labels)

    def _finished(self, outcome: TrainOutcome | None) -> None:
        context = self._controller.context
        if outcome is None or context is None:
            return

        def then(result: Suspects) -> None:
            if result.worth_telling:
                self._told = {one.image_id: one.class_id for one in result.found if one.sure}
                self._judged = result.judged
                self._tell()

        # Too few labels to compare is not worth reporting here: the user did not ask.
        self._controller.bridge.ask(
            LaneName.ENGINE,
            partial(find_suspects, context),
            done=then,
            failed=lambda _sentence: None,
            context=context,
            question=(self, "suspects"),
        )
