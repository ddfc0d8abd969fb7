"""Export the whole classifier of a project's training for other programs."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageSpec
from mma_desktop.media.decoding import decode

if TYPE_CHECKING:
    from mma_desktop.engine.export.model_writer import ExportedModel
    from mma_desktop.services.context import ProjectContext

PICTURES = 32


def export_project_model(
    context: ProjectContext, run_id: int, form: str, out: Path, token: CancelToken
) -> Generator[Progress, None, ExportedModel]:
    """Write the classifier of a run with the project's classes and prompts. Engine lane.

    Loads the backbone a second time, on the CPU, whatever device the window uses.

    Raises:
        UserError: As for `Ranker.export`; also if the checkpoint is gone or the backbone is unavailable.
    """
    from mma_desktop.services.predicting.classifier import load_ranker
    from mma_desktop.services.predicting.model_in_use import Model

    run = context.project.run(run_id)
    checkpoint = context.project.checkpoint_path(run)
    weights = context.weights_file if run.backbone == context.backbone_id else None
    yield Progress(0, None, tr("Loading the model"))
    classifier = load_ranker(Model(checkpoint, weights), "cpu", token)
    yield Progress(0, None, tr("Writing and comparing"))
    pictures = _pictures(context, classifier.image_spec)
    names = {kind.name: kind.reads for kind in context.classes}
    return classifier.export(out, form, names, prompt=context.prompt_template, pictures=pictures, cancel=token)


def _pictures(context: ProjectContext, spec: ImageSpec) -> list[NDArray[np.uint8]]:
    columns = context.index.columns
    ids = columns.ids[columns.usable]
    found = []
    for row in context.project.image_rows(ids[:: max(1, len(ids) // PICTURES)][:PICTURES].tolist()):
        try:
            found.append(decode(row.existing_place(), spec))
        except UserError:
            continue
    return found
