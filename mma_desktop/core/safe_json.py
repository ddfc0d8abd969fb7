"""Strict parsing of untrusted JSON into plain values."""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from mma_desktop.core.errors import UserError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

Record = TypeVar("Record")
MAX_DEPTH = 64  # far deeper than our own files
MAX_WHOLE = 2**64  # what other programs read as an integer
LONGEST_PLACE = 60  # letters in a message


def parsed(text: str | bytes, *, paths: bool = False) -> Any:
    """Parse a JSON text, or its UTF-8 bytes. With `paths`, strings may be paths that are not valid Unicode.

    Raises:
        ValueError: It is not JSON, or has values that JSON forbids or that other programs cannot read: NaN, infinity,
            integers beyond 64 bits, duplicate keys, lone surrogates, more than `MAX_DEPTH` levels.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise ValueError("too many levels") from error
    _check(value, "surrogateescape" if paths else "strict")
    return value


def parsed_object(text: str | bytes) -> dict[str, Any]:
    """Like `parsed`, but requires an object. Raises ValueError if it is something else."""
    value = parsed(text)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def strings(value: Any) -> list[str]:
    """The texts in a parsed value that should be a list of texts; other values in it are ignored."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


class RecordError(ValueError):
    """A field of a record is missing or wrong: its location and its value, both short enough for a message."""

    def __init__(self, place: str, found: str) -> None:
        super().__init__(f"{place} cannot be {found}")
        self.place, self.found = place, found


def as_record(kind: Callable[..., Record], value: Any) -> Record:
    """Convert a parsed value to a dataclass. Types are checked strictly and recursively; unknown fields are ignored.

    Raises:
        UserError: A validator of the record raised it first.
        RecordError: Something else is wrong.
    """
    from pydantic_core import ValidationError

    try:
        record: Record = record_checker(kind).validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if isinstance(raised := first.get("ctx", {}).get("error"), UserError):
            raise raised from error
        raise RecordError(".".join(map(str, first["loc"]))[:LONGEST_PLACE], reprlib.repr(first["input"])) from error
    return record


@cache
def record_checker(kind: Any) -> SchemaValidator:
    """The validator of a record type. Imports pydantic on first use, since that takes 100 ms."""
    from pydantic import ConfigDict, TypeAdapter, with_config
    from pydantic_core import SchemaValidator

    return SchemaValidator(_fail_fast(TypeAdapter(with_config(ConfigDict(allow_inf_nan=False))(kind)).core_schema))


def _fail_fast(schema: Any) -> Any:
    # A list fails at its first invalid item, because each error takes more memory than the item.
    if isinstance(schema, list):
        return [_fail_fast(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _fail_fast(part) for name, part in schema.items()}
    return {**inner, "fail_fast": True} if schema.get("type") == "tuple" else inner


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key is there twice")
    return members


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
            if set(map(type, item)) == {int}:  # fast path for long lists of image ids
                item = [min(item), max(item)]
            stack.extend((inner, depth + 1) for inner in item)
        else:
            _check_plain(item, errors)


def _check_plain(item: Any, errors: str) -> None:
    if isinstance(item, str):
        if not item.isascii():
            item.encode("utf-8", errors)  # a lone surrogate raises UnicodeEncodeError, a ValueError
    elif isinstance(item, float):
        if not math.isfinite(item):
            raise ValueError("a number is too large")
    elif isinstance(item, int) and not -MAX_WHOLE < item < MAX_WHOLE:
        raise ValueError("a whole number is too large")
