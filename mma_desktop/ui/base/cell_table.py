"""A table of cells that fits its columns to their text, sorts, and whose rows can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QTableView

from mma_desktop.ui.widgets.painting import Index
from mma_desktop.ui.widgets.text_format import collator
from mma_desktop.ui.widgets.windows import TOUCHED

ROW_HEIGHT = 28  # a line of text with the padding of the style sheet, also while it is edited
HEAD_ROOM = 28  # beside a title: the padding of the style sheet, and the arrow that shows the order
MEASURED_ROWS = 200  # whose text Qt measures to fit a column: all rows of a long table would stop the window
MAX_FIRST = 240  # width reserved for a long class name; a longer one is elided
# What a missing number sorts by.
MISSING = -1e9


def side(right: bool) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


class Head(NamedTuple):
    """Title and tooltip of a column, and whether it holds numbers, which stand on the right."""

    title: str
    tip: str = ""
    number: bool = False


@dataclass(eq=False)
class TableCell:
    """A text that sorts by a number, or by its alphabet if there is none, and how it looks."""

    text: str
    number: float | None = None
    tip: str = ""
    icon: QIcon | None = None
    colour: str = ""
    spoken: str = ""
    bold: bool = False
    enabled: bool = True
    edits: bool = False
    """Whether its text can be typed anew; `CellModel.edited` tells the new one."""

    letter: str = ""
    """Stands before the text; what is sorted and copied has none."""

    def value(self, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{self.letter}: {self.text}" if self.letter else self.text
            case Qt.ItemDataRole.EditRole:
                return self.text
            case Qt.ItemDataRole.TextAlignmentRole:
                return side(self.number is not None)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return (self.tip if role == Qt.ItemDataRole.ToolTipRole else self.spoken) or None
            case Qt.ItemDataRole.DecorationRole:
                return self.icon
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self.colour) if self.colour else None
            case Qt.ItemDataRole.FontRole if self.bold:
                font = QFont()
                font.setBold(True)
                return font
        return None


class CellModel(QAbstractTableModel):
    """Cells as Qt asks for them. PySide does not survive the churn of a QTableWidget's many items."""

    edited = Signal(int, int, str)  # row, column, and the text that was typed; shown once it is written

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.heads: Sequence[Head] = ()
        self.lines: Sequence[Sequence[TableCell]] = ()

    def show(self, heads: Sequence[Head], lines: Sequence[Sequence[TableCell]]) -> None:
        self.beginResetModel()
        self.heads, self.lines = heads, lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.heads):
            return None
        head = self.heads[section]
        shown = {
            Qt.ItemDataRole.DisplayRole: head.title,
            Qt.ItemDataRole.ToolTipRole: head.tip or None,
            Qt.ItemDataRole.TextAlignmentRole: side(head.number),
        }
        return shown.get(Qt.ItemDataRole(role))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.lines[index.row()][index.column()].value(role) if index.isValid() else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        cell = self.lines[index.row()][index.column()] if index.isValid() else None
        if cell is None or not cell.enabled:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if cell.edits else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role == Qt.ItemDataRole.EditRole and str(value) != self.lines[index.row()][index.column()].text:
            self.edited.emit(index.row(), index.column(), str(value))
        return False


class CellTable(QTableView):
    """A table like a list whose selection (of a `single` row, or any), or else all rows, can be copied as text."""

    def __init__(self, accessible: str, *, single: bool = False) -> None:
        super().__init__()
        self.cells = CellModel(self)
        self.setModel(self.cells)
        self.setAccessibleName(accessible)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        modes = QTableView.SelectionMode
        self.setSelectionMode(modes.SingleSelection if single else modes.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(60)
        header.setResizeContentsPrecision(MEASURED_ROWS)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)  # as the rows are given, until a title is clicked
        header.setProperty(TOUCHED, False)
        header.sectionResized.connect(self._touched)
        header.sortIndicatorChanged.connect(self._sort)
        self._rows: list[Sequence[TableCell]] = []  # as given, before they are sorted
        self._sorts = False
        self._fitting = False  # while the table itself changes its header, which the user then has not touched
        self._first = 0  # the least width of the first column, 0 before the columns were fitted once
        copy = QShortcut(QKeySequence.StandardKey.Copy, self, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: QGuiApplication.clipboard().setText(self.text()))

    @property
    def lines(self) -> Sequence[Sequence[TableCell]]:
        return self.cells.lines

    def height_of(self, rows: int) -> int:
        return self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2 + ROW_HEIGHT * rows

    def text(self) -> str:
        selected = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = [self.lines[row] for row in selected] or self.lines
        texts = [[head.title for head in self.cells.heads], *([cell.text for cell in line] for line in lines)]
        return "\n".join("\t".join(line) for line in texts)

    def show_cells(self, heads: Sequence[Head], rows: Sequence[Sequence[TableCell]], *, sorts: bool = True) -> None:
        header = self.horizontalHeader()
        self._fitting, self._sorts = True, sorts
        header.setSectionsClickable(sorts)
        header.setSortIndicatorShown(sorts)
        # Other columns: neither the order nor the widths of before mean anything.
        if [head.title for head in heads] != [head.title for head in self.cells.heads]:
            self._first = 0
            header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
            header.setProperty(TOUCHED, False)
        self._rows = list(rows)
        self._fill(heads)
        self._fitting = False
        self.fit_columns()

    def _fill(self, heads: Sequence[Head]) -> None:
        header, lines = self.horizontalHeader(), list(self._rows)
        column, backwards = header.sortIndicatorSection(), header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        if self._sorts and 0 <= column < len(heads):
            # QSortFilterProxyModel sorts numbers as texts and calls back for each comparison.
            by_text = cmp_to_key(collator().compare)

            def key(line: Sequence[TableCell]) -> Any:
                cell = line[column]
                return by_text(cell.text) if cell.number is None else cell.number

            lines.sort(key=key, reverse=backwards)
        self.cells.show(heads, lines)

    def _sort(self) -> None:
        if self._fitting:
            return
        self._touched()
        # By identity: the rows move, and two may have equal texts.
        chosen = {id(self.lines[index.row()]) for index in self.selectedIndexes()}
        self._fill(self.cells.heads)
        self.select_lines([row for row, line in enumerate(self.lines) if id(line) in chosen])

    def select_lines(self, rows: Sequence[int]) -> None:
        """Select these rows alone; the last is the current one, from which arrow keys go."""
        flag, model = QItemSelectionModel.SelectionFlag, self.cells
        selection = QItemSelection()
        for row in rows:
            selection.select(model.index(row, 0), model.index(row, len(self.cells.heads) - 1))
        if rows:
            self.selectionModel().setCurrentIndex(model.index(rows[-1], 0), flag.NoUpdate)
        self.selectionModel().select(selection, flag.ClearAndSelect)

    def _touched(self) -> None:
        if not self._fitting:
            self.horizontalHeader().setProperty(TOUCHED, True)

    @property
    def _fits(self) -> bool:
        # Neither the user nor the last session sized the columns.
        return self.cells.columnCount() > 0 and not self.horizontalHeader().property(TOUCHED)

    def fit_columns(self) -> None:
        """Fit the columns to their text; a column that was fitted once only gets wider."""
        # Qt's own method reserves space for a sort arrow in each header, too much for a narrow window.
        if not self._fits:
            return
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        self._fitting = True
        for at in range(self.cells.columnCount()):
            head = metrics.horizontalAdvance(self.cells.heads[at].title) + HEAD_ROOM
            least = header.sectionSize(at) if self._first else 0
            header.resizeSection(at, max(least, head, self.sizeHintForColumn(at)))
        head = metrics.horizontalAdvance(self.cells.heads[0].title) + HEAD_ROOM
        self._first = max(head, min(MAX_FIRST, self.sizeHintForColumn(0)))
        self._fit_first()
        self._fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            # Or the resize would count as the user's.
            self._fitting = True
            self._fit_first()
            self._fitting = False

    def _fit_first(self) -> None:
        header = self.horizontalHeader()
        # The first column gets the rest of the width, but at least its text: the table scrolls instead.
        room = self.viewport().width() - header.length() + header.sectionSize(0)
        header.resizeSection(0, max(self._first, room))
