"""The training loop: recipe, early stopping, repeatability, cancel, cross-validation, and what is never trained on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Recipe, Role
from mma_desktop.engine.evaluation.cross_validation import Plan, best_epoch, make_plan, stratified_folds
from mma_desktop.engine.evaluation.metrics import PRIOR_ERRORS, logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, QUICK, VISUAL_HEAD, find_method
from mma_desktop.engine.methods.mma import MultiModalAdapter
from mma_desktop.engine.methods.open_set import QUANTILES, OpenSetModel, OpenSetScorer
from mma_desktop.engine.training import trainer
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from tests.steps import run

from .cases import DIM, make_data, read_features, unit, with_visual

SHORT = Recipe(max_epochs=6)
PAPER = MULTI_MODAL_ADAPTER
"""A method with a patience, which the loop, early stopping and cross-validation are looked at with."""


class Spy(MultiModalAdapter):
    """A real adapter that keeps what it was shown."""

    def __init__(self) -> None:
        super().__init__(DIM, 30.0)
        self.trained_on: set[bytes] = set()
        self.trained_texts: list[np.ndarray] = []
        self.candidates: list[tuple[list[bytes], int]] = []

    def score(self, images: Tensor, texts: Tensor) -> Tensor:
        rows = [row.tobytes() for row in np.round(images.detach().numpy(), 4)]
        if self.training and torch.is_grad_enabled():
            self.trained_on.update(rows)
            self.trained_texts.append(texts.detach().numpy())
        else:
            self.candidates.append((rows, len(texts)))
        return super().score(images, texts)


def keys(features: np.ndarray) -> list[bytes]:
    normal = functional.normalize(torch.tensor(features), dim=-1).numpy()
    return [row.tobytes() for row in np.round(normal, 4)]


def weights(adapter: torch.nn.Module) -> list[Tensor]:
    return [parameter.detach() for parameter in adapter.parameters()]


def test_learns_base_classes_beyond_zero_shot() -> None:
    events, result = run(lambda token: train(make_data(), PAPER, seed=1, cancel=token))
    scores = result.evaluation
    assert scores.base_by == "held-out"
    assert scores.zero_shot.base
    assert scores.adapted.base
    assert scores.adapted.new
    assert scores.adapted.all
    assert scores.adapted.base.percent >= scores.zero_shot.base.percent + 5
    assert scores.adapted.base.n == 40
    assert result.parameters == sum(p.numel() for p in result.adapter.parameters())
    assert not result.adapter.training
    assert result.epochs == len(events)
    assert events[0].loss > events[-1].loss


def test_one_event_an_epoch_with_everything_measured() -> None:
    events, result = run(lambda token: train(make_data(), PAPER, recipe=SHORT, cancel=token))
    assert [event.epoch for event in events] == [1, 2, 3, 4, 5, 6]
    for event in events:
        assert event.phase == "train"
        assert event.max_epochs == 6
        assert event.base
        assert event.new
        assert event.validation
        assert event.h is not None
        assert (event.base.n, event.new.n, event.validation.n) == (40, 40, 32)
        assert event.zero_shot == result.evaluation.zero_shot
        assert math.isfinite(event.loss)
        assert event.seconds_left >= 0
    assert events[-1].seconds_left == 0


def test_stops_early_and_keeps_the_best_epochs_weights() -> None:
    data = make_data(noise=0.3, shots=2)
    events, result = run(lambda token: train(data, PAPER, recipe=Recipe(patience=3, learning_rate=0.02), cancel=token))
    losses = [event.validation_loss for event in events if event.validation_loss is not None]
    best = int(np.argmin(losses)) + 1
    assert result.best_epoch == best == events[-1].best_epoch
    assert result.epochs == best + 3 < 200
    found = logits(result.adapter, data.validation.features, data.text_features[:4])
    loss = functional.cross_entropy(torch.from_numpy(found), torch.from_numpy(data.validation.labels))
    assert float(loss) == pytest.approx(losses[best - 1], rel=1e-6)


def test_live_accuracy_is_that_of_the_final_evaluation() -> None:
    events, result = run(lambda token: train(make_data(), PAPER, recipe=SHORT, cancel=token))
    best = events[result.best_epoch - 1]
    assert (best.base, best.new) == (result.evaluation.adapted.base, result.evaluation.adapted.new)


def test_live_accuracy_takes_a_bounded_number_of_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Adapter, "live_images", 15)
    events, result = run(lambda token: train(make_data(), PAPER, recipe=SHORT, cancel=token))
    assert {(event.base.n, event.new.n) for event in events if event.base and event.new} == {(15, 15)}
    assert result.evaluation.adapted.base
    assert result.evaluation.adapted.base.n == 40


@pytest.fixture
def two_threads() -> Iterator[None]:
    """Threads that share sums, whatever the machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_what_runs_at_a_checkpoint_has_all_threads(two_threads: None) -> None:
    counts: list[int] = []
    token = CancelToken(safe_point=lambda: counts.append(torch.get_num_threads()))
    train(make_data(), PAPER, recipe=SHORT, cancel=token)
    assert set(counts) == {2}
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize("validation", [8, 0])
def test_repeatable_to_the_last_bit(validation: int, two_threads: None) -> None:
    data = make_data(validation=validation)
    state = torch.random.get_rng_state()
    recipe = Recipe(max_epochs=3, batch_size=7)
    first_events, first = run(lambda token: train(data, PAPER, recipe=recipe, seed=3, cancel=token))
    torch.rand(5)
    again_events, again = run(lambda token: train(data, PAPER, recipe=recipe, seed=3, cancel=token))
    other = train(data, PAPER, recipe=recipe, seed=4)
    assert all(torch.equal(a, b) for a, b in zip(weights(first.adapter), weights(again.adapter), strict=True))
    assert first.evaluation == again.evaluation
    assert [replace(e, seconds_left=0) for e in first_events] == [replace(e, seconds_left=0) for e in again_events]
    assert not torch.equal(weights(first.adapter)[0], weights(other.adapter)[0])
    torch.random.set_rng_state(state)


def test_the_seed_decides_in_which_order_the_shots_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def batches(seed: int) -> list[list[bytes]]:
        shown: list[list[bytes]] = []

        def loss(adapter: Adapter, images: Tensor, *rest: Tensor) -> Tensor:
            shown.append([row.numpy().tobytes() for row in images])
            return plain(adapter, images, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(Adapter, "loss", loss)
            train(make_data(), PAPER, recipe=Recipe(max_epochs=2, batch_size=7), seed=seed)
        return shown

    plain = Adapter.loss
    first, again, other = batches(3), batches(3), batches(4)
    assert first == again != other
    half = len(first) // 2
    epochs = [[row for batch in part for row in batch] for part in (first[:half], first[half:], other[:half])]
    assert len({tuple(sorted(epoch)) for epoch in epochs}) == 1, "each time every shot"
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_global_random_state_is_untouched() -> None:
    state = torch.random.get_rng_state()
    train(make_data(), PAPER, recipe=SHORT)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize("validation", [8, 0])
def test_cancel_takes_effect_before_the_next_batch(validation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    calls = 0

    class Cancelling(MultiModalAdapter):
        def score(self, images: Tensor, texts: Tensor) -> Tensor:
            nonlocal calls
            calls += 1
            if calls == 3:
                token.cancel()
            return super().score(images, texts)

    monkeypatch.setattr(trainer, "build_adapter", lambda *_, **__: Cancelling(DIM))
    with pytest.raises(Cancelled):
        train(make_data(validation=validation), PAPER, recipe=Recipe(batch_size=2), cancel=token)
    assert calls == 3


def test_cancelled_before_it_began() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        train(make_data(), PAPER, cancel=token)


def test_only_base_shots_and_base_names_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data()
    spy = Spy()
    monkeypatch.setattr(trainer, "build_adapter", lambda *_, **__: spy)
    train(data, PAPER, recipe=SHORT)
    assert spy.trained_on == set(keys(data.shots.features))
    assert spy.trained_texts
    assert all(np.allclose(texts, data.text_features[:4], atol=1e-6) for texts in spy.trained_texts)


@pytest.mark.parametrize("validation", [8, 0])
def test_shots_of_new_classes_change_nothing(validation: int) -> None:
    data = make_data(validation=validation)
    new, shots = data.test.of_classes(data.classes_of(Role.NEW)), data.shots
    test = data.test.select(data.test.labels != 2)  # base accuracy by cross-validation
    more = FeatureSet(np.concatenate([shots.features, new.features]), np.concatenate([shots.labels, new.labels]))
    first = train(replace(data, test=test), PAPER, recipe=SHORT)
    second = train(replace(data, test=test, shots=more), PAPER, recipe=SHORT)
    assert all(torch.equal(a, b) for a, b in zip(weights(first.adapter), weights(second.adapter), strict=True))
    assert first.evaluation == second.evaluation


def test_base_classes_need_not_come_first() -> None:
    data = make_data()
    order = np.array([4, 0, 5, 1, 6, 2, 7, 3])  # new and base in turn
    place = np.argsort(order)

    def moved(part: FeatureSet | None) -> FeatureSet:
        assert part is not None
        return FeatureSet(part.features, place[part.labels])

    mixed = TrainingData(
        [data.class_names[i] for i in order],
        [data.roles[i] for i in order],
        data.text_features[order],
        data.logit_scale,
        moved(data.shots),
        moved(data.validation),
        moved(data.test),
    )
    straight = train(data, PAPER, recipe=SHORT)
    result = train(mixed, PAPER, recipe=SHORT)
    assert result.evaluation.adapted == straight.evaluation.adapted
    assert {s.name: s.adapted for s in result.evaluation.per_class} == {
        s.name: s.adapted for s in straight.evaluation.per_class
    }


# --------------------------------------------------------------------------------------
# cross-validation


def test_cross_validation_judges_each_shot_by_an_adapter_that_has_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data(validation=0, test=0, shots=8)
    spies: list[Spy] = []

    def build(*_: object, **__: object) -> Spy:
        spies.append(Spy())
        return spies[-1]

    monkeypatch.setattr(trainer, "build_adapter", build)
    events, result = run(lambda token: train(data, PAPER, recipe=SHORT, cancel=token))
    shots = keys(data.shots.features)
    del spies[0]  # built to ask for its inputs
    assert len(spies) == 5
    judged: list[bytes] = []
    for spy in spies[:4]:
        held_out = next(rows for rows, names in spy.candidates if names == 8)  # asked among all names: the estimate
        stopped_on = {row for rows, names in spy.candidates if names == 4 for row in rows} - set(held_out)
        assert (len(held_out), len(stopped_on), len(spy.trained_on)) == (8, 8, 16)
        assert not spy.trained_on & (set(held_out) | stopped_on)
        judged += held_out
    assert sorted(judged) == sorted(shots)
    assert spies[4].trained_on == set(shots)
    assert {event.phase for event in events} == {*(f"fold {i} of 4" for i in range(1, 5)), "train"}
    scores = result.evaluation
    assert scores.base_by == "cross-validation"
    assert scores.adapted.base
    assert scores.zero_shot.base
    assert scores.adapted.base.n == scores.zero_shot.base.n == len(shots)
    assert scores.adapted.new is None
    assert scores.adapted.h is None


def test_all_shots_are_trained_on_until_the_epoch_with_the_lowest_loss_over_the_folds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trainer, "FOLD_STEPS", 15)
    quick = Recipe(learning_rate=0.02)
    events, result = run(
        lambda token: train(make_data(validation=0, test=0), PAPER, recipe=quick, seed=2, cancel=token)
    )
    folds = [[e for e in events if e.phase == f"fold {i} of 4"] for i in range(1, 5)]
    shortest = min(map(len, folds))
    assert shortest >= trainer.FOLD_STEPS  # one step an epoch
    loss = np.array([[e.validation_loss for e in fold[:shortest]] for fold in folds], np.float64).mean(axis=0)
    last = [event for event in events if event.phase == "train"]
    assert len(last) == result.epochs == result.best_epoch == loss.argmin() + 1
    assert all(event.validation is None and event.base is None for event in last)
    assert events[-1].seconds_left == 0
    assert all(event.base is not None for event in events if event.phase != "train")


def test_folds_wait_in_steps_of_the_optimiser_but_no_longer_than_the_recipe_allows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trainer, "FOLD_STEPS", 15)
    data, hasty = make_data(validation=0), Recipe(batch_size=8, patience=1, learning_rate=0.05)
    events, _ = run(lambda token: train(data, PAPER, recipe=hasty, cancel=token))
    ends = [[e for e in events if e.phase == f"fold {i} of 4"][-1] for i in range(1, 5)]
    least = math.ceil(trainer.FOLD_STEPS / 3)  # 24 shots in a fold, 3 steps an epoch
    assert min(end.epoch for end in ends) >= least
    assert any(end.epoch == least and end.best_epoch < least - 1 for end in ends)  # patience had run out before
    events, _ = run(lambda token: train(data, PAPER, recipe=replace(hasty, max_epochs=4), cancel=token))
    assert [event.epoch for event in events if event.phase == "fold 1 of 4"] == [1, 2, 3, 4]


def test_folds_that_only_estimate_stop_by_the_recipes_patience() -> None:
    events, _ = run(
        lambda token: train(make_data(test=0), PAPER, recipe=Recipe(patience=3, learning_rate=0.02), cancel=token)
    )
    fold = [event for event in events if event.phase == "fold 1 of 4"]
    assert len(fold) == min(200, fold[-1].best_epoch + 3)


def test_best_epoch_of_all_held_out_images_together() -> None:
    assert best_epoch([[3.0, 1.0, 2.0], [3.0, 2.5, 1.0]], [1, 1]) == 3
    assert best_epoch([[3.0, 1.0, 2.0], [3.0, 2.5, 2.0]], [9, 1]) == 2  # the larger fold weighs more
    assert best_epoch([[3.0, 2.0], [3.0, 2.5, 0.0]], [1, 1]) == 2  # what not every fold reached does not count


def test_without_validation_the_base_accuracy_still_comes_from_test_images() -> None:
    result = train(make_data(validation=0), PAPER, recipe=SHORT)
    assert result.evaluation.base_by == "held-out"
    assert result.evaluation.adapted.base
    assert result.evaluation.adapted.base.n == 40


def test_a_base_class_without_test_images_brings_cross_validation() -> None:
    data = make_data()
    result = train(replace(data, test=data.test.select(data.test.labels != 2)), PAPER, recipe=SHORT)
    scores = result.evaluation
    assert scores.base_by == "cross-validation"
    assert scores.adapted.base
    assert scores.adapted.new
    assert scores.adapted.all
    assert (scores.adapted.base.n, scores.adapted.new.n, scores.adapted.all.n) == (32, 40, 72)
    assert [sum(row) for row in scores.confusion] == [8, 8, 8, 8, 10, 10, 10, 10]


@pytest.mark.parametrize(("shots", "base_n", "phases"), [(1, 0, 1), (2, 0, 3), (3, 12, 4), (5, 20, 5)])
def test_few_shots_give_fewer_folds_and_no_invented_number(shots: int, base_n: int, phases: int) -> None:
    events, result = run(
        lambda token: train(make_data(shots=shots, validation=0, test=0), PAPER, recipe=SHORT, cancel=token)
    )
    base = result.evaluation.adapted.base
    assert (base.n if base else 0) == base_n
    assert len({event.phase for event in events}) == phases
    assert events[-1].phase == "train"


def test_one_shot_takes_the_fixed_number_of_epochs() -> None:
    result = train(make_data(shots=1, validation=0), PAPER)
    assert result.epochs == trainer.FALLBACK_EPOCHS
    assert result.evaluation.adapted.base is not None  # there are test images


@pytest.mark.parametrize(
    ("fewest", "validation", "test", "plan"),
    [
        (16, True, True, Plan(0, False, False)),
        (16, False, True, Plan(4, False, True)),
        (16, True, False, Plan(4, True, False)),
        (16, False, False, Plan(4, True, True)),
        (3, False, False, Plan(3, True, True)),
        (2, False, False, Plan(2, False, True)),
        (2, True, False, Plan(2, True, False)),
        (1, False, False, Plan(0, False, False)),
        (1, True, False, Plan(0, False, False)),
    ],
)
def test_plan(fewest: int, validation: bool, test: bool, plan: Plan) -> None:
    assert make_plan(fewest, has_validation=validation, has_test=test) == plan


def test_folds_are_stratified() -> None:
    labels = np.repeat(np.arange(5), [16, 7, 4, 5, 9])
    images = FeatureSet(np.zeros((len(labels), 2), np.float32), labels)
    folds = stratified_folds(images, 4, seed=1)
    for label in range(5):
        counts = np.bincount(folds[labels == label], minlength=4)
        assert counts.max() - counts.min() <= 1
    assert np.ptp(np.bincount(folds)) <= 1
    assert np.array_equal(folds, stratified_folds(images, 4, seed=1))
    assert not np.array_equal(folds, stratified_folds(images, 4, seed=2))


def test_copies_of_a_picture_share_a_fold() -> None:
    labels = np.repeat(np.arange(3), 12)
    copies = np.concatenate([np.arange(12) // 2, 12 + np.arange(12) // 3, 24 + np.arange(12)])
    folds = stratified_folds(FeatureSet(np.zeros((36, 2), np.float32), labels, copies), 4, seed=1)
    for picture in np.unique(copies):
        assert len(set(folds[copies == picture])) == 1
    assert [len(set(folds[labels == label])) for label in range(3)] == [4, 4, 4]


def test_cross_validation_does_not_recognise_a_picture_by_its_copy() -> None:
    """Classes that nothing tells apart: who has seen the copy of a picture knows its class, others guess."""
    draw = np.random.default_rng(0)
    scenes = unit(draw.normal(size=(24, DIM)))
    shots = FeatureSet(np.repeat(scenes, 2, axis=0), np.repeat(np.arange(24) % 2, 2))
    texts = unit(draw.normal(size=(2, DIM)))
    data = TrainingData(["one", "other"], [Role.BASE] * 2, texts, 30.0, shots)
    by_copies = replace(data, shots=replace(shots, copies=np.repeat(np.arange(24), 2)))
    follows_shots = "linear-probe", {"inverse_penalty": 1e4}
    alone, together = (train(one, *follows_shots).evaluation.adapted for one in (data, by_copies))
    assert alone.base
    assert together.base
    assert (alone.base.n, together.base.n) == (48, 48)
    assert alone.base.percent > 80
    assert together.base.percent < 65


def test_a_class_of_one_picture_cannot_be_cross_validated_whatever_its_copies() -> None:
    data = make_data(validation=0, test=0, shots=4)
    copies = np.where(data.shots.labels == 0, 0, np.arange(len(data.shots)))
    result = train(replace(data, shots=replace(data.shots, copies=copies)), "tip-adapter-f")
    assert result.evaluation.adapted.base is None


# --------------------------------------------------------------------------------------
# leave-one-out


@pytest.mark.parametrize("gone", ["test", "one class"])
def test_the_default_leaves_out_each_shot_in_turn(gone: str) -> None:
    data = make_data(validation=0, test=0) if gone == "test" else make_data()
    if data.test:
        data = replace(data, test=data.test.select(data.test.labels != 2))
    events, result = run(lambda token: train(data, cancel=token))
    scores = result.evaluation
    assert {event.phase for event in events} == {"train"}
    assert scores.base_by == "leave-one-out"
    assert result.of_shots
    assert result.shot_rows.tolist() == list(range(32))
    assert scores.adapted.base
    assert scores.zero_shot.base
    assert scores.adapted.base.n == scores.zero_shot.base.n == 32
    assert result.predictions.labels[:32].tolist() == data.shots.labels.tolist()
    assert (scores.adapted.new.n if scores.adapted.new else 0) == (0 if gone == "test" else 40)
    assert scores.zero_shot.base.percent < scores.adapted.base.percent


@pytest.mark.parametrize("shots", [2, 8])
def test_errors_of_left_out_shots_count_as_with_one_shot_more(shots: int) -> None:
    """By as much as shots told beyond the names, also where each image comes twice."""
    data = make_data(base=8, shots=shots, validation=0, test=0, noise=0.6)
    twice = data.shots.select(np.arange(len(data.shots)).repeat(2))
    for given in (data, replace(data, shots=twice)):
        result = train(given, balances=False)
        said, found, before = result.evaluation.adapted, result.predictions, result.evaluation.zero_shot
        wrong, count = int((found.among_all != found.labels).sum()), len(found.labels)
        assert wrong
        assert said.all
        assert said.base
        assert before.all
        worth = (wrong / (max(wrong, count * (1 - before.all.percent / 100)) + PRIOR_ERRORS)) ** 2
        right = 1 - wrong / count * math.sqrt((shots - 1) / (shots - worth))
        assert said.all.percent == pytest.approx(100 * right)
        assert said.all.low < said.all.percent < said.all.high
        by_class = [one.adapted.percent for one in result.evaluation.per_class if one.adapted]
        assert np.mean(by_class) == pytest.approx(said.base.percent)


def test_leave_one_out_predicts_the_accuracy_on_test_images() -> None:
    """And is not that on the shots that were trained on, which is 100%."""
    left_out, held_out = [], []
    for seed in range(8):
        data = make_data(seed=seed, validation=0, base=6, new=2, shots=6, test=60, noise=0.35)
        result = train(replace(data, test=FeatureSet.empty(0)))
        measured = train(data)
        assert all(map(torch.equal, result.adapter.state_dict().values(), measured.adapter.state_dict().values()))
        alone, tested = result.evaluation.adapted.base, measured.evaluation.adapted.base
        assert alone
        assert tested
        left_out.append(alone.percent)
        held_out.append(tested.percent)
        own = logits(
            result.adapter,
            data.shots.features,
            name_inputs(result.adapter, data.class_names[:6], data.text_features[:6]),
        )
        assert (own.argmax(1) == data.shots.labels).mean() * 100 > left_out[-1] + 5
    assert abs(np.mean(left_out) - np.mean(held_out)) < 8


def test_the_only_shots_of_classes_say_nothing_of_confidence() -> None:
    """Left out, each would be wrong for sure, and every confidence would come out far too low."""
    result = train(with_visual(make_data(base=20, new=2, shots=1, validation=0)), balances=False)
    assert result.temperatures.adapted == result.adapter.own_temperature
    data = with_visual(make_data(base=20, new=2, shots=4, validation=0))
    few = np.arange(len(data.shots)) % 4 < np.where(data.shots.labels < 10, 4, 1)
    ten = replace(data, shots=data.shots.select(data.shots.labels < 10), roles=[Role.BASE] * 10 + [Role.NEW] * 12)
    many = train(ten, balances=False)
    mixed = train(replace(data, shots=data.shots.select(few)), balances=False)
    assert mixed.temperatures.adapted < 2 * many.temperatures.adapted


def test_few_left_out_shots_leave_the_head_as_sure_as_it_is() -> None:
    """Its sharpness is fitted to them; a prior of twice that temperature made confidences far too low."""
    result = train(with_visual(make_data(base=6, shots=2, validation=0)), balances=False)
    assert 0.7 < result.temperatures.adapted < 1.3


@pytest.mark.parametrize("method", ["clip-adapter", "task-res", "identity-adapter"])
def test_any_method_with_a_head_trains_without_validation(method: str) -> None:
    data = with_visual(make_data(validation=0))
    recipe = find_method(method).recipe
    short = replace(recipe, max_epochs=min(recipe.max_epochs, 30))
    result = train(data, method, {VISUAL_HEAD: True}, short)
    assert result.temperatures.adapted == result.adapter.own_temperature
    after, before = result.evaluation.adapted.base, result.evaluation.zero_shot.base
    assert after
    assert before
    assert after.percent > before.percent


def test_one_shot_a_class_cannot_be_left_out() -> None:
    data = make_data(shots=1, validation=0, test=0)
    result = train(data)
    assert result.evaluation.adapted.base is None
    assert not result.of_shots
    more = FeatureSet(np.concatenate([data.shots.features] * 2), np.concatenate([data.shots.labels] * 2))
    result = train(replace(data, shots=more))
    assert result.evaluation.adapted.base
    assert result.evaluation.adapted.base.n == 8


@pytest.mark.parametrize("validation", [8, 0])
def test_the_default_is_repeatable_to_the_last_bit(validation: int, two_threads: None) -> None:
    data = make_data(validation=validation, test=0)
    state = torch.random.get_rng_state()
    first = train(data, seed=3)
    torch.rand(5)
    again = train(data, seed=3)
    one, two = first.adapter.state_dict(), again.adapter.state_dict()
    assert one.keys() == two.keys() >= {"head.weights", "head.codes", "head.balance"}
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert first.evaluation == again.evaluation
    assert first.temperatures == again.temperatures
    torch.random.set_rng_state(state)


# --------------------------------------------------------------------------------------
# what there is nothing to measure on, and what is refused


def test_new_accuracy_needs_new_test_images_and_two_names() -> None:
    data = make_data()
    events, result = run(
        lambda token: train(
            replace(data, test=data.test.select(data.test.labels < 4)), PAPER, recipe=SHORT, cancel=token
        )
    )
    assert all(event.new is None and event.h is None for event in events)
    assert result.evaluation.adapted.new is None
    events, result = run(lambda token: train(make_data(new=1), PAPER, recipe=SHORT, cancel=token))
    assert events[0].new is None
    assert result.evaluation.adapted.new is None


def test_zero_shot_has_nothing_to_train() -> None:
    data = make_data()
    events, result = run(lambda token: train(data, "zero-shot", cancel=token))
    assert events == []
    assert (result.epochs, result.parameters) == (0, 0)
    assert result.evaluation.adapted == result.evaluation.zero_shot
    adapted = train(data, PAPER, recipe=SHORT)
    assert result.evaluation.zero_shot == adapted.evaluation.zero_shot
    from_shots = train(make_data(test=0), "zero-shot")
    assert from_shots.evaluation.adapted.base
    assert from_shots.evaluation.adapted.base.n == 32


@pytest.mark.parametrize(
    ("change", "recipe", "sentence"),
    [
        ({"roles": [Role.BASE] + [Role.NEW] * 7}, Recipe(), "at least two base classes"),
        ({"roles": [Role.BASE] * 5 + [Role.NEW] * 3}, Recipe(), "No shots for class 4"),
        ({}, Recipe(learning_rate=0), "learning rate"),
        ({}, Recipe(weight_decay=-1), "weight decay"),
        ({}, Recipe(learning_rate=float("nan")), "learning rate"),
        ({}, Recipe(patience=-1), "patience"),
        ({}, Recipe(batch_size=0), "[Bb]atch size"),
        ({}, Recipe(learning_rate=1e39), "at most 1,000,000"),
        ({}, Recipe(weight_decay=1e39), "at most 1,000,000"),
        ({}, Recipe(learning_rate=1e6), "unstable"),
    ],
)
def test_refused_with_a_sentence(change: dict[str, Any], recipe: Recipe, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        train(replace(make_data(), **change), PAPER, recipe=recipe)


def test_damaged_features_are_refused() -> None:
    data = make_data()
    features = data.shots.features.copy()
    features[3, 2] = np.nan
    with pytest.raises(UserError, match="embed again"):
        replace(data, shots=FeatureSet(features, data.shots.labels))


def test_inputs_may_be_read_only_and_are_left_alone() -> None:
    data = make_data()
    copies = [data.shots.features.copy(), data.text_features.copy()]
    for array in (data.shots.features, data.shots.labels, data.text_features):
        array.setflags(write=False)
    train(data, PAPER, recipe=SHORT)
    assert np.array_equal(copies[0], data.shots.features)
    assert np.array_equal(copies[1], data.text_features)


# --------------------------------------------------------------------------------------
# real CLIP features


@pytest.mark.parametrize("method", [PAPER, QUICK])
@pytest.mark.parametrize(
    ("name", "orders"),
    [("caltech-clip-vit-b32-28.safetensors", [0]), ("imagenet-clip-vit-b32-144-4shot.safetensors", [0, 1, 2])],
)
def test_beats_zero_shot_on_real_clip_features(shared_data: Path, name: str, orders: list[int], method: str) -> None:
    before, after = [], []
    for order in orders:
        data = read_features(shared_data / name, order)
        result = train(data, method)
        evaluation = result.evaluation
        assert evaluation.zero_shot.h is not None
        assert evaluation.adapted.h is not None
        before.append(evaluation.zero_shot.h)
        after.append(evaluation.adapted.h)
    assert np.mean(after) > np.mean(before)


def test_the_best_epoch_weighs_each_fold_by_its_images() -> None:
    losses = [[1.0, 0.0], [0.0, 1.5]]
    assert best_epoch(losses, [1, 1]) == 1
    assert best_epoch(losses, [10, 1]) == 2


@pytest.mark.parametrize("method", ["quick", "clip-adapter"])
def test_accepted_predictions_are_trained_on_and_not_measured(method: str) -> None:
    data = make_data(base=3, new=2, shots=6, validation=0, test=0)
    proposed = np.arange(18) % 3 == 0
    short = replace(find_method(method).recipe, max_epochs=10)
    plain = train(data, method, recipe=short)
    result = train(replace(data, proposed=proposed), method, recipe=short)
    assert len(plain.predictions.labels) == 18
    assert np.array_equal(result.shot_rows, np.flatnonzero(~proposed))
    assert np.array_equal(result.predictions.labels, data.shots.labels[~proposed])
    before, after = result.evaluation.zero_shot.base, result.evaluation.adapted.base
    assert before
    assert after
    assert before.n == after.n == 12
    for name, value in plain.adapter.state_dict().items():
        torch.testing.assert_close(value, result.adapter.state_dict()[name])
    none = train(replace(data, proposed=np.ones(18, bool)), method, recipe=short)
    assert none.evaluation.adapted.base is None


@pytest.mark.parametrize("method", ["clip-adapter", "quick", "linear-probe"])
def test_a_class_that_weighs_more_is_found_more_often(method: str) -> None:
    data, recipe = make_data(new=0, noise=1.0), find_method(method).recipe
    found = []
    for weight in (None, {2: 1.0}, {2: 20.0}):
        short = replace(recipe, max_epochs=min(recipe.max_epochs, 40))
        result = train(replace(data, class_weight=weight), method, recipe=short)
        inputs = name_inputs(result.adapter, data.class_names, data.text_features)
        found.append(torch.tensor(logits(result.adapter, data.test.features, inputs)))
    torch.testing.assert_close(found[0], found[1])
    chosen = [int((one.argmax(1) == 2).sum()) for one in found]
    assert chosen[2] > chosen[0]


def test_balanced_weights_are_scikit_learns() -> None:
    data = make_data(new=0, noise=1.0)
    few = data.shots.select(np.flatnonzero((data.shots.labels != 1) | (np.arange(len(data.shots)) % 4 == 0)))
    counts = np.bincount(few.labels)
    given = dict(enumerate((len(few) / (len(counts) * counts)).tolist()))
    asked: tuple[str | dict[int, float], ...] = ("balanced", given)
    data = replace(data, shots=few)
    both = [train(replace(data, class_weight=one), QUICK).adapter for one in asked]
    assert all(map(torch.equal, *(one.state_dict().values() for one in both)))


def test_strangers_are_told_on_the_device_of_the_head(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_data()
    rows = torch.tensor(data.shots.features[:1])
    data = replace(data, none=data.shots.features[:2])
    result = train(data, QUICK, seed=1)
    fit = result.adapter.left_out_fit
    assert fit is not None
    result.adapter.left_out_fit = replace(fit, weights=fit.weights.to("meta"))
    seen: list[str] = []

    def note(rows: Tensor, labels: Tensor, _head: object, none: Tensor, *, copies: Tensor, **_masks: object) -> object:
        seen.extend(one.device.type for one in (rows, labels, none, copies))
        return OpenSetScorer(rows.shape[1], 2), OpenSetModel(
            QUANTILES * (1.0,), QUANTILES * (0.0,), ((0.0, 1.0),), rows.shape[1]
        )

    monkeypatch.setattr(trainer, "fit_open_set", note)
    trainer._fit_open_set(data, result.adapter)  # private: a device with numbers is not everywhere
    assert seen == ["meta"] * 4
    assert result.adapter.open_set_scorer is not None
    assert result.adapter.open_set_scorer(rows).device.type == "cpu"
