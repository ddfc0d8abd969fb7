"""The left of the Use page: how many images are predicted as each class, and how easily one is None of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.none_of_these import SETTING, Strictness, strictness_of
from mma_desktop.services.training.claims import accuracy_claims, sentence
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import in_column
from mma_desktop.ui.widgets.fields import WideBox
from mma_desktop.ui.widgets.painting import chip
from mma_desktop.ui.widgets.text_labels import heading, hint

NONE_ID = -1  # stands for images of none of the classes


@dataclass(frozen=True)
class Line:
    """A number of predictions: the class id, `NONE_ID`, or None for all, and the colour of a class."""

    id: int | None
    title: str
    count: int
    colour: str = ""
    key: str = ""

    @property
    def cells(self) -> list[TableCell]:
        title = one_line(self.title)
        words = tr("{title}: {n} unlabelled picture", "{title}: {n} unlabelled pictures", self.count, title=title)
        icon = chip(self.colour) if self.colour else None
        first = TableCell(title, icon=icon, tip=words, spoken=words, bold=icon is None)
        return [first, TableCell(self.key.upper()), TableCell(number(self.count), self.count, words)]


class PredictedClasses(CellTable):
    chosen = Signal(object)  # class id, `NONE_ID`, or None for all, selected by the user

    def __init__(self) -> None:
        super().__init__(tr("Predicted as"), single=True)
        self.counts: list[Line] = []
        self.class_id: int | None = None
        """The selected class, `NONE_ID` for none of them, None for all."""
        self._muted = False
        self.setAlternatingRowColors(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.hide()
        header.setMinimumSectionSize(0)
        self.set_lines(0, [])
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.clicked.connect(self._clicked)
        self.activated.connect(self._clicked)

    def set_lines(self, total: int, counts: Sequence[tuple[ImageClass, int]], none: int | None = None) -> None:
        """Show the numbers of all and of each class, and of none of them, None if the model cannot tell."""
        # The selected class stays selected while it exists, and the list where it is scrolled to.
        scrolled_to = self.verticalScrollBar().value()
        rejected = [] if none is None else [Line(NONE_ID, tr(NONE_OF_THESE), none)]
        classes = (Line(choice.id, choice.name, count, choice.colour, choice.key or "") for choice, count in counts)
        self.counts = [Line(None, tr("All unlabelled"), total), *classes, *rejected]
        if self.row_of(self.class_id) < 0:
            self.class_id = None
        heads = [Head(tr("Class")), Head(tr("Key")), Head(tr("Pictures"), "", True)]
        self.show_cells(heads, [line.cells for line in self.counts], sorts=False)
        self.clearSpans()
        for row, line in enumerate(self.counts):
            if not line.key:
                self.setSpan(row, 0, 1, 2)
        for column in (1, 2):  # their titles, which are hidden, are wider
            self.horizontalHeader().resizeSection(column, self.sizeHintForColumn(column))
        self.set_muted(self._muted)
        self.verticalScrollBar().setValue(scrolled_to)

    def row_of(self, class_id: int | None) -> int:
        """Return the row of a class (None: all, `NONE_ID`: none of them), -1 if absent."""
        return next((row for row, line in enumerate(self.counts) if line.id == class_id), -1)

    def set_muted(self, muted: bool) -> None:
        """Set whether something else decides what is shown; then no line is marked."""
        self._muted = muted
        self.select_lines([self.row_of(self.class_id)])
        if muted:
            self.clearSelection()

    def _clicked(self, index: QModelIndex) -> None:
        if self._muted and index.isValid():
            self.chosen.emit(self.class_id)

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and self.counts[index.row()].id != self.class_id:
            self.class_id = self.counts[index.row()].id
            self.chosen.emit(self.class_id)


CHOICES = (
    (Strictness.STRICT, later("Strict"), later("Rather none of these than a wrong name")),
    (Strictness.BALANCED, later("Balanced"), later("As few mistakes as possible")),
    (Strictness.OFF, later("Everything gets a name"), later("No picture is none of these")),
)


class NoneControl(QWidget):
    """The choice and its effect; hidden while the predictions cannot be "None of these"."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.choice = WideBox()
        # The words below are laid out as wide as the widest thing here wants to be, which may be wider than the panel.
        self.choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.choice.setAccessibleName(tr(NONE_OF_THESE))
        for strictness, title, _ in CHOICES:
            self.choice.addItem(tr(title), strictness)
        self.words = hint()
        self.choice.activated.connect(
            lambda _row: controller.set_project_setting(SETTING, str(self.choice.currentData()))
        )
        in_column(heading(tr(NONE_OF_THESE), 3), self.choice, self.words, inside=self, margins=0, spacing=6)
        self.hide()

    def show_state(self, context: ProjectContext) -> None:
        predictions = context.predictions
        self.setVisible(predictions is not None and predictions.can_reject)
        if self.isHidden():
            return
        row = self.choice.findData(strictness_of(context))
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(row)
        self.choice.setToolTip(tr(CHOICES[row][2]))
        right = accuracy_claims(context)
        self.words.setText("" if right is None else sentence(right))
        self.choice.setAccessibleDescription(self.words.text())
