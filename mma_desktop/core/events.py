"""Data exchanged with long jobs: cancel tokens, progress, and descriptions of what a write changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy, LeftOut, Scores

Event = TypeVar("Event")
Relayed = TypeVar("Relayed")
Result = TypeVar("Result")


class CancelToken:
    """Passed to a job: a cancel flag set by another thread, and a way to report between yields.

    Whatever takes a token raises `Cancelled` once it is set. Any use of it counts as a heartbeat, which distinguishes a
    long job from a hung one.
    """

    def __init__(self, on_report: Callable[[Any], None] | None = None) -> None:
        self._event = threading.Event()
        self.wrapping_up = False
        self.on_report = on_report
        self._seen = time.monotonic()

    def beat(self) -> None:
        self._seen = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the last heartbeat."""
        return time.monotonic() - self._seen

    def report(self, event: Any) -> None:
        """Report an event from code that cannot yield, such as a download callback."""
        self.beat()
        listener = self.on_report  # may be cleared by another thread
        if listener is not None:
            listener(event)

    def cancel(self) -> None:
        self._event.set()

    def wrap_up(self) -> None:
        """Ask the job to end early with what it has, where it has something; otherwise it stops as if cancelled."""
        self.wrapping_up = True

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        self.beat()
        if self._event.is_set():
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


def relayed(
    steps: Generator[Event, None, Result], relay: Callable[[Event], Relayed]
) -> Generator[Relayed, None, Result]:
    """Run a job as a part of another one: yield what `relay` makes of each event, and return the job's result."""
    try:
        while True:
            yield relay(next(steps))
    except StopIteration as stop:
        result: Result = stop.value
        return result
    finally:
        steps.close()


def result_of(steps: Generator[Event, None, Result], show: Callable[[Event], object] | None = None) -> Result:
    """Run a job to its end and return its result; `show` is called with each event."""
    relay = relayed(steps, show or (lambda _event: None))
    try:
        while True:
            next(relay)
    except StopIteration as stop:
        result: Result = stop.value
        return result


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


Stepwise = Generator[Progress, None, Result]
"""What a long job returns: it reports `Progress` at each point where it can be stopped, and ends with a result."""


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
    if no epoch is selected: a recipe without patience trains all of them.
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
