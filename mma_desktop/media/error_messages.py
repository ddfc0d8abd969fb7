"""Why a file is no usable picture, in words. They are kept in English, and told in the person's language when shown.

A reason is stored with its image, where another language may be chosen later, and compared; so `told` finds the
sentence that a reason was made of, with what stood in it. A field with a format is a number, any other is text.
"""

from __future__ import annotations

import re
import string
from typing import Final

from mma_desktop.core.i18n import language, later, one_line, tr
from mma_desktop.media.picture_formats import KINDS

LONGEST = 1_000
_sentences: list[str] = []


def _reason(sentence: str) -> str:
    _sentences.append(sentence)
    return sentence


GROWING: Final = _reason(later("the file is still growing and too large to read"))
FOLDER: Final = _reason(later("this is a folder, not a picture"))
DEVICE: Final = _reason(later("this is a pipe, a socket or a device, not a picture file"))
LARGE_FILE: Final = _reason(later("the file has {size:,.0f} MB; the limit is {limit:d} MB"))
BROKEN_LINK: Final = _reason(later("the link points to a file that is not there"))
NO_FILE: Final = _reason(later("there is no such file"))
NO_PERMISSION: Final = _reason(later("you have no permission to read it"))
OWN_LINK: Final = _reason(later("the link leads back to itself"))
LINK_ABOVE: Final = _reason(later("the link leads back to a folder above it"))
UNREADABLE: Final = _reason(later("it could not be read ({system_error})"))
PROJECT: Final = _reason(later("this is a project; open it, its pictures lie elsewhere"))
GONE: Final = _reason(later("the file is not there any more"))
CHANGED: Final = _reason(later("changed on disk since it was imported; import it again to use the new picture"))

EMPTY: Final = _reason(later("the file is empty"))
ZEROS: Final = _reason(later("it holds nothing but zeros"))
OTHER_CONTENT: Final = _reason(later("its content is not that of a picture"))
OTHER_FORMAT: Final = _reason(later("{what}; pictures can be {formats}. Save it as one of these"))
ENDS_AT_ONCE: Final = _reason(later("it begins like a {format} picture but ends after {size:d} bytes"))
CUT_OFF: Final = _reason(later("the file ends before the picture does"))
DAMAGED_HEADER: Final = _reason(later("the header of this {format} picture is damaged"))
NO_PIXELS: Final = _reason(later("its header says {width:d} x {height:d} pixels"))
UNDECODABLE: Final = _reason(later("it cannot be decoded ({decoder_error})"))

MANY_PIXELS: Final = _reason(
    later("{width:d} x {height:d} pixels ({millions:,.0f} megapixels); the limit is {limit:d} megapixels")
)
PIXEL_LIMIT: Final = _reason(later("it has more than {limit:d} megapixels"))
MUCH_MEMORY: Final = _reason(later("decoding its {width:d} x {height:d} pixels would take {needed:,} MB of memory"))
NO_MEMORY: Final = _reason(later("there is not enough memory to decode it"))
MANY_SCANS: Final = _reason(later("decoding its {scans:d} scans would take minutes"))
PADDING: Final = _reason(later("its header is filled up with padding"))
MANY_SEGMENTS: Final = _reason(later("it has more than {limit:d} segments"))
MANY_CHUNKS: Final = _reason(later("it has more than {limit:d} chunks"))
COMMENTS: Final = _reason(later("it holds megabytes of comments before its picture"))
RUN_LENGTH: Final = _reason(later("a run-length encoded BMP of more than {limit:d} MB would take minutes"))
MUCH_EXIF: Final = _reason(later("it has more than {limit:d} MB of EXIF data"))
MANY_TAGS: Final = _reason(later("it has {tags:d} tags; the limit is {limit:d}"))
MUCH_IN_TAGS: Final = _reason(later("its tags say that they hold {size:,.0f} MB"))

# As a text file of another tool is spoken of, see `of_file`.
_reason(later("this is a folder"))
_reason(later("this is a pipe, a socket or a device, not a file"))


def _pattern(sentence: str) -> re.Pattern[str]:
    """What a reason made of this sentence looks like, with the name of its file in front or without."""
    parts = [r"(?P<_name>.+: )?"]
    for words, field, form, _ in string.Formatter().parse(sentence):
        parts.append(re.escape(words))
        if field is not None:
            parts.append(rf"(?P<{field}>-?[\d,]+)" if form else rf"(?P<{field}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


_PATTERNS = tuple((sentence, _pattern(sentence)) for sentence in _sentences)
_NUMBERS = {
    sentence: {field for _, field, form, _ in string.Formatter().parse(sentence) if form} for sentence in _sentences
}


def told(reason: str) -> str:
    """A reason in the person's language, on one line; one that is not known (another version wrote it) untranslated."""
    if language().lookup is None or len(reason) > LONGEST:  # the patterns are slow on a long text, and none of ours is
        return one_line(reason)
    for sentence, pattern in _PATTERNS:
        if match := pattern.fullmatch(reason):
            found = match.groupdict()
            name = one_line(found.pop("_name") or "")
            return name + tr(sentence, **{field: _value(sentence, field, text) for field, text in found.items()})
    return one_line(reason)


def _value(sentence: str, field: str, text: str) -> int | str:
    if field in _NUMBERS[sentence]:
        return int(text.replace(",", ""))
    return tr(text) if text in KINDS else text


def of_file(reason: str) -> str:
    """A reason as of a file that need not be a picture."""
    return told(reason.replace("not a picture file", "not a file").replace(", not a picture", ""))
