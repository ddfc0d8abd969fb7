"""Dialogs for sorting images into folders, and for adding keywords, by prediction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.paths import expanded
from mma_desktop.core.types import USUAL_LIMIT
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.sorting import Counts, check_target, sorted_counts
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.export_formats import IMAGES
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    button,
    cancel_button,
    fill_dialog,
    heading,
    hint,
    in_row,
    pad_popups,
    pad_spin_boxes,
    set_default,
)
from mma_desktop.ui.widgets.tables import fill_titles, plain, side
from mma_desktop.ui.widgets.text_format import without_marks
from mma_desktop.ui.widgets.windows import ask_folder

NUMBER_WIDTH = 88
COUNT_WIDTH = 110


@dataclass(frozen=True)
class Wish:
    """The choices: the new folder and how it is filled (not for keywords), the limit, and whether labels count, too."""

    out: Path
    images: Images = Images.COPY
    limit: float = USUAL_LIMIT
    labelled: bool = True


class LimitField(QWidget):
    """A confidence limit in whole percent, as a slider and a number.

    Signals:
        changed: The limit changed.
    """

    changed = Signal()

    def __init__(self, limit: float, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(5)
        self.number = QSpinBox()
        self.number.setRange(0, 100)
        self.number.setSuffix(number_format.whole_percent(0)[1:])
        self.number.setFixedWidth(NUMBER_WIDTH)
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        for one in (self.slider, self.number):
            one.setValue(round(100 * limit))
            one.setAccessibleName(without_marks(tr("&Sure from")))
            one.setToolTip(tip)
        in_row((self.slider, 1), self.number, inside=self, margins=(0, 0, 0, 0), spacing=SPACE)
        self.setFocusProxy(self.number)
        self.slider.valueChanged.connect(self.changed)

    @property
    def limit(self) -> float:
        """The limit from 0 to 1."""
        return self.slider.value() / 100


class _PredictionDialog(QDialog):
    """A dialog with a confidence limit and a live count of its effect on the images.

    Signals:
        chosen: The dialog was accepted (Wish).
    """

    chosen = Signal(object)

    def __init__(
        self, controller: Controller, last: Wish, title: str, go: str, tip: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._controller = controller
        self._context = controller.open_context
        self.limit = LimitField(last.limit, tip)
        self.labelled = QCheckBox(tr("&Labelled pictures too, by their label"))
        self.labelled.setChecked(last.labelled)
        self.note = hint("")
        self.note.setMinimumHeight(2 * self.note.fontMetrics().height())
        self.go_button = button(go, primary=True)
        self.go_button.setEnabled(False)
        self.cancel_button = cancel_button(self)
        self.form = QGridLayout()
        self.form.setHorizontalSpacing(2 * SPACE)
        self.form.setVerticalSpacing(SPACE)
        self.form.setColumnStretch(1, 1)
        self.buttons = in_row(None, self.cancel_button, self.go_button)
        self.column = fill_dialog(self, heading(title, 2), spacing=2 * SPACE)
        self.go_button.clicked.connect(self._go)
        self.limit.changed.connect(self.count)
        self.labelled.toggled.connect(self.count)

    def _row(self, row: int, text: str, field: QWidget, *beside: QWidget) -> None:
        label = QLabel(text)
        label.setBuddy(field)
        fields = in_row((field, 1), spacing=SPACE)
        for one in beside:
            fields.addWidget(one)
        self.form.addWidget(label, row, 0)
        self.form.addLayout(fields, row, 1)

    def _finish(self) -> None:
        self.column.addWidget(self.note)
        self.column.addLayout(self.buttons)
        pad_popups(self)
        pad_spin_boxes(self)
        set_default(self, self.go_button)
        self.count()

    def count(self) -> None:
        """Request the current number of images of each kind."""
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
        raise NotImplementedError

    def _go(self) -> None:
        wish = self._wish()
        self.accept()
        self.chosen.emit(wish)


class SortDialog(_PredictionDialog):
    """Dialog for sorting images into a new folder.

    Args:
        last: The initial values.
    """

    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        tip = tr("Predictions below this confidence go into the folder Unsure")
        super().__init__(controller, last, tr("Pictures sorted into folders"), tr("Sort"), tip, parent)
        self._pictures = 0
        self._folders = 0
        self.folder = QLineEdit(str(last.out))
        self.browse = button(tr("Choose…"))
        self.images = QComboBox()
        for one in (Images.COPY, Images.LINK):
            self.images.addItem(tr(IMAGES[one]), one)
        self.images.setCurrentIndex(self.images.findData(last.images))
        self.table = self._made_table()
        self._row(0, tr("New &folder"), self.folder, self.browse)
        self._row(1, tr("&Pictures"), self.images)
        self._row(2, tr("&Sure from"), self.limit)
        self.form.addWidget(self.labelled, 3, 1)
        self.column.addLayout(self.form)
        self.column.addWidget(self.table, 1)
        self.browse.clicked.connect(self._browse)
        self.folder.textChanged.connect(self._check)
        self._check()
        self._finish()
        self.resize(560, 560)

    @staticmethod
    def _made_table() -> QTableWidget:
        table = QTableWidget(0, 2)
        plain(table, tr("Pictures"))
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setMinimumHeight(140)
        head = table.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        head.resizeSection(1, COUNT_WIDTH)
        fill_titles(table, (tr("Folder"), tr("Pictures")), numbers={1})
        return table

    def _show_counts(self, found: Counts) -> None:
        lines = [one for one in found if one[1]]
        self._pictures, self._folders = sum(count for _, count in lines), len(lines)
        self.table.setRowCount(len(lines))
        for row, (name, count) in enumerate(lines):
            for section, text in enumerate((one_line(name), number(count))):
                item = QTableWidgetItem(text)
                item.setTextAlignment(side(section == 1))
                self.table.setItem(row, section, item)
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
        return Wish(self.out, images, self.limit.limit, self.labelled.isChecked())


class KeywordsDialog(_PredictionDialog):
    """Dialog for adding keywords to images.

    Args:
        last: The initial values.
    """

    def __init__(self, controller: Controller, last: Wish, parent: QWidget | None = None) -> None:
        tip = tr("Predictions below this confidence give no keyword")
        super().__init__(controller, last, tr("Keywords beside the pictures"), tr("Write"), tip, parent)
        self._last = last
        self.column.addWidget(
            hint(
                tr(
                    "Writes the class of each picture into an XMP side-car (.xmp) beside it, for digiKam, darktable "
                    "and others. Pictures and other keywords stay as they are."
                )
            )
        )
        self._row(0, tr("&Sure from"), self.limit)
        self.form.addWidget(self.labelled, 1, 1)
        self.column.addLayout(self.form)
        self._finish()
        self.setMinimumWidth(520)

    def _show_counts(self, found: Counts) -> None:
        count = sum(count for _, count in found[:-2])  # the last two are None of these and Unsure
        total = sum(count for _, count in found)
        self.note.setText(tr("{count:,} of {n} picture", "{count:,} of {n} pictures", total, count=count))
        self.go_button.setEnabled(count > 0)

    def _wish(self) -> Wish:
        return Wish(self._last.out, self._last.images, self.limit.limit, self.labelled.isChecked())
