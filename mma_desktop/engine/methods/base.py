"""What every method gives: a module that turns image and text features into logits, and the way to build one."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.domain import UserError
from mma_desktop.engine.methods.table import MethodSpec, find_method, resolve_options
from mma_desktop.words import tr


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the shapes of some adapters depend on beside D.

    Attributes:
        classes: Number K of base classes.
        shots: Number N of shots of all base classes together.
        width: Size W of the text encoder's token embeddings.
        before: Size P of the image features before the visual projection.
    """

    classes: int = 0
    shots: int = 0
    width: int = 0
    before: int = 0


class TextTower(Protocol):
    """A frozen text encoder that gradients flow through, for methods that learn what stands before the class name."""

    width: int
    """Size W of a token embedding."""

    def tokens(self, texts: Sequence[str]) -> Tensor:
        """Token numbers (N, L) int64 of texts; L is the same in every call. `PLACEHOLDER` marks learned places."""
        ...

    def embed(self, text: str) -> Tensor:
        """The token embeddings (n, W) of the words of a text, without what the encoder puts around them."""
        ...

    def encode(self, tokens: Tensor, context: Tensor) -> Tensor:
        """Unit features (N, D) float32 of tokens (N, L) whose placeholders are filled by (N or 1, n, W) vectors."""
        ...

    def fixed(self, tokens: Tensor) -> nn.Module:
        """What gives unit features (B, N, D) of these tokens for contexts (B, n, W), and can be traced."""
        ...


class Start(NamedTuple):
    """What a training begins with, on the adapter's device: the base classes' shots and names.

    `images` (N, D), or (N, P) before the projection; `labels` (N,) index the rows of `texts`; `texts` (K, D);
    `projection` (P, D) where the method learns it.
    """

    images: Tensor
    labels: Tensor
    texts: Tensor
    projection: Tensor | None = None


class Adapter(nn.Module, ABC):
    """A classifier over frozen features, for any set of class names.

    Features of any scale and floating type are taken: each is brought to the type of the parameters and
    L2-normalised first, which leaves features that are normalised already as they are.

    Attributes:
        embed_dim: Size D of the embeddings.
        logit_scale: The backbone's s = exp(logit_scale), frozen; 100 for OpenAI CLIP.
        sizes: What its shapes depend on beside D.
    """

    live_images: ClassVar[int] = 4096
    """How many test images of a role are classified while it trains, to be looked at."""
    own_temperature: ClassVar[float] = 1.0
    """What its logits are divided by in its loss, and where too few images are left to fit a temperature to."""

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes = Sizes()) -> None:
        super().__init__()
        self.embed_dim = embed_dim
        self.logit_scale = float(logit_scale)
        self.sizes = sizes

    @abstractmethod
    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of L2-normalised image features (B, D) and text features (C, D)."""

    @property
    def image_dim(self) -> int:
        """Size of the image features it takes: D, but where it learns the projection."""
        return self.embed_dim

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
        self._check("image", image_features, self.image_dim)
        self._check("text", text_features, self.embed_dim)
        return self.score(self._unit(image_features), self._unit(text_features))

    def begin(self, start: Start) -> None:
        """Take from the shots what the start depends on. Called once, before the first step."""

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """What a step makes smaller: the cross-entropy of a batch, and what a method adds to it.

        Args:
            images: (B, D).
            targets: (B,) rows of `texts`.
            texts: (K, D), all base classes.
        """
        return functional.cross_entropy(self(images, texts), targets)

    def finish(self, images: Tensor, targets: Tensor, texts: Tensor) -> None:
        """Choose on validation images what was not trained. Called after the last step, where there are some."""

    def _check(self, what: str, features: Tensor, width: int) -> None:
        if features.ndim != 2 or features.shape[1] != width:
            raise ValueError(f"{what} features must be (N, {width}), not {tuple(features.shape)}")

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


class TokenAdapter(Adapter):
    """A method that reads a class name as token numbers, through the backbone's text encoder, and no text feature."""

    @abstractmethod
    def attach(self, tower: TextTower) -> None:
        """Give it the backbone's text encoder, which it needs for everything but loading and saving."""

    @abstractmethod
    def name_inputs(self, names: Sequence[str]) -> Tensor:
        """(C, X) float32 token numbers of its prompts for class names."""


def build_adapter(
    method_id: str,
    embed_dim: int,
    logit_scale: float,
    options: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    sizes: Sizes = Sizes(),
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
            kind: Callable[..., Adapter] = _class_of(spec)
            return kind(embed_dim, logit_scale, *([sizes] if spec.sizes else []), **resolved)
        except ValueError as error:
            raise UserError(
                tr("{method} does not fit this backbone: {reason}.", method=tr(spec.title), reason=error)
            ) from error


_CLASSES: Mapping[str, tuple[str, str]] = {
    "multi-modal-adapter-plus": ("mma_plus", "MultiModalAdapterPlus"),
    "multi-modal-adapter": ("mma", "MultiModalAdapter"),
    "clip-adapter": ("clip_adapter", "ClipAdapter"),
    "tip-adapter-f": ("tip_adapter", "TipAdapter"),
    "task-res": ("residuals", "TaskRes"),
    "clap": ("residuals", "Clap"),
    "prolip": ("identity", "ProLip"),
    "identity-adapter": ("identity", "IdentityAdapter"),
    "coop": ("prompts", "CoOp"),
    "cocoop": ("prompts", "CoCoOp"),
    "proda": ("prompts", "ProDa"),
    "zero-shot": ("zero_shot", "ZeroShot"),
}
"""Which class, in which module of this package, carries a method out. Imported on first use: they import this one."""


def _class_of(spec: MethodSpec) -> type[Adapter]:
    module, name = _CLASSES[spec.id]
    found: type[Adapter] = getattr(importlib.import_module(f"mma_desktop.engine.methods.{module}"), name)
    return found
