"""Keywords (read only): `dc:subject` in XMP side-cars, or in the images themselves, as photo managers write them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from mma_desktop.core.atomic_io import open_regular, read_regular
from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import later, shortened
from mma_desktop.core.types import LeftOut
from mma_desktop.media.image_formats import MAX_FILE_BYTES, SUFFIXES
from mma_desktop.services.formats.dataset import Collector, Format, Listing, RecognisedBy
from mma_desktop.services.formats.folder_layout import images_in
from mma_desktop.services.formats.path_resolver import RowError
from mma_desktop.services.predicting.sidecars import MAX_BYTES, keywords_in, sidecar_of

LOOKED_AT = 20
SHOWN = 5
_HEAD = 1 << 18
"""Number of bytes searched for XMP: in a JPEG it follows the camera's data, which is at most 64 KB."""

_START, _END = b"<x:xmpmeta", b"</x:xmpmeta>"


def sniff(path: Path) -> bool:
    """Whether `path` is a folder whose first images have keywords, most of them exactly one."""
    if not path.is_dir():
        return False
    counts = []
    for image in islice(_pictures(path), LOOKED_AT):
        try:
            counts.append(len(keywords_of(image)))
        except (ValueError, OSError):
            continue
    return 0 < sum(map(bool, counts)) <= 2 * counts.count(1)


def _pictures(folder: Path) -> Iterator[Path]:
    """Images of a folder and its subfolders, quickly: unordered, and without unreadable ones."""
    for place, folders, files in os.walk(folder):
        folders[:] = [place for place in folders if not place.startswith(".")]
        yield from (Path(place, file) for file in files if os.path.splitext(file)[1].lower() in SUFFIXES)  # noqa: PTH122


def keywords_of(image: Path) -> list[str]:
    """The keywords of an image: those of its side-car, or its own if it has none.

    Raises:
        ValueError: They cannot be read; the message says why, to follow a colon.
        OSError: The side-car or the image cannot be read.
    """
    try:
        return keywords_in(read_regular(sidecar_of(image), MAX_BYTES))
    except FileNotFoundError:
        with open_regular(image, MAX_FILE_BYTES) as handle:
            head = handle.read(_HEAD)
    start = head.find(_START)
    end = head.find(_END, start)
    return keywords_in(head[start : end + len(_END)]) if 0 <= start < end else []


def read(rows: Collector) -> Listing:
    """Read every image of a folder; its label is its keyword, or the one that is a class."""
    path = rows.path
    if not path.is_dir():
        return rows.listing()
    classes = {name_key(name) for name in rows.options.classes}
    for found in images_in(rows, path):
        label = rows.label_from(str(found.path), _read_label, found.path, classes)
        rows.add(str(found.path), found.path, label)
    rows.left_out.pop(LeftOut.SIDE_CAR, None)
    return rows.listing()


def _read_label(image: Path, classes: set[str]) -> str:
    """The only keyword of an image, or the only one that is a class; "" if there are none. Raises RowError."""
    found = list({name_key(keyword): keyword for keyword in keywords_of(image)}.values())
    if len(found) > 1:
        known = [keyword for keyword in found if name_key(keyword) in classes]
        if len(known) != 1:
            shown = shortened(found, SHOWN)
            if known:
                raise RowError.tr("several of its keywords are classes ({keywords})", keywords=", ".join(known))
            raise RowError.tr("it has several keywords ({keywords}), and none is a class", keywords=shown)
        return known[0]
    return found[0] if found else ""


FORMAT = Format(
    "xmp",
    later("Keywords (XMP)"),
    later(
        "A folder of pictures with keywords. A picture's only keyword is its label, or the one that is a class here."
    ),
    sniff,
    read,
    suffixes=(".xmp",),
    recognised_by=RecognisedBy.KEYWORDS,
)
