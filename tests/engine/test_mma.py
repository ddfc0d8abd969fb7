"""The closed form of the Multi-Modal Adapter against the plain masked attention, and the table of methods."""

from __future__ import annotations

import inspect
import subprocess
import sys
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from mma_desktop.core.errors import UserError
from mma_desktop.engine.methods.adapter import Adapter, ZeroShot, build_adapter
from mma_desktop.engine.methods.method_table import (
    MULTI_MODAL_ADAPTER,
    VISUAL_HEAD,
    ZERO_SHOT,
    find_method,
    resolve_options,
)
from mma_desktop.engine.methods.mma import MultiModalAdapter

from .oracle import MaskedOracle

_OPTIONS = {option.name: tuple(dict(option.choices)) for option in find_method(MULTI_MODAL_ADAPTER).options}
MASKS, DOWNS, UPS, BLOCKS = (_OPTIONS[name] for name in ("mask", "down", "up", "block"))


def features(rows: int, dim: int, seed: int, dtype: torch.dtype = torch.float32) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return functional.normalize(torch.randn(rows, dim, generator=draw, dtype=dtype), dim=-1)


def outcome(adapter: Adapter, images: Tensor, texts: Tensor) -> tuple[Tensor, dict[str, Tensor | None]]:
    """Cosines, and the gradients of a cross-entropy for every parameter and both inputs."""
    images, texts = images.clone().requires_grad_(), texts.clone().requires_grad_()
    adapter.zero_grad()
    logits = adapter(images, texts)
    functional.cross_entropy(logits, torch.arange(len(images)) % len(texts)).backward()
    gradients = {name: parameter.grad for name, parameter in adapter.named_parameters()}
    return logits.detach() / adapter.logit_scale, {**gradients, "images": images.grad, "texts": texts.grad}


def assert_same(adapter: Adapter, oracle: Adapter, images: Tensor, texts: Tensor, tolerance: float) -> None:
    oracle.load_state_dict(adapter.state_dict())
    found, found_gradients = outcome(adapter, images, texts)
    expected, expected_gradients = outcome(oracle, images, texts)
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=tolerance)
    assert found_gradients.keys() == expected_gradients.keys()
    for name, gradient in expected_gradients.items():
        torch.testing.assert_close(
            found_gradients[name],
            gradient,
            rtol=tolerance,
            atol=tolerance,
            msg=lambda text, name=name: f"{name}: {text}",
        )


@pytest.mark.parametrize("classes", [2, 3, 10, 50, 500])
@pytest.mark.parametrize(("mask", "adapt_text", "down"), list(product(MASKS, [True, False], DOWNS)))
def test_equals_masked_attention_forward_and_backward(classes: int, mask: str, adapt_text: bool, down: str) -> None:
    options = {"mask": mask, "adapt_text": adapt_text, "down": down}
    images, texts = features(4, 512, 1), features(classes, 512, 2)
    torch.manual_seed(0)
    assert_same(MultiModalAdapter(512, **options), MaskedOracle(512, **options), images, texts, 1e-5)


@pytest.mark.parametrize(("mask", "up", "block"), list(product(MASKS, UPS, BLOCKS)))
def test_the_variants_of_table_3_equal_masked_attention(mask: str, up: str, block: str) -> None:
    options = {"mask": mask, "up": up, "block": block}
    images, texts = features(4, 256, 1), features(20, 256, 2)
    torch.manual_seed(0)
    assert_same(MultiModalAdapter(256, **options), MaskedOracle(256, **options), images, texts, 1e-5)


@settings(max_examples=60, deadline=None)
@given(
    batch=st.integers(1, 5),
    classes=st.integers(1, 9),
    shape=st.sampled_from([(16, 1), (16, 2), (16, 4), (48, 3), (64, 8), (384, 4)]),
    share=st.floats(0, 1),
    mask=st.sampled_from(MASKS),
    adapt_text=st.booleans(),
    down=st.sampled_from(DOWNS),
    up=st.sampled_from(UPS),
    block=st.sampled_from(BLOCKS),
    seed=st.integers(0, 1000),
)
def test_equals_masked_attention_for_any_shape(
    batch: int,
    classes: int,
    shape: tuple[int, int],
    share: float,
    mask: str,
    adapt_text: bool,
    down: str,
    up: str,
    block: str,
    seed: int,
) -> None:
    dim, heads = shape
    options = {"share": share, "mask": mask, "adapt_text": adapt_text, "down": down, "heads": heads}
    options |= {"up": up, "block": block}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        adapter, oracle = MultiModalAdapter(dim, 10.0, **options).double(), MaskedOracle(dim, 10.0, **options).double()
        with torch.no_grad():
            adapter.attention.in_proj_bias.normal_()
            adapter.attention.out_proj.bias.normal_()
    images, texts = features(batch, dim, seed, torch.float64), features(classes, dim, seed + 1, torch.float64)
    assert_same(adapter, oracle, images, texts, 1e-8)


# Made with the oracle in float64; guards the arithmetic of both against a change of both.
GOLDEN = {
    "exclusive": [[0.631456457, -0.155869974, -0.07882932], [0.245903801, 0.298474096, 1.33516161]],
    "additive": [[0.632699336, -0.154347013, -0.077397053], [0.246380874, 0.298871322, 1.335567142]],
}


@pytest.mark.parametrize("kind", [MultiModalAdapter, MaskedOracle])
@pytest.mark.parametrize("mask", MASKS)
def test_golden(kind: type[MultiModalAdapter], mask: str) -> None:
    adapter = kind(16, 10.0, mask=mask, heads=2).double()
    start = 0
    with torch.no_grad():
        for parameter in adapter.parameters():
            steps = torch.arange(start, start + parameter.numel(), dtype=torch.float64)
            parameter.copy_(0.6 * torch.sin(0.7 * steps).view(parameter.shape))
            start += parameter.numel()
    images = torch.cos(1.3 * torch.arange(32, dtype=torch.float64)).view(2, 16)
    texts = torch.sin(2.1 * torch.arange(48, dtype=torch.float64) + 1).view(3, 16)
    expected = torch.tensor(GOLDEN[mask], dtype=torch.float64)
    torch.testing.assert_close(adapter(images, texts).detach(), expected, rtol=0, atol=2e-9)


@pytest.mark.parametrize(
    ("options", "count"), [({}, 107_712), ({"mask": "additive"}, 107_712), ({"down": "single"}, 152_736)]
)
def test_parameter_count_is_the_papers(options: dict[str, str], count: int) -> None:
    assert MultiModalAdapter(512, **options).parameter_count() == count


def test_gradient_reaches_every_part_and_nothing_else() -> None:
    for mask, adapt_text in product(MASKS, [True, False]):
        adapter = MultiModalAdapter(64, mask=mask, adapt_text=adapt_text)
        images, texts = features(6, 64, 3), features(4, 64, 4)
        functional.cross_entropy(adapter(images, texts), torch.tensor([0, 1, 2, 3, 0, 1])).backward()
        for name, parameter in adapter.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().max() > 0, name
        assert images.grad is None
        assert texts.grad is None
        assert "logit_scale" not in dict(adapter.named_parameters())


def test_share_zero_is_zero_shot() -> None:
    images, texts = features(5, 32, 5), features(3, 32, 6)
    for mask in MASKS:
        logits = MultiModalAdapter(32, share=0.0, mask=mask)(images, texts)
        torch.testing.assert_close(logits, ZeroShot(32, 100.0)(images, texts))


def test_inputs_of_any_scale_and_type() -> None:
    adapter = MultiModalAdapter(32)
    images, texts = features(5, 32, 7), features(3, 32, 8)
    expected = adapter(images, texts)
    torch.testing.assert_close(adapter(images * 7.5, texts * 0.01), expected, rtol=1e-4, atol=1e-4)
    assert adapter(images.half(), texts.half()).dtype == torch.float32
    torch.testing.assert_close(adapter(images.double(), texts.double()), expected)
    assert torch.isfinite(adapter(torch.zeros(1, 32), texts)).all()
    assert adapter(images[:0], texts).shape == (0, 3)


@pytest.mark.parametrize(
    ("dim", "options", "reason"),
    [
        (100, {}, "multiple of 16"),
        (0, {}, "multiple of 16"),
        (512, {"heads": 3}, "3 heads"),
    ],
)
def test_refuses_what_it_is_not_defined_for(dim: int, options: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        MultiModalAdapter(dim, **options)


def test_refuses_features_of_another_shape() -> None:
    adapter = MultiModalAdapter(32)
    with pytest.raises(ValueError, match=r"image features must be \(N, 32\)"):
        adapter(features(2, 16, 0), features(2, 32, 0))
    with pytest.raises(ValueError, match=r"text features must be \(N, 32\)"):
        adapter(features(2, 32, 0), features(2, 32, 0)[0])


class Largest(TorchDispatchMode):
    """The number of elements of the largest tensor that any operation gives."""

    def __init__(self) -> None:
        super().__init__()
        self.numel = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for item in result if isinstance(result, tuple | list) else [result]:
            if isinstance(item, Tensor):
                self.numel = max(self.numel, item.numel())
        return result


def largest_tensor(adapter: Adapter, batch: int, classes: int) -> int:
    images, texts = features(batch, adapter.embed_dim, 0), features(classes, adapter.embed_dim, 1)
    with Largest() as largest:
        functional.cross_entropy(adapter(images, texts), torch.arange(batch) % classes).backward()
    return largest.numel


def test_no_tensor_grows_with_batch_times_classes_times_width() -> None:
    batch, classes, dim = 200, 300, 128
    assert largest_tensor(MultiModalAdapter(dim), batch, classes) == 4 * batch * classes
    assert largest_tensor(MultiModalAdapter(dim, mask="additive"), batch, classes) == (dim // 16 + 1) * batch * classes
    assert (
        largest_tensor(MaskedOracle(dim), 20, 30) >= 20 * 30 * dim
    )  # the measure sees such a tensor where there is one


# --------------------------------------------------------------------------------------
# building by the table


def test_build_is_seeded_and_leaves_the_global_state_alone() -> None:
    before = torch.random.get_rng_state()
    one, same, other = (build_adapter(MULTI_MODAL_ADAPTER, 32, 50.0, seed=seed) for seed in (1, 1, -2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), same.parameters(), strict=True))
    assert not torch.equal(one.expand.weight, other.expand.weight)
    assert one.logit_scale == 50.0


def test_table_and_class_say_the_same() -> None:
    signature = inspect.signature(MultiModalAdapter).parameters
    spec = find_method(MULTI_MODAL_ADAPTER)
    assert {option.name: option.default for option in spec.options if option.name != VISUAL_HEAD} == {
        name: parameter.default for name, parameter in signature.items() if parameter.kind is parameter.KEYWORD_ONLY
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"shear": 1}, "no option shear"),
        ({"share": 2}, "from 0 to 1"),
        ({"share": "0.2"}, "from 0 to 1"),
        ({"share": float("nan")}, "from 0 to 1"),
        ({"share": True}, "from 0 to 1"),
        ({"share": 10**400}, "from 0 to 1"),
        ({"mask": "other"}, "one of exclusive, additive"),
        ({"adapt_text": 1}, "true or false"),
        ({"heads": 2.5}, "whole number"),
        ({"heads": 0}, "from 1 to 64"),
        ({"down": "triple"}, "one of factorised, single, mlp"),
        ({"heads": 5}, "does not fit this backbone"),
    ],
)
def test_options_are_refused_with_a_sentence(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        build_adapter(MULTI_MODAL_ADAPTER, 512, 100.0, resolve_options(find_method(MULTI_MODAL_ADAPTER), options))


def test_options_are_completed_and_typed() -> None:
    resolved = resolve_options(find_method(MULTI_MODAL_ADAPTER), {"heads": 2.0, "share": 1})
    assert resolved["heads"] == 2
    assert (resolved["mask"], resolved["adapt_text"], resolved["down"]) == ("exclusive", True, "factorised")
    assert type(resolved["heads"]) is int
    assert type(resolved["share"]) is float


def test_unknown_method_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean multi-modal-adapter"):
        find_method("multimodal-adapter")
    with pytest.raises(UserError, match=ZERO_SHOT):
        find_method("xyz")


def test_table_costs_no_torch() -> None:
    code = "import sys, mma_desktop.engine.methods.method_table; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "error", "-c", code], check=False).returncode == 0
