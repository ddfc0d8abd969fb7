"""Search and orders over the embeddings: similarity to images or a text, and typicality. Engine lane only.

Typicality follows TypiClust (Hacohen, Dekel and Weinshall, "Active Learning on a Budget", ICML 2022, equation 1), with
the cosine instead of the inverse distance: the mean cosine of an image with its nearest neighbours among the images of
its own class, which is its label or, without a label, its prediction. Images with neither are compared with each other.
In a large class, neighbours are searched in a fixed random subset, so that the work grows linearly with the number of
images, not quadratically.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import BY_FEATURES, Columns, Filter, Floats, Ids, Order, reordered

if TYPE_CHECKING:
    from mma_desktop.engine.features.extraction import Cache

NEIGHBOURS = 20  # K, as in TypiClust
REFERENCES = 1_024  # size of the random subset in which neighbours are searched in larger classes
BLOCK = 2_048


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
    """Ids (N,) of the embedded images, ascending, and the typicality (N,) of each, a mean cosine.

    It follows from the classes at that time: a label alone changes nothing.
    """
    _, cache = context.engine.need()
    columns, guesses = context.index.columns, context.guesses
    where = context.embedded(columns, columns.usable)
    classes = columns.class_ids[where]
    if guesses is not None and len(guesses.image_ids):
        at = guesses.positions(columns.ids[where])
        classes = np.where((classes < 0) & (at >= 0), guesses.best_class[at], classes)
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
    own = np.full(count, -1, np.int64)
    own[among] = np.arange(len(among))
    for part in token.slices(count, BLOCK):
        cosines = cache.gather(hashes[part]) @ references
        itself = np.flatnonzero(own[part] >= 0)
        cosines[itself, own[part][itself]] = -np.inf
        out[part] = np.partition(cosines, -neighbours, axis=1)[:, -neighbours:].mean(1)
    return out
