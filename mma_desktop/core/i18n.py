"""The words that a person reads, in the person's language.

Every visible text is written in English inside `tr` (or inside `later`, where it is written before the language is
known) and has its translation in `resources/translations`; Qt's own tools gather and release them (see
CONTRIBUTING.md). Nothing of Qt is used here: the window installs a language at its start, the command line and the
Python API none, and then all is English.
"""

from __future__ import annotations

import string
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

Lookup = Callable[[str, str, int], str]
"""From a text, its plural or a comment, and a number (-1 for none) to the translation; empty where there is none."""


def _english_moment(seconds: float) -> str:
    return time.strftime("%d %b %Y, %H:%M", time.localtime(seconds))


@dataclass(frozen=True, slots=True)
class Language:
    """How to say things.

    Args:
        lookup: Finds translations; None for English.
        group: What stands between thousands.
        decimal: What stands before the decimals.
        moment: Writes a date with its time, from seconds since 1970.
    """

    lookup: Lookup | None = None
    group: str = ","
    decimal: str = "."
    moment: Callable[[float], str] = _english_moment


ENGLISH = Language()


class _Speaker(string.Formatter):
    """Formats numbers as the language of the moment writes them."""

    def __init__(self) -> None:
        self.installed = ENGLISH
        self.for_files: ContextVar[bool] = ContextVar("for_files", default=False)

    @property
    def language(self) -> Language:
        return ENGLISH if self.for_files.get() else self.installed

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(format(value, format_spec))
        if isinstance(value, (int, float)):
            return text.translate(_marks(self.language.group, self.language.decimal))
        return one_line(text)

    def get_value(self, key: int | str, _args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs[str(key)]


@cache
def _marks(group: str, decimal: str) -> dict[int, str]:
    return {ord(","): group, ord("."): decimal}


# Embeddings, overrides and isolates; marks such as RLM, which turn nothing, are a part of names.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_speaker = _Speaker()


def install(language: Language) -> None:
    """Say everything in this language from now on; texts that were made before stay as they are."""
    _speaker.installed = language


def language() -> Language:
    """The language of the moment: the one that is installed, or English within `english`."""
    return _speaker.language


@contextmanager
def english() -> Iterator[None]:
    """Say everything in English meanwhile, on this thread: for files that are the same in every language."""
    token = _speaker.for_files.set(True)
    try:
        yield
    finally:
        _speaker.for_files.reset(token)


def tr(text: str, other: str = "", n: int | None = None, /, **values: Any) -> str:
    """A text in the person's language.

    The texts must be literals, so that they are found when translations are gathered.

    Args:
        text: The English text. With values or a number, `{name}` stands for one, with Python's format after a colon;
            `{n}` is the number.
        other: With a number, the English text for any number but 1, e.g. `tr("{n} image", "{n} images", count)`.
            Without one, a word that tells equal English texts apart, e.g. `tr("Open", "verb")`.
        n: The number that decides the plural form. `{n}` is written with its thousands apart.
        **values: What stands in the text. Numbers are written as the language writes them.

    Raises:
        KeyError: The text names a value that is not there.
    """
    lookup = _speaker.language.lookup
    found = lookup(text, other, -1 if n is None else n) if lookup is not None and text else ""
    if not found:
        found = other if n is not None and n != 1 else text
    if n is not None:
        return _speaker.vformat(found, (), {"n": _Count(n), **values})
    return _speaker.vformat(found, (), values) if values else found


class _Count(int):
    """A number whose thousands stand apart without being asked to."""

    def __format__(self, format_spec: str) -> str:
        return int.__format__(self, format_spec or ",")


def one_line(text: str) -> str:
    """A name, a path or a reason that others wrote, as it is shown: one line, in its own direction.

    A line break becomes a blank. Control characters, what turns the direction of the text around it, and bytes of a
    path that are no text become the replacement character. `tr` does this with its values.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown_letter, " ".join(text.splitlines())))


def _shown_letter(letter: str) -> str:
    if letter == "\t":
        return " "
    return "\ufffd" if letter in _TURNING or unicodedata.category(letter) in {"Cc", "Cs"} else letter


def later(text: str, _comment: str = "") -> str:
    """Mark a text that is written where no language is known yet, as in a module's table: use it with `tr`."""
    return text


def number(value: float, form: str = ",") -> str:
    """A number as the language writes it, e.g. `number(1200)` or `number(79.33, ".1f")`."""
    return _speaker.format_field(value, form)


def moment(seconds: float) -> str:
    """A date with its time, from seconds since 1970."""
    return _speaker.language.moment(seconds)
