"""The confidence below which a prediction is "None of these", stored in the checkpoint. Engine lane only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mma_desktop.core.events import Changes

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext


def reject_of(context: ProjectContext, run_id: int) -> float:
    """The reject threshold of a run's adapter, 0 to 1.

    Raises:
        UserError: The run or its checkpoint is gone, or the checkpoint is damaged.
    """
    from mma_desktop.engine.checkpoint import read_header

    run = context.project.run(run_id)
    if context.is_current(run) and context.engine.header is not None:
        return context.engine.header.reject
    return read_header(context.project.checkpoint_path(run)).reject


def set_reject(context: ProjectContext, run_id: int, reject: float) -> Changes:
    """Store a reject threshold, 0 to 1, in the checkpoint of a run. Needs no new training or scoring.

    Raises:
        UserError: The run or its checkpoint is gone, or the disk is full.
    """
    from mma_desktop.engine import checkpoint

    run = context.project.run(run_id)
    header = checkpoint.set_reject(context.project.checkpoint_path(run), reject)
    if not context.is_current(run):
        return Changes()
    context.engine.predictor.header = header
    if context.guesses is not None:
        context.guesses = replace(context.guesses, reject=reject)
    return Changes(predictions=True)
