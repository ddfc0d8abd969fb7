"""The words of the project: plain frozen data, enumerations and errors.

Standard library only, so every layer may import this module and none is pulled in by it.
Accuracies are in percent (0 to 100) everywhere outside the training loop.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from mma_desktop.answers import Answers
from mma_desktop.words import later, tr

DEFAULT_SHOTS = 16
STARTER_ID = "starter"
DEFAULT_METHOD = "multi-modal-adapter-plus"


# --------------------------------------------------------------------------------------
# errors


class UserError(Exception):
    """Something outside the program is not as needed; the message says what to do about it.

    Shown to the person as it is, never with a traceback. Everything else that escapes is a bug of ours and is
    reported with the log.
    """


class Cancelled(Exception):  # noqa: N818 - an outcome the person asked for, not an error
    """Raised inside a job at the next safe point after its cancel token was set."""


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


# --------------------------------------------------------------------------------------
# classes, images, labels


class Role(StrEnum):
    """Base classes are trained; new classes are only ever named."""

    BASE = "base"
    NEW = "new"


class LabelSource(StrEnum):
    """Who set a label."""

    PERSON = "person"
    FOLDER = "folder"
    SUGGESTION = "suggestion"


class Use(StrEnum):
    """What a labelled image is used for. A label without one is divided automatically (see `session.splits`)."""

    SHOT = "shot"
    VALIDATION = "validation"
    TEST = "test"


class ProblemKind(StrEnum):
    """Why a file could not become an image of the project."""

    NOT_AN_IMAGE = later("not an image")
    UNSUPPORTED = later("unsupported format")
    EMPTY = later("empty file")
    TRUNCATED = later("truncated")
    DAMAGED = later("damaged")
    TOO_LARGE = later("too large")
    UNREADABLE = later("unreadable")
    VANISHED = later("vanished")
    LINK_LOOP = later("link loop")


@dataclass(frozen=True, slots=True)
class ImageClass:
    """One class of a project. `position` orders the list from 0; `key` is a one-character shortcut or empty."""

    id: int
    name: str
    role: Role
    position: int
    colour: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What one read of one file told: its content hash and header, or the reason it is no usable picture.

    `content_hash` is the SHA-256 of the bytes (32 bytes), None where the file could not be read.
    `width` and `height` are in pixels after the EXIF orientation. `folder_class` is the name of the class folder the
    file was found in, where folder names are to become labels.
    """

    path: Path
    content_hash: bytes | None
    size: int
    mtime_ns: int
    width: int = 0
    height: int = 0
    format: str = ""
    problem: ProblemKind | None = None
    reason: str = ""
    folder_class: str | None = None


@dataclass(frozen=True, slots=True)
class ImageRow:
    """One image of a project as the views show it."""

    id: int
    path: Path
    content_hash: bytes | None
    width: int
    height: int
    format: str
    size: int
    places: tuple[Path, ...]
    problem: ProblemKind | None
    reason: str
    class_id: int | None
    source: LabelSource | None
    use: Use | None
    added_at: float


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """How a picture becomes the input of an image encoder.

    The picture is resized so that its shorter side is `resize_to` pixels ("shortest"), or to `size` x `size`
    regardless of its shape ("squash"), or so that its longer side is `size` and the rest is filled ("longest");
    then the centre `size` x `size` is cut out, scaled to 0..1, and `(x - mean) / std` is taken per channel.
    """

    size: int
    resize_to: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: str = "bicubic"
    resize_mode: str = "shortest"

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when any of the numbers does."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


# --------------------------------------------------------------------------------------
# what changed


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


# --------------------------------------------------------------------------------------
# accuracy


@dataclass(frozen=True, slots=True)
class Accuracy:
    """An accuracy in percent over `n` images with its 95% Wilson score interval."""

    percent: float
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, correct: int, n: int) -> Accuracy:
        """Accuracy of `correct` right answers out of `n`, with the Wilson interval (Wilson 1927).

        Raises:
            ValueError: `n` is not positive, or `correct` is outside 0..n.
        """
        if n <= 0 or not 0 <= correct <= n:
            raise ValueError(f"no accuracy of {correct} out of {n}")
        z = 1.959963984540054
        p = correct / n
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return cls(100 * p, n, max(0.0, 100 * (centre - half)), min(100.0, 100 * (centre + half)))


def harmonic_mean(base: float, new: float) -> float:
    """Harmonic mean H of base and new accuracy, in percent; 0 when both are 0."""
    return 2 * base * new / (base + new) if base + new > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Accuracies as `method.md`'s protocol defines them; None where there was no labelled image to measure on.

    `base`: images of base classes among base class names. `new`: images of new classes among new class names.
    `all`: every image among every class name.
    """

    base: Accuracy | None = None
    new: Accuracy | None = None
    all: Accuracy | None = None

    @property
    def h(self) -> float | None:
        """Harmonic mean of base and new, or None when either is missing."""
        if self.base is None or self.new is None:
            return None
        return harmonic_mean(self.base.percent, self.new.percent)


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class's accuracy among the names of its own role, before and after training."""

    name: str
    role: Role
    zero_shot: Accuracy | None
    adapted: Accuracy | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured after a training or by `evaluate`.

    `confusion[i][j]` counts images of class i that were predicted as class j among all class names, in the order of
    `class_names`. `base_by` says how base accuracy was measured: "held-out", or on the shots themselves by
    "cross-validation" or "leave-one-out". The answers are None where no image was measured, or by a version that did
    not keep them. Nothing is rejected here.
    """

    class_names: tuple[str, ...]
    roles: tuple[Role, ...]
    zero_shot: Scores
    adapted: Scores
    per_class: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    base_by: str = "held-out"
    zero_shot_answers: Answers | None = None
    adapted_answers: Answers | None = None


# --------------------------------------------------------------------------------------
# training


MAX_RATE = 1e6
"""Largest learning rate and weight decay. Single precision ends at 3e38, and an optimiser multiplies them."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter is optimised; the defaults are the paper's (section 4)."""

    learning_rate: float = 0.005
    batch_size: int = 256
    weight_decay: float = 1e-4
    max_epochs: int = 200
    patience: int = 10


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


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What the person asks for on the train page or on the command line; no recipe is the method's own."""

    method: str = DEFAULT_METHOD
    options: Mapping[str, Any] = field(default_factory=dict)
    backbone: str = STARTER_ID
    weights_file: Path | None = None
    device: str = "auto"
    shots: int = DEFAULT_SHOTS
    seed: int = 0
    recipe: Recipe | None = None


class Mend(StrEnum):
    """What would mend a finding, where one step does: the window offers it as a button."""

    NONE = ""
    LABEL = "label more images"
    FEWER_SHOTS = "train with fewer shots"
    FIRST_HALF_BASE = "first half base"
    ALL_BASE = "all classes base"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know before a training starts. A blocking one must be mended first.

    `shots` belongs to `Mend.FEWER_SHOTS`: with so many it would not block.
    """

    text: str
    blocking: bool
    mend: Mend = Mend.NONE
    shots: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One finished training of a project. `checkpoint` is relative to the project folder."""

    id: int
    name: str
    created_at: float
    method: str
    backbone: str
    checkpoint: str
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]
    starred: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One guess: a class name and its probability (0 to 1)."""

    class_name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says of one picture: its guesses, best first, or the reason there are none.

    `rejected`: the best guess is below the adapter's reject threshold, so the answer is "None of these".
    """

    source: str
    ranked: tuple[Ranked, ...] = ()
    zero_shot: tuple[Ranked, ...] = ()
    problem: str = ""
    rejected: bool = False
