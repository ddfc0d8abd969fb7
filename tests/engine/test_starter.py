"""The embedded backbone: the published weights, no network, and what it recognises."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from mma_desktop import paths
from mma_desktop.domain import STARTER_ID, UserError
from mma_desktop.engine.backbones import starter
from mma_desktop.engine.backbones.loading import is_local, load_backbone
from mma_desktop.engine.backbones.table import STARTER_LOGIT_SCALE, find_backbone
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
    assert (loaded.id, loaded.embed_dim, loaded.logit_scale) == (STARTER_ID, 384, STARTER_LOGIT_SCALE)
    assert loaded.fingerprint == starter.starter_fingerprint()
    assert loaded.encode_texts(["a photo of a cat."]).shape == (1, 384)
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


def test_class_names_are_in_the_order_of_the_outputs():
    synonyms, definitions = starter.class_texts()
    assert len(synonyms) == len(definitions) == 1000
    assert synonyms[0][0] == "tench"
    assert "lemon" in synonyms[951]
    assert definitions[951].startswith("lemon: ")


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
        (starter, "TEXT_VERSION", 2),
        (starter, "IMAGE_SPEC", starter.IMAGE_SPEC.__class__(224, 256, (0.5,) * 3, (0.5,) * 3)),
        *[(starter, "CONSE", {**starter.CONSE, name: 7}) for name in starter.CONSE],
    ]
    for module, name, value in changes:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            known.add(starter.starter_fingerprint())
    assert len(known) == len(changes) + 1
    assert all(len(one) == 12 for one in known)


def test_class_embeddings_are_cached_checked_and_mended(tmp_path, monkeypatch, encoder):
    """The way through the file is the same with numbers that cost nothing to compute."""
    computed = []

    def compute(_encoder: object) -> torch.Tensor:
        computed.append(1)
        return torch.nn.functional.normalize(torch.randn(1000, 384, generator=torch.Generator().manual_seed(0)), dim=1)

    monkeypatch.setattr(starter, "embed_class_names", compute)
    monkeypatch.setattr(starter, "_class_embeddings", {})
    path = tmp_path / "imagenet-f.safetensors"

    def load() -> torch.Tensor:
        starter._class_embeddings.clear()
        return starter.class_embeddings(encoder, "f", tmp_path)

    first = load()
    assert torch.equal(load(), first)
    assert len(computed) == 1
    damaged = [first[:999], first * 2, torch.full_like(first, float("nan"))]
    for tensor in damaged:
        safetensors.torch.save_file({"classes": tensor.contiguous()}, path)
        assert torch.equal(load(), first)
    path.write_bytes(b"nothing of the kind")
    assert torch.equal(load(), first)
    assert len(computed) == 1 + len(damaged) + 1
    assert torch.equal(load(), first)
    assert len(computed) == 2 + len(damaged)


def test_no_cache_folder_is_no_obstacle(tmp_path, monkeypatch, encoder, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    expected = torch.nn.functional.normalize(torch.ones(1000, 384), dim=1)
    monkeypatch.setattr(starter, "embed_class_names", lambda _encoder: expected)
    monkeypatch.setattr(starter, "_class_embeddings", {})
    assert torch.equal(starter.class_embeddings(encoder, "f", blocked / "sub"), expected)
    (record,) = caplog.records
    assert "cannot be kept" in record.getMessage()
    assert record.exc_info is None


def test_class_embeddings_lie_in_the_cache(backbone, monkeypatch, encoder):
    monkeypatch.setattr(starter, "_class_embeddings", {})
    monkeypatch.setattr(
        starter, "embed_class_names", lambda _encoder: torch.nn.functional.normalize(torch.eye(1000, 384) + 1)
    )
    starter.class_embeddings(encoder, "abc")
    assert (paths.cache_dir() / "starter" / "imagenet-abc.safetensors").is_file()


def test_bridge_is_conse(backbone):
    """An image whose model is sure of one class lies exactly where that class lies."""
    bridge = backbone._bridge
    logits = torch.full((1, 1000), -1e4)
    logits[0, 951] = 1e4
    image = torch.nn.functional.normalize(bridge.images(logits), dim=-1)
    torch.testing.assert_close(image[0], bridge.classes[951])
    halves = torch.full((1, 1000), -1e4)
    halves[0, [1, 2]] = 0
    torch.testing.assert_close(bridge.images(halves)[0], (bridge.classes[1] + bridge.classes[2]) / 2)
    assert abs(float((bridge.center(torch.randn(5, 384)) @ bridge.directions.T).max())) < 1e-4


def test_weights_file_is_not_for_the_starter(tmp_path):
    with pytest.raises(UserError, match="its own weights"):
        load_backbone(STARTER_ID, weights_file=tmp_path / "x.safetensors")


def test_zero_shot_on_photographs(backbone, shared_data):
    """Measured on all 1,000: 67.5% of 20 classes, 84.6/77.4 of each half; here ten of each class."""
    folders = sorted(p for p in (shared_data / "caltech-20").iterdir() if p.is_dir())
    files = [file for folder in folders for file in sorted(folder.iterdir())[:10]]
    labels = np.repeat(np.arange(20), 10)
    pictures = np.stack([decode_file(file, backbone.image_spec, None) for file in files])
    images = backbone.encode_images(pictures)
    texts = backbone.encode_texts([PROMPT.format(folder.name) for folder in folders])
    scores = images @ texts.T
    base = labels < 10
    assert (scores.argmax(1) == labels).mean() > 0.62
    assert (scores[base][:, :10].argmax(1) == labels[base]).mean() > 0.78
    assert (scores[~base][:, 10:].argmax(1) == labels[~base] - 10).mean() > 0.71
