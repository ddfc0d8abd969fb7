"""What every method gives: a module that turns image and text features into logits, and the way to build one."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.method_spec import VISUAL_HEAD
from mma_desktop.engine.methods.method_table import MethodSpec, find_method, resolve_options
from mma_desktop.engine.methods.visual_head import CODE, HeadFit, VisualHead, fit_head


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the shapes of some adapters depend on beside D.

    Attributes:
        classes: Number K of base classes.
        shots: Number N of shots of all base classes together.
        width: Size W of the text encoder's token embeddings.
        before: Size P of the image features before the visual projection.
        start: Where those begin in a row.
        row: Numbers E in a row of image features.
        rank: Size r of the space that a low-rank map works in.
    """

    classes: int = 0
    shots: int = 0
    width: int = 0
    before: int = 0
    start: int = 0
    row: int = 0
    rank: int = 0


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

    `images` (N, E) are whole rows; `labels` (N,) index the rows of `texts` (K, X), what the method reads of a name;
    `names` (K, D) are their text features; `projection` (P, D) is given where the method learns it; `before` is an
    adapter that was trained on nearly the same, to start from.
    """

    images: Tensor
    labels: Tensor
    texts: Tensor
    names: Tensor
    projection: Tensor | None = None
    before: Adapter | None = None


class Adapter(nn.Module, ABC):
    """A classifier over frozen features, for any set of class names.

    Features of any scale and floating type are taken: each is brought to the type of the parameters and
    L2-normalised first, which leaves features that are normalised already as they are.

    Attributes:
        embed_dim: Size D of the embeddings.
        logit_scale: The backbone's s = exp(logit_scale), frozen; 100 for OpenAI CLIP.
        sizes: What its shapes depend on beside D.
        head: What it sees beyond the shared space, for trained names; None before the training ends, and without one.
        left_out_fit: Of a training that has just ended, what its shots look like while each is left out.
    """

    live_images: ClassVar[int] = 4096
    """How many test images of a role are classified while it trains, to be looked at."""
    live_events: ClassVar[int] = 50
    """How often, about, where no epoch is chosen by it."""
    own_temperature: ClassVar[float] = 1.0
    """What its logits are divided by in its loss, and where too few images are left to fit a temperature to."""

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes = Sizes()) -> None:
        super().__init__()
        self.embed_dim = embed_dim
        self.logit_scale = float(logit_scale)
        self.sizes = sizes
        self.head: VisualHead | None = None
        self.left_out_fit: HeadFit | None = None

    @abstractmethod
    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of L2-normalised image features (B, D) and text features (C, D)."""

    @property
    def columns(self) -> slice:
        """Which numbers of a row of image features `score` takes: the shared space, unless a method says otherwise."""
        return slice(0, self.embed_dim)

    def forward(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """Logits of each image for each class.

        Args:
            image_features: (B, E) whole rows, or their first D numbers where nothing more is read.
            text_features: (C, X), one for each class name, as `evaluation.metrics.name_inputs` gives them: (C, D) text
                features, and behind those the name's code where there is a visual head.

        Returns:
            (B, C), scaled by `logit_scale`.

        Raises:
            ValueError: A shape does not fit.
        """
        if self.head is None:
            return self.plain(image_features, text_features)
        if image_features.ndim != 2 or image_features.shape[1] != self.head.width:
            raise ValueError(f"image features must be (N, {self.head.width}), not {tuple(image_features.shape)}")
        inputs, codes = text_features[:, :-CODE], text_features[:, -CODE:]
        return self.head(self.plain(image_features, inputs), image_features, codes)  # type: ignore[no-any-return]

    def plain(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """Logits (B, C) as `forward`, without a visual head and for names without codes."""
        self._check("text", text_features, self.embed_dim)
        return self.score(self.images(image_features), self._unit(text_features))

    def images(self, rows: Tensor) -> Tensor:
        """What `score` takes of rows of image features, of length 1."""
        columns = self.columns
        if rows.ndim != 2 or rows.shape[1] < columns.stop:
            raise ValueError(f"image features must be (N, {columns.stop}) or wider, not {tuple(rows.shape)}")
        return self._unit(rows[:, columns])

    def cosines(self, rows: Tensor, text_features: Tensor) -> Tensor:
        """(B, C) cosines of images and class names before any training."""
        return self._unit(rows[:, : self.embed_dim]) @ self._unit(text_features).T

    def begin(self, start: Start) -> None:
        """Take from the shots what the start depends on. Called once, before the first step."""

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """What a step makes smaller: the cross-entropy of a batch, and what a method adds to it.

        Args:
            images: (B, E) whole rows.
            targets: (B,) rows of `texts`.
            texts: (K, D), all base classes.
        """
        return functional.cross_entropy(self.plain(images, texts), targets)

    def finish(self, images: Tensor, targets: Tensor, texts: Tensor) -> None:
        """Choose on validation images what was not trained. Called after the last step, where there are some."""

    def new_head(self) -> VisualHead:
        """A visual head for it, empty."""
        return VisualHead(self.sizes.classes, self.sizes.row, self.logit_scale)

    def attach_head(self, start: Start, codes: Tensor) -> None:
        """Fit a visual head to the shots and carry it from now on; called after `begin`, before the first step.

        Args:
            start: As for `begin`.
            codes: (K, `CODE`) of the base classes.
        """
        cosines = self.cosines(start.images, start.names)
        last = None if start.before is None else start.before.left_out_fit
        near = None if last is None else last.penalty
        self.left_out_fit = fit_head(start.images, start.labels, cosines, self.logit_scale, near=near)
        self.head = self.new_head().to(start.images.device)
        self.head.take(self.left_out_fit, codes)

    def balance_head(self, start: Start) -> None:
        """Set the balance of the head between trained and other names, once the rest is trained; it stays 0 here."""

    def _check(self, what: str, features: Tensor, width: int) -> None:
        if features.ndim != 2 or features.shape[1] != width:
            raise ValueError(f"{what} features must be (N, {width}), not {tuple(features.shape)}")

    def _unit(self, features: Tensor) -> Tensor:
        parameter = next(self.parameters(), None)
        dtype = torch.float32 if parameter is None else parameter.dtype
        return functional.normalize(features.to(dtype), dim=-1)

    @property
    def device(self) -> torch.device:
        """Where its tensors are; the CPU for a method without any."""
        tensor = next(chain(self.parameters(), self.buffers()), None)
        return torch.device("cpu") if tensor is None else tensor.device

    def parameter_count(self) -> int:
        """Number of trained numbers, those of a visual head among them."""
        own = sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)
        return own if self.head is None else own + self.head.weights.numel() + self.head.offsets.numel()


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
    trained: bool = False,
) -> Adapter:
    """A fresh adapter on the CPU, its start drawn from `seed` without touching the global random state.

    With `trained` it has its visual head, where its options ask for one; before a training that comes last.

    Raises:
        UserError: The method or an option is unknown, or the embedding size does not suit the method.
    """
    spec = find_method(method_id)
    resolved = resolve_options(spec, options or {})
    with_head = bool(resolved.pop(VISUAL_HEAD, spec.is_probe))
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed % 2**63)  # and not `torch.manual_seed`, which seeds every device
        try:
            kind: Callable[..., Adapter] = _class_of(spec)
            adapter = kind(embed_dim, logit_scale, *([sizes] if spec.sizes else []), **resolved)
        except ValueError as error:
            raise UserError(
                tr("{method} does not fit this backbone: {reason}.", method=tr(spec.title), reason=error)
            ) from error
    adapter.sizes = sizes  # also of methods that need none themselves: a visual head has its own
    if with_head and trained:
        adapter.head = adapter.new_head()
    return adapter


def sizes_of(adapter: Adapter, method_id: str, options: Mapping[str, Any]) -> dict[str, int]:
    """What the shapes of a trained adapter's tensors depend on beside D, by name; a checkpoint keeps it."""
    spec = find_method(method_id)
    return {name: getattr(adapter.sizes, name) for name in spec.sizes_with(resolve_options(spec, options))}


_CLASSES: Mapping[str, tuple[str, str]] = {
    "multi-modal-adapter-plus": ("mma_plus", "MultiModalAdapterPlus"),
    "multi-modal-adapter": ("mma", "MultiModalAdapter"),
    "clip-adapter": ("clip_adapter", "ClipAdapter"),
    "tip-adapter-f": ("tip_adapter", "TipAdapter"),
    "task-res": ("taskres_clap", "TaskRes"),
    "clap": ("taskres_clap", "Clap"),
    "prolip": ("linear_maps", "ProLip"),
    "identity-adapter": ("linear_maps", "IdentityAdapter"),
    "coop": ("prompt_learners", "CoOp"),
    "cocoop": ("prompt_learners", "CoCoOp"),
    "proda": ("prompt_learners", "ProDa"),
    "linear-probe": ("linear_probe", "LinearProbe"),
    "zero-shot": ("zero_shot", "ZeroShot"),
}
"""Which class, in which module of this package, carries a method out. Imported on first use: they import this one."""


def _class_of(spec: MethodSpec) -> type[Adapter]:
    module, name = _CLASSES[spec.id]
    found: type[Adapter] = getattr(importlib.import_module(f"mma_desktop.engine.methods.{module}"), name)
    return found
