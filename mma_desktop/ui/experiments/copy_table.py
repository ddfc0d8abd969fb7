"""A table of cells that fits its columns to their text, sorts, and whose rows can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
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


class Cell(QTableWidgetItem):
    """A text that sorts by a number, or by its alphabet if there is none."""

    def __init__(self, text: str, number: float | None = None, tip: str = "") -> None:
        super().__init__(text)
        self.key = text if number is None else number
        self.setTextAlignment(side(number is not None))
        self.setToolTip(tip)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        table = self.tableWidget()
        assert isinstance(other, Cell)
        assert isinstance(table, CopyTable)
        if isinstance(self.key, str) and isinstance(other.key, str):
            return table.collator.compare(self.key, other.key) < 0
        return float(self.key) < float(other.key)


class CopyTable(QTableWidget):
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
        header.sortIndicatorChanged.connect(self._touched)
        self.collator = collator()
        self._fitting = False
        self._first = 0
        copy = QShortcut(QKeySequence.StandardKey.Copy, self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(lambda: QGuiApplication.clipboard().setText(self.text()))

    def text(self) -> str:
        """Return the selected rows, or all, with the column titles."""
        selected = sorted({index.row() for index in self.selectionModel().selectedRows()})
        columns = range(self.columnCount())
        lines = [[self.cell(row, at).text() for at in columns] for row in selected or range(self.rowCount())]
        return "\n".join("\t".join(line) for line in [[self._title(at) for at in columns], *lines])

    def _title(self, column: int) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal))

    def cell(self, row: int, column: int) -> Cell:
        found = self.item(row, column)
        assert isinstance(found, Cell)
        return found

    def show_cells(self, heads: Sequence[Head], rows: Sequence[Sequence[Cell]], *, sorts: bool = True) -> None:
        """Show other rows, in the order of before if the titles are the same."""
        header = self.horizontalHeader()
        self._fitting = True
        self.setSortingEnabled(False)
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
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                self.setItem(row, column, cell)
        self.setSortingEnabled(sorts)
        self._fit_columns()
        self._fitting = False

    def _touched(self) -> None:
        if not self._fitting:
            self.horizontalHeader().setProperty(TOUCHED, True)

    @property
    def _fits(self) -> bool:
        """Whether the columns follow their text: neither the user nor the last session sized them."""
        header = self.horizontalHeader()
        return self.rowCount() > 0 and not header.property(RESTORED) and not header.property(TOUCHED)

    def _fit_columns(self) -> None:
        """Fit the columns to their text, the first also to the rest of the width; later only widen them."""
        # Qt's own method reserves space for a sort arrow in each header, too much for a narrow window.
        if not self._fits:
            return
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for at in range(self.columnCount()):
            head = metrics.horizontalAdvance(self._title(at)) + HEAD_ROOM
            least = header.sectionSize(at) if self._first else 0
            header.resizeSection(at, max(least, head, self._cell_width(at)))
        self._first = min(MOST_FIRST, self._cell_width(0))
        self._fit_first()

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
            item = self.cell(row, column)
            widest = max(widest, metrics.horizontalAdvance(item.text()) + (0 if item.icon().isNull() else MARK_ROOM))
        return widest + CELL_ROOM
