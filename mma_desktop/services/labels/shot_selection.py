"""Suggest images to label next: those that best represent the unlabelled images of each class.

The selection is facility location, class by class. The value of a set is the sum, over the images that may belong to
the class, of the class probability times the cosine with the nearest image of the set or shot of the class. The image
with the largest gain comes first. A suggestion is therefore typical, since many images are near it, and distinct from
the shots and other suggestions, since what they already cover adds no value. This is the submodular selection of
training data by Wei, Iyer and Bilmes, "Submodularity in Data Subset Selection and Active Learning" (ICML 2015); the
greedy rule and its bound are by Nemhauser, Wolsey and Fisher (1978). Selecting per class balances the classes and gives
each suggestion a class to accept.

The probabilities are zero-shot, from the class names, combined with the class means of the existing shots (Snell et
al., "Prototypical Networks", NeurIPS 2017), so that a class whose name does not work is found from its first shots.
Once there is an adapter, its probabilities replace the zero-shot ones, and images weigh up to twice as much the smaller
their margin is: the probability of the best class minus that of the second (Scheffer et al. 2001).

Tried and rejected: TypiClust (Hacohen, Dekel and Weinshall, "Active Learning on a Budget: Opposite Strategies Suit High
and Low Budgets", ICML 2022), the most typical image of each cluster of a class, saves as many labels but its shots
train worse adapters. Random images of the predicted class lose to random images of the true class, because the easy
ones come first. Weighting by margin alone suggests images of other classes: it takes hundreds of labels until a class
has its shots.

Measured on caltech-20 (tests/benchmarks/bench_suggestions.py): gain in base accuracy, in points, over as many random
shots per class, ± standard error over seeds 0 to 4. "labels" is how many labels the user gives until each class has its
shots, with suggestions and at random:

                                    4 shots       labels     8 shots       labels     4, a training, 4 more
    all 20 classes base             +0.3 ± 0.4    88, 159    +0.1 ± 0.3    174, 239   +1.3 ± 0.2
    10 easier ones base, 10 new     +0.1 ± 0.7    47, 142    +0.1 ± 0.5    95, 229    +0.9 ± 0.2

So it saves a quarter to two thirds of the labels, for shots as good as random shots of each class (which in practice
nobody can draw, as the classes are unknown), and shots suggested by an adapter are better. The rules were chosen with
an earlier starter on seeds 10 to 17: other draws of the same photographs.

Engine lane only. The same project, adapter and seed give the same suggestions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Role, Use
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.services.image_index import Columns, Ids
from mma_desktop.services.images.similar import embedded_among
from mma_desktop.services.predicting.prediction import template_of

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

Floats = NDArray[np.float32]

POOL = 20_000  # maximum number of unlabelled images considered; more are subsampled
GROUP = 1_024  # maximum per class; the selection needs all pairwise cosines, so more are subsampled
LIKELY = 0.5  # an image may belong to classes with at least this fraction of its highest class probability
DECIDED = 0.5  # with an adapter, how much less an image of margin 1 weighs than one of margin 0
_USES = list(Use)


class Why(StrEnum):
    """What the suggested images have in common."""

    TYPICAL = "typical"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Image ids to label next, by id of the class they are suggested for, most useful first.

    Every base class is a key; a class that has all its shots maps to an empty tuple. No image occurs twice.
    """

    by_class: Mapping[int, tuple[int, ...]]
    why: Why

    def __len__(self) -> int:
        return sum(map(len, self.by_class.values()))


@dataclass(frozen=True, eq=False)
class Candidates:
    """Input of the selection, as plain arrays.

    Args:
        features: (N, D) unit embeddings of the candidate images.
        chances: (N, C) their class probabilities.
        shots: (M, D) unit embeddings of the existing shots.
        shot_classes: (M,) column of `chances` of each shot.
        needs: (C,) how many images to suggest for each class.
    """

    features: Floats
    chances: Floats
    shots: Floats
    shot_classes: Ids
    needs: Ids


def suggest(context: ProjectContext, per_class: int, token: CancelToken, seed: int = 0) -> Suggestions:
    """Suggest images so that every base class gets `per_class` shots.

    Each class gets as many suggestions as it lacks shots. Images labelled for validation or testing are not shots, and
    nothing is learnt from them.

    Args:
        context: The project. Only images with features are suggested; every shot counts, embedded or not.
        per_class: Target number of shots per class.
        token: Cancels the job.
        seed: Seed of the random subsets.

    Raises:
        UserError: There is no base class, or no backbone is loaded.
        Cancelled: `token` was set.
    """
    if per_class < 1:
        raise ValueError(f"{per_class} shots a class")
    context.engine.need()
    classes = context.classes
    base = [one.id for one in classes if one.role is Role.BASE]
    if not base:
        raise UserError(tr("There is no base class to suggest shots for. Add some class names first."))
    rng = np.random.default_rng(seed)
    columns = context.index.columns
    class_ids = np.array([one.id for one in classes], np.int64)
    shots, shot_classes = _shots(columns, class_ids)
    have = np.bincount(shot_classes, minlength=len(class_ids))  # counts shots that are not embedded yet, too
    embedded = context.engine.embedded(columns.hashes[shots])
    shots, shot_classes = shots[embedded], shot_classes[embedded]
    needs = np.where(np.isin(class_ids, base), np.maximum(0, per_class - have), 0).astype(np.int64)
    why = Why.TYPICAL if context.engine.adapter is None else Why.UNCERTAIN
    free = embedded_among(context, columns, columns.usable & ~columns.labelled)
    if len(free) > POOL:
        free = np.sort(rng.choice(free, POOL, replace=False))
    if not len(free) or not needs.any():
        return Suggestions(dict.fromkeys(base, ()), why)
    _, cache = context.engine.need()
    features, shot_features = cache.gather(columns.hashes[free]), cache.gather(columns.hashes[shots])
    chances = _chances(context, columns.hashes[free], features, shot_features, shot_classes, token)
    candidates = Candidates(features, chances, shot_features, shot_classes, needs)
    chosen = choose(candidates, why, rng, token)
    rows = dict(zip(class_ids.tolist(), chosen, strict=True))
    return Suggestions({one: tuple(columns.ids[free[rows[one]]].tolist()) for one in base}, why)


def _shots(columns: Columns, class_ids: Ids) -> tuple[Ids, Ids]:
    """Positions of the labelled images that may be trained on, and the class index of each."""
    held = np.isin(columns.uses, [_USES.index(Use.VALIDATION), _USES.index(Use.TEST)])
    mask = columns.usable & np.isin(columns.class_ids, class_ids) & ~held
    where: Ids = np.flatnonzero(mask)
    order = np.argsort(class_ids, kind="stable")
    at = order[np.searchsorted(class_ids, columns.class_ids[where], sorter=order)] if len(where) else where
    return where, at.astype(np.int64)


def _chances(
    context: ProjectContext,
    hashes: NDArray[np.bytes_],
    features: Floats,
    shots: Floats,
    shot_classes: Ids,
    token: CancelToken,
) -> Floats:
    """(N, C) class probabilities from the names (or the adapter, if any) and the class means of the shots."""
    engine = context.engine
    adapted = engine.adapter is not None and bool(engine.embedded(hashes).all())
    names, template = [one.name for one in context.classes], template_of(context, adapted=adapted)
    found = engine.logits(hashes, names, template, token, adapted=adapted)
    if len(shots):
        backbone, _ = engine.need()
        found = found + np.float32(backbone.logit_scale) * prototype_cosines(
            features, shots, shot_classes, len(context.classes)
        )
    return softmax(found)


def prototype_cosines(features: Floats, shots: Floats, shot_classes: Ids, classes: int) -> Floats:
    """Cosines (N, C) of images (N, D) with the mean of each class's shots.

    A class without shots gets the mean of the others, which is neutral.
    """
    with_shots = np.unique(shot_classes)
    means = np.stack([unit(shots[shot_classes == one].mean(0)) for one in with_shots])
    cosines = features @ means.T
    out = np.repeat(cosines.mean(1, keepdims=True), classes, axis=1).astype(np.float32)
    out[:, with_shots] = cosines
    return out


def unit(vectors: NDArray[np.floating]) -> Floats:
    """Vectors (..., D) scaled to length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return result


# --------------------------------------------------------------------------------------
# selection on plain arrays


def choose(candidates: Candidates, why: Why, rng: np.random.Generator, token: CancelToken) -> list[Ids]:
    """For each class the rows to suggest, in order; no row occurs twice.

    A class with too few candidates is filled up with the remaining images that are likeliest for it.
    """
    chances = candidates.chances
    best = chances.max(1)
    weights = chances if why is Why.TYPICAL else chances * (1.0 - DECIDED * margins(chances))[:, None]
    taken = np.zeros(len(best), bool)
    chosen: list[Ids] = []
    for index, need in enumerate(candidates.needs.tolist()):
        token.raise_if_cancelled()
        rows = np.empty(0, np.int64)
        if need:
            group = np.flatnonzero((chances[:, index] >= LIKELY * best) & ~taken)
            if len(group) > GROUP:
                group = np.sort(rng.choice(group, GROUP, replace=False))
            shots = candidates.shots[candidates.shot_classes == index]
            rows = group[cover(candidates.features[group], weights[group, index], shots, need, token)]
        taken[rows] = True
        chosen.append(rows)
    for index, need in enumerate(candidates.needs.tolist()):
        missing = need - len(chosen[index])
        if missing:
            rest = np.flatnonzero(~taken)
            order = np.argsort(-chances[rest, index], kind="stable")
            more = rest[order[:missing]]
            taken[more] = True
            chosen[index] = np.concatenate([chosen[index], more])
    return chosen


def margins(chances: Floats) -> Floats:
    """(N,) probability of the best class minus that of the second."""
    if chances.shape[1] < 2:
        return np.ones(len(chances), np.float32)
    top = np.partition(chances, -2, axis=1)[:, -2:]
    result: Floats = top[:, 1] - top[:, 0]
    return result


def cover(features: Floats, weights: Floats, shots: Floats, need: int, token: CancelToken) -> Ids:
    """At most `need` rows that best represent all rows: greedy facility location.

    The value of a set is the sum over all rows i of weights_i times the cosine with the nearest vector of the set or of
    `shots`, at least 0. Each step takes the row with the largest gain; the result is worth at least 1 - 1/e of the best
    set (Nemhauser, Wolsey and Fisher 1978).

    Args:
        features: (N, D) unit vectors.
        weights: (N,) importance of representing each row, at least 0.
        shots: (M, D) existing unit vectors.
        need: Number of rows to choose.
        token: Cancels the selection.
    """
    count = len(features)
    alike = np.maximum(features @ features.T, 0.0)
    covered = np.zeros(count, np.float32)
    if len(shots):
        covered = np.maximum((features @ shots.T).max(1), covered)
    free = np.ones(count, bool)
    rows = np.empty(min(need, count), np.int64)
    for step in range(len(rows)):
        token.raise_if_cancelled()
        gains = weights @ np.maximum(alike - covered[:, None], 0.0)
        row = int(np.where(free, gains, -1.0).argmax())
        rows[step], free[row] = row, False
        covered = np.maximum(covered, alike[row])
    return rows
