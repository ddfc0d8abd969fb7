"""Data types of the project: frozen dataclasses and enumerations. Standard library only.

Accuracies are in percent (0 to 100) everywhere outside the training loop.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.i18n import later, tr

# The paper's protocol.
DEFAULT_SHOTS = 16
# Every label is trained on.
ALL_SHOTS = 0

STARTER_ID = "starter"

DEFAULT_METHOD = "quick"
_FORMER_METHODS = {"multi-modal-adapter-plus": DEFAULT_METHOD}


def method_id(text: str) -> str:
    """The id of a method today: adapters, projects and scripts may have one from before it was renamed."""
    return _FORMER_METHODS.get(text, text)


# Project setting: the folders whose new images are imported.
WATCHED_FOLDERS = "watched_folders"

# Project setting: files in these folders whose images the user removed from the project.
WATCHED_REMOVED = "watched_removed"


class Role(StrEnum):
    """Base classes are trained; new ones known by name only. NONE is "None of these": a label, not a name to choose."""

    BASE = "base"
    NEW = "new"
    NONE = "none"


class LabelSource(StrEnum):
    """Who set a label.

    PERSON: the user chose the class, by key, menu, drop or in answer to a question, even if the model had predicted the
    same. SUGGESTION: the user accepted a prediction with Return or the button; such labels are trained on, but no model
    is measured by them.
    """

    PERSON = "person"
    FOLDER = "folder"
    SUGGESTION = "suggestion"


class Use(StrEnum):
    """How a labelled image is used. Images without a use are split automatically (see `labels.splits`)."""

    SHOT = "shot"
    VALIDATION = "validation"
    TEST = "test"


_SPLITS: Mapping[str, Use] = {
    **dict.fromkeys(("train", "training", "shot", "shots"), Use.SHOT),
    **dict.fromkeys(("val", "valid", "validation", "validierung", "dev"), Use.VALIDATION),
    **dict.fromkeys(("test", "testing"), Use.TEST),
}
_AFTER_SPLIT = re.compile(r"[ _-]?(set|data|images|\d{4})$")


def split_use(name: str) -> Use | None:
    """The use that a split's name stands for in other tools ("train", "valid", "test_set", "val2017"); else None."""
    word = name.strip().lower()
    return _SPLITS.get(word) or _SPLITS.get(_AFTER_SPLIT.sub("", word))


class ProblemKind(StrEnum):
    """Why a file could not be imported as an image."""

    NOT_AN_IMAGE = later("not an image")
    UNSUPPORTED = later("unsupported format")
    EMPTY = later("empty file")
    TRUNCATED = later("truncated")
    DAMAGED = later("damaged")
    TOO_LARGE = later("too large")
    UNREADABLE = later("unreadable")
    VANISHED = later("vanished")
    LINK_LOOP = later("link loop")


class LeftOut(StrEnum):
    """Files that often lie beside images. They are counted, and not reported as problems."""

    SIDE_CAR = "side-car"
    FILM = "film"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is not a usable image: a code, and the values of its message (see `media.error_messages`)."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def of(self, **values: Any) -> Reason:
        return Reason(self.code, values)


# A message from the system or a library, stored in `text`.
OTHER_REASON = Reason("other")


@dataclass(frozen=True, slots=True)
class ImageClass:
    """A class of a project. `position` orders the list from 0; `key` is a one-character shortcut or empty.

    `reads` is what the text encoder reads instead of the name, such as the English name of a German one; "" for the
    name itself.
    """

    id: int
    name: str
    role: Role
    position: int
    colour: str
    key: str = ""
    reads: str = ""

    @property
    def text(self) -> str:
        """What the text encoder reads."""
        return self.reads or self.name

    @property
    def title(self) -> str:
        """The name as the window shows it: "None of these" is translated."""
        return tr(NONE_OF_THESE) if self.role is Role.NONE else self.name


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """Result of reading one file: its content hash and header, or the reason it is not usable.

    `content_hash` is the SHA-256 of the contents (32 bytes), None if the file could not be read. `width` and `height`
    are in pixels after applying the EXIF orientation. `folder_class` is the name of the class folder that the file is
    in, if folder names become labels.
    """

    path: Path
    content_hash: bytes | None
    size: int
    mtime_ns: int
    width: int = 0
    height: int = 0
    format: str = ""
    problem: ProblemKind | None = None
    reason: Reason | None = None
    folder_class: str | None = None


@dataclass(frozen=True, slots=True)
class ImageRow:
    """An image of a project, as the views show it; `path` is the first of its `places`, or the last it had."""

    id: int
    path: Path
    content_hash: bytes | None
    width: int
    height: int
    format: str
    size: int
    places: tuple[Path, ...]
    problem: ProblemKind | None
    reason: Reason | None
    class_id: int | None
    source: LabelSource | None
    use: Use | None
    added_at: float

    def existing_place(self) -> Path:
        """The first place where the file still exists; `path` if there is none."""
        return next((place for place in self.places if place.is_file()), self.path)


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """How an image is preprocessed for an image encoder.

    `resize_mode` "shortest" scales the shorter side to `resize_to` pixels, "squash" scales to `size` x `size` ignoring
    the aspect ratio, and "longest" scales the longer side to `size` and pads the rest. Then the central `size` x `size`
    square is cropped, scaled to 0..1 and normalised per channel as `(x - mean) / std`.
    """

    size: int
    resize_to: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: str = "bicubic"
    resize_mode: str = "shortest"

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change with any of the fields."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """An accuracy in percent over `n` images with its 95% Wilson score interval."""

    percent: float
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, correct: int, n: int, worth: float = 1.0) -> Accuracy:
        """Accuracy of `correct` right answers out of `n`, with the Wilson interval (Wilson 1927).

        An answer is `worth` that many independent ones; see `left_out_worth`.

        Raises:
            ValueError: `n` is not positive, or `correct` is outside 0..n.
        """
        if n <= 0 or not 0 <= correct <= n:
            raise ValueError(f"no accuracy of {correct} out of {n}")
        return cls.near(correct / n, n, worth)

    @classmethod
    def near(cls, share: float, n: int, worth: float = 1.0) -> Accuracy:
        """An accuracy of a share (0 to 1) with the interval of `n` answers; `n` times the share need not be whole."""
        z, effective_n = 1.959963984540054, n * worth
        divisor = 1 + z * z / effective_n
        centre = (share + z * z / (2 * effective_n)) / divisor
        half = z * math.sqrt(share * (1 - share) / effective_n + z * z / (4 * effective_n * effective_n)) / divisor
        return cls(100 * share, n, max(0.0, 100 * (centre - half)), min(100.0, 100 * (centre + half)))


def left_out_worth(base_by: str, measured: int, classes: int) -> float:
    """How many independent answers one is worth on an image of `measured` ones, which were left out as `base_by` says.

    "halves" are of classes that were held back in turn.

    The trainings share most images, so their mistakes go together: the variance of such an accuracy is that of as
    many independent answers times 1 + measured / trained on (Nadeau and Bengio 2003, "Inference for the generalization
    error"). With Wilson's own intervals 82% held the truth, with these 95% (`bench_claims.py`).
    """
    held = {"leave-one-out": float(classes), "cross-validation": measured / 4, "halves": measured / 2}.get(base_by, 0.0)
    return 1 / (1 + measured / (measured - held)) if 0 < held < measured else 1.0


def harmonic_mean(base: float, new: float) -> float:
    """Harmonic mean H of base and new accuracy, in percent."""
    return 2 * base * new / (base + new) if base + new > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Accuracies of the protocol in `method.md`; None if there were no labelled images to measure.

    `base`: images of base classes among base class names. `new`: images of new classes among new class names. `all`:
    all images among all class names.
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
    """A class's accuracy among the names of its own role, before and after training."""

    name: str
    role: Role
    zero_shot: Accuracy | None
    adapted: Accuracy | None


# Predictions below this confidence are unsure when images are sorted, unless another limit is given.
USUAL_LIMIT = 0.5


@dataclass(frozen=True, slots=True)
class ConfidenceHistogram:
    """Distribution of confidence and correctness over predictions among all class names.

    Entries are aligned and sorted by confidence: `counts[i]` images had confidence `levels[i]` (0 to 1), of which
    `correct[i]` were predicted correctly.
    """

    levels: tuple[float, ...]
    counts: tuple[int, ...]
    correct: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured after a training or by `evaluate`.

    `confusion[i][j]` counts images of class i predicted as class j among all class names, in the order of
    `class_names`. `base_by` says how base accuracy was measured: "held-out", or on the shots themselves by
    "cross-validation" or "leave-one-out". The answers are None if no image was measured, or if a file did not have
    them.
    """

    class_names: tuple[str, ...]
    roles: tuple[Role, ...]
    zero_shot: Scores
    adapted: Scores
    per_class: tuple[ClassScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    base_by: str = "held-out"
    zero_shot_answers: ConfidenceHistogram | None = None
    adapted_answers: ConfidenceHistogram | None = None

    @property
    def has_two_kinds(self) -> bool:
        """Whether there are both base and new classes; otherwise every accuracy is the same."""
        return {Role.BASE, Role.NEW} <= set(self.roles)


# Upper limit of learning rate and weight decay; optimisers multiply them, and float32 ends at 3e38.
MAX_RATE = 1e6


@dataclass(frozen=True, slots=True)
class Recipe:
    """Optimiser settings; the defaults are the Multi-Modal Adapter's.

    Learning rate, batch size and patience are from the paper (section 4). Its weight decay is from the authors' code:
    the paper names none. The momentum of 0.5 that the paper names is not used by that code, nor here.
    """

    learning_rate: float = 0.005
    batch_size: int = 256
    weight_decay: float = 1e-4
    max_epochs: int = 200
    patience: int = 10


# `TrainRequest.division` of a training on every label, which is measured by leaving some out in turn.
IN_TURN = "in_turn"


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """A training as requested in the window or on the command line; without a recipe, the method's own is used.

    `options` are as `resolve_options` returns them; one that is left out has its default. `shots` may be `ALL_SHOTS`.
    With `fewer`, a class that
    has fewer labelled images than `shots` is trained on what it has; otherwise it blocks. `class_weight` is "balanced",
    or weights above 0 by class name, 1 for the others; None for 1. `new_classes` are the ids of the classes that are
    held back as new, the others are base; None for the project's own roles. An empty `prompt_template` is the
    project's. `division` says how the new classes were chosen (`training.experiments`), or is `IN_TURN`. With
    `at_hand`, images without a label teach, too (transductive learning); else they have no part (inductive), as in the
    paper's protocol.
    """

    method: str = DEFAULT_METHOD
    options: Mapping[str, Any] = field(default_factory=dict)
    backbone: str = STARTER_ID
    weights_file: Path | None = None
    device: str = "auto"
    shots: int = DEFAULT_SHOTS
    seed: int = 0
    recipe: Recipe | None = None
    fewer: bool = False
    class_weight: str | Mapping[str, float] | None = None
    new_classes: frozenset[int] | None = None
    prompt_template: str = ""
    division: str = ""
    at_hand: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", method_id(self.method))


class QuickFix(StrEnum):
    """A one-step fix for a finding, offered as a button in the window."""

    NONE = ""
    LABEL = "label more images"
    FEWER_SHOTS = "train with fewer shots"
    FIRST_HALF_BASE = "first half base"
    ALL_BASE = "all classes base"


@dataclass(frozen=True, slots=True)
class TrainingFinding:
    """A message about a training before it starts. A blocking one must be fixed first.

    `shots` goes with `QuickFix.FEWER_SHOTS`: the number of shots that would not block.
    """

    text: str
    blocking: bool
    fix: QuickFix = QuickFix.NONE
    shots: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A finished training of a project. `checkpoint` is relative to the project folder."""

    id: int
    name: str
    created_at: float
    method: str
    backbone: str
    checkpoint: str
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", method_id(self.method))

    @property
    def loaded(self) -> bool:
        """Whether it came as a file, trained and measured on other images."""
        return "loaded_from" in self.settings

    @property
    def kept(self) -> bool:
        """Whether it is a version of the learning model rather than an experiment; versions have no epochs."""
        return self.method == DEFAULT_METHOD and self.metrics.get("history") == [] and not self.loaded

    @property
    def names_alone(self) -> bool:
        """Whether it learned from class names and images at hand: no class was trained on labels."""
        return Role.BASE not in self.metrics.get("roles", (Role.BASE,))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One prediction: a class name and its probability (0 to 1)."""

    class_name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """A classifier's predictions for one image, best first, or the reason there are none.

    `rejected`: the image shows none of the classes, so "None of these" is shown. `score` is how much the trained
    classes claim it, where that is known (`engine.methods.open_set`). `by_text`: the best class was not trained, so
    the text of its name decided alone, by `margin`: how much nearer the image is to it than to others (cosines).
    `known` is how likely it shows one of the classes, a factor of the confidences that are `ranked`.
    """

    source: str
    ranked: tuple[Ranked, ...] = ()
    zero_shot: tuple[Ranked, ...] = ()
    problem: str = ""
    rejected: bool = False
    score: float | None = None
    by_text: bool = False
    margin: float | None = None
    known: float = 1.0

    @property
    def answer(self) -> str:
        """The best class or, if `rejected`, "None of these"; "" if there is no prediction."""
        return NONE_OF_THESE if self.rejected else self.ranked[0].class_name if self.ranked else ""
