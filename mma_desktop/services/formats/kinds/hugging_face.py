"""Hugging Face imagefolder: `metadata.parquet`, `.jsonl` or `.csv` next to the images instead of folder labels.

Exports use `metadata.parquet`, the only one of the three that can declare the labels as a `ClassLabel`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import LABELS_BESIDE, Collector, Format, Listing, Outgoing, Written, is_split
from mma_desktop.services.formats.folder_layout import Placed, with_split_folders, write_folder
from mma_desktop.services.formats.kinds import arrow_tables, image_folder
from mma_desktop.services.formats.path_resolver import PathResolver, no_such_column
from mma_desktop.services.formats.table_columns import share_of
from mma_desktop.services.formats.text_decoding import dict_rows, head_of, json_lines, read_text

PARQUET = LABELS_BESIDE
NAMES = ("metadata.jsonl", "metadata.csv", PARQUET)
READABLE = image_folder.READABLE | {".gif", ".jpe", ".jfif", ".apng", ".dib"}
"""What `imagefolder` of the package datasets reads, of the formats that are imported."""
FILE, LABEL, SPLIT = "file_name", "label", "split"
PREDICTION, CONFIDENCE, PREDICTED_BY = "prediction", "confidence", "predicted_by"


def _root(path: Path) -> Path:
    """The data set's folder; `path` may also be its metadata file."""
    return path.parent if path.name.lower() in NAMES else path


def _metadata(root: Path) -> list[Path]:
    return [folder / name for folder in with_split_folders(root) for name in NAMES if (folder / name).is_file()]


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with a metadata file that lists files, or such a file."""
    root = _root(path)
    return root.is_dir() and any(FILE in _head(file) for file in _metadata(root))


def _head(file: Path) -> Sequence[str] | str:
    """The columns of a table, or the beginning of a text."""
    if file.name != PARQUET:
        return head_of(file)
    try:
        return arrow_tables.column_names(file)
    except UserError:
        return ""


def read(rows: Collector) -> Listing:
    """Read one image per line of metadata, relative to the metadata file."""
    root, asked = _root(rows.path), rows.options.columns
    found = _metadata(root) if root.is_dir() else []
    label = asked.get("label", LABEL)
    columns: dict[str, None] = {}
    for file in found:
        _read_file(rows, file, root, label, columns)
    mapping = {role: name for role, name in (("file", FILE), ("label", label), ("split", SPLIT)) if name in columns}
    if found and label and label not in columns:
        if "label" in asked:
            raise no_such_column(label, found[0], columns)
        if set(columns) - {FILE, SPLIT, PREDICTION, CONFIDENCE, PREDICTED_BY}:
            rows.ask_for_label(found[0], columns)
    return rows.listing([*columns], mapping)


def _read_file(rows: Collector, file: Path, root: Path, label: str, columns: dict[str, None]) -> None:
    rows.places = PathResolver(file, file.parent)
    split = file.parent.name if file.parent != root else ""
    shown = f"{split}/{file.name}" if split else file.name
    for line, row in _lines(file):
        where = tr("{file}, line {line}", file=shown, line=line)
        if isinstance(row, str):
            rows.problem(where, row)
            continue
        columns.update(dict.fromkeys(row))
        name = row.get(FILE)
        text = _text(row.get(label))
        if not isinstance(name, str) or not name.strip():
            rows.problem(where, tr("there is no file_name"))
        else:
            first = name.replace("\\", "/").split("/")[0]
            inner = first if not split and is_split(first) and "/" in name else split
            if text is None:
                rows.problem(
                    where, tr("'{column}' is not a single label; the picture was taken without one", column=label)
                )
            part = _text(row.get(SPLIT)) or inner
            rows.add(where, name, text or "", part, _text(row.get(PREDICTION)) or "", share_of(row.get(CONFIDENCE)))


def _text(value: Any) -> str | None:
    """A label as text, "" if missing; None if it is not a valid label."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _lines(file: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The rows of a metadata file with their line numbers; a string says why a row cannot be read."""
    if file.suffix.lower() == ".parquet":
        return arrow_tables.rows_of(file)
    text = read_text(file)
    return dict_rows(file, text) if file.suffix.lower() == ".csv" else json_lines(text)


def write(outgoing: Outgoing, out: Path, token: CancelToken) -> Written:
    """Write the images and a `metadata.parquet`, one per split folder."""

    def row(image: Placed) -> dict[str, Any]:
        entry = image.entry
        confidence = None if entry.confidence is None else round(entry.confidence, 4)
        by = None if entry.prediction is None else outgoing.predicted_by
        predicted = {PREDICTION: entry.prediction, CONFIDENCE: confidence, PREDICTED_BY: by}
        return {FILE: image.name, LABEL: entry.label, **predicted}

    def finish(root: Path, placed: Sequence[Placed]) -> None:
        kinds = {FILE: "string", LABEL: outgoing.classes}
        if outgoing.predicted_by:
            kinds |= {PREDICTION: "string", CONFIDENCE: "float64", PREDICTED_BY: "string"}
        for split in dict.fromkeys(image.split for image in placed):
            rows = [row(image) for image in placed if image.split == split]
            arrow_tables.write_rows(root / split / PARQUET, rows, kinds)

    return write_folder(outgoing, out, token, lambda _entry, split: (split,), finish, readable=READABLE)


CODE = """\
from datasets import load_dataset

data = load_dataset("imagefolder", data_dir={file})
print(data)
"""

FORMAT = Format(
    "hf",
    "Hugging Face imagefolder",
    later(
        "The pictures with a metadata.parquet that names their labels, in folders train, val and test "
        "where they have a split. load_dataset reads it."
    ),
    sniff,
    read,
    suffixes=(".jsonl", ".csv", ".parquet"),
    write=write,
    columns=("label",),
    predictions=True,
    code=CODE,
)
