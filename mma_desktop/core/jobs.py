"""Worker lanes: each has one queue and one long-lived thread, for one kind of work. No Qt. Also pools of threads.

A job is a function of a cancel token. At each `checkpoint` of the token it reports progress, and can be paused or
cancelled. Cancellation is an outcome, not an error; a job may catch it and return what it has.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken
from mma_desktop.core.idle import call_glibc

Item = TypeVar("Item")


def thread_activity(thread: threading.Thread) -> object:
    """What differs between two looks at a thread that works: tenths of a second on the processor, or else its place."""
    # A thread that hangs in a driver or waits for a lock gives the same twice.
    ident = thread.ident
    if ident is None or not thread.is_alive():
        return None
    if hasattr(time, "pthread_getcpuclockid"):  # Linux; elsewhere a long call of a library looks like a hanging one
        return round(time.clock_gettime(time.pthread_getcpuclockid(ident)), 1)
    frame = sys._current_frames().get(ident)
    return None if frame is None else (frame.f_code, frame.f_lasti)


@contextmanager
def thread_pool(workers: int, name: str) -> Generator[ThreadPoolExecutor, None, None]:
    """A pool whose waiting work is dropped at the end, so that nothing is read after an error or a cancel."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def fetch_ahead(items: Iterable[Item], depth: int) -> Iterator[Item]:
    """Yield `items` in order, each once `depth` more were fetched; the work that `items` submits runs meanwhile."""
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > depth:
            yield waiting.popleft()
    # The end of the items: what was fetched ahead is left.
    while waiting:
        yield waiting.popleft()


log = logging.getLogger(__name__)
_ids = itertools.count(1)
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h

Work = Callable[[CancelToken], Any]
# A lane idle for this many seconds returns memory to the system.
REST_SECONDS = 1.0
# Seconds without a heartbeat after which a job is named as not answering; a batch on a slow machine takes less.
SILENT_SECONDS = 120.0


class LaneName(StrEnum):
    """The worker lanes.

    `engine` owns torch, `media` imports and exports, `store` reads and writes the database, and `view` loads what is on
    screen (thumbnails, previews) so that it never waits for an import.
    """

    ENGINE = "engine"
    MEDIA = "media"
    STORE = "store"
    VIEW = "view"


class _Preempted(BaseException):
    """Another job is waiting; the background job restarts after it. No error, so that no job takes it for its own."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """One unit of work on a lane. Only the lane writes its fields.

    Args:
        title: Shown in the status bar.
        lane: The lane to run on.
        work: The function; called on the lane's thread with the job's cancel token.
        notify: Called on the lane's thread with (job, kind, payload). `kind` is "started", "event", "waiting" (a
            background job was stopped for another), "done", "cancelled" or "failed"; `payload` is the event, the result
            or the exception.
        visible: Whether the job is listed among the running jobs.
        quick: Whether it jumps the queue and may run at a checkpoint of a long job.
        background: Whether it yields to all other jobs. It may be restarted, and must then continue where it left off.
    """

    title: str
    lane: LaneName
    work: Work
    notify: Callable[[Job, str, Any], None]
    visible: bool = True
    quick: bool = False
    background: bool = False
    id: int = field(default_factory=lambda: next(_ids), init=False)
    state: JobState = field(default=JobState.WAITING, init=False)
    token: CancelToken = field(init=False)
    error: BaseException | None = field(default=None, init=False)
    # Whether its thread did anything between the last two looks of `Lane.silent`.
    works: bool = field(default=False, init=False)
    _running: threading.Event = field(default_factory=threading.Event, init=False)

    def __post_init__(self) -> None:
        self._running.set()  # a pause clears it and waits for it
        self.token = CancelToken(lambda event: self.notify(self, "event", event))

    def cancel(self) -> None:
        """Cancel at the next safe point, or before the start; wakes a paused job."""
        self.token.cancel()
        self._running.set()

    def pause(self) -> None:
        """Pause at the next checkpoint until `resume`."""
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    @property
    def can_pause(self) -> bool:
        """Whether `pause` has an effect now: the job is running and has checkpoints. A download has none."""
        return self.token.has_checkpoints and self.state is JobState.RUNNING and not self.token.cancelled

    @property
    def finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last heartbeat; 0 if the job is not running."""
        return max(0.0, self.token.silence) if self.state is JobState.RUNNING else 0.0


class Lane:
    """One long-lived worker thread with a FIFO queue of jobs."""

    def __init__(self, name: LaneName) -> None:
        self._quick: deque[Job] = deque()
        self._waiting: deque[Job] = deque()
        self._background: deque[Job] = deque()
        self._queues = (self._quick, self._waiting, self._background)
        self._open: dict[int, Job] = {}
        self._closing = False
        self._footprint: object = None
        self._wake = threading.Condition()
        # Python cannot end a thread that hangs, as in a driver call: as a daemon, it does not keep the process.
        self.thread = threading.Thread(target=self._run, name=f"mma-{name}", daemon=True)
        self.thread.start()

    def submit(self, job: Job) -> Job:
        """Queue a job. After `close` it is cancelled at once."""
        with self._wake:
            if not self._closing:
                self._open[job.id] = job
                queue = self._quick if job.quick else self._background if job.background else self._waiting
                queue.append(job)
                self._wake.notify()
                return job
        job.state = JobState.CANCELLED
        job.notify(job, JobState.CANCELLED, None)
        return job

    def jobs(self) -> list[Job]:
        """Jobs waiting or running, oldest first."""
        with self._wake:
            return list(self._open.values())

    def running(self) -> Job | None:
        # The newest: a quick job runs inside a long one, which is running too.
        return next((job for job in reversed(self.jobs()) if job.state is JobState.RUNNING), None)

    def silent(self) -> Job | None:
        """The running job if it has had no heartbeat for `SILENT_SECONDS`; it knows whether it `works`."""
        job = self.running()
        if job is None or job.silent_seconds <= SILENT_SECONDS:
            self._footprint = None
            return None
        before, self._footprint = self._footprint, thread_activity(self.thread)
        job.works = before is None or before != self._footprint
        return job

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel everything and end the thread; returns whether it ended within `timeout` seconds."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        for job in self.jobs():
            job.cancel()
        self.thread.join(timeout)
        return not self.thread.is_alive()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._run_job(job)
            del job  # an idle lane must not keep the last job's objects alive
            with self._wake:
                wanted = self._wake.wait_for(self._has_work, REST_SECONDS)
            if not wanted:
                call_glibc("malloc_trim", 0)  # glibc keeps 190 MB after loading a backbone; takes 20 ms

    def _has_work(self) -> bool:
        return self._closing or any(self._queues)

    def _next(self) -> Job | None:
        """Wait for the next job; None when the lane is closing and empty."""
        with self._wake:
            self._wake.wait_for(self._has_work)
            queue = next(filter(None, self._queues), None)
            return queue.popleft() if queue else None

    def _run_quick(self) -> None:
        while True:
            with self._wake:
                if not self._quick:
                    return
                job = self._quick.popleft()
            self._run_job(job)

    def _run_job(self, job: Job) -> None:
        result: Any = None
        state = JobState.DONE
        try:
            # Cancelled while it waited: it never starts.
            job.token.raise_if_cancelled()
            job.token.safe_point = partial(self._checkpoint, job)
            job.state = JobState.RUNNING
            job.notify(job, "started", None)
            result = job.work(job.token)
        except _Preempted:
            state = JobState.WAITING
        except Cancelled:
            state = JobState.CANCELLED
        except BaseException as error:  # noqa: BLE001 - a lane must survive any exception of a job
            job.error = result = error
            state = JobState.FAILED
        with self._wake:
            job.state = state
            if job.finished:
                self._open.pop(job.id, None)
                job.token.detach()  # breaks the reference cycle, so that the job is freed with its last user
            else:
                self._background.appendleft(job)
        try:
            job.notify(job, state, result)
        except BaseException:
            log.exception("The listener of job %r failed", job.title)

    def _checkpoint(self, job: Job) -> None:
        """Run quick jobs, wait while paused, and stop a background job if others wait."""
        self._run_quick()
        while job.paused and not self._must_yield(job):
            job._running.wait(0.05)
            job.token.beat()
            self._run_quick()
        if self._must_yield(job):
            raise _Preempted

    def _must_yield(self, job: Job) -> bool:
        # A cancelled job ends instead.
        return job.background and bool(self._waiting) and not job.token.cancelled


class Lanes:
    def __init__(self) -> None:
        # One malloc arena for all threads; glibc's per-thread arenas cost 30 to 60 MB of fragmentation.
        call_glibc("mallopt", _ARENA_MAX, 1)
        self._lanes = {name: Lane(name) for name in LaneName}

    def submit(
        self, lane: LaneName, title: str, work: Work, notify: Callable[[Job, str, Any], None], **how: bool
    ) -> Job:
        """Queue work on a lane; the arguments are those of `Job`, `how` its `visible`, `quick` and `background`."""
        return self._lanes[lane].submit(Job(title, lane, work, notify, **how))

    def jobs(self) -> list[Job]:
        return [job for lane in self._lanes.values() for job in lane.jobs()]

    def silence(self, lane: LaneName) -> float:
        """Seconds since the last heartbeat of the job that is running on a lane; 0 if none is."""
        job = self._lanes[lane].running()
        return 0.0 if job is None else job.silent_seconds

    def silent(self) -> list[Job]:
        """Running jobs without a heartbeat for `SILENT_SECONDS`; look again to tell those that work from the others."""
        return [job for lane in self._lanes.values() if (job := lane.silent()) is not None]

    @property
    def alive(self) -> bool:
        """Whether any thread is alive; after `close` it hangs, and the interpreter cannot end normally."""
        return any(lane.thread.is_alive() for lane in self._lanes.values())

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel all jobs and end the threads; returns whether all ended in time."""
        # The store lane ends last, so that pending writes of the other lanes are saved.
        order = (LaneName.VIEW, LaneName.ENGINE, LaneName.MEDIA, LaneName.STORE)
        ended = [self._lanes[name].close(timeout) for name in order]
        return all(ended)
