"""From labelled images to a finished run: checks, features, the training itself, its record."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mma_desktop.core.class_names import duplicate_names, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, EpochEvent, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import (
    Evaluation,
    Finding,
    ImageClass,
    ImageRow,
    ProblemKind,
    Role,
    RunRecord,
    TrainRequest,
    Use,
)
from mma_desktop.engine.methods.method_table import find_method, resolve_options
from mma_desktop.services.image_index import Columns, Ids
from mma_desktop.services.images.file_check import with_features
from mma_desktop.services.labels.splits import Split, divide
from mma_desktop.services.serialization import epoch_json
from mma_desktop.services.training.preflight import Estimate, check_training, listed
from mma_desktop.services.training.retrain_advice import record_of
from mma_desktop.services.training.run_writer import keep

if TYPE_CHECKING:
    from mma_desktop.engine.training.trainer import FeatureSet, TrainingData, TrainingResult
    from mma_desktop.services.context import ProjectSession
    from mma_desktop.store.project import Project

log = logging.getLogger(__name__)
PATHS_AT_ONCE = 512
WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class TrainOutcome:
    """A finished training: its run, what was measured, and where the time went (in seconds)."""

    run: RunRecord
    evaluation: Evaluation
    changes: Changes
    epochs: int
    parameters: int
    embed_seconds: float
    train_seconds: float
    counts: dict[str, int]


def add_missing_classes(project: Project, names: Sequence[str]) -> Changes:
    """Add the classes that a project lacks.

    Raises:
        UserError: Two of the names are the same class name.
    """
    twice = duplicate_names(names)
    if twice:
        raise UserError(
            tr(
                "Two class folders have the same name but for case or blanks: {names}. Rename one of them.",
                names=listed(twice),
            )
        )
    have = {name_key(one.name) for one in project.classes()}
    missing = [name for name in names if name_key(name) not in have]
    return project.add_classes(missing, Role.BASE) if missing else Changes()


# ------------------------------------------------------------------------------ embedding


def embed(session: ProjectSession, ids: Ids | None, token: CancelToken) -> Generator[Progress, None, Changes]:
    """Encode images that have no features yet: all usable ones, or those of `ids`.

    A picture that cannot be read any more becomes a problem with its reason; the others go on.
    """
    return with_features(session, (yield from _embed(session, ids, token)))


def follow(session: ProjectSession, token: CancelToken) -> Generator[Progress, None, Changes]:
    """`embed` all images, and go on while an import brings more; what that has decoded is not decoded again."""
    backbone, cache = session.engine.need()
    handover, found, newest = session.handover, Changes(), -1
    with handover.taking(backbone.image_spec, lambda content_hash: bool(cache.rows([content_hash])[0] >= 0)):
        if handover.more:
            yield Progress(0, None, tr("Looking at pictures"))  # whoever waits for it to begin may go on
        while True:
            more = handover.more  # asked before the images are, or the last ones of an import might be missed
            ids = session.catalogue.columns.ids
            fresh = ids[ids > newest]
            part = yield from embed(session, fresh if newest >= 0 else None, token)
            found = Changes(embeddings=found.embeddings or part.embeddings, labels=(*found.labels, *part.labels))
            if not more:
                return found
            newest = max(newest, int(fresh.max(initial=0)))
            while not handover.wait(WAIT_SECONDS):
                token.raise_if_cancelled()
                yield Progress(len(ids), None, tr("Looking at pictures"))


def _embed(session: ProjectSession, ids: Ids | None, token: CancelToken) -> Generator[Progress, None, Changes]:
    columns = session.catalogue.columns
    wanted = columns.usable.copy()
    if ids is not None:
        wanted &= np.isin(columns.ids, ids)
    where = np.flatnonzero(wanted)
    where = where[~session.engine.embedded(columns.hashes[where])]
    if not len(where):
        return Changes()
    by_hash = {columns.hashes[at]: int(columns.ids[at]) for at in where}

    def items() -> Generator[tuple[bytes, Path], None, None]:
        for start in range(0, len(where), PATHS_AT_ONCE):
            for row in session.rows(columns.ids[where[start : start + PATHS_AT_ONCE]].tolist()):
                if row.content_hash is not None:
                    yield row.content_hash, existing_place(row)

    report = yield from session.engine.embed(items(), len(where), token, handover=session.handover)
    failed = [(by_hash[_key(content_hash)], kind, reason) for content_hash, kind, reason in _failures(report.failed)]
    changes = session.mark_problems(failed) if failed else Changes()
    return Changes(embeddings=True, labels=changes.labels)


def existing_place(row: ImageRow) -> Path:
    """The first of an image's places where a file still is."""
    return next((place for place in (row.path, *row.places) if place.is_file()), row.path)


def _key(content_hash: bytes) -> bytes:
    """A content hash as numpy's fixed-length bytes give it back (without trailing zero bytes)."""
    return content_hash.rstrip(b"\0")


def _failures(failed: Sequence[tuple[Any, str]]) -> list[tuple[bytes, ProblemKind, str]]:
    found = []
    for (content_hash, path), reason in failed:
        kind = ProblemKind.UNREADABLE if path.is_file() else ProblemKind.VANISHED
        found.append((content_hash, kind, reason))
    return found


# ------------------------------------------------------------------------------ the data of a training


def _divided(columns: Columns, classes: Sequence[ImageClass], request: TrainRequest) -> tuple[Ids, Split]:
    """Positions of the labelled pictures in the catalogue, and their split."""
    labelled = np.flatnonzero(columns.labelled & columns.usable)
    roles = {one.id: one.role for one in classes}
    parts = (columns.class_ids[labelled], columns.uses[labelled], columns.hashes[labelled])
    return labelled, divide(*parts, roles, request.shots, request.seed)


def uses_of(session: ProjectSession, request: TrainRequest) -> dict[int, Use]:
    """What each labelled image is used for in a training, by image id."""
    columns = session.catalogue.columns
    labelled, split = _divided(columns, session.classes, request)
    parts = {Use.SHOT: split.shots, Use.VALIDATION: split.validation, Use.TEST: split.test}
    return {image: use for use, part in parts.items() for image in columns.ids[labelled[part]].tolist()}


def check(session: ProjectSession, request: TrainRequest) -> list[Finding]:
    """See `ProjectSession.check`."""
    return _findings(session.classes, session.catalogue.columns, request)


def _findings(classes: Sequence[ImageClass], columns: Columns, request: TrainRequest) -> list[Finding]:
    labelled, split = _divided(columns, classes, request)
    return check_training(classes, columns, split, labelled, request.shots, _estimate(request))


def _estimate(request: TrainRequest) -> Estimate:
    """How a training measures base classes without test images."""
    spec = find_method(request.method)
    if not spec.trains:
        return Estimate.NOT_NEEDED
    if spec.leaves_out({one.name: one.default for one in spec.options} | dict(request.options)):
        return Estimate.LEFT_OUT
    return Estimate.STOPPED_FOLDS if (request.recipe or spec.recipe).patience else Estimate.FOLDS


def _refuse_blocking(classes: Sequence[ImageClass], columns: Columns, request: TrainRequest) -> None:
    blocking = [finding.text for finding in _findings(classes, columns, request) if finding.blocking]
    if blocking:
        raise UserError("\n".join(blocking))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a training works on, frozen: later edits of the project do not reach it.

    `digests` name the split, `seen` the images that are trained or selected on (16 hexadecimal digits each), `counts`
    says how many images are what. `record` is what the run keeps to tell later what changed (`retrain_advice`).
    `shot_ids` and `test_ids` are the images of the data's shots and test set.
    """

    data: TrainingData
    classes: tuple[ImageClass, ...]
    prompt_template: str
    digests: dict[str, str]
    seen: tuple[str, ...]
    counts: dict[str, int]
    record: dict[str, Any]
    shot_ids: Ids
    test_ids: Ids


def assemble(
    session: ProjectSession, classes: tuple[ImageClass, ...], columns: Columns, request: TrainRequest
) -> Snapshot:
    """Take the snapshot of these classes and this catalogue, whose labelled images must have their features.

    Raises:
        UserError: No labelled image of a base class is left.
    """
    from mma_desktop.engine.training.trainer import FeatureSet, TrainingData

    template = session.prompt_template
    labelled, split = _divided(columns, classes, request)
    spec = find_method(request.method)
    backbone, cache = session.engine.need()
    index = {one.id: at for at, one in enumerate(classes)}

    def part(where: Ids) -> FeatureSet | None:
        at = labelled[where]
        labels = np.array([index[class_id] for class_id in columns.class_ids[at].tolist()], np.int64)
        return FeatureSet(cache.gather_rows(columns.hashes[at]), labels) if len(at) else None

    shots = part(split.shots)
    if shots is None:
        raise UserError(tr("There is no labelled image of a base class to train on."))
    names = [one.name for one in classes]
    data = TrainingData(
        class_names=tuple(names),
        roles=tuple(one.role for one in classes),
        text_features=session.engine.texts(names, template),
        logit_scale=backbone.logit_scale,
        shots=shots,
        validation=part(split.validation),
        test=part(split.test),
        encoder=backbone.text_tower() if spec.needs_encoder else None,
        projection=backbone.need_projection() if spec.needs_projection else None,
        layout=backbone.layout,
    )
    counts = {"shots": len(split.shots), "validation": len(split.validation), "test": len(split.test)}
    counts["images"] = int(columns.usable.sum())
    counts["labelled"] = len(labelled)
    seen = columns.hashes[labelled[np.concatenate([split.shots, split.validation])]]
    return Snapshot(
        data,
        classes,
        template,
        split.digests(columns.hashes[labelled]),
        tuple(sorted(one.ljust(32, b"\0")[:8].hex() for one in seen.tolist())),
        counts,
        record_of(classes, columns, labelled, split),
        columns.ids[labelled[split.shots]],
        columns.ids[labelled[split.test]],
    )


# ------------------------------------------------------------------------------ training


def train(
    session: ProjectSession, request: TrainRequest, token: CancelToken
) -> Generator[Progress | EpochEvent, None, TrainOutcome]:
    """See `ProjectSession.train`."""
    return (yield from train_more(session, request, token, use=True))


def train_more(
    session: ProjectSession, request: TrainRequest, token: CancelToken, *, use: bool = False
) -> Generator[Progress | EpochEvent, None, TrainOutcome]:
    """As `train`, but its adapter becomes the current one only with `use`."""
    resolve_options(find_method(request.method), request.options)
    _refuse_blocking(session.classes, session.catalogue.columns, request)
    started = time.monotonic()
    yield Progress(0, None, tr("Loading the backbone"))
    for message in session.prepare(token, request.backbone, request.device, request.weights_file):
        yield Progress(0, None, message)
    snapshot = yield from assemble_labelled(session, request, token)
    embed_seconds = time.monotonic() - started
    backbone, _ = session.engine.need()
    history: list[dict[str, Any]] = []
    result = yield from _train_on(str(backbone.device), snapshot.data, request, token, history)
    run = keep(session, request, result, snapshot, history, use=use)
    return TrainOutcome(
        run,
        result.evaluation,
        Changes(title=tr("Train"), runs=True),
        result.epochs,
        result.parameters,
        embed_seconds,
        result.seconds,
        snapshot.counts,
    )


def _train_on(
    device: str, data: TrainingData, request: TrainRequest, token: CancelToken, history: list[dict[str, Any]]
) -> Generator[Progress | EpochEvent, None, TrainingResult]:
    """Train on a device; where that fails, once more on the processor, with a message."""
    from mma_desktop.engine.device import first_line
    from mma_desktop.engine.training import trainer as engine_training

    def steps(place: str) -> Generator[EpochEvent, None, TrainingResult]:
        options = dict(request.options)
        return engine_training.train(data, request.method, options, request.recipe, request.seed, place, token)

    try:
        return (yield from _recorded(steps(device), history))
    except RuntimeError as error:  # what torch raises when a device fails or runs out of memory
        if device == "cpu":
            raise
        log.warning("the training failed on %s", device, exc_info=True)
        why = first_line(error)
    yield Progress(
        0,
        None,
        tr(
            "The device {device} failed ({reason}), so the training starts again on the processor (cpu).",
            device=device,
            reason=why,
        ),
    )
    history.clear()
    return (yield from _recorded(steps("cpu"), history))


def assemble_labelled(
    session: ProjectSession, request: TrainRequest, token: CancelToken
) -> Generator[Progress, None, Snapshot]:
    """Encode what is labelled, then take the snapshot of a training.

    Raises:
        UserError: Something that `check` calls blocking.
    """
    columns = yield from _embed_labelled(session, token)
    classes = tuple(session.classes)
    _refuse_blocking(classes, columns, request)
    return assemble(session, classes, columns, request)


def _embed_labelled(session: ProjectSession, token: CancelToken) -> Generator[Progress, None, Columns]:
    """Encode what is labelled, and what is labelled meanwhile; returns the catalogue in which all of it has features.

    Pictures that cannot be read any more become problems on the way, which a `Progress` with `Changes` tells.
    """
    while True:
        columns = session.catalogue.columns
        wanted = columns.labelled & columns.usable
        hashes, engine = columns.hashes[wanted], session.engine
        if engine.embedded(hashes).all():
            return columns
        changes = yield from embed(session, columns.ids[wanted], token)
        if changes.labels:
            lost = len(changes.labels)
            text = tr("{n} picture cannot be read any more", "{n} pictures cannot be read any more", lost)
            yield Progress(0, None, text, changes=changes)


def _recorded(
    steps: Generator[EpochEvent, None, TrainingResult], history: list[dict[str, Any]]
) -> Generator[EpochEvent, None, TrainingResult]:
    """Pass the epochs on and keep what the curves show of them, so that a run can be looked at later."""
    try:
        while True:
            event = next(steps)
            history.append(epoch_json(event))
            yield event
    except StopIteration as stop:
        result: TrainingResult = stop.value
        return result
    finally:
        steps.close()


def find_run(session: ProjectSession, run_id: int) -> RunRecord:
    """One run.

    Raises:
        UserError: It is gone.
    """
    for run in session.runs():
        if run.id == run_id:
            return run
    raise UserError(tr("That training is not in the project any more."))


def restore_adapter(session: ProjectSession) -> list[str]:
    """Make the run that was in use, or else the newest that fits the loaded backbone, the current adapter.

    One that cannot be used, being damaged or of an earlier version's starter, is passed over.

    Returns:
        Why the first of them is passed over, for the person, where none can be used.
    """
    session.engine.use(None)
    backbone, _ = session.engine.need()
    reasons = []
    for run in sorted(session.runs(), key=lambda run: run.id != session.current_run):
        if run.backbone != backbone.id:
            continue
        try:
            session.engine.use(session.project.checkpoint_path(run))
        except UserError as error:
            log.warning("Run %d is passed over: %s", run.id, error)
            reasons.append(tr("'{run}' is not used: {reason}", run=run.name, reason=error))
            continue
        return []
    return reasons[:1]
