"""Compute missing features: decode images in threads ahead of the forward pass, resume interrupted runs."""

from __future__ import annotations

import itertools
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.eta import Eta
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.threads import thread_pool
from mma_desktop.core.types import OTHER_REASON, ImageSpec, Reason
from mma_desktop.engine.backbones.backbone import Backbone, Pictures
from mma_desktop.engine.device import first_line, usable_cores
from mma_desktop.engine.features.feature_cache import FeatureCache

log = logging.getLogger(__name__)

Key = TypeVar("Key")

LOOKUP_CHUNK = 4096
FLUSH_SECONDS = 5.0
POLL_SECONDS = 0.1


@dataclass
class _Tally(Generic[Key]):
    total: int | None
    eta: Eta = field(default_factory=Eta)
    known: int = 0
    encoded: int = 0
    failed: list[tuple[Key, Reason]] = field(default_factory=list)

    def progress(self) -> Progress:
        worked = self.encoded + len(self.failed)
        done = self.known + worked
        left = None if self.total is None else self.total - done
        return Progress(done, self.total, tr("Looking at pictures"), *self.eta.measure(worked, left))


class _Pending:
    """Buffers features, so that they are written every few seconds instead of after every batch."""

    def __init__(self, cache: FeatureCache) -> None:
        self._cache = cache
        self._hashes: list[bytes] = []
        self._features: list[NDArray[np.float32]] = []
        self._since = time.monotonic()

    def add(self, hashes: list[bytes], features: NDArray[np.float32]) -> None:
        self._hashes += hashes
        self._features.append(features)
        if time.monotonic() - self._since >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._hashes:
            hashes, features = self._hashes, np.concatenate(self._features)
            # Clear first: if the disk is full, cleanup code must not try to write them again.
            self._hashes, self._features = [], []
            self._cache.append(hashes, features)
        self._since = time.monotonic()


def default_workers() -> int:
    """Decoding threads: one per core, at most four, because the forward pass is nearly always the bottleneck."""
    return max(1, min(4, usable_cores()))


def _images_to_encode(
    items: Iterable[tuple[bytes, Key]], cache: FeatureCache, tally: _Tally[Key]
) -> Iterator[tuple[bytes, Key] | None]:
    """Images to encode, without duplicates; None after each chunk, to allow a progress report."""
    seen: set[bytes] = set()
    source = iter(items)
    while chunk := list(itertools.islice(source, LOOKUP_CHUNK)):
        rows = cache.rows([content_hash for content_hash, _ in chunk])
        for (content_hash, key), row in zip(chunk, rows.tolist(), strict=True):
            if row >= 0 or content_hash in seen:
                tally.known += 1
            else:
                seen.add(content_hash)
                yield content_hash, key
        yield None


def _wait(future: Future[Pictures], cancel: CancelToken) -> Pictures:
    """Wait for a decoded image; checks for cancellation, because the disk may be slow."""
    while True:
        cancel.raise_if_cancelled()
        try:
            return future.result(timeout=POLL_SECONDS)
        except FutureTimeoutError:
            if future.done():  # finished, or the image's own decoding raised TimeoutError
                return future.result()


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
) -> Generator[Progress, None, list[tuple[Key, Reason]]]:
    """Encode the images that are missing in the cache.

    At most two batches are decoded ahead, and encoded in order. Features are saved every few seconds and whenever the
    generator ends: cancelling loses nothing, killing the process loses seconds. An image whose `load` fails is skipped;
    duplicates are tried once.

    Args:
        backbone: The encoder.
        cache: Target of the features.
        items: (content hash of 32 bytes, key) of each image.
        load: Reads the image of a key as (size, size, 3) uint8; called on threads named mma-decode.
        total: Number of items.
        batch_size: Images per forward pass.
        workers: Decoding threads; None for `default_workers`.
        cancel: Checked between images and batches.

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
    cancel, workers = cancel or CancelToken(), workers or default_workers()
    tally: _Tally[Key] = _Tally(total)
    pending = _Pending(cache)
    batch = _Batch(backbone.image_spec.size, batch_size)
    try:
        with thread_pool(workers, "mma-decode") as pool:
            todo = _images_to_encode(items, cache, tally)
            for found in _decoding(pool, todo, load, backbone.image_spec, 2 * batch_size + workers):
                cancel.raise_if_cancelled()
                if found is not None:
                    _add_decoded(batch, *found, tally, cancel)
                if batch.full:
                    tally.encoded += _encode(backbone, batch, pending)
                if found is None or not batch.hashes:
                    yield tally.progress()
            tally.encoded += _encode(backbone, batch, pending)
    finally:
        pending.flush()
    yield tally.progress()
    return tally.failed


def _decoding(
    pool: ThreadPoolExecutor,
    todo: Iterable[tuple[bytes, Key] | None],
    load: Callable[[Key, ImageSpec], Pictures],
    spec: ImageSpec,
    depth: int,
) -> Iterator[tuple[bytes, Key, Future[Pictures]] | None]:
    """Yield images in order while up to `depth` are being decoded; None when there is time to report."""
    ahead: deque[tuple[bytes, Key, Future[Pictures]]] = deque()
    for found in todo:
        if found is None:
            yield None
            continue
        ahead.append((*found, pool.submit(load, found[1], spec)))
        if len(ahead) >= depth:
            yield ahead.popleft()
    while ahead:
        yield ahead.popleft()


def _add_decoded(
    batch: _Batch,
    content_hash: bytes,
    key: Key,
    future: Future[Pictures],
    tally: _Tally[Key],
    cancel: CancelToken,
) -> None:
    try:
        batch.add(content_hash, _wait(future, cancel))
    except Exception as error:  # a decoder may raise anything
        cancel.raise_if_cancelled()
        log.info("no features of %s", key, exc_info=True)
        tally.failed.append((key, _reason(error)))


def _encode(backbone: Backbone, batch: _Batch, pending: _Pending) -> int:
    """Encode the batch, queue its features for writing, and clear it; returns its size."""
    count = len(batch.hashes)
    if count:
        pending.add(batch.hashes, backbone.encode_images(batch.pictures))
        batch.hashes = []
    return count


class _Batch:
    """Decoded images in one preallocated array."""

    def __init__(self, size: int, limit: int) -> None:
        self._array = np.empty((limit, size, size, 3), np.uint8)
        self.hashes: list[bytes] = []

    @property
    def full(self) -> bool:
        return len(self.hashes) == len(self._array)

    @property
    def pictures(self) -> Pictures:
        return self._array[: len(self.hashes)]

    def add(self, content_hash: bytes, picture: Pictures) -> None:
        if picture.shape != self._array.shape[1:] or picture.dtype != np.uint8:
            raise ValueError(f"a picture came decoded as {picture.dtype} {picture.shape}")
        self._array[len(self.hashes)] = picture
        self.hashes.append(content_hash)
