"""Orders over the embeddings against brute force, and the orders by date through the session."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken
from mma_desktop.services import similarity
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Predictions, Show
from mma_desktop.services.predicting import model_in_use

from .test_importing import MakeFolder, imported
from .understanding import whole_rows

TOKEN = CancelToken()
COUNT = 30


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def embedded(context: ProjectContext, make_folder: MakeFolder) -> tuple[ProjectContext, np.ndarray]:
    """31 images, all but the last with features of the test's own, in the order of their ids."""
    imported(context, make_folder("pictures", {"ant": COUNT + 1}))
    model_in_use.prepare(context, TOKEN)
    _, cache = context.engine.need()
    features = unit(np.random.default_rng(0).normal(size=(COUNT, cache.embed_dim)))
    cache.append(context.index.columns.hashes[:COUNT], whole_rows(cache, features))
    context.project.add_classes(["left", "right"])
    return context, cache.gather(context.index.columns.hashes[:COUNT])  # as half precision keeps them


def guess(context: ProjectContext, classes: np.ndarray) -> None:
    ids = context.index.columns.ids[:COUNT]
    context.predictions = Predictions(ids, classes, np.full(COUNT, 0.5, np.float32))


def brute_force(features: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Mean cosine with the nearest min(20, N - 1) of the same class."""
    out = np.zeros(len(features))
    for at in range(len(features)):
        others = np.flatnonzero((classes == classes[at]) & (np.arange(len(features)) != at))
        if len(others):
            out[at] = np.sort(features[others] @ features[at])[::-1][: similarity.NEIGHBOURS].mean()
    return out


def test_typicality_is_the_mean_cosine_within_the_class_of_label_or_prediction(
    embedded: tuple[ProjectContext, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, features = embedded
    monkeypatch.setattr(similarity, "BLOCK", 7)
    left, right = (one.id for one in context.classes)
    ids = context.index.columns.ids
    predicted = np.where(np.arange(COUNT) < 24, left, right)
    guess(context, predicted)
    context.project.assign(ids[[0, 1, 25]].tolist(), right)  # labels weigh more than predictions
    classes = predicted.copy()
    classes[[0, 1, 25]] = right
    expected = brute_force(features, classes)
    typical = similarity.ordered(context, Filter(order=Order.TYPICAL), TOKEN)
    assert typical.tolist() == [*ids[np.argsort(-expected)].tolist(), int(ids[COUNT])], "without features comes last"
    outliers = similarity.ordered(context, Filter(order=Order.OUTLIERS), TOKEN)
    assert outliers.tolist() == [*ids[np.argsort(expected)].tolist(), int(ids[COUNT])]
    shown = similarity.ordered(context, Filter(Show.UNLABELLED, order=Order.TYPICAL), TOKEN)
    assert shown.tolist() == [one for one in typical.tolist() if one not in ids[[0, 1, 25]].tolist()]


def test_it_is_kept_until_predictions_or_embeddings_are_others(
    embedded: tuple[ProjectContext, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, features = embedded
    worked: list[int] = []
    whole = similarity.typicality
    monkeypatch.setattr(similarity, "typicality", lambda *parts: (worked.append(1), whole(*parts))[1])
    guess(context, np.full(COUNT, context.classes[0].id))
    for order in (Order.TYPICAL, Order.OUTLIERS, Order.TYPICAL):
        similarity.ordered(context, Filter(order=order), TOKEN)
    context.project.assign([1], context.classes[1].id)
    similarity.ordered(context, Filter(order=Order.TYPICAL), TOKEN)
    assert len(worked) == 1
    guess(context, np.full(COUNT, context.classes[1].id))
    similarity.ordered(context, Filter(order=Order.TYPICAL), TOKEN)
    assert len(worked) == 2
    _, cache = context.engine.need()
    cache.append(context.index.columns.hashes[COUNT:], whole_rows(cache, features[:1]))
    assert len(similarity.ordered(context, Filter(order=Order.TYPICAL), TOKEN)) == COUNT + 1
    assert len(worked) == 4, "once for the class, once for the image without one"


def test_a_large_class_is_compared_with_a_random_part_of_it(
    embedded: tuple[ProjectContext, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, features = embedded
    monkeypatch.setattr(similarity, "REFERENCES", 10)
    _, cache = context.engine.need()
    hashes = context.index.columns.hashes[:COUNT]
    found = similarity.typicality(cache, hashes, np.random.default_rng(3), TOKEN)
    among = np.sort(np.random.default_rng(3).choice(COUNT, 10, replace=False))
    cosines = features @ features[among].T
    cosines[among, np.arange(10)] = -np.inf
    expected = np.sort(cosines, axis=1)[:, ::-1][:, :9].mean(1)
    np.testing.assert_allclose(found, expected, atol=2e-3)
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        similarity.typicality(cache, hashes, np.random.default_rng(3), stopped)


def test_dates_of_files_order_and_a_search_keeps_the_order(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder: Path = make_folder("pictures", {"ant": 3, "bee": 3})
    for number, path in enumerate(sorted(folder.rglob("*.jpg"))):
        os.utime(path, (1_000_000_000, 1_000_000_000 + (number * 7) % 6))
    imported(context, folder)
    rows = {row.id: row for row in context.project.image_rows(context.index.columns.ids.tolist())}
    by_date = sorted(rows, key=lambda one: (rows[one].path.stat().st_mtime_ns, one))
    assert context.select(Filter(order=Order.OLDEST)).tolist() == by_date
    newest = sorted(rows, key=lambda one: (-rows[one].path.stat().st_mtime_ns, one))
    assert context.select(Filter(order=Order.NEWEST)).tolist() == newest
    bees = context.select(Filter(order=Order.NEWEST, text="bee")).tolist()
    assert bees == [one for one in newest if rows[one].path.name.startswith("bee")]
