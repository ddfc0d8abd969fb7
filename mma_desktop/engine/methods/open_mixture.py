"""One mixture of classes and unknown images, where images at hand tell the unknown images' groups.

Images of a class lie together, and so do those of unknown images. On principal components of the rows, the classes,
held by their shots, and J groups without a name are fitted by EM to shots and images at hand, with one covariance, and
examples of none of the classes are in any of the groups. What says whether the images of a group are known:

    how it mixes    pieces of a class share more images with it, by the mixture's probabilities, than classes do with
                    one another: a factor of the root of that ratio
    how far it is   the mean cosine of whole rows with the nearest class, not centred, as for one picture (`open_set`):
                    a factor of twice the share of left-out shots that are farther, of at most 1; a shot that is left
                    out is in none of the means
    answers         a shot that somebody was asked about and that would be in the group, if it were not held, speaks for
                    it, and an example of none against it, by 1 / `UNKNOWN_SHOT_RATE` each
    left-out shots  shots that were not picked one by one are left out in turn and treated as images at hand. If a
                    group is known, they fall into it as often as its size says, and `UNKNOWN_SHOT_RATE` times as often
                    if it is not: two Poisson distributions

Few shots cannot say that none of these images shows a kind of a class. As many are expected to as left-out shots tell
(`_with_doubt`).

Too many groups do no harm, so J need not be chosen; a few J and starts are averaged. `MixtureScorer` has the result as
a linear model, which holds for images that were not at hand: the mixture of these that comes nearest to their mean.

Where shots can be left out, the fit is used only if they have a higher probability of being known than images at
hand, by `CONFIDENCE_Z` standard errors (over shots or over classes, whichever are larger) and by `TOLERATED_SHARE`,
since whoever labels chooses typical images; and if the threshold finds more unknown images than it is expected to lose
known images. Where none can, as with one shot a class or where all answer questions, it is used if there is an example
of none. Then the odds before are those of the answers, or of the share that the scores tell while few are of none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from mma_desktop.engine.methods.open_set import (
    KNOWN_THRESHOLD,
    MAX_GROUPS,
    MIN_EXAMPLES,
    MIN_IMAGES,
    MIN_SHARE,
    Doubles,
    MixtureScorer,
    OpenSetModel,
    OpenSetScorer,
    Tail,
    nearest_cosines,
    reliable_shots,
    stratified_subset,
    weighted_quantiles,
)
from mma_desktop.engine.methods.quick import leading_directions
from mma_desktop.engine.open_set_scores import expit

MAX_CLASSES = 64  # time grows with it
MAX_AT_HAND, MAX_SHOTS = 1000, 1000  # more tell hardly more
# Of all starts but the first: only few images need several. One start has half the `GROUP_COUNTS`.
MAX_START_ROWS = 1500
COMPONENTS = 64  # principal components, as `transduction` has
STARTS, FOLDS, EM_STEPS = 3, 4, 10  # one start passes the test in 60% of draws for 80%, six leave out more
KMEANS_STEPS, KMEANS_TRIALS = 30, 4  # most steps, and draws of each first centre, about 2 + log K as is usual
GROUP_COUNTS = (0.25, 0.4, 0.63, 1.0)  # each 1.6 times the one before, of a group for `IMAGES_PER_GROUP` at hand
ASKED_SIZES = (0.1, 0.2, 0.3)  # likewise without shots that can be left out: with 0.5, known images fall 97 -> 88
IMAGES_PER_GROUP, MIN_GROUPS = 10, 4  # smaller groups can hold no left-out shot by chance alone
DENSITY_POWER, SHARE_POWER = 0.3, 0.5  # of log-densities and shares, which are too sure of themselves
COVARIANCE_WEIGHT = 0.5  # of the covariance as found; the rest is its mean variance, the same in all directions
SHOT_WEIGHT = 2.0  # images that a shot counts as, since its class is certain
UNKNOWN_SHOT_RATE = 0.1  # left-out shots in a group that is unknown, to those if it were known; a round number
BESIDE, MIXED, MIN_MIXED = 0.5, 0.5, 1e-3  # near a logistic regression on 6,446 groups of four folders (`_evidence`)
NEAR = 2.0  # odds of a group as near as half of the shots: with how far others are, near such a regression on 14,326
# Shares of left-out shots that are farther; at 0.5 for a single image, 4 to 10% of known ones are lost.
LEAST_TAIL, IMAGE_TAIL, MEDIAN = 1e-4, 0.02, 0.5
CONFIDENCE_Z = 1.0  # standard errors: 84%, one-sided; 1.28 leaves out one draw of five with out-of-distribution images
TOLERATED_SHARE = 0.05  # typical shots alone seem to tell so many: 0 loses known images, 0.1 misses unknown ones
SHARE_ROUNDS = 4  # of the share, which says how many known images a group would have, and follows from it
MAX_DOUBT = 0.49  # an even chance, but for what is decided
MAX_SHARE, MIN_KNOWN = 0.9, 0.05  # so that nothing is divided by 0 where groups take all images


@dataclass(frozen=True, eq=False)
class _Run:
    """Probabilities of one mixture: of the K classes, then of all groups that a fold may start from.

    `fold` (S,) is in which fold each shot was left out, -1 for none; `left` (C, S) are those of the shots where they
    were, and `hand` (F, C, N) those of images at hand in each mixture. `before` (F, G) are the logarithms of the odds
    that groups are known, without what left-out shots say, and `whole` (F, G) the same with all shots in the class
    means.
    """

    fold: NDArray[np.int64]
    left: Doubles
    hand: Doubles
    before: Doubles
    whole: Doubles


@dataclass(frozen=True, eq=False)
class _KnownProbabilities:
    """Probabilities that an image is known.

    `shots` (S,) are those of shots left out, `beside` (S,) the mean of images at hand in the same mixtures, `folds`
    (N,) of each of these, without the shots of the fold; `at_hand` (N,) with all shots.
    """

    shots: Doubles
    beside: Doubles
    folds: Doubles
    at_hand: Doubles


@dataclass(frozen=True, eq=False)
class _Nearness:
    """How near images at hand are to the classes: `cosines` (S, N) of shots with them.

    `labels` (S,) are those of the shots, and `lengths` (K,) those of the classes' sums of unit rows. `shots` is the
    tail of cosines of left-out shots with the nearest class, None where no shot can be left out, which says nothing.
    """

    cosines: Tensor
    labels: Tensor
    lengths: Tensor
    shots: Tail | None

    @classmethod
    def of(
        cls, rows: Tensor, labels: Tensor, copies: Tensor | None, judged: NDArray[np.bool_], at_hand: Tensor
    ) -> _Nearness:
        """See `fit_open_mixture`; `judged` (S,) are the shots that can be left out."""
        nearest = nearest_cosines(rows, labels, torch.arange(len(rows)) if copies is None else copies)
        unit = functional.normalize(rows, dim=1)
        sums = torch.zeros(int(labels.max()) + 1, rows.shape[1]).index_add_(0, labels, unit)
        tail = None if nearest is None or not judged.any() else Tail.of(nearest[0][judged])
        return cls(unit @ functional.normalize(at_hand, dim=1).T, labels, sums.norm(dim=1), tail)

    def to_classes(self, held: Tensor) -> Tensor:
        """(F, N) cosines of images at hand with the mean of the nearest class, of the shots that are `held` (F, S)."""
        of_class = functional.one_hot(self.labels).T * held.unsqueeze(1)
        # As `nearest_cosines`: a mean of fewer shots is given the length of that of all.
        scale = torch.bincount(self.labels).unsqueeze(1) / of_class.sum(2, keepdim=True) / self.lengths.unsqueeze(1)
        return ((of_class * scale) @ self.cosines).amax(1)

    def of_groups(self, groups: Doubles, cosines: Tensor) -> Doubles:
        """(F, G) logarithm of the odds that groups (F, G, N) are known, by `to_classes`.

        Means of known groups are anywhere among the cosines of left-out shots, and those of unknown ones in their tail.
        """
        if self.shots is None:
            return np.zeros(groups.shape[:2])
        means = (groups @ cosines.unsqueeze(2).double().numpy())[:, :, 0] / np.maximum(groups.sum(2), 1e-6)
        log_odds: Doubles = (
            self.shots.below(torch.from_numpy(means)).clamp(LEAST_TAIL, MEDIAN).div(MEDIAN).log().numpy() + NEAR
        )
        return log_odds

    def of_images(self, known: Doubles, cosines: Tensor) -> Doubles:
        """(N,) `known` probabilities, of which the odds of images in the tail are lower, by `to_classes` (N,)."""
        if self.shots is None:
            return known
        factor: Doubles = self.shots.below(cosines).clamp(LEAST_TAIL, IMAGE_TAIL).div(IMAGE_TAIL).numpy()
        # Odds times the factor, as a probability.
        return factor * known / (1 - (1 - factor) * known)


def fit_open_mixture(
    rows: Tensor,
    labels: Tensor,
    at_hand: Tensor,
    open_set_scorer: OpenSetScorer,
    open_set: OpenSetModel | None = None,
    none: Tensor | None = None,
    *,
    copies: Tensor | None = None,
    measured: Tensor | None = None,
    asked: Tensor | None = None,
) -> tuple[MixtureScorer, OpenSetModel] | None:
    """Fit the mixture; None if it is not certain enough to be used, or there are too few images or too many classes.

    On the CPU. The result depends on the order of the rows, so callers order them by their contents.

    Args:
        rows: (S, E) whole rows of the shots.
        labels: (S,) from 0 to K - 1.
        at_hand: (N, E) rows of images without a label.
        open_set_scorer: Says which class claims them most, on any device.
        open_set: What its scores tell of the share of unknown images; None if nothing.
        none: (M, E) rows of examples of none of the classes that somebody gave; with any, the test over the errors is
            left out.
        copies: (S,) equal for shots of the same image.
        measured: (S,) shots that are left out, at least one a class; None for all. The others are always held.
        asked: (S,) shots that are answers to questions, as examples of none are; None for none of them.
    """
    classes, answers = int(labels.max()) + 1, 0 if none is None else len(none)
    if len(at_hand) < MIN_IMAGES or not 2 <= classes <= MAX_CLASSES:
        return None
    if len(rows) > MAX_SHOTS:
        some = stratified_subset(labels, MAX_SHOTS)
        rows, labels = rows[some], labels[some]
        copies, measured, asked = (None if array is None else array[some] for array in (copies, measured, asked))
    judged = reliable_shots(labels, copies, None)
    shot_labels, count = labels.numpy(), len(labels)
    if measured is not None:
        # Shots that were picked one by one are typical, so unknown images would seem more: they are held in every fold.
        judged &= measured.numpy()
    of_class = np.bincount(shot_labels[judged], minlength=classes)
    folds = FOLDS if judged.sum() >= classes and (of_class > 0).sum() > 1 else 0
    if not folds and not answers:
        return None
    judged &= folds > 0
    if len(at_hand) > MAX_AT_HAND:
        at_hand = at_hand[torch.linspace(0, len(at_hand) - 1, MAX_AT_HAND, dtype=torch.float64).round().long()]
    images, likely = len(at_hand), open_set_scorer.predict(at_hand.to(open_set_scorer.weights)).cpu().numpy()
    every = functional.normalize(torch.cat([rows, at_hand, *([] if none is None else [none])]), dim=1)
    centre = every.mean(0)
    axes = leading_directions(every - centre, min(COMPONENTS, len(every) - 1, every.shape[1]))
    points = (every - centre) @ axes
    most_groups = float(np.clip(images / IMAGES_PER_GROUP, MIN_GROUPS, MAX_GROUPS))
    starts = max(1, min(STARTS, MAX_START_ROWS // len(every)))
    sizes = (GROUP_COUNTS if starts > 1 else GROUP_COUNTS[1::2]) if folds else ASKED_SIZES
    group_counts = sorted({max(1, round(most_groups * size)) for size in sizes})
    asked = torch.zeros(count, dtype=torch.bool) if asked is None else asked
    odds = 0.0 if folds else _odds_before(int(asked.sum()), answers, at_hand, open_set_scorer, open_set)
    near = _Nearness.of(rows, labels, copies, judged, at_hand)
    runs: list[_Run] = []
    wholes: list[tuple[Tensor, Tensor, Tensor]] = []
    for start in range(starts):
        fold = _folds(labels, judged, copies, np.random.default_rng(start))
        # All folds of a start are mixtures of one product.
        held = torch.full((folds + 1, len(every)), -1)  # the last without any left out
        held[:, :count] = torch.where(fold == torch.arange(folds + 1).unsqueeze(1), -1, labels)
        held[:, count + images :] = classes
        cosines = near.to_classes(held[:, :count] >= 0)
        for number in group_counts:
            run, whole = _run(points, held, fold, classes, number, images, asked, start)
            groups = run.hand[:, classes:]
            # A group around a shot that is left out is near because of it.
            before, with_all = (
                run.before + odds + near.of_groups(groups, at) for at in (cosines[: len(groups)], cosines[-1:])
            )
            runs.append(replace(run, before=before, whole=with_all))
            wholes.append(whole)
    shares = (np.bincount(likely, minlength=classes) + 1) / (images + classes)  # as if shots were drawn at hand
    weights = (shares / np.maximum(of_class, 1))[shot_labels] * judged
    weights /= weights.sum() or 1.0
    passed = (
        _certain_enough(runs, weights, shot_labels, answers)
        if folds
        else _by_answers(runs, shot_labels, answers + int(asked.sum()))
    )
    if passed is None:
        return None
    known, error, lost = passed
    known = replace(known, at_hand=_with_doubt(near.of_images(known.at_hand, cosines[-1]), lost))
    targets = torch.zeros(len(every), classes)
    targets[torch.arange(count), labels] = 1
    # The head says which class it is, the mixture how likely it is one at all.
    targets[torch.arange(count, count + images), torch.from_numpy(likely)] = torch.from_numpy(known.at_hand).float()
    fitted = _scorer(wholes, targets, slice(count, count + images), axes, centre)
    scores = fitted(at_hand).double().numpy()
    result = OpenSetModel(
        weighted_quantiles(known.shots, weights) if folds else weighted_quantiles(scores, known.at_hand),
        weighted_quantiles(scores, 1 - known.at_hand),
        ((0.0, 0.0),),
        rows.shape[1],
        answers=answers,
        groups=len(fitted.offsets) - classes,
        error=round(min(1.0, error), 6),
    )
    return fitted, result


def _with_doubt(known: Doubles, lost: float) -> Doubles:
    """(N,) `known` probabilities of images, with those below the threshold raised to sum to what is expected there.

    So many are known as `lost` says, the share of known images that are below it. The lowest are raised, to one level:
    images far from all shots may be a kind of a class that no shot shows.
    """
    rejected = known < KNOWN_THRESHOLD
    lowest = np.sort(known[rejected])
    missing = lost / (1 - lost) * known[~rejected].sum() - lowest.sum() + lowest.cumsum()
    levels = missing / np.arange(1, len(lowest) + 1)  # for so many of the lowest
    return np.where(rejected, np.maximum(known, np.min(levels, initial=MAX_DOUBT)), known)


def _folds(labels: Tensor, judged: NDArray[np.bool_], copies: Tensor | None, rng: np.random.Generator) -> Tensor:
    """(S,) the fold in which each shot is left out with its copies, stratified; -1 for those not `judged`."""
    fold = np.full(len(labels), -1)
    classes = labels.numpy()
    of = np.arange(len(classes)) if copies is None else copies.numpy()
    for label in range(int(classes.max()) + 1):
        where = np.flatnonzero((classes == label) & judged)
        _, first, image = np.unique(of[where], return_index=True, return_inverse=True)
        order = np.empty(len(first), np.int64)
        order[np.argsort(first)] = rng.permutation(len(first))  # whatever the images' numbers are
        # Beginning with another fold in each class, so that all folds are of about one size.
        fold[where] = (order[image] + label) % FOLDS
    return torch.from_numpy(fold)


def _run(
    points: Tensor, held: Tensor, fold: Tensor, classes: int, number: int, images: int, asked: Tensor, start: int
) -> tuple[_Run, tuple[Tensor, Tensor, Tensor]]:
    """One mixture with a `number` of groups, and what `mixture` returns of the one without any shot left out."""
    count, parts = len(fold), max(1, len(held) - 1)
    _, centres = k_means(points, classes + number, start)
    free = torch.stack([_group_centres(points[:count], part[:count], classes, centres, number) for part in held])
    posteriors, slopes, offsets = mixture(points, held, classes, centres[free])
    evidence = _evidence(posteriors, asked, classes, images)
    wide, before = torch.zeros(parts, classes + len(centres), len(points)), torch.zeros(parts, len(centres))
    for part in range(parts):
        wide[part, :classes], wide[part, classes + free[part]] = posteriors[part, :classes], posteriors[part, classes:]
        before[part, free[part]] = evidence[part]
    left = wide[fold.clamp_min(0), :, torch.arange(count)].T.double()
    hand, odds = wide[:, :, count : count + images].double().numpy(), before.double().numpy()
    run = _Run(fold.numpy(), left.numpy(), hand, odds, odds)
    return run, (posteriors[-1], slopes[-1], offsets[-1])


def _evidence(posteriors: Tensor, asked: Tensor, classes: int, images: int) -> Tensor:
    """(F, J) logarithm of the odds that the groups of F mixtures (F, C, N) are known, without what left-out shots say.

    Groups of known images mix with classes more than classes do with one another. A shot that was `asked` about (S,)
    and would be in a group speaks for it, and an example of none against it.
    """
    count, end = len(asked), len(asked) + images
    at_hand = posteriors[:, :, count:end]
    of_class = at_hand[:, :classes]
    mixed = (at_hand @ of_class.sum(1).unsqueeze(2)).squeeze(2)
    # With the other classes only.
    mixed[:, :classes] -= of_class.square().sum(2)
    mixed = mixed / at_hand.sum(2).clamp_min(1e-6) + MIN_MIXED
    usual = mixed[:, :classes].quantile(0.5, dim=1, keepdim=True)
    balance = posteriors[:, classes:, :count] @ asked.to(posteriors) - posteriors[:, classes:, end:].sum(2)
    return MIXED * (mixed[:, classes:] / usual).log() - BESIDE + math.log(1 / UNKNOWN_SHOT_RATE) * balance


def _scorer(
    wholes: Sequence[tuple[Tensor, Tensor, Tensor]], targets: Tensor, at_hand: slice, axes: Tensor, centre: Tensor
) -> MixtureScorer:
    """The mixture, of several as `_run` returns them, that comes nearest to `targets` (N, K) of images at hand."""
    of_component = [
        posteriors @ targets / posteriors.sum(1, keepdim=True).clamp_min(1e-9) for posteriors, _, _ in wholes
    ]
    # The one mixture nearest to the mean of all, as a mean of mixtures would not be linear.
    away = [
        float((known.T @ posteriors[:, at_hand] - targets[at_hand].T).sum(0).square().sum())
        for known, (posteriors, _, _) in zip(of_component, wholes, strict=True)
    ]
    best = int(np.argmin(away))
    _, slopes, offsets = wholes[best]
    fitted = MixtureScorer(len(axes), targets.shape[1], len(offsets) - targets.shape[1])
    fitted.weights.copy_(axes @ (DENSITY_POWER * slopes).T)
    fitted.offsets.copy_(offsets - centre @ fitted.weights)
    fitted.known.copy_(of_component[best])
    return fitted


def _group_centres(shots: Tensor, held: Tensor, classes: int, centres: Tensor, number: int) -> Tensor:
    """(`number`,) centres that start groups: no class's nearest one, and the farthest from all classes."""
    indicators = functional.one_hot(held + 1, classes + 1)[:, 1:].to(shots)
    means = indicators.T @ shots / indicators.sum(0).unsqueeze(1)
    away = (centres.unsqueeze(1) - means).square().sum(2)
    taken = torch.zeros(len(centres), dtype=torch.bool)
    # The centre nearest to a class is its own images.
    taken[away.argmin(0)] = True
    order = torch.argsort(-away.amin(1), stable=True)
    return order[~taken[order]][:number]


def mixture(points: Tensor, held: Tensor, classes: int, centres: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """EM of F mixtures: (F, C, N) probabilities as if no shot were held, slopes (F, C, d) and offsets (F, C).

    Args:
        points: (N, d), those of the shots first.
        held: (F, N) class of what is held, -1 elsewhere, and K for examples of none, which are last and in any group;
            in the last mixture all shots are held.
        classes: Number K.
        centres: (F, J, d) that start the groups.
    """
    (count, size), none = points.shape, int((held[-1] == classes).sum())
    columns, shots = classes + centres.shape[1], int((held[-1] >= 0).sum()) - none
    fixed = (held[:, :shots] >= 0).unsqueeze(1)
    given = functional.one_hot(held[:, :shots].clamp_min(0), columns).transpose(1, 2).to(points) * fixed
    of_classes = given[:, :classes]
    means = torch.cat([of_classes @ points[:shots] / of_classes.sum(2, keepdim=True), centres], dim=1)
    # The nearest by squared distance, without what is the same for all.
    nearest = (2 * means @ points.T - means.square().sum(2, keepdim=True)).argmax(1)
    posteriors = functional.one_hot(nearest, columns).transpose(1, 2).to(points).contiguous()
    heavier = (SHOT_WEIGHT - 1) * fixed.transpose(1, 2)
    # The covariance within components is that of all less that between: no deviations of all images are needed.
    total = points.T @ points + (heavier * points[:shots]).transpose(1, 2) @ points[:shots]
    mass = count + heavier.sum(1, keepdim=True)
    for _ in range(EM_STEPS):
        posteriors[:, :, :shots] = torch.where(fixed, SHOT_WEIGHT * given, posteriors[:, :, :shots])
        counts = posteriors.sum(2, keepdim=True) + 1e-6
        means = (posteriors @ points) / counts
        within = (total - (means * counts).transpose(1, 2) @ means) / mass
        spread = within.diagonal(dim1=1, dim2=2).mean(1).view(-1, 1, 1)
        within = COVARIANCE_WEIGHT * within + (1 - COVARIANCE_WEIGHT) * spread * torch.eye(size)
        slopes = torch.linalg.solve(within, means.transpose(1, 2)).transpose(1, 2)
        offsets = SHARE_POWER * (counts / mass).log() - 0.5 * DENSITY_POWER * (means * slopes).sum(2, keepdim=True)
        posteriors = torch.baddbmm(offsets, DENSITY_POWER * slopes, points.T.expand(len(held), -1, -1))
        # Examples of none are in none of the classes.
        posteriors[:, :classes, count - none :] = -torch.inf
        posteriors = posteriors.softmax(1)
    return posteriors, slopes, offsets.squeeze(2)


def _certain_enough(
    runs: Sequence[_Run], weights: Doubles, labels: NDArray[np.int64], answers: int
) -> tuple[_KnownProbabilities, float, float] | None:
    """What is known, the standard error of the share of unknown images, and the share of known ones that are lost.

    None if that is not certain enough.

    Args:
        runs: The mixtures.
        weights: (S,) of the shots, which sum to 1.
        labels: (S,) of the shots.
        answers: Number of examples of none: with any, there are unknown images.
    """
    classes, share, worth = int(labels.max()) + 1, 0.0, 1 / float((weights**2).sum())
    # The share says how many known images a group would have, and follows from how many are.
    for _ in range(SHARE_ROUNDS):
        known = _known_probabilities(runs, classes, share, worth * weights)
        here = max(float(weights @ known.shots), MIN_KNOWN)
        # Left-out shots are known for sure, so by how much less images at hand are, is the share of unknown ones.
        share = float(np.clip((weights @ known.shots - known.folds.mean()) / here, 0, MAX_SHARE))
    ahead = known.shots - known.beside
    middle, of_class = weights @ ahead, np.bincount(labels, weights)
    means = np.bincount(labels, weights * ahead) / np.maximum(of_class, 1e-12)
    # By shots and by classes: where a class is missed as a whole, its shots are no independent draws.
    errors = [
        float(np.sqrt(parts @ (values - middle) ** 2 / max(1 / (parts**2).sum() - 1, 1)))
        for parts, values in ((weights, ahead), (of_class, means))
    ]
    error = float(np.hypot(max(errors), known.folds.std() / np.sqrt(len(known.folds))))
    if not answers and middle - CONFIDENCE_Z * error <= TOLERATED_SHARE * here:
        return None
    rejected_shots, rejected = known.shots < KNOWN_THRESHOLD, (known.folds < KNOWN_THRESHOLD).mean()
    # Of the images that are found, at least as many have to be unknown as known ones are expected to be lost.
    if rejected <= 2 * (1 - share) * float(weights @ rejected_shots):
        return None
    lost = rejected_shots[weights > 0]
    return known, error / here, float(lost.sum() + 0.5) / (len(lost) + 1)  # with Jeffreys' prior


def _by_answers(
    runs: Sequence[_Run], labels: NDArray[np.int64], answers: int
) -> tuple[_KnownProbabilities, float, float]:
    """As `_certain_enough`, where no shots are left out, so that none tells what is lost."""
    known = _known_probabilities(runs, int(labels.max()) + 1, 0.0, np.zeros(len(labels)))
    share = float((known.at_hand < KNOWN_THRESHOLD).mean())
    return known, math.sqrt(share * (1 - share) / answers), 0.0


def _odds_before(
    yes: int, answers: int, at_hand: Tensor, open_set_scorer: OpenSetScorer, open_set: OpenSetModel | None
) -> float:
    """The logarithm of the odds that groups are known, where no shot can be left out; see `fit_open_mixture`."""
    if open_set is None or answers >= MIN_EXAMPLES:
        return math.log((yes + 0.5) / (answers + 0.5)) if yes else 0.0
    # Few answers of none do not say that there are few: examples of each class may be all that was labelled.
    share = open_set.decide(open_set_scorer.score_rows(at_hand.numpy()))[1].value
    share = min(max(round(share, 2), MIN_SHARE), 1 - MIN_SHARE)  # sums in another order end in other digits
    return math.log((1 - share) / share)


def _known_probabilities(runs: Sequence[_Run], classes: int, share: float, weights: Doubles) -> _KnownProbabilities:
    """The mean over `runs`; `weights` (S,) are how many shots each one is worth."""
    images = runs[0].hand.shape[2]
    shots, beside = np.zeros((2, len(weights)))
    folds, at_hand = np.zeros((2, images))
    for run in runs:
        named, groups = run.hand[:, :classes].sum(1), run.hand[:, classes:]
        expected = groups.sum(2).mean(0) / (images * (1 - share))
        inside, parts = run.left[classes:] * weights, len(groups)
        for fold, (before, whole) in enumerate(zip(run.before, run.whole, strict=True)):
            at_hand += (
                named[fold] + _group_known_probability(whole, inside.sum(1), weights.sum() * expected) @ groups[fold]
            ) / parts
            out = run.fold == fold
            known = _group_known_probability(before, inside[:, ~out].sum(1), weights[~out].sum() * expected)
            here = named[fold] + known @ groups[fold]
            folds += here / parts
            shots[out] += run.left[:classes, out].sum(0) + known @ run.left[classes:, out]
            beside[out] += here.mean()
    return _KnownProbabilities(*(part / len(runs) for part in (shots, beside, folds, at_hand)))


def _group_known_probability(before: Doubles, inside: Doubles, expected: Doubles) -> Doubles:
    """(G,) that groups are known, with odds `before`, so many left-out shots `inside`, and as `expected` if so."""
    # Logarithm of the ratio of two Poisson probabilities, of means `expected` and `UNKNOWN_SHOT_RATE` times that.
    odds = before + inside * math.log(1 / UNKNOWN_SHOT_RATE) - (1 - UNKNOWN_SHOT_RATE) * expected
    return expit(odds)


def k_means(points: Tensor, first: Tensor | int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Groups (N,) of points (N, d) and their centres (K, d), from `first` centres, or so many by greedy k-means++."""
    centres = _spread(points, first, np.random.default_rng(seed)) if isinstance(first, int) else first
    before = torch.empty(0)
    for _ in range(KMEANS_STEPS):
        of = (centres.square().sum(1) - 2 * points @ centres.T).argmin(1)
        if torch.equal(of, before):
            break
        counts = torch.bincount(of, minlength=len(centres)).unsqueeze(1)
        sums = torch.zeros_like(centres).index_add_(0, of, points)
        # A group that lost all its points keeps its centre.
        centres, before = torch.where(counts > 0, sums / counts.clamp_min(1), centres), of
    return of, centres


def _spread(points: Tensor, count: int, rng: np.random.Generator) -> Tensor:
    """(`count`, d) of points (N, d) to start from, by greedy k-means++."""
    lengths, draws = points.square().sum(1), torch.from_numpy(rng.random((count, KMEANS_TRIALS)))
    chosen = [int(draws[0, 0] * len(points))]
    nearest = (points - points[chosen[0]]).square().sum(1)
    for draw in draws[1:]:
        total = nearest.double().cumsum(0)
        # k-means++ (Arthur and Vassilvitskii 2007): drawn in proportion to the squared distance from the nearest
        # centre.
        asked = torch.searchsorted(total, draw * total[-1]).clamp_max(len(points) - 1)
        away = (lengths.unsqueeze(1) - 2 * points @ points[asked].T + lengths[asked]).clamp_min(0)
        away = torch.minimum(away, nearest.unsqueeze(1))
        # Greedy: of the draws, the one that leaves the others nearest.
        best = int(away.sum(0).argmin())
        nearest = away[:, best]
        chosen.append(int(asked[best]))
    return points[chosen]
