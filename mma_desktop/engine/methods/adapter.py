"""The base class of all methods, a module from image and text features to logits, and the factory of adapters."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.engine.methods.method_table import VISUAL_HEAD, find_method
from mma_desktop.engine.methods.open_set import OpenSetScorer, lengths_of
from mma_desktop.engine.methods.visual_head import CODE_LENGTH, HeadFit, VisualHead, fit_head

if TYPE_CHECKING:
    from mma_desktop.engine.backbones.text_tower import TextTower
    from mma_desktop.engine.methods.optimiser import Evaluate

MAX_RANK = 128  # 32 lose up to 1.0 points (`engine/DECISIONS.md`), 512 gain none and take half as long again
# Of `InnerProducts`: a million images with 268 anchors.
MAX_BYTES = 1 << 30


@dataclass(frozen=True, eq=False)
class Scorer:
    """From rows (B, E) to logits (B, C), and where they are found on the way the scores by the visual head (B, C + J).

    These are the scores f (B, C), then the products with what `Adapter.for_names` was given `beside` (J, E).

    Attributes:
        work_out: Given the inner products (M, B) of `anchors` with the images of the rows, divided by their lengths, it
            looks at the images no more.
        anchors: (M, D); None if it has no use for any.
    """

    work_out: Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor | None]]
    anchors: Tensor | None = None

    def __call__(self, rows: Tensor, products: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        return self.work_out(rows, products)


class InnerProducts:
    """Of N images with the anchors of scorers, kept from one to the next: a label adds an anchor to hundreds.

    The lengths of their rows are kept, too.

    Args:
        count: N.
        lengths: (N,) of the images; None for 1.
        at_once: How many anchors are multiplied together, for digits that do not depend on which came when; 0 for all.
    """

    def __init__(self, count: int, lengths: Tensor | None = None, at_once: int = 0) -> None:
        self._count, self._lengths, self._at_once = count, lengths, at_once
        self._kept: dict[bytes, NDArray[np.float32]] = {}  # (N,) of an anchor, NaN where it is not worked out
        self._left: dict[bytes, int] = {}  # of how many images that is, for those anchors of which it is any
        self._anchors, self._keys = torch.zeros(0, 0), list[bytes]()
        self._row_lengths = torch.full((count,), torch.nan)

    def hold(self, anchors: Tensor | None) -> bool:
        """Whether those with anchors (M, D) are kept from now on, and no others."""
        if anchors is not None and anchors.shape == self._anchors.shape and torch.equal(anchors, self._anchors):
            return True
        if anchors is None or 4 * self._count * len(anchors) > MAX_BYTES:
            return False
        keys, before = [item.tobytes() for item in anchors.numpy()], self._kept
        self._kept = {
            key: before[key] if key in before else np.full(self._count, np.nan, np.float32) for key in set(keys)
        }
        self._left = {key: self._left.get(key, 0 if key in before else self._count) for key in self._kept}
        self._left = {key: left for key, left in self._left.items() if left}
        self._anchors, self._keys = anchors, keys
        return True

    def of(self, part: NDArray[np.int64], images: Tensor) -> Tensor:
        """(M, B) those of the images (B, D) at these places (B,) with the anchors that are held."""
        contiguous = len(part) and part[-1] - part[0] == len(part) - 1
        where = slice(part[0], part[-1] + 1) if contiguous else part
        # Slices of hundreds of arrays take half as long as by `np.stack`.
        products = np.concatenate([self._kept[key][where] for key in self._keys]).reshape(len(self._keys), -1)
        new = [at for at, key in enumerate(self._keys) if key in self._left and np.isnan(products[at]).any()]
        if new:
            fresh = self._anchors[new]
            size = self._at_once or len(fresh)
            # In parts of one size: BLAS may round a product otherwise for another shape, and kept and fresh ones must
            # agree.
            padded = functional.pad(fresh, (0, 0, 0, -len(fresh) % size))
            fresh = torch.cat([chunk @ images.T for chunk in torch.split(padded, size)])[: len(new)]
            fresh_products = (fresh if self._lengths is None else fresh / self._lengths[torch.from_numpy(part)]).numpy()
            for at, row in zip(new, fresh_products, strict=True):
                key = self._keys[at]
                self._left[key] -= int(np.isnan(self._kept[key][where]).sum())
                products[at] = self._kept[key][where] = row
            self._left = {key: left for key, left in self._left.items() if left > 0}
        return torch.from_numpy(products)

    def row_lengths(self, part: NDArray[np.int64], rows: Tensor) -> Tensor:
        """`lengths_of` whole rows (B, E) at these places (B,)."""
        where = torch.from_numpy(part)
        if self._row_lengths[where].isnan().any():
            self._row_lengths[where] = lengths_of(rows).cpu()
        return self._row_lengths[where].to(rows.device)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions other than D that the shapes of some adapters depend on.

    Attributes:
        classes: Number K of base classes.
        shots: Number N of shots of all base classes together.
        names: Number C of class names that transduction knows, 0 without it.
        width: Size W of the text encoder's token embeddings.
        before: Size P of the image features before the visual projection.
        start: Their start column in a row.
        row: Length E of a row of image features.
        rank: Rank r of a low-rank map, at most `MAX_RANK`.
    """

    classes: int = 0
    shots: int = 0
    names: int = 0
    width: int = 0
    before: int = 0
    start: int = 0
    row: int = 0
    rank: int = 0


class Start(NamedTuple):
    """Labelled images with the names of their classes, on the adapter's device; first of all the input of a training.

    `images` (N, E) are whole rows; `labels` (N,) index `texts` (K, X), the method's inputs for the names; `names` (K,
    D) are their text features; `projection` (P, D) is set for methods that learn it; `copies` (N,) is equal for shots
    of the same image; `class_weights` (K,) are above 0, None for 1; `codes` (K, `CODE_LENGTH`) are those of the names.
    """

    images: Tensor
    labels: Tensor
    texts: Tensor
    names: Tensor
    projection: Tensor | None = None
    copies: Tensor | None = None
    class_weights: Tensor | None = None
    codes: Tensor = torch.zeros(0, CODE_LENGTH)

    def inputs(self, adapter: Adapter) -> Tensor:
        """The adapter's inputs for the names, with codes if it reads them."""
        return torch.cat([self.texts, self.codes], dim=1) if adapter.row_heads else self.texts


class Adapter(nn.Module, ABC):
    """A classifier on frozen features, for any set of class names.

    Every method is constructed with `embed_dim` and `logit_scale`, and with `sizes` if its shapes depend on more.
    Accepts features of any scale and floating type: converts them to the parameters' type and L2-normalises them.

    Attributes:
        embed_dim: Size D of the embeddings.
        logit_scale: The backbone's s = exp(logit_scale), frozen; 100 for OpenAI CLIP.
        sizes: Other dimensions that its shapes depend on.
        head: Visual head for trained names; None for methods without one, and before it is fitted.
        transduction: What images without a label taught about names, trained or not; None if nothing.
        left_out_fit: After a training, the leave-one-out scores of its shots.
        class_weights: (K,) weights of the base classes in the loss; None for 1.
        open_set_scorer: Scores that tell images of the trained classes from others; None if they were not fitted.
    """

    live_images: ClassVar[int] = 4096
    """Maximum test images per role classified during training, for display."""
    live_events: ClassVar[int] = 50
    """Approximate number of events if no epoch is chosen by them."""
    batch: ClassVar[int] = 2048
    """Maximum images per forward pass. Cancellation is checked between batches, so a slow method has small ones."""
    of_any_length: ClassVar[bool] = False
    """Whether `score` takes images of any length; to normalise many takes as long as to score them."""
    own_temperature: float = 1.0
    """Temperature of its loss; also used if there are too few images to fit one."""

    def __init__(self, embed_dim: int, logit_scale: float, sizes: Sizes = Sizes()) -> None:
        super().__init__()
        self.embed_dim = embed_dim
        self.logit_scale = float(logit_scale)
        self.sizes = sizes
        self.head: VisualHead | None = None
        self.transduction: VisualHead | None = None
        self.left_out_fit: HeadFit | None = None
        self.open_set_scorer: OpenSetScorer | None = None
        self.class_weights: Tensor | None = None

    @property
    def row_heads(self) -> tuple[VisualHead, ...]:
        """What adds to the logits of the names that it knows by their codes, in this order."""
        return tuple(head for head in (self.head, self.transduction) if head is not None)

    @abstractmethod
    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        """Logits (B, C) of L2-normalised image features (B, D) and text features (C, D)."""

    @property
    def columns(self) -> slice:
        """The columns of a row of image features that `score` uses; by default the shared space."""
        return slice(0, self.embed_dim)

    def forward(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """Logits of each image for each class.

        Args:
            image_features: (B, E) whole rows, or their first D columns if no more are used.
            text_features: (C, X), one row per class name, from `evaluation.metrics.name_inputs`: (C, D) text features,
                followed by the names' codes if there are `row_heads`.

        Returns:
            (B, C), scaled by `logit_scale`.

        Raises:
            ValueError: A shape does not fit.
        """
        if not self.row_heads:
            return self.plain(image_features, text_features)
        width = self.row_heads[0].width
        if image_features.ndim != 2 or image_features.shape[1] != width:
            raise ValueError(f"image features must be (N, {width}), not {tuple(image_features.shape)}")
        inputs, codes = text_features[:, :-CODE_LENGTH], text_features[:, -CODE_LENGTH:]
        return self.with_heads(self.below_heads(image_features, inputs, codes), image_features, codes)

    def below_heads(self, rows: Tensor, inputs: Tensor, codes: Tensor) -> Tensor:  # noqa: ARG002 - not every method
        """Logits (B, C) that the `row_heads` add to, as `plain` unless trained names need to be told from others."""
        return self.plain(rows, inputs)

    def with_heads(self, logits: Tensor, rows: Tensor, codes: Tensor) -> Tensor:
        """Logits (B, C) of names with codes (C, `CODE_LENGTH`) for rows (B, E), given those of `plain`."""
        for head in self.row_heads:
            logits = head(logits, rows, codes)
        return logits

    def plain(self, image_features: Tensor, text_features: Tensor) -> Tensor:
        """Logits (B, C) as `forward`, without the `row_heads` and for names without codes."""
        if text_features.ndim != 2 or text_features.shape[1] != self.embed_dim:
            raise ValueError(f"text features must be (N, {self.embed_dim}), not {tuple(text_features.shape)}")
        images = self._used(image_features) if self.of_any_length else self.images(image_features)
        return self.score(images, self._unit(text_features))

    def for_names(self, inputs: Tensor, beside: Tensor | None = None) -> Scorer:  # noqa: ARG002 - not every method has
        """`forward` for names that do not change, for many rows: a method works out once what follows from names.

        Whole rows are multiplied once: with the heads, and on the way with `beside` (J, E).
        """
        return Scorer(lambda rows, _products: (self(rows, inputs), None))

    def images(self, rows: Tensor) -> Tensor:
        """The columns of rows that `score` uses, with unit length."""
        return self._unit(self._used(rows))

    def _used(self, rows: Tensor) -> Tensor:
        columns = self.columns
        if rows.ndim != 2 or rows.shape[1] < columns.stop:
            raise ValueError(f"image features must be (N, {columns.stop}) or wider, not {tuple(rows.shape)}")
        return rows[:, columns].to(self._dtype)

    def cosines(self, rows: Tensor, text_features: Tensor) -> Tensor:
        """(B, C) cosines of images and class names before training."""
        return self._unit(rows[:, : self.embed_dim]) @ self._unit(text_features).T

    def begin(self, start: Start) -> None:
        """Initialise from the shots. Called once, before the first step."""

    def loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Tensor:
        """The training loss: cross-entropy of a batch, plus the method's own terms.

        Args:
            images: (B, E) whole rows.
            targets: (B,) indices into `texts`.
            texts: (K, D), all base classes.
        """
        logits = self.plain(images, texts) / self.own_temperature
        return functional.cross_entropy(logits, targets, self.class_weights)

    def closed_loss(self, images: Tensor, targets: Tensor, texts: Tensor) -> Evaluate | None:
        """`loss` with its gradient as a function of all parameters, if a method has it in closed form."""

    def finish(self, images: Tensor, targets: Tensor, texts: Tensor) -> None:
        """Choose hyperparameters on validation images, if there are any. Called after the last step."""

    def reserve(self) -> None:
        """Make what `begin` adds to the module, empty, to be loaded from a file. For methods that add something."""

    def new_head(self) -> VisualHead:
        return VisualHead(self.sizes.classes, self.sizes.row, self.logit_scale)

    def attach_head(self, start: Start) -> None:
        """Fit a visual head to the shots and attach it; called after `begin`, before the first step."""
        cosines = self.cosines(start.images, start.names)
        importance = None if start.class_weights is None else start.class_weights[start.labels]
        self.left_out_fit = fit_head(start.images, start.labels, cosines, self.logit_scale, start.copies, importance)
        self.head = self.new_head().to(start.images.device)
        self.head.load_fit(self.left_out_fit, start.codes)

    def attach(self, tower: TextTower) -> None:
        """Receive the backbone's text encoder, before everything but loading and saving, if the row `needs_encoder`."""

    def name_inputs(self, names: Sequence[str]) -> Tensor | None:
        """(C, X) float32 inputs of its own for class names, such as token ids; None if it reads their text features."""

    def example_texts(self, texts: Tensor) -> Tensor | None:
        """At most C inputs on which the weights from a file are tried, given random text features (C, D).

        None if they cannot be tried without the text encoder.
        """
        return texts

    def fixed(self, inputs: Tensor, count: int) -> nn.Module:
        """A module that can be traced, from rows (N, E) to logits (N, `count`).

        `inputs` (C + K, X) are those of the `count` C names, then of further names that it attends to.
        """
        return FixedNames(self, inputs, count)

    def balance_head(self, start: Start) -> None:
        """Set the head's balance between trained and other names after the training; by default it stays 0."""

    def left_out(self, rows: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Leave-one-out logits (M, C) of the shots `left_out_fit.left_out_rows`, and their zero-shot logits (M, C).

        They are those of zero-shot with the head, which are exact. For methods that are `left_out` in the table.

        Args:
            rows: (N, E) of the shots.
            inputs: (C, X) class names, with codes.
        """
        fit = self.left_out_fit
        if self.head is None or fit is None:
            raise ValueError("there is no visual head")
        device = self.head.codes.device  # the fit stays where it was made, and the rows come from memory
        inputs, judged = inputs.to(device), rows[fit.left_out_rows.to(rows.device)].to(device)
        codes = inputs[:, -CODE_LENGTH:]
        plain = self.logit_scale * self.cosines(judged, inputs[:, : self.embed_dim])
        return self.head.joined(plain, fit.left_out.to(device), codes), plain

    def _unit(self, features: Tensor) -> Tensor:
        return functional.normalize(features.to(self._dtype), dim=-1)

    @property
    def _dtype(self) -> torch.dtype:
        parameter = next(self.parameters(), None)
        return torch.float32 if parameter is None else parameter.dtype

    @property
    def device(self) -> torch.device:
        """The device of its tensors; the CPU if it has none."""
        tensor = next(chain(self.parameters(), self.buffers()), None)
        return torch.device("cpu") if tensor is None else tensor.device

    def parameter_count(self) -> int:
        """Number of trained numbers, including those of its heads."""
        count = sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)
        return count + sum(head.parameter_count() for head in self.row_heads)


class ZeroShot(Adapter):
    """The frozen backbone's own predictions, the baseline of every method: logits s · cos(image, text)."""

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        return self.logit_scale * images @ texts.T


class FixedNames(nn.Module):
    """Logits (N, `count`) of an adapter for rows (N, E) and names that do not change; see `Adapter.fixed`."""

    texts: Tensor

    def __init__(self, adapter: Adapter, inputs: Tensor, count: int) -> None:
        super().__init__()
        self.adapter, self.count = adapter, count
        self.register_buffer("texts", inputs)

    def forward(self, rows: Tensor) -> Tensor:
        """Logits, without those of the context."""
        logits: Tensor = self.adapter(rows, self.texts)[:, : self.count]
        return logits


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
    """Create an untrained adapter on the CPU, initialised from `seed` without changing the global random state.

    `options` are as `resolve_options` returns them; one that is left out has its default. With `trained` it includes
    the visual head if its options ask for one and there are classes for it, and the transduction of `sizes.names`; a
    training adds both itself.

    Raises:
        UserError: The method is unknown, or the embedding size does not suit it.
    """
    spec = find_method(method_id)
    chosen = {option.name: option.default for option in spec.options} | dict(options or {})
    with_head = bool(chosen.pop(VISUAL_HEAD, spec.is_probe))
    module, name = spec.adapter.split(".")
    kind: Callable[..., Adapter] = getattr(importlib.import_module(f"mma_desktop.engine.methods.{module}"), name)
    # The state of torch's generator is that of the caller again afterwards.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed % 2**63)  # `torch.manual_seed` would seed every device
        try:
            adapter = kind(embed_dim, logit_scale, *([sizes] if spec.sizes else []), **chosen)
        except UserError:
            raise
        except ValueError as error:
            raise UserError.tr(
                "{method} does not fit this backbone: {reason}.", method=tr(spec.title), reason=error
            ) from error
    adapter.sizes = sizes  # set for all methods, because a visual head needs them
    if trained:
        adapter.reserve()
    if with_head and trained and sizes.classes:
        # Empty, of the shape that the file's tensors have.
        adapter.head = adapter.new_head()
    if trained and sizes.names:
        adapter.transduction = VisualHead(sizes.names, sizes.row, 1.0)
    return adapter


def sizes_of(adapter: Adapter, method_id: str, options: Mapping[str, Any]) -> dict[str, int]:
    """The dimensions that the shapes of a trained adapter depend on, by name, for its checkpoint."""
    names, known = find_method(method_id).sizes_with(options), adapter.transduction
    sizes = {name: getattr(adapter.sizes, name) for name in names}
    return sizes if known is None else {**sizes, "row": known.width, "names": len(known.codes)}


SAME_NAME = 1 - 2e-4  # cosine from which on a text is an anchor itself, whatever was rounded


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
        return functional.one_hot(place, len(self.anchors)).to(texts) * (nearest > SAME_NAME).to(texts).unsqueeze(1)
