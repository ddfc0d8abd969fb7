"""The one object that carries results from the worker threads to the main thread, where callbacks are called.

It lives as long as the application, and drops outdated results, so that no view has to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from mma_desktop.core.errors import UserError, out_of_memory, shortage_sentence
from mma_desktop.core.events import Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import Job, LaneName, Lanes, Work
from mma_desktop.ui.widgets.controls import repeating, single_shot

log = logging.getLogger(__name__)
TICK_MS = 50  # 20 updates a second look steady; each repaints the status bar
WATCH_MS = 1000  # silence is counted in minutes; asking more often would tell no sooner
# What a job without a title is called if it fails or hangs.
HIDDEN = {
    LaneName.ENGINE: later("Asking the image model"),
    LaneName.STORE: later("Reading or saving the project"),
    LaneName.MEDIA: later("Looking at files"),
    LaneName.VIEW: later("Looking at files"),
}


@dataclass
class _Callbacks:
    done: Callable[[Any], None] | None
    event: Callable[[Any], None] | None
    failed: Callable[[str], None] | None
    finished: Callable[[], None] | None
    context: object | None
    question: Hashable | None
    forgotten: bool = False


def receiver_is_alive(callback: Callable[..., Any]) -> bool:
    """Return whether the Qt object still exists whose method a callback is, or in whose method it was defined."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    # A closure keeps the Python object alive, but Qt may have deleted the C++ one: as with signals, it is not called.
    if isinstance(callback, FunctionType) and "self" in callback.__code__.co_freevars:
        owner = (callback.__closure__ or ())[callback.__code__.co_freevars.index("self")].cell_contents
    return not isinstance(owner, QObject) or isValid(owner)


def _user_message(job: Job, error: BaseException) -> str:
    """Return the message for a failure that is not a bug; empty for a bug."""
    if isinstance(error, UserError):
        return str(error)
    if out_of_memory(error):
        return tr(
            "There was not enough memory for: {job}. Every label is saved. Close other programs "
            "and try again, or choose a smaller image model such as the starter.",
            job=job.title,
        )
    return shortage_sentence(error)


class Bridge(QObject):
    """Starts jobs on the lanes and delivers their reports on the main thread.

    Attributes:
        context: The open project, or None.
    """

    # a visible Job that started, reported or ended, and its newest Progress or None
    job_changed = Signal(object, object)
    problem = Signal(str, str)  # title and sentence for the user
    bug = Signal(str, object)  # title, exception
    silent = Signal(list)  # jobs that do not answer: repeated while there are any, and empty once there are none
    _arrived = Signal(object, str, object)

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self.context: Any = None
        self._callbacks: dict[int, _Callbacks] = {}
        self._questions: dict[Hashable, Job] = {}
        self._newest: dict[int, tuple[Job, Progress]] = {}
        # Queued: the lanes emit on their own threads, and what is shown may be touched on the main thread alone.
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # Of the plain progress of a tick only the newest is shown; changes and epochs must not be lost.
        self._timer = single_shot(self, TICK_MS, self._flush)
        self._any_silent = False
        self._watch = repeating(self, WATCH_MS, self._check_silent)

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
        quick: bool = False,
        background: bool = False,
        context: object | None = None,
        question: Hashable | None = None,
    ) -> Job:
        """Queue work on a lane; every callback is called on the main thread.

        Args:
            lane: The lane whose thread does the work.
            title: Shown to the user while it runs; a job without one is not listed.
            work: See `jobs`.
            done: Called with the result.
            event: Called with each event other than plain progress, and with progress that carries changes.
            failed: Called with a sentence instead of emitting `problem` (for forms that show their own errors).
            finished: Called at the end in every case.
            quick: Whether it may run at a checkpoint of a long job on the same lane.
            background: Whether it yields to every other job of the lane; see `jobs`.
            context: The project it belongs to. Once another is open, `done`, `event` and `failed` are not called. A
                failure without `failed` is still reported: it may concern the user's files.
            question: Identifies the question, such as `(self, "rank")`. Only the newest job of a question reports: an
                older one is cancelled, and only its `finished` is called.
        """
        if question is not None:
            self.forget(question)
        visible, name, tell = bool(title), title or tr(HIDDEN[lane]), self._arrived.emit
        job = self._lanes.submit(lane, name, work, tell, visible=visible, quick=quick, background=background)
        # The job may report before this line, but its signal is queued and arrives after it.
        self._callbacks[job.id] = _Callbacks(done, event, failed, finished, context, question)
        if question is not None:
            self._questions[question] = job
        self._watch.ensure_started()
        if visible:
            self.job_changed.emit(job, None)
        return job

    def forget(self, question: Hashable) -> None:
        job = self._questions.pop(question, None)
        if job is not None:
            # It may still report: a thread stops at its next checkpoint.
            self._callbacks[job.id].forgotten = True
            job.cancel()
            if job.visible:
                # Nobody stopped it, and the newer job of the question has the same title.
                job.visible = False
                self.job_changed.emit(job, None)

    def jobs(self) -> list[Job]:
        return self._lanes.jobs()

    def busy(self) -> list[Job]:
        return [job for job in self._lanes.jobs() if job.visible]

    def unfinished(self) -> list[Job]:
        # Closing loses nothing of what resumes by itself, is asked anew, or is stopping already.
        answers = self._questions.values()
        return [job for job in self.busy() if not (job.background or job.token.cancelled or job in answers)]

    def silence(self, lane: LaneName) -> float:
        """Seconds since the job that runs on a lane last answered."""
        return self._lanes.silence(lane)

    def _check_silent(self) -> None:
        silent = self._lanes.silent()
        if silent or self._any_silent:
            # Also once when there are none any more, which takes the message back.
            self._any_silent = bool(silent)
            self.silent.emit(silent)
        if not self._lanes.jobs():
            self._watch.stop()

    def _deliver(self, job: Job, kind: str, payload: Any) -> None:
        callbacks = self._callbacks[job.id]
        if kind == "event":
            self._deliver_event(job, callbacks, payload)
            return
        if kind in {"started", "waiting"}:
            if job.visible:
                self.job_changed.emit(job, None)
            return
        self._newest.pop(job.id, None)  # or the next tick would show progress after the end
        del self._callbacks[job.id]
        if callbacks.question is not None and not callbacks.forgotten:
            del self._questions[callbacks.question]
        if job.visible:
            self.job_changed.emit(job, None)
        try:
            if kind == "done" and callbacks.done is not None and self._is_wanted(callbacks, callbacks.done):
                callbacks.done(payload)
            elif kind == "failed":
                self._deliver_failure(job, callbacks, payload)
        finally:
            if callbacks.finished is not None and receiver_is_alive(callbacks.finished):
                callbacks.finished()

    def _is_wanted(self, callbacks: _Callbacks, callback: Callable[..., Any]) -> bool:
        # A result for a project that is closed must not reach the views of the next one.
        is_open = callbacks.context is None or callbacks.context is self.context
        return is_open and not callbacks.forgotten and receiver_is_alive(callback)

    def _deliver_event(self, job: Job, callbacks: _Callbacks, payload: Any) -> None:
        if isinstance(payload, Progress):
            if job.visible:
                self._newest[job.id] = (job, payload)
                self._timer.ensure_started()
            if payload.changes is None:
                return
        if callbacks.event is not None and self._is_wanted(callbacks, callbacks.event):
            callbacks.event(payload)

    def _deliver_failure(self, job: Job, callbacks: _Callbacks, error: BaseException) -> None:
        sentence = _user_message(job, error)
        if sentence:
            log.info("%s: %s", job.title, error, exc_info=None if isinstance(error, UserError) else error)
            if callbacks.failed is not None:
                if self._is_wanted(callbacks, callbacks.failed):
                    callbacks.failed(sentence)
            elif not callbacks.forgotten:
                self.problem.emit(job.title, sentence)
            return
        log.error("%s failed", job.title, exc_info=error)
        # A bug: its sentence goes to the form that asked, and the exception to the report.
        if callbacks.failed is not None and self._is_wanted(callbacks, callbacks.failed):
            callbacks.failed(tr("{job} failed: {error}. The log has the details.", job=job.title, error=error))
        self.bug.emit(job.title, error)

    def _flush(self) -> None:
        newest, self._newest = self._newest, {}
        for job, progress in newest.values():
            self.job_changed.emit(job, progress)
