"""The parts of a prediction: one Parquet file per shard, written under a temporary name and renamed when it is done.

All parts of a folder carry the same `Request` in their metadata. Which images are None of these is decided over the
scores and margins of all parts together, once none is missing, so that no answer depends on the division.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import atomic_path, open_regular, unreadable
from mma_desktop.core.class_names import NONE_OF_THESE, ClassNames
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import as_record, parsed_object
from mma_desktop.core.types import Prediction

# Version 3 has one file per shard, without a plan.
FORMAT_VERSION = 3
REQUEST, THRESHOLDS = b"mma_desktop", b"mma_desktop_cut"
MAX_BYTES = 16 << 30  # of a part: far above one of ten million images, which is read a batch at a time
# The list of a prediction of folders: whoever names it in their place goes on with the same images.
LIST = "pictures.txt"
ROWS = 4096  # of a row group: a part is read a few MB at a time
MAX_SHARDS = 999_999  # names of parts have six digits
# Enough to tell the share of None of these; of more, every n-th in ascending order.
MAX_SCORES = 200_000
_PART = re.compile(r"part-([0-9]{5,6})-of-([0-9]{5,6})\.parquet")
PART = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("path_bytes", pa.binary()),
        pa.field("content_hash", pa.binary(32)),
        pa.field("prediction", pa.string()),
        pa.field("confidence", pa.float32()),
        pa.field("classes", pa.list_(pa.string())),
        pa.field("probabilities", pa.list_(pa.float32())),
        pa.field("zero_shot", pa.string()),
        pa.field("zero_shot_confidence", pa.float32()),
        pa.field("score", pa.float64()),
        pa.field("margin", pa.float64()),
        pa.field("problem", pa.string()),
        pa.field("reason", pa.string()),
    ]
)
"""A row per image in the order of the list. `classes` and `probabilities` are the `Request.top_k` best, best first.

`score` and `margin` are those of `Prediction`. Of a name whose text decided there is a margin, infinite where nothing
tells one; both are null where the adapter knows nothing of unknown images. An image that cannot be read has a `problem`
(`core.types.ProblemKind`) and a `reason`; the other columns are then null.
"""


@dataclass(frozen=True)
class Request:
    """What is predicted and with what; equal in all parts of a folder.

    Attributes:
        adapter_sha256: SHA-256 of the adapter file.
        fingerprint: Of the backbone's weights and preprocessing.
        reads: What the model reads for each of them, "" for what it reads anyway; empty if nothing was said.
        top_k: Number of classes kept per image.
        none_share: The share of None of these (0 to 1) that was asked for. None estimates it over all parts, if there
            are `strangers`, and takes that of the training until then.
        strangers: The fields of the adapter's `OpenSetModel` if they are to estimate the share.
        pictures: Length of the list of images.
        list_sha256: SHA-256 over the list, each path as bytes ended by a zero byte.
    """

    adapter_sha256: str
    backbone: str
    fingerprint: str
    classes: tuple[str, ...]
    prompt: str
    top_k: int
    pictures: int
    list_sha256: str
    shards: int
    reads: tuple[str, ...] = ()
    none_share: float | None = None
    strangers: dict[str, Any] | None = None
    format: int = FORMAT_VERSION

    @property
    def metadata(self) -> dict[bytes, Any]:
        """What a part says of it."""
        return {REQUEST: json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)}

    @property
    def names(self) -> ClassNames:
        return dict(zip(self.classes, self.reads, strict=True)) if self.reads else self.classes


def part_path(folder: Path, number: int, shards: int) -> Path:
    """Path of a part; numbers begin with 1."""
    return folder / f"part-{number:05}-of-{shards:05}.parquet"


# ------------------------------------------------------------------------------ writing


Row = dict[str, Any]
"""Columns of `PART` by name; a column that is not there is null."""


def place_of(path: bytes) -> Row:
    """The columns that tell where an image is."""
    text = path.decode("utf-8", "backslashreplace")
    return {"path": text} if text.encode() == path else {"path": text, "path_bytes": path}


def answer_of(prediction: Prediction) -> Row:
    """The columns of a prediction."""
    best, before = prediction.ranked[0], prediction.zero_shot[0]
    row: Row = {
        "prediction": prediction.answer,
        "confidence": best.confidence,
        "classes": [ranked.class_name for ranked in prediction.ranked],
        "probabilities": [ranked.confidence for ranked in prediction.ranked],
        "zero_shot": before.class_name,
        "zero_shot_confidence": before.confidence,
        "score": prediction.score,
    }
    if prediction.by_text:
        row["margin"] = np.inf if prediction.margin is None else prediction.margin
    return row


@contextmanager
def part_writer(path: Path, metadata: dict[bytes, Any]) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """What adds rows to a part, which appears under its name at the end; UserError if it cannot be written."""
    # Through a file object of Python: its errors tell a full disk from others.
    with (
        atomic_path(path) as temporary,
        temporary.open("wb") as handle,
        pq.ParquetWriter(handle, PART.with_metadata(metadata), compression="zstd") as writer,
    ):
        yield writer.write_batch


# ------------------------------------------------------------------------------ what is there


_LIST = "another list of pictures"
_OTHERWISE = {
    "backbone": "another backbone",
    "fingerprint": "another backbone",
    "classes": "other class names",
    "reads": "other class names",
    "none_share": "another share of None of these",
    "top_k": "another --top-k",
    "pictures": _LIST,
    "list_sha256": _LIST,
    "shards": "another number of shards",
    "format": "another version of the program",
}


def left_to_do(folder: Path, request: Request, numbers: Iterable[int]) -> list[int]:
    """Those of some shards that have no part; UserError if the folder has parts of another request."""
    # Other files of such a name are refused as well: nothing is replaced.
    wanted = {part_path(folder, number, request.shards): number for number in numbers}
    for path, _, shards in _parts(folder):
        if path not in wanted and shards == request.shards:
            continue  # another run sees to it
        about = _about(path)
        if about is None:
            raise UserError(
                f"{path} is damaged or not from a prediction. Remove it, or give another folder with --out."
            )
        differing = [
            field.name for field in fields(Request) if getattr(about, field.name) != getattr(request, field.name)
        ]
        if differing:
            words = " and ".join(dict.fromkeys(_OTHERWISE.get(name, "another adapter") for name in differing))
            then = folder / LIST
            more = f", or go on with the list of then: {then}" if _LIST in words and then.exists() else ""
            raise UserError(f"{path} was made with {words}. Give another folder with --out{more}. Nothing was changed.")
        wanted.pop(path)
    return list(wanted.values())


def _parts(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """The parts of a folder, each with its number and the number of shards in its name."""
    try:
        inside = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise unreadable(folder, error) from error
    for path in inside:
        if match := _PART.fullmatch(path.name):
            yield path, int(match[1]), int(match[2])


def _about(path: Path) -> Request | None:
    """The request of a part; None if it is damaged, of a newer version or from another program."""
    with suppress(OSError, ValueError, KeyError, TypeError), _opened(path) as file:
        return as_record(Request, parsed_object(file.schema_arrow.metadata[REQUEST]))
    return None


# ------------------------------------------------------------------------------ all parts together


@dataclass
class Summary:
    """What is in a folder of parts.

    Attributes:
        missing: Names of parts that are not there.
        damaged: Names of parts that cannot be read, or are of another request.
        classes: Number of images by prediction, "None of these" included.
        problems: Number of images without one, by kind.
    """

    request: Request
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    classes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        return not self.missing and not self.damaged


def summarise(folder: Path) -> Summary:
    """Check that every part is there, decide once none is missing which images are None of these, and count.

    Raises:
        UserError: The folder has no parts, or those of several predictions; a part cannot be written.
    """
    parts = list(_parts(folder))
    request = next((about for path, *_ in parts if (about := _about(path)) is not None), None)
    if request is None or {shards for *_, shards in parts} != {request.shards}:
        what = "no part of a prediction" if request is None else "parts of several predictions"
        raise UserError(f"{folder} has {what}. Give the --out folder of one.")
    there = {path for path, *_ in parts}
    wanted = (part_path(folder, number, request.shards) for number in range(1, request.shards + 1))
    evidence_of = {path: _evidence(path, request) for path in wanted}
    summary = Summary(request, [path.name for path in evidence_of if path not in there])
    whole = {path: evidence for path, evidence in evidence_of.items() if evidence is not None}
    complete = len(whole) == len(evidence_of)
    thresholds = _thresholds(request, np.concatenate(list(whole.values()))) if complete else None
    summary.damaged += [
        path.name for path in evidence_of if path in there and not (path in whole and _count(path, thresholds, summary))
    ]
    if summary.whole:
        if summary.classes.total() + summary.problems.total() != request.pictures:
            raise UserError(f"{folder} lacks some of its {request.pictures:,} pictures. Predict into another folder.")
        for left in folder.glob(".part-*.parquet.*.tmp"):  # of runs that were killed
            left.unlink(missing_ok=True)
    return summary


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A part, for reading on this thread; raises OSError, or `pyarrow.ArrowInvalid`, a ValueError, if it is damaged."""
    # One of Arrow's threads that lets go of a buffer as Python ends aborts the process.
    with open_regular(path, MAX_BYTES) as handle, pq.ParquetFile(handle, pre_buffer=False) as file:
        if not file.schema_arrow.equals(PART):
            raise ValueError("other columns")
        yield file


def _evidence(path: Path, request: Request) -> NDArray[np.float64] | None:
    """(N, 2) scores and margins of a part, for `OpenSetModel.decide`; None if it is damaged or of another request."""
    if _about(path) == request:
        with suppress(OSError, ValueError), _opened(path) as file:
            table = file.read(["score", "margin"], use_threads=False)
            table = table.filter(_has_evidence(table))
            score, margin = (pc.fill_null(table[name], fill) for name, fill in (("score", -np.inf), ("margin", np.nan)))
            return np.stack([score.to_numpy(), margin.to_numpy()], axis=1)
    return None


def _has_evidence(rows: pa.Table | pa.RecordBatch) -> Any:
    return pc.or_(pc.is_valid(rows["score"]), pc.is_valid(rows["margin"]))


def _thresholds(request: Request, evidence: NDArray[np.float64]) -> tuple[float, float] | None:
    """The score and the margin below which images are None of these; None if that was asked for."""
    if request.strangers is None:
        return None
    from mma_desktop.engine.methods.open_set import OpenSetModel

    some = evidence[np.lexsort(evidence.T[::-1])][:: max(1, len(evidence) // MAX_SCORES)]
    thresholds = as_record(OpenSetModel, request.strangers).decide(*some.T)[2]
    return thresholds.score, thresholds.margin


def _decided(rows: pa.RecordBatch, score: float, margin: float) -> pa.RecordBatch:
    """Rows with None of these where score or margin say so; where there is neither it was decided before."""
    by_text = pc.is_valid(rows["margin"])
    below = pc.if_else(by_text, pc.less(rows["margin"], margin), pc.less(rows["score"], score))
    answers = pc.if_else(below, NONE_OF_THESE, pc.list_element(rows["classes"], 0))
    answers = pc.if_else(_has_evidence(rows), answers, rows["prediction"])
    place = PART.get_field_index("prediction")
    return rows.set_column(place, PART.field(place), answers)


def _count(path: Path, thresholds: tuple[float, float] | None, summary: Summary) -> bool:
    """Add a part to the counts, its answers first rewritten for other thresholds; False if it is damaged."""
    with suppress(OSError, ValueError):
        with _opened(path) as file:
            metadata = file.schema_arrow.metadata
        if thresholds is not None and metadata.get(THRESHOLDS) != repr(thresholds).encode():
            with part_writer(path, {**metadata, THRESHOLDS: repr(thresholds)}) as write, _opened(path) as file:
                for rows in file.iter_batches(ROWS, use_threads=False):
                    write(_decided(rows, *thresholds))
        with _opened(path) as file:
            table = file.read(["prediction", "problem"], use_threads=False)
        for name, counts in (("prediction", summary.classes), ("problem", summary.problems)):
            for row in pc.value_counts(table.column(name).drop_null()).to_pylist():
                counts[row["values"]] += row["counts"]
        return True
    return False
