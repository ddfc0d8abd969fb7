"""Predict shards, each from its paths to its part: in turn, in a job array, or on a Ray cluster.

Ray Data hands them to actors that load the model once, and starts those again that die.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mma_desktop.core.errors import UserError, first_line, install_hint
from mma_desktop.core.events import CancelToken, Eta, Progress
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.core.types import ProblemKind
from mma_desktop.engine.device import usable_cores
from mma_desktop.media.error_messages import ImageError, reason_text
from mma_desktop.services.batch.sharding import parts
from mma_desktop.services.batch.sharding.image_list import Shards

if TYPE_CHECKING:
    from mma_desktop.services.predicting.classifier import Ranker

REPORT_EACH = 64  # pictures, about two batches


@dataclass(frozen=True)
class ShardJob:
    """What each process of a prediction needs to know; must pickle.

    Attributes:
        folder: Where the parts go, absolute.
        decoders: Number of threads that decode.
        problems: As `image_list.Shards.problems`.
    """

    folder: Path
    request: parts.Request
    load: Callable[[], Ranker]
    decoders: int = 1
    problems: dict[bytes, tuple[str, str]] = field(default_factory=dict)


def run_shard(job: ShardJob, number: int, paths: bytes, model: Ranker, token: CancelToken) -> tuple[int, int]:
    """Predict a shard and write its part; reports the number of images done.

    The `paths` are each ended by a zero byte, and `model` is what `job.load` returned.

    Returns:
        How many images were predicted, and how many have a problem.

    Raises:
        UserError: A single image exhausts memory, or the part cannot be written.
    """
    request = job.request
    places = paths.split(b"\0")[:-1]
    images = (Path(os.fsdecode(path)) for path in places)
    answers = model.answered(
        images, request.names, request.top_k, none_share=request.none_share, keeps=False, workers=job.decoders
    )
    rows: list[parts.Row] = []
    failed = number_done = 0
    with parts.part_writer(parts.part_path(job.folder, number, request.shards), request.metadata) as write:
        for number_done, (path, (looked, answer)) in enumerate(zip(places, answers, strict=True), 1):
            if looked.error is None:
                row = {"content_hash": looked.digest} | parts.answer_of(answer)
            else:
                failed += 1
                row = _problem(job.problems.get(path), looked.error, answer.problem)
            rows.append(parts.place_of(path) | row)
            if len(rows) == parts.ROWS:
                write(pa.RecordBatch.from_pylist(rows, schema=parts.PART))
                rows.clear()
            if number_done % REPORT_EACH == 0:
                token.checkpoint(number_done)
        if rows:
            write(pa.RecordBatch.from_pylist(rows, schema=parts.PART))
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
    """Counts the images of a run with this many in all."""

    def __init__(self, total: int) -> None:
        self.predicted = self.failed = 0
        self._total, self._eta = total, Eta()

    def add(self, predicted: int, failed: int) -> None:
        self.predicted, self.failed = self.predicted + predicted, self.failed + failed

    def progress(self, more: int = 0) -> Progress:
        """What is done, with some images more of a shard under way."""
        done = self.predicted + self.failed + more
        return Progress(done, self._total, "Classifying", *self._eta.measure(done, self._total - done))


def _problem(known: tuple[str, str] | None, error: Exception, words: str) -> parts.Row:
    """The columns of an image that cannot be used; `known` was found when it was listed."""
    kind, reason = known or (ProblemKind.DAMAGED.value, words)
    if known is None and isinstance(error, ImageError):
        kind, reason = error.kind.value, reason_text(error.reason)
    return {"problem": kind, "reason": reason.encode("utf-8", "replace").decode()}


LOCAL = "local"
LOOPBACK = "127.0.0.1"
CONNECT_SECONDS = 10.0  # a cluster that is there answers in one
LOOPBACK_ONLY = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # on every system: only this machine can reach the cluster
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
# Of a shard whose actor died. Ray's own default is without end, also for an image that kills its decoder.
RETRIES = 1


class ShardActor:
    """Predicts shards. A `UserError` is a result: an exception would come back as a traceback of several processes."""

    def __init__(self, job: ShardJob) -> None:
        self._job = job
        self._model: Any = None

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        """Predict the only shard of a batch."""
        (number,), (paths,) = rows["shard"], rows["paths"]
        done, refused = (0, 0), ""
        try:
            self._model = self._model or self._job.load()
            done = run_shard(self._job, int(number), paths, self._model, CancelToken())
        except UserError as error:
            refused = str(error)
        return {"shard": [number], "predicted": [done[0]], "failed": [done[1]], "refused": [refused]}


def run_on_ray(job: ShardJob, shards: Shards, todo: Sequence[int], address: str, token: CancelToken) -> tuple[int, int]:
    """Predict shards on a Ray cluster; returns how many images were predicted and how many have a problem.

    Images, adapter and results must have the same paths on every machine. A shard whose actors died `RETRIES` + 1
    times, or that raised an error, has no part at the end.

    The address "local" starts a cluster for this run on this machine, on the loopback interface only; anything else is
    passed to `ray.init` ("auto", "host:6379", "ray://host:10001").

    Raises:
        UserError: Ray is not installed, the cluster cannot be reached, the model not loaded or a part not written.
    """
    _check_reachable(address)
    ray = _import_ray(address)
    _connect(ray, address)
    try:
        return _run(ray, job, shards, todo, token)
    except ray.exceptions.RayError as error:
        raise UserError(
            f"Ray stopped ({first_line(error)}). Finished shards are kept: run the command again for the others."
        ) from error
    finally:
        ray.shutdown()


def _import_ray(address: str) -> Any:
    # Ray reads its environment on import: usage statistics and internal log lines are off.
    for name, value in {**QUIET, **(LOOPBACK_ONLY if address == LOCAL else {})}.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UserError(f"--ray needs Ray, which is not installed ({error}). {install_hint('ray')}") from error
    return ray


def _check_reachable(address: str) -> None:
    # Ray itself would retry for minutes.
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: BaseException) -> UserError:
    return UserError(f"No Ray cluster responds at {address} ({first_line(error)}). Finished shards are kept.")


def _connect(ray: Any, address: str) -> None:
    options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
    if address == LOCAL:
        options |= {"num_cpus": usable_cores(), "include_dashboard": False, "_node_ip_address": LOOPBACK}
    try:
        with safe_current_folder():  # Ray puts the current folder on every worker's import path
            ray.init(address=address, **options)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError, OSError) as error:
        raise _no_cluster(address, error) from error


def _run(ray: Any, job: ShardJob, shards: Shards, todo: Sequence[int], token: CancelToken) -> tuple[int, int]:
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1  # the other shards go on
    there = ray.cluster_resources()
    gpus = there.get("GPU", 0)
    size = min(len(todo), int(gpus or there["CPU"]))
    given = [{"shard": number, "paths": shards.paths(number)} for number in todo]
    results = ray.data.from_items(given, override_num_blocks=len(todo)).map_batches(
        ShardActor,
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=1),
        fn_constructor_args=(job,),
        num_cpus=1,
        num_gpus=min(1, gpus / size) or None,
        ray_remote_args_fn=lambda: {"max_task_retries": RETRIES},
    )
    count = Count(sum(shards.sizes[number] for number in todo))
    token.checkpoint(count.progress())
    for row in results.iter_rows():
        if row["refused"]:
            raise UserError(row["refused"])
        count.add(int(row["predicted"]), int(row["failed"]))
        token.checkpoint(count.progress())
    return count.predicted, count.failed
