"""One tested picture: what it is, and the labelled images of the project that are most like it. Engine lane only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Prediction, Use
from mma_desktop.services.image_index import Columns, Ids
from mma_desktop.services.images.similar import CHUNK, embedded_among
from mma_desktop.services.labels.splits import divide
from mma_desktop.services.predicting import prediction as guessing

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

NEAREST = 6
Source = Path | bytes | NDArray[np.uint8]


class Among(StrEnum):
    """What the nearest images were looked for in.

    The shots of the training in use, all images it was trained or selected on, or all labelled images.
    """

    SHOTS = "shots"
    SEEN = "seen"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled image and the cosine of its features with those of the tested picture (-1 to 1)."""

    image_id: int
    class_id: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Tested:
    """What is said of a tested picture; `nearest` are the most alike first, and few or none where few are embedded."""

    prediction: Prediction
    nearest: tuple[Neighbour, ...]
    among: Among


def examine(
    context: ProjectContext,
    source: Source,
    names: Sequence[str] | None,
    token: CancelToken,
    image_id: int | None = None,
) -> Tested:
    """Top five of a picture and its nearest shots.

    Args:
        context: The project.
        source: The picture: a file, its bytes, or (h, w, 3) pixels.
        names: The class names to choose from; the project's classes where it is None.
        token: Stops it.
        image_id: The picture is this image of the project, which is then not its own neighbour.

    Raises:
        UserError: It cannot be read, there are no classes, or no backbone is loaded.
        Cancelled: `token` was set.
    """
    features = guessing.encode(context, source)
    prediction = guessing.picture(context, source, names, features)
    columns = context.index.columns
    mask, among = candidates(context, columns)
    if image_id is not None:
        mask &= columns.ids != image_id
    return Tested(prediction, _nearest(context, columns, mask, features[0], token), among)


def candidates(context: ProjectContext, columns: Columns) -> tuple[NDArray[np.bool_], Among]:
    """Which images (a mask over the catalogue) count as shots, and what they are.

    An adapter knows the images it was trained or selected on, and by a digest which of them were its shots. Where
    labels were changed since, its shots cannot be told from its validation images any more, and both are taken.
    """
    labelled = columns.labelled & columns.usable
    header = context.engine.header
    if context.engine.adapter is None or header is None or not header.seen_images:
        return labelled, Among.LABELLED
    where = np.flatnonzero(labelled)
    roles = {one.id: one.role for one in context.classes}
    hashes = columns.hashes[where]
    split = divide(columns.class_ids[where], columns.uses[where], hashes, roles, header.shots, header.seed)
    mask = np.zeros(len(columns.ids), bool)
    if split.digests(hashes)[Use.SHOT.value] == header.split_hashes.get(Use.SHOT.value):
        mask[where[split.shots]] = True
        return mask, Among.SHOTS
    mask[where] = np.isin(_beginnings(hashes), np.array([int(one, 16) for one in header.seen_images], np.uint64))
    if not mask.any():  # an adapter that was trained on other pictures
        return labelled, Among.LABELLED
    return mask, Among.SEEN


def _beginnings(hashes: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """First 8 bytes of each content hash as a number, as `CheckpointHeader.seen_images` keeps them in digits."""
    raw = np.frombuffer(hashes.astype("S32").tobytes(), np.uint8).reshape(-1, 32)
    first: NDArray[np.uint64] = np.ascontiguousarray(raw[:, :8]).view(">u8")[:, 0].astype(np.uint64)
    return first


def _nearest(
    context: ProjectContext,
    columns: Columns,
    mask: NDArray[np.bool_],
    features: NDArray[np.float32],
    token: CancelToken,
) -> tuple[Neighbour, ...]:
    _, cache = context.engine.need()
    where: Ids = embedded_among(context, columns, mask)
    cosines = np.empty(len(where), np.float32)
    for start in range(0, len(where), CHUNK):
        token.raise_if_cancelled()
        part = slice(start, start + CHUNK)
        cosines[part] = cache.gather(columns.hashes[where[part]]) @ features[: cache.embed_dim]
    best = np.argsort(-cosines, kind="stable")[:NEAREST]
    return tuple(
        Neighbour(int(columns.ids[where[at]]), int(columns.class_ids[where[at]]), float(cosines[at])) for at in best
    )
