"""Images as aligned columns. Without SQLAlchemy, since the window needs the type before it opens a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.types import LabelSource, Use

Ids = NDArray[np.int64]
HASH_BYTES = 32


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of N images, sorted by `ids`. Read-only: to change one is an error.

    Attributes:
        ids: (N,).
        class_ids: (N,), -1 for unlabelled images.
        uses: int8 (N,), index into `list(Use)`, -1 for none.
        sources: int8 (N,), index into `list(LabelSource)`, -1 for unlabelled images.
        problems: bool (N,), whether the file has a problem.
        hashes: 'S32' (N,), the content hash, b"" for none. NumPy drops trailing zero bytes of single elements.
    """

    ids: Ids
    class_ids: Ids
    uses: NDArray[np.int8]
    sources: NDArray[np.int8]
    problems: NDArray[np.bool_]
    hashes: NDArray[np.bytes_]

    def __post_init__(self) -> None:
        for column in self.each():
            column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def labelled(self) -> NDArray[np.bool_]:
        return self.class_ids >= 0

    @property
    def usable(self) -> NDArray[np.bool_]:
        return ~self.problems

    @property
    def proposed(self) -> NDArray[np.bool_]:
        """Mask of the labels that accept a prediction."""
        mask: NDArray[np.bool_] = self.sources == list(LabelSource).index(LabelSource.SUGGESTION)
        return mask

    @property
    def by_hand(self) -> NDArray[np.bool_]:
        """Mask of the labels that a person gave, to questions or to images that they picked."""
        mask: NDArray[np.bool_] = self.sources == list(LabelSource).index(LabelSource.PERSON)
        return mask

    @property
    def held_back(self) -> NDArray[np.bool_]:
        """Mask of the labels that are marked for validation or testing."""
        return np.isin(self.uses, [list(Use).index(Use.VALIDATION), list(Use).index(Use.TEST)])

    @property
    def set_apart(self) -> NDArray[np.bool_]:
        """Mask of the labels that are marked for testing: nothing is ever learned or chosen by them."""
        mask: NDArray[np.bool_] = self.uses == list(Use).index(Use.TEST)
        return mask

    def positions(self, ids: Ids) -> Ids:
        """Positions of `ids`, -1 for unknown ones."""
        return positions(self.ids, ids)

    def each(self) -> Sequence[NDArray[Any]]:
        return self.ids, self.class_ids, self.uses, self.sources, self.problems, self.hashes


def positions(ascending: Ids, ids: Ids) -> Ids:
    """Positions of `ids` among ascending ids, -1 for those that are not there."""
    if ids is ascending:
        return np.arange(len(ids))
    if not len(ascending):
        return np.full(len(ids), -1, np.int64)
    where = np.minimum(np.searchsorted(ascending, ids), len(ascending) - 1)
    return np.where(ascending[where] == ids, where, -1).astype(np.int64)
