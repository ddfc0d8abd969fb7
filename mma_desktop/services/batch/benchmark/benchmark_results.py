"""The measurements of one benchmark cell."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.services.batch.benchmark.benchmark_plan import Cell


@dataclass(frozen=True, slots=True)
class Result:
    """Measurements of one cell: accuracies in percent, None if nothing was measured."""

    base: float | None
    new: float | None
    all: float | None
    h: float | None
    seconds: float
    epochs: int
    parameters: int


@dataclass(frozen=True)
class CellResult:
    """A cell with its data set and its result."""

    source: str
    cell: Cell
    result: Result
