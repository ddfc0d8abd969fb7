"""COCO JSON: annotations of whole images with one category each; a smaller box belongs to an object in the image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.folder_layout import has_label_files, label_files, resolver_for, split_of
from mma_desktop.services.formats.path_resolver import only_label
from mma_desktop.services.formats.text_decoding import dicts_in, head_of, read_part

SUFFIXES = (".json",)
_PARTS = ('"images"', '"annotations"', '"categories"')
_WORDS = ('"file_name"', '"category_id"', '"supercategory"')


def _is_coco(file: Path) -> bool:
    head = head_of(file)
    return (
        head.lstrip().startswith("{")
        and sum(part in head for part in _PARTS) > 1
        and any(word in head for word in _WORDS)
    )


def read(rows: Collector) -> Listing:
    bare: dict[Path, tuple[str, str]] = {}
    labelled: set[Path] = set()
    for file in label_files(rows.path, SUFFIXES, _is_coco):
        rows.places = resolver_for(rows, file, dict.fromkeys((split_of(file), *file.stem.split("_")[-1:])))
        _read_file(rows, file, labelled, bare)
    for image, (where, split) in bare.items():
        if image not in labelled:  # Datumaro lists an image in several files, only one of which has its label
            rows.add(where, image, "", split)
    return rows.listing()


def _key(value: Any) -> str | int | None:
    return value if isinstance(value, str | int) else None


def _read_file(rows: Collector, file: Path, labelled: set[Path], bare: dict[Path, tuple[str, str]]) -> None:
    """Read one file, and add unlabelled images to `bare`."""
    content, pictures = read_part(file, "COCO", "images", list)
    split = split_of(file)
    names: dict[str | int | None, str] = {}
    for category in dicts_in(content.get("categories")):
        names[_key(category.get("id"))] = str(category.get("name", ""))
    rows.declare(names.values())
    images = list(dicts_in(pictures))
    sizes = {_key(image.get("id")): (image.get("width"), image.get("height")) for image in images}
    labels: dict[str | int | None, list[str | int | None]] = defaultdict(list)
    for annotation in dicts_in(content.get("annotations")):
        image = _key(annotation.get("image_id"))
        if _is_object(annotation, sizes.get(image)):
            rows.shapes += 1
        else:
            labels[image].append(_key(annotation.get("category_id")))
    for number, picture in enumerate(images):
        name = picture.get("file_name")
        where = tr("{file}, picture {number}", file=file.name, number=number + 1)
        text = name if isinstance(name, str) else ""
        numbers = labels.get(_key(picture.get("id")), [])
        for strange in [number for number in numbers if number not in names][:1]:
            rows.problem(where, tr("there is no category {number}; the picture was taken without it", number=strange))
        label = only_label(file, text, [names[number] for number in numbers if number in names])
        with rows.row(where):
            place = rows.places.find(text)
            if label:
                labelled.add(place)
                rows.add(where, place, label, split)
            else:
                bare.setdefault(place, (where, split))


def _is_object(annotation: Mapping[str, Any], size: tuple[Any, Any] | None) -> bool:
    """Whether an annotation describes only a part of its image."""
    if annotation.get("segmentation") or annotation.get("keypoints"):
        return True
    box = annotation.get("bbox")
    if not isinstance(box, list) or len(box) != 4 or not any(box):
        return False
    return size is None or [0, 0, *size] != box


FORMAT = Format(
    "coco",
    "COCO JSON",
    later("Annotations of whole pictures, with a category each; boxes and outlines are left out."),
    partial(has_label_files, SUFFIXES, _is_coco),
    read,
    suffixes=SUFFIXES,
    based=True,
)
