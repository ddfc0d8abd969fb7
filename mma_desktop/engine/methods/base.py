"""What every method gives: a module that turns image and text features into logits, and the way to build one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.domain import UserError
from mma_desktop.engine.methods.table import MULTI_MODAL_ADAPTER, ZERO_SHOT, find_method, resolve_options


class Adapter(nn.Module, ABC):
    """A classifier over frozen features, for any set of class names.

    Features of any scale and floating type are taken: each is brought to the type of the parameters and
    L2-normalised first, which leaves features that are normalised already as they are.

    Attributes:
        embed_dim: Size D of the embeddings.
        logit_scale: The backbone's s = exp(logit_scale), frozen; 100 for OpenAI CLIP.
    """

    def __init__(self, embed_dim: int, logit_scale: float) -> None:
        super().__init__()
        self.embed_dim = embed_dim
        self.logit_scale = float(logit_scale)

    @abstractmethod
    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of L2-normalised image features (B, D) and text features (C, D)."""

    def forward(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """Logits of each image for each class.

        Args:
            image_features: (B, D).
            text_features: (C, D), one for each class name.

        Returns:
            (B, C), scaled by `logit_scale`.

        Raises:
            ValueError: A shape does not fit.
        """
        for name, features in (("image", image_features), ("text", text_features)):
            if features.ndim != 2 or features.shape[1] != self.embed_dim:
                raise ValueError(f"{name} features must be (N, {self.embed_dim}), not {tuple(features.shape)}")
        return self.score(self._unit(image_features), self._unit(text_features))

    def _unit(self, features: Tensor) -> Tensor:
        parameter = next(self.parameters(), None)
        dtype = torch.float32 if parameter is None else parameter.dtype
        return functional.normalize(features.to(dtype), dim=-1)

    @property
    def device(self) -> torch.device:
        """Where the parameters are; the CPU for a method without any."""
        parameter = next(self.parameters(), None)
        return torch.device("cpu") if parameter is None else parameter.device

    def parameter_count(self) -> int:
        """Number of trained numbers."""
        return sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)


def build_adapter(
    method_id: str,
    embed_dim: int,
    logit_scale: float,
    options: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
) -> Adapter:
    """A fresh adapter on the CPU, its start drawn from `seed` without touching the global random state.

    Raises:
        UserError: The method or an option is unknown, or the embedding size does not suit the method.
    """
    spec = find_method(method_id)
    resolved = resolve_options(spec, options or {})
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed % 2**63)  # and not `torch.manual_seed`, which seeds every device
        try:
            return _BUILDERS[spec.id](embed_dim, logit_scale, resolved)
        except ValueError as error:
            raise UserError(f"{spec.title} does not fit this backbone: {error}.") from error


def _build_mma(embed_dim: int, logit_scale: float, options: Mapping[str, Any]) -> Adapter:
    from mma_desktop.engine.methods.mma import MultiModalAdapter

    return MultiModalAdapter(embed_dim, logit_scale, **options)


def _build_zero_shot(embed_dim: int, logit_scale: float, options: Mapping[str, Any]) -> Adapter:
    from mma_desktop.engine.methods.zero_shot import ZeroShot

    return ZeroShot(embed_dim, logit_scale, **options)


_BUILDERS: dict[str, Callable[[int, float, Mapping[str, Any]], Adapter]] = {
    MULTI_MODAL_ADAPTER: _build_mma,
    ZERO_SHOT: _build_zero_shot,
}
