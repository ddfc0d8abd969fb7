"""Tip-Adapter-F (Zhang et al. 2021, section 3.2): a cache of the shots whose keys are trained.

Trained: the keys K (N, D). Initialisation: the features of the shots. Loss: cross-entropy. Optimiser: AdamW 1e-3, eps
1e-4, cosine, 20 epochs. The logits are s · cos(I, T) + alpha exp(-beta (1 - I·K)) V, where V has the shots' classes.

During training alpha is 1 and beta 5.5; afterwards both are searched on the validation images, if there are any. alpha
is the paper's for s = 100 and is scaled with s. New classes have no shots, so they stay zero-shot.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Sizes, Start
from mma_desktop.engine.methods.class_matching import AnchoredAdapter

ALPHA, BETA = 1.0, 5.5
ALPHAS = tuple(0.1 + step * (3 - 0.1) / 20 for step in range(20))
BETAS = tuple(0.1 + step * (7 - 0.1) / 50 for step in range(50))
SEARCHED = 2048  # maximum validation images for the search


class TipAdapter(AnchoredAdapter):
    """See the module.

    Args:
        sizes: `classes` is K, `shots` N.
    """

    values: Tensor
    weights: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.keys = nn.Parameter(torch.zeros(sizes.shots, embed_dim))
        self.register_buffer("values", torch.zeros(sizes.shots, sizes.classes))
        self.register_buffer("weights", torch.tensor([ALPHA, BETA]))

    def begin(self, start: Start) -> None:
        super().begin(start)
        self.values.copy_(functional.one_hot(start.labels, len(self.anchors)))
        with torch.no_grad():
            self.keys.copy_(self.images(start.images))

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        owners = self.values @ self.match(texts).T
        return self.logit_scale * (images @ texts.T) + self._votes(images @ self.keys.T, owners, *self.weights)

    def _votes(self, near: Tensor, owners: Tensor, alpha: Tensor | float, beta: Tensor | float) -> Tensor:
        """The cache's contribution (B, C): `near` (B, N) are cosines, `owners` (N, C) has the class of each key."""
        return alpha * self.logit_scale / 100 * torch.exp(-beta * (1 - near)) @ owners

    @torch.no_grad()
    def finish(self, images: Tensor, targets: Tensor, texts: Tensor) -> None:
        """Choose the alpha and beta with the highest validation accuracy; ties are broken by the lowest loss."""
        images, targets, texts = self.images(images[:SEARCHED]), targets[:SEARCHED], self._unit(texts)
        near, owners, plain = images @ self.keys.T, self.values @ self.match(texts).T, images @ texts.T
        best = (-1, -math.inf)
        for beta in BETAS:
            votes = self._votes(near, owners, 1.0, beta)
            for alpha in ALPHAS:
                logits = self.logit_scale * plain + alpha * votes
                found = (int((logits.argmax(1) == targets).sum()), -float(functional.cross_entropy(logits, targets)))
                if found > best:
                    best = found
                    self.weights.copy_(torch.tensor([alpha, beta]))
