"""Decode image files: check untrusted input, then apply the orientation, flatten to RGB and resize."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeGuard

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from mma_desktop.core.atomic_io import UnsuitableFileError, open_regular
from mma_desktop.core.types import OTHER_REASON, ImageSpec, ProblemKind, Reason
from mma_desktop.media import error_messages, format_guards, image_formats, pixels
from mma_desktop.media.error_messages import ImageError

if TYPE_CHECKING:
    import rawpy

# Some cameras embed only a stamp of 160 pixels in a raw file. If the longer side of the preview is below this, the
# sensor's values are developed instead.
MIN_PREVIEW = 320

# Measured peak of a camera raw file when it is developed at half size.
RAW_PIXEL_BYTES = 8

GROWTH_BYTES = 1 << 20  # read at a time of a file that grows
# What a path begins with, perhaps behind the current folder, that was made of an address.
_ADDRESSES = frozenset(f"{scheme}:" for scheme in ("http", "https", "ftp", "s3", "gs", "hf", "file"))
Pixels = npt.NDArray[np.uint8]
MinimumSize = Callable[[tuple[int, int]], tuple[int, int]]
Source = Path | str | bytes | Image.Image | npt.NDArray[np.generic]


# --------------------------------------------------------------------------------------
# bytes


def read_bytes(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a whole regular file. Never opens named pipes, devices or folders.

    Raises:
        ImageError: VANISHED, UNREADABLE, LINK_LOOP, NOT_AN_IMAGE (not a regular file) or TOO_LARGE.
    """
    try:
        with open_regular(path, image_formats.MAX_FILE_BYTES) as handle:
            # Of the open file: at the path, another one may be by now.
            status = os.fstat(handle.fileno())
            data = _whole(handle, min(status.st_size, image_formats.MAX_FILE_BYTES))
    except (OSError, ValueError) as error:
        raise os_problem(error, path) from error
    except MemoryError as error:
        raise ImageError(error_messages.NO_MEMORY, path) from error
    if len(data) > image_formats.MAX_FILE_BYTES:
        raise ImageError(error_messages.GROWING, path)
    return data, status


def _whole(handle: BinaryIO, size: int) -> bytes:
    """Read all bytes of a file with the reported `size`, stopping shortly after the size limit."""
    parts = [handle.read(size + 1)]  # read() allocates as much as is requested
    length = len(parts[0])
    # More than the reported size means that the file is growing, or that the system does not report its size.
    while size < length <= image_formats.MAX_FILE_BYTES:
        size, part = length, handle.read(GROWTH_BYTES)
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def os_problem(error: OSError | ValueError, path: Path) -> ImageError:
    """Convert a failed file operation to a problem of the file."""
    return ImageError(_os_reason(error, path), path)


def _os_reason(error: OSError | ValueError, path: Path) -> Reason:
    if isinstance(error, UnsuitableFileError):
        if stat.S_ISREG(error.status.st_mode):
            size, limit = error.status.st_size / 2**20, image_formats.MAX_FILE_BYTES // 2**20
            return error_messages.LARGE_FILE.of(size=size, limit=limit)
        return error_messages.FOLDER if stat.S_ISDIR(error.status.st_mode) else error_messages.DEVICE
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if path.is_symlink():
            return error_messages.BROKEN_LINK
        return error_messages.NO_FILE if _ADDRESSES.isdisjoint(path.parts) else error_messages.ADDRESS
    if isinstance(error, PermissionError):
        return error_messages.NO_PERMISSION
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return error_messages.OWN_LINK
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return error_messages.UNREADABLE.of(system_error=words.lower())


# --------------------------------------------------------------------------------------
# opening


def readable(data: bytes, path: Path) -> bytes:
    """What `open_image` can read of a file's bytes: the preview of a camera raw file, any other as it is.

    Raises:
        ImageError: UNSUPPORTED (reading camera raw files needs rawpy), TRUNCATED, DAMAGED or TOO_LARGE.
    """
    if not image_formats.is_raw(data, path.suffix):
        return data
    if not image_formats.RAW_READABLE:
        raise ImageError(error_messages.RAW_EXTRA, path)
    try:
        return _raw_preview(data)
    except Exception as error:
        raise ImageError(_decode_reason(error, data), path) from error


def _raw_preview(data: bytes) -> bytes:
    """The preview of a camera raw file as a JPEG. If it has no usable one, it is developed at half size, as a BMP.

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
            # By the header, before LibRaw allocates anything for it.
            count = raw.sizes.raw_width * raw.sizes.raw_height
            if count > image_formats.MAX_PIXELS:
                raise Image.DecompressionBombError
            with _memory.reserve(RAW_PIXEL_BYTES * count):
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
        preview = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if preview.format is not rawpy.ThumbFormat.JPEG:
        return None
    data = bytes(preview.data)
    return data if _longer_side(data) >= MIN_PREVIEW else None


def _longer_side(jpeg: bytes) -> int:
    # A start of frame, SOF0 to SOF15, has the size; DHT, JPG and DAC (C4, C8, CC) lie among these numbers.
    for marker, segment in format_guards.jpeg_segments(jpeg):
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            return max(int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big"))
    return 0


def open_image(data: bytes, path: Path | None = None) -> Image.Image:
    """Open an image, given what `readable` returned, and check its header without decoding it.

    Raises:
        ImageError: EMPTY, NOT_AN_IMAGE, UNSUPPORTED, TRUNCATED, DAMAGED or TOO_LARGE.
    """
    if not data:
        raise ImageError(error_messages.EMPTY, path)
    if image_formats.is_raw(data, path.suffix if path is not None else ""):
        raise ImageError(_unsupported(image_formats.RAW), path)
    image_formats.quiet_pillow()
    try:
        format_guards.check(data)
        names = image_formats.candidate_formats(data)
        if "HEIF" in names:
            format_guards.check_exif(image_formats.heic_exif(data))
        image: Image.Image = Image.open(io.BytesIO(data), formats=names)
    except UnidentifiedImageError as error:
        raise ImageError(_unidentified(data), path) from error
    except Exception as error:
        raise ImageError(_decode_reason(error, data), path) from error
    if reason := _unfit_size(image, data):
        raise ImageError(reason, path)
    return image


def _unfit_size(image: Image.Image, data: bytes) -> Reason | None:
    """Why decoding would take minutes or too much memory, by the header."""
    width, height = image.size
    if width < 1 or height < 1:
        return error_messages.NO_PIXELS.of(width=width, height=height)
    if width * height > image_formats.MAX_PIXELS:
        return _too_many_pixels(width, height)
    if image.format in {"JPEG", "MPO"}:
        scans = format_guards.scans_of(data)
        if scans * width * height > image_formats.MAX_SCAN_PIXELS:
            return error_messages.MANY_SCANS.of(scans=scans)
    try:
        needed = memory_of(image, data)
    except (TypeError, ValueError, OverflowError):  # a header field is not a valid number
        return error_messages.DAMAGED_HEADER.of(format=image.format)
    if needed > image_formats.MEMORY:
        return error_messages.MUCH_MEMORY.of(width=width, height=height, needed=needed >> 20)
    return None


def memory_of(image: Image.Image, data: bytes, full: tuple[int, int] | None = None) -> int:
    """Peak memory in bytes for decoding, from the header; `full` is the size before `Image.draft`."""
    width, height = full or image.size
    needed = (
        image.width * image.height * image_formats.PIXEL_BYTES.get(image.format or "", image_formats.PLAIN_PIXEL_BYTES)
    )
    if image.format in {"JPEG", "MPO"} and format_guards.is_progressive(data):
        needed += width * height * len(image.getbands()) * image_formats.COEFFICIENT_BYTES
    return needed + (_strip_bytes(image) if image.format == "TIFF" else 0)


def _strip_bytes(image: Image.Image) -> int:
    """Size in bytes of the largest unit that a TIFF is decoded in: a strip or a tile."""
    tags: Any = image.tag_v2  # type: ignore[attr-defined]
    # Tags by number: 322, 323 tile size, 278 rows a strip, 258 bits a sample, 277 samples a pixel.
    width, height = tags.get(322), tags.get(323)
    if not (width and height):
        width, height = image.width, min(tags.get(278) or image.height, image.height)
    bits = tags.get(258) or (8,)
    samples = tags.get(277) or 1
    return int(width) * int(height) * int(samples) * max(bits) // 8


def _too_many_pixels(width: int, height: int) -> Reason:
    millions, limit = width * height / 1e6, image_formats.MAX_PIXELS // 1_000_000
    return error_messages.MANY_PIXELS.of(width=width, height=height, millions=millions, limit=limit)


def _unsupported(what: str) -> Reason:
    return error_messages.OTHER_FORMAT.of(what=what, formats=image_formats.FORMAT_LIST)


def _unidentified(data: bytes) -> Reason:
    expected = image_formats.format_by_magic(data)
    if expected is not None:
        if len(data) < 256:
            return error_messages.ENDS_AT_ONCE.of(format=expected.pillow, size=len(data))
        if data[4:8] == b"ftyp" and _is_truncated(data):
            return error_messages.CUT_OFF
        return error_messages.DAMAGED_HEADER.of(format=expected.pillow)
    foreign = image_formats.unsupported_kind(data)
    if foreign is not None:
        return _unsupported(foreign)
    return error_messages.OTHER_CONTENT if data.strip(b"\0") else error_messages.ZEROS


def _decode_reason(error: Exception, data: bytes) -> Reason:
    """What an exception from Pillow says of the file."""
    if isinstance(error, ImageError):
        return error.reason
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return error_messages.PIXEL_LIMIT.of(limit=image_formats.MAX_PIXELS // 1_000_000)
    if isinstance(error, MemoryError):
        return error_messages.NO_MEMORY
    text = " ".join(str(error).split()) or type(error).__name__
    # Pillow and its decoders have no type for it, only these words.
    cut_off = any(word in text.lower() for word in ("truncated", "too small", "not enough", "premature"))
    if cut_off or isinstance(error, EOFError) or _is_truncated(data):
        return error_messages.CUT_OFF
    return error_messages.UNDECODABLE.of(decoder_error=text[:120])


def _is_truncated(data: bytes) -> bool:
    """Whether a JPEG, PNG or WebP lacks its end marker, or a HEIC or AVIF its last box."""
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd9" not in data[-64:]
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-64:]
    if data.startswith(b"RIFF"):
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if data[4:8] == b"ftyp":
        return _ends_within_a_box(data)
    return False


def _ends_within_a_box(data: bytes) -> bool:
    place = 0
    for _ in range(format_guards.MAX_MARKERS):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        # A 64-bit size follows the name (ISO 14496-12).
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        if size < 8 or not name:  # to the end of the file, or none of the format's
            return False
        place += size
        if place >= len(data):
            return place > len(data)
    return False


def _orientation(image: Image.Image) -> Image.Transpose | None:
    """The transposition for the EXIF orientation. Call it after loading: some formats apply their own then."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - damaged EXIF raises anything; the image itself may be fine
        return None
    return _TRANSPOSITIONS.get(value) if isinstance(value, int) else None


# By EXIF's number for the orientation; 1 is upright. The last four swap width and height.
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {_TRANSPOSITIONS[number] for number in (5, 6, 7, 8)}


class _Memory:
    """Limits the decoding threads to `image_formats.MEMORY` together; a thread that would exceed it waits."""

    def __init__(self) -> None:
        self._reserved = 0
        self._released = threading.Condition()

    @contextmanager
    def reserve(self, needed: int) -> Iterator[None]:
        """Reserve memory, waiting until it is available; a request above the limit waits until it runs alone."""
        with self._released:
            self._released.wait_for(lambda: not self._reserved or self._reserved + needed <= image_formats.MEMORY)
            self._reserved += needed
        try:
            yield
        finally:
            with self._released:
                self._reserved -= needed
                self._released.notify_all()


_memory = _Memory()


def flatten(
    image: Image.Image, data: bytes = b"", path: Path | None = None, least: tuple[int, int] | None = None
) -> tuple[Image.Image, tuple[int, int]]:
    """Decode an image fully to upright 8-bit RGB.

    Args:
        image: From `open_image`. Uses its current frame, by default the first.
        data: Its bytes, to distinguish damage from truncation.
        path: The file's path for error messages.
        least: Minimum (width, height) of the result, for the image as stored; None decodes every pixel. With it, JPEGs
            are decoded at 1/2, 1/4 or 1/8 (Pillow's draft mode).

    Returns:
        The image and the full (width, height) in pixels after applying the orientation.

    Raises:
        ImageError: It is damaged, truncated or too large.
    """
    try:
        full = image.size
        if least is not None and image.format in {"JPEG", "MPO"}:
            image.draft(None, least)
        with _memory.reserve(memory_of(image, data, full)):
            image.load()
            # After loading: some formats apply their own orientation then.
            turn = _orientation(image)
            flat = pixels.to_rgb(image, least if full[0] * full[1] > image_formats.HUGE_PIXELS else None)
    except Exception as error:
        raise ImageError(_decode_reason(error, data), path) from error
    if turn is not None:
        flat = flat.transpose(turn)
        if turn in _SIDEWAYS:
            full = (full[1], full[0])
    return flat, full


# --------------------------------------------------------------------------------------
# what the rest of the program asks for


def upright(data: bytes, path: Path | None, least: MinimumSize) -> Image.Image:
    """Decode the bytes of a file to upright RGB, at least as large as `least(stored size)`; raises ImageError."""
    if path is not None:
        data = readable(data, path)
    image = open_image(data, path)
    return flatten(image, data, path, least(image.size))[0]


def _load(source: Source, least: MinimumSize) -> Image.Image:
    """Like `upright`, for any source."""
    if isinstance(source, str | Path):
        return upright(read_bytes(Path(source))[0], Path(source), least)
    if isinstance(source, bytes):
        return upright(source, None, least)
    image_formats.quiet_pillow()
    if isinstance(source, np.ndarray):
        try:
            return pixels.from_array(source)
        except (TypeError, ValueError) as error:
            raise ImageError(OTHER_REASON.of(text=str(error))) from error
    if source.width * source.height > image_formats.MAX_PIXELS:
        raise ImageError(_too_many_pixels(source.width, source.height))
    return flatten(source)[0]  # not our image: draft mode would modify it


def is_source(source: object) -> TypeGuard[Source]:
    """Whether it is of a type that `decode` takes."""
    return isinstance(source, Path | str | bytes | Image.Image | np.ndarray)


def decode(source: Source, spec: ImageSpec) -> Pixels:
    """Decode an image as the input of an image encoder, before scaling and normalisation.

    Equal to the transforms of open_clip and torchvision on the upright RGB image, except that a large JPEG is first
    decoded at reduced size, at least twice the encoder's input.

    Args:
        source: A path, the bytes of a file, a Pillow image, or an array as for `pixels.from_array`.
        spec: The input of the encoder.

    Returns:
        uint8 `(spec.size, spec.size, 3)`.

    Raises:
        ImageError: It is not a usable image.
    """
    return prepared(_load(source, lambda _: smallest_size(spec)), spec)


def smallest_size(spec: ImageSpec) -> tuple[int, int]:
    """Minimum size that `flatten` must return for an image encoder: twice its input."""
    side = 2 * max(spec.resize_to, spec.size)
    return side, side


def prepared(flat: Image.Image, spec: ImageSpec) -> Pixels:
    """The encoder input for an image flattened to at least `smallest_size(spec)`."""
    return np.array(pixels.resize_for(flat, spec), dtype=np.uint8, order="C")


def decode_file(path: Path, spec: ImageSpec, expected_hash: bytes | None) -> Pixels:
    """Decode a file of the project, reading it once, and check its SHA-256 unless that is None.

    Raises:
        ImageError: It is missing, not usable, or no longer the image that was imported (VANISHED).
    """
    return _decode_bytes(read_checked(path, expected_hash), path, spec)


def _decode_bytes(data: bytes, path: Path | None, spec: ImageSpec) -> Pixels:
    return prepared(upright(data, path, lambda _: smallest_size(spec)), spec)


def read_hashed(source: Source, spec: ImageSpec) -> tuple[bytes, Callable[[], Pixels]]:
    """Read a file once, unless these are its bytes: their SHA-256 (32 bytes), and what decodes exactly them.

    What is no file is decoded at once, since its owner may change or close it; the SHA-256 is that of the result.

    Raises:
        ImageError: It cannot be read, or these are the bytes of a camera raw file; decoding raises as `decode`.
    """
    if not isinstance(source, Path | bytes):
        pixels = decode(source, spec)
        return hashlib.sha256(spec.fingerprint.encode() + pixels.tobytes()).digest(), lambda: pixels
    data, path = (source, None) if isinstance(source, bytes) else (read_checked(source, None), source)
    if path is None and image_formats.is_raw(data, ""):  # the answer must not depend on what else was read
        raise ImageError(_unsupported(image_formats.RAW))
    return hashlib.sha256(data).digest(), partial(_decode_bytes, data, path, spec)


def read_checked(path: Path, expected_hash: bytes | None) -> bytes:
    """Read a file that has not changed since it was imported; ImageError as `read_bytes`, VANISHED if it has."""
    try:
        data, _ = read_bytes(path)
    except ImageError as error:
        if expected_hash is None or error.kind is not ProblemKind.VANISHED or path.is_symlink():
            raise
        raise ImageError(error_messages.GONE, path) from error
    if expected_hash is not None and hashlib.sha256(data).digest() != expected_hash:
        raise ImageError(error_messages.CHANGED, path)
    return data


def preview(source: Source, max_side: int) -> Pixels:
    """Decode an image for display: upright RGB, longer side at most `max_side` pixels, never enlarged.

    Returns:
        uint8 `(height, width, 3)`, contiguous.

    Raises:
        ImageError: It is not a usable image.
    """
    flat = _load(source, lambda size: pixels.fitting(size, max_side))
    return np.array(pixels.shrink(flat, max_side), dtype=np.uint8, order="C")
