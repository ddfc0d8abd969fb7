"""Dialogs for sorting images into folders, and for adding keywords, by prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import USUAL_LIMIT
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.exporting import Counts, sorted_counts
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.place_dialog import IMAGES, PlaceDialog
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import SPACE, button, cancel_button, fill_dialog, hint, in_form
from mma_desktop.ui.widgets.fields import check_box, choice_box, whole_box


@dataclass(frozen=True)
class Wish:
    """The choices: the new folder and how it is filled (not for keywords), the limit, and whether labels count, too."""

    out: Path
    images: Images = Images.COPY
    limit: float = USUAL_LIMIT
    labelled: bool = True


class Sureness(QObject):
    """From which confidence on a prediction counts, whether labels do, too; `show` gets how many images that makes."""

    def __init__(
        self, controller: Controller, last: Wish, tip: str, show: Callable[[Counts], None], dialog: QDialog
    ) -> None:
        super().__init__(dialog)
        self._controller, self._last, self._show = controller, last, show
        self.limit = whole_box(0, 100, round(100 * last.limit), self.count)
        self.limit.setSuffix(number_format.whole_percent(0)[1:])
        self.limit.setToolTip(tip)
        self.labelled = check_box(tr("&Labelled pictures too, by their label"), last.labelled, self.count)
        self.rows = ((tr("&Sure from"), self.limit), ("", self.labelled))

    def count(self) -> None:
        wish = self.wish()
        self._controller.ask(
            LaneName.VIEW,
            lambda context, _t: sorted_counts(context, wish.limit, labelled=wish.labelled),
            self._show,
            question=(self, "counts"),
        )

    def wish(self) -> Wish:
        return replace(self._last, limit=self.limit.value() / 100, labelled=self.labelled.isChecked())


class SortDialog(PlaceDialog):
    chosen = Signal(object)  # Wish
    suffix = ""

    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        super().__init__(last.out.name, last.out.parent, tr("Sort"), parent)
        tip = tr("Predictions below this confidence go into the folder Unsure")
        self.sure = Sureness(controller, last, tip, self._show_counts, self)
        self._pictures = self._folders = 0
        self.images = choice_box((tr(IMAGES[way]), way) for way in (Images.COPY, Images.LINK))
        self.images.setCurrentIndex(self.images.findData(last.images))
        self.table = CellTable(tr("Pictures"))
        self.table.setSelectionMode(CellTable.SelectionMode.NoSelection)
        self.table.setMinimumHeight(100)
        form = self._rows((tr("&Pictures"), self.images), *self.sure.rows)
        self._fill(tr("Pictures sorted into folders"), form, (self.table, 9), self.note)
        self.sure.count()
        self.resize(560, 560)

    def _show_counts(self, found: Counts) -> None:
        lines = [line for line in found if line[1]]
        self._pictures, self._folders = sum(count for _, count in lines), len(lines)
        heads = [Head(tr("Folder")), Head(tr("Pictures"), "", True)]
        rows = [[TableCell(one_line(name)), TableCell(number(count), count)] for name, count in lines]
        self.table.show_cells(heads, rows, sorts=False)
        self._check()

    def _trouble(self) -> str:
        return super()._trouble() or ("" if self._pictures else tr("There is no picture to sort."))

    def _promise(self) -> str:
        words = tr("{n} picture", "{n} pictures", self._pictures)
        done = tr("{pictures} into {n} folder.", "{pictures} into {n} folders.", self._folders, pictures=words)
        return tr("{count_sentence} Pictures stay where they are and are never changed.", count_sentence=done)

    def answer(self) -> None:
        images = Images(self.images.currentData())  # Qt returns a string enumeration as a plain string
        self.chosen.emit(replace(self.sure.wish(), out=self.out, images=images))


class KeywordsDialog(QDialog):
    chosen = Signal(object)  # Wish

    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = tr("Predictions below this confidence give no keyword")
        self.sure = Sureness(controller, last, tip, self._show_counts, self)
        self.note = hint("")
        self.go_button = button(tr("Write"), primary=True, clicked=self._go)
        self.go_button.setEnabled(False)
        about = tr(
            "Writes the class of each picture into an XMP side-car (.xmp) beside it, for digiKam, darktable "
            "and others. Pictures and other keywords stay as they are."
        )
        title, buttons = tr("Keywords beside the pictures"), (None, cancel_button(self), self.go_button)
        parts = (hint(about), in_form(*self.sure.rows), self.note)
        fill_dialog(self, *parts, title=title, buttons=buttons, spacing=2 * SPACE)
        self.setMinimumWidth(520)
        self.sure.count()

    def _show_counts(self, found: Counts) -> None:
        count = sum(count for _, count in found[:-2])  # the last two are None of these and Unsure
        total = sum(count for _, count in found)
        self.note.setText(tr("{count:,} of {n} picture", "{count:,} of {n} pictures", total, count=count))
        self.go_button.setEnabled(count > 0)

    def _go(self) -> None:
        self.accept()
        self.chosen.emit(self.sure.wish())
