"""CoOp, CoCoOp and ProDA over a small text encoder that can be worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.methods import prompt_learners
from mma_desktop.engine.methods.adapter import Adapter, Sizes, Start, build_adapter
from mma_desktop.engine.methods.prompt_learners import CoCoOp, CoOp, ProDa, PromptLearner, upper_bound

DIM, WIDTH, LENGTH, MARK = 32, 6, 48, 100
SCALE = 10.0
NAMES = ["cat", "grand_piano", "lemon", "red car"]
METHODS = {"coop": {"context": 3}, "cocoop": {}, "proda": {"prompts": 8, "context": 4}}


class FakeTower:
    """Words are numbered by their letters; a text's feature is a projection of the place-weighted sum of vectors."""

    width = WIDTH

    def __init__(self, dim: int = DIM) -> None:
        draw = torch.Generator().manual_seed(0)
        self.table = 0.1 * torch.randn(MARK + 1, WIDTH, generator=draw)
        self.table[0] = 0
        self.projection = torch.randn(WIDTH, dim, generator=draw)
        self.weights = 1 + torch.rand(LENGTH, generator=draw)
        self.batches: list[int] = []
        self.texts: list[str] = []

    def tokens(self, texts: Sequence[str]) -> Tensor:
        self.texts = list(texts)
        out = torch.zeros(len(texts), LENGTH, dtype=torch.int64)
        for row, text in zip(out, texts, strict=True):
            numbers = [MARK if word == "*" else 1 + sum(map(ord, word.strip("."))) % 99 for word in text.split()]
            row[: len(numbers)] = torch.tensor(numbers)
        return out

    def embed(self, text: str) -> Tensor:
        return self.table[self.tokens([text])[0, : len(text.split())]]

    def encode(self, tokens: Tensor, context: Tensor) -> Tensor:
        self.batches.append(len(tokens))
        places = (tokens == MARK).unsqueeze(-1)
        assert bool((places.sum(1) == context.shape[1]).all())
        filled = self.table[tokens].masked_scatter(places, context.expand(len(tokens), -1, -1))
        summed = torch.einsum("nlw,l->nw", filled, self.weights)
        return functional.normalize(torch.tanh(summed @ self.projection), dim=-1)


def make(method: str, seed: int = 0, tower: FakeTower | None = None, **options: object) -> Adapter:
    chosen = {**METHODS[method], **options}
    adapter = build_adapter(method, DIM, SCALE, chosen, seed=seed, sizes=Sizes(width=WIDTH))
    adapter.attach(tower or FakeTower())
    return adapter


def images(count: int = 5, seed: int = 1) -> Tensor:
    return functional.normalize(torch.randn(count, DIM, generator=torch.Generator().manual_seed(seed)), dim=-1)


def begun(adapter: Adapter) -> tuple[Adapter, Tensor]:
    inputs = adapter.name_inputs(NAMES)
    adapter.begin(Start(images(), torch.tensor([0, 1, 2, 3, 0]), inputs, images(4, 2)))
    return adapter, inputs


@pytest.mark.parametrize(
    ("method", "options", "count"),
    [
        ("coop", {}, 4 * 512),
        ("coop", {"context": 16}, 16 * 512),
        ("cocoop", {}, 35_360),
        ("proda", {}, 32 * 16 * 512),
    ],
)
def test_parameter_counts(method, options, count):
    adapter = build_adapter(method, 512, 100.0, options, sizes=Sizes(width=512))
    assert adapter.parameter_count() == count
    assert sum(one.numel() for one in adapter.state_dict().values()) == count
    assert isinstance(adapter, PromptLearner)


@pytest.mark.parametrize("method", METHODS)
def test_built_on_the_meta_device_with_the_same_shapes(method):
    real = make(method).state_dict()
    with torch.device("meta"):
        shapes = build_adapter(method, DIM, SCALE, METHODS[method], sizes=Sizes(width=WIDTH)).state_dict()
    assert {name: one.shape for name, one in real.items()} == {name: one.shape for name, one in shapes.items()}
    assert all(one.is_meta for one in shapes.values())


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_same_start(method):
    first, second, other = (begun(make(method, seed))[0].state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)
    if method != "cocoop":
        assert float(first["context"].std()) == pytest.approx(0.02, rel=0.4)


@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_width(method):
    with pytest.raises(UserError, match="does not fit this backbone"):
        build_adapter(method, DIM, SCALE)
    with pytest.raises(UserError, match="fewer than 16"):
        build_adapter("cocoop", 8, SCALE, sizes=Sizes(width=WIDTH))


def test_prompts():
    assert make("coop").prompts("grand_piano") == ["* * * grand piano."]
    assert make("cocoop").prompts("M*A*S*H {}") == ["* * * * M A S H {}."]
    assert make("proda").prompts("cat") == ["* * * * cat.", "* * cat * * .", "cat * * * * ."]
    assert make("proda", context=1).prompts("cat") == ["* cat.", "cat * .", "cat * ."]
    assert make("proda").layout == [0, 0, 0, 0, 1, 1, 2, 2]
    assert make("proda", prompts=2).layout == [0, 0]
    assert build_adapter("proda", DIM, SCALE, sizes=Sizes(width=WIDTH)).layout == [0] * 16 + [1] * 8 + [2] * 8


@pytest.mark.parametrize("method", METHODS)
def test_names_are_their_token_numbers(method):
    adapter = make(method)
    inputs = adapter.name_inputs(NAMES)
    count = len(adapter.prompts("x"))
    assert (inputs.dtype, inputs.shape) == (torch.float32, (4, count * LENGTH))
    expected = adapter.tower.tokens(adapter.prompts("lemon"))
    assert torch.equal(inputs[2].reshape(count, LENGTH).long(), expected)
    logits = adapter(images(), inputs)
    assert logits.shape == (5, 4)
    torch.testing.assert_close(adapter(7 * images(), inputs[[2, 0]]), logits[:, [2, 0]])
    with pytest.raises(ValueError, match="image features"):
        adapter(images()[:, 1:], inputs)
    with pytest.raises(ValueError, match="token numbers"):
        adapter(images(), inputs[0])
    with pytest.raises(ValueError, match="token numbers"):
        adapter(images(), inputs[:, :0])


def test_coop_by_hand():
    adapter, inputs = begun(make("coop"))
    tower = adapter.tower
    vectors = [*adapter.context[0], *tower.embed("grand piano")]
    summed = sum(weight * vector for weight, vector in zip(tower.weights, vectors, strict=False))
    feature = torch.tanh(summed @ tower.projection)
    expected = SCALE * functional.cosine_similarity(images(), feature[None])
    torch.testing.assert_close(adapter(images(), inputs)[:, 1], expected)


def test_coop_starts_from_words_if_there_are_as_many_vectors():
    adapter, _ = begun(make("coop", context=4))
    torch.testing.assert_close(adapter.context[0].detach(), adapter.tower.embed("a photo of a"))
    other, _ = begun(make("coop", seed=1, context=4))
    assert torch.equal(other.context, adapter.context)


def test_cocoop_by_hand():
    adapter, inputs = begun(make("cocoop"))
    tower = adapter.tower
    torch.testing.assert_close(adapter.context[0].detach(), tower.embed("a photo of a"))
    image = images()[2]
    hidden = torch.relu(adapter.meta[0].weight @ image + adapter.meta[0].bias)
    moved = adapter.context[0] + adapter.meta[2].weight @ hidden + adapter.meta[2].bias
    summed = sum(weight * one for weight, one in zip(tower.weights, [*moved, *tower.embed("lemon")], strict=False))
    feature = torch.tanh(summed @ tower.projection)
    expected = SCALE * functional.cosine_similarity(image, feature, dim=0)
    torch.testing.assert_close(adapter(images(), inputs)[2, 2], expected)


def test_proda_predicts_with_the_mean_of_all_prompts():
    adapter, inputs = begun(make("proda"))
    tower = adapter.tower
    features = []
    for vectors, kind in zip(adapter.context, adapter.layout, strict=True):
        text = adapter.prompts("lemon")[kind]
        features.append(tower.encode(tower.tokens([text]), vectors[None])[0])
    mean = functional.normalize(torch.stack(features).mean(0), dim=0)
    torch.testing.assert_close(adapter(images(), inputs)[:, 2], SCALE * images() @ mean)


def test_prodas_bound_by_hand():
    # Two prompts, one image of class 0, two classes: what class 1 is above class 0 is -1 and 3, so its variance is 4.
    logits = torch.tensor([[[2.0, 1.0]], [[0.0, 3.0]]])
    bound = upper_bound(logits, torch.tensor([0]))
    torch.testing.assert_close(bound, torch.tensor([[1.0, 2.0 + 2.0]]))
    loss = functional.cross_entropy(bound, torch.tensor([0]))
    assert float(loss) == pytest.approx(math.log(1 + math.exp(3.0)))


def test_prodas_bound_is_above_the_expected_loss():
    draw = torch.Generator().manual_seed(0)
    logits, targets = torch.randn(50, 3, 4, generator=draw), torch.tensor([0, 3, 1])
    bound = functional.cross_entropy(upper_bound(logits, targets), targets)
    assert float(bound) > float(torch.stack([functional.cross_entropy(one, targets) for one in logits]).mean())


def test_prodas_loss_by_hand_and_repeatable(monkeypatch):
    adapter, inputs = begun(make("proda"))
    x, targets = images(), torch.tensor([0, 1, 2, 3, 0])
    collection, drawn = adapter.collection, []
    monkeypatch.setattr(adapter, "collection", lambda texts, of: drawn.append(of) or collection(texts, of))
    losses = [adapter.loss(x, targets, inputs).item() for _ in range(3)]
    chosen = drawn[0]
    assert len(set(chosen.tolist()) & set(range(8))) == 4
    features = collection(inputs.long().reshape(4, 3, LENGTH), chosen)
    assert features.shape == (4, 4, DIM)
    logits = torch.stack([SCALE * x @ one.T for one in features])
    tower = adapter.tower
    bare = tower.tokens(["* * * * ."])
    plain = torch.cat([tower.encode(bare, adapter.context[one][None]) for one in chosen])
    likeness = sum(abs(plain[a] @ plain[b]) for a in range(4) for b in range(4) if a != b) / 12
    expected = functional.cross_entropy(upper_bound(logits, targets), targets) + 0.1 * likeness
    assert losses[0] == pytest.approx(expected.item(), rel=1e-5)
    assert len(set(losses)) > 1, "each step draws other prompts"
    begun(adapter)
    assert [adapter.loss(x, targets, inputs).item() for _ in range(3)] == losses
    assert begun(make("proda"))[0].loss(x, targets, inputs).item() == losses[0]


@pytest.mark.parametrize("method", METHODS)
def test_gradients_reach_everything_that_is_trained(method):
    adapter, inputs = begun(make(method, **({"prompts": 4} if method == "proda" else {})))
    adapter.loss(images(), torch.tensor([0, 1, 2, 3, 0]), inputs).backward()
    for name, parameter in adapter.named_parameters():
        assert parameter.grad is not None, name
        assert float(parameter.grad.abs().sum()) > 0, name
    assert adapter.tower.table.grad is None


@pytest.mark.parametrize("method", METHODS)
def test_a_short_training_lowers_the_loss(method):
    adapter, inputs = begun(make(method))
    x = images(12)
    targets = torch.arange(12) % 4
    optimiser = torch.optim.SGD(adapter.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(40):
        loss = adapter.train().loss(x, targets, inputs)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-5:]) < 0.96 * sum(losses[:5])


@pytest.mark.parametrize("method", ["coop", "proda"])
def test_text_features_are_kept_between_batches_and_no_longer(method):
    adapter, inputs = begun(make(method))
    adapter.eval()
    batches = adapter.tower.batches
    with torch.inference_mode():
        first = adapter(images(), inputs)
        count = len(batches)
        assert torch.equal(adapter(images(), inputs), first)
        adapter(images(3), inputs.clone())
        assert len(batches) == count
        adapter(images(), inputs[:2])
        assert len(batches) > count
    with torch.no_grad():
        adapter.context.data.copy_(adapter.context + 1)  # past the version counter
    with torch.inference_mode():
        moved = adapter(images(), inputs[:2])
    assert not torch.equal(moved, first[:, :2])
    count = len(batches)
    adapter(images(), inputs[:2])  # with gradients
    adapter.train()
    with torch.no_grad():
        adapter(images(), inputs[:2])
    assert len(batches) >= count + 2
    adapter.eval().load_state_dict(make(method).state_dict())
    with torch.inference_mode():
        torch.testing.assert_close(adapter(images(), inputs), first)
        other = FakeTower()
        adapter.attach(other)
        adapter(images(), inputs)
    assert other.batches


@pytest.mark.parametrize("method", METHODS)
def test_memory_is_bounded_and_the_gradient_the_same(method, monkeypatch):
    adapter, inputs = begun(make(method))
    targets = torch.tensor([0, 1, 2, 3, 0])

    def gradients() -> tuple[Tensor, list[Tensor]]:
        begun(adapter)
        adapter.zero_grad()
        adapter.loss(images(), targets, inputs).backward()
        with torch.inference_mode():
            return adapter(images(), inputs), [one.grad.clone() for one in adapter.parameters()]

    whole = gradients()
    monkeypatch.setattr(prompt_learners, "AT_ONCE", 3)
    monkeypatch.setattr(prompt_learners, "AT_ONCE_LEARNING", 3)
    adapter.tower.batches.clear()
    parts = gradients()
    assert max(adapter.tower.batches) <= 4 if method == "proda" else max(adapter.tower.batches) <= 3
    torch.testing.assert_close(parts, whole)


def test_the_encoder_is_no_part_of_the_adapter():
    adapter = make("coop")
    adapter.attach(torch.nn.Linear(2, 2))
    assert list(adapter.state_dict()) == ["context"]
    assert list(adapter.children()) == []


def test_trained_in_front_of_the_starter():
    backbone = load_backbone(STARTER_ID, device="cpu")
    tower = backbone.text_tower()
    sizes = Sizes(width=tower.width)
    x = torch.from_numpy(backbone.encode_texts(["a picture of a cat", "a picture of a dog", "a grand piano"]))
    for method in ("coop", "cocoop", "proda"):
        options = {"coop": {"context": 4}, "proda": {"prompts": 4, "context": 4}}.get(method, {})
        adapter = build_adapter(method, backbone.embed_dim, 3.0, options, sizes=sizes)
        adapter.attach(tower)
        inputs = adapter.name_inputs(["cat", "dog", "grand_piano"])
        targets = torch.arange(3)
        adapter.begin(Start(x, targets, inputs, x))
        optimiser = torch.optim.SGD(adapter.parameters(), lr=2e-3, momentum=0.9)
        losses = []
        for _ in range(4):
            loss = adapter.loss(x, targets, inputs)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
        assert losses[-1] < losses[0], method
        with torch.inference_mode():
            assert adapter.eval()(x, inputs).argmax(1).tolist() == [0, 1, 2]


def test_classes():
    assert (CoOp.live_images, CoCoOp.live_images, ProDa.live_images) == (4096, 16, 4096)
