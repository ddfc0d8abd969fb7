"""What belongs to single classes: how a method with a tensor for each base class finds it again by the text feature.

A classifier is asked with any names in any order, so the rows that a method learned are kept with the text feature of
the class they belong to. A name whose feature is (almost) exactly that is the class; every other name is new, and
stays zero-shot. The tolerance is for the same text encoded on another device or in half precision; features of
different names, even "dog" and "dogs", lie much further apart.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start

NEAR = 1 - 2e-4


class AnchoredAdapter(Adapter):
    """A method with something of its own for each of K base classes.

    Args:
        embed_dim: Size D of the features.
        logit_scale: The backbone's scale s, frozen.
        sizes: `classes` is K.
    """

    anchors: Tensor

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes) -> None:
        super().__init__(embed_dim, logit_scale, sizes)
        self.register_buffer("anchors", torch.zeros(sizes.classes, embed_dim))

    def begin(self, start: Start) -> None:
        """Keep the text features of the base classes."""
        self.anchors.copy_(functional.normalize(start.texts.float(), dim=-1))

    def match(self, texts: Tensor) -> Tensor:
        """For C unit text features (C, D) which anchor each is: (C, K), with one 1 in a row, or none for a new name."""
        if not len(self.anchors):
            return texts.new_zeros(len(texts), 0)
        nearest, place = (texts @ self.anchors.T).max(dim=1)
        return functional.one_hot(place, len(self.anchors)).to(texts) * (nearest > NEAR).to(texts).unsqueeze(1)
