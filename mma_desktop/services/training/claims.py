"""What is claimed of a project's images: how many the folder says the right thing of, and how that is put in words.

An image is right if its label is, or what is predicted: None of these where it shows none of the classes. Labels by
hand are right. A name is right with its confidence times the probability that the image shows one of the classes,
None of these with the other one. Once names were accepted, all are judged by a model that did not learn from them
(`learning.judged`), so accepting changes what is claimed by no more than it changes what is said of images. The
log-odds of confidences are moved by what labels that were left out say beside theirs.

A range holds 95%: it has the binomial part, what all log-odds may be off, as those labels and the range of the share of
None of these tell, and what those of each class may be off, since errors come class by class. No label rules out that
images are better than said: there, all log-odds may be off by as much as before anything was measured, and those of a
class by more, the fewer labels of it the judge learned from. Spot checks (`spot_checks`), which are random samples,
move and narrow it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Accuracy
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids, Predictions, looked_up
from mma_desktop.services.labels.label_errors import confirmed_labels
from mma_desktop.services.predicting.none_of_these import AtHand, at_hand
from mma_desktop.services.training import spot_checks
from mma_desktop.services.training.learning import Judged, current, in_use, is_followed, judged
from mma_desktop.services.training.mistakes import Measured, measured_of
from mma_desktop.services.training.spot_checks import Check
from mma_desktop.store.columns import positions

Mask = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]
MIN_LABELS = 50
"""Labels from which on a percentage means something beside its range."""
MAX_HIGH_END = 98
"""High end from which on none is said, in percent: of so few errors it was too low by up to a point."""
MAX_WIDTH = 60
"""Width from which on a range says nothing, in points."""
MAX_UNSCORED = 0.5
"""Share of the images from which on, if they were not looked at, nothing is claimed of all."""
SHIFT_DEVIATION = 1.0
"""Standard deviation of what log-odds are off before anything is measured, and from class to class; not tuned."""
Z_95 = 1.96  # standard deviations on either side that hold 95% of a normal distribution
NEWTON_STEPS, MAX_STEP = 20, 4.0  # twice what 4,000 drawn sets of confidences took; a longer step can diverge
COMMON_ROWS = 5  # of `_values`: the model in use, and two ends each of confidences and of None of these
MIN_LEARNED = 0.01  # stands for no label: log-odds that move by 39 rule nothing out
EPSILON = 1e-4
"""No probability is nearer to 0 or 1."""


class ClassClaim(NamedTuple):
    """What the folder of a class has: images, of which so many are not labelled by hand, and how many are right."""

    pictures: int
    unsure: int
    right: Accuracy


def _no_check(_of: int, _without: Ids) -> Check | None:
    return None


@dataclass(frozen=True, slots=True)
class AccuracyClaims:
    """How many images are right, in percent, with 95% ranges; `n` is how many labels tell it.

    Attributes:
        overall: Of all images.
        left: Of those without a label; None if there are none.
        by_hand, accepted, unlabelled: How many there are with which label.
        by_class: Of each class that has images, by its id.
        at_hand: What is known of images that show none of the classes.
        telling: The stratum whose spot check would narrow the range of all images most; None if none would by much.
        draw: A spot check of a stratum, without the images with these ids; None where no other is left.
    """

    overall: Accuracy
    left: Accuracy | None = None
    by_hand: int = 0
    accepted: int = 0
    unlabelled: int = 0
    by_class: Mapping[int, ClassClaim] = field(default_factory=dict)
    at_hand: AtHand | None = None
    telling: int | None = None
    draw: Callable[[int, Ids], Check | None] = field(default=_no_check, compare=False, repr=False)

    @property
    def known(self) -> Accuracy | None:
        """Of all images; None where the range says nothing."""
        return _meaning(self.overall)

    @property
    def pictures(self) -> int:
        return self.by_hand + self.accepted + self.unlabelled


def _meaning(accuracy: Accuracy) -> Accuracy | None:
    return accuracy if accuracy.high - accuracy.low <= MAX_WIDTH else None


class _ReasonState:
    """What was claimed when it last moved by more than its range, what is claimed now, and why it moved."""

    reported: AccuracyClaims | None = None
    newest: AccuracyClaims | None = None
    reason: str = ""


@graph.derived(graph.shown, graph.index, graph.names, current, in_use, judged.kept, spot_checks.stored)
def accuracy_claims(context: ProjectContext) -> AccuracyClaims | None:
    """What is claimed of the project's images; memory only.

    None before half of them were looked at, and while another model is in use. Before a label was left out or a spot
    check made, only what a check is drawn from.
    """
    predictions, learned = context.predictions, current(context)
    if predictions is None or predictions.adapted_confidence is None or learned is None or not in_use(context):
        return None
    columns, none = context.index.columns, context.none_of_these
    where = predictions.positions(columns.ids)
    if (where[columns.usable] < 0).sum() >= MAX_UNSCORED * columns.usable.sum():
        return None
    none_id = -1 if none is None else none.id
    predicted = np.where(
        looked_up(predictions.rejected, where, False), none_id, looked_up(predictions.best_class, where, 0)
    )
    class_ids = np.where(columns.labelled, columns.class_ids, predicted)
    sure = columns.usable & columns.labelled & ~columns.proposed
    # Labels by hand are right; what is said of all others is claimed with its probability.
    unsure = np.flatnonzero(columns.usable & ~sure & (where >= 0))
    judge = judged.kept(context)
    probabilities, in_use_says, share = _probabilities(
        predictions, judge, columns.ids[unsure], columns.proposed[unsure], learned.zero_shot
    )
    checks = spot_checks.read(spot_checks.stored(context))
    checked = {picture.image for check in checks for picture in check.pictures}  # these are no sample of the others
    measured_images = measured_of(learned.run if judge is None else judge.run) or ()
    measured_images = [picture for picture in measured_images if picture.image not in checked]
    places, size = class_ids + 1, int(class_ids.max(initial=0)) + 2  # of None of these before it has a label: 0
    by_hand, unsure_of = (np.bincount(places[some], minlength=size) for some in (sure, unsure))
    labels, is_none = int(by_hand.sum()), class_ids[unsure] == none_id
    taught = np.bincount(places[sure & ~columns.held_back], minlength=size)
    learned_of = np.where(is_none | (judge is None), np.inf, taught[places[unsure]])
    raw = np.array(_values(probabilities, in_use_says, is_none, measured_images, share, learned_of))
    said_of = np.where(is_none, spot_checks.NONE, class_ids[unsure])
    strata = np.where(columns.proposed[unsure], spot_checks.ACCEPTED, np.minimum(said_of, spot_checks.NAMED))
    telling = spot_checks.most_informative(raw, strata, checks, labels, COMMON_ROWS)
    draw = partial(spot_checks.draw_check, columns.ids[unsure], strata, said_of, labels, checks)
    n = sum(len(check.pictures) for check in checks) if learned.accuracy is None else learned.accuracy.n
    counts = labels, int((columns.usable & columns.proposed).sum()), int((columns.usable & ~columns.labelled).sum())
    if not n:
        return AccuracyClaims(Accuracy(0.0, 0, 0.0, 100.0), None, *counts, telling=telling, draw=draw)
    values = spot_checks.posterior_values(raw, strata, said_of, checks, labels, COMMON_ROWS)
    left = np.flatnonzero(~columns.labelled[unsure])
    overall, unlabelled = (
        np.array([np.bincount(places[unsure][mask], value[mask], size) for value in values])
        for mask in (slice(None), left)
    )
    numbers = (
        (item.id, int(by_hand[item.id + 1]), int(unsure_of[item.id + 1]))
        for item in context.every_class
        if item.id < size - 1
    )
    return AccuracyClaims(
        _accuracy(overall, labels, len(unsure), n),
        _accuracy(unlabelled, 0, len(left), n) if len(left) else None,
        *counts,
        {
            class_id: ClassClaim(
                labelled + unsure_count,
                unsure_count,
                _accuracy(overall[:, class_id + 1 : class_id + 2], labelled, unsure_count, n),
            )
            for class_id, labelled, unsure_count in numbers
            if labelled or unsure_count
        },
        at_hand(context),
        telling,
        draw,
    )


def check_of(context: ProjectContext, of: int | None = None) -> Check | None:
    """A spot check of a stratum, by default of what tells most about all images, or else of what is predicted.

    Of images that nobody looked at: those of former checks, and labels that were confirmed, are known.
    """
    claims = accuracy_claims(context)
    if claims is None:
        return None
    strata = of, claims.telling, spot_checks.NAMED
    checked = (picture.image for check in spot_checks.read(spot_checks.stored(context)) for picture in check.pictures)
    seen = np.array([*context.index.lost.ids.tolist(), *checked, *confirmed_labels(context)], np.int64)
    return claims.draw(next(stratum for stratum in strata if stratum is not None), seen)


def _probabilities(
    predictions: Predictions, judge: Judged | None, ids: Ids, accepted: Mask, names: Accuracy | None
) -> tuple[Floats, Floats, tuple[float, float]]:
    """(2, N) probabilities that images show the name, if a class, and that they show none; the range of that share.

    First as judged, then by the model in use, which learned from those that are `accepted` (N,). `names` is how often
    names without an example are right, if that was measured.
    """
    where = predictions.positions(ids)
    assert predictions.adapted_confidence is not None
    confidence = predictions.adapted_confidence[where].astype(np.float64)
    if names is not None:
        confidence[predictions.by_text[where]] = names.percent / 100
    unknown, share = np.zeros(len(ids)), predictions.share
    if predictions.open_set_scores is not None and predictions.thresholds is not None:
        unknown = 1 - predictions.open_set_scores.part(where).known(predictions.thresholds)
    probabilities = np.clip((confidence, unknown), EPSILON, 1 - EPSILON).astype(np.float32)
    in_use_says = probabilities.copy()
    if judge is not None:
        judged_at = positions(judge.ids, ids)
        known = judged_at >= 0
        probabilities[:, known] = np.clip((judge.confidence, judge.none), EPSILON, 1 - EPSILON)[:, judged_at[known]]
        if known.any():  # of many a sample is judged
            probabilities[:, accepted & ~known] = probabilities[:, known].mean(axis=1, keepdims=True)
        share = judge.share
    if share is None or not share.pictures:
        return probabilities, in_use_says, (0.0, 0.0)
    middle, low, high = (
        math.log(end / (1 - end)) for end in np.clip((share.value, *share.range), EPSILON, 1 - EPSILON)
    )
    return probabilities, in_use_says, (low - middle, high - middle)


def _values(
    judge_says: Floats,
    in_use_says: Floats,
    is_none: Mask,
    measured: Sequence[Measured],
    share: tuple[float, float],
    learned_of: Floats,
) -> list[Floats]:
    """(N,) each: the probability that what is said is right, its variance, and by how much it moves at ends of ranges.

    First `COMMON_ROWS` of what is off for all images, and then those of each class. `learned_of` (N,) is how many
    labels of what is said the judge learned from; infinite for None of these, and where the model in use is the judge.
    """

    def probabilities(by: float | Floats, none_by: float | Floats, of: Floats = judge_says) -> Floats:
        confidence, none = of[0], _moved(of[1], none_by)
        return np.where(is_none, none, _moved(confidence, by) * (1 - none))

    # First what is believed, its variance, and then how far it moves at the ends of all that is uncertain.
    shift, error = log_odds_shift(measured)
    middle, error, apart = probabilities(shift, 0), Z_95 * error, Z_95 * SHIFT_DEVIATION
    # The model in use may have become better than its judge; of what it learned from it is too sure.
    ahead = probabilities(shift, 0, in_use_says) - middle
    # Labels bound what is right from below alone. Questions are about doubtful images: of those with 67% on caltech-20,
    # 75% were right, and 99% of others with as much. A left-out label leaves its class one short, too.
    ends: list[tuple[float | Floats, float | Floats]]
    ends = [(shift - error, 0.0), (shift + apart, 0.0), (shift, min(share[0], -apart)), (shift, share[1])]
    # A share that h labels tell has log-odds with a variance of 4 / h at least: images of a class that the judge hardly
    # knows may be right far more often than it says, and none of them unknown.
    above = Z_95 * np.sqrt(SHIFT_DEVIATION**2 + 4 / np.maximum(learned_of, MIN_LEARNED))
    ends += [(shift - apart, 0.0), (shift + above, apart - above), (shift, -apart), (shift, apart)]
    return [middle, middle * (1 - middle), ahead, *(probabilities(*end) - middle for end in ends)]


def _accuracy(sums: Floats, sure: int, others: int, n: int) -> Accuracy:
    """How many of so many sure images and others are right, as `n` labels tell; `_values` (11, K) by class."""
    middle, spread = sums[:2].sum(axis=1)
    moved = np.concatenate([sums[2 : 2 + COMMON_ROWS].sum(axis=1), sums[2 + COMMON_ROWS :].ravel()])
    down, up = (math.sqrt(Z_95**2 * spread + np.square(np.clip(moved, *end)).sum()) for end in ((None, 0), (0, None)))
    count = max(1, sure + others)
    ends = (float(np.clip(100 * (sure + end) / count, 100 * sure / count, 100)) for end in (middle - down, middle + up))
    return Accuracy(float(100 * (sure + middle) / count), n, *ends)


def _moved(probabilities: Floats, by: float | Floats) -> Floats:
    """Probabilities (N,) whose log-odds are moved."""
    return probabilities / (probabilities + (1 - probabilities) * np.exp(-by, dtype=probabilities.dtype))


def log_odds_shift(measured: Sequence[Measured]) -> tuple[float, float]:
    """What moves the log-odds of confidences so that measured images are right as often as said; standard error."""
    confidence = np.clip([item.confidence for item in measured], EPSILON, 1 - EPSILON)
    right = np.array([item.label == item.answer for item in measured], np.float64)
    shift, precision = 0.0, SHIFT_DEVIATION**-2
    for _ in range(NEWTON_STEPS):
        probabilities = _moved(confidence, shift)
        precision = float((probabilities * (1 - probabilities)).sum()) + SHIFT_DEVIATION**-2
        step = float((right - probabilities).sum() - shift * SHIFT_DEVIATION**-2) / precision
        shift += min(max(step, -MAX_STEP), MAX_STEP)
    return shift, precision**-0.5


def range_words(accuracy: Accuracy) -> str:
    """An accuracy as its range, "92 to 97%"; from few labels, or if nearly all are right, "at least 83%"."""
    if accuracy.n < MIN_LABELS or accuracy.high > MAX_HIGH_END:
        return tr("at least {percent}", percent=tr("{percent:.0f}%", percent=math.floor(accuracy.low)))
    return _between(accuracy.low, accuracy.high)


def _between(low: float, high: float) -> str:
    return tr("{low} to {percent}", low=math.floor(low), percent=tr("{percent:.0f}%", percent=math.ceil(high)))


def short(accuracy: Accuracy) -> str:
    """An accuracy as its range and the number of labels that tell it."""
    return tr("{accuracy}, {n} label", "{accuracy}, {n} labels", accuracy.n, accuracy=range_words(accuracy))


def class_words(claim: ClassClaim) -> str:
    """What a class's folder has: "31 pictures, about 11 right (6 to 17)"."""
    ends = claim.right.low, claim.right.percent, claim.right.high
    low, about, high = (claim.pictures * end / 100 for end in ends)
    return tr(
        "{n:,} picture, about {right:,} right ({low:,} to {high:,})",
        "{n:,} pictures, about {right:,} right ({low:,} to {high:,})",
        claim.pictures,
        right=round(about),
        low=math.floor(low + 1e-6),
        high=math.ceil(high - 1e-6),
    )


def reason(context: ProjectContext) -> str:
    """Why what is claimed of all images just moved out of its range; empty if it did not."""
    state, right = context.state_of(_ReasonState), accuracy_claims(context)
    # Labels come before what follows from them.
    if right is None or right.known is None or right is state.newest or not is_followed(context):
        return state.reason
    before, state.newest, state.reason = state.reported, right, ""
    if before is None or not before.overall.low <= right.overall.percent <= before.overall.high:
        state.reported = replace(right, draw=_no_check)  # which holds three numbers of each image
        if before is not None:
            state.reason = tr(
                "It was {accuracy}; since then: {changes}.",
                accuracy=range_words(before.overall),
                changes=", ".join(_changes(before, right)),
            )
    return state.reason


def _changes(before: AccuracyClaims, right: AccuracyClaims) -> list[str]:
    new, labels = right.pictures - before.pictures, right.by_hand - before.by_hand
    accepted = right.accepted - before.accepted
    parts = [
        tr("{n:,} picture accepted", "{n:,} pictures accepted", accepted) if accepted > 0 else "",
        tr("{n:,} picture labelled by hand", "{n:,} pictures labelled by hand", labels) if labels > 0 else "",
        tr("{n:,} new picture", "{n:,} new pictures", new) if new > 0 else "",
        tr("{n:,} picture fewer", "{n:,} pictures fewer", -new) if new < 0 else "",
        tr("labels were taken back") if min(accepted, labels) < 0 else "",
    ]
    return [item for item in parts if item] or [tr("other classes or another choice of None of these")]


def sentence(right: AccuracyClaims) -> str:
    """What can be expected of the images without a label; empty if there are none."""
    if right.left is None:
        return ""
    left = tr(
        "Of the {n:,} picture left, {accuracy} are right.",
        "Of the {n:,} pictures left, {accuracy} are right.",
        right.unlabelled,
        accuracy=range_words(right.left),
    )
    if _meaning(right.left) is None:
        left = tr("How many of those left are right is not known yet.")
    unknown = right.at_hand
    if unknown is None:
        return left
    if unknown.guessed or 100 * (unknown.high - unknown.low) > MAX_WIDTH:
        none = tr("How many show none of your classes is not known yet.")
        return f"{left} {none}"
    share, tenths = _between(100 * unknown.low, 100 * unknown.high), min(9, round(10 * unknown.unknown_recall))
    if not tenths:  # the scores are smoothed, so that none is found exactly is never said
        none = tr("About {percent} of them show none of your classes, and get a name too.", percent=share)
    else:
        none = tr(
            "About {percent} of them show none of your classes, and {tenths} of 10 of those are found.",
            percent=share,
            tenths=tenths,
        )
    return f"{left} {none}"
