"""Field types of an adapter's header, with limits for untrusted files.

How a later version may add a field: a reader refuses a header with a field that it does not know, unless the header's
`optional`, a list of names, has it. A writer lists there what can be ignored, so that all readers of this format read
the file; for what cannot, it increases the format's version, and older readers say that they are too old. `optional` is
left out where it would be empty: readers from before it refuse it. Fields within a field (`open_set`,
`temperatures`) can always be ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from mma_desktop.core.class_names import (
    LONGEST_NAME,
    MAX_NAMES,
    duplicate_names,
    is_none_of_these,
    too_many_names,
    unfit_name,
    unfit_names,
    unfit_templates,
)
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.engine.methods.method_table import MAX_NUMBER

MAX_SIZE = 1 << 24
MAX_EMBED_DIM = 16384
LONGEST_TEXT = 1000
LONGEST_FILE = 1 << 25  # above any valid template; the error for too many templates names their number
MAX_ENTRIES = 1000
_MAX_LISTS = 10 * MAX_NAMES
_LIST_OF_TEXT = re.compile(r'\[\s*"')


def check_length(text: str) -> None:
    """Refuse at once a header that has far too many class names: to parse them takes seconds and a GB.

    Raises:
        UserError: It has.
        ValueError: It has as many lists of another kind.
    """
    if text.count("[") > _MAX_LISTS and next(islice(_LIST_OF_TEXT.finditer(text), _MAX_LISTS, None), None):
        ends = (f'"{role.value}"]{end}' for role in Role for end in ("]", ", [", ",["))  # of a name and its role
        names = sum(map(text.count, ends))
        raise UserError(too_many_names(names)) if names > MAX_NAMES else ValueError("too many lists")


def ignorable(values: dict[str, Any]) -> set[str]:
    """Take `optional` out of a header; returns the fields that may be ignored.

    Raises:
        ValueError: It is no list of names.
    """
    found = values.pop("optional", [])
    if not isinstance(found, list) or len(found) > MAX_ENTRIES or not all(isinstance(name, str) for name in found):
        raise ValueError("optional lists no fields")
    return set(found)


def _templates(value: str) -> str:
    if trouble := unfit_templates(value):
        raise UserError(trouble)
    return value


def _time(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _check_entries(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > MAX_ENTRIES:  # pydantic collects an error for every entry
        raise ValueError("too many entries")
    return value


def _check_names(value: Any) -> Any:
    if isinstance(value, dict | list) and (trouble := too_many_names(len(value))):
        raise UserError(trouble)
    return value


def _classes(value: tuple[tuple[str, Role], ...]) -> tuple[tuple[str, Role], ...]:
    names = [name for name, _ in value]
    if trouble := unfit_names(names):
        raise UserError(trouble)
    if taken := next(filter(is_none_of_these, names), ""):
        raise UserError.tr(
            "This model has a class called '{class_name}', a name kept for pictures of none of the classes. Train "
            "it again with another name for the class.",
            class_name=taken,
        )
    if duplicate_names(names):
        raise ValueError("two classes have the same name")
    return value


def _read_text(value: str) -> str:
    if trouble := unfit_name(value):
        raise UserError(trouble)
    return value


Text = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_TEXT)]
Template = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_FILE), AfterValidator(_templates)]
Time = Annotated[Text, AfterValidator(_time)]
Positive = Annotated[float, Field(strict=True, gt=0, le=MAX_NUMBER)]
Dimensions = Annotated[int, Field(strict=True, ge=1, le=MAX_EMBED_DIM)]
Shots = Annotated[int, Field(strict=True, ge=0, le=1 << 31)]
Seed = Annotated[int, Field(strict=True, ge=-(1 << 63), lt=1 << 64)]
Size = Annotated[int, Field(strict=True, ge=0, le=MAX_SIZE)]
Hash = Annotated[str, Field(strict=True, pattern="^[0-9a-f]{16}$")]
Hashes = tuple[Hash, ...]
Name = Annotated[str, Field(strict=True, min_length=1)]
ReadText = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_NAME), AfterValidator(_read_text)]
Classes = Annotated[
    tuple[tuple[Name, Role], ...], Field(min_length=1), BeforeValidator(_check_names), AfterValidator(_classes)
]
Reads = Annotated[Mapping[Name, ReadText], BeforeValidator(_check_names)]
Texts = Annotated[Mapping[str, Annotated[str, Field(strict=True)]], BeforeValidator(_check_entries)]
Sizes = Annotated[Mapping[str, Size], BeforeValidator(_check_entries)]
