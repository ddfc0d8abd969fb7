"""Multi-Modal Adapter Plus, the default: both modalities adapted by maps that are held at the identity.

What the paper's adapter learns on cached features is, in effect, a small bottleneck on the image and a shift that all
class names share. Here each modality has one linear map of full rank instead:

    I' = normalise((1-a) I + a I W)        T' = normalise((1-a) T + a T V)        logits = s · cos(I', T')

Trained: W and V, 2 · D² parameters (524,288 at D = 512, 294,912 at the starter's 384). Start: the identity, so it
starts at zero-shot. Loss: cross-entropy with W and V as they are (a = 1), at half the logit scale, so that a shot that
is right already still says something, + λ (||W - I||² + ||V - I||²), λ = penalty / shots a class (ProLIP's penalty,
Fahes et al. 2024, here on both sides). Optimiser: Adam 1e-3, cosine, 200 full-batch steps, about a second. The share a
is applied after training, between the pretrained and the trained weights (WiSE-FT, Wortsman et al. 2022). There is
nothing to select, so it needs no validation images. `tests/benchmarks/bench_default.py`
says how penalty and share were chosen, and what else was tried.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.methods.base import Adapter, Start
from mma_desktop.engine.methods.identity import squared_distance

SOFTER = 0.5  # of the logit scale, in the loss


class MultiModalAdapterPlus(Adapter):
    """One linear map for images and one for texts, shared by all classes.

    Args:
        embed_dim: Size D of the features.
        logit_scale: The backbone's scale s, frozen.
        share: Part a of the way from the identity to the trained maps.
        penalty: λ = penalty / shots a class.
        adapt_text: False leaves the text features as they are.
    """

    def __init__(
        self,
        embed_dim: int,
        logit_scale: float = 100.0,
        *,
        share: float = 0.75,
        penalty: float = 0.3,
        adapt_text: bool = True,
    ) -> None:
        super().__init__(embed_dim, logit_scale)
        self.share, self.penalty, self.adapt_text = share, penalty, adapt_text
        self.image_map = nn.Parameter(torch.eye(embed_dim))
        if adapt_text:
            self.text_map = nn.Parameter(torch.eye(embed_dim))
        self._shots = 1.0

    own_temperature = 1 / SOFTER

    def begin(self, start: Start) -> None:
        """Remember the shots a class."""
        self._shots = len(start.images) / len(start.texts)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C), with the share."""
        return self._logits(images, texts, self.share)

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """Cross-entropy of the maps themselves, and their squared distances from the identity."""
        logits = SOFTER * self._logits(self._unit(images), self._unit(texts), 1.0)
        away = squared_distance(self.image_map)
        if self.adapt_text:
            away = away + squared_distance(self.text_map)
        return functional.cross_entropy(logits, targets) + self.penalty / self._shots * away

    def _logits(self, images: Tensor, texts: Tensor, share: float) -> Tensor:
        adapted = functional.normalize(torch.lerp(images, images @ self.image_map, share), dim=-1)
        if self.adapt_text:
            texts = functional.normalize(torch.lerp(texts, texts @ self.text_map, share), dim=-1)
        return self.logit_scale * adapted @ texts.T
