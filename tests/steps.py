"""Jobs are generators, whose values are their progress and whose return value is their result."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

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
