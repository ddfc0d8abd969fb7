"""Detect what the columns of a table contain, by name and content."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_csv import DELIMITERS
from mma_desktop.media.picture_formats import SUFFIXES

READS = "reads"
"""What the model reads for the label; only written if a class reads something other than its name."""
ROLES = ("file", "label", "split", "prediction", "confidence", READS)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "file": (
        "file_name", "filename", "file", "filepath", "filepaths", "file_path", "image_path", "image_name",
        "image_file", "path", "image", "img", "name", "image_id", "imageid", "img_id", "img_name", "img_path",
        "picture", "photo", "id", "uuid", "dateiname", "datei", "dateipfad", "bilddatei", "bildname", "bild",
        "bildpfad", "foto", "pfad",
    ),
    "label": (
        "label", "labels", "class", "classes", "class_name", "classname", "category", "target", "species", "breed",
        "tag", "label_name", "annotation", "klasse", "klassenname", "kategorie", "art", "etikett", "bezeichnung",
        "rasse",
    ),
    "split": (
        "split", "subset", "set", "use", "partition", "data_set", "dataset", "aufteilung", "teilmenge", "verwendung",
    ),
    "prediction": ("prediction", "predicted", "predicted_label", "predicted_class", "vorhersage"),
    "confidence": ("confidence", "score", "probability", "konfidenz"),
    READS: (READS,),
}  # fmt: skip
"""Names of columns, English then German, the likeliest first."""
_BOX = (frozenset(("xmin", "ymin")), frozenset(("x_min", "y_min")), frozenset(("bbox",)), frozenset(("bbox_x",)))
_MARKS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "ja"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "nein", ""), False),
}
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(e[-+]?\d+)?", re.I)

Rows = Sequence[Sequence[str]]


def _plain(name: str) -> str:
    return re.sub(r"[ \-.]+", "_", name.strip().lower())


def _cells(rows: Rows, at: int) -> list[str]:
    return [row[at].strip() for row in rows]


def is_picture_name(cell: str) -> bool:
    """Whether a cell ends like the name of a picture."""
    return os.path.splitext(cell.strip())[1].lower() in SUFFIXES  # noqa: PTH122 - a text


def guess(columns: Sequence[str], sample: Rows) -> dict[str, str]:
    """Map roles to columns by name. If several could be the file, choose one that contains names of pictures."""
    mapping: dict[str, str] = {}
    lower = {_plain(name): name for name in reversed(columns) if name}
    for role in ROLES:
        free = [lower[name] for name in _NAMES[role] if name in lower and lower[name] not in mapping.values()]
        if role == "file":
            free.sort(key=lambda name: not any(map(is_picture_name, _cells(sample, columns.index(name)))))
        if free:
            mapping[role] = free[0]
    return mapping


def guess_file(columns: Sequence[str], sample: Rows) -> str:
    """The file column if none has such a name: the first with names of pictures, else the first."""
    holding = (name for at, name in enumerate(columns) if name and any(map(is_picture_name, _cells(sample, at))))
    return next(holding, next((name for name in columns if name), columns[0]))


def guess_label(columns: Sequence[str], taken: Iterable[str], rows: Rows) -> str | None:
    """The only other column, if it contains texts of which some repeat; None if that is not certain."""
    used = set(taken)
    free = [at for at, name in enumerate(columns) if name and name not in used]
    if len(free) != 1:
        return None
    cells = [cell for cell in _cells(rows, free[0]) if cell]
    repeated = len(set(cells)) < len(cells)
    return columns[free[0]] if repeated and not all(_NUMBER.fullmatch(cell) for cell in cells) else None


def class_columns(columns: Sequence[str], taken: Iterable[str], rows: Rows) -> list[str]:
    """Class columns of a one-hot table, which contain 1 for the class and 0 for all others; [] if it is not one."""
    used = set(taken)
    free = [at for at, name in enumerate(columns) if name and name not in used]
    hot = []
    for at in free:
        cells = {cell.lower() for cell in _cells(rows, at)}
        if cells <= _MARKS.keys() and cells != {""}:
            hot.append(columns[at])
    return hot if len(hot) >= 2 else []


def marked(names: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The classes marked in a row of a one-hot table."""
    return [name for name, cell in zip(names, cells, strict=True) if _MARKS.get(cell.strip().lower(), False)]


def share_of(value: Any) -> float | None:
    """A number from 0 to 1, also as text with a decimal point or comma; None for anything else."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def refuse_boxes(file: str, columns: Sequence[str]) -> None:
    """Check that a table has no boxes, whose labels would describe parts of pictures.

    Raises:
        UserError: It has.
    """
    names = set(map(_plain, columns))
    if any(box <= names for box in _BOX):
        raise UserError(
            tr(
                "{file} holds boxes. They mark parts of pictures, so their labels are not those of whole pictures. If "
                "each picture has one label, choose its column. Nothing was changed.",
                file=file,
            )
        )


def several_in(labels: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """A label that combines others, such as "cat|dog" beside "cat" and "dog", and those; None if there is none.

    `labels` maps each label to its first position.
    """
    names = {label.strip(" []'\""): label for label in labels}
    for separator in DELIMITERS:
        for name, label in names.items():
            parts = [part.strip(" '\"") for part in name.split(separator)]
            if len(parts) > 1 and all(part and part in names for part in parts):
                return labels[label], parts
    return None
