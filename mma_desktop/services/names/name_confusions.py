"""What zero-shot predictions of labelled images reveal about class names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up

FEW_LABELS = 5  # minimum labels per class before confusions between two classes count
RARELY = 0.1


@dataclass(frozen=True)
class NameConfusions:
    """Zero-shot confusion counts: `taken[a][b]` images of class a were predicted as class b (ids)."""

    taken: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def count(self, class_id: int) -> int:
        """Labelled images of a class that have a prediction."""
        return sum(self.taken.get(class_id, {}).values())

    def right(self, class_id: int) -> int:
        """How many of them are predicted correctly."""
        return self.taken.get(class_id, {}).get(class_id, 0)

    def confused(self, a: int, b: int) -> int:
        """Images of a that were predicted as b."""
        return self.taken.get(a, {}).get(b, 0)

    @property
    def accuracy(self) -> float:
        """Share of images predicted correctly, 0 if there are none."""
        total = sum(self.count(class_id) for class_id in self.taken)
        return sum(self.right(class_id) for class_id in self.taken) / total if total else 0.0


def confusions_of(context: ProjectContext) -> NameConfusions:
    """Collect them from the current zero-shot predictions. Reads memory only."""
    guesses, columns = context.guesses, context.index.columns
    if guesses is None:
        return NameConfusions()
    where = columns.positions(guesses.image_ids)
    known = looked_up(context.classed(columns), where, False)
    if not known.any():
        return NameConfusions()
    labels, said = columns.class_ids[where[known]], guesses.zero_shot_class[known]
    many = int(said.max()) + 1
    # Encoding each pair as one number makes this ten times as fast.
    found, number = np.unique(labels * many + said, return_counts=True)
    taken: dict[int, dict[int, int]] = {}
    for pair, count in zip(found.tolist(), number.tolist(), strict=True):
        taken.setdefault(pair // many, {})[pair % many] = count
    return NameConfusions(taken)


def between(confusions: NameConfusions, a: ImageClass, b: ImageClass) -> tuple[str, bool]:
    """A sentence on the zero-shot confusions between two classes, and whether they are rare."""
    counts = confusions.count(a.id), confusions.count(b.id)
    if not any(counts):
        return "", False
    said, wrong = [], 0
    for own, other, count in ((a, b, counts[0]), (b, a, counts[1])):
        if count:
            confused = confusions.confused(own.id, other.id)
            wrong += confused
            said.append(
                tr(
                    "{confused} of {n} labelled picture of '{class_name}' is taken for '{other_class}'",
                    "{confused} of {n} labelled pictures of '{class_name}' are taken for '{other_class}'",
                    count,
                    confused=confused,
                    class_name=own.name,
                    other_class=other.name,
                )
            )
    rare = min(counts) >= FEW_LABELS and wrong <= RARELY * sum(counts)
    if len(said) == 1:
        return tr("By their names, {finding}.", finding=said[0]), rare
    return tr("By their names, {finding}, and {other_finding}.", finding=said[0], other_finding=said[1]), rare
