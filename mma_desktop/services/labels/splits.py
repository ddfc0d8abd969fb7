"""Divide labelled images into shots, validation and test."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.types import Role, Use
from mma_desktop.services.image_index import Ids

_USES = list(Use)
# Images to be kept for testing, in all and of each class: fewer tell less than shots that are left out.
ENOUGH, OF_EACH = 50, 5
# Bytes of a content hash that a checkpoint stores.
PREFIX = 8


@dataclass(frozen=True)
class Split:
    """Positions (into the arrays given to `divide`) by use, in the order of `Use`. No position occurs twice."""

    # Those of a use are ordered by content, so that a training does not depend on which image was imported first.

    shots: Ids
    validation: Ids
    test: Ids

    @classmethod
    def by_content(cls, parts: Mapping[Use, Sequence[Ids]], hashes: NDArray[np.bytes_]) -> Split:
        """The split with these positions of each use, ordered by content hash."""
        of_use = (np.concatenate([np.empty(0, np.int64), *parts[use]]).astype(np.int64) for use in Use)
        return cls(*(rows[np.argsort(hashes[rows], kind="stable")] for rows in of_use))

    @property
    def parts(self) -> tuple[Ids, Ids, Ids]:
        return self.shots, self.validation, self.test

    def digests(self, hashes: NDArray[np.bytes_]) -> dict[str, str]:
        """SHA-256 over the sorted content hashes of each part: how a checkpoint identifies its split."""
        digest_of = {}
        for use, where in zip(Use, self.parts, strict=True):
            whole = b"".join(digest.ljust(32, b"\0") for digest in sorted(hashes[where].tolist()))
            digest_of[use.value] = hashlib.sha256(whole).hexdigest()
        return digest_of


def too_few(class_ids: Ids, trained: Sequence[int], *, compared: bool) -> list[int]:
    """Which of the `trained` classes images of these classes (N,) do not measure.

    Where methods are `compared`, it is by the same images, however few.
    """
    counts = {item: int((class_ids == item).sum()) for item in trained}
    enough = compared or sum(counts.values()) >= ENOUGH
    return [class_id for class_id, count in counts.items() if not enough or count < (1 if compared else OF_EACH)]


def hash_prefixes(hashes: NDArray[np.bytes_]) -> list[str]:
    """The first 8 bytes of content hashes in hexadecimal: how a checkpoint and a run name the images they have seen."""
    return [digest.ljust(PREFIX, b"\0")[:PREFIX].hex() for digest in hashes.tolist()]


def have_prefixes(hashes: NDArray[np.bytes_], prefixes: Sequence[str]) -> NDArray[np.bool_]:
    """(N,) mask of the content hashes whose `hash_prefixes` are among the prefixes."""
    # As numbers: as texts, 200,000 hashes take 15 times as long, for each image that is tested.
    first = hashes.astype(f"S{PREFIX}").view(">u8")
    return np.isin(first, np.array([int(prefix, 16) for prefix in prefixes], np.uint64))


def base_count(classes: int, fraction: float) -> int:
    """The number of base classes: the fraction, rounded up, as CoOp does."""
    return math.ceil(fraction * classes - 1e-9)  # the epsilon keeps 0.1 * 30 (3.0000000000000004) at 3


def in_order(rows: Ids, hashes: NDArray[np.bytes_], seed: int) -> Ids:
    """Rows in an order that depends only on the seed and the images' content hashes."""
    keys = [hashlib.sha256(b"%d:" % seed + digest).digest() for digest in hashes[rows].tolist()]
    return rows[np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)]


def divide(
    class_ids: Ids,
    uses: NDArray[np.int8],
    hashes: NDArray[np.bytes_],
    roles: Mapping[int, Role],
    shots: int,
    seed: int,
    proposed: NDArray[np.bool_] | None = None,
) -> Split:
    """Divide labelled images into shots, validation and test.

    A label with an explicit use keeps it. The other labels of a base class are ordered by seed and content hash (not by
    import time): the first ones fill up the shots to exactly `shots`, then as many go to validation, but at most half
    of the rest, and the remainder is for testing. Images of new classes are never used for training or model selection:
    without an explicit use, all of them are for testing.

    Args:
        class_ids: (N,) the class of each labelled image.
        uses: (N,) index into `list(Use)`, -1 for automatic.
        hashes: (N,) content hashes.
        roles: Role by class id; images of other classes are left out.
        shots: Shots per base class, at least 1.
        seed: Determines the order.
        proposed: (N,) labels that accept a prediction. They are trained on, but they test nothing, since a model would
            be judged by what a model said; one with an explicit use keeps it.
    """
    parts: dict[Use, list[Any]] = {use: [] for use in Use}
    for class_id, role in roles.items():
        where = np.flatnonzero(class_ids == class_id)
        for use in Use:
            pinned = where[uses[where] == _USES.index(use)]
            # A new class is never trained on, even if its labels were marked for training before its role changed.
            parts[use if role is Role.BASE else Use.TEST].append(pinned)
        free = where[uses[where] < 0]
        if role is Role.NEW:
            parts[Use.TEST].append(_independent(free, proposed))
            continue
        free = in_order(free, hashes, seed)
        have = len(parts[Use.SHOT][-1])
        take = max(0, shots - have)
        independent = _independent(free[take:], proposed)
        held = min(shots, len(independent) // 2)
        parts[Use.SHOT].append(free[:take])
        parts[Use.VALIDATION].append(independent[:held])
        parts[Use.TEST].append(independent[held:])
    return Split.by_content(parts, hashes)


def _independent(rows: Ids, proposed: NDArray[np.bool_] | None) -> Ids:
    return rows if proposed is None else rows[~proposed[rows]]
