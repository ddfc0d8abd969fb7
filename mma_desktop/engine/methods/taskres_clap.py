"""TaskRes and CLAP: learn a text-side weight vector for each base class.

TaskRes (Yu et al. 2023, section 3.2). Trained: a residual r (K, D); the class weight is t + a r, a = 0.5.
Initialisation: r = 0, which is zero-shot. Loss: cross-entropy. Optimiser: Adam 2e-3, cosine, one warm-up epoch, 100
epochs.

CLAP (Silva-Rodriguez et al. 2024, section 4). Trained: a prototype w (K, D) replacing the text feature. Initialisation:
the text features, which is zero-shot. Loss: cross-entropy + the mean over classes of λ_c ||w_c - t_c||², where λ_c is
the mean zero-shot probability of the true class on the shots of c. Optimiser: SGD 0.1, momentum 0.9, cosine, one
warm-up epoch at 1e-5, 300 epochs.

Untrained classes stay zero-shot with both.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Sizes, Start
from mma_desktop.engine.methods.class_matching import AnchoredAdapter


class TaskRes(AnchoredAdapter):
    """Logits s · cos(I, t + a r); see the module. `scale` is a."""

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes, *, scale: float = 0.5) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.scale = scale
        self.residual = nn.Parameter(torch.zeros(sizes.classes, embed_dim))

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        weights = texts + self.scale * (self.match(texts) @ self.residual)
        return self.logit_scale * images @ functional.normalize(weights, dim=-1).T


class Clap(AnchoredAdapter):
    """Logits s · cos(I, w); see the module."""

    trust: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.prototypes = nn.Parameter(torch.zeros(sizes.classes, embed_dim))
        self.register_buffer("trust", torch.zeros(sizes.classes), persistent=False)

    def begin(self, start: Start) -> None:
        """Start from the text features; computes λ_c from the zero-shot predictions of the shots."""
        super().begin(start)
        images = self.images(start.images)
        chances = (self.logit_scale * images @ self.anchors.T).softmax(-1)
        right = chances.gather(1, start.labels.unsqueeze(1)).squeeze(1)
        counts = torch.bincount(start.labels, minlength=len(self.anchors)).clamp_min(1)
        self.trust = torch.zeros_like(self.trust).index_add(0, start.labels, right) / counts
        with torch.no_grad():
            self.prototypes.copy_(self.anchors)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        known = self.match(texts)
        weights = known @ self.prototypes + (1 - known.sum(1, keepdim=True)) * texts
        return self.logit_scale * images @ functional.normalize(weights, dim=-1).T

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        away = (self.prototypes - self.anchors).square().sum(1)
        return super().loss(images, targets, texts) + (self.trust * away).mean()
