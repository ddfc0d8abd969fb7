"""Shards on a Ray cluster: Ray Data hands them to actors that load the model once and write the same files."""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import asdict, fields
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Progress
from mma_desktop.core.extras import install_hint
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.engine.device import usable_cores
from mma_desktop.services.batch.sharding.shard import Job, ShardResult, run_shard
from mma_desktop.services.batch.sharding.workers import TRIES, AbandonedShard, Outcome, ShardProgress

LOCAL = "local"
LOOPBACK = "127.0.0.1"
CONNECT_SECONDS = 10.0
LOOPBACK_ONLY = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # on every system: only this machine can reach the cluster
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}


class AttemptCounter:
    """Counts attempts per shard. A separate actor, because the actors that start shards may die."""

    def __init__(self) -> None:
        self._begun: Counter[int] = Counter()

    def begin(self, index: int) -> int:
        """Record an attempt at a shard; return its number, from 1."""
        self._begun[index] += 1
        return self._begun[index]


class ShardActor:
    """Holds the model and processes shards. Returns errors as results: an exception would stop the whole data set.

    Args:
        job: The work to do.
        tries: Handle of a `AttemptCounter` actor.
    """

    def __init__(self, job: Job, tries: Any) -> None:
        self._job, self._tries = job, tries
        self._refused = ""
        try:
            self._model = job.load()
        except UserError as error:
            self._refused = str(error)

    def __call__(self, rows: dict[str, Any]) -> dict[str, list[Any]]:
        """Process the single shard of a batch."""
        import ray

        (index,) = (int(one) for one in rows["shard"])
        answer = {**asdict(ShardResult(index, 0, 0, os.getpid())), "refused": self._refused, "left": ""}
        if not self._refused:
            if ray.get(self._tries.begin.remote(index)) > TRIES:
                answer["left"] = f"its worker died, {TRIES} times"
            else:
                answer |= self._do(index)
        return {name: [value] for name, value in answer.items()}

    def _do(self, index: int) -> dict[str, Any]:
        left = ""
        for _ in range(TRIES):
            try:
                return asdict(run_shard(self._job, index, self._model))
            except UserError as error:
                return {"refused": str(error)}
            except Exception as error:  # noqa: BLE001 - told with the shard
                left = f"{type(error).__name__}: {error}, {TRIES} times"
        return {"left": left}


def run_on_ray(job: Job, todo: Sequence[int], address: str, workers: int | None) -> Generator[Progress, None, Outcome]:
    """Process the shards of these indices on a Ray cluster; see `workers.run_in_processes`.

    Pictures, adapter and results must have the same paths on every machine.

    Args:
        job: What each actor does.
        todo: Indices of the shards.
        address: "local" starts a cluster for this run on this machine, on the loopback interface only; anything else is
            passed to `ray.init` ("auto", "host:6379", "ray://host:10001").
        workers: Number of actors; None for one per GPU or, without a GPU, one per core.

    Raises:
        UserError: Ray is not installed, the cluster cannot be reached, or an error stops all workers.
    """
    _check_reachable(address)
    ray = _import_ray(address)
    _connect(ray, address, workers)
    try:
        outcome = yield from _run(ray, job, todo, workers)
    except ray.exceptions.RayError as error:
        raise UserError(
            f"Ray stopped ({_first_line(error)}). Finished shards are kept: run the command again for the others."
        ) from error
    finally:
        ray.shutdown()
    return outcome


def _import_ray(address: str) -> Any:
    """Import Ray with usage statistics and internal log lines off; it reads its environment on import."""
    for name, value in {**QUIET, **(LOOPBACK_ONLY if address == LOCAL else {})}.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UserError(f"--ray needs Ray, which is not installed ({error}). {install_hint('ray')}") from error
    return ray


def _check_reachable(address: str) -> None:
    """Check that something listens at HOST:PORT: Ray itself would retry for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: BaseException) -> UserError:
    return UserError(f"No Ray cluster responds at {address} ({_first_line(error)}). Finished shards are kept.")


def _connect(ray: Any, address: str, workers: int | None) -> None:
    options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
    if address == LOCAL:
        options |= {
            "num_cpus": max(usable_cores(), workers or 0),
            "include_dashboard": False,
            "_node_ip_address": LOOPBACK,
        }
    try:
        with safe_current_folder():  # Ray puts the current folder on every worker's import path
            ray.init(address=address, **options)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError, OSError) as error:
        raise _no_cluster(address, error) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _run(ray: Any, job: Job, todo: Sequence[int], workers: int | None) -> Generator[Progress, None, Outcome]:
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    there = ray.cluster_resources()
    gpus = there.get("GPU", 0)
    size = min(len(todo), workers or int(gpus or there["CPU"]))
    tries = ray.remote(num_cpus=0)(AttemptCounter).remote()
    rows = ray.data.from_items([{"shard": index} for index in todo], override_num_blocks=len(todo)).map_batches(
        ShardActor,
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=1),
        fn_constructor_args=(job, tries),
        num_cpus=1,
        num_gpus=min(1, gpus / size) or None,
    )
    shards = job.plan.shards
    count, outcome = ShardProgress(sum(shards[index].pictures for index in todo)), Outcome()
    yield count.progress()
    for row in rows.iter_rows():
        if row["refused"]:
            raise UserError(row["refused"])
        index = int(row["index"])
        if row["left"]:
            outcome.left.append(AbandonedShard(index, row["left"]))
            yield count.end(index, 0)
            continue
        outcome.done.append(ShardResult(**{one.name: int(row[one.name]) for one in fields(ShardResult)}))
        yield count.end(index, shards[index].pictures)
    return outcome
