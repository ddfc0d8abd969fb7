"""The embedded backbone: the published weights, no network, and what it recognises."""

from __future__ import annotations

import hashlib
import importlib.util
import socket
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import timm
import torch
from timm.data import ImageNetInfo
from transformers import AutoTokenizer, BertConfig, BertModel

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import STARTER_ID
from mma_desktop.engine.backbones import starter
from mma_desktop.engine.backbones.backbone_table import ROW_BYTES, STARTER_LOGIT_SCALE, find_backbone
from mma_desktop.engine.backbones.loading import load_backbone
from mma_desktop.engine.backbones.weights import is_local
from mma_desktop.media.decoding import decode_file

PROMPT = "a photo of a {}."


@pytest.fixture(scope="module")
def backbone():
    return load_backbone(STARTER_ID, device="cpu")


@pytest.fixture(scope="module")
def encoder():
    return starter.TextEncoder().eval()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_loads_without_network_or_noise(no_network, capfd):
    loaded = load_backbone(STARTER_ID)
    assert (loaded.id, loaded.embed_dim, loaded.logit_scale) == (STARTER_ID, 1280, STARTER_LOGIT_SCALE)
    assert loaded.fingerprint == starter.starter_fingerprint()
    assert loaded.encode_texts(["a photo of a cat."]).shape == (1, 1280)
    assert is_local(find_backbone(STARTER_ID))
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_text_side_is_sentence_transformers(encoder):
    """Golden values: sentence-transformers 6.2 on the package's folder gave the same floats."""
    with torch.inference_mode():
        vectors = encoder(["a photo of a lemon.", "A cat, on the mat! Überraschung"])
    golden = [
        [-0.08494924008846283, 0.09971253573894501, 0.006099232006818056, 0.06370601058006287],
        [0.061339426785707474, 0.03129219263792038, -0.006053613964468241, 0.020361648872494698],
    ]
    np.testing.assert_allclose(vectors[:, :4].numpy(), golden, atol=1e-5)
    np.testing.assert_allclose(vectors.norm(dim=-1).numpy(), 1, atol=1e-6)


def test_image_side_is_the_package_model():
    y, x = np.mgrid[0:224, 0:224]
    picture = np.stack([x, y, (x + y) // 2], -1).astype(np.float32) / 255
    with torch.inference_mode():
        logits = starter.load_image_model()(torch.tensor((picture - 0.5) / 0.5).permute(2, 0, 1)[None])[0]
    golden = [-0.14448067545890808, 0.18781527876853943, 1.1296639442443848, 0.41234883666038513]
    np.testing.assert_allclose(logits[:4].numpy(), golden, atol=1e-4)
    assert int(logits.argmax()) == 818


def test_texts_are_sent_to_the_classifiers_of_what_they_name(backbone):
    """Which also tells that names, table and outputs have one order."""
    weights = starter.load_image_model().classifier.weight.detach()
    weights = torch.nn.functional.normalize(weights - weights.mean(0), dim=-1).numpy()
    places = {"lemon": 951, "tench": 0, "grand piano": 579, "umbrella": 879, "strawberry": 949}
    found = backbone.encode_texts([PROMPT.format(name) for name in places]) @ weights.T
    assert found.argmax(1).tolist() == list(places.values())


def test_long_and_short_texts_are_encoded_apart_and_stay_in_their_order(backbone, monkeypatch):
    texts = [f"a photo of a cat{', which sleeps in the sun' * (5 * number % 12)}." for number in range(12)]
    alone = np.concatenate([backbone.encode_texts([text]) for text in texts])
    seen = []
    pool = starter.TextEncoder.pool
    monkeypatch.setattr(
        starter.TextEncoder,
        "pool",
        lambda self, numbers, attention: seen.append(attention) or pool(self, numbers, attention),
    )
    np.testing.assert_allclose(backbone.encode_texts(texts), alone, atol=1e-6)
    assert len(seen) > 1
    tokens = sum(int(one.sum()) for one in seen)
    assert sum(one.numel() for one in seen) < 1.5 * tokens  # padded to the longest of all it would be 1.8


def test_no_text_network_before_a_text(monkeypatch, uncompiled):
    loaded = load_backbone(STARTER_ID, device="cpu")
    made = []
    monkeypatch.setattr(starter, "TextEncoder", lambda: made.append(1) or torch.nn.Identity())
    assert loaded.encode_images(np.zeros((1, 320, 320, 3), np.uint8)).shape == (1, 2696)
    np.testing.assert_array_equal(loaded.need_projection(), np.eye(1280))
    assert not made
    assert loaded.text is loaded.text
    assert made == [1]


def test_a_text_network_that_is_damaged_is_a_sentence_when_it_is_needed(monkeypatch, tmp_path):
    monkeypatch.setattr(starter, "text_model_dir", lambda: tmp_path)
    loaded = load_backbone(STARTER_ID, device="cpu")
    with pytest.raises(UserError, match=r"model\.safetensors could not be read .*Install mma-desktop again"):
        loaded.encode_texts(["a cat"])


def shrunk(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, 320, 320, 3) at the size of the second look, not rounded."""
    size = (starter.SMALL_LOOK, starter.SMALL_LOOK)
    maps = torch.tensor(pictures).permute(0, 3, 1, 2).double()
    return torch.nn.functional.interpolate(maps, size, mode="bicubic").float().permute(0, 2, 3, 1).numpy()


def test_the_smaller_look_is_torchs_bicubic_interpolation():
    picture = np.random.default_rng(1).integers(0, 256, (1, 320, 320, 3), np.uint8)
    shrinking = starter.Shrinking(320, starter.SMALL_LOOK)
    found = shrinking(torch.tensor(picture).permute(0, 3, 1, 2).float())
    np.testing.assert_allclose(found.permute(0, 2, 3, 1) / 255, shrunk(picture) / 255, atol=1e-6)


def test_rows_are_the_mean_of_two_looks_each_shared_features_then_three_stages(backbone):
    """By timm's own passes, with hooks for the stages."""
    pictures = np.random.default_rng(0).integers(0, 256, (3, 320, 320, 3), np.uint8)
    space, outputs = starter.load_space(), {}
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    weights = starter.load_image_model().state_dict().values()  # in the order of timm's, under other names
    network.load_state_dict(dict(zip(network.state_dict(), weights, strict=True)))
    for number in starter.STAGES:
        network.blocks[number].register_forward_hook(lambda _m, _i, out, at=number: outputs.__setitem__(at, out))

    def look(some: np.ndarray) -> list[torch.Tensor]:
        with torch.inference_mode():
            maps = network.forward_features((torch.tensor(some).permute(0, 3, 1, 2) / 255 - 0.5) / 0.5)
            pooled = network.forward_head(maps, pre_logits=True)
        found = [torch.nn.functional.normalize(pooled - space.image_mean, dim=-1)]
        for number, mean, scale in zip(starter.STAGES, space.stage_means, space.stage_scales, strict=True):
            out = outputs[number]
            own = torch.cat([out.mean((2, 3)), out.std((2, 3), correction=0), out.amax((2, 3))], dim=1)
            found.append(0.5 * torch.nn.functional.normalize((own - mean) / scale, dim=-1))
        return found

    expected = [(large + small) / 2 for large, small in zip(look(pictures), look(shrunk(pictures)), strict=True)]
    expected[0] = torch.nn.functional.normalize(expected[0], dim=-1)
    rows = backbone.encode_images(pictures)
    assert (backbone.layout.embed_dim, backbone.layout.width) == (1280, 2696)
    assert backbone.layout.probe == (0, 1280)
    assert [one.shape[1] for one in expected[1:]] == list(starter.STAGE_WIDTHS)
    np.testing.assert_allclose(rows, torch.cat(expected, dim=1), atol=2e-5)
    assert 2 * backbone.layout.width <= ROW_BYTES


def test_the_text_network_is_that_of_transformers(encoder):
    folder = starter.text_model_dir()
    theirs = BertModel(BertConfig.from_pretrained(str(folder), local_files_only=True)).eval()
    weights = safetensors.torch.load_file(folder / "model.safetensors")
    theirs.load_state_dict(weights, strict=False)
    reader = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    texts = ["a photo of a cat.", "ein Vogel, blaugrün", "x" * 3000, "", "one two three " * 200]
    tokens = reader(texts, padding=True, truncation=True, max_length=starter.TEXT_TOKENS, return_tensors="pt")
    numbers, attention = encoder.tokenizer(texts, starter.TEXT_TOKENS)
    torch.testing.assert_close(numbers, tokens["input_ids"])
    torch.testing.assert_close(attention, tokens["attention_mask"])
    with torch.inference_mode():
        states = theirs(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        expected = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
        torch.testing.assert_close(encoder(texts), expected, atol=2e-6, rtol=0)


def packaged():
    """The script that makes the space's file."""
    path = Path(__file__).parents[2] / "packaging" / "starter_space.py"
    spec = importlib.util.spec_from_file_location("starter_space", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_space_is_what_the_script_makes_of_the_weights(encoder, monkeypatch):
    """A few classes of it; the whole takes a minute."""
    script, space, model = packaged(), starter.load_space(), starter.load_image_model()
    assert script.SHARPNESS == starter.SHARPNESS
    some = [0, 1, 579, 951]
    names, meanings = (
        ImageNetInfo("imagenet-1k").label_descriptions(),
        ImageNetInfo("imagenet-1k").label_descriptions(detailed=True),
    )

    class Few:
        def __init__(self, _name: str) -> None:
            pass

        def label_descriptions(self, detailed: bool = False) -> list[str]:
            return [(meanings if detailed else names)[at] for at in some]

    monkeypatch.setattr(script, "ImageNetInfo", Few)
    vectors = script.name_vectors(encoder).float() - space.text_mean
    vectors -= vectors @ space.text_direction.T @ space.text_direction
    np.testing.assert_allclose(torch.nn.functional.normalize(vectors, dim=-1), space.names[some], atol=2e-3)
    kernel = torch.exp(script.SHARPNESS * (space.names[some] @ space.names.T - 1))
    weights = model.classifier.weight.detach()
    solved = kernel @ space.table + script.RIDGE * space.table[some]
    np.testing.assert_allclose(solved, (weights - weights.mean(0))[some], atol=5e-3)
    np.testing.assert_allclose(script.expected_pooled(model.head[1]), space.image_mean, atol=1e-5)
    for number, mean, scale in zip(starter.STAGES, space.stage_means, space.stage_scales, strict=True):
        for kept, own in zip((mean, scale), script.stage_statistics(model.stages[number]), strict=True):
            np.testing.assert_allclose(own, kept, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_the_script_checks_the_whole_file(monkeypatch, capsys):
    script = packaged()
    monkeypatch.setattr("sys.argv", ["starter_space.py", "--check"])
    assert script.main() == 0
    assert "holds what the weights give" in capsys.readouterr().out


def test_another_space_is_refused(tmp_path: Path):
    data = bytearray(starter.paths.starter_file(starter.SPACE).read_bytes())
    data[-1] ^= 1
    changed = tmp_path / "space.safetensors"
    for content in (bytes(data), bytes(data[:-1000]), b""):
        changed.write_bytes(content)
        with pytest.raises(
            UserError, match=r"space\.safetensors are not the published ones .*install mma-desktop again"
        ):
            starter.load_space(changed)
    with pytest.raises(UserError, match=r"missing\.safetensors could not be read \(No such.*Install mma-desktop again"):
        starter.load_space(tmp_path / "missing.safetensors")
    assert hashlib.sha256(starter.paths.starter_file(starter.SPACE).read_bytes()).hexdigest() == starter.SPACE_SHA256


def test_known_prompts_need_no_text_network_and_are_what_it_gives(encoder, monkeypatch):
    known = list(starter.load_prompts())
    assert PROMPT.format("banana") in known
    texts = ["a new text", *known[::40], "another one"]
    with torch.inference_mode():
        alone = torch.cat([encoder([text]) for text in texts])
        expected = starter.TextSpace(starter.load_space()).eval()(alone)
    np.testing.assert_allclose(load_backbone(STARTER_ID, device="cpu").encode_texts(texts), expected, atol=1e-5)

    def refuse():
        raise AssertionError("the text network was loaded")

    monkeypatch.setattr(starter, "TextEncoder", refuse)
    loaded = load_backbone(STARTER_ID, device="cpu")
    np.testing.assert_allclose(loaded.encode_texts(texts[1:-1]), expected[1:-1], atol=1e-5)


def test_a_text_has_the_same_bytes_whatever_comes_along(backbone):
    texts = [PROMPT.format(one) for one in ("banana", "okapi", "red dragon", "yacht at anchor on a lake", "axe", "emu")]
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = np.concatenate([backbone.encode_texts([text]) for text in texts])
        for count in (1, 2):
            torch.set_num_threads(count)
            np.testing.assert_array_equal(backbone.encode_texts(texts), alone)
            np.testing.assert_array_equal(backbone.encode_texts(texts[::-1]), alone[::-1])
            assert torch.get_num_threads() == count
    finally:
        torch.set_num_threads(before)


def test_other_known_prompts_are_refused(tmp_path: Path):
    data = bytearray(starter.paths.starter_file(starter.PROMPTS).read_bytes())
    data[-1] ^= 1
    changed = tmp_path / "prompts.safetensors"
    changed.write_bytes(data)
    with pytest.raises(UserError, match=r"prompts\.safetensors are not the published ones"):
        starter.load_prompts(changed)


def test_another_weight_file_is_refused(tmp_path: Path):
    changed = tmp_path / "weights.pth"
    data = bytearray(starter.image_weights_path().read_bytes())
    data[1000] ^= 1
    changed.write_bytes(data)
    with pytest.raises(UserError, match="not the published ones"):
        starter.load_image_model(changed)
    changed.write_bytes(data[:1000])
    with pytest.raises(UserError, match="not the published ones"):
        starter.load_image_model(changed)
    with pytest.raises(UserError, match="could not be read"):
        starter.load_image_model(tmp_path / "missing.pth")


def test_another_text_model_is_refused(tmp_path: Path):
    (tmp_path / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    with pytest.raises(UserError, match="not the published ones"):
        starter.TextEncoder(tmp_path)


def test_fingerprint_changes_with_everything_it_covers(monkeypatch):
    known = {starter.starter_fingerprint()}
    changes = [
        (starter, "IMAGE_SHA256", "0" * 64),
        (starter, "TEXT_SHA256", "0" * 64),
        (starter, "SPACE_SHA256", "0" * 64),
        (starter, "VERSION", 4),
        (starter, "IMAGE_SPEC", starter.IMAGE_SPEC.__class__(224, 224, (0.5,) * 3, (0.5,) * 3)),
    ]
    for module, name, value in changes:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            known.add(starter.starter_fingerprint())
    assert len(known) == len(changes) + 1
    assert all(len(one) == 12 for one in known)


def test_weights_file_is_not_for_the_starter(tmp_path):
    with pytest.raises(UserError, match="its own weights"):
        load_backbone(STARTER_ID, weights_file=tmp_path / "x.safetensors")


def test_zero_shot_on_photographs(backbone, shared_data):
    """Measured on all 1,000: 73.9% of 20 classes; here three of each class."""
    folders = sorted(p for p in (shared_data / "caltech-20").iterdir() if p.is_dir())
    files = [file for folder in folders for file in sorted(folder.iterdir())[:3]]
    labels = np.repeat(np.arange(20), 3)
    pictures = np.stack([decode_file(file, backbone.image_spec, None) for file in files])
    images = backbone.encode_images(pictures)[:, : backbone.embed_dim]
    texts = backbone.encode_texts([PROMPT.format(folder.name) for folder in folders])
    scores = images @ texts.T
    base = labels < 10
    assert (scores.argmax(1) == labels).mean() > 0.62
    assert (scores[base][:, :10].argmax(1) == labels[base]).mean() > 0.78
    assert (scores[~base][:, 10:].argmax(1) == labels[~base] - 10).mean() > 0.71
