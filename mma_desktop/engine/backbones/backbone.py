"""Base class of all backbones: batches, devices, precision, memory. The models are in the other modules."""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mma_desktop.core.errors import UserError, first_line, out_of_memory
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import thread_pool
from mma_desktop.core.types import ImageSpec
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.backbones.on_processor import CompiledTower
from mma_desktop.engine.backbones.text_tower import TextParts, TextTower, cannot_learn
from mma_desktop.engine.device import on_threads

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

TEXT_BATCH = 128  # texts encoded at a time, which bounds the memory
HALF_PRECISION = ("cuda", "mps")


class Backbone(ABC):
    """A frozen image encoder and text encoder with a shared feature space.

    Used from one thread at a time. Half precision on CUDA and MPS, float32 elsewhere. If memory runs out, the batch
    size is halved permanently; if the device fails, the model moves to the CPU. Both are reported in `messages`.

    Attributes:
        tower: The image encoder as one module, from normalised images (B, 3, size, size) to rows (B, `layout.width`).
            It may be given as a function that loads it, when it is first needed: not for images that are known.
        id: The backbone's id in the table.
        fingerprint: Twelve hexadecimal digits that identify the weights, the preprocessing and the mapping to the
            shared space. Cached features and checkpoints are keyed by it.
        layout: The parts of a row of image features.
        logit_scale: exp(logit scale), the factor for cosines before a softmax over classes.
        image_spec: Preprocessing of images.
        device: Where the model is.
        messages: Messages for the user about fallbacks taken so far.
    """

    processor_batch: ClassVar[int | None] = None
    """Images per forward pass on the CPU, if smaller batches are faster because they fit in its cache."""

    texts_together: ClassVar[int] = 1
    """Texts per forward pass on the CPU, see `_text_groups`."""

    compiled: bool = True
    """Whether OpenVINO may run the image encoder on the CPU; false once it could not."""

    def __init__(
        self,
        backbone_id: str,
        fingerprint: str,
        layout: RowLayout,
        logit_scale: float,
        image_spec: ImageSpec,
        device: torch.device,
        tower: nn.Module | Callable[[], nn.Module],
        messages: Sequence[str] = (),
        *,
        model: nn.Module | None = None,
    ) -> None:
        self.id = backbone_id
        self.fingerprint = fingerprint
        self.layout = layout
        self.logit_scale = logit_scale
        self.image_spec = image_spec
        self.device = device
        self.messages = list(messages)
        self._tower = tower
        loaded = tower if isinstance(tower, nn.Module) else nn.Identity()
        self._model = (loaded if model is None else model).eval().requires_grad_(False)
        self._mean = torch.tensor(image_spec.mean).view(1, 3, 1, 1) * 255.0
        self._std = torch.tensor(image_spec.std).view(1, 3, 1, 1) * 255.0
        self._limit: int | None = None
        self._compiled: CompiledTower | None = None
        self._place(device)

    @property
    def tower(self) -> nn.Module:
        if not isinstance(self._tower, nn.Module):
            with torch.inference_mode(mode=False):
                self._tower = self._model = self._tower().eval().requires_grad_(False)
                self._place(self.device)
        return self._tower

    @property
    def file_stem(self) -> str:
        """What files of this version of the backbone are called."""
        return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', self.id)}-{self.fingerprint}"

    @property
    def embed_dim(self) -> int:
        """Size D of the shared space."""
        return self.layout.embed_dim

    def need_projection(self) -> Floats:
        """(P, D) final linear projection of the image encoder.

        Raises:
            UserError: The image encoder does not end in one.
        """
        raise UserError.tr(
            "The image encoder of the backbone {backbone} does not end in a linear projection that "
            "could be trained. Choose another method, or another backbone.",
            backbone=self.id,
        )

    @cached_property
    def background(self) -> Floats | None:
        """(V, D) unit text features of what images often show: ImageNet's 1,000 classes.

        None where a backbone would have to read them first, which takes a minute: nothing tells then whether an image
        shows a class that is only named, and it keeps that name.
        """
        return None

    @abstractmethod
    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Features (N, D) of texts, not normalised."""

    def _text_groups(self, texts: Sequence[str]) -> list[list[int]]:
        """The positions of texts that share a forward pass on the CPU, at most `texts_together` of equal length."""
        # Loads what encoding them needs, which happens on several threads.
        return [[at] for at in range(len(texts))]

    many_languages = False
    """Whether the text encoder was trained on many languages rather than on English alone."""

    takes_names = False
    """Whether `encode_texts` also takes names in other languages, after `class_names.FOREIGN`."""

    def _text_parts(self) -> TextParts:
        """The parts of the text encoder for prompt learning; raises as `text_tower`."""
        raise cannot_learn(self.id)

    def text_tower(self) -> TextTower:
        """The text encoder for prompt-learning methods; its weights stay frozen.

        Raises:
            UserError: This text encoder does not support prompt learning.
        """
        parts = self._text_parts()

        def encode(tokens: torch.Tensor) -> torch.Tensor:
            return self._in_memory(parts.encode, tokens)

        return TextTower(self.id, parts._replace(encode=encode))

    def _in_memory(self, encode: Callable[[torch.Tensor], torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
        # The batch cannot be halved here: the training method chooses it.
        try:
            return encode(tokens)
        except (RuntimeError, MemoryError) as error:
            if out_of_memory(error):
                raise UserError.tr(
                    "There is not enough memory to learn prompts with the backbone {backbone}. Close other "
                    "programs, choose a smaller backbone such as the starter, or another method.",
                    backbone=self.id,
                ) from error
            raise

    @property
    def dtype(self) -> torch.dtype:
        return torch.float16 if self.device.type in HALF_PRECISION else torch.float32

    def encode_images(self, images: Pictures) -> Floats:
        """Encode images resized and cropped according to `image_spec`.

        Args:
            images: (B, size, size, 3) uint8, RGB.

        Returns:
            (B, `layout.width`) float32, rows with the parts of `layout`.

        Raises:
            ValueError: They have another shape or type.
            UserError: Not even one image fits in memory.
        """
        size = self.image_spec.size
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != (size, size, 3):
            raise ValueError(f"pictures must be uint8 (B, {size}, {size}, 3), not {images.dtype} {images.shape}")

        def rows(start: int, end: int) -> torch.Tensor:
            some = images[start:end]
            if self.compiled and self.device.type == "cpu":
                encoded = self._by_openvino(some)
                if encoded is not None:
                    return encoded
            size = self.processor_batch if self.processor_batch and self.device.type == "cpu" else len(some)
            parts = [self.tower(self._prepared(some[at : at + size])) for at in range(0, len(some), size)]
            return parts[0] if len(parts) == 1 else torch.cat(parts)

        return self._in_batches(len(images), len(images), rows, self.layout.width)

    def _by_openvino(self, images: Pictures) -> torch.Tensor | None:
        """Rows of images; None if torch has to compute them, which handles lack of memory itself."""
        try:
            if self._compiled is None:
                self._compiled = CompiledTower(lambda: self.tower, self.image_spec, self.file_stem, self.layout)
            return torch.from_numpy(self._compiled.encode(images))
        except Exception as error:  # noqa: BLE001 - converters raise anything, as does a missing library
            self._compiled, self.compiled = None, False
            reason = first_line(error)[:200]
            log.warning("OpenVINO does not run %s (%s), so torch does, more slowly.", self.id, reason)
            return None

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Encode texts, such as prompts with class names inserted.

        On the CPU a text's features do not depend on the other texts or the number of threads, bit for bit: the window
        asks for a name when it is typed, a command for all at once, and a training must not differ by that.

        Returns:
            (N, D) float32, unit length.

        Raises:
            UserError: Not even one text fits in memory.
        """

        def encode(first: int, end: int) -> torch.Tensor:
            some = texts[first:end]
            return self._in_groups(some) if self.device.type == "cpu" else self._unit(some)

        return self._in_batches(len(texts), TEXT_BATCH, encode, self.embed_dim)

    def _unit(self, texts: Sequence[str]) -> torch.Tensor:
        return nn.functional.normalize(self._encode_texts(texts).float(), dim=-1)

    def _in_groups(self, texts: Sequence[str]) -> torch.Tensor:
        # One shape of a forward pass for each length, and one thread of torch, or sums would end in other digits.
        groups, threads = self._text_groups(texts), torch.get_num_threads()
        out = torch.empty(len(texts), self.embed_dim)

        def encode(group: list[int]) -> None:
            filled = [*group, *group[:1] * (self.texts_together - len(group))]
            with torch.inference_mode(), on_threads(1):
                out[group] = self._unit([texts[at] for at in filled])[: len(group)]

        with thread_pool(min(threads, len(groups)), "mma-texts") as pool:
            list(pool.map(encode, groups))
        torch.set_num_threads(threads)  # a number that is set on one thread is also that of threads to come
        return out

    def _prepared(self, images: Pictures) -> torch.Tensor:
        # Torch does not support read-only arrays.
        array = images if images.flags.writeable and images.flags.c_contiguous else images.copy()
        # Moved as bytes, which are smaller than floats, and normalised on the device.
        batch = torch.from_numpy(array).to(self.device).permute(0, 3, 1, 2)
        prepared = batch.to(torch.float32).sub_(self._mean).div_(self._std).to(self.dtype)
        return prepared.contiguous(memory_format=torch.channels_last)

    def _in_batches(self, count: int, batch: int, encode: Callable[[int, int], torch.Tensor], width: int) -> Floats:
        out = np.empty((count, width), np.float32)
        start = 0
        while start < count:
            step = min(batch, count - start, self._limit or batch)
            try:
                with torch.inference_mode():
                    out[start : start + step] = encode(start, start + step).float().cpu().numpy()
            except (RuntimeError, MemoryError) as error:
                self._recover(error, step)
                continue
            start += step
        return out

    def _recover(self, error: RuntimeError | MemoryError, step: int) -> None:
        """Halve the batch size, or move off a failed device; re-raises other errors."""
        if out_of_memory(error):
            if step > 1:
                self._limit = step // 2
                log.warning("out of memory on %s with a batch of %d, going on with %d", self.device, step, self._limit)
                self._add_message(
                    tr("Memory ran out on {device}; the batches were made smaller.", device=self.device.type)
                )
                module = getattr(torch, self.device.type, None)
                if module is not None and hasattr(module, "empty_cache"):
                    module.empty_cache()
                return
            if self.device.type == "cpu":
                raise UserError.tr(
                    "There is not enough memory for the backbone {backbone}, even for one at a time. Close "
                    "other programs, or choose a smaller image model such as the starter.",
                    backbone=self.id,
                ) from error
        elif self.device.type == "cpu":
            raise error
        self._leave_device(error)

    def _leave_device(self, error: RuntimeError | MemoryError) -> None:
        failed = self.device
        log.warning("device %s failed, moving to the processor", failed, exc_info=error)
        try:
            self._place(torch.device("cpu"))
        except RuntimeError:
            # A broken CUDA context cannot even return the weights.
            raise UserError.tr(
                "The device {device} failed ({reason}). Choose the device cpu and start again.",
                device=failed,
                reason=first_line(error),
            ) from error
        self._limit = None
        self._add_message(
            tr(
                "The device {device} failed ({reason}), so the processor (cpu) is used.",
                device=failed,
                reason=first_line(error),
            )
        )

    def _place(self, device: torch.device) -> None:
        self.device = device
        self._model = self._model.to(device=device, dtype=self.dtype)
        # Only convolutions benefit; Module.to with a memory format changes only 4-dimensional weights.
        self._model = self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mean, self._std = self._mean.to(device), self._std.to(device)

    def _add_message(self, message: str) -> None:
        if message not in self.messages:
            self.messages.append(message)
