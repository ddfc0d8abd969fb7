"""Suggested shots: balanced over classes, typical and apart from each other, by margin once there is an adapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.domain import Cancelled, CancelToken, Role, TrainRequest, Use, UserError
from mma_desktop.session import ProjectSession, create_session
from mma_desktop.session.suggesting import (
    POOL,
    REFERENCES,
    Candidates,
    Why,
    choose,
    kmeans,
    prototype_cosines,
    softmax,
    typicality,
    unit,
)

from .test_importing import run

TOKEN = CancelToken()
DIM = 16


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def blobs(sizes: list[int], spread: float = 0.05, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around as many axes as there are sizes, and the blob of each."""
    blob = np.repeat(np.arange(len(sizes)), sizes)
    return unit(np.eye(DIM)[blob] + spread * rng(seed).normal(size=(len(blob), DIM))), blob


def candidates(features: np.ndarray, chances: np.ndarray, needs: list[int], **shots: np.ndarray) -> Candidates:
    return Candidates(
        features,
        chances.astype(np.float32),
        shots.get("shots", np.empty((0, DIM), np.float32)),
        shots.get("shot_classes", np.empty(0, np.int64)),
        np.array(needs),
    )


def test_kmeans_finds_separate_blobs_and_is_repeatable() -> None:
    features, blob = blobs([30, 20, 10])
    labels = kmeans(features, 3, rng(), TOKEN)
    for one in range(3):
        assert len(set(labels[blob == one].tolist())) == 1
    assert len(set(labels.tolist())) == 3
    assert np.array_equal(labels, kmeans(features, 3, rng(), TOKEN))
    assert set(kmeans(np.repeat(features[:1], 5, 0), 3, rng(), TOKEN).tolist()) <= {0, 1, 2}  # all alike


def test_typicality_is_the_inverse_mean_distance_to_the_nearest() -> None:
    features, _ = blobs([8])
    distances = np.linalg.norm(features[:, None] - features[None], axis=2)
    np.testing.assert_allclose(typicality(features, rng(), TOKEN), 1 / (distances.sum(1) / 7), rtol=1e-3)
    features, _ = blobs([40])
    distances = np.sort(np.linalg.norm(features[:, None] - features[None], axis=2), axis=1)[:, 1:21]
    np.testing.assert_allclose(typicality(features, rng(), TOKEN), 1 / distances.mean(1), rtol=1e-3)
    assert typicality(features[:1], rng(), TOKEN).tolist() == [1.0]


def test_typicality_of_a_large_cluster_ranks_dense_over_sparse() -> None:
    count = REFERENCES + 500
    dense = unit(np.eye(DIM)[0] + 0.02 * rng().normal(size=(count - 300, DIM)))
    sparse = unit(np.eye(DIM)[0] + 0.4 * rng(1).normal(size=(300, DIM)))
    found = typicality(np.concatenate([dense, sparse]), rng(), TOKEN)
    assert np.median(found[:-300]) > found[-300:].max()


def test_prototypes_of_classes_with_shots_and_neutral_for_those_without() -> None:
    features, blob = blobs([5, 5, 5])
    found = prototype_cosines(features, features[blob != 1], blob[blob != 1], 3)
    assert (found[blob == 0].argmax(1) == 0).all()
    assert (found[blob == 2].argmax(1) == 2).all()
    np.testing.assert_allclose(found[:, 1], found[:, [0, 2]].mean(1), rtol=1e-5)


def test_each_suggestion_is_from_another_cluster_and_those_with_shots_come_last() -> None:
    features, blob = blobs([40, 30, 20, 10], 0.01)
    one_class = np.ones((100, 1))
    (rows,) = choose(candidates(features, one_class, [4]), Why.TYPICAL, rng(), TOKEN)
    assert blob[rows].tolist() == [0, 1, 2, 3]  # the largest cluster first
    shot = {"shots": features[blob == 0][:1], "shot_classes": np.zeros(1, np.int64)}
    (rows,) = choose(candidates(features, one_class, [3], **shot), Why.TYPICAL, rng(), TOKEN)
    assert sorted(blob[rows].tolist()) == [1, 2, 3]


def test_the_typical_image_of_a_cluster_is_suggested_not_its_outlier() -> None:
    centre = unit(np.eye(DIM)[0] + 0.02 * rng().normal(size=(30, DIM)))
    outliers = unit(np.eye(DIM)[0] + 0.5 * rng(1).normal(size=(10, DIM)))
    (rows,) = choose(candidates(np.concatenate([outliers, centre]), np.ones((40, 1)), [1]), Why.TYPICAL, rng(), TOKEN)
    assert rows[0] >= 10


def test_balanced_by_need_no_row_twice_and_short_classes_are_filled_up() -> None:
    features, _ = blobs([30, 30])
    chances = np.full((60, 3), 0.1)
    chances[:30, 0] = 0.8
    chances[30:, 1] = 0.8
    chances[45:50, 2] = 0.15  # never the best class, likeliest here
    found = choose(candidates(features, chances, [5, 0, 3]), Why.TYPICAL, rng(), TOKEN)
    assert [len(rows) for rows in found] == [5, 0, 3]
    assert (found[0] < 30).all()
    assert set(found[2].tolist()) <= set(range(45, 50))
    every = np.concatenate(choose(candidates(features, chances, [50, 50, 50]), Why.TYPICAL, rng(), TOKEN))
    assert sorted(every.tolist()) == list(range(60))


def test_by_margin_the_undecided_of_each_cluster() -> None:
    features, _ = blobs([20, 20], 0.01)
    chances = np.tile([0.9, 0.1], (40, 1))
    chances[[3, 4, 25]] = [[0.51, 0.49], [0.52, 0.48], [0.6, 0.4]]
    first, _ = choose(candidates(features, chances, [2, 0]), Why.UNCERTAIN, rng(), TOKEN)
    assert sorted(first.tolist()) == [3, 25]  # 4 is less decided than 25, and of the cluster of 3


def test_stops_when_it_is_told_to() -> None:
    features, _ = blobs([10])
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        choose(candidates(features, softmax(features[:, :2]), [1, 1]), Why.TYPICAL, rng(), token)


# -- with a real project


@pytest.fixture(scope="module")
def heap(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectSession, dict[int, str]]]:
    """The drawn pictures embedded by the starter, without labels, and the class each was drawn as."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    session = create_session(tmp_path_factory.mktemp("project") / "heap.mma", threads=1)
    run(session.import_paths([sample_pictures], TOKEN))
    session.prepare(TOKEN)
    run(session.embed(TOKEN))
    rows = session.rows(session.catalogue.columns.ids.tolist())
    session.add_classes(sorted({row.path.parent.name for row in rows}))
    yield session, {row.id: row.path.parent.name for row in rows}
    session.close()
    patch.undo()


def label(session: ProjectSession, truth: dict[int, str], ids: list[int]) -> None:
    for one in session.classes:
        mine = [image for image in ids if truth[image] == one.name]
        if mine:
            session.assign(mine, one.id)


def unlabel(session: ProjectSession) -> None:
    columns = session.catalogue.columns
    session.assign(columns.ids[columns.labelled].tolist(), None)


def test_suggestions_label_every_class_with_less_work_than_chance(
    heap: tuple[ProjectSession, dict[int, str]],
) -> None:
    session, truth = heap
    asked, labelled = 0, 0
    first = session.suggest_shots(4, TOKEN)
    assert first.why is Why.TYPICAL
    assert [len(part) for part in first.by_class.values()] == [4] * 12
    assert first == session.suggest_shots(4, TOKEN)
    try:
        while ids := [one for part in session.suggest_shots(4, TOKEN).by_class.values() for one in part]:
            assert len(set(ids)) == len(ids)
            assert not (set(ids) & set(session.catalogue.columns.ids[session.catalogue.columns.labelled].tolist()))
            label(session, truth, ids)
            labelled += len(ids)
            asked += 1
            assert asked < 30
        order = rng().permutation(list(truth))
        seen: dict[str, int] = dict.fromkeys(truth.values(), 0)
        needed = 0
        while min(seen.values()) < 4:
            seen[truth[order[needed]]] += 1
            needed += 1
        assert labelled < needed
    finally:
        unlabel(session)


def test_held_out_labels_are_no_shots_new_classes_get_none_and_an_adapter_asks_by_margin(
    heap: tuple[ProjectSession, dict[int, str]],
) -> None:
    session, truth = heap
    ids = [one for part in session.suggest_shots(3, TOKEN).by_class.values() for one in part]
    label(session, truth, ids)
    every: dict[str, list[int]] = {}
    for image, name in truth.items():
        every.setdefault(name, []).append(image)
    label(session, truth, [image for images in every.values() for image in images[:6]])
    try:
        one, other = session.classes[0], session.classes[1]
        session.set_role([other.id], Role.NEW)
        have = session.counts()[one.id]
        assert len(session.suggest_shots(have + 2, TOKEN).by_class[one.id]) == 2
        columns = session.catalogue.columns
        session.set_use(columns.ids[columns.class_ids == one.id][:2].tolist(), Use.TEST)
        found = session.suggest_shots(have + 2, TOKEN)
        assert len(found.by_class[one.id]) == 4
        assert other.id not in found.by_class
        run(session.train(TrainRequest(shots=3, device="cpu"), TOKEN))
        assert session.suggest_shots(have + 2, TOKEN).why is Why.UNCERTAIN
        session.engine.use(None)
    finally:
        unlabel(session)
        session.set_role([one.id for one in session.classes], Role.BASE)


def test_of_a_huge_heap_a_random_subset(
    heap: tuple[ProjectSession, dict[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session, truth = heap
    assert len(truth) < POOL
    whole = session.suggest_shots(24, TOKEN)
    monkeypatch.setattr("mma_desktop.session.suggesting.POOL", 60)
    part, again, other = (session.suggest_shots(24, TOKEN, seed) for seed in (0, 0, 1))
    assert len(whole) > len(part) == 60
    assert part == again != other


def test_without_classes_or_backbone(session: ProjectSession) -> None:
    with pytest.raises(UserError, match="No backbone"):
        session.suggest_shots(4, TOKEN)
    session.prepare(TOKEN)
    with pytest.raises(UserError, match="no base class"):
        session.suggest_shots(4, TOKEN)
    session.add_classes(["ant"])
    assert not len(session.suggest_shots(4, TOKEN))
