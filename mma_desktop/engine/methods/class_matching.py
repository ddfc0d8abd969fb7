"""Per-class parameters: methods with a tensor row per base class match rows to class names by text feature.

A classifier is given any names in any order, so learned rows are stored with the text feature of their class. A name
whose feature is (almost) exactly equal is that class; all other names are new and stay zero-shot. The tolerance allows
for encoding on another device or in half precision; features of different names, even "dog" and "dogs", are much
further apart.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start

NEAR = 1 - 2e-4


class AnchoredAdapter(Adapter):
    """A method with learned parameters for each of K base classes.

    Args:
        sizes: `classes` is K.
    """

    anchors: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.register_buffer("anchors", torch.zeros(sizes.classes, embed_dim))

    def begin(self, start: Start) -> None:
        self.anchors.copy_(functional.normalize(start.texts.float(), dim=-1))

    def example_texts(self, texts: Tensor) -> Tensor:
        """The base classes' own, so that learned rows are matched."""
        return self.anchors[: len(texts)] if len(self.anchors) > 1 else texts

    def match(self, texts: Tensor) -> Tensor:
        """Match C unit text features (C, D) to anchors: (C, K), one-hot rows, all zero for new names."""
        if not len(self.anchors):
            return texts.new_zeros(len(texts), 0)
        nearest, place = (texts @ self.anchors.T).max(dim=1)
        return functional.one_hot(place, len(self.anchors)).to(texts) * (nearest > NEAR).to(texts).unsqueeze(1)
