"""Adapters whose weights are numbers and make no sense: told, while whatever a training leaves is taken."""

from __future__ import annotations

import json
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
from mma_desktop.engine.methods.open_set import QUANTILES, OpenSetModel, build_scorer
from mma_desktop.engine.training.trainer import train

from ..engine.cases import DIM, make_data
from ..engine.test_prompt_learners import WIDTH, FakeTower

ALL = [spec.id for spec in METHODS]
TRAINED = [spec.id for spec in METHODS if spec.trains]
BY_FEATURES = [spec.id for spec in METHODS if spec.trains and not spec.needs_encoder]
NO_USE = "no training produces"
HEADER = checkpoint.CheckpointHeader(
    method="identity-adapter",
    backbone="starter",
    fingerprint="0" * 12,
    embed_dim=DIM,
    logit_scale=30.0,
    classes=tuple((f"class {number}", Role.BASE) for number in range(4)),
    prompt_template="a photo of a {}.",
    shots=8,
    seed=0,
)


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
    header = replace(HEADER, method=method, options=options or {}, sizes=sizes_of(adapter, method, options or {}))
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


SCORES = tuple(np.linspace(0.1, 1.1, QUANTILES).tolist())


@cache
def told() -> tuple[Adapter, checkpoint.CheckpointHeader]:
    """An adapter that tells unknown images, by rows of which the first part is a score."""
    model = OpenSetModel(
        known=SCORES,
        unknown=tuple(score - 0.5 for score in SCORES),
        ratios=((-9.0, 19.0),) * 13,
        width=DIM,
        text=(SCORES, SCORES),
        names=((0.2, 30.0),) * 2,
        reaches=True,
    )
    adapter = build_adapter("identity-adapter", DIM, 30.0, sizes=Sizes(width=WIDTH))
    adapter.open_set_scorer = build_scorer(model, 4)
    return adapter, replace(HEADER, open_set=model)


def hostile(path: Path, place: str, number: float) -> Path:
    """The file with a number at a place of `checkpoint.BOUNDS`, written as a stranger would."""
    checkpoint.save(path, *told())
    with safetensors.safe_open(path, "pt") as file:
        header = json.loads(file.metadata()["mma_desktop"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    name, _, part = place.partition(".")
    if name == "claims":
        tensor, _, at = place.partition("[")
        tensors[tensor].view(-1)[int(at.rstrip("]") or 0) if at else -1] = number
    elif part:
        shapes = {"known": [number] * QUANTILES, "unknown": [number] * QUANTILES, "text": [[number] * QUANTILES] * 2}
        lines = [[number, abs(number)]]
        header[name][part] = shapes.get(part, lines if part in {"ratios", "names"} else number)
    else:
        header[name] = number
    safetensors.torch.save_file(tensors, path, {"mma_desktop": json.dumps(header)})
    return path


OF_GROUPS = "claims.known"
PLACES = [(place, bound) for place in checkpoint.BOUNDS if place != OF_GROUPS for bound in checkpoint.BOUNDS[place]]


@pytest.mark.parametrize(("place", "bound"), PLACES)
def test_numbers_beyond_what_a_training_leaves_are_refused(place: str, bound: float, tmp_path: Path) -> None:
    least, most = checkpoint.BOUNDS[place]
    for number in (bound + np.sign(bound - (least + most) / 2) * 0.01 * (most - least), np.copysign(1e30, bound)):
        with pytest.raises(UserError, match=r"cannot be (used|-|\{|1e)") as refused:
            checkpoint.load(hostile(tmp_path / "adapter.safetensors", place, float(number)))
        assert place.partition("[")[0].partition(".")[0] in str(refused.value) or NO_USE in str(refused.value)


@pytest.mark.parametrize(("place", "bound"), PLACES)
def test_with_numbers_at_the_bounds_pictures_are_told_without_an_error(
    place: str, bound: float, tmp_path: Path
) -> None:
    number = bound + np.sign(sum(checkpoint.BOUNDS[place]) / 2 - bound) * 1e-6 * abs(bound)
    adapter, header = checkpoint.load(hostile(tmp_path / "adapter.safetensors", place, float(number)))
    assert header.open_set is not None
    rows = np.random.default_rng(0).normal(size=(300, DIM)).astype(np.float32)
    scores = adapter.open_set_scorer.score_rows(rows)
    margins = np.where(np.arange(300) % 2 == 0, np.nan, 0.1)
    for given in (scores, np.linspace(-1, 2, 300)):
        model, share, thresholds = header.open_set.decide(given, margins)
        assert np.isfinite(given).all()
        assert 0 <= share.value <= 1
        assert not np.isnan(thresholds.score)
        assert len(model.ratios) == len(header.open_set.ratios)


@pytest.mark.parametrize("number", [-0.1, 2.1])
def test_parts_of_groups_are_probabilities(number: float, tmp_path: Path) -> None:
    model = replace(told()[1].open_set, groups=2, reaches=False)
    adapter = build_adapter("identity-adapter", DIM, 30.0, sizes=Sizes(width=WIDTH))
    adapter.open_set_scorer = build_scorer(model, 4)
    path = tmp_path / "adapter.safetensors"
    checkpoint.save(path, adapter, replace(HEADER, open_set=model))
    tensors = safetensors.torch.load_file(path)
    with pytest.raises(UserError, match=OF_GROUPS):
        checkpoint.load(changed(path, {OF_GROUPS: torch.full_like(tensors[OF_GROUPS], number)}))
