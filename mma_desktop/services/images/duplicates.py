"""Find near duplicates (the same image resized or recompressed) by thumbnail. Media lane; needs no backbone.

Each image is reduced to 16 x 16 colours. Two count as the same image if their shapes agree, the brightness of their
cells correlates and their colours hardly differ. An image of a single colour has nothing to compare and is no
duplicate.
"""

from __future__ import annotations

import os
from collections import defaultdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import thread_pool
from mma_desktop.core.types import ImageRow
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Floats, Ids

Cells = NDArray[np.uint8]

SIDE = 16  # by SIDE cells are compared
CORRELATION = 0.97  # minimum, of the cells' brightness; copies of photographs reach 0.99 and more
DIFFERENCE = 8.0  # maximum RMS over cells and colours, in levels of 255; copies reach at most 6.5
SHAPE = 0.05  # maximum difference of log(width / height): a small copy's sides are rounded
FLAT = 1.0  # standard deviation of brightness, in levels; flatter images are not compared
READ_AT_ONCE = 512  # thumbnails, 100 MB
BLOCK = 2_048  # signatures compared at a time: 16 MB of cosines
CONFIRM_AT_ONCE = 16_384  # pairs, 50 MB of colours
IMAGE_SIDE = 256  # pixels, as thumbnails have


class Signatures:
    """Signatures by content hash, kept in memory (about 1 kB each) so that a second search reads no files."""

    def __init__(self) -> None:
        self.known: dict[bytes, tuple[Cells, float]] = {}
        """(SIDE, SIDE, 3) colours of an image, and the logarithm of its width by its height."""

    def add(self, context: ProjectContext, row: ImageRow, *, cached: bool) -> None:
        """Make an image known unless it is unavailable, or has no thumbnail if `cached`."""
        if row.content_hash is None or row.problem is not None:
            return
        if cached and context.thumbnails is not None:
            image = context.thumbnails.load(row.content_hash)
        else:
            image = context.small_image(row, IMAGE_SIDE)
        if image is not None:
            key = row.content_hash.rstrip(b"\0")  # as NumPy has it
            self.known[key] = signature(image), float(np.log(row.width / row.height))


def signature(image: NDArray[np.uint8]) -> Cells:
    """Mean colours of SIDE x SIDE cells of an image (h, w, 3), each exactly (h / SIDE, w / SIDE) pixels."""
    height, width = image.shape[:2]
    # Columns first: each product is small enough that BLAS starts no threads, which would spin beside those reading.
    columns = _cell_weights(width) @ image.astype(np.float32)
    means = _cell_weights(height) @ columns.reshape(height, -1)
    cells: Cells = np.rint(means).astype(np.uint8).reshape(SIDE, SIDE, 3)
    return cells


@lru_cache(maxsize=64)
def _cell_weights(length: int) -> Floats:
    """(SIDE, length) the share of each pixel in each of SIDE equal parts; one on a border is shared proportionally."""
    edges = np.arange(SIDE + 1) * (length / SIDE)
    pixels = np.arange(length)
    inside = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights: Floats = (inside.clip(0) * (SIDE / length)).astype(np.float32)
    return weights


def near_duplicates(
    context: ProjectContext, token: CancelToken, ids: Ids | None = None, *, cached: bool = False
) -> list[tuple[int, ...]]:
    """Groups of near duplicates among all images, or among `ids`; in each, the one with the most pixels comes first.

    With `cached`, images without a thumbnail are left out where the project has thumbnails, so that none is decoded.
    """
    # Quadratic: 100,000 take about half a minute once their thumbnails have been read.
    columns = context.index.columns
    wanted = columns.usable if ids is None else columns.usable & np.isin(columns.ids, ids)
    available, cells, shapes = _read(context, columns, np.flatnonzero(wanted), token, cached)
    numbers = same_images(cells, shapes, token)
    groups: defaultdict[int, list[ImageRow]] = defaultdict(list)
    several = np.bincount(numbers)[numbers] > 1
    number_of = dict(zip(columns.ids[available[several]].tolist(), numbers[several].tolist(), strict=True))
    for row in context.project.image_rows([*number_of]):  # without those that were removed meanwhile
        groups[number_of[row.id]].append(row)
    return [
        tuple(row.id for row in sorted(group, key=lambda row: (-row.width * row.height, -row.size)))
        for group in groups.values()
        if len(group) > 1
    ]


def copies_among(context: ProjectContext, token: CancelToken, ids: Ids, *, cached: bool = False) -> Ids:
    """(N,) for each of these images a number that it shares with near duplicates of it; see `near_duplicates`."""
    groups = near_duplicates(context, token, ids, cached=cached)
    numbers: Ids = np.arange(len(ids))
    for group in groups:
        of_group = np.isin(ids, group)
        numbers[of_group] = numbers[of_group].min()
    return numbers


def _read(
    context: ProjectContext, columns: Columns, where: Ids, token: CancelToken, cached: bool
) -> tuple[Ids, Cells, Floats]:
    """Of these positions in `columns` those whose image is available, with their signatures and shapes (N,)."""
    signatures, hashes = context.state_of(Signatures), columns.hashes[where].tolist()
    new = [at for at, content_hash in zip(where.tolist(), hashes, strict=True) if content_hash not in signatures.known]
    with thread_pool(os.cpu_count() or 1, "mma-signature") as pool:
        for start in range(0, len(new), READ_AT_ONCE):
            token.raise_if_cancelled()
            batch = context.project.image_rows(columns.ids[new[start : start + READ_AT_ONCE]].tolist())
            each = map if cached else pool.map  # after every label: threads would take longer than what they read
            for _ in each(lambda row: signatures.add(context, row, cached=cached), batch):
                token.raise_if_cancelled()
            token.checkpoint(Progress(min(start + READ_AT_ONCE, len(new)), len(new), tr("Looking at pictures")))
    here = [at for at, content_hash in enumerate(hashes) if content_hash in signatures.known]
    known = [signatures.known[hashes[at]] for at in here]
    cells = np.array([pixels for pixels, _ in known], np.uint8).reshape(-1, SIDE, SIDE, 3)
    return where[here], cells, np.array([shape for _, shape in known], np.float32)


def same_images(cells: Cells, shapes: Floats, token: CancelToken) -> Ids:
    """For each of N signatures a number that it shares with the same images; `shapes` (N,) are log aspect ratios."""
    count = len(cells)
    colours = cells.reshape(count, SIDE * SIDE * 3)  # reshape cannot infer -1 for zero images
    grey = _normalised(cells, token)
    groups: Ids = np.arange(count)
    starts = range(0, count, BLOCK)
    total, done = len(starts) * (len(starts) + 1) // 2, 0
    for first in starts:
        for second in range(first, count, BLOCK):
            token.raise_if_cancelled()
            cosines = grey[first : first + BLOCK] @ grey[second : second + BLOCK].T
            left, right = np.nonzero(cosines >= CORRELATION)
            left, right = left + first, right + second
            alike = (left < right) & (np.abs(shapes[left] - shapes[right]) <= SHAPE)
            groups = _merged_groups(groups, colours, left[alike], right[alike], token)
            done += 1
        token.checkpoint(Progress(done, total, tr("Comparing pictures")))
    return groups


def _normalised(cells: Cells, token: CancelToken) -> Floats:
    """(N, SIDE * SIDE) brightness, centred and of length 1, so that a dot product is a correlation; flat rows are 0."""
    out = np.empty((len(cells), SIDE * SIDE), np.float32)
    for part in token.slices(len(cells), BLOCK):
        grey = cells[part].reshape(-1, SIDE * SIDE, 3).astype(np.float32).mean(2)
        grey -= grey.mean(1, keepdims=True)
        lengths = np.linalg.norm(grey, axis=1, keepdims=True)
        out[part] = np.where(lengths < FLAT * SIDE, 0, grey / np.maximum(lengths, 1e-6))
    return out


def _merged_groups(groups: Ids, colours: Cells, left: Ids, right: Ids, token: CancelToken) -> Ids:
    """The groups (N,), with pairs joined whose colours agree; pairs of one group already are not compared."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    for part in token.slices(len(left), CONFIRM_AT_ONCE):
        a, b = left[part], right[part]
        apart = groups[a] != groups[b]
        a, b = a[apart], b[apart]
        difference = colours[a].astype(np.float32) - colours[b]
        close = np.sqrt(np.square(difference).mean(1)) <= DIFFERENCE
        if close.any():
            edges = groups[a[close]], groups[b[close]]
            graph = coo_array((np.ones(len(edges[0])), edges), shape=(len(groups), len(groups)))
            groups = connected_components(graph, directed=False)[1][groups].astype(np.int64)
    return groups
