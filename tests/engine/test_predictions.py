"""What a training says of each measured image, in the order of the images: held out, and over the folds."""

from __future__ import annotations

import numpy as np

from mma_desktop.core.types import Recipe
from mma_desktop.engine.evaluation.metrics import predict
from mma_desktop.engine.training.trainer import train

from .cases import make_data

SHORT = Recipe(max_epochs=4)


def test_over_the_folds_the_order_is_that_of_the_shots() -> None:
    data = make_data(validation=0, test=0)
    result = train(data, recipe=SHORT)
    assert result.of_shots
    assert result.predictions.labels.tolist() == data.shots.labels.tolist()
    assert result.evaluation.adapted_answers == result.predictions.answers


def test_held_out_it_is_that_of_the_test_images() -> None:
    data = make_data()
    result = train(data, recipe=SHORT)
    assert not result.of_shots
    assert result.predictions.labels.tolist() == data.test.labels.tolist()
    again = predict(result.adapter, data.test, data)
    assert result.predictions.among_all.tolist() == again.among_all.tolist()
    cells = np.zeros((8, 8), int)
    np.add.at(cells, (again.labels, again.among_all), 1)
    assert [list(row) for row in result.evaluation.confusion] == cells.tolist()


def test_a_method_that_trains_nothing_says_it_of_the_same_images() -> None:
    data = make_data()
    result = train(data, "zero-shot")
    assert result.predictions.labels.tolist() == data.test.labels.tolist()
    shots = train(make_data(test=0), "zero-shot")
    assert shots.of_shots
    assert shots.predictions.labels.tolist() == data.shots.labels.tolist()
