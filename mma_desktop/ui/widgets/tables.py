"""Tables: their models, titles and looks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem

from mma_desktop.ui.widgets.text_format import collator

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
MISSING = -1e9
"""Sort key of a number that is not there."""
HIGHEST = "\N{BLACK UP-POINTING TRIANGLE}"


def side(right: bool) -> Qt.AlignmentFlag:
    """Return the alignment of a cell: numbers stand on the right."""
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def fill_titles(table: QTableWidget, titles: Sequence[str], numbers: Collection[int] = ()) -> None:
    """Set the column titles; those of `numbers` stand on the right."""
    for column, title in enumerate(titles):
        item = QTableWidgetItem(title)
        item.setTextAlignment(side(column in numbers))
        table.setHorizontalHeaderItem(column, item)


def plain(table: QTableWidget, name: str) -> None:
    """Let a table with this accessible name look like a list: no grid or row titles, one row selected, no editing."""
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)


def bold_font(bold: bool = True) -> QFont:
    """Return the font of an emphasized cell."""
    font = QFont()
    font.setBold(bold)
    return font


class Head(NamedTuple):
    """Title and tooltip of a column, and whether it holds numbers, which stand on the right."""

    title: str
    tip: str = ""
    number: bool = False


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows below titles that stay the same; the cells come from the subclass."""

    def __init__(self, heads: Sequence[Head], rows: Sequence[Row] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._rows: Sequence[Row] = rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> Row:
        return self._rows[number]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        head = self._heads[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return head.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return head.tip or None
        return side(head.number) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return side(self._heads[index.column()].number) if role == Qt.ItemDataRole.TextAlignmentRole else None


class SortedRows(QSortFilterProxyModel):
    """Sorts the rows of a model by `SORT_ROLE`, texts by the alphabet, and can show only some of them.

    Args:
        rows: The model.
        kept: Whether a row stays, given its number, while only some are shown.
    """

    def __init__(
        self, rows: QAbstractTableModel, kept: Callable[[int], bool] = lambda _row: True, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._kept = kept
        self._only = False
        self._collator = collator()
        self.setSourceModel(rows)
        self.setSortRole(SORT_ROLE)

    def show_only(self, only: bool) -> None:
        """Show only the kept rows, or all."""
        self.beginFilterChange()
        self._only = only
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        return not self._only or self._kept(row)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if isinstance(one, str) and isinstance(other, str):
            return self._collator.compare(one, other) < 0
        return super().lessThan(left, right)
