"""Test a single image: its prediction and the most similar labelled images. Engine lane only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Prediction
from mma_desktop.media.decoding import Source
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns
from mma_desktop.services.images.embedding_sort import ranked
from mma_desktop.services.labels.splits import have_prefixes
from mma_desktop.services.predicting import prediction as guessing

NEAREST = 6


class Among(StrEnum):
    """The images that were searched for neighbours.

    Those that the model in use was trained or selected on, or all labelled ones.
    """

    SEEN = "seen"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled image and its cosine with the tested image (-1 to 1)."""

    image_id: int
    class_id: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Tested:
    """Result for a tested image. `nearest` has the most similar first; it may be short or empty."""

    prediction: Prediction
    nearest: tuple[Neighbour, ...]
    among: Among


def examine(
    context: ProjectContext, source: Source, names: ClassNames | None, token: CancelToken, image_id: int | None = None
) -> Tested:
    """Top five classes of an image among names (None: the project's classes), and its nearest examples.

    The image is a file, its bytes, or (h, w, 3) pixels. With `image_id`, it is none of its own neighbours.

    Raises:
        UserError: It cannot be read, there are no classes, or no backbone is loaded.
    """
    features = guessing.row_of(context, source)
    prediction = guessing.picture(context, source, names, features)
    columns = context.index.columns
    mask, among = candidates(context, columns)
    if image_id is not None:
        mask &= columns.ids != image_id
    backbone, _ = context.engine.need()
    ids, cosines = ranked(context, columns, mask, features[0, : backbone.embed_dim], token)
    nearest = ids[:NEAREST]
    class_ids = columns.class_ids[columns.positions(nearest)]
    neighbours = map(Neighbour, nearest.tolist(), class_ids.tolist(), cosines[:NEAREST].tolist())
    return Tested(prediction, tuple(neighbours), among)


def candidates(context: ProjectContext, columns: Columns) -> tuple[NDArray[np.bool_], Among]:
    """Mask over the image index of the images that count as examples, and what they are."""
    labelled = context.classed(columns)
    header = context.engine.header
    if context.engine.adapter is None or header is None or not header.seen_images:
        return labelled, Among.LABELLED
    mask = labelled.copy()
    mask[labelled] = have_prefixes(columns.hashes[labelled], header.seen_images)
    if not mask.any():  # the adapter was trained on other images
        return labelled, Among.LABELLED
    return mask, Among.SEEN
