"""Suggest labels: confident predictions, to accept together, and questions about single images (active learning).

*Confident* predictions are right with a calibrated probability of at least `CONFIDENT`. *Questions* are about images
that stand for many others whose prediction may be wrong: density-weighted uncertainty sampling (Settles and Craven
2008, "An Analysis of Active Learning Strategies for Sequence Labeling Tasks"). Both are chosen by facility location
(Wei, Iyer and Bilmes 2015, "Submodularity in Data Subset Selection and Active Learning").
`tests/benchmarks/bench_suggestions.py` has the figures. Engine lane only. The same project, model and seed give the
same suggestions.
"""

from __future__ import annotations

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

CONFIDENT = 0.95  # nineteen of twenty right, as probabilities are calibrated
VERIFIED = 2  # the fewest of which one can be left out
ANSWERS = 6  # with 3, flowers-5 once ended after 18 answers with 93.5% of what it accepted right
UNCLAIMED = 0.8  # probability of None of these, before there is a model, if another name fits an image better
POOL = 20_000  # maximum number of unlabelled images considered; more are subsampled
SAMPLE = 1_024  # maximum that are represented; the selection needs all pairwise cosines, so more are subsampled
MIN_RELATIVE_PROBABILITY = 0.5  # of an image's highest probability, which a class in need has to have to be asked about


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Images to label next, as (image id, class id); no image occurs twice.

    Attributes:
        confident: To accept together, class by class.
        questions: To answer one by one, most useful first.
        lacking: The ids of the base classes that lack examples or answers.
        waiting: How many unlabelled images have no features and were not considered.
        lost: How many were not considered because they cannot be shown: their files are missing or changed.
        beyond: Whether the questions are about what is in doubt, as none gives what classes lack.
    """

    confident: Pairs = ()
    questions: Pairs = ()
    lacking: tuple[int, ...] = ()
    waiting: int = 0
    lost: int = 0
    beyond: bool = False

    def __len__(self) -> int:
        return len(self.confident) + len(self.questions)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Input of the selection, as plain arrays.

    Args:
        features: (N, D) unit embeddings of the candidate images.
        probabilities: (N, C) of the classes.
        none: (N,) probability that an image shows none of them.
        labelled: (M, D) unit embeddings of the examples of the classes and of none of them.
        needs: (C,) how many examples each class lacks.
        answers: (C,) how many answers each class lacks.
        verified: (C,) how many labels of each class the user set.
    """

    features: Floats
    probabilities: Floats
    none: Floats
    labelled: Floats
    needs: Ids
    answers: Ids
    verified: Ids


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
    by_hand = np.bincount(shot_classes[~columns.proposed[shots]], minlength=len(class_ids))
    is_base = np.isin(class_ids, base)
    # Classes that are only named get no examples, so they are not asked about.
    needs = np.where(is_base, np.maximum(0, per_class - have), 0).astype(np.int64)
    wanted = np.where(have - by_hand >= per_class, VERIFIED, ANSWERS)  # examples enough from groups that somebody named
    answers = np.where(is_base, np.maximum(0, np.minimum(wanted, per_class) - by_hand), 0).astype(np.int64)
    unlabelled = columns.usable & ~columns.labelled
    free = context.embedded(columns, unlabelled)
    lacking, waiting = tuple(class_ids[(needs > 0) | (answers > 0)].tolist()), int(unlabelled.sum()) - len(free)
    shown = free[~np.isin(columns.ids[free], context.index.lost.ids)]
    free, lost = shown, len(free) - len(shown)
    if len(leave_out):
        free = free[~np.isin(columns.ids[free], list(leave_out))]
    if len(free) > POOL:
        free = np.sort(rng.choice(free, POOL, replace=False))
    if not len(free):
        return Suggestions(lacking=lacking, waiting=waiting, lost=lost)
    labelled, _ = _shots(columns, np.concatenate([class_ids, none_ids]))
    labelled = labelled[context.engine.embedded(columns.hashes[labelled])]
    features, examples = (context.engine.gather(columns.hashes[part], whole=False) for part in (free, labelled))
    centre = features.mean(axis=0)
    probabilities, none = _predicted(context, columns.hashes[free], token)
    # Centred: otherwise the cosine of any two photographs is far above 0.
    features, examples = _unit(features - centre), _unit(examples - centre)
    candidates = Candidates(features, probabilities, none, examples, needs, answers, by_hand)
    ids = columns.ids[free]

    def pairs(chosen: list[tuple[int, int]]) -> Pairs:
        return tuple((int(ids[row]), int(class_ids[column])) for row, column in chosen)

    confident = choose_confident(candidates, rng, token)
    questions = choose_questions(candidates, confident, rng, token)
    # Every class has its examples: what is still in doubt is asked about.
    if beyond := not (confident or questions):
        questions = choose_doubtful(candidates, is_base, rng, token)
    return Suggestions(pairs(confident), pairs(questions), lacking, waiting, lost, beyond)


def in_need(context: ProjectContext, per_class: int) -> list[ImageClass]:
    """The base classes that lack examples which an unlabelled image may give."""
    # Once a class has `VERIFIED` labels, that is one that is predicted as it, or was not looked at yet. Memory only.
    counts, columns, predictions = context.index.counts(examples=True), context.index.columns, context.predictions
    free = columns.usable & ~columns.labelled
    if not free.any():
        return []
    lacking = [item for item in context.classes if item.role is Role.BASE and counts.get(item.id, 0) < per_class]
    asked = {item.id for item in lacking if counts.get(item.id, 0) >= VERIFIED}
    if predictions is None or len(predictions.image_ids) < int(columns.usable.sum()):
        return lacking
    for start in range(0, len(predictions.image_ids), POOL):  # of a million, the first ones tell
        part = slice(start, start + POOL)
        if not asked:
            break
        named = looked_up(free, columns.positions(predictions.image_ids[part]), False) & ~predictions.rejected[part]
        asked.difference_update(predictions.best_class[part][named].tolist())
    return [item for item in lacking if item.id not in asked]


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


def _unit(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))  # a fifth of the time of `np.linalg.norm`
    unit: Floats = vectors / np.maximum(lengths, 1e-9)[:, None]
    return unit


def _predicted(context: ProjectContext, hashes: NDArray[np.bytes_], token: CancelToken) -> tuple[Floats, Floats]:
    """(N, C) class probabilities by the learning model, the adapter in use, or the names alone.

    Also (N,) probabilities that an image shows none of the classes, 0 where that is not known.
    """
    engine, learned, predictor = context.engine, current(context), _predictor(context)
    adapted = predictor.adapter is not None
    names = [item.name for item in context.classes]
    template = template_of(context, adapted=adapted) if learned is None else learned.snapshot.prompt_template
    probabilities = np.empty((len(hashes), len(names)), np.float32)
    parts = []
    for part, features in engine.blocks(hashes, token):
        probabilities[part] = predictor.probabilities(features, names, template, adapted=adapted)
        best = probabilities[part].argmax(1)
        parts.append(predictor.open_set_scores(features, names, template, best, adapted=_from_labels(predictor)))
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return probabilities, np.zeros(len(hashes), np.float32)
    scores = known[0].join(known)
    header = predictor.header
    scored = None if header is None else header.open_set
    threshold = 0.0 if scored is None else scored.decide(scores.scores, scores.margins)[2].margin
    # NaN compares false, so that images of trained names are set below.
    none = np.where(scores.margins < threshold, UNCLAIMED, 0.0).astype(np.float32)
    if scored is not None:
        trained = ~scores.by_text
        none[trained] = 1 - scores.part(trained).known(scored.thresholds(scored.estimate(scores.scores).value))
    return probabilities, none


def choose_confident(candidates: Candidates, rng: np.random.Generator, token: CancelToken) -> list[tuple[int, int]]:
    """(row, class) of confident predictions, class by class, at most as many as a class lacks."""
    best, confidence = candidates.probabilities.argmax(1), candidates.probabilities.max(1)
    confident = (confidence >= CONFIDENT) & (candidates.none <= 1 - CONFIDENT)
    chosen = []
    for index in np.flatnonzero((candidates.needs > 0) & (candidates.verified >= VERIFIED)).tolist():
        rows = np.flatnonzero(confident & (best == index))
        representative = _representative(candidates, rows, confidence, int(candidates.needs[index]), rng, token)
        chosen += [(row, index) for row in representative]
    return chosen


def choose_questions(
    candidates: Candidates, confident: list[tuple[int, int]], rng: np.random.Generator, token: CancelToken
) -> list[tuple[int, int]]:
    """(row, class) of the images to ask about, most useful first: as many as classes lack answers."""
    # They are likely of such a class. A class that nothing is likely of comes last, with its likeliest image, until it
    # has `VERIFIED` answers.
    probabilities, verified = candidates.probabilities, candidates.verified
    best, taken = probabilities.argmax(1), np.zeros(len(probabilities), bool)
    taken[[row for row, _ in confident]] = True
    without = ~np.isin(np.arange(len(verified)), [index for _, index in confident])
    classes = np.flatnonzero((candidates.answers > 0) | ((candidates.needs > 0) & without))
    likely = (probabilities[:, classes] >= MIN_RELATIVE_PROBABILITY * probabilities.max(1, keepdims=True)) & ~taken[
        :, None
    ]
    # The rule of succession: a name that nobody has confirmed may be misunderstood however sure the model is.
    named = probabilities.max(1) * (1 - candidates.none) * ((verified + 1) / (verified + 2))[best]
    # None of these is one more answer, so a group of images is asked about once.
    wrong = (1 - np.maximum(named, candidates.none)).astype(np.float32)
    # Weights of all images, however likely: those asked about stand for the others.
    rows = _representative(candidates, np.flatnonzero(likely.any(1)), wrong, len(classes), rng, token)
    chosen = [(row, int(classes[probabilities[row, classes].argmax()])) for row in rows]
    taken[rows] = True
    for index in classes[~likely.any(0) & (verified[classes] < VERIFIED)].tolist():
        row = int(np.where(taken, -1.0, probabilities[:, index]).argmax())
        chosen += [] if taken[row] else [(row, index)]
        taken[row] = True
    return chosen


def choose_doubtful(
    candidates: Candidates, base: NDArray[np.bool_], rng: np.random.Generator, token: CancelToken
) -> list[tuple[int, int]]:
    """(row, class) of images whose prediction is not sure, at most as many as there are `base` classes (C,)."""
    best = candidates.probabilities.argmax(1)
    right = np.maximum(candidates.probabilities.max(1) * (1 - candidates.none), candidates.none)
    doubtful = np.flatnonzero((right < CONFIDENT) & base[best])
    rows = _representative(candidates, doubtful, 1 - right, int(base.sum()), rng, token)
    return [(row, int(best[row])) for row in rows]


def _representative(
    candidates: Candidates, rows: Ids, weights: Floats, count: int, rng: np.random.Generator, token: CancelToken
) -> list[int]:
    """At most `count` of these rows, which best represent them beside the labelled ones, by weights (N,)."""
    if len(rows) > SAMPLE:
        rows = np.sort(rng.choice(rows, SAMPLE, replace=False))
    chosen_places = facility_location(candidates.features[rows], weights[rows], candidates.labelled, count, token)
    chosen: list[int] = rows[chosen_places].tolist()
    return chosen


def facility_location(features: Floats, weights: Floats, labelled: Floats, count: int, token: CancelToken) -> Ids:
    """At most `count` rows that best represent all rows, the one that adds most first: greedy facility location.

    The value of a set is the sum over all rows i of weights_i times the cosine with the nearest vector of the set or of
    `labelled`, at least 0.

    Args:
        features: (N, D) unit vectors.
        weights: (N,) importance of representing each row, at least 0.
        labelled: (M, D) existing unit vectors.
        count: Number of rows to choose.
        token: Cancels the selection.
    """
    similarity = np.maximum(features @ features.T, 0.0)
    nearest = (features @ labelled.T).max(1, initial=0.0)
    free = np.ones(len(features), bool)
    rows = np.empty(min(count, len(features)), np.int64)
    # Greedy: the value is submodular, so the set is worth at least 1 - 1/e of the best (Nemhauser, Wolsey, Fisher
    # 1978).
    for step in range(len(rows)):
        token.raise_if_cancelled()
        gains = weights @ np.maximum(similarity - nearest[:, None], 0.0)
        rows[step] = row = int(np.where(free, gains, -1.0).argmax())
        free[row] = False
        nearest = np.maximum(nearest, similarity[row])
    return rows
