"""Process one shard, from its list of paths to its result files; shared by all kinds of workers."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.threads import fetch_ahead, thread_pool
from mma_desktop.core.types import ImageSpec, Prediction, ProblemKind
from mma_desktop.media.decoding import PictureError, decode_hashed
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.batch.sharding.parquet import Failed, Predicted, write
from mma_desktop.services.batch.sharding.shard_plan import Plan

log = logging.getLogger(__name__)

Picture = NDArray[np.uint8]
Decoded = Generator[tuple[str, Picture | str], None, None]

AHEAD = 64
TELL_EACH = 64


class _Model(Protocol):
    """What is used of a `services.predicting.classifier.Ranker`; tests have one without torch."""

    @property
    def messages(self) -> tuple[str, ...]: ...
    @property
    def image_spec(self) -> ImageSpec: ...
    def predict_decoded(
        self,
        decoded: Decoded,
        classes: ClassNames,
        top_k: int,
        *,
        none_share: float | None,
        none_cut: float | None,
        everything: bool,
    ) -> Iterator[Prediction]: ...


@dataclass(frozen=True)
class Job:
    """What a worker needs to know; must pickle.

    Attributes:
        plan: The plan.
        load: Loads the predictor; called once in each worker.
        decoders: Number of decoding threads per worker.
    """

    plan: Plan
    load: Callable[[], _Model]
    decoders: int = 1


@dataclass(frozen=True, slots=True)
class ShardResult:
    """A finished shard: pictures predicted, pictures failed, and the process that did it."""

    index: int
    predicted: int
    failed: int
    process: int


def run_shard(job: Job, index: int, model: _Model, tell: Callable[[int], None] = lambda _: None) -> ShardResult:
    """Predict the pictures of a shard with what `job.load` returned, and write its two files.

    `tell` is called with the number of pictures done.

    Raises:
        UserError: The list is damaged, a single picture exhausts memory, or the files cannot be written.
    """
    plan, settings = job.plan, job.plan.settings
    shard = plan.shards[index]
    read: deque[Failed | tuple[Path, bytes]] = deque()
    predicted: list[Predicted] = []
    failed: list[Failed] = []
    decoded = _decoded(plan.paths(shard), model.image_spec, job.decoders, read)
    share = settings.none_share
    how = (settings.names, settings.top_k)
    cut = settings.none_cut
    answers = model.predict_decoded(decoded, *how, none_share=share, none_cut=cut, everything=share is None)
    for number, answer in enumerate(answers, 1):
        one = read.popleft()
        if isinstance(one, Failed):
            failed.append(one)
        else:
            predicted.append(Predicted(*one, answer))
        if number % TELL_EACH == 0:
            tell(number)
    write(plan, shard, predicted, failed)
    return ShardResult(index, len(predicted), len(failed), os.getpid())


def _decoded(paths: Iterable[Path], spec: ImageSpec, threads: int, read: deque[Failed | tuple[Path, bytes]]) -> Decoded:
    """Yield pictures in order, decoding ahead; append what else is known of each to `read`."""
    with thread_pool(threads, "mma-decode") as pool:
        started = ((path, pool.submit(decode_hashed, path, spec)) for path in paths)
        for path, future in fetch_ahead(started, AHEAD):
            found: Picture | str
            try:
                found, content_hash = future.result()
                read.append((path, content_hash))
            except PictureError as error:
                found = reason_text(error.reason)
                read.append(Failed(path, error.kind.value, found))
            except Exception as error:  # a broken picture can make its decoder raise anything
                log.warning("decoding %s failed", path, exc_info=True)
                found = "it cannot be decoded"
                read.append(Failed(path, ProblemKind.DAMAGED.value, f"{found} ({type(error).__name__})"))
            yield path.name, found
