"""CLIP-Adapter (Gao et al. 2021, section 3.2): a bottleneck on the image features.

Trained: two linear maps without bias, D -> D/4 -> D, each followed by a ReLU (2 · D²/4 parameters: 131,072 at D = 512).
Initialisation: that of `nn.Linear`. Loss: cross-entropy. Optimiser: Adam with the recipe of the Multi-Modal Adapter.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.adapter import Adapter


class ClipAdapter(Adapter):
    """I' = normalise(a · A(I) + (1-a) · I), logits s · cos(I', T).

    Args:
        embed_dim: Size D of the features, a multiple of 4.
        share: Fraction a of the adapted feature.

    Raises:
        ValueError: An argument is out of range.
    """

    def __init__(self, embed_dim: int, logit_scale: float = 100.0, *, share: float = 0.2) -> None:
        super().__init__(embed_dim, logit_scale)
        if embed_dim < 4 or embed_dim % 4:
            raise ValueError(
                tr("the embedding size must be a multiple of {divisor}, not {size}", divisor=4, size=embed_dim)
            )
        self.share = share
        self.down = nn.Linear(embed_dim, embed_dim // 4, bias=False)
        self.up = nn.Linear(embed_dim // 4, embed_dim, bias=False)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        adapted = functional.relu(self.up(functional.relu(self.down(images))))
        mixed = functional.normalize(self.share * adapted + (1 - self.share) * images, dim=-1)
        return self.logit_scale * mixed @ texts.T
