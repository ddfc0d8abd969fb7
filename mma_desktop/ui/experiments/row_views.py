"""What the selected rows of the table are about, in tabs: curves, accuracies, classes, confusion, settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTabWidget,
    QWidget,
)

from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import Accuracy, RunRecord
from mma_desktop.engine.evaluation.open_world import RECALL, SHARES
from mma_desktop.services.serialization import CurveData, saved_curves
from mma_desktop.services.training import mistakes
from mma_desktop.services.training.experiment_table import (
    COLUMNS,
    Figure,
    FoldedRun,
    WorldLine,
    role_word,
    settings_of,
    world_lines,
)
from mma_desktop.services.training.overview import how_measured
from mma_desktop.ui.base.cell_table import MISSING, CellTable, Head, TableCell
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import EmptyState, in_column, in_row, single_shot, tool
from mma_desktop.ui.widgets.fields import choice_box
from mma_desktop.ui.widgets.painting import CENTRE, Index, paint_words, small_font
from mma_desktop.ui.widgets.text_labels import elided_hint, hint, set_or_hide, wrapped
from mma_desktop.ui.widgets.theme import has_ring, mix, readable_on, tokens

if TYPE_CHECKING:
    from mma_desktop.ui.experiments.row_charts import BaseNewPlot, CurvesPanel, LetteredPlot, OverlayCurves

# What up to six selected rows are called in the charts.
LETTERS = "ABCDEF"
MAX_DOTS = 20  # more would lie over one another, and their letters too
# Rows that a table in a tab shows before it scrolls by itself.
MAX_ROWS = 60
MIN_HEIGHT = 310  # of a tab: below it, letters in a chart would lie over one another
MEASURES = (
    (later("Harmonic mean (H)"), "h"),
    (later("Base classes"), "base"),
    (later("New classes"), "new"),
    (later("All classes together"), "all"),
)
Cells = tuple[list[Head], list[list[TableCell]]]  # titles and rows of a table


class CurvesView(QStackedWidget):
    """The curves of the training that runs or of one row, or several rows in one chart."""

    def __init__(self) -> None:
        super().__init__()
        # Id of the run whose epochs were just shown as they came, 0 while it is trained.
        self.playing: int | None = None
        self._empty = EmptyState("chart", tr("No curves"), "")
        self.addWidget(self._empty)

    @cached_property
    def panel(self) -> CurvesPanel:
        # Charts are made when they are first shown: pyqtgraph takes a second and 40 MB.
        from mma_desktop.ui.experiments.row_charts import CurvesPanel

        panel = CurvesPanel()
        self.addWidget(panel)
        return panel

    @cached_property
    def overlay(self) -> OverlayCurves:
        from mma_desktop.ui.experiments.row_charts import OverlayCurves

        overlay = OverlayCurves()
        self.addWidget(overlay)
        return overlay

    def start(self) -> None:
        self.playing = 0
        self.panel.show_data(CurveData())
        self.setCurrentWidget(self.panel)

    def ended(self, run: RunRecord | None) -> None:
        # Its curves stay until others are asked for.
        self.playing = None if run is None else run.id

    def show_rows(self, rows: Sequence[FoldedRun]) -> None:
        if self.playing == 0 or (len(rows) == 1 and rows[0].first.id == self.playing):
            return
        self.playing = None
        if len(rows) > 1:
            self.overlay.show_runs([row.first for row in rows])
            self.setCurrentWidget(self.overlay)
            return
        data = saved_curves(rows[0].first) if rows else CurveData()
        if not data.phases:
            none = tr("Zero-shot and the linear probe have no epochs, and a loaded adapter keeps none.")
            self._empty.show_text("chart", tr("No curves"), none if rows else tr("Select a row of the table."))
            self.setCurrentWidget(self._empty)
            return
        self.panel.show_data(data)
        self.setCurrentWidget(self.panel)


class ShotsView(QWidget):
    """Accuracy by shots of what the selected rows train, from all rows of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = choice_box(((tr(title), name) for title, name in MEASURES), tr("Accuracy"), self._show)
        self.line = elided_hint()
        self._lines: list[list[FoldedRun]] = []
        self._column = in_column(in_row(self.choice, (self.line, 1)), inside=self, margins=(8, 8, 8, 4))

    @cached_property
    def chart(self) -> LetteredPlot:
        from mma_desktop.ui.experiments.row_charts import LetteredPlot

        named = tr("Accuracy by shots per class"), tr("Shots per class")
        chart = LetteredPlot(*named, self._words, lambda shots: number(int(shots)), math.log2)
        chart.message.connect(self.line.setText)
        self._column.addWidget(chart, 1)
        return chart

    def show_rows(self, rows: Sequence[FoldedRun], every: Sequence[FoldedRun]) -> None:
        same = [[other for other in every if (other.title, other.prompt) == (row.title, row.prompt)] for row in rows]
        self._lines = [sorted((row for row in line if row.shots), key=lambda row: row.shots) for line in same]
        self.line.setText(tr("Train with several numbers of shots, such as 1, 2, 4, 8, 16, to see a curve."))
        self._show()

    def _show(self) -> None:
        name = str(self.choice.currentData())
        points = [[(float(row.shots), row.figures[name]) for row in line] for line in self._lines]
        lines = [[(shots, figure) for shots, figure in line if figure is not None] for line in points]
        self.chart.show_lines(lines, f"{self.choice.currentText()} (%)")

    def _words(self, letter: str, shots: float, figure: Figure) -> str:
        tested = next(row.tested for row in self._lines[LETTERS.index(letter)] if row.shots == shots)
        value = text_format.with_n(figure.text(), tested)
        return tr("{letter}, {n} shot: {value}", "{letter}, {n} shots: {value}", int(shots), letter=letter, value=value)


def _unknown_share_text(letter: str, share: float, figure: Figure) -> str:
    share_text = text_format.whole_percent(share)
    return tr("{letter}, {share} unknown pictures: {value}", letter=letter, share=share_text, value=figure.text())


def class_cells(rows: Sequence[FoldedRun]) -> Cells:
    """Return a line per class, for the rows A, B, ..., or for zero-shot and the adapter of a single one."""
    # Accuracies are those among the names of the class's role. The last column is the adapter minus zero-shot of one
    # row, B minus A of two, else the highest minus the lowest.
    evaluations = [row.evaluation for row in rows if row.evaluation is not None]
    single = len(evaluations) == 1
    names = [tr("Zero-shot"), tr("Adapted")] if single else list(LETTERS[: len(evaluations)])
    last = tr("Difference") if single else tr("B minus A") if len(evaluations) == 2 else tr("Highest minus lowest")
    heads = [Head(tr("Class")), Head(tr("Role"))]
    heads += [Head(title, "", True) for title in (tr("Images"), *names, last)]
    by_name = [{name_key(score.name): score for score in evaluation.per_class} for evaluation in evaluations]
    lines = []
    for score in evaluations[0].per_class if evaluations else ():
        others = [scores.get(name_key(score.name)) for scores in by_name]
        values = [None if other is None else other.adapted for other in others]
        values = [score.zero_shot, score.adapted] if single else values
        known = [value.percent for value in values if value is not None]
        cells = [TableCell(one_line(score.name)), TableCell(role_word(score.role))]
        n = None if score.adapted is None else score.adapted.n
        cells += [TableCell("" if n is None else number(n), MISSING if n is None else n), *map(_accuracy_cell, values)]
        difference = TableCell("", MISSING)
        if 1 < len(known) == len(values):
            points = known[1] - known[0] if len(known) == 2 else max(known) - min(known)
            colour = (tokens().bad if points < 0 else tokens().good) if points else ""
            difference = TableCell(text_format.points(points), points, colour=colour)
        lines.append([*cells, difference])
    return heads, lines


def _accuracy_cell(value: Accuracy | None) -> TableCell:
    if value is None:
        return TableCell(tr(text_format.NOTHING), MISSING)
    return TableCell(text_format.percent(value.percent), value.percent, text_format.interval(value))


def figures_of(rows: Sequence[FoldedRun]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the name of each number of the table, with its value in each of the rows."""
    columns = ([(row.figures[column.name], column.form) for row in rows] for column in COLUMNS)
    texts = (tuple("" if figure is None else figure.text(form) for figure, form in figures) for figures in columns)
    return [(tr(column.title), values) for column, values in zip(COLUMNS, texts, strict=True)]


def setting_cells(settings: Sequence[tuple[str, tuple[str, ...]]]) -> Cells:
    texts = [[one_line(text) for text in (name, *values)] for name, values in settings]
    count = len(texts[0]) - 1 if texts else 0
    return [Head(tr("Setting")), *map(Head, LETTERS[:count])], [
        [TableCell(text, tip=text) for text in line] for line in texts
    ]


def world_cells(lines: Sequence[WorldLine]) -> Cells:
    recall = text_format.whole_percent(RECALL)
    heads = [
        Head(tr("Score")),
        Head(tr("AUC"), tr("Area under the ROC curve, new classes against base classes, in percent"), True),
        Head(
            tr("Named"),
            tr("Unknown pictures that get a name where {recall} of the others keep theirs", recall=recall),
            True,
        ),
    ]
    tip = tr("Answered rightly among all names and None of these, if this share of the pictures is of new classes")
    heads += [Head(text_format.whole_percent(share), tip, True) for share in SHARES]
    cells = []
    for letter, (title, numbers) in zip(LETTERS, lines, strict=False):
        texts = ["" if value is None else number(value, ".1f") for value in numbers]
        cells.append([TableCell(f"{letter}: {title}"), *(TableCell(text, MISSING) for text in texts)])
    return heads, cells


class TableView(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = wrapped()
        self.table = CellTable(name)
        self._row = in_row((self.table, 3), spacing=12)
        in_column(self.line, (self._row, 1), inside=self, margins=(12, 8, 12, 8))

    def show_cells(self, cells: Cells, words: str, *, sorts: bool) -> None:
        set_or_hide(self.line, words)
        self.table.show_cells(*cells, sorts=sorts)
        self.table.setMinimumHeight(self.table.height_of(max(2, min(MAX_ROWS, len(self.table.lines)))))
        self.updateGeometry()


class WorldView(TableView):
    """How well images of new classes are told from those of base classes, as a table and by their share."""

    @cached_property
    def chart(self) -> LetteredPlot:
        from mma_desktop.ui.experiments.row_charts import LetteredPlot

        named = tr("Accuracy by share of unknown pictures"), tr("Share of unknown pictures")
        chart = LetteredPlot(*named, _unknown_share_text, text_format.whole_percent)
        self._row.insertWidget(0, chart, 2)
        return chart

    def show_row(self, row: FoldedRun | None) -> None:
        lines = [] if row is None else world_lines(row.open_world)
        words = tr("Pictures of new classes count as unknown: the right answer is None of these.")
        words = f"{words} n = {row.tested}." if row is not None and row.tested else words
        none = tr("Not measured: this takes three base classes, a new one, and more labels than shots.")
        self.show_cells(world_cells(lines), words if lines else none, sorts=False)
        curves = [
            [
                (share, Figure(value, 0.0, 1))
                for share, value in zip(SHARES, numbers[2:], strict=True)
                if value is not None
            ]
            for _, numbers in lines
        ]
        self.chart.show_lines(curves, tr("Accuracy") + " (%)")
        for part in (self.chart, self.table):
            part.setVisible(bool(lines))


class RowViews(QTabWidget):
    """The tabs; the visible one is filled at once, the others when they are shown."""

    confusion_clicked = Signal(str, str, object)  # true name, predicted name, RunRecord

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self._rows: list[FoldedRun] = []
        self._every: Sequence[FoldedRun] = ()
        self.curves = CurvesView()
        self._scatter = QWidget()
        self._scatter_column = in_column(inside=self._scatter, margins=(8, 8, 8, 4))
        self.shots = ShotsView()
        self.classes = TableView(tr("Each class"))
        self.confusion = ConfusionPanel()
        self.world = WorldView(tr("Open world"))
        self.settings = TableView(tr("Settings that differ"))
        self._stale: set[QWidget] = set()
        self._fills: dict[QWidget, Callable[[], None]] = {}
        for view, title, fill in (
            (self.curves, tr("Curves"), lambda: self.curves.show_rows(self._rows)),
            (self._scatter, tr("Base and new"), lambda: self.scatter.show_rows(self._rows, self._every[:MAX_DOTS])),
            (self.shots, tr("By shots"), lambda: self.shots.show_rows(self._rows, self._every)),
            (self.classes, tr("Each class"), self._show_classes),
            (self.confusion, tr("Confusion"), lambda: self.confusion.show_row(self._first)),
            (self.world, tr("Open world"), lambda: self.world.show_row(self._first)),
            (self.settings, tr("Compare"), self._show_settings),
        ):
            self.addTab(view, title)
            self._fills[view] = fill
        self.tabBar().setAccessibleName(tr("Selected rows"))
        self.setAccessibleName(self.tabBar().accessibleName())
        self.currentChanged.connect(self._fill)
        self.currentChanged.connect(self.updateGeometry)
        self.confusion.view.cell_clicked.connect(self._cell)
        self._soon = single_shot(self, 0, self._fill)

    def minimumSizeHint(self) -> QSize:
        # As tall as the visible tab needs: the page scrolls, not what is in a tab.
        view = self.currentWidget().minimumSizeHint()
        return QSize(0, max(MIN_HEIGHT, self.tabBar().sizeHint().height() + view.height() + 2))

    @cached_property
    def scatter(self) -> BaseNewPlot:
        from mma_desktop.ui.experiments.row_charts import BaseNewPlot

        plot, line = BaseNewPlot(), hint()
        plot.message.connect(line.setText)
        self._scatter_column.addWidget(plot, 1)
        self._scatter_column.addWidget(line)
        return plot

    def show_rows(self, rows: Sequence[FoldedRun], every: Sequence[FoldedRun]) -> None:
        """Show the selected rows, and among all rows what needs more than them."""
        self._rows, self._every = list(rows[: len(LETTERS)]), every
        self._stale = set(self._fills)
        self._soon.start()

    def _fill(self, _at: int = 0) -> None:
        view = self.currentWidget()
        if view in self._stale and self.isVisible():
            self._stale.discard(view)
            self._fills[view]()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._soon.start()

    @property
    def _first(self) -> FoldedRun | None:
        return self._rows[0] if self._rows else None

    def _show_classes(self) -> None:
        evaluations = [row.evaluation for row in self._rows if row.evaluation is not None]
        words = tr("Base classes among base names, new classes among new names.")
        if any(len(row.runs) > 1 for row in self._rows):
            words += " " + tr("Of the lowest seed.")
        notes = set(map(how_measured, evaluations))
        self.classes.show_cells(
            class_cells(self._rows), " ".join([words, *(notes if len(notes) == 1 else ())]), sorts=True
        )

    def _show_settings(self) -> None:
        settings = [*figures_of(self._rows), *settings_of(self._rows)] if self._rows else []
        words = tr("Select two rows or more with Ctrl or Shift to compare them.")
        if len(self._rows) > 1:
            settings = [(name, values) for name, values in settings if len(set(values)) > 1]
            words = unfair(self._rows)
        if len(self._rows) == 2:
            words = "\n".join([*mistakes.paired_sentences(*self._rows), *filter(None, [words])])
        self.settings.show_cells(setting_cells(settings), words, sorts=False)

    def _cell(self, labelled: str, predicted: str) -> None:
        if self._rows:
            self.confusion_clicked.emit(labelled, predicted, self._rows[0].first)


def unfair(rows: Sequence[FoldedRun]) -> str:
    """Return why the numbers of rows cannot be compared as they are; empty if they can."""
    evaluations = [row.evaluation for row in rows if row.evaluation is not None]
    sentences = []
    if len({tuple(zip(map(name_key, part.class_names), part.roles, strict=True)) for part in evaluations}) > 1:
        sentences.append(tr("The class names or their roles differ, so the choice among them was not equally hard."))
    if len({evaluation.base_by for evaluation in evaluations}) > 1:
        sentences.append(tr("Base accuracy was not measured in the same way."))
    tests = {str(row.first.settings.get("split_hashes", {}).get("test")) for row in rows}
    if len(tests) > 1:
        sentences.append(tr("The test images are not the same, so a difference may come from the images alone."))
    return " ".join(sentences)


MIN_CELL, MAX_CELL = 18, 44  # of the confusion matrix: two digits fit, and few classes do not fill the page
LABEL_LIMIT, GAP = 150, 8  # of the names beside it: longer ones are elided


class ConfusionModel(QAbstractTableModel):
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
        count, total, name = self.counts[row][column], sum(self.counts[row]), self.names[row]
        if not total:
            return tr("No image of '{class_name}' was measured.", class_name=name)
        share = text_format.whole_percent(count / total)
        if row == column:
            return tr(
                "{found:,} of {n} image of '{class_name}' ({share}) was recognised.",
                "{found:,} of {n} images of '{class_name}' ({share}) were recognised.",
                total,
                found=count,
                class_name=name,
                share=share,
            )
        return tr(
            "{found:,} of {n} image of '{class_name}' ({share}) was taken for '{other_class}'.",
            "{found:,} of {n} images of '{class_name}' ({share}) were taken for '{other_class}'.",
            total,
            found=count,
            class_name=name,
            share=share,
            other_class=self.names[column],
        )

    def colours(self, row: int, column: int) -> tuple[str, str]:
        """Return ground and text of a cell; their contrast is at least 4.5:1."""
        colours, count = tokens(), self.counts[row][column]
        hue = colours.good if row == column else colours.bad
        share = count / max(1, sum(self.counts[row]))
        # From 0.12, so that a single image can be seen.
        ground = mix(colours.raised, hue, 0.12 + 0.78 * share) if count else colours.raised
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
            # Upright names are painted in a rotated frame, where their width is the header's height.
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
        count, label = max(1, len(self.matrix.names)), self._label
        self.verticalHeader().setFixedWidth(label)
        self.horizontalHeader().setFixedHeight(label)
        room = self.size() - QSize(label + 4, label + 4)
        high = max(MIN_CELL, min(MAX_CELL, room.height() // count))
        self.verticalHeader().setDefaultSectionSize(high)
        # Rather wide than tall, for the number.
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
        self.line = hint()
        self.view.moved.connect(lambda: self.line.setText(self.view.words()))
        copy = tool("copy", tr("Copy table"), clicked=lambda: QGuiApplication.clipboard().setText(self.view.text()))
        head = in_row((self.line, 1), (copy, 0, Qt.AlignmentFlag.AlignTop))
        in_column(head, (self.view, 1), inside=self, margins=12)

    def show_row(self, row: FoldedRun | None) -> None:
        evaluation = None if row is None else row.evaluation
        self.view.set_matrix(*((evaluation.class_names, evaluation.confusion) if evaluation is not None else ((), ())))
        self.line.setText(
            tr(
                "Rows are the true classes, columns the predictions among all class names. Click a cell, or move with "
                "the arrow keys and press Enter."
            )
        )
