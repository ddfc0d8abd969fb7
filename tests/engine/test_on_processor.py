"""The image side run by OpenVINO: the same features as torch's, the same bytes in any batch, and a way back."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from torch import nn

from mma_desktop.core.idle import ReleasedWhenIdle
from mma_desktop.core.types import STARTER_ID, ImageSpec
from mma_desktop.engine.backbones import on_processor
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.backbones.loading import load_backbone
from tests.small_open_clip import TINY, architectures, write_weights

REPOSITORY = Path(__file__).resolve().parents[2]
TOWERS = {
    "vit": TINY,
    "resnet": {**TINY, "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 16, "head_width": 16}},
}
SPEC = ImageSpec(size=32, resize_to=32, mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))


def pictures(count: int, size: int, seed: int = 0) -> np.ndarray:
    """Soft patches with grain, each of another contrast."""
    rng = np.random.default_rng(seed)
    patches = np.kron(rng.uniform(20, 235, (count, 8, 8, 3)), np.ones((1, size // 8, size // 8, 1)))
    grain = rng.normal(0, 1, patches.shape) * rng.uniform(2, 40, (count, 1, 1, 1))
    return np.clip(patches + grain, 0, 255).astype(np.uint8)


def by_torch(backbone: Backbone, encoder: Backbone, some: np.ndarray) -> np.ndarray:
    backbone.compiled = False
    try:
        return encoder.encode_images(some)
    finally:
        del backbone.compiled


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def starter() -> Backbone:
    return load_backbone(STARTER_ID, "cpu")


@pytest.fixture(scope="module")
def towers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Backbone]]:
    """Small open_clip models with random weights, with both kinds of image tower."""
    folder = tmp_path_factory.mktemp("models")
    with architectures(folder, {f"mma-{kind}": config for kind, config in TOWERS.items()}):
        yield {
            kind: load_backbone(f"mma-{kind}/file", "cpu", write_weights(f"mma-{kind}", folder / f"{kind}.safetensors"))
            for kind in TOWERS
        }


def check_agreement(encoder: Backbone, backbone: Backbone, caplog: pytest.LogCaptureFixture) -> None:
    some = pictures(5, backbone.image_spec.size)
    expected = by_torch(backbone, encoder, some)
    with caplog.at_level(logging.WARNING):
        found = encoder.encode_images(some)
    assert not caplog.records, "torch did not step in"
    assert not np.array_equal(found, expected), "torch is not compared with itself"
    assert cosines(found, expected).min() > 0.9999
    apart = expected - expected.mean(0)  # with random weights nearly all of a row is the same for every picture
    assert cosines(found - expected.mean(0), apart).min() > 0.9999


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one * other).sum(1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))


def test_the_starter_agrees_with_torch(starter, caplog):
    check_agreement(starter, starter, caplog)


@pytest.mark.parametrize("kind", TOWERS)
def test_open_clip_agrees_with_torch(towers, kind, caplog):
    check_agreement(towers[kind], towers[kind], caplog)


class Middle(nn.Module):
    """What a tower with intermediate features does: hooks keep what passes, and all of it is joined."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.blocks = nn.Sequential(nn.Conv2d(3, 8, 3, 2), nn.ReLU6(), nn.Conv2d(8, 12, 3, 2), nn.ReLU6())
        self.kept: list[torch.Tensor] = []
        for at in (1, 3):
            self.blocks[at].register_forward_hook(lambda _module, _given, out: self.kept.append(out))

    def forward(self, some: torch.Tensor) -> torch.Tensor:
        self.kept.clear()
        pooled = nn.functional.normalize(self.blocks(some).mean((2, 3)), dim=-1)
        parts = [stat for one in self.kept for stat in (one.mean((2, 3)), one.std((2, 3)), one.amax((2, 3)))]
        return torch.cat([pooled, *parts], 1)


def test_a_tower_with_several_outputs_joined():
    tower, some = Middle().eval().requires_grad_(False), pictures(4, 32)
    found = on_processor.CompiledTower(lambda: tower, SPEC).encode(some)
    with torch.inference_mode():
        expected = tower((torch.tensor(some).permute(0, 3, 1, 2) / 255.0 - 0.5) / 0.25).numpy()
    assert found.shape == (4, 12 + 3 * (8 + 12))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_the_same_bytes_in_any_batch_on_any_number_of_threads(starter, threads):
    some = pictures(5, 320, seed=1)
    torch.set_num_threads(1)
    alone = np.concatenate([starter.encode_images(some[at : at + 1]) for at in range(len(some))])
    for count in (1, 2, 3):
        torch.set_num_threads(count)
        np.testing.assert_array_equal(starter.encode_images(some), alone)
        np.testing.assert_array_equal(starter.encode_images(some[::-1]), alone[::-1])


class Leaves(nn.Module):
    """Leaves torch on its way, so that a trace holds what came of the picture it was made with."""

    def forward(self, some: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(some.sum((2, 3)).numpy() * 2.0) * some.new_ones(1)


class Rare(nn.Module):
    """An operation that OpenVINO's converter does not know."""

    def forward(self, some: torch.Tensor) -> torch.Tensor:
        return torch.special.bessel_j0(some.mean((2, 3))) + some.mean((2, 3))


class OddBackbone(Backbone):
    """A backbone around such a module."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__("odd", "0" * 12, RowLayout.plain(3), 10.0, SPEC, torch.device("cpu"), model)

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        return torch.ones(len(texts), 3)


@pytest.mark.parametrize("model", [Leaves, Rare])
def test_torch_takes_over_where_a_model_cannot_be_converted(model, caplog):
    backbone, some = OddBackbone(model()), pictures(6, 32)
    with caplog.at_level(logging.WARNING):
        found = backbone.encode_images(some)
        np.testing.assert_array_equal(backbone.encode_images(some), found)
    assert [record.getMessage()[:27] for record in caplog.records] == ["OpenVINO does not run odd ("], "told once"
    np.testing.assert_array_equal(found, by_torch(backbone, backbone, some))
    assert backbone.messages == []


def test_torch_takes_over_where_openvino_is_missing(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino", None)
    backbone = OddBackbone(nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten()))
    assert backbone.encode_images(pictures(2, 32)).shape == (2, 3)
    assert "OpenVINO does not run odd" in caplog.text


def test_torch_takes_over_where_a_run_fails(monkeypatch, caplog):
    backbone, some = OddBackbone(nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten())), pictures(5, 32)
    expected = by_torch(backbone, backbone, some)
    np.testing.assert_allclose(backbone.encode_images(some), expected, atol=1e-5)
    assert not caplog.records

    def fail(*_: object) -> np.ndarray:
        raise RuntimeError("bad allocation")

    monkeypatch.setattr(on_processor.CompiledTower, "encode", fail)
    np.testing.assert_array_equal(backbone.encode_images(some), expected)
    np.testing.assert_array_equal(backbone.encode_images(some), expected)
    assert len(caplog.records) == 1


def test_wrong_numbers_are_not_believed(monkeypatch, caplog):
    backbone, some = OddBackbone(nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten())), pictures(5, 32)
    encode = on_processor.CompiledTower.encode
    monkeypatch.setattr(on_processor.CompiledTower, "encode", lambda *given: np.roll(encode(*given), 1, 1))
    np.testing.assert_array_equal(backbone.encode_images(some), by_torch(backbone, backbone, some))
    assert "agree with torch's to a cosine of" in caplog.text


def test_a_stop_in_the_middle_disturbs_no_later_batch(starter):
    some = pictures(4, 320, seed=2)
    expected = starter.encode_images(some)

    class Stops(np.ndarray):
        def __getitem__(self, at):
            if isinstance(at, int) and at == 1:
                raise KeyboardInterrupt
            return super().__getitem__(at)

    with pytest.raises(KeyboardInterrupt):
        starter.encode_images(some.view(Stops))
    np.testing.assert_array_equal(starter.encode_images(some), expected)


def test_what_is_compiled_is_let_go_while_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ReleasedWhenIdle] = []
    monkeypatch.setattr(on_processor, "ReleasedWhenIdle", lambda: made.append(ReleasedWhenIdle(0.01)) or made[-1])
    network = nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten())
    tower = on_processor.CompiledTower(lambda: network, SPEC)
    some = pictures(3, 32)
    before = tower.encode(some)
    until = time.monotonic() + 20
    while made[0].loaded and time.monotonic() < until:
        time.sleep(0.01)
    assert not made[0].loaded
    np.testing.assert_array_equal(tower.encode(some), before)


def test_nothing_is_told_of_its_use(tmp_path):
    """OpenVINO's own package asks another machine as soon as it is imported, unless it is kept from that."""
    code = (
        "import mma_desktop.engine, openvino, sys, time;"
        "assert openvino.convert_model; time.sleep(0.5);"
        "print([name for name, one in sys.modules.items() if 'openvino_telemetry' in name and one is not None])"
    )
    noted = tmp_path / "asked.txt"
    hidden = {"CI", "TF_BUILD", "JENKINS_URL"}  # where these are set it tells nothing anyway
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    path = os.pathsep.join(map(str, (REPOSITORY / "tests" / "strangers" / "offline", REPOSITORY)))
    env |= {"HOME": str(tmp_path), "PYTHONPATH": path, "MMA_ASKED": str(noted)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    assert not noted.exists()
    assert list(tmp_path.iterdir()) == [], "no file in the home folder either"


def test_a_converted_network_is_kept_for_the_next_process(tmp_path, monkeypatch, caplog):
    folder = tmp_path / "prepared"
    monkeypatch.setattr(on_processor, "usable_folder", lambda _kept, inside: folder if inside == "prepared" else None)
    folder.mkdir()
    tower, some = nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten()), pictures(3, 32)
    with caplog.at_level(logging.INFO):
        expected = on_processor.CompiledTower(lambda: tower, SPEC, "small-one").encode(some)
        again = on_processor.CompiledTower(lambda: pytest.fail("its weights are not needed"), SPEC, "small-one")
        np.testing.assert_array_equal(again.encode(some), expected)
        (kept,) = folder.iterdir()
        kept.write_bytes(kept.read_bytes()[:-1] + b"x")
        anew = on_processor.CompiledTower(lambda: tower, SPEC, "small-one")
        np.testing.assert_array_equal(anew.encode(some), expected)
    said = [record.getMessage() for record in caplog.records]
    assert [line.split()[2] for line in said if line.startswith("image tower")] == ["converted", "read", "converted"]
    assert any("is damaged" in line for line in said)
    assert list(folder.iterdir()) == [kept], "and kept again"
    monkeypatch.setattr(on_processor, "VERSION", 99)
    on_processor.CompiledTower(lambda: tower, SPEC, "small-one")
    assert [one.name == kept.name for one in folder.iterdir()] == [False], "in place of that of another version"

    other = nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten())
    found = on_processor.CompiledTower(lambda: other, SPEC, "small-other").encode(some)
    assert not np.array_equal(found, expected), "another key is another network"
    layout = RowLayout.plain(3)
    found = on_processor.CompiledTower(lambda: tower, SPEC, "small-other", layout).encode(some)
    np.testing.assert_array_equal(found, expected, "as is another layout of the same weights")


def test_what_cannot_be_imported_is_converted_again(tmp_path, monkeypatch):
    monkeypatch.setattr(on_processor, "usable_folder", lambda _kept, _inside: tmp_path)
    tower, some = nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten()), pictures(3, 32)
    expected = on_processor.CompiledTower(lambda: tower, SPEC, "small").encode(some)
    (kept,) = tmp_path.iterdir()
    data = safetensors.numpy.load(kept.read_bytes()[32:])
    foreign = safetensors.numpy.save({**data, "compiled": np.zeros(1000, np.uint8)})
    kept.write_bytes(hashlib.sha256(foreign).digest() + foreign)
    np.testing.assert_array_equal(on_processor.CompiledTower(lambda: tower, SPEC, "small").encode(some), expected)
    again = on_processor.CompiledTower(lambda: pytest.fail("it was kept again"), SPEC, "small")
    np.testing.assert_array_equal(again.encode(some), expected)


def test_a_large_network_is_converted_once_and_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(on_processor, "usable_folder", lambda _kept, _inside: tmp_path)
    monkeypatch.setattr(on_processor, "MAX_BYTES", 100)
    monkeypatch.setattr("openvino.serialize", None)
    tower, ran = nn.Sequential(nn.Conv2d(3, 3, 32), nn.Flatten()), []
    tower.register_forward_hook(lambda *_: ran.append(1))
    compiled, threads = on_processor.CompiledTower(lambda: tower, SPEC, "large"), torch.get_num_threads()
    expected, before = compiled.encode(pictures(3, 32)), len(ran)
    try:
        torch.set_num_threads(threads + 1)  # it is compiled again
        np.testing.assert_array_equal(compiled.encode(pictures(3, 32)), expected)
    finally:
        torch.set_num_threads(threads)
    assert len(ran) == before
    assert list(tmp_path.iterdir()) == []
