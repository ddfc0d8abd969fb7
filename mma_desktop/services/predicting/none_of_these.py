"""Images that show none of the classes: how many a project has, which they are, and how strict to be about them.

Engine lane, but for `strictness_of` and `at_hand`, which read memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.class_names import NONE_COLOUR, NONE_KEY, NONE_OF_THESE
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids, Predictions, looked_up

if TYPE_CHECKING:
    from mma_desktop.engine.methods.open_set import OpenSetModel, Share
    from mma_desktop.engine.open_set_scores import Thresholds

SETTING = "none_of_these"
# Id of "None of these" among the choices before an image is labelled so: `Project.assign_none` adds the class.
NOT_YET = 0


class Strictness(StrEnum):
    """When an image is None of these: rather too often, as often as is right, or never."""

    STRICT = "strict"
    BALANCED = "balanced"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class AtHand:
    """What is known about the images without a label.

    Attributes:
        pictures: How many have a prediction.
        low, high: 95% range of the estimated share of images that show none of the classes, 0 to 1.
        unknown_recall: Expected share of the unknown images that are found.
        guessed: The share could not be estimated, for lack of images or because trained classes are few or alike.
    """

    pictures: int
    low: float
    high: float
    unknown_recall: float
    guessed: bool


def label_choices(context: ProjectContext) -> list[ImageClass]:
    """What an image can be labelled as: the classes in order, then "None of these", with id `NOT_YET` at first."""
    if not context.classes or context.none_of_these is not None:
        return context.every_class
    key = "" if any(kind.key == NONE_KEY for kind in context.classes) else NONE_KEY
    none = ImageClass(NOT_YET, NONE_OF_THESE, Role.NONE, len(context.classes), NONE_COLOUR, key)
    return [*context.classes, none]


def strictness_of(context: ProjectContext) -> Strictness:
    try:
        return Strictness(str(context.project.setting(SETTING, Strictness.BALANCED.value)))
    except ValueError:
        return Strictness.BALANCED


def none_weight(context: ProjectContext) -> float:
    """How many lost images an unknown image under a name is worth to the project; 0 if nothing is None of these."""
    from mma_desktop.engine.methods.open_set import STRICT_WEIGHT

    return {Strictness.STRICT: STRICT_WEIGHT, Strictness.BALANCED: 1.0, Strictness.OFF: 0.0}[strictness_of(context)]


def decided(context: ProjectContext, predictions: Predictions, among: Ids | None = None) -> Predictions:
    """The predictions with the share of unknowns among the images without a label and the thresholds.

    `among` are other ids to find that share among.
    """
    header, open_set_scores = context.engine.header, predictions.open_set_scores
    if header is None or header.open_set is None or open_set_scores is None:
        return predictions
    columns = context.index.columns
    free = ~looked_up(columns.labelled, columns.positions(predictions.image_ids), True)
    free = free if among is None else np.isin(predictions.image_ids, among)
    weight = none_weight(context)
    open_set, share, thresholds = header.open_set.decide(
        open_set_scores.scores[free], open_set_scores.margins[free], weight or 1.0
    )
    return replace(predictions, share=share, thresholds=thresholds, open_set=open_set, off=not weight)


def thresholds_of(context: ProjectContext) -> Thresholds | None:
    """Below what an image is None of these, by the predictions or else the training; None if all get a name."""
    from mma_desktop.engine.open_set_scores import Thresholds

    header, weight = context.engine.header, none_weight(context)
    if not weight:
        return None
    if context.predictions is not None and context.predictions.thresholds is not None:
        return context.predictions.thresholds
    if header is None or header.open_set is None:
        return Thresholds()
    return header.open_set.thresholds(header.open_set.share, weight)


def at_hand(context: ProjectContext) -> AtHand | None:
    """What is known about the images without a label; None before the model knows what unknown images look like."""
    from mma_desktop.engine.open_set_scores import Thresholds

    predictions, columns = context.predictions, context.index.columns
    if predictions is None or predictions.share is None or predictions.open_set is None:
        return None
    where = columns.positions(predictions.image_ids)
    free = looked_up(columns.usable, where, False) & ~looked_up(columns.labelled, where, True)
    share: Share = predictions.share
    open_set: OpenSetModel = predictions.open_set
    thresholds = Thresholds() if predictions.off or predictions.thresholds is None else predictions.thresholds
    by_text = int((free & predictions.by_text & ~predictions.rejected).sum())
    part = 1 - by_text / max(1, int(free.sum()))  # the share is of the images that no name claims by its text
    low, high = share.range if share.pictures else (0.0, 1.0)
    return AtHand(
        int(free.sum()),
        part * low,
        part * high,
        open_set.unknown_recall(thresholds.score),
        not share.pictures or share.lower_bound <= 0,
    )
