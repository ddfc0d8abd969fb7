"""Names of numbered classes, in a file beside a source: a JSON map, or a text with one name a line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.services.formats.dataset import ImageEntry, Listing, RowProblem, clean_label
from mma_desktop.services.formats.path_resolver import RowError, no_such_class
from mma_desktop.services.formats.text_decoding import read_text

NAMES = "classnames.txt"
_NUMBER = re.compile(r"[0-9]{1,9}")
_MAX_FILES, _MAX_BYTES = 20, 1 << 20  # a map of all of ImageNet-21k fits


def numbers_in(names: Iterable[str]) -> set[int]:
    return {int(name) for name in names if _NUMBER.fullmatch(name)}


def with_class_names(listing: Listing, source: Path) -> Listing:
    """Give numbered classes their names, if a file in the source's folder has them; other labels stay."""
    numbers = numbers_in(listing.classes)
    if not numbers or len(numbers) < len(listing.classes) / 2:
        return listing
    folder = source if source.is_dir() else source.parent
    names_of = names_beside(folder, numbers)
    if names_of is None:
        hint = tr(
            "The classes are numbers: put their names, one a line, into a file {file} in {folder}.",
            file=NAMES,
            folder=folder,
        )
        return replace(listing, notes=(*listing.notes, hint))
    file, names = names_of
    entries, problems = list[ImageEntry](), list[RowProblem]()
    for entry in listing.entries:
        try:
            entries.append(replace(entry, label=_name(entry.label, names), prediction=_name(entry.prediction, names)))
        except RowError as error:
            entries.append(replace(entry, label=None, prediction=None))
            reason = tr("{reason}; the picture was taken without a label", reason=error)
            problems.append(RowProblem(str(entry.image), reason))
    classes = [names.get(int(name), "") if _NUMBER.fullmatch(name) else name for name in listing.classes]
    note = tr("The names of the numbered classes are those in {file}.", file=file.name)
    return replace(
        listing,
        entries=tuple(entries),
        problems=(*listing.problems, *problems),
        classes=tuple(dict.fromkeys(filter(None, classes))),
        notes=(*listing.notes, note),
    )


def _name(label: str | None, names: Mapping[int, str]) -> str | None:
    if label is None or not _NUMBER.fullmatch(label):
        return label
    if int(label) not in names:
        raise no_such_class(int(label), len(names))
    return names[int(label)]


def names_beside(folder: Path, numbers: Collection[int]) -> tuple[Path, Mapping[int, str]] | None:
    """The file in a folder that names numbered classes, and the names; a JSON file must name all of the `numbers`."""
    file = folder / NAMES
    try:
        if file.is_file():
            return file, _clean(dict(enumerate(line for line in read_text(file).split("\n") if line.strip())))
        files = sorted(path for path in folder.glob("*.json") if path.is_file() and path.stat().st_size <= _MAX_BYTES)
    except (OSError, UserError):
        return None
    for path in files[:_MAX_FILES]:
        try:
            names = _clean(_map_in(json.loads(read_text(path))))
        except (ValueError, RecursionError):
            continue
        if names and set(numbers) <= names.keys():
            return path, names
    return None


def _map_in(content: Any) -> dict[int, str]:
    """Names by number: a map either way round, or of numbers to codes and names, as ImageNet's; {} if it is none."""
    if isinstance(content, dict) and isinstance(content.get("id2label"), dict):
        content = content["id2label"]
    if not isinstance(content, dict):
        return {}
    names: dict[int, str] = {}
    for key, given in content.items():
        value = given[-1] if isinstance(given, list) and given else given
        if isinstance(value, str) and _NUMBER.fullmatch(key):
            names[int(key)] = value
        elif isinstance(value, int) and not isinstance(value, bool):
            names[value] = key
        else:
            return {}
    return names


def _clean(names: Mapping[int, str]) -> dict[int, str]:
    try:
        return {number: clean for number, name in names.items() if (clean := clean_label(name)) is not None}
    except RowError as error:
        raise ValueError(str(error)) from error
