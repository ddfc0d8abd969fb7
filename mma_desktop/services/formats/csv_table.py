"""CSV tables of pictures: `file_name,label,split,prediction,confidence,reads`, or other columns mapped to these."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.safe_csv import UNDECODABLE, guess_delimiter, open_table, read_rows, write_rows
from mma_desktop.media.picture_formats import SUFFIXES
from mma_desktop.services.formats.dataset import (
    Collector,
    Entry,
    Format,
    Images,
    Outgoing,
    Reading,
    ReadOptions,
    WriteOptions,
    Writing,
    Written,
)
from mma_desktop.services.formats.folder_layout import paced, pictures_listed, reading
from mma_desktop.services.formats.path_resolver import Places
from mma_desktop.services.formats.text_decoding import head_of, read_text

COLUMNS = ("file_name", "label", "split", "prediction", "confidence")
READS = "reads"
"""What the model reads for the label; only written if a class reads another text than its name."""
ROLES = ("file", "label", "split", "prediction", "confidence", READS)
_ESCAPED = re.compile(r"[\ud800-\udfff]")
SUFFIXES_READ = (".csv", ".tsv", ".tab")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "file": ("file_name", "filename", "file", "filepath", "file_path", "image_path", "path", "image", "img", "name"),
    "label": ("label", "class", "class_name", "classname", "category", "target", "species"),
    "split": ("split", "subset", "set", "use", "partition"),
    "prediction": ("prediction", "predicted", "predicted_label", "predicted_class"),
    "confidence": ("confidence", "score", "probability"),
    READS: (READS,),
}


def sniff(path: Path) -> bool:
    """Whether `path` is a text file with the suffix of a table."""
    return path.suffix.lower() in SUFFIXES_READ and "\0" not in (head := head_of(path)) and bool(head.strip())


def read(path: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """Read one picture per row; see `Format.read`.

    File names may contain bytes that are not valid UTF-8, since this program writes undecodable names as they are.

    Raises:
        UserError: It is not such a table, or a requested column does not exist.
    """
    text = read_text(path, UNDECODABLE)
    table = _rows(path, text)
    first = next((row for _, row in table if any(cell.strip() for cell in row)), [])
    if not first:
        raise UserError(tr("{path} is empty. Nothing was changed.", path=path))
    columns = [cell.strip() for cell in first]
    if _is_data(columns):
        columns = [str(number + 1) for number in range(len(first))]
        table = _rows(path, text)
    mapping = _mapping(path, columns, options.columns)
    rows = Collector(Places(path, options.base or path.parent, whole=True))
    if "file" not in mapping:
        mapping["file"] = next((name for name in columns if name), columns[0])
        rows.notes.append(
            tr(
                "No column is named like one of file names: the first, '{column}', was taken for it.",
                column=mapping["file"],
            )
        )
    report = reading(token, path.name)
    at = {role: columns.index(name) for role, name in mapping.items()}
    undecodable = bool(_ESCAPED.search(text))
    for line, row in table:
        if undecodable and any(_ESCAPED.search(cell) for number, cell in enumerate(row) if number != at["file"]):
            read_text(path)  # raises: only file names may be undecodable
        if any(cell.strip() for cell in row):
            _take(rows, tr("line {line}", line=line), row, at)
        yield from report(len(rows))
    listing = rows.listing([name for name in columns if name], mapping)
    if undecodable and not any(_ESCAPED.search(str(one.image)) for one in listing.entries):
        read_text(path)  # raises: no such file exists, so the table is in another encoding
    return listing


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from read_rows(text, guess_delimiter(text))
    except ValueError as error:
        raise UserError(
            tr("{path} is no table that can be read: {reason}. Nothing was changed.", path=path, reason=error)
        ) from error


def _is_data(cells: Sequence[str]) -> bool:
    """Whether the first row is already a picture rather than a header."""
    return any(os.path.splitext(cell)[1].lower() in SUFFIXES for cell in cells)  # noqa: PTH122 - a text


def _mapping(path: Path, columns: Sequence[str], asked: Mapping[str, str]) -> dict[str, str]:
    """Map roles to columns: as requested, otherwise by column name.

    Raises:
        UserError: There is no such column.
    """
    shown = ", ".join(name for name in columns if name)
    mapping: dict[str, str] = {}
    for role, name in asked.items():
        if name and name not in columns:
            raise UserError(
                tr("{file} has no column '{column}'. It has {columns}.", file=path.name, column=name, columns=shown)
            )
        mapping[role] = name
    lower = {name.lower().replace(" ", "_").replace("-", "_"): name for name in reversed(columns) if name}
    for role in ROLES:
        free = (lower[name] for name in _NAMES[role] if name in lower and lower[name] not in mapping.values())
        if role not in mapping and (found := next(free, None)) is not None:
            mapping[role] = found
    if not mapping.get("file") and columns == [str(number + 1) for number in range(len(columns))]:
        mapping = dict(zip(("file", "label"), columns, strict=False)) | mapping
    return {role: name for role, name in mapping.items() if name}


def _take(rows: Collector, where: str, row: Sequence[str], at: Mapping[str, int]) -> None:
    def cell(role: str) -> str:
        number = at.get(role, len(row))
        return row[number] if number < len(row) else ""

    confidence = None
    if text := cell("confidence").strip():
        confidence = _share(text)
        if confidence is None:
            rows.problem(where, tr("the confidence '{confidence}' is no number from 0 to 1", confidence=text))
    rows.add(where, cell("file"), cell("label"), cell("split"), cell("prediction"), confidence)
    if text := cell(READS):
        rows.reads(where, cell("label"), text)


def _share(text: str) -> float | None:
    """Parse a number from 0 to 1 with a decimal point or comma; None for anything else."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def write(outgoing: Outgoing, out: Path, options: WriteOptions, token: CancelToken) -> Writing:
    """Write one row per picture with its full path; no cell runs as a formula in a spreadsheet.

    Raises:
        UserError: The file exists, the disk is full, or the folder is missing or read-only.
        Cancelled: `token` was set; no file is left behind.
    """
    if not options.overwrite and os.path.lexists(out):
        raise UserError(tr("{file} is there already. Choose another name. Nothing was changed.", file=out))
    count = 0
    with output_path(out) as temporary, open_table(temporary) as handle:
        write_rows(handle, [(*COLUMNS, READS) if outgoing.reads else COLUMNS])
        for done, entry in paced(outgoing, token):
            if done is not None:
                yield done
            more = (outgoing.reads.get(entry.label or "", ""),) if outgoing.reads else ()
            write_rows(handle, [_cells(entry) + more])
            count += 1
    yield Progress(count, count, tr("Writing pictures"))
    return Written(out, pictures_listed(count))


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        str(entry.image),
        entry.label or "",
        entry.use.value if entry.use is not None else "",
        entry.prediction or "",
        f"{entry.confidence:.4f}" if entry.confidence is not None else "",
    )


FORMAT = Format(
    "csv",
    later("CSV table"),
    later("One row a picture: file_name, label, split, prediction, confidence. The pictures stay where they are."),
    sniff,
    read,
    write,
    images=(Images.NONE,),
    suffix=".csv",
    columns=ROLES,
    based=True,
)
