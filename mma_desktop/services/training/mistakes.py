"""Mistakes of a classifier: the classes it confuses, and the pictures behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.types import Evaluation, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids

MOST_WRONG = 60
MOST_PAIRS = 12
OF_A_PAIR = 4
EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured picture: its id in the project, its class and its prediction, as indices of class names.

    If it was trained on, `answer` and its `confidence` (0 to 1) are those without it.
    """

    image: int
    label: int
    answer: int
    confidence: float


def measured_of(run: RunRecord) -> list[Measured] | None:
    """The measured pictures of a run; None if it did not store them."""
    try:
        kept = run.metrics["measured"]
        names = len(run.metrics["class_names"])
        columns = zip(kept["ids"], kept["labels"], kept["predicted"], kept["confidence"], strict=True)
        found = [Measured(int(image), int(label), int(answer), float(sure)) for image, label, answer, sure in columns]
    except (KeyError, TypeError, ValueError):
        return None
    return found if all(0 <= picture.label < names and 0 <= picture.answer < names for picture in found) else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Pictures of one class that were predicted as another, and correct examples of that other class."""

    label: int
    answer: int
    count: int
    of: int
    wrong: tuple[int, ...]
    examples: tuple[int, ...]

    def images(self) -> tuple[int, ...]:
        return (*self.wrong, *self.examples)


def pairs_of(evaluation: Evaluation, measured: Sequence[Measured] | None) -> list[Pair]:
    """The most confused pairs of classes, most frequent first."""
    confusion = np.array(evaluation.confusion, np.int64)
    others = confusion.copy()
    np.fill_diagonal(others, 0)
    order = np.argsort(-others, axis=None, kind="stable")[:MOST_PAIRS]
    cells = [divmod(int(at), len(confusion)) for at in order]
    by_cell: dict[tuple[int, int], list[int]] = {}
    for picture in measured or ():
        by_cell.setdefault((picture.label, picture.answer), []).append(picture.image)
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


def wrong_examples(measured: Sequence[Measured] | None) -> dict[int, Measured]:
    """Some wrongly predicted pictures, taken from each class in turn, so that no class dominates."""
    of_class: dict[int, list[Measured]] = {}
    for picture in measured or ():
        if picture.label != picture.answer:
            of_class.setdefault(picture.label, []).append(picture)
    turns: list[Measured] = []
    for turn in range(max(map(len, of_class.values()), default=0)):
        turns += [found[turn] for found in of_class.values() if turn < len(found)]
    chosen = sorted(turns[:MOST_WRONG], key=lambda picture: (picture.label, picture.answer))
    return {picture.image: picture for picture in chosen}


def measured_ids(run: RunRecord, labelled: str, predicted: str) -> Ids | None:
    """A run's test images of a class that were predicted as a class; None if it did not store them."""
    measured = measured_of(run)
    keys = [name_key(str(name)) for name in run.metrics["class_names"]] if measured is not None else []
    if measured is None or not {name_key(labelled), name_key(predicted)} <= set(keys):
        return None
    cell = keys.index(name_key(labelled)), keys.index(name_key(predicted))
    return np.sort(
        np.array([picture.image for picture in measured if (picture.label, picture.answer) == cell], np.int64)
    )


def confused_ids(context: ProjectContext, labelled: str, predicted: str, run: RunRecord | None = None) -> Ids:
    """The images in a cell of a run's confusion matrix, by true and predicted class name.

    If the run did not store its test images, they are those with this label and this prediction now.
    """
    kept = None if run is None else measured_ids(run, labelled, predicted)
    if kept is not None:
        return kept[context.index.columns.positions(kept) >= 0]
    by_name = {name_key(item.name): item.id for item in context.classes}
    true_id, predicted_id = by_name.get(name_key(labelled)), by_name.get(name_key(predicted))
    guesses, columns = context.guesses, context.index.columns
    if guesses is None or true_id is None or predicted_id is None:
        return np.empty(0, np.int64)
    of_label = columns.ids[columns.class_ids == true_id]
    where = guesses.positions(of_label)
    known = where >= 0
    found: Ids = of_label[known][guesses.best_class[where[known]] == predicted_id]
    return found
