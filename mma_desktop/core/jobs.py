"""Worker lanes: each has one queue and one long-lived thread, for one kind of work. No Qt.

A job is a function of a cancel token. It may be a generator function: each yielded value is then a progress event and a
point where the job can be paused or cancelled, and the return value is the result. Cancellation is an outcome, not an
error. A background job yields to all other jobs, including those submitted later.

Python cannot kill a thread that hangs, for example in a driver call. Such a job can be abandoned (`give_up`): it counts
as failed, its thread is left behind, and a new thread takes over the lane.
"""

from __future__ import annotations

import ctypes
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import StrEnum
from types import GeneratorType
from typing import Any

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.idle import call_glibc

log = logging.getLogger(__name__)
_ids = itertools.count(1)
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h

Work = Callable[[CancelToken], Any]
REST_SECONDS = 1.0
"""A lane idle for this many seconds returns memory to the system."""
SILENT_SECONDS = 120.0
"""Seconds without a heartbeat after which a job counts as unresponsive; a batch on a slow machine takes less."""


class LaneName(StrEnum):
    """The worker lanes.

    `engine` owns torch, `media` imports and exports, `store` reads and writes the database, and `view` loads what is on
    screen (thumbnails, previews) so that it never waits for an import.
    """

    ENGINE = "engine"
    MEDIA = "media"
    STORE = "store"
    VIEW = "view"


class _Preempted(Exception):  # noqa: N818 - control flow, not an error
    """Another job is waiting; the background job restarts after it."""


class _Abandoned(BaseException):
    """Raised in an abandoned thread. A BaseException, so that `except Exception` does not swallow it."""


class JobState(StrEnum):
    """The life cycle of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """One unit of work on a lane. Only the lane writes its fields."""

    title: str
    lane: LaneName
    work: Work
    notify: Callable[[Job, str, Any], None]
    visible: bool = True
    quick: bool = False
    background: bool = False
    id: int = field(default_factory=lambda: next(_ids))
    state: JobState = JobState.WAITING
    token: CancelToken = field(init=False)
    error: BaseException | None = None
    has_steps: bool = False
    _running: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._running.set()
        self.renew()

    def renew(self) -> None:
        """Replace the token before a restart, so that the previous attempt cannot affect it."""
        self.token = CancelToken(lambda event: self.notify(self, "event", event))

    def cancel(self) -> None:
        """Cancel at the next safe point, or before the start; wakes a paused job."""
        self.token.cancel()
        self._running.set()

    def pause(self) -> None:
        """Pause at the next event until `resume`. Only a job that `can_pause` has such points."""
        self._running.clear()

    def resume(self) -> None:
        """Continue after `pause`."""
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether a pause was requested."""
        return not self._running.is_set()

    @property
    def can_pause(self) -> bool:
        """Whether `pause` has an effect now: the job is running and yields. A download, for example, does not."""
        return self.has_steps and self.state is JobState.RUNNING and not self.token.cancelled

    @property
    def finished(self) -> bool:
        """Whether the job has ended, whatever the outcome."""
        return self.state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last heartbeat; 0 if the job is not running."""
        return max(0.0, self.token.silence) if self.state is JobState.RUNNING else 0.0

    @property
    def can_give_up(self) -> bool:
        """Whether the job can be abandoned safely: not on the store lane, where it may hold the database lock."""
        return self.lane is not LaneName.STORE

    def wait_while_paused(self, seconds: float) -> None:
        """Block while paused, at most this many seconds."""
        self._running.wait(seconds)


class _Worker:
    """A lane's thread and its current jobs: none, one, or a long job interrupted by a quick one."""

    def __init__(self, run: Callable[[_Worker], None], name: str) -> None:
        self.jobs: list[Job] = []
        self.in_work = False
        self.thread = threading.Thread(target=run, args=(self,), name=name, daemon=True)

    def interrupt(self) -> None:
        """Raise `_Abandoned` in the thread as soon as it runs Python code again, so that it writes nothing more."""
        ident = self.thread.ident
        if self.in_work and ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(_Abandoned))


class Lane:
    """One long-lived worker thread with a FIFO queue of jobs.

    A quick job jumps the queue and runs between two events of a long job, on the same thread: a typed class name is
    ranked while ten thousand images are being embedded. A background job comes last: when another job arrives it is
    stopped at its next event, and restarted once the queue is empty. It must therefore be able to continue where it
    left off.
    """

    def __init__(self, name: LaneName) -> None:
        self.name = name
        self._waiting: deque[Job] = deque()
        self._quick: deque[Job] = deque()
        self._background: deque[Job] = deque()
        self._open: dict[int, Job] = {}
        self._closing = False
        self._abandoned_threads: list[threading.Thread] = []
        # An RLock in a `with` statement: with explicit acquire and release, `_Abandoned` could be raised between the
        # acquire and the try block.
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        with self._lock:  # the thread checks that it is the lane's current one
            self._worker = self._start()

    def _start(self) -> _Worker:
        worker = _Worker(self._run, f"mma-{self.name}")
        worker.thread.start()
        return worker

    def submit(self, job: Job) -> Job:
        """Queue a job. After `close` it is cancelled at once."""
        with self._lock:
            if not self._closing:
                self._open[job.id] = job
                queue = self._quick if job.quick else self._background if job.background else self._waiting
                queue.append(job)
                self._wake.notify()
                return job
        job.state = JobState.CANCELLED
        job.notify(job, "cancelled", None)
        return job

    def jobs(self) -> list[Job]:
        """Jobs waiting or running, oldest first."""
        with self._lock:
            return list(self._open.values())

    def running_job(self) -> Job | None:
        """The job that is running now."""
        with self._lock:
            return self._worker.jobs[-1] if self._worker.jobs else None

    def give_up(self, job: Job, meanwhile: Callable[[], None] | None = None) -> bool:
        """Abandon a hung job: it counts as failed, and a new thread takes over the lane, after `meanwhile`.

        A job that it interrupted fails too, unless it is a background job, which restarts. Returns False if the job is
        no longer the one running.
        """
        with self._lock:
            worker = self._worker
            if self.running_job() is not job:
                return False
            log.error("%s has not answered for %.0f s and is given up", job.title, job.silent_seconds)
            self._abandoned_threads.append(worker.thread)
            worker.thread.name = f"left-{self.name}"
            worker.interrupt()
            if meanwhile is not None:
                meanwhile()
            lost = self._detach_jobs(worker, lambda one: UserError(_abandoned_message(one, job)))
            self._worker = self._start()
        for one in lost:
            self._tell(one, "failed", one.error)
        return True

    def hanging(self) -> bool:
        """Whether an abandoned thread is still alive, or the lane's own thread after `close`."""
        threads = [*self._abandoned_threads, self._worker.thread] if self._closing else self._abandoned_threads
        return any(thread.is_alive() for thread in threads)

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel everything and end the thread; returns whether it ended within `timeout` seconds."""
        with self._lock:
            self._closing = True
            self._wake.notify()
        for job in self.jobs():
            job.cancel()
        self._worker.thread.join(timeout)
        return not self._worker.thread.is_alive()

    def _detach_jobs(self, worker: _Worker, error: Callable[[Job], BaseException]) -> list[Job]:
        """Detach the jobs from a dead or abandoned worker; returns those that failed with it."""
        failed = []
        for job in reversed(worker.jobs):
            token, job.token.on_report = job.token, None
            if job.background and job is not worker.jobs[-1] and not token.cancelled:
                job.renew()
                job.state = JobState.WAITING
                self._background.appendleft(job)
            else:
                job.state, job.error = JobState.FAILED, error(job)
                self._open.pop(job.id, None)
                failed.append(job)
            token.cancel()
        return failed

    def _tell(self, job: Job, kind: str, payload: Any) -> None:
        try:
            job.notify(job, kind, payload)
        except Exception:
            log.exception("The listener of job %r failed", job.title)

    def _run(self, worker: _Worker) -> None:
        try:
            while (job := self._next(worker)) is not None:
                self._run_job(worker, job)
                del job  # an idle lane must not keep the last job's objects alive
                with self._lock:
                    wanted = self._wake.wait_for(self._has_work, REST_SECONDS)
                if not wanted:
                    call_glibc("malloc_trim", 0)  # glibc keeps 190 MB after loading a backbone; takes 20 ms
        except _Abandoned:
            return
        except BaseException as error:
            log.critical("The thread of the lane %s ended", self.name, exc_info=error)
            self._replace(worker, error)

    def _replace(self, worker: _Worker, error: BaseException) -> None:
        with self._lock:
            if self._worker is not worker:
                return
            lost = self._detach_jobs(worker, lambda _job: error)
            self._worker = self._start()
        for job in lost:
            self._tell(job, "failed", job.error)

    def _next(self, worker: _Worker) -> Job | None:
        """Wait for the next job; None when the lane is closing and empty, or another thread has taken over."""
        with self._lock:
            while self._worker is worker:
                for queue in (self._quick, self._waiting, self._background):
                    if queue:
                        return queue.popleft()
                if self._closing:
                    return None
                self._wake.wait()
            return None

    def _has_work(self) -> bool:
        return bool(self._closing or self._quick or self._waiting or self._background)

    def _run_quick(self, worker: _Worker) -> None:
        while True:
            with self._lock:
                if not self._quick:
                    return
                job = self._quick.popleft()
            self._run_job(worker, job)

    def _run_job(self, worker: _Worker, job: Job) -> None:
        result: Any = None
        state, kind = JobState.DONE, "done"
        with self._lock:
            worker.jobs.append(job)
        try:
            job.token.raise_if_cancelled()
            job.state = JobState.RUNNING
            job.notify(job, "started", None)
            result = self._work(worker, job)
        except _Abandoned:
            raise
        except _Preempted:
            state, kind = JobState.WAITING, "waiting"
        except Cancelled:
            state, kind = JobState.CANCELLED, "cancelled"
        except BaseException as error:  # noqa: BLE001 - a lane must survive any exception of a job
            job.error = result = error
            state, kind = JobState.FAILED, "failed"
        with self._lock:
            if self._worker is not worker:
                raise _Abandoned
            worker.jobs.pop()
            job.state = state
            if job.finished:
                self._open.pop(job.id, None)
                job.token.on_report = None  # breaks the reference cycle, so that the job is freed with its last user
            else:
                self._background.appendleft(job)
        self._tell(job, kind, result)

    def _work(self, worker: _Worker, job: Job) -> Any:
        job.token.beat()
        worker.in_work = True
        try:
            result = job.work(job.token)
            if isinstance(result, GeneratorType):
                job.has_steps = True
                result = self._run_steps(worker, job, result)
        finally:
            worker.in_work = False
        return result

    def _run_steps(self, worker: _Worker, job: Job, steps: Generator[Any, None, Any]) -> Any:
        """Run a generator to its end. Cancellation is thrown into it, so that it can clean up and return a result."""
        try:
            event = next(steps)
            while True:
                job.notify(job, "event", event)
                self._between_events(worker, job)
                event = steps.throw(Cancelled()) if job.token.cancelled else next(steps)
        except StopIteration as stop:
            return stop.value
        finally:
            steps.close()

    def _between_events(self, worker: _Worker, job: Job) -> None:
        """Between two events: run quick jobs, wait while paused, stop a background job if others wait."""
        worker.in_work = False
        self._run_quick(worker)
        while job.paused and not self._must_yield(job):
            job.wait_while_paused(0.05)
            job.token.beat()
            self._run_quick(worker)
        if self._must_yield(job):
            raise _Preempted
        with self._lock:
            if self._worker is not worker:
                raise _Abandoned
            worker.in_work = True
        job.token.beat()

    def _must_yield(self, job: Job) -> bool:
        """Whether a background job must yield to a waiting one. A cancelled job ends instead."""
        return job.background and bool(self._waiting) and not job.token.cancelled


def _abandoned_message(job: Job, hung: Job) -> str:
    if job is not hung:
        return tr(
            "{job} was ended, because {other_job} did not answer. Every label is saved. Start it again.",
            job=job.title,
            other_job=hung.title,
        )
    return tr(
        "{job} did not answer and was given up. Every label is saved. Try it again; if it hangs "
        "once more, close the window and start the program anew.",
        job=job.title,
    )


class Lanes:
    """All worker lanes of one window."""

    def __init__(self) -> None:
        # One malloc arena for all threads; glibc's per-thread arenas cost 30 to 60 MB of fragmentation.
        call_glibc("mallopt", _ARENA_MAX, 1)
        self._lanes = {name: Lane(name) for name in LaneName}

    def submit(
        self,
        lane: LaneName,
        title: str,
        work: Work,
        notify: Callable[[Job, str, Any], None],
        *,
        visible: bool = True,
        quick: bool = False,
        background: bool = False,
    ) -> Job:
        """Queue work on a lane.

        Args:
            lane: The lane to run on.
            title: Shown in the status bar.
            work: The function; called on the lane's thread with the job's cancel token.
            notify: Called on the lane's thread with (job, kind, payload). `kind` is "started", "event", "waiting" (a
                background job was stopped for another), "done", "cancelled" or "failed"; `payload` is the event, the
                result or the exception.
            visible: Whether the job is listed among the running jobs.
            quick: Whether it jumps the queue and may run between two events of a long job.
            background: Whether it yields to all other jobs. It may be restarted, and must then continue where it left
                off.
        """
        return self._lanes[lane].submit(Job(title, lane, work, notify, visible, quick, background))

    def jobs(self) -> list[Job]:
        """All jobs waiting or running."""
        return [job for lane in self._lanes.values() for job in lane.jobs()]

    def silent(self) -> list[Job]:
        """Running jobs without a heartbeat for `SILENT_SECONDS`."""
        found = [lane.running_job() for lane in self._lanes.values()]
        return [job for job in found if job is not None and job.silent_seconds > SILENT_SECONDS]

    def give_up(self, job: Job, meanwhile: Callable[[], None] | None = None) -> bool:
        """Abandon a hung job; see `Lane.give_up`."""
        return self._lanes[job.lane].give_up(job, meanwhile)

    @property
    def hanging(self) -> bool:
        """Whether any thread is still alive after being abandoned; the process cannot exit normally then."""
        return any(lane.hanging() for lane in self._lanes.values())

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel all jobs and end the threads; returns whether all ended in time.

        The store lane ends last, so that pending writes of the other lanes are saved.
        """
        order = (LaneName.VIEW, LaneName.ENGINE, LaneName.MEDIA, LaneName.STORE)
        ended = [self._lanes[name].close(timeout) for name in order]
        return all(ended)
