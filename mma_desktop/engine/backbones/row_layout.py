"""Layout of a row of image features: the shared space first, then visual features without a text counterpart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROW_BYTES = 6000
"""Maximum size of an image's row on disk, in half precision."""


def unit(vectors: NDArray[Any]) -> NDArray[Any]:
    """Vectors (N, D) divided by their lengths."""
    scaled: NDArray[Any] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return scaled


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Layout of a row (width,) of image features.

    The first `embed_dim` numbers are the unit feature that is compared with texts. The rest are *visual features*: what
    else the image encoder extracts. They are used for trained names only.

    Attributes:
        embed_dim: Size D of the shared space.
        width: Length of a row, at least D.
        probe: Start and end of the columns that a linear probe uses: the image encoder's features before any
            projection, of unit length.
    """

    embed_dim: int
    width: int
    probe: tuple[int, int]

    @classmethod
    def plain(cls, embed_dim: int) -> RowLayout:
        """Rows with the shared space only."""
        return cls(embed_dim, embed_dim, (0, embed_dim))
