"""Results of a training: the four accuracies before and after, per class, and the confusion matrix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Evaluation
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import RESTORED, TOUCHED
from mma_desktop.ui.results.confusion import MAX_CELL, ConfusionView
from mma_desktop.ui.results.result_models import (
    CLASS_COLUMNS,
    SUMMARY_COLUMNS,
    ResultModel,
    class_rows,
    summary_rows,
    verdict_rule,
)
from mma_desktop.ui.results.train_text import NO_BASE, no_new_words
from mma_desktop.ui.widgets.controls import InfoBar, button, heading, hint, in_column, in_row, scrolled, tool
from mma_desktop.ui.widgets.tables import SortedRows
from mma_desktop.ui.widgets.windows import ask_where

ROW_HEIGHT = 28
HEAD_ROOM = 28
CELL_ROOM = 18
MARK_ROOM = 22
MEASURED_ROWS = 200
MOST_FIRST = 240  # maximum width reserved for a long class name
SUMMARY_ROWS = 4
HEAD_HEIGHT = 36
LEAST_HEIGHT = 120
ESTIMATED = {
    "cross-validation": later(
        "Base accuracy is estimated by 4-fold cross-validation: every labelled base image was a shot."
    ),
    "leave-one-out": later(
        "Base accuracy is estimated by leaving out one shot at a time: every labelled base image was a shot."
    ),
}
CAPTION = later("Base classes among base names, new classes among new names. The confusion matrix is among all names.")


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


def write_csv(text: Callable[[], str], out: Path) -> Path:
    """Write a table as a CSV file.

    Raises:
        UserError: The file cannot be written; an existing one is kept.
    """
    with output_path(out) as temporary:
        temporary.write_text(text(), "utf-8", "replace", newline="")
    return out


def export_csv(dialog: QDialog, controller: Controller, message: InfoBar, name: str, text: Callable[[], str]) -> None:
    """Ask for a file and write a comparison into it; say so in the dialog, or in the window if that was closed.

    Args:
        dialog: The dialog.
        controller: Runs the job.
        message: Shown in the dialog.
        name: The suggested name of the file.
        text: Returns the table. It may be slow; runs on a lane.
    """
    title = tr("Export the comparison")

    def written(out: Path) -> None:
        words = tr("Written to {file}.", file=out)
        if isValid(dialog) and dialog.isVisible():
            message.show_message(words, "good")
        else:
            controller.notice.emit(words)

    def chosen(file: str) -> None:
        if controller.context is not None:
            controller.export(title, lambda _context, _token: write_csv(text, Path(file)), written)

    ask_where(dialog, title, Path.home() / name, chosen)


class ClassTable(CopyTable):
    """A table that takes the remaining height and requests only its minimum.

    A scroll area uses size hints rather than minimum heights once its widget contains wrapped text. A policy that
    ignores the hint would count as zero height there, and the rest of the page would overlap.
    """

    def __init__(self, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(accessible, parent)
        self.setMinimumHeight(LEAST_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LEAST_HEIGHT)


class ResultsView(QWidget):
    """The tables of one evaluation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.evaluation: Evaluation | None = None
        self._note = hint("")
        self.summary = CopyTable(tr("Results", "page"))
        self.summary_model = ResultModel(SUMMARY_COLUMNS, self)
        self.summary.setModel(self.summary_model)
        self._fit_summary()
        self.summary.horizontalScrollBar().rangeChanged.connect(self._fit_summary)
        self.summary.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.class_model = ResultModel(CLASS_COLUMNS, self)
        self._sorted = SortedRows(self.class_model, parent=self)
        self.per_class = ClassTable(tr("Each class"))
        self.per_class.setModel(self._sorted)
        self.summary.horizontalHeader().setObjectName("accuracies")
        self.per_class.horizontalHeader().setObjectName("accuracy of classes")
        self.per_class.setSortingEnabled(True)
        self.per_class.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.worse_label = QLabel()
        copy = button(tr("Copy table"), "copy")
        copy.clicked.connect(self.copy_all)
        head = in_row(heading(tr("Each class"), 3), 12, self.worse_label, None, copy)
        inner = QWidget()
        in_column(
            self.summary,
            self._note,
            head,
            hint(f"{tr(CAPTION)} {verdict_rule()}."),
            (self.per_class, 1),
            inside=inner,
            margins=(12, 12, 12, 12),
        )
        in_column(scrolled(inner), inside=self, margins=(0, 0, 0, 0))

    def show_evaluation(self, evaluation: Evaluation | None, note: str = "") -> None:
        """Show an evaluation with a sentence on it, or nothing."""
        self.evaluation = evaluation
        self.summary_model.set_rows(summary_rows(evaluation) if evaluation else [])
        self.class_model.set_rows(class_rows(evaluation.per_class) if evaluation else [])
        self.summary.fit_columns()
        self.per_class.fit_columns()
        notes = f"{note} {self._notes(evaluation)}".strip() if evaluation else ""
        self._note.setText(notes)
        self._note.setVisible(bool(notes))
        worse = sum(self.class_model.row(at).worse for at in range(self.class_model.rowCount()))
        words = tr("{n} class made worse by training", "{n} classes made worse by training", worse)
        self.worse_label.setText(words if worse else "")

    def _fit_summary(self, _least: int = 0, most: int = 0) -> None:
        """Fit the height to all rows of the summary, plus a scroll bar in a narrow window."""
        bar = self.summary.horizontalScrollBar().sizeHint().height() if most else 0
        self.summary.setFixedHeight(ROW_HEIGHT * SUMMARY_ROWS + HEAD_HEIGHT + bar)

    @staticmethod
    def _notes(evaluation: Evaluation) -> str:
        notes = []
        if evaluation.base_by in ESTIMATED:
            notes.append(tr(ESTIMATED[evaluation.base_by]))
        if evaluation.adapted.new is None:
            notes.append(f"{tr('New classes')}: {no_new_words(evaluation)}.")
        if evaluation.adapted.base is None:
            notes.append(f"{tr('Base classes')}: {tr(NO_BASE)}.")
        return " ".join(notes)

    def copy_all(self) -> None:
        """Copy both tables to the clipboard."""
        self.summary.clearSelection()
        self.per_class.clearSelection()
        QGuiApplication.clipboard().setText(f"{self.summary.text()}\n\n{self.per_class.text()}")


class ConfusionPanel(QWidget):
    """The confusion matrix with a line that explains the current cell.

    Signals:
        confusion_clicked: A cell was chosen (true name, predicted name).
    """

    confusion_clicked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ConfusionView()
        self.view.cell_clicked.connect(self.confusion_clicked)
        self.view.moved.connect(self._moved)
        self.line = hint("")
        copy = tool("copy", tr("Copy table"))
        copy.clicked.connect(self._copy)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.view)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setObjectName("page")
        head = in_row((self.line, 1), (copy, 0, Qt.AlignmentFlag.AlignTop))
        in_column(head, (self.area, 1), inside=self, margins=(12, 12, 12, 12))

    def show_evaluation(self, evaluation: Evaluation | None) -> None:
        if evaluation is None:
            self.view.set_matrix((), ())
        else:
            self.view.set_matrix(evaluation.class_names, evaluation.confusion)
        self.line.setText(
            tr("Test images among all class names. Click a cell, or walk with the arrow keys and press Enter.")
        )

    def _moved(self) -> None:
        keys = tr("Press Enter to see them.") if self.view.current_count else ""
        self.line.setText(f"{self.view.accessibleDescription()} {keys}".strip())
        cell = self.view.current_rect.center()
        self.area.ensureVisible(cell.x(), cell.y(), 2 * MAX_CELL, 2 * MAX_CELL)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.text())
