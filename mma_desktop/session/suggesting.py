"""Which images to label next: typical and diverse ones at first, those between two classes once an adapter is trained.

At a cold start this is TypiClust (Hacohen, Dekel and Weinshall, "Active Learning on a Budget: Opposite Strategies Suit
High and Low Budgets", ICML 2022) class by class: the images that are predicted to be of a class are clustered with the
class's shots, as many clusters as it is to have shots, and the most typical image of each cluster that holds no shot
yet is suggested. The paper clusters all images at once; going by the predicted class balances the classes and gives
each suggestion a class to accept. The predictions are the zero-shot ones, joined by the class means of the shots that
are there already (Snell et al., "Prototypical Networks", NeurIPS 2017): a class that its name does not find is found
from its first shots.

Once there is an adapter the score within a cluster is the margin, the probability of the best class less that of the
second (Scheffer et al. 2001), the smallest first; one image a cluster keeps the suggestions apart.

What it is good for, measured (tests/benchmarks/bench_suggestions.py): 15 to 35% fewer labels until every class has
its shots. Against as many random shots of each class, trained with epochs from cross-validation, it does not win: shots
that are chosen to be apart look hard to each other's folds, and the training stops early.

Engine lane only. The same project, adapter and seed give the same suggestions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.domain import CancelToken, Role, Use, UserError
from mma_desktop.session.catalogue import Columns, Ids
from mma_desktop.session.guessing import template_of
from mma_desktop.session.similar import embedded_among

if TYPE_CHECKING:
    from mma_desktop.session.project_session import ProjectSession

Floats = NDArray[np.float32]

POOL = 20_000  # of more unlabelled images a random subset is looked at
NEIGHBOURS = 20  # K of typicality, TypiClust's own
REFERENCES = 2_048  # of a larger cluster, neighbours are looked for among so many of its images
CLUSTERS = 64  # most clusters a class; with more suggestions a cluster gives several
ROUNDS = 20  # of k-means
BLOCK = 2_048
_USES = list(Use)


class Why(StrEnum):
    """What the suggested images have in common."""

    TYPICAL = "typical"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Image ids to label next, by id of the class they are suggested for, the most useful first.

    Every base class is a key, one that has all its shots with an empty tuple. No image occurs twice.
    """

    by_class: Mapping[int, tuple[int, ...]]
    why: Why

    def __len__(self) -> int:
        return sum(map(len, self.by_class.values()))


@dataclass(frozen=True, eq=False)
class Candidates:
    """What a choice is made from, as plain arrays.

    Args:
        features: (N, D) unit embeddings of the images that may be suggested.
        chances: (N, C) their class probabilities.
        shots: (M, D) unit embeddings of the shots that are there.
        shot_classes: (M,) column of `chances` each belongs to.
        needs: (C,) how many images to suggest for each class.
    """

    features: Floats
    chances: Floats
    shots: Floats
    shot_classes: Ids
    needs: Ids


def suggest(session: ProjectSession, per_class: int, token: CancelToken, seed: int = 0) -> Suggestions:
    """The images to label next so that every base class gets `per_class` shots.

    A class is suggested as many images as it lacks. Images labelled for validation or testing are no shots, and
    nothing is learnt from them.

    Args:
        session: The project; only images with features are suggested.
        per_class: Shots a class is to have.
        token: Stops it.
        seed: Of the subset and the clusters.

    Raises:
        UserError: There is no base class, or no backbone is loaded.
        Cancelled: `token` was set.
    """
    if per_class < 1:
        raise ValueError(f"{per_class} shots a class")
    session.engine.need()
    classes = session.classes
    base = [one.id for one in classes if one.role is Role.BASE]
    if not base:
        raise UserError("There is no base class to suggest shots for. Add some class names first.")
    rng = np.random.default_rng(seed)
    columns = session.catalogue.columns
    class_ids = np.array([one.id for one in classes], np.int64)
    shots, shot_classes = _shots(session, columns, class_ids)
    have = np.bincount(shot_classes, minlength=len(class_ids))
    needs = np.where(np.isin(class_ids, base), np.maximum(0, per_class - have), 0).astype(np.int64)
    why = Why.TYPICAL if session.engine.adapter is None else Why.UNCERTAIN
    free = embedded_among(session, columns, columns.usable & ~columns.labelled)
    if len(free) > POOL:
        free = np.sort(rng.choice(free, POOL, replace=False))
    if not len(free) or not needs.any():
        return Suggestions(dict.fromkeys(base, ()), why)
    _, cache = session.engine.need()
    features, shot_features = cache.gather(columns.hashes[free]), cache.gather(columns.hashes[shots])
    chances = _chances(session, features, shot_features, shot_classes, token)
    candidates = Candidates(features, chances, shot_features, shot_classes, needs)
    chosen = choose(candidates, why, rng, token)
    rows = dict(zip(class_ids.tolist(), chosen, strict=True))
    return Suggestions({one: tuple(columns.ids[free[rows[one]]].tolist()) for one in base}, why)


def _shots(session: ProjectSession, columns: Columns, class_ids: Ids) -> tuple[Ids, Ids]:
    """Positions of the labelled images with features that may be trained on, and the class index of each."""
    held = np.isin(columns.uses, [_USES.index(Use.VALIDATION), _USES.index(Use.TEST)])
    mask = columns.usable & np.isin(columns.class_ids, class_ids) & ~held
    where = embedded_among(session, columns, mask)
    order = np.argsort(class_ids, kind="stable")
    at = order[np.searchsorted(class_ids, columns.class_ids[where], sorter=order)] if len(where) else where
    return where, at.astype(np.int64)


def _chances(session: ProjectSession, features: Floats, shots: Floats, shot_classes: Ids, token: CancelToken) -> Floats:
    """(N, C) class probabilities: the adapter's; without one, those of the names and the class means of the shots."""
    from mma_desktop.engine.evaluation import logits

    engine = session.engine
    adapted = engine.adapter is not None
    texts = engine.texts([one.name for one in session.classes], template_of(session, adapted=adapted))
    found = logits(engine.adapter or engine.zero_shot(), features, texts, cancel=token)
    if not adapted and len(shots):
        backbone, _ = engine.need()
        found = found + np.float32(backbone.logit_scale) * prototype_cosines(
            features, shots, shot_classes, len(session.classes)
        )
    return softmax(found)


def softmax(logits: Floats) -> Floats:
    """Probabilities (N, C) of logits (N, C)."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    result: Floats = powers / powers.sum(1, keepdims=True)
    return result


def prototype_cosines(features: Floats, shots: Floats, shot_classes: Ids, classes: int) -> Floats:
    """Cosines (N, C) of images (N, D) with the mean of each class's shots.

    A class without shots gets the mean of the others, which speaks neither for nor against it.
    """
    with_shots = np.unique(shot_classes)
    means = np.stack([unit(shots[shot_classes == one].mean(0)) for one in with_shots])
    cosines = features @ means.T
    out = np.repeat(cosines.mean(1, keepdims=True), classes, axis=1).astype(np.float32)
    out[:, with_shots] = cosines
    return out


def unit(vectors: NDArray[np.floating]) -> Floats:
    """Vectors (..., D) of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return result


# --------------------------------------------------------------------------------------
# the choice, on plain arrays


def choose(candidates: Candidates, why: Why, rng: np.random.Generator, token: CancelToken) -> list[Ids]:
    """For each class the rows to suggest, in order; a row occurs once.

    A class that is predicted for too few images is filled up with those it is likeliest for among the rest.
    """
    best = candidates.chances.argmax(1)
    margins = _margins(candidates.chances)
    taken = np.zeros(len(best), bool)
    chosen: list[Ids] = []
    for index, need in enumerate(candidates.needs.tolist()):
        token.raise_if_cancelled()
        group = np.flatnonzero(best == index)
        rows = np.empty(0, np.int64)
        if need and len(group):
            shots = candidates.shots[candidates.shot_classes == index]
            rows = group[_of_group(candidates.features[group], margins[group], shots, need, why, rng, token)]
        taken[rows] = True
        chosen.append(rows)
    for index, need in enumerate(candidates.needs.tolist()):
        missing = need - len(chosen[index])
        if missing:
            rest = np.flatnonzero(~taken)
            order = np.argsort(-candidates.chances[rest, index], kind="stable")
            more = rest[order[:missing]]
            taken[more] = True
            chosen[index] = np.concatenate([chosen[index], more])
    return chosen


def _margins(chances: Floats) -> Floats:
    """(N,) probability of the best class less that of the second."""
    if chances.shape[1] < 2:
        return np.ones(len(chances), np.float32)
    top = np.partition(chances, -2, axis=1)[:, -2:]
    result: Floats = top[:, 1] - top[:, 0]
    return result


def _of_group(
    features: Floats,
    margins: Floats,
    shots: Floats,
    need: int,
    why: Why,
    rng: np.random.Generator,
    token: CancelToken,
) -> Ids:
    """Rows of one class's images to suggest: the best of each cluster in turn, clusters without a shot first."""
    count = len(features)
    together = np.concatenate([features, shots])
    clusters = kmeans(together, min(need + len(shots), CLUSTERS), rng, token)
    own = clusters[:count]
    if why is Why.TYPICAL:
        score = np.empty(len(together), np.float32)
        for one in np.unique(own):
            members = np.flatnonzero(clusters == one)
            score[members] = typicality(together[members], rng, token)
        score = score[:count]
    else:
        score = -margins
    covered = np.bincount(clusters[count:], minlength=CLUSTERS)
    sizes = np.bincount(own, minlength=CLUSTERS)
    order = np.lexsort((np.arange(count), -score))
    # The turn of an image is its rank within its cluster: all firsts come before all seconds.
    turn = np.empty(count, np.int64)
    for one in np.unique(own):
        members = order[own[order] == one]
        turn[members] = np.arange(len(members))
    ranked: Ids = np.lexsort((-score, -sizes[own], covered[own], turn))
    return ranked[:need]


def kmeans(features: Floats, clusters: int, rng: np.random.Generator, token: CancelToken) -> Ids:
    """Cluster numbers (N,) of unit vectors (N, D): spherical k-means from k-means++ seeds.

    Arthur and Vassilvitskii, "k-means++", SODA 2007; Dhillon and Modha, "Concept decompositions", 2001. A cluster may
    end up empty.
    """
    count = min(clusters, len(features))
    centres = np.empty((count, features.shape[1]), np.float32)
    distance = np.ones(len(features))
    for index in range(count):
        total = distance.sum()
        weights = distance / total if total > 0 else None
        centres[index] = features[rng.choice(len(features), p=weights)]
        fresh = np.maximum(0.0, 2.0 - 2.0 * (features @ centres[index]).astype(np.float64))
        distance = fresh if index == 0 else np.minimum(distance, fresh)
    labels: Ids = np.full(len(features), -1, np.int64)
    for _ in range(ROUNDS):
        token.raise_if_cancelled()
        nearest = (features @ centres.T).argmax(1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        for index in range(count):
            members = features[labels == index]
            if len(members):
                centres[index] = unit(members.sum(0))
    return labels


def typicality(features: Floats, rng: np.random.Generator, token: CancelToken) -> Floats:
    """(N,) inverse mean distance of unit vectors (N, D) to their nearest `NEIGHBOURS` among themselves.

    Equation 1 of TypiClust, which takes min(20, size of the cluster) neighbours. In a cluster of more than
    `REFERENCES` images the neighbours are looked for among a random so many of them, the same for all.
    """
    count = len(features)
    among = np.arange(count)
    if count > REFERENCES:
        among = rng.choice(count, REFERENCES, replace=False)
    neighbours = min(NEIGHBOURS, len(among) - 1)
    if neighbours < 1:
        return np.ones(count, np.float32)
    out = np.empty(count, np.float32)
    own = np.full(count, -1, np.int64)
    own[among] = np.arange(len(among))
    for start in range(0, count, BLOCK):
        token.raise_if_cancelled()
        part = slice(start, min(start + BLOCK, count))
        cosines = features[part] @ features[among].T
        itself = np.flatnonzero(own[part] >= 0)
        cosines[itself, own[part][itself]] = -np.inf
        nearest = np.partition(cosines, -neighbours, axis=1)[:, -neighbours:]
        distance = np.sqrt(np.maximum(0.0, 2.0 - 2.0 * nearest)).mean(1)
        out[part] = 1.0 / np.maximum(distance, 1e-6)
    return out
