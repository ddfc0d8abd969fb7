"""Odd features, shots and names: a sentence or a sensible answer, never a traceback or a NaN."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Role
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods import linear_probe
from mma_desktop.engine.methods.method_table import VISUAL_HEAD, find_method
from mma_desktop.engine.training.trainer import TrainingResult, train
from mma_desktop.engine.training_data import FeatureSet, TrainingData
from tests.steps import run

from .cases import DIM, make_data, unit, with_visual

METHODS: dict[str, dict[str, Any]] = {
    "quick": {},
    "linear-probe": {},
    "multi-modal-adapter": {VISUAL_HEAD: True},
}
EPOCHS = 4
"""At most, of the 200 that the paper's method may take: whatever is odd shows before."""
by_method = pytest.mark.parametrize("method", METHODS)


@pytest.fixture(autouse=True)
def few_penalties(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is odd shows at any."""
    monkeypatch.setattr(linear_probe, "PENALTIES", linear_probe.PENALTIES[::3])


def data_of(base: int = 4, shots: int = 4, **more: Any) -> TrainingData:
    return with_visual(make_data(base=base, new=2, shots=shots, validation=0, test=4, **more))


def with_shots(data: TrainingData, change: Callable[[np.ndarray, np.ndarray], None]) -> TrainingData:
    """The same with rows and labels of the shots changed in place."""
    rows, labels = data.shots.features.copy(), data.shots.labels.copy()
    change(rows, labels)
    return replace(data, shots=FeatureSet(rows, labels))


def fitted(data: TrainingData, method: str) -> TrainingResult:
    """A training whose every number is one, for images of any kind."""
    recipe = find_method(method).recipe
    short = replace(recipe, max_epochs=min(recipe.max_epochs, EPOCHS))
    events, result = run(lambda token: train(data, method, METHODS[method], short, cancel=token))
    assert all(math.isfinite(event.loss) for event in events)
    assert all(bool(torch.isfinite(one).all()) for one in result.adapter.state_dict().values())
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    odd = np.stack([np.zeros(data.image_dim), np.full(data.image_dim, 1e-12), 1e-30 * np.ones(data.image_dim)])
    for rows in (data.shots.features, data.test.features, odd.astype(np.float32)):
        assert np.isfinite(logits(result.adapter, rows, inputs)).all()
    assert np.isfinite(result.predictions.confidence).all()
    temperatures = result.temperatures
    assert all(math.isfinite(one) and one > 0 for one in (temperatures.adapted, temperatures.zero_shot))
    return result


def right(result: TrainingResult) -> float:
    return result.evaluation.adapted.base.percent


@by_method
def test_a_shot_of_zeros(method: str) -> None:
    def change(rows: np.ndarray, _labels: np.ndarray) -> None:
        rows[3] = 0

    assert right(fitted(with_shots(data_of(), change), method)) > 80


@by_method
def test_nothing_but_zeros(method: str) -> None:
    def change(rows: np.ndarray, _labels: np.ndarray) -> None:
        rows[:] = 0

    fitted(with_shots(data_of(), change), method)


@by_method
@pytest.mark.parametrize("length", [1e-12, 1e-3])
def test_short_features(method: str, length: float) -> None:
    """As of an encoder that gives nearly nothing for all pictures."""

    def short(part: FeatureSet) -> FeatureSet:
        return FeatureSet(length * part.features, part.labels)

    data = data_of(noise=0.1)
    result = fitted(replace(data, shots=short(data.shots), test=short(data.test)), method)
    assert right(result) >= result.evaluation.zero_shot.base.percent - 10


@by_method
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", [0, DIM])
def test_numbers_that_are_none_are_refused(method: str, number: float, column: int) -> None:
    def change(rows: np.ndarray, _labels: np.ndarray) -> None:
        rows[2, column] = number

    with pytest.raises(UserError, match=r"Some embeddings are damaged \(not numbers\)\. Clear the embeddings"):
        fitted(with_shots(data_of(), change), method)
    texts = data_of().text_features.copy()
    texts[0, 0] = number
    with pytest.raises(UserError, match="embedding of a class name is damaged"):
        replace(data_of(), text_features=texts)


def test_rows_of_another_width_are_refused() -> None:
    data = data_of()
    narrow = FeatureSet(data.shots.features[:, :-1], data.shots.labels)
    with pytest.raises(ValueError, match=r"rows of 43 numbers, and the layout says 44"):
        replace(data, shots=narrow)


@by_method
def test_an_adapter_is_not_used_on_rows_of_another_width(method: str) -> None:
    data = data_of()
    result = fitted(data, method)
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    for width in (DIM, data.image_dim - 1, data.image_dim + 1):
        with pytest.raises(ValueError, match=r"image features must be \(N, 44\), not \(2, "):
            logits(result.adapter, np.ones((2, width), np.float32), inputs)


@by_method
def test_one_class_is_a_sentence(method: str) -> None:
    data = data_of()
    alone = replace(data, roles=[Role.BASE] + [Role.NEW] * 5, shots=data.shots.select(data.shots.labels == 0))
    with pytest.raises(UserError, match="at least two base classes"):
        train(alone, method, METHODS[method])


@by_method
@pytest.mark.parametrize("base", [2, 4])
def test_one_shot_a_class(method: str, base: int) -> None:
    data = data_of(base=base, shots=1)
    result = fitted(data, method)
    least = 60 if method == "linear-probe" else result.evaluation.zero_shot.base.percent  # which reads no names
    assert right(result) >= least
    result = fitted(replace(data, test=data.test.select(data.test.labels >= base)), method)
    assert result.evaluation.adapted.base is None  # nothing to measure it on


@by_method
def test_the_same_pictures_in_two_classes(method: str) -> None:
    def change(rows: np.ndarray, labels: np.ndarray) -> None:
        rows[labels == 1] = rows[labels == 0]

    data = with_shots(data_of(), change)
    result = fitted(data, method)
    other = np.isin(data.test.labels, [2, 3])
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    found = logits(result.adapter, data.test.features[other], inputs)[:, :4].argmax(1)
    assert (found == data.test.labels[other]).mean() > 0.8  # the others do not suffer


@by_method
def test_one_picture_and_nothing_else(method: str) -> None:
    def change(rows: np.ndarray, _labels: np.ndarray) -> None:
        rows[:] = rows[0]

    fitted(with_shots(data_of(), change), method)


@by_method
@pytest.mark.parametrize("test", [True, False])
def test_one_shot_of_a_class_beside_many_of_others(method: str, test: bool) -> None:
    data = data_of(shots=12, noise=0.1)
    keep = (data.shots.labels != 0) | (np.arange(len(data.shots)) == 0)
    data = replace(data, shots=data.shots.select(keep))
    if not test:
        inner = replace(data, test=data.test.select(data.test.labels >= 4))
        fitted(inner, method)
        return
    result = fitted(data, method)
    lone = data.test.labels == 0
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    found = logits(result.adapter, data.test.features[lone], inputs)[:, :4]
    assert (found.argmax(1) == 0).mean() >= 0.5
    assert right(result) > 80


@by_method
@pytest.mark.parametrize("shots", [1, 2])
def test_more_classes_than_dimensions(method: str, shots: int) -> None:
    data = make_data(base=3 * DIM, new=2, shots=shots, validation=0, test=2, noise=0.05)
    result = fitted(data, method)
    assert right(result) >= (60 if method == "linear-probe" else result.evaluation.zero_shot.base.percent - 1)


@by_method
def test_names_without_a_text_feature(method: str) -> None:
    data = data_of()
    texts = data.text_features.copy()
    texts[[1, 5]] = 0
    fitted(replace(data, text_features=texts), method)


@by_method
def test_features_that_say_nothing(method: str) -> None:
    """Noise for pictures: no better than chance, and it does not pretend to be sure."""
    data = data_of(shots=6)
    draw = np.random.default_rng(0)

    def noise(part: FeatureSet) -> FeatureSet:
        return FeatureSet(unit(draw.normal(size=part.features.shape)), part.labels)

    data = replace(data, shots=noise(data.shots), test=FeatureSet.empty(0))
    result = fitted(replace(data, test=FeatureSet.empty(data.image_dim)), method)
    assert right(result) < 60
    assert result.predictions.confidence.mean() < 0.75
