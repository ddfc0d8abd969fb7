"""The left of the Use page: how many pictures are predicted as each class, and how easily one is None of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting.none_of_these import Strictness, strictness_of
from mma_desktop.services.training.overview import right_of, sentence
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.order_box import WideBox
from mma_desktop.ui.widgets.controls import heading, hint, in_column
from mma_desktop.ui.widgets.painting import RIGHT, Index, paint_bar, paint_chip_in, paint_text, paint_words
from mma_desktop.ui.widgets.theme import mix, tokens

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
PAD = 6
NONE_ID = -1  # stands for images of none of the classes


@dataclass(frozen=True)
class Line:
    """A class with its number of predictions; without a class, all unlabelled images, or those that are `none`.

    `share` is the number as a share of that of the most frequent class.
    """

    choice: ImageClass | None
    count: int
    none: bool = False
    share: float = 0.0

    @property
    def title(self) -> str:
        if self.none:
            return tr(NONE_OF_THESE)
        return tr("All unlabelled") if self.choice is None else one_line(self.choice.name)

    @property
    def id(self) -> int | None:
        """The class id, `NONE_ID`, or None for all."""
        return NONE_ID if self.none else self.choice.id if self.choice is not None else None

    @property
    def words(self) -> str:
        return tr("{title}: {n} unlabelled picture", "{title}: {n} unlabelled pictures", self.count, title=self.title)


class LineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(140, option.fontMetrics.height() + 2 * PAD + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        line: Line = index.data(LINE_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(look.accent_soft))
            painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height()), QColor(look.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(mix(look.surface, look.text, 0.04)))
        font: QFont = QFont(option.font)
        font.setBold(line.choice is None)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        text = QRect(rect.x() + 12, rect.y() + PAD - 2, rect.width() - 22, metrics.height())
        if line.choice is None:  # no bar below it
            text.moveTop(rect.y() + (rect.height() - text.height()) // 2)
        count = number(line.count)
        paint_words(painter, text, count, look.dim, flags=RIGHT)
        text.setRight(text.right() - metrics.horizontalAdvance(count) - PAD)
        if line.choice is not None:
            self._paint_class(painter, rect, text, line.choice, line.share)
        paint_text(painter, text, line.title, font, look.text)
        painter.restore()

    @staticmethod
    def _paint_class(painter: QPainter, rect: QRect, text: QRect, choice: ImageClass, share: float) -> None:
        look = tokens()
        text.setLeft(paint_chip_in(painter, text, choice.colour).left())
        paint_bar(painter, QRectF(rect.x() + 12, rect.bottom() - 8, rect.width() - 22, 4), share, look.accent)


class PredictedClasses(QListView):
    chosen = Signal(object)  # class id, `NONE_ID`, or None for all, selected by the user

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(LineDelegate(self))
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Predicted as"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._quiet = False
        self._muted = False
        self._wanted: int | None = None
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.clicked.connect(self._clicked)
        self.activated.connect(self._clicked)

    @property
    def class_id(self) -> int | None:
        """The selected class, `NONE_ID` for none of them, None for all."""
        return self._wanted

    def set_lines(self, total: int, counts: Sequence[tuple[ImageClass, int]], none: int | None = None) -> None:
        """Show the numbers of all and of each class, and of none of them, None if the model cannot tell.

        The selected class stays selected while it exists.
        """
        self._quiet = True
        rejected = [] if none is None else [Line(None, none, none=True)]
        most = max((count for _, count in counts), default=0) or 1
        classes = (Line(choice, count, share=count / most) for choice, count in counts)
        self.lines = [Line(None, total), *classes, *rejected]
        self._model.setRowCount(len(self.lines))
        for row, line in enumerate(self.lines):
            item = QStandardItem(line.title)
            item.setData(line, LINE_ROLE)
            item.setToolTip(line.words)
            item.setAccessibleText(line.words)
            self._model.setItem(row, item)
        row = self.row_of(self._wanted)
        if row < 0:
            self._wanted, row = None, 0
        if self.currentIndex().row() != row:
            flags = QItemSelectionModel.SelectionFlag
            mark = flags.NoUpdate if self._muted else flags.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._model.index(row, 0), mark)
        self._quiet = False

    def row_of(self, class_id: int | None) -> int:
        """Return the row of a class (None: all, `NONE_ID`: none of them), -1 if absent."""
        return next((row for row, line in enumerate(self.lines) if line.id == class_id), -1)

    def choose(self, class_id: int | None) -> None:
        row = self.row_of(class_id)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row, 0))

    def set_muted(self, muted: bool) -> None:
        """Set whether something else decides what is shown; then no line is marked."""
        if muted != self._muted:
            self._muted = muted
            if muted:
                self.clearSelection()
            else:
                self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _clicked(self, index: QModelIndex) -> None:
        if self._muted:
            self._current_changed(index)

    def _current_changed(self, index: QModelIndex) -> None:
        if self._quiet or not index.isValid():
            return
        self._wanted = self.lines[index.row()].id
        self.chosen.emit(self._wanted)


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
        self.words = hint("")
        self.choice.activated.connect(lambda _row: controller.set_strictness(Strictness(self.choice.currentData())))
        in_column(heading(tr(NONE_OF_THESE), 3), self.choice, self.words, inside=self, margins=(0, 0, 0, 0), spacing=6)
        self.hide()

    def show_state(self, context: ProjectContext) -> None:
        guesses = context.guesses
        self.setVisible(guesses is not None and guesses.can_reject)
        if self.isHidden():
            return
        at = self.choice.findData(strictness_of(context))
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(at)
        self.choice.setToolTip(tr(CHOICES[at][2]))
        right = right_of(context)
        self.words.setText("" if right is None else sentence(right))
        self.choice.setAccessibleDescription(self.words.text())
