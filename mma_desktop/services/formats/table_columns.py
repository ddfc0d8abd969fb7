"""Detect what the columns of a table contain, by name and content."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_csv import DELIMITERS
from mma_desktop.media.image_formats import SUFFIXES

# What the model reads for the label; only written if a class reads something other than its name.
READS = "reads"
# Columns of a table of groups (`mma-desktop groups`): labels of typical images, like accepted suggestions.
GROUPS = frozenset(("group", "central"))
ROLES = ("file", "label", "split", "prediction", "confidence", READS)
# Names of columns, English then German, the likeliest first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "file": (
        "file_name", "filename", "file", "filepath", "filepaths", "file_path", "image_path", "image_name",
        "image_file", "path", "image", "img", "name", "image_id", "imageid", "img_id", "img_name", "img_path",
        "picture", "photo", "fname", "id", "uuid", "dateiname", "datei", "dateipfad", "bilddatei", "bildname", "bild",
        "bildpfad", "foto", "pfad",
    ),
    "label": (
        "label", "labels", "class", "classes", "class_name", "classname", "category", "target", "species", "breed",
        "tag", "label_name", "annotation", "klasse", "klassenname", "kategorie", "art", "etikett", "bezeichnung",
        "rasse", "cls", "class_id", "classid", "label_id",
    ),
    "split": (
        "split", "subset", "set", "use", "partition", "data_set", "dataset", "aufteilung", "teilmenge", "verwendung",
        "is_valid", "is_val", "is_validation", "is_test", "is_train",
    ),
    "prediction": ("prediction", "predicted", "predicted_label", "predicted_class", "vorhersage"),
    "confidence": ("confidence", "score", "probability", "konfidenz"),
    READS: (READS,),
}  # fmt: skip
_BOX = (frozenset(("xmin", "ymin")), frozenset(("x_min", "y_min")), frozenset(("bbox",)), frozenset(("bbox_x",)))
_BOOLEANS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "ja"), True),
    **dict.fromkeys(("0", "0.0", "false", "no", "nein", ""), False),
}
# The split that a flag stands for, and the one of a row that lacks it.
_SPLIT_FLAGS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("is_valid", "is_val", "is_validation"), ("val", "train")),
    "is_test": ("test", "train"),
    "is_train": ("train", ""),
}
_LABEL_WORDS = frozenset(
    ("class", "cls", "label", "labels", "category", "target", "species", "y", "klasse", "kategorie")
)
_WORD = re.compile(r"[A-Z]?[a-zäöüß]+|[A-Z]+(?![a-z])")
_LONGEST_LABEL = 60  # letters: longer texts are captions
_TRIED_COLUMNS, _TRIED_ROWS = 100, 10  # a thousand looks at the disk at most
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(e[-+]?\d+)?", re.I)

TableRows = Sequence[Sequence[str]]


def _plain(name: str) -> str:
    return re.sub(r"[ \-.]+", "_", name.strip().lower())


def _cells(rows: TableRows, at: int) -> list[str]:
    return [row[at].strip() for row in rows]


def is_image_name(cell: str) -> bool:
    return os.path.splitext(cell.strip())[1].lower() in SUFFIXES  # noqa: PTH122 - a text


def guess_roles(columns: Sequence[str], sample: TableRows, is_there: Callable[[str], bool]) -> dict[str, str]:
    """Map roles to columns by name; the file is the column whose cells in `sample` name the most files that exist.

    Of `columns`, those that are taken are "". `is_there` tells whether a cell names a file that exists.
    """
    mapping: dict[str, str] = {}
    lower = {_plain(name): name for name in reversed(columns) if name}
    for role in ROLES:
        free = [lower[name] for name in _NAMES[role] if name in lower and lower[name] not in mapping.values()]
        if role == "file":
            others = [name for name in columns[:_TRIED_COLUMNS] if name and name not in free]
            cells = {name: filter(None, _cells(sample, columns.index(name))) for name in (*free, *others)}
            counts = {name: sum(map(is_there, {*islice(values, _TRIED_ROWS)})) for name, values in cells.items()}
            if any(counts.values()):
                free = [max(counts, key=lambda column: counts[column])]  # the likeliest name among equals
            free.sort(key=lambda name: not any(map(is_image_name, _cells(sample, columns.index(name)))))
        if free:
            mapping[role] = free[0]
    return mapping


def is_named(column: str, role: str) -> bool:
    """Whether a column has a name by which the column of a role is known."""
    return _plain(column) in _NAMES[role]


def guess_file(columns: Sequence[str], sample: TableRows) -> str:
    """The file column if none has such a name or names files that exist: the first with names of images, or any."""
    holding = (name for at, name in enumerate(columns) if name and any(map(is_image_name, _cells(sample, at))))
    return next(holding, next((name for name in columns if name), columns[0]))


def guess_label(columns: Sequence[str], taken: Iterable[str], rows: TableRows) -> str | None:
    """The column that holds short texts of which some repeat; None if there is none, or several."""
    # Numbers may be ages or sizes: they count in a column whose name speaks of a class. Of several columns, the one
    # with such a name is the label.
    plain = [_plain(name) for name in columns]
    used = {"", *taken, *(columns[plain.index("y")] for name in plain if name == "x" and "y" in plain)}  # coordinates
    free = [at for at, name in enumerate(columns) if name not in used and not plain[at].startswith("is_")]
    candidates = [at for at in free if _may_be_label(columns[at], _cells(rows, at), alone=len(free) == 1)]
    if len(candidates) > 1:
        candidates = [at for at in candidates if _speaks_of_class(columns[at])]
    return columns[candidates[0]] if len(candidates) == 1 else None


def _speaks_of_class(name: str) -> bool:
    return any(word.lower() in _LABEL_WORDS for word in _WORD.findall(name))


def _may_be_label(name: str, cells: Iterable[str], *, alone: bool) -> bool:
    texts = [cell for cell in cells if cell]
    if not texts or any(len(cell) > _LONGEST_LABEL for cell in texts):
        return False
    repeat = 1 < len(set(texts)) < len(texts)
    if _speaks_of_class(name):
        return repeat or alone
    return repeat and not all(_NUMBER.fullmatch(cell) for cell in texts)


def split_cell(column: str, cell: str) -> str:
    """The split in a cell; a column such as "is_valid" is a flag."""
    flag = _SPLIT_FLAGS.get(_plain(column))
    mark = _BOOLEANS.get(cell.strip().lower())
    return cell if flag is None or mark is None else flag[0] if mark else flag[1]


def class_columns(columns: Sequence[str], taken: Iterable[str], rows: TableRows) -> list[str]:
    """Class columns of a one-hot table, which contain 1 for the class and 0 for all others; [] if it is not one."""
    used = set(taken)
    free = [at for at, name in enumerate(columns) if name and name not in used]
    hot = []
    for at in free:
        cells = {cell.lower() for cell in _cells(rows, at)}
        if cells <= _BOOLEANS.keys() and cells != {""}:
            hot.append(columns[at])
    return hot if len(hot) >= 2 else []


def marked(names: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The classes marked in a row of a one-hot table."""
    return [name for name, cell in zip(names, cells, strict=True) if _BOOLEANS.get(cell.strip().lower(), False)]


def parse_fraction(value: Any) -> float | None:
    """A number from 0 to 1, also as text with a decimal point or comma; None for anything else."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def refuse_boxes(file: str, columns: Sequence[str]) -> None:
    """Refuse, as a UserError, a table with boxes, whose labels would describe parts of images."""
    names = set(map(_plain, columns))
    if any(box <= names for box in _BOX):
        raise UserError.tr(
            "{file} holds boxes. They mark parts of pictures, so their labels are not those of whole pictures. If "
            "each picture has one label, choose its column. Nothing was changed.",
            file=file,
        )


def several_in(labels: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """A label that combines others, such as "cat|dog" beside "cat" and "dog", and those; `labels` by first position."""
    # A blank may be part of a name ("green apple" beside "green" and "apple"): two labels must combine others so.
    names = {label.strip(" []'\""): label for label in labels}
    for separator in (*DELIMITERS, " "):
        several = []
        for name, label in names.items():
            parts = [part.strip(" '\"") for part in name.split(separator)]
            if len(parts) > 1 and all(part and part in names for part in parts):
                several.append((labels[label], parts))
        if len(several) > (separator == " "):
            return several[0]
    return None
