"""What long jobs are given and what they report: tokens, progress, and what a write changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy, Scores


class CancelToken:
    """What a job is given: a flag that another thread sets, and a way to report between its yields.

    Whatever the job does with it is a sign of life, which tells a long job from one that hangs.
    """

    def __init__(self, on_report: Callable[[Any], None] | None = None) -> None:
        self._event = threading.Event()
        self.on_report = on_report
        self._seen = time.monotonic()
        self._patience = 0.0

    def beat(self) -> None:
        """Give a sign of life."""
        self._seen = time.monotonic()

    @property
    def silence(self) -> float:
        """Seconds since the last sign of life, beyond those that `slow_step` allows."""
        return time.monotonic() - self._seen - self._patience

    @contextmanager
    def slow_step(self, seconds: float) -> Iterator[None]:
        """Allow the step inside to give no sign of life for so much longer than usual."""
        self.beat()
        self._patience = seconds
        try:
            yield
        finally:
            self._patience = 0.0
            self.beat()

    def report(self, event: Any) -> None:
        """Pass an event on from code that cannot yield (a download's callback, say)."""
        self.beat()
        listener = self.on_report  # it may be taken away meanwhile
        if listener is not None:
            listener(event)

    def cancel(self) -> None:
        """Ask the job to stop at its next safe point."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if a stop was asked for."""
        self.beat()
        if self._event.is_set():
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed; views refresh from it alone.

    `images` were added or removed; `labels` are images whose label changed; the flags say that the list of classes,
    the runs or a project setting changed, `files` that others are missing or changed on disk than before. `title` names
    the action, for the undo menu.
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
        """Whether nothing changed."""
        return self == Changes(title=self.title)


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of a long job. `total` is None while it is not known; `rate` is items a second."""

    done: int
    total: int | None
    message: str = ""
    rate: float | None = None
    seconds_left: float | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, counted in files. `labels_from` names what gave the labels; empty for folder names."""

    added: int
    duplicates: int
    known: int
    problems: int
    labelled: int
    seconds: float
    stopped: bool = False
    notes: tuple[str, ...] = ()
    found_again: int = 0
    labels_from: str = ""

    def sentence(self) -> str:
        """The report in words."""
        parts = [tr("{n} image added", "{n} images added", self.added)]
        if self.labelled and self.labels_from:
            origin = self.labels_from
            parts.append(tr("{n} labelled from {origin}", "{n} labelled from {origin}", self.labelled, origin=origin))
        elif self.labelled:
            parts.append(tr("{n} labelled from folder names", "{n} labelled from folder names", self.labelled))
        if self.duplicates:
            parts.append(tr("{n} duplicate (same bytes)", "{n} duplicates (same bytes)", self.duplicates))
        if self.known:
            parts.append(tr("{n} already here", "{n} already here", self.known))
        if self.found_again:
            parts.append(tr("{n} missing image found again", "{n} missing images found again", self.found_again))
        if self.problems:
            parts.append(tr("{n} with a problem", "{n} with a problem", self.problems))
        report = ", ".join(parts)
        return tr("{report} (stopped).", report=report) if self.stopped else f"{report}."


@dataclass(frozen=True, slots=True)
class EpochEvent:
    """One epoch of a training.

    `phase` is "train", or "fold i of 4" during cross-validation. `base` and `new` are measured on held-out images
    that no choice is made on; `validation` is what early stopping looks at. `h` is their harmonic mean. `best_epoch` is
    0 where no epoch is chosen: a recipe without a patience trains them all.
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
