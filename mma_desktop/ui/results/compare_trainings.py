"""Dialog that compares two or more trainings: numbers, settings, classes and curves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHeaderView,
    QStackedWidget,
    QTabWidget,
    QWidget,
)

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import RunRecord
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import keep_columns, restore_columns
from mma_desktop.ui.results.compare_runs import (
    DIFFERS,
    LEAST_IMAGES,
    LEAST_POINTS,
    Comparison,
    Line,
    compare,
    csv_text,
)
from mma_desktop.ui.results.results_panel import CopyTable, export_csv
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    InfoBar,
    Picture,
    button,
    close_button,
    fill_dialog,
    heading,
    hint,
    in_column,
    in_row,
    set_default,
)
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import HIGHEST, MISSING, SORT_ROLE, Head, Index, RowsModel, SortedRows, bold_font
from mma_desktop.ui.widgets.text_format import as_title
from mma_desktop.ui.widgets.theme import tokens

if TYPE_CHECKING:
    from mma_desktop.ui.results.compare_curves import CompareCurves

NUMBERS_HINT = later(
    "In brackets the 95% interval, n is the number of images measured: held-out test images, or for base accuracy "
    "by cross-validation or leave-one-out the images that were trained on. {sign} marks the highest of a row. Where "
    "intervals overlap widely, a difference may be chance."
)
CLASSES_HINT = later(
    "Each class among the names of its own role, with the adapter. A training is called better in a class where at "
    "least {images} and {points:g} percentage points lie between the trainings."
)


class LinesModel(RowsModel[Line]):
    """Rows of a comparison: title, group if wanted, a column per run, and difference.

    Differences are in words and bold.
    """

    def __init__(
        self, heads: Sequence[str], lines: Sequence[Line], *, grouped: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__([Head(title, title) for title in map(one_line, heads)], lines, parent)
        self._grouped = grouped

    def _run(self, column: int) -> int:
        """Return the position of the run of a column, -1 for other columns."""
        at = column - (2 if self._grouped else 1)
        return at if 0 <= at < len(self._rows[0].cells) else -1

    def text(self, line: Line, column: int) -> str:
        at = self._run(column)
        if at >= 0:
            return line.cells[at] + (f" {HIGHEST}" if at in line.best else "")
        if column == 0:
            return line.head
        if self._grouped and column == 1:
            return line.group
        return tr(DIFFERS) if line.note == DIFFERS else line.note

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._rows[index.row()], index.column()
        at, last = self._run(column), column == len(self._heads) - 1
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return one_line(self.text(line, column))
        if role == SORT_ROLE:
            if at >= 0 and line.measured:
                value = line.measured[at]
                return MISSING if value is None else value.percent
            return line.spread if last and line.measured else self.text(line, column)
        if role == Qt.ItemDataRole.FontRole:
            return bold_font(at in line.best if line.measured else bool(line.note))
        if role == Qt.ItemDataRole.DecorationRole and last and line.note == DIFFERS:
            return icon("warning", "warn")
        if role == Qt.ItemDataRole.ForegroundRole and not line.measured and not line.note:
            return QColor(tokens().dim)
        return super().data(index, role)


class CompareDialog(QDialog):
    """A comparison in four tabs, with a sentence on whether it is fair."""

    def __init__(self, runs: Sequence[RunRecord], controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.finished.connect(self._finished)
        self.comparison: Comparison = compare(runs)
        self.curves: CompareCurves | None = None
        self.setWindowTitle(tr("Compare trainings"))
        self.message = InfoBar(passing=True)
        self.tabs = QTabWidget()
        self.tabs.tabBar().setAccessibleName(self.windowTitle())
        self.tabs.setAccessibleName(self.tabs.tabBar().accessibleName())
        self.numbers = self._numbers()
        self.settings = self._settings()
        self.classes = self._classes()
        self._curve_page = QStackedWidget()
        self.tabs.addTab(self._curve_page, tr("Curves"))
        self.tabs.currentChanged.connect(self._tab_changed)
        self.export_button = button(tr("Export as CSV…"), "export")
        self.export_button.clicked.connect(self._export)
        self.copy_button = button(tr("Copy table"), "copy")
        self.copy_button.clicked.connect(self._copy)
        self.close_button = close_button(self)
        self._lay_out()
        restore_columns(controller.settings, self)
        self.resize(1120, 640)
        set_default(self, self.close_button)

    # ------------------------------------------------------------------ building

    def _lay_out(self) -> None:
        fair = self.comparison.fairness.fair
        mark = Picture("check" if fair else "warning", 20, "good" if fair else "warn")
        self.fairness = hint(self.comparison.fairness.text)
        self.fairness.setObjectName("")
        mark.setAccessibleName("" if fair else tr("Warning"))
        row = in_row((mark, 0, Qt.AlignmentFlag.AlignTop), (self.fairness, 1))
        fill_dialog(
            self,
            heading(tr("Compare trainings"), 2),
            row,
            self.message,
            (self.tabs, 1),
            in_row(self.export_button, self.copy_button, None, self.close_button),
        )

    def _table(self, name: str, accessible: str, model: LinesModel) -> CopyTable:
        table = CopyTable(accessible)
        ordered = SortedRows(model, lambda row: bool(model.row(row).note), table)
        table.setModel(ordered)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setObjectName(f"compare {name} {model.columnCount()}")  # the number of columns depends on the runs
        header.setStretchLastSection(True)
        for at in range(model.columnCount()):
            head = table.fontMetrics().horizontalAdvance(str(model.headerData(at, Qt.Orientation.Horizontal)))
            width = max(table.sizeHintForColumn(at) + 20, head + 24)
            header.resizeSection(at, max(60, min(width, 320)))
        table.watch()
        return table

    def _page(self, title: str, *parts: QWidget) -> None:
        page = QWidget()
        stretched = ((one, int(isinstance(one, CopyTable))) for one in parts)
        in_column(*stretched, inside=page, margins=(12, 12, 12, 12))
        self.tabs.addTab(page, title)

    def _numbers(self) -> CopyTable:
        found = self.comparison
        heads = (tr("Accuracy on"), "", *found.names, found.difference_head)
        table = self._table("numbers", tr("Numbers"), LinesModel(heads, found.numbers, grouped=True, parent=self))
        self._page(tr("Numbers"), hint(tr(NUMBERS_HINT, sign=HIGHEST)), table)
        return table

    def _settings(self) -> CopyTable:
        heads = (tr("Setting"), *self.comparison.names, tr("Difference"))
        table = self._table(
            "settings", as_title(tr("&Settings…")), LinesModel(heads, self.comparison.settings, parent=self)
        )
        self.only = QCheckBox(tr("Only what differs"))
        model = table.model()
        assert isinstance(model, SortedRows)
        self.only.toggled.connect(model.show_only)
        self._page(as_title(tr("&Settings…")), self.only, table)
        return table

    def _classes(self) -> CopyTable:
        found = self.comparison
        heads = (tr("Class"), tr("Role"), *found.names, found.difference_head)
        table = self._table("classes", tr("Each class"), LinesModel(heads, found.classes, grouped=True, parent=self))
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        rule = tr(CLASSES_HINT, images=number_format.images(LEAST_IMAGES), points=LEAST_POINTS)
        self._page(tr("Each class"), hint(rule), table)
        return table

    def _tab_changed(self) -> None:
        page = self.tabs.currentWidget()
        self.copy_button.setEnabled(page is not self._curve_page)
        if page is self._curve_page and self.curves is None:
            from mma_desktop.ui.results.compare_curves import CompareCurves

            self.curves = CompareCurves(self.comparison.runs)
            self._curve_page.addWidget(self.curves)

    # ------------------------------------------------------------------ export

    def _copy(self) -> None:
        table = self.tabs.currentWidget().findChild(CopyTable)
        if isinstance(table, CopyTable):
            table.copy()

    def _export(self) -> None:
        text = partial(csv_text, self.comparison)
        export_csv(self, self._controller, self.message, "trainings.csv", text)

    def _finished(self) -> None:
        keep_columns(self._controller.settings, self)
