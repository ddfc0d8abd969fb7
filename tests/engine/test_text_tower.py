"""Learned vectors inside a text: the features of the ordinary encoder, gradients to the vectors alone."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from open_clip import factory
from safetensors.torch import save_file
from torch import nn

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones import open_clip_backbone
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.text_tower import BackboneTextTower, TextParts
from tests.engine.test_backbones import SmallBackbone

TEXTS = ["* * * cat.", "* * * grand piano, on a stage.", "lemon * * * .", "* a * lemon * ."]
TINY = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {"context_length": 20, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}
CONFIGS = {"mma-tower": TINY, "mma-custom": {**TINY, "custom_text": True}}


@pytest.fixture(scope="module")
def starter() -> Backbone:
    return load_backbone(STARTER_ID, device="cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tower")
    for name, config in CONFIGS.items():
        (folder / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder)
    yield folder
    factory._MODEL_CONFIG_PATHS.remove(folder)
    for name in CONFIGS:
        factory._MODEL_CONFIGS.pop(name)


def tiny(folder: Path, name: str) -> Backbone:
    path = folder / f"{name}.safetensors"
    torch.manual_seed(0)
    with open_clip_backbone.quiet():
        save_file(open_clip.create_model(name, load_weights=False).state_dict(), path)
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
    assert not any(weight.requires_grad or weight.grad is not None for weight in backbone._model.parameters())
    assert not backbone._model.training


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
    assert not backbone.text_tower()._embedding._forward_hooks


def test_a_placeholder_that_is_cut_off_is_told(backbone):
    tower = backbone.text_tower()
    name = "word " * 80
    with pytest.raises(UserError, match="shorter name"):
        tower.tokens([f"{name} * *"])
    assert tower.tokens([f"* * {name}"]).shape[0] == 1


def test_half_precision_of_the_encoder(folder):
    backbone = tiny(folder, "mma-tower")
    tower = backbone.text_tower()
    tokens, context = tower.tokens(TEXTS), torch.randn(1, 3, tower.width) * 0.02
    expected = tower.encode(tokens, context)
    backbone._model.to(torch.bfloat16)
    context.requires_grad_()
    found = tower.encode(tokens, context)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found.detach().numpy(), expected.numpy(), atol=0.05)
    found[:, 0].sum().backward()
    assert context.grad.dtype == torch.float32
    assert float(context.grad.abs().sum()) > 0


def test_a_move_under_inference_mode_leaves_the_space_open_to_gradients(starter):
    moved = copy.copy(starter)
    moved._space, moved._model, moved._text = copy.deepcopy(starter._space), nn.Linear(1, 1), None
    with torch.inference_mode():
        moved._place(torch.device("meta"))
    buffers = list(moved._space.buffers())
    assert len(buffers) == 4
    assert all(one.is_meta and not one.is_inference() for one in buffers)
    assert not any(one.is_meta for one in starter._space.buffers())


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

    def tower(self) -> BackboneTextTower:
        return BackboneTextTower("words", TextParts(self.part, self.tokenise, self.encode))


def test_tokenizers_without_punctuation_get_letters():
    words = Words(drop="*#.")
    tower = words.tower()
    own = tower.embed("*")
    assert torch.equal(own[0], words.part["words"].weight[1 + ord("x") % 199])
    # An x in the name is no placeholder.
    assert int((tower.tokens(["* x * cat"]) == 200).sum()) == 2
    assert copy.deepcopy(tower) is tower


def test_an_encoder_that_takes_no_vectors_is_refused():
    with pytest.raises(UserError, match="cannot learn prompts with the backbone words"):
        Words(split=("*", "#", "x", "y")).tower()
    with pytest.raises(UserError, match="cannot learn prompts with the backbone small; choose another method"):
        SmallBackbone().text_tower()
    words = Words()
    with pytest.raises(UserError, match="cannot learn prompts"):
        BackboneTextTower("words", TextParts(nn.Linear(2, 2), words.tokenise, words.encode))
    parts = TextParts(words.part, words.tokenise, lambda tokens: torch.ones(len(tokens), 3))
    tower = BackboneTextTower("words", parts)
    with pytest.raises(UserError, match="cannot learn prompts"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, 5))


def test_memory_that_runs_out_is_said(starter, monkeypatch):
    def fail(_tokens: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(starter, "_encode_tokens", fail)
    tower = starter.text_tower()
    with pytest.raises(UserError, match="not enough memory to learn prompts"):
        tower.encode(tower.tokens(["* cat"]), torch.ones(1, 1, tower.width))
