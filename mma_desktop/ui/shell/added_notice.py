"""Message about imported images that are not visible, with a button to show them."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.images.importing import ImportReport
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.message_bar import Messages
from mma_desktop.ui.base.page import ShowPictures

IMPORT = "Import"  # the title of what an import adds, as in `store.images`
NEW = "new"


class AddedNotice(QObject):
    """Tracks new images, and offers to show those that the Label page does not show anyway.

    Images that arrive by themselves, from watched folders or a camera, are offered on every page, together until
    viewed.
    """

    def __init__(self, window: Any, controller: Controller, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._controller = controller
        self._messages = messages
        self._came: list[int] = []
        self._new: list[int] = []
        controller.opened.connect(self._forget)
        controller.changed.connect(self._changed)
        controller.import_done.connect(self._done)

    def _forget(self, _context: object) -> None:
        self._came.clear()
        self._new.clear()

    def _changed(self, changes: Changes) -> None:
        if changes.title == IMPORT:
            self._came.extend(changes.images_added)

    def _done(self, report: ImportReport) -> None:
        came, self._came = self._came, []
        context = self._controller.context
        if context is None or "label" not in self._window.pages:
            return
        if report.live:
            self._new.extend(came)
            ids = _usable(context, list(dict.fromkeys(self._new)))
            if len(ids):
                self._offer(context, ids, NEW)
            return
        ids = _usable(context, came)
        here = self._window.current_page == "label"
        if not len(ids) or (here and self._window.pages["label"].shows_all(ids)):
            return
        self._offer(context, ids)

    def _offer(self, context: ProjectContext, ids: np.ndarray, kind: str = "") -> None:
        window = self._window

        def show() -> None:
            # The button may be pressed much later: another project may be open, or images may be removed.
            there = _usable(context, ids)
            if self._controller.context is context and len(there):
                if kind == NEW:
                    self._new.clear()
                window.turn_to("label", ShowPictures(there, tr("Just added")))

        text = tr("{n} picture added.", "{n} pictures added.", len(ids))
        self._messages.show_message(text, "info", tr("Show it", "Show them", len(ids)), show, kind)


def _usable(context: ProjectContext, ids: list[int] | np.ndarray) -> np.ndarray:
    """Return the readable images still in the project, in the order they were added."""
    wanted = np.asarray(ids, np.int64)
    columns = context.index.columns
    return wanted[~looked_up(columns.problems, columns.positions(wanted), True)]
