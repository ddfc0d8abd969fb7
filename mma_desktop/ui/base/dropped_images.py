"""Images in pasted or dropped data: files, encoded bytes, pixels, only an address, or images of this project.

Slow work, such as decoding, is left to `Incoming.picture`, which runs on a lane.
"""

from __future__ import annotations

import base64
import binascii
import html
import logging
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.decoding import Pixels
from mma_desktop.media.image_formats import MAX_PIXELS
from mma_desktop.media.pixels import image_suffix
from mma_desktop.services.images.importing import UnsavedImage, name_from_time, name_from_url

log = logging.getLogger(__name__)
# In another instance, with its own project, these ids mean other images: there only the files are used.
IMAGE_MIME = f"application/x-mma-desktop-images-{uuid.uuid4().hex}"
STRIP_PIXELS = 500_000  # converted at a time, 2 MB: the window gets a turn in between
# Programs offer a copied image in many formats, the lossless one first; a single JPEG is the original.
_ENCODED = (
    "image/png",
    'application/x-qt-windows-mime;value="PNG"',
    "image/webp",
    "image/avif",
    "image/jpeg",
    "image/jpg",
    "image/gif",
    "image/tiff",
    "image/bmp",
    'application/x-qt-windows-mime;value="JFIF"',
    'application/x-qt-windows-mime;value="FileContents"',
)
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_SOURCE = re.compile(r"""[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_ONLY_ADDRESS = later(
    "Only the address of that picture came, and nothing is fetched from the internet. Drag the "
    "picture itself from a folder, or choose Copy image in the browser and paste it here with Ctrl+V."
)
_NOTHING = {
    "pasted": later("There is no picture on the clipboard. Copy a picture, or picture files, then paste."),
    "dropped": later("There is no picture in what you dropped. Drop pictures, folders, or a picture of a web page."),
}


@dataclass(frozen=True, eq=False)
class Incoming:
    """An image that is not a file yet: its future name without suffix, and how to get its data (on a lane)."""

    name: str
    data: Callable[[], bytes | Pixels]

    def picture(self) -> UnsavedImage:
        return UnsavedImage(self.name, self.data())


@dataclass(frozen=True, eq=False)
class MimeContents:
    """Contents of a clipboard or a drop.

    Attributes:
        files: Files and folders.
        pictures: Images that are not files.
        refusal: Why there is none of these, as a sentence for the user.
    """

    files: list[Path] = field(default_factory=list)
    pictures: list[Incoming] = field(default_factory=list)
    refusal: str = ""


def pack(ids: NDArray[np.int64]) -> QMimeData:
    data = QMimeData()
    data.setData(IMAGE_MIME, np.ascontiguousarray(ids, np.int64).tobytes())
    return data


def unpack(data: QMimeData) -> list[int]:
    """Return the image ids in drag data."""
    if not data.hasFormat(IMAGE_MIME):
        return []
    # Another program may have put anything there, also half a number.
    raw = data.data(IMAGE_MIME).data()
    ids: list[int] = np.frombuffer(raw[: len(raw) // 8 * 8], np.int64).tolist()
    return ids


def clipboard_data() -> QMimeData:
    # None for a clipboard that was never used.
    return QGuiApplication.clipboard().mimeData() or QMimeData()


def may_hold_images(data: QMimeData) -> bool:
    if data.hasFormat(IMAGE_MIME):
        return False
    # By formats and addresses alone: while a drag moves, contents are slow to fetch or not there yet.
    return data.hasUrls() or data.hasImage() or data.hasHtml() or any(kind in _ENCODED for kind in data.formats())


def find_images(data: QMimeData, word: str, now: datetime) -> MimeContents:
    """Find the images of a clipboard or drop; `word` ("pasted", "dropped") and `now` name one without a name."""
    urls = data.urls()
    files = files_of(urls)
    if files:  # they come first, as they keep their names, dates and folders
        return MimeContents(files=files)
    text = data.text().strip() if data.hasText() else ""
    addresses = [url.toString(QUrl.ComponentFormattingOption.FullyEncoded) for url in urls]
    addresses += list(_sources(data.html())) if data.hasHtml() else []
    addresses += [text] if _is_web(text) or _is_data(text) else []
    name = next((from_url for address in addresses if _is_web(address) and (from_url := name_from_url(address))), "")
    name = name or name_from_time(word, now)
    content = _content(data)
    if content is not None:  # a browser gives the address, too, but nothing is fetched
        return MimeContents(pictures=[Incoming(name, content)])
    inside = [address for address in dict.fromkeys(addresses) if _is_data(address)]
    if inside:
        return MimeContents(pictures=[Incoming(name, partial(bytes_of_address, address)) for address in inside])
    if any(_is_web(address) for address in addresses):
        return MimeContents(refusal=tr(_ONLY_ADDRESS))
    return MimeContents(refusal=tr(_NOTHING[word]))


def files_of(urls: Sequence[QUrl]) -> list[Path]:
    return [Path(path) for url in urls if (path := _path_of(url))]


def _path_of(url: QUrl) -> str:
    path = url.toLocalFile()
    if "\0" in path:  # no file's
        log.warning("A path with a zero byte was dropped or pasted; ignored: %r", path)
        return ""
    return path


def _content(data: QMimeData) -> Callable[[], bytes | Pixels] | None:
    # File bytes rather than pixels: they keep the original's quality, and need no encoding.
    there = set(data.formats())
    for kind in _ENCODED:
        if kind in there:
            encoded = bytes(data.data(kind).data())
            if image_suffix(encoded):
                return lambda: encoded
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return partial(pixels_of, QImage(image))
    return None


def _sources(page: str) -> Iterator[str]:
    for tag in _IMAGE.split(page)[1:]:  # a single expression would search the whole page for each tag's end
        match = _SOURCE.match(tag)
        if match is not None:
            yield html.unescape(next(part for part in match.groups() if part is not None)).strip()


def _is_web(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://")) and not any(letter.isspace() for letter in text)


def _is_data(text: str) -> bool:
    return text[:11].lower() == "data:image/"


def bytes_of_address(address: str) -> bytes:
    """Decode a `data:` address. Raises UserError if it is damaged."""
    head, comma, body = address.partition(",")
    try:
        if not comma:
            raise ValueError("no comma")
        if head.lower().endswith(";base64"):
            return base64.b64decode(unquote_to_bytes(body), validate=False)
        return unquote_to_bytes(body)
    except (ValueError, binascii.Error) as error:
        raise UserError.tr(
            "The picture in the page's text is damaged. Choose Copy image in the browser instead."
        ) from error


def pixels_of(image: QImage) -> Pixels:
    """Return (h, w, 3) RGB pixels, or (h, w, 4) with transparency; UserError if too large. Slow: on a lane."""
    width, height = image.width(), image.height()
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise UserError.tr(
            "That picture has {megapixels:,.0f} megapixels; the limit is {limit} megapixels.",
            megapixels=width * height / 1_000_000,
            limit=limit,
        )
    deep = image.hasAlphaChannel()
    kind, channels = (QImage.Format.Format_RGBA8888, 4) if deep else (QImage.Format.Format_RGB888, 3)
    out = np.empty((height, width, channels), np.uint8)
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        part = image.copy(0, top, width, min(rows, height - top)).convertToFormat(kind)
        # Qt pads each line to four bytes.
        lines = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.bytesPerLine())
        out[top : top + part.height()] = lines[:, : channels * width].reshape(part.height(), width, channels)
    return np.ascontiguousarray(out[..., :3]) if deep and bool((out[..., 3] == 255).all()) else out
