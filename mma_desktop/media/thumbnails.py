"""Thumbnail cache on disk, one JPEG per image, named by content hash. It may be deleted at any time."""

from __future__ import annotations

import io
import itertools
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.atomic_io import os_errors, read_regular, temporary_beside
from mma_desktop.core.errors import UserError
from mma_desktop.media import image_formats, pixels
from mma_desktop.media.decoding import Pixels, read_checked, upright

SIDE = 256  # the longer one, in pixels
QUALITY = 85
MAX_BYTES = 4 << 20


class Thumbnails:
    """A folder of thumbnails, safe for use from several threads and processes; created with the first of them.

    Attributes:
        failures: Counts failed writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failures = itertools.count()

    def path(self, content_hash: bytes) -> Path:
        """Path of an image's thumbnail, two folder levels deep; it may not exist."""
        name = content_hash.hex()
        return self.folder / name[:2] / name[2:4] / f"{name}.jpg"

    def write(self, content_hash: bytes, image: Image.Image) -> None:
        """Save an image's thumbnail atomically, scaling the image down if necessary.

        Raises:
            UserError: The disk is full, or the folder is not writable.
        """
        target = self.path(content_hash)
        buffer = io.BytesIO()
        small = pixels.shrink(pixels.to_rgb(image), SIDE)
        # Drop comments, EXIF and profiles of the source.
        small.save(buffer, "JPEG", quality=QUALITY, exif=b"", icc_profile=None, comment=b"")
        with os_errors(target):  # without waiting for the disk
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary_beside(target) as temporary:
                temporary.write_bytes(buffer.getbuffer())
                temporary.replace(target)

    def load(self, content_hash: bytes) -> Pixels | None:
        """The thumbnail as uint8 `(height, width, 3)`; None if it is missing or damaged."""
        try:
            data = read_regular(self.path(content_hash), MAX_BYTES)
        except OSError:
            return None
        image_formats.quiet_pillow()
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                if max(image.size) > 4 * SIDE:
                    return None
                return np.array(image.convert("RGB"), dtype=np.uint8, order="C")
        except Exception:  # noqa: BLE001 - a damaged file raises anything, and is recreated
            return None

    def ensure(self, content_hash: bytes, source: Path) -> Pixels:
        """The thumbnail, created from the image file if it is not cached.

        Raises:
            ImageError: The file is missing, has changed, or is not a usable image.
        """
        found = self.load(content_hash)
        if found is not None:
            return found
        flat = upright(read_checked(source, content_hash), source, lambda size: pixels.least_for(size, SIDE))
        small = pixels.shrink(flat, SIDE)
        with suppress(UserError):  # show it even if it cannot be saved
            self.write(content_hash, small)
        return np.array(small, dtype=np.uint8, order="C")
