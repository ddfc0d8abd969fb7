"""The starter's networks in plain torch layers: EfficientNet-Lite0 and all-MiniLM-L6-v2.

timm and transformers provide the same networks (the tests compare them), but importing them costs an idle window 117
and 158 MB, more than both networks need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

STEM, HEAD, CLASSES = 32, 1280, 1000
STAGES = (
    # blocks, kernel, stride, expansion, channels (Tan and Le 2019, table 1; the Lite variant scales neither end)
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
EPS = 1e-3  # of batch norm, as the network was trained; TensorFlow's default
TEXT_DIM, TEXT_LAYERS, TEXT_HEADS, TEXT_HIDDEN = 384, 6, 12, 1536
WORDS, PLACES, KINDS = 30_522, 512, 2  # sizes of BERT's embedding tables
TEXT_EPS = 1e-12


def _padding(size: int, kernel: int, stride: int) -> int:
    """TensorFlow's "same" padding of a side, both ends together; an odd one has its larger half at the end."""
    return max((-(-size // stride) - 1) * stride + kernel - size, 0)


class SamePadding(nn.Conv2d):
    """A strided convolution with TensorFlow's "same" padding."""

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (B, C, H, W)."""
        # whole numbers: a tracer would work sizes out anew for every image
        height, width = (_padding(int(size), self.kernel_size[0], self.stride[0]) for size in maps.shape[-2:])
        padded = functional.pad(maps, (width // 2, width - width // 2, height // 2, height - height // 2))
        return super().forward(padded)


def _convolution(inner: int, outer: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    if stride == 1:
        return nn.Conv2d(inner, outer, kernel, padding=kernel // 2, groups=groups, bias=False)
    return SamePadding(inner, outer, kernel, stride, groups=groups, bias=False)


class Block(nn.Module):
    """An inverted residual block (Sandler et al. 2018): expand, depthwise convolution, project, skip connection."""

    def __init__(self, inner: int, outer: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inner * expansion
        parts: list[nn.Module] = []
        if expansion > 1:
            parts += [_convolution(inner, wide), nn.BatchNorm2d(wide, EPS), nn.ReLU6()]
        parts += [_convolution(wide, wide, kernel, stride, wide), nn.BatchNorm2d(wide, EPS), nn.ReLU6()]
        parts += [_convolution(wide, outer), nn.BatchNorm2d(outer, EPS)]
        self.body, self.skip = nn.Sequential(*parts), stride == 1 and inner == outer

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (B, C, H, W)."""
        out: Tensor = self.body(maps)
        return maps + out if self.skip else out


class EfficientNetLite0(nn.Module):
    """An image network of seven stages; `head` outputs 1,280 maps, `classifier` gives 1,000 logits of their means."""

    # Its tensors are in the order of the published file, with other names.

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_convolution(3, STEM, 3, 2), nn.BatchNorm2d(STEM, EPS), nn.ReLU6())
        stages, channels = [], STEM
        for blocks, kernel, stride, expansion, wide in STAGES:
            parts = []
            for number in range(blocks):
                parts.append(Block(channels, wide, kernel, stride if number == 0 else 1, expansion))
                channels = wide
            stages.append(nn.Sequential(*parts))
        self.stages = nn.ModuleList(stages)
        self.head = nn.Sequential(_convolution(channels, HEAD), nn.BatchNorm2d(HEAD, EPS), nn.ReLU6())
        self.classifier = nn.Linear(HEAD, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (B, 1000) of normalised images (B, 3, H, W)."""
        maps = self.stem(images)
        for stage in self.stages:
            maps = stage(maps)
        logits: Tensor = self.classifier(self.head(maps).mean((2, 3)))
        return logits


class MiniLM(nn.Module):
    """A six-layer BERT: token ids (N, L) and attention mask (N, L) to hidden states (N, L, 384)."""

    def __init__(self) -> None:
        super().__init__()
        # `from_pretrained` skips random initialisation; on the meta device that would import torch's compiler.
        self.words, self.places, self.kinds = (
            nn.Embedding.from_pretrained(torch.empty(rows, TEXT_DIM))  # type: ignore[no-untyped-call]
            for rows in (WORDS, PLACES, KINDS)
        )
        self.norm = nn.LayerNorm(TEXT_DIM, TEXT_EPS)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(TEXT_DIM, TEXT_HEADS, TEXT_HIDDEN, 0.0, "gelu", TEXT_EPS, batch_first=True)
            for _ in range(TEXT_LAYERS)
        )

    def forward(self, numbers: Tensor, attention: Tensor) -> Tensor:
        placed = self.words(numbers) + self.places.weight[: numbers.shape[1]] + self.kinds.weight[0]
        states: Tensor = self.norm(placed)
        hidden = torch.zeros_like(attention, dtype=states.dtype).masked_fill(attention == 0, -torch.inf)
        for layer in self.layers:
            states = layer(states, src_key_padding_mask=hidden)
        return states


def renamed(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the published weights of all-MiniLM-L6-v2 for `MiniLM`."""
    tensors = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "places.weight": weights["embeddings.position_embeddings.weight"],
        "kinds.weight": weights["embeddings.token_type_embeddings.weight"],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    pairs = {
        "self_attn.out_proj": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for number in range(TEXT_LAYERS):
        theirs = f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            three = [weights[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            tensors[f"layers.{number}.self_attn.in_proj_{kind}"] = torch.cat(three)
            tensors |= {
                f"layers.{number}.{ours}.{kind}": weights[f"{theirs}.{name}.{kind}"] for ours, name in pairs.items()
            }
    return tensors


class Tokenizer:
    """BERT's tokenizer, from the model's own `tokenizer.json`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer as Reader

        self._reader = Reader.from_file(str(path))
        self.pad = 0

    def __call__(self, texts: Sequence[str], longest: int, length: int | None = None) -> tuple[Tensor, Tensor]:
        """Token ids and attention mask (N, L) int64; longer texts are truncated.

        L is `length`, or else the length of the longest text.
        """
        self._reader.enable_truncation(longest)
        self._reader.enable_padding(pad_id=self.pad, length=length)
        encodings = self._reader.encode_batch(list(texts))
        return torch.tensor([text.ids for text in encodings]), torch.tensor([text.attention_mask for text in encodings])
