"""Worker threads as lanes: one queue, one long-lived thread, one kind of work each. No Qt.

A job's work is a function of a cancel token. It may be a generator function: then every value it yields is a progress
event and a point where the job can be paused or cancelled, and what it returns is the job's result. Cancelling is an
outcome, not an error. A background job stands back: it lets every other job go before it, also one that comes later.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import StrEnum
from types import GeneratorType
from typing import Any

from mma_desktop.domain import Cancelled, CancelToken

log = logging.getLogger(__name__)
_ids = itertools.count(1)

Work = Callable[[CancelToken], Any]


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


class JobState(StrEnum):
    """Where a job is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """One piece of work on a lane. Fields other than `token` are written by the lane's thread only."""

    title: str
    lane: LaneName
    work: Work
    notify: Callable[[Job, str, Any], None]
    visible: bool = True
    quick: bool = False
    background: bool = False
    id: int = field(default_factory=lambda: next(_ids))
    state: JobState = JobState.WAITING
    token: CancelToken = field(default_factory=CancelToken)
    error: BaseException | None = None
    has_steps: bool = False
    _running: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._running.set()
        self.token.on_report = lambda event: self.notify(self, "event", event)

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

    def wait_while_paused(self, seconds: float) -> None:
        """Block while paused, at most so long."""
        self._running.wait(seconds)


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
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"mma-{name}", daemon=True)
        self._thread.start()

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
        job.notify(job, "cancelled", None)
        return job

    def jobs(self) -> list[Job]:
        """The jobs that wait or run, oldest first."""
        with self._wake:
            return list(self._open.values())

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel everything and end the thread; True when it ended within `timeout` seconds."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        for job in self.jobs():
            job.cancel()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._run_job(job)
            del job  # an idle lane keeps nothing alive of what asked for its last job

    def _next(self) -> Job | None:
        """The next job, waiting for one; None once the lane is closing and nothing is left."""
        with self._wake:
            while True:
                for queue in (self._quick, self._waiting, self._background):
                    if queue:
                        return queue.popleft()
                if self._closing:
                    return None
                self._wake.wait()

    def _run_quick(self) -> None:
        """Run the quick jobs that came while a long one was at work."""
        while True:
            with self._wake:
                if not self._quick:
                    return
                job = self._quick.popleft()
            self._run_job(job)

    def _run_job(self, job: Job) -> None:
        result: Any = None
        kind = "done"
        try:
            job.token.raise_if_cancelled()
            job.state = JobState.RUNNING
            job.notify(job, "started", None)
            result = job.work(job.token)
            if isinstance(result, GeneratorType):
                job.has_steps = True
                result = self._drive(job, result)
            job.state = JobState.DONE
        except _StandBack:
            job.state, kind = JobState.WAITING, "waiting"
        except Cancelled:
            job.state, kind = JobState.CANCELLED, "cancelled"
        except BaseException as error:  # noqa: BLE001 - a lane outlives every job, whatever that raised
            job.error = result = error
            job.state, kind = JobState.FAILED, "failed"
        with self._wake:
            if job.finished:
                self._open.pop(job.id, None)
                job.token.on_report = None  # it refers to the job: without it the job ends with its last user
            else:
                self._background.appendleft(job)
        try:
            job.notify(job, kind, result)
        except Exception:
            log.exception("The listener of job %r failed", job.title)

    def _drive(self, job: Job, steps: Generator[Any, None, Any]) -> Any:
        """Run a generator to its end. A stop is thrown into it, so that it may finish tidily and return a result."""
        try:
            event = next(steps)
            while True:
                job.notify(job, "event", event)
                self._run_quick()
                while job.paused and not self._goes_second(job):
                    job.wait_while_paused(0.05)
                    self._run_quick()
                if self._goes_second(job):
                    raise _StandBack
                event = steps.throw(Cancelled()) if job.token.cancelled else next(steps)
        except StopIteration as stop:
            return stop.value
        finally:
            steps.close()

    def _goes_second(self, job: Job) -> bool:
        """Whether it is a background job with another one waiting. One that is to be stopped ends instead."""
        return job.background and bool(self._waiting) and not job.token.cancelled


class Lanes:
    """The lanes of one window."""

    def __init__(self) -> None:
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

    def close(self, timeout: float = 30.0) -> bool:
        """Cancel all jobs and end the threads; True when all ended in time.

        The store lane ends last, so that what the others had to write is written.
        """
        order = (LaneName.VIEW, LaneName.ENGINE, LaneName.MEDIA, LaneName.STORE)
        ended = [self._lanes[name].close(timeout) for name in order]
        return all(ended)
