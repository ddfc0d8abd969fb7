"""Suggest labels: pictures that the model is sure of, to accept together, and questions about single ones.

Every class that lacks examples gets suggestions from the learning model, or from the names alone before there is one.

*Sure* pictures are those of a class with at least `VERIFIED` labels set by the user, predicted with a confidence of at
least `SURE`. The confidence is calibrated on held-out labels, so nineteen of twenty should be right; before the first
label nothing is sure, because how well a name works is unknown. Of a class's sure pictures, those that best represent
all of them are suggested.

*Questions* are asked until the user has given `ANSWERS` labels of each class, and beyond that if nothing is sure. They
are about pictures that are likely of the class, typical, unlike its examples and the answers "none of these" and, if
there is a model, undecided: weights are the class probability, reduced as the margin to the second class grows
(Scheffer et al. 2001). Classes with fewer than `VERIFIED` answers come first, those that lack most before the others;
after them the questions go to whichever classes they teach most, so few are spent on a class whose pictures are alike.
Each answer is a label set by the user, and the next suggestions take it into account. Sure pictures alone would leave
out the hard ones: with as many answers they trained models 3 to 9 points worse.

Pictures may show none of the classes (`engine.methods.strangers`), which is one more answer. One is not sure if it is a
stranger with more than one chance in twenty. Once a class has `VERIFIED` answers, questions about it are about pictures
that may be of the class or a stranger as well as those between two classes: both answers teach most. Before, and before
there is a model, likely strangers and pictures that a name which nobody typed fits better weigh less.

The best representatives are found by facility location: the value of a set is the sum, over all candidates, of their
class probability times the cosine with the nearest picture of the set or example of the class, and the picture with the
largest gain comes first. This is the submodular selection of training data by Wei, Iyer and Bilmes, "Submodularity in
Data Subset Selection and Active Learning" (ICML 2015); the greedy rule and its bound are by Nemhauser, Wolsey and
Fisher (1978).

`tests/benchmarks/bench_suggestions.py` has the figures. Engine lane only. The same project, model and seed give the
same suggestions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Floats, Ids, indices_in, looked_up
from mma_desktop.services.predicting.prediction import template_of
from mma_desktop.services.training.learning import current

if TYPE_CHECKING:
    from mma_desktop.engine.predictor import Predictor

Pairs = tuple[tuple[int, int], ...]

SURE = 0.95
VERIFIED = 2
ANSWERS = 6
UNCLAIMED = 0.8  # chance that a picture is a stranger, before there is a model, if another name fits it better
DECIDED = 0.9  # how much less an image of margin 1 weighs than one of margin 0
POOL = 20_000  # maximum number of unlabelled images considered; more are subsampled
GROUP = 1_024  # maximum per class; the selection needs all pairwise cosines, so more are subsampled
LIKELY = 0.5  # a question may be about images with at least this fraction of their highest class probability


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Images to label next, as (image id, class id); no image occurs twice.

    Attributes:
        sure: To accept together, class by class.
        questions: To answer one by one, most useful first.
        lacking: The ids of the base classes that lack examples or answers.
        waiting: How many unlabelled pictures have no features and were not considered.
        lost: How many were not considered because they cannot be shown: their files are missing or changed.
    """

    sure: Pairs = ()
    questions: Pairs = ()
    lacking: tuple[int, ...] = ()
    waiting: int = 0
    lost: int = 0

    def __len__(self) -> int:
        return len(self.sure) + len(self.questions)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Input of the selection, as plain arrays.

    Args:
        features: (N, D) unit embeddings of the candidate images.
        chances: (N, C) their class probabilities.
        shots: (M, D) unit embeddings of the existing examples.
        shot_classes: (M,) column of `chances` of each.
        none: (K, D) unit embeddings of the examples of none of the classes.
        needs: (C,) how many examples each class lacks.
        answers: (C,) how many answers each class lacks.
        verified: (C,) how many labels of each class the user set.
        learned: Whether the probabilities are those of a model that learned from labels.
        strangers: (N,) probability that a picture shows none of the classes.
    """

    features: Floats
    chances: Floats
    shots: Floats
    shot_classes: Ids
    none: Floats
    needs: Ids
    answers: Ids
    verified: Ids
    learned: bool
    strangers: Floats

    def shots_of(self, index: int) -> Floats:
        """(m, D) embeddings of the examples of a class."""
        found: Floats = self.shots[self.shot_classes == index]
        return found

    def known_for(self, index: int) -> Floats:
        """(k, D) embeddings of what questions about a class need not show again: its examples, and those of none."""
        return np.concatenate([self.shots_of(index), self.none])


def _lost(context: ProjectContext) -> object:
    return context.index.lost


@graph.derived(graph.rows, graph.index, graph.names, graph.template, graph.model_in_use, current, _lost)
def suggest(
    context: ProjectContext,
    per_class: int,
    token: CancelToken,
    seed: int = 0,
    leave_out: frozenset[int] = frozenset(),
) -> Suggestions:
    """Suggest images so that every base class gets `per_class` examples.

    Only images with features are suggested; every example counts, embedded or not, but not images labelled for
    validation or testing. `leave_out` are ids of images that are not suggested again.

    Raises:
        UserError: There is no base class, or no backbone is loaded.
    """
    if per_class < 1:
        raise ValueError(f"{per_class} examples a class")
    context.engine.need()
    classes = context.classes
    base = [item.id for item in classes if item.role is Role.BASE]
    if not base:
        raise UserError.tr("There is no class to suggest pictures for. Add some class names first.")
    rng = np.random.default_rng(seed)
    columns = context.index.columns
    class_ids = np.array([item.id for item in classes], np.int64)
    none_ids = np.array([item.id for item in context.every_class if item.role is Role.NONE], np.int64)
    shots, shot_classes = _shots(columns, class_ids)
    have = np.bincount(shot_classes, minlength=len(class_ids))  # also counts shots that are not embedded yet
    own = np.bincount(shot_classes[~columns.proposed[shots]], minlength=len(class_ids))
    is_base = np.isin(class_ids, base)
    needs = np.where(is_base, np.maximum(0, per_class - have), 0).astype(np.int64)
    answers = np.where(is_base, np.maximum(0, min(ANSWERS, per_class) - own), 0).astype(np.int64)
    unlabelled = columns.usable & ~columns.labelled
    free = context.embedded(columns, unlabelled)
    lacking, waiting = tuple(class_ids[(needs > 0) | (answers > 0)].tolist()), int(unlabelled.sum()) - len(free)
    shown = free[~np.isin(columns.ids[free], context.index.lost.ids)]
    free, lost = shown, len(free) - len(shown)
    if len(leave_out):
        free = free[~np.isin(columns.ids[free], list(leave_out))]
    if len(free) > POOL:
        free = np.sort(rng.choice(free, POOL, replace=False))
    if not len(free) or not lacking:
        return Suggestions(lacking=lacking, waiting=waiting, lost=lost)
    _, cache = context.engine.need()
    embedded = context.engine.embedded(columns.hashes[shots])
    none, _ = _shots(columns, none_ids)
    none = none[context.engine.embedded(columns.hashes[none])]
    chances, strangers = _chances(context, columns.hashes[free], token)
    candidates = Candidates(
        cache.gather(columns.hashes[free]),
        chances,
        cache.gather(columns.hashes[shots[embedded]]),
        shot_classes[embedded],
        cache.gather(columns.hashes[none]),
        needs,
        answers,
        own,
        _from_labels(_predictor(context)),
        strangers,
    )
    ids = columns.ids[free]

    def pairs(chosen: list[tuple[int, int]]) -> Pairs:
        return tuple((int(ids[row]), int(class_ids[column])) for row, column in chosen)

    sure = choose_confident(candidates, rng, token)
    questions = choose_questions(candidates, sure, rng, token)
    return Suggestions(pairs(sure), pairs(questions), lacking, waiting, lost)


def in_need(context: ProjectContext, per_class: int) -> list[ImageClass]:
    """The base classes that lack examples which an unlabelled picture may give.

    Once a class has `VERIFIED` labels, that is one that is predicted as it, or was not looked at yet. Memory only.
    """
    counts, columns, guesses = context.index.counts(), context.index.columns, context.guesses
    free = columns.usable & ~columns.labelled
    if not free.any():
        return []
    lacking = [item for item in context.classes if item.role is Role.BASE and counts.get(item.id, 0) < per_class]
    asked = {item.id for item in lacking if counts.get(item.id, 0) >= VERIFIED}
    if guesses is None or len(guesses.image_ids) < int(columns.usable.sum()):
        return lacking
    for start in range(0, len(guesses.image_ids), POOL):  # of a million, the first ones tell
        part = slice(start, start + POOL)
        if not asked:
            break
        where = columns.positions(guesses.image_ids[part])
        asked.difference_update(guesses.best_class[part][looked_up(free, where, False)].tolist())
    return [item for item in lacking if item.id not in asked]


def neediest(
    context: ProjectContext, questions: Collection[tuple[int, int]], told: Mapping[int, int]
) -> tuple[int, int] | None:
    """The question to ask next: about a class with fewer than `VERIFIED` labels, the fewest first, or else the first.

    This is the order of the questions, (image id, class id), until an answer is another class than the one asked about.
    `told` are labels that are still being written, class id by image id. Reads memory only.
    """
    counts = Counter(context.index.counts())
    counts.update(told.values())
    return min(questions, key=lambda question: min(counts[question[1]], VERIFIED), default=None)


def _shots(columns: Columns, class_ids: Ids) -> tuple[Ids, Ids]:
    """Positions of the labelled images that may be trained on, and the class index of each."""
    mask = columns.usable & np.isin(columns.class_ids, class_ids) & ~columns.held_back
    where: Ids = np.flatnonzero(mask)
    return where, indices_in(class_ids, columns.class_ids[where])


def _predictor(context: ProjectContext) -> Predictor:
    """That of the learning model, the adapter in use, or the names alone."""
    learned = current(context)
    return context.engine.predictor if learned is None else learned.predictor


def _from_labels(predictor: Predictor) -> bool:
    """Whether it learned from labels: names alone do not tell what shows none of them."""
    return predictor.header is not None and bool(predictor.header.base_keys)


def _chances(context: ProjectContext, hashes: NDArray[np.bytes_], token: CancelToken) -> tuple[Floats, Floats]:
    """(N, C) class probabilities by the learning model, the adapter in use, or the names alone.

    Also (N,) probabilities that a picture shows none of the classes, 0 where that is not known.
    """
    engine, learned, predictor = context.engine, current(context), _predictor(context)
    adapted = predictor.adapter is not None
    names = [item.name for item in context.classes]
    template = template_of(context, adapted=adapted) if learned is None else learned.snapshot.prompt_template
    found = np.empty((len(hashes), len(names)), np.float32)
    parts = []
    for part, features in engine.blocks(hashes, token):
        found[part] = predictor.chances(features, names, template, adapted=adapted)
        best = found[part].argmax(1)
        parts.append(predictor.doubts(features, names, template, best, adapted=_from_labels(predictor)))
    doubts = [part for part in parts if part is not None]
    if len(doubts) < len(parts) or not doubts:
        return found, np.zeros(len(hashes), np.float32)
    every = doubts[0].join(doubts)
    header = predictor.header
    told = None if header is None else header.strangers
    cut = 0.0 if told is None else told.decide(every.scores, every.margins)[2].margin
    strangers = np.where(every.margins < cut, UNCLAIMED, 0.0).astype(np.float32)
    if told is None:
        return found, strangers
    share = told.estimate(every.scores).value
    own = ~every.by_text
    strangers[own] = told.chances(every.scores[own], share)
    return found, strangers


def choose_confident(candidates: Candidates, rng: np.random.Generator, token: CancelToken) -> list[tuple[int, int]]:
    """(row, class) of the sure images, class by class, at most as many as a class lacks."""
    best, confidence = candidates.chances.argmax(1), candidates.chances.max(1)
    chosen = []
    for index in np.flatnonzero((candidates.needs > 0) & (candidates.verified >= VERIFIED)).tolist():
        group = (best == index) & (confidence >= SURE) & (candidates.strangers <= 1 - SURE)
        weights, need = candidates.chances[:, index], int(candidates.needs[index])
        rows, _ = _representative(candidates, group, weights, candidates.shots_of(index), need, rng, token)
        chosen += [(int(row), index) for row in rows]
    return chosen


def choose_questions(
    candidates: Candidates, sure: list[tuple[int, int]], rng: np.random.Generator, token: CancelToken
) -> list[tuple[int, int]]:
    """(row, class) of the images to ask about, most useful first.

    Classes with fewer than `VERIFIED` answers, or all before there is a model, get one or two each, those that lack
    most first. After them come half as many as there are other classes, about whichever of these they teach most.
    """
    chances, best = candidates.chances, candidates.chances.max(1)
    own = chances * (1.0 - candidates.strangers)[:, None]
    every = np.concatenate([own, candidates.strangers[:, None]], axis=1)
    undecided = chances * (1.0 - DECIDED * margins(every))[:, None]
    likely = chances >= LIKELY * best[:, None]
    taken = np.zeros(len(best), bool)
    taken[[row for row, _ in sure]] = True
    without_sure = ~np.isin(np.arange(len(candidates.needs)), [index for _, index in sure])
    is_open = (candidates.answers > 0) | ((candidates.needs > 0) & without_sure)
    is_known = (candidates.verified >= VERIFIED) & candidates.learned
    first = np.flatnonzero(is_open & ~is_known)
    asked: list[list[tuple[int, int]]] = []
    for index in first[np.lexsort((candidates.verified[first], -candidates.needs[first]))].tolist():
        count = max(1, min(VERIFIED - int(candidates.verified[index]), int(candidates.answers[index])))
        group, known = likely[:, index] & ~taken, candidates.known_for(index)
        rows, _ = _representative(candidates, group, own[:, index], known, count, rng, token)
        taken[rows] = True
        if len(rows) < count:
            rest = np.flatnonzero(~taken)
            more = rest[np.argsort(-chances[rest, index], kind="stable")[: count - len(rows)]]
            taken[more] = True
            rows = np.concatenate([rows, more])
        asked.append([(int(row), index) for row in rows])
    found = [part[at] for at in range(VERIFIED) for part in asked if at < len(part)]
    others = np.flatnonzero(is_open & is_known)
    return found + _where_most_is_gained(candidates, others, undecided, likely, taken, rng, token)


def _where_most_is_gained(
    candidates: Candidates,
    classes: Ids,
    weights: Floats,
    likely: NDArray[np.bool_],
    taken: NDArray[np.bool_],
    rng: np.random.Generator,
    token: CancelToken,
) -> list[tuple[int, int]]:
    """(row, class), half as many as `classes`: each time the row that adds most to what is known for its class.

    `weights` and `likely` are (N, C); no row `taken` (N,) is chosen.
    """
    taken = taken.copy()
    known = {index: candidates.known_for(index) for index in classes.tolist()}
    best: dict[int, tuple[float, int]] = {}  # for each class, what its best row adds, and that row
    chosen: list[tuple[int, int]] = []
    for _ in range(math.ceil(len(classes) / 2)):
        for index in (at for at in known if at not in best):
            group = likely[:, index] & ~taken
            rows, added = _representative(candidates, group, weights[:, index], known[index], 1, rng, token)
            if len(rows):
                best[index] = float(added[0]), int(rows[0])
        if not best:
            break
        index = max(best, key=lambda at: best[at])
        _, row = best[index]
        chosen.append((row, index))
        taken[row] = True
        known[index] = np.concatenate([known[index], candidates.features[[row]]])
        best = {index: gain for index, gain in best.items() if gain[1] != row}
        if sum(column == index for _, column in chosen) >= max(1, int(candidates.answers[index])):
            del known[index]
    return chosen


def margins(chances: Floats) -> Floats:
    """(N,) probability of the best class minus that of the second."""
    if chances.shape[1] < 2:
        return np.ones(len(chances), np.float32)
    top = np.partition(chances, -2, axis=1)[:, -2:]
    return top[:, 1] - top[:, 0]


def _representative(
    candidates: Candidates,
    among: NDArray[np.bool_],
    weights: Floats,
    known: Floats,
    need: int,
    rng: np.random.Generator,
    token: CancelToken,
) -> tuple[Ids, Floats]:
    """At most `need` rows that best represent those `among` (N,) all rows, by weights (N,), and what each adds."""
    group = np.flatnonzero(among)
    if len(group) > GROUP:
        group = np.sort(rng.choice(group, GROUP, replace=False))
    rows, gains = cover(candidates.features[group], weights[group], known, need, token)
    return group[rows], gains


def cover(features: Floats, weights: Floats, shots: Floats, need: int, token: CancelToken) -> tuple[Ids, Floats]:
    """At most `need` rows that best represent all rows, and what each adds: greedy facility location.

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
        covered = np.maximum((features @ shots.T).max(1, initial=0.0), covered)
    free = np.ones(count, bool)
    rows = np.empty(min(need, count), np.int64)
    added = np.empty(len(rows), np.float32)
    for step in range(len(rows)):
        token.raise_if_cancelled()
        gains = weights @ np.maximum(alike - covered[:, None], 0.0)
        row = int(np.where(free, gains, -1.0).argmax())
        rows[step], added[step], free[row] = row, gains[row], False
        covered = np.maximum(covered, alike[row])
    return rows, added
