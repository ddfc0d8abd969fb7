"""Worker threads as lanes: one queue, one long-lived thread, one kind of work each. No Qt.

A job's work is a function of a cancel token. It may be a generator function: then every value it yields is a progress
event and a point where the job can be paused or cancelled, and what it returns is the job's result. Cancelling is an
outcome, not an error. A background job stands back: it lets every other job go before it, also one that comes later.

Python can end no thread that hangs, in a driver's call, say. Such a job can be given up: it has failed then, its thread
is left to itself, and another one takes over the lane.
"""

from __future__ import annotations

import ctypes
import itertools
import logging
import sys
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

log = logging.getLogger(__name__)
_ids = itertools.count(1)
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h

Work = Callable[[CancelToken], Any]
REST_SECONDS = 1.0
"""A lane that has had nothing to do for so long gives memory back."""
SILENT_SECONDS = 120.0
"""A job without a sign of life for so long is said not to answer; a batch of pictures on a slow machine takes less."""


class LaneName(StrEnum):
    """Who works.

    `engine` owns torch, `media` imports and exports, `store` asks and writes the database, `view` fetches what is on
    the screen (thumbnails, big pictures), so that it never waits for an import.
    """

    ENGINE = "engine"
    MEDIA = "media"
    STORE = "store"
    VIEW = "view"


class _StandBack(Exception):  # noqa: N818 - no error, as `Cancelled` is none
    """Something that goes first is waiting; the background job starts anew after it."""


class _GivenUp(BaseException):
    """Raised in a thread that nobody waits for any more; no `except Exception` keeps it there."""


class JobState(StrEnum):
    """Where a job is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """One piece of work on a lane. Its fields are written by the lane only."""

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
        """Take a fresh token, for a start that no former one can disturb."""
        self.token = CancelToken(lambda event: self.notify(self, "event", event))

    def cancel(self) -> None:
        """Stop at the next safe point, or before the start; a paused job is woken for it."""
        self.token.cancel()
        self._running.set()

    def pause(self) -> None:
        """Hold at the next event until `resume`; only a job that `can_pause` has a point to hold at."""
        self._running.clear()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether a pause was asked for."""
        return not self._running.is_set()

    @property
    def can_pause(self) -> bool:
        """Whether `pause` does something now: the job is at work step by step. A download, say, cannot be held."""
        return self.has_steps and self.state is JobState.RUNNING and not self.token.cancelled

    @property
    def finished(self) -> bool:
        """Whether the job is over, however it ended."""
        return self.state in {JobState.DONE, JobState.CANCELLED, JobState.FAILED}

    @property
    def silent_seconds(self) -> float:
        """How long it has given no sign of life; 0 for one that is not at work."""
        return max(0.0, self.token.silence) if self.state is JobState.RUNNING else 0.0

    @property
    def can_give_up(self) -> bool:
        """Whether a thread that is left to itself does no harm: not while it may hold the database."""
        return self.lane is not LaneName.STORE

    def wait_while_paused(self, seconds: float) -> None:
        """Block while paused, at most so long."""
        self._running.wait(seconds)


class _Worker:
    """One thread of a lane, and the jobs it is at: none, one, or a quick one between two events of a long one."""

    def __init__(self, run: Callable[[_Worker], None], name: str) -> None:
        self.jobs: list[Job] = []
        self.in_work = False
        self.thread = threading.Thread(target=run, args=(self,), name=name, daemon=True)

    def interrupt(self) -> None:
        """End the job's own code as soon as it comes back from wherever it hangs, so that it writes nothing more."""
        ident = self.thread.ident
        if self.in_work and ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(_GivenUp))


class Lane:
    """One long-lived worker thread with a queue of jobs, run in the order they came.

    A quick job goes before the ones that wait, and is run between two events of a long one, on the same thread: a typed
    name is ranked while ten thousand pictures are being embedded. A background job comes last: when another one arrives
    it ends at its next event, and is started anew once nothing else waits. So its work has to go on where it left off.
    """

    def __init__(self, name: LaneName) -> None:
        self.name = name
        self._waiting: deque[Job] = deque()
        self._quick: deque[Job] = deque()
        self._background: deque[Job] = deque()
        self._open: dict[int, Job] = {}
        self._closing = False
        self._left: list[threading.Thread] = []
        # Taken by `with`: between a raw lock and its block no exception can come that another thread raises here.
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        with self._lock:  # the thread looks whether it is the lane's
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
        """The jobs that wait or run, oldest first."""
        with self._lock:
            return list(self._open.values())

    def at_work(self) -> Job | None:
        """The job whose code runs now."""
        with self._lock:
            return self._worker.jobs[-1] if self._worker.jobs else None

    def give_up(self, job: Job, meanwhile: Callable[[], None] | None = None) -> bool:
        """Stop waiting for the job at work: it has failed, and another thread takes over the lane.

        A job that it came between fails with it, unless it is one in the background, which starts anew.

        Args:
            job: The job.
            meanwhile: Called before the other thread starts.

        Returns:
            False where the job is not the one at work (any more).
        """
        with self._lock:
            worker = self._worker
            if not worker.jobs or worker.jobs[-1] is not job:
                return False
            log.error("%s has not answered for %.0f s and is given up", job.title, job.silent_seconds)
            self._left.append(worker.thread)
            worker.thread.name = f"left-{self.name}"
            worker.interrupt()
            if meanwhile is not None:
                meanwhile()
            lost = self._lose(worker, lambda one: UserError(_given_up(one, job)))
            self._worker = self._start()
        self._tell_failed(lost)
        return True

    def hanging(self) -> bool:
        """Whether a thread that was given up has not come back, or the lane's own has not ended after `close`."""
        threads = [*self._left, self._worker.thread] if self._closing else self._left
        return any(thread.is_alive() for thread in threads)

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel everything and end the thread; True when it ended within `timeout` seconds."""
        with self._lock:
            self._closing = True
            self._wake.notify()
        for job in self.jobs():
            job.cancel()
        self._worker.thread.join(timeout)
        return not self._worker.thread.is_alive()

    def _lose(self, worker: _Worker, error: Callable[[Job], BaseException]) -> list[Job]:
        """Take the jobs from a worker that works no more; returns those that have failed by that."""
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

    def _tell_failed(self, jobs: list[Job]) -> None:
        for job in jobs:
            self._tell(job, "failed", job.error)

    def _tell(self, job: Job, kind: str, payload: Any) -> None:
        try:
            job.notify(job, kind, payload)
        except Exception:
            log.exception("The listener of job %r failed", job.title)

    def _run(self, worker: _Worker) -> None:
        try:
            while (job := self._next(worker)) is not None:
                self._run_job(worker, job)
                del job  # an idle lane keeps nothing alive of what asked for its last job
                if self._rests():
                    _give_memory_back()
        except _GivenUp:
            return
        except BaseException as error:
            log.critical("The thread of the lane %s ended", self.name, exc_info=error)
            self._replace(worker, error)

    def _replace(self, worker: _Worker, error: BaseException) -> None:
        """Let another thread take over from one that a fault of ours has ended."""
        with self._lock:
            if self._worker is not worker:
                return
            lost = self._lose(worker, lambda _job: error)
            self._worker = self._start()
        self._tell_failed(lost)

    def _next(self, worker: _Worker) -> Job | None:
        """The next job, waiting for one; None once the lane is closing and nothing is left, or is another thread's."""
        with self._lock:
            while self._worker is worker:
                for queue in (self._quick, self._waiting, self._background):
                    if queue:
                        return queue.popleft()
                if self._closing:
                    return None
                self._wake.wait()
            return None

    def _rests(self) -> bool:
        """Whether nothing is to be done for a while."""
        with self._lock:
            wanted = lambda: self._closing or self._quick or self._waiting or self._background  # noqa: E731
            return not self._wake.wait_for(wanted, REST_SECONDS)

    def _run_quick(self, worker: _Worker) -> None:
        """Run the quick jobs that came while a long one was at work."""
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
        except _GivenUp:
            raise
        except _StandBack:
            state, kind = JobState.WAITING, "waiting"
        except Cancelled:
            state, kind = JobState.CANCELLED, "cancelled"
        except BaseException as error:  # noqa: BLE001 - a lane outlives every job, whatever that raised
            job.error = result = error
            state, kind = JobState.FAILED, "failed"
        with self._lock:
            if self._worker is not worker:
                raise _GivenUp
            worker.jobs.pop()
            job.state = state
            if job.finished:
                self._open.pop(job.id, None)
                job.token.on_report = None  # it refers to the job: without it the job ends with its last user
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
                result = self._drive(worker, job, result)
        finally:
            worker.in_work = False
        return result

    def _drive(self, worker: _Worker, job: Job, steps: Generator[Any, None, Any]) -> Any:
        """Run a generator to its end. A stop is thrown into it, so that it may finish tidily and return a result."""
        try:
            event = next(steps)
            while True:
                job.notify(job, "event", event)
                self._between(worker, job)
                event = steps.throw(Cancelled()) if job.token.cancelled else next(steps)
        except StopIteration as stop:
            return stop.value
        finally:
            steps.close()

    def _between(self, worker: _Worker, job: Job) -> None:
        """What a lane does between two events of a job: quick jobs, waiting while it is paused, standing back."""
        worker.in_work = False
        self._run_quick(worker)
        while job.paused and not self._goes_second(job):
            job.wait_while_paused(0.05)
            job.token.beat()
            self._run_quick(worker)
        if self._goes_second(job):
            raise _StandBack
        with self._lock:
            if self._worker is not worker:
                raise _GivenUp
            worker.in_work = True
        job.token.beat()

    def _goes_second(self, job: Job) -> bool:
        """Whether it is a background job with another one waiting. One that is to be stopped ends instead."""
        return job.background and bool(self._waiting) and not job.token.cancelled


def _c_function(name: str) -> Callable[..., int] | None:
    """A function of the C library where that is glibc, which knows these."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def _share_heap() -> None:
    """Let the threads share one heap. Each has its own with glibc, and what one frees no other uses: 30 to 60 MB."""
    if set_option := _c_function("mallopt"):
        set_option(_ARENA_MAX, 1)


def _give_memory_back() -> None:
    """Give free pages of the heap to the system, which glibc keeps: 190 MB after a backbone was loaded. Takes 20 ms."""
    if trim := _c_function("malloc_trim"):
        trim(0)


def _given_up(job: Job, hung: Job) -> str:
    """What to say of a job that was given up."""
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
    """The lanes of one window."""

    def __init__(self) -> None:
        _share_heap()
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
            lane: Whose thread runs it.
            title: What the person reads in the status bar.
            work: The function; called with the job's cancel token, on the lane's thread.
            notify: Called on the lane's thread with (job, kind, payload); kind is "started", "event",
                "waiting" (it stands back), "done", "cancelled" or "failed", payload the event, the result or the
                exception.
            visible: Whether the job is shown among the running jobs.
            quick: Whether it goes before the others, and between two events of a long one.
            background: Whether it stands back for all others; it is then started anew, so a second start has to go on
                where the first one left off.
        """
        return self._lanes[lane].submit(Job(title, lane, work, notify, visible, quick, background))

    def jobs(self) -> list[Job]:
        """Every job that waits or runs."""
        return [job for lane in self._lanes.values() for job in lane.jobs()]

    def silent(self) -> list[Job]:
        """The jobs at work that have given no sign of life for `SILENT_SECONDS`."""
        found = [lane.at_work() for lane in self._lanes.values()]
        return [job for job in found if job is not None and job.silent_seconds > SILENT_SECONDS]

    def give_up(self, job: Job, meanwhile: Callable[[], None] | None = None) -> bool:
        """Stop waiting for a job that hangs; see `Lane.give_up`."""
        return self._lanes[job.lane].give_up(job, meanwhile)

    @property
    def hanging(self) -> bool:
        """Whether a thread has not come back; the program cannot end by itself then."""
        return any(lane.hanging() for lane in self._lanes.values())

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel all jobs and end the threads; True when all ended in time.

        The store lane ends last, so that what the others had to write is written.
        """
        order = (LaneName.VIEW, LaneName.ENGINE, LaneName.MEDIA, LaneName.STORE)
        ended = [self._lanes[name].close(timeout) for name in order]
        return all(ended)
