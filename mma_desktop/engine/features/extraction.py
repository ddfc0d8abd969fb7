"""Compute missing features: decode images in threads ahead of the forward pass, resume interrupted runs."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.eta import Eta
from mma_desktop.core.events import CancelToken, Progress, Stepwise
from mma_desktop.core.i18n import tr
from mma_desktop.core.threads import fetch_ahead, thread_pool
from mma_desktop.core.types import OTHER_REASON, ImageSpec, Reason
from mma_desktop.engine.backbones.backbone import Backbone, Pictures
from mma_desktop.engine.device import usable_cores
from mma_desktop.engine.features.feature_cache import FeatureCache

log = logging.getLogger(__name__)

Key = TypeVar("Key")

LOOKUP_CHUNK = 64
"""Few, because the caller may still reorder what was not taken from it."""
FLUSH_SECONDS = 5.0
POLL_SECONDS = 0.1


class _Embedding(Generic[Key]):
    """State of an embedding: counts, the batch of decoded images, and features that are not on disk yet."""

    def __init__(self, backbone: Backbone, cache: FeatureCache, total: int | None, batch_size: int) -> None:
        size = backbone.image_spec.size
        self._backbone, self._cache, self._total, self._eta = backbone, cache, total, Eta()
        self._known = self._encoded = 0
        self.failed: list[tuple[Key, Reason]] = []
        self._batch = np.empty((batch_size, size, size, 3), np.uint8)
        self.hashes: list[bytes] = []  # of the images in the batch
        self._unsaved: list[tuple[list[bytes], NDArray[np.float32]]] = []
        self._saved = time.monotonic()

    def progress(self) -> Progress:
        worked = self._encoded + len(self.failed)
        done = self._known + worked
        left = None if self._total is None else self._total - done
        return Progress(done, self._total, tr("Looking at pictures"), *self._eta.measure(worked, left))

    def missing(self, items: Iterable[tuple[bytes, Key]]) -> Iterator[tuple[bytes, Key] | None]:
        """Images to encode, without duplicates; None after each chunk, to allow a progress report."""
        seen: set[bytes] = set()
        source = iter(items)
        while chunk := list(itertools.islice(source, LOOKUP_CHUNK)):
            rows = self._cache.rows([content_hash for content_hash, _ in chunk])
            for (content_hash, key), row in zip(chunk, rows.tolist(), strict=True):
                if row >= 0 or content_hash in seen:
                    self._known += 1
                else:
                    seen.add(content_hash)
                    yield content_hash, key
            yield None

    def add(self, content_hash: bytes, key: Key, future: Future[Pictures], cancel: CancelToken) -> None:
        """Add a decoded image to the batch, or record why it failed; encode a full batch."""
        try:
            while not future.done():  # the disk may be slow
                cancel.raise_if_cancelled()
                wait([future], POLL_SECONDS)
            picture = future.result()
            if picture.shape != self._batch.shape[1:] or picture.dtype != np.uint8:
                raise ValueError(f"a picture came decoded as {picture.dtype} {picture.shape}")
        except Exception as error:  # a decoder may raise anything
            cancel.raise_if_cancelled()
            log.info("no features of %s", key, exc_info=True)
            self.failed.append((key, _reason(error)))
            return
        self._batch[len(self.hashes)] = picture
        self.hashes.append(content_hash)
        if len(self.hashes) == len(self._batch):
            self.encode()

    def encode(self) -> None:
        """Encode and empty the batch; write features every few seconds rather than after every batch."""
        if self.hashes:
            self._unsaved.append((self.hashes, self._backbone.encode_images(self._batch[: len(self.hashes)])))
            self._encoded += len(self.hashes)
            self.hashes = []
        if time.monotonic() - self._saved >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        # Cleared first: if the disk is full, cleanup code must not try to write them again.
        unsaved, self._unsaved, self._saved = self._unsaved, [], time.monotonic()
        if unsaved:
            hashes, features = zip(*unsaved, strict=True)
            self._cache.append([content_hash for part in hashes for content_hash in part], np.concatenate(features))


def _reason(error: Exception) -> Reason:
    if isinstance(reason := getattr(error, "reason", None), Reason):  # set by the image reader
        return reason
    if isinstance(error, UserError):
        return OTHER_REASON.of(text=str(error))
    if isinstance(error, OSError) and error.strerror:
        return OTHER_REASON.of(text=error.strerror)
    return OTHER_REASON.of(text=f"{type(error).__name__}: {first_line(error)}")


def embed(
    backbone: Backbone,
    cache: FeatureCache,
    items: Iterable[tuple[bytes, Key]],
    load: Callable[[Key, ImageSpec], Pictures],
    total: int | None = None,
    batch_size: int = 32,
    workers: int | None = None,
    cancel: CancelToken | None = None,
) -> Stepwise[list[tuple[Key, Reason]]]:
    """Encode the images that are missing in the cache.

    At most two batches are decoded ahead, and encoded in order. Features are saved every few seconds and whenever the
    generator ends: cancelling loses nothing, killing the process loses seconds. An image whose `load` fails is skipped;
    duplicates are tried once.

    `items` are (content hash of 32 bytes, key) of each image, `total` is their number. `load` reads the image of a key
    as (size, size, 3) uint8; it is called on `workers` threads named mma-decode. `cancel` is checked between images and
    batches.

    Yields:
        Progress after each batch; `done` counts cached, duplicate, encoded and failed images.

    Returns:
        The unreadable images and their reasons, as the generator's return value.

    Raises:
        Cancelled: It was cancelled; encoded features are saved.
        UserError: The disk is full, or not even one image fits in memory.
    """
    if cache.width != backbone.layout.width:
        raise ValueError(f"a cache of {cache.width} dimensions for a backbone of {backbone.layout.width}")
    cancel = cancel or CancelToken()
    # A thread per core, but no more than four, because the forward pass is nearly always the bottleneck.
    workers = workers or min(4, usable_cores())
    work: _Embedding[Key] = _Embedding(backbone, cache, total, batch_size)

    def started() -> Iterator[tuple[bytes, Key, Future[Pictures]] | None]:
        for found in work.missing(items):
            yield None if found is None else (*found, pool.submit(load, found[1], backbone.image_spec))

    try:
        with thread_pool(workers, "mma-decode") as pool:
            for found in fetch_ahead(started(), 2 * batch_size + workers):
                cancel.raise_if_cancelled()
                if found is not None:
                    work.add(*found, cancel)
                if found is None or not work.hashes:
                    yield work.progress()
            work.encode()
    finally:
        work.flush()
    yield work.progress()
    return work.failed
