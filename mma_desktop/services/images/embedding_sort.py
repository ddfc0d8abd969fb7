"""Orders over the embeddings: similarity to chosen images, and typicality within a class. Engine lane only.

Typicality follows TypiClust (Hacohen, Dekel and Weinshall, "Active Learning on a Budget", ICML 2022, equation 1), with
the cosine instead of the inverse distance: the mean cosine of an image with its nearest neighbours among the images of
its own class, which is its label or, without a label, its prediction. Images with neither are compared with each other.
In a large class, neighbours are searched in a fixed random subset, so that the work grows linearly with the number of
images, not quadratically.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import BY_FEATURES, Columns, Filter, Floats, Guesses, Ids, Order, reordered
from mma_desktop.services.images.similar import more_like

if TYPE_CHECKING:
    from mma_desktop.engine.features.feature_cache import FeatureCache

NEIGHBOURS = 20  # K, as in TypiClust
REFERENCES = 1_024  # size of the random subset in which neighbours are searched in larger classes
BLOCK = 2_048


def ordered(context: ProjectContext, query: Filter, token: CancelToken) -> Ids:
    """The images a filter shows, in one of the orders `BY_FEATURES`; images without features come last.

    For SIMILAR, the visible anchors come first.

    Raises:
        UserError: No image model is loaded, or none of the anchors has features.
    """
    if query.order not in BY_FEATURES:
        raise ValueError(f"{query.order} is not an order over the embeddings")
    shown = context.select(Filter(query.show, query.class_id, Order.ADDED, query.text))
    if query.order is Order.SIMILAR:
        alike, _ = more_like(context, query.anchors, token)
        ranked: Ids = np.concatenate([np.asarray(query.anchors, np.int64), alike])
    else:
        ids, scores = context.state_of(Typicality).of(context, token)
        sign = np.float32(1.0 if query.order is Order.OUTLIERS else -1.0)
        ranked = ids[np.argsort(sign * scores, kind="stable")]
    return reordered(shown, ranked)


class Typicality:
    """Computes the typicality of every embedded image, and caches it until the embeddings or predictions change.

    A label alone does not invalidate it: the cached scores use the classes at the time they were computed.
    """

    def __init__(self) -> None:
        self._for: tuple[object, object, int, int] = (None, None, 0, 0)
        self._scored: tuple[Ids, Floats] | None = None

    def of(self, context: ProjectContext, token: CancelToken) -> tuple[Ids, Floats]:
        """Image ids (N,), ascending, and the typicality (N,) of each, a mean cosine."""
        _, cache = context.engine.need()
        columns, guesses = context.index.columns, context.guesses
        before, sizes = self._for, (len(cache), len(columns.ids))
        if self._scored is None or before[0] is not cache or before[1] is not guesses or before[2:] != sizes:
            self._scored = _score(context, cache, columns, guesses, token)
            self._for = (cache, guesses, *sizes)
        return self._scored


def _score(
    context: ProjectContext, cache: FeatureCache, columns: Columns, guesses: Guesses | None, token: CancelToken
) -> tuple[Ids, Floats]:
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


def typicality(cache: FeatureCache, hashes: NDArray[np.bytes_], rng: np.random.Generator, token: CancelToken) -> Floats:
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
