"""Store a finished training: its checkpoint, its row among the runs, and its name."""

from __future__ import annotations

import math
import time
from collections.abc import Collection
from dataclasses import asdict, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import numpy as np

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import unused_path
from mma_desktop.core.types import Accuracy, Role, RunRecord, TrainRequest
from mma_desktop.engine.methods.method_table import find_method
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.serialization import answers_json, evaluation_json

if TYPE_CHECKING:
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.engine.training.trainer import TrainingResult
    from mma_desktop.engine.training_data import TrainingData
    from mma_desktop.services.training.snapshot import Snapshot

MEASURED_KEPT = 20_000  # images, which take 0.5 MB of the project; nobody looks through as many mistakes
MONTHS = (
    later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun"),
    later("Jul"), later("Aug"), later("Sep"), later("Oct"), later("Nov"), later("Dec"),
)  # fmt: skip


def store_run(
    context: ProjectContext,
    request: TrainRequest,
    result: TrainingResult,
    snapshot: Snapshot,
    history: list[dict[str, Any]],
    *,
    use: bool,
    learned_from: int = 0,
    claimed: Accuracy | None = None,
) -> RunRecord:
    """Write the checkpoint to a temporary file, insert the run that refers to it, then move the file into place.

    `history` is what the curves show for each epoch. With `use` its adapter becomes the current one. `learned_from` is
    the number of labels of the learning model, which names its run; 0 for a training. `claimed` is what the window says
    of that model.

    Raises:
        UserError: The disk is full, or the project's folder is not writable; no run is stored then.
    """
    from mma_desktop.engine import checkpoint

    header, record = describe(context, request, result, snapshot, history, time.time())
    header = with_share(header, result, snapshot.data)
    record["metrics"]["open_world"] = _open_world(result, snapshot)
    if claimed is not None:
        record["metrics"]["claimed"] = asdict(claimed)
    created = record["created_at"]
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    path = unused_path(context.project.runs_dir, f"{stamp}-{request.method}", ".safetensors", "-")
    checkpoint.save(context.project.pending_path(path), result.adapter, header)
    run = context.project.add_run(
        name=run_name(
            request,
            created,
            {run.name for run in context.project.runs()},
            len(snapshot.data.classes_of(Role.BASE)),
            learned_from,
            None if learned_from else result.evaluation.adapted.all,
            names=len(snapshot.classes),
        ),
        checkpoint=path.relative_to(context.project.folder).as_posix(),
        **record,
    )
    if use:
        context.project.set_setting("current_run", run.id)
        context.engine.hold(result.adapter, header, path)
    return run


def describe(
    context: ProjectContext,
    request: TrainRequest,
    result: TrainingResult,
    snapshot: Snapshot,
    history: list[dict[str, Any]],
    created: float,
) -> tuple[CheckpointHeader, dict[str, Any]]:
    """The checkpoint header of a training, and the fields of its `RunRecord` but for id, name and checkpoint.

    To be stored, the header lacks `with_share`.
    """
    from mma_desktop.engine.checkpoint import CheckpointHeader
    from mma_desktop.engine.methods.adapter import sizes_of

    backbone, _ = context.engine.need()
    taught = result.adapter.transduction is not None
    metrics = {
        **evaluation_json(result.evaluation),
        "epochs": result.epochs,
        "best_epoch": result.best_epoch,
        "parameters": result.parameters,
        "seconds": round(result.seconds, 4),
        "counts": {name: count for name, count in snapshot.counts.items() if taught or name != "at_hand"},
    }
    header = CheckpointHeader(
        method=request.method,
        options=dict(request.options),
        backbone=backbone.id,
        fingerprint=backbone.fingerprint,
        embed_dim=backbone.embed_dim,
        logit_scale=backbone.logit_scale,
        classes=tuple((item.name, item.role) for item in snapshot.classes),
        reads=context.engine.predictor.to_keep(dict(zip(snapshot.data.class_names, snapshot.data.reads, strict=True))),
        prompt_template=snapshot.prompt_template,
        metrics=metrics,
        split_hashes=snapshot.digests,
        seen_images=snapshot.seen,
        shots=request.shots,
        seed=request.seed,
        project=context.project.name if context.lasting else None,
        sizes=sizes_of(result.adapter, request.method, request.options),
        temperatures=result.temperatures,
        open_set=result.open_set,
    )
    settings = {
        "options": dict(request.options),
        "recipe": asdict(request.recipe or find_method(request.method).recipe),
        "shots": request.shots,
        "seed": request.seed,
        "device": str(backbone.device),
        "prompt_template": snapshot.prompt_template,
        "split_hashes": snapshot.digests,
        "division": request.division,
        "at_hand": request.at_hand,
    }
    record = {
        "created_at": created,
        "method": request.method,
        "backbone": backbone.id,
        "settings": settings,
        "metrics": {
            **metrics,
            "history": history,
            "answers": answers_json(result.evaluation),
            "measured": measured_json(result, snapshot),
            "left_out": left_out_json(result, snapshot),
            "temperatures": asdict(result.temperatures),
        },
    }
    return header, record


def _open_world(result: TrainingResult, snapshot: Snapshot) -> list[dict[str, Any]]:
    """The new classes as unknown images, a record per score; none without test images of both kinds."""
    from mma_desktop.engine.evaluation.open_world import measure

    try:
        rows = measure(result.adapter, result.open_set, result.temperatures, snapshot.data)
    except ValueError:
        return []
    return [asdict(row) for row in rows]


def with_share(header: CheckpointHeader, result: TrainingResult, data: TrainingData) -> CheckpointHeader:
    """With the share of unknowns among the images without a label, which is the usual one where nothing tells it."""
    from mma_desktop.engine.methods.open_set import MIN_IMAGES, text_margins

    # It matters only where images are predicted without the project, so it is not estimated after every label.
    open_set, open_set_scorer, rows = result.open_set, result.adapter.open_set_scorer, data.unlabelled
    if open_set is None or open_set_scorer is None or rows is None or len(rows) < MIN_IMAGES:
        return header
    images, margins = rows[:, : data.embed_dim], np.full(len(rows), np.nan, np.float32)
    if Role.NEW in data.roles:
        best = (images @ data.text_features.T).argmax(axis=1)
        by_text = np.isin(best, data.classes_of(Role.NEW))
        if open_set.names:
            places = np.searchsorted(data.classes_of(Role.NEW), best[by_text])
            cosines = (images[by_text] * data.text_features[best[by_text]]).sum(axis=1)
            margins[by_text] = open_set.name_margins(cosines, places)
        elif data.background is not None:
            margins[by_text] = text_margins(images[by_text], data.text_features, best[by_text], data.background)
    scores = open_set_scorer.score_rows(rows)
    near = open_set.are_near(scores)
    share = open_set.decide(scores[near], margins[near])[1]
    return replace(header, open_set=replace(open_set, share=round(share.lower_bound, 6), pictures=len(rows)))


def measured_json(result: TrainingResult, snapshot: Snapshot) -> dict[str, list[Any]] | None:
    """Ids, classes, predictions and confidences of the measured images; None of more than `MEASURED_KEPT`."""
    predictions, data = result.predictions, snapshot.data
    if len(predictions.labels) > MEASURED_KEPT:
        return None
    base, new = (data.classes_of(role) for role in (Role.BASE, Role.NEW))
    tested = snapshot.test_ids[np.isin(data.test.labels, base)]
    # Where shots are measured, it is what was said without them.
    of_base = snapshot.shot_ids[result.shot_rows] if result.of_shots else tested
    ids = np.concatenate([of_base, snapshot.test_ids[np.isin(data.test.labels, new)]])
    columns = {"ids": ids.tolist(), "labels": predictions.labels.tolist(), "predicted": predictions.among_all.tolist()}
    return {**columns, "confidence": np.round(predictions.confidence, 4).tolist()}


def left_out_json(result: TrainingResult, snapshot: Snapshot) -> dict[str, dict[str, list[int]]] | None:
    """Of a training in turn, by role: ids, classes and predictions of the shots that were left out, among its names.

    None of more than `MEASURED_KEPT`, and of another training.
    """
    if not result.left_out or any(len(answers.rows) > MEASURED_KEPT for answers in result.left_out.values()):
        return None
    ids, labels = snapshot.shot_ids, snapshot.data.shots.labels
    return {
        role.value: {
            "ids": ids[answers.rows].tolist(),
            "labels": labels[answers.rows].tolist(),
            "predicted": answers.classes.tolist(),
        }
        for role, answers in result.left_out.items()
    }


def run_name(
    request: TrainRequest,
    created: float,
    taken: Collection[str],
    classes: int,
    learned_from: int = 0,
    right: Accuracy | None = None,
    *,
    names: int = 0,
) -> str:
    """The name of a new run: "12 classes, 16 shots, 97% right, 25 Nov 10:31", after its method if not the default.

    That of a kept learning model says "73 labels" instead; see `store_run`. `created` is when the training finished, in
    seconds since 1970, `taken` are the names of the other runs, `classes` is how many were trained, and `right` the
    accuracy among all names. Without trained classes it says that `names` alone were learned from.
    """
    then = time.localtime(created)
    date = tr(
        "{day} {month} {time}",
        day=then.tm_mday,
        month=tr(MONTHS[then.tm_mon - 1]),
        time=f"{then.tm_hour:02}:{then.tm_min:02}",
    )
    shots = tr("{n} shot", "{n} shots", request.shots)
    parts = [tr("{n} class", "{n} classes", classes or names)]
    if not classes:
        parts.insert(0, tr("From names alone"))
    else:
        parts.append(tr("{n} label", "{n} labels", learned_from) if learned_from else shots)
    if right is not None:
        parts.append(tr("{percent:.0f}% right", percent=math.floor(right.percent)))
    parts.append(date)
    if request.method != TrainRequest().method:
        parts.insert(0, tr(find_method(request.method).title))
    return free_name(", ".join(parts), taken)


def free_name(name: str, taken: Collection[str]) -> str:
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(free for free in names if free not in taken)
