"""Warning on the page Experiments if near-duplicates would be in both the training and the test set."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.training import leaks as leaks_service
from mma_desktop.services.training.leaks import Leak
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.base.page import Page, ShowLeaks
from mma_desktop.ui.widgets.timers import single_shot

SOON_MS = 400
KIND = "leaks"


class LeakNotice(QObject):
    """Checks for such images in the background while the page is shown, and leads to them."""

    def __init__(
        self,
        page: Page,
        controller: Controller,
        messages: Messages,
        request: Callable[[], TrainRequest | None],
        changed: SignalInstance,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._request = request
        self._controller = controller
        self._known: object = None
        self._messages = messages
        self._soon = single_shot(self, SOON_MS, self._look)
        changed.connect(self._look_soon)
        controller.changed.connect(self._changed)
        controller.opened.connect(self._opened)

    def set_active(self, active: bool) -> None:
        (self._look_soon if active else self._stop)()

    def _opened(self, _context: object) -> None:
        self._stop()
        self._known = None
        self._messages.dismiss_kind(KIND)

    def _changed(self, changes: Changes) -> None:
        if changes.labels or changes.images_removed or changes.classes:
            self._known = None
            self._look_soon()

    def _look_soon(self) -> None:
        if self._page.isVisible():
            self._soon.start()

    def _stop(self) -> None:
        self._soon.stop()
        self._controller.bridge.forget((self, "leaks"))

    def _look(self) -> None:
        context, request = self._controller.context, self._request()
        if context is None or request is None or not context.classes:
            return
        asked = (request.shots, request.seed, request.new_classes)
        if asked == self._known:
            return
        self._soon.stop()

        def then(leaks: list[Leak]) -> None:
            self._known = asked
            self._show(len(leaks))

        self._controller.ask(
            LaneName.MEDIA,
            lambda context, token: leaks_service.leaks(context, request, token),
            then,
            question=(self, "leaks"),
        )

    def _show(self, count: int) -> None:
        if not count:
            self._messages.dismiss_kind(KIND)
            return
        text = tr(
            "One picture is both trained on and tested with: accuracy looks too good.",
            "{n} pictures are both trained on and tested with: accuracy looks too good.",
            count,
        )
        self._messages.show_message(text, "warn", tr("Show"), self._show_them, KIND)

    def _show_them(self) -> None:
        request = self._request()
        self._known = None  # warn again if the user returns without fixing it
        if request is not None:
            self._page.asked.emit(ShowLeaks(request))
