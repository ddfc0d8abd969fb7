"""Camera raw files: the preview that the camera embedded, read by the optional package rawpy."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PIL import Image

from mma_desktop.media import format_guards, image_formats

if TYPE_CHECKING:
    import rawpy

MIN_PREVIEW = 320
"""Some cameras embed only a stamp of 160 pixels. If the longer side of the preview is below this, the sensor's values
are developed instead."""

BYTES_PER_PIXEL = 8
"""Measured peak when developing at half size."""


def preview(data: bytes, reserve: Callable[[int], AbstractContextManager[None]]) -> bytes:
    """The preview of a camera raw file as a JPEG. If it has no usable one, it is developed at half size, as a BMP.

    `reserve` reserves bytes of memory while an image is developed.

    Raises:
        EOFError: The file is cut off.
        ValueError: It is damaged, too large, or of an unknown camera.
    """
    import rawpy

    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            embedded = _embedded(raw)
            if embedded is not None:
                return embedded
            pixels = raw.sizes.raw_width * raw.sizes.raw_height
            if pixels > image_formats.MAX_PIXELS:
                raise Image.DecompressionBombError
            with reserve(BYTES_PER_PIXEL * pixels):
                developed = Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8))
                buffer = io.BytesIO()
                developed.save(buffer, "BMP")
                return buffer.getvalue()
    except rawpy.LibRawIOError as error:
        raise EOFError from error
    except rawpy.LibRawError as error:
        text = error.args[0] if error.args else ""
        raise ValueError(text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)) from error


def _embedded(raw: rawpy.RawPy) -> bytes | None:
    """The embedded preview. LibRaw writes the orientation into a JPEG; a bitmap is turned by developing instead."""
    import rawpy

    try:
        found = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if found.format is not rawpy.ThumbFormat.JPEG:
        return None
    data = bytes(found.data)
    return data if _longer_side(data) >= MIN_PREVIEW else None


def _longer_side(jpeg: bytes) -> int:
    for marker, segment in format_guards.jpeg_segments(jpeg):
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return max(int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big"))
    return 0
