"""From labelled images to a finished run: checks, features, training, and storing the result."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import DEFAULT_METHOD, IN_TURN, Role, RunRecord, TrainingFinding, TrainRequest
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.serialization import epoch_json
from mma_desktop.services.training.preflight import FOLDS, LEFT_OUT, NOT_NEEDED, STOPPED_FOLDS, Estimate, check_training
from mma_desktop.services.training.run_writer import store_run
from mma_desktop.services.training.snapshot import Snapshot, assemble, classes_of, divided, needed

if TYPE_CHECKING:
    from mma_desktop.engine.training.trainer import TrainingData, TrainingResult
    from mma_desktop.services.training.likeliest import Likeliest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainOutcome:
    """A finished training: its run, its result, and the time until it began."""

    run: RunRecord
    result: TrainingResult
    embed_seconds: float


def check(context: ProjectContext, request: TrainRequest, columns: Columns | None = None) -> list[TrainingFinding]:
    """What prevents a training on these columns, or those of now, or limits its figures; reads memory only."""
    columns, classes = context.index.columns if columns is None else columns, classes_of(context, request)
    labelled, split = divided(context, columns, classes, request)
    names_alone = request.at_hand and request.method == DEFAULT_METHOD
    compared = bool(request.division)
    return check_training(
        classes,
        columns,
        split,
        labelled,
        shots=request.shots,
        estimate=_estimate(request),
        fewer=request.fewer,
        names_alone=names_alone,
        compared=compared,
    )


def every_label_is_a_shot(context: ProjectContext, request: TrainRequest) -> bool:
    """Whether nothing but shots teaches and none is kept back, so that this may go `IN_TURN`; reads memory only."""
    columns, classes = context.index.columns, classes_of(context, request)
    _, split = divided(context, columns, classes, request)
    at_hand = request.at_hand and bool((columns.usable & ~columns.labelled).any())
    trained = find_method(request.method).trains and any(item.role is Role.BASE for item in classes)
    return trained and not at_hand and not len(split.validation) and not len(split.test)


def _estimate(request: TrainRequest) -> Estimate:
    """How this training measures base classes without test images."""
    spec = find_method(request.method)
    if not spec.trains:
        return NOT_NEEDED
    if spec.leaves_out(request.options):
        return LEFT_OUT
    return STOPPED_FOLDS if (request.recipe or spec.recipe).patience else FOLDS


def train(
    context: ProjectContext,
    request: TrainRequest,
    token: CancelToken,
    *,
    use: bool = True,
    checked: Columns | None = None,
    likeliest: Likeliest | None = None,
) -> TrainOutcome:
    """Embed labelled images, train, evaluate and store the checkpoint as a run, whose adapter becomes current.

    The request's backbone is loaded. Without `use` the adapter stays as it is. `checked` are columns of which `check`
    reported nothing blocking. A training `IN_TURN` also reports the `likeliest` images.

    Raises:
        UserError: `check` reports something blocking.
    """
    started = time.monotonic()
    snapshot = assemble_labelled(context, request, token, checked)
    embed_seconds = time.monotonic() - started
    backbone, _ = context.engine.need()
    history: list[dict[str, Any]] = []
    if likeliest is not None:
        likeliest.begin(context, snapshot)
    result = _train_on(str(backbone.device), snapshot.data, request, token, history, likeliest)
    run = store_run(context, request, result, snapshot, history, use=use)
    return TrainOutcome(run, result, embed_seconds)


def _train_on(
    device: str,
    data: TrainingData,
    request: TrainRequest,
    token: CancelToken,
    history: list[dict[str, Any]],
    likeliest: Likeliest | None,
) -> TrainingResult:
    """Train on a device; if that fails, retry on the CPU with a message."""
    from mma_desktop.engine.training import trainer as engine_training

    def noted(event: EpochEvent) -> EpochEvent:
        history.append(epoch_json(event))  # what the curves show, so that a run can be viewed later
        return event

    def trained(place: str) -> TrainingResult:
        return engine_training.train(
            data,
            request.method,
            dict(request.options),
            recipe=request.recipe,
            seed=request.seed,
            device=place,
            cancel=token.relaying(noted),
            with_open_set=True,
            transductive=request.at_hand,
            in_turn=request.division == IN_TURN,
            watch=likeliest,
        )

    try:
        return trained(device)
    except RuntimeError as error:  # torch raises it if a device fails or runs out of memory
        if device == "cpu":
            raise
        log.warning("the training failed on %s", device, exc_info=True)
        why = first_line(error)
    token.checkpoint(
        Progress(
            0,
            None,
            tr(
                "The device {device} failed ({reason}), so the training starts again on the processor (cpu).",
                device=device,
                reason=why,
            ),
        )
    )
    history.clear()
    return trained("cpu")


def assemble_labelled(
    context: ProjectContext, request: TrainRequest, token: CancelToken, checked: Columns | None = None
) -> Snapshot:
    """Encode the images that a training needs, with those labelled meanwhile, then take its snapshot.

    `checked` is as for `train`. Raises UserError if `check` reports something blocking.
    """
    before = context.index.columns
    if before is not checked:
        _refuse_blocking(context, request, before)
    columns = embed_needed(context, token, at_hand=request.at_hand)
    if columns is not before:
        _refuse_blocking(context, request, columns)
    return assemble(context, classes_of(context, request), columns, request, token)


def _refuse_blocking(context: ProjectContext, request: TrainRequest, columns: Columns) -> None:
    if blocking := [finding.text for finding in check(context, request, columns) if finding.blocking]:
        raise UserError("\n".join(blocking))


def embed_needed(context: ProjectContext, token: CancelToken, *, at_hand: bool) -> Columns:
    """Encode the images that a training needs (`snapshot.needed`); the columns of which none is missing.

    Images that can no longer be read become problems, reported by a `Progress` with `Changes`.
    """
    while True:
        columns = context.index.columns
        wanted = needed(columns, at_hand=at_hand)
        if context.engine.embedded(columns.hashes[wanted]).all():
            return columns
        changes = embed_images(context, columns.ids[wanted], token)
        if changes.labels:
            lost = len(changes.labels)
            text = tr("{n} picture cannot be read any more", "{n} pictures cannot be read any more", lost)
            token.checkpoint(Progress(0, None, text, changes=changes))
