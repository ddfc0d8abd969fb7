"""The values of an adapter's header, each checked: a stranger may have written them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from mma_desktop.core.class_names import duplicate_names, name_too_long, too_many_names, unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.engine.methods.method_table import MAX_NUMBER

MAX_SIZE = 1 << 24
LONGEST_TEXT = 1000
LONGEST_FILE = 1 << 25  # no text of a header is longer; how many templates it is, is told


class WrongValueError(Exception):
    """A value of the header is not what the format says."""


def text(value: Any, longest: int = LONGEST_TEXT) -> str:
    """A text that is there, and of a length that can be told in a sentence."""
    if not isinstance(value, str) or not value:
        raise WrongValueError("a text is missing")
    if len(value) > longest:
        raise WrongValueError(f"a text of {len(value)} characters is too long")
    return value


def templates(value: Any) -> str:
    """A prompt template, as many and as long as they may be."""
    found = text(value, LONGEST_FILE)
    if trouble := unfit_templates(found):
        raise UserError(trouble)
    return found


def time(value: Any) -> str:
    """An ISO 8601 time."""
    found = text(value)
    try:
        datetime.fromisoformat(found)
    except ValueError as error:
        raise WrongValueError(f"{value!r} is no time") from error
    return found


def whole(value: Any, low: int, high: int) -> int:
    """A whole number within its limits."""
    if type(value) is not int or not low <= value <= high:
        raise WrongValueError(f"{value!r} is no whole number from {low} to {high}")
    return value


def positive(value: Any) -> float:
    """A positive number."""
    if type(value) not in {int, float} or not 0 < value <= MAX_NUMBER:
        raise WrongValueError(f"{value!r} is no positive number")
    return float(value)


def share(value: Any) -> float:
    """A number from 0 to 1."""
    if type(value) not in {int, float} or not 0 <= value <= 1:
        raise WrongValueError(f"{value!r} is no number from 0 to 1")
    return float(value)


def mapping(value: Any) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise WrongValueError(f"{value!r} is no object")
    return value


def texts(value: Any) -> dict[str, str]:
    """An object of texts."""
    if not all(isinstance(one, str) for one in mapping(value).values()):
        raise WrongValueError("an object holds more than texts")
    return dict(value)


def sizes(value: Any, names: tuple[str, ...]) -> dict[str, int]:
    """Those sizes that the method has."""
    if set(mapping(value)) != set(names):
        raise WrongValueError("the sizes are not those of the method")
    return {name: whole(number, 0, MAX_SIZE) for name, number in value.items()}


def temperatures(value: Any) -> dict[str, float]:
    """The two temperatures, or none."""
    if mapping(value) and set(value) != {"adapted", "zero_shot"}:
        raise WrongValueError("the temperatures are not two")
    return {name: positive(number) for name, number in value.items()}


def prefixes(value: Any) -> tuple[str, ...]:
    """The beginnings of hashes."""
    if not isinstance(value, list) or not all(
        isinstance(one, str) and re.fullmatch("[0-9a-f]{16}", one) for one in value
    ):
        raise WrongValueError("the images that were trained on are no list of hashes")
    return tuple(value)


def classes(value: Any) -> tuple[tuple[str, Role], ...]:
    """Class names with their roles, as many and as long as they may be."""
    if not isinstance(value, list) or not value:
        raise WrongValueError("no classes")
    if trouble := too_many_names(len(value)):
        raise UserError(trouble)
    result = []
    for item in value:
        if not isinstance(item, list) or len(item) != 2 or item[1] not in list(Role):
            raise WrongValueError("an item is no class with a role")
        if isinstance(item[0], str) and (trouble := name_too_long(item[0])):
            raise UserError(trouble)
        result.append((text(item[0]), Role(item[1])))
    if duplicate_names([name for name, _ in result]):
        raise WrongValueError("two classes have the same name")
    return tuple(result)
