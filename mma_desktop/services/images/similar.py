"""Similarity search over the cached embeddings, by images or by text. Engine lane only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Floats, Ids


def more_like(context: ProjectContext, image_ids: Sequence[int], token: CancelToken) -> tuple[Ids, Floats]:
    """All other embedded images by cosine with the mean of the examples, most similar first.

    Returns:
        Image ids (N,) without the examples, and cosines (N,), descending.

    Raises:
        UserError: None of the examples has features.
    """
    backbone, _ = context.engine.need()
    columns = context.index.columns
    given = np.isin(columns.ids, np.asarray(image_ids, np.int64))
    examples = context.embedded(columns, columns.usable & given)
    if not len(examples):
        raise UserError.tr("These pictures were not looked at yet. Wait until they are, then look again.")
    mean = np.zeros(backbone.embed_dim, np.float32)
    for _, features in context.engine.blocks(columns.hashes[examples], token, whole=False):
        mean += features.sum(0)
    return ranked(context, columns, columns.usable & ~given, mean, token)


def search_text(context: ProjectContext, text: str, token: CancelToken) -> tuple[Ids, Floats]:
    """All embedded images by cosine with a text in the project's prompt template.

    Unlike in `rank`, the text does not compete with class names: an image similar to two texts is found by both.

    Returns:
        Image ids (N,) and cosines (N,), descending.

    Raises:
        UserError: The text is empty, or no backbone is loaded.
    """
    clean = " ".join(text.split())
    if not clean:
        raise UserError.tr("Type what to look for.")
    vector = context.engine.predictor.texts([clean], context.prompt_template)[0]
    columns = context.index.columns
    return ranked(context, columns, columns.usable, vector, token)


def ranked(
    context: ProjectContext, columns: Columns, mask: NDArray[np.bool_], vector: Floats, token: CancelToken
) -> tuple[Ids, Floats]:
    """Ids and cosines of the masked images with features, by descending cosine with a vector (D,) of any length."""
    where = context.embedded(columns, mask)
    direction = vector / max(float(np.linalg.norm(vector)), 1e-12)
    cosines = np.empty(len(where), np.float32)
    for part, features in context.engine.blocks(columns.hashes[where], token, whole=False):
        cosines[part] = features @ direction
    order = np.argsort(-cosines, kind="stable")
    return columns.ids[where[order]], cosines[order]
