"""What pictures without a label teach: more right, the same in any order, honest figures, and no harm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mma_desktop.core.types import Recipe
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods.adapter import Adapter
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import TrainingData

from .cases import make_data, with_visual

PAPER = Recipe(max_epochs=6)


def with_pictures(base: int, new: int, shots: int, each: int = 40, noise: float = 0.2, seed: int = 0) -> TrainingData:
    """Classes of `make_data`, half of whose test pictures are at hand, and no others to measure on but the rest."""
    made = with_visual(make_data(base, new, max(1, shots), validation=0, test=2 * each, noise=noise, seed=seed))
    own = made.shots if shots else made.shots.select(np.zeros(0, np.int64))
    seen = np.arange(len(made.test)) % 2 == 0
    return replace(made, shots=own, unlabelled=made.test.features[seen], test=made.test.select(~seen))


def right(adapter: Adapter, data: TrainingData) -> float:
    inputs = name_inputs(adapter, data.class_names, data.text_features)
    return float((logits(adapter, data.test.features, inputs).argmax(1) == data.test.labels).mean())


@pytest.mark.parametrize(("base", "new", "shots"), [(0, 8, 0), (8, 0, 1), (4, 4, 2)])
def test_pictures_at_hand_teach_names_and_shots_about_others(base: int, new: int, shots: int) -> None:
    data = with_pictures(base, new, shots, noise=0.3)
    taught = train(data, transductive=True).adapter
    before = (
        right(train(data).adapter, data)
        if base
        else float(((data.test.features[:, :32] @ data.text_features.T).argmax(1) == data.test.labels).mean())
    )
    assert right(taught, data) >= before + 0.04
    assert taught.transduction is not None
    assert taught.parameter_count() >= taught.transduction.weights.numel()
