"""CSV tables of images: `file_name,label,split,prediction,confidence,reads`, or other columns mapped to these."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from mma_desktop.core.atomic_io import STDOUT, output_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, shortened, tr
from mma_desktop.core.safe_csv import UNDECODABLE, LfEnds, Writable, guess_delimiter, open_table, write_rows
from mma_desktop.media.scan import class_folders
from mma_desktop.services.formats import dataset, path_resolver, table_columns
from mma_desktop.services.formats.folder_layout import images_listed, subfolders, with_progress
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.text_decoding import HEAD, head_of, read_spreadsheet, read_text, table_rows

COLUMNS = ("file_name", "label", "split", "prediction", "confidence")
# What made the predictions; only written if there are predictions.
PREDICTED_BY = "predicted_by"
_ESCAPED = re.compile(r"[\ud800-\udfff]")
_SEPARATOR_LINE = re.compile(r"\s*sep=(.)\r?\n", re.I)
SUFFIXES_READ = (".csv", ".tsv", ".tab")
_LOOKED_AT = 50  # rows that tell what a column holds
# What Roboflow calls its tables of classes, in which an image may have several.
ROBOFLOW = "_classes.csv"
_TRIED = 5  # tables of a folder


class _Table:
    """A table in memory: its columns, and its rows with their line numbers. Raises UserError if it is none."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._text = text
        separator = _SEPARATOR_LINE.match(text)
        self._start = separator.end() if separator else 0
        self._delimiter = separator[1] if separator else guess_delimiter(text)
        first = next((row for _, row in self._lines()), [])
        if not first:
            raise UserError.tr("{path} is empty. Nothing was changed.", path=path)
        self.columns = [cell.strip() for cell in first]
        self.bare = any(map(table_columns.is_image_name, first))
        """Whether the first row is already an image rather than a header; the columns are numbers then."""
        if self.bare:
            self.columns = [str(number + 1) for number in range(len(first))]
        self.place = {name: at for at, name in reversed(list(enumerate(self.columns)))}
        """Where the first column of a name is."""

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        for line, row in table_rows(self.path, self._text[self._start :], self._delimiter):
            if any(cell.strip() for cell in row):
                yield line + bool(self._start), row

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, without the header; each has a cell for every column."""
        for line, row in islice(self._lines(), 0 if self.bare else 1, None):
            yield line, row + [""] * (len(self.columns) - len(row))

    def sample(self, count: int | None = _LOOKED_AT) -> list[list[str]]:
        return [row for _, row in islice(self.rows(), count)]


def sniff(path: Path) -> bool:
    """Whether `path` is a text file with a table's suffix, one that `write` made, or a folder with a table in it."""
    if path.is_dir():
        return bool(_labelling(path))
    head = head_of(path)
    if path.suffix.lower() not in SUFFIXES_READ:
        return head.startswith(",".join(COLUMNS))
    return "\0" not in head and bool(head.strip())


def _tables_in(folder: Path, fits: Callable[[_Opened], bool]) -> list[tuple[Path, str]]:
    """The tables in a folder that fit, with their splits: directly inside, or in its subfolders."""
    tables = [file for file in _table_files(folder) if fits(_Opened(file, folder))]
    if len(tables) > 1 and all(dataset.is_split(file.stem) for file in tables):
        return [(file, file.stem) for file in tables]
    if tables:
        return [(file, "") for file in tables]
    below = [(file, place.name) for place in subfolders(folder) for file in _table_files(place)]
    return [(file, place if dataset.is_split(place) else "") for file, place in below if fits(_Opened(file, folder))]


def _labelling(folder: Path) -> list[tuple[Path, str]]:
    """The tables that label images in a folder; beside class folders, a column must be named like one of labels."""
    sure = bool(class_folders([folder]))
    return _tables_in(folder, lambda table: table.labels(sure=sure))


def has_columns(path: Path, columns: Mapping[str, str]) -> bool:
    """Whether a folder holds a table with these columns that names images in it."""
    return path.is_dir() and bool(_tables_in(path, lambda table: table.has(columns)))


def unused_tables(path: Path) -> tuple[dataset.UnusedTable, ...]:
    """The tables that name images of a folder of images, and are not read since their label is not clear."""
    if not path.is_dir():
        return ()
    opened = [_Opened(file, path) for place in (path, *subfolders(path)) for file in _table_files(place)]
    return tuple(
        dataset.UnusedTable(table.file.relative_to(path).as_posix(), table.others)
        for table in opened
        if table.names_images and table.others
    )


def _table_files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.lower().endswith(SUFFIXES_READ) and entry.is_file()]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if not name.lower().startswith((".", "sample"))]


class _Opened:
    """The beginning of a table beside images.

    Attributes:
        file: The table.
        names_images: Whether it names images in the folder.
        others: Its columns without that of the files.
    """

    def __init__(self, file: Path, folder: Path) -> None:
        self.file = file
        self.names_images = False
        self.others: tuple[str, ...] = ()
        head = head_of(file)
        try:
            # The last line of the beginning may be cut off.
            self._table = _Table(file, head if len(head) < HEAD else head[: head.rfind("\n") + 1])
            self._sample = self._table.sample()
        except UserError:
            return
        # The names of class folders, which an export of ours notes, list no images.
        if self._table.columns == [image_folder.FOLDER, image_folder.CLASS]:
            return
        places = _places(file, folder, CancelToken())
        self._mapping = _mapping(self._table, self._sample, {}, places)
        if "file" not in self._mapping:
            return
        at = self._table.place[self._mapping["file"]]
        self.names_images = any(places.is_there(row[at]) for row in self._sample[:_TRIED])
        self.others = tuple(name for name in self._table.columns if name and name != self._mapping["file"])

    def has(self, columns: Mapping[str, str]) -> bool:
        asked = set(filter(None, columns.values()))
        return (self.names_images or "file" in columns) and asked <= {*self._table.columns}

    def labels(self, *, sure: bool) -> bool:
        """Whether it is clear which column has the labels; if it must be `sure`, by its name."""
        if not self.names_images:
            return False
        columns, taken = self._table.columns, self._mapping.values()
        if "label" in self._mapping or table_columns.class_columns(columns, taken, self._sample):
            return True
        return not sure and table_columns.guess_label(columns, taken, self._sample) is not None


def _places(file: Path, root: Path, token: CancelToken) -> path_resolver.PathResolver:
    beside = (str(file.parent.relative_to(root)),) if file.is_relative_to(root) else ()
    return path_resolver.PathResolver(
        file, root, whole=True, inside=beside, below=path_resolver.ImagesBelow(root, token, file.stem)
    )


def read(rows: dataset.Collector) -> dataset.Listing:
    """Read one image per row.

    A name may lack its suffix or its folder if exactly one image below the table's folder matches. File names may
    contain bytes that are not valid UTF-8, since this program writes undecodable names as they are.

    Raises:
        UserError: It is not such a table, an image has several labels, or a requested column does not exist.
    """
    path, options, tables = rows.path, rows.options, [(rows.path, "")]
    if path.is_dir():
        named = _tables_in(path, lambda table: table.has(options.columns)) if options.columns else []
        tables = named or _labelling(path) or _tables_in(path, lambda table: table.names_images)
    if len(tables) > 1 and not all(split for _, split in tables):
        raise path_resolver.several_tables(path, (file.relative_to(path).as_posix() for file, _ in tables))
    columns: dict[str, None] = {}
    mapping: dict[str, str] = {}
    for file, split in tables:
        rows.places = _places(file, options.base or rows.root, rows.token)
        seen_columns, roles = _read_table(rows, file, split)
        # A dictionary as a set that keeps the order.
        columns |= dict.fromkeys(seen_columns)
        mapping |= roles
    return rows.listing([*columns], mapping)


def _read_table(rows: dataset.Collector, file: Path, split: str) -> tuple[list[str], dict[str, str]]:
    """Read one table; return its columns, and the column used for each role."""
    options, text = rows.options, read_text(file, UNDECODABLE)
    if _ESCAPED.search(text) and not _escapes_names(file, text, options, rows.places):
        text, remark = read_spreadsheet(file)
        rows.notes.append(remark)
    table = _Table(file, text)
    sample = table.sample()
    mapping = _mapping(table, sample, options.columns, rows.places)
    mapping.setdefault("file", table_columns.guess_file(table.columns, sample))
    if not (table.bare or "file" in options.columns or table_columns.is_named(mapping["file"], "file")):
        rows.notes.append(
            tr("No column is named like one of file names: '{column}' was taken for it.", column=mapping["file"])
        )
    classes: list[str] = []
    if "label" not in options.columns:
        table_columns.refuse_boxes(file.name, table.columns)
        if _is_class(table, mapping):
            del mapping["label"]
        if "label" not in mapping:
            classes = _find_label(rows, table, mapping)
    marks = [table.place[name] for name in classes]
    places = {role: table.place[mapping[role]] if role in mapping else -1 for role in table_columns.ROLES}
    labels: dict[str, str] = {}
    for line, row in table.rows():
        where = tr("line {line}", line=line)
        if split:
            where = tr("{file}, line {line}", file=f"{file.parent.name}/{file.name}", line=line)
        cells = {role: row[at] if at >= 0 else "" for role, at in places.items()}
        cells["split"] = table_columns.split_cell(mapping.get("split", ""), cells["split"])
        label = _marked(rows, file, where, classes, [row[at] for at in marks]) if classes else cells["label"]
        labels.setdefault(label, where)
        _add_row(rows, where, cells, label, split)
    if "label" not in options.columns and (several := table_columns.several_in(labels)):
        where, names = several
        raise path_resolver.several_labels(file, f"{where}: {', '.join(names)}")
    return [name for name in table.columns if name], mapping


def _escapes_names(file: Path, text: str, options: dataset.ReadOptions, places: path_resolver.PathResolver) -> bool:
    """Whether only names of existing files have bytes that are not UTF-8; if not, the table is in another encoding."""
    table = _Table(file, text)
    sample = table.sample()
    asked = {role: name for role, name in options.columns.items() if name in table.place}
    mapping = _mapping(table, sample, asked, places)
    at = table.place[mapping.get("file") or table_columns.guess_file(table.columns, sample)]
    escaped = False
    for _, row in table.rows():
        if any(_ESCAPED.search(cell) for number, cell in enumerate(row) if number != at):
            return False
        escaped = escaped or (bool(_ESCAPED.search(row[at])) and places.is_there(row[at]))
    return escaped


def _is_class(table: _Table, mapping: Mapping[str, str]) -> bool:
    """Whether the column that is named like one of labels is a class of a one-hot table, such as "art"."""
    taken = [name for role, name in mapping.items() if role != "label"]
    if mapping.get("label") not in table_columns.class_columns(table.columns, taken, table.sample()):
        return False
    cells = table.sample(None)
    classes = table_columns.class_columns(table.columns, taken, cells)
    return mapping["label"] in classes and _one_in_each(table, classes, cells)


def _one_in_each(table: _Table, classes: Sequence[str], cells: table_columns.TableRows) -> bool:
    at = [table.place[name] for name in classes]
    return all(len(table_columns.marked(classes, [row[place] for place in at])) == 1 for row in cells)


def _find_label(rows: dataset.Collector, table: _Table, mapping: dict[str, str]) -> list[str]:
    """Find the label if no column has such a name: the classes of a one-hot table, the only other column, or ask."""
    cells = table.sample(None)
    classes = table_columns.class_columns(table.columns, mapping.values(), cells)
    if len(classes) == 2 and table.path.name != ROBOFLOW and not _one_in_each(table, classes, cells):
        rows.question = tr(
            "'{first}' and '{second}' hold 0 and 1, and not each row has a single 1, so they may be two flags rather "
            "than two classes. Choose the column with the label.",
            first=classes[0],
            second=classes[1],
        )
        return []
    if classes:
        named = shortened(classes, path_resolver.COLUMNS_SHOWN)
        rows.notes.append(tr("The label is the column that holds 1, of: {columns}.", columns=named))
        return classes
    label = table_columns.guess_label(table.columns, mapping.values(), cells)
    if label is not None:
        mapping["label"] = label
        if not set(table.columns) >= table_columns.GROUPS:
            rows.notes.append(tr("No column is named like one of labels: '{column}' was taken for it.", column=label))
    elif set(table.columns) - {"", *mapping.values()}:
        rows.ask_for_label(table.path, filter(None, table.columns))
    return []


def _mapping(
    table: _Table, sample: table_columns.TableRows, asked: Mapping[str, str], places: path_resolver.PathResolver
) -> dict[str, str]:
    """Map roles to columns: as requested, otherwise by name and content. Raises UserError without such a column."""
    for name in asked.values():
        if name and name not in table.place:
            raise path_resolver.no_such_column(name, table.path, [*filter(None, table.columns)])
    free = [name if name not in asked.values() else "" for name in table.columns]
    guessed = (
        dict(zip(("file", "label"), table.columns, strict=False))
        if table.bare
        else table_columns.guess_roles(free, sample, places.is_there)
    )
    return {role: name for role, name in {**guessed, **asked}.items() if name}


def _add_row(rows: dataset.Collector, where: str, cells: Mapping[str, str], label: str, split: str) -> None:
    confidence = None
    if text := cells["confidence"].strip():
        confidence = table_columns.parse_fraction(text)
        if confidence is None:
            rows.problem(where, tr("the confidence '{confidence}' is not a number from 0 to 1", confidence=text))
    rows.add(where, cells["file"], label, cells["split"] or split, cells["prediction"], confidence)
    if text := cells[table_columns.READS]:
        rows.reads(where, label, text)


def _marked(rows: dataset.Collector, file: Path, where: str, classes: Sequence[str], cells: Sequence[str]) -> str:
    """The class that a row of a one-hot table marks; "" if it marks none. Raises UserError if it marks several."""
    labels = table_columns.marked(classes, cells)
    if len(labels) > 1:
        raise path_resolver.several_labels(file, f"{where}: {', '.join(labels)}")
    if not labels:
        rows.problem(where, tr("no class is marked; the picture was taken without a label"))
    return labels[0] if labels else ""


def write(outgoing: dataset.ExportData, out: Path, token: CancelToken) -> dataset.ExportResult:
    """Write one row per image with its full path; no cell runs as a formula in a spreadsheet.

    Raises:
        UserError: The file exists, the disk is full, or the folder is missing or read-only.
        Cancelled: `token` was set; no file is left behind.
    """
    if not outgoing.overwrite and os.path.lexists(out):
        raise UserError.tr("{file} already exists. Choose another name. Nothing was changed.", file=out)
    count = 0
    with output_path(out) as temporary, open_table(temporary) as file:
        handle: Writable = LfEnds(file) if out == STDOUT else file
        by = (PREDICTED_BY,) if outgoing.predicted_by else ()
        write_rows(handle, [(*COLUMNS, *by, table_columns.READS) if outgoing.reads else (*COLUMNS, *by)])
        for entry in with_progress(outgoing, token):
            more = (outgoing.reads.get(entry.label or "", ""),) if outgoing.reads else ()
            whose = (outgoing.predicted_by if entry.prediction is not None else "",) if by else ()
            write_rows(handle, [_cells(entry) + whose + more])
            count += 1
    token.checkpoint(Progress(count, count, tr("Writing pictures")))
    return dataset.ExportResult(out, images_listed(count))


def _cells(entry: dataset.ImageEntry) -> tuple[str, ...]:
    return (
        str(entry.image),
        entry.label or "",
        entry.use.value if entry.use is not None else "",
        entry.prediction or "",
        f"{entry.confidence:.4f}" if entry.confidence is not None else "",
    )


CODE = """\
import csv

with open({file}, encoding="utf-8", newline="") as table:
    for row in csv.DictReader(table):
        print(row["file_name"], row["label"], row["prediction"], row["confidence"])
"""

FORMAT = dataset.Format(
    "csv",
    later("CSV table"),
    later("One row a picture: file_name, label, split, prediction, confidence. The pictures stay where they are."),
    sniff,
    read,
    suffixes=SUFFIXES_READ,
    recognised_by=dataset.RecognisedBy.TABLE,
    write=write,
    images=(dataset.Images.NONE,),
    suffix=".csv",
    columns=table_columns.ROLES,
    based=True,
    predictions=True,
    code=CODE,
)
