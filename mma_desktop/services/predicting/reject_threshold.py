"""The confidence below which the answer is "None of these". Kept in the adapter's checkpoint; engine lane only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mma_desktop.core.events import Changes
from mma_desktop.services.training.project_training import find_run

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectSession


def reject_of(session: ProjectSession, run_id: int) -> float:
    """The reject threshold of a run's adapter, 0 to 1.

    Raises:
        UserError: The run or its checkpoint is gone, or it is damaged.
    """
    from mma_desktop.engine.checkpoint import read_header

    run = find_run(session, run_id)
    if session.is_current(run) and session.engine.header is not None:
        return session.engine.header.reject
    return read_header(session.project.checkpoint_path(run)).reject


def set_reject(session: ProjectSession, run_id: int, reject: float) -> Changes:
    """Note a reject threshold, 0 to 1, in the checkpoint of a run. Nothing has to be trained or scored again.

    Raises:
        UserError: The run or its checkpoint is gone, or the disk is full.
    """
    from mma_desktop.engine import checkpoint

    run = find_run(session, run_id)
    header = checkpoint.set_reject(session.project.checkpoint_path(run), reject)
    if not session.is_current(run):
        return Changes()
    session.engine.header = header
    if session.guesses is not None:
        session.guesses = replace(session.guesses, reject=reject)
    return Changes(predictions=True)
