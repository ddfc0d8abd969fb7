"""Open Images' labels of whole images: CSV tables `ImageID,Source,LabelName,Confidence`, one row a label.

A confidence of 1 says that the class is in the image, 0 that it is not; one in between is a machine's prediction. The
names of the classes are in `class-descriptions.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.folder_layout import has_label_files, label_files, resolver_for, split_of
from mma_desktop.services.formats.path_resolver import only_label
from mma_desktop.services.formats.table_columns import parse_fraction
from mma_desktop.services.formats.text_decoding import dict_rows, head_of, read_text, table_rows

SUFFIXES = (".csv",)
PICTURE, LABEL, CONFIDENCE = "ImageID", "LabelName", "Confidence"
_DESCRIPTIONS = re.compile(r"class-descriptions|classes\.csv", re.IGNORECASE)


def _is_labels(file: Path) -> bool:
    columns = [column.strip() for column in head_of(file).partition("\n")[0].split(",")]
    return {PICTURE, LABEL, CONFIDENCE} <= {*columns} and "XMin" not in columns


def read(rows: Collector) -> Listing:
    """An image with several classes is refused."""
    names: dict[str, str] = {}
    for file_of_names in label_files(rows.root, SUFFIXES, lambda file: _DESCRIPTIONS.search(file.name) is not None):
        names |= {
            row[0]: row[1]
            for _, row in table_rows(file_of_names, read_text(file_of_names))
            if len(row) > 1 and row[0] != LABEL
        }
    for file in label_files(rows.path, SUFFIXES, _is_labels):
        rows.places = resolver_for(rows, file, (split_of(file),))
        _read_file(rows, file, names)
    return rows.listing()


def _read_file(rows: Collector, file: Path, names: Mapping[str, str]) -> None:
    images: dict[str, dict[str, float]] = {}
    lines: dict[str, int] = {}
    for line, row in dict_rows(file, read_text(file)):
        image, code = row.get(PICTURE, "").strip(), row.get(LABEL, "").strip()
        confidence = parse_fraction(row.get(CONFIDENCE, ""))
        if not image or not code or confidence is None:
            rows.problem(tr("{file}, line {line}", file=file.name, line=line), tr("it is not a row of labels"))
            continue
        rows.report()
        lines.setdefault(image, line)
        images.setdefault(image, {})[names.get(code, code)] = confidence
    split = split_of(file)
    for image, labels in images.items():
        label = only_label(file, image, [name for name, score in labels.items() if score == 1])
        guess, score = max(labels.items(), key=lambda pair: (pair[1] < 1, pair[1]))
        guessed = 0 < score < 1
        where = tr("{file}, line {line}", file=file.name, line=lines[image])
        rows.add(where, image, label, split, guess if guessed else "", score if guessed else None)


FORMAT = Format(
    "openimages",
    "Open Images",
    later("Tables ImageID, LabelName, Confidence with one class a picture, and the names in class-descriptions.csv."),
    partial(has_label_files, SUFFIXES, _is_labels),
    read,
    suffixes=SUFFIXES,
    based=True,
)
