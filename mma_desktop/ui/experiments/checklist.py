"""What speaks against a training: a list with buttons that mend it, and a warning of copies in training and test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import QuickFix, TrainingFinding, TrainRequest
from mma_desktop.services.training import leaks as leaks_service
from mma_desktop.services.training.leaks import Leak
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.base.page import Page, ShowLeaks
from mma_desktop.ui.widgets.controls import IconLabel, button, discard, in_column, in_row, scrolled, wrapped
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


MARKS = {"good": ("check", "good"), "note": ("info", "accent"), "block": ("error", "bad"), "wait": ("refresh", "dim")}
SPOKEN = {"note": later("Note"), "block": later("Fix this first"), "wait": later("Wait")}
MAX_HEIGHT = 240
Fix = tuple[str, Callable[[], object]]


def fix_text(finding: TrainingFinding) -> str:
    """Return the text of a finding's button, empty if no single step fixes it."""
    return {
        QuickFix.NONE: "",
        QuickFix.LABEL: tr("Go to labelling"),
        QuickFix.FEWER_SHOTS: tr("Train with {n} shot", "Train with {n} shots", finding.shots),
        QuickFix.FIRST_HALF_BASE: tr("Train the first half only"),
        QuickFix.ALL_BASE: tr("Train all classes"),
    }[finding.fix]


class Check(NamedTuple):
    """A sentence of a kind ("block", "wait", "note", "good"), and buttons with their texts and what they do."""

    kind: str
    text: str
    fixes: tuple[Fix, ...] = ()


class CheckItem(QFrame):
    def __init__(self, kind: str, text: str, fixes: Sequence[Fix]) -> None:
        super().__init__()
        self.kind = kind
        self.text = text
        mark, role = MARKS[kind]
        self.setAccessibleName(f"{tr(SPOKEN[kind])}: {text}" if kind in SPOKEN else text)
        self.buttons = [button(title, clicked=lambda _on, fix=fix: fix()) for title, fix in fixes]
        row = (in_row(*self.buttons, None, spacing=6),) if fixes else ()
        words = in_column(wrapped(text), *row, spacing=4)
        picture = IconLabel(mark, 18, role)
        in_row((picture, 0, Qt.AlignmentFlag.AlignTop), (words, 1), inside=self, margins=(0, 0, 0, 0), spacing=8)


class Checklist(QScrollArea):
    def __init__(self) -> None:
        super().__init__()
        self.items: list[CheckItem] = []
        self._shown: list[tuple[str, str, int]] = []
        inner = QWidget()
        self._layout = in_column(inside=inner, margins=(0, 0, 6, 0), spacing=10)
        scrolled(inner, self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("New training"))

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these; the same ones stay as they are, with their keyboard focus."""
        shown = [(kind, text, len(fixes)) for kind, text, fixes in checks]
        if shown == self._shown:
            return
        self._shown = shown
        for item in self.items:
            discard(item)
        self.items = [CheckItem(*check) for check in checks]
        for item in self.items:
            self._layout.addWidget(item)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        """Fit the height to the sentences, up to a limit; then scroll."""
        width = max(120, self.viewport().width())
        wanted = self._layout.heightForWidth(width) if self._layout.hasHeightForWidth() else 0
        height = min(MAX_HEIGHT, max(24, wanted) + 2)
        if self.height() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)
