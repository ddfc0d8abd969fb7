"""Predict one shard, from its paths to its part; the same in turn, in a job array and on Ray."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mma_desktop.core.events import CancelToken, Eta, Progress
from mma_desktop.core.types import ProblemKind
from mma_desktop.media.error_messages import PictureError, reason_text
from mma_desktop.services.batch.sharding.parts import (
    PART,
    ROWS,
    Request,
    Row,
    answer_of,
    part_path,
    part_writer,
    place_of,
)
from mma_desktop.services.batch.sharding.picture_list import Shards

if TYPE_CHECKING:
    from mma_desktop.services.predicting.classifier import Ranker

TELL_EACH = 64


@dataclass(frozen=True)
class ShardJob:
    """What each process of a prediction needs to know; must pickle.

    Attributes:
        folder: Where the parts go, absolute.
        decoders: Number of threads that decode.
        problems: As `picture_list.Shards.problems`.
    """

    folder: Path
    request: Request
    load: Callable[[], Ranker]
    decoders: int = 1
    problems: dict[bytes, tuple[str, str]] = field(default_factory=dict)


def run_shard(job: ShardJob, number: int, paths: bytes, model: Ranker, token: CancelToken) -> tuple[int, int]:
    """Predict a shard and write its part; reports the number of pictures done.

    The `paths` are each ended by a zero byte, and `model` is what `job.load` returned.

    Returns:
        How many pictures were predicted, and how many have a problem.

    Raises:
        UserError: A single picture exhausts memory, or the part cannot be written.
    """
    request = job.request
    how: dict[str, Any] = {"none_share": request.none_share, "keeps": False, "workers": job.decoders}
    places = paths.split(b"\0")[:-1]
    answers = model.answered((Path(os.fsdecode(path)) for path in places), request.names, request.top_k, **how)
    rows: list[Row] = []
    failed = number_done = 0
    with part_writer(part_path(job.folder, number, request.shards), request.metadata) as write:
        for number_done, (path, (looked, answer)) in enumerate(zip(places, answers, strict=True), 1):
            if looked.error is None:
                row = {"content_hash": looked.digest} | answer_of(answer)
            else:
                failed += 1
                row = _problem(job.problems.get(path), looked.error, answer.problem)
            rows.append(place_of(path) | row)
            if len(rows) == ROWS:
                write(pa.RecordBatch.from_pylist(rows, schema=PART))
                rows.clear()
            if number_done % TELL_EACH == 0:
                token.checkpoint(number_done)
        if rows:
            write(pa.RecordBatch.from_pylist(rows, schema=PART))
    return number_done - failed, failed


def run_in_turn(
    job: ShardJob, shards: Shards, todo: Sequence[int], model: Ranker, token: CancelToken
) -> tuple[int, int]:
    """Predict shards one after another in this process; returns what `run_shard` does, of all of them."""
    count = Count(sum(shards.sizes[number] for number in todo))
    for number in todo:
        count.add(*run_shard(job, number, shards.paths(number), model, token.relaying(count.progress)))
        token.checkpoint(count.progress())
    return count.predicted, count.failed


class Count:
    """Counts the pictures of a run with this many in all."""

    def __init__(self, total: int) -> None:
        self.predicted = self.failed = 0
        self._total, self._eta = total, Eta()

    def add(self, predicted: int, failed: int) -> None:
        self.predicted, self.failed = self.predicted + predicted, self.failed + failed

    def progress(self, more: int = 0) -> Progress:
        """What is done, with some pictures more of a shard under way."""
        done = self.predicted + self.failed + more
        return Progress(done, self._total, "Classifying", *self._eta.measure(done, self._total - done))


def _problem(known: tuple[str, str] | None, error: Exception, words: str) -> Row:
    """The columns of a picture that cannot be used; `known` was found when it was listed."""
    kind, reason = known or (ProblemKind.DAMAGED.value, words)
    if known is None and isinstance(error, PictureError):
        kind, reason = error.kind.value, reason_text(error.reason)
    return {"problem": kind, "reason": reason.encode("utf-8", "replace").decode()}
