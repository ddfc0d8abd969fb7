"""Table model of the finished trainings, sortable and filterable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, moment, number, one_line, tr
from mma_desktop.core.types import Accuracy, Evaluation, Role, RunRecord
from mma_desktop.engine.methods.method_table import METHODS
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import MISSING, SORT_ROLE, Head, Index, RowsModel, SortedRows, bold_font

RUN_ROLE = SORT_ROLE + 1
METHOD_TITLES = {spec.id: spec.title for spec in METHODS}


def when(run: RunRecord) -> str:
    """Return date and time of a run."""
    return moment(run.created_at)


def method_title(method: str) -> str:
    """Return the title of a method; its id if this version does not know it."""
    return tr(METHOD_TITLES[method]) if method in METHOD_TITLES else method


def trained_on(shots: int, seed: object, backbone: str) -> str:
    """Return what a training learns from, in one line."""
    return tr(
        "{shots} per class, seed {seed}, {backbone}", shots=number_format.shots(shots), seed=seed, backbone=backbone
    )


def in_use(context: ProjectContext | None, run: RunRecord) -> bool:
    """Return whether the predictions come from this run."""
    try:
        return context is not None and context.is_current(run)
    except UserError:  # it names a file outside the project, so no predictions can come from it
        return False


def evaluation_of(run: RunRecord) -> Evaluation | None:
    """Return the evaluation of a run, None if it cannot be read."""
    try:
        return evaluation_from(run.metrics)
    except (KeyError, TypeError, ValueError):
        return None


class RunInUse(QObject):
    """Follows which run the predictions come from.

    Signals:
        changed: The run in use, perhaps with another name (RunRecord or None).
    """

    changed = Signal(object)

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._file: Path | None = None
        controller.opened.connect(self.ask)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._look)

    def _changed(self, changes: Changes) -> None:
        if changes.runs:
            self.ask()

    def _look(self) -> None:
        """Ask after new predictions, which may come from another adapter."""
        context = self._controller.context
        if context is not None and context.engine.adapter_file != self._file:
            self.ask()

    def ask(self, _context: object = None) -> None:
        """Look for the run; `changed` tells it."""
        context = self._controller.context
        self._file = context.engine.adapter_file if context is not None else None
        if self._file is None:
            self._controller.bridge.forget((self, "runs"))
            self.changed.emit(None)
            return

        def answer(runs: list[RunRecord]) -> None:
            self.changed.emit(next((run for run in runs if in_use(context, run)), None))

        self._controller.ask_runs(answer, (self, "runs"))


@dataclass(frozen=True)
class Entry:
    """A run with its evaluation, read once."""

    run: RunRecord
    evaluation: Evaluation | None

    def accuracy(self, part: str) -> Accuracy | None:
        """Return an accuracy with the adapter: "h", "base", "new" or "all"; "zero" is H without it."""
        if self.evaluation is None:
            return None
        if part in {"h", "zero"}:
            return number_format.harmonic(self.evaluation.adapted if part == "h" else self.evaluation.zero_shot)
        found: Accuracy | None = getattr(self.evaluation.adapted, part)
        return found


@dataclass(frozen=True)
class Column:
    """One column: title, text, sort key, whether it is a number, tooltip, and whether it is shown by default."""

    name: str
    head: str
    text: Callable[[Entry], str]
    key: Callable[[Entry], float | str]
    number: bool = False
    tip: str = ""
    shown: bool = True


def _percents(name: str, head: str, tip: str, *, shown: bool = True) -> Column:
    def text(entry: Entry) -> str:
        value = entry.accuracy(name)
        return "" if value is None else number(value.percent, ".1f")

    def key(entry: Entry) -> float:
        value = entry.accuracy(name)
        return MISSING if value is None else value.percent

    return Column(name, head, text, key, number=True, tip=tip, shown=shown)


def _setting(entry: Entry, name: str) -> float:
    value = entry.run.settings.get(name)
    return float(value) if isinstance(value, int | float) else MISSING


def _method(entry: Entry) -> str:
    return method_title(entry.run.method)


COLUMNS: tuple[Column, ...] = (
    Column("star", later("Star"), lambda _e: "", lambda e: float(e.run.starred)),
    Column("name", later("Name"), lambda e: one_line(e.run.name), lambda e: e.run.name),
    _percents("h", "H", later("Harmonic mean of base and new accuracy, in percent")),
    _percents("base", later("Base"), later("Accuracy on base classes, in percent")),
    _percents("new", later("New"), later("Accuracy on new classes, in percent")),
    _percents("all", later("All"), later("Accuracy among all class names, in percent"), shown=False),
    _percents("zero", later("Zero-shot H"), "", shown=False),
    Column(
        "shots",
        later("Shots"),
        lambda e: str(e.run.settings.get("shots", "")),
        lambda e: _setting(e, "shots"),
        number=True,
        tip=later("Shots per class"),
    ),
    Column(
        "seed",
        later("Seed"),
        lambda e: str(e.run.settings.get("seed", "")),
        lambda e: _setting(e, "seed"),
        True,
        "",
        False,
    ),
    Column("method", later("Method"), _method, _method, shown=False),
    Column(
        "backbone",
        later("Backbone"),
        lambda e: one_line(e.run.backbone),
        lambda e: e.run.backbone,
        shown=False,
    ),
    Column("when", later("When"), lambda e: when(e.run), lambda e: e.run.created_at),
)
STAR, NAME, WHEN = (next(at for at, one in enumerate(COLUMNS) if one.name == name) for name in ("star", "name", "when"))


class RunModel(RowsModel[Entry]):
    """The runs, newest first; names are edited in place through the controller."""

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        heads = [Head(tr(one.head), tr(one.tip) if one.tip else "", one.number) for one in COLUMNS]
        super().__init__(heads, (), parent)
        self._controller = controller
        self._read: dict[tuple[str, float], Evaluation | None] = {}

    def set_runs(self, runs: Sequence[RunRecord]) -> None:
        """Show other runs, newest first."""
        self.set_rows([Entry(run, self._evaluation(run)) for run in runs])

    def _evaluation(self, run: RunRecord) -> Evaluation | None:
        """Return the cached evaluation of a run: it never changes, and reading it takes milliseconds."""
        key = (run.checkpoint, run.created_at)
        if key not in self._read:
            self._read[key] = evaluation_of(run)
        return self._read[key]

    def run(self, row: int) -> RunRecord:
        return self._rows[row].run

    def row_of(self, run_id: int) -> int:
        """Return the row of a run, -1 if absent."""
        return next((row for row, one in enumerate(self._rows) if one.run.id == run_id), -1)

    def is_current(self, run: RunRecord) -> bool:
        return in_use(self._controller.context, run)

    def mark_again(self) -> None:
        """Update the mark of the run in use."""
        if self._rows:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._rows) - 1, NAME))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if section == STAR and orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return self._heads[STAR].title
            if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole}:
                return icon("star", "dim") if role == Qt.ItemDataRole.DecorationRole else ""
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole and index.column() == NAME and self.is_current(entry.run):
            return tr("{name} (in use)", name=column.text(entry))
        if role == Qt.ItemDataRole.EditRole and index.column() == NAME:
            return entry.run.name
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return column.text(entry)
        if role == SORT_ROLE:
            return column.key(entry)
        if role == RUN_ROLE:
            return entry.run
        return super().data(index, role) or self._look(entry, index.column(), role)

    def _look(self, entry: Entry, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DecorationRole:
            return self._mark(entry.run, column)
        if role == Qt.ItemDataRole.FontRole and column == NAME and self.is_current(entry.run):
            return bold_font()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entry, column)
        return self._tip(entry) if role == Qt.ItemDataRole.ToolTipRole else None

    def _mark(self, run: RunRecord, column: int) -> Any:
        if column == STAR:
            return icon("starred", "accent") if run.starred else icon("star", "dim")
        if column == NAME and self.is_current(run):
            return icon("check", "good")
        return None

    def _spoken(self, entry: Entry, column: int) -> str:
        if column == STAR:
            return tr("starred") if entry.run.starred else tr("not starred")
        if column != NAME:
            return f"{tr(COLUMNS[column].head)} {COLUMNS[column].text(entry) or tr(number_format.NOTHING)}"
        return ", ".join((one_line(entry.run.name), *self._marks(entry.run), when(entry.run), numbers(entry)))

    def _marks(self, run: RunRecord) -> list[str]:
        marks = ((tr("in use"), self.is_current(run)), (tr("starred"), run.starred))
        return [text for text, so in marks if so]

    def _tip(self, entry: Entry) -> str:
        run = entry.run
        lines = [", ".join((one_line(run.name), *self._marks(run))), when(run), numbers(entry), _method(entry)]
        shots = run.settings.get("shots")
        if type(shots) is int:  # a project may come from anywhere, and `bool` is an `int`
            lines.append(trained_on(shots, run.settings.get("seed", "?"), run.backbone))
        return "\n".join(lines)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name, run = " ".join(str(value).split()), self.run(index.row())
        if role != Qt.ItemDataRole.EditRole or index.column() != NAME or not name or name == run.name:
            return False
        self._controller.rename_run(run.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else usual


def numbers(entry: Entry) -> str:
    """Return H, base and new of a run in one line, without those not measured."""
    if entry.evaluation is None:
        return tr("The numbers of '{run}' cannot be read.", run=entry.run.name)
    words = {"h": "H", "base": number_format.role_word(Role.BASE), "new": number_format.role_word(Role.NEW)}
    found = [(word, entry.accuracy(part)) for part, word in words.items()]
    parts = [f"{word} {number(value.percent, '.1f')}" for word, value in found if value is not None]
    return "  ".join(parts) if parts else tr(number_format.NOTHING)


class SortedRuns(SortedRows):
    """Proxy that sorts the runs and can show only the starred ones."""

    def __init__(self, runs: RunModel, parent: QObject | None = None) -> None:
        super().__init__(runs, lambda row: runs.run(row).starred, parent)
        self._runs = runs

    def run(self, row: int) -> RunRecord:
        return self._runs.run(self.mapToSource(self.index(row, 0)).row())

    def row_of(self, run_id: int) -> int:
        """Return the row of a run as shown, -1 if absent."""
        row = self._runs.row_of(run_id)
        return -1 if row < 0 else self.mapFromSource(self._runs.index(row, 0)).row()
