"""What every backbone does: batches, devices, precision, memory. The models themselves are in the other modules."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mma_desktop.domain import ImageSpec, UserError
from mma_desktop.engine.backbones.projection import BeforeProjection, Projection, no_projection
from mma_desktop.engine.backbones.text_tower import BackboneTextTower, TextParts, cannot_learn
from mma_desktop.engine.device import first_line
from mma_desktop.words import tr

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pictures = NDArray[np.uint8]

TEXT_BATCH = 128
HALF_PRECISION = ("cuda", "mps")


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out: CUDA's and MPS's own, or the processor's allocator."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


class ImageTower(nn.Module):
    """Unit features of normalised pictures (B, 3, size, size); made by `Backbone.image_tower`."""

    def __init__(self, part: nn.Module, encode: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.part, self._encode = part, encode

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Features (B, D), or (B, P) before the projection."""
        return nn.functional.normalize(self._encode(pictures).float(), dim=-1)


class Backbone(ABC):
    """A frozen image encoder and text encoder that meet in one space.

    Used from one thread at a time. Half precision on CUDA and MPS, float32 elsewhere. When memory runs out the batch
    is halved and stays so; when the device itself fails the model moves to the processor. Both are told in `messages`.

    Attributes:
        id: The backbone's id in the table.
        fingerprint: Twelve hexadecimal digits over weights, preparation of pictures and the way to the common space.
            Cached features and checkpoints are keyed by it.
        embed_dim: Size D of the common space.
        logit_scale: exp(logit scale), to multiply cosines with before a softmax over classes.
        image_spec: How a picture becomes an input.
        device: Where the model is.
        messages: What the person should know: fallbacks taken at loading or since.
    """

    processor_batch: ClassVar[int | None] = None
    """Pictures in one pass on the processor where fewer than asked for run faster, because they stay in its cache."""

    def __init__(
        self,
        backbone_id: str,
        fingerprint: str,
        embed_dim: int,
        logit_scale: float,
        image_spec: ImageSpec,
        device: torch.device,
        model: nn.Module,
        messages: Sequence[str] = (),
    ) -> None:
        self.id = backbone_id
        self.fingerprint = fingerprint
        self.embed_dim = embed_dim
        self.logit_scale = logit_scale
        self.image_spec = image_spec
        self.device = device
        self.messages = list(messages)
        self._model = model.eval().requires_grad_(False)
        self._mean = torch.tensor(image_spec.mean).view(1, 3, 1, 1) * 255.0
        self._std = torch.tensor(image_spec.std).view(1, 3, 1, 1) * 255.0
        self._limit: int | None = None
        self._place(device)

    @abstractmethod
    def _encode_images(self, pictures: torch.Tensor) -> torch.Tensor:
        """Features (B, D) of prepared pictures (B, 3, H, W), of any length."""

    @abstractmethod
    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Features (N, D) of texts, of any length."""

    many_languages = False
    """Whether the text encoder was trained on many languages, not on English alone."""

    def text_pieces(self, word: str) -> list[str]:  # noqa: ARG002 - a backbone that cannot tell tells nothing
        """The pieces the tokenizer reads a word in: one for a word it knows, none where that cannot be told."""
        return []

    def _text_parts(self) -> TextParts | None:
        """The text encoder in parts, so that vectors can be learned in front of it; None where it has none."""
        return None

    def text_tower(self) -> BackboneTextTower:
        """The text encoder for methods that learn prompts; its weights stay frozen.

        Raises:
            UserError: Nothing can be learned in front of this one.
        """
        parts = self._text_parts()
        if parts is None:
            raise cannot_learn(self.id)

        def encode(tokens: torch.Tensor) -> torch.Tensor:
            return self._in_memory(parts.encode, tokens)

        return BackboneTextTower(self.id, parts._replace(encode=encode))

    def _image_part(self) -> nn.Module:
        """What of the model `_encode_images` runs."""
        return self._model

    def image_tower(self, *, before: bool = False) -> ImageTower:
        """The image encoder alone, to be traced, up to its projection where `before` is set.

        Raises:
            UserError: It does not end in a matrix, and `before` is set.
        """
        encode: Callable[[torch.Tensor], torch.Tensor] = self._encode_images
        if before:
            projection = self._projection()
            if projection is None:
                raise no_projection(self.id)
            encode = projection.encode
        return ImageTower(self._image_part(), encode)

    def _projection(self) -> Projection | None:
        """The linear projection that its image encoder ends in; None where it ends otherwise."""
        return None

    def before_projection(self) -> BeforeProjection:
        """This backbone without its last matrix, for methods that train that.

        Raises:
            UserError: Its image encoder does not end in a matrix.
        """
        projection = self._projection()
        if projection is None:
            raise no_projection(self.id)
        width = len(projection.matrix)

        def encode(pictures: Pictures) -> Floats:
            return self._in_picture_batches(pictures, projection.encode, width)

        return BeforeProjection(self.id, projection.matrix, self.image_spec, encode)

    def _in_memory(self, encode: Callable[[torch.Tensor], torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
        """Encode tokens; a batch cannot be halved here, since what is learned from it is chosen elsewhere."""
        try:
            return encode(tokens)
        except (RuntimeError, MemoryError) as error:
            if out_of_memory(error):
                raise UserError(
                    tr(
                        "There is not enough memory to learn prompts with the backbone {backbone}. Close other "
                        "programs, choose a smaller backbone such as the starter, or another method.",
                        backbone=self.id,
                    )
                ) from error
            raise

    @property
    def dtype(self) -> torch.dtype:
        """The precision the model runs in."""
        return torch.float16 if self.device.type in HALF_PRECISION else torch.float32

    def encode_images(self, pictures: Pictures) -> Floats:
        """Encode pictures that were resized and cut per `image_spec`.

        Args:
            pictures: (B, size, size, 3) uint8, RGB.

        Returns:
            (B, D) float32 of length 1.

        Raises:
            ValueError: Shape or type is another.
            UserError: Even one picture does not fit in memory.
        """
        return self._in_picture_batches(pictures, self._encode_images, self.embed_dim)

    def _in_picture_batches(
        self, pictures: Pictures, encode: Callable[[torch.Tensor], torch.Tensor], width: int
    ) -> Floats:
        size = self.image_spec.size
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1:] != (size, size, 3):
            raise ValueError(f"pictures must be uint8 (B, {size}, {size}, 3), not {pictures.dtype} {pictures.shape}")
        batch = self.processor_batch if self.processor_batch and self.device.type == "cpu" else len(pictures)
        return self._in_batches(len(pictures), batch, lambda a, b: encode(self._prepared(pictures[a:b])), width)

    def encode_texts(self, texts: Sequence[str]) -> Floats:
        """Encode texts, such as prompts with class names filled in.

        Returns:
            (N, D) float32 of length 1.

        Raises:
            UserError: Even one text does not fit in memory.
        """
        return self._in_batches(len(texts), TEXT_BATCH, lambda a, b: self._encode_texts(texts[a:b]), self.embed_dim)

    def _prepared(self, pictures: Pictures) -> torch.Tensor:
        """Move bytes, not floats, to the device and normalise there; channels last is the order they come in."""
        # A copy where the array is read-only, which torch cannot represent.
        array = pictures if pictures.flags.writeable and pictures.flags.c_contiguous else pictures.copy()
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
                    features = nn.functional.normalize(encode(start, start + step).float(), dim=-1)
                    out[start : start + step] = features.cpu().numpy()
            except (RuntimeError, MemoryError) as error:
                self._recover(error, step)
                continue
            start += step
        return out

    def _recover(self, error: RuntimeError | MemoryError, step: int) -> None:
        """Halve the batch, or leave a device that failed; anything else goes on up."""
        if out_of_memory(error):
            if step > 1:
                self._limit = step // 2
                log.warning("out of memory on %s with a batch of %d, going on with %d", self.device, step, self._limit)
                self._tell(tr("Memory ran out on {device}; the batches were made smaller.", device=self.device.type))
                self._free()
                return
            if self.device.type == "cpu":
                raise UserError(
                    tr(
                        "There is not enough memory for the backbone {backbone}, even for one at a time. Close "
                        "other programs, or choose a smaller backbone such as the starter.",
                        backbone=self.id,
                    )
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
            # A broken context does not even give the weights back.
            raise UserError(
                tr(
                    "The device {device} failed ({reason}). Choose the device cpu and start again.",
                    device=failed,
                    reason=first_line(error),
                )
            ) from error
        self._limit = None
        self._tell(
            tr(
                "The device {device} failed ({reason}), so the processor (cpu) is used.",
                device=failed,
                reason=first_line(error),
            )
        )

    def _place(self, device: torch.device) -> None:
        self.device = device
        self._model = self._model.to(device=device, dtype=self.dtype)
        # Only convolutions care for the order in memory; Module.to with a memory format touches 4-dimensional weights.
        self._model = self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._mean, self._std = self._mean.to(device), self._std.to(device)

    def _free(self) -> None:
        module = getattr(torch, self.device.type, None)
        if module is not None and hasattr(module, "empty_cache"):
            module.empty_cache()

    def _tell(self, message: str) -> None:
        if message not in self.messages:
            self.messages.append(message)
