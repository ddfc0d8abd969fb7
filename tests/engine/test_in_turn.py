"""Trainings that leave shots and classes out in turn, beside the fit of all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, EpochEvent
from mma_desktop.core.types import Recipe, Role
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import LINEAR_PROBE, MULTI_MODAL_ADAPTER, QUICK, WITH_HEAD
from mma_desktop.engine.training.in_turn import parts_of
from mma_desktop.engine.training.trainer import TrainingResult, train
from mma_desktop.engine.training_data import FeatureSet, Integers, TrainingData
from tests.steps import meanwhile, run

from .cases import make_data, with_visual

SHORT = Recipe(learning_rate=0.02, max_epochs=8, patience=3)
METHODS: list[tuple[str, dict[str, Any], Recipe | None]] = [
    (QUICK, {}, None),
    (MULTI_MODAL_ADAPTER, {}, SHORT),
    (MULTI_MODAL_ADAPTER, WITH_HEAD, SHORT),
]
each_method = pytest.mark.parametrize(("method", "options", "recipe"), METHODS)


def hard(**sizes: int) -> TrainingData:
    """Shots that no method is always right about, and no other pictures."""
    data = with_visual(make_data(**{"base": 5, "new": 0, "shots": 6, "validation": 0, "test": 0} | sizes, noise=0.5))
    return replace(data, test=FeatureSet.empty(data.image_dim))


def in_turn(data: TrainingData, *how: Any, **more: Any) -> tuple[list[EpochEvent], TrainingResult]:
    return run(lambda token: train(data, *how, cancel=token, in_turn=True, **more))


@each_method
def test_base_and_new_are_known_after_each_epoch(method: str, options: dict[str, Any], recipe: Recipe | None) -> None:
    events, result = in_turn(hard(), method, options, recipe)
    assert len(events) > 3
    for event in events:
        assert event.phase == "train"
        assert event.base is not None
        assert event.new is not None
        assert event.zero_shot.base is not None
        assert event.zero_shot.new is not None
        assert event.base.n == event.new.n == event.zero_shot.base.n == event.zero_shot.new.n == 30
        assert (event.alone.base is not None) == (event.alone.new is not None) == bool(result.adapter.row_heads)
    (best,) = (event for event in events if event.epoch == result.best_epoch)
    found = result.evaluation
    assert (best.base, best.new) == (found.adapted.base, found.adapted.new)
    assert (best.zero_shot.base, best.zero_shot.new) == (found.zero_shot.base, found.zero_shot.new)
    assert found.adapted.all == found.adapted.base
    assert found.base_by == "cross-validation"


def test_both_methods_leave_out_the_same_pictures() -> None:
    data, seen = hard(), []
    for method, options, recipe in METHODS:
        found = in_turn(data, method, options, recipe)[1].left_out
        seen.append({role: answers.rows.tolist() for role, answers in found.items()})
    assert seen[0] == seen[1] == seen[2]
    assert all(sorted(rows) == list(range(30)) for rows in seen[0].values())


@each_method
def test_the_result_is_the_fit_of_all_shots_and_classes(
    method: str, options: dict[str, Any], recipe: Recipe | None
) -> None:
    data = hard()
    _, result = in_turn(data, method, options, recipe)
    fixed = None if recipe is None else replace(recipe, max_epochs=result.best_epoch, patience=0)
    # Nothing is left out of it, and the others beside it change no digit.
    alone = train(replace(data, test=data.shots), method, options, fixed).adapter.state_dict()
    found = result.adapter.state_dict()
    assert found.keys() == alone.keys()
    assert all(torch.equal(found[name], alone[name]) for name in found)


def test_the_epoch_with_the_lowest_loss_of_all_that_is_left_out_is_kept() -> None:
    fast = Recipe(learning_rate=0.1, max_epochs=12, patience=3)
    events, result = in_turn(hard(), MULTI_MODAL_ADAPTER, {}, fast)
    losses = [event.validation_loss for event in events]
    assert None not in losses
    assert result.best_epoch == 1 + int(np.argmin(losses)) < result.epochs
    assert events[-1].best_epoch == result.best_epoch


def test_what_a_part_is_asked_about_it_was_not_trained_on() -> None:
    data = hard(base=5, shots=6)
    shots = replace(data.shots, copies=np.arange(30) // 2)  # pairs of copies
    parts = parts_of(data, shots, None, seed=1)
    for role, count in ((Role.BASE, 3), (Role.NEW, 2)):  # three different pictures of each class
        of_role = [part for part in parts if part.role is role]
        assert len(of_role) == count
        assert (sum(part.asked.astype(int) for part in of_role) == 1).all()
        for part in of_role:
            assert not (part.asked & part.trained).any()
            assert not set(shots.copies[part.asked]) & set(shots.copies[part.trained])
            kinds = set(shots.labels[part.asked])
            if role is Role.NEW:
                assert kinds == set(part.data.classes_of(Role.NEW)) == set(range(5)) - set(shots.labels[part.trained])
            else:
                assert kinds <= set(shots.labels[part.trained])


def test_names_without_labels_are_none_of_those_that_are_held_back() -> None:
    data = hard(base=4, new=3)
    data = data.with_shots(data.shots.of_classes(np.arange(4)))
    _, result = in_turn(data, QUICK)
    found = result.evaluation.adapted
    assert (found.base.n, found.new.n, found.all.n) == (24, 24, 24)
    assert set(result.left_out[Role.NEW].classes) <= set(range(4))
    assert set(result.predictions.among_role) <= set(range(4))
    # All names are weighed against each other, so some pictures are taken for a class that has none.
    assert found.all.percent <= found.base.percent
    assert result.adapter.head.balance.any()


@pytest.mark.parametrize("base", [2, 3])
def test_of_few_classes_none_is_held_back(base: int) -> None:
    events, result = in_turn(hard(base=base), QUICK)
    assert all(event.new is None and event.base is not None for event in events)
    assert result.evaluation.adapted.new is None
    assert Role.NEW not in result.left_out


@each_method
def test_two_labels_of_a_class_are_enough(method: str, options: dict[str, Any], recipe: Recipe | None) -> None:
    data = hard(base=4, shots=2)
    events, result = in_turn(data, method, options, recipe)
    assert events[-1].base is not None
    assert events[-1].base.n == 8
    assert result.evaluation.adapted.new is not None
    # A class with one label is trained on, and never asked about; the others are, as they were.
    kept = data.with_shots(data.shots.select(np.arange(1, 8)))
    _, result = in_turn(kept, method, options, recipe)
    assert sorted(result.left_out[Role.BASE].rows) == list(range(1, 7))


def test_without_any_class_to_leave_out_from_no_epoch_is_chosen() -> None:
    events, result = in_turn(hard(base=4, shots=1), MULTI_MODAL_ADAPTER, {}, Recipe(max_epochs=40))
    assert result.epochs == result.best_epoch == 30
    assert result.evaluation.adapted.base is None
    assert result.evaluation.adapted.new == events[-1].new is not None


def test_accepted_predictions_are_trained_on_and_not_measured() -> None:
    data = hard()
    accepted = np.arange(30) % 3 == 0
    _, result = in_turn(replace(data, proposed=accepted), QUICK)
    for answers in result.left_out.values():
        assert sorted(answers.rows) == np.flatnonzero(~accepted).tolist()
    same = in_turn(data, QUICK)[1].adapter.state_dict()
    assert all(torch.equal(value, same[name]) for name, value in result.adapter.state_dict().items())


def test_stop_keeps_the_best_epoch_so_far() -> None:
    data, how = hard(), (MULTI_MODAL_ADAPTER, WITH_HEAD, Recipe(max_epochs=50, patience=10))
    token = meanwhile(CancelToken.wrap_up, when=lambda event: isinstance(event, EpochEvent) and event.epoch == 4)
    result = train(data, *how, cancel=token, in_turn=True)
    assert result.epochs == 4
    events, whole = in_turn(data, *how[:2], Recipe(max_epochs=4, patience=10))
    assert result.best_epoch == whole.best_epoch
    assert result.evaluation == whole.evaluation
    assert events[result.best_epoch - 1].new == result.evaluation.adapted.new


def test_cancel_ends_it_between_two_fits() -> None:
    points: list[int] = []

    def at_point() -> None:
        points.append(len(points))
        if len(points) == 10:
            token.cancel()

    token = CancelToken(safe_point=at_point)
    with pytest.raises(Cancelled):
        train(hard(), MULTI_MODAL_ADAPTER, {}, SHORT, cancel=token, in_turn=True)
    assert len(points) == 10


def test_a_probe_has_a_single_epoch() -> None:
    events, result = in_turn(hard(), LINEAR_PROBE)
    assert [event.epoch for event in events] == [1]
    assert events[0].base == result.evaluation.adapted.base
    assert events[0].alone.base is not None
    assert events[0].zero_shot.base is not None
    assert events[0].alone.base.percent == events[0].zero_shot.base.percent  # without its head, nothing was learned


def test_who_watches_sees_the_fit_of_all_and_those_that_hold_classes_back() -> None:
    seen: list[list[int]] = []

    def watch(adapter: Adapter, trained: Integers) -> dict[int, tuple[int, ...]]:
        assert not adapter.training
        seen.append(trained.tolist())
        return {100 + len(trained): (len(seen),)}

    events, _ = in_turn(hard(), QUICK, watch=watch)
    assert len(seen) == 3 * len(events)
    whole, *halves = seen[:3]
    assert whole == list(range(5))
    assert sorted(halves[0] + halves[1]) == whole
    assert [dict(event.likely).keys() for event in events] == [{105, 103, 102}] * len(events)


def test_it_is_repeatable_and_a_seed_draws_other_parts() -> None:
    data = hard()
    (first, one), (again, two) = (in_turn(data, MULTI_MODAL_ADAPTER, {}, SHORT, seed=3) for _ in range(2))
    assert [replace(event, seconds_left=0) for event in first] == [replace(event, seconds_left=0) for event in again]
    assert one.evaluation == two.evaluation
    other = in_turn(data, MULTI_MODAL_ADAPTER, {}, SHORT, seed=4)[1]
    assert other.left_out[Role.BASE].rows.tolist() != one.left_out[Role.BASE].rows.tolist()
