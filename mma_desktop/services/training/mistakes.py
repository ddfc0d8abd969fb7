"""The measured images of a run: its mistakes, another run's on the same images, and copies among its shots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import number, tr
from mma_desktop.core.types import Accuracy, Evaluation, Role, RunRecord, TrainRequest, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids
from mma_desktop.services.images.duplicates import near_duplicates
from mma_desktop.services.training.snapshot import uses_of

if TYPE_CHECKING:
    from mma_desktop.services.training.experiment_table import FoldedRun

MAX_WRONG = 60  # images that are listed, unless a caller asks for fewer
MAX_PAIRS = 12  # most confused classes
OF_A_PAIR = 4  # images that one class was taken for the other in
EXAMPLES = 2  # right images of the class beside them


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured image: its id in the project, its class and its prediction, as indices of class names.

    If it was trained on, `answer` and its `confidence` (0 to 1) are those without it.
    """

    image: int
    label: int
    answer: int
    confidence: float


def measured_of(run: RunRecord) -> list[Measured] | None:
    try:
        kept = run.metrics["measured"]
        names = len(run.metrics["class_names"])
        columns = zip(kept["ids"], kept["labels"], kept["predicted"], kept["confidence"], strict=True)
        images = [
            Measured(int(image), int(label), int(answer), float(confidence))
            for image, label, answer, confidence in columns
        ]
    except (KeyError, TypeError, ValueError):
        return None
    return images if all(0 <= picture.label < names and 0 <= picture.answer < names for picture in images) else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Images of one class that were predicted as another, and correct examples of that other class."""

    label: int
    answer: int
    count: int
    of: int
    wrong: tuple[int, ...]
    examples: tuple[int, ...]

    def images(self) -> tuple[int, ...]:
        return (*self.wrong, *self.examples)


def pairs_of(evaluation: Evaluation, measured: Sequence[Measured] | None) -> list[Pair]:
    confusion = np.array(evaluation.confusion, np.int64)
    others = confusion.copy()
    np.fill_diagonal(others, 0)
    order = np.argsort(-others, axis=None, kind="stable")[:MAX_PAIRS]
    cells = [divmod(int(at), len(confusion)) for at in order]
    by_cell: dict[tuple[int, int], list[int]] = {}
    for image in measured or ():
        by_cell.setdefault((image.label, image.answer), []).append(image.image)
    return [
        Pair(
            label,
            answer,
            int(others[label, answer]),
            int(confusion[label].sum()),
            tuple(by_cell.get((label, answer), ())[:OF_A_PAIR]),
            tuple(by_cell.get((answer, answer), ())[:EXAMPLES]),
        )
        for label, answer in cells
        if others[label, answer]
    ]


def wrong_examples(measured: Sequence[Measured] | None, most: int = MAX_WRONG) -> dict[int, Measured]:
    """At most so many wrongly predicted images, taken from each class in turn, so that no class dominates."""
    of_class: dict[int, list[Measured]] = {}
    for image in measured or ():
        if image.label != image.answer:
            of_class.setdefault(image.label, []).append(image)
    turns: list[Measured] = []
    for turn in range(max(map(len, of_class.values()), default=0)):
        turns += [mistakes[turn] for mistakes in of_class.values() if turn < len(mistakes)]
    chosen = sorted(turns[:most], key=lambda image: (image.label, image.answer))
    return {image.image: image for image in chosen}


def measured_ids(run: RunRecord, labelled: str, predicted: str) -> Ids | None:
    """A run's test images of a class that were predicted as a class; None if it did not store them."""
    measured = measured_of(run)
    keys = [name_key(str(name)) for name in run.metrics["class_names"]] if measured is not None else []
    if measured is None or not {name_key(labelled), name_key(predicted)} <= set(keys):
        return None
    cell = keys.index(name_key(labelled)), keys.index(name_key(predicted))
    return np.sort(np.array([image.image for image in measured if (image.label, image.answer) == cell], np.int64))


def confused_ids(context: ProjectContext, labelled: str, predicted: str, run: RunRecord | None = None) -> Ids:
    """The images in a cell of a run's confusion matrix, by true and predicted class name."""
    # If the run did not store its test images, they are those with this label and this prediction now.
    kept = None if run is None else measured_ids(run, labelled, predicted)
    if kept is not None:
        return kept[context.index.columns.positions(kept) >= 0]
    by_name = {name_key(item.title): item.id for item in context.every_class}
    true_id, predicted_id = by_name.get(name_key(labelled)), by_name.get(name_key(predicted))
    predictions, columns = context.predictions, context.index.columns
    if predictions is None or true_id is None or predicted_id is None:
        return np.empty(0, np.int64)
    of_label = columns.ids[columns.class_ids == true_id]
    where = predictions.positions(of_label)
    known = where >= 0
    predicted_ids = np.where(predictions.rejected, -1, predictions.best_class)[where[known]]
    confused: Ids = of_label[known][predicted_ids == predicted_id]
    return confused


# ------------------------------------------------------------------------------ of two runs


@dataclass(frozen=True, slots=True)
class Paired:
    """Images by which of two runs was right about them, among all names; `p` is of the exact McNemar test."""

    both: int
    only_first: int
    only_second: int
    neither: int
    p: float

    @property
    def n(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> Accuracy:
        return Accuracy.of(self.both + self.only_first, self.n)

    @property
    def second(self) -> Accuracy:
        return Accuracy.of(self.both + self.only_second, self.n)


def exact_mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided p of the exact McNemar test (1947): a binomial test of the pairs that differ."""
    few, n = min(only_first, only_second), only_first + only_second
    ways = tail = 1
    for k in range(few):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << n))


def paired(first: RunRecord, second: RunRecord) -> Paired | None:
    """Compare two runs image by image; None if no image was measured with the same label in both."""
    first_right, second_right = _right(first), _right(second)
    shared = first_right.keys() & second_right.keys()
    pairs = [(first_right[at], second_right[at]) for at in shared]
    if not pairs:
        return None
    both, only_first, only_second = (pairs.count(kind) for kind in ((True, True), (True, False), (False, True)))
    neither = len(pairs) - both - only_first - only_second
    return Paired(both, only_first, only_second, neither, exact_mcnemar(only_first, only_second))


def _right(run: RunRecord) -> dict[tuple[int, str], bool]:
    """Whether each measured image was predicted as its label, by image id and label."""
    measured = measured_of(run)
    if measured is None:
        return {}
    keys = [name_key(str(name)) for name in run.metrics["class_names"]]
    return {(image.image, keys[image.label]): image.label == image.answer for image in measured}


def paired_sentences(first: FoldedRun, second: FoldedRun) -> list[str]:
    """The paired test of two rows, a sentence for each seed that both have, or why there is none."""
    by_seed = {run.settings.get("seed"): run for run in second.runs}
    sentences = []
    for run in first.runs:
        seed = run.settings.get("seed")
        if seed not in by_seed or (pair := paired(run, by_seed[seed])) is None:
            continue
        sentences.append(
            tr(
                "Seed {seed}: of {n} picture that both were tested on, A alone was right about {first} and B alone "
                "about {second}; p = {p} (exact McNemar test).",
                "Seed {seed}: of {n} pictures that both were tested on, A alone was right about {first} and B alone "
                "about {second}; p = {p} (exact McNemar test).",
                pair.n,
                seed=seed,
                first=pair.only_first,
                second=pair.only_second,
                p=number(pair.p, ".2g"),
            )
        )
    return sentences or [tr("No paired test: the two share no test pictures for any seed.")]


# ------------------------------------------------------------------------------ copies of what was trained on


Leak = tuple[tuple[int, ...], tuple[int, ...]]
"""An image in both training and test set: ids of its copies among the shots and among the test images."""


def leaks(context: ProjectContext, request: TrainRequest, token: CancelToken) -> list[Leak]:
    """Images with one copy among the shots of a training and another among its test images."""
    uses = uses_of(context, request)
    asked = np.array([image for image, use in uses.items() if use is not Use.VALIDATION], np.int64)
    groups = near_duplicates(context, token, asked)
    leaking = []
    for group in groups:
        shots = tuple(image for image in group if uses[image] is Use.SHOT)
        tests = tuple(image for image in group if uses[image] is Use.TEST)
        if shots and tests:
            leaking.append((shots, tests))
    return leaking


def measured_copies(context: ProjectContext, run: RunRecord, token: CancelToken) -> int:
    """Number of images a run was measured on that are copies of its shots, going by the labels as they are now."""
    shots, seed = run.settings.get("shots"), run.settings.get("seed")
    measured = {picture.image for picture in measured_of(run) or ()}
    if not isinstance(shots, int) or not isinstance(seed, int) or not measured:
        return 0
    names = zip(run.metrics["class_names"], run.metrics.get("roles", ()), strict=False)
    held_back = {name_key(name) for name, role in names if role == Role.NEW}
    new = frozenset(item.id for item in context.classes if name_key(item.name) in held_back)
    leaking = leaks(context, TrainRequest(shots=shots, seed=seed, new_classes=new), token)
    return len(measured & {image for _, tests in leaking for image in tests})
