"""Choose a data set's shots, validation images and test images by seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.types import Role
from mma_desktop.services.labels.splits import Ids, Split, divide, in_order


def draw(labels: Ids, parts: NDArray[np.str_], keys: NDArray[np.bytes_], base: int, shots: int, seed: int) -> Split:
    """Draw at most `shots` images of each base class; the base classes are 0 to `base` - 1.

    If the data set is already split, the split is kept: shots are drawn from "train", at most as many validation images
    from "val", and all of "test" is tested. Otherwise (all parts are "") it is divided like a project's labels. Images
    of new classes are never used for training or model selection.

    Args:
        labels: (N,) class of each image.
        parts: (N,) "train", "val" and "test", or all "".
        keys: (N,) unique key of each image; key and seed determine the order.
        base: Number of base classes.
        shots: Shots per class.
        seed: Determines the order of the images.
    """
    if not parts.any():
        roles = {label: Role.BASE if label < base else Role.NEW for label in np.unique(labels).tolist()}
        return divide(labels, np.full(len(labels), -1, np.int8), keys, roles, shots, seed)

    def some(part: str) -> Ids:
        rows = [np.flatnonzero((parts == part) & (labels == label)) for label in range(base)]
        return np.sort(np.concatenate([in_order(one, keys, seed)[:shots] for one in rows])).astype(np.int64)

    return Split(some("train"), some("val"), np.flatnonzero(parts == "test").astype(np.int64))
