"""Translation of user-visible text: in English inside `tr`, or inside `later` where the language is not yet known.

Translations are in `resources/translations`. This module does not use Qt: the window installs a language at start-up;
the command line and the Python API install none.
"""

from __future__ import annotations

import string
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

Lookup = Callable[[str, str, int], str]
"""Maps (text, plural or context, number or -1) to a translation; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language's translations and number formats.

    Args:
        lookup: Finds translations; None for English.
        group: Thousands separator.
        decimal: Decimal separator.
        moment: Formats a date and time, given seconds since 1970.
        tag: Its two letters (ISO 639).
    """

    lookup: Lookup | None = None
    group: str = ","
    decimal: str = "."
    moment: Callable[[float], str] = lambda seconds: time.strftime("%d %b %Y, %H:%M", time.localtime(seconds))
    tag: str = "en"


ENGLISH = Language()


class _LocalFormatter(string.Formatter):
    def __init__(self) -> None:
        self.installed = ENGLISH
        self.for_files: ContextVar[bool] = ContextVar("for_files", default=False)

    @property
    def language(self) -> Language:
        return ENGLISH if self.for_files.get() else self.installed

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(format(value, format_spec))
        if isinstance(value, (int, float)):
            return text.translate({ord(","): self.language.group, ord("."): self.language.decimal})
        return one_line(text)


# Bidirectional embeddings, overrides and isolates. Marks such as RLM are allowed: they are legitimate in names.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_formatter = _LocalFormatter()


def install(language: Language) -> None:
    """Use this language from now on; texts created earlier do not change."""
    _formatter.installed = language


def language() -> Language:
    """The current language: the installed one, or English inside `english`."""
    return _formatter.language


@contextmanager
def english() -> Iterator[None]:
    """Use English on this thread for the duration, for files that must not depend on the language."""
    token = _formatter.for_files.set(True)
    try:
        yield
    finally:
        _formatter.for_files.reset(token)


def tr(text: str, other: str = "", n: int | None = None, /, **values: Any) -> str:
    """Translate a text.

    The texts must be literals so that the extraction tools find them.

    Args:
        text: The English text. With values or a number, `{name}` is replaced by a value, with an optional Python format
            after a colon; `{n}` is the number.
        other: With a number, the English plural, e.g. `tr("{n} image", "{n} images", count)`. Without one, a context
            that distinguishes equal English texts, e.g. `tr("Open", "verb")`.
        n: The number that selects the plural form. `{n}` is written with thousands separators.
        **values: Values to insert. Numbers are formatted for the language.

    Raises:
        KeyError: The text names a value that is not given.
    """
    lookup = _formatter.language.lookup
    translated = lookup(text, other, -1 if n is None else n) if lookup is not None and text else ""
    if not translated:
        translated = other if n is not None and n != 1 else text
    if n is not None:
        return _formatter.vformat(translated, (), {"n": _Count(n), **values})
    return _formatter.vformat(translated, (), values) if values else translated


class _Count(int):
    """A number formatted with thousands separators by default."""

    def __format__(self, format_spec: str) -> str:
        return int.__format__(self, format_spec or ",")


def one_line(text: str) -> str:
    """Make an untrusted name, path or message safe to display: one line, no effect on the text around it."""
    # Control characters, bidirectional overrides and undecodable bytes become U+FFFD. `tr` applies this to its values.
    if text.isprintable():
        return text
    return "".join(map(_safe_character, " ".join(text.splitlines())))


def shortened(texts: Sequence[str], most: int, separator: str = ", ") -> str:
    """Join texts; of a long list the first, and how many more there are."""
    shown, left = separator.join(texts[:most]), len(texts) - most
    return tr("{names} and {n} more", "{names} and {n} more", left, names=shown) if left > 0 else shown


def _safe_character(letter: str) -> str:
    if letter == "\t":
        return " "
    return "\ufffd" if letter in _BIDI_CONTROLS or unicodedata.category(letter) in {"Cc", "Cs"} else letter


def later(text: str, _comment: str = "") -> str:
    """Mark a text for translation where no language is known yet, as in a module-level table; pass it to `tr` later."""
    return text


def number(value: float, form: str = ",") -> str:
    """Format a number for the language, e.g. `number(1200)` or `number(79.33, ".1f")`."""
    return _formatter.format_field(value, form)


def moment(seconds: float) -> str:
    """Format a date and time for the language, given seconds since 1970."""
    return _formatter.language.moment(seconds)
