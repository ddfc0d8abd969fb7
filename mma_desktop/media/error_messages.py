"""Messages explaining why a file is not a usable image, one per code, in the current language.

A `Reason` is stored as a code and values so that it can be shown in any language. A released code keeps its meaning and
fields. A field with a format takes a number, any other takes text.
"""

from __future__ import annotations

import os
import string
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from mma_desktop.core.errors import UserError, install_hint
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import OTHER_REASON, ProblemKind, Reason
from mma_desktop.media.image_formats import UNSUPPORTED_NAMES

# Maximum length of a displayed message; the project may be untrusted.
LONGEST = 1_000

_LARGEST = 1e18  # above any size or count
_sentences: dict[str, str] = {}
_kinds = {OTHER_REASON.code: ProblemKind.NOT_AN_IMAGE}


def _reason(kind: ProblemKind, code: str, sentence: str) -> Reason:
    _sentences[code], _kinds[code] = sentence, kind
    return Reason(code)


_not_an_image, _unsupported, _empty, _truncated, _damaged, _too_large, _unreadable, _vanished, _link_loop = (
    partial(_reason, kind) for kind in ProblemKind
)

GROWING: Final = _too_large("growing", later("the file is still growing and too large to read"))
FOLDER: Final = _not_an_image("folder", later("this is a folder, not a picture"))
DEVICE: Final = _not_an_image("device", later("this is a pipe, a socket or a device, not a picture file"))
LARGE_FILE: Final = _too_large("large_file", later("the file has {size:,.0f} MB; the limit is {limit:d} MB"))
BROKEN_LINK: Final = _vanished("broken_link", later("the link points to a file that is not there"))
NO_FILE: Final = _vanished("no_file", later("there is no such file"))
ADDRESS: Final = _vanished("address", later("this is an address, not a file; download the picture and give its path"))
NO_PERMISSION: Final = _unreadable("no_permission", later("you have no permission to read it"))
OWN_LINK: Final = _link_loop("own_link", later("the link leads back to itself"))
LINK_ABOVE: Final = _link_loop("link_above", later("the link leads back to a folder above it"))
UNREADABLE: Final = _unreadable("unreadable", later("it could not be read ({system_error})"))
PROJECT: Final = _not_an_image("project", later("this is a project; open it, its pictures lie elsewhere"))
GONE: Final = _vanished("gone", later("the file is not there any more"))
CHANGED: Final = _vanished(
    "changed", later("changed on disk since it was imported; import it again to use the new picture")
)

EMPTY: Final = _empty("empty", later("the file is empty"))
ZEROS: Final = _damaged("zeros", later("it holds nothing but zeros"))
OTHER_CONTENT: Final = _not_an_image("other_content", later("its content is not that of a picture"))
OTHER_FORMAT: Final = _unsupported("other_format", later("{what}; pictures can be {formats}. Save it as one of these"))
RAW_EXTRA: Final = _unsupported(
    "raw_extra", later("a camera raw file; to read its preview, an extra package is needed")
)
ENDS_AT_ONCE: Final = _truncated(
    "ends_at_once", later("it begins like a {format} picture but ends after {size:d} bytes")
)
CUT_OFF: Final = _truncated("cut_off", later("the file ends before the picture does"))
DAMAGED_HEADER: Final = _damaged("damaged_header", later("the header of this {format} picture is damaged"))
NO_PIXELS: Final = _damaged("no_pixels", later("its header says {width:d} x {height:d} pixels"))
UNDECODABLE: Final = _damaged("undecodable", later("it cannot be decoded ({decoder_error})"))

MANY_PIXELS: Final = _too_large(
    "many_pixels",
    later("{width:d} x {height:d} pixels ({millions:,.0f} megapixels); the limit is {limit:d} megapixels"),
)
PIXEL_LIMIT: Final = _too_large("pixel_limit", later("it has more than {limit:d} megapixels"))
MUCH_MEMORY: Final = _too_large(
    "much_memory", later("decoding its {width:d} x {height:d} pixels would take {needed:,} MB of memory")
)
NO_MEMORY: Final = _too_large("no_memory", later("there is not enough memory to decode it"))
MANY_SCANS: Final = _too_large("many_scans", later("decoding its {scans:d} scans would take minutes"))
PADDING: Final = _too_large("padding", later("its header is filled up with padding"))
MANY_SEGMENTS: Final = _too_large("many_segments", later("it has more than {limit:d} segments"))
MANY_CHUNKS: Final = _too_large("many_chunks", later("it has more than {limit:d} chunks"))
COMMENTS: Final = _too_large("comments", later("it holds megabytes of comments before its picture"))
RUN_LENGTH: Final = _too_large(
    "run_length", later("a run-length encoded BMP of more than {limit:d} MB would take minutes")
)
MUCH_EXIF: Final = _too_large("much_exif", later("it has more than {limit:d} MB of EXIF data"))
MANY_TAGS: Final = _too_large("many_tags", later("it has {tags:d} tags; the limit is {limit:d}"))
MUCH_IN_TAGS: Final = _too_large("much_in_tags", later("its tags say that they hold {size:,.0f} MB"))

_OF_FILES: Mapping[str, str] = {
    FOLDER.code: later("this is a folder"),
    DEVICE.code: later("this is a pipe, a socket or a device, not a file"),
}


class ImageError(UserError):
    """A file cannot be used as an image: why, and the kind of problem. Its text begins with the file name."""

    def __init__(self, reason: Reason, path: Path | None = None) -> None:
        super().__init__(reason, path)
        self.kind = _kinds[reason.code]
        self.reason = reason
        self.path = path

    def __str__(self) -> str:
        name = os.fsencode(self.path.name).decode("utf-8", "replace") if self.path is not None else ""
        words = reason_text(self.reason)
        return f"{one_line(name)}: {words}" if name else words


def reason_text(reason: Reason | None) -> str:
    """The message for a reason in the user's language, on one line; "" for None. Never raises."""
    if reason is None:
        return ""
    if reason.code == OTHER_REASON.code and isinstance(text := reason.values.get("text"), str):
        return one_line(text[:LONGEST])
    sentence = _sentences.get(reason.code)
    fields = {} if sentence is None else _fields(sentence)
    # A code or a value of another version, or of a project that someone made up, must not break a list of problems.
    if sentence is None or not all(_fits(reason.values.get(name), form) for name, form in fields.items()):
        return tr("it cannot be used, for a reason that this version does not know")
    values = {name: reason.values[name] for name in fields}
    if "what" in values:
        values["what"] = tr(UNSUPPORTED_NAMES.get(values["what"], values["what"]))
    text = tr(sentence, **values)
    return f"{text}. {install_hint('raw')}" if reason.code == RAW_EXTRA.code else text


def of_file(reason: Reason) -> str:
    """The message for a file that need not be an image."""
    return tr(_OF_FILES[reason.code]) if reason.code in _OF_FILES else reason_text(reason)


def _fields(sentence: str) -> dict[str, str]:
    """The fields of a message template and their formats, "" for text."""
    return {name: form or "" for _, name, form, _ in string.Formatter().parse(sentence) if name is not None}


def _fits(value: Any, form: str) -> bool:
    if not form:
        return isinstance(value, str) and len(value) <= LONGEST
    kinds = (int,) if form.endswith("d") else (int, float)
    return type(value) in kinds and abs(value) < _LARGEST  # false for NaN
