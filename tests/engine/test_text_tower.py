"""Learned vectors inside a text: the features of the ordinary encoder, gradients to the vectors alone."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.starter import StarterBackbone, load_image_model, load_space
from mma_desktop.engine.backbones.text_tower import TextParts, TextTower
from tests.engine.test_backbones import SmallBackbone
from tests.small_open_clip import TINY, architectures, write_weights

TEXTS = ["* * * cat.", "* * * grand piano, on a stage.", "lemon * * * .", "* a * lemon * ."]
CONFIGS = {"mma-tower": TINY, "mma-custom": {**TINY, "custom_text": True}}


@pytest.fixture(scope="module")
def starter() -> Backbone:
    return load_backbone(STARTER_ID, device="cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tower")
    with architectures(folder, CONFIGS):
        yield folder


def tiny(folder: Path, name: str) -> Backbone:
    path = write_weights(name, folder / f"{name}.safetensors")
    return load_backbone(f"{name}/file", device="cpu", weights_file=path)


@pytest.fixture(scope="module", params=["starter", *CONFIGS])
def backbone(request: pytest.FixtureRequest, starter: Backbone, folder: Path) -> Backbone:
    return starter if request.param == "starter" else tiny(folder, request.param)


def test_the_placeholders_own_embeddings_give_the_ordinary_features(backbone):
    tower = backbone.text_tower()
    own = tower.embed("* * *")
    assert own.shape == (3, tower.width)
    tokens = tower.tokens(TEXTS)
    assert tokens.dtype == torch.int64
    for context in (own[None], own.expand(len(TEXTS), -1, -1)):
        with torch.inference_mode():
            found = tower.encode(tokens, context)
        assert found.dtype == torch.float32
        np.testing.assert_allclose(found.numpy(), backbone.encode_texts(TEXTS), atol=2e-6)
    np.testing.assert_allclose(found.norm(dim=-1).numpy(), 1, atol=1e-6)


def test_vectors_that_are_words_give_the_text_with_these_words(backbone):
    tower = backbone.text_tower()
    words = tower.embed("a photo of a")
    assert words.shape == (4, tower.width)
    assert torch.equal(words[0], words[3])
    found = tower.encode(tower.tokens(["* * * * cat.", "* * * * dog ."]), words[None])
    expected = backbone.encode_texts(["a photo of a cat.", "a photo of a dog ."])
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-6)


def test_each_text_has_its_own_vectors_in_order(backbone):
    tower = backbone.text_tower()
    words = torch.stack([tower.embed("red green"), tower.embed("small big")])
    found = tower.encode(tower.tokens(["* car *.", "* car *."]), words)
    expected = backbone.encode_texts(["red car green.", "small car big."])
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-6)


def test_gradients_reach_the_context_alone(backbone):
    tower = backbone.text_tower()
    context = (0.02 * torch.randn(1, 3, tower.width)).requires_grad_()
    backbone.encode_texts(TEXTS)  # what is made under inference mode must not be in the way
    features = tower.encode(tower.tokens(TEXTS), context)
    features[:, 0].sum().backward()
    assert context.grad is not None
    assert (context.grad.abs().sum(-1) > 0).all()
    encoder = tower.fixed(tower.tokens(TEXTS)).encoder
    assert not any(weight.requires_grad or weight.grad is not None for weight in encoder.parameters())
    assert not any(part.training for part in encoder.children())


def test_the_gradient_is_the_slope(starter):
    tower = starter.text_tower()
    tokens = tower.tokens(["* * cat."])
    context = tower.embed("a photo")[None].clone().requires_grad_()
    direction = torch.randn(context.shape, generator=torch.Generator().manual_seed(0))
    weights = torch.randn(starter.embed_dim, generator=torch.Generator().manual_seed(1))
    (tower.encode(tokens, context) @ weights).sum().backward()
    step = 1e-3
    with torch.no_grad():
        ahead, behind = (tower.encode(tokens, context + sign * step * direction) @ weights for sign in (1, -1))
    slope = float(ahead - behind) / (2 * step)
    assert float((context.grad * direction).sum()) == pytest.approx(slope, rel=0.02)


def test_tokens_have_one_length_and_padding_changes_nothing(backbone):
    tower = backbone.text_tower()
    short, long = tower.tokens(["* cat."]), tower.tokens(["* a very long name of a rather small cat."])
    assert short.shape[1] == long.shape[1]
    assert tower.tokens([]).shape == (0, short.shape[1])
    context = torch.randn(1, 1, tower.width) * 0.02
    together = tower.encode(torch.cat([short, long]), context)
    np.testing.assert_allclose(together[:1].numpy(), tower.encode(short, context).numpy(), atol=2e-6)


def test_the_backbone_is_as_it_was_afterwards(backbone):
    before = backbone.encode_texts(["a cat", "* * *"])
    tower = backbone.text_tower()
    tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, tower.width))
    with pytest.raises(ValueError, match="placeholders"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 2, tower.width))
    with pytest.raises(ValueError, match="context must be"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, tower.width + 1))
    assert np.array_equal(backbone.encode_texts(["a cat", "* * *"]), before)


def test_a_placeholder_that_is_cut_off_is_told(backbone):
    tower = backbone.text_tower()
    name = "word " * 80
    with pytest.raises(UserError, match="shorter name"):
        tower.tokens([f"{name} * *"])
    assert tower.tokens([f"* * {name}"]).shape[0] == 1


def test_half_precision_of_the_encoder(folder):
    tower = tiny(folder, "mma-custom").text_tower()
    tokens, context = tower.tokens(TEXTS), torch.randn(1, 3, tower.width) * 0.02
    expected = tower.encode(tokens, context)
    tower.fixed(tokens).encoder.to(torch.bfloat16)
    context.requires_grad_()
    found = tower.encode(tokens, context)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.detach().numpy(), expected.numpy(), atol=0.05)
    found[:, 0].sum().backward()
    assert context.grad.dtype == torch.float32
    assert float(context.grad.abs().sum()) > 0


def test_a_move_under_inference_mode_leaves_the_space_open_to_gradients():
    network, space = load_image_model(), load_space()
    with torch.inference_mode():
        moved = StarterBackbone(lambda: network, space, torch.device("meta"), [])
    buffers = list(moved._space.buffers())  # private: nothing can be computed on meta, and other devices may be missing
    assert len(buffers) == 4
    assert all(one.is_meta and not one.is_inference() for one in buffers)


class Words:
    """A tokenizer of whole words that may drop or split punctuation, and the encoder that goes with it."""

    def __init__(self, drop: str = "", split: Sequence[str] = ()) -> None:
        self.drop, self.split = drop, split
        torch.manual_seed(0)
        self.part = nn.ModuleDict({"types": nn.Embedding(2, 5), "words": nn.Embedding(200, 5)}).requires_grad_(False)

    def tokenise(self, texts: Sequence[str]) -> torch.Tensor:
        out = torch.zeros(len(texts), 12, dtype=torch.int64)
        for row, text in zip(out, texts, strict=True):
            words = [word for word in text.split() if word not in self.drop]
            pieces = [piece for word in words for piece in ([word, word] if word in self.split else [word])]
            numbers = [1 + sum(map(ord, piece)) % 199 for piece in pieces][:12]
            row[: len(numbers)] = torch.tensor(numbers)
        return out

    def encode(self, tokens: torch.Tensor) -> torch.Tensor:
        return (self.part["words"](tokens) * (tokens != 0).unsqueeze(-1)).sum(1)

    def tower(self) -> TextTower:
        return TextTower("words", TextParts(self.part, self.tokenise, self.encode))


def test_tokenizers_without_punctuation_get_letters():
    words = Words(drop="*#.")
    tower = words.tower()
    own = tower.embed("*")
    assert torch.equal(own[0], words.part["words"].weight[1 + ord("x") % 199])
    # An x in the name is no placeholder.
    assert int((tower.tokens(["* x * cat"]) == 200).sum()) == 2
    assert copy.deepcopy(tower) is tower


def test_an_encoder_that_takes_no_vectors_is_refused():
    with pytest.raises(UserError, match="backbone words cannot learn prompts"):
        Words(split=("*", "#", "x", "y")).tower()
    with pytest.raises(UserError, match=r"backbone small cannot learn prompts\. Choose another method"):
        SmallBackbone().text_tower()
    words = Words()
    with pytest.raises(UserError, match="cannot learn prompts"):
        TextTower("words", TextParts(nn.Linear(2, 2), words.tokenise, words.encode))
    parts = TextParts(words.part, words.tokenise, lambda tokens: torch.ones(len(tokens), 3))
    tower = TextTower("words", parts)
    with pytest.raises(UserError, match="cannot learn prompts"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, 5))


def test_memory_that_runs_out_is_said(starter, monkeypatch):
    def fail(*_tokens: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    tower = starter.text_tower()
    monkeypatch.setattr(starter.text, "pool", fail)
    with pytest.raises(UserError, match="not enough memory to learn prompts"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, tower.width))
