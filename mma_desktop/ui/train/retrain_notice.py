"""Notice that a training would help, or that a new name needs none. See `retrain_advice`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.training.retrain_advice import Advice, advise, dismiss
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import InfoBar
from mma_desktop.ui.widgets.timers import single_shot

ASK_MS = 400


class RetrainAdvisor(QObject):
    """Asks for advice whenever it may have changed; shared by all notices of a controller.

    Signals:
        advised: The advice changed (Advice or None).
    """

    advised = Signal(object)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._known: frozenset[int] = frozenset()
        self._in_training: frozenset[int] = frozenset()
        self.advice: Advice | None = None
        self._ask_soon = single_shot(self, ASK_MS, self._ask)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_ready.connect(self._ask_soon.start)
        controller.train_started.connect(self._training)
        controller.train_finished.connect(self._trained)
        if controller.context is not None:
            self._opened(controller.context)

    def _opened(self, context: ProjectContext | None) -> None:
        self._known = frozenset(one.id for one in context.classes) if context is not None else frozenset()
        self._tell(None)
        if context is not None:
            self._ask_soon.start()

    def _changed(self, changes: Changes) -> None:
        if changes.labels or changes.classes or changes.settings or changes.runs or changes.images_removed:
            self._ask_soon.start()

    def _training(self, _request: object) -> None:
        context = self._controller.context
        self._in_training = frozenset(one.id for one in context.classes) if context is not None else frozenset()
        self._tell(None)

    def _trained(self, outcome: object) -> None:
        """Note the classes the training started with as known: only those added later are news."""
        if outcome is not None:
            self._known |= self._in_training
        self._ask_soon.start()

    def _ask(self) -> None:
        context, known = self._controller.context, self._known
        # Only a loaded backbone tells which adapter is in use.
        if context is None or self._controller.training is not None or not context.engine.ready:
            return

        def work(_token: object) -> Advice | None:
            return advise(context, {one.id for one in context.classes} - known)

        self._controller.bridge.ask(LaneName.STORE, work, done=self._answer, context=context, question=(self, "advice"))

    def _answer(self, advice: Advice | None) -> None:
        if self._controller.training is None:  # a training that began meanwhile already covers it
            self._tell(advice)

    def _tell(self, advice: Advice | None) -> None:
        if advice != self.advice:
            self.advice = advice
            self.advised.emit(advice)

    def dismiss(self) -> None:
        """Do not give this advice again."""
        context, advice = self._controller.context, self.advice
        if context is not None and advice is not None:
            self._controller.bridge.ask(LaneName.STORE, lambda _token: dismiss(context, advice))
        self._tell(None)


class RetrainNotice(InfoBar):
    """The advice as a bar; dismissing one dismisses all.

    Args:
        train: Called by the button.
    """

    def __init__(self, controller: Controller, train: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._train = train
        self._advisor = controller.findChild(RetrainAdvisor) or RetrainAdvisor(controller)
        self._advisor.advised.connect(self._show)
        self.close_button.clicked.connect(self._advisor.dismiss)
        self._show(self._advisor.advice)

    def _show(self, advice: Advice | None) -> None:
        if advice is None:
            if self.wanted:
                self.dismiss()
        elif advice.helps:
            self.show_message(advice.sentence, "info", tr("Train"), self._go)
        else:
            self.show_message(advice.sentence, "good")

    def _go(self) -> None:
        self._train()
        self._show(self._advisor.advice)  # the advice stands until the training starts
