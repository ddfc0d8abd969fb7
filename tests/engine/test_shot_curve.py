"""The accuracy by shots: sizes, the same test images, nested subsets, the paired interval by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import DEFAULT_METHOD, Recipe, TrainRequest
from mma_desktop.engine.evaluation.metrics import evaluate, predict
from mma_desktop.engine.training import trainer
from mma_desktop.engine.training.learning_curve import difference, shot_curve
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from tests.steps import run

from .cases import make_data

FITS = TrainRequest("multi-modal-adapter", device="cpu", recipe=Recipe(max_epochs=12))
DEFAULT = TrainRequest(DEFAULT_METHOD, device="cpu")


def test_every_size_is_measured_on_the_same_held_out_images() -> None:
    data = make_data(shots=8, noise=0.3)
    events, curve = run(shot_curve(data, FITS, 2))
    assert [one.shots for one in curve.points] == [1, 2, 4, 8]
    assert curve.left_out == (16,)
    assert (curve.base_by, curve.repetitions) == ("held-out", 2)
    for one in curve.points:
        assert one.base is not None
        assert one.new is not None
        assert (one.base.n, one.new.n) == (40, 40)
        assert one.base.percent == pytest.approx(np.mean(one.base_each))
        assert len(one.base_each) == len(one.new_each) == 2
        assert one.base.low <= one.base.percent <= one.base.high
    zero = evaluate(None, data).zero_shot
    assert (curve.zero_shot_base, curve.zero_shot_new) == (zero.base, zero.new)
    found = [event.curve for event in events if event.curve is not None]
    assert [len(one.points) for one in found] == [0, 1, 2, 3, 4, 4, 4, 4, 4], "points come one after another"
    assert all(event.changes is not None for event in events if event.curve is not None)
    assert {event.total for event in events} == {8}
    assert [event.done for event in events] == sorted(event.done for event in events)
    assert run(shot_curve(data, FITS, 2))[1] == curve, "repeatable"


def test_subsets_are_nested_and_never_hold_a_test_image(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data(shots=8, validation=0, test=0)
    seen: list[TrainingData] = []
    real = trainer.train

    def watched(small: TrainingData, *arguments: object) -> object:
        seen.append(small)
        return real(small, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "train", watched)
    _, curve = run(shot_curve(data, FITS))
    assert curve.base_by == "cross-validation"
    assert [one.shots for one in curve.points] == [1, 2, 4, 6], "a quarter of eight is held out"
    assert curve.left_out == (8, 16)
    assert curve.points[0].base is not None
    assert curve.points[0].base.n == 32
    assert curve.points[0].new is None
    assert len(seen) == 16
    for fold in range(4):
        rows = [{row.tobytes() for row in seen[4 * size + fold].shots.features} for size in range(4)]
        assert [len(one) for one in rows] == [4, 8, 16, 24]
        assert rows[0] < rows[1] < rows[2] < rows[3]
        test = seen[fold].test
        assert test is not None
        assert not rows[3] & {row.tobytes() for row in test.features}


def test_uneven_classes_and_odd_numbers() -> None:
    data = make_data(base=3, shots=5)
    few = data.shots.select(np.concatenate([np.arange(3), np.arange(5, 15)]))
    uneven = TrainingData(data.class_names, data.roles, data.text_features, 30.0, few, data.validation, data.test)
    _, curve = run(shot_curve(uneven, FITS, 1))
    assert [one.shots for one in curve.points] == [1, 2, 3], "the class with the fewest shots decides"


def test_what_cannot_be_measured_is_a_sentence() -> None:
    with pytest.raises(UserError, match="Label a few more"):
        run(shot_curve(make_data(shots=1, validation=0, test=0), FITS))
    data = make_data(shots=3, validation=0, test=0)
    copies = replace(data, shots=replace(data.shots, copies=data.shots.labels))
    with pytest.raises(UserError, match="Label a few more"):
        run(shot_curve(copies, DEFAULT))
    with pytest.raises(UserError, match="two base classes"):
        run(shot_curve(make_data(base=1), FITS))
    data = make_data(shots=2, new=1)
    _, curve = run(shot_curve(data, FITS, 1))
    assert curve.zero_shot_new is None, "one new name measures nothing"
    assert curve.points[0].new is None


def test_a_stop_ends_it() -> None:
    token = CancelToken()
    steps = shot_curve(make_data(), FITS, 1, token)
    next(steps)
    token.cancel()
    with pytest.raises(Cancelled):
        run(steps)


def test_the_paired_difference_by_hand() -> None:
    few, many = np.zeros(100), np.zeros(100)
    few[:50] = 1
    many[:60] = 1
    many[0] = 0  # 1 got worse, 10 got better
    found = difference(8, 16, [few], [many])
    assert found is not None
    assert (found.before, found.after) == (8, 16)
    assert found.points == pytest.approx(9)
    mean, n = 9 / 102, 102
    half = 1.959963984540054 * np.sqrt(((11 + 1) / n - mean**2) / n)
    assert (found.low, found.high) == pytest.approx((100 * (mean - half), 100 * (mean + half)))
    same = difference(8, 16, [few[:12]], [few[:12]])
    assert same is not None
    assert same.points == 0
    assert same.high == pytest.approx(-same.low)
    assert same.high > 10, "twelve images that did not change prove little"
    assert difference(8, 16, [few], []) is None
    assert difference(8, 16, [np.zeros(0)], [np.zeros(0)]) is None


def test_repetitions_that_differ_widen_the_interval() -> None:
    few, better, worse = np.zeros(100), np.zeros(100), np.zeros(100)
    better[:30] = 1
    worse[:10] = 1
    one = difference(4, 8, [few], [better])
    mixed = difference(4, 8, [few, few], [better, worse])
    assert one is not None
    assert mixed is not None
    assert mixed.points == pytest.approx(20)
    assert mixed.high - mixed.low > one.high - one.low


def test_no_new_image_is_no_new_accuracy() -> None:
    data = make_data(shots=2)
    assert data.test is not None
    base_only = data.test.of_classes(np.arange(4))
    small = TrainingData(
        data.class_names, data.roles, data.text_features, 30.0, data.shots, FeatureSet.empty(32), base_only
    )
    _, curve = run(shot_curve(small, FITS, 1))
    assert curve.points[0].new is None
    assert curve.points[0].new_each == ()


def test_the_default_leaves_shots_out_where_no_test_image_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data(shots=4, validation=0, test=0, noise=0.3)
    fits: list[TrainingData] = []
    real = trainer.train

    def watched(small: TrainingData, *arguments: object) -> object:
        fits.append(small)
        return real(small, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "train", watched)
    events, curve = run(shot_curve(data, DEFAULT))
    assert curve.base_by == "leave-one-out"
    assert [one.shots for one in curve.points] == [1, 2, 4], "no shot is held back"
    assert curve.left_out == (8, 16)
    assert curve.repetitions == 3
    assert events[-1].done == len(fits) == 9, "one fit for each size and repetition"
    first, *others = curve.points
    seen = [{row.tobytes() for row in small.shots.features} for small in fits]
    never = set.intersection(*(seen[at] for at in (0, 3, 6)))
    assert first.base is not None
    assert first.base.n == 16 - len(never), "the only shot of a class says nothing while it is left out"
    for one in others:
        assert one.base is not None
        assert one.base.n == 16
    _, whole = run(real(data))
    assert curve.points[-1].base == whole.evaluation.adapted.base, "all shots: what the training itself says"
    assert curve.zero_shot_base == whole.evaluation.zero_shot.base
    assert curve.difference is not None
    small = fits[1]
    rest = data.shots.select(np.array([row.tobytes() not in seen[1] for row in data.shots.features]))
    _, half = run(real(small))
    outside = predict(half.adapter, rest, data)
    right = int((outside.among_role == rest.labels).sum())
    inside = half.evaluation.adapted.base
    assert inside is not None
    assert others[0].base_each[0] == pytest.approx(100 * (right + inside.percent / 100 * inside.n) / 16)


@pytest.mark.parametrize("asked", [DEFAULT, FITS])
def test_accepted_predictions_are_trained_on_but_not_counted(asked: TrainRequest) -> None:
    data = make_data(validation=0, test=0)
    proposed = np.arange(len(data.shots)) % 4 == 1
    _, curve = run(shot_curve(replace(data, proposed=proposed), asked, 1))
    assert [one.shots for one in curve.points][:3] == [1, 2, 4]
    assert curve.zero_shot_base is not None
    assert curve.zero_shot_base.n == 24
    assert curve.points[-1].base is not None
    assert curve.points[-1].base.n == 24


def test_without_its_visual_head_the_default_is_measured_in_folds() -> None:
    data = make_data(shots=4, validation=0, test=0)
    _, curve = run(shot_curve(data, replace(DEFAULT, options={"visual_head": False})))
    assert curve.base_by == "cross-validation"


def test_images_that_were_not_measured_do_not_count() -> None:
    few, many = np.array([np.nan, 0.0, 1.0, np.nan]), np.array([1.0, 1.0, 1.0, 1.0])
    found = difference(1, 2, [few], [many])
    assert found == difference(1, 2, [few[1:3]], [many[1:3]])
    other = np.array([0.0, np.nan, 1.0, np.nan])
    both = difference(1, 2, [few, other], [many, many])
    assert both is not None
    assert both.points == pytest.approx(100 * 2 / 3)
    assert difference(1, 2, [np.full(4, np.nan)], [many]) is None
