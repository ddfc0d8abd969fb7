"""Linear maps regularised towards the backbone's own: the identity adapter, and ProLIP.

After "CLIP's Visual Embedding Projector is a Few-shot Cornucopia" (Fahes et al. 2024): fine-tune the last visual
projection W with cross-entropy + λ · ||W - W0||²_F, λ = 1 / shots. Trained: one matrix (D·D, or P·D parameters).
Initialisation: the identity or the pretrained projection, so both start at zero-shot. Optimiser: Adam, cosine, 300
full-batch steps; the paper uses a rate of 1e-5 and reports equal results up to 1e-2.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start


class IdentityAdapter(Adapter):
    """I' = normalise(I W), logits s · cos(I', T); W (D, D) starts at the identity.

    Args:
        penalty: λ = penalty / shots a class.
    """

    def __init__(self, embed_dim: int, logit_scale: float = 100.0, *, penalty: float = 1.0) -> None:
        super().__init__(embed_dim, logit_scale)
        self.penalty = penalty
        self.image_map = nn.Parameter(torch.eye(embed_dim))
        self._shots = 1.0

    def begin(self, start: Start) -> None:
        self._shots = len(start.images) / len(start.texts)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        return self.logit_scale * functional.normalize(images @ self.image_map, dim=-1) @ texts.T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        # ||W - I||²_F without allocating the identity
        away = self.image_map.square().sum() - 2 * self.image_map.diagonal().sum() + self.embed_dim
        return super().loss(images, targets, texts) + self.penalty / self._shots * away


class ProLip(Adapter):
    """I' = normalise(x W), where x (P,) is the image feature before the projection; W (P, D) starts at W0.

    Args:
        sizes: `before` is P; the features begin at `start` in a row.
        penalty: λ = penalty / shots per class.

    Raises:
        ValueError: There are no features before a projection.
    """

    pretrained: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, penalty: float = 1.0) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        if sizes.before < 1:
            raise ValueError(tr("it has no linear visual projection to fine-tune"))
        self.penalty = penalty
        self.projection = nn.Parameter(torch.zeros(sizes.before, embed_dim))
        self.register_buffer("pretrained", torch.zeros(sizes.before, embed_dim), persistent=False)
        self._shots = 1.0

    @property
    def columns(self) -> slice:
        return slice(self.sizes.start, self.sizes.start + self.sizes.before)

    def begin(self, start: Start) -> None:
        if start.projection is None:
            raise ValueError("the pretrained projection is missing")
        self.pretrained = start.projection.detach().clone()
        self._shots = len(start.images) / len(start.texts)
        with torch.no_grad():
            self.projection.copy_(start.projection)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of image features (B, P)."""
        return self.logit_scale * functional.normalize(images @ self.projection, dim=-1) @ texts.T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        away = (self.projection - self.pretrained).square().sum()
        return super().loss(images, targets, texts) + self.penalty / self._shots * away
