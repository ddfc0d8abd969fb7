"""The methods beside the Multi-Modal Adapter: parameter counts, forward passes by hand, starts, gradients, training."""

from __future__ import annotations

import copy
import inspect
import math
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Recipe, Role, TrainRequest
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.evaluation.metrics import logits
from mma_desktop.engine.methods import method_table
from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start, ZeroShot, build_adapter
from mma_desktop.engine.methods.method_table import METHODS, VISUAL_HEAD, MethodSpec, Optimiser, find_method
from mma_desktop.engine.methods.optimiser import ScheduledOptimiser
from mma_desktop.engine.methods.quick import Quick
from mma_desktop.engine.methods.small_adapters import Clap, ClipAdapter, IdentityAdapter, ProLip, TaskRes, TipAdapter
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet
from tests.steps import run

from .cases import DIM, make_data

TRAINED = [spec for spec in METHODS if spec.trains and not spec.needs_encoder and not spec.needs_projection]
BY_FEATURES = [spec for spec in TRAINED if not spec.is_probe]
SIZES = Sizes(classes=3, shots=6, row=16, rank=8)
WITH_WEIGHTS = [spec for spec in BY_FEATURES if list(build_adapter(spec.id, 16, 30.0, sizes=SIZES).parameters())]


def unit(rows: int, dim: int, seed: int) -> Tensor:
    return functional.normalize(torch.randn(rows, dim, generator=torch.Generator().manual_seed(seed)), dim=-1)


def start(dim: int = 8, projection: Tensor | None = None) -> Start:
    images = unit(6, dim if projection is None else len(projection), 1)
    names = unit(3, dim, 2)
    return Start(images, torch.tensor([0, 0, 1, 1, 2, 2]), names, names, projection)


def begun(adapter: Adapter, projection: Tensor | None = None) -> tuple[Adapter, Start]:
    given = start(adapter.embed_dim, projection)
    adapter.begin(given)
    return adapter, given


# -------------------------------------------------------------------------------------- by the table


@pytest.mark.parametrize(
    ("method", "sizes", "count"),
    [
        ("quick", Sizes(rank=170), 170 * 170),
        ("multi-modal-adapter", Sizes(), 107_712),
        ("clip-adapter", Sizes(), 2 * 512 * 128),
        ("identity-adapter", Sizes(), 512 * 512),
        ("prolip", Sizes(before=768), 768 * 512),
        ("tip-adapter-f", Sizes(classes=10, shots=160), 160 * 512),
        ("task-res", Sizes(classes=10), 10 * 512),
        ("clap", Sizes(classes=10), 10 * 512),
        ("linear-probe", Sizes(classes=10, row=512, before=512), 10 * (512 + 1)),
        ("zero-shot", Sizes(), 0),
    ],
)
def test_parameter_counts(method: str, sizes: Sizes, count: int) -> None:
    probe = find_method(method).is_probe
    assert build_adapter(method, 512, 100.0, sizes=sizes, trained=probe).parameter_count() == count


@pytest.mark.parametrize("spec", METHODS, ids=lambda spec: spec.id)
def test_table_and_class_say_the_same(spec: MethodSpec) -> None:
    module, name = spec.adapter.split(".")
    kind = getattr(import_module(f"mma_desktop.engine.methods.{module}"), name)
    parameters = inspect.signature(kind).parameters.values()
    options = {option.name: option.default for option in spec.options if option.name != VISUAL_HEAD}
    keywords = {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}
    assert options == keywords, "an option of the row is a keyword-only argument of the class, with the same default"


def test_the_visual_head_is_on_for_the_default_and_off_for_what_was_published() -> None:
    offered = {spec.id: one.default for spec in METHODS for one in spec.options if one.name == VISUAL_HEAD}
    assert [method for method, on in offered.items() if on] == ["quick"]
    assert {spec.id for spec in METHODS} - set(offered) == {"linear-probe", "zero-shot"}


def test_a_method_is_found_by_its_former_name() -> None:
    assert find_method("multi-modal-adapter-plus").id == "quick"
    assert TrainRequest("multi-modal-adapter-plus") == TrainRequest("quick")
    with pytest.raises(UserError, match="no method called 'multi-modal-adapter-pus'"):
        find_method("multi-modal-adapter-pus")


def test_every_method_says_what_it_follows() -> None:
    assert len({spec.id for spec in METHODS}) == len({spec.title for spec in METHODS}) == len(METHODS)
    for spec in METHODS:
        assert spec.summary.endswith(".")
        assert "20" in spec.source, "the source names the year of its paper"
        assert set(spec.sizes) <= set(Sizes.__dataclass_fields__)


# -------------------------------------------------------------------------------------- by hand


def test_clip_adapter_by_hand() -> None:
    adapter = ClipAdapter(4, 10.0, share=0.2)
    with torch.no_grad():
        adapter.down.weight.copy_(torch.tensor([[1.0, 2.0, 0.0, 0.0]]))
        adapter.up.weight.copy_(torch.tensor([[1.0], [-1.0], [2.0], [0.0]]))
    image = torch.tensor([[0.6, 0.8, 0.0, 0.0]])
    mixed = np.array([0.2 * 2.2 + 0.8 * 0.6, 0.8 * 0.8, 0.2 * 4.4, 0.0])  # relu drops the negative part
    expected = 10 * mixed / np.linalg.norm(mixed)
    assert adapter(image, torch.eye(4)).detach().numpy()[0] == pytest.approx(expected, rel=1e-5)


def test_tip_adapter_by_hand() -> None:
    adapter = TipAdapter(2, 50.0, Sizes(classes=2, shots=2))
    images = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    texts = torch.tensor([[0.8, 0.6], [0.0, 1.0]])
    adapter.begin(Start(images, torch.tensor([0, 1]), texts, texts))
    asked = torch.tensor([[0.0, 1.0]])
    votes = [math.exp(-5.5 * (1 - 0.0)), math.exp(-5.5 * (1 - 0.8))]
    expected = [50 * 0.6 + 0.5 * votes[0], 50 * 1.0 + 0.5 * votes[1]]  # alpha 1 goes with the scale: 50 / 100
    assert adapter(asked, texts)[0].tolist() == pytest.approx(expected, rel=1e-5)
    assert adapter(asked, texts.flip(0))[0].tolist() == pytest.approx(expected[::-1], rel=1e-5)


def test_tip_adapter_chooses_its_weights_on_validation() -> None:
    adapter = TipAdapter(2, 100.0, Sizes(classes=2, shots=2))
    texts = functional.normalize(torch.tensor([[1.0, 0.1], [1.0, -0.1]]), dim=-1)
    images = torch.tensor([[0.0, 1.0], [0.0, -1.0]])
    adapter.begin(Start(images, torch.tensor([1, 0]), texts, texts))  # the names lie the wrong way round
    assert adapter(images, texts).argmax(1).tolist() == [0, 1]
    adapter.finish(images, torch.tensor([0, 1]), texts)
    assert adapter(images, texts).argmax(1).tolist() == [0, 1]
    adapter.finish(images, torch.tensor([1, 0]), texts)
    assert adapter.weights[0] > 1


def test_task_res_by_hand() -> None:
    adapter = TaskRes(2, 10.0, Sizes(classes=2), scale=0.5)
    texts = torch.eye(2)
    adapter.begin(Start(texts, torch.tensor([0, 1]), texts, texts))
    with torch.no_grad():
        adapter.residual.copy_(torch.tensor([[0.0, 2.0], [0.0, 0.0]]))
    found = adapter(torch.tensor([[0.6, 0.8]]), texts)[0].tolist()
    assert found == pytest.approx([10 * 1.4 / math.sqrt(2), 8.0], rel=1e-6)


def test_clap_by_hand() -> None:
    adapter = Clap(2, 2.0, Sizes(classes=2))
    texts, images = torch.eye(2), torch.tensor([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    labels = torch.tensor([0, 0, 1])
    adapter.begin(Start(images, labels, texts, texts))

    def right(own: float, other: float) -> float:
        return math.exp(2 * own) / (math.exp(2 * own) + math.exp(2 * other))

    trust = [(right(1, 0) + right(0.6, 0.8)) / 2, right(1, 0)]
    assert adapter.trust.tolist() == pytest.approx(trust, rel=1e-5)
    with torch.no_grad():
        adapter.prototypes.add_(torch.tensor([[0.0, 1.0], [2.0, 0.0]]))
    entropy = functional.cross_entropy(adapter(images, texts), labels).item()
    assert adapter.loss(images, labels, texts).item() == pytest.approx(entropy + (trust[0] * 1 + trust[1] * 4) / 2)


def test_prolip_by_hand() -> None:
    projection = torch.tensor([[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    adapter = ProLip(2, 10.0, Sizes(before=3, start=2), penalty=4.0)
    images, texts, labels = torch.tensor([[1.0, 0.0, 0.6, 0.8, 0.0]]), torch.eye(2), torch.tensor([0])
    adapter.begin(Start(images, labels, texts, texts, projection))
    length = math.hypot(1.2, 0.8)
    assert adapter(images, texts)[0].tolist() == pytest.approx([12 / length, 8 / length], rel=1e-6)
    with torch.no_grad():
        adapter.projection[2, 1] += 3.0
    entropy = functional.cross_entropy(adapter(images, texts), labels).item()
    assert adapter.loss(images, labels, texts).item() == pytest.approx(entropy + 4.0 / 0.5 * 9.0)  # 1 shot, 2 classes


def test_squared_distance_from_the_identity() -> None:
    draw = torch.Generator().manual_seed(0)
    matrix, images = torch.randn(7, 7, generator=draw), torch.randn(4, 7, generator=draw)
    texts, labels = torch.randn(3, 7, generator=draw), torch.tensor([0, 1, 2, 0])
    held, free = IdentityAdapter(7, 30.0, penalty=2.0), IdentityAdapter(7, 30.0, penalty=0.0)
    for adapter in (held, free):
        adapter.image_map.data.copy_(matrix)
    away = (held.loss(images, labels, texts) - free.loss(images, labels, texts)).item()
    assert away == pytest.approx(2.0 * (matrix - torch.eye(7)).square().sum().item(), rel=1e-5)


# -------------------------------------------------------------------------------------- starts, gradients, new names


@pytest.mark.parametrize(
    "adapter",
    [Quick(8, 30.0, SIZES), IdentityAdapter(8, 30.0), TaskRes(8, 30.0, SIZES), Clap(8, 30.0, SIZES)],
    ids=lambda one: type(one).__name__,
)
def test_starts_at_zero_shot(adapter: Adapter) -> None:
    adapter, given = begun(adapter)
    torch.testing.assert_close(adapter(given.images, given.texts), ZeroShot(8, 30.0)(given.images, given.texts))


def test_prolip_starts_at_zero_shot() -> None:
    projection = torch.randn(12, 8, generator=torch.Generator().manual_seed(3))
    adapter, given = begun(ProLip(8, 30.0, Sizes(before=12)), projection)
    plain = ZeroShot(8, 30.0)(given.images @ projection, given.texts)
    torch.testing.assert_close(adapter(given.images, given.texts), plain)


@pytest.mark.parametrize("spec", WITH_WEIGHTS, ids=lambda spec: spec.id)
def test_gradients_reach_exactly_what_is_trained(spec) -> None:
    adapter, given = begun(build_adapter(spec.id, 16, 30.0, sizes=SIZES))
    adapter.loss(*given[:3]).backward()
    trained = dict(adapter.named_parameters())
    for name, parameter in trained.items():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name
    assert given.images.grad is None
    assert given.texts.grad is None
    was = {name: value.detach().clone() for name, value in trained.items()}
    buffers = dict(adapter.named_buffers())
    before = {name: value.clone() for name, value in buffers.items()}
    ScheduledOptimiser(adapter, spec.optimiser, spec.recipe, 1).step(lambda: adapter.loss(*given[:3]))
    assert all(torch.equal(buffers[name], value) for name, value in before.items())
    assert all(not torch.equal(value, trained[name]) for name, value in was.items())


@pytest.mark.parametrize("method", ["tip-adapter-f", "task-res", "clap"])
def test_what_belongs_to_a_class_follows_its_name_and_leaves_new_names_alone(method: str) -> None:
    data = make_data()
    result = train(data, method, seed=1)
    test, names = data.test.features, data.text_features
    found = logits(result.adapter, test, names)
    order = np.random.default_rng(0).permutation(len(names))
    np.testing.assert_allclose(logits(result.adapter, test, names[order]), found[:, order], rtol=1e-4, atol=1e-4)
    new = data.classes_of(Role.NEW)
    plain = logits(ZeroShot(DIM, data.logit_scale), test, names)
    np.testing.assert_allclose(found[:, new], plain[:, new], rtol=1e-4, atol=1e-4)
    assert not np.allclose(found[:, data.classes_of(Role.BASE)], plain[:, data.classes_of(Role.BASE)], atol=0.1)
    assert result.evaluation.adapted.new == result.evaluation.zero_shot.new


# -------------------------------------------------------------------------------------- training


@pytest.mark.parametrize("spec", TRAINED, ids=lambda spec: spec.id)
def test_every_method_learns_the_base_classes_and_repeats(spec) -> None:
    data = make_data(noise=0.15)
    recipe = replace(spec.recipe, max_epochs=50) if spec.recipe.patience else spec.recipe
    events, result = run(lambda token: train(data, spec.id, recipe=recipe, seed=3, cancel=token))
    again = train(data, spec.id, recipe=recipe, seed=3)
    first, second = result.adapter.state_dict(), again.adapter.state_dict()
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    assert result.evaluation.adapted.base.percent > result.evaluation.zero_shot.base.percent
    assert events[-1].epoch == result.epochs
    if spec.recipe.patience == 0:
        assert result.best_epoch == result.epochs == spec.recipe.max_epochs
        assert len(events) <= 2 * 50
        assert not any(event.best_epoch for event in events)  # none is chosen


@pytest.mark.parametrize("spec", TRAINED, ids=lambda spec: spec.id)
def test_every_method_can_be_measured_with_shots_alone(spec) -> None:
    data = make_data(validation=0, test=0, shots=8, base=3, new=1)
    short = replace(spec.recipe, max_epochs=min(5, spec.recipe.max_epochs))
    events, result = run(lambda token: train(data, spec.id, recipe=short, cancel=token))
    assert result.of_shots
    assert result.evaluation.base_by == ("leave-one-out" if spec.left_out else "cross-validation")
    assert ({event.phase for event in events} == {"train"}) == spec.left_out
    assert result.evaluation.adapted.base.n == 24


@pytest.mark.parametrize("spec", BY_FEATURES, ids=lambda spec: spec.id)
def test_without_its_head_a_method_is_measured_by_cross_validation_too(spec) -> None:
    data = make_data(validation=0, test=0, shots=8, base=3, new=1)
    short = replace(spec.recipe, max_epochs=2)
    result = train(data, spec.id, {VISUAL_HEAD: False}, recipe=short)
    assert result.adapter.head is None
    assert result.evaluation.base_by == "cross-validation"
    assert result.evaluation.adapted.base.n == 24


def test_a_method_without_weights_needs_no_recipe_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    row = MethodSpec("means", "Means", "The means of the shots.", "adapter.ZeroShot", "2013")
    assert row.recipe.patience > 0
    monkeypatch.setattr(method_table, "METHODS", (*METHODS, row))
    data = make_data(validation=0, test=0, shots=8, base=3, new=1)
    result = train(data, "means")
    assert (result.epochs, result.evaluation.base_by) == (1, "cross-validation")
    assert result.evaluation.adapted.base.n == 24


def test_what_a_method_needs_and_does_not_have_is_said() -> None:
    data = make_data()
    with pytest.raises(UserError, match="text encoder"):
        train(data, "coop")
    with pytest.raises(UserError, match="before the visual projection"):
        train(data, "prolip")


def test_prolip_trains_on_the_features_before_the_projection() -> None:
    plain = make_data(noise=0.25)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(DIM, DIM)))[0].astype(np.float32)

    def rows(part: FeatureSet) -> FeatureSet:
        return FeatureSet(np.hstack([part.features, part.features @ turn.T]), part.labels)

    data = replace(
        plain,
        shots=rows(plain.shots),
        validation=rows(plain.validation),
        test=rows(plain.test),
        projection=turn,
        layout=RowLayout(DIM, 2 * DIM, (DIM, 2 * DIM)),
    )
    result = train(data, "prolip")
    zero_shot = train(plain, "zero-shot")
    assert result.evaluation.zero_shot == zero_shot.evaluation.zero_shot
    assert result.evaluation.adapted.base.percent > zero_shot.evaluation.zero_shot.base.percent
    assert (result.adapter.sizes.start, result.adapter.sizes.before) == (DIM, DIM)
    found = logits(result.adapter, data.test.features, data.text_features)
    other = np.hstack([np.zeros_like(plain.test.features), data.test.features[:, DIM:]])
    np.testing.assert_array_equal(logits(result.adapter, other, data.text_features), found)  # it reads nothing else


def test_cosine_and_warm_up() -> None:
    spec = find_method("task-res")
    steps = ScheduledOptimiser(torch.nn.Linear(2, 2), spec.optimiser, spec.recipe, steps=4)
    assert [steps.rate(step) for step in range(4)] == [1e-5] * 4
    assert steps.rate(4) == pytest.approx(2e-3)
    assert steps.rate(4 + 198) == pytest.approx(1e-3)
    assert steps.rate(400) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("sgd", lambda weights, rate, decay: torch.optim.SGD(weights, lr=rate, momentum=0.9, weight_decay=decay)),
        ("adam", lambda weights, rate, decay: torch.optim.Adam(weights, lr=rate, weight_decay=decay)),
        ("adamw", lambda weights, rate, decay: torch.optim.AdamW(weights, lr=rate, eps=1e-4, weight_decay=decay)),
    ],
)
def test_steps_are_those_of_the_optimisers_of_torch(kind: str, own) -> None:
    recipe = Recipe(learning_rate=0.03, weight_decay=0.1, max_epochs=5)
    torch.manual_seed(0)
    ours = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3))
    theirs = copy.deepcopy(ours)
    ours[0].bias.requires_grad_(False)
    theirs[0].bias.requires_grad_(False)
    steps = ScheduledOptimiser(ours, Optimiser(kind, "cosine"), recipe, steps=4)
    optimiser = own([one for one in theirs.parameters() if one.requires_grad], recipe.learning_rate, 0.1)
    for step in range(12):
        inputs = torch.randn(7, 6, generator=torch.Generator().manual_seed(step))
        optimiser.param_groups[0]["lr"] = steps.rate(step)
        optimiser.zero_grad()
        theirs(inputs).square().sum().backward()
        optimiser.step()
        steps.step(lambda inputs=inputs: ours(inputs).square().sum())
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)


def test_lbfgs_reaches_what_torch_reaches() -> None:
    draw = torch.Generator().manual_seed(0)
    inputs, targets = torch.randn(40, 6, generator=draw), torch.randint(3, (40,), generator=draw)
    ours = torch.nn.Linear(6, 3)
    theirs = copy.deepcopy(ours)

    def loss(layer: torch.nn.Linear) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(layer(inputs), targets) + 0.01 * layer.weight.square().sum()

    optimiser = torch.optim.LBFGS(theirs.parameters(), max_iter=50, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        found = loss(theirs)
        found.backward()
        return found

    optimiser.step(closure)
    steps = ScheduledOptimiser(ours, Optimiser("lbfgs"), Recipe(), steps=1)
    losses = [float(steps.step(lambda: loss(ours))) for _ in range(30)]
    assert losses == sorted(losses, reverse=True)
    assert float(loss(ours).detach()) == pytest.approx(float(loss(theirs).detach()), abs=1e-5)


def test_a_weight_without_a_gradient_stays() -> None:
    layers = torch.nn.ModuleList([torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)])
    before = layers[1].weight.detach().clone()
    steps = ScheduledOptimiser(layers, Optimiser("adamw"), Recipe(weight_decay=0.5), steps=1)
    steps.step(lambda: layers[0](torch.ones(1, 2)).sum())
    assert torch.equal(layers[1].weight, before)
