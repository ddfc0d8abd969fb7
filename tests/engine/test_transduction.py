"""What pictures without a label teach: more right, the same in any order, honest figures, and no harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import DEFAULT_METHOD, Recipe
from mma_desktop.engine.evaluation.metrics import CandidateNames, calibrated_probabilities, logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER, VISUAL_HEAD
from mma_desktop.engine.methods.transduction import fit_transduction
from mma_desktop.engine.training.at_hand import ImagesAtHand, Unlabelled, components_of, in_order, is_worse
from mma_desktop.engine.training.trainer import TrainingResult, train
from mma_desktop.engine.training_data import FeatureSet, TrainingData

from .cases import DIM, make_data, unit, with_visual


def with_pictures(base: int, new: int, shots: int, each: int = 40, noise: float = 0.2, seed: int = 0) -> TrainingData:
    """Classes of `make_data`, half of whose test pictures are at hand, and no others to measure on but the rest."""
    made = with_visual(make_data(base, new, max(1, shots), validation=0, test=2 * each, noise=noise, seed=seed))
    own = made.shots if shots else made.shots.select(np.zeros(0, np.int64))
    seen = np.arange(len(made.test)) % 2 == 0
    return replace(made, shots=own, unlabelled=made.test.features[seen], test=made.test.select(~seen))


def right(adapter: Adapter, data: TrainingData) -> float:
    inputs = name_inputs(adapter, data.class_names, data.text_features)
    return float((logits(adapter, data.test.features, inputs).argmax(1) == data.test.labels).mean())


@pytest.mark.parametrize(("base", "new", "shots"), [(0, 8, 0), (8, 0, 1), (4, 4, 2)])
def test_pictures_at_hand_teach_names_and_shots_about_others(base: int, new: int, shots: int) -> None:
    data = with_pictures(base, new, shots, noise=0.3)
    taught = train(data, transductive=True).adapter
    before = (
        right(train(data).adapter, data)
        if base
        else float(((data.test.features[:, :32] @ data.text_features.T).argmax(1) == data.test.labels).mean())
    )
    assert right(taught, data) >= before + 0.04
    assert taught.transduction is not None
    assert taught.parameter_count() >= taught.transduction.weights.numel()


def test_neither_order_nor_threads_change_a_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_pictures(4, 4, 4)
    rows = data.unlabelled
    assert rows is not None
    before = torch.get_num_threads()
    results = []
    for order, threads in ((np.arange(len(rows)), 1), (np.random.default_rng(0).permutation(len(rows)), 2)):
        torch.set_num_threads(threads)
        results.append(train(replace(data, unlabelled=rows[order]), transductive=True))
    torch.set_num_threads(before)
    one, other = (result.adapter.state_dict() for result in results)
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    assert results[0].evaluation == results[1].evaluation
    monkeypatch.setattr("mma_desktop.engine.training.at_hand.MAX_AT_HAND", 50)
    assert np.array_equal(in_order(rows), in_order(rows[::-1]))
    assert len(in_order(rows)) == 50


def test_what_was_prepared_for_an_earlier_training_changes_nothing_and_is_of_these_rows_only() -> None:
    data = with_pictures(4, 4, 2)
    rows = data.unlabelled
    assert rows is not None
    data = replace(data, components=components_of(rows))
    kept = Unlabelled(rows, data.components)
    fresh = train(data, transductive=True).adapter.state_dict()
    assert np.shares_memory(kept.given, kept.rows.numpy()), "in memory once"
    same, others = replace(data, unlabelled=kept.given, kept=kept), replace(data, kept=Unlabelled(rows[:9]))
    train(replace(same, shots=data.shots.select(np.arange(1, len(data.shots)))), transductive=True)  # a label less
    for again in (same, same, others):
        found = train(again, transductive=True).adapter.state_dict()
        assert all(torch.equal(value, found[name]) for name, value in fresh.items())
    other = replace(same, text_features=data.text_features[::-1].copy())
    one, two = (train(part, transductive=True).adapter.state_dict() for part in (other, replace(other, kept=None)))
    assert all(torch.equal(value, two[name]) for name, value in one.items()), "names of another training"
    assert not all(torch.equal(value, fresh[name]) for name, value in one.items())
    with pytest.raises(UserError, match="damaged"):
        Unlabelled(np.full_like(rows, np.nan))


@pytest.mark.parametrize("count", [300, 700])
def test_the_components_in_which_rows_vary_most_come_first(count: int) -> None:
    rows = np.random.default_rng(0).normal(size=(count, 300)) * np.linspace(1, 0.1, 300)
    axes = components_of(rows.astype(np.float32))
    assert np.allclose(axes.T @ axes, np.eye(128), atol=1e-4)
    variances = ((rows - rows.mean(0)) @ axes).var(0)
    assert (np.diff(variances) < 1e-4).all()


def test_names_that_nobody_taught_keep_the_probability_they_had() -> None:
    data = with_pictures(4, 2, 2)
    adapter = train(data, transductive=True).adapter
    names = [*data.class_names, "heron", "quay"]
    texts = np.concatenate([data.text_features, unit(np.random.default_rng(1).normal(size=(2, 32)))])
    inputs = name_inputs(adapter, names, texts)
    taught = torch.from_numpy(logits(adapter, data.test.features, inputs))
    adapter.transduction = None
    before = torch.from_numpy(logits(adapter, data.test.features, inputs))
    assert not torch.allclose(taught, before, atol=0.1)
    assert torch.allclose(taught.softmax(1)[:, 6:], before.softmax(1)[:, 6:], atol=1e-5)


# -------------------------------------------------------------------------------------- honest figures


@pytest.mark.parametrize(("base", "shots"), [(0, 0), (8, 1)])
def test_pictures_at_hand_tell_which_name_it_is_and_make_nothing_surer(base: int, shots: int) -> None:
    data = with_pictures(base, 8 - base, shots, noise=0.3)
    taught = train(data, transductive=True).adapter
    found = []
    for head in (taught.transduction, None):
        taught.transduction = head
        inputs = name_inputs(taught, data.class_names, data.text_features)
        found.append(torch.from_numpy(logits(taught, data.unlabelled, inputs)))
    after, before = (float(part.softmax(1).amax(1).mean()) for part in found)
    assert after == pytest.approx(before, abs=2e-3)
    assert (found[0].argmax(1) != found[1].argmax(1)).any()


@pytest.mark.parametrize(("named", "meaningless"), [(24, False), (8, False), (8, True)])
def test_names_alone_are_not_surer_than_right_unknown_images_included_and_unsure_if_they_mean_nothing(
    named: int, meaningless: bool
) -> None:
    found = [by_names(named, meaningless, seed) for seed in range(4)]
    said, right = (np.concatenate(part) for part in zip(*found, strict=True))
    if meaningless:
        assert said.mean() < 0.4
        return
    assert right.mean() - 0.3 < said.mean() < right.mean() + 0.1
    assert right[said >= 0.7].sum() >= 0.85 * (said >= 0.7).sum()


def by_names(named: int, meaningless: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidence of unseen images of 24 classes, of which so many are named, and which of these answers are right."""
    data = with_pictures(0, 24, 0, seed=seed)
    texts = unit(np.random.default_rng(seed).normal(size=(24, DIM))) if meaningless else data.text_features
    images, none = data.test, FeatureSet.empty(data.image_dim)
    names = {"class_names": data.class_names[:named], "roles": data.roles[:named], "reads": data.reads[:named]}
    data = replace(data, **names, text_features=texts[:named], test=none, shots=none)
    result = train(data, transductive=True)
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    outputs = logits(result.adapter, images.features, inputs)
    candidates = CandidateNames(inputs, data.text_features, np.zeros(named, bool))
    shown = calibrated_probabilities(result.adapter, outputs, images.features, candidates, result.temperatures)
    return shown.max(1), (shown.argmax(1) == images.labels) & (not meaningless)


def mislabelled(seed: int) -> TrainingData:
    """Labels at random, of pictures that lie in groups."""
    data = with_pictures(8, 0, 8, each=8, noise=0.05, seed=seed)
    labels = np.random.default_rng(seed).permutation(data.shots.labels)
    none = FeatureSet.empty(data.image_dim)
    return replace(data, shots=replace(data.shots, labels=labels), test=none, validation=none)


WAYS = pytest.mark.parametrize("method", [MULTI_MODAL_ADAPTER, DEFAULT_METHOD])
"""By cross-validation and by leaving shots out, of methods that follow the shots."""


def trained(data: TrainingData, method: str, *, transductive: bool = True) -> TrainingResult:
    recipe = Recipe(max_epochs=2) if method == MULTI_MODAL_ADAPTER else None
    return train(data, method, {VISUAL_HEAD: True}, recipe, transductive=transductive)


@WAYS
def test_labels_at_random_measure_as_chance(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def measured() -> float:
        monkeypatch.setattr("mma_desktop.engine.training.trainer.is_worse", lambda *_: False)
        results = [trained(mislabelled(seed), method) for seed in range(6)]
        found = [result.evaluation.adapted.base for result in results]
        assert all(one is not None and one.n == 64 for one in found)
        return float(np.mean([one.percent for one in found if one]))

    assert measured() < 12.5 + 6  # of 384 pictures: three and a half standard errors
    honest = ImagesAtHand.fit
    monkeypatch.setattr(ImagesAtHand, "fit", lambda self, logits, known=None: honest(self, logits))
    assert measured() > 12.5 + 6, "a test that a leak would not fail shows nothing"


def test_the_figure_of_left_out_shots_is_that_of_other_pictures() -> None:
    own, others = [], []
    for seed in range(4):
        data = with_pictures(8, 0, 8, noise=0.45, seed=seed)
        result = train(replace(data, test=FeatureSet.empty(data.image_dim)), transductive=True)
        assert result.evaluation.adapted.base is not None
        assert result.evaluation.base_by == "leave-one-out"
        own.append(result.evaluation.adapted.base.percent)
        others.append(100 * right(result.adapter, data))
    assert np.mean(own) == pytest.approx(np.mean(others), abs=4)


def test_who_is_a_stranger_is_not_learned_from_the_pictures_at_hand() -> None:
    data = with_pictures(6, 0, 6)
    plain, taught = (train(data, with_open_set=True, transductive=asked) for asked in (False, True))
    assert plain.open_set is not None
    assert taught.open_set == plain.open_set
    assert plain.adapter.open_set_scorer is not None
    assert taught.adapter.open_set_scorer is not None
    assert torch.equal(taught.adapter.open_set_scorer.weights, plain.adapter.open_set_scorer.weights)


# -------------------------------------------------------------------------------------- no harm


def in_noise(seed: int, told: float) -> tuple[Tensor, Tensor, Tensor]:
    """Points (N, M), z (N, C) of which two thirds are right, and labels (N,); the points tell these if `told`."""
    draw, classes, width, each = torch.Generator().manual_seed(seed), 4, 96, 160
    labels = torch.randperm(classes * each, generator=draw) % classes
    points = torch.randn(len(labels), width, generator=draw)
    points += told * torch.randn(classes, width, generator=draw)[labels]
    z = 1.5 * functional.one_hot(labels, classes) + torch.randn(len(labels), classes, generator=draw)
    return points, z, labels


def right_by(seed: int, told: float, copies: int) -> tuple[float, float, float]:
    """Right by z, then with what the first half of the pictures teaches: in that half, and in the other."""
    points, z, labels = in_noise(seed, told)
    half = len(z) // 2
    rows, own = (part[:half].repeat_interleave(copies, 0) for part in (points, z))
    (slopes,), (offsets,), _ = fit_transduction(rows, torch.full((1, len(rows)), -1), own.unsqueeze(0))
    found = ((z + points.double() @ slopes + offsets).argmax(1) == labels).float()
    return float((z.argmax(1) == labels).float().mean()), float(found[:half].mean()), float(found[half:].mean())


def test_a_folder_of_noise_takes_nothing_from_names() -> None:
    def measured(told: float = 0.0, copies: int = 1) -> np.ndarray:
        return np.mean([right_by(seed, told, copies) for seed in range(8)], 0)

    before, at_hand, unseen = measured()
    assert min(at_hand, unseen) > before - 0.02  # of 2,560 pictures each: two standard errors
    before, at_hand, unseen = measured(told=0.5)
    assert min(at_hand, unseen) > before + 0.2, "what is no noise is learned"
    before, at_hand, unseen = measured(copies=2)  # the same pictures in both halves
    assert unseen < before - 0.1, "a test that learning by heart would not fail shows nothing"


@pytest.mark.parametrize("at_hand", [1, 2, 3, 50])
@pytest.mark.parametrize("apart", [1e-6, 1e-3, 0.1])
def test_few_pictures_or_such_as_are_nearly_alike_leave_numbers(at_hand: int, apart: float) -> None:
    for seed in range(8):
        draw = torch.Generator().manual_seed(seed)
        shots = functional.normalize(torch.randn(40, 64, generator=draw), dim=1)
        alike = functional.normalize(torch.randn(1, 64, generator=draw), dim=1)
        points = torch.cat([shots, alike + apart * torch.randn(at_hand, 64, generator=draw)])
        points -= points.mean(0)
        labels = torch.cat([torch.arange(40) % 4, torch.full((at_hand,), -1)]).unsqueeze(0)
        taught = fit_transduction(points, labels, 30 * torch.randn(1, len(points), 4, generator=draw))
        assert all(bool(part.isfinite().all()) for part in taught), seed


@pytest.mark.parametrize("open_set", [0, 200])
def test_a_large_group_that_fits_no_name_takes_none(open_set: int) -> None:
    before = after = 0
    for seed in range(6):
        draw = torch.Generator().manual_seed(seed)
        means, labels = torch.randn(5, 16, generator=draw), torch.arange(5).repeat(20)
        group = (means[0] + 2 * torch.randn(16, generator=draw)).expand(open_set, -1)
        points = torch.cat([means[labels], group])
        points += torch.randn(points.shape, generator=draw)
        points -= points.mean(0)
        z = torch.randn(len(points), 5, generator=draw)
        z[:100] += 4 * torch.nn.functional.one_hot(labels, 5)
        z[100:, 0] += 1
        (slopes,), (offsets,), _ = fit_transduction(points, torch.full((1, len(points)), -1), z.unsqueeze(0))
        before += int((z[:100].argmax(1) != labels).sum())
        after += int(((z + points.double() @ slopes + offsets)[:100].argmax(1) != labels).sum())
    assert after < before


@WAYS
def test_it_is_left_out_where_left_out_shots_say_that_it_does_harm(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = with_pictures(6, 2, 6, noise=0.4)
    data = replace(data, test=FeatureSet.empty(data.image_dim))
    asked: list[tuple[int, int]] = []

    def harm(wrong: np.ndarray, before: np.ndarray) -> bool:
        asked.append((len(wrong), len(before)))
        return True

    monkeypatch.setattr("mma_desktop.engine.training.trainer.is_worse", harm)
    plain, taught = (trained(data, method, transductive=transductive) for transductive in (False, True))
    assert asked == [(36, 36)]
    assert taught.adapter.transduction is None
    assert taught.evaluation == plain.evaluation
    assert taught.temperatures == plain.temperatures


@pytest.mark.parametrize(("more", "fewer", "harm"), [(2, 0, True), (1, 0, False), (12, 5, True), (8, 5, False)])
def test_more_mistakes_are_harm_beyond_chance_alone(more: int, fewer: int, harm: bool) -> None:
    wrong, before = np.zeros(100, bool), np.zeros(100, bool)
    wrong[:more], before[20 : 20 + fewer], wrong[50:], before[50:] = True, True, True, True
    assert is_worse(wrong, before) == harm


def test_without_pictures_a_training_needs_shots_and_with_them_no_digit_changes_if_nobody_asks() -> None:
    data = with_pictures(0, 5, 0)
    for less in ({"unlabelled": None}, {"unlabelled": data.unlabelled[:1]}):
        with pytest.raises(UserError, match="at least two base classes"):
            train(replace(data, **less), transductive=True)
    with pytest.raises(UserError, match="at least two base classes"):
        train(data, MULTI_MODAL_ADAPTER, transductive=True)
    result = train(data, transductive=True)
    assert result.evaluation.adapted.base is None
    assert result.evaluation.zero_shot.all is not None
    assert result.evaluation.adapted.all is not None
    assert result.evaluation.adapted.all.percent >= result.evaluation.zero_shot.all.percent
    data = with_pictures(4, 2, 4)
    one, other = (train(part) for part in (data, replace(data, unlabelled=None)))
    assert one.evaluation == other.evaluation
    assert all(torch.equal(value, other.adapter.state_dict()[name]) for name, value in one.adapter.state_dict().items())


@pytest.mark.parametrize("alike", [0.0, 1e-7])
def test_pictures_that_are_all_alike_teach_nothing_odd(alike: float) -> None:
    data = with_pictures(4, 0, 4)
    rows = np.repeat(data.shots.features[:1], 700, axis=0)
    rows = rows + np.float32(alike) * np.random.default_rng(0).normal(size=rows.shape).astype(np.float32)
    adapter = train(replace(data, unlabelled=rows), transductive=True).adapter
    assert all(
        bool(value.isfinite().all()) and float(value.abs().max()) < 1e5 for value in adapter.state_dict().values()
    )
    assert right(adapter, data) > 0.8
