"""The reliability diagram and the reject curve against numbers worked out by hand."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.types import ConfidenceHistogram
from mma_desktop.engine.evaluation.calibration import (
    BINS,
    Temperatures,
    answers_of,
    calibration,
    confidences,
    expected_accuracy,
    fit_temperature,
    likely_temperature,
    name_temperature,
    softmax,
)
from mma_desktop.engine.evaluation.metrics import logits, predict
from mma_desktop.engine.methods.adapter import ZeroShot
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import FeatureSet
from mma_desktop.services.serialization import answers_json, evaluation_from, evaluation_json

from .cases import DIM, make_data, measured, with_visual

SURE = (0.95, 0.97, 0.99, 0.55, 0.58, 0.2)
RIGHT = (True, True, False, True, False, False)


def made(sure: object = SURE, right: object = RIGHT) -> ConfidenceHistogram:
    found = answers_of(np.array(sure, np.float32), np.array(right, bool))
    assert found is not None
    return found


def test_ece_by_hand() -> None:
    found = calibration(made())
    # bins of 1/15: 0.2 ends (2/15, 3/15]; 0.55 and 0.58 are in (8/15, 9/15]; the three others in (14/15, 1]
    top, middle, low = found.bins[14], found.bins[8], found.bins[2]
    assert [one.n for one in found.bins if one.n] == [1, 2, 3]
    assert (top.n, middle.n, low.n) == (3, 2, 1)
    assert top.accuracy == pytest.approx(200 / 3)
    assert top.confidence == pytest.approx(97)
    assert middle.accuracy == 50
    assert middle.confidence == pytest.approx(56.5)
    by_hand = (3 * abs(200 / 3 - 97) + 2 * abs(50 - 56.5) + 1 * abs(0 - 20)) / 6
    assert found.ece == pytest.approx(by_hand)
    assert (found.n, found.accuracy) == (6, 50)
    assert found.confidence == pytest.approx(100 * sum(SURE) / 6, abs=1e-3)


def test_an_edge_belongs_to_the_bin_below_it() -> None:
    found = calibration(made((0.2, 0.4, 0.6, 0.8, 1.0), (True,) * 5))
    assert [at for at, one in enumerate(found.bins) if one.n] == [2, 5, 8, 11, 14]
    assert [(one.low, one.high) for one in found.bins][14] == (14 / 15, 1)
    assert len(found.bins) == BINS


def test_what_chance_alone_gives() -> None:
    # one image of confidence 0.5 is off by 0.5 whatever happens; two of them by 0.5, 0 or 0.5: 0.25 on average
    assert calibration(made((0.5,), (True,))).chance == pytest.approx(50)
    assert calibration(made((0.5, 0.5), (True, False))).chance == pytest.approx(25)
    assert calibration(made((1.0,), (True,))).chance == 0
    draw = np.random.default_rng(0)
    sure = draw.uniform(0.3, 1.0, 200)
    eces = [calibration(made(sure, draw.random(200) < sure)).ece for _ in range(200)]
    assert calibration(made(sure, sure > 0)).chance == pytest.approx(np.mean(eces), rel=0.06)


def test_levels_are_bounded_however_many_images_were_measured() -> None:
    draw = np.random.default_rng(0)
    sure = draw.random(60_000)
    found = made(sure, draw.random(60_000) < sure)
    assert len(found.levels) <= 10_001
    assert sum(found.counts) == 60_000
    assert len(json.dumps([found.levels, found.counts, found.correct])) < 200_000
    assert answers_of(np.zeros(0), np.zeros(0, bool)) is None


def test_an_evaluation_measures_confidence_among_all_names() -> None:
    data = make_data()
    adapter = ZeroShot(DIM, data.logit_scale)
    said = predict(adapter, data.test, data)
    assert said.confidence == pytest.approx(softmax(logits(adapter, data.test.features, data.text_features)).max(1))
    found = measured(None, data)
    assert found.adapted_answers is not None
    assert sum(found.adapted_answers.counts) == len(data.test)
    assert found.adapted.all is not None
    assert calibration(found.adapted_answers).accuracy == pytest.approx(found.adapted.all.percent)
    assert measured(None, make_data(test=0)).adapted_answers is None


def test_answers_come_back_from_a_run() -> None:
    found = measured(None, make_data())
    kept = json.loads(json.dumps({**evaluation_json(found), "answers": answers_json(found)}))
    again = evaluation_from(kept)
    assert again.adapted_answers == found.adapted_answers
    assert again.zero_shot_answers == found.zero_shot_answers
    loaded = evaluation_from(evaluation_json(found))
    assert (loaded.adapted_answers, loaded.zero_shot_answers) == (None, None)
    kept["answers"]["adapted"]["counts"].pop()
    with pytest.raises(ValueError, match="belong together"):
        evaluation_from(kept)
    assert math.isfinite(calibration(again.adapted_answers).ece) if again.adapted_answers else False


def test_predictions_of_no_image() -> None:
    data = make_data()
    said = predict(ZeroShot(DIM, data.logit_scale), FeatureSet.empty(DIM), data)
    assert said.answers is None


# -------------------------------------------------------------------------------------- temperatures


def drawn(n: int, classes: int, sure: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from their softmax at temperature `sure`: that is the right one."""
    draw = np.random.default_rng(seed)
    found = 4 * draw.normal(size=(n, classes))
    probabilities = softmax(found / sure)
    return found, np.array([draw.choice(classes, p=row / row.sum()) for row in probabilities.astype(np.float64)])


@pytest.mark.parametrize("sure", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(sure: float) -> None:
    assert fit_temperature(*drawn(4000, 5, sure, 0)) == pytest.approx(sure, rel=0.1)


def test_few_images_that_are_all_right_make_nobody_certain() -> None:
    logits, labels = np.eye(4)[np.arange(24) % 4] * 3.0, np.arange(24) % 4
    found = fit_temperature(logits, labels)
    assert softmax(logits / found).max() < 1 - 1 / 60


def test_fewer_images_move_the_expected_temperature_by_as_much_as_they_say() -> None:
    logits, labels = np.eye(4)[np.arange(18) % 4] * 3.0, np.arange(18) % 4
    assert fit_temperature(logits[:0], labels[:0], 2.0) == likely_temperature(logits[:0], labels[:0], 2.0) == 2.0
    right = [fit_temperature(logits[:count], labels[:count], 2.0) for count in (2, 8, 18)]
    assert 2.0 > right[0] > right[1] > right[2] > 0.8
    assert fit_temperature(logits, (labels + 1) % 4, 2.0) > 2.5
    assert likely_temperature(logits, labels) == pytest.approx(fit_temperature(logits, labels))


@pytest.mark.parametrize("sure", [0.5, 1.0, 2.0])
def test_many_images_leave_nothing_of_what_was_expected(sure: float) -> None:
    assert likely_temperature(*drawn(4000, 5, sure, 0)) == pytest.approx(sure, rel=0.1)


def test_trained_names_take_the_temperature_and_new_names_the_range_of_zero_shot() -> None:
    adapted = np.array([[8.0, 2.0, 4.0], [0.0, 2.0, 12.0]])
    plain = np.array([[3.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
    trained = np.array([True, True, False])
    found = confidences(adapted, plain, trained, Temperatures(adapted=2.0, zero_shot=0.5))
    np.testing.assert_allclose(found[0], softmax(np.array([[4.0, 1.0, 2.0]]))[0], rtol=1e-5)
    rescaled = np.array([[1.0, 1.0 + 2 / 6, 3.0]])  # 0, 2, 12 brought to 1 ... 3
    np.testing.assert_allclose(found[1], softmax(rescaled / 0.5)[0], rtol=1e-5)


def test_the_range_of_names_that_a_head_moved_away_does_not_count() -> None:
    adapted, plain = np.array([[-90.0, -50.0, 2.0, 6.0]]), np.array([[3.0, 1.0, 2.0, 4.0]])
    found = confidences(adapted, plain, np.array([True, True, False, False]), Temperatures(1.0, 1.0))
    np.testing.assert_allclose(found, softmax(np.array([[-44.0, -24.0, 2.0, 4.0]])), rtol=1e-5)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_names_without_shots_are_as_sure_as_they_are_right(seed: int) -> None:
    data = with_visual(make_data(8, 8, 8, 0, 60, seed=seed, noise=0.4), seed=seed)
    result = train(data)
    answers = result.evaluation.adapted_answers
    assert answers is not None
    found = calibration(answers)
    assert abs(found.confidence - found.accuracy) < 15


def by_names(names: int, known: float, height: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits (600, C) of images, and whether the best is right: so many show a name, whose logit is higher."""
    draw = np.random.default_rng(seed)
    logits, labels = draw.normal(size=(600, names)) + draw.normal(size=names), draw.integers(names, size=600)
    logits += 3 * draw.normal(size=(600, 1))
    labels[draw.random(600) >= known] = -1
    shows = np.flatnonzero(labels >= 0)
    logits[shows, labels[shows]] += height
    return logits, logits.argmax(1) == labels


@pytest.mark.parametrize("names", [2, 3, 20])
@pytest.mark.parametrize("known", [1.0, 0.5])
@pytest.mark.parametrize("height", [4, 12])
def test_how_often_names_are_right_is_told_without_a_label(names: int, known: float, height: float) -> None:
    for seed in range(4):
        logits, right = by_names(names, known, height, seed)
        assert expected_accuracy(logits, logits.argmax(1)) == pytest.approx(right.mean(), abs=0.12)


@pytest.mark.parametrize("names", [5, 20, 80])
def test_names_that_no_image_shows_are_expected_to_be_wrong(names: int) -> None:
    logits, _ = by_names(names, 0, 0, seed=0)
    assert expected_accuracy(logits, logits.argmax(1)) < 0.25
    alike = np.zeros((40, names))
    assert 0 <= expected_accuracy(alike, alike.argmax(1)) <= 1


def test_without_labels_names_are_as_sure_as_expected_and_never_surer_than_before() -> None:
    logits, right = by_names(20, 0.5, 4, seed=0)
    temperature = name_temperature(3 * logits, 3 * logits)
    assert softmax(3 * logits / temperature).max(1).mean() == pytest.approx(right.mean(), abs=0.05)
    assert temperature > 2
    assert name_temperature(0.1 * logits, 0.1 * logits) == 1
    assert name_temperature(logits[:19], logits[:19]) == 1, "so few tell nothing"


@given(st.integers(1, 6), st.integers(0, 1000))
def test_calibration_never_changes_the_order(classes: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    adapted, plain = 5 * draw.normal(size=(7, classes)), draw.normal(size=(7, classes))
    found = confidences(adapted, plain, draw.random(classes) < 0.5, Temperatures(0.7, 1.5))
    assert (found.argmax(1) == adapted.argmax(1)).all()
    np.testing.assert_allclose(found.sum(1), 1, rtol=1e-5)


def test_a_training_is_better_calibrated_on_what_it_was_not_fitted_to() -> None:
    data = make_data(noise=0.45, base=6, new=1, validation=30, test=200)
    result = train(data, "quick")
    raw = predict(result.adapter, data.test, data).answers
    calibrated = predict(result.adapter, data.test, data, temperatures=result.temperatures).answers
    assert raw is not None
    assert calibrated is not None
    assert calibration(calibrated).ece < calibration(raw).ece - 1
    assert result.evaluation.adapted_answers == calibrated
