"""Shards in local processes, each with its own model. If a process dies, another one takes its shard."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.eta import Eta
from mma_desktop.core.events import Progress
from mma_desktop.core.logging import show_warnings_safely
from mma_desktop.core.paths import safe_current_folder
from mma_desktop.services.batch.sharding.shard import Job, ShardResult, run_shard

log = logging.getLogger(__name__)

TRIES = 2
JOIN_SECONDS = 5.0
MESSAGE = "Classifying"


@dataclass(frozen=True)
class AbandonedShard:
    """A shard that was given up, and why."""

    index: int
    reason: str


@dataclass
class Outcome:
    """Result of a run: shards finished, shards given up, notes for the user."""

    done: list[ShardResult] = field(default_factory=list)
    left: list[AbandonedShard] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


class ShardProgress:
    """Progress of a run, in pictures."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._under_way: dict[int, int] = {}
        self._eta = Eta()

    def update(self, index: int, pictures: int) -> Progress:
        """Update the number of pictures done in a shard."""
        self._under_way[index] = pictures
        return self.progress()

    def end(self, index: int, pictures: int) -> Progress:
        """Finish a shard with this many pictures done."""
        self._under_way.pop(index, None)
        self._done += pictures
        return self.progress()

    def progress(self) -> Progress:
        """The current progress."""
        done = self._done + sum(self._under_way.values())
        return Progress(done, self._total, MESSAGE, *self._eta.measure(done, self._total - done))


# --------------------------------------------------------------------------------------
# worker process


def _work(connection: Connection, job: Job) -> None:
    """Worker main loop: load the model, then process shards until told to stop."""
    show_warnings_safely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches every process; the parent decides
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        model = job.load()
        connection.send(("ready", tuple(model.messages)))
        while (index := connection.recv()) is not None:
            connection.send(_try_shard(connection, job, index, model))
    except UserError as error:
        connection.send(("refused", str(error)))
    except (EOFError, BrokenPipeError):
        return


def _try_shard(connection: Connection, job: Job, index: int, model: Any) -> tuple[str, Any]:
    try:
        return "done", run_shard(job, index, model, lambda pictures: connection.send(("told", pictures)))
    except (UserError, EOFError, BrokenPipeError):
        raise
    except Exception as error:
        log.exception("shard %d failed", index)
        return "failed", f"{type(error).__name__}: {error}"


def _die_with_parent() -> None:
    """Exit when the parent process is gone, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# --------------------------------------------------------------------------------------
# parent process


class _Worker:
    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_work, args=(theirs, job), daemon=True)
        with safe_current_folder():  # a spawned interpreter imports from the current folder first, `pickle` for one
            self.process.start()
        theirs.close()
        self.ready = False
        self.shard: int | None = None

    def give(self, index: int | None) -> None:
        """Send a shard index, or None to stop."""
        self.shard = index
        with suppress(OSError):  # it died; its sentinel reports that
            self.connection.send(index)

    def messages(self) -> Iterator[tuple[str, Any]]:
        """Pending messages, including the last ones of a dead process."""
        with suppress(EOFError, OSError):
            while self.connection.poll():
                yield self.connection.recv()

    def end(self) -> None:
        """Terminate the process, whatever it is doing."""
        self.process.terminate()
        self.process.join(JOIN_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()
        self.process.close()


class _Pool:
    def __init__(self, job: Job, todo: Sequence[int], workers: int) -> None:
        self._job = job
        self._queue = deque(todo)
        self._size = min(workers, len(todo))
        self._workers: list[_Worker] = []
        self._deaths: Counter[int] = Counter()
        self._deaths_loading = 0
        self._count = ShardProgress(sum(job.plan.shards[index].pictures for index in todo))
        self.outcome = Outcome()

    def run(self) -> Iterator[Progress]:
        while self._queue or any(one.shard is not None for one in self._workers):
            self._start_worker()
            waited = [one.connection for one in self._workers] + [one.process.sentinel for one in self._workers]
            wait(waited)
            for worker in list(self._workers):
                dead = not worker.process.is_alive()
                for kind, what in worker.messages():
                    yield self._receive(worker, kind, what)
                if dead:
                    self._on_death(worker)
                    yield self._count.progress()
            self._dispatch()

    def end(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []

    def _start_worker(self) -> None:
        busy = sum(one.shard is not None for one in self._workers)
        while len(self._workers) < min(self._size, busy + len(self._queue)):
            self._workers.append(_Worker(self._job))

    def _dispatch(self) -> None:
        for worker in self._workers:
            if self._queue and worker.ready and worker.shard is None:
                worker.give(self._queue.popleft())

    def _receive(self, worker: _Worker, kind: str, what: Any) -> Progress:
        if kind == "ready":
            worker.ready, self._deaths_loading = True, 0
            self.outcome.messages += [text for text in what if text not in self.outcome.messages]
        elif kind == "refused":
            raise UserError(what)
        elif worker.shard is not None:
            if kind == "told":
                return self._count.update(worker.shard, what)
            index, worker.shard = worker.shard, None
            if kind == "done":
                self.outcome.done.append(what)
                return self._count.end(index, self._job.plan.shards[index].pictures)
            self._lost(index, what)
        return self._count.progress()

    def _on_death(self, worker: _Worker) -> None:
        """Requeue the shard of a dead worker."""
        self._workers.remove(worker)
        code = worker.process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        index = worker.shard
        worker.end()
        if index is not None:
            self._lost(index, f"its worker died ({how})")
            return
        self._deaths_loading += 1
        if self._deaths_loading == TRIES:
            raise UserError(
                f"{TRIES} workers died while loading the model ({how}). If memory is short, try fewer --workers; "
                "finished shards are kept."
            )

    def _lost(self, index: int, reason: str) -> None:
        self._deaths[index] += 1
        log.warning("shard %d, try %d: %s", index, self._deaths[index], reason)
        self._count.end(index, 0)
        if self._deaths[index] < TRIES:
            self._queue.append(index)
        else:
            self.outcome.left.append(AbandonedShard(index, f"{reason}, {TRIES} times"))


def run_in_processes(job: Job, todo: Sequence[int], workers: int) -> Generator[Progress, None, Outcome]:
    """Process the shards of these indices in local processes, and report the number of pictures done.

    A shard that failed, or whose worker died, twice is given up; the others go on.

    Raises:
        UserError: An error that stops all workers: the model cannot be loaded, the disk is full.
    """
    pool = _Pool(job, todo, workers)
    try:
        yield from pool.run()
    finally:
        pool.end()
    return pool.outcome
