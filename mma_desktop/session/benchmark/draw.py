"""Which images of a data set are shots, validation and test, by seed."""

from __future__ import annotations

import hashlib
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class Drawn(NamedTuple):
    """Rows of a data set by use, each sorted."""

    shots: Ids
    validation: Ids
    test: Ids


def base_count(classes: int, fraction: float) -> int:
    """How many of the classes are base: the fraction, rounded up, as CoOp does (and at least two)."""
    return min(classes, max(2, math.ceil(fraction * classes - 1e-9)))


def draw(labels: Ids, parts: NDArray[np.str_], keys: NDArray[np.bytes_], base: int, shots: int, seed: int) -> Drawn:
    """Draw at most `shots` images of each base class, the classes 0 to `base` - 1.

    A data set that comes divided keeps its division: shots are drawn from "train", as many validation images at most
    from "val", and all of "test" is tested. One that does not (parts "") is divided as `session.splits.divide` does:
    validation is as many images as there are shots, but at most half of what is left, and the rest is for testing.
    Images of new classes are never trained or selected on.

    Args:
        labels: (N,) class of each image.
        parts: (N,) "train", "val", "test" or "".
        keys: (N,) what names an image; with the seed it gives its order.
        base: Number of base classes.
        shots: Shots a class.
        seed: Orders the images.
    """
    taken: dict[str, list[Ids]] = {"shots": [], "validation": [], "test": []}
    for label in np.unique(labels).tolist():
        rows = np.flatnonzero(labels == label)
        given = {part: rows[parts[rows] == part] for part in ("train", "val", "test", "")}
        if label >= base:
            taken["test"] += [given["test"], given[""]]
            continue
        free = _ordered(given[""], keys, seed)
        rest = free[shots:]
        held = min(shots, len(rest) // 2)
        taken["shots"] += [_ordered(given["train"], keys, seed)[:shots], free[:shots]]
        taken["validation"] += [_ordered(given["val"], keys, seed)[:shots], rest[:held]]
        taken["test"] += [given["test"], rest[held:]]
    return Drawn(*(np.sort(np.concatenate([np.empty(0, np.int64), *taken[use]])) for use in taken))


def _ordered(rows: Ids, keys: NDArray[np.bytes_], seed: int) -> Ids:
    order = [hashlib.sha256(b"%d:" % seed + one).digest() for one in keys[rows].tolist()]
    return rows[np.array(sorted(range(len(order)), key=order.__getitem__), dtype=np.int64)]
