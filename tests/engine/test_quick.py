"""The default: its low-rank map against one of all of D x D, and the balance of its head."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.types import DEFAULT_METHOD, Role
from mma_desktop.engine.evaluation.metrics import name_inputs, predict
from mma_desktop.engine.methods import quick
from mma_desktop.engine.methods.adapter import MAX_BYTES, InnerProducts, Sizes, Start, build_adapter
from mma_desktop.engine.methods.method_table import QUICK, VISUAL_HEAD
from mma_desktop.engine.methods.quick import Quick, leading_directions
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import TrainingData
from tests.steps import run

from .cases import DIM, make_data, unit, with_visual


def start(classes: int = 3, shots: int = 2, dim: int = 12, seed: int = 0) -> Start:
    draw = np.random.default_rng(seed)
    names = unit(draw.normal(size=(classes, dim)))
    labels = np.repeat(np.arange(classes), shots)
    images = unit(names[labels] + unit(draw.normal(size=(1, dim))) + 0.2 * draw.normal(size=(len(labels), dim)))
    texts = torch.tensor(names)
    return Start(torch.tensor(images), torch.tensor(labels), texts, texts)


def descend(parameters: list[Tensor], loss_of, steps: int = 100) -> float:
    optimiser = torch.optim.LBFGS(parameters, max_iter=steps, line_search_fn="strong_wolfe", tolerance_change=1e-12)

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    optimiser.step(closure)
    return loss_of().item()


def whole_map(adapter: Quick) -> Tensor:
    """M (D, D)."""
    inside = adapter.basis @ adapter.image_map.detach() @ adapter.basis.T
    return torch.eye(adapter.embed_dim) + inside


@pytest.mark.parametrize("with_head", [True, False])
def test_rows_score_for_names_that_do_not_change_as_for_any(with_head: bool) -> None:
    data = with_visual(make_data(4, 3, 3, validation=0))
    data = replace(data, unlabelled=data.test.features[::2])
    adapter = train(data, options={VISUAL_HEAD: with_head}, transductive=with_head).adapter
    assert len(adapter.row_heads) == 2 * with_head
    order = [5, 1, 0, 6, 3]  # some are not asked for
    names = [*(data.class_names[at] for at in order), "heron"]
    texts = np.concatenate([data.text_features[order], unit(np.random.default_rng(1).normal(size=(1, DIM)))])
    inputs = torch.from_numpy(name_inputs(adapter, names, texts))
    rows = torch.from_numpy(data.test.features) * torch.linspace(0.1, 3, len(data.test)).unsqueeze(1)
    with torch.inference_mode():
        scorer = adapter.for_names(inputs)
        found, own = scorer(rows)
        torch.testing.assert_close(found, adapter(rows, inputs), atol=1e-4, rtol=1e-5)
        kept, images = InnerProducts(len(rows), rows[:, :DIM].norm(dim=1)), rows[:, :DIM]
        assert kept.hold(scorer.anchors)
        for part in (np.arange(5), np.array([3, 9, 4]), np.arange(len(rows))):
            again, _ = scorer(rows[torch.from_numpy(part)], kept.of(part, images[torch.from_numpy(part)]))
            torch.testing.assert_close(again, found[torch.from_numpy(part)], atol=1e-4, rtol=1e-5)
        beside = torch.from_numpy(np.random.default_rng(2).normal(size=(4, rows.shape[1]))).float()
        again, both = adapter.for_names(inputs, beside)(rows)
        torch.testing.assert_close(again, found)
    assert adapter.image_map.abs().max() > 0.01
    if adapter.head is None:
        assert own is both is None
    else:
        torch.testing.assert_close(own[:, [1, 2, 4]], adapter.head.scores(rows)[:, [1, 0, 3]])
        torch.testing.assert_close(both, torch.cat([own, rows @ beside.T], dim=1))


def test_inner_products_are_worked_out_once_with_digits_that_no_order_changes() -> None:
    draw = torch.Generator().manual_seed(0)
    images, anchors = torch.randn(50, DIM, generator=draw), torch.randn(40, DIM, generator=draw)
    every, nothing = np.arange(50), torch.full((50, DIM), torch.nan)
    whole, steps = InnerProducts(50, at_once=8), InnerProducts(50, at_once=8)
    assert whole.hold(anchors)
    found = whole.of(every, images).clone()
    for count in (3, 4, 20, 12, 40):
        assert steps.hold(anchors[:count])
        torch.testing.assert_close(steps.of(every, images), found[:count], atol=0, rtol=0)
        torch.testing.assert_close(steps.of(every, nothing), found[:count], atol=0, rtol=0)
    torch.testing.assert_close(found, anchors @ images.T)
    twice, parts = torch.cat([anchors, anchors[:3]]), InnerProducts(50, at_once=8)
    assert parts.hold(twice)
    for part in (every[[7, 3]], every[:9], every):
        torch.testing.assert_close(parts.of(part, images[part]), torch.cat([found, found[:3]])[:, part])
    torch.testing.assert_close(parts.of(every, nothing)[:40], found)
    for rows in (images[5:9], nothing[:4]):
        torch.testing.assert_close(whole.row_lengths(every[5:9], rows), images[5:9].norm(dim=1))
    assert not whole.hold(None)
    assert not InnerProducts(MAX_BYTES // 4 // 30).hold(anchors), "memory has a limit"


def test_it_is_the_default() -> None:
    assert DEFAULT_METHOD == QUICK


def test_its_share_and_penalty_are_those_that_were_measured() -> None:
    made = build_adapter(DEFAULT_METHOD, 12, 10.0, sizes=Sizes(rank=9))
    assert isinstance(made, Quick)
    assert (made.share, made.penalty) == (0.75, 0.1)  # bench_default.py


def test_by_hand() -> None:
    adapter = Quick(2, 10.0, Sizes(rank=2), share=0.5)
    with torch.no_grad():
        adapter.basis.copy_(torch.eye(2))
        adapter.image_map.copy_(torch.tensor([[-1.0, 1.0], [1.0, -1.0]]))
    # M swaps the two numbers: I = (1, 0) goes to (0, 1), half way (.5, .5)
    found = adapter(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.6, 0.8]]))
    assert found.item() == pytest.approx(10 * (0.6 + 0.8) / math.sqrt(2), rel=1e-6)


def test_the_loss_takes_the_map_whole_and_adds_the_penalty() -> None:
    given = start()
    adapter = Quick(12, 10.0, Sizes(rank=9), share=0.5, penalty=3.0)
    adapter.begin(given)
    with torch.no_grad():
        adapter.image_map.add_(0.1)
    whole = Quick(12, 10.0, Sizes(rank=9), share=1.0)
    whole.load_state_dict(adapter.state_dict())
    entropy = functional.cross_entropy(0.5 * whole(given.images, given.texts), given.labels)
    away = float((whole_map(adapter) - torch.eye(12)).square().sum())
    assert away == pytest.approx(81 * 0.01, rel=1e-4)
    expected = entropy.item() + 3.0 / 2 * 10 / 30 * away  # 2 shots a class, a logit scale of 10 instead of 30
    assert adapter.loss(*given[:3]).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("weights", [None, torch.tensor([1.0, 0.2, 3.0])])
def test_the_gradient_in_closed_form_is_that_of_autograd(weights: Tensor | None) -> None:
    given = start(shots=4)
    adapter = Quick(12, 30.0, Sizes(rank=7), penalty=0.5)  # less than the span
    adapter.begin(given)
    adapter.class_weights = weights
    with torch.no_grad():
        adapter.image_map.copy_(torch.randn(7, 7, generator=torch.Generator().manual_seed(0)))
    own = adapter.loss(*given[:3])
    moved = functional.normalize(given.images @ whole_map(adapter), dim=1)
    entropy = functional.cross_entropy(15.0 * moved @ given.texts.T, given.labels, weights)
    assert own.item() == pytest.approx(entropy.item() + 0.5 / 4 * adapter.image_map.square().sum().item(), rel=1e-5)
    own.backward()
    loss, gradient = adapter.closed_loss(*given[:3])(adapter.image_map.detach().flatten())
    assert loss.item() == pytest.approx(own.item(), rel=1e-6)
    torch.testing.assert_close(gradient, adapter.image_map.grad.flatten(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("classes", "shots"), [(3, 2), (4, 1), (5, 4)])
def test_the_map_in_the_span_is_that_of_all_dimensions(classes: int, shots: int) -> None:
    given = start(classes, shots)
    adapter = Quick(12, 30.0, Sizes(rank=min(12, classes + classes * shots)), penalty=0.1)
    adapter.begin(given)
    own = descend([adapter.image_map], lambda: adapter.loss(*given[:3]))
    images, texts = given.images.double(), given.texts.double()
    matrix = torch.eye(12, dtype=torch.float64, requires_grad=True)

    def loss() -> Tensor:
        moved = functional.normalize(images @ matrix, dim=-1)
        away = (matrix - torch.eye(12, dtype=torch.float64)).square().sum()
        return functional.cross_entropy(15.0 * moved @ texts.T, given.labels) + 0.1 / shots * away

    assert own == pytest.approx(descend([matrix], loss), rel=1e-4, abs=1e-6)
    torch.testing.assert_close(whole_map(adapter), matrix.detach().float(), atol=1e-3, rtol=0)
    assert float((whole_map(adapter) - torch.eye(12)).abs().max()) > 0.05


def test_images_move_as_far_at_another_logit_scale() -> None:
    given, found = start(4, 3), []
    for scale in (0.1, 0.4):  # so small that every name is about as likely
        adapter = Quick(12, scale, Sizes(rank=12), penalty=10.0)
        adapter.begin(given)
        descend([adapter.image_map], lambda adapter=adapter: adapter.loss(*given[:3]))
        found.append(whole_map(adapter) - torch.eye(12))
    assert float(found[0].norm()) > 0.05
    assert float((found[1] - found[0]).norm()) < 0.1 * float(found[0].norm())


def test_twenty_steps_are_enough() -> None:
    data = make_data(base=6, noise=0.4)
    given = Start(*map(torch.tensor, (data.shots.features, data.shots.labels, data.text_features[:6])), torch.zeros(0))
    events, result = run(lambda token: train(data, cancel=token))
    assert result.epochs == 20
    adapter = Quick(DIM, 30.0, result.adapter.sizes)
    adapter.begin(given)
    best = descend([adapter.image_map], lambda: adapter.loss(*given[:3]), 300)
    assert result.adapter.loss(*given[:3]).item() < best + 0.02 * (events[0].loss - best)


# -------------------------------------------------------------------------------------- the basis


def test_a_basis_is_orthonormal_and_holds_what_it_is_of() -> None:
    vectors = torch.tensor(unit(np.random.default_rng(0).normal(size=(6, 20))))
    basis = leading_directions(vectors, 6)
    torch.testing.assert_close(basis.T @ basis, torch.eye(6), atol=1e-5, rtol=0)
    torch.testing.assert_close(vectors @ basis @ basis.T, vectors, atol=1e-5, rtol=0)


@pytest.mark.parametrize("vectors", [torch.ones(5, 8), torch.zeros(5, 8), 1e-12 * torch.eye(5, 8)])
def test_a_basis_of_too_few_directions_is_padded_with_zeros(vectors: Tensor) -> None:
    basis = leading_directions(vectors, 5)
    assert torch.isfinite(basis).all()
    lengths = basis.norm(dim=0)
    assert bool(((lengths < 1e-6) | ((lengths - 1).abs() < 1e-4)).all())
    torch.testing.assert_close(vectors @ basis @ basis.T, vectors)


def test_the_strongest_directions_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    strong = draw.normal(size=(300, 4)) @ (5 * draw.normal(size=(4, 40)))
    vectors = torch.tensor(strong + 0.1 * draw.normal(size=(300, 40)), dtype=torch.float32)
    exact = leading_directions(vectors, 4)
    monkeypatch.setattr(quick, "MAX_EXACT_VECTORS", 10)
    iterated = leading_directions(vectors, 4)
    torch.testing.assert_close(iterated @ iterated.T, exact @ exact.T, atol=1e-3, rtol=0)
    assert torch.equal(leading_directions(vectors, 4), iterated)


# -------------------------------------------------------------------------------------- the balance


def accuracy(data: TrainingData, adapter: Quick) -> tuple[float, float]:
    """Per cent right among all names: the mean of both kinds of images, with the balance and without."""
    kept, found = adapter.head.balance.clone(), []
    base = data.classes_of(Role.BASE)
    for balance in (kept, torch.zeros(2)):
        adapter.head.balance.copy_(balance)
        said = predict(adapter, data.test, data)
        right, trained = said.among_all == said.labels, np.isin(said.labels, base)
        found.append(50 * (right[trained].mean() + right[~trained].mean()))
    adapter.head.balance.copy_(kept)
    return found[0], found[1]


def test_the_balance_helps_among_all_names() -> None:
    found = []
    for seed in range(3):
        data = with_visual(make_data(8, 8, 8, 0, 20, seed=seed, noise=0.3, shift=0.5), seed=seed)
        result = train(data)
        found.append(accuracy(data, result.adapter))
    with_it, without = np.mean(found, axis=0)
    assert with_it > without + 1, found


def test_the_balance_of_few_classes_and_shots_is_no_matter_of_chance() -> None:
    """Four classes have six halves, of two: the head of two classes scores every image higher than that of four."""
    gains = []
    for seed in range(8):
        data = with_visual(make_data(4, 4, 4, 0, 20, seed=seed, noise=0.3, shift=0.5), seed=seed)
        gains.append(np.subtract(*accuracy(data, train(data).adapter)))
    assert min(gains) > 0, gains
    assert np.mean(gains) > 2, gains


@pytest.mark.parametrize(("classes", "balanced"), [(2, False), (3, False), (8, True)])
def test_few_classes_leave_the_balance_at_zero(classes: int, balanced: bool) -> None:
    data = with_visual(make_data(base=classes, new=2, noise=0.3))
    result = train(data)
    assert bool(result.adapter.head.balance.any()) == balanced
    assert np.isfinite(result.predictions.confidence).all()


def test_without_a_head_there_is_nothing_to_balance() -> None:
    data = make_data()
    result = train(data, options={VISUAL_HEAD: False})
    assert result.adapter.head is None
    assert "basis" in result.adapter.state_dict()
    assert result.parameters == DIM**2  # fewer dimensions than shots and names
