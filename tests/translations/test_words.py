"""Saying a text in a language: plurals, values, numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from mma_desktop.core import i18n
from mma_desktop.core.i18n import later, moment, number, one_line, tr


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    i18n.install(i18n.ENGLISH)


def test_english_is_what_is_written() -> None:
    assert tr("No images yet.") == "No images yet."
    assert tr("{name}: {count:,} of {share:.1f}%", name="cat", count=1200, share=12.345) == "cat: 1,200 of 12.3%"
    assert tr("{} stands for the name") == "{} stands for the name"
    assert later("General") == "General"
    assert tr(later("General")) == "General"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 images"), (1, "1 image"), (2, "2 images"), (12_345, "12,345 images")]
)
def test_english_plural(count: int, said: str) -> None:
    assert tr("{n} image", "{n} images", count) == said


def test_a_value_of_any_name_but_a_missing_one() -> None:
    assert tr("{text} {other}", text="a", other="b") == "a b"
    with pytest.raises(KeyError):
        tr("{gone}", name="x")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cat", "cat"),
        ("<b>R&D</b> \u6f22 \U0001f469\u200d\U0001f52c", "<b>R&D</b> \u6f22 \U0001f469\u200d\U0001f52c"),
        ("\u05d7\u05ea\u05d5\u05dc\u200f!", "\u05d7\u05ea\u05d5\u05dc\u200f!"),  # a mark of direction
        ("a\nb\r\nc\u2028d\te", "a b c d e"),
        ("a\x1b]0;title\x07b\x9b", "a\ufffd]0;title\ufffdb\ufffd"),
        ("cat\u202egpj.exe", "cat\ufffdgpj.exe"),
        ("\u2067cat\u2069", "\ufffdcat\ufffd"),
        ("a\udcff.png", "a\ufffd.png"),
    ],
)
def test_what_others_wrote_stands_on_one_line(name: str, said: str) -> None:
    assert one_line(name) == said
    assert tr("{name} is new", name=name) == f"{said} is new"


def test_a_comment_is_not_said() -> None:
    assert tr("Open", "verb") == "Open"


def test_another_language_finds_by_text_comment_and_number() -> None:
    asked: list[tuple[str, str, int]] = []

    def lookup(text: str, other: str, count: int) -> str:
        asked.append((text, other, count))
        return {"{n} image": "{n} Bilder", "Open": "Öffnen"}.get(text, "")

    i18n.install(i18n.Language(lookup, ".", ","))
    assert tr("{n} image", "{n} images", 1234) == "1.234 Bilder"
    assert tr("Open", "verb") == "Öffnen"
    assert tr("Not there: {name}", name="1,5") == "Not there: 1,5"
    assert tr("{n} label", "{n} labels", 1) == "1 label"
    assert tr("") == ""
    assert asked[:2] == [("{n} image", "{n} images", 1234), ("Open", "verb", -1)]


def test_numbers_are_written_as_the_language_does() -> None:
    i18n.install(i18n.Language(group=".", decimal=","))
    assert number(1234567) == "1.234.567"
    assert number(79.33, ".1f") == "79,3"
    assert tr("{share:.1f}% of {count:,}", share=79.33, count=1200) == "79,3% of 1.200"
    assert tr("{path}", path="a,b.jpg") == "a,b.jpg"
    assert tr("{on}", on=True) == "True"


def test_english_for_files_whatever_is_installed() -> None:
    i18n.install(i18n.Language(lambda text, _other, _count: f"<{text}>", ".", ","))
    with i18n.english():
        assert tr("{n} image", "{n} images", 1200) == "1,200 images"
        assert number(79.33, ".1f") == "79.3"
    assert number(79.33, ".1f") == "79,3"
    assert tr("Open") == "<Open>"


def test_a_moment_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "localtime", time.gmtime)
    assert moment(1_750_000_000) == "15 Jun 2025, 15:06"
