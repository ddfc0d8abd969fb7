"""What a backbone keeps of a picture: one row of numbers, the shared space first, then what has no text side."""

from __future__ import annotations

from dataclasses import dataclass

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr

ROW_BYTES = 6000
"""What a picture takes on disk at most: a row of half-precision numbers."""


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Where things are in a row (width,) of image features.

    The first `embed_dim` numbers are the unit feature that texts are compared with. The rest are *visual features*:
    what the image tower sees beyond that. They serve trained names only.

    Attributes:
        embed_dim: Size D of the shared space.
        width: Numbers in a row, at least D.
        probe: First and last + 1 of the numbers that a linear probe reads: the image tower's features before any
            projection, of length 1.
    """

    embed_dim: int
    width: int
    probe: tuple[int, int]

    @classmethod
    def plain(cls, embed_dim: int) -> RowLayout:
        """Rows that hold the shared space alone."""
        return cls(embed_dim, embed_dim, (0, embed_dim))


def no_projection(backbone_id: str) -> UserError:
    """What is said of a backbone whose image encoder does not end in a matrix."""
    return UserError(
        tr(
            "The image encoder of the backbone {backbone} does not end in a linear projection that "
            "could be trained. Choose another method, or another backbone.",
            backbone=backbone_id,
        )
    )
