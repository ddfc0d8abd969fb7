"""The learning model: the default method, fitted again after every change of labels, classes, roles or images.

It needs no decisions: it uses every label it can, learns from the images at hand, too, treats classes without labels as
names only, and never waits. The same images and labels give the same model, whatever was undone in between. Engine lane
only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import Accuracy, LabelSource, Role, RunRecord, TrainRequest
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Columns, Ids, indices_in
from mma_desktop.services.predicting.none_of_these import none_weight
from mma_desktop.services.predicting.prediction import predictions, score
from mma_desktop.services.training.run_writer import describe, store_run
from mma_desktop.services.training.snapshot import Snapshot, assemble, most_labels, sampled
from mma_desktop.services.training.spot_checks import confirmed

if TYPE_CHECKING:
    from mma_desktop.engine.methods.open_set import Share
    from mma_desktop.engine.open_set_scores import OpenSetScores
    from mma_desktop.engine.predictor import Predictor
    from mma_desktop.engine.training.trainer import TrainingResult


NO_MODEL = later("There is no model yet. Add pictures, and name two or more classes.")
POINTS = "learning_points"  # name of the project setting
MAX_POINTS = 400  # of the curve, about as many as a chart has pixels for; then every second one goes
MAX_SHOTS = 2000  # labels trained on, over all classes, by time: the fit takes about a second
MAX_JUDGED = 20_000  # images that tell how many accepted and predicted ones are right, by time, to 0.7% at worst


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """Accuracy among all names at a number of labels, in percent, and zero-shot's on the same images."""

    labels: int
    accuracy: float
    zero_shot: float
    measured: int


@dataclass(frozen=True, eq=False)
class Learned:
    """A fit of the learning model.

    Attributes:
        run: The run it would be stored as, with id 0 and no checkpoint; its evaluation is in `metrics`.
        request, snapshot, result: For storing it.
        predictor: Predicts with it, whichever model is in use.
        labels: Number of labels it was trained on; `proposed` of them accept a prediction, so they were not measured.
        accuracy, zero_shot: Among all names, on the measured images; None if none could be measured.
    """

    run: RunRecord
    request: TrainRequest
    snapshot: Snapshot
    result: TrainingResult
    predictor: Predictor
    labels: int
    proposed: int
    accuracy: Accuracy | None
    zero_shot: Accuracy | None


class Judged(NamedTuple):
    """By a run, of images (N,): ids, probabilities of what is said and of none of the classes; the share of these."""

    run: RunRecord
    ids: Ids
    confidence: NDArray[np.float64]
    none: NDArray[np.float64]
    share: Share | None = None


class Learning:
    """State of the learning model of one project; `context.state_of(Learning)`."""

    points: list[LearningPoint] | None = None
    kept = 0
    """Id of the run that the fit was stored as, 0 if it was not."""


def current(context: ProjectContext) -> Learned | None:
    """The learning model; None while the only fit used the features of another image model."""
    learned, backbone = learn.kept(context), context.engine.backbone
    if learned is None or backbone is None or learned.predictor.backbone.fingerprint != backbone.fingerprint:
        return None
    return learned


@graph.derived(graph.rows, graph.labels, graph.names, graph.template, graph.at_hand, confirmed)
def learn(context: ProjectContext, token: CancelToken) -> Learned | None:
    """Fit the learning model to the labels, or to names alone; None without two names and two embedded images.

    It becomes the model in use if the user chose no other. Without a backbone, or if cancelled, nothing changes.
    """
    if not context.engine.ready:
        return None
    learned = _fit_to(context, _embedded(context), token)
    if learned is None:
        if in_use(context):
            context.engine.use(None)
        return None
    state = context.state_of(Learning)
    state.kept = 0
    _note_point(context, state, learned)
    if in_use(context, without_adapter=True):
        context.engine.hold(learned.result.adapter, learned.predictor.need_adapter()[1], None)
    return learned


@graph.derived(graph.labels)
def _own_labels(context: ProjectContext, token: CancelToken) -> tuple[NDArray[Any], ...]:
    """Of the labels that accept no prediction, (N,) each: ids, classes and uses; nothing if none accepts any."""
    proposed = context.index.columns.proposed[context.index.columns.labelled]
    return tuple(column[~proposed] for column in graph.labels(context, token)[:3]) if proposed.any() else ()


@graph.derived(graph.rows, _own_labels, graph.names, graph.template, graph.at_hand, confirmed)
def _without_accepted(context: ProjectContext, token: CancelToken) -> Learned | None:
    """The fit to the labels that accept no prediction, the judge of the others; None where there are no others."""
    if not _own_labels(context, token) or not context.engine.ready:
        return None
    columns = _embedded(context)
    return _fit_to(context, replace(columns, class_ids=np.where(columns.proposed, -1, columns.class_ids)), token)


@graph.derived(predictions, graph.labels, _without_accepted)
def judged(context: ProjectContext, token: CancelToken) -> Judged | None:
    """What a model that did not learn from accepted predictions says of these and of the others; None without any."""
    judge, all_predictions = _without_accepted(context, token), predictions(context, token)
    columns = context.index.columns
    if judge is None or all_predictions is None:
        return None
    # Of labels set by hand nothing is asked; what is said of the others is their label, or the prediction.
    where = np.flatnonzero(columns.usable & (columns.proposed | ~columns.labelled))
    where = where[all_predictions.positions(columns.ids[where]) >= 0]
    # A sample by content: the same images are judged after the next label.
    where = where[np.sort(sampled(columns.hashes[where], MAX_JUDGED))]
    labels = columns.class_ids[where]
    predicted = all_predictions.best_class[all_predictions.positions(columns.ids[where])]
    class_ids = np.array([item.id for item in context.classes])
    none_of_these = ~np.isin(labels, class_ids) & (labels >= 0)
    places = indices_in(class_ids, np.where((labels < 0) | none_of_these, predicted, labels))
    _, confidence, open_set_scores = _read_by(context, judge, columns.hashes[where], token, places)
    open_set = judge.result.open_set
    if open_set is None or open_set_scores is None:
        return Judged(judge.run, columns.ids[where], confidence, np.zeros(len(where)))
    _, share, thresholds = open_set.decide(open_set_scores.scores, open_set_scores.margins)
    return Judged(judge.run, columns.ids[where], confidence, 1 - open_set_scores.known(thresholds), share)


def _read_by(
    context: ProjectContext, fit: Learned, hashes: NDArray[np.bytes_], token: CancelToken, places: Ids | None = None
) -> tuple[Ids, NDArray[np.float64], OpenSetScores | None]:
    """What a fit says of images, (N,) each: places of names, the likeliest unless given, and their probabilities."""
    answers, confidence, parts = np.zeros(len(hashes), np.int64), np.zeros(len(hashes)), []
    names, template = [item.name for item in context.classes], fit.snapshot.prompt_template
    for part, features in context.engine.blocks(hashes, token):
        probabilities, open_set_scores = fit.predictor.predict(features, names, template)
        answers[part] = probabilities.argmax(axis=1) if places is None else places[part]
        confidence[part] = probabilities[np.arange(len(probabilities)), answers[part]]
        parts += [] if open_set_scores is None else [open_set_scores]
    return answers, confidence, parts[0].join(parts) if parts else None


def classes_losing_predictions(
    context: ProjectContext, pairs: tuple[tuple[int, int], ...], token: CancelToken
) -> list[int]:
    """The ids of classes whose last predictions accepting these would take: (image id, class id) of predictions."""
    # Accepted images leave, and what learned from them may find their class in no other. Of many images a sample tells.
    all_predictions, columns, weight = predictions(context, token), _embedded(context), none_weight(context)
    if all_predictions is None:
        return []
    accepted, classes = (np.array(part, np.int64) for part in zip(*pairs, strict=True))
    where, labels, sources = columns.positions(accepted), columns.class_ids.copy(), columns.sources.copy()
    rows = where[where >= 0]
    # As if they were accepted already; nothing is written.
    labels[rows], sources[rows] = classes[where >= 0], list(LabelSource).index(LabelSource.SUGGESTION)
    fit = _fit_to(context, replace(columns, class_ids=labels, sources=sources), token)
    free = context.embedded(columns, columns.usable & ~columns.labelled)
    free = free[all_predictions.positions(columns.ids[free]) >= 0]
    if fit is None:
        return []
    positions = all_predictions.positions(columns.ids[free])
    named = set(all_predictions.best_class[positions[~all_predictions.rejected[positions]]].tolist())
    free = free[labels[free] < 0]
    free = free[sampled(columns.hashes[free], MAX_JUDGED)]
    places, _, open_set_scores = _read_by(context, fit, columns.hashes[free], token)
    if open_set_scores is not None and fit.result.open_set is not None and weight:
        _, _, thresholds = fit.result.open_set.decide(open_set_scores.scores, open_set_scores.margins, weight)
        places = places[~open_set_scores.rejected(thresholds)]
    return sorted(named - {context.classes[place].id for place in np.unique(places).tolist()})


def follow_edits(context: ProjectContext, token: CancelToken) -> Changes:
    """Work out what is out of date of the fit, which a checkpoint reports as a tuple, and of the predictions."""
    # Of many images those on the screen come first; see `prediction.scores`.
    if not context.engine.ready:
        return Changes()
    if context.learns and not learn.is_current(context, token):
        token.checkpoint((learn(context, token),))
    changes = score(context, token)
    if context.learns:
        judged(context, token)
    graph.release_outdated(context)
    return changes


def is_followed(context: ProjectContext) -> bool:
    """Whether the predictions are those of the project as it is, by the model that it names."""
    graph.rows(context, CancelToken())  # an image that was only tried changes no prediction
    learning = context.engine.adapter_file is None
    right = not learning if context.current_run else learning and learn.is_current(context)
    return right and predictions.is_current(context) and context.predictions is predictions.kept(context)


def in_use(context: ProjectContext, *, without_adapter: bool = False) -> bool:
    """Whether the learning model predicts; with `without_adapter`, also if it would for lack of an adapter."""
    engine = context.engine
    if engine.adapter is None:
        return without_adapter and not context.current_run
    return engine.adapter_file is None


def used(context: ProjectContext) -> Learned | None:
    """The learning model if it predicts. Reads memory only."""
    return learn.kept(context) if in_use(context) else None


def store_learned(context: ProjectContext, claimed: Accuracy | None = None) -> RunRecord:
    """Store the learning model as a version, which is a run; repeated calls store it only once.

    It goes on learning, and remains the model of the project. `claimed` is what is said of it at this time.

    Raises:
        UserError: There is none, or it cannot be written.
    """
    state = context.state_of(Learning)
    learned = current(context)
    if learned is None:
        raise UserError(tr(NO_MODEL))
    stored = next((run for run in context.project.runs() if run.id == state.kept), None)
    if stored is None:
        fit = balanced(context, learned, CancelToken())
        stored = store_run(
            context, fit.request, fit.result, fit.snapshot, [], use=False, learned_from=fit.labels, claimed=claimed
        )
        state.kept = stored.id
    return stored


def balanced(context: ProjectContext, learned: Learned, token: CancelToken) -> Learned:
    """A fit that is ready for other names than the trained ones, to be stored; while there are none it is not."""
    if _has_other_names(learned.snapshot):
        return learned
    return _fit(context, learned.request, learned.snapshot, token, balances=True)


def learn_again(context: ProjectContext) -> None:
    context.project.set_current(0)
    follow(context)


def follow(context: ProjectContext) -> None:
    """Predict with the model that the project names, as after an undo; with the learning one if that was deleted."""
    run = next((run for run in context.project.runs() if run.id == context.current_run), None)
    if run is not None:
        context.engine.use(context.project.checkpoint_path(run))
        return
    learned = current(context)
    context.engine.use(None)
    if learned is not None:
        context.engine.hold(learned.result.adapter, learned.predictor.need_adapter()[1], None)


def points_of(context: ProjectContext) -> list[LearningPoint]:
    """Accuracy against the number of labels, as measured during labelling."""
    state = context.state_of(Learning)
    if state.points is None:
        stored = context.project.setting(POINTS, [])
        try:
            state.points = [LearningPoint(int(a), float(b), float(c), int(d)) for a, b, c, d in stored]
        except (TypeError, ValueError):
            state.points = []
    return state.points


def _note_point(context: ProjectContext, state: Learning, learned: Learned) -> None:
    """Add a point to the curve; with fewer labels than before, as after undo, later points are removed."""
    # Without history: an undo takes later points back.
    points = [point for point in points_of(context) if point.labels < learned.labels]
    if learned.accuracy is not None and learned.zero_shot is not None:
        measured = learned.accuracy
        points.append(
            LearningPoint(learned.labels, round(measured.percent, 2), round(learned.zero_shot.percent, 2), measured.n)
        )
    if len(points) > MAX_POINTS:
        points = points[::2]  # an odd number, so the last one stays
    state.points = points


def keep_points(context: ProjectContext) -> None:
    """Write the curve to the project, if it has changed: with a backup and when it is closed, not with each label."""
    points = [[point.labels, point.accuracy, point.zero_shot, point.measured] for point in points_of(context)]
    if points != context.project.setting(POINTS, []):
        context.project.set_setting(POINTS, points)


# ------------------------------------------------------------------------------ the fit


def _embedded(context: ProjectContext) -> Columns:
    """The columns with only the labels of images that have features."""
    columns = context.index.columns
    ready = context.embedded(columns, columns.labelled & columns.usable)
    class_ids = np.full(len(columns.ids), -1, np.int64)
    class_ids[ready] = columns.class_ids[ready]
    return replace(columns, class_ids=class_ids)


def _fit_to(context: ProjectContext, columns: Columns, token: CancelToken) -> Learned | None:
    """A fit to the labels of these columns; see `learn`."""
    labelled = set(np.unique(columns.class_ids[columns.labelled & ~columns.held_back]).tolist())
    roles = {True: Role.BASE, False: Role.NEW}  # a class without labels is known by its name alone
    trained = sum(item.id in labelled for item in context.classes)
    names_alone = trained < 2
    classes = tuple(replace(item, role=roles[item.id in labelled and not names_alone]) for item in context.classes)
    free = context.embedded(columns, columns.usable & ~columns.labelled)
    at_hand = graph.at_hand(context)
    if len(classes) < 2 or (names_alone and not (at_hand and len(free) > 1)):
        return None
    shots = max(1, min(most_labels(context, columns), MAX_SHOTS // max(1, trained)))
    request = TrainRequest(backbone=context.backbone_id, shots=shots, at_hand=at_hand)
    token = token.quiet()  # no other job may change the labels at its checkpoints
    snapshot = assemble(context, classes, columns, request, token, cached=True)
    token.raise_if_cancelled()
    return _fit(context, request, snapshot, token, balances=_has_other_names(snapshot))


def _has_other_names(snapshot: Snapshot) -> bool:
    return Role.NEW in snapshot.data.roles


def _fit(
    context: ProjectContext, request: TrainRequest, snapshot: Snapshot, token: CancelToken, *, balances: bool
) -> Learned:
    from mma_desktop.engine.training.trainer import train

    data, device = snapshot.data, context.engine.need()[0].device
    result = train(
        data,
        request.method,
        seed=request.seed,
        device=device,
        cancel=token,
        with_open_set=True,
        balances=balances,
        transductive=request.at_hand,
    )
    header, record = describe(context, request, result, snapshot, [], time.time())
    predictor = context.engine.predictor.sibling()
    predictor.hold(result.adapter, header)
    name = tr("Learning model") if Role.BASE in data.roles else tr("From names alone")
    return Learned(
        run=RunRecord(id=0, name=name, checkpoint="", **record),
        request=request,
        snapshot=snapshot,
        result=result,
        predictor=predictor,
        labels=len(data.shots),
        proposed=0 if data.proposed is None else int(data.proposed.sum()),
        accuracy=result.evaluation.adapted.all,
        zero_shot=result.evaluation.zero_shot.all,
    )
