"""The labelled images most similar to the tested picture, as tiles that open them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.services.labels.neighbours import Among, Neighbour
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.widgets.controls import heading, hint, in_column
from mma_desktop.ui.widgets.theme import tokens

SIDE = 72
TITLES = {
    Among.SHOTS: later("Nearest examples"),
    Among.SEEN: later("Nearest trained pictures"),
    Among.LABELLED: later("Nearest labelled pictures"),
}
MEANING = later("Similarity, 1 for the same picture. Enter or a click shows it on the Label page.")


class NearestShots(QWidget):
    """Up to six images over their class and similarity, the most similar first; `list` chooses an image id."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.title, self.empty = heading("", 3), hint("")
        self.title.setToolTip(tr(MEANING))
        self.list = FindingList(tr(TITLES[Among.SHOTS]), controller, tile=SIDE)
        self.list.setAccessibleDescription(tr(MEANING))
        in_column(self.title, self.empty, self.list, inside=self, margins=(0, 4, 0, 0), spacing=6)
        self.hide()

    def clear(self) -> None:
        self.list.clear()
        self.hide()

    def show_nearest(self, nearest: Sequence[Neighbour], among: Among, note: str = "") -> None:
        """Show these images, searched in `among`, under a note; if they are the same, they keep the keyboard focus."""
        context = self._controller.context
        if context is None:
            return
        self.title.setText(tr(TITLES[among]))
        self.list.setAccessibleName(self.title.text())
        none = "" if nearest else tr("Label some pictures, and the ones most like this one are shown here.")
        self.empty.setText(none or note)
        self.empty.setVisible(bool(none or note))
        entries = []
        for found in nearest:
            one, similarity = context.class_by_id(found.class_id), number(found.similarity, ".2f")
            name, colour = (one_line(one.title), one.colour) if one is not None else (tr("no class"), tokens().dim)
            entries.append(FindingEntry(name, similarity, found.image_id, (found.image_id,), colour))
        self.list.show_entries(entries)
        self.list.setVisible(bool(entries))
        self.show()
