"""Table of accepted image formats, and limits against malicious files."""

from __future__ import annotations

import functools
import importlib.util
import io
import re
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import (  # the plugins now, so that no thread imports one later
    AvifImagePlugin,  # noqa: F401
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
    features,
)

from mma_desktop.core.i18n import later

# Larger images are rejected before decoding (Pillow's own limit for an error).
MAX_PIXELS = 178_956_970

# Larger files are not read.
MAX_FILE_BYTES = 512 * 1024 * 1024

MAX_SCAN_PIXELS = 2_000_000_000
"""Limit on the pixels touched by all scans of a JPEG: otherwise a few kilobytes can keep a decoder busy for minutes.

The largest accepted image reaches it with the usual ten scans.
"""

# The beginning of a file, by which its format is known.
MAGIC_BYTES = 512

# Larger images are reduced strip by strip.
HUGE_PIXELS = 40_000_000

# Memory for decoding, shared by all threads; an image that would need more is rejected.
MEMORY = 800 << 20

# Measured peak bytes per pixel when decoding; other formats use `PLAIN_PIXEL_BYTES` (RGB takes four).
PIXEL_BYTES: Mapping[str, int] = {"WEBP": 16, "AVIF": 16, "HEIF": 16}

PLAIN_PIXEL_BYTES = 4
# Bytes per sample of a progressive JPEG, all of which are kept until its last scan.
COEFFICIENT_BYTES = 2


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """An accepted format: its Pillow name, file suffixes and magic bytes."""

    pillow: str
    suffixes: tuple[str, ...]
    magic: re.Pattern[bytes]


def _magic(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_HEIC = ImageFormat("HEIF", (".heic", ".heif", ".hif"), _magic(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1)"))

_TABLE: tuple[ImageFormat, ...] = (
    ImageFormat("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), _magic(rb"\xff\xd8\xff")),
    ImageFormat("PNG", (".png", ".apng"), _magic(rb"\x89PNG\r\n\x1a\n")),
    ImageFormat("WEBP", (".webp",), _magic(rb"RIFF....WEBP")),
    ImageFormat("GIF", (".gif",), _magic(rb"GIF8[79]a")),
    ImageFormat("BMP", (".bmp", ".dib"), _magic(rb"BM.{4}\0\0\0\0")),
    ImageFormat("TIFF", (".tif", ".tiff"), _magic(rb"(II[*+]\0|MM\0[*+])")),
    # A file of the brand "mif1" says behind it how its images are encoded.
    ImageFormat("AVIF", (".avif", ".avifs"), _magic(rb"....ftyp(avif|avis|(mif1|msf1).{4}(.{4}){0,8}avi[fs])")),
)

RAW = "raw"

# Recognised only to tell the user why such a file is not accepted.
_UNSUPPORTED: tuple[tuple[str, str, re.Pattern[bytes]], ...] = (
    ("heic", later("a HEIC picture"), _HEIC.magic),
    (RAW, later("a camera raw file"), _magic(rb"(....ftypcrx |FUJIFILMCCD-RAW|IIRO|IIRS|MMOR|IIU\0|FOVb|\0MRM)")),
    ("photoshop", later("a Photoshop document"), _magic(rb"8BPS")),
    ("jpeg_2000", later("a JPEG 2000 picture"), _magic(rb"(\0\0\0\x0cjP  |\xff\x4f\xff\x51)")),
    ("jpeg_xl", later("a JPEG XL picture"), _magic(rb"(\xff\x0a|\0\0\0\x0cJXL )")),
    ("icon", later("an icon"), _magic(rb"\0\0[\x01\x02]\0.\0")),
    ("macos_icon", later("a macOS icon"), _magic(rb"icns")),
    ("gimp", later("a GIMP document"), _magic(rb"gimp xcf")),
    ("svg", later("an SVG drawing"), _magic(rb"\s*(<\?xml.{0,400})?<svg")),
    ("pdf", later("a PDF document"), _magic(rb"%PDF-")),
    ("postscript", later("a PostScript drawing"), _magic(rb"(%!PS|\xc5\xd0\xd3\xc6)")),
    ("open_exr", later("an OpenEXR picture"), _magic(rb"v/1\x01")),
    ("radiance", later("a Radiance picture"), _magic(rb"#\?RADIANCE")),
    ("dds", later("a DDS texture"), _magic(rb"DDS ")),
    ("any_map", later("a portable any-map"), _magic(rb"P[1-7fF][\s]")),
    ("pcx", later("a PCX picture"), _magic(rb"\n[\x00-\x05]\x01[\x01\x02\x04\x08]")),
    ("metafile", later("a Windows metafile"), _magic(rb"(\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF)")),
    ("fits", later("a FITS file"), _magic(rb"SIMPLE  =")),
    ("qoi", later("a QOI picture"), _magic(rb"qoif")),
    ("dicom", later("a DICOM file"), _magic(rb".{128}DICM")),
    ("film", later("a film"), _magic(rb"(....ftyp|\x1aE\xdf\xa3|RIFF....AVI )")),
)

# Names of other formats by code; pass them through `tr`.
UNSUPPORTED_NAMES: Mapping[str, str] = {code: words for code, words, _ in _UNSUPPORTED}

_TIFF_LIKE_RAW = frozenset(
    (".dng", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".cr2", ".pef", ".srw", ".3fr", ".iiq", ".erf", ".kdc", ".mef")
)
RAW_SUFFIXES = _TIFF_LIKE_RAW | {".cr3", ".raf", ".orf", ".rw2"}


@functools.cache
def _register_heic() -> None:
    # Only when the first such image comes: loading the decoder takes 50 ms.
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


FORMATS: tuple[ImageFormat, ...] = (
    *(row for row in _TABLE if row.pillow not in {"WEBP", "AVIF"} or features.check(row.pillow.lower())),
    _HEIC,
)

PILLOW_NAMES: tuple[str, ...] = tuple(accepted.pillow for accepted in FORMATS)
# Whether the optional package for camera raw files is installed.
RAW_READABLE = importlib.util.find_spec("rawpy") is not None

SUFFIXES: frozenset[str] = frozenset(suffix for accepted in FORMATS for suffix in accepted.suffixes) | (
    RAW_SUFFIXES if RAW_READABLE else frozenset()
)
FORMAT_LIST = "JPEG, PNG, WebP, GIF, BMP, TIFF" + (", AVIF" if "AVIF" in PILLOW_NAMES else "") + ", HEIC"
_OWN_NAMES = tuple(name for name in PILLOW_NAMES if name != _HEIC.pillow)


def format_by_magic(data: bytes) -> ImageFormat | None:
    """The accepted format whose magic bytes match."""
    return next((accepted for accepted in FORMATS if accepted.magic.match(data[:MAGIC_BYTES])), None)


def unsupported_kind(data: bytes) -> str | None:
    """The code of another known format, e.g. "photoshop"; see `UNSUPPORTED_NAMES`."""
    return next((code for code, _, magic in _UNSUPPORTED if magic.match(data[:MAGIC_BYTES])), None)


def candidate_formats(data: bytes) -> tuple[str, ...]:
    """Pillow's names of the formats that these bytes can be in, ready to be opened."""
    if format_by_magic(data) is not _HEIC:
        return _OWN_NAMES
    _register_heic()
    return (_HEIC.pillow,)


def heic_exif(data: bytes) -> bytes:
    """The EXIF data of a HEIC image, which Pillow would search before it can be checked; empty if it has none."""
    import pillow_heif

    try:
        heif = pillow_heif.open_heif(io.BytesIO(data))
        exif = heif.info.get("exif") or b""
    except Exception:  # noqa: BLE001 - a damaged file raises anything; opening it reports it
        return b""
    return bytes(exif)


def is_raw(data: bytes, suffix: str) -> bool:
    """Whether this is a camera raw file. Of one based on TIFF, Pillow would only find its small preview."""
    if data[:4] in {b"II*\0", b"MM\0*"}:
        return data[8:10] == b"CR" or suffix.lower() in _TIFF_LIKE_RAW
    return unsupported_kind(data) == RAW


_quiet_lock = threading.Lock()


def quiet_pillow() -> None:
    """Suppress Pillow's warnings about odd files (tags, palettes, sizes)."""
    # Their causes are checked before decoding or reported as the file's problem. A process-wide filter, because
    # `warnings.catch_warnings` is not thread-safe; it moves to the front again if other code has changed the filters.
    with _quiet_lock:
        first = warnings.filters[0] if warnings.filters else None
        if first is None or first[0] != "ignore" or getattr(first[3], "pattern", first[3]) != _QUIET:
            warnings.filterwarnings("ignore", module=_QUIET)


_QUIET = r"PIL\."
quiet_pillow()
# Pillow applies its limit to tiles and frames inside a file; it raises an error at twice the value.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
