"""Pixel operations: convert any mode to 8-bit RGB, resize for image encoders, and encode as a file."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from mma_desktop.core.types import ImageSpec
from mma_desktop.media import image_formats

STRIP_PIXELS = 4_000_000  # 16 MB of RGBA at a time
COMPRESSION = 3  # zlib level: for photos hardly larger than the default level, in a third of the time
JPEG_QUALITY = 80  # of small images in reports and on Home
# Values of white, of images with more than 8 bits: cameras and microscopes store 8 or 12 bits in 16.
WHITES = (255.0, 4095.0, 65535.0)
# An image with a larger aspect ratio is cropped to its middle before its shorter side is resized.
LONGEST_RATIO = 16

# How far rounding takes floating point beyond 0 to 1.
_ROUNDED = 1e-3

ToRGB = Callable[[Image.Image], Image.Image]


def to_rgb(image: Image.Image, least: tuple[int, int] | None = None) -> Image.Image:
    """Convert a decoded image to 8-bit RGB, reduced by an integer factor, no side below `least` (width, height)."""
    # Deep pixels are scaled, transparency is put on white, CMYK is converted.
    convert = _converter(image)
    factor = min(image.width // max(1, least[0]), image.height // max(1, least[1])) if least else 1
    if factor < 2:
        return convert(image)
    width, height = -(-image.width // factor), -(-image.height // factor)
    small = Image.new("RGB", (width, height))
    rows = max(1, STRIP_PIXELS // (image.width * factor)) * factor
    # Strip by strip, to avoid a second full copy.
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        small.paste(convert(strip).reduce(factor), (0, top // factor))
    return small


def _converter(image: Image.Image) -> ToRGB:
    """Choose the conversion to RGB; for deep pixels the range is that of the whole image."""
    if image.mode.startswith("I") or image.mode == "F":
        low, high = _levels(image)
        return lambda part: _scaled(part, low, high)
    if image.has_transparency_data:
        return _on_white
    return lambda part: part if part.mode == "RGB" else part.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    white = Image.new("RGB", layer.size, (255, 255, 255))
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _levels(image: Image.Image) -> tuple[float, float]:
    """The black and white levels of a 16-bit, 32-bit or floating-point image."""
    # From the data type: 8, 12 or 16 bits (cameras and microscopes store 12 in 16), or 0 to 1 for floating point. The
    # image's own minimum and maximum only if the values fit none of these, because stretching changes the brightness.
    lows, highs = [], []
    rows = max(1, STRIP_PIXELS // image.width)
    for top in range(0, image.height, rows):
        part = np.asarray(image.crop((0, top, image.width, min(image.height, top + rows))))
        good = part[np.isfinite(part)]
        if good.size:
            lows.append(float(good.min()))
            highs.append(float(good.max()))
    # Of the whole image, strip by strip: the levels of a part would change its brightness.
    low, high = min(lows, default=0.0), max(highs, default=0.0)
    white = _white(high, (1.0, *WHITES) if image.mode == "F" else WHITES) if low >= 0 else None
    return (low, high) if white is None else (0.0, white)


def _white(high: float, whites: tuple[float, ...]) -> float | None:
    """The smallest of the usual values of white that none exceeds, given the highest; None if there is none."""
    return next((white for white in whites if high <= white), None)


def _scaled(image: Image.Image, low: float, high: float) -> Image.Image:
    values = np.asarray(image).astype(np.float32)
    span = high - low if high > low else 1.0
    values = (values - np.float32(low)) * np.float32(255.0 / span)
    values = np.nan_to_num(values, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).convert("RGB")


def from_array(array: npt.NDArray[Any]) -> Image.Image:
    """Convert an array to 8-bit RGB.

    Args:
        array: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8, boolean or floating point from 0 to 1. Whole numbers of
            another type are as in a file of more than 8 bits: the smallest of `WHITES` that none exceeds is white.

    Warns:
        UserWarning: White is less than the type suggests.

    Raises:
        ValueError: It has another shape, type or range.
    """
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in {3, 4})):
        raise ValueError(f"an array of shape {array.shape} is not a picture; give (height, width, 3)")
    if array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    elif array.dtype != np.uint8:
        array = _eight_bits(array)
    return to_rgb(Image.fromarray(np.ascontiguousarray(array)))


def _eight_bits(array: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Scale numbers of another type to 0 to 255; see `from_array`."""
    if array.dtype.kind not in "uif":
        raise ValueError(f"an array of {array.dtype} is not a picture; give uint8")
    floating = array.dtype.kind == "f"
    good = array[np.isfinite(array)] if floating else array
    low, high = (float(good.min()), float(good.max())) if good.size else (0.0, 0.0)
    white: float | None = 1.0
    # Whole numbers above 1 in a floating-point array are those of an integer type.
    if not floating or (high > 1 + _ROUNDED and np.array_equal(good, np.rint(good))):
        white = _white(high, WHITES)
    if white is None or low < -_ROUNDED or high > white + _ROUNDED:
        raise ValueError(
            f"an array of {array.dtype} that holds {low:.4g} to {high:.4g} is not a picture; give 0 to 1 as floating "
            "point, or 0 to 255 as uint8"
        )
    if (array.dtype.kind, white) not in {("f", 1.0), ("u", 65535.0)}:
        warnings.warn(f"In a picture of {array.dtype.name}, {white:g} is taken for white.", UserWarning, stacklevel=3)
    values = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=white, neginf=0.0)
    scaled: npt.NDArray[np.uint8] = np.rint(np.clip(values, 0, white) * (255 / white)).astype(np.uint8)
    return scaled


def fitting(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """The (width, height) of an image scaled to at most `max_side`; never enlarges."""
    width, height = size
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def least_for(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Minimum (width, height) for decoding an image that is then scaled to `max_side`: twice the result."""
    width, height = fitting(size, max_side)
    return 2 * width, 2 * height


def shrink(image: Image.Image, max_side: int) -> Image.Image:
    size = fitting(image.size, max_side)
    if size == image.size:
        return image
    # A gap of 1.5 takes half the time of 2.0, without a visible difference.
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)


def resize_for(image: Image.Image, spec: ImageSpec) -> Image.Image:
    """Resize an RGB image for an image encoder, as torchvision and open_clip do; ValueError for an unknown mode."""
    filters = {method.name.lower(): method for method in Image.Resampling}
    if spec.interpolation not in filters:
        raise ValueError(f"unknown interpolation {spec.interpolation!r}; one of {', '.join(filters)}")
    width, height = image.size
    if spec.resize_mode == "squash":
        size = (spec.size, spec.size)
    elif spec.resize_mode == "longest":
        ratio = max(width, height) / spec.size
        size = (max(1, round(width / ratio)), max(1, round(height / ratio)))
    elif spec.resize_mode == "shortest":
        # Before it is resized: a line of 100,000 pixels would become as long again.
        image = _middle(image)
        width, height = image.size
        short, long = spec.resize_to, int(spec.resize_to * max(width, height) / min(width, height))
        size = (short, long) if width <= height else (long, short)
    else:
        raise ValueError(f"unknown way of resizing {spec.resize_mode!r}; one of shortest, squash, longest")
    if size != image.size:
        image = image.resize(size, filters[spec.interpolation])
    return _centre(image, spec.size)


def _middle(image: Image.Image) -> Image.Image:
    """Crop an extremely long image to its middle, all that the centre crop can show."""
    width, height = image.size
    most = LONGEST_RATIO * min(width, height)
    if max(width, height) <= most:
        return image
    left, top = max(0, (width - most) // 2), max(0, (height - most) // 2)
    return image.crop((left, top, min(width, left + most), min(height, top + most)))


def _centre(image: Image.Image, side: int) -> Image.Image:
    """Crop the centre square, padding smaller images with black (torchvision's rounding)."""
    if image.size == (side, side):
        return image
    left, top = (-((side - had) // 2) if had < side else round((had - side) / 2.0) for had in image.size)
    return image.crop((left, top, left + side, top + side))


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Encode pixels, uint8 (h, w, 3) RGB or (h, w, 4) RGBA, as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG", compress_level=COMPRESSION)
    return buffer.getvalue()


def jpeg_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Encode pixels, uint8 (h, w, 3) RGB, as JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def jpeg_uri(pixels: npt.NDArray[np.uint8]) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg_bytes(pixels)).decode()


def image_suffix(data: bytes) -> str:
    """The usual suffix for a file that starts with these bytes, such as ".jpg"; empty for unsupported formats."""
    image_format = image_formats.format_by_magic(data)
    return image_format.suffixes[0] if image_format is not None else ""
