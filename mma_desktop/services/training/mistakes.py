"""Mistakes of a classifier: the classes it confuses, and the pictures behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.core.types import Evaluation, RunRecord

MOST_WRONG = 60
MOST_PAIRS = 12
OF_A_PAIR = 4
EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured picture: its id in the project, its class and its prediction, as indices of class names.

    If it was trained on, `answer` and its `confidence` (0 to 1) are those without it. Older runs have no confidence.
    """

    image: int
    label: int
    answer: int
    confidence: float | None = None


def measured_of(run: RunRecord) -> list[Measured] | None:
    """The measured pictures of a run; None if it did not store them."""
    try:
        kept = run.metrics["measured"]
        names = len(run.metrics["class_names"])
        sure = kept["confidence"] if "confidence" in kept else [None] * len(kept["ids"])
        columns = zip(kept["ids"], kept["labels"], kept["predicted"], sure, strict=True)
        found = [
            Measured(int(image), int(label), int(answer), None if chance is None else float(chance))
            for image, label, answer, chance in columns
        ]
    except (KeyError, TypeError, ValueError):
        return None
    return found if all(0 <= one.label < names and 0 <= one.answer < names for one in found) else None


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
        """Ids of both."""
        return (*self.wrong, *self.examples)


def pairs_of(evaluation: Evaluation, measured: Sequence[Measured] | None) -> list[Pair]:
    """The most confused pairs of classes, most frequent first."""
    confusion = np.array(evaluation.confusion, np.int64)
    others = confusion.copy()
    np.fill_diagonal(others, 0)
    order = np.argsort(-others, axis=None, kind="stable")[:MOST_PAIRS]
    cells = [divmod(int(at), len(confusion)) for at in order]
    by_cell: dict[tuple[int, int], list[int]] = {}
    for one in measured or ():
        by_cell.setdefault((one.label, one.answer), []).append(one.image)
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
    for one in measured or ():
        if one.label != one.answer:
            of_class.setdefault(one.label, []).append(one)
    turns: list[Measured] = []
    for turn in range(max(map(len, of_class.values()), default=0)):
        turns += [found[turn] for found in of_class.values() if turn < len(found)]
    chosen = sorted(turns[:MOST_WRONG], key=lambda one: (one.label, one.answer))
    return {one.image: one for one in chosen}
