"""Similarity of a project's images: to others or a text, typicality, examples near a tested image. Engine lane only.

Typicality follows TypiClust (Hacohen, Dekel and Weinshall, "Active Learning on a Budget", ICML 2022, equation 1), with
the cosine instead of the inverse distance, among the images of the same label or prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Prediction
from mma_desktop.media.decoding import Source
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import BY_FEATURES, Columns, Filter, Floats, Ids, Order, reordered
from mma_desktop.services.labels.splits import have_prefixes
from mma_desktop.services.predicting import prediction as guessing

if TYPE_CHECKING:
    from mma_desktop.engine.features.extraction import Cache


NEIGHBOURS = 20  # K, as in TypiClust
REFERENCES = 1_024  # size of the random subset in which neighbours are searched in larger classes
BLOCK = 2_048  # rows at a time: 8 MB of cosines


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


def ordered(context: ProjectContext, query: Filter, token: CancelToken) -> Ids:
    """The images a filter shows, in one of the orders `BY_FEATURES`; images without features come last.

    Raises:
        UserError: No image model is loaded.
    """
    if query.order not in BY_FEATURES:
        raise ValueError(f"{query.order} is not an order over the embeddings")
    shown = context.select(Filter(query.show, query.class_id, Order.ADDED, query.text))
    ids, scores = typicality_of(context, token)
    sign = np.float32(1.0 if query.order is Order.OUTLIERS else -1.0)
    return reordered(shown, ids[np.argsort(sign * scores, kind="stable")])


@graph.derived(graph.rows, graph.shown)
def typicality_of(context: ProjectContext, token: CancelToken) -> tuple[Ids, Floats]:
    """Ids (N,) of the embedded images, ascending, and the typicality (N,) of each, a mean cosine."""
    # It follows from the classes at that time: a label alone changes nothing.
    _, cache = context.engine.need()
    columns, predictions = context.index.columns, context.predictions
    where = context.embedded(columns, columns.usable)
    classes = columns.class_ids[where]
    if predictions is not None and len(predictions.image_ids):
        at = predictions.positions(columns.ids[where])
        classes = np.where((classes < 0) & (at >= 0), predictions.best_class[at], classes)
    rng = np.random.default_rng(0)
    out = np.zeros(len(where), np.float32)
    for class_id in np.unique(classes):
        members = np.flatnonzero(classes == class_id)
        out[members] = typicality(cache, columns.hashes[where[members]], rng, token)
    return columns.ids[where], out


def typicality(cache: Cache, hashes: NDArray[np.bytes_], rng: np.random.Generator, token: CancelToken) -> Floats:
    """(N,) mean cosine of each image of a class with its nearest min(K, N - 1) neighbours in it; 0 if alone."""
    count = len(hashes)
    among = np.arange(count) if count <= REFERENCES else np.sort(rng.choice(count, REFERENCES, replace=False))
    neighbours = min(NEIGHBOURS, len(among) - 1)
    out = np.zeros(count, np.float32)
    if neighbours < 1:
        return out
    references = np.ascontiguousarray(cache.gather(hashes[among]).T)
    reference_of = np.full(count, -1, np.int64)
    reference_of[among] = np.arange(len(among))
    for part in token.slices(count, BLOCK):
        cosines = cache.gather(hashes[part]) @ references
        itself = np.flatnonzero(reference_of[part] >= 0)
        cosines[itself, reference_of[part][itself]] = -np.inf
        out[part] = np.partition(cosines, -neighbours, axis=1)[:, -neighbours:].mean(1)
    return out


NEAREST = 6  # examples, which fit in a row of the page Use


class Among(StrEnum):
    """The images that were searched for neighbours: those the model was trained or selected on, or all labelled."""

    SEEN = "seen"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled image and its cosine with the tested image (-1 to 1)."""

    image_id: int
    class_id: int
    similarity: float


@dataclass(frozen=True, slots=True)
class ExaminedImage:
    """Result for a tested image. `nearest` has the most similar first; it may be short or empty."""

    prediction: Prediction
    nearest: tuple[Neighbour, ...]
    among: Among


def examine_image(
    context: ProjectContext, source: Source, names: ClassNames | None, token: CancelToken, image_id: int | None = None
) -> ExaminedImage:
    """Top five classes of an image among names (None: the project's classes), and its nearest examples.

    The image is a file, its bytes, or (h, w, 3) pixels. With `image_id`, it is none of its own neighbours.

    Raises:
        UserError: It cannot be read, there are no classes, or no backbone is loaded.
    """
    features = guessing.row_of(context, source)
    prediction = guessing.predict_image(context, source, names, features)
    columns = context.index.columns
    mask, among = example_mask(context, columns)
    if image_id is not None:
        mask &= columns.ids != image_id
    backbone, _ = context.engine.need()
    ids, cosines = ranked(context, columns, mask, features[0, : backbone.embed_dim], token)
    nearest = ids[:NEAREST]
    class_ids = columns.class_ids[columns.positions(nearest)]
    neighbours = map(Neighbour, nearest.tolist(), class_ids.tolist(), cosines[:NEAREST].tolist())
    return ExaminedImage(prediction, tuple(neighbours), among)


def example_mask(context: ProjectContext, columns: Columns) -> tuple[NDArray[np.bool_], Among]:
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
