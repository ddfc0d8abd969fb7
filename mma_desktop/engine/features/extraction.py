"""The one way from images to rows: read and decoded in threads ahead of the encoder, known rows from a cache."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.events import CancelToken, Eta, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import fetch_ahead, thread_pool
from mma_desktop.core.types import OTHER_REASON, ImageSpec, Reason
from mma_desktop.engine.backbones.backbone import Backbone, Pictures
from mma_desktop.engine.device import usable_cores
from mma_desktop.engine.features.feature_cache import FeatureCache, Floats, as_stored
from mma_desktop.engine.features.shared_cache import SharedCache

log = logging.getLogger(__name__)

Key = TypeVar("Key")
Cache = FeatureCache | SharedCache

# Few, because the caller may still reorder what was not taken from it.
LOOKUP_CHUNK = 64
# Of rows that are gathered together.
KNOWN_CHUNK = 256
BATCH = 32  # images; on a CPU each is an inference of its own in any case
FLUSH_SECONDS = 5.0  # what a killed process has to encode again
POLL_SECONDS = 0.1  # how soon a cancel is noticed


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """An image that was read: the SHA-256 (32 bytes) of its content, and what decodes it for the encoder."""

    digest: bytes
    decode: Callable[[], Pictures]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedImage(Generic[Key]):
    """An image that was looked at: its row (W,), or the error for which it has no row and an empty `digest`."""

    key: Key
    digest: bytes
    row: Floats | None = None
    error: Exception | None = None


class _Looking(Generic[Key]):
    """State of the work: the batch of decoded images, what waits for it, and rows that are not in the cache yet."""

    def __init__(
        self,
        backbone: Backbone,
        cache: Cache | None,
        read: Callable[[Key], Content],
        batch_size: int,
        *,
        gathers: bool,
    ) -> None:
        if cache is not None and cache.width != backbone.layout.width:
            raise ValueError(f"a cache of {cache.width} dimensions for a backbone of {backbone.layout.width}")
        size = backbone.image_spec.size
        self._backbone, self._cache, self._read, self._gathers = backbone, cache, read, gathers
        self._batch_size = batch_size
        self._batch: Pictures | None = None
        self._shape = (size, size, 3)
        self._digests: list[bytes] = []  # of the images in the batch
        self._waiting: list[EncodedImage[Key]] = []
        self._fresh: dict[bytes, Floats] = {}
        self._saved = time.monotonic()

    def blocks(
        self, keys: Iterable[Key | None], workers: int | None = None, cancel: CancelToken | None = None
    ) -> Generator[list[EncodedImage[Key]], None, None]:
        """Images in their order, some at a time; after a key that is None at once."""
        cancel = cancel or CancelToken()
        # A thread per core, but no more than four, because the forward pass is nearly always the bottleneck.
        workers = workers or min(4, usable_cores())

        def started() -> Iterator[tuple[Key, Future[tuple[bytes, Pictures | None]]] | None]:
            for key in keys:
                yield None if key is None else (key, pool.submit(self._decode_unknown, key))

        try:
            with thread_pool(workers, "mma-decode") as pool:
                for block in fetch_ahead(started(), 2 * self._batch_size + workers):
                    cancel.raise_if_cancelled()
                    if block is not None:
                        self._add(*block, cancel)
                    if len(self._digests) == self._batch_size or len(self._waiting) >= LOOKUP_CHUNK * self._batch_size:
                        self._encode()
                        yield self._drained()
                    elif block is None or (not self._digests and len(self._waiting) >= self._least):
                        yield [] if self._digests else self._drained()
                self._encode()
            yield self._drained()
        finally:
            self._flush()

    @property
    def _least(self) -> int:
        """How many images for which nothing is left to be done are handed on together."""
        return KNOWN_CHUNK if self._gathers else 1

    def _decode_unknown(self, key: Key) -> tuple[bytes, Pictures | None]:
        """Read an image and, unless it is known, decode it. On the decoders' threads."""
        content = self._read(key)
        return content.digest, None if self._knows(content.digest) else content.decode()

    def _knows(self, digest: bytes) -> bool:
        return self._cache is not None and bool(self._cache.rows([digest])[0] >= 0)

    def _add(self, key: Key, future: Future[tuple[bytes, Pictures | None]], cancel: CancelToken) -> None:
        """Add a decoded image to the batch, or record why it failed."""
        try:
            while not future.done():  # the disk may be slow
                cancel.raise_if_cancelled()
                wait([future], POLL_SECONDS)
            digest, image = future.result()
            if image is not None and not (digest in self._fresh or digest in self._digests or self._knows(digest)):
                self._put(digest, image)
        except Exception as error:  # a decoder may raise anything
            cancel.raise_if_cancelled()
            log.info("a picture has no features", exc_info=True)  # its place is the user's own
            self._waiting.append(EncodedImage(key, b"", error=_without_frames(error)))
        else:
            self._waiting.append(EncodedImage(key, digest))

    def _put(self, digest: bytes, image: Pictures) -> None:
        if image.shape != self._shape or image.dtype != np.uint8:
            raise ValueError(f"a picture came decoded as {image.dtype} {image.shape}")
        if self._batch is None:
            self._batch = np.empty((self._batch_size, *self._shape), np.uint8)
        self._batch[len(self._digests)] = image
        self._digests.append(digest)

    def _encode(self) -> None:
        if self._digests and self._batch is not None:
            rows = self._backbone.encode_images(self._batch[: len(self._digests)])
            self._fresh.update(zip(self._digests, rows, strict=True))
            self._digests = []

    def _drained(self) -> list[EncodedImage[Key]]:
        """What waited, with its rows; then write fresh rows, every few seconds rather than after every batch."""
        images, self._waiting = self._waiting, []
        if self._gathers:
            images = self._with_rows(images)
        if self._cache is None:
            self._fresh = {}
        elif time.monotonic() - self._saved >= FLUSH_SECONDS:
            self._flush()
        return images

    def _with_rows(self, images: list[EncodedImage[Key]]) -> list[EncodedImage[Key]]:
        known = [image.digest for image in images if image.error is None and image.digest not in self._fresh]
        if known and self._cache is not None:
            # They may have been edited, or another process may have deleted them since they were found there.
            self._cache.verify(known)
            there = dict(zip(known, (self._cache.rows(known) >= 0).tolist(), strict=True))
            images = [image if there.get(image.digest, True) else self._again(image) for image in images]
            known = [digest for digest, kept in there.items() if kept]
        rows, cache = dict(self._fresh), self._cache
        if rows and isinstance(cache, FeatureCache):  # a project's, which rounds what it keeps
            rows = dict(zip(rows, as_stored(np.stack(list(rows.values())), cache.embed_dim), strict=True))
        if known and cache is not None:
            kept = cache.exact_rows(known) if isinstance(cache, SharedCache) else cache.gather_rows(known)
            rows |= zip(known, kept, strict=True)
        return [image if image.error is not None else replace(image, row=rows[image.digest]) for image in images]

    def _again(self, image: EncodedImage[Key]) -> EncodedImage[Key]:
        """Encode an image whose row was found in the cache, and then was of no use or pushed out."""
        try:
            content = self._read(image.key)
            if content.digest not in self._fresh:
                self._put(content.digest, content.decode())
        except Exception as error:  # as in `_add`
            log.info("a picture has no features any more", exc_info=True)
            return replace(image, digest=b"", error=_without_frames(error))
        self._encode()
        return replace(image, digest=content.digest)

    def _flush(self) -> None:
        # Cleared first: if the disk is full, cleanup code must not try to write them again.
        fresh, self._fresh, self._saved = self._fresh, {}, time.monotonic()
        if not fresh or self._cache is None:
            return
        try:
            self._cache.append(list(fresh), np.stack(list(fresh.values())))
        except UserError as error:
            if not self._gathers:
                raise
            log.warning("what was seen is not kept: %s", error)


def _without_frames(error: Exception) -> Exception:
    """The error without what its frames hold: half decoded images, and the future that holds the error."""
    cause: BaseException | None = error
    while cause is not None:
        # A traceback keeps all locals of its frames, here whole images, for as long as the error is shown.
        cause.__traceback__ = None
        cause = cause.__context__
    return error


def rows_of(
    backbone: Backbone,
    cache: Cache | None,
    keys: Iterable[Key],
    read: Callable[[Key], Content],
    workers: int | None = None,
    cancel: CancelToken | None = None,
) -> Generator[list[EncodedImage[Key]], None, None]:
    """The rows of images, in the order of their keys, some at a time, lazily.

    `read` reads the image of a key, once, on one of the `workers` threads named mma-decode. What is in the cache by
    its content is neither decoded nor encoded; what is not is encoded in batches and kept there, or nowhere without a
    cache. An image whose `read` or `decode` raises has that error.

    Raises:
        Cancelled: It was cancelled; encoded features are kept.
        UserError: The cache is damaged, or not even one image fits in memory.
    """
    work: _Looking[Key] = _Looking(backbone, cache, read, BATCH, gathers=True)
    yield from work.blocks(keys, workers, cancel)


def reason_of(error: Exception) -> Reason:
    """Why an image has no row."""
    if isinstance(reason := getattr(error, "reason", None), Reason):  # set by the image reader
        return reason
    if isinstance(error, UserError):
        return OTHER_REASON.of(text=str(error))
    if isinstance(error, OSError) and error.strerror:
        return OTHER_REASON.of(text=error.strerror)
    return OTHER_REASON.of(text=f"{type(error).__name__}: {first_line(error)}")


def embed(
    backbone: Backbone,
    cache: Cache,
    items: Iterable[tuple[bytes, Key]],
    load: Callable[[Key, ImageSpec], Pictures],
    total: int | None = None,
    batch_size: int = BATCH,
    workers: int | None = None,
    cancel: CancelToken | None = None,
) -> list[tuple[Key, Reason]]:
    """Encode the images that are missing in the cache: `rows_of` for images whose content is known beforehand.

    At most two batches are decoded ahead, and encoded in order. Features are saved every few seconds and at the
    end: cancelling loses nothing, killing the process loses seconds. An image whose `load` fails is skipped;
    duplicates are tried once.

    `items` are (content hash of 32 bytes, key) of each image, `total` is their number. `load` reads the image of a key
    as (size, size, 3) uint8; it is called on `workers` threads named mma-decode. `cancel` is checked between
    images, and gets a `Progress` after each batch; `done` counts cached, duplicate, encoded and failed images.

    Returns:
        The unreadable images and their reasons.

    Raises:
        Cancelled: It was cancelled; encoded features are saved.
        UserError: The disk is full, or not even one image fits in memory.
    """
    cancel = cancel or CancelToken()
    failed: list[tuple[Key, Reason]] = []
    known = worked = 0
    eta = Eta()

    def missing() -> Iterator[tuple[bytes, Key] | None]:
        """Images to encode, without duplicates; None after each chunk, to allow a progress report."""
        nonlocal known
        seen: set[bytes] = set()
        source = iter(items)
        while chunk := list(itertools.islice(source, LOOKUP_CHUNK)):
            cache.verify(hashes := [content_hash for content_hash, _ in chunk])
            there = cache.rows(hashes) >= 0
            for (content_hash, key), is_known in zip(chunk, there.tolist(), strict=True):
                if is_known or content_hash in seen:
                    known += 1
                else:
                    seen.add(content_hash)
                    yield content_hash, key
            yield None

    def read(item: tuple[bytes, Key]) -> Content:
        return Content(item[0], partial(load, item[1], backbone.image_spec))

    work: _Looking[tuple[bytes, Key]] = _Looking(backbone, cache, read, batch_size, gathers=False)
    with closing(work.blocks(missing(), workers, cancel)) as blocks:
        for block in blocks:
            worked += len(block)
            failed += [(image.key[1], reason_of(image.error)) for image in block if image.error is not None]
            done = known + worked
            left = None if total is None else total - done
            cancel.checkpoint(Progress(done, total, tr("Looking at pictures"), *eta.measure(worked, left)))
    return failed


def is_tensor(image: Any) -> bool:
    return isinstance(image, torch.Tensor)


def image_of(tensor: torch.Tensor) -> NDArray[Any]:
    """An image (3, H, W) or (1, H, W), on any device, as an array (H, W, 3) or (H, W, 1) of the same values.

    Raises:
        UserError: It has another shape.
    """
    if tensor.ndim != 3 or tensor.shape[0] not in {1, 3}:
        raise UserError.tr(
            "A tensor of shape {shape} is not a picture. Give (3, height, width), from 0 to 255 as uint8 or from 0 to "
            "1 as floating-point numbers.",
            shape=tuple(tensor.shape),
        )
    values = tensor.detach().cpu()
    # numpy has no bfloat16.
    array: NDArray[Any] = (values.float() if values.is_floating_point() else values).permute(1, 2, 0).numpy()
    return np.ascontiguousarray(array)
