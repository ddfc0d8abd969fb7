"""Train, evaluate and predict with a project that was made in the window, without a window."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.paths import temporary_folder
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.batch.headless import HeadlessReport, measure, refuse_backbone, train_in
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.labels.splits import have_prefixes
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.predicting.model_in_use import Model, prepare
from mma_desktop.services.predicting.none_of_these import none_weight
from mma_desktop.services.project_factory import given_project, open_project, project_folder
from mma_desktop.services.serialization import evaluation_from
from mma_desktop.services.training import learning
from mma_desktop.services.training.project_training import embed_needed
from mma_desktop.services.training.run_writer import with_share


@contextmanager
def opened(folder: Path) -> Iterator[ProjectContext]:
    """An open project, with or without its suffix, which predicts as its window does.

    Raises UserError if it is no project, damaged, newer, or open elsewhere.
    """
    context = open_project(project_folder(folder))
    try:
        context.learns = True
        yield context
    finally:
        context.close()


@contextmanager
def given_model(
    path: Path,
    device: str,
    weights_file: Path | None,
    token: CancelToken,
) -> Iterator[Model]:
    """The model of an adapter file, or of a project as `model_file` finds it, whose file may be temporary."""
    folder = given_project(path)
    if folder is None:
        yield Model(path, weights_file)
        return
    with tempfile.TemporaryDirectory(prefix="mma-desktop-", dir=temporary_folder()) as scratch:
        with opened(folder) as context:
            out = Path(scratch) / f"{context.project.name}.safetensors"
            model = model_file(context, out, device, weights_file, token)
        yield model


def train_project(
    context: ProjectContext, out: Path | None, request: TrainRequest, token: CancelToken, *, in_turn: bool = False
) -> HeadlessReport:
    """Train on a project as its window does, store the run in it, and write the adapter to `out`, if given.

    Labels, uses, roles, prompts and what the model reads are the project's. The run becomes the one in use, unless it
    has another backbone than the project. `in_turn` is as for `train_in`.

    Raises:
        UserError: The labels, method or backbone are unsuitable, or `out` cannot be written.
    """
    refuse_backbone(request.backbone, weights_for(context, request.backbone, request.weights_file))
    messages = prepare(context, token, request.backbone, request.device, request.weights_file)
    return train_in(context, out, request, token, messages, in_turn=in_turn)


def evaluate_project(
    context: ProjectContext,
    adapter_file: Path,
    device: str,
    weights_file: Path | None,
    token: CancelToken,
    report_file: Path | None = None,
    *,
    own: bool,
) -> HeadlessReport:
    """Measure an adapter on the labelled images of a project, which is not changed; see `headless.evaluate`.

    Without a weights file the project's is used, as `weights_for` says. If the adapter is the project's `own` model and
    was trained on every labelled image, its stored evaluation is the result.

    Raises:
        UserError: The checkpoint, labels or backbone are unsuitable, or the report cannot be written.
    """
    from mma_desktop.engine.checkpoint import load

    loaded = load(adapter_file)
    header = loaded[1]
    refuse_backbone(header.backbone, weights_for(context, header.backbone, weights_file))
    columns = context.index.columns
    labelled = context.classed(columns)
    if not labelled.any():
        raise UserError(f"No picture in {context.project.folder} has a label, so there is nothing to measure.")
    title = f"{context.project.name}: {adapter_file.stem}"
    if own and have_prefixes(columns.hashes[labelled], header.seen_images).all():
        known = evaluation_from(header.metrics)
        return measure(context, header, title, token, report_file, (), known=known)
    started = time.monotonic()
    messages = prepare(context, token, header.backbone, device, weights_file)
    context.engine.use(adapter_file, loaded)
    embed_images(context, columns.ids[labelled], token)
    return measure(context, header, title, token, report_file, messages, time.monotonic() - started)


def model_file(context: ProjectContext, out: Path, device: str, weights_file: Path | None, token: CancelToken) -> Model:
    """The model that a project predicts with: the run in use, or the learning model, which is written to `out`.

    Nothing is stored in the project. Without a weights file, the one that it was set up with is used.

    Raises:
        UserError: There is no model, or the backbone is unavailable.
    """
    from mma_desktop.engine import checkpoint

    weights_file = weights_file or context.weights_file

    def found(adapter: Path, messages: Sequence[str] = ()) -> Model:
        run = next((run.name for run in runs if context.project.checkpoint_path(run) == adapter), "")
        names = {kind.name: kind.reads for kind in context.classes}
        weight = none_weight(context)
        return Model(adapter, weights_file, context.project.folder, names, run, tuple(messages), weight)

    runs = context.project.runs()
    run = next((run for run in runs if run.id == context.current_run and run.backbone == context.backbone_id), None)
    if run is not None and context.project.checkpoint_path(run).is_file():
        return found(context.project.checkpoint_path(run))
    if not (context.index.columns.usable.any() and len(context.classes) > 1) and not runs:
        raise UserError(learning.NO_MODEL)
    notes = _prepare(context, device, weights_file, token)
    heard = context.engine.need()[0].messages  # whoever uses the model loads the backbone again, and hears these then
    messages = [text for text in notes if text not in heard]
    engine, learned = context.engine, learning.current(context)
    if engine.adapter_file is not None:
        return found(engine.adapter_file, messages)
    if learned is None:
        raise UserError("\n".join([*messages, learning.NO_MODEL]))
    fit = learning.balanced(context, learned, token)
    adapter, header = fit.predictor.need_adapter()
    checkpoint.save(out, adapter, with_share(header, fit.result, fit.snapshot.data))
    return found(out, messages)


def _prepare(context: ProjectContext, device: str, weights_file: Path | None, token: CancelToken) -> list[str]:
    """Load the backbone and the model of a project, which may learn from the labels first; return messages."""
    messages = prepare(context, token, context.backbone_id, device, weights_file)
    if context.engine.adapter is None and context.learns:
        embed_needed(context, token, at_hand=True)
        token.checkpoint(Progress(0, None, "Learning"))
        learning.learn(context, token)
        if context.engine.adapter is None:  # too few labels; an earlier training may still exist
            context.learns = False
            messages += model_in_use.restore_adapter(context)
    return messages


def predict_all(context: ProjectContext, device: str, weights_file: Path | None, token: CancelToken) -> list[str]:
    """Predict every image of a project with its model, or zero-shot; returns messages. UserError without a backbone."""
    messages = _prepare(context, device, weights_file, token)
    embed_images(context, None, token)
    learning.follow_edits(context, token.quiet())
    return messages


def weights_for(context: ProjectContext, backbone: str, weights_file: Path | None) -> Path | None:
    """The weights file for an adapter's backbone: the given one, or the project's if it has the same backbone."""
    return context.weights_file if weights_file is None and backbone == context.backbone_id else weights_file


def images_of(context: ProjectContext, *, labelled: bool) -> list[Path]:
    """The images of a project, without those that have a label unless `labelled`; UserError if there are none."""
    columns = context.index.columns
    wanted = columns.usable if labelled else columns.usable & ~columns.labelled
    if not wanted.any():
        place = context.project.folder
        if np.any(columns.usable):
            raise UserError(f"Every picture in {place} has a label. Add --all to predict these as well.")
        raise UserError(f"There are no pictures in {place}.")
    return [row.existing_place() for row in context.project.image_rows(columns.ids[wanted].tolist())]
