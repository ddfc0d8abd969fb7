"""The table of experiments, with a row that shows the training that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.training.experiment_table import COLUMNS, Row, method_title
from mma_desktop.ui.experiments.copy_table import ROW_HEIGHT, CopyTable
from mma_desktop.ui.experiments.saved_curves import LETTERS
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import HIGHEST, MISSING, SORT_ROLE, Head, Index, RowsModel, SortedRows, bold_font

METHOD, SHOTS, SEEDS = range(3)
FIRST = 3
PROMPT = FIRST + len(COLUMNS)
HEAD_HEIGHT = 52  # with the scroll bar
LEAST_SHOWN, MOST_SHOWN = 3, 9
MARKED = ("base", "new", "h", "all", "balanced")


@dataclass(frozen=True, slots=True)
class Running:
    """The training that runs, with its newest epoch."""

    request: TrainRequest
    epoch: EpochEvent | None = None

    def percent(self, name: str) -> float | None:
        """Return base, new or H after the newest epoch."""
        if self.epoch is None:
            return None
        found = {"base": self.epoch.base, "new": self.epoch.new}.get(name)
        return self.epoch.h if name == "h" else None if found is None else found.percent


class TableModel(RowsModel[Row | Running]):
    """The rows; the highest number of a column is marked by a sign and in bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        numbers = [Head(tr(one.title), tr(one.tip) if one.tip else "", True) for one in COLUMNS]
        heads = [
            Head(tr("Method")),
            Head(tr("Shots"), "", True),
            Head(tr("Seeds")),
        ]
        super().__init__([*heads, *numbers, Head(tr("Prompt"))], (), parent)
        self.in_use = 0
        """Id of the run whose adapter is the model of the project, 0 if none of these."""
        self._letters: Mapping[int, str] = {}
        self._highest: dict[str, float] = {}

    def show_rows(self, rows: Sequence[Row | Running], in_use: int) -> None:
        self.in_use = in_use
        self._letters = {}
        for name in MARKED:
            found = [one.mean for row in rows if isinstance(row, Row) and (one := row.figures[name]) is not None]
            self._highest[name] = max(found) if len(found) > 1 else -1.0
        self.set_rows(rows)

    def show_running(self, running: Running) -> None:
        """Show the newest epoch in the first row."""
        self._rows = [running, *self._rows[1:]]
        self.dataChanged.emit(self.index(0, METHOD), self.index(0, PROMPT))

    def set_letters(self, letters: Mapping[int, str]) -> None:
        """Show a letter in each of these rows."""
        self._letters = letters
        if self._rows:
            self.dataChanged.emit(self.index(0, METHOD), self.index(len(self._rows) - 1, METHOD))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        used = isinstance(row, Row) and any(run.id == self.in_use for run in row.runs)
        if role == Qt.ItemDataRole.DisplayRole:
            text = self._text(row, column)
            if used and column == METHOD:
                text = tr("{name} (in use)", name=text)
            letter = self._letters.get(index.row(), "") if column == METHOD else ""
            return f"{letter}: {text}" if letter else text
        if role == SORT_ROLE:
            return self._key(row, column)
        if role == Qt.ItemDataRole.FontRole:
            return bold_font() if self._is_highest(row, column) else None
        if role == Qt.ItemDataRole.DecorationRole and used and column == METHOD:
            return icon("check", "good")
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column > METHOD:
            return f"{self._heads[column].title} {self._text(row, column) or tr(number_format.NOTHING)}"
        return super().data(index, role)

    def _is_highest(self, row: Row | Running, column: int) -> bool:
        if isinstance(row, Running) or not FIRST <= column < PROMPT:
            return False
        found, name = row.figures[COLUMNS[column - FIRST].name], COLUMNS[column - FIRST].name
        return found is not None and found.mean == self._highest.get(name)

    def _text(self, row: Row | Running, column: int) -> str:
        if isinstance(row, Running):
            return self._running_text(row, column)
        if column == METHOD:
            return one_line(row.title)
        if column == SHOTS:
            return str(row.shots or "")
        if column == SEEDS:
            return row.seeds
        if column == PROMPT:
            return one_line(row.prompt)
        found = row.figures[COLUMNS[column - FIRST].name]
        mark = f" {HIGHEST}" if self._is_highest(row, column) else ""
        return "" if found is None else found.text(COLUMNS[column - FIRST].form) + mark

    def _running_text(self, row: Running, column: int) -> str:
        if column == METHOD:
            return tr("{method}, training", method=method_title(row.request.method))
        if column in {SHOTS, SEEDS}:
            return str(row.request.shots if column == SHOTS else row.request.seed)
        value = row.percent(COLUMNS[column - FIRST].name) if FIRST <= column < PROMPT else None
        return "" if value is None else number(value, ".1f")

    def _key(self, row: Row | Running, column: int) -> float | str:
        if isinstance(row, Running):
            return 1e9 if column not in {METHOD, SEEDS, PROMPT} else ""
        if column == SHOTS:
            return float(row.shots)
        if FIRST <= column < PROMPT:
            found = row.figures[COLUMNS[column - FIRST].name]
            return MISSING if found is None else found.mean
        return self._text(row, column)

    def _tip(self, row: Row | Running, column: int) -> str:
        if isinstance(row, Running):
            return ""
        if column == METHOD:
            trained = tr("{seeds} with seed {seed}", seeds=one_line(row.first.name), seed=row.seeds)
            return f"{one_line(row.title)}\n{trained}\n{row.first.backbone}"
        part = COLUMNS[column - FIRST].name if FIRST <= column < PROMPT else ""
        after = None if row.evaluation is None else row.evaluation.adapted
        found = getattr(after, part, None) if part in {"base", "new", "all"} else None
        if found is None:
            return self._text(row, column)
        return tr(
            "{images}, 95% interval {interval}",
            images=number_format.images(found.n),
            interval=number_format.interval(found.low, found.high),
        )


class RowsTable(CopyTable):
    """The table, sorted by a click on a title; up to six selected rows have letters.

    Signals:
        chosen: The selected rows changed.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Experiments"), parent)
        self.rows = TableModel(self)
        self._sorted = SortedRows(self.rows, parent=self)
        self.setModel(self._sorted)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # variants of one method differ at their end
        self.horizontalHeader().setObjectName("experiments")
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.DescendingOrder)
        self.selectionModel().selectionChanged.connect(self._selected)
        self._filling = False

    def show_rows(self, rows: Sequence[Row | Running], in_use: int, select: frozenset[int] | None = None) -> None:
        """Show other rows; those with one of these runs are selected, or else those that were selected before."""
        kept = {run.id for row in self.selected() for run in row.runs} if select is None else select
        self._filling = True
        self.rows.show_rows(rows, in_use)
        wanted = [at for at, row in enumerate(rows) if isinstance(row, Row) and kept & {run.id for run in row.runs}]
        flag = QItemSelectionModel.SelectionFlag
        for number_, at in enumerate(wanted or range(min(1, len(rows)))):
            index = self._sorted.mapFromSource(self.rows.index(at, METHOD))
            if number_ == 0:
                self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            else:
                self.selectionModel().select(index, flag.Select | flag.Rows)
        self._filling = False
        self.fit_columns()
        self.setFixedHeight(HEAD_HEIGHT + ROW_HEIGHT * min(MOST_SHOWN, max(LEAST_SHOWN, len(rows))))
        self._selected()

    def selected(self) -> list[Row]:
        found = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = (self.rows.row(self._sorted.mapToSource(self._sorted.index(at, 0)).row()) for at in found)
        return [row for row in rows if isinstance(row, Row)]

    def _selected(self) -> None:
        if self._filling:
            return
        at = sorted(index.row() for index in self.selectionModel().selectedRows())
        numbers = [self._sorted.mapToSource(self._sorted.index(one, 0)).row() for one in at]
        finished = [one for one in numbers if isinstance(self.rows.row(one), Row)]
        self.rows.set_letters(dict(zip(finished, LETTERS, strict=False)))
        self.chosen.emit()
