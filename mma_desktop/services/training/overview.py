"""Summary of the model in use: its accuracy, what it confuses, and which classes need labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_json import as_record
from mma_desktop.core.types import Accuracy, Evaluation, ImageClass, Ranked, Role, RunRecord
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training.claims import AccuracyClaims, ClassClaim, accuracy_claims, range_words, reason
from mma_desktop.services.training.learning import Learned, LearningPoint, current, in_use, points_of, store_learned
from mma_desktop.services.training.mistakes import Measured, Pair, measured_of, paired, pairs_of, wrong_examples
from mma_desktop.services.training.set_apart import HeldOut, held_out

FEW_LABELS = 5  # a class needs labels if it has fewer: a range of what it has right says nothing yet
GOOD = 90.0  # or if less of its folder is right, in percent; not tuned
NEAREST = 12  # images that may show a class, offered at a time: as many as one looks over at a glance
MAX_SHOWN = 6  # wrongly predicted images before somebody asks for all: a row of them


@dataclass(frozen=True, slots=True)
class WeakClass:
    """A class that more labels would help; `rejected` is how many predictions it lost, if all are None of these now."""

    image_class: ImageClass
    labels: int
    claim: ClassClaim | None
    rejected: int = 0


@dataclass(frozen=True)
class Overview:
    """What is known of the model of a project.

    Attributes:
        run: The model; None if there is none.
        learning: Whether it is the learning model, which is not stored as a run.
        evaluation: Its evaluation; None if there is no model, or it cannot be read.
        proposed: Number of labels it was trained on but not measured with, because they accept a prediction.
        learned: The learning model, if the user chose another one.
        pairs: The most confused classes.
        wrong: Some of the wrongly predicted images, which are `all_wrong`.
        weak_classes: The classes that more labels would help most.
        labelled: Number of classes with a label.
        right: What is claimed of the images, if the learning model predicts; `reason` is why that just moved.
        test: The test of the model in use on images that are set apart; None if none are.
    """

    run: RunRecord | None = None
    learning: bool = False
    evaluation: Evaluation | None = None
    proposed: int = 0
    learned: RunRecord | None = None
    pairs: Sequence[Pair] = ()
    wrong: Sequence[Measured] = ()
    all_wrong: Sequence[Measured] = ()
    weak_classes: Sequence[WeakClass] = ()
    points: Sequence[LearningPoint] = ()
    labelled: int = 0
    right: AccuracyClaims | None = None
    test: HeldOut | None = None
    reason: str = ""

    @property
    def names(self) -> Sequence[str]:
        """The class names that `wrong` refers to."""
        return () if self.evaluation is None else self.evaluation.class_names


def keep_version(context: ProjectContext) -> RunRecord:
    """Store the learning model as a version, with what is claimed of it. Engine lane. Raises as `store_learned`."""
    right = accuracy_claims(context)
    return store_learned(context, None if right is None else right.left)


def score_of(run: RunRecord, evaluation: Evaluation | None = None) -> Accuracy | None:
    """How often a run is right: what was claimed when it was kept, or else measured (`evaluation`) among all names."""
    evaluation, claimed = evaluation or evaluation_of(run.metrics), run.metrics.get("claimed")
    if isinstance(claimed, Mapping):
        with suppress(ValueError):  # of another version
            return as_record(Accuracy, claimed)
    return None if evaluation is None else evaluation.adapted.all


def prediction_without(context: ProjectContext, image_id: int) -> Ranked | None:
    """What the model in use said of an image when it was left out of the training, None if never. Engine lane."""
    # With the image it would say what it was told.
    run, _ = _model(context, current(context))
    if run is None or run.metrics.get("base_by") == "held-out":
        return None
    image = next((image for image in measured_of(run) or () if image.image == image_id), None)
    if image is None:
        return None
    return Ranked(str(run.metrics["class_names"][image.answer]), image.confidence)


def from_names(run: RunRecord) -> str:
    """That a run is from names alone, or from them and its few labels; a title without a point."""
    labels = int(run.metrics["counts"]["shots"])
    if not labels:
        return tr("From names alone")
    return tr("From names alone and {n} label", "From names alone and {n} labels", labels)


def summarise(context: ProjectContext) -> Overview:
    return replace(_summarise(context), test=held_out(context))


def _summarise(context: ProjectContext) -> Overview:
    learned = current(context)
    run, learning = _model(context, learned)
    counts = context.index.counts(examples=True)
    labelled = sum(item.id in counts for item in context.classes)
    points = tuple(points_of(context))
    if run is None:
        return Overview(points=points, labelled=labelled)
    learned_run = None if learning or learned is None else learned.run
    evaluation = evaluation_of(run.metrics)
    if evaluation is None:
        return Overview(run, learning, learned=learned_run, points=points, labelled=labelled)
    measured = [image for image in measured_of(run) or () if image.label != image.answer]
    if learning:  # a run that is stored does not know which images show none of the classes now
        evaluation, open_set = _with_unknown(context, evaluation)
        measured += open_set
    ids = np.array([image.image for image in measured], np.int64)
    exists = context.index.columns.positions(ids) >= 0  # others have been removed since
    wrong = [image for image, present in zip(measured, exists.tolist(), strict=True) if present]
    right = accuracy_claims(context) if learning else None
    return Overview(
        run,
        learning,
        evaluation,
        learned.proposed if learning and learned is not None else 0,
        learned_run,
        pairs_of(evaluation, wrong),
        tuple(wrong_examples(wrong, MAX_SHOWN).values()),
        tuple(wrong),
        () if run.loaded else weak_classes_of(context, right),
        points,
        labelled,
        right,
        reason=reason(context) if learning else "",
    )


def _with_unknown(context: ProjectContext, evaluation: Evaluation) -> tuple[Evaluation, list[Measured]]:
    """The confusions with None of these as one more class, and its images that get a name although their label is."""
    none, predictions, columns = context.none_of_these, context.predictions, context.index.columns
    if none is None or predictions is None:
        return evaluation, []
    names, none_place = evaluation.class_names, len(evaluation.class_names)
    places = {item.id: names.index(item.name) for item in context.classes if item.name in names}
    where = predictions.positions(columns.ids[columns.class_ids == none.id])
    where = where[where >= 0]
    unknown_images = [
        Measured(
            int(predictions.image_ids[item]),
            none_place,
            places[int(predictions.best_class[item])],
            float(predictions.best_confidence[item]),
        )
        for item in where[~predictions.rejected[where]].tolist()
        if int(predictions.best_class[item]) in places
    ]
    row = np.bincount(
        [item.answer for item in unknown_images] + [none_place] * (len(where) - len(unknown_images)),
        minlength=none_place + 1,
    )
    confusion = (*((*others, 0) for others in evaluation.confusion), tuple(row.tolist()))
    padded = replace(
        evaluation, class_names=(*names, none.title), roles=(*evaluation.roles, Role.NONE), confusion=confusion
    )
    return padded, unknown_images


def _model(context: ProjectContext, learned: Learned | None) -> tuple[RunRecord | None, bool]:
    if learned is not None and in_use(context, without_adapter=True):
        return learned.run, True
    if context.learns and not context.current_run and not context.engine.adapter_file:
        return None, False  # it will learn soon, or there is nothing to learn from
    runs = context.project.runs()
    return next((run for run in runs if _is_current(context, run)), next(iter(runs), None)), False


def _is_current(context: ProjectContext, run: RunRecord) -> bool:
    """Whether a run is in use, or will be once the backbone is loaded."""
    if context.engine.adapter_file is None:
        return run.id == context.current_run
    try:
        return context.is_current(run)
    except UserError:  # it names a file outside the project
        return False


def weak_classes_of(context: ProjectContext, right: AccuracyClaims | None) -> list[WeakClass]:
    """The classes that more labels would help, those with the lowest certain share of right images first."""
    # A name that was added to predict with needs none, and None of these no number of them.
    counts, folders = context.index.counts(), {} if right is None else right.by_class
    rejected, weak_classes = _all_rejected(context), []
    for item in context.every_class:
        weak = WeakClass(item, counts.get(item.id, 0), folders.get(item.id), rejected.get(item.id, 0))
        few = weak.labels < FEW_LABELS and (weak.labels > 0 or item.role is Role.BASE) and item.role is not Role.NONE
        if few or weak.rejected or (weak.claim is not None and weak.claim.right.percent < GOOD):
            weak_classes.append(weak)
    weak_classes.sort(
        key=lambda weak: (0.0 if weak.rejected or weak.claim is None else weak.claim.right.low, weak.labels)
    )
    return weak_classes


def _all_rejected(context: ProjectContext) -> dict[int, int]:
    """How many images without a label are nearest to each class that none of them is predicted as: by its id."""
    predictions, columns = context.predictions, context.index.columns
    if predictions is None:
        return {}
    free = ~looked_up(columns.labelled, columns.positions(predictions.image_ids), True)
    nearest, named = predictions.best_class[free], ~predictions.rejected[free]
    ids, counts = np.unique(nearest[~np.isin(nearest, nearest[named])], return_counts=True)
    return dict(zip(ids.tolist(), counts.tolist(), strict=True))


def buried(
    context: ProjectContext, only: frozenset[int] = frozenset(), leave_out: frozenset[int] = frozenset()
) -> dict[int, tuple[int, ...]]:
    """Images of None of these that are nearest to each weak class, `NEAREST` at most, by its id; fewest named first.

    Of the classes `only`, if any, those with the name as well; `leave_out` are ids of other images.

    A class is weak if `weak_classes_of` has it, or if it names less than half as many images without a label as the
    classes do on average.
    """
    predictions, columns = context.predictions, context.index.columns
    if predictions is None or predictions.open_set_scores is None:
        return {}
    where = columns.positions(predictions.image_ids)
    free = looked_up(columns.usable, where, False) & ~looked_up(columns.labelled, where, True) & ~predictions.by_text
    free &= ~np.isin(predictions.image_ids, [*context.index.lost.ids.tolist(), *leave_out])
    named = predictions.best_class[free & ~predictions.rejected]
    count = {item.id: int((named == item.id).sum()) for item in context.classes}
    weak = only or {item.image_class.id for item in weak_classes_of(context, accuracy_claims(context))} | {
        item for item, count_of in count.items() if 2 * count_of * len(count) < len(named)
    }
    candidates = np.flatnonzero(free & (predictions.rejected | np.isin(predictions.best_class, list(only))))
    # Those that miss the threshold least, of the class that is their likeliest: of as many as were buried, 70% were so
    # on caltech-20 and 46% on flowers-5; by the probability of the class 65 and 39.
    candidates = candidates[np.argsort(-predictions.open_set_scores.scores[candidates], kind="stable")]
    nearest_of = {}
    for item in sorted(weak.intersection(count), key=count.__getitem__):
        nearest = candidates[predictions.best_class[candidates] == item][:NEAREST]
        if len(nearest):
            nearest_of[item] = tuple(predictions.image_ids[nearest].tolist())
    return nearest_of


def how_measured(evaluation: Evaluation | None, proposed: int = 0) -> str:
    """How the accuracy among all names was measured, without the `proposed` labels, or what to do so that it can be."""
    named = n = 0
    if evaluation is not None and evaluation.adapted.all is not None:
        n = evaluation.adapted.all.n
        if evaluation.base_by != "held-out":  # images of classes that were not trained are never left out
            rows = zip(evaluation.roles, evaluation.confusion, strict=True)
            named = sum(sum(row) for role, row in rows if role is Role.NEW)
    if evaluation is None or not n:
        text = tr(
            "Make a spot check (Ctrl+K), or label two different pictures of the same class yourself: one is left out "
            "to test what was learned from the other."
        )
    elif evaluation.base_by == "leave-one-out":
        text = tr(
            "Measured on {n} of your labels, left out of the training with its copies.",
            "Measured on {n} of your labels, each left out in turn with its copies.",
            n - named,
        )
    elif evaluation.base_by == "cross-validation":
        text = tr(
            "Measured on {n} of your labels, by a model that learned from others.",
            "Measured on {n} of your labels, a quarter left out at a time.",
            n - named,
        )
    else:
        text = tr("Measured on {n} picture kept for testing.", "Measured on {n} pictures kept for testing.", n)
    sentences = [text]
    if named:
        sentences.append(
            tr("{n} more is of a class without examples.", "{n} more are of classes without examples.", named)
        )
    if proposed:
        sentences.append(
            tr("{n} accepted suggestion does not count.", "{n} accepted suggestions do not count.", proposed)
        )
    return " ".join(sentences)


def beside_now(context: ProjectContext, run: RunRecord) -> list[str]:
    """What the project's model and a run are right about, a line each, and both on the images of both tests.

    Store lane.
    """
    now = summarise(context).run
    lines = [_scored(tr("Now"), now), _scored(tr("This one"), run)]
    pair = None if now is None else paired(now, run)
    if pair is not None:
        lines.append(
            tr(
                "On the {n} picture that both were tested on: {now} now, {then} with this one.",
                "On the {n} pictures that both were tested on: {now} now, {then} with this one.",
                pair.n,
                now=tr("{percent:.1f}%", percent=pair.first.percent),
                then=tr("{percent:.1f}%", percent=pair.second.percent),
            )
        )
    return lines


def _scored(title: str, run: RunRecord | None) -> str:
    score = None if run is None else score_of(run)
    if run is None or score is None:
        return tr("{title}: not measured", title=title)
    return tr(
        "{title}: {accuracy} right, tested on {n} picture ({run})",
        "{title}: {accuracy} right, tested on {n} pictures ({run})",
        score.n,
        title=title,
        accuracy=range_words(score),
        run=run.name,
    )
