"""Load an adapter file that was trained elsewhere into a project, as one of its runs."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.class_names import NONE_OF_THESE, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import unused_path
from mma_desktop.core.types import Ranked, Role, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.importing import add_missing_classes
from mma_desktop.services.predicting.model_in_use import use_run
from mma_desktop.services.training.learning import follow
from mma_desktop.services.training.run_writer import free_name

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.engine.methods.adapter import Adapter


MAX_LOOKED_AT = 5_000  # images: more than anybody looks through, predicted in 0.1 s once their rows are read


@dataclass(frozen=True, eq=False)
class ModelFile:
    """A model that was read and is not in the project; `missing` are those of its classes that the project lacks."""

    name: str
    adapter: Adapter
    header: CheckpointHeader
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """What was loaded: its run, how many classes it has, those that were added, and the run before it, 0 for none."""

    run: RunRecord
    classes: int
    added: tuple[int, ...]
    before: int


def read_model(context: ProjectContext, source: str, token: CancelToken) -> ModelFile:
    """Read an adapter file, or one on the hub; the project is not changed. Engine lane only.

    `source` is a path, or an address on the hub: "hf://owner/name" or "hf://owner/name@revision".

    Raises:
        UserError: The file is missing, damaged, newer, or of another backbone than the project's, the hub cannot be
            reached, or no backbone is loaded.
        Cancelled: `token` was set.
    """
    from mma_desktop.engine import checkpoint, hub

    backbone, _ = context.engine.need()
    if source.startswith(hub.ADDRESS):
        name, revision = hub.parsed_address(source)
        path = hub.download(name, revision)
    else:
        path = Path(source)
        name = path.stem
    adapter, header = checkpoint.load(path)
    if header.backbone != backbone.id:
        raise UserError.tr(
            "{source} was trained with the image model {other}, and this project looks at its pictures with "
            "{own}. Choose {other} under Train, then load it again.",
            source=source,
            other=header.backbone,
            own=backbone.id,
        )
    checkpoint.check_backbone(header, backbone)
    token.raise_if_cancelled()
    have = {name_key(item.name) for item in context.classes}
    return ModelFile(
        name,
        adapter,
        header,
        tuple(class_name for class_name in header.class_names if name_key(class_name) not in have),
    )


def use_model(context: ProjectContext, model: ModelFile) -> Loaded:
    """Keep a model as a run, add classes that the project lacks, and use it: one step of undo. Engine lane only.

    Raises:
        UserError: Two of its classes are the same one here, or the disk is full.
    """
    from mma_desktop.engine import checkpoint

    project, before, header = context.project, context.current_run, model.header
    stamp = time.strftime("%Y%m%d-%H%M%S")
    file = unused_path(project.runs_dir, f"{stamp}-{header.method}", ".safetensors", "-")
    waiting = project.pending_path(file)
    checkpoint.save(waiting, model.adapter, header)
    with project.collecting_steps() as steps:
        try:
            added = _add_missing_classes(context, header)
        except UserError:
            waiting.unlink(missing_ok=True)
            raise
        run = project.add_run(
            name=free_name(model.name, {run.name for run in project.runs()}),
            method=header.method,
            backbone=header.backbone,
            checkpoint=file.relative_to(project.folder).as_posix(),
            settings={
                "options": dict(header.options),
                "shots": header.shots,
                "seed": header.seed,
                "prompt_template": header.prompt_template,
                "split_hashes": dict(header.split_hashes),
                "loaded_from": model.name,
            },
            metrics={**header.metrics, "history": [], "temperatures": asdict(header.temperatures)},
            created_at=_trained_at(header.created),
        )
        use_run(context, run.id)
    project.join(steps, tr("Load a model"))
    return Loaded(run, len(header.classes), added, before)


def _add_missing_classes(context: ProjectContext, header: CheckpointHeader) -> tuple[int, ...]:
    """Add the adapter's classes that the project lacks, with role and reading; returns their ids."""
    have = {item.id for item in context.classes}
    roles = {name_key(name): role for name, role in header.classes}
    add_missing_classes(context.project, header.class_names, header.own_reads)
    added = [item for item in context.classes if item.id not in have]
    if new := [item.id for item in added if roles.get(name_key(item.name)) is Role.NEW]:
        context.project.set_role(new, Role.NEW)
    return tuple(item.id for item in added)


def revert_model(context: ProjectContext, loaded: Loaded) -> None:
    """Use the model before a loaded one, and delete the classes that came with it, unless they have labels by now.

    If the former model was deleted, the learning one is used. One step of undo. On a UserError, if the former model
    cannot be read, nothing was changed. Engine lane only.
    """
    project, counts, here = context.project, context.index.counts(), {item.id for item in context.classes}
    before = next((run for run in project.runs() if run.id == loaded.before), None)
    if before is not None:
        context.engine.use(project.checkpoint_path(before))
    with project.collecting_steps() as steps:
        if unused := [class_id for class_id in loaded.added if class_id in here and class_id not in counts]:
            project.delete_classes(unused)
        project.set_current(0 if before is None else before.id)
    project.join(steps, tr("Use the former model"))
    if before is None:
        follow(context)


def predict_with(context: ProjectContext, model: ModelFile, token: CancelToken) -> dict[int, Ranked]:
    """What a model says of the first unlabelled images, or of all if none is, by id: class by class, surest first.

    Images that show none of its classes come last, with a confidence of 0. The project is not changed. Engine lane
    only.
    """
    columns, header = context.index.columns, model.header
    where = context.embedded(columns, columns.usable & ~columns.labelled)
    if not len(where):
        where = context.embedded(columns, columns.usable)
    ids, hashes, names = columns.ids[where[:MAX_LOOKED_AT]], columns.hashes[where[:MAX_LOOKED_AT]], header.class_names
    predictor, blocks = context.engine.predictor.sibling(), []
    predictor.hold(model.adapter, header)
    best, confidence = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.float32)
    for part, features in context.engine.blocks(hashes, token, whole=True):
        probabilities, scores = predictor.predict(features, names, header.prompt_template)
        best[part], confidence[part] = probabilities.argmax(1), probabilities.max(1)
        blocks.append(scores)
    known, none = [block for block in blocks if block is not None], len(names)
    if known and header.open_set is not None:
        scores = known[0].join(known)
        rejected = scores.rejected(header.open_set.decide(scores.scores, scores.margins)[2])
        best[rejected], confidence[rejected] = none, 0.0
    labels = [*names, tr(NONE_OF_THESE)]
    order = np.lexsort((-confidence, best)).tolist()
    return {int(ids[at]): Ranked(labels[best[at]], float(confidence[at])) for at in order}


def _trained_at(created: str) -> float:
    """Seconds since 1970; now, where a file names a time that no training can have had."""
    now = time.time()
    try:
        then = datetime.fromisoformat(created).timestamp()
    except (OverflowError, ValueError, OSError):
        return now
    return then if 0 <= then <= now else now
