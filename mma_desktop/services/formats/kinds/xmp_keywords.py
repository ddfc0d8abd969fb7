"""Keywords: `dc:subject` in XMP side-cars, or in the images themselves, as photo managers write them.

They are read as labels, and written into side-cars beside the images, which are not touched. A side-car belongs to the
user, so its text is kept byte for byte, and keywords are inserted.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from mma_desktop.core.atomic_io import atomic_path, open_regular, read_regular, unreadable
from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, shortened, tr
from mma_desktop.core.types import LeftOut
from mma_desktop.media.copy_export import with_left_out
from mma_desktop.media.image_formats import MAX_FILE_BYTES, SUFFIXES
from mma_desktop.services.formats.dataset import Collector, Format, Listing, RecognisedBy
from mma_desktop.services.formats.folder_layout import images_in
from mma_desktop.services.formats.path_resolver import RowError

LOOKED_AT = 20  # images that tell whether a folder has keywords
SHOWN = 5  # keywords in one sentence
# Number of bytes searched for XMP: in a JPEG it follows the camera's data, which is at most 64 KB.
_HEAD = 1 << 18

MAX_SIDECAR_BYTES = 32 << 20  # the longest history of edits has a few MB
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_SUBJECT = [f"{_RDF} RDF", f"{_RDF} Description", f"{_DC} subject"]
_LISTS = tuple(f"{_RDF} {kind}" for kind in ("Bag", "Seq", "Alt"))
_TAG = re.compile(rb"""<(/?)((?:[^\s/>:]+:)?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^>"'/])*)(/?)>""")
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BAG = f'<rdf:Bag xmlns:rdf="{_RDF}"/>'.encode()
_DESCRIPTION = b"""<rdf:Description rdf:about="" xmlns:rdf="%s">
   <dc:subject xmlns:dc="%s">
    <rdf:Bag>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>""" % (_RDF.encode(), _DC.encode())
_NEW = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mma-desktop">
 <rdf:RDF xmlns:rdf="%s">
 </rdf:RDF>
</x:xmpmeta>
""" % _RDF.encode()
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
    # Keywords that describe are several an image; labels are one.
    return 0 < sum(map(bool, counts)) <= 2 * counts.count(1)


def _pictures(folder: Path) -> Iterator[Path]:
    """Images of a folder and its subfolders, quickly: unordered, and without unreadable ones."""
    for place, folders, files in os.walk(folder):
        # In place: `os.walk` goes on into what is left in its list.
        folders[:] = [place for place in folders if not place.startswith(".")]
        yield from (Path(place, file) for file in files if os.path.splitext(file)[1].lower() in SUFFIXES)  # noqa: PTH122


def keywords_of(image: Path) -> list[str]:
    """The keywords of an image: those of its side-car, or its own if it has none.

    Raises:
        ValueError: They cannot be read; the message says why, to follow a colon.
        OSError: The side-car or the image cannot be read.
    """
    try:
        return keywords_in(read_regular(sidecar_of(image), MAX_SIDECAR_BYTES))
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
    for file in images_in(rows, path):
        label = rows.label_from(str(file.path), _read_label, file.path, classes)
        rows.add(str(file.path), file.path, label)
    rows.left_out.pop(LeftOut.SIDE_CAR, None)
    return rows.listing()


def _read_label(image: Path, classes: set[str]) -> str:
    """The only keyword of an image, or the only one that is a class; "" if there are none. Raises RowError."""
    labels = list({name_key(keyword): keyword for keyword in keywords_of(image)}.values())
    if len(labels) > 1:
        known = [keyword for keyword in labels if name_key(keyword) in classes]
        if len(known) != 1:
            shown = shortened(labels, SHOWN)
            if known:
                raise RowError.tr("several of its keywords are classes ({keywords})", keywords=", ".join(known))
            raise RowError.tr("it has several keywords ({keywords}), and none is a class", keywords=shown)
        return known[0]
    return labels[0] if labels else ""


class _Sidecar:
    """The keywords of a side-car, and the byte offsets of the tags in front of which more can be added; -1 for none.

    Raises:
        ValueError: It is not well-formed, not in UTF-8, no XMP, has a document type, or has keywords in another form.
    """

    def __init__(self, data: bytes) -> None:
        self.keywords: list[str] = []
        self.list_end = self.subject_end = self.rdf_end = -1
        self._data = data
        self._path: list[str] = []
        self._starts: list[int] = []
        self._text = ""
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _refuse_doctype  # entities would have to be declared in one
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._read
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise ValueError(tr("it is not in UTF-8"))
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise ValueError(tr("it is damaged (line {line})", line=error.lineno)) from error
        if self.rdf_end < 0:
            raise ValueError(tr("it is not an XMP file"))

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._starts.append(self._parser.CurrentByteIndex)
        self._text = ""
        if self._path[-2:] == _SUBJECT[:2] and _SUBJECT[2] in attributes:
            raise ValueError(tr("its keywords are not a list"))

    def _read(self, text: str) -> None:
        self._text += text

    def _ended(self, name: str) -> None:
        start = self._starts.pop()
        if self._path[-5:-2] == _SUBJECT:
            self.keywords.append(self._text)
        elif self._path[-4:-1] == _SUBJECT and name in _LISTS and self.list_end < 0:
            self.list_end = self._end_of(start)
        elif self._path[-3:] == _SUBJECT:
            self.subject_end = self._end_of(start)
            if self._text.strip():
                raise ValueError(tr("its keywords are not a list"))
        elif name == _SUBJECT[0] and len(self._path) <= 2:
            self.rdf_end = self._end_of(start)
        self._path.pop()
        self._text = ""

    def _end_of(self, start: int) -> int:
        """The offset of the closing tag of the element that ends here, or of its only one."""
        return start if _tag_at(self._data, start)[5] else self._parser.CurrentByteIndex


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii", "ascii"}:
        raise ValueError(tr("it is not in UTF-8"))


def _refuse_doctype(*_parts: object) -> NoReturn:
    raise ValueError(tr("it has a document type, which XMP files do not have"))


def keywords_in(data: bytes) -> list[str]:
    """The keywords (`dc:subject`) of a side-car; ValueError with the reason, to follow a colon, if it is none."""
    return _Sidecar(data).keywords


def with_keywords(data: bytes, keywords: Iterable[str]) -> bytes:
    """Add the keywords that a side-car does not have yet, ignoring case; ValueError as `keywords_in`."""
    # Everything else is kept as it is, byte for byte: the file belongs to the user.
    sidecar = _Sidecar(data)
    known = {name_key(keyword) for keyword in sidecar.keywords}
    new = [keyword for keyword in keywords if name_key(keyword) not in known]
    if not new:
        return data
    if sidecar.subject_end < 0:  # a description of its own: there may be any number of them
        return with_keywords(_inserted(data, sidecar.rdf_end, [_DESCRIPTION]), keywords)
    if sidecar.list_end < 0:
        return with_keywords(_inserted(data, sidecar.subject_end, [_BAG]), keywords)
    prefix = _tag_at(data, sidecar.list_end)[2]
    texts = (escape(_NOT_XML.sub("", keyword)).encode() for keyword in new)
    made = _inserted(data, sidecar.list_end, [b"<%sli>%s</%sli>" % (prefix, text, prefix) for text in texts])
    if len(keywords_in(made)) != len(sidecar.keywords) + len(new):
        raise ValueError(tr("it is written in an unusual way"))
    return made


def _tag_at(data: bytes, at: int) -> re.Match[bytes]:
    tag = _TAG.match(data, at)
    assert tag is not None
    return tag


def _inserted(data: bytes, at: int, lines: Iterable[bytes]) -> bytes:
    """The text with lines added at the end of the element whose closing tag, or empty one, is at this offset."""
    tag = _tag_at(data, at)
    if not tag[1]:  # <rdf:Bag/>
        opened, name = data[at : tag.start(5)], tag[2] + tag[3]
        return b"%s%s>%s</%s>%s" % (data[:at], opened, b"".join(lines), name, data[tag.end() :])
    before = data[:at].rstrip()
    space = data[len(before) : at]
    indent = space and space + b" "  # a space deeper than the closing tag, as Exiv2 writes it
    return before + b"".join(indent + line for line in lines) + data[len(before) :]


def sidecar_of(image: Path) -> Path:
    """The side-car of an image, which may not exist: `IMG.xmp` if only that exists, otherwise `IMG.jpg.xmp`."""
    whole = image.with_name(f"{image.name}.xmp")
    alone = image.with_suffix(".xmp")
    return alone if alone.is_file() and not whole.exists() else whole


def add_keyword(image: Path, keyword: str) -> bool:
    """Add a keyword to an image's side-car; False if it has it. On a UserError nothing was changed."""
    sidecar = sidecar_of(image)
    if not image.is_file():
        raise UserError.tr("{file} is gone", file=image)
    try:
        before = read_regular(sidecar, MAX_SIDECAR_BYTES)
    except FileNotFoundError:
        before = b""
    except OSError as error:
        raise unreadable(sidecar, error) from error
    try:
        if sidecar.is_symlink():
            raise ValueError(tr("it is a link"))
        after = with_keywords(before or _NEW, [keyword])
    except ValueError as error:
        raise UserError.tr("{file} is left as it is: {reason}", file=sidecar, reason=error) from error
    if after == before:
        return False
    try:
        with atomic_path(sidecar) as temporary:
            temporary.write_bytes(after)
    except UserError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) or cause.errno in _FULL:
            raise
        raise UserError.tr("{path} could not be written: {reason}.", path=sidecar, reason=cause.strerror) from cause
    return True


@dataclass
class KeywordReport:
    """Result of `write_keywords`, in images. `trouble` says why it ended early, other than by cancellation."""

    written: int = 0
    known: int = 0
    left_out: list[str] = field(default_factory=list)
    not_reached: int = 0
    stopped: bool = False
    trouble: str = ""

    @property
    def failed(self) -> bool:
        """Whether it ended early, or nothing that was asked for could be done."""
        return bool(self.trouble) or bool(self.left_out and not self.written and not self.known)

    def sentence(self) -> str:
        done = tr("Keyword written for {n} picture", "Keywords written for {n} pictures", self.written)
        if self.known:
            done = tr("{done}, {n} had it already", "{done}, {n} had it already", self.known, done=done)
        sentence = with_left_out(done, self.left_out, stopped=self.stopped, not_reached=self.not_reached)
        return f"{self.trouble} {sentence}" if self.trouble else sentence


def write_keywords(images: Iterable[tuple[Path, str]], total: int, token: CancelToken) -> KeywordReport:
    """Add a keyword to the side-car of each (image, keyword), creating missing side-cars.

    An image or side-car that cannot be used is left out; a full disk ends the job. If cancelled, it reports what it
    did.
    """
    report = KeywordReport()
    try:
        for done, (image, keyword) in enumerate(images, 1):
            try:
                if add_keyword(image, keyword):
                    report.written += 1
                else:
                    report.known += 1
            except UserError as error:
                if isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL:
                    report.trouble, report.not_reached = str(error), total - done + 1
                    break
                report.left_out.append(str(error).rstrip("."))
            token.checkpoint(Progress(done, total, tr("Writing keywords")))
    except Cancelled:
        report.stopped = True
    return report


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
