"""Tables of an evaluation as item models: accuracies before and after training, in total and per class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from mma_desktop.core.i18n import later, number, one_line, tr
from mma_desktop.core.types import Accuracy, ClassScore, Evaluation
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.tables import MISSING, SORT_ROLE, Head, Index, RowsModel, bold_font
from mma_desktop.ui.widgets.theme import tokens

LEAST_IMAGES = 2
LEAST_POINTS = 2.0
VERDICT_RULE = later(
    "Better or worse where at least {images} and {points:g} percentage points changed; less than that is about the same"
)


def verdict_rule() -> str:
    """Return the rule for better and worse, without a full stop."""
    return tr(VERDICT_RULE, images=number_format.images(LEAST_IMAGES), points=LEAST_POINTS)


@dataclass(frozen=True)
class Row:
    """One row of a table: a name, accuracies before and after, and the reason for a missing one."""

    name: str
    role: str
    zero_shot: Accuracy | None
    adapted: Accuracy | None
    missing: str = ""
    strong: bool = False

    @property
    def difference(self) -> float | None:
        """Adapted minus zero-shot, in points."""
        if self.zero_shot is None or self.adapted is None:
            return None
        return self.adapted.percent - self.zero_shot.percent

    @property
    def change(self) -> int:
        """1 for better, -1 for worse, 0 for about the same: see `verdict_rule`."""
        if self.difference is None or self.adapted is None:
            return 0
        size = abs(self.difference)
        images = size / 100 * self.adapted.n
        if round(size, 3) < LEAST_POINTS or round(images, 3) < LEAST_IMAGES:
            return 0
        return 1 if self.difference > 0 else -1

    @property
    def worse(self) -> bool:
        return self.change < 0


@dataclass(frozen=True)
class Column:
    """One column: its title, text, sort key, alignment and tooltip."""

    head: str
    text: Callable[[Row], str]
    key: Callable[[Row], float | str]
    number: bool = True
    tip: str = ""


def _percent(value: Accuracy | None, missing: str) -> str:
    return missing if value is None else number_format.percent(value.percent)


def _sortable(value: float | None) -> float:
    return MISSING if value is None else value


def _verdict(row: Row) -> str:
    if row.difference is None:
        return ""
    return {1: tr("better"), 0: tr("about the same"), -1: tr("worse")}[row.change]


_NAME = Column(later("Class"), lambda r: r.name, lambda r: r.name, number=False)
_ROLE = Column(later("Role"), lambda r: r.role, lambda r: r.role, number=False)
_ZERO = Column(
    later("Zero-shot"),
    lambda r: _percent(r.zero_shot, r.missing),
    lambda r: _sortable(None if r.zero_shot is None else r.zero_shot.percent),
)
_ADAPTED = Column(
    later("Adapted"),
    lambda r: _percent(r.adapted, r.missing if r.zero_shot is not None else ""),
    lambda r: _sortable(None if r.adapted is None else r.adapted.percent),
)
_DIFFERENCE = Column(
    later("Difference"),
    lambda r: "" if r.difference is None else number_format.points(r.difference),
    lambda r: _sortable(r.difference),
)
_VERDICT = Column(later("Change"), _verdict, lambda r: _sortable(r.difference), number=False)
_N = Column(
    later("Images"),
    lambda r: "" if r.adapted is None else number(r.adapted.n),
    lambda r: 0.0 if r.adapted is None else float(r.adapted.n),
)
_INTERVAL = Column(
    later("95% interval"),
    lambda r: "" if r.adapted is None else number_format.interval(r.adapted.low, r.adapted.high),
    lambda r: _sortable(None if r.adapted is None else r.adapted.low),
    tip=later("Where the adapted accuracy lies with 95% confidence, in percent (Wilson)"),
)
SUMMARY_COLUMNS = (
    Column(later("Images of"), lambda r: r.name, lambda r: r.name, number=False),
    _ZERO,
    _ADAPTED,
    _DIFFERENCE,
    _VERDICT,
    _N,
    _INTERVAL,
)
CLASS_COLUMNS = (_NAME, _ROLE, _N, _ZERO, _ADAPTED, _DIFFERENCE, _VERDICT, _INTERVAL)


class ResultModel(RowsModel[Row]):
    """Rows of accuracies in given columns. `SORT_ROLE` returns the sort key of a cell."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__([self._head(one) for one in columns], (), parent)
        self._columns = tuple(columns)

    @staticmethod
    def _head(column: Column) -> Head:
        tip = verdict_rule() if column is _VERDICT else tr(column.tip) if column.tip else ""
        return Head(tr(column.head), tip, column.number)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == SORT_ROLE:
            return column.key(row)
        if role == Qt.ItemDataRole.DecorationRole and column is _VERDICT:
            return icon("warning", "bad") if row.worse else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.FontRole and (row.strong or (row.worse and column is _VERDICT)):
            return bold_font()
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row)
        return super().data(index, role)

    def _colour(self, row: Row, column: Column) -> QColor | None:
        look = tokens()
        if column in {_DIFFERENCE, _VERDICT} and row.change:
            return QColor(look.bad if row.worse else look.good)
        if column in {_N, _INTERVAL, _ROLE} or (row.adapted is None and column in {_ZERO, _ADAPTED}):
            return QColor(look.dim)
        return None

    def _tip(self, row: Row) -> str | None:
        if row.zero_shot is None or row.adapted is None:
            return row.missing or None
        before, after = row.zero_shot, row.adapted
        return tr(
            "{name}: zero-shot {before} ({before_interval}), adapted {after} ({after_interval}), {images}",
            name=row.name,
            before=number_format.percent(before.percent),
            before_interval=number_format.interval(before.low, before.high),
            after=number_format.percent(after.percent),
            after_interval=number_format.interval(after.low, after.high),
            images=number_format.images(after.n),
        )


BASE_TITLE = later("Base classes")
BASE_TITLES = {
    "cross-validation": later("Base classes (cross-validation)"),
    "leave-one-out": later("Base classes (leave-one-out)"),
}


def summary_rows(evaluation: Evaluation) -> list[Row]:
    """Return the rows for base, new, all and H."""
    before, after = evaluation.zero_shot, evaluation.adapted
    base = tr(BASE_TITLES.get(evaluation.base_by, BASE_TITLE))
    missing = tr(number_format.NOTHING)
    return [
        Row(base, "", before.base, after.base, missing),
        Row(tr("New classes"), "", before.new, after.new, missing),
        Row(tr("All classes together"), "", before.all, after.all, missing),
        Row(
            tr("Harmonic mean (H)"),
            "",
            number_format.harmonic(before),
            number_format.harmonic(after),
            missing,
            strong=True,
        ),
    ]


def class_rows(scores: Sequence[ClassScore]) -> list[Row]:
    """Return a row per class."""
    missing = tr(number_format.NOTHING)
    return [
        Row(one_line(one.name), number_format.role_word(one.role), one.zero_shot, one.adapted, missing)
        for one in scores
    ]
