"""Adapters whose weights are numbers and make no sense: told, while whatever a training leaves is taken."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Recipe, Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.methods.adapter import Adapter, Sizes, build_adapter, sizes_of
from mma_desktop.engine.methods.method_table import METHODS, find_method
from mma_desktop.engine.training.trainer import train

from ..engine.cases import DIM, make_data
from ..engine.test_prompt_learners import WIDTH, FakeTower

ALL = [spec.id for spec in METHODS]
TRAINED = [spec.id for spec in METHODS if spec.trains]
BY_FEATURES = [spec.id for spec in METHODS if spec.trains and not spec.needs_encoder]
NO_USE = "no training produces"


def trained(method: str, seed: int = 0, options: dict | None = None, recipe: Recipe | None = None, **data) -> Adapter:
    found = make_data(seed=seed, **data)
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(DIM, DIM)))[0].astype(np.float32)
    found = replace(found, projection=turn if method == "prolip" else None, encoder=FakeTower())
    recipe = recipe or replace(find_method(method).recipe, max_epochs=6)
    return train(found, method, options, recipe, seed=seed).adapter


@cache
def trained_once(method: str) -> Adapter:
    """For who only changes what is written of it."""
    return trained(method)


def save(path: Path, method: str, adapter: Adapter, options: dict | None = None) -> Path:
    header = checkpoint.CheckpointHeader(
        method=method,
        options=options or {},
        backbone="starter",
        fingerprint="0" * 12,
        embed_dim=DIM,
        logit_scale=30.0,
        classes=tuple((f"class {number}", Role.BASE) for number in range(4)),
        prompt_template="a photo of a {}.",
        shots=8,
        seed=0,
        sizes=sizes_of(adapter, method, options or {}),
    )
    checkpoint.save(path, adapter, header)
    return path


def changed(path: Path, weights: dict[str, torch.Tensor]) -> Path:
    """The file with other weights, written as a stranger would."""
    with safetensors.safe_open(path, "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    safetensors.torch.save_file({**tensors, **weights}, path, metadata)
    return path


def assert_read_again(path: Path, adapter: Adapter) -> None:
    again, _ = checkpoint.load(path)
    assert again.state_dict().keys() == adapter.state_dict().keys()
    for name, value in again.state_dict().items():
        assert torch.equal(value, adapter.state_dict()[name])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("method", ALL)
def test_what_a_training_leaves_is_read_again(method: str, seed: int, tmp_path: Path) -> None:
    adapter = trained(method, seed) if seed else trained_once(method)
    assert_read_again(save(tmp_path / "adapter.safetensors", method, adapter), adapter)
    for value in adapter.state_dict().values():
        assert float(value.abs().max()) < checkpoint.LARGEST_WEIGHT / 1e3


@pytest.mark.parametrize("method", BY_FEATURES)
def test_so_is_a_training_at_a_high_rate_or_of_a_single_shot(method: str, tmp_path: Path) -> None:
    fast = replace(find_method(method).recipe, learning_rate=1.0, max_epochs=20)
    for number, adapter in enumerate((trained(method, recipe=fast), trained(method, shots=1, validation=0, base=2))):
        assert_read_again(save(tmp_path / f"{number}.safetensors", method, adapter), adapter)


@pytest.mark.parametrize("mask", ["exclusive", "additive"])
def test_an_option_that_makes_all_classes_alike_is_no_fault_of_the_weights(mask: str, tmp_path: Path) -> None:
    options = {"share": 1.0, "mask": mask}
    adapter = trained("multi-modal-adapter", options=options)
    assert_read_again(save(tmp_path / "adapter.safetensors", "multi-modal-adapter", adapter, options), adapter)


@pytest.mark.parametrize("size", [3e38, -3e38, 1e30, 1e19])
@pytest.mark.parametrize("method", TRAINED)
def test_weights_too_large_to_compute_with_are_told(method: str, size: float, tmp_path: Path) -> None:
    path = save(tmp_path / "adapter.safetensors", method, trained_once(method))
    good = path.read_bytes()
    for name, value in safetensors.torch.load(good).items():
        path.write_bytes(good)
        one = value.clone()
        one.flatten()[-1] = size
        for weights in (torch.full_like(value, size), one):
            with pytest.raises(UserError, match=NO_USE):
                checkpoint.load(changed(path, {name: weights}))


@pytest.mark.parametrize("method", ["identity-adapter", "prolip"])
def test_weights_that_make_all_classes_alike_are_told(method: str, tmp_path: Path) -> None:
    path = save(tmp_path / "adapter.safetensors", method, trained_once(method))
    (name,) = safetensors.torch.load_file(path)
    with pytest.raises(UserError, match=NO_USE):
        checkpoint.load(changed(path, {name: torch.zeros(DIM, DIM)}))


def test_overflow_in_many_layers_is_told_too(tmp_path: Path) -> None:
    path = save(tmp_path / "adapter.safetensors", "multi-modal-adapter", trained_once("multi-modal-adapter"))
    large = {name: torch.full_like(value, 9e5) for name, value in safetensors.torch.load_file(path).items()}
    with pytest.raises(UserError, match=NO_USE):
        checkpoint.load(changed(path, large))


def test_a_training_that_ends_so_is_told_before_it_is_kept(tmp_path: Path) -> None:
    adapter = build_adapter("identity-adapter", DIM, 30.0, sizes=Sizes(width=WIDTH))
    with torch.no_grad():
        adapter.image_map.fill_(1e20)
    path = tmp_path / "adapter.safetensors"
    with pytest.raises(UserError, match="Lower the learning rate"):
        save(path, "identity-adapter", adapter)
    assert not path.exists()
