"""On the train page: after a training, how many labels look wrong, and the way to them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout

from mma_desktop.domain import TrainRequest
from mma_desktop.jobs import LaneName
from mma_desktop.session import TrainOutcome
from mma_desktop.session.suspects import Suspects
from mma_desktop.ui.controller import Controller
from mma_desktop.ui.find_actions import FindActions
from mma_desktop.ui.widgets import InfoBar


class SuspectNotice(QObject):
    """Looks at the labels once a training is done; says nothing when there is nothing to say.

    Args:
        page: The train page; the notice comes below its other message.
        controller: The open project.
        finder: Shows the labels.
    """

    def __init__(self, page: Any, controller: Controller, finder: FindActions) -> None:
        super().__init__(page)
        self._controller = controller
        self._finder = finder
        self._generation = 0
        self.bar = InfoBar()
        column = page.message.parentWidget().layout()
        assert isinstance(column, QBoxLayout)
        column.insertWidget(column.indexOf(page.message) + 1, self.bar)
        controller.opened.connect(self._clear)
        controller.train_started.connect(self._clear)
        controller.train_finished.connect(self._finished)

    def _clear(self, _what: TrainRequest | object = None) -> None:
        self._generation += 1
        self.bar.dismiss()

    def _finished(self, outcome: TrainOutcome | None) -> None:
        session = self._controller.session
        if outcome is None or session is None:
            return
        generation = self._generation

        def then(result: Suspects) -> None:
            if generation == self._generation and result.found:
                count = len(result.found)
                what = "One label looks" if count == 1 else f"{count:,} labels look"
                text = f"{what} wrong beside the others. Correct labels make a better adapter."
                self.bar.show_message(text, "info", "Show them", self._finder.wrong_labels)

        # Too few labels to compare are no problem to tell of here: nobody asked.
        self._controller.bridge.run(
            LaneName.ENGINE,
            "Looking for wrong labels",
            session.wrong_labels,
            done=then,
            failed=_nothing,
            visible=False,
        )


def _nothing(_sentence: str) -> None:
    return None
