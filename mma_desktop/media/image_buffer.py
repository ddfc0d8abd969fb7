"""Pass images decoded during an import to an embedding that runs at the same time, so that it need not decode them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mma_desktop.core.types import ImageSpec
from mma_desktop.media.decoding import Pixels

MAX_BYTES = 64 << 20  # two hundred pictures of 320 pixels: an encoder is seldom further behind


class ImageBuffer:
    """Buffers images between the threads of an import and an embedding, up to 64 MB, prepared for the encoder."""

    # Only while a consumer is active. If the buffer is full, it decodes the image itself, so neither side waits.

    def __init__(self, most_bytes: int = MAX_BYTES) -> None:
        self._most = most_bytes
        self._changed = threading.Condition()
        self._imports = 0
        self.to_come: int | None = 0  # files that a running import has still to store; None while it looks for them
        self._has_news = False
        self._spec: ImageSpec | None = None
        self._known: Callable[[bytes], bool] = lambda _hash: False
        self._buffer: dict[bytes, Pixels] = {}
        self._bytes = 0

    # -- the side of an import

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Announce a running import for the duration of the block."""
        with self._changed:
            self._imports += 1
            self.to_come = None
        try:
            yield
        finally:
            with self._changed:
                self._imports -= 1
                self.to_come = 0
                self._changed.notify_all()

    def expect(self, files: int) -> None:
        with self._changed:
            self.to_come = files

    def wanted_spec(self, content_hash: bytes) -> ImageSpec | None:
        """The preparation that the consumer needs; None if there is no consumer or no space."""
        with self._changed:
            spec, known = self._spec, self._known
            if spec is None or content_hash in self._buffer or self._bytes + 3 * spec.size**2 > self._most:
                return None
        return None if known(content_hash) else spec

    def put(self, content_hash: bytes, image: Pixels, spec: ImageSpec) -> None:
        """Buffer an image prepared as `wanted_spec` said, unless that has changed."""
        with self._changed:
            if spec == self._spec and content_hash not in self._buffer and self._bytes + image.nbytes <= self._most:
                self._buffer[content_hash] = image
                self._bytes += image.nbytes

    def notify(self) -> None:
        with self._changed:
            self._has_news = True
            self._changed.notify_all()

    # -- the side of an embedding

    @contextmanager
    def consuming(self, spec: ImageSpec, known: Callable[[bytes], bool]) -> Iterator[None]:
        """Ask imports to buffer images prepared with `spec` for the duration of the block.

        `known`, called on the import's threads, tells whether an image with this content hash is not needed.
        """
        with self._changed:
            self._spec, self._known = spec, known
        try:
            yield
        finally:
            with self._changed:
                self._spec, self._known = None, lambda _hash: False
                self._buffer, self._bytes = {}, 0

    @property
    def importing_now(self) -> bool:
        return self._imports > 0

    def wait(self, seconds: float) -> bool:
        """Wait until there are new images or no import is running, at most this long; returns whether to look again."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_news or not self._imports, seconds)
            looked, self._has_news = self._has_news or not self._imports, False
            return looked

    def pop(self, content_hash: bytes, spec: ImageSpec) -> Pixels | None:
        """Remove and return the image; None if it is not buffered."""
        with self._changed:
            if spec != self._spec or (pixels := self._buffer.pop(content_hash, None)) is None:
                return None
            self._bytes -= pixels.nbytes
            return pixels
