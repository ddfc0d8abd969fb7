"""Spot checks: what is drawn and kept, what it tells, and what accepting would bury."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.labels.label_errors import confirm_labels
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.services.training import learning, spot_checks
from mma_desktop.services.training.claims import accuracy_claims, check_of
from mma_desktop.services.training.overview import buried
from mma_desktop.services.training.spot_checks import (
    ACCEPTED,
    NAMED,
    NONE,
    SAMPLE_SIZE,
    Check,
    CheckedImage,
    most_informative,
    posterior_values,
)

from .test_claims import accept, claimed, ends, truth
from .test_none_of_these import TOKEN, eight, learned, sample  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("fitted_once")


def values(probability: float, off: float, pictures: int = 100) -> np.ndarray:
    """What `claims` says of images: how likely each is right, the variance, and five rows and four by how much off."""
    rows = np.zeros((11, pictures))
    rows[0], rows[1] = probability, probability * (1 - probability)
    rows[3], rows[4] = -off, off
    return rows


def check(right: int, of: int = NAMED, labels: int = 30, size: int = 100) -> Check:
    return Check(of, labels, size, tuple(CheckedImage(at, 1, at < right) for at in range(SAMPLE_SIZE)))


def told(before: np.ndarray, *checks: Check, labels: int = 30) -> tuple[float, float]:
    """The mean probability and by how much it is off, after checks."""
    strata, class_ids = np.zeros(before.shape[1], np.int64), np.ones(before.shape[1], np.int64)
    after = posterior_values(before, strata, class_ids, checks, labels, 5)
    return float(after[0].mean()), float(after[4].mean())


def posterior(mean: float, worth: float, right: float, n: float) -> float:
    return (mean * worth + right) / (worth + n)


@pytest.mark.parametrize("right", [7, 9, 10, 12])
def test_what_is_said_and_what_was_found_make_a_beta_distribution(right: int) -> None:
    deviation = 0.2
    mean, off = told(values(0.8, 1.96 * deviation), check(right))
    worth = 0.8 * 0.2 / deviation**2 - 1
    wanted = posterior(0.8, worth, right, SAMPLE_SIZE)
    assert mean == pytest.approx(wanted, abs=1e-6)
    wide = (wanted * (worth + SAMPLE_SIZE) + 1) / (worth + SAMPLE_SIZE + 2)
    assert off == pytest.approx(1.96 * (wide * (1 - wide) / (worth + SAMPLE_SIZE + 1)) ** 0.5, rel=1e-6)
    assert off < 0.65 * 1.96 * deviation


def test_what_a_check_contradicts_is_worth_a_dozen_at_most() -> None:
    sure = values(0.99, 1.96 * 0.005)
    agrees, off = told(sure, check(12))
    assert agrees > 0.99
    assert off <= sure[4, 0] + 1e-9, "what agrees widens no range"
    contradicted, wide = told(sure, check(9))
    assert contradicted == pytest.approx(posterior(0.99, SAMPLE_SIZE, 9, SAMPLE_SIZE), abs=1e-3)
    assert wide > 5 * sure[4, 0], "the range said too much"


def test_it_counts_less_when_more_was_labelled_or_the_easy_ones_left_since() -> None:
    before = values(0.8, 0.4)
    fresh, stale = (told(before, check(4), labels=labels)[0] for labels in (30, 300))
    assert fresh < stale < 0.8
    assert told(before, check(4, labels=300), labels=30)[0] == fresh, "labels were taken back"
    assert told(before, check(4, size=1000))[0] == pytest.approx(stale)
    assert told(before, check(4, size=10))[0] == fresh


def test_it_counts_before_the_first_label() -> None:
    """As where names mean nothing, and all of a check from names alone are wrong."""
    wrong = check(0, labels=0)
    mean, _ = told(values(0.8, 0.1), wrong, wrong, labels=0)
    assert mean == told(values(0.8, 0.1), wrong._replace(labels=9), wrong._replace(labels=9), labels=9)[0] < 0.4


def test_the_model_may_have_learned_to_be_right_of_all_since() -> None:
    before, strata, class_ids = values(0.8, 0.4), np.zeros(100, np.int64), np.ones(100, np.int64)
    fresh = posterior_values(before, strata, class_ids, [check(9)], 30, 5)
    stale = posterior_values(before, strata, class_ids, [check(9)], 60, 5)
    assert fresh[2].sum() == 0
    assert stale[2] == pytest.approx((1 - stale[0]) / 2)


@pytest.mark.parametrize(("of", "size"), [(NAMED, 60), (NONE, 80)])
def test_what_got_a_name_since_a_check_may_be_wrong(of: int, size: int) -> None:
    """Of 100 names 40 are new: there were 60, or None of these has 28 left of 80, 12 of them looked at and labelled."""
    strata, class_ids = np.repeat([NAMED, NONE], [100, 28]), np.repeat([1, NONE], [100, 28])
    before = np.concatenate([values(0.9, 0.05), values(0.9, 0.05, 28)], axis=1)
    moved = posterior_values(before, strata, class_ids, [check(12, of, size=size)], 42, 5)
    again = posterior_values(before, strata, class_ids, [check(12, of, size=size), check(12, size=100)], 42, 5)
    assert moved[3, :100] == pytest.approx(-np.hypot(before[3, :100], 0.4 * moved[0, :100]), abs=0.02)
    assert moved[3, 100:].min() >= before[3, 100:].min(), "and None of these may not"
    assert again[3, :100].min() > -0.1, "looked at by now"
    accepted = posterior_values(
        before, np.where(np.arange(128) < 40, ACCEPTED, strata), class_ids, [check(12, of, size=size)], 42, 5
    )
    assert accepted[3].min() > -0.1, "or accepted"


def test_a_check_of_a_class_tells_of_the_class_alone() -> None:
    before = values(0.8, 0.4)
    before[7:] = [[-0.1], [0.1], [-0.1], [0.1]]
    class_ids = np.repeat([1, 2], 50)
    after = posterior_values(before, np.zeros(100, np.int64), class_ids, [check(12, of=1)], 30, 5)
    assert (after[:, 50:] == before[:, 50:]).all()
    assert (np.abs(after[3:5, :50]) < np.abs(before[3:5, :50])).all()
    assert (np.abs(after[7:, :50]) < np.abs(before[7:, :50])).all(), "of what is off in this class, too"


def test_what_came_to_a_class_since_its_check_may_be_wrong() -> None:
    """Of 50 images 20 are new: there were 42, of which 12 were looked at and labelled."""
    before, class_ids = values(0.9, 0.05), np.repeat([1, 2], 50)

    def low(*checks: Check) -> float:
        after = posterior_values(before, np.zeros(100, np.int64), class_ids, checks, 42, 5)
        assert (after[:, 50:] == before[:, 50:]).all()
        return float(after[3, :50].mean())

    moved = low(check(12, of=1, size=42))
    assert moved == pytest.approx(-0.4 * 0.9, abs=0.03)
    assert low(check(12, of=1, size=62)) > -0.05, "none is new"
    assert low(check(12, of=1, size=42), check(12, of=1, size=62)) > -0.05, "looked at by now"


def test_what_is_offered_is_what_narrows_the_range_most_until_it_would_not() -> None:
    strata = np.repeat([NAMED, NONE, ACCEPTED], [300, 300, 40])
    said = np.concatenate([values(0.7, 0.2, 300), values(0.97, 0.02, 300), values(0.9, 0.1, 40)], axis=1)
    assert most_informative(said, strata, [], 30, 5) == NAMED
    other = np.concatenate([values(0.97, 0.02, 300), values(0.7, 0.2, 300), values(0.9, 0.1, 40)], axis=1)
    assert most_informative(other, strata, [], 30, 5) == NONE
    checks = [check(9, of) for of in (NAMED, NONE, ACCEPTED) for _ in range(6)]
    assert most_informative(said, strata, checks, 30, 5) is None
    assert most_informative(said[:, :0], strata[:0], [], 30, 5) is None


# ---------------------------------------------------------------------- of a project


def test_a_random_dozen_of_what_is_predicted_is_kept_in_one_step(sample: ProjectContext) -> None:  # noqa: F811
    right = claimed(sample)
    check = check_of(sample, NAMED)
    assert check is not None
    assert accuracy_claims(sample) is right, "the claim is as it was"
    said, _, free = truth(sample)
    predictions = sample.predictions
    assert predictions is not None
    predicted = dict(zip(predictions.image_ids.tolist(), said.tolist(), strict=True))
    unlabelled = dict(zip(predictions.image_ids.tolist(), free.tolist(), strict=True))
    assert len({one.image for one in check.pictures}) == SAMPLE_SIZE
    assert all(unlabelled[one.image] and predicted[one.image] == one.class_id for one in check.pictures)
    surest = sample.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE)).tolist()
    assert max(surest.index(one.image) for one in check.pictures) > len(surest) / 4, "not the surest ones"
    assert check_of(sample, NAMED) == check, "the same dozen until it is answered"
    wrong = [one.image for one in check.pictures][:2]
    before = sample.index.columns.class_ids
    spot_checks.store_check(sample, check, wrong)
    columns = sample.index.columns
    labels = dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))
    assert [labels[one] for one in wrong] == [-1, -1]
    assert all(labels[one.image] == one.class_id for one in check.pictures[2:])
    assert columns.by_hand[columns.positions(np.array([one.image for one in check.pictures[2:]]))].all()
    (stored,) = spot_checks.read(spot_checks.stored(sample))
    assert [one.right for one in stored.pictures] == [False] * 2 + [True] * (SAMPLE_SIZE - 2)
    assert not {one.image for one in check_of(sample, NAMED).pictures} & {one.image for one in check.pictures[2:]}
    assert sample.project.undo_title == "Spot check"
    sample.project.undo()
    assert (sample.index.columns.class_ids == before).all()
    assert spot_checks.read(spot_checks.stored(sample)) == []
    sample.project.redo()
    assert len(spot_checks.read(spot_checks.stored(sample))) == 1


def test_what_somebody_looked_at_is_not_drawn_again(
    sample: ProjectContext,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claimed(sample)
    accept(sample, 40)
    claimed(sample)
    for of in (NAMED, NONE, ACCEPTED):
        check = check_of(sample, of)
        assert check is not None
        spot_checks.store_check(sample, check, [one.image for one in check.pictures])
    columns = sample.index.columns
    kept = columns.ids[columns.proposed][:3].tolist()
    confirm_labels(sample, kept)
    claimed(sample)
    seen = {one.image for check in spot_checks.read(spot_checks.stored(sample)) for one in check.pictures}
    assert not np.isin(columns.ids[columns.labelled], list(seen)).any(), "they were wrong, so none has a label"
    monkeypatch.setattr(spot_checks, "SAMPLE_SIZE", len(columns.ids))
    checks = [check_of(sample, of) for of in (NAMED, NONE, ACCEPTED, *(one.id for one in sample.classes))]
    drawn = {one.image for check in checks if check is not None for one in check.pictures}
    assert len(drawn) > len(seen), "the others are"
    assert drawn.isdisjoint(seen)
    assert drawn.isdisjoint(kept)


def test_names_that_were_only_accepted_are_measured_by_a_check(sample: ProjectContext) -> None:  # noqa: F811
    """As after naming groups: no label can be left out, so nothing is said before a person has looked."""
    accept_all(sample)
    before = claimed(sample)
    assert learned(sample).accuracy is None
    assert (before.known, before.left, before.by_class) == (None, None, {})
    check = check_of(sample)
    assert check is not None
    _, right, _ = truth(sample)
    so = dict(zip(sample.predictions.image_ids.tolist(), right.tolist(), strict=True))
    spot_checks.store_check(sample, check, [one.image for one in check.pictures if not so[one.image]])
    after = claimed(sample)
    _, right, _ = truth(sample)
    assert after.known is not None
    assert after.known.low <= 100 * right.mean() <= ends(after.known)


def accept_all(context: ProjectContext) -> None:
    """Labels as after naming groups."""
    columns = context.index.columns
    for one in context.classes:
        ids = columns.ids[columns.class_ids == one.id].tolist()
        context.project.assign_many([(image, one.id) for image in ids], LabelSource.SUGGESTION)


@pytest.mark.parametrize(("of", "tells"), [(ACCEPTED, False), (NAMED, True)])
def test_what_was_accepted_does_not_tell_how_known_pictures_score_once_it_is_confirmed(
    sample: ProjectContext,  # noqa: F811
    of: int,
    tells: bool,
) -> None:
    """It is typical: the others would look like pictures of none of the classes."""
    accept_all(sample)
    claimed(sample)
    assert learned(sample).result.open_set is None
    spot_checks.store_check(sample, check_of(sample, of), [])
    claimed(sample)
    found = learned(sample)
    assert found.proposed < found.labels, "and is measured"
    assert (found.result.open_set is not None) is tells
    assert tells or not sample.predictions.rejected.any()


def test_what_a_check_found_wrong_is_not_marked_as_confirmed(sample: ProjectContext) -> None:  # noqa: F811
    accept_all(sample)
    claimed(sample)
    check = check_of(sample, ACCEPTED)
    wrong, *right = (one.image for one in check.pictures)
    spot_checks.store_check(sample, check, [wrong])
    sample.project.assign([wrong], next(one.id for one in sample.classes if one.id != check.pictures[0].class_id))
    claimed(sample)
    snapshot = learned(sample).snapshot
    assert wrong in snapshot.shot_ids
    assert set(snapshot.shot_ids[snapshot.data.confirmed].tolist()) == set(right)
    for _ in range(2):
        sample.project.undo()
    claimed(sample)
    assert not learned(sample).snapshot.data.confirmed.any()


def test_a_class_of_which_the_judge_has_no_label_may_be_all_right(sample: ProjectContext) -> None:  # noqa: F811
    accept_all(sample)
    claimed(sample)
    check = check_of(sample, ACCEPTED)
    spot_checks.store_check(sample, check, [one.image for one in check.pictures[2:]])
    after, kinds = claimed(sample), {one.class_id for one in check.pictures[:2]}
    high = {one.id: after.by_class[one.id].right.high for one in sample.classes}
    assert {high[one] for one in high.keys() - kinds} == {100.0}


def test_a_class_whose_labels_are_set_apart_may_be_all_right(sample: ProjectContext) -> None:  # noqa: F811
    columns, one = sample.index.columns, sample.classes[0].id
    folders = [columns.ids[columns.class_ids == kind.id].tolist() for kind in sample.classes]
    accept_all(sample)
    sample.project.assign(folders[1], one, LabelSource.SUGGESTION)
    for kind, ids in zip(sample.classes, folders, strict=True):
        sample.project.assign(ids[:6], kind.id)
    assert claimed(sample).by_class[one].right.high < 80
    sample.project.set_use(folders[0][:6], Use.TEST)
    assert claimed(sample).by_class[one].right.high == 100, "by its name alone the judge hardly knows it"


def test_a_wrong_accepted_picture_loses_its_label_and_a_right_one_is_confirmed(
    sample: ProjectContext,  # noqa: F811
) -> None:
    claimed(sample)
    accept(sample, 40)
    claimed(sample)
    check = check_of(sample, ACCEPTED)
    assert check is not None
    first, *others = (one.image for one in check.pictures)
    spot_checks.store_check(sample, check, [first])
    columns = sample.index.columns
    where = columns.positions(np.array([first, *others]))
    assert columns.class_ids[where[0]] == -1
    assert columns.by_hand[where[1:]].all()
    assert claimed(sample).accepted == 40 - SAMPLE_SIZE
    sample.project.undo()
    assert sample.index.columns.proposed.sum() == 40


def test_a_wrong_picture_that_was_labelled_meanwhile_keeps_that(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    check = check_of(sample, NAMED)
    first = check.pictures[0]
    other = next(one.id for one in sample.classes if one.id != first.class_id)
    sample.project.assign([first.image], other)
    spot_checks.store_check(sample, check, [first.image])
    columns = sample.index.columns
    assert columns.class_ids[columns.positions(np.array([first.image]))[0]] == other


def test_none_of_these_is_confirmed_before_it_is_a_class(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    assert sample.none_of_these is None
    check = check_of(sample, NONE)
    assert check is not None
    assert {one.class_id for one in check.pictures} == {NONE}
    spot_checks.store_check(sample, check, [])
    none = sample.none_of_these
    assert none is not None
    assert sample.index.counts()[none.id] == len(check.pictures)


def test_a_removed_picture_tells_nothing(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    check = check_of(sample, NAMED)
    sample.project.remove_images([check.pictures[0].image])
    spot_checks.store_check(sample, check, [check.pictures[0].image])
    (stored,) = spot_checks.read(spot_checks.stored(sample))
    assert [one.image for one in stored.pictures] == [one.image for one in check.pictures[1:]]


@pytest.mark.parametrize(
    "text",
    ["", "7", '{"a": 1}', "[[1, 2]]", '[[0, 3, 9, [["x", 1, true]]]]', "[[0, 3, 9, 5]]", f"[[0, {10**400}, 9, []]]"],
)
def test_what_is_stored_by_another_version_is_no_check(text: str) -> None:
    assert spot_checks.read(text) == []


def test_numbers_that_no_check_has_are_worth_nothing() -> None:
    (crafted,) = spot_checks.read(f"[[0, -30, -100, {[[one, 1, 1] for one in range(SAMPLE_SIZE)]}]]")
    before = values(0.8, 0.4)
    assert told(before, crafted) == told(before)


def test_a_check_moves_the_claim_to_what_was_found_and_answers_do_not(sample: ProjectContext) -> None:  # noqa: F811
    before = claimed(sample)
    check = check_of(sample, NAMED)
    assert check is not None
    spot_checks.store_check(sample, check, [one.image for one in check.pictures[:9]])
    bad = claimed(sample)
    assert bad.overall.percent < before.overall.percent - 5
    sample.project.undo()
    pairs = [(one.image, one.class_id) for one in check.pictures[9:]]
    sample.project.assign_many(pairs)
    assert spot_checks.read(spot_checks.stored(sample)) == [], "answers by hand are no sample"
    assert claimed(sample).overall.percent > bad.overall.percent
    sample.project.undo()
    assert claimed(sample) == before


# ---------------------------------------------------------------------- what is buried


def test_what_is_near_a_weak_class_is_offered_and_nothing_that_has_a_name_or_a_label(
    sample: ProjectContext,  # noqa: F811
) -> None:
    assert buried(sample) == {}
    claimed(sample)
    accept(sample, 60)
    claimed(sample)
    predictions, found = sample.predictions, buried(sample)
    assert predictions is not None
    said, _, free = truth(sample)
    at = {image: place for place, image in enumerate(predictions.image_ids.tolist())}
    for class_id, images in found.items():
        places = [at[one] for one in images]
        assert free[places].all()
        assert (said[places] == -1).all()
        assert (predictions.best_class[places] == class_id).all()
        scores = predictions.open_set_scores.scores[places]
        assert (np.diff(scores) <= 0).all(), "the nearest first"
    left_out = {image for images in found.values() for image in images[:1]}
    again = buried(sample, leave_out=frozenset(left_out))
    assert left_out.isdisjoint(image for images in again.values() for image in images)


def test_the_classes_that_accepting_leaves_without_a_prediction_are_foreseen(
    sample: ProjectContext,  # noqa: F811
) -> None:
    claimed(sample)
    predictions = sample.predictions
    assert predictions is not None
    said, _, free = truth(sample)
    class_id = sample.classes[0].id
    own = predictions.image_ids[free & (said == class_id)].tolist()
    pairs = tuple(shown_pairs(predictions, own))
    labels = sample.index.columns.class_ids
    foreseen = learning.classes_losing_predictions(sample, pairs, TOKEN)
    assert (sample.index.columns.class_ids == labels).all(), "nothing is written"
    assert learning.classes_losing_predictions(sample, pairs[:1], TOKEN) == []
    near = buried(sample, frozenset(foreseen), frozenset(own[1:]))
    assert own[0] in near[class_id]
    assert set(own[1:]).isdisjoint(near[class_id])
    sample.project.assign_many(list(pairs), LabelSource.SUGGESTION)
    claimed(sample)
    now, _, still = truth(sample)
    lost = set(said[free & (said >= 0)].tolist()) - set(now[still & (now >= 0)].tolist())
    assert class_id in lost
    assert set(foreseen) == lost


def test_pictures_whose_files_are_missing_got_no_name_since_a_check(sample: ProjectContext) -> None:  # noqa: F811
    before = claimed(sample).overall
    named = sample.predictions.image_ids[~sample.predictions.rejected]
    sample.index.lost = replace(sample.index.lost, missing=named[::2])
    check = check_of(sample, NAMED)
    assert not {item.image for item in check.pictures} & set(named[::2].tolist()), "nobody can look at them"
    spot_checks.store_check(sample, check, [])
    assert claimed(sample).overall.low > before.low


def test_what_is_claimed_needs_no_disk(sample: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    right = claimed(sample)

    def gone(*_: object) -> None:
        raise UserError("The disk was taken out.")

    monkeypatch.setattr(sample.project, "setting", gone)
    assert accuracy_claims(sample) is right


def test_all_of_a_check_may_be_wrong(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    check = check_of(sample, NAMED)
    spot_checks.store_check(sample, check, [one.image for one in check.pictures])
    (stored,) = spot_checks.read(spot_checks.stored(sample))
    assert [one.right for one in stored.pictures] == [False] * SAMPLE_SIZE


def test_a_class_that_is_gone_is_no_part_of_a_check(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    check = check_of(sample, NAMED)
    gone = check.pictures[0].class_id
    left = [one for one in check.pictures if one.class_id != gone]
    assert left
    sample.project.delete_classes([gone])
    spot_checks.store_check(sample, check, [])
    (stored,) = spot_checks.read(spot_checks.stored(sample))
    assert list(stored.pictures) == left


def test_without_pictures_nothing_is_claimed_or_checked(sample: ProjectContext) -> None:  # noqa: F811
    claimed(sample)
    sample.project.remove_images(sample.index.columns.ids.tolist())
    assert accuracy_claims(sample) is None
    assert check_of(sample) is None
    assert buried(sample) == {}


def test_a_removed_picture_takes_no_other_ones_place(
    sample: ProjectContext,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claimed(sample)
    *_, gone, last = sample.index.columns.ids.tolist()
    sample.project.remove_images([gone])
    fitted = []
    # private: what a fit learns from; one wrong label of hundreds would hardly show in what it says
    monkeypatch.setattr(learning, "_fit_to", lambda _context, columns, _token: fitted.append(columns))
    learning.classes_losing_predictions(sample, ((gone, sample.classes[0].id),), TOKEN)
    (columns,) = fitted
    assert columns.class_ids[columns.positions(np.array([last]))[0]] == -1
