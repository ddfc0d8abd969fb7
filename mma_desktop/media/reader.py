"""Read an image file once: hash, header, full decode, and thumbnail."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

from PIL import Image

from mma_desktop.core.atomic_io import changed_at
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec, ProblemKind, Reason, ScannedFile
from mma_desktop.media import decoding, pixels
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.image_buffer import ImageBuffer
from mma_desktop.media.thumbnails import SIDE, Thumbnails

log = logging.getLogger(__name__)


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
    """Prepare an image for the embedding. Ignores errors: the embedding finds and reports them itself."""
    try:
        image_buffer.put(content_hash, decoding.prepared(flat, spec), spec)
    except Exception:  # what opens and shrinks a damaged image raises anything, and none may end an import
        log.info("a picture was not handed over", exc_info=True)
