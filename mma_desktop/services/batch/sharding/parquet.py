"""The Parquet files of a shard: predictions, and the pictures that failed with the reason."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mma_desktop.core.atomic_io import atomic_path, open_regular
from mma_desktop.core.confidence_histogram import NONE_OF_THESE
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.core.types import Prediction
from mma_desktop.services.batch.sharding.shard_plan import Plan, Shard

METADATA_KEY = b"mma_desktop"
MAX_BYTES = 16 << 30

_PATH = (pa.field("path", pa.string(), nullable=False), pa.field("path_bytes", pa.binary()))
PART = pa.schema(
    [
        *_PATH,
        pa.field("content_hash", pa.binary(32), nullable=False),
        pa.field("prediction", pa.string(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
        pa.field("classes", pa.list_(pa.string()), nullable=False),
        pa.field("probabilities", pa.list_(pa.float32()), nullable=False),
        pa.field("zero_shot", pa.string(), nullable=False),
        pa.field("zero_shot_confidence", pa.float32(), nullable=False),
    ]
)
"""`classes` and `probabilities` hold each picture's best classes, best first: `Settings.top_k`, or all names."""

ERRORS = pa.schema(
    [*_PATH, pa.field("kind", pa.string(), nullable=False), pa.field("reason", pa.string(), nullable=False)]
)


@dataclass(frozen=True, slots=True)
class Predicted:
    """A picture with its prediction. `content_hash` is the SHA-256 (32 bytes) of its file."""

    path: Path
    content_hash: bytes
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture without a prediction, and why: `kind` is one of `core.types.ProblemKind`."""

    path: Path
    kind: str
    reason: str


def part_path(plan: Plan, shard: Shard) -> Path:
    """Path of a shard's predictions."""
    return plan.folder / f"{shard.name}.parquet"


def errors_path(plan: Plan, shard: Shard) -> Path:
    """Path of a shard's errors."""
    return plan.folder / f"{shard.name}.errors.parquet"


def write(plan: Plan, shard: Shard, predicted: Sequence[Predicted], failed: Sequence[Failed]) -> None:
    """Write both files of a shard atomically; the same rows give the same bytes.

    Errors are written first: a shard counts as finished when both files exist, so it never looks finished without its
    errors.

    Raises:
        UserError: The disk is full, or the folder is not writable.
    """
    about = {METADATA_KEY: json.dumps(plan.expected(shard), sort_keys=True, ensure_ascii=False).encode()}
    ranked = [one.prediction.ranked for one in predicted]
    paths = [one.path for one in predicted]
    columns: list[Any] = [
        *_path_columns(paths),
        [one.content_hash for one in predicted],
        [NONE_OF_THESE if one.prediction.rejected else one.prediction.ranked[0].class_name for one in predicted],
        [best[0].confidence for best in ranked],
        [[one.class_name for one in best] for best in ranked],
        [[one.confidence for one in best] for best in ranked],
        [one.prediction.zero_shot[0].class_name for one in predicted],
        [one.prediction.zero_shot[0].confidence for one in predicted],
    ]
    problems: list[Any] = [
        *_path_columns([one.path for one in failed]),
        [one.kind for one in failed],
        [one.reason.encode("utf-8", "replace").decode() for one in failed],
    ]
    _write_table(errors_path(plan, shard), ERRORS.with_metadata(about), problems)
    _write_table(part_path(plan, shard), PART.with_metadata(about), columns)


def _write_table(path: Path, schema: pa.Schema, columns: Sequence[Any]) -> None:
    arrays = [pa.array(values, one.type) for values, one in zip(columns, schema, strict=True)]
    table = pa.Table.from_arrays(arrays, schema=schema)
    # Write through a Python file object: its errors tell a full disk from other failures.
    with atomic_path(path) as temporary, temporary.open("wb") as handle:
        pq.write_table(table, handle, compression="zstd")


def _path_columns(paths: Iterable[Path]) -> tuple[list[str], list[bytes | None]]:
    """Paths as text, and the raw bytes of names that are not valid UTF-8 (escaped in the text)."""
    texts: list[str] = []
    raw: list[bytes | None] = []
    for path in paths:
        data = os.fsencode(path)
        text = data.decode("utf-8", "backslashreplace")
        texts.append(text)
        raw.append(None if text.encode() == data else data)
    return texts, raw


# --------------------------------------------------------------------------------------
# reading


def differences(plan: Plan, shard: Shard) -> list[str] | None:
    """How the files of a shard differ from the plan; empty if the shard is finished.

    Returns None if there is nothing to compare: a file is missing or damaged.
    """
    expected = plan.expected(shard)
    found: dict[str, None] = {}
    for path in (errors_path(plan, shard), part_path(plan, shard)):
        about = _about(path)
        if about is None:
            return None
        found |= {name: None for name in expected if about.get(name) != expected[name]}
    return list(found)


def is_ours(path: Path) -> bool:
    """Whether a file's metadata marks it as part of a prediction, of any plan."""
    return _about(path) is not None


def _about(path: Path) -> dict[str, Any] | None:
    """Our metadata of a file; None if it is missing, damaged or from another program."""
    with suppress(OSError, ValueError, KeyError, TypeError), open_regular(path, MAX_BYTES) as handle:
        return parsed_object(pq.read_schema(handle).metadata[METADATA_KEY])
    return None


def rows(path: Path, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a part or of its errors, as dictionaries.

    Raises:
        OSError: The file cannot be read; `pyarrow.ArrowInvalid`, a ValueError, if it is damaged.
    """
    with open_regular(path, MAX_BYTES) as handle, pq.ParquetFile(handle) as file:
        for batch in file.iter_batches(columns=list(columns) if columns else None):
            yield from batch.to_pylist()
