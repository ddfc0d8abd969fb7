"""The table of backbones and what all backbones share: batches, memory, devices."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from torch import nn

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import STARTER_ID, ImageSpec
from mma_desktop.engine.backbones import backbone_table
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.backbones.loading import load_backbone

SPEC = ImageSpec(size=8, resize_to=8, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4))


class SmallTower(nn.Module):
    """One convolution, and `step` is told how many pictures come."""

    def __init__(self, step: Callable[[int], None]) -> None:
        super().__init__()
        self.step, self.convolution = step, nn.Conv2d(3, 6, 8)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        self.step(len(pictures))
        assert pictures.is_contiguous(memory_format=torch.channels_last)
        assert torch.is_inference_mode_enabled()
        found = self.convolution(pictures).flatten(1)
        return torch.cat([nn.functional.normalize(found, dim=-1), found[:, :2]], dim=1)


class SmallBackbone(Backbone):
    """A small tower for pictures, one table of letters for texts; can be told to fail."""

    compiled = False

    def __init__(self, device: str = "cpu") -> None:
        torch.manual_seed(0)
        self.fits: int | None = None
        self.failures: list[BaseException] = []
        self.batches: list[int] = []
        tower, self.letters = SmallTower(self._step), nn.EmbeddingBag(128, 6)
        model = nn.ModuleList([tower, self.letters])
        layout = RowLayout(6, 8, (0, 6))
        super().__init__("small", "0" * 12, layout, 10.0, SPEC, torch.device(device), tower, model=model)

    def _step(self, count: int) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if self.fits is not None and count > self.fits:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        self.batches.append(count)

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        self._step(len(texts))
        letters = [torch.tensor([ord(letter) % 128 for letter in text], device=self.device) for text in texts]
        return torch.cat([self.letters(word[None]) for word in letters])


@pytest.fixture
def pictures() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (10, 8, 8, 3), dtype=np.uint8)


def test_table_is_sound():
    ids = [spec.id for spec in backbone_table.BACKBONES]
    assert ids[0] == STARTER_ID
    assert len(set(ids)) == len(ids) >= 13
    assert "ViT-B-16/openai" in ids
    assert all(spec.title and spec.licence and spec.source and spec.embed_dim for spec in backbone_table.BACKBONES)
    bundled = [spec.bundled for spec in backbone_table.BACKBONES]
    assert bundled == sorted(bundled, reverse=True), "rows of bundled backbones stand before `*_CLIP`"


@pytest.mark.parametrize("backbone_id", sorted(backbone_table.BUNDLED))
def test_table_agrees_with_what_is_bundled(backbone_id):
    spec, backbone = backbone_table.find_backbone(backbone_id), load_backbone(backbone_id, device="cpu")
    cropped = backbone.image_spec.resize_mode == "shortest"
    assert spec.middle_only == cropped, f"its row needs middle_only={cropped}"
    assert spec.embed_dim == backbone.embed_dim


@pytest.mark.parametrize(
    "spec", [spec for spec in backbone_table.BACKBONES if not spec.bundled], ids=lambda spec: spec.id
)
def test_table_agrees_with_open_clip(spec):
    assert backbone_table.model_config(spec.model_name)["embed_dim"] == spec.embed_dim
    assert f"{spec.repository}/" == backbone_table.weights_config(spec.model_name, spec.pretrained)["hf_hub"]
    assert spec.download_mb > 0


def test_table_costs_no_torch():
    code = (
        "import sys; from mma_desktop.engine.backbones.backbone_table import find_backbone;"
        "find_backbone('ViT-B-16/openai');"
        "print([m for m in ('torch', 'open_clip', 'timm', 'transformers') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_any_open_clip_model_is_found():
    spec = backbone_table.find_backbone("RN50/openai")
    assert (spec.embed_dim, spec.model_name, spec.pretrained) == (1024, "RN50", "openai")
    own = backbone_table.find_backbone("ViT-B-32/file")
    assert (own.embed_dim, own.pretrained) == (512, "file")


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("vit-b-16/openai", "ViT-B-16/openai"), ("ViT-B-16/opnai", "ViT-B-16/openai"), ("zzzz", "starter")],
)
def test_unknown_ids_are_refused_with_near_ones(asked, offered):
    with pytest.raises(UserError) as error:
        backbone_table.find_backbone(asked)
    assert asked in str(error.value)
    assert offered in str(error.value)


def test_rows_are_as_computed_by_hand(pictures):
    backbone = SmallBackbone()
    features = backbone.encode_images(pictures)
    assert features.dtype == np.float32
    assert features.shape == (10, 8)
    assert (backbone.embed_dim, backbone.layout.width) == (6, 8)
    prepared = (pictures / 255.0 - np.array(SPEC.mean)) / np.array(SPEC.std)
    raw = backbone.tower.convolution(torch.tensor(prepared, dtype=torch.float32).permute(0, 3, 1, 2)).flatten(1)
    np.testing.assert_allclose(features[:, :6], nn.functional.normalize(raw).detach().numpy(), atol=1e-6)
    np.testing.assert_allclose(features[:, 6:], raw[:, :2].detach().numpy(), atol=1e-6)  # as the tower gives them
    texts = backbone.encode_texts(["lemon", "a"])
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-6)
    assert not any(p.requires_grad for part in (backbone.tower, backbone.letters) for p in part.parameters())


def test_what_ends_in_no_matrix_says_so():
    with pytest.raises(UserError, match="does not end in a linear projection"):
        SmallBackbone().need_projection()


def test_nothing_to_encode():
    backbone = SmallBackbone()
    assert backbone.encode_images(np.zeros((0, 8, 8, 3), np.uint8)).shape == (0, 8)
    assert backbone.encode_texts([]).shape == (0, 6)


def test_read_only_pictures(pictures):
    expected = SmallBackbone().encode_images(pictures)
    pictures.setflags(write=False)
    np.testing.assert_array_equal(SmallBackbone().encode_images(pictures), expected)


@pytest.mark.parametrize("shape", [(8, 8, 3), (2, 8, 9, 3), (2, 3, 8, 8)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="uint8"):
        SmallBackbone().encode_images(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match="float32"):
        SmallBackbone().encode_images(np.zeros((2, 8, 8, 3), np.float32))


def test_out_of_memory_halves_the_batch_and_goes_on(pictures):
    expected = SmallBackbone().encode_images(pictures)
    backbone = SmallBackbone()
    backbone.fits = 3
    np.testing.assert_allclose(backbone.encode_images(pictures), expected, atol=1e-6)
    assert backbone.batches == [2, 2, 2, 2, 2]
    assert len(backbone.messages) == 1
    backbone.batches.clear()
    backbone.encode_images(pictures)
    assert backbone.batches == [2, 2, 2, 2, 2], "the smaller batch is kept"


def test_smaller_passes_on_the_processor(pictures, monkeypatch):
    expected = SmallBackbone().encode_images(pictures)
    monkeypatch.setattr(SmallBackbone, "processor_batch", 4)
    backbone = SmallBackbone()
    np.testing.assert_allclose(backbone.encode_images(pictures), expected, atol=1e-6)
    backbone.encode_texts(["a"] * 10)
    assert backbone.batches == [4, 4, 2, *[1] * 10]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
    ],
)
def test_every_kind_of_out_of_memory(pictures, error):
    backbone = SmallBackbone()
    backbone.failures = [error]
    backbone.encode_images(pictures)
    assert backbone.batches == [5, 5]


def test_not_even_one_fits(pictures):
    backbone = SmallBackbone()
    backbone.fits = 0
    with pytest.raises(UserError, match="smaller image model"):
        backbone.encode_images(pictures)


def test_our_own_errors_escape(pictures):
    backbone = SmallBackbone()
    backbone.failures = [RuntimeError("mat1 and mat2 shapes cannot be multiplied")]
    with pytest.raises(RuntimeError, match="mat1"):
        backbone.encode_images(pictures)


def test_a_device_that_fails_is_left(pictures):
    expected = SmallBackbone().encode_images(pictures)
    backbone = SmallBackbone()
    # This machine may have no other device: the model lies on the processor and believes to be elsewhere.
    backbone.device = torch.device("meta")
    backbone.failures = [RuntimeError("device lost\nstack")]
    np.testing.assert_allclose(backbone.encode_images(pictures), expected, atol=1e-6)
    assert backbone.device.type == "cpu"
    assert backbone.messages == ["The device meta failed (device lost), so the processor (cpu) is used."]


def test_half_precision_only_where_it_pays():
    backbone = SmallBackbone()
    for kind, dtype in (
        ("cpu", torch.float32),
        ("xpu", torch.float32),
        ("cuda", torch.float16),
        ("mps", torch.float16),
    ):
        backbone.device = torch.device(kind)
        assert backbone.dtype == dtype


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_agrees_with_the_processor(pictures):
    on_cuda = SmallBackbone("cuda").encode_images(pictures)
    np.testing.assert_allclose(on_cuda, SmallBackbone().encode_images(pictures), atol=5e-3)
