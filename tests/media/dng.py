"""A small but real DNG: a mosaic of raw values, with or without a JPEG preview before it."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}
Tag = tuple[int, bytes]


def _short(*values: int) -> Tag:
    return 3, struct.pack(f"<{len(values)}H", *values)


def _long(*values: int) -> Tag:
    return 4, struct.pack(f"<{len(values)}I", *values)


def _signed(*values: float) -> Tag:
    return 10, b"".join(struct.pack("<ii", round(value * 10_000), 10_000) for value in values)


def _directory(tags: Mapping[int, Tag], place: int, following: int = 0) -> bytes:
    """A directory of a TIFF that will stand at `place`, the values that do not fit into it behind."""
    body, rest = struct.pack("<H", len(tags)), b""
    behind = place + 2 + 12 * len(tags) + 4
    for number, (kind, data) in sorted(tags.items()):
        head = struct.pack("<HHI", number, kind, len(data) // _SIZES[kind])
        if len(data) <= 4:
            body += head + data.ljust(4, b"\0")
        else:
            body += head + struct.pack("<I", behind + len(rest))
            rest += data + b"\0" * (len(data) % 2)
    return body + struct.pack("<I", following) + rest


def dng(width: int, height: int, preview: bytes = b"", size: tuple[int, int] = (0, 0), turned: int = 1) -> bytes:
    """A DNG whose left half is red and whose right half is blue, as its sensor saw it.

    Args:
        width: Of the sensor, even.
        height: Of the sensor, even.
        preview: A JPEG to embed; empty for none.
        size: Width and height of the preview.
        turned: EXIF orientation.
    """
    mosaic = np.full((height, width), 400, np.uint16)
    mosaic[0::2, 0 : width // 2 : 2] = 12_000  # red: RGGB
    mosaic[1::2, width // 2 + 1 :: 2] = 12_000  # blue
    pixels = mosaic.tobytes()
    main: dict[int, Tag] = {
        254: _long(0),
        256: _long(width),
        257: _long(height),
        258: _short(16),
        259: _short(1),
        262: _short(32803),
        277: _short(1),
        278: _long(height),
        279: _long(len(pixels)),
        33421: _short(2, 2),
        33422: (1, bytes((0, 1, 1, 2))),
        50714: _short(0),
        50717: _long(16_383),
    }
    camera: dict[int, Tag] = {
        271: (2, b"Test\0"),
        272: (2, b"Sensor\0"),
        274: _short(turned),
        50706: (1, bytes((1, 4, 0, 0))),
        50708: (2, b"Test Sensor\0"),
        50721: _signed(1, 0, 0, 0, 1, 0, 0, 0, 1),
        50728: (5, struct.pack("<6I", 1, 1, 1, 1, 1, 1)),
        50778: _short(21),
    }
    start = 8 + len(pixels) + len(preview) + len(preview) % 2
    data = b"II*\0" + struct.pack("<I", start) + pixels + preview + b"\0" * (len(preview) % 2)
    main[273] = _long(8)
    if not preview:
        return data + _directory({**main, **camera}, start)
    first: dict[int, Tag] = {
        **camera,
        254: _long(1),
        256: _long(size[0]),
        257: _long(size[1]),
        258: _short(8, 8, 8),
        259: _short(7),
        262: _short(6),
        273: _long(8 + len(pixels)),
        277: _short(3),
        278: _long(size[1]),
        279: _long(len(preview)),
        330: _long(0),
    }
    second = start + len(_directory(first, start))
    first[330] = _long(second)
    return data + _directory(first, start) + _directory(main, second)
