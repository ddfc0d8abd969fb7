"""A table that fits its columns to their text, and whose rows can be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mma_desktop.ui.base.window_state import RESTORED, TOUCHED

ROW_HEIGHT = 28
HEAD_ROOM = 28
CELL_ROOM = 18
MARK_ROOM = 22
MEASURED_ROWS = 200
MOST_FIRST = 240  # maximum width reserved for a long class name


class CopyTable(QTableView):
    """Read-only table whose selection, or else all rows, can be copied as tab-separated text."""

    def __init__(self, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(60)
        self._watching = self._fitted = False
        self._first = 0
        self._sized: set[int] = set()
        self.horizontalHeader().setProperty(TOUCHED, False)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.horizontalHeader().sortIndicatorChanged.connect(self._touched)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)

    def text(self) -> str:
        """Return the selected rows, or all, with the column titles."""
        model = self.model()
        selected = sorted({index.row() for index in self.selectionModel().selectedRows()})
        columns = range(model.columnCount())
        heads = [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in columns]
        lines = [
            "\t".join(str(model.index(row, at).data() or "") for at in columns)
            for row in selected or range(model.rowCount())
        ]
        return "\n".join(["\t".join(heads), *lines])

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def fit_columns(self) -> None:
        """Fit the columns to their text, the first also to the rest of the width; later only widen columns.

        Columns sized by the user or restored from the last session stay as they are.
        """
        # Qt's own method reserves space for a sort arrow in each header, too much for a narrow window.
        header, model, metrics = self.horizontalHeader(), self.model(), self.fontMetrics()
        if not model.rowCount() or header.property(RESTORED):
            return
        self._watching = False
        for at in range(model.columnCount()):
            if at in self._sized:
                continue
            head = metrics.horizontalAdvance(str(model.headerData(at, Qt.Orientation.Horizontal)))
            least = header.sectionSize(at) if self._fitted else 0
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(at, max(least, head + HEAD_ROOM, self._cell_width(at) + CELL_ROOM))
        self._first = min(MOST_FIRST, self._cell_width(0) + CELL_ROOM)
        self._fitted = True
        self._fit_first()
        self.watch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_first()

    def _fit_first(self) -> None:
        """Give the first column the rest of the width, but at least its text: the table scrolls instead."""
        header = self.horizontalHeader()
        if not self._fitted or 0 in self._sized:
            return
        watching, self._watching = self._watching, False
        room = self.viewport().width() - sum(header.sectionSize(at) for at in range(1, header.count()))
        stretched = room >= self._first
        header.setSectionResizeMode(
            0, QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.Interactive
        )
        if not stretched:
            header.resizeSection(0, self._first)
        self._watching = watching

    def watch(self) -> None:
        """From now on, treat resizing and sorting as done by the user."""
        self._watching = True

    def _resized(self, column: int, _before: int, _now: int) -> None:
        header = self.horizontalHeader()
        stretched = header.sectionResizeMode(column) is QHeaderView.ResizeMode.Stretch
        last = header.stretchLastSection() and column == header.count() - 1
        if self._watching and not stretched and not last:  # those follow the width of the table
            self._sized.add(column)
            self._touched()

    def _touched(self, *_sorted: object) -> None:
        if self._watching:
            self.horizontalHeader().setProperty(TOUCHED, True)

    def _cell_width(self, column: int) -> int:
        """Return the width of a column's widest text and mark. `sizeHintForColumn` asks the model ten times a cell."""
        model = self.model()
        font = self.font()
        font.setBold(True)
        metrics, widest = QFontMetrics(font), 0
        for row in range(min(model.rowCount(), MEASURED_ROWS)):
            index = model.index(row, column)
            mark = MARK_ROOM if index.data(Qt.ItemDataRole.DecorationRole) is not None else 0
            widest = max(widest, metrics.horizontalAdvance(str(index.data() or "")) + mark)
        return widest
