"""Reasons are kept in English and told in the person's language, with their numbers and what stands in them."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from mma_desktop.core import i18n
from mma_desktop.media import decoding, error_messages, format_guards, picture_formats
from mma_desktop.media.decoding import PictureError

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
    (error_messages.LARGE_FILE.format(size=1234.4, limit=512), "<the file has 1.234 MB; the limit is 512 MB>"),
    (
        error_messages.UNREADABLE.format(system_error="input/output error"),
        "<it could not be read (input/output error)>",
    ),
    (error_messages.UNDECODABLE.format(decoder_error="bad\nchunk 1,5"), "<it cannot be decoded (bad chunk 1,5)>"),
    (error_messages.NO_PIXELS.format(width=0, height=-7), "<its header says 0 x -7 pixels>"),
    (
        error_messages.MANY_PIXELS.format(width=90000, height=90000, millions=8100.0, limit=178),
        "<90000 x 90000 pixels (8.100 megapixels); the limit is 178 megapixels>",
    ),
    (
        error_messages.OTHER_FORMAT.format(what=picture_formats.RAW, formats="JPEG, PNG"),
        "<<a camera raw file>; pictures can be JPEG, PNG. Save it as one of these>",
    ),
    (error_messages.MANY_TAGS.format(tags=5000, limit=format_guards.MAX_TAGS), "<it has 5000 tags; the limit is 4096>"),
    ("written by a version to come", "written by a version to come"),
]


@pytest.mark.parametrize(("kept", "said"), SAID)
@pytest.mark.parametrize("name", ["", "a: b.jpg: "])
def test_a_kept_reason_is_told_in_the_language(marked: None, kept: str, said: str, name: str) -> None:
    assert error_messages.told(name + kept) == name + said


def test_in_english_a_reason_is_told_as_it_is_kept_on_one_line() -> None:
    for kept, _ in SAID:
        assert error_messages.told(kept) == kept.replace("\n", " ")


def test_every_sentence_is_found_again(marked: None) -> None:
    for sentence, _ in error_messages._PATTERNS:
        fields = {field: 7 if field in error_messages._NUMBERS[sentence] else "x" for field in _fields(sentence)}
        assert error_messages.told(sentence.format(**fields)) == f"<{sentence.format(**fields)}>"


def _fields(sentence: str) -> list[str]:
    return [field for _, field, _, _ in string.Formatter().parse(sentence) if field]


def test_an_error_keeps_english_and_says_the_language(marked: None) -> None:
    with pytest.raises(PictureError) as caught:
        decoding.open_picture(b"8BPS" + bytes(300), PICTURE)
    assert caught.value.reason.startswith("a Photoshop document; pictures can be JPEG, PNG")
    assert caught.value.args[0] == f"a: b.jpg: {caught.value.reason}"
    assert str(caught.value).startswith("a: b.jpg: <<a Photoshop document>; pictures can be JPEG, PNG")


def test_a_reason_is_told_as_of_any_file(marked: None) -> None:
    assert error_messages.of_file(error_messages.DEVICE) == "<this is a pipe, a socket or a device, not a file>"
    assert error_messages.of_file(error_messages.FOLDER) == "<this is a folder>"


def test_a_text_that_is_no_reason_of_ours_stays_as_it_is(marked: None) -> None:
    assert error_messages.told("odd: " * 10_000) == "odd: " * 10_000
    assert error_messages.told("x: ") == "x: "
