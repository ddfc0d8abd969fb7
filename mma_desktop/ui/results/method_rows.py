"""Table of a method comparison: a row per method, its measurements, and the state of its adapter."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from mma_desktop.core.i18n import later, number, tr
from mma_desktop.core.safe_csv import write_rows
from mma_desktop.core.types import Accuracy
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.training.method_comparison import MethodRow
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import HIGHEST, MISSING, SORT_ROLE, Head, Index, RowsModel, bold_font

PARTS = ("base", "new", "all", "h")
TIPS = {
    later("Method"): "",
    later("Base"): later("Accuracy on base classes, in percent"),
    later("New"): later("Accuracy on new classes, in percent"),
    later("All"): later("Accuracy among all class names, in percent"),
    "H": later("Harmonic mean of base and new accuracy, in percent"),
    later("Parameters"): "",
    later("Training"): later("Time of the training alone, without reading and encoding pictures"),
    later("Adapter"): "",
}
HEADS = tuple(TIPS)
METHOD, STATE = 0, len(HEADS) - 1
FIRST_PART = 1
STATES = (later("in use"), later("kept", "adapter"), later("deleted", "adapter"), later("not trained"))
IN_USE, KEPT, DELETED, REFUSED = STATES


def accuracy_of(row: MethodRow, part: str) -> Accuracy | None:
    """Return a measurement of a method: "base", "new", "all", or their harmonic mean "h"."""
    if part == "h":
        return number_format.harmonic(row.scores)
    found: Accuracy | None = getattr(row.scores, part)
    return found


def short_time(seconds: float) -> str:
    """Return a time for a column, with tenths where they distinguish methods."""
    return tr("{seconds:.1f} s", seconds=seconds) if seconds < 10 else number_format.duration(seconds)


@dataclass(frozen=True)
class Rows:
    """What is known of a comparison: its rows, which runs still exist, and which one is in use.

    Attributes:
        rows: The methods in the order of training.
        gone: Ids of runs deleted since.
        in_use: Id of the run whose adapter is in use, 0 for none of them.
    """

    rows: tuple[MethodRow, ...] = ()
    gone: frozenset[int] = field(default_factory=frozenset)
    in_use: int = 0

    def state(self, row: MethodRow) -> str:
        """Return the state of a method's adapter: one of `STATES`, which `tr` translates."""
        if row.reason:
            return REFUSED
        if row.run_id in self.gone:
            return DELETED
        return IN_USE if row.run_id == self.in_use else KEPT

    def usable(self, row: MethodRow) -> bool:
        return bool(row.run_id) and row.run_id not in self.gone and row.run_id != self.in_use

    def highest(self, part: str) -> float | None:
        """Return the highest accuracy of a column, None if fewer than two were measured."""
        found = [one.percent for row in self.rows if (one := accuracy_of(row, part)) is not None]
        return max(found) if len(found) > 1 else None


class MethodModel(RowsModel[MethodRow]):
    """The rows as a table model. The highest number of a column is marked by a sign and in bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        heads = [
            Head(tr(title), tr(tip) if tip else "", at not in {METHOD, STATE})
            for at, (title, tip) in enumerate(TIPS.items())
        ]
        super().__init__(heads, (), parent)
        self.shown = Rows()

    def show_rows(self, shown: Rows) -> None:
        """Show other rows; the selection is kept if rows were only added or changed."""
        before, now = len(self._rows), len(shown.rows)
        self.shown = shown
        if now < before or any(a.method != b.method for a, b in zip(self._rows, shown.rows, strict=False)):
            self.set_rows(shown.rows)
            return
        if now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
        self._rows = shown.rows
        if now > before:
            self.endInsertRows()
        if now:
            self.dataChanged.emit(self.index(0, 0), self.index(now - 1, STATE))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            return self._key(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column)
        in_use = self.shown.state(row) == IN_USE
        if role == Qt.ItemDataRole.FontRole:
            return bold_font(self._is_highest(row, column) or (in_use and column in {METHOD, STATE}))
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return icon("check", "good") if in_use else icon("warning", "warn") if row.reason else None
        return super().data(index, role)

    def _part(self, column: int) -> str:
        at = column - FIRST_PART
        return PARTS[at] if 0 <= at < len(PARTS) else ""

    def _is_highest(self, row: MethodRow, column: int) -> bool:
        part = self._part(column)
        found = accuracy_of(row, part) if part else None
        return found is not None and found.percent == self.shown.highest(part)

    def _text(self, row: MethodRow, column: int) -> str:
        if column == METHOD:
            return tr(row.title)
        if column == STATE:
            return self._state(row)
        if row.reason:
            return "\u2013"
        if part := self._part(column):
            found = accuracy_of(row, part)
            mark = f" {HIGHEST}" if self._is_highest(row, column) else ""
            return "\u2013" if found is None else number(found.percent, ".1f") + mark
        if HEADS[column] == "Parameters":
            return number(row.parameters)
        return short_time(row.seconds) if find_method(row.method).trains else tr("none", "training time")

    def _state(self, row: MethodRow) -> str:
        state = self.shown.state(row)
        if state == KEPT:
            return tr("kept", "adapter")
        if state == DELETED:
            return tr("deleted", "adapter")
        return f"{tr(REFUSED)}: {row.reason}" if row.reason else tr(state)

    def _key(self, row: MethodRow, column: int) -> float | str:
        if part := self._part(column):
            found = accuracy_of(row, part)
            return MISSING if found is None else found.percent
        if column in {METHOD, STATE}:
            return self._text(row, column)
        if row.reason:
            return MISSING
        return float(row.parameters) if HEADS[column] == "Parameters" else row.seconds

    def _tip(self, row: MethodRow, column: int) -> str:
        if row.reason:
            return row.reason
        if part := self._part(column):
            found = accuracy_of(row, part)
            if found is None:
                return tr("Not measured: no labelled image to measure on.")
            images, interval = number_format.images(found.n), number_format.interval(found.low, found.high)
            return tr("{images}, 95% interval {interval}", images=images, interval=interval)
        if column == METHOD:
            spec = find_method(row.method)
            return f"{tr(spec.summary)}\n{tr(spec.source)}"
        return ""

    def _spoken(self, row: MethodRow, column: int) -> str:
        text = self._text(row, column).replace(f" {HIGHEST}", "").replace("\u2013", tr(number_format.NOTHING))
        if column in {METHOD, STATE}:
            return text
        if self._is_highest(row, column):
            return tr("{column} {number}, the highest", column=tr(HEADS[column]), number=text)
        return f"{tr(HEADS[column])} {text}"


# ------------------------------------------------------------------ CSV

CSV_HEADS = (
    "method",
    "title",
    *(f"{part}{of}" for part in PARTS for of in ("", "_low", "_high", "_n")),
    "parameters",
    "seconds",
    "adapter",
)


def csv_text(shown: Rows) -> str:
    """Return the rows as a CSV table: percent, interval and n of each accuracy, then size, time and state."""
    out = io.StringIO()
    write_rows(out, [CSV_HEADS])
    for row in shown.rows:
        cells: list[str] = [row.method, row.title]
        for part in PARTS:
            one = accuracy_of(row, part)
            cells += (
                [""] * 4 if one is None else [f"{one.percent:.2f}", f"{one.low:.2f}", f"{one.high:.2f}", str(one.n)]
            )
        cells += ["", ""] if row.reason else [str(row.parameters), f"{row.seconds:.3f}"]
        state = shown.state(row)
        write_rows(out, [[*cells, f"{state}: {row.reason}" if row.reason else state]])
    return out.getvalue()
