"""Data sets of Hugging Face's `datasets`, which need not be installed. Apart from shards, this alone uses Arrow.

- Tables with the images inside: Parquet files, or Arrow files and `state.json` as written by `save_to_disk`. Features
  such as the names of a `ClassLabel` are read from the schema, where `datasets` stores them.
- imagefolder: `metadata.parquet`, `.jsonl` or `.csv` next to the images instead of folder labels. Exports use the
  first, the only one of the three that can declare the labels as a `ClassLabel`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, shortened, tr
from mma_desktop.core.paths import is_inside
from mma_desktop.services.formats import dataset, path_resolver
from mma_desktop.services.formats.folder_layout import Placed, subfolders, with_split_folders, write_folder
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.path_resolver import PathResolver, no_such_column
from mma_desktop.services.formats.table_columns import parse_fraction
from mma_desktop.services.formats.text_decoding import dict_rows, head_of, json_lines, read_json, read_text

DICT, STATE, INFO, DATA = "dataset_dict.json", "state.json", "dataset_info.json", "data"
TABLE, ARROW = ".parquet", ".arrow"
IMAGE_COLUMNS = ("image", "img", "picture", "pixel_values", "file_name", "image_path", "path")
LABEL_COLUMNS = ("label", "labels", "class", "class_name", "category", "target")
ROWS_AT_ONCE = 1000  # without pictures: a few hundred kB
# Images decoded at a time.
IMAGES_AT_ONCE = 16


def _tables(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob(f"*{TABLE}") if file.is_file())


def _is_saved(folder: Path) -> bool:
    return (folder / DICT).is_file() or ((folder / STATE).is_file() and (folder / INFO).is_file())


def sniff_tables(path: Path) -> bool:
    """Whether `path` is a Parquet or Arrow file, a folder of such tables of images, or one of `save_to_disk`."""
    if not path.is_dir():
        return path.suffix.lower() in {TABLE, ARROW} and path.is_file()
    return _is_saved(path) or any(
        _lists_images(file) for place in (path, *subfolders(path)) for file in _tables(place)[:1]
    )


def _lists_images(file: Path) -> bool:
    """Whether a Parquet file holds images, or names them with a label: others may lie among images."""
    # One that cannot be read counts, so that reading it says why.
    from pyarrow import types

    if file.name == dataset.LABELS_BESIDE:
        return False
    try:
        schema = _ArrowFile(file).schema
    except UserError:
        return True
    named = [name for name in IMAGE_COLUMNS if name in schema.names]
    if any(_holds_bytes(field.type) and (types.is_struct(field.type) or field.name in named) for field in schema):
        return True
    return bool(named) and any(name in schema.names for name in LABEL_COLUMNS)


def _holds_bytes(kind: Any) -> bool:
    """Whether a column holds images: bytes, or `datasets`' pairs of bytes and path."""
    from pyarrow import types

    inner = kind.field("bytes").type if types.is_struct(kind) and kind.get_field_index("bytes") >= 0 else kind
    return bool(types.is_binary(inner) or types.is_large_binary(inner))


def _parts(root: Path) -> list[tuple[Path, str]]:
    """The files of a source, each with its split. Raises UserError for several configurations."""
    if root.is_file():
        return [(root, _split_of(root.stem))]
    if (root / DICT).is_file():
        content = read_json(root / DICT)
        names = content.get("splits") if isinstance(content, dict) else None
        known = [name for name in names if isinstance(name, str) and is_inside(name)] if isinstance(names, list) else []
        return [(file, name) for name in known for file, _ in _saved(root / name)]
    if _is_saved(root):
        return _saved(root)
    tables = _tables(root)
    below = {folder: files for folder in subfolders(root) if (files := _tables(folder))}
    if (
        not tables
        and len(below) > 1
        and not all(folder.name == DATA or dataset.is_split(folder.name) for folder in below)
    ):
        raise path_resolver.several_tables(root, (folder.name for folder in below))
    parts = [(file, _split_of(file.stem)) for file in tables]
    for folder, files in below.items():
        split = folder.name if dataset.is_split(folder.name) else ""
        parts += [(file, split or _split_of(file.stem)) for file in files]
    return parts


def _saved(folder: Path) -> list[tuple[Path, str]]:
    """The Arrow files of a data set written by `save_to_disk`."""
    state = read_json(folder / STATE)
    files = state.get("_data_files") if isinstance(state, dict) else None
    noted = [file.get("filename") for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    names = [name for name in noted if isinstance(name, str) and is_inside(name)]
    if not names or len(names) < len(noted):
        raise UserError.tr("{file} names no files that can be read. Nothing was changed.", file=folder / STATE)
    if state.get("_indices_data_files"):
        raise UserError.tr(
            "{folder} holds a selection of rows, as old versions of datasets write it. Call flatten_indices() and "
            "save it again. Nothing was changed.",
            folder=folder,
        )
    split = state.get("_split")
    return [(folder / name, split if isinstance(split, str) and dataset.is_split(split) else "") for name in names]


def _split_of(stem: str) -> str:
    match = re.match(r"[A-Za-z]+", stem)
    return match.group() if match and dataset.is_split(match.group()) else ""


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    # Arrow's own errors about a damaged file say nothing to a user.
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise path_resolver.unreadable_source(file, tr("it is damaged, or of a kind that is not known")) from error


class _ArrowFile:
    def __init__(self, file: Path) -> None:
        import pyarrow.parquet

        self.file = file
        self._batches: Iterator[Any] | None = None
        self._start, self._batch = 0, None
        with _reading(file):
            if file.suffix.lower() == TABLE:
                self.schema = pyarrow.parquet.read_schema(file)
                self.count = int(pyarrow.parquet.read_metadata(file).num_rows)
            else:
                with pyarrow.memory_map(str(file)) as source:
                    table = _arrow(source)
                    table.validate(full=True)
                    self.schema, self.count = table.schema, table.num_rows

    def column(self, name: str) -> str:
        """The column with this name, or the column of the nested field with this name."""
        return name if name in self.schema.names else name.rpartition(".")[0]

    def batches(self, columns: list[str], rows: int) -> Iterator[Any]:
        """Some columns, a number of rows at a time; "image.path" is a nested field."""
        import pyarrow
        import pyarrow.parquet

        with _reading(self.file):
            if self.file.suffix.lower() == TABLE:
                with pyarrow.parquet.ParquetFile(self.file) as opened:
                    yield from opened.iter_batches(rows, columns=columns)
            else:
                with pyarrow.memory_map(str(self.file)) as source:
                    table = _arrow(source)
                    plain = dict.fromkeys(map(self.column, columns))
                    yield from table.select(list(plain)).to_batches(rows)

    def picture(self, column: str, row: int) -> bytes:
        """The bytes of an image; raises UserError if there are none. Fast if rows are requested in order."""
        if self._batches is None or row < self._start:
            self._batches, self._start, self._batch = self.batches([column], IMAGES_AT_ONCE), 0, None
        while self._batch is None or row >= self._start + len(self._batch):
            self._start += len(self._batch) if self._batch is not None else 0
            self._batch = next(self._batches, None)
            if self._batch is None:
                raise UserError.tr("{path} ends before row {row}.", path=self.file, row=row + 1)
        with _reading(self.file):
            value = self._batch.column(0)[row - self._start].as_py()
        if row == self.count - 1:
            self._batches, self._batch = None, None
        data = value.get("bytes") if isinstance(value, dict) else value
        if not isinstance(data, bytes):
            raise UserError.tr("there is no picture in it")
        return data


def _arrow(source: Any) -> Any:
    """Open the table of an Arrow file: a stream, as `datasets` writes it, or a file with an index."""
    import pyarrow

    try:
        return pyarrow.ipc.open_stream(source).read_all()
    except pyarrow.ArrowInvalid:
        source.seek(0)
        return pyarrow.ipc.open_file(source).read_all()


def rows_of(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of a readable Parquet file without images, numbered from 1, with names for `ClassLabel` numbers."""
    table = _ArrowFile(file)
    features = _features(table.schema)
    names = {name: _class_names(features.get(name)) for name in table.schema.names}
    number = 0
    for batch in table.batches(list(names), ROWS_AT_ONCE):
        with _reading(file):
            values = batch.to_pylist()
        for row in values:
            number += 1
            yield number, {name: _named(value, names[name]) for name, value in row.items()}


def _named(value: Any, names: tuple[str, ...]) -> Any:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return (names[value] if 0 <= value < len(names) else None) if names and plain else value


def write_parquet(file: Path, rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str | Sequence[str]]) -> None:
    """Write a Parquet file without images, with features in the form of `datasets`.

    `kinds` has the type of each column, or the class names of a `ClassLabel`, of which `rows` have the names.
    """
    import pyarrow
    import pyarrow.parquet

    features: dict[str, Any] = {}
    columns, fields = [], []
    for name, kind in kinds.items():
        values = [row[name] for row in rows]
        if isinstance(kind, str):
            features[name] = {"dtype": kind, "_type": "Value"}
        else:
            features[name] = {"names": list(kind), "_type": "ClassLabel"}
            index = {class_name: number for number, class_name in enumerate(kind)}
            values = [None if value is None else index[value] for value in values]
        arrow = {"string": pyarrow.string(), "float64": pyarrow.float64()}.get(str(kind), pyarrow.int64())
        fields.append(pyarrow.field(name, arrow))
        columns.append(pyarrow.array(values, arrow))
    noted = {"huggingface": json.dumps({"info": {"features": features}})}
    table = pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields, metadata=noted))
    pyarrow.parquet.write_table(table, file)


@dataclass(frozen=True)
class _Columns:
    """The columns to read, "" for none; `open` are those that could each be the label, `names` are of numeric labels.

    `image` has the images if they are `embedded`, or else their paths, and `path` is the field with their names.
    """

    all: tuple[str, ...]
    image: str
    embedded: bool
    path: str
    label: str
    names: tuple[str, ...]
    split: str
    open: tuple[str, ...]


def _features(schema: Any) -> Mapping[str, Any]:
    """The features that `datasets` stored for the columns; {} if there are none."""
    try:
        noted = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _class_names(feature: Any) -> tuple[str, ...]:
    names = feature.get("names") if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" else None
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _columns(table: _ArrowFile, options: dataset.ReadOptions) -> _Columns:
    """Choose the columns: as requested, otherwise by their features, then by their names. Raises UserError."""
    from pyarrow import types

    schema, features = table.schema, _features(table.schema)
    every = tuple(schema.names)
    for name in options.columns.values():
        if name and name not in every:
            raise path_resolver.no_such_column(name, table.file, every)

    def kind(name: str) -> Any:
        return schema.field(name).type

    def is_text(name: str) -> bool:
        outer = kind(name)
        inner = outer.value_type if types.is_dictionary(outer) else outer  # what pandas writes for a category
        return bool(types.is_string(inner) or types.is_large_string(inner))

    holding = [name for name in every if _holds_bytes(kind(name))]
    named = (
        [name for name in IMAGE_COLUMNS if name in holding]
        + holding
        + [name for name in IMAGE_COLUMNS if name in every and is_text(name)]
    )
    image = options.columns.get("file") or next(iter(named), "")
    if not image or not (image in holding or is_text(image)):
        raise UserError.tr(
            "{file} has no column of pictures. It has {columns}. Nothing was changed.",
            file=table.file,
            columns=shortened(every, path_resolver.COLUMNS_SHOWN),
        )
    embedded = image in holding
    struct = embedded and types.is_struct(kind(image))
    path = f"{image}.path" if struct and kind(image).get_field_index("path") >= 0 else "" if embedded else image
    classes = [name for name in every if _class_names(features.get(name))]
    possible = classes or [name for name in LABEL_COLUMNS if name in every and name != image][:1]
    label = options.columns.get("label")
    if label is None:
        label = next((name for name in LABEL_COLUMNS if name in classes), possible[0] if len(possible) == 1 else "")
    if label and (
        types.is_list(kind(label)) or types.is_large_list(kind(label)) or types.is_fixed_size_list(kind(label))
    ):
        raise path_resolver.several_labels(table.file, tr("in the column '{column}'", column=label))
    split = options.columns.get("split", SPLIT if SPLIT in every and is_text(SPLIT) else "")
    names = _class_names(features.get(label))
    return _Columns(every, image, embedded, path, label, names, split, tuple(possible) if not label else ())


def read_tables(rows: dataset.Collector) -> dataset.Listing:
    """Read one image per row; embedded ones are written during the import."""
    base, parts = rows.options.base, _parts(rows.path)
    rows.places = path_resolver.PathResolver(rows.path, base or rows.root, whole=base is not None)
    first: _Columns | None = None
    for file, split in parts:
        table = _ArrowFile(file)
        columns = _columns(table, rows.options)
        first = first or columns
        rows.declare(columns.names)
        _read_table(rows, table, columns, split)
    if first is None:
        return rows.listing()
    if first.embedded:
        rows.notes.append(tr("The pictures are inside the file: they are written into the project's folder."))
    others = first.open or [name for name in first.all if name not in {first.image, first.split}]
    if not first.label and "label" not in rows.options.columns and others:
        rows.ask_for_label(parts[0][0], others)
    chosen = {"file": first.image, "label": first.label, "split": first.split}
    return rows.listing(first.all, {role: name for role, name in chosen.items() if name})


def _read_table(rows: dataset.Collector, table: _ArrowFile, columns: _Columns, split: str) -> None:
    for row, (name, label, part) in enumerate(_cells(table, columns)):
        where = tr("{file}, row {row}", file=table.file.name, row=row + 1)
        known = None if columns.names and label == -1 else label  # which a `ClassLabel` has for none
        text = rows.label_from(where, path_resolver.class_of, known, columns.names or None)
        use = ("" if part is None else str(part)) or split
        if columns.embedded:
            shown = name.replace("\\", "/").rpartition("/")[2] or f"{table.file.stem} {row + 1}"
            place = table.file / str(row + 1) / shown.replace("\0", "")
            rows.add(where, place, text, use, embedded=partial(table.picture, columns.image, row))
        else:
            rows.add(where, name, text, use)


def _cells(table: _ArrowFile, columns: _Columns) -> Iterator[tuple[str, Any, Any]]:
    names = (columns.path, columns.label, columns.split)
    wanted = [name for name in names if name]
    if not wanted:  # images without a name
        yield from repeat(("", None, None), table.count)
        return
    for batch in table.batches(wanted, ROWS_AT_ONCE):
        with _reading(table.file):
            values = [batch.column(table.column(name)).to_pylist() if name else [None] * len(batch) for name in names]
        for name, label, part in zip(*values, strict=True):
            text = name.get("path") if isinstance(name, dict) else name
            yield text if isinstance(text, str) else "", label, part


TABLES = dataset.Format(
    "parquet",
    later("Hugging Face Parquet and Arrow"),
    later("Tables with the pictures in them: Parquet files, or a folder that save_to_disk wrote."),
    sniff_tables,
    read_tables,
    suffixes=(TABLE, ARROW),
    columns=("file", "label", "split"),
    based=True,
    inside=True,
)


PARQUET = dataset.LABELS_BESIDE
NAMES = ("metadata.jsonl", "metadata.csv", PARQUET)
# What `imagefolder` of the package datasets reads, of the formats that are imported.
READABLE = image_folder.READABLE | {".gif", ".jpe", ".jfif", ".apng", ".dib"}
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
        return list(_ArrowFile(file).schema.names)
    except UserError:
        return ""


def read(rows: dataset.Collector) -> dataset.Listing:
    """Read one image per line of metadata, relative to the metadata file."""
    root, asked = _root(rows.path), rows.options.columns
    metadata = _metadata(root) if root.is_dir() else []
    label = asked.get("label", LABEL)
    columns: dict[str, None] = {}
    for file in metadata:
        _read_file(rows, file, root, label, columns)
    mapping = {role: name for role, name in (("file", FILE), ("label", label), ("split", SPLIT)) if name in columns}
    if metadata and label and label not in columns:
        if "label" in asked:
            raise no_such_column(label, metadata[0], columns)
        if set(columns) - {FILE, SPLIT, PREDICTION, CONFIDENCE, PREDICTED_BY}:
            rows.ask_for_label(metadata[0], columns)
    return rows.listing([*columns], mapping)


def _read_file(rows: dataset.Collector, file: Path, root: Path, label: str, columns: dict[str, None]) -> None:
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
            inner = first if not split and dataset.is_split(first) and "/" in name else split
            if text is None:
                rows.problem(
                    where, tr("'{column}' is not a single label; the picture was taken without one", column=label)
                )
            part = _text(row.get(SPLIT)) or inner
            rows.add(
                where, name, text or "", part, _text(row.get(PREDICTION)) or "", parse_fraction(row.get(CONFIDENCE))
            )


def _text(value: Any) -> str | None:
    """A label as text, "" if missing; None if it is not a valid label."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _lines(file: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    if file.suffix.lower() == ".parquet":
        return rows_of(file)
    text = read_text(file)
    return dict_rows(file, text) if file.suffix.lower() == ".csv" else json_lines(text)


def write(outgoing: dataset.ExportData, out: Path, token: CancelToken) -> dataset.ExportResult:
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
            write_parquet(root / split / PARQUET, rows, kinds)

    return write_folder(outgoing, out, token, lambda _entry, split: (split,), finish, readable=READABLE)


CODE = """\
from datasets import load_dataset

data = load_dataset("imagefolder", data_dir={file})
print(data)
"""

FORMAT = dataset.Format(
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
