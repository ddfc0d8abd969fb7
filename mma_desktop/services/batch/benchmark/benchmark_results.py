"""What one cell of a benchmark measured, and its place in `results.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mma_desktop.services.batch.benchmark.benchmark_plan import Cell


@dataclass(frozen=True, slots=True)
class Result:
    """What one cell gave: accuracies in percent, None where nothing was measured."""

    base: float | None
    new: float | None
    all: float | None
    h: float | None
    seconds: float
    epochs: int
    parameters: int


@dataclass(frozen=True)
class Placed:
    """A cell with its data set and its result."""

    source: str
    cell: Cell
    result: Result


def result_from(value: Mapping[str, Any]) -> Result:
    """A result as it was written.

    Raises:
        TypeError, ValueError: It was not written by this program.
    """
    found = Result(**value)
    numbers = (found.seconds, *(one for one in (found.base, found.new, found.all, found.h) if one is not None))
    if not all(type(one) in {int, float} for one in numbers):
        raise TypeError("an accuracy or a time is no number")
    if not (type(found.epochs) is type(found.parameters) is int):
        raise TypeError("a count is no whole number")
    return found
