"""Orders over the embeddings against brute force, and the orders by date through the session."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.image_index import Filter, Guesses, Order, Show
from mma_desktop.services.images import embedding_sort

from .test_importing import MakeFolder, imported
from .understanding import whole_rows

TOKEN = CancelToken()
COUNT = 30


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def embedded(session: ProjectSession, make_folder: MakeFolder) -> tuple[ProjectSession, np.ndarray]:
    """31 images, all but the last with features of the test's own, in the order of their ids."""
    imported(session, make_folder("pictures", {"ant": COUNT + 1}))
    session.prepare(TOKEN)
    _, cache = session.engine.need()
    features = unit(np.random.default_rng(0).normal(size=(COUNT, cache.embed_dim)))
    cache.append(session.catalogue.columns.hashes[:COUNT], whole_rows(cache, features))
    session.add_classes(["left", "right"])
    return session, cache.gather(session.catalogue.columns.hashes[:COUNT])  # as half precision keeps them


def guess(session: ProjectSession, classes: np.ndarray) -> None:
    ids = session.catalogue.columns.ids[:COUNT]
    session.guesses = Guesses(ids, classes, np.full(COUNT, 0.5, np.float32))


def brute_force(features: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Mean cosine with the nearest min(20, N - 1) of the same class."""
    out = np.zeros(len(features))
    for at in range(len(features)):
        others = np.flatnonzero((classes == classes[at]) & (np.arange(len(features)) != at))
        if len(others):
            out[at] = np.sort(features[others] @ features[at])[::-1][: embedding_sort.NEIGHBOURS].mean()
    return out


def test_typicality_is_the_mean_cosine_within_the_class_of_label_or_prediction(
    embedded: tuple[ProjectSession, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, features = embedded
    monkeypatch.setattr(embedding_sort, "BLOCK", 7)
    left, right = (one.id for one in session.classes)
    ids = session.catalogue.columns.ids
    predicted = np.where(np.arange(COUNT) < 24, left, right)
    guess(session, predicted)
    session.assign(ids[[0, 1, 25]].tolist(), right)  # labels weigh more than predictions
    classes = predicted.copy()
    classes[[0, 1, 25]] = right
    expected = brute_force(features, classes)
    typical = session.ordered(Filter(order=Order.TYPICAL), TOKEN)
    assert typical.tolist() == [*ids[np.argsort(-expected)].tolist(), int(ids[COUNT])], "without features comes last"
    outliers = session.ordered(Filter(order=Order.OUTLIERS), TOKEN)
    assert outliers.tolist() == [*ids[np.argsort(expected)].tolist(), int(ids[COUNT])]
    shown = session.ordered(Filter(Show.UNLABELLED, order=Order.TYPICAL), TOKEN)
    assert shown.tolist() == [one for one in typical.tolist() if one not in ids[[0, 1, 25]].tolist()]


def test_it_is_kept_until_predictions_or_embeddings_are_others(
    embedded: tuple[ProjectSession, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, features = embedded
    worked: list[int] = []
    whole = embedding_sort._score
    monkeypatch.setattr(embedding_sort, "_score", lambda *parts: (worked.append(1), whole(*parts))[1])
    guess(session, np.full(COUNT, session.classes[0].id))
    for order in (Order.TYPICAL, Order.OUTLIERS, Order.TYPICAL):
        session.ordered(Filter(order=order), TOKEN)
    session.assign([1], session.classes[1].id)
    session.ordered(Filter(order=Order.TYPICAL), TOKEN)
    assert len(worked) == 1
    guess(session, np.full(COUNT, session.classes[1].id))
    session.ordered(Filter(order=Order.TYPICAL), TOKEN)
    assert len(worked) == 2
    _, cache = session.engine.need()
    cache.append(session.catalogue.columns.hashes[COUNT:], whole_rows(cache, features[:1]))
    assert len(session.ordered(Filter(order=Order.TYPICAL), TOKEN)) == COUNT + 1
    assert len(worked) == 3


def test_a_large_class_is_compared_with_a_random_part_of_it(
    embedded: tuple[ProjectSession, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, features = embedded
    monkeypatch.setattr(embedding_sort, "REFERENCES", 10)
    _, cache = session.engine.need()
    hashes = session.catalogue.columns.hashes[:COUNT]
    found = embedding_sort.typicality(cache, hashes, np.random.default_rng(3), TOKEN)
    among = np.sort(np.random.default_rng(3).choice(COUNT, 10, replace=False))
    cosines = features @ features[among].T
    cosines[among, np.arange(10)] = -np.inf
    expected = np.sort(cosines, axis=1)[:, ::-1][:, :9].mean(1)
    np.testing.assert_allclose(found, expected, atol=2e-3)
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(Cancelled):
        embedding_sort.typicality(cache, hashes, np.random.default_rng(3), stopped)


def test_similar_begins_with_the_anchors_and_ends_with_what_has_no_features(
    embedded: tuple[ProjectSession, np.ndarray],
) -> None:
    session, features = embedded
    ids = session.catalogue.columns.ids
    found = session.ordered(Filter(order=Order.SIMILAR, anchors=(int(ids[4]),)), TOKEN)
    rest = [at for at in np.argsort(-(features @ features[4])).tolist() if at != 4]
    assert found.tolist() == [int(ids[4]), *ids[rest].tolist(), int(ids[COUNT])]
    with pytest.raises(UserError, match="no embedding"):
        session.ordered(Filter(order=Order.SIMILAR, anchors=(10**6,)), TOKEN)


def test_dates_of_files_order_and_a_search_keeps_the_order(session: ProjectSession, make_folder: MakeFolder) -> None:
    folder: Path = make_folder("pictures", {"ant": 3, "bee": 3})
    for number, path in enumerate(sorted(folder.rglob("*.jpg"))):
        os.utime(path, (1_000_000_000, 1_000_000_000 + (number * 7) % 6))
    imported(session, folder)
    rows = {row.id: row for row in session.rows(session.catalogue.columns.ids.tolist())}
    by_date = sorted(rows, key=lambda one: (rows[one].path.stat().st_mtime_ns, one))
    assert session.select(Filter(order=Order.OLDEST)).tolist() == by_date
    newest = sorted(rows, key=lambda one: (-rows[one].path.stat().st_mtime_ns, one))
    assert session.select(Filter(order=Order.NEWEST)).tolist() == newest
    bees = session.select(Filter(order=Order.NEWEST, text="bee")).tolist()
    assert bees == [one for one in newest if rows[one].path.name.startswith("bee")]
