"""Jobs are generators, whose values are their progress and whose return value is their result."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.kinds import csv_table

Event = TypeVar("Event")
Result = TypeVar("Result")


def run(steps: Generator[Event, Any, Result]) -> tuple[list[Event], Result]:
    """Run a job to its end: what it yields, and its result."""
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as stop:
            return events, stop.value


def value(steps: Generator[Any, Any, Result]) -> Result:
    """Run a job to its end: its result."""
    return run(steps)[1]


def labels_csv(context: ProjectContext, out: Path) -> Path:
    """Write every picture with its label, use and prediction as a table, as the window does on request."""
    how = (csv_table.FORMAT, out, CancelToken(), Images.NONE)
    return value(exporting.export(context, *how, overwrite=True, splits=exporting.Splits.ALL, labelled_only=False)).path
