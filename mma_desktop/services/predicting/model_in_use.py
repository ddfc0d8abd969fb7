"""Choose the backbone and adapter that a project predicts with. Engine lane only."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import tr
from mma_desktop.services.context import ProjectContext

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Model:
    """An adapter file to predict with, and the project that it comes from, if any.

    Attributes:
        weights: A weights file for the backbone.
        names: The project's classes with what the model reads for them.
        run: The name of the training; "" for the model that learns while labelling.
        messages: From choosing the model, for the user.
        none_weight: How strict the project is; see `none_of_these.none_weight`.
    """

    adapter: Path
    weights: Path | None
    project: Path | None = None
    names: dict[str, str] | None = None
    run: str = ""
    messages: tuple[str, ...] = ()
    none_weight: float = 1.0


def prepare(
    context: ProjectContext,
    token: CancelToken,
    backbone: str | None = None,
    device: str = "auto",
    weights_file: Path | None = None,
) -> list[str]:
    """Load the backbone (by default the project's own) and the newest adapter that fits it.

    Returns:
        Messages for the user, such as a device that is not available.
    """
    chosen = backbone or context.backbone_id
    weights = weights_file or (context.weights_file if chosen == context.backbone_id else None)
    before = context.engine.backbone
    messages = context.engine.load(chosen, device, weights, token)
    if context.engine.backbone is not before:
        messages += restore_adapter(context)
    return messages


def restore_adapter(context: ProjectContext) -> list[str]:
    """Make the run that was in use, or else the newest one that fits the loaded backbone, the current adapter.

    Unusable checkpoints (damaged, or from an earlier version's starter) are skipped. If the learning model predicts, no
    adapter is needed.

    Returns:
        Why the first of them was skipped, for the user.
    """
    context.engine.use(None)
    if context.learns and not context.current_run:
        return []
    backbone, _ = context.engine.need()
    reasons = []
    for run in sorted(context.project.runs(), key=lambda run: run.id != context.current_run):
        if run.backbone != backbone.id:
            continue
        try:
            context.engine.use(context.project.checkpoint_path(run))
        except UserError as error:
            log.warning("Run %d is passed over: %s", run.id, error)
            reasons.append(tr("'{run}' is not used: {reason}", run=run.name, reason=error))
            continue
        break
    return reasons[:1]


def use_run(context: ProjectContext, run_id: int) -> None:
    run = context.project.run(run_id)
    context.engine.use(context.project.checkpoint_path(run))
    context.project.set_current(run_id)


def delete_run(context: ProjectContext, run_id: int) -> Changes:
    """Delete a finished training and its checkpoint; its adapter is no longer the current one."""
    if context.is_current(context.project.run(run_id)):
        context.engine.use(None)
    if run_id == context.current_run:
        context.project.set_setting("current_run", 0)
    return context.project.delete_run(run_id)
