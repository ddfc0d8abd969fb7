"""Export a project's embeddings as one feature file, for `mma-desktop benchmark` and other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import check_writable
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Written
from mma_desktop.services.image_index import Columns, Ids, indices_in
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.training.snapshot import divided
from mma_desktop.version import __version__

PARTS = ("train", "val", "test")
REST = "unlabelled"


def export_features(context: ProjectContext, out: Path, request: TrainRequest, token: CancelToken) -> Written:
    """Encode images without features, then write the whole rows of all usable images. Engine lane.

    Base classes come first, because a benchmark takes the first classes as base. In addition to the content described
    in `feature_file`, the file holds `unlabelled_features`, `…_sha256` (N, 32) uint8 for each part (the images' content
    hashes), and, in its metadata, roles, backbone, fingerprint, prompt template, shots and seed. The shots and the seed
    of `request` determine the parts, as in a training.

    Raises:
        UserError: There are fewer than two classes or no labelled image, or the backbone is unavailable.
    """
    _refuse_empty(context)
    check_writable(out)
    for message in model_in_use.prepare(context, token, None, request.device, request.weights_file):
        token.checkpoint(Progress(0, None, message))
    embed_images(context, None, token)
    _refuse_empty(context)
    classes = sorted(context.classes, key=lambda item: item.role is Role.NEW)
    columns = context.index.columns
    rows = _rows(context, columns, classes, request)
    token.checkpoint(Progress(0, None, tr("Writing the features")))
    _write(context, out, columns, classes, rows, request)
    counts = {part: len(at) for part, at in rows.items()}
    return Written(out, _sentence(out, counts))


def _refuse_empty(context: ProjectContext) -> None:
    columns = context.index.columns
    if len(context.classes) < 2:
        raise UserError.tr("A feature file needs at least two classes. Add another class first; nothing was written.")
    if not context.classed(columns).any():
        raise UserError.tr("No picture is labelled yet. Label some pictures first; nothing was written.")


def _rows(
    context: ProjectContext, columns: Columns, classes: list[ImageClass], request: TrainRequest
) -> dict[str, Ids]:
    """Positions of each part's images. Images added since the embedding, which have no features, are left out."""
    labelled, split = divided(context, columns, classes, request)
    found = {part: labelled[where] for part, where in zip(PARTS, split.parts, strict=True)}
    free = np.flatnonzero(columns.usable & ~columns.labelled)
    found[REST] = free[np.argsort(columns.hashes[free], kind="stable")]  # as the others are
    return {part: at[context.engine.embedded(columns.hashes[at])] for part, at in found.items()}


def _write(
    context: ProjectContext,
    out: Path,
    columns: Columns,
    classes: list[ImageClass],
    rows: dict[str, Ids],
    request: TrainRequest,
) -> None:
    from mma_desktop.engine.features.feature_file import write_feature_file
    from mma_desktop.engine.training_data import FeatureSet

    backbone, cache = context.engine.need()
    class_ids = [item.id for item in classes]
    hashes = {part: columns.hashes[at] for part, at in rows.items()}
    parts = {
        part: FeatureSet(cache.gather_rows(hashes[part]), indices_in(class_ids, columns.class_ids[rows[part]]))
        for part in PARTS
    }
    more: dict[str, NDArray[Any]] = {
        f"{part}_sha256": of_part.astype("S32").view(np.uint8).reshape(-1, 32) for part, of_part in hashes.items()
    }
    more[f"{REST}_features"] = cache.gather_rows(hashes[REST])
    about = {
        "roles": json.dumps([item.role.value for item in classes]),
        "backbone": backbone.id,
        "fingerprint": backbone.fingerprint,
        "prompt_template": context.prompt_template,
        "shots": str(request.shots),
        "seed": str(request.seed),
        "project": context.project.name,
        "app_version": __version__,
    }
    names = [item.name for item in classes]
    texts = context.engine.predictor.texts(names, context.prompt_template)
    write_feature_file(out, names, texts, parts, backbone.logit_scale, layout=backbone.layout, more=more, about=about)


def _sentence(out: Path, counts: dict[str, int]) -> str:
    words = tr(
        "{file} has the features of {n} picture for training, {validation:,} for validation, "
        "{testing:,} for testing and {unlabelled:,} without a label.",
        "{file} has the features of {n} pictures for training, {validation:,} for validation, "
        "{testing:,} for testing and {unlabelled:,} without a label.",
        counts["train"],
        file=out,
        validation=counts["val"],
        testing=counts["test"],
        unlabelled=counts[REST],
    )
    if not counts["train"]:
        words += " " + tr("A benchmark needs pictures for training: label more.")
    elif not counts["test"]:
        words += " " + tr("A benchmark needs pictures for testing: label more.")
    return words
