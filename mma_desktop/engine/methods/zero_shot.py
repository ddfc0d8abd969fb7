"""Zero-shot classification: the frozen backbone's own answer, and the baseline of every method."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.base import Adapter


class ZeroShot(Adapter):
    """Logits s · cos(image, text); no parameters.

    Args:
        embed_dim: Size D of the features.
        logit_scale: The backbone's scale s, frozen.
        projection: (P, D), where image features are given from before the visual projection.
    """

    def __init__(self, embed_dim: int, logit_scale: float = 100.0, projection: Tensor | None = None) -> None:
        super().__init__(embed_dim, logit_scale)
        self._projection = None if projection is None else projection.to(torch.float32)

    @property
    def image_dim(self) -> int:
        """P where there is a projection, else D."""
        return self.embed_dim if self._projection is None else len(self._projection)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Scaled cosines (B, C)."""
        if self._projection is not None:
            images = functional.normalize(images @ self._projection, dim=-1)
        return self.logit_scale * images @ texts.T
