"""Field types of an adapter's header, with limits for untrusted files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from mma_desktop.core.class_names import LONGEST_NAME, duplicate_names, name_too_long, too_many_names, unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.engine.methods.method_spec import MAX_NUMBER

MAX_SIZE = 1 << 24
MAX_EMBED_DIM = 16384
LONGEST_TEXT = 1000
LONGEST_FILE = 1 << 25  # above any valid template; the error for too many templates names their number
MOST_ENTRIES = 1000


def _templates(value: str) -> str:
    if trouble := unfit_templates(value):
        raise UserError(trouble)
    return value


def _time(value: str) -> str:
    datetime.fromisoformat(value)
    return value


def _check_entries(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > MOST_ENTRIES:  # pydantic collects an error for every entry
        raise ValueError("too many entries")
    return value


def _check_names(value: Any) -> Any:
    if isinstance(value, dict) and (trouble := too_many_names(len(value))):
        raise UserError(trouble)
    return value


def _classes(value: tuple[tuple[str, Role], ...]) -> tuple[tuple[str, Role], ...]:
    names = [name for name, _ in value]
    if trouble := too_many_names(len(names)) or next(filter(None, map(name_too_long, names)), ""):
        raise UserError(trouble)
    if duplicate_names(names):
        raise ValueError("two classes have the same name")
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
ReadText = Annotated[str, Field(strict=True, min_length=1, max_length=LONGEST_NAME)]
Classes = Annotated[tuple[tuple[Name, Role], ...], Field(min_length=1), AfterValidator(_classes)]
Reads = Annotated[Mapping[Name, ReadText], BeforeValidator(_check_names)]
Texts = Annotated[Mapping[str, Annotated[str, Field(strict=True)]], BeforeValidator(_check_entries)]
Sizes = Annotated[Mapping[str, Size], BeforeValidator(_check_entries)]
