"""What the selected rows of the table are about, in tabs: curves, accuracies, classes, confusion, settings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QStackedWidget, QTabWidget, QWidget

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import Accuracy, ClassScore, RunRecord
from mma_desktop.engine.evaluation.open_world import RECALL, SHARES, OpenWorldRow
from mma_desktop.services.training import paired
from mma_desktop.services.training.experiment_table import Figure, Row, Setting, settings_of
from mma_desktop.ui.experiments.confusion import ConfusionPanel
from mma_desktop.ui.experiments.copy_table import CopyTable
from mma_desktop.ui.experiments.saved_curves import LETTERS, CurveData, saved_curves
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import EmptyState, hint, in_column, in_row, pad_popups, wrapped
from mma_desktop.ui.widgets.elided import elided_hint
from mma_desktop.ui.widgets.tables import MISSING, SORT_ROLE, Head, Index, RowsModel, SortedRows
from mma_desktop.ui.widgets.theme import tokens
from mma_desktop.ui.widgets.timers import single_shot

if TYPE_CHECKING:
    from mma_desktop.ui.experiments.base_new_plot import BaseNewPlot
    from mma_desktop.ui.experiments.curves import CurvesPanel
    from mma_desktop.ui.experiments.figures_chart import FiguresChart
    from mma_desktop.ui.experiments.overlay_curves import OverlayCurves

MOST = len(LETTERS)
MOST_DOTS = 20
IMAGES = 2
MEASURES = (
    (later("Harmonic mean (H)"), "h"),
    (later("Base classes"), "base"),
    (later("New classes"), "new"),
    (later("All classes together"), "all"),
)
ESTIMATED = {
    "cross-validation": later(
        "Base accuracy is estimated by 4-fold cross-validation: every labelled base image was a shot."
    ),
    "leave-one-out": later(
        "Base accuracy is estimated by leaving out one shot at a time: every labelled base image was a shot."
    ),
}


class CurvesView(QStackedWidget):
    """The curves of the training that runs or of one row, or several rows in one chart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.playing: int | None = None
        """Id of the run whose epochs were just shown as they came; 0 while it is trained."""
        self._rows: Sequence[Row] = ()
        self._empty = EmptyState(
            "chart", tr("No curves"), tr("Loss, base and new accuracy appear here as a method trains.")
        )
        self.addWidget(self._empty)

    @cached_property
    def panel(self) -> CurvesPanel:
        from mma_desktop.ui.experiments.curves import CurvesPanel

        made = CurvesPanel()
        self.addWidget(made)
        return made

    @cached_property
    def overlay(self) -> OverlayCurves:
        from mma_desktop.ui.experiments.overlay_curves import OverlayCurves

        made = OverlayCurves()
        self.addWidget(made)
        return made

    def start(self) -> None:
        """A training begins."""
        self.playing = 0
        self.panel.show_data(CurveData())
        self.setCurrentWidget(self.panel)

    def add(self, event: EpochEvent) -> None:
        self.panel.add(event)

    def ended(self, run: RunRecord | None) -> None:
        """A training ended: its curves stay until others are asked for."""
        self.playing = None if run is None else run.id

    def show_rows(self, rows: Sequence[Row]) -> None:
        if self.playing == 0 or (len(rows) == 1 and rows[0].first.id == self.playing):
            return
        self.playing = None
        if len(rows) > 1:
            self.overlay.show_runs([row.first for row in rows])
            self.setCurrentWidget(self.overlay)
            return
        data = saved_curves(rows[0].first) if rows else CurveData()
        if not data.phases:
            self.setCurrentWidget(self._empty)
            return
        self.panel.show_data(data)
        self.setCurrentWidget(self.panel)


class ShotsView(QWidget):
    """Accuracy by shots of what the selected rows train, from all rows of the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Accuracy"))
        for title, name in MEASURES:
            self.choice.addItem(tr(title), name)
        self.choice.currentIndexChanged.connect(self._show)
        pad_popups(self.choice)
        self.line = elided_hint()
        self._lines: list[tuple[str, list[Row]]] = []
        self._column = in_column(in_row(self.choice, (self.line, 1)), inside=self, margins=(8, 8, 8, 4))

    @cached_property
    def chart(self) -> FiguresChart:
        from mma_desktop.ui.experiments.figures_chart import FiguresChart

        named = tr("Accuracy by shots per class"), tr("Shots per class")
        made = FiguresChart(*named, _shots_words, lambda shots: number(int(shots)), math.log2)
        made.message.connect(self.line.setText)
        self._column.addWidget(made, 1)
        return made

    def show_rows(self, rows: Sequence[Row], every: Sequence[Row]) -> None:
        self._lines = [
            (letter, [one for one in every if one.title == row.title and one.prompt == row.prompt])
            for letter, row in zip(LETTERS, rows, strict=False)
        ]
        self.line.setText(tr("Train with several numbers of shots, such as 1, 2, 4, 8, 16, to see a curve."))
        self._show()

    def _show(self) -> None:
        lines = []
        for letter, rows in self._lines:
            found = [(row.shots, row.figures[str(self.choice.currentData())]) for row in rows if row.shots]
            points = [(float(shots), one) for shots, one in found if one is not None]
            lines.append((letter, sorted(points, key=lambda point: point[0])))
        self.chart.show_lines(lines, self.choice.currentText())


def _shots_words(letter: str, shots: float, figure: Figure) -> str:
    value = figure.text()
    return tr("{letter}, {n} shot: {value}", "{letter}, {n} shots: {value}", int(shots), letter=letter, value=value)


def _strangers_words(letter: str, share: float, figure: Figure) -> str:
    share_text = number_format.whole_percent(share)
    return tr("{letter}, {share} strangers: {value}", letter=letter, share=share_text, value=figure.text())


@dataclass(frozen=True)
class ClassLine:
    """A class: its accuracy by zero-shot in the first row, then with each adapter; among the names of its role."""

    first: ClassScore
    values: tuple[Accuracy | None, ...]

    @property
    def difference(self) -> float | None:
        """The adapter minus zero-shot for one row, B minus A for two, else the highest minus the lowest."""
        known = [one.percent for one in self.values if one is not None]
        if len(known) < len(self.values) or len(known) < 2:
            return None
        return known[1] - known[0] if len(known) == 2 else max(known) - min(known)


class ClassModel(RowsModel[ClassLine]):
    """A line per class, for the rows A, B, ..., or zero-shot and the adapter of a single one."""

    def __init__(self, rows: Sequence[Row], parent: QObject | None = None) -> None:
        found = [row.evaluation for row in rows if row.evaluation is not None]
        one = len(found) == 1
        names = [tr("Zero-shot"), tr("Adapted")] if one else list(LETTERS[: len(found)])
        difference = tr("Difference") if one else tr("B minus A") if len(found) == 2 else tr("Highest minus lowest")
        heads = [Head(tr("Class")), Head(tr("Role")), Head(tr("Images"), "", True)]
        heads += [Head(title, "", True) for title in (*names, difference)]
        by_name = [{name_key(score.name): score for score in each.per_class} for each in found]
        lines = []
        for score in found[0].per_class if found else ():
            others = [each.get(name_key(score.name)) for each in by_name]
            values = [None if other is None else other.adapted for other in others]
            lines.append(ClassLine(score, (score.zero_shot, score.adapted) if one else tuple(values)))
        super().__init__(heads, lines, parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == SORT_ROLE:
            found = self._number(line, column)
            return self._text(line, column) if column < IMAGES else MISSING if found is None else found
        value = self._value(line, column)
        if role == Qt.ItemDataRole.ToolTipRole and value is not None:
            interval = number_format.interval(value.low, value.high)
            return tr("{images}, 95% interval {interval}", images=number_format.images(value.n), interval=interval)
        if role == Qt.ItemDataRole.ForegroundRole and column == len(self._heads) - 1 and line.difference:
            return QColor(tokens().bad if line.difference < 0 else tokens().good)
        return super().data(index, role)

    @staticmethod
    def _value(line: ClassLine, column: int) -> Accuracy | None:
        at = column - IMAGES - 1
        return line.values[at] if 0 <= at < len(line.values) else None

    def _number(self, line: ClassLine, column: int) -> float | None:
        if column == IMAGES:
            return None if line.first.adapted is None else float(line.first.adapted.n)
        value = self._value(line, column)
        return line.difference if column == len(self._heads) - 1 else None if value is None else value.percent

    def _text(self, line: ClassLine, column: int) -> str:
        if column < IMAGES:
            return one_line(line.first.name) if column == 0 else number_format.role_word(line.first.role)
        found = self._number(line, column)
        if found is None:
            return tr(number_format.NOTHING) if IMAGES < column < len(self._heads) - 1 else ""
        if column == IMAGES:
            return number(int(found))
        return number_format.points(found) if column == len(self._heads) - 1 else number_format.percent(found)


class SettingsModel(RowsModel[Setting]):
    """A line per setting, with its value in each row."""

    def __init__(self, settings: Sequence[Setting], parent: QObject | None = None) -> None:
        count = len(settings[0].values) if settings else 0
        super().__init__([Head(tr("Setting")), *map(Head, LETTERS[:count])], settings, parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._rows[index.row()]
        text = line.name if index.column() == 0 else one_line(line.values[index.column() - 1])
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return text
        return super().data(index, role)


@dataclass(frozen=True)
class WorldLine:
    """How pictures of new classes are told by a score: its name, AUC, strangers named, accuracy by their share."""

    title: str
    numbers: tuple[float | None, ...]

    @classmethod
    def all_of(cls, rows: Sequence[OpenWorldRow]) -> list[WorldLine]:
        """Return a line per score, and one where every picture gets a name."""
        if not rows:
            return []
        lines = [cls(tr(one.score), (one.auc, one.named, *one.overall)) for one in rows]
        return [*lines, cls(tr("everything gets a name"), (None, None, *rows[0].forced))]


class WorldModel(RowsModel[WorldLine]):
    """A line per score, with its letter in the chart."""

    def __init__(self, lines: Sequence[WorldLine], parent: QObject | None = None) -> None:
        recall = number_format.whole_percent(RECALL)
        heads = [
            Head(tr("Score")),
            Head(tr("AUC"), tr("Area under the ROC curve, new classes against base classes, in percent"), True),
            Head(
                tr("Named"),
                tr("Strangers that get a name where {recall} of the others keep theirs", recall=recall),
                True,
            ),
        ]
        tip = tr("Answered rightly among all names and None of these, if this share of the pictures is of new classes")
        heads += [Head(number_format.whole_percent(share), tip, True) for share in SHARES]
        super().__init__(heads, lines, parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return super().data(index, role)
        line = self._rows[index.row()]
        if index.column() == 0:
            return f"{LETTERS[index.row()]}: {line.title}"
        found = line.numbers[index.column() - 1]
        return "" if found is None else number(found, ".1f")


class TableView(QWidget):
    """A sentence above a table that is filled anew for each selection."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = wrapped()
        self.table = CopyTable(name)
        self.table.setMinimumHeight(80)
        self._name = name
        self._row = in_row((self.table, 3), spacing=12)
        in_column(self.line, (self._row, 1), inside=self, margins=(12, 8, 12, 8))

    def show_model(self, model: RowsModel[Any], words: str, *, sorts: bool) -> None:
        self.line.setText(words)
        self.line.setVisible(bool(words))
        former, self.table = self.table, CopyTable(self._name)  # its columns differ
        self._row.replaceWidget(former, self.table)
        former.deleteLater()
        model.setParent(self.table)
        if sorts:
            self.table.setModel(SortedRows(model, parent=self.table))
            self.table.setSortingEnabled(True)
            self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        else:
            self.table.setModel(model)
        self.table.fit_columns()


class WorldView(TableView):
    """How well pictures of new classes are told from those of base classes, as a table and by their share."""

    @cached_property
    def chart(self) -> FiguresChart:
        from mma_desktop.ui.experiments.figures_chart import FiguresChart

        named = tr("Accuracy by share of strangers"), tr("Share of strangers")
        made = FiguresChart(*named, _strangers_words, number_format.whole_percent)
        self._row.insertWidget(0, made, 2)
        return made

    def show_row(self, row: Row | None) -> None:
        lines = [] if row is None else WorldLine.all_of(row.open_world)
        words = tr("The new classes are strangers: whatever they show, the right answer is None of these.")
        none = tr("Not measured: this takes three base classes, a new one, and more labels than shots.")
        self.show_model(WorldModel(lines), words if lines else none, sorts=False)
        curves = [
            [(share, Figure(y, 0.0, 1)) for share, y in zip(SHARES, one.numbers[2:], strict=True) if y is not None]
            for one in lines
        ]
        self.chart.show_lines(list(zip(LETTERS, curves, strict=False)), tr("Accuracy"))
        for one in (self.chart, self.table):
            one.setVisible(bool(lines))


class RowViews(QTabWidget):
    """The tabs; the visible one is filled at once, the others when they are shown.

    Signals:
        confusion_clicked: A cell of the confusion matrix of a run was chosen (true name, predicted name, RunRecord).
    """

    confusion_clicked = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._rows: list[Row] = []
        self._every: Sequence[Row] = ()
        self.curves = CurvesView()
        self._scatter = QWidget()
        self._scatter_column = in_column(inside=self._scatter, margins=(8, 8, 8, 4))
        self.shots = ShotsView()
        self.classes = TableView(tr("Each class"))
        self.confusion = ConfusionPanel()
        self.world = WorldView(tr("Open world"))
        self.settings = TableView(tr("Settings that differ"))
        self._fills: dict[QWidget, Callable[[], None]] = {}
        for view, title in (
            (self.curves, tr("Curves")),
            (self._scatter, tr("Base and new")),
            (self.shots, tr("By shots")),
            (self.classes, tr("Each class")),
            (self.confusion, tr("Confusion")),
            (self.world, tr("Open world")),
            (self.settings, tr("Compare")),
        ):
            self.addTab(view, title)
        self.tabBar().setAccessibleName(tr("Selected rows"))
        self.setAccessibleName(self.tabBar().accessibleName())
        self.currentChanged.connect(self._fill)
        self.confusion.view.cell_clicked.connect(self._cell)
        self._soon = single_shot(self, 0, self._fill)

    @cached_property
    def scatter(self) -> BaseNewPlot:
        from mma_desktop.ui.experiments.base_new_plot import BaseNewPlot

        made, line = BaseNewPlot(), hint("")
        made.message.connect(line.setText)
        self._scatter_column.addWidget(made, 1)
        self._scatter_column.addWidget(line)
        return made

    def show_rows(self, rows: Sequence[Row], every: Sequence[Row]) -> None:
        """Show the selected rows, and among all rows what needs more than them."""
        self._rows, self._every = list(rows[:MOST]), every
        self._fills = {
            self.curves: partial(self.curves.show_rows, self._rows),
            self._scatter: self._show_scatter,
            self.shots: partial(self.shots.show_rows, self._rows, every),
            self.classes: self._show_classes,
            self.confusion: self._show_confusion,
            self.world: lambda: self.world.show_row(self._rows[0] if self._rows else None),
            self.settings: self._show_settings,
        }
        self._soon.start()

    def _fill(self, _at: int = 0) -> None:
        fill = self._fills.pop(self.currentWidget(), None)
        if fill is not None and self.isVisible():
            fill()
        elif fill is not None:
            self._fills[self.currentWidget()] = fill

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._soon.start()

    def _show_scatter(self) -> None:
        self.scatter.show_rows(self._rows if len(self._rows) > 1 else [*self._every[:MOST_DOTS]])

    def _show_classes(self) -> None:
        rows = [row for row in self._rows if row.evaluation is not None]
        words = tr("Base classes among base names, new classes among new names.")
        if rows and len(rows[0].runs) > 1:
            words += " " + tr("Of the lowest seed.")
        notes = {
            tr(ESTIMATED[one.evaluation.base_by])
            for one in rows
            if one.evaluation and one.evaluation.base_by in ESTIMATED
        }
        self.classes.show_model(ClassModel(rows), " ".join([words, *sorted(notes)]), sorts=True)

    def _show_confusion(self) -> None:
        self.confusion.show_evaluation(self._rows[0].evaluation if self._rows else None)

    def _show_settings(self) -> None:
        if len(self._rows) < 2:
            words = tr("Select two rows or more with Ctrl or Shift to compare them.")
            found = settings_of(self._rows) if self._rows else []
        else:
            found = [one for one in settings_of(self._rows) if one.differs]
            words = unfair(self._rows)
            if len(self._rows) == 2:
                words = "\n".join([*paired.sentences(*self._rows), *filter(None, [words])])
        self.settings.show_model(SettingsModel(found), words, sorts=False)

    def _cell(self, labelled: str, predicted: str) -> None:
        if self._rows:
            self.confusion_clicked.emit(labelled, predicted, self._rows[0].first)


def unfair(rows: Sequence[Row]) -> str:
    """Return why the numbers of rows cannot be compared as they are; empty if they can."""
    found = [row.evaluation for row in rows if row.evaluation is not None]
    sentences = []
    if len({tuple(zip(map(name_key, one.class_names), one.roles, strict=True)) for one in found}) > 1:
        sentences.append(tr("The class names or their roles differ, so the choice among them was not equally hard."))
    if len({one.base_by for one in found}) > 1:
        sentences.append(tr("Base accuracy was not measured in the same way."))
    tests = {str(row.first.settings.get("split_hashes", {}).get("test")) for row in rows}
    if len(tests) > 1:
        sentences.append(tr("The test images are not the same, so a difference may come from the images alone."))
    return " ".join(sentences)
