"""Notice on the page Check: how many labels almost certainly look wrong, with a link to them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.label_errors import SURE, Suspects, find_suspects
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.review import labels_of
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import InfoBar


class SuspectNotice(QObject):
    """Checks the labels while the page is shown; silent unless some are surely suspect.

    It disappears once the labels are reviewed or corrected.
    """

    def __init__(self, page: QWidget, controller: Controller, show: QAction) -> None:
        super().__init__(page)
        self._controller = controller
        self._show = show
        self._told: dict[int, int] = {}
        self._judged = 0
        self._page = page
        self._stale = True
        self.bar = InfoBar()
        page.installEventFilter(self)
        controller.opened.connect(self._clear)
        controller.learned.connect(self._look)
        controller.changed.connect(self._changed)
        show.triggered.connect(self._clear)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._look()
        return super().eventFilter(watched, event)

    def _clear(self, _what: object = None) -> None:
        self._controller.bridge.forget((self, "suspects"))
        self._stale = True
        self._told.clear()
        if self.bar.wanted:
            self.bar.dismiss()

    def _changed(self, changes: Changes) -> None:
        self._stale = self._stale or bool(changes.labels or changes.classes or changes.images_removed)
        context = self._controller.context
        touched = self._told.keys() & {*changes.labels, *changes.images_removed}
        if context is None or not touched or not self.bar.wanted:
            return
        now = labels_of(context, touched)
        for image in touched:
            if now.get(image) != self._told[image]:
                del self._told[image]
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
        self.bar.show_message(text, "info", tr("Show it", "Show them", count), self._show.trigger)

    def _look(self, _learned: object = None) -> None:
        context = self._controller.context
        if context is None or not self._stale or not self._page.isVisible() or not context.engine.ready:
            return
        self._stale = False

        def work(context: ProjectContext, token: CancelToken) -> object:
            columns = context.index.columns
            labelled = columns.hashes[columns.labelled & columns.usable]
            return find_suspects(context, token) if context.engine.embedded(labelled).all() else None

        def then(result: Suspects | None) -> None:
            if result is None:
                self._stale = True
            elif result.worth_telling:
                self._told = {suspect.image_id: suspect.class_id for suspect in result.found if suspect.sure}
                self._judged = result.judged
                self._tell()

        # Too few labels to compare is not worth reporting here: the user did not ask.
        self._controller.ask(
            LaneName.ENGINE,
            work,
            then,
            quick=True,  # otherwise an embedding would end for it
            failed=lambda _sentence: None,
            question=(self, "suspects"),
        )
