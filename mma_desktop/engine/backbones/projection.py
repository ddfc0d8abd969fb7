"""Image features before a backbone's linear visual projection, for methods that learn the projection itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.domain import ImageSpec, UserError
from mma_desktop.words import tr

Floats = NDArray[np.float32]


def no_projection(backbone_id: str) -> UserError:
    """What is said of a backbone whose image encoder does not end in a matrix."""
    return UserError(
        tr(
            "The image encoder of the backbone {backbone} does not end in a linear projection that "
            "could be trained. Choose another method, or another backbone.",
            backbone=backbone_id,
        )
    )


class Projection(NamedTuple):
    """What an image encoder ends in: the matrix (P, D), and features (B, P) before it of prepared pictures."""

    matrix: torch.Tensor
    encode: Callable[[torch.Tensor], torch.Tensor]


class BeforeProjection:
    """A backbone that stops before its projection.

    The features x of an image are of length 1, which the projection does not mind: normalise(x W) stays the same.

    Args:
        backbone_id: The backbone's id.
        matrix: (P, D) the projection W, float32.
        image_spec: How a picture becomes an input.
        encode: Unit features (B, P) float32 of pictures (B, size, size, 3) uint8.
    """

    def __init__(
        self,
        backbone_id: str,
        matrix: torch.Tensor,
        image_spec: ImageSpec,
        encode: Callable[[NDArray[np.uint8]], Floats],
    ) -> None:
        self.id, self.image_spec, self.encode_images = backbone_id, image_spec, encode
        self.matrix: Floats = matrix.detach().float().cpu().numpy().copy()

    @property
    def embed_dim(self) -> int:
        """P, under the name that a cache of features knows."""
        return len(self.matrix)

    def project(self, features: Floats) -> Floats:
        """The backbone's own features (B, D), of length 1, of features (B, P)."""
        found = features @ self.matrix
        unit: Floats = (found / np.linalg.norm(found, axis=1, keepdims=True).clip(1e-12)).astype(np.float32)
        return unit
