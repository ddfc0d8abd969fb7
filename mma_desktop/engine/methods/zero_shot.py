"""Zero-shot classification: the frozen backbone's own predictions, the baseline of every method."""

from __future__ import annotations

from torch import Tensor

from mma_desktop.engine.methods.adapter import Adapter


class ZeroShot(Adapter):
    """Logits s · cos(image, text); no parameters."""

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Scaled cosines (B, C)."""
        return self.logit_scale * images @ texts.T
