"""Compare methods on the same shots. Each run is stored as a training of its own; the current adapter stays."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from mma_desktop.core.class_names import listed
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, EpochEvent, Progress, relayed
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Scores, TrainRequest
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.services.training.project_training import train

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

COMPARED = tuple(spec.id for spec in METHODS if not spec.needs_encoder and not spec.needs_projection)
"""Compared by default: methods that train in seconds on existing features."""


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method of a comparison.

    `title` is in English. `run_id` is the stored training, 0 if there is none; `reason` then says why. `scores` were
    measured as in any training. `seconds` is the training time alone.
    """

    method: str
    title: str
    run_id: int = 0
    scores: Scores = Scores()  # noqa: RUF009 - frozen
    parameters: int = 0
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ComparingProgress(Progress):
    """Progress of a comparison: `done` of `total` methods, and the rows so far."""

    rows: tuple[MethodRow, ...] = ()


@dataclass(frozen=True)
class ComparingOutcome:
    """Result of a comparison."""

    rows: tuple[MethodRow, ...]
    changes: Changes


def compare_methods(
    context: ProjectContext, methods: Sequence[str], request: TrainRequest, token: CancelToken
) -> Generator[Progress, None, ComparingOutcome]:
    """Train each method on the same labels, shots and seed, with its own options and recipe.

    Each successful training is stored in the project; the current adapter stays. A method that this backbone or these
    labels do not allow is reported with the reason, and the others go on. If cancelled, finished trainings are kept.
    Method, options and recipe of the request are ignored.

    Raises:
        UserError: No method is chosen, or the labels do not allow any training.
    """
    if not methods:
        raise UserError(tr("Choose at least one method to compare."))
    titles = {one: find_method(one).title for one in methods}
    rows: list[MethodRow] = []
    for at, method in enumerate(methods):
        own = replace(request, method=method, options={}, recipe=None)
        steps = train(context, own, token, use=False)
        try:
            outcome = yield from relayed(steps, partial(_progress, tr(titles[method]), at, len(methods), rows))
        except UserError as error:
            rows.append(MethodRow(method, titles[method], reason=str(error)))
        else:
            evaluation, run = outcome.evaluation, outcome.run
            rows.append(
                MethodRow(method, titles[method], run.id, evaluation.adapted, outcome.parameters, outcome.train_seconds)
            )
        text = tr("{method} done", method=tr(titles[method]))
        yield ComparingProgress(at + 1, len(methods), text, rows=tuple(rows), changes=Changes(runs=True))
    if all(row.reason for row in rows):
        raise UserError(listed(list(dict.fromkeys(row.reason for row in rows))))
    return ComparingOutcome(tuple(rows), Changes(title=tr("Compare methods"), runs=True))


def _progress(
    title: str, done: int, total: int, rows: Sequence[MethodRow], event: Progress | EpochEvent
) -> ComparingProgress:
    changes = None
    if isinstance(event, EpochEvent):
        text = tr("{method}: epoch {epoch} of {epochs}", method=title, epoch=event.epoch, epochs=event.max_epochs)
    else:
        text, changes = f"{title}: {event.message}" if event.message else title, event.changes
    return ComparingProgress(done, total, text, changes=changes, rows=tuple(rows))
