"""Datumaro's JSON: a file per subset with classes and annotated items, of which labels of whole images are read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing, is_split
from mma_desktop.services.formats.folder_layout import has_label_files, label_files, resolver_for
from mma_desktop.services.formats.path_resolver import PathResolver, label_of
from mma_desktop.services.formats.text_decoding import dicts_in, head_of, read_part

SUFFIXES = (".json",)
MEDIA = ("image", "media")


def _is_datumaro(file: Path) -> bool:
    head = head_of(file)
    dated = '"dm_format_version"' in head or '"items"' in head
    return head.lstrip().startswith("{") and dated and '"categories"' in head and '"label' in head


def read(rows: Collector) -> Listing:
    """The name of a file is its subset."""
    for file in label_files(rows.path, SUFFIXES, _is_datumaro):
        rows.places = resolver_for(rows, file, (file.stem,))
        _read_file(rows, file)
    return rows.listing()


def _read_file(rows: Collector, file: Path) -> None:
    content, items = read_part(file, "Datumaro", "items", list)
    names = [str(label.get("name", "")) for label in dicts_in(_at(content, "categories", "label", "labels"))]
    rows.declare(names)
    split = file.stem if is_split(file.stem) else ""
    for number, item in enumerate(dicts_in(items)):
        where = tr("{file}, picture {number}", file=file.name, number=number + 1)
        annotations = list(dicts_in(item.get("annotations")))
        labels = [annotation.get("label_id") for annotation in annotations if annotation.get("type") == "label"]
        rows.shapes += len(annotations) - len(labels)
        label = rows.label_from(where, label_of, file, str(item.get("id", "")), labels, names)
        rows.add(where, _place(rows.places, item), label, split)


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _place(places: PathResolver, item: Mapping[str, Any]) -> str:
    """The path of an item's image, or its id, which is its name without suffix."""
    paths = [_at(item, kind, "path") for kind in MEDIA]
    named = [name for name in (*paths, item.get("id")) if isinstance(name, str) and name]
    return next(filter(places.is_there, named), named[0] if named else "")


FORMAT = Format(
    "datumaro",
    "Datumaro JSON",
    later("annotations/<subset>.json with the labels of whole pictures; boxes and outlines are left out."),
    partial(has_label_files, SUFFIXES, _is_datumaro),
    read,
    suffixes=SUFFIXES,
    based=True,
)
