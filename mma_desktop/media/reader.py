"""Read an image file once: hash, header, full decode, and thumbnail.

Thumbnails are a cache on disk, one JPEG per image, named by content hash. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import logging
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.atomic_io import changed_at, os_errors, read_regular, temporary_beside
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec, ProblemKind, Reason, ScannedFile
from mma_desktop.media import decoding, image_formats, pixels
from mma_desktop.media.decoding import Pixels, read_checked, upright
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.image_buffer import ImageBuffer

log = logging.getLogger(__name__)
SIDE = 256  # of a thumbnail, the longer one, in pixels
QUALITY = 85  # of JPEG; artefacts of lower ones show at 256 pixels
MAX_BYTES = 4 << 20  # a thumbnail of noise has 100 kB


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
        """Save an image's thumbnail atomically, scaled down if necessary; UserError if it cannot be written."""
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
        """The thumbnail, from the file if it is not cached; ImageError if that is missing, changed or unusable."""
        stored = self.load(content_hash)
        if stored is not None:
            return stored
        flat = upright(read_checked(source, content_hash), source, lambda size: pixels.least_for(size, SIDE))
        small = pixels.shrink(flat, SIDE)
        with suppress(UserError):  # show it even if it cannot be saved
            self.write(content_hash, small)
        return np.array(small, dtype=np.uint8, order="C")


def read_file(
    path: Path,
    folder_class: str | None = None,
    thumbnails: Thumbnails | None = None,
    image_buffer: ImageBuffer | None = None,
) -> ScannedFile:
    """Read a file once and describe it. Never raises for a bad file: the result contains the problem and its reason.

    The image is decoded fully, so that truncation is found now and not during a training; a large JPEG at reduced size,
    which also reads all its data. The path may be anything: pipes and devices are not opened. The image goes to the
    thumbnails and, prepared for an image encoder, to the buffer, if wanted there.
    """
    try:
        data, status = decoding.read_bytes(path)
    except ImageError as error:
        size = mtime = 0
        with suppress(OSError, ValueError):
            size, mtime = path.stat().st_size, changed_at(path.stat())
        return ScannedFile(path, None, size, mtime, problem=error.kind, reason=error.reason, folder_class=folder_class)
    content_hash, size = hashlib.sha256(data).digest(), len(data)
    problem: ProblemKind | None = None
    reason: Reason | None = None
    name, full = "", (0, 0)
    try:
        whole, data = data, decoding.readable(data, path)
        image = decoding.open_image(data, path)
        name, full = ("JPEG" if image.format == "MPO" else image.format or ""), image.size
        if data is not whole:  # a camera raw file
            name = path.suffix.removeprefix(".").upper()
        spec = image_buffer.wanted_spec(content_hash) if image_buffer is not None else None
        least = pixels.least_for(image.size, SIDE)
        # Use the same minimum size as `decode_file`, or an image could get two different embeddings.
        flat, full = decoding.flatten(image, data, path, least if spec is None else decoding.smallest_size(spec))
        if image_buffer is not None and spec is not None:
            _buffer_image(image_buffer, content_hash, flat, spec)
        if thumbnails is not None:
            if 2 * max(flat.size) < max(least):  # decoded for an encoder input smaller than a thumbnail
                flat, _ = decoding.flatten(decoding.open_image(data, path), data, path, least)
            try:
                thumbnails.write(content_hash, pixels.shrink(flat, SIDE))
            except UserError as error:  # it can be made again, and a full disk must not end the import
                if next(thumbnails.failures) == 0:  # the rest will fail too; log it once
                    log.warning("Thumbnails are not kept. %s", error)
    except ImageError as error:
        problem, reason = error.kind, error.reason
    return ScannedFile(path, content_hash, size, changed_at(status), *full, name, problem, reason, folder_class)


def _buffer_image(image_buffer: ImageBuffer, content_hash: bytes, flat: Image.Image, spec: ImageSpec) -> None:
    # Errors are the embedding's: it finds and reports them itself.
    try:
        image_buffer.put(content_hash, decoding.prepared(flat, spec), spec)
    except Exception:  # what opens and shrinks a damaged image raises anything, and none may end an import
        log.info("a picture was not handed over", exc_info=True)
