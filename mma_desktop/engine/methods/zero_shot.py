"""Zero-shot classification: the frozen backbone's own answer, and the baseline of every method."""

from __future__ import annotations

from torch import Tensor

from mma_desktop.engine.methods.base import Adapter


class ZeroShot(Adapter):
    """Logits s · cos(image, text); no parameters."""

    def __init__(self, embed_dim: int, logit_scale: float = 100.0) -> None:
        super().__init__(embed_dim, logit_scale)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Scaled cosines (B, C)."""
        return self.logit_scale * images @ texts.T
