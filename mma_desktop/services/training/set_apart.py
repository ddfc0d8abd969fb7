"""Images set apart: they test the model, and nothing is ever learned or chosen by them.

They are labels whose use is `Use.TEST`, so contents tell: a copy of one is the same image of the project. What the
model says of them is what the window shows, None of these included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.types import Accuracy, Evaluation, Role, Scores, Use
from mma_desktop.engine.evaluation.calibration import answers_of
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids, indices_in, looked_up
from mma_desktop.services.images.duplicates import copies_among, near_duplicates
from mma_desktop.services.labels.splits import have_prefixes, in_order
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.services.training.mistakes import Measured

# One of so many labels of a class is set apart.
PART = 5


def set_apart(context: ProjectContext, token: CancelToken) -> Changes:
    """Set a fifth of each class's labels apart, with copies of the same image, as one step of undo.

    Raises:
        UserError: No class has enough labels.
    """
    columns = context.index.columns
    # Labels that accept a prediction test nothing. The others are drawn by content, whatever their order.
    free = np.flatnonzero(columns.labelled & columns.usable & (columns.uses < 0) & ~columns.proposed)
    drawn = in_order(free, columns.hashes, seed=0)
    of_class = (drawn[columns.class_ids[drawn] == class_id] for class_id in np.unique(columns.class_ids[free]))
    chosen = np.concatenate([free[:0], *(members[: round(len(members) / PART)] for members in of_class)])
    if not len(chosen):
        raise UserError.tr("Label three or more pictures of a class yourself first: accepted suggestions test nothing.")
    copies = copies_among(context, token, columns.ids[free], cached=True)
    chosen = free[np.isin(copies, copies[np.isin(free, chosen)])]
    return context.project.set_use(columns.ids[chosen].tolist(), Use.TEST)


def give_back(context: ProjectContext) -> Changes:
    """Let the model learn from what is set apart."""
    columns = context.index.columns
    return context.project.set_use(columns.ids[columns.set_apart].tolist(), None)


# ------------------------------------------------------------------------------ what the model says of them


@dataclass(frozen=True)
class HeldOut:
    """The test of the model in use.

    Attributes:
        pictures: How many are set apart; those without a prediction are not measured yet.
        seen: How many of them the model in use was trained on, before they were set apart: these are not measured.
        evaluation: As `answered` says; None if nothing was measured.
        measured: The images, as `mistakes.Measured`.
    """

    pictures: int
    seen: int
    evaluation: Evaluation | None
    measured: Sequence[Measured]


@graph.derived(graph.shown, graph.index, graph.names)
def held_out(context: ProjectContext) -> HeldOut | None:
    """The test on what is set apart; None if nothing is. Reads memory only."""
    columns = context.index.columns
    where = np.flatnonzero(columns.set_apart & columns.usable)
    if not len(where):
        return None
    header = context.engine.header
    unseen = where if header is None else where[~have_prefixes(columns.hashes[where], header.seen_images)]
    evaluation, measured = answered(context, unseen)
    return HeldOut(len(where), len(where) - len(unseen), evaluation if measured else None, measured)


def answered(context: ProjectContext, where: Ids) -> tuple[Evaluation, list[Measured]]:
    """What is shown for labelled images at these positions of the image index, if they have a prediction."""
    predictions, columns, header = context.predictions, context.index.columns, context.engine.header
    classes, none = label_choices(context), len(context.classes)
    ids = np.array([kind.id for kind in classes], np.int64)
    rows = np.full(len(where), -1) if predictions is None else predictions.positions(columns.ids[where])
    if predictions is None or not (rows >= 0).any():
        return Evaluation((), (), Scores(), Scores(), (), ()), []
    predicted, zero_shot = (looked_up(part, rows, -1) for part in (predictions.best_class, predictions.zero_shot_class))
    # A class may have been deleted since.
    known = np.isin(predicted, ids) & np.isin(zero_shot, ids) & np.isin(columns.class_ids[where], ids)
    where, rows, zero_shot = where[known], rows[known], indices_in(ids, zero_shot[known])
    predicted = np.where(predictions.rejected[rows], none, indices_in(ids, predicted[known]))
    labels = indices_in(ids, columns.class_ids[where])
    confusion = np.zeros((len(ids), len(ids)), np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    trained = () if header is None else header.base_keys
    roles = [Role.BASE if name_key(kind.name) in trained else Role.NEW for kind in context.classes] + [Role.NONE]
    # None of these is a class of its own only where it is said or right, and has no confidence.
    shown = len(ids) if confusion[none].any() or confusion[:, none].any() else none
    named, confidence = predicted != none, predictions.best_confidence[rows]

    def right(answers: Ids) -> Scores:
        # None of these is an answer like the others, so every accuracy is among all of them.
        return Scores(all=Accuracy.of(int((answers == labels).sum()), len(labels)) if len(labels) else None)

    evaluation = Evaluation(
        class_names=tuple(kind.name for kind in classes[:shown]),
        roles=tuple(roles[:shown]),
        zero_shot=right(zero_shot),
        adapted=right(predicted),
        per_class=(),
        confusion=tuple(map(tuple, confusion[:shown, :shown].tolist())),
        zero_shot_answers=answers_of(predictions.zero_shot_confidence[rows], zero_shot == labels),
        adapted_answers=answers_of(confidence[named], (predicted == labels)[named]),
    )
    columns_of = (part.tolist() for part in (columns.ids[where], labels, predicted, confidence))
    return evaluation, list(map(Measured, *columns_of))


def copies(context: ProjectContext, token: CancelToken) -> int:
    """The number of images set apart that are copies, resized or recompressed, of ones that are trained on."""
    columns = context.index.columns
    labelled = columns.ids[columns.labelled & columns.usable]
    tested = columns.ids[columns.set_apart]
    groups = near_duplicates(context, token, labelled)
    inside = [np.isin(group, tested) for group in groups]
    return sum(int(mask.sum()) for mask in inside if not mask.all())
