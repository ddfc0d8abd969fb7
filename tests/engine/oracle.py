"""The Multi-Modal Adapter as the paper draws it: one sequence of C + 1 tokens an image through a masked
`nn.MultiheadAttention`. Slow and obvious; it is what the closed form is compared with."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Adapter


class MaskedOracle(Adapter):
    """Same parameters, under the same names, as `MultiModalAdapter`."""

    def __init__(
        self,
        embed_dim: int,
        logit_scale: float = 100.0,
        *,
        share: float = 0.2,
        mask: str = "exclusive",
        adapt_text: bool = True,
        down: str = "factorised",
        heads: int = 4,
        up: str = "mlp",
        block: str = "attention",
    ) -> None:
        super().__init__(embed_dim, logit_scale)
        self.share, self.mask, self.adapt_text = share, mask, adapt_text
        width, rank = embed_dim // 4, embed_dim // 16
        if down == "factorised":
            self.down: nn.Module = nn.Sequential(nn.Linear(embed_dim, rank), nn.Linear(rank, width))
        elif down == "mlp":
            self.down = nn.Sequential(nn.Linear(embed_dim, rank), nn.GELU(), nn.Linear(rank, width))
        else:
            self.down = nn.Linear(embed_dim, width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.up, self.block = up, block
        if up == "mlp":
            self.contract, self.expand = nn.Linear(width, rank), nn.Linear(rank, embed_dim)
        else:
            self.expand = nn.Linear(width, embed_dim)
        if block == "transformer":
            self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
            self.first_norm, self.second_norm = nn.LayerNorm(width), nn.LayerNorm(width)

    def attention_mask(self, classes: int, like: Tensor) -> Tensor:
        is_image = torch.zeros(classes + 1, dtype=torch.bool)
        is_image[-1] = True
        cross = is_image[:, None] ^ is_image[None, :]
        mask = torch.where(cross, 0.0, float("-inf")) if self.mask == "exclusive" else cross.float()
        return mask.to(like)

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        batch, classes = len(images), len(texts)
        sequence = torch.cat([texts.expand(batch, classes, -1), images.unsqueeze(1)], dim=1)  # (B, C + 1, D)
        tokens = self.down(sequence)
        attended, _ = self.attention(
            tokens, tokens, tokens, attn_mask=self.attention_mask(classes, tokens), need_weights=False
        )
        if self.block == "transformer":
            attended = self.first_norm(tokens + attended)
            attended = self.second_norm(attended + self.feed_forward(attended))
        hidden = functional.gelu(self.contract(attended)) if self.up == "mlp" else attended
        adapted = functional.normalize(self.expand(hidden), dim=-1)
        mixed = functional.normalize((1 - self.share) * sequence + self.share * adapted, dim=-1)
        image = mixed[:, -1]
        text = mixed[:, :-1] if self.adapt_text else texts.expand(batch, classes, -1)
        return self.logit_scale * torch.einsum("bd,bcd->bc", image, text)
