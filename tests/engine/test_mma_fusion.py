"""The Multi-Modal Adapter behind the image map, beside a visual head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mma_desktop.core.types import Recipe, Role
from mma_desktop.engine.evaluation.metrics import logits, name_inputs, zero_shot_of
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.methods.method_table import IMAGE_MAP, MULTI_MODAL_ADAPTER, QUICK, VISUAL_HEAD, WITH_HEAD
from mma_desktop.engine.methods.mma import MultiModalAdapter
from mma_desktop.engine.methods.quick import Quick
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import TrainingData

from .cases import make_data, with_visual

FEW = Recipe(max_epochs=20, patience=0)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return with_visual(make_data(6, 4, 4, validation=0, shift=2.0))


@pytest.fixture(scope="module")
def quick(data: TrainingData) -> Adapter:
    return train(data, QUICK).adapter


@pytest.fixture(scope="module")
def fused(data: TrainingData) -> MultiModalAdapter:
    adapter = train(data, MULTI_MODAL_ADAPTER, WITH_HEAD, FEW).adapter
    assert isinstance(adapter, MultiModalAdapter)
    return adapter


def map_of(fused: MultiModalAdapter) -> Quick:
    assert fused.quick is not None
    return fused.quick


def balance_of(adapter: Adapter) -> torch.Tensor:
    assert adapter.head is not None
    return adapter.head.balance


def log_odds(adapter: Adapter, data: TrainingData) -> np.ndarray:
    """(N,) of the trained names against all others, before any head."""
    inputs = torch.tensor(name_inputs(adapter, data.class_names, data.text_features))
    found = adapter.below_heads(torch.tensor(data.test.features), inputs[:, :-8], inputs[:, -8:]).detach()
    base, new = (found[:, data.classes_of(role)].logsumexp(1) for role in (Role.BASE, Role.NEW))
    return (base - new).numpy()


def test_its_map_and_balance_are_those_of_quick(data: TrainingData, quick: Adapter, fused: MultiModalAdapter) -> None:
    rows = torch.tensor(data.test.features)
    np.testing.assert_allclose(
        map_of(fused).plain(rows, torch.tensor(data.text_features)).detach(),
        quick.plain(rows, torch.tensor(data.text_features)).detach(),
        atol=1e-3,
    )
    torch.testing.assert_close(balance_of(fused), balance_of(quick), atol=1e-3, rtol=1e-3)
    assert balance_of(fused).abs().sum() > 0


def test_attention_decides_within_trained_names_and_within_others(
    data: TrainingData, quick: Adapter, fused: MultiModalAdapter
) -> None:
    np.testing.assert_allclose(log_odds(fused, data), log_odds(quick, data), atol=1e-3)
    images = torch.tensor(data.test.features)
    alone = fused.plain(images, torch.tensor(data.text_features)).detach()
    moved = map_of(fused).plain(images, torch.tensor(data.text_features)).detach()
    assert (alone - moved).abs().max() > 0.1, "attention has learned something"


def test_it_learns_what_the_map_leaves(data: TrainingData) -> None:
    """Attention has a part in what is decided, with every class trained as well."""
    every = replace(data, roles=[Role.BASE] * 6 + [Role.NEW] * 4)
    losses = [train(every, MULTI_MODAL_ADAPTER, WITH_HEAD, replace(FEW, max_epochs=count)) for count in (1, 20)]
    texts = torch.tensor(data.text_features[:6])
    shots, labels = torch.tensor(data.shots.features), torch.tensor(data.shots.labels)
    before, after = (one.adapter.loss(shots, labels, texts).detach().item() for one in losses)
    assert after < before
    first, second = (
        logits(one.adapter, data.test.features, name_inputs(one.adapter, data.class_names, data.text_features))
        for one in losses
    )
    assert np.abs(first - second).max() > 0.01


def test_it_is_better_than_zero_shot_among_all_kinds_of_names(data: TrainingData, fused: MultiModalAdapter) -> None:
    right = {}
    for name, adapter in (("zero-shot", zero_shot_of(data)), ("fused", fused)):
        inputs = name_inputs(adapter, data.class_names, data.text_features)
        right[name] = (logits(adapter, data.test.features, inputs).argmax(1) == data.test.labels).mean()
    assert right["fused"] > right["zero-shot"]


@pytest.mark.parametrize("options", [{IMAGE_MAP: True}, {VISUAL_HEAD: True}, {}])
def test_either_part_alone_trains(data: TrainingData, options: dict[str, bool]) -> None:
    adapter = train(data, MULTI_MODAL_ADAPTER, options, FEW).adapter
    assert (adapter.quick is not None) == options.get(IMAGE_MAP, False)
    assert (adapter.head is not None) == options.get(VISUAL_HEAD, False)
    assert not any(one.requires_grad for name, one in adapter.named_parameters() if name.startswith("quick."))
