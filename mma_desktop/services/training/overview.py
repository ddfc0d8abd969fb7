"""Summary of the model in use: its accuracy, what it confuses, and which classes need labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_json import as_record
from mma_desktop.core.types import Accuracy, Evaluation, ImageClass, Ranked, Role, RunRecord
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.predicting.none_of_these import AtHand, at_hand
from mma_desktop.services.serialization import evaluation_of
from mma_desktop.services.training.learning import Learned, LearningPoint, current, in_use, points_of, store_learned
from mma_desktop.services.training.mistakes import Measured, Pair, measured_of, paired, pairs_of, wrong_examples
from mma_desktop.services.training.set_apart import HeldOut, held_out

FEW_LABELS = 5
GOOD = 90.0
"""A class needs labels if it has fewer than `FEW_LABELS`, or if its accuracy is below this and below the total."""
MOST_SHOWN = 6
"""Wrongly predicted pictures that are shown before somebody asks for all."""
ENOUGH = 50
"""Labels from which on a percentage means something beside its range."""
MEANINGLESS = 0.6
"""Width from which on the range of a share says nothing."""


@dataclass(frozen=True, slots=True)
class WeakClass:
    """A class that more labels would help: its number of labels, and its accuracy among all names, if measured."""

    image_class: ImageClass
    labels: int
    accuracy: Accuracy | None


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
        wrong: Some of the wrongly predicted pictures, which are `all_wrong`.
        weak_classes: The classes that more labels would help most.
        labelled: Number of classes with a label.
        right: What is claimed of the learning model for the pictures without a label.
        test: The test of the model in use on pictures that are set apart; None if none are.
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
    right: Right | None = None
    test: HeldOut | None = None

    @property
    def names(self) -> Sequence[str]:
        """The class names that `wrong` refers to."""
        return () if self.evaluation is None else self.evaluation.class_names


@dataclass(frozen=True, slots=True)
class Right:
    """How many predictions of the pictures without a label are right, in percent, with a 95% range: what is claimed.

    Attributes:
        known: Of the pictures that show one of the trained classes.
        at_hand: What is known of pictures that show none of the classes.
        kept: Expected share of the known pictures that keep a name, a factor of `known`.
        named: Of those that show a class that is only named, as far as the trained classes by their names alone can
            tell; None if there is no such class. `n` counts those classes, since names differ more than pictures do.

    `n` is how many labels that a person or a folder set tell it. `short` and `sentence` say it.
    """

    known: Accuracy
    at_hand: AtHand | None = None
    kept: float = 1.0
    named: Accuracy | None = None


@graph.derived(graph.shown, graph.index, graph.names, current, in_use)
def right_of(context: ProjectContext) -> Right | None:
    """What is claimed of the learning model: how many other predictions are right.

    It is the share of right answers to labels that were left out, times the share of known pictures that keep a name;
    the range is Wilson's for as many answers. Questions are about the hardest pictures, so it reaches up to what the
    calibrated confidences of the pictures without a label say, where that is higher.

    None before anything was measured, and while another model is in use.
    """
    guesses, columns, learned = context.guesses, context.index.columns, current(context)
    measured = None if learned is None or not in_use(context) else learned.accuracy
    if guesses is None or guesses.adapted_confidence is None or measured is None:
        return None
    where = columns.positions(guesses.image_ids)
    free = looked_up(columns.usable, where, False) & ~looked_up(columns.labelled, where, True)
    named, here = free & ~guesses.rejected, at_hand(context)
    kept = 1.0 if here is None else here.kept
    sure = float(guesses.adapted_confidence[named].mean()) if named.any() else 0.0
    known = Accuracy.near(kept * measured.percent / 100, measured.n)
    hoped = Accuracy.near(kept * sure, measured.n)
    assert learned is not None
    named_kept, names = 1.0 if here is None else here.named_kept, learned.zero_shot
    trained = sum(item.role is Role.BASE for item in learned.snapshot.classes)
    by_name = None
    if names is not None and trained < len(context.classes):
        by_name = Accuracy.near(named_kept * names.percent / 100, trained)
    return Right(replace(known, high=max(known.high, hoped.high)), here, kept, by_name)


def keep_version(context: ProjectContext) -> RunRecord:
    """Store the learning model as a version, with what is claimed of it. Engine lane.

    Raises:
        UserError: As `store_learned`.
    """
    right = right_of(context)
    return store_learned(context, None if right is None else right.known)


def score_of(run: RunRecord, evaluation: Evaluation | None = None) -> Accuracy | None:
    """How often a run is right: what was claimed when it was kept, or else measured among all names.

    `evaluation` is that of the run, if it was read already.
    """
    evaluation, claimed = evaluation or evaluation_of(run.metrics), run.metrics.get("claimed")
    if isinstance(claimed, Mapping):
        with suppress(ValueError):  # of another version
            return as_record(Accuracy, claimed)
    return None if evaluation is None else evaluation.adapted.all


def range_words(accuracy: Accuracy) -> str:
    """An accuracy as its range, "92 to 97%"; from few labels, or if all were right, as its low end, "at least 83%"."""
    if accuracy.n < ENOUGH or accuracy.high > 99:
        return tr("at least {percent}", percent=tr("{percent:.0f}%", percent=math.floor(accuracy.low)))
    return _between(accuracy.low, accuracy.high)


def _between(low: float, high: float) -> str:
    return tr("{low} to {percent}", low=math.floor(low), percent=tr("{percent:.0f}%", percent=math.ceil(high)))


def short(accuracy: Accuracy) -> str:
    """An accuracy as its range and the number of labels that tell it."""
    return tr("{accuracy}, {n} label", "{accuracy}, {n} labels", accuracy.n, accuracy=range_words(accuracy))


def sentence(right: Right) -> str:
    """What can be expected of the pictures without a label."""
    known = tr(
        "Of pictures that show one of your classes {accuracy} are right ({n} label).",
        "Of pictures that show one of your classes {accuracy} are right ({n} labels).",
        right.known.n,
        accuracy=range_words(right.known),
    )
    here = right.at_hand
    if right.named is not None:
        of_names = tr(
            "Of classes without a label {accuracy}, which only their names tell.", accuracy=range_words(right.named)
        )
        known = f"{known} {of_names}"
        if here is not None and here.named_kept == 1:  # nothing tells strangers, or there are none
            never = tr("A picture that such a name fits best is never None of these.")
            known = f"{known} {never}"
    if here is None:
        return known
    if here.guessed or here.high - here.low > MEANINGLESS:
        none = tr("How many show none of them is not known yet.")
        return f"{known} {none}"
    share, tenths = _between(100 * here.low, 100 * here.high), min(9, round(10 * here.found))
    if not tenths:  # the scores are smoothed, so that none is found exactly is never said
        none = tr("About {percent} of the unlabelled ones show none of them, and get a name too.", percent=share)
    else:
        none = tr(
            "About {percent} of the unlabelled ones show none of them, and {tenths} of 10 of those are found.",
            percent=share,
            tenths=tenths,
        )
    return f"{known} {none}"


def said_without(context: ProjectContext, image_id: int) -> Ranked | None:
    """What the model in use said of a picture when it was left out of the training; None if it never was. Engine lane.

    With the picture it would say what it was told.
    """
    run, _ = _model(context, current(context))
    if run is None or run.metrics.get("base_by") == "held-out":
        return None
    picture = next((picture for picture in measured_of(run) or () if picture.image == image_id), None)
    if picture is None:
        return None
    return Ranked(str(run.metrics["class_names"][picture.answer]), picture.confidence)


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
    own = None if learning or learned is None else learned.run
    evaluation = evaluation_of(run.metrics)
    if evaluation is None:
        return Overview(run, learning, learned=own, points=points, labelled=labelled)
    measured = [picture for picture in measured_of(run) or () if picture.label != picture.answer]
    ids = np.array([picture.image for picture in measured], np.int64)
    here = context.index.columns.positions(ids) >= 0  # others have been removed since
    wrong = [picture for picture, is_here in zip(measured, here.tolist(), strict=True) if is_here]
    return Overview(
        run,
        learning,
        evaluation,
        learned.proposed if learning and learned is not None else 0,
        own,
        pairs_of(evaluation, wrong),
        tuple(wrong_examples(wrong, MOST_SHOWN).values()),
        tuple(wrong),
        () if run.loaded else weak_classes_of(context.classes, counts, evaluation),
        points,
        labelled,
        right_of(context) if learning else None,
    )


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


def weak_classes_of(classes: Sequence[ImageClass], counts: dict[int, int], evaluation: Evaluation) -> list[WeakClass]:
    """The classes that more labels would help, those with the lowest certain accuracy first.

    `counts` are labelled images by class id. A name that was added to predict with needs none.
    """
    together = evaluation.adapted.all
    limit = min(GOOD, 100.0 if together is None else together.percent)
    names = zip(evaluation.class_names, evaluation.confusion, strict=True)
    rows = {name_key(name): (at, row) for at, (name, row) in enumerate(names)}
    found = []
    for item in classes:
        at, row = rows.get(name_key(item.name), (0, ()))
        accuracy = Accuracy.of(row[at], sum(row)) if sum(row) else None
        weak = WeakClass(item, counts.get(item.id, 0), accuracy)
        few = weak.labels < FEW_LABELS and (weak.labels > 0 or item.role is not Role.NEW)
        if few or (accuracy is not None and accuracy.percent < limit):
            found.append(weak)
    found.sort(key=lambda weak: (0.0 if weak.accuracy is None else weak.accuracy.low, weak.labels))
    return found


def how_measured(evaluation: Evaluation | None, proposed: int = 0) -> str:
    """How the accuracy among all names was measured, in a sentence, or what to do so that it can be.

    `proposed` is the number of labels that accept a prediction, which do not count.
    """
    named = n = 0
    if evaluation is not None and evaluation.adapted.all is not None:
        n = evaluation.adapted.all.n
        if evaluation.base_by != "held-out":  # pictures of classes that were not trained are never left out
            rows = zip(evaluation.roles, evaluation.confusion, strict=True)
            named = sum(sum(row) for role, row in rows if role is Role.NEW)
    if evaluation is None or not n:
        text = tr(
            "Label two different pictures of the same class yourself: one is left out to test what was learned from "
            "the other."
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
    """What the model of the project and a run are right about, a line each, and both on the pictures of both tests.

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
    found = None if run is None else score_of(run)
    if run is None or found is None:
        return tr("{title}: not measured", title=title)
    return tr(
        "{title}: {accuracy} right, tested on {n} picture ({run})",
        "{title}: {accuracy} right, tested on {n} pictures ({run})",
        found.n,
        title=title,
        accuracy=range_words(found),
        run=run.name,
    )
