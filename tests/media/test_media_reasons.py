"""Reasons are kept as codes and told in the person's language, with their numbers and what stands in them."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from mma_desktop.core import i18n
from mma_desktop.core.types import OTHER_REASON, Reason
from mma_desktop.media import decoding, error_messages, format_guards, image_formats
from mma_desktop.media.error_messages import ImageError

PICTURE = Path("a: b.jpg")


@pytest.fixture
def marked() -> Iterator[None]:
    """A language whose sentences are the English ones, marked, with points between thousands."""
    i18n.install(i18n.Language(lambda text, _other, _count: f"<{text}>", ".", ","))
    yield
    i18n.install(i18n.ENGLISH)


SAID = [
    (error_messages.EMPTY, "<the file is empty>"),
    (error_messages.FOLDER, "<this is a folder, not a picture>"),
    (error_messages.LARGE_FILE.of(size=1234.4, limit=512), "<the file has 1.234 MB; the limit is 512 MB>"),
    (
        error_messages.UNREADABLE.of(system_error="input/output error"),
        "<it could not be read (input/output error)>",
    ),
    (error_messages.UNDECODABLE.of(decoder_error="bad\nchunk 1,5"), "<it cannot be decoded (bad chunk 1,5)>"),
    (error_messages.NO_PIXELS.of(width=0, height=-7), "<its header says 0 x -7 pixels>"),
    (
        error_messages.MANY_PIXELS.of(width=90000, height=90000, millions=8100.0, limit=178),
        "<90000 x 90000 pixels (8.100 megapixels); the limit is 178 megapixels>",
    ),
    (
        error_messages.OTHER_FORMAT.of(what=image_formats.RAW, formats="JPEG, PNG"),
        "<<a camera raw file>; pictures can be JPEG, PNG. Save it as one of these>",
    ),
    (error_messages.MANY_TAGS.of(tags=5000, limit=format_guards.MAX_TAGS), "<it has 5000 tags; the limit is 4096>"),
    (OTHER_REASON.of(text="odd:\nthing"), "odd: thing"),
    (None, ""),
]


@pytest.mark.parametrize(("kept", "said"), SAID)
def test_a_kept_reason_is_told_in_the_language(marked: None, kept: Reason | None, said: str) -> None:
    assert error_messages.reason_text(kept) == said


UNKNOWN = [
    Reason(""),
    Reason("of_a_version_to_come", {"width": 3}),
    Reason("other"),
    Reason("other", {"text": ["a"]}),
    Reason("large_file"),
    Reason("large_file", {"size": 1}),
    Reason("large_file", {"size": "1", "limit": 2}),
    Reason("large_file", {"size": 1, "limit": 2.5}),
    Reason("large_file", {"size": True, "limit": 2}),
    Reason("large_file", {"size": 1e300, "limit": 2}),
    Reason("large_file", {"size": math.nan, "limit": 2}),
    Reason("no_pixels", {"width": 10**400, "height": 1}),
    Reason("undecodable", {"decoder_error": None}),
    Reason("undecodable", {"decoder_error": "x" * 10_000}),
    Reason("undecodable", {"decoder_error": {"a": {}}}),
    Reason("other_format", {"what": [], "formats": "JPEG"}),
]


@pytest.mark.parametrize("reason", UNKNOWN)
def test_what_no_version_or_a_stranger_wrote_is_told_plainly(marked: None, reason: Reason) -> None:
    assert error_messages.reason_text(reason) == "<it cannot be used, for a reason that this version does not know>"


def test_a_strangers_text_is_one_short_line() -> None:
    told = error_messages.reason_text(OTHER_REASON.of(text="a\n{size}\u202e" + "b" * 100_000))
    assert told.startswith("a {size}\ufffdbbb")
    assert len(told) <= error_messages.LONGEST
    assert error_messages.reason_text(error_messages.OTHER_FORMAT.of(what="{x}", formats="\n")).startswith(
        "{x}; pictures can be"
    )


def test_every_sentence_has_its_fields(marked: None) -> None:
    for code, sentence in error_messages._sentences.items():  # private: none is left out, nor any of its fields
        fields = {name: 7 if form else "x" for name, form in error_messages._fields(sentence).items()}
        assert "code" not in fields
        wanted = f"<{sentence.format(**fields)}>".replace("<x;", "<<x>;")
        if code == error_messages.RAW_EXTRA.code:
            wanted += ". <To install it, run in a copy of the repository of mma-desktop: pip install '.[raw]'>"
        assert error_messages.reason_text(Reason(code, fields)) == wanted


def test_an_error_says_its_reason_in_the_language(marked: None) -> None:
    with pytest.raises(ImageError) as caught:
        decoding.open_image(b"8BPS" + bytes(300), PICTURE)
    assert caught.value.reason.code == "other_format"
    assert caught.value.reason.values["what"] == "photoshop"
    assert str(caught.value).startswith("a: b.jpg: <<a Photoshop document>; pictures can be JPEG, PNG")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_reason_is_told_as_of_any_file(marked: None) -> None:
    assert error_messages.of_file(error_messages.DEVICE) == "<this is a pipe, a socket or a device, not a file>"
    assert error_messages.of_file(error_messages.FOLDER) == "<this is a folder>"
    assert error_messages.of_file(error_messages.NO_FILE) == "<there is no such file>"
