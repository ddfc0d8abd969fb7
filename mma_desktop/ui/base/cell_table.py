"""A table of cells that fits its columns to their text, sorts, and whose rows can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from mma_desktop.ui.base.window_state import RESTORED, TOUCHED
from mma_desktop.ui.widgets.tables import plain, side
from mma_desktop.ui.widgets.text_format import collator

ROW_HEIGHT = 28
HEAD_ROOM = 28
CELL_ROOM = 18
MARK_ROOM = 22
MEASURED_ROWS = 200
MOST_FIRST = 240  # maximum width reserved for a long class name
MISSING = -1e9
"""What a number that is not there sorts by."""


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

    def item(self) -> QTableWidgetItem:
        """Return what Qt shows. PySide does not survive many items of a class of its own that Qt compares."""
        made = QTableWidgetItem(self.text)
        made.setTextAlignment(side(self.number is not None))
        made.setToolTip(self.tip)
        if self.icon is not None:
            made.setIcon(self.icon)
        if self.colour:
            made.setForeground(QColor(self.colour))
        if self.spoken:
            made.setData(Qt.ItemDataRole.AccessibleTextRole, self.spoken)
        if self.bold:
            font = QFont()
            font.setBold(True)
            made.setFont(font)
        if not self.enabled:
            made.setFlags(Qt.ItemFlag.NoItemFlags)
        return made


class CellTable(QTableWidget):
    """Read-only table whose selection, or else all rows, can be copied as tab-separated text."""

    def __init__(self, accessible: str) -> None:
        super().__init__()
        plain(self, accessible)
        self.setSelectionMode(QTableWidget.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(60)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setProperty(TOUCHED, False)
        header.sectionResized.connect(self._touched)
        header.sortIndicatorChanged.connect(self._sort)
        self.lines: list[Sequence[TableCell]] = []
        """The rows as they stand, and as they came."""
        self._given: list[Sequence[TableCell]] = []
        self._sorts = False
        self._fitting = False
        self._first = 0
        copy = QShortcut(QKeySequence.StandardKey.Copy, self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: QGuiApplication.clipboard().setText(self.text()))

    def text(self) -> str:
        """Return the selected rows, or all, with the column titles."""
        selected = sorted({index.row() for index in self.selectionModel().selectedRows()})
        columns = range(self.columnCount())
        lines = [[self._text(row, at) for at in columns] for row in selected or range(self.rowCount())]
        return "\n".join("\t".join(line) for line in [[self._title(at) for at in columns], *lines])

    def _title(self, column: int) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal))

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return "" if item is None else item.text()

    def show_cells(self, heads: Sequence[Head], rows: Sequence[Sequence[TableCell]], *, sorts: bool = True) -> None:
        """Show other rows, in the order of before if the titles are the same."""
        header = self.horizontalHeader()
        self._fitting, self._sorts = True, sorts
        header.setSectionsClickable(sorts)
        header.setSortIndicatorShown(sorts)
        if [head.title for head in heads] != [self._title(at) for at in range(self.columnCount())]:
            self._first = 0
            self.clear()
            self.setColumnCount(len(heads))
            header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
            header.setProperty(TOUCHED, False)
            for column, head in enumerate(heads):
                item = QTableWidgetItem(head.title)
                item.setTextAlignment(side(head.number))
                item.setToolTip(head.tip)
                self.setHorizontalHeaderItem(column, item)
        self._given = list(rows)
        self._fill()
        self._fitting = False
        self.fit_columns()

    def _fill(self) -> None:
        """Show the rows in the order of the header."""
        header = self.horizontalHeader()
        column, backwards = header.sortIndicatorSection(), header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        self.lines = list(self._given)
        if self._sorts and 0 <= column < self.columnCount():
            by_text = cmp_to_key(collator().compare)

            def key(line: Sequence[TableCell]) -> Any:
                cell = line[column]
                return by_text(cell.text) if cell.number is None else cell.number

            self.lines.sort(key=key, reverse=backwards)
        self.setRowCount(len(self.lines))
        for row, cells in enumerate(self.lines):
            for at, cell in enumerate(cells):
                self.setItem(row, at, cell.item())

    def _sort(self) -> None:
        """Order the rows anew; those that are selected stay selected."""
        if self._fitting:
            return
        self._touched()
        chosen = {id(self.lines[index.row()]) for index in self.selectedIndexes()}
        self._fill()
        with QSignalBlocker(self):
            self.clearSelection()
        self.select_lines([row for row, line in enumerate(self.lines) if id(line) in chosen])

    def select_lines(self, rows: Sequence[int]) -> None:
        """Select these rows alone; the last is the current one, from which arrow keys go."""
        flag, model = QItemSelectionModel.SelectionFlag, self.model()
        selection = QItemSelection()
        for row in rows:
            selection.select(model.index(row, 0), model.index(row, self.columnCount() - 1))
        if rows:
            self.selectionModel().setCurrentIndex(model.index(rows[-1], 0), flag.NoUpdate)
        self.selectionModel().select(selection, flag.ClearAndSelect)

    def _touched(self) -> None:
        if not self._fitting:
            self.horizontalHeader().setProperty(TOUCHED, True)

    @property
    def _fits(self) -> bool:
        """Whether the columns follow their text: neither the user nor the last session sized them."""
        header = self.horizontalHeader()
        return self.columnCount() > 0 and not header.property(RESTORED) and not header.property(TOUCHED)

    def fit_columns(self) -> None:
        """Fit the columns to their text, the first also to the rest of the width; later only widen them."""
        # Qt's own method reserves space for a sort arrow in each header, too much for a narrow window.
        if not self._fits:
            return
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        self._fitting = True
        for at in range(self.columnCount()):
            head = metrics.horizontalAdvance(self._title(at)) + HEAD_ROOM
            least = header.sectionSize(at) if self._first else 0
            header.resizeSection(at, max(least, head, self._cell_width(at)))
        self._first = min(MOST_FIRST, self._cell_width(0))
        self._fit_first()
        self._fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self._fitting = True
            self._fit_first()
            self._fitting = False

    def _fit_first(self) -> None:
        """Give the first column the rest of the width, but at least its text: the table scrolls instead."""
        header = self.horizontalHeader()
        room = self.viewport().width() - header.length() + header.sectionSize(0)
        header.resizeSection(0, max(self._first, room))

    def _cell_width(self, column: int) -> int:
        font = self.font()
        font.setBold(True)
        metrics, widest = QFontMetrics(font), 0
        for row in range(min(self.rowCount(), MEASURED_ROWS)):
            mark = MARK_ROOM if self.lines[row][column].icon is not None else 0
            widest = max(widest, metrics.horizontalAdvance(self._text(row, column)) + mark)
        return widest + CELL_ROOM
