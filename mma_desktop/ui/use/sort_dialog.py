"""Dialogs for sorting images into folders, and for adding keywords, by prediction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    QWidget,
)

from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import expanded
from mma_desktop.core.types import USUAL_LIMIT
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.sorting import Counts, check_target, sorted_counts
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.place_dialog import IMAGES
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    Part,
    button,
    cancel_button,
    fill_dialog,
    hint,
    in_form,
    in_row,
    pad_popups,
    pad_spin_boxes,
)
from mma_desktop.ui.widgets.fields import check_box, choice_box
from mma_desktop.ui.widgets.text_format import without_marks
from mma_desktop.ui.widgets.windows import ask_folder

NUMBER_WIDTH = 88


@dataclass(frozen=True)
class Wish:
    """The choices: the new folder and how it is filled (not for keywords), the limit, and whether labels count, too."""

    out: Path
    images: Images = Images.COPY
    limit: float = USUAL_LIMIT
    labelled: bool = True


class LimitField(QWidget):
    """A confidence limit in whole percent, as a slider and a number."""

    changed = Signal()

    def __init__(self, limit: float, tip: str) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(5)
        self.number = QSpinBox()
        self.number.setRange(0, 100)
        self.number.setSuffix(number_format.whole_percent(0)[1:])
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        for field in (self.slider, self.number):
            field.setValue(round(100 * limit))
            field.setAccessibleName(without_marks(tr("&Sure from")))
            field.setToolTip(tip)
        in_row((self.slider, 1), self.number, inside=self, margins=(0, 0, 0, 0), spacing=SPACE)
        self.setFocusProxy(self.number)
        self.slider.valueChanged.connect(self.changed)

    @property
    def limit(self) -> float:
        return self.slider.value() / 100


class _PredictionDialog(QDialog):
    """A dialog with a confidence limit and a live count of its effect on the images."""

    chosen = Signal(object)  # Wish

    def __init__(self, controller: Controller, last: Wish, go: str, tip: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._context = controller.open_context
        self._last = last
        self.limit = LimitField(last.limit, tip)
        self.labelled = check_box(tr("&Labelled pictures too, by their label"), last.labelled, self.count)
        self.note = hint("")
        self.note.setMinimumHeight(2 * self.note.fontMetrics().height())
        self.go_button = button(go, primary=True, clicked=self._go)
        self.go_button.setEnabled(False)
        self.cancel_button = cancel_button(self)
        self.limit.changed.connect(self.count)

    def _fill(self, title: str, *parts: Part) -> None:
        buttons = (None, self.cancel_button, self.go_button)
        fill_dialog(self, *parts, self.note, title=title, buttons=buttons, spacing=2 * SPACE)
        pad_popups(self)
        pad_spin_boxes(self)
        self.count()

    def _rows(self, *above: tuple[str, QWidget | tuple[QWidget, ...]]) -> QGridLayout:
        return in_form(*above, (tr("&Sure from"), self.limit), ("", self.labelled))

    def count(self) -> None:
        context, limit, labelled = self._context, self.limit.limit, self.labelled.isChecked()
        self._controller.bridge.run(
            LaneName.VIEW,
            "",
            lambda _token: sorted_counts(context, limit, labelled=labelled),
            done=self._show_counts,
            context=context,
            question=(self, "counts"),
        )

    def _show_counts(self, found: Counts) -> None:
        raise NotImplementedError

    def _wish(self) -> Wish:
        return replace(self._last, limit=self.limit.limit, labelled=self.labelled.isChecked())

    def _go(self) -> None:
        wish = self._wish()
        self.accept()
        self.chosen.emit(wish)


class SortDialog(_PredictionDialog):
    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        tip = tr("Predictions below this confidence go into the folder Unsure")
        super().__init__(controller, last, tr("Sort"), tip, parent)
        self._pictures = 0
        self._folders = 0
        self.folder = QLineEdit(str(last.out))
        self.browse = button(tr("Choose…"), clicked=self._browse)
        self.images = choice_box((tr(IMAGES[way]), way) for way in (Images.COPY, Images.LINK))
        self.images.setCurrentIndex(self.images.findData(last.images))
        self.table = CellTable(tr("Pictures"))
        self.table.setSelectionMode(CellTable.SelectionMode.NoSelection)
        self.table.setMinimumHeight(140)
        self.folder.textChanged.connect(self._check)
        form = self._rows((tr("New &folder"), (self.folder, self.browse)), (tr("&Pictures"), self.images))
        self._fill(tr("Pictures sorted into folders"), form, (self.table, 1))
        self._check()
        self.resize(560, 560)

    def _show_counts(self, found: Counts) -> None:
        lines = [line for line in found if line[1]]
        self._pictures, self._folders = sum(count for _, count in lines), len(lines)
        heads = [Head(tr("Folder")), Head(tr("Pictures"), "", True)]
        rows = [[TableCell(one_line(name)), TableCell(number(count), count)] for name, count in lines]
        self.table.show_cells(heads, rows, sorts=False)
        self._check()

    @property
    def out(self) -> Path:
        return expanded(self.folder.text().strip())

    def _check(self) -> None:
        trouble = ""
        try:
            if not self.out.is_absolute():
                trouble = tr("Choose a folder.")
            else:
                check_target(self.out)
        except (OSError, ValueError) as error:
            trouble = str(error)
        if not trouble and not self._pictures:
            trouble = tr("There is no picture to sort.")
        words = tr("{n} picture", "{n} pictures", self._pictures)
        done = tr("{pictures} into {n} folder.", "{pictures} into {n} folders.", self._folders, pictures=words)
        stay = tr("{count_sentence} Pictures stay where they are and are never changed.", count_sentence=done)
        self.note.setText(trouble or stay)
        self.go_button.setEnabled(not trouble)

    def _browse(self) -> None:
        def chosen(parent: str) -> None:
            self.folder.setText(str(Path(parent) / self.out.name))

        ask_folder(self, tr("Make the new folder in"), str(self.out.parent), chosen)

    def _wish(self) -> Wish:
        images = Images(self.images.currentData())  # Qt returns a string enumeration as a plain string
        return replace(super()._wish(), out=self.out, images=images)


class KeywordsDialog(_PredictionDialog):
    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        tip = tr("Predictions below this confidence give no keyword")
        super().__init__(controller, last, tr("Write"), tip, parent)
        about = tr(
            "Writes the class of each picture into an XMP side-car (.xmp) beside it, for digiKam, darktable "
            "and others. Pictures and other keywords stay as they are."
        )
        self._fill(tr("Keywords beside the pictures"), hint(about), self._rows())
        self.setMinimumWidth(520)

    def _show_counts(self, found: Counts) -> None:
        count = sum(count for _, count in found[:-2])  # the last two are None of these and Unsure
        total = sum(count for _, count in found)
        self.note.setText(tr("{count:,} of {n} picture", "{count:,} of {n} pictures", total, count=count))
        self.go_button.setEnabled(count > 0)
