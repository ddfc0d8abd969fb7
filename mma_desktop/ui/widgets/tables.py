"""Tables: their titles and looks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView, QTableWidget, QTableWidgetItem

Index = QModelIndex | QPersistentModelIndex


def side(right: bool) -> Qt.AlignmentFlag:
    """Return the alignment of a cell: numbers stand on the right."""
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def fill_titles(table: QTableWidget, titles: Sequence[str], numbers: Collection[int] = ()) -> None:
    """Set the column titles; those of `numbers` stand on the right."""
    for column, title in enumerate(titles):
        item = QTableWidgetItem(title)
        item.setTextAlignment(side(column in numbers))
        table.setHorizontalHeaderItem(column, item)


def plain(table: QTableView, name: str) -> None:
    """Let a table with this accessible name look like a list: no grid or row titles, one row selected, no editing."""
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
