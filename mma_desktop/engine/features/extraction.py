"""From pictures to cached features: decoded in threads ahead of the forward pass, resumed where it stopped."""

from __future__ import annotations

import itertools
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.eta import Eta
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import OTHER_REASON, ImageSpec, Reason
from mma_desktop.engine.backbones.backbone import Pictures
from mma_desktop.engine.backbones.row_layout import RowLayout
from mma_desktop.engine.device import first_line, usable_cores
from mma_desktop.engine.features.feature_cache import FeatureCache

log = logging.getLogger(__name__)

Key = TypeVar("Key")

LOOKUP_CHUNK = 4096
FLUSH_SECONDS = 5.0
POLL_SECONDS = 0.1


class Encoder(Protocol):
    """What encodes pictures: a backbone."""

    image_spec: ImageSpec

    @property
    def layout(self) -> RowLayout:
        """What a row of features holds."""
        ...

    def encode_images(self, pictures: Pictures) -> NDArray[np.float32]:
        """Rows (B, `layout.width`) of pictures (B, size, size, 3) uint8."""
        ...


@dataclass(frozen=True)
class EmbedReport(Generic[Key]):
    """What an embedding did.

    Attributes:
        done: Different pictures that have features now, whether computed or found in the cache.
        encoded: Pictures encoded this time.
        failed: Pictures that could not be read, with the reason.
        seconds: How long it took.
    """

    done: int
    encoded: int
    failed: list[tuple[Key, Reason]]
    seconds: float


@dataclass
class _Tally(Generic[Key]):
    """Where an embedding stands."""

    total: int | None
    eta: Eta = field(default_factory=Eta)
    cached: int = 0
    repeated: int = 0
    encoded: int = 0
    failed: list[tuple[Key, Reason]] = field(default_factory=list)

    def progress(self) -> Progress:
        done = self.cached + self.repeated + self.encoded + len(self.failed)
        worked = self.encoded + len(self.failed)
        left = None if self.total is None else self.total - done
        return Progress(done, self.total, tr("Looking at pictures"), *self.eta.measure(worked, left))

    def report(self) -> EmbedReport[Key]:
        return EmbedReport(self.cached + self.encoded, self.encoded, self.failed, self.eta.seconds)


class _Pending:
    """Features that wait to be flushed together: one write to disk every few seconds, not every batch."""

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
            # Forgotten first: a disk that is full now must not be tried again while the error is on its way up.
            self._hashes, self._features = [], []
            self._cache.append(hashes, features)
        self._since = time.monotonic()


def default_workers() -> int:
    """Decoding threads: one for each core, four at most, for the forward pass is nearly always the slower half."""
    return max(1, min(4, usable_cores()))


def _missing(
    items: Iterable[tuple[bytes, Key]], cache: FeatureCache, tally: _Tally[Key]
) -> Iterator[tuple[bytes, Key] | None]:
    """The pictures that need to be encoded, each content once; None after each chunk, as a point to report from."""
    seen: set[bytes] = set()
    source = iter(items)
    while chunk := list(itertools.islice(source, LOOKUP_CHUNK)):
        rows = cache.rows([content_hash for content_hash, _ in chunk])
        for (content_hash, key), row in zip(chunk, rows.tolist(), strict=True):
            if row >= 0:
                tally.cached += 1
            elif content_hash in seen:
                tally.repeated += 1
            else:
                seen.add(content_hash)
                yield content_hash, key
        yield None


def _wait(future: Future[Pictures], cancel: CancelToken) -> Pictures:
    """A decoded picture; a cancel is noticed while a slow disk keeps us waiting."""
    while True:
        cancel.raise_if_cancelled()
        try:
            return future.result(timeout=POLL_SECONDS)
        except FutureTimeoutError:
            if future.done():  # the picture's own time-out, or it was ready just now
                return future.result()


def _reason(error: Exception) -> Reason:
    if isinstance(reason := getattr(error, "reason", None), Reason):  # what reads pictures says it itself
        return reason
    if isinstance(error, UserError):
        return OTHER_REASON.of(text=str(error))
    if isinstance(error, OSError) and error.strerror:
        return OTHER_REASON.of(text=error.strerror)
    return OTHER_REASON.of(text=f"{type(error).__name__}: {first_line(error)}")


def embed(
    backbone: Encoder,
    cache: FeatureCache,
    items: Iterable[tuple[bytes, Key]],
    load: Callable[[Key, ImageSpec], Pictures],
    total: int | None = None,
    batch_size: int = 32,
    workers: int | None = None,
    cancel: CancelToken | None = None,
) -> Generator[Progress, None, EmbedReport[Key]]:
    """Encode the pictures that the cache does not hold yet.

    At most two batches are decoded ahead, and encoded in their order. Features reach the disk every few seconds and
    when the generator ends in whatever way: a stop loses nothing, a kill loses seconds. A picture whose `load` fails
    is reported with the reason and the rest goes on; the same content twice is tried once.

    Args:
        backbone: Encodes.
        cache: Where features go.
        items: (content hash of 32 bytes, key) of each picture.
        load: Reads the picture of a key as (size, size, 3) uint8; called in threads named mma-decode.
        total: How many items there are.
        batch_size: Pictures in a forward pass.
        workers: Decoding threads; None for `default_workers`.
        cancel: Looked at between pictures and batches.

    Yields:
        Progress after each batch; `done` counts cached, repeated, encoded and failed pictures.

    Returns:
        What was done, as the generator's value.

    Raises:
        Cancelled: Stopped; what was encoded is on disk.
        UserError: The disk is full, or memory runs out even for one picture.
    """
    if cache.width != backbone.layout.width:
        raise ValueError(f"a cache of {cache.width} dimensions for a backbone of {backbone.layout.width}")
    cancel, workers = cancel or CancelToken(), workers or default_workers()
    tally: _Tally[Key] = _Tally(total)
    pending = _Pending(cache)
    batch = _Batch(backbone.image_spec.size, batch_size)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="mma-decode")
    try:
        todo = _missing(items, cache, tally)
        for found in _decoding(pool, todo, load, backbone.image_spec, 2 * batch_size + workers):
            cancel.raise_if_cancelled()
            if found is not None:
                _take(batch, *found, tally, cancel)
            if batch.full:
                tally.encoded += _encode(backbone, batch, pending)
            if found is None or not batch.hashes:
                yield tally.progress()
        tally.encoded += _encode(backbone, batch, pending)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        pending.flush()
    yield tally.progress()
    return tally.report()


def _decoding(
    pool: ThreadPoolExecutor,
    todo: Iterable[tuple[bytes, Key] | None],
    load: Callable[[Key, ImageSpec], Pictures],
    spec: ImageSpec,
    depth: int,
) -> Iterator[tuple[bytes, Key, Future[Pictures]] | None]:
    """The pictures in their order, with up to `depth` of them being decoded; None where there is time to report."""
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


def _take(
    batch: _Batch,
    content_hash: bytes,
    key: Key,
    future: Future[Pictures],
    tally: _Tally[Key],
    cancel: CancelToken,
) -> None:
    """Put a decoded picture into the batch, or its reason on the list of those that failed."""
    try:
        batch.add(content_hash, _wait(future, cancel))
    except Exception as error:  # a picture may make its decoder raise anything
        cancel.raise_if_cancelled()
        log.info("no features of %s", key, exc_info=True)
        tally.failed.append((key, _reason(error)))


def _encode(backbone: Encoder, batch: _Batch, pending: _Pending) -> int:
    """Encode what is in the batch, hand it to be written, and empty the batch; how many they were."""
    count = len(batch.hashes)
    if count:
        pending.add(batch.hashes, backbone.encode_images(batch.pictures))
        batch.hashes = []
    return count


class _Batch:
    """Decoded pictures side by side in one array."""

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


__all__ = ["EmbedReport", "FeatureCache", "default_workers", "embed"]
