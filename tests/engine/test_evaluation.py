"""Accuracies by the protocol, on examples small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Accuracy, Role
from mma_desktop.engine.evaluation import metrics
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.engine.evaluation.metrics import LabelledPredictions, logits, scores_of, summarise
from mma_desktop.engine.methods.adapter import ZeroShot, build_adapter
from mma_desktop.engine.methods.method_table import MULTI_MODAL_ADAPTER
from mma_desktop.engine.training_data import FeatureSet, TrainingData

from .cases import make_data, measured

B, N = Role.BASE, Role.NEW
TEXTS = np.eye(4, 16, dtype=np.float32)  # class i is direction i; classes 0 and 2 are base


def by_hand(*images: tuple[int, tuple[float, float, float, float]]) -> TrainingData:
    features = np.zeros((len(images), 16), np.float32)
    for row, (_, values) in enumerate(images):
        features[row, :4] = values
    labels = np.array([label for label, _ in images], np.int64)
    return TrainingData(
        ["a", "b", "c", "d"], [B, N, B, N], TEXTS, 100.0, FeatureSet.empty(16), None, FeatureSet(features, labels)
    )


def test_counted_by_hand() -> None:
    data = by_hand(
        (0, (0.9, 0.1, 0.2, 0.0)),  # right among base and among all
        (0, (0.5, 0.8, 0.1, 0.0)),  # right among base (a before c), wrong among all (b)
        (2, (0.9, 0.1, 0.2, 0.0)),  # wrong among both (a)
        (1, (0.9, 0.6, 0.0, 0.3)),  # right among new (b before d), wrong among all (a)
        (3, (0.0, 0.1, 0.2, 0.9)),  # right among both
    )
    found = measured(None, data)
    assert found.adapted == found.zero_shot
    assert found.adapted.base == Accuracy.of(2, 3)
    assert found.adapted.new == Accuracy.of(2, 2)
    assert found.adapted.all == Accuracy.of(2, 5)
    assert found.adapted.h == pytest.approx(2 * (200 / 3) * 100 / (200 / 3 + 100))
    assert [score.adapted for score in found.per_class] == [
        Accuracy.of(2, 2),
        Accuracy.of(1, 1),
        Accuracy.of(0, 1),
        Accuracy.of(1, 1),
    ]
    assert found.confusion == ((1, 1, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1))
    assert found.class_names == ("a", "b", "c", "d")
    assert found.base_by == "held-out"


def test_nothing_to_measure_on_is_none_and_never_a_number() -> None:
    found = measured(None, by_hand())
    assert found.adapted == found.zero_shot
    assert (found.adapted.base, found.adapted.new, found.adapted.all, found.adapted.h) == (None, None, None, None)
    assert sum(map(sum, found.confusion)) == 0
    only_base = measured(None, by_hand((0, (1, 0, 0, 0))))
    assert only_base.adapted.base == Accuracy.of(1, 1)
    assert only_base.adapted.new is None
    assert only_base.per_class[2].adapted is None
    none_given = measured(None, make_data(test=0))
    assert none_given.adapted.all is None


def test_one_name_of_a_role_measures_nothing() -> None:
    labels = np.array([0, 1, 2])
    said = LabelledPredictions(labels, labels, labels, np.ones(3, np.float32))
    scores = scores_of(said, [B, B, N])
    assert scores.base == Accuracy.of(2, 2)
    assert scores.new is None
    assert scores.all == Accuracy.of(3, 3)
    per_class = [one.adapted for one in summarise(said, said, list("abc"), [B, B, N]).per_class]
    assert per_class == [Accuracy.of(1, 1), Accuracy.of(1, 1), None]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_scores_equal_plain_counting(rows: list[tuple[int, int, int]]) -> None:
    roles = [B, N, B, N, B]
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    said = LabelledPredictions(*columns, confidence=np.full(len(rows), 0.5, np.float32))
    found = summarise(said, said, list("abcde"), roles)
    for role, accuracy in ((B, found.adapted.base), (N, found.adapted.new)):
        mine = [row for row in rows if roles[row[0]] is role]
        expected = Accuracy.of(sum(label == own for label, own, _ in mine), len(mine)) if mine else None
        assert accuracy == expected
    assert found.adapted.all == (Accuracy.of(sum(r[0] == r[2] for r in rows), len(rows)) if rows else None)
    for i in range(5):
        for j in range(5):
            assert found.confusion[i][j] == sum(label == i and among_all == j for label, _, among_all in rows)


def test_the_adapter_is_asked_among_the_names_of_the_role() -> None:
    """The adapter's image side sees the names, so their set matters, not only the choice among them."""
    data = make_data()
    adapter = build_adapter(MULTI_MODAL_ADAPTER, data.embed_dim, data.logit_scale, {"share": 0.9})
    base, new = data.test.select(data.test.labels < 4), data.test.select(data.test.labels >= 4)
    found = measured(adapter, data).adapted
    assert found.base
    assert found.new
    with torch.inference_mode():
        right = (
            adapter(torch.tensor(base.features), torch.tensor(data.text_features[:4])).argmax(1).numpy() == base.labels
        )
        assert found.base == Accuracy.of(int(right.sum()), len(base))
        right = (
            adapter(torch.tensor(new.features), torch.tensor(data.text_features[4:])).argmax(1).numpy() + 4
            == new.labels
        )
        assert found.new == Accuracy.of(int(right.sum()), len(new))


@pytest.mark.parametrize("mask", ["exclusive", "additive"])
def test_batches_make_no_difference(monkeypatch: pytest.MonkeyPatch, mask: str) -> None:
    data = make_data()
    adapter = build_adapter(MULTI_MODAL_ADAPTER, data.embed_dim, data.logit_scale, {"mask": mask})
    whole = logits(adapter, data.test.features, data.text_features)
    monkeypatch.setattr(metrics, "PAIRS_AT_ONCE", 24)  # three images of eight classes at once
    np.testing.assert_allclose(logits(adapter, data.test.features, data.text_features), whole, rtol=1e-4, atol=1e-4)
    assert whole.shape == (80, 8)
    assert whole.dtype == np.float32


def test_probabilities() -> None:
    data = make_data()
    adapter = ZeroShot(data.embed_dim, 100.0)
    found = softmax(logits(adapter, data.test.features, data.text_features))
    raw = logits(adapter, data.test.features, data.text_features).astype(np.float64)
    expected = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert softmax(logits(adapter, np.zeros((0, data.embed_dim), np.float32), data.text_features)).shape == (0, 8)


def test_cancel_is_seen_before_the_next_batch() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        measured(None, make_data(), token)


def test_sets_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="belong together"):
        FeatureSet(np.zeros((3, 4), np.float32), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="belong together"):
        TrainingData(["a"], [B, N], TEXTS, 1.0, FeatureSet.empty(16))
    for mask in ("proposed", "by_hand", "confirmed"):
        with pytest.raises(ValueError, match="masks do not belong"):
            TrainingData(list("abcd"), [B] * 4, TEXTS, 1.0, FeatureSet.empty(16), **{mask: np.zeros(2, bool)})
    with pytest.raises(ValueError, match="rows of 8 numbers"):
        TrainingData(list("abcd"), [B] * 4, TEXTS, 1.0, FeatureSet.empty(8))
    with pytest.raises(ValueError, match="not an index"):
        TrainingData(list("abcd"), [B] * 4, TEXTS, 1.0, FeatureSet(np.zeros((1, 16)), np.array([4])))


def test_names_of_the_context_are_seen_and_not_answered() -> None:
    data = make_data()
    adapter = build_adapter(MULTI_MODAL_ADAPTER, data.embed_dim, data.logit_scale, {"share": 0.9})
    images, names = data.test.features, data.text_features
    whole = logits(adapter, images, names)
    with_context = logits(adapter, images, names[:3], context=names[3:])
    np.testing.assert_allclose(with_context, whole[:, :3], rtol=1e-5, atol=1e-5)
    alone = logits(adapter, images, names[:3])
    assert np.abs(alone - with_context).max() > 1e-3, "the names in sight change what an image becomes"
    np.testing.assert_array_equal(logits(adapter, images, names[:3], context=names[:0]), alone)
    assert softmax(logits(adapter, images, names[:3], context=names[3:])).shape == (80, 3)
    np.testing.assert_allclose(softmax(logits(adapter, images, names[:3], context=names[3:])).sum(1), 1, rtol=1e-5)
