"""The confusion matrix as a table, darker where more images are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.services.training.experiment_table import FoldedRun
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import hint, in_column, in_row, tool
from mma_desktop.ui.widgets.painting import CENTRE, Index, paint_words, small_font
from mma_desktop.ui.widgets.theme import has_ring, mix, readable_on, tokens

MIN_CELL = 18
MAX_CELL = 44
MAX_ROWS = 60
LABEL_LIMIT = 150
GAP = 8


class ConfusionModel(QAbstractTableModel):
    """counts[i][j] are images of class i predicted as class j."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.counts: tuple[tuple[int, ...], ...] = ()

    def set_matrix(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        self.beginResetModel()
        self.names = tuple(names)
        self.counts = tuple(tuple(row) for row in counts)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.names)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return self.rowCount(parent)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return one_line(self.names[section])
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self.counts[index.row()][index.column()])
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.describe(index.row(), index.column())
        return None

    def describe(self, row: int, column: int) -> str:
        found, total, name = self.counts[row][column], sum(self.counts[row]), self.names[row]
        if not total:
            return tr("No image of '{class_name}' was measured.", class_name=name)
        share = number_format.whole_percent(found / total)
        if row == column:
            return tr(
                "{found:,} of {n} image of '{class_name}' ({share}) was recognised.",
                "{found:,} of {n} images of '{class_name}' ({share}) were recognised.",
                total,
                found=found,
                class_name=name,
                share=share,
            )
        return tr(
            "{found:,} of {n} image of '{class_name}' ({share}) was taken for '{other_class}'.",
            "{found:,} of {n} images of '{class_name}' ({share}) were taken for '{other_class}'.",
            total,
            found=found,
            class_name=name,
            share=share,
            other_class=self.names[column],
        )

    def colours(self, row: int, column: int) -> tuple[str, str]:
        """Return ground and text of a cell; their contrast is at least 4.5:1."""
        look, number = tokens(), self.counts[row][column]
        hue = look.good if row == column else look.bad
        share = number / max(1, sum(self.counts[row]))
        ground = mix(look.raised, hue, 0.12 + 0.78 * share) if number else look.raised
        return ground, readable_on(ground)


class CountDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ConfusionModel)
        area: QRect = option.rect
        ground, text = model.colours(index.row(), index.column())
        painter.fillRect(area.adjusted(0, 0, -1, -1), QColor(ground))
        if model.counts[index.row()][index.column()]:
            paint_words(painter, area, str(index.data()), text, small_font(option.font), CENTRE)
        if option.state & QStyle.StateFlag.State_HasFocus and has_ring(option.widget):
            painter.setPen(QPen(QColor(tokens().focus), 2))
            painter.drawRect(area.adjusted(1, 1, -2, -2))


class _Names(QHeaderView):
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        painter.save()
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(tokens().text))
        upright = self.orientation() is Qt.Orientation.Horizontal
        if upright:
            painter.translate(rect.left(), rect.bottom())
            painter.rotate(-90)
            rect = QRect(4, 0, rect.height() - GAP, rect.width())
        name = str(self.model().headerData(logicalIndex, self.orientation()))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, rect.width() - 4)
        side = Qt.AlignmentFlag.AlignLeft if upright else Qt.AlignmentFlag.AlignRight
        painter.drawText(rect.adjusted(0, 0, -4, 0), side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class ConfusionView(QTableView):
    """Rows are true classes, columns are predictions among all class names."""

    cell_clicked = Signal(str, str)  # true name, predicted name; also chosen by key
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.matrix = ConfusionModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(CountDelegate(self))
        self.setHorizontalHeader(_Names(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_Names(Qt.Orientation.Vertical, self))
        self.setAccessibleName(tr("Confusion matrix"))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(MIN_CELL)
            header.setSectionsClickable(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(lambda index: self.cell_clicked.emit(*self._names_at(index)))
        self.selectionModel().currentChanged.connect(self.moved)

    def set_matrix(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show a matrix; counts[i][j] are images of class i predicted as class j."""
        self.matrix.set_matrix(names, counts)
        self.setMinimumHeight(self._label + MIN_CELL * min(MAX_ROWS, len(names)) + 2 * self.frameWidth() + 2)
        self._fit()
        if names:
            self.setCurrentIndex(self.matrix.index(0, 0))

    def _names_at(self, index: Index) -> tuple[str, str]:
        return self.matrix.names[index.row()], self.matrix.names[index.column()]

    def words(self) -> str:
        """Return what the current cell says, with what Enter does."""
        index = self.currentIndex()
        if not index.isValid():
            return ""
        keys = tr("Press Enter to see them.") if index.data() != "0" else ""
        return f"{self.matrix.describe(index.row(), index.column())} {keys}".strip()

    def text(self) -> str:
        names, counts = self.matrix.names, self.matrix.counts
        head = "\t".join([tr("true \\ predicted"), *names])
        return "\n".join([head, *("\t".join([name, *map(str, row)]) for name, row in zip(names, counts, strict=True))])

    @property
    def _label(self) -> int:
        """The room that the names need, in pixels."""
        metrics = QFontMetrics(small_font(self.font()))
        longest = max((metrics.horizontalAdvance(one_line(name)) for name in self.matrix.names), default=0)
        return min(LABEL_LIMIT, longest + 6) + GAP

    def _fit(self) -> None:
        """Make the cells as large as fits, and rather wide than tall, for the number."""
        count, label = max(1, len(self.matrix.names)), self._label
        self.verticalHeader().setFixedWidth(label)
        self.horizontalHeader().setFixedHeight(label)
        room = self.size() - QSize(label + 4, label + 4)
        high = max(MIN_CELL, min(MAX_CELL, room.height() // count))
        self.verticalHeader().setDefaultSectionSize(high)
        self.horizontalHeader().setDefaultSectionSize(max(MIN_CELL, min(MAX_CELL, room.width() // count, 2 * high)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentIndex().isValid():
            self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.currentIndex().isValid():
            self.cell_clicked.emit(*self._names_at(self.currentIndex()))
        else:
            super().keyPressEvent(event)


class ConfusionPanel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.view = ConfusionView()
        self.line = hint("")
        self.view.moved.connect(lambda: self.line.setText(self.view.words()))
        copy = tool("copy", tr("Copy table"), clicked=lambda: QGuiApplication.clipboard().setText(self.view.text()))
        head = in_row((self.line, 1), (copy, 0, Qt.AlignmentFlag.AlignTop))
        in_column(head, (self.view, 1), inside=self, margins=(12, 12, 12, 12))

    def show_row(self, row: FoldedRun | None) -> None:
        evaluation = None if row is None else row.evaluation
        self.view.set_matrix(*((evaluation.class_names, evaluation.confusion) if evaluation is not None else ((), ())))
        self.line.setText(
            tr(
                "Rows are the true classes, columns the predictions among all class names. Click a cell, or move with "
                "the arrow keys and press Enter."
            )
        )
