"""The whole classifier as one torch module, from pictures to calibrated probabilities, made to be traced.

What depends on the class names alone is worked out beforehand, so no text encoder is in it. CoCoOp is the exception:
its texts depend on the picture. Nothing in here branches on values, and only the batch size is left open.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.engine.backbones.base import Backbone
from mma_desktop.engine.calibration import Temperatures
from mma_desktop.engine.data import Floats
from mma_desktop.engine.evaluation import Asked
from mma_desktop.engine.methods.base import Adapter
from mma_desktop.engine.methods.prompts import CoCoOp, SharedPrompts
from mma_desktop.engine.methods.zero_shot import ZeroShot

SMALLEST = 1e-30  # in place of a range of logits that is 0


class Parts(NamedTuple):
    """What a classifier is made of: an adapter with its backbone, both on the processor, and the names it is asked.

    `matrix` (P, D) is the backbone's projection, where the adapter takes features from before it.
    """

    adapter: Adapter
    backbone: Backbone
    asked: Asked
    temperatures: Temperatures | None
    matrix: Floats | None = None


class WholeClassifier(nn.Module):
    """Probabilities (N, C) float32 of pictures (N, 3, size, size) uint8, RGB, resized and cut to the backbone's size.

    Equal to `evaluation.calibrated_probabilities` of the backbone's features, but for the rounding of float32.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        spec = parts.backbone.image_spec
        self.register_buffer("mean", 255 * torch.tensor(spec.mean).view(1, 3, 1, 1))
        self.register_buffer("std", 255 * torch.tensor(spec.std).view(1, 3, 1, 1))
        self.tower = parts.backbone.image_tower(before=parts.matrix is not None)
        self.head = _head(parts)
        self.calibrated = _Calibrated(parts)

    def forward(self, pictures: Tensor) -> Tensor:
        """See the class."""
        features = self.tower((pictures.to(torch.float32) - self.mean) / self.std)
        found: Tensor = self.calibrated(self.head(features), features)
        return found


class _AdapterHead(nn.Module):
    """Logits (N, C) of an adapter for names that are fixed."""

    texts: Tensor

    def __init__(self, adapter: Adapter, asked: Asked) -> None:
        super().__init__()
        self.adapter, self.count = adapter, len(asked.inputs)
        self.register_buffer("texts", seen(asked))

    def forward(self, features: Tensor) -> Tensor:
        found: Tensor = self.adapter(features, self.texts)[:, : self.count]
        return found


class _CoCoOpHead(nn.Module):
    """Logits (N, C) of CoCoOp: the text encoder reads every name once for each picture."""

    def __init__(self, adapter: CoCoOp, asked: Asked) -> None:
        super().__init__()
        self.adapter = adapter
        self.texts = adapter.fixed_texts(torch.tensor(asked.inputs))

    def forward(self, features: Tensor) -> Tensor:
        texts: Tensor = self.texts(self.adapter.contexts(features))
        return self.adapter.logit_scale * (texts @ features.unsqueeze(-1)).squeeze(-1)


def _head(parts: Parts) -> nn.Module:
    adapter, asked = parts.adapter, parts.asked
    if isinstance(adapter, CoCoOp):
        return _CoCoOpHead(adapter, asked)
    if isinstance(adapter, SharedPrompts):
        texts = adapter.text_features(torch.tensor(asked.inputs)).numpy()
        return _AdapterHead(ZeroShot(adapter.embed_dim, adapter.logit_scale), Asked(texts, texts, asked.trained))
    return _AdapterHead(adapter, asked)


def seen(asked: Asked) -> Tensor:
    """(C + K, X) what the adapter reads of the names that are asked for, then of its context."""
    parts = [asked.inputs] if asked.context is None else [asked.inputs, asked.context]
    return torch.cat([torch.tensor(part, dtype=torch.float32) for part in parts])


class _Calibrated(nn.Module):
    """`calibration.confidences`, of logits (N, C) and the features (N, D or P) that zero-shot's are worked out of."""

    trained: Tensor

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        asked, adapter = parts.asked, parts.adapter
        self.temperatures = parts.temperatures
        self.mixed = not bool(asked.trained.all()) and len(asked.trained) > 1
        self.register_buffer("trained", torch.tensor(asked.trained, dtype=torch.float32))
        plain = ZeroShot(asked.features.shape[1], adapter.logit_scale)
        self.zero_shot = _AdapterHead(plain, Asked(asked.features, asked.features, asked.trained))
        self.matrix = None if parts.matrix is None else nn.Buffer(torch.tensor(parts.matrix))

    def forward(self, logits: Tensor, features: Tensor) -> Tensor:
        if self.temperatures is None:
            return logits.softmax(-1)
        scaled = logits / self.temperatures.adapted
        if self.mixed:
            new = (self.trained[logits.argmax(-1)] < 0.5).unsqueeze(-1)
            scaled = torch.where(new, self._ranged(logits, features) / self.temperatures.zero_shot, scaled)
        return scaled.softmax(-1)

    def _ranged(self, logits: Tensor, features: Tensor) -> Tensor:
        """The logits brought to the range of zero-shot's (SaLS)."""
        if self.matrix is not None:
            features = functional.normalize(features @ self.matrix, dim=-1)
        plain = self.zero_shot(features)
        low, high = logits.amin(-1, keepdim=True), logits.amax(-1, keepdim=True)
        share = (logits - low) / (high - low).clamp_min(SMALLEST)
        floor = plain.amin(-1, keepdim=True)
        ranged: Tensor = floor + share * (plain.amax(-1, keepdim=True) - floor)
        return ranged
