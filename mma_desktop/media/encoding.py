"""Pixels as the bytes of a picture file, and what file such bytes are."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from mma_desktop.media import picture_formats
from mma_desktop.media.decoding import open_picture

COMPRESSION = 3  # of zlib's nine: a photograph is hardly larger than with the default, and done in a third of the time


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """A PNG file of pixels.

    Args:
        pixels: uint8 (h, w, 3) RGB, or (h, w, 4) RGBA.

    Raises:
        ValueError: They have another shape or type.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in {3, 4} or not pixels.size:
        raise ValueError(f"pixels of shape {pixels.shape} and type {pixels.dtype}")
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=COMPRESSION)
    return buffer.getvalue()


def picture_suffix(data: bytes) -> str:
    """The usual suffix of the file whose first bytes these are, such as ".jpg"; empty for no accepted format."""
    found = picture_formats.begins_like(data)
    return found.suffixes[0] if found is not None else ""


def checked_suffix(data: bytes) -> str:
    """The usual suffix of the file that these bytes are, after a look at its header.

    Raises:
        PictureError: They are no picture that can be used.
    """
    open_picture(data)
    return picture_suffix(data)
