"""Manifests of cloud services: Vertex AI's JSON lines and CSV, and SageMaker's augmented manifest.

They name images in a bucket. Nothing is downloaded: the images are searched below the manifest's folder, or the
chosen one, by their path in the bucket or its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.path_resolver import PathResolver, RowError, no_such_column, only_label
from mma_desktop.services.formats.text_decoding import head_of, json_lines, read_text, table_rows

VERTEX, SAGEMAKER = "imageGcsUri", "source-ref"
BUCKETS = ("gs://", "s3://")
USE = "aiplatform.googleapis.com/ml_use"
METADATA = "-metadata"
MULTIPLE = "groundtruth/image-classification-multilabel"
_USES = {"unassigned": "", "training": "train", "validation": "val", "test": "test", "train": "train"}


def sniff(path: Path) -> bool:
    """Whether the first line of a file looks like a manifest."""
    if not path.is_file() or path.suffix.lower() not in {".jsonl", ".manifest", ".json", ".csv"}:
        return False
    line = head_of(path).lstrip().split("\n", maxsplit=1)[0]
    if path.suffix.lower() == ".csv":
        return any(cell.strip().strip('"').startswith(BUCKETS[0]) for cell in line.split(",")[:2])
    return line.startswith("{") and (f'"{VERTEX}"' in line or f'"{SAGEMAKER}"' in line)


def read(rows: Collector) -> Listing:
    """Read one image per line. The column "label" is a job's attribute (SageMaker)."""
    path, bucket = rows.path, _Bucket(rows.places)
    asked = rows.options.columns.get("label")
    columns: dict[str, None] = {}
    text = read_text(path)
    for line, row in table_rows(path, text) if path.suffix.lower() == ".csv" else json_lines(text):
        where = tr("line {line}", line=line)
        with rows.row(where):
            name, label, split, confidence = _row(path, row, asked, columns)
            rows.add(where, bucket.find(name), label, split, label if confidence is not None else "", confidence)
    if asked and asked not in columns:
        raise no_such_column(asked, path, columns)
    if asked is None and len(columns) > 1:
        rows.ask_for_label(path, columns)
    chosen = asked if asked is not None else next(iter(columns)) if len(columns) == 1 else ""
    return rows.listing([*columns], {"label": chosen} if chosen else {})


def _row(
    path: Path, row: Mapping[str, Any] | list[str] | str, asked: str | None, columns: dict[str, None]
) -> tuple[str, str, str, float | None]:
    """Address, label, split, and the confidence of a machine's label. Raises RowError for other lines."""
    if isinstance(row, str):
        raise RowError(row)
    if isinstance(row, list):
        cells = [cell.strip() for cell in row]
        use = cells.pop(0) if cells and not cells[0].startswith(BUCKETS) else ""
        if not cells:
            raise RowError.tr("there is no file name")
        return cells[0], only_label(path, cells[0], filter(None, cells[1:])), _use(use), None
    if isinstance(name := row.get(VERTEX), str):
        several = row.get("classificationAnnotations")
        annotations = several if isinstance(several, list) else [row.get("classificationAnnotation")]
        labels = [annotation.get("displayName") for annotation in annotations if isinstance(annotation, dict)]
        more = row.get("dataItemResourceLabels")
        use = more.get(USE, "") if isinstance(more, dict) else ""
        return (
            name,
            only_label(path, name, [label for label in labels if isinstance(label, str) and label]),
            _use(use),
            None,
        )
    if isinstance(name := row.get(SAGEMAKER), str):
        return name, *_job(path, name, row, asked, columns)
    raise RowError.tr("it is not a line of a manifest")


def _use(text: Any) -> str:
    return _USES.get(str(text).strip().lower(), str(text))


def _job(
    path: Path, image: str, row: Mapping[str, Any], asked: str | None, columns: dict[str, None]
) -> tuple[str, str, float | None]:
    """Label, split and confidence of a labelling job's attribute."""
    names = [name for name in row if name != SAGEMAKER and not name.endswith(METADATA)]
    names = [name for name in names if _is_label(row, name)]
    columns.update(dict.fromkeys(names))
    name = asked if asked is not None else names[0] if len(names) == 1 else ""
    if name not in row:
        return "", "", None
    metadata = row.get(f"{name}{METADATA}")
    metadata = metadata if isinstance(metadata, dict) else {}
    value = row[name]
    if isinstance(value, list) or metadata.get("type") == MULTIPLE:
        kinds = metadata.get("class-map")
        kinds = kinds if isinstance(kinds, dict) else {}
        values = value if isinstance(value, list) else [value]
        return only_label(path, image, [str(kinds.get(str(value), value)) for value in values]), "", None
    text = metadata.get("class-name", value)
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise RowError.tr("it does not have exactly one label")
    confidence = metadata.get("confidence")
    machine = metadata.get("human-annotated") == "no" and isinstance(confidence, int | float) and 0 <= confidence <= 1
    return str(text), "", float(confidence) if machine and confidence is not None else None


def _is_label(row: Mapping[str, Any], name: str) -> bool:
    metadata = row.get(f"{name}{METADATA}")
    kind = str(metadata.get("type", "")) if isinstance(metadata, dict) else ""
    return isinstance(row[name], str | int | list) and "classification" in (kind or "classification")


class _Bucket:
    """Finds images of a bucket in a local folder, all at the same depth of their paths."""

    def __init__(self, places: PathResolver) -> None:
        self._places = places
        self._dropped: int | None = None

    def find(self, address: str) -> Path:
        """The file of an address; a name without a bucket is searched as it is. Raises RowError."""
        if not address.startswith(BUCKETS):
            return self._places.find(address)
        parts = [part for part in address[len(BUCKETS[0]) :].split("/") if part]
        depths = range(len(parts)) if self._dropped is None else [self._dropped]
        for depth in depths:
            try:
                path = self._places.find("/".join(parts[depth:]))
            except RowError:
                continue
            self._dropped = depth
            return path
        raise RowError.tr(
            "'{address}' is in a bucket, and nothing is fetched: no file in {folder} ends like it. Choose the "
            "folder that holds a copy of the bucket",
            address=address,
            folder=self._places.root,
        )


FORMAT = Format(
    "manifest",
    later("Vertex AI and SageMaker manifests"),
    later("Lines of addresses in a bucket with their labels; the pictures are looked for in a local copy."),
    sniff,
    read,
    suffixes=(".jsonl", ".manifest", ".json", ".csv"),
    columns=("label",),
    based=True,
)
