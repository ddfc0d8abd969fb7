"""The one object that carries results from the worker threads to the main thread.

It lives as long as the application. Workers call `_notify` on their own thread; the signal takes it over to the main
thread, where the callbacks that were given to `run` are called. Events are coalesced: between two ticks of a 50 ms
timer only the newest progress of a job is shown, while events that must not be lost (changes, epochs) are all
delivered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from mma_desktop.domain import EpochEvent, Progress, UserError
from mma_desktop.jobs import Job, LaneName, Lanes, Work

log = logging.getLogger(__name__)
TICK_MS = 50


@dataclass
class _Callbacks:
    """What the one who started a job wants to hear, all on the main thread."""

    done: Callable[[Any], None] | None
    event: Callable[[Any], None] | None
    failed: Callable[[str], None] | None
    finished: Callable[[], None] | None


def is_heard(callback: Callable[..., Any]) -> bool:
    """Whether the Qt object a method belongs to is still there; as with signals, one that is gone hears nothing."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class Bridge(QObject):
    """Starts jobs on the lanes and delivers what they say on the main thread.

    Signals:
        job_changed: A visible job started, reported or ended: (Job, its newest `Progress` or None).
        problem: A sentence for the person, with a title: (title, sentence).
        bug: Something of ours failed: (title, exception).
    """

    job_changed = Signal(object, object)
    problem = Signal(str, str)
    bug = Signal(str, object)
    _arrived = Signal(object, str, object)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._callbacks: dict[int, _Callbacks] = {}
        self._newest: dict[int, tuple[Job, Progress]] = {}
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush)

    def run(
        self,
        lane: LaneName,
        title: str,
        work: Work,
        *,
        done: Callable[[Any], None] | None = None,
        event: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
        finished: Callable[[], None] | None = None,
        visible: bool = True,
        quick: bool = False,
        background: bool = False,
    ) -> Job:
        """Queue work on a lane; every callback is called on the main thread.

        Args:
            lane: Whose thread does it.
            title: What the person reads while it runs.
            work: See `jobs`.
            done: Called with the result.
            event: Called with each event that is no plain progress, and with progress that carries changes.
            failed: Called with a sentence instead of the `problem` signal (a form that shows its own errors).
            finished: Called at the end, however it ended.
            visible: Whether it is shown among the running jobs.
            quick: Whether it goes between two events of a long job of the same lane.
            background: Whether it stands back for every other job of the lane; see `jobs`.
        """
        job = self._lanes.submit(lane, title, work, self._notify, visible=visible, quick=quick, background=background)
        # The job may report before this line, but its signal is queued and comes after it.
        self._callbacks[job.id] = _Callbacks(done, event, failed, finished)
        if visible:
            self.job_changed.emit(job, None)
        return job

    def jobs(self) -> list[Job]:
        """The jobs that wait or run."""
        return self._lanes.jobs()

    def busy(self) -> list[Job]:
        """The jobs the person can see that wait or run."""
        return [job for job in self._lanes.jobs() if job.visible]

    def _notify(self, job: Job, kind: str, payload: Any) -> None:
        self._arrived.emit(job, kind, payload)

    def _deliver(self, job: Job, kind: str, payload: Any) -> None:
        callbacks = self._callbacks.get(job.id)
        if kind == "event":
            self._deliver_event(job, callbacks, payload)
            return
        if kind in {"started", "waiting"}:
            if job.visible:
                self.job_changed.emit(job, None)
            return
        self._newest.pop(job.id, None)
        self._callbacks.pop(job.id, None)
        if job.visible:
            self.job_changed.emit(job, None)
        if callbacks is None:
            return
        try:
            if kind == "done" and callbacks.done is not None and is_heard(callbacks.done):
                callbacks.done(payload)
            elif kind == "failed":
                self._deliver_failure(job, callbacks, payload)
        finally:
            if callbacks.finished is not None and is_heard(callbacks.finished):
                callbacks.finished()

    def _deliver_event(self, job: Job, callbacks: _Callbacks | None, payload: Any) -> None:
        if isinstance(payload, Progress):
            if job.visible:
                self._newest[job.id] = (job, payload)
                if not self._timer.isActive():
                    self._timer.start()
            if payload.changes is None:
                return
        listener = callbacks.event if callbacks is not None else None
        if listener is not None and isinstance(payload, Progress | EpochEvent) and is_heard(listener):
            listener(payload)

    def _deliver_failure(self, job: Job, callbacks: _Callbacks, error: BaseException) -> None:
        if isinstance(error, UserError):
            log.info("%s: %s", job.title, error)
            if callbacks.failed is not None:
                if is_heard(callbacks.failed):
                    callbacks.failed(str(error))
            else:
                self.problem.emit(job.title, str(error))
            return
        log.error("%s failed", job.title, exc_info=error)
        if callbacks.failed is not None and is_heard(callbacks.failed):
            callbacks.failed(f"{job.title} failed: {error}. The log has the details.")
        self.bug.emit(job.title, error)

    def _flush(self) -> None:
        newest, self._newest = self._newest, {}
        for job, progress in newest.values():
            self.job_changed.emit(job, progress)
