"""The table of experiments, with a row that shows the training that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent

from mma_desktop.core.events import EpochEvent
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.types import Scores, TrainRequest
from mma_desktop.services.training.experiment_table import (
    COLUMNS,
    TESTED,
    FoldedRun,
    backbone_title,
    images_tested,
    method_title,
)
from mma_desktop.ui.base.cell_table import MISSING, ROW_HEIGHT, CellTable, Head, TableCell
from mma_desktop.ui.experiments.saved_curves import LETTERS
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon

METHOD, SHOTS, SEEDS, TESTED_ON, FIRST = range(5)
MAX_SHOWN = 9
MARKED = ("base", "new", "h", "all", "balanced")
HIGHEST = "\N{BLACK UP-POINTING TRIANGLE}"


@dataclass(frozen=True, slots=True)
class Running:
    """The training that runs, with its newest epoch."""

    request: TrainRequest
    epoch: EpochEvent | None = None

    def percent(self, name: str) -> float | None:
        if self.epoch is None:
            return None
        found = {"base": self.epoch.base, "new": self.epoch.new}.get(name)
        return self.epoch.h if name == "h" else None if found is None else found.percent


@dataclass(eq=False)
class MethodCell(TableCell):
    shown: FoldedRun | Running | None = None


class RowsTable(CellTable):
    """The table, sorted by a click on a title; up to six selected rows have letters."""

    chosen = Signal()  # the selected rows changed

    def __init__(self) -> None:
        super().__init__(tr("Experiments"))
        self.in_use = 0
        """Id of the run whose adapter is the model of the project, 0 if none of these."""
        numbers = (Head(tr(column.title), tr(column.tip) if column.tip else "", True) for column in COLUMNS)
        tip = tr("Pictures of base and of new classes that the accuracies of a seed were measured on")
        about = (Head(tr("Method")), Head(tr("Shots"), "", True), Head(tr("Seeds")), Head(tr(TESTED), tip, True))
        self._heads = [*about, *numbers, Head(tr("Prompt"))]
        self._highest: dict[str, float] = {}
        self._filling = False
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # variants of one method differ at their end
        self.horizontalHeader().setObjectName("experiments")
        self.show_cells(self._heads, [])
        self.selectionModel().selectionChanged.connect(self._selected)

    def show_rows(self, rows: Sequence[FoldedRun | Running], in_use: int, select: frozenset[int] | None = None) -> None:
        """Show other rows; those with one of these runs are selected, or else those that were selected before.

        The highest number of a column is marked by a sign and in bold.
        """
        kept = {run.id for row in self.selected() for run in row.runs} if select is None else select
        self.in_use = in_use
        finished = [row for row in rows if isinstance(row, FoldedRun)]
        for name in MARKED:
            means = [figure.mean for row in finished if (figure := row.figures[name]) is not None]
            self._highest[name] = max(means) if len(means) > 1 else MISSING
        self._filling = True
        lines = [self._running(row) if isinstance(row, Running) else self._finished(row) for row in rows]
        self.show_cells(self._heads, lines)
        wanted = [at for at, row in enumerate(self._shown()) if isinstance(row, FoldedRun) and _has(row, kept)]
        self.select_lines(wanted or range(min(1, len(rows))))
        self._filling = False
        self._fit_height()
        self._selected()

    def _fit_height(self) -> None:
        bar = 0 if self._fits else self.horizontalScrollBar().sizeHint().height()
        head = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2
        self.setFixedHeight(head + bar + ROW_HEIGHT * max(1, min(MAX_SHOWN, len(self.lines))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._fits:  # a width that the user chose stays, and so does every column: the table scrolls
            for column in range(self.cells.columnCount()):
                self.setColumnHidden(column, False)
            self._fit_height()

    def _fit_first(self) -> None:
        """Leave out the last columns where there is no room: Compare has all of them."""
        width = self.viewport().width()
        self._first = max(self._first, min(self.sizeHintForColumn(METHOD), 2 * width // 5))
        room = width - self._first
        for column in range(1, self.cells.columnCount()):
            self.setColumnHidden(column, False)  # which gives it its width again
            room -= self.horizontalHeader().sectionSize(column)
            self.setColumnHidden(column, column > FIRST and room < 0)
        super()._fit_first()

    def show_running(self, running: Running) -> None:
        at = next((at for at, row in enumerate(self._shown()) if isinstance(row, Running)), -1)
        for own, new in zip(self.lines[at], self._running(running), strict=True) if at >= 0 else ():
            own.text = new.text
        self.viewport().update()

    def _finished(self, row: FoldedRun) -> list[TableCell]:
        used = _has(row, {self.in_use})
        title, backbone = one_line(row.title), backbone_title(row.first.backbone)
        trained = tr("{seeds} with seed {seed}", seeds=one_line(row.first.name), seed=row.seeds)
        words = tr("{name} (in use)", name=title) if used else title
        tip = f"{title}\n{trained}\n{backbone}"
        cells: list[TableCell] = [MethodCell(words, tip=tip, icon=icon("check", "good") if used else None, shown=row)]
        cells += [TableCell(str(row.shots or ""), row.shots), TableCell(row.seeds, tip=row.seeds)]
        cells.append(TableCell(row.tested, 0))
        for column in COLUMNS:
            figure = row.figures[column.name]
            text = "" if figure is None else figure.text(column.form)
            highest = figure is not None and figure.mean == self._highest.get(column.name)
            text = f"{text} {HIGHEST}" if highest else text
            spoken = f"{tr(column.title)} {text or tr(number_format.NOTHING)}"
            tip = _interval(row, column.name) or text
            mean = MISSING if figure is None else figure.mean
            cells.append(TableCell(text, mean, tip, spoken=spoken, bold=highest))
        prompt = one_line(row.prompt)
        return [*cells, TableCell(prompt, tip=prompt)]

    @staticmethod
    def _running(row: Running) -> list[TableCell]:
        """Return cells that come first by every number."""
        first, request = -MISSING, row.request
        values = (row.percent(column.name) for column in COLUMNS)
        numbers = (TableCell("" if value is None else number(value, ".1f"), first) for value in values)
        method = MethodCell(tr("{method}, training", method=method_title(request.method)), shown=row)
        tested = "" if row.epoch is None else images_tested([Scores(row.epoch.base, row.epoch.new)])
        about = [TableCell(str(request.shots), first), TableCell(str(request.seed)), TableCell(tested, first)]
        return [method, *about, *numbers, TableCell("")]

    def _shown(self) -> list[FoldedRun | Running]:
        firsts = (line[METHOD] for line in self.lines)
        return [cell.shown for cell in firsts if isinstance(cell, MethodCell) and cell.shown is not None]

    def selected(self) -> list[FoldedRun]:
        rows = self._shown()
        found = (rows[at] for at in sorted({index.row() for index in self.selectedIndexes()}))
        return [row for row in found if isinstance(row, FoldedRun)]

    def _selected(self) -> None:
        if self._filling:
            return
        letters = dict(zip(map(id, self.selected()), LETTERS, strict=False))
        for line, row in zip(self.lines, self._shown(), strict=True):
            line[METHOD].letter = letters.get(id(row), "")
        self.viewport().update()
        self.fit_columns()
        self.chosen.emit()


def _has(row: FoldedRun, ids: frozenset[int] | set[int]) -> bool:
    return any(run.id in ids for run in row.runs)


def _interval(row: FoldedRun, part: str) -> str:
    """Return the number of images and the interval of an accuracy of the lowest seed; empty for another figure."""
    after = None if row.evaluation is None else row.evaluation.adapted
    found = getattr(after, part, None) if part in {"base", "new", "all"} else None
    return "" if found is None else number_format.interval(found)
