"""The figures of the experiment "open world", on clouds around classes."""

from __future__ import annotations

import numpy as np
import pytest

from mma_desktop.core.types import Role
from mma_desktop.engine.evaluation.open_world import OWN, SHARES, OpenWorldRow, mean_rows, measure
from mma_desktop.engine.training.trainer import FeatureSet, TrainingData, train

CLASSES, BASE, WIDTH = 10, 6, 32


def data(*, with_strangers: bool = True) -> TrainingData:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(CLASSES, WIDTH))

    def drawn(classes: int, each: int) -> FeatureSet:
        labels = np.repeat(np.arange(classes), each)
        rows = centres[labels] + 0.6 * rng.normal(size=(len(labels), WIDTH))
        return FeatureSet((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels)

    texts = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    roles = [Role.BASE] * BASE + [Role.NEW] * (CLASSES - BASE)
    names = [f"class {at}" for at in range(CLASSES)]
    test = drawn(CLASSES if with_strangers else BASE, 40)
    return TrainingData(names, roles, texts.astype(np.float32), 30.0, drawn(BASE, 8), test=test)


def measured(found: TrainingData, *, with_open_set: bool = True) -> list[OpenWorldRow]:
    result = train(found, with_open_set=with_open_set)
    return measure(result.adapter, result.open_set, result.temperatures, found)


def test_every_score_is_measured_at_every_share_of_strangers() -> None:
    found = data()
    rows = measured(found)
    assert len({row.score for row in rows}) == 4
    own = next(row for row in rows if row.score == OWN)
    assert own.auc > 90
    assert own.overall[0] > own.forced[0] - 2, "hardly a picture is lost without strangers"
    assert all(own.overall[at] > own.forced[at] + 10 for at in (3, 4))
    for row in rows:
        assert len(row.overall) == len(row.forced) == len(SHARES)
        assert list(row.forced) == sorted(row.forced, reverse=True)
        assert row.named <= 100 * (1 - 0.5) or row.auc < 90
    (mean, *_) = mean_rows([rows, rows])
    assert mean == rows[0]


def test_it_takes_pictures_of_both_kinds_and_claims() -> None:
    found = data()
    with pytest.raises(ValueError, match="nothing tells"):
        measured(found, with_open_set=False)
    alone = data(with_strangers=False)
    with pytest.raises(ValueError, match="both kinds"):
        measured(alone)
