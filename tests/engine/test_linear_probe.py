"""The linear probe: scikit-learn's own answers among trained names, zero-shot's for all others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from mma_desktop.core.types import Role
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.engine.evaluation.metrics import logits, name_inputs
from mma_desktop.engine.methods.adapter import ZeroShot
from mma_desktop.engine.methods.linear_probe import ONE_SHOT_AMOUNT, PENALTIES
from mma_desktop.engine.training.trainer import train
from mma_desktop.engine.training_data import TrainingData
from tests.steps import run

from .cases import DIM, make_data, unit, with_visual


def all_logits(data: TrainingData, **options: float) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the test images for all names, by the probe and by zero-shot."""
    events, result = run(lambda token: train(data, "linear-probe", options, cancel=token))
    assert [event.phase for event in events] == ["train"]
    inputs = name_inputs(result.adapter, data.class_names, data.text_features)
    plain = logits(ZeroShot(data.embed_dim, data.logit_scale), data.test.features, data.text_features)
    return logits(result.adapter, data.test.features, inputs), plain


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("columns", [(0, DIM), (DIM, DIM + 12)], ids=["shared", "before the projection"])
@pytest.mark.parametrize("penalty", [10.0, 0.1])
def test_among_trained_names_it_says_what_scikit_learn_says(
    classes: int, columns: tuple[int, int], penalty: float
) -> None:
    data = with_visual(make_data(base=classes, new=3, shots=5, noise=0.6), noise=1.5)
    data = replace(data, layout=RowLayout(DIM, DIM + 12, columns))

    def seen(rows: np.ndarray) -> np.ndarray:
        return unit(rows[:, slice(*columns)]).astype(np.float64)

    judge = LogisticRegression(C=penalty, max_iter=1000, tol=1e-8).fit(seen(data.shots.features), data.shots.labels)
    expected = judge.predict_proba(seen(data.test.features))
    found, _ = all_logits(data, inverse_penalty=penalty)
    np.testing.assert_allclose(softmax(found[:, :classes]), expected, atol=1e-3)
    assert np.ptp(expected, axis=0).max() > 0.01


def test_the_penalty_is_the_one_that_scikit_learn_finds_likeliest_on_shots_left_out() -> None:
    chosen = set()
    for noise in (0.8, 1.6):
        data = make_data(base=3, new=2, shots=6, noise=noise, seed=1)
        shots, labels = unit(data.shots.features).astype(np.float64), data.shots.labels
        folds = StratifiedKFold(5, shuffle=True, random_state=0)
        losses = {}
        for penalty in PENALTIES:
            said = np.empty((len(labels), 3))
            for rest, fold in folds.split(shots, labels):
                judge = LogisticRegression(C=penalty, max_iter=1000, tol=1e-8).fit(shots[rest], labels[rest])
                said[fold] = judge.predict_log_proba(shots[fold])
            parts = [-said[fold, labels[fold]].mean() for _, fold in folds.split(shots, labels)]
            losses[penalty] = float(np.mean(parts))
        best = min(losses, key=lambda penalty: losses[penalty])
        chosen.add(best)
        found, _ = all_logits(data)
        expected, _ = all_logits(data, inverse_penalty=best)
        np.testing.assert_allclose(softmax(found[:, :3]), softmax(expected[:, :3]), atol=2e-3)
        assert np.array_equal(found, all_logits(data)[0])
    assert len(chosen) == 2


def test_one_shot_a_class_takes_a_fixed_penalty() -> None:
    data = make_data(base=3, new=2, shots=1)
    np.testing.assert_array_equal(all_logits(data)[0], all_logits(data, inverse_penalty=ONE_SHOT_AMOUNT)[0])


def test_other_names_stay_zero_shot_and_so_does_the_share_of_all_trained_ones() -> None:
    data = with_visual(make_data())
    found, plain = all_logits(data)
    np.testing.assert_allclose(found[:, 4:], plain[:, 4:], atol=1e-4)
    share, expected = (softmax(one)[:, :4].sum(1) for one in (found, plain))
    np.testing.assert_allclose(share, expected, atol=1e-4)
    assert np.abs(found[:, :4] - plain[:, :4]).max() > 1


def test_it_is_measured_with_shots_alone_and_counts_no_parameter_of_a_map() -> None:
    data = with_visual(make_data(validation=0, test=0))
    events, result = run(lambda token: train(data, "linear-probe", cancel=token))
    assert result.evaluation.base_by == "cross-validation"
    assert result.evaluation.adapted.base.percent > 90
    assert {event.phase for event in events} == {*(f"fold {at} of 4" for at in range(1, 5)), "train"}
    assert all(event.best_epoch == 0 for event in events)
    assert result.evaluation.adapted.new is None
    assert data.roles[0] == Role.BASE
