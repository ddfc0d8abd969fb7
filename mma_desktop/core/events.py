"""Data exchanged with long jobs: cancel tokens, progress with rate and time left, what a write changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy, LeftOut, Scores


@dataclass(slots=True)
class _Signals:
    """What the tokens of a job and of its parts share."""

    cancelled: bool = False
    wrapping_up: bool = False
    has_checkpoints: bool = False
    seen: float = field(default_factory=time.monotonic)


class CancelToken:
    """Passed to a job, which reports through it, and raises `Cancelled` once another thread has cancelled it.

    Any use of it counts as a heartbeat, which distinguishes a long job from a hung one.

    Args:
        on_report: Called with each event, on the thread that reports it.
        safe_point: Called at each checkpoint; may run other work, wait, and raise.
    """

    def __init__(
        self, on_report: Callable[[Any], object] | None = None, safe_point: Callable[[], object] | None = None
    ) -> None:
        self.on_report, self.safe_point = on_report, safe_point
        self._signals = _Signals()

    def relaying(self, relay: Callable[[Any], Any]) -> CancelToken:
        """A token for a part of the job, whose events are reported as what `relay` makes of them; None drops one."""
        part = copy(self)
        part.on_report = lambda event: self.report(relay(event))
        return part

    def quiet(self) -> CancelToken:
        """A token for a part of the job that reports nothing and at whose checkpoints no other work may run."""
        part = copy(self)
        part.detach()
        return part

    def detach(self) -> None:
        """Report nothing any more, and have no safe points."""
        self.on_report = self.safe_point = None

    def beat(self) -> None:
        self._signals.seen = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the last heartbeat."""
        return time.monotonic() - self._signals.seen

    def report(self, event: Any) -> None:
        """Report an event, unless it is None, from where the job must not stop: a download, or another thread."""
        self.beat()
        listener = self.on_report  # may be cleared by another thread
        if event is not None and listener is not None:
            listener(event)

    def checkpoint(self, event: Any = None) -> None:
        """Report an event, if any, and be a safe point, where the job may be paused or stopped and others may run.

        Only for the job's own thread, outside locks and transactions. Raises Cancelled if the token was cancelled.
        """
        self._signals.has_checkpoints |= self.safe_point is not None
        self.report(event)
        if self.safe_point is not None:
            self.safe_point()
        self.raise_if_cancelled()

    def cancel(self) -> None:
        self._signals.cancelled = True

    def wrap_up(self) -> None:
        """Ask the job to end early with what it has, where it has something; otherwise it stops as if cancelled."""
        self._signals.wrapping_up = True

    @property
    def cancelled(self) -> bool:
        return self._signals.cancelled

    @property
    def wrapping_up(self) -> bool:
        return self._signals.wrapping_up

    @property
    def has_checkpoints(self) -> bool:
        """Whether the job has come to a checkpoint, and so can be paused."""
        return self._signals.has_checkpoints

    def raise_if_cancelled(self) -> None:
        self.beat()
        if self._signals.cancelled:
            raise Cancelled

    def slices(self, count: int, size: int) -> Iterator[slice]:
        """The parts of `count` items, at most `size` in each, checking for cancellation before each of them."""
        for start in range(0, count, size):
            self.raise_if_cancelled()
            yield slice(start, min(start + size, count))


class Throttle:
    """Limits the progress reports of a long job to one each `seconds`; the first is due at once."""

    def __init__(self, seconds: float = 0.1) -> None:
        self._seconds = seconds
        self._next = 0.0

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed; views refresh from this alone.

    `images` were added or removed; `labels` are images whose label changed. The flags tell whether the class list, the
    runs or a project setting changed, and `files` whether the set of missing or modified files changed. `title` names
    the action in the undo menu.
    """

    title: str = ""
    images_added: tuple[int, ...] = ()
    images_removed: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    classes: bool = False
    runs: bool = False
    settings: bool = False
    predictions: bool = False
    embeddings: bool = False
    files: bool = False

    @property
    def empty(self) -> bool:
        return self == Changes(title=self.title)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a long job. `total` is None while unknown; `rate` is in items per second."""

    done: int
    total: int | None
    message: str = ""
    rate: float | None = None
    seconds_left: float | None = None
    changes: Changes | None = None


def left_out_sentence(counts: Mapping[LeftOut, int]) -> str:
    """Such as "Left out: 12 side-cars, 3 films, 1 document."; "" if nothing was."""
    sides, films, documents = (counts.get(kind, 0) for kind in LeftOut)
    parts = [
        *([tr("{n} side-car", "{n} side-cars", sides)] if sides else []),
        *([tr("{n} film", "{n} films", films)] if films else []),
        *([tr("{n} document", "{n} documents", documents)] if documents else []),
    ]
    return tr("Left out: {files}.", files=", ".join(parts)) if parts else ""


@dataclass(frozen=True, slots=True)
class EpochEvent:
    """One epoch of a training.

    `phase` is "train", or "fold i of 4" during cross-validation. `base` and `new` are measured on held-out images that
    do not influence any choice; `h` is their harmonic mean. `validation` is what early stopping uses. `best_epoch` is 0
    if no epoch is selected: a recipe without patience trains all of them. `alone` are base and new on the same images
    without the visual head, which is fitted before the first epoch. `likely` has the ids of the images that are now the
    likeliest of each class known by its name alone, by its id, the likeliest first; empty where they were not asked for
    or are as before.
    """

    phase: str
    epoch: int
    max_epochs: int
    loss: float
    validation_loss: float | None
    validation: Accuracy | None
    base: Accuracy | None
    new: Accuracy | None
    h: float | None
    zero_shot: Scores
    best_epoch: int
    seconds_left: float
    alone: Scores = field(default_factory=Scores)
    likely: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


MIN_SECONDS = 1.0  # before the pace is told; on the screen a second is no wait


class Eta:
    """Works out rate and time left from what was done since the start; times are those of `time.perf_counter`."""

    # What is `done` already says nothing about the pace; nor do the first `least` seconds, in which what was waiting
    # comes at once.

    def __init__(self, done: int = 0, now: float | None = None, least: float = MIN_SECONDS) -> None:
        self.done, self.since, self._least = done, time.perf_counter() if now is None else now, least

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.since

    def measure(self, done: int, left: int | None, now: float | None = None) -> tuple[float | None, float | None]:
        """Items per second and seconds left, each None while unknown; `left` items remain, None if unknown."""
        seconds, worked = (time.perf_counter() if now is None else now) - self.since, done - self.done
        if worked <= 0 or seconds <= 0 or seconds < self._least:
            return None, None
        return worked / seconds, None if left is None else max(0, left) * seconds / worked


class ReportEta:
    """Follows the reports of one job. Starts again after a pause, and when the total changes or the count decreases."""

    def __init__(self) -> None:
        self._eta: Eta | None = None
        self._last = Progress(0, None)

    def reset(self) -> None:
        """Start measuring again, because the time of a pause says nothing about the job's pace."""
        self._eta = None

    def fill(self, progress: Progress, now: float) -> Progress:
        """Add rate and time left to a report that has no rate of its own, once they are known."""
        if progress.total is None or progress.rate is not None or progress.seconds_left is not None:
            return progress
        if self._eta is None or progress.total != self._last.total or progress.done < self._last.done:
            self._eta = Eta(progress.done, now)
        self._last = progress
        rate, left = self._eta.measure(progress.done, progress.total - progress.done, now)
        return replace(progress, rate=rate, seconds_left=left)
