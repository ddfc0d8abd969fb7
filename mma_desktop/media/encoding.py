"""Encode pixels as an image file, and identify the format of encoded bytes."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from mma_desktop.media import picture_formats

COMPRESSION = 3  # zlib level: for photos hardly larger than the default level, in a third of the time


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Encode pixels, uint8 (h, w, 3) RGB or (h, w, 4) RGBA, as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=COMPRESSION)
    return buffer.getvalue()


def jpeg_bytes(pixels: npt.NDArray[np.uint8], quality: int = 80) -> bytes:
    """Encode pixels, uint8 (h, w, 3) RGB, as JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def jpeg_uri(pixels: npt.NDArray[np.uint8]) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg_bytes(pixels)).decode()


def picture_suffix(data: bytes) -> str:
    """The usual suffix for a file that starts with these bytes, such as ".jpg"; empty for unsupported formats."""
    found = picture_formats.begins_like(data)
    return found.suffixes[0] if found is not None else ""
