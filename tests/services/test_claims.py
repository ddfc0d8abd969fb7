"""What is claimed of all pictures, of what is left and of each class: it is so, and moves only for a reason."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from mma_desktop.core.types import Accuracy, LabelSource, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Predictions, Show
from mma_desktop.services.predicting.none_of_these import AtHand
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.training import learning, overview
from mma_desktop.services.training.claims import (
    MIN_LABELS,
    AccuracyClaims,
    ClassClaim,
    accuracy_claims,
    class_words,
    log_odds_shift,
    range_words,
    reason,
    sentence,
    short,
)
from mma_desktop.services.training.mistakes import Measured

from .test_none_of_these import TOKEN, eight, learned, sample  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("fitted_once")


def claimed(context: ProjectContext) -> AccuracyClaims:
    learning.follow_edits(context, TOKEN)
    found = accuracy_claims(context)
    assert found is not None
    return found


def truth(context: ProjectContext) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N,) of all pictures: the class that the folder says, whether that is right, and which have no label."""
    predictions, columns = context.predictions, context.index.columns
    assert isinstance(predictions, Predictions)
    names = {one.id: one.name for one in context.classes}
    shown = [row.path.parent.name for row in context.project.image_rows(predictions.image_ids.tolist())]
    labels = columns.class_ids[columns.positions(predictions.image_ids)]
    said = np.where(labels >= 0, labels, np.where(predictions.rejected, -1, predictions.best_class))
    true = [name if name in names.values() else "" for name in shown]
    right = [names.get(one, "") == name for one, name in zip(said.tolist(), true, strict=True)]
    return said, np.array(right), labels < 0


def ends(accuracy: Accuracy) -> float:
    """The upper end that is said."""
    return 100.0 if range_words(accuracy).startswith("at least") else accuracy.high


def accept(context: ProjectContext, count: int) -> list[int]:
    """Accept the surest names that are right; their ids."""
    said, right, free = truth(context)
    predictions = context.predictions
    assert predictions is not None
    fit = dict(zip(predictions.image_ids.tolist(), (right & free & (said >= 0)).tolist(), strict=True))
    surest = context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE)).tolist()
    chosen = [one for one in surest if fit[one]][:count]
    context.project.assign_many(shown_pairs(predictions, chosen), LabelSource.SUGGESTION)
    return chosen


def test_what_is_claimed_is_so(sample: ProjectContext) -> None:  # noqa: F811
    assert accuracy_claims(sample) is None
    right = claimed(sample)
    said, so, free = truth(sample)
    assert right.pictures == len(so)
    assert right.overall.n == learned(sample).accuracy.n >= MIN_LABELS
    assert right.overall.low <= 100 * so.mean() <= ends(right.overall)
    assert right.left is not None
    assert right.left.low <= 100 * so[free].mean() <= ends(right.left)
    assert right.overall.high - right.overall.low < right.left.high - right.left.low
    hold = []
    for one in sample.classes:
        folder, own = right.by_class[one.id], said == one.id
        assert (folder.pictures, folder.unsure) == (own.sum(), (own & free).sum())
        hold.append(folder.right.low <= 100 * so[own].mean() <= ends(folder.right))
    assert sum(hold) >= len(hold) - 1
    words = sentence(right)
    assert words.startswith(f"Of the {free.sum()} pictures left, ")
    assert "show none of your classes" in words
    version = overview.keep_version(sample)
    assert overview.score_of(version) == right.left, "a version says what was said of the model"


def test_it_does_not_move_with_empty_classes_or_with_what_is_undone(sample: ProjectContext) -> None:  # noqa: F811
    before = claimed(sample)
    sample.project.add_classes(["walrus", "tractor", "violin", "lighthouse", "pretzel", "accordion"], Role.BASE)
    with_empty = claimed(sample).overall
    assert before.overall.low <= with_empty.percent <= before.overall.high
    assert abs(with_empty.percent - before.overall.percent) < 3
    sample.project.undo()
    assert claimed(sample) == before
    accept(sample, 30)
    sample.project.assign_none(sample.select(Filter(Show.UNLABELLED))[:5].tolist())
    assert claimed(sample) != before
    sample.project.undo()
    sample.project.undo()
    assert claimed(sample) == before


def test_it_does_not_fall_as_what_is_right_is_accepted_and_rises_as_it_is_confirmed(
    sample: ProjectContext,  # noqa: F811
) -> None:
    before = claimed(sample)
    assert len(accept(sample, 100)) == 100
    after = claimed(sample)
    assert (after.accepted, after.by_hand) == (100, before.by_hand)
    assert after.overall.percent > before.overall.percent - 1, "what is said of the pictures is the same"
    assert after.left.percent < before.left.percent, "the easy ones are done"
    columns = sample.index.columns
    kept = {one.id: columns.ids[(columns.class_ids == one.id) & columns.proposed].tolist() for one in sample.classes}
    for class_id in kept:  # with few labels there is more to gain
        sample.project.assign(columns.ids[(columns.class_ids == class_id) & ~columns.proposed][2:].tolist(), None)
    few = claimed(sample)
    for class_id, own in kept.items():
        sample.project.assign(own, class_id)
    seen = claimed(sample)
    assert (few.accepted, seen.accepted) == (100, 0)
    assert seen.overall.percent > few.overall.percent
    assert seen.overall.low > few.overall.low + 1


def test_accepting_what_is_wrong_does_not_make_it_right(sample: ProjectContext) -> None:  # noqa: F811
    before = claimed(sample)
    said, right, free = truth(sample)
    assert sample.predictions is not None
    first = sample.classes[0].id
    wrong = sample.predictions.image_ids[free & ~right | (free & (said == -1))][:60].tolist()
    sample.project.assign(wrong, first, LabelSource.SUGGESTION)
    after = claimed(sample)
    said, right, _ = truth(sample)
    folder = after.by_class[first]
    assert folder.right.low <= 100 * right[said == first].mean() <= folder.right.high
    assert folder.right.percent < before.by_class[first].right.percent - 20
    weak = overview.summarise(sample).weak_classes
    assert weak[0].image_class.id == first


def test_a_class_whose_predictions_are_all_none_of_these_is_weak(sample: ProjectContext) -> None:  # noqa: F811
    right = claimed(sample)
    predictions, last = sample.predictions, sample.classes[-1]
    assert predictions is not None
    assert predictions.open_set_scores is not None
    assert not any(weak.rejected for weak in overview.weak_classes_of(sample, right))
    own = predictions.best_class == last.id
    scores = replace(predictions.open_set_scores, scores=np.where(own, -1, predictions.open_set_scores.scores))
    sample.predictions = replace(predictions, open_set_scores=scores)
    first = overview.weak_classes_of(sample, right)[0]
    free = ~sample.index.columns.labelled[sample.index.columns.positions(predictions.image_ids)]
    assert (first.image_class, first.rejected) == (last, (own & free).sum())


def test_nothing_is_claimed_before_half_was_looked_at(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    predictions = sample.predictions
    assert predictions is not None
    few = slice(0, len(predictions.image_ids) // 3)
    assert predictions.adapted_class is not None
    assert predictions.adapted_confidence is not None
    assert predictions.open_set_scores is not None
    sample.predictions = replace(
        predictions,
        image_ids=predictions.image_ids[few],
        zero_shot_class=predictions.zero_shot_class[few],
        zero_shot_confidence=predictions.zero_shot_confidence[few],
        adapted_class=predictions.adapted_class[few],
        adapted_confidence=predictions.adapted_confidence[few],
        open_set_scores=predictions.open_set_scores.part(few),
    )
    assert accuracy_claims(sample) is None


def test_a_move_by_more_than_the_range_says_why(sample: ProjectContext) -> None:  # noqa: F811
    columns = sample.index.columns
    for one in sample.classes:  # two examples each, so that the range is not at the top
        sample.project.assign(columns.ids[columns.class_ids == one.id][2:].tolist(), None)
    claimed(sample)
    assert reason(sample) == ""
    columns = sample.index.columns
    shown = {row.id: row.path.parent.name for row in sample.project.image_rows(columns.ids.tolist())}
    ids = {one.name: one.id for one in sample.classes}
    free = sample.select(Filter(Show.UNLABELLED)).tolist()
    sample.project.assign_none([one for one in free if shown[one] not in ids])
    for name, class_id in ids.items():
        sample.project.assign([one for one in free if shown[one] == name][:-2], class_id)
    claimed(sample)
    assert reason(sample).startswith("It was ")
    assert "pictures labelled by hand" in reason(sample)
    assert reason(sample) in overview.summarise(sample).reason


def test_what_was_claimed_before_holds_no_image(sample: ProjectContext) -> None:  # noqa: F811
    first = claimed(sample)
    assert reason(sample) == ""
    held = weakref.ref(first.draw.args[0])  # ids, of a million 8 MB and as much for each of its strata
    accept(sample, 1)
    assert claimed(sample) is not first
    assert reason(sample) == ""
    del first
    gc.collect()
    assert held() is None


def test_strangers_that_get_a_name_are_confusions_and_mistakes(sample: ProjectContext) -> None:  # noqa: F811
    learned(sample)
    predictions = sample.predictions
    assert predictions is not None
    first = sample.classes[0]
    taken = predictions.image_ids[(predictions.best_class == first.id) & ~predictions.rejected][:3].tolist()
    sample.project.assign_none(taken)
    found = overview.summarise(sample)  # before it is learned from
    pair = next(one for one in found.pairs if found.names[one.label] == "None of these")
    assert (found.names[pair.answer], pair.count, set(pair.wrong)) == (first.name, 3, set(taken))
    assert set(taken) <= {one.image for one in found.all_wrong}


def test_ranges_are_put_in_words() -> None:
    few = Accuracy.of(19, 19)
    assert (range_words(few), short(few)) == ("at least 83%", "at least 83%, 19 labels")
    assert short(Accuracy.of(123, 130)) == "89 to 98%, 130 labels"
    assert range_words(Accuracy.of(130, 130)) == "at least 97%", "never 100% alone"
    lobster = ClassClaim(31, 29, Accuracy(35.5, 60, 19.5, 54.8))
    assert class_words(lobster) == "31 pictures, about 11 right (6 to 17)"


@pytest.mark.parametrize(
    ("here", "words"),
    [
        (AtHand(100, 0.1, 0.3, 1.9e-22, guessed=False), "About 10 to 30% of them show none of your classes, and get a"),
        (AtHand(455, 0.0, 0.92, 0.9, guessed=False), "How many show none of your classes is not known yet."),
    ],
)
def test_it_is_said_how_many_show_none_of_the_classes(here: AtHand, words: str) -> None:
    assert words in sentence(AccuracyClaims(Accuracy.of(30, 30), Accuracy.of(30, 30), unlabelled=30, at_hand=here))


def test_far_too_sure_a_model_is_moved_down_by_as_much_as_its_mistakes_say() -> None:
    measured = [Measured(at, 0, int(at % 4 == 0), 1.0) for at in range(2000)]
    shift, error = log_odds_shift(measured)
    wrong = 1 - 1 / (1 + np.exp(-(np.log(9999) + shift)))
    assert wrong == pytest.approx(0.25, abs=0.01)
    assert error < 0.06
