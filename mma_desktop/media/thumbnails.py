"""Thumbnails on disk, one JPEG a picture, named by its content hash. A cache: it may be deleted at any time."""

from __future__ import annotations

import io
import itertools
import os
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.atomic_io import os_error_sentence, read_regular, unfinished
from mma_desktop.core.errors import UserError
from mma_desktop.media import picture_formats, pixels
from mma_desktop.media.decoding import Picture, flatten, open_picture, read_checked

SIDE = 256
QUALITY = 85
MAX_BYTES = 4 << 20
_OURS = re.compile(r"[0-9a-f]{64}\.jpg|\.[0-9a-f]{64}\.[0-9]+\.[0-9]+\.[0-9]+\.tmp")


class Thumbnails:
    """A folder of thumbnails, safe to use from several threads and processes.

    Args:
        folder: Made when the first thumbnail is written.
        side: Longest side in pixels.

    Attributes:
        failures: Counts those that could not be written.
    """

    def __init__(self, folder: Path, side: int = SIDE) -> None:
        self.folder = folder
        self.side = side
        self.failures = itertools.count()
        self._numbers = itertools.count()

    def path(self, content_hash: bytes) -> Path:
        """Where the thumbnail of a picture is or would be, two levels of folders deep."""
        name = content_hash.hex()
        return self.folder / name[:2] / name[2:4] / f"{name}.jpg"

    def write(self, content_hash: bytes, image: Image.Image) -> None:
        """Keep a picture's thumbnail; a reader sees a whole one or none. It is made smaller if it must be.

        Raises:
            UserError: The disk is full, or the folder cannot be written to.
        """
        target = self.path(content_hash)
        # The thread and a number: two threads may make the thumbnail of the same bytes at once.
        own = f"{os.getpid()}.{threading.get_ident()}.{next(self._numbers)}"
        temporary = target.with_name(f".{content_hash.hex()}.{own}.tmp")
        buffer = io.BytesIO()
        small = pixels.shrink(pixels.to_rgb(image), self.side)
        # Whatever the source carried (comments, EXIF, profiles) stays out.
        small.save(buffer, "JPEG", quality=QUALITY, exif=b"", icc_profile=None, comment=b"")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.noted(temporary):
                try:
                    temporary.write_bytes(buffer.getbuffer())
                    temporary.replace(target)
                finally:
                    with suppress(OSError):
                        temporary.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(os_error_sentence(error, target)) from error

    def load(self, content_hash: bytes) -> Picture | None:
        """The thumbnail as uint8 `(height, width, 3)`, or None where there is none or it is damaged."""
        try:
            data = read_regular(self.path(content_hash), MAX_BYTES)
        except OSError:
            return None
        picture_formats.quiet_pillow()
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                if max(image.size) > 4 * self.side:
                    return None
                return np.array(image.convert("RGB"), dtype=np.uint8, order="C")
        except Exception:  # noqa: BLE001 - a damaged file in the cache raises anything, and is made again
            return None

    def ensure(self, content_hash: bytes, source: Path) -> Picture:
        """The thumbnail, made from the picture's file where the cache has none.

        Raises:
            PictureError: The file is gone, has changed since, or is no usable picture.
        """
        found = self.load(content_hash)
        if found is not None:
            return found
        data = read_checked(source, content_hash)
        image = open_picture(data, source)
        width, height = pixels.fitting(image.size, self.side)
        flat, _ = flatten(image, data, source, (2 * width, 2 * height))
        small = pixels.shrink(flat, self.side)
        with suppress(UserError):  # shown all the same where it cannot be kept
            self.write(content_hash, small)
        return np.array(small, dtype=np.uint8, order="C")

    def clear(self) -> None:
        """Delete every thumbnail (and nothing else that may be in the folder)."""
        folders: set[Path] = set()
        for entry in self._files():
            with suppress(OSError):
                Path(entry.path).unlink()
            folders.add(Path(entry.path).parent)
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()
        for folder in {one.parent for one in folders}:
            with suppress(OSError):
                folder.rmdir()

    def size_bytes(self) -> int:
        """How much room the thumbnails take."""
        total = 0
        for entry in self._files():
            with suppress(OSError):
                total += entry.stat(follow_symlinks=False).st_size
        return total

    def _files(self) -> Iterator[os.DirEntry[str]]:
        for outer in _entries(self.folder):
            for inner in _entries(outer.path):
                for entry in _entries(inner.path):
                    if _OURS.fullmatch(entry.name):
                        yield entry


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []
