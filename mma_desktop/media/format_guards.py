"""Structural checks of image files before decoding: rejects files that would keep a decoder busy for minutes.

A decoder in Python processes markers, chunks and tags one by one, so a few megabytes of nothing else hang it; one in C
allocates memory according to the header.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from mma_desktop.media import error_messages
from mma_desktop.media.error_messages import ImageError

# Segments of a JPEG before and between its scans; a phone photo has under a hundred.
MAX_MARKERS = 4096

# Chunks of a PNG; the largest accepted image has 65,000 of the usual 8 KB.
MAX_CHUNKS = 200_000

# Tags in a directory of a TIFF or of EXIF data.
MAX_TAGS = 4096

# Total tag bytes in a directory beyond the file's own size: several tags may point to the same bytes.
MAX_TAG_BYTES = 64 << 20

# Numbers in the tags of one directory; above the number of strips of the tallest accepted image.
MAX_TAG_NUMBERS = 4_000_000

MAX_EXIF_BYTES = 4 << 20  # 64 of the largest segments that a JPEG can have
# Bytes of a GIF before its first frame: comments, profiles.
MAX_GIF_EXTRAS = 4 << 20

# Size of a run-length encoded BMP; its decoder takes a third of a microsecond per two-byte run.
MAX_RLE_BYTES = 32 << 20

# Starting with a literal byte lets the search skip scan data at memory speed: 24 times as fast as \xff+, whose matches
# end at the same places.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
# Of the types of values in a TIFF directory (TIFF 6.0, section 2; 13 is of its supplement, 16 to 18 are of BigTIFF).
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
# Bytes and texts, which Pillow keeps as they are; of other types it makes an object for each value.
_PLAIN_BYTES = {1, 2, 6, 7}
_MAX_PADDING = 65_536  # bytes between two markers of a header; encoders pad with a few


def check(data: bytes) -> None:
    """Check that decoding the file takes reasonable time and memory, else raise ImageError."""
    if data.startswith(b"\xff\xd8"):
        for _ in jpeg_segments(data):
            pass
    elif data.startswith(b"\x89PNG"):
        _check_chunks(data, 8, webp=False)
    elif data[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        _check_tags(data)
    elif data.startswith(b"GIF8"):
        _check_gif(data)
    elif data.startswith(b"BM"):
        _check_bmp(data)
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        _check_chunks(data, 12, webp=True)


def scans_of(data: bytes) -> int:
    """Number of scans in a JPEG; ignores data after its end, such as a phone's video."""
    return sum(1 for marker, _ in jpeg_segments(data) if marker == 0xDA)


def is_progressive(data: bytes) -> bool:
    """Whether a JPEG needs all its coefficients in memory until its last scan."""
    return any(marker in {0xC2, 0xC6, 0xCA, 0xCE} for marker, _ in jpeg_segments(data))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the markers of a JPEG up to its end, with the bytes of each segment (scan data omitted).

    Raises:
        ImageError: There are too many, or its EXIF data would take too much memory.
    """
    place, exif, in_header = 2, b"", True
    for _ in range(MAX_MARKERS):
        match = _MARKER.search(data, place)
        if in_header and (match.end() if match else len(data)) - place > _MAX_PADDING:
            raise ImageError(error_messages.PADDING)
        if match is None or match[1] == b"\xd9":
            break
        marker = match[1][0]
        length = int.from_bytes(data[match.end() : match.end() + 2], "big")
        segment = data[match.end() + 2 : match.end() + length]
        if marker == 0xE1 and segment.startswith(b"Exif\0"):
            exif += segment[6:]
        if marker == 0xE2 and segment.startswith(b"MPF\0"):
            check_exif(segment[4:])
        yield marker, segment
        place = match.end() + max(2, length)
        if marker == 0xDA:
            in_header = False
    else:
        raise ImageError(error_messages.MANY_SEGMENTS.of(limit=MAX_MARKERS))
    check_exif(exif)


def _check_chunks(data: bytes, place: int, webp: bool) -> None:
    """Check the EXIF data of a PNG or a WebP, whose chunks start at `place`."""
    for _ in range(MAX_CHUNKS):
        first, second = data[place : place + 4], data[place + 4 : place + 8]
        kind, length = (first, int.from_bytes(second, "little")) if webp else (second, int.from_bytes(first, "big"))
        if kind == (b"EXIF" if webp else b"eXIf"):
            check_exif(data[place + 8 : place + 8 + length])
        place += 8 + length + (length % 2 if webp else 4)
        if place >= len(data) or (kind == b"IEND" and not webp):
            return
    raise ImageError(error_messages.MANY_CHUNKS.of(limit=MAX_CHUNKS))


def _check_gif(data: bytes) -> None:
    if len(data) < 13:
        return
    place = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    end = place + MAX_GIF_EXTRAS
    while data[place : place + 1] == b"\x21":
        place += 2
        while (size := data[place] if place < len(data) else 0) > 0:
            place += 1 + size
            if place > end:
                raise ImageError(error_messages.COMMENTS)
        place += 1


def _check_bmp(data: bytes) -> None:
    compression = int.from_bytes(data[30:34], "little")
    if compression in {1, 2} and int.from_bytes(data[14:18], "little") >= 40 and len(data) > MAX_RLE_BYTES:
        raise ImageError(error_messages.RUN_LENGTH.of(limit=MAX_RLE_BYTES >> 20))


def check_exif(data: bytes) -> None:
    """Check that reading EXIF data takes reasonable time and memory, else raise ImageError."""
    data = data.removeprefix(b"Exif\0\0")
    if len(data) > MAX_EXIF_BYTES:
        raise ImageError(error_messages.MUCH_EXIF.of(limit=MAX_EXIF_BYTES >> 20))
    _check_tags(data)


def _check_tags(data: bytes) -> None:
    """Check the total size of the tags in the first directory of a TIFF or of EXIF data."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        return
    big = data[2:4] in {b"+\0", b"\0+"}
    head, number, entry = ("8xQ", "Q", "HHQQ") if big else ("4xI", "H", "HHII")
    try:
        (place,) = struct.unpack_from(order + head, data)
        (count,) = struct.unpack_from(order + number, data, place)
        if count > MAX_TAGS:
            raise ImageError(error_messages.MANY_TAGS.of(tags=count, limit=MAX_TAGS))
        place += struct.calcsize(order + number)
        total = numbers = 0
        for _ in range(count):
            _, kind, values, _ = struct.unpack_from(order + entry, data, place)
            place += struct.calcsize(order + entry)
            held = min(values * _TYPE_BYTES.get(kind, 0), len(data))  # the decoder cannot read beyond the file
            total += held
            numbers += 0 if kind in _PLAIN_BYTES else held // _TYPE_BYTES.get(kind, 1)
    except (struct.error, OverflowError):
        return  # truncated or a bad offset: the decoder reports it
    if total > max(MAX_TAG_BYTES, len(data)) or numbers > MAX_TAG_NUMBERS:
        raise ImageError(error_messages.MUCH_IN_TAGS.of(size=total / 2**20))
