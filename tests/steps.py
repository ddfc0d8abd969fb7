"""Running jobs, and doing something at one of their checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.kinds import csv_table

Result = TypeVar("Result")


class Stopped(BaseException):
    """Ends a job at a checkpoint as a lane ends one in the background, for another."""


def second_half_new(context: ProjectContext) -> None:
    """Make the second half of the classes new, as the paper divides them."""
    classes = context.classes
    context.project.set_role([one.id for one in classes[(len(classes) + 1) // 2 :]], Role.NEW)


def run(job: Callable[[CancelToken], Result]) -> tuple[list[Any], Result]:
    """Run a job: what it reports, and its result."""
    events: list[Any] = []
    return events, job(CancelToken(events.append))


def meanwhile(
    action: Callable[[CancelToken], object], when: Callable[[Any], object] = lambda _event: True
) -> CancelToken:
    """A token that calls `action` with itself once, at the first event that `when` is true of."""

    def heard(event: Any) -> None:
        if when(event):
            token.on_report = None
            action(token)

    token = CancelToken(heard)
    return token


def stop(_token: CancelToken) -> None:
    raise Stopped


def labels_csv(context: ProjectContext, out: Path) -> Path:
    """Write every picture with its label, use and prediction as a table, as the window does on request."""
    how = (csv_table.FORMAT, out, CancelToken(), Images.NONE)
    return exporting.export(context, *how, overwrite=True, splits=exporting.Splits.ALL, labelled_only=False).path
