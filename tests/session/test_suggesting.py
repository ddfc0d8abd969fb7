"""Suggested shots: balanced over classes, typical and apart from each other, by margin once there is an adapter."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Role, TrainRequest, Use
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.labels import shot_selection
from mma_desktop.services.labels.shot_selection import (
    GROUP,
    POOL,
    Candidates,
    Why,
    choose,
    cover,
    prototype_cosines,
    unit,
)
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import project_training

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


def test_prototypes_of_classes_with_shots_and_neutral_for_those_without() -> None:
    features, blob = blobs([5, 5, 5])
    found = prototype_cosines(features, features[blob != 1], blob[blob != 1], 3)
    assert (found[blob == 0].argmax(1) == 0).all()
    assert (found[blob == 2].argmax(1) == 2).all()
    np.testing.assert_allclose(found[:, 1], found[:, [0, 2]].mean(1), rtol=1e-5)


def worth(features: np.ndarray, weights: np.ndarray, rows: list[int]) -> float:
    return float(weights @ np.maximum((features @ features[rows].T).max(1), 0))


def test_cover_takes_what_adds_most_and_is_near_the_best_set() -> None:
    features = unit(rng().normal(size=(9, 4)))
    weights = rng(1).random(9).astype(np.float32)
    none = np.empty((0, 4), np.float32)
    rows = cover(features, weights, none, 3, TOKEN).tolist()
    for step in range(3):
        best = max(worth(features, weights, [*rows[:step], row]) for row in range(9))
        assert worth(features, weights, rows[: step + 1]) == pytest.approx(best, rel=1e-5)
    optimum = max(worth(features, weights, list(some)) for some in itertools.combinations(range(9), 3))
    assert worth(features, weights, rows) >= (1 - 1 / math.e) * optimum
    assert sorted(cover(features, weights, none, 20, TOKEN).tolist()) == list(range(9))


def test_each_suggestion_stands_for_others_and_those_that_a_shot_stands_for_come_last() -> None:
    features, blob = blobs([40, 30, 20, 10], 0.01)
    one_class = np.ones((100, 1))
    (rows,) = choose(candidates(features, one_class, [4]), Why.TYPICAL, rng(), TOKEN)
    assert blob[rows].tolist() == [0, 1, 2, 3]  # the largest group first
    shot = {"shots": features[blob == 0][:1], "shot_classes": np.zeros(1, np.int64)}
    (rows,) = choose(candidates(features, one_class, [3], **shot), Why.TYPICAL, rng(), TOKEN)
    assert blob[rows].tolist() == [1, 2, 3]


def test_the_typical_image_is_suggested_not_the_outlier() -> None:
    centre = unit(np.eye(DIM)[0] + 0.02 * rng().normal(size=(30, DIM)))
    outliers = unit(np.eye(DIM)[0] + 0.5 * rng(1).normal(size=(10, DIM)))
    (rows,) = choose(candidates(np.concatenate([outliers, centre]), np.ones((40, 1)), [1]), Why.TYPICAL, rng(), TOKEN)
    assert rows[0] >= 10


def test_images_that_are_hardly_of_a_class_are_neither_suggested_nor_stood_for() -> None:
    features, blob = blobs([60, 10], 0.01)
    chances = np.where(blob[:, None] == 0, [[0.9, 0.1]], [[0.3, 0.7]])
    _, second = choose(candidates(features, chances, [0, 3]), Why.TYPICAL, rng(), TOKEN)
    assert (blob[second] == 1).all()


def test_of_a_large_group_a_random_subset() -> None:
    features, _ = blobs([GROUP + 200])
    some = candidates(features, np.ones((GROUP + 200, 1)), [2])
    found = [choose(some, Why.TYPICAL, rng(seed), TOKEN)[0].tolist() for seed in (0, 0, 1, 2, 3)]
    assert found[0] == found[1]
    assert len({tuple(one) for one in found}) > 1


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


def test_with_an_adapter_the_undecided_of_a_class_are_stood_for() -> None:
    features, blob = blobs([20, 25], 0.01)
    chances = np.tile([0.9, 0.1], (45, 1))
    chances[blob == 1] = [0.55, 0.45]
    some = candidates(features, chances, [1, 0])
    assert blob[choose(some, Why.TYPICAL, rng(), TOKEN)[0]].tolist() == [0]
    assert blob[choose(some, Why.UNCERTAIN, rng(), TOKEN)[0]].tolist() == [1]


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
) -> Iterator[tuple[ProjectContext, dict[int, str]]]:
    """The drawn pictures embedded by the starter, without labels, and the class each was drawn as."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    context = create_project(tmp_path_factory.mktemp("project") / "heap.mma", threads=1)
    run(importing.import_paths(context, [sample_pictures], TOKEN))
    model_in_use.prepare(context, TOKEN)
    run(embedding.embed(context, TOKEN))
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    context.project.add_classes(sorted({row.path.parent.name for row in rows}))
    yield context, {row.id: row.path.parent.name for row in rows}
    context.close()
    patch.undo()


def label(context: ProjectContext, truth: dict[int, str], ids: list[int]) -> None:
    for one in context.classes:
        mine = [image for image in ids if truth[image] == one.name]
        if mine:
            context.project.assign(mine, one.id)


def unlabel(context: ProjectContext) -> None:
    columns = context.index.columns
    context.project.assign(columns.ids[columns.labelled].tolist(), None)


def test_suggestions_label_every_class_with_less_work_than_chance(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    asked, labelled = 0, 0
    first = shot_selection.suggest(context, 4, TOKEN)
    assert first.why is Why.TYPICAL
    assert [len(part) for part in first.by_class.values()] == [4] * 12
    assert first == shot_selection.suggest(context, 4, TOKEN)
    try:
        while ids := [one for part in shot_selection.suggest(context, 4, TOKEN).by_class.values() for one in part]:
            assert len(set(ids)) == len(ids)
            assert not (set(ids) & set(context.index.columns.ids[context.index.columns.labelled].tolist()))
            label(context, truth, ids)
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
        unlabel(context)


def test_held_out_labels_are_no_shots_new_classes_get_none_and_an_adapter_asks_by_margin(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    ids = [one for part in shot_selection.suggest(context, 3, TOKEN).by_class.values() for one in part]
    label(context, truth, ids)
    every: dict[str, list[int]] = {}
    for image, name in truth.items():
        every.setdefault(name, []).append(image)
    label(context, truth, [image for images in every.values() for image in images[:6]])
    try:
        one, other = context.classes[0], context.classes[1]
        context.project.set_role([other.id], Role.NEW)
        have = context.index.counts()[one.id]
        assert len(shot_selection.suggest(context, have + 2, TOKEN).by_class[one.id]) == 2
        columns = context.index.columns
        context.project.set_use(columns.ids[columns.class_ids == one.id][:2].tolist(), Use.TEST)
        found = shot_selection.suggest(context, have + 2, TOKEN)
        assert len(found.by_class[one.id]) == 4
        assert other.id not in found.by_class
        run(project_training.train(context, TrainRequest(shots=3, device="cpu"), TOKEN))
        assert shot_selection.suggest(context, have + 2, TOKEN).why is Why.UNCERTAIN
        context.engine.use(None)
    finally:
        unlabel(context)
        context.project.set_role([one.id for one in context.classes], Role.BASE)


def test_of_a_huge_heap_a_random_subset(
    heap: tuple[ProjectContext, dict[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, truth = heap
    assert len(truth) < POOL
    whole = shot_selection.suggest(context, 24, TOKEN)
    monkeypatch.setattr("mma_desktop.services.labels.shot_selection.POOL", 60)
    part, again, other = (shot_selection.suggest(context, 24, TOKEN, seed) for seed in (0, 0, 1))
    assert len(whole) > len(part) == 60
    assert part == again != other


def test_without_classes_or_backbone(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="No backbone"):
        shot_selection.suggest(context, 4, TOKEN)
    model_in_use.prepare(context, TOKEN)
    with pytest.raises(UserError, match="no base class"):
        shot_selection.suggest(context, 4, TOKEN)
    context.project.add_classes(["ant"])
    assert not len(shot_selection.suggest(context, 4, TOKEN))


def test_labelled_shots_count_before_they_are_embedded(context: ProjectContext, sample_pictures: Path) -> None:
    run(importing.import_paths(context, [sample_pictures], TOKEN))
    model_in_use.prepare(context, TOKEN)
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    names = sorted({row.path.parent.name for row in rows})
    context.project.add_classes(names)
    truth = {row.id: row.path.parent.name for row in rows}
    first = [image for image, name in truth.items() if name == names[0]]
    run(embed_images(context, np.array(first), TOKEN))
    shots = [[image for image, name in truth.items() if name == one][:2] for one in names]
    label(context, truth, [image for images in shots for image in images])
    assert not len(shot_selection.suggest(context, 2, TOKEN))
    context.project.assign(shots[0], None)
    found = shot_selection.suggest(context, 2, TOKEN).by_class
    assert {one.name: len(found[one.id]) for one in context.classes if found[one.id]} == {names[0]: 2}
