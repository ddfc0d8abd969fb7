"""Pictures that show none of the classes: how many a project has, which they are, and how strict to be about them.

Engine lane, but for `strictness_of` and `at_hand`, which read memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.class_names import NONE_COLOUR, NONE_KEY, NONE_OF_THESE
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Guesses, Ids, looked_up

if TYPE_CHECKING:
    from mma_desktop.engine.doubts import Cuts, Doubts
    from mma_desktop.engine.methods.strangers import Share, Strangers

SETTING = "none_of_these"
NOT_YET = 0
"""Id of "None of these" among the choices before a picture is labelled so: `Project.assign_none` adds the class."""


class Strictness(StrEnum):
    """When a picture is None of these: rather too often, as often as is right, or never."""

    STRICT = "strict"
    BALANCED = "balanced"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class AtHand:
    """What is known about the pictures without a label.

    Attributes:
        pictures: Those with a prediction.
        low, high: 95% range of the estimated share of pictures that show none of the classes, 0 to 1.
        found: Expected share of the strangers that are found.
        guessed: The share could not be estimated, for lack of pictures or because trained classes are few or alike.
    """

    pictures: int
    low: float
    high: float
    found: float
    guessed: bool


def label_choices(context: ProjectContext) -> list[ImageClass]:
    """What a picture can be labelled as: the classes in order, then "None of these", with id `NOT_YET` at first."""
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
    """How many lost pictures a stranger under a name is worth to the project; 0 if nothing is None of these."""
    from mma_desktop.engine.methods.strangers import STRICT

    return {Strictness.STRICT: STRICT, Strictness.BALANCED: 1.0, Strictness.OFF: 0.0}[strictness_of(context)]


def decided(context: ProjectContext, guesses: Guesses, among: Ids | None = None) -> Guesses:
    """The predictions with the share of strangers among the pictures without a label, and the cuts that follow.

    `among` are other ids to find that share among.
    """
    header, doubts = context.engine.header, guesses.doubts
    if header is None or header.strangers is None or doubts is None:
        return guesses
    columns = context.index.columns
    free = ~looked_up(columns.labelled, columns.positions(guesses.image_ids), True)
    free = free if among is None else np.isin(guesses.image_ids, among)
    weight = none_weight(context)
    strangers, share, cuts = header.strangers.decide(doubts.scores[free], doubts.margins[free], weight or 1.0)
    return replace(guesses, share=share, cuts=cuts, strangers=strangers, off=not weight)


def cuts_of(context: ProjectContext) -> Cuts | None:
    """Below what a picture is None of these: as among the predictions, or else by the share of the training.

    None if everything gets a name.
    """
    from mma_desktop.engine.doubts import Cuts

    header, weight = context.engine.header, none_weight(context)
    if not weight:
        return None
    if context.guesses is not None and context.guesses.cuts is not None:
        return context.guesses.cuts
    if header is None or header.strangers is None:
        return Cuts()
    return header.strangers.cuts(header.strangers.share, weight)


def none_chances(strangers: Strangers, doubts: Doubts, share: float, cuts: Cuts | None = None) -> NDArray[np.float64]:
    """(N,) probability that pictures show none of the classes, given the share of those among them.

    Where the text of a name decides, its margin is the logarithm of the odds; or it tells them by normal distributions
    of known and unknown ones, which are as frequent as the `cuts` find them; or as any picture where nothing tells.
    """
    found = strangers.chances(np.where(np.isfinite(doubts.scores), doubts.scores, -1.0), share)
    text = doubts.by_text
    margins = np.nan_to_num(doubts.margins[text].astype(np.float64), posinf=0.0)
    if strangers.text is not None and not strangers.names and len(margins):
        known, unknown = (np.array(part) for part in strangers.text)
        between, variance = (known.mean() + unknown.mean()) / 2, max(float(known.var() + unknown.var()) / 2, 1e-9)
        cut = (strangers.cuts(share) if cuts is None else cuts).margin
        frequent = np.log((1 + (margins >= cut).sum()) / (1 + (margins < cut).sum()))
        margins = (margins - between) * (known.mean() - unknown.mean()) / variance + frequent
    found[text] = share if strangers.text is None else 1 / (1 + np.exp(np.clip(margins, -50, 50)))
    return found


def at_hand(context: ProjectContext) -> AtHand | None:
    """What is known about the pictures without a label; None before the model knows what strangers look like."""
    from mma_desktop.engine.doubts import Cuts

    guesses, columns = context.guesses, context.index.columns
    if guesses is None or guesses.share is None or guesses.strangers is None:
        return None
    where = columns.positions(guesses.image_ids)
    free = looked_up(columns.usable, where, False) & ~looked_up(columns.labelled, where, True)
    share: Share = guesses.share
    strangers: Strangers = guesses.strangers
    cuts = Cuts() if guesses.off or guesses.cuts is None else guesses.cuts
    by_text = int((free & guesses.by_text & ~guesses.rejected).sum())
    part = 1 - by_text / max(1, int(free.sum()))  # the share is of the pictures that no name claims by its text
    low, high = share.range if share.pictures else (0.0, 1.0)
    return AtHand(
        int(free.sum()),
        part * low,
        part * high,
        strangers.found(cuts.score),
        not share.pictures or share.cautious <= 0,
    )
