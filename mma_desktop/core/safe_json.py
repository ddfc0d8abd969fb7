"""JSON that strangers may have written: read into plain values that no later code is surprised by."""

from __future__ import annotations

import json
import math
import reprlib
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_DEPTH = 64
MAX_WHOLE = 2**64
LONGEST_PLACE = 60


def parsed(text: str | bytes, *, paths: bool = False) -> Any:
    """The value of a JSON text.

    Args:
        text: The text, or its UTF-8.
        paths: Whether its texts may be paths whose bytes are no Unicode.

    Raises:
        ValueError: It is no JSON, or holds what JSON forbids or other programs do not read back: NaN and infinity,
            whole numbers beyond 64 bits, a key twice, half a Unicode pair, more than `MAX_DEPTH` levels.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise ValueError("too many levels") from error
    _check(value, "surrogateescape" if paths else "strict")
    return value


def parsed_object(text: str | bytes) -> dict[str, Any]:
    """As `parsed`, for an object.

    Raises:
        ValueError: It is something else.
    """
    value = parsed(text)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def first_mistake(error: ValidationError) -> tuple[str, str]:
    """Where what was read is not as its type says, and what is there, both short enough for a sentence."""
    first = error.errors(include_url=False, include_context=False)[0]
    return ".".join(map(str, first["loc"]))[:LONGEST_PLACE], reprlib.repr(first["input"])


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _check(value: Any, errors: str) -> None:
    stack = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise ValueError("too many levels")
        if isinstance(item, dict):
            stack.extend((inner, depth + 1) for inner in item.values())
            for key in item:
                _check_plain(key, errors)
        elif isinstance(item, list):
            if set(map(type, item)) == {int}:  # the long lists: image ids
                item = [min(item), max(item)]
            stack.extend((inner, depth + 1) for inner in item)
        else:
            _check_plain(item, errors)


def _check_plain(item: Any, errors: str) -> None:
    if isinstance(item, str):
        if not item.isascii():
            item.encode("utf-8", errors)  # half a pair raises UnicodeEncodeError, which is a ValueError
    elif isinstance(item, float):
        if not math.isfinite(item):
            raise ValueError("a number is too large")
    elif isinstance(item, int) and not -MAX_WHOLE < item < MAX_WHOLE:
        raise ValueError("a whole number is too large")
