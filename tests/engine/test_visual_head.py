"""Ridge regression with its exact leave-one-out, and the visual head that any method can carry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from sklearn.linear_model import Ridge as SkRidge
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.types import Role
from mma_desktop.engine.checkpoint import CheckpointHeader, load, save
from mma_desktop.engine.evaluation.metrics import logits, name_inputs, predict
from mma_desktop.engine.methods import ridge
from mma_desktop.engine.methods.adapter import sizes_of
from mma_desktop.engine.methods.method_table import METHODS, VISUAL_HEAD, MethodSpec
from mma_desktop.engine.methods.prompt_learners import PromptLearner
from mma_desktop.engine.methods.ridge import PENALTIES, Discriminant, Ridge, left_out_rows
from mma_desktop.engine.methods.visual_head import (
    CODE_LENGTH,
    MAX_AMOUNT,
    ONE_SHOT_FIT,
    LinearClassifier,
    fit_head,
    fuse,
    left_together,
    name_codes,
    refit_head,
)
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import TrainingData

from .cases import DIM, make_data, unit, with_visual
from .test_prompt_learners import FakeTower

WITH_HEAD = [spec for spec in METHODS if any(option.name == VISUAL_HEAD for option in spec.options)]
SMALL: dict[str, dict[str, Any]] = {"coop": {"context": 3}, "proda": {"context": 4, "prompts": 4}}


def case(count: int, width: int, classes: int = 3, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Rows around a direction for each class, and their classes."""
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    rows = unit(draw.normal(size=(classes, width))[labels] + 1.5 * draw.normal(size=(count, width)) + 0.5)
    return torch.tensor(rows), torch.tensor(labels)


def refitted(rows: np.ndarray, targets: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights and offsets of a ridge regression, as it is in books."""
    mean, level = rows.mean(0), targets.mean(0)
    centred = rows - mean
    weights = np.linalg.solve(centred.T @ centred + penalty * np.eye(rows.shape[1]), centred.T @ (targets - level))
    return weights, level - mean @ weights


# -------------------------------------------------------------------------------------- ridge


def discriminant(rows: np.ndarray, labels: np.ndarray, asked: np.ndarray, penalty: float) -> np.ndarray:
    """Minus half the distances of rows to the class means, as it is in books; less their mean over the classes."""
    means = np.stack([rows[labels == label].mean(0) for label in np.unique(labels)])
    within = rows - means[np.searchsorted(np.unique(labels), labels)]
    inverse = np.linalg.inv(within.T @ within + penalty * np.eye(rows.shape[1]))
    apart = asked[:, None] - means
    found = -0.5 * np.einsum("nkd,de,nke->nk", apart, inverse, apart)
    return found - found.mean(1, keepdims=True)


ROUNDED = 1e-5  # products of single precision, over the least penalty
SHAPES = pytest.mark.parametrize(("count", "width"), [(12, 40), (40, 12), (15, 15)], ids=["dual", "primal", "square"])


@SHAPES
@pytest.mark.parametrize("penalty", [PENALTIES[0], 0.1, PENALTIES[-1]])
def test_leave_one_out_is_refitting_without_the_row(count: int, width: int, penalty: float) -> None:
    rows, labels = case(count, width)
    form = Ridge(rows, labels, 3)
    (weights, offsets), left_out = form.weights({penalty: 1.0}), form.left_out([penalty])[0]
    exact, targets = rows.double().numpy(), np.eye(3)[labels]
    own, level = refitted(exact, targets, penalty)
    np.testing.assert_allclose(weights, own, atol=1e-6 * max(1, np.abs(own).max()))
    np.testing.assert_allclose(offsets, level, atol=1e-6 * max(1, np.abs(own).max()))
    for at in range(count):
        rest = np.arange(count) != at
        without, level = refitted(exact[rest], targets[rest], penalty)
        np.testing.assert_allclose(left_out[at], exact[at] @ without + level, atol=ROUNDED)


@SHAPES
@pytest.mark.parametrize("grouped", [False, True], ids=["alone", "copies"])
def test_rows_with_weights_are_scikit_learns(count: int, width: int, grouped: bool) -> None:
    rows, labels = case(count, width)
    copies = some_copies(count) if grouped else torch.arange(count)
    weights = torch.tensor([0.4, 1.0, 2.5])[labels]
    form = Ridge(rows, labels, 3, copies=copies, importance=weights)
    exact, targets = rows.double().numpy(), np.eye(3)[labels]

    def fitted(rest: np.ndarray) -> SkRidge:
        return SkRidge(alpha=0.1, solver="cholesky").fit(
            exact[rest], targets[rest], sample_weight=weights.numpy()[rest]
        )

    whole = fitted(np.arange(count))
    found, offsets = form.weights({0.1: 1.0})
    np.testing.assert_allclose(found, whole.coef_.T, atol=1e-6)
    np.testing.assert_allclose(offsets, whole.intercept_, atol=1e-6)
    left_out = form.left_out([0.1])[0]
    for at in range(count):
        np.testing.assert_allclose(
            left_out[[at]], fitted((copies != copies[at]).numpy()).predict(exact[[at]]), atol=1e-6
        )


def test_a_weight_is_as_many_pictures() -> None:
    rows, labels = case(20, 30)
    texts = unit(np.random.default_rng(1).normal(size=(3, 30)))
    cosines = rows @ torch.tensor(texts).T
    plain = fit_head(rows, labels, cosines, 30.0)
    same = fit_head(rows, labels, cosines, 30.0, importance=torch.full((20,), 1.0))
    torch.testing.assert_close(same.weights, plain.weights)
    weighted = fit_head(rows, labels, cosines, 30.0, importance=torch.tensor([1.0, 1.0, 8.0])[labels])
    mine = [(fit.left_out[:, 2] - fit.left_out[:, :2].amax(1)).mean() for fit in (plain, weighted)]
    assert mine[1] > mine[0]
    half = labels < 2
    found = refit_head(weighted, rows[half], labels[half], 2, kept=half)
    assert found.shots is not None
    torch.testing.assert_close(found.shots.importance, torch.ones(int(half.sum())))


@SHAPES
@pytest.mark.parametrize("grouped", ["alone", "copies", "classes"])
def test_a_discriminant_leaves_out_by_refitting_too(count: int, width: int, grouped: str) -> None:
    rows, labels = case(count, width)
    copies = {"alone": torch.arange(count), "copies": some_copies(count), "classes": labels}[grouped]
    form = Discriminant(rows, labels, 3, copies=copies)
    form.scales[0.3] = 0.02
    left_out, (weights, offsets) = form.left_out([0.3])[0].numpy(), form.weights({0.3: 1.0})
    exact, own = rows.double().numpy(), labels.numpy()
    found = exact @ weights.numpy() + offsets.numpy()
    np.testing.assert_allclose(found, 1 / 3 + 0.02 * discriminant(exact, own, exact, 0.3), atol=1e-5)
    for at in range(count):
        rest = (copies != copies[at]).numpy()
        known = np.unique(own[rest])
        expected = np.zeros(3)
        expected[known] = 1 / len(known) + 0.02 * discriminant(exact[rest], own[rest], exact[[at]], 0.3)[0]
        np.testing.assert_allclose(left_out[at], expected, atol=1e-5)


@SHAPES
def test_a_discriminants_predictions_are_as_large_as_a_ridges(count: int, width: int) -> None:
    rows, labels = case(count, width)
    form = Discriminant(rows, labels, 3)
    found = form.left_out([1.0])[0]
    torch.testing.assert_close(found.sum(1), torch.ones(count))
    targets = functional.one_hot(labels, 3).float()
    assert form.scales[1.0] > 0
    apart = found - 1 / 3
    slope = float((apart * (targets - 1 / 3)).sum() / apart.square().sum())
    assert slope == pytest.approx(1.0, abs=1e-3)  # no other factor would be nearer to the targets
    shares = {0.1: 0.25, 1.0: 0.75}
    mixed = form.weights(shares)
    parts = [form.weights({penalty: share}) for penalty, share in shares.items()]
    torch.testing.assert_close(mixed[0], parts[0][0] + parts[1][0])
    torch.testing.assert_close(mixed[1], parts[0][1] + parts[1][1])


@pytest.mark.parametrize("kind", [Ridge, Discriminant])
@pytest.mark.parametrize(("count", "width"), [(12, 40), (40, 12)], ids=["dual", "primal"])
def test_single_precision_is_near_enough(
    kind: type[Ridge | Discriminant], count: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, labels = case(count, width)
    exact = kind(rows, labels, 3)
    expected = exact.left_out([0.1])[0], exact.weights({0.1: 1.0})
    monkeypatch.setattr(ridge, "MAX_DOUBLE_ROWS", 5)
    large = kind(rows, labels, 3)
    assert large.penalties == ridge.LARGE_PENALTIES
    torch.testing.assert_close((large.left_out([0.1])[0], large.weights({0.1: 1.0})), expected, atol=3e-4, rtol=3e-4)


@pytest.mark.parametrize("kind", [Ridge, Discriminant])
@pytest.mark.parametrize(("count", "width"), [(12, 40), (40, 12)], ids=["dual", "primal"])
def test_of_many_rows_some_are_left_out_evenly(
    kind: type[Ridge | Discriminant], count: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, labels = case(count, width)
    whole = kind(rows, labels, 3)
    every = whole.left_out([0.1])[0]
    monkeypatch.setattr(ridge, "MAX_LEFT_OUT", 5)
    some = left_out_rows(count)
    assert (len(some), some[0], some[-1]) == (5, 0, count - 1)
    assert float(some.double().diff().diff().abs().max()) <= 1
    few = kind(rows, labels, 3)
    if isinstance(few, Discriminant):
        few.scales[0.1] = whole.scales[0.1]
    torch.testing.assert_close(few.left_out([0.1])[0], every[some])
    assert left_out_rows(3).tolist() == [0, 1, 2]


def some_copies(count: int) -> Tensor:
    """Groups of 3, 2 and 2 rows, of several classes, too."""
    copies = torch.arange(count)
    copies[[1, 5, 8]] = 5
    copies[[2, 9]] = 9
    copies[[0, 10]] = 0
    return copies


@SHAPES
@pytest.mark.parametrize("penalty", [PENALTIES[0], 0.1, PENALTIES[-1]])
def test_copies_are_left_out_together(count: int, width: int, penalty: float) -> None:
    rows, labels = case(count, width)
    copies = some_copies(count)
    rows[9] = rows[2]
    left_out = Ridge(rows, labels, 3, copies=copies).left_out([penalty])[0]
    exact, targets = rows.double().numpy(), np.eye(3)[labels]
    for at in range(count):
        rest = (copies != copies[at]).numpy()
        without, level = refitted(exact[rest], targets[rest], penalty)
        np.testing.assert_allclose(left_out[at], exact[at] @ without + level, atol=ROUNDED)


@SHAPES
@pytest.mark.parametrize("kind", [Ridge, Discriminant])
@pytest.mark.parametrize("at_once", [1, 400, 1 << 20])
def test_penalties_together_are_as_each_alone(
    kind: type[Ridge | Discriminant], count: int, width: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, labels = case(count, width)
    copies, shares = some_copies(count), {penalty: 0.1 * at for at, penalty in enumerate(PENALTIES)}
    each = [kind(rows, labels, 3, copies=copies) for _ in PENALTIES]
    expected = torch.cat([form.left_out([penalty]) for form, penalty in zip(each, PENALTIES, strict=True)])
    parts = [form.weights({penalty: share}) for form, (penalty, share) in zip(each, shares.items(), strict=True)]
    monkeypatch.setattr(ridge, "AT_ONCE", at_once)
    together = kind(rows, labels, 3, copies=copies)
    torch.testing.assert_close(together.left_out(PENALTIES), expected)
    some = dict(list(shares.items())[2:])
    for index, found in enumerate(together.weights(some)):
        torch.testing.assert_close(found, sum(part[index] for part in parts[2:]), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", [Ridge, Discriminant])
def test_copies_change_nothing_but_what_is_left_out(kind: type[Ridge | Discriminant]) -> None:
    rows, labels = case(12, 40)
    everything = torch.zeros(12, dtype=torch.int64)
    alone, together, pairs = (
        kind(rows, labels, 3, copies=copies) for copies in (None, everything, torch.arange(12) // 2)
    )
    expected = alone.left_out([0.1])[0], alone.weights({0.1: 1.0})
    # of one group of all rows nothing would remain
    torch.testing.assert_close((together.left_out([0.1])[0], together.weights({0.1: 1.0})), expected)
    if isinstance(pairs, Discriminant) and isinstance(alone, Discriminant):
        pairs.scales.update(alone.scales)
    torch.testing.assert_close(pairs.weights({0.1: 1.0}), expected[1])
    assert not torch.allclose(pairs.left_out([0.1])[0], expected[0])


def test_a_class_of_copies_of_one_picture_is_not_asked() -> None:
    rows, labels = case(24, 30)
    labels[-3:] = 3
    copies = torch.arange(24)
    copies[-3:] = 21
    cosines = torch.tensor(np.random.default_rng(0).normal(size=(24, 4)), dtype=torch.float32) * 0.05
    cosines += 0.1 * functional.one_hot(labels, 4)
    found = fit_head(rows, labels, cosines, 30.0, copies=copies)
    wrong = cosines.clone()
    wrong[-3:] = 0.2 - wrong[-3:]
    assert fit_head(rows, labels, wrong, 30.0, copies=copies).amount == found.amount
    assert fit_head(rows, labels, wrong, 30.0).amount != fit_head(rows, labels, cosines, 30.0).amount


# -------------------------------------------------------------------------------------- what is chosen


def lowest(plain: np.ndarray, scores: np.ndarray, labels: np.ndarray) -> tuple[float, float, float]:
    """The cross-entropy of t plain + u scores at its lowest, with Platt's targets, by another optimiser; t and u."""
    count, classes = plain.shape
    target = np.full((count, classes), 1 / (classes - 1) / (count + 2))
    target[np.arange(count), labels] = 1 - 1 / (count + 2)

    def loss(at: np.ndarray) -> float:
        probabilities = torch.tensor(at[0] * plain + at[1] * scores).log_softmax(1).numpy()
        return float(-(target * probabilities).sum(1).mean())

    found = minimize(loss, [0.5, 1.0], bounds=[(0, None), (0, None)], method="L-BFGS-B", options={"ftol": 1e-15})
    return found.fun, *found.x


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("given", ["each once", "one alone", "each twice"])
def test_parts_are_weighted_by_their_leave_one_out_likelihood(seed: int, given: str) -> None:
    rows, labels = case(24, 30, seed=seed)
    single, copies, images = given == "one alone", None, 24
    if single:
        labels[-1] = 3  # the only one of its class, which is not asked
        images = 23
    if given == "each twice":  # which says no more than once
        copies, images = torch.arange(24) // 2, 12
        labels, rows = labels[copies], rows + 3 * rows[copies]
        rows /= rows.norm(dim=1, keepdim=True)
    classes = int(labels.max()) + 1
    cosines = torch.tensor(np.random.default_rng(seed).normal(size=(24, classes)), dtype=torch.float32) * 0.05
    cosines += 0.1 * functional.one_hot(labels, classes)
    asked = torch.bincount(labels)[labels] > 1
    assert int(asked.sum()) == 24 - single
    spread = rows.double().std(0, correction=0)
    columns = 1 / (spread + 0.1 * spread.mean())
    columns = columns * (spread.norm() / (spread * columns).norm())
    together = left_together(labels, copies, rows)
    forms = {
        "rows": Ridge(rows, labels, classes, copies=together),
        "standardised": Ridge((rows * columns).float(), labels, classes, copies=together),
        "discriminant": Discriminant(rows, labels, classes, copies=together),
    }

    def judged(scores: Tensor) -> tuple[float, float, float]:
        parts = 30 * cosines[asked].double().numpy(), scores[asked].double().numpy()
        return lowest(*parts, labels[asked].numpy())

    tried = {(kind, penalty): forms[kind].left_out([penalty])[0] for kind in forms for penalty in PENALTIES}
    shares = {key: np.exp(-images * judged(scores)[0]) for key, scores in tried.items()}
    shares = {key: share for key, share in shares.items() if share >= 0.2 * max(shares.values())}
    shares = {key: share / sum(shares.values()) for key, share in shares.items()}
    fit = fit_head(rows, labels, cosines, 30.0, copies)
    assert {(part.kind, part.penalty): part.weight for part in fit.parts} == pytest.approx(shares, rel=1e-2)
    scores = torch.stack([share * tried[key] for key, share in shares.items()]).sum(0)
    torch.testing.assert_close(fit.left_out, scores, atol=1e-3, rtol=1e-3)
    _, t, u = judged(fit.left_out)
    assert fit.amount == pytest.approx(min(MAX_AMOUNT, u / (t * 30)), rel=2e-3)
    assert fit.sharpness == pytest.approx(max(t, u / (MAX_AMOUNT * 30)), rel=2e-3)
    whole = torch.zeros(24, classes)
    for part in fit.parts:
        weights, offsets = forms[part.kind].weights({part.penalty: part.weight})
        whole += (rows * columns if part.kind == "standardised" else rows).float() @ weights + offsets
    torch.testing.assert_close(rows @ fit.weights + fit.offsets, whole, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(whole.sum(1), torch.ones(24), atol=1e-4, rtol=1e-4)


def test_the_kind_that_suits_best_weighs_most() -> None:
    draw = np.random.default_rng(0)
    labels = torch.arange(60) % 3
    centres, even = draw.normal(size=(3, 40)), draw.normal(size=(60, 40))

    def heaviest(rows: np.ndarray) -> str:
        one = torch.tensor(rows, dtype=torch.float32)
        fit = fit_head(one / one.norm(dim=1).mean(), labels, torch.zeros(60, 3), 30.0)
        found: dict[str, float] = {}
        for part in fit.parts:
            found[part.kind] = found.get(part.kind, 0.0) + part.weight
        return max(found, key=lambda kind: found[kind])

    loud = np.where(np.arange(40) < 20, 60.0, 1.5)  # half of the columns are large and say nothing
    assert heaviest(centres[labels] + loud * even) == "standardised"
    line = (labels.numpy()[:, None] - 1) * centres[0]  # of three classes in a row, regression loses the one between
    assert heaviest(2 * line + even) == "discriminant"


def test_one_picture_of_each_class_is_left_out_with_its_copies() -> None:
    rows, labels = case(24, 30)
    labels[-4:] = torch.tensor([0, 0, 3, 3])
    labels[0] = 4
    copies = torch.arange(24)
    copies[3], copies[20] = 6, 20  # 3 and 6 are copies of one picture of the class 0
    together = left_together(labels, copies, rows)
    assert together[3] == together[6]
    assert (together == together[0]).sum() == 1, "the only one of its class"
    groups = [torch.nonzero(together == group).flatten() for group in together.unique()]
    for group in groups:
        assert len(group) <= 1 + len(set(labels[group].tolist())), "one of each, and the copy"
    sizes = sorted(len(group) for group in groups if len(group) > 1)
    assert sizes[-1] - sizes[0] <= 2, "smaller classes are spread"
    fit = fit_head(rows, labels, torch.zeros(24, 5), 30.0, copies=copies)
    for group in groups:
        if labels[group[0]] != 4:
            kept = torch.ones(24, dtype=torch.bool)
            kept[group] = False
            rest = refit_head(fit, rows[kept], labels[kept], 5, copies[kept], kept)
            torch.testing.assert_close(
                fit.left_out[group], rows[group] @ rest.weights + rest.offsets, atol=1e-4, rtol=1e-3
            )


def test_groups_have_a_limited_number_of_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mma_desktop.engine.methods.visual_head.TOGETHER", 2)
    labels = torch.arange(5).repeat(3)
    together = left_together(labels)
    for group in together.unique():
        assert len(set((labels[together == group] // 2).tolist())) == 1
        assert (together == group).sum() <= 2


def test_a_refit_of_some_shots_is_a_fit_of_the_same_parts() -> None:
    rows, labels = case(24, 30)
    fit = fit_head(rows, labels, torch.zeros(24, 3), 30.0)
    again = refit_head(fit, rows, labels, 3)
    for name in ("weights", "offsets", "left_out", "left_out_rows"):
        torch.testing.assert_close(getattr(again, name), getattr(fit, name), atol=1e-5, rtol=1e-4)
    assert (again.parts, again.amount, again.sharpness) == (fit.parts, fit.amount, fit.sharpness)
    kept = labels < 2
    alone, shared = (refit_head(fit, rows[kept], labels[kept], 2, kept=mask) for mask in (None, kept))
    torch.testing.assert_close(shared.weights, alone.weights, atol=1e-5, rtol=1e-4)
    unseen = refit_head(fit, rows, labels, 3, copies=labels)
    torch.testing.assert_close(
        unseen.left_out[~kept, :2], rows[~kept] @ alone.weights + alone.offsets, atol=1e-4, rtol=1e-3
    )
    assert float(unseen.left_out[~kept, 2].abs().max()) < 1e-5


def test_leaving_other_shots_out_together_computes_the_same_from_the_same_spectra() -> None:
    rows, labels = case(24, 30)
    fit = fit_head(rows, labels, torch.zeros(24, 3), 30.0)
    for copies in (None, labels, torch.arange(24) // 2):
        again, anew = (refit_head(one, rows, labels, 3, copies) for one in (fit, replace(fit, shots=None)))
        torch.testing.assert_close(again.left_out, anew.left_out, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(again.weights, anew.weights, atol=1e-5, rtol=1e-4)


def test_texts_that_say_it_all_need_no_head_and_useless_ones_do() -> None:
    rows, labels = case(30, 40, seed=3)
    told = fit_head(
        torch.rand(30, 40, generator=torch.Generator().manual_seed(0)),
        labels,
        functional.one_hot(labels, 3) * 0.5,
        30.0,
    )
    assert told.amount < 0.05
    cosines = -0.3 * functional.one_hot(labels, 3)
    found = fit_head(rows, labels, cosines, 30.0)
    assert found.amount == MAX_AMOUNT
    probabilities = (found.sharpness * 30.0 * (cosines + found.amount * found.left_out)).softmax(1)
    right = float((probabilities.argmax(1) == labels).float().mean())
    assert float(probabilities.amax(1).mean()) == pytest.approx(right, abs=0.15), "as sure as it is right"


def test_one_shot_a_class_takes_fixed_numbers() -> None:
    rows, labels = case(3, 40)
    fit = fit_head(rows, labels, torch.eye(3) * 0.1, 30.0)
    assert fit.parts == (LinearClassifier("rows", ONE_SHOT_FIT[0]),)
    assert fit.amount == ONE_SHOT_FIT[1] / 30
    assert torch.isfinite(fit.weights).all()


# -------------------------------------------------------------------------------------- fusion


def draw_logits(classes: int = 7, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Logits, scores, and which names were trained."""
    draw = torch.Generator().manual_seed(seed)
    trained = torch.arange(classes) % 2 == 0
    scores = torch.randn(20, classes, generator=draw) * trained
    return 8 * torch.randn(20, classes, generator=draw), scores, trained


def test_probability_moves_among_trained_names_alone() -> None:
    plain, scores, trained = draw_logits()
    found = fuse(plain, scores, trained, 30.0, 0.4, torch.zeros(2))
    before, after = plain.softmax(1), found.softmax(1)
    torch.testing.assert_close(after[:, trained].sum(1), before[:, trained].sum(1), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(after[:, ~trained], before[:, ~trained], atol=1e-6, rtol=1e-4)
    assert float((after - before).abs().max()) > 0.1
    ratio = found[:, trained] - (plain + 30 * 0.4 * scores)[:, trained]
    torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("balance", [(0.0, 0.0), (0.3, 0.1), (0.0, -0.1)])
def test_the_order_among_names_that_were_only_given_stays(balance: tuple[float, float]) -> None:
    plain, scores, trained = draw_logits()
    found = fuse(plain, scores, trained, 30.0, 0.4, torch.tensor(balance))
    assert torch.equal(found[:, ~trained].argsort(1), plain[:, ~trained].argsort(1))
    torch.testing.assert_close(found[:, ~trained] - plain[:, ~trained], torch.full((20, 3), 30 * balance[1]))
    level = fuse(plain, scores, trained, 30.0, 0.4, torch.zeros(2))[:, trained]
    surest = scores[:, trained].amax(1, keepdim=True).clamp_min(0)  # of what the head says nothing of, 0
    torch.testing.assert_close(found[:, trained], level + 30 * balance[0] * surest, atol=1e-4, rtol=1e-4)


def test_an_unsure_head_leaves_an_image_to_other_names() -> None:
    """Two trained names that share the head's probability lose to a third name that either alone would beat."""
    plain, trained = torch.tensor([[6.0, 6.0, 6.3]]), torch.tensor([True, True, False])
    sure, unsure = torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[0.5, 0.5, 0.0]])
    assert int(fuse(plain, sure, trained, 30.0, 0.2, torch.zeros(2), 1.0).argmax()) == 0
    assert int(fuse(plain, unsure, trained, 30.0, 0.2, torch.zeros(2), 1.0).argmax()) == 2
    blunt = fuse(plain, sure, trained, 30.0, 0.2, torch.zeros(2), 0.1)
    assert int(blunt.argmax()) == 2
    torch.testing.assert_close(blunt[:, :2].logsumexp(1), plain[:, :2].logsumexp(1))


@pytest.mark.parametrize("all_trained", [True, False])
def test_with_one_kind_of_names_alone(all_trained: bool) -> None:
    plain, scores, _ = draw_logits()
    trained = torch.full((7,), all_trained)
    found = fuse(plain, scores, trained, 30.0, 0.4, torch.tensor([0.0, 0.2]))
    expected = (plain + 30 * 0.4 * scores).softmax(1) if all_trained else plain.softmax(1)
    torch.testing.assert_close(found.softmax(1), expected, atol=1e-5, rtol=1e-4)


# -------------------------------------------------------------------------------------- names


def test_codes_are_of_the_name_and_nothing_else() -> None:
    codes = name_codes(["cat", "Cat ", "dog", "Ñandú", "part 4711", "part 4712"])
    assert codes.shape == (6, CODE_LENGTH)
    assert float(codes.min()) >= 0
    assert float(codes.max()) <= 1
    assert torch.equal(codes[0], codes[1])  # `class_names.name_key` reads both as one
    assert len({tuple(row.tolist()) for row in codes}) == 5
    assert torch.equal(name_codes(["dog"])[0], codes[2])
    assert name_codes([]).shape == (0, CODE_LENGTH)
    many = name_codes([f"class {number}" for number in range(5000)])
    assert len(torch.unique(many, dim=0)) == 5000


def test_names_that_the_text_encoder_reads_as_one_are_told_apart() -> None:
    data = with_visual(make_data(base=4, new=2, noise=0.1))
    texts = data.text_features.copy()
    texts[1] = texts[0]
    data = replace(data, class_names=["part 4711", "part 4712", *data.class_names[2:]], text_features=texts)
    result = train(data)
    twins = data.test.labels < 2
    found = logits(result.adapter, data.test.features[twins], name_inputs(result.adapter, data.class_names, texts))
    assert (found[:, :2].argmax(1) == data.test.labels[twins]).all()
    without = train(data, options={VISUAL_HEAD: False})
    found = logits(without.adapter, data.test.features[twins], texts)
    np.testing.assert_allclose(found[:, 0], found[:, 1], atol=1e-4)


def test_codes_follow_the_name_in_any_order_and_company() -> None:
    data = with_visual(make_data())
    result = train(data)
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    found = logits(result.adapter, data.test.features, inputs)
    order = np.random.default_rng(0).permutation(8)
    names = [data.class_names[at] for at in order]
    moved = logits(result.adapter, data.test.features, name_inputs(result.adapter, names, data.text_features[order]))
    np.testing.assert_allclose(moved, found[:, order], atol=1e-3)
    few = logits(result.adapter, data.test.features, inputs[[5, 1]], context=inputs[[0, 2, 3]])
    np.testing.assert_allclose(few, found[:, [5, 1]], atol=1e-3)


# -------------------------------------------------------------------------------------- on every method


def data_for(spec: MethodSpec) -> TrainingData:
    data = with_visual(make_data(base=4, new=2, shots=4, validation=0, noise=0.5), noise=0.1)
    if spec.needs_encoder:
        return replace(data, encoder=FakeTower())
    return replace(data, projection=np.eye(DIM, dtype=np.float32)) if spec.needs_projection else data


@pytest.mark.parametrize("spec", WITH_HEAD, ids=lambda spec: spec.id)
def test_every_method_trains_with_a_head_and_comes_back_from_its_file(spec: MethodSpec, tmp_path: Path) -> None:
    data, options = data_for(spec), {**SMALL.get(spec.id, {}), VISUAL_HEAD: True}
    short = replace(spec.recipe, max_epochs=min(2, spec.recipe.max_epochs))
    result = train(data, spec.id, options, recipe=short)
    without = train(data, spec.id, {**options, VISUAL_HEAD: False}, recipe=short)
    assert result.evaluation.adapted.base.percent > without.evaluation.adapted.base.percent
    assert result.evaluation.adapted.base.percent > 95
    header = CheckpointHeader(
        spec.id,
        "starter",
        "0" * 12,
        DIM,
        data.logit_scale,
        tuple(zip(data.class_names, map(Role, data.roles), strict=True)),
        "a photo of a {}.",
        4,
        0,
        options=options,
        sizes=sizes_of(result.adapter, spec.id, options),
    )
    save(tmp_path / "a.safetensors", result.adapter, header)
    adapter, found = load(tmp_path / "a.safetensors")
    assert found.options[VISUAL_HEAD] is True
    assert {"classes", "row"} <= set(found.sizes)
    if isinstance(adapter, PromptLearner):
        adapter.attach(data.encoder)
    inputs = name_inputs(adapter, data.class_names, data.text_features)
    expected = logits(result.adapter, data.test.features, inputs)
    np.testing.assert_array_equal(logits(adapter, data.test.features, inputs), expected)
    said, again = (predict(one, data.test, data) for one in (result.adapter, adapter))
    np.testing.assert_array_equal(said.among_all, again.among_all)
    np.testing.assert_array_equal(said.confidence, again.confidence)
    with pytest.raises(ValueError, match=r"image features must be \(N, 44\)"):
        adapter(torch.zeros(2, DIM), torch.tensor(inputs))


def test_labels_that_nothing_explains_leave_an_order() -> None:
    """With names and pictures that say nothing, the likeliest is that all classes are equal; they must still differ."""
    draw = torch.Generator().manual_seed(0)
    rows, labels = torch.randn(12, 40, generator=draw), torch.arange(12) % 3
    fit = fit_head(rows, labels, -0.5 * functional.one_hot(labels, 3).float(), 30.0)
    assert fit.sharpness >= 0.01
