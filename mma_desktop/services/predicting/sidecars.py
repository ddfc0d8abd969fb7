"""Keywords in XMP side-cars: files beside the images that photo managers read. The images are not touched.

A side-car belongs to the user, so its text is kept byte for byte and keywords are inserted into it; an XML library
would reformat the rest.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from mma_desktop.core.atomic_io import atomic_path, read_regular, unreadable
from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.media.copy_export import with_left_out

MAX_BYTES = 32 << 20
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_SUBJECT = f"{_DC} subject"
_LISTS = tuple(f"{_RDF} {kind}" for kind in ("Bag", "Seq", "Alt"))
_TAG = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^>"'])*>""")
_TAG_NAME = re.compile(rb"<([^\s/>]+)")
_SPACE_BEFORE = re.compile(rb"\s*\Z")
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEW = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="mma-desktop">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about="" xmlns:dc="{_DC}">
   <dc:subject>
    <rdf:Bag>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""".encode()


@dataclass(eq=False)
class _Element:
    """An element of a side-car: its name as "namespace local", and the byte offsets of its tags."""

    name: str
    attributes: dict[str, str]
    start: int
    inside: int
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[_Element] = field(default_factory=list)

    def child(self, *names: str) -> _Element | None:
        return next((element for element in self.children if element.name in names), None)


class _Sidecar:
    """A parsed side-car.

    Raises:
        ValueError: It is not well-formed, not in UTF-8, no XMP, has a document type, or has keywords in another form.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._root = _Element("", {}, 0, 0)
        self._stack = [self._root]
        self._parse()
        top = self._root.children[0]
        rdf = top if top.name == f"{_RDF} RDF" else top.child(f"{_RDF} RDF")
        if rdf is None:
            raise ValueError(tr("it is not an XMP file"))
        self.rdf = rdf
        self._descriptions = [element for element in self.rdf.children if element.name == f"{_RDF} Description"]
        self.keywords: list[str] = []
        self._subject: _Element | None = None
        for description in self._descriptions:
            self._read_subjects(description)

    def _parse(self) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _refuse_doctype  # entities would have to be declared in one
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._text
        self._parser = parser
        if self.data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise ValueError(tr("it is not in UTF-8"))
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise ValueError(tr("it is damaged (line {line})", line=error.lineno)) from error

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.data, start)
        assert tag is not None
        element = _Element(name, attributes, start, tag.end())
        self._stack[-1].children.append(element)
        self._stack.append(element)

    def _ended(self, _name: str) -> None:
        element = self._stack.pop()
        if self._is_empty_tag(element):
            element.close = element.end = element.inside
            return
        element.close = self._parser.CurrentByteIndex
        element.end = self.data.index(b">", element.close) + 1

    def _text(self, text: str) -> None:
        self._stack[-1].text += text

    def _is_empty_tag(self, element: _Element) -> bool:
        return self.data[element.inside - 2 : element.inside] == b"/>"

    def _read_subjects(self, description: _Element) -> None:
        subjects = [element for element in description.children if element.name == _SUBJECT]
        if _SUBJECT in description.attributes or any(
            subject.text.strip() and not subject.children for subject in subjects
        ):
            raise ValueError(tr("its keywords are not a list"))
        for subject in subjects:
            self._subject = self._subject or subject
            for kept in subject.children:
                self.keywords += [item.text for item in kept.children]

    def with_keywords(self, keywords: Iterable[str]) -> bytes:
        """The text with these keywords added."""
        bag = self._subject.child(*_LISTS) if self._subject is not None else None
        prefix = self._prefix(self.rdf if bag is None else bag)
        if bag is not None:
            return self._inserted(bag, [_item(prefix, keyword) for keyword in keywords])
        declared = b"" if prefix else b' xmlns:rdf="%s"' % _RDF.encode()
        prefix = prefix or b"rdf:"
        inner = b"<%sBag%s>%s</%sBag>" % (
            prefix,
            declared,
            b"".join(_item(prefix, keyword) for keyword in keywords),
            prefix,
        )
        if self._subject is not None:
            return self._inserted(self._subject, [inner])
        inner = b'<dc:subject xmlns:dc="%s">%s</dc:subject>' % (_DC.encode(), inner)
        if self._descriptions:
            return self._inserted(self._descriptions[0], [inner])
        start = b'<%sDescription%s %sabout="">' % (prefix, declared, prefix)
        return self._inserted(self.rdf, [b"%s%s</%sDescription>" % (start, inner, prefix)])

    def _tag_name(self, element: _Element) -> bytes:
        found = _TAG_NAME.match(self.data, element.start)
        assert found is not None
        return found[1]

    def _prefix(self, element: _Element) -> bytes:
        """The namespace prefix an element is written with, with its colon; empty for the default namespace."""
        name = self._tag_name(element)
        return name[: name.rfind(b":") + 1]

    def _inserted(self, element: _Element, lines: Iterable[bytes]) -> bytes:
        """The text with lines added at the end of an element, indented as its last child is."""
        data = self.data
        if self._is_empty_tag(element):
            name = self._tag_name(element)
            return b"%s>%s</%s>%s" % (data[: element.inside - 2], b"".join(lines), name, data[element.inside :])
        if element.children:
            last = element.children[-1]
            at, before = last.end, data[: last.start]
        else:
            at, before = element.inside, data[: element.start]
        space = _SPACE_BEFORE.search(before)
        assert space is not None
        indent = space[0] if element.children or not space[0] else space[0] + b" "
        return data[:at] + b"".join(indent + line for line in lines) + data[at:]


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii", "ascii"}:
        raise ValueError(tr("it is not in UTF-8"))


def _refuse_doctype(*_parts: object) -> NoReturn:
    raise ValueError(tr("it has a document type, which XMP files do not have"))


def _item(prefix: bytes, keyword: str) -> bytes:
    return b"<%sli>%s</%sli>" % (prefix, escape(_NOT_XML.sub("", keyword)).encode(), prefix)


def keywords_in(data: bytes) -> list[str]:
    """The keywords (`dc:subject`) of a side-car.

    Raises:
        ValueError: It cannot be read as one; the message says why, to follow a colon.
    """
    return _Sidecar(data).keywords


def with_keywords(data: bytes, keywords: Iterable[str]) -> bytes:
    """Add the keywords that a side-car does not have yet, ignoring case. Everything else is kept as it is.

    Raises:
        ValueError: As `keywords_in`.
    """
    sidecar = _Sidecar(data)
    known = {name_key(keyword) for keyword in sidecar.keywords}
    new = [keyword for keyword in keywords if name_key(keyword) not in known]
    if not new:
        return data
    made = sidecar.with_keywords(new)
    if len(keywords_in(made)) != len(sidecar.keywords) + len(new):
        raise ValueError(tr("it is written in an unusual way"))
    return made


def sidecar_of(image: Path) -> Path:
    """The side-car of an image, which may not exist: `IMG.xmp` if only that exists, otherwise `IMG.jpg.xmp`."""
    whole = image.with_name(f"{image.name}.xmp")
    alone = image.with_suffix(".xmp")
    return alone if alone.is_file() and not whole.exists() else whole


def add_keyword(image: Path, keyword: str) -> bool:
    """Add a keyword to an image's side-car; return False if it already has it.

    Raises:
        UserError: The image is gone, or the side-car cannot be read or written; it is unchanged then.
    """
    sidecar = sidecar_of(image)
    if not image.is_file():
        raise UserError.tr("{file} is gone", file=image)
    try:
        before = read_regular(sidecar, MAX_BYTES)
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
