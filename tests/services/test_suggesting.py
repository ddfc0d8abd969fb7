"""What is suggested to label next: sure pictures, questions, which of them, and what comes of following them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role, Use
from mma_desktop.engine.evaluation.calibration import softmax
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.images.sample_project import add_features
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import label_suggestions
from mma_desktop.services.training.label_suggestions import (
    ANSWERS,
    GROUP,
    POOL,
    SURE,
    Candidates,
    Suggestions,
    choose_confident,
    choose_questions,
    cover,
    neediest,
)
from mma_desktop.services.training.learning import learn

TOKEN = CancelToken()
DIM = 16


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def blobs(sizes: list[int], spread: float = 0.05, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around as many axes as there are sizes, and the blob of each."""
    blob = np.repeat(np.arange(len(sizes)), sizes)
    return unit(np.eye(DIM)[blob] + spread * rng(seed).normal(size=(len(blob), DIM))), blob


def candidates(
    features: np.ndarray,
    chances: np.ndarray,
    needs: list[int],
    answers: list[int] | None = None,
    verified: list[int] | None = None,
    **shots: np.ndarray,
) -> Candidates:
    return Candidates(
        features,
        chances.astype(np.float32),
        shots.get("shots", np.empty((0, DIM), np.float32)),
        shots.get("shot_classes", np.empty(0, np.int64)),
        shots.get("none", np.empty((0, DIM), np.float32)),
        np.array(needs),
        np.array(answers or [0] * len(needs)),
        np.array(verified or [2] * len(needs)),
        learned=True,
        strangers=shots.get("strangers", np.zeros(len(features), np.float32)),
    )


# -- the selection


def test_cover_takes_what_adds_most_and_is_near_the_best_set() -> None:
    features = unit(rng(1).normal(size=(12, 4)))
    weights = rng(2).random(12).astype(np.float32)

    def worth(rows: tuple[int, ...]) -> float:
        return float(weights @ np.maximum(features @ features[list(rows)].T, 0).max(1))

    found, added = cover(features, weights, features[:0], 3, TOKEN)
    best = max(worth(rows) for rows in itertools.combinations(range(12), 3))
    assert worth((int(found[0]),)) == pytest.approx(max(worth((row,)) for row in range(12)))
    assert worth(tuple(found.tolist())) >= (1 - 1 / math.e) * best
    assert added.sum() == pytest.approx(worth(tuple(found.tolist())), rel=1e-5)
    assert added.tolist() == sorted(added, reverse=True)


def test_only_pictures_above_the_limit_of_classes_with_labels_of_a_person_are_sure() -> None:
    features, _ = blobs([4, 4])
    chances = np.array([[0.99, 0.01], [SURE, 1 - SURE], [0.94, 0.06], [0.5, 0.5]] + [[0.01, 0.99]] * 4)
    assert {row for row, _ in choose_confident(candidates(features, chances, [9, 0]), rng(), TOKEN)} == {0, 1}
    both = choose_confident(candidates(features, chances, [9, 2]), rng(), TOKEN)
    assert [index for _, index in both] == [0, 0, 1, 1]
    assert choose_confident(candidates(features, chances, [9, 9], verified=[1, 0]), rng(), TOKEN) == []


def test_questions_go_to_classes_that_lack_answers_or_have_nothing_sure() -> None:
    features, blob = blobs([6, 6, 6])
    chances = softmax(4 * np.eye(3)[blob])
    asked = choose_questions(candidates(features, chances, [3, 3, 0], [0, 2, 0]), [(0, 0)], rng(), TOKEN)
    assert [index for _, index in asked] == [1]
    assert blob[asked[0][0]] == 1
    asked = choose_questions(candidates(features, chances, [3, 0, 0], [0, 0, 4]), [], rng(), TOKEN)
    assert [index for _, index in asked] in ([0], [2])  # half as many as classes with answers


def test_what_is_sure_is_not_asked_about() -> None:
    features, blob = blobs([8, 8])
    chances = np.where(np.eye(2)[blob] > 0, 0.99, 0.01)
    given = candidates(features, chances, [3, 3], [2, 2], [3, 3])
    for seed in range(5):
        sure = choose_confident(given, rng(seed), TOKEN)
        asked = choose_questions(given, sure, rng(seed), TOKEN)
        assert (len(sure), len(asked)) == (6, 1)
        assert len({row for row, _ in (*sure, *asked)}) == 7


def test_a_class_without_labels_gets_two_questions_and_comes_first() -> None:
    features, blob = blobs([6, 6])
    chances = softmax(4 * np.eye(2)[blob])
    found = choose_questions(candidates(features, chances, [9, 9], [6, 6], [3, 0]), [], rng(), TOKEN)
    assert [index for _, index in found] == [1, 1, 0]
    assert len({row for row, _ in found}) == 3


def test_the_class_that_lacks_most_comes_first_whoever_labelled_it() -> None:
    features, blob = blobs([6, 6, 6])
    chances = softmax(4 * np.eye(3)[blob])
    found = choose_questions(candidates(features, chances, [2, 9, 5], [1, 1, 1], [0, 1, 0]), [], rng(), TOKEN)
    assert [index for _, index in found] == [1, 2, 0]


def test_once_classes_are_known_questions_go_where_they_teach_most() -> None:
    features, blob = blobs([20, 20, 4, 2])
    chances = softmax(6 * np.eye(4)[blob])
    shots = {"shots": unit(np.eye(DIM)[:4]), "shot_classes": np.arange(4)}
    given = candidates(features, chances, [9] * 4, [4] * 4, **shots)
    assert sorted(index for _, index in choose_questions(given, [], rng(), TOKEN)) == [0, 1]
    apart = features.copy()
    apart[20:40] = unit(np.eye(DIM)[9] + 0.05 * rng(1).normal(size=(20, DIM)))  # like no example of their class
    given = candidates(apart, chances, [9] * 4, [4] * 4, **shots)
    first, _ = choose_questions(given, [], rng(), TOKEN)
    assert first[1] == 1
    none = unit(np.eye(DIM)[[9]])  # the user said that such pictures are of none of the classes
    given = candidates(apart, chances, [9] * 4, [4] * 4, none=none, **shots)
    assert choose_questions(given, [], rng(), TOKEN)[0] != first


def test_a_second_question_is_not_about_the_like_of_the_first() -> None:
    features, blob = blobs([20, 4, 4, 4])
    shots = {"shots": unit(np.eye(DIM)[[8, 9, 2, 3]]), "shot_classes": np.arange(4)}  # two classes look like no example
    given = candidates(features, softmax(6 * np.eye(4)[blob]), [9] * 4, [4] * 4, **shots)
    assert [index for _, index in choose_questions(given, [], rng(), TOKEN)] == [0, 1]


def test_the_neediest_question_counts_the_labels_that_are_still_being_written(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, _ = heap
    ids = context.index.columns.ids.tolist()
    one, other, third = (each.id for each in context.classes[:3])
    asked = [(ids[0], one), (ids[1], one), (ids[2], other), (ids[3], third)]
    assert neediest(context, asked, {}) == asked[0]
    context.project.assign(ids[10:12], one)
    assert neediest(context, asked, {}) == asked[2]
    assert neediest(context, asked[:2] + asked[3:], {ids[20]: third, ids[21]: third, ids[22]: third}) == asked[0]
    assert neediest(context, [], {}) is None


def test_the_undecided_are_asked_about_and_nothing_that_is_hardly_of_the_class() -> None:
    features = unit(np.concatenate([np.eye(DIM)[[0] * 5], np.eye(DIM)[[1] * 5], np.eye(DIM)[[2] * 5]]))
    decided, undecided, other = [0.9, 0.1], [0.55, 0.45], [0.05, 0.95]
    chances = np.array([decided] * 5 + [undecided] * 5 + [other] * 5)
    shots = {"shots": unit(np.eye(DIM)[[0]]), "shot_classes": np.array([0])}
    ((row, index),) = choose_questions(candidates(features, chances, [4, 0], [4, 0], **shots), [], rng(), TOKEN)
    assert (index, 5 <= row < 10) == (0, True)


def test_once_a_class_is_known_pictures_of_none_are_asked_about_and_are_never_sure() -> None:
    features = unit(np.concatenate([np.eye(DIM)[[0] * 4], np.eye(DIM)[[1] * 4], np.eye(DIM)[[2] * 4]]))
    chances = np.tile([0.99, 0.01], (12, 1))
    strangers = np.repeat([0.01, 0.5, 0.99], 4).astype(np.float32)
    shots = {"shots": unit(np.eye(DIM)[[0]]), "shot_classes": np.array([0]), "strangers": strangers}
    for verified, asked in ((2, range(4, 8)), (0, range(8))):
        given = candidates(features, chances, [9, 0], [1, 0], [verified, 0], **shots)
        sure = choose_confident(given, rng(), TOKEN)
        assert {row for row, _ in sure} == (set(range(4)) if verified else set())
        assert {row for row, _ in choose_questions(given, sure, rng(), TOKEN)} <= set(asked)


def test_of_a_large_group_a_random_subset() -> None:
    features, blob = blobs([GROUP + 200])
    chances = np.ones((len(blob), 1))
    found = [choose_confident(candidates(features, chances, [5]), rng(seed), TOKEN) for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_stops_when_it_is_told_to() -> None:
    token = CancelToken()
    token.cancel()
    features, _ = blobs([5, 5])
    with pytest.raises(Cancelled):
        choose_questions(candidates(features, softmax(features[:, :2]), [1, 1]), [], rng(), token)


# -- with a real project


@pytest.fixture(scope="module")
def heap(
    tmp_path_factory: pytest.TempPathFactory, cache_home: Path, sample_pictures: Path
) -> Iterator[tuple[ProjectContext, dict[int, str]]]:
    """The sample pictures with their features, without labels, and the class of each."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    context = create_project(tmp_path_factory.mktemp("project") / "heap.mma", threads=1)
    add_features(context.project.embeddings_dir)
    importing.import_paths(context, [sample_pictures], TOKEN)
    model_in_use.prepare(context, TOKEN)
    embedding.embed(context, TOKEN)
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    context.project.add_classes(sorted({row.path.parent.name for row in rows}))
    yield context, {row.id: row.path.parent.name for row in rows}
    context.close()
    patch.undo()


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave the project of the module as it was."""
    yield
    if "heap" in request.fixturenames:
        context, _ = request.getfixturevalue("heap")
        unlabel(context)
        context.project.set_role([one.id for one in context.classes], Role.BASE)
        learn.put(context, None)
        context.engine.use(None)


def label(context: ProjectContext, truth: dict[int, str], ids: list[int]) -> None:
    for one in context.classes:
        mine = [image for image in ids if truth[image] == one.name]
        if mine:
            context.project.assign(mine, one.id)


def unlabel(context: ProjectContext) -> None:
    columns = context.index.columns
    context.project.assign(columns.ids[columns.labelled].tolist(), None)


class Followed(NamedTuple):
    """What came of following every suggestion: sure ones and how many were wrong, questions and corrections."""

    sure: int
    wrong: int
    questions: int
    corrections: int


def follow(context: ProjectContext, truth: dict[int, str], per_class: int) -> Followed:
    """Accept all sure ones without a look, answer every question, and learn, until nothing is suggested."""
    names = {one.id: one.name for one in context.classes}
    sure = wrong = questions = corrections = 0
    for _ in range(60):
        learn(context, TOKEN)
        found = label_suggestions.suggest(context, per_class, TOKEN)
        if not len(found):
            return Followed(sure, wrong, questions, corrections)
        context.project.assign_many(list(found.sure), LabelSource.SUGGESTION)
        sure += len(found.sure)
        wrong += sum(truth[image] != names[class_id] for image, class_id in found.sure)
        questions += len(found.questions)
        corrections += sum(truth[image] != names[class_id] for image, class_id in found.questions)
        label(context, truth, [image for image, _ in found.questions])
    raise AssertionError("the suggestions do not come to an end")


def test_following_them_labels_every_class_nearly_without_errors(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    found = follow(context, truth, 10)
    assert min(context.index.counts().values()) >= 10
    assert found.sure > 30
    assert found.wrong <= 0.05 * found.sure
    assert found.questions <= 12 * (ANSWERS + 4)
    assert found.corrections < found.questions / 2


def test_from_names_alone_nothing_is_sure_and_every_class_is_asked_about(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, _ = heap
    found = label_suggestions.suggest(context, 4, TOKEN)
    assert not found.sure
    assert sorted(class_id for _, class_id in found.questions) == sorted([one.id for one in context.classes] * 2)
    assert len({image for image, _ in found.questions}) == 24
    assert (len(found.lacking), found.waiting) == (12, 0)
    label_suggestions.suggest.put(context, None)
    assert found == label_suggestions.suggest(context, 4, TOKEN)
    first = found.questions[0][0]
    assert first not in dict(label_suggestions.suggest(context, 4, TOKEN, leave_out=frozenset({first})).questions)


def test_held_out_labels_are_no_examples_and_new_classes_get_none(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    every: dict[str, list[int]] = {}
    for image, name in truth.items():
        every.setdefault(name, []).append(image)
    label(context, truth, [image for images in every.values() for image in images[:ANSWERS]])
    assert not len(label_suggestions.suggest(context, ANSWERS, TOKEN))
    one, other = context.classes[0], context.classes[1]
    context.project.set_role([other.id], Role.NEW)
    columns = context.index.columns
    context.project.set_use(columns.ids[columns.class_ids == one.id][:2].tolist(), Use.TEST)
    context.project.set_use(columns.ids[columns.class_ids == other.id][:2].tolist(), Use.TEST)
    found = label_suggestions.suggest(context, ANSWERS, TOKEN)
    assert {class_id for _, class_id in (*found.sure, *found.questions)} == {one.id}


def test_accepted_labels_are_examples_and_no_answers(heap: tuple[ProjectContext, dict[int, str]]) -> None:
    context, truth = heap
    one = context.classes[0]
    mine = [image for image, name in truth.items() if name == one.name][: ANSWERS + 2]
    context.project.assign(mine, one.id, LabelSource.SUGGESTION)
    found = label_suggestions.suggest(context, ANSWERS, TOKEN)
    assert [class_id for _, class_id in found.questions].count(one.id) == 2
    context.project.assign(mine, one.id)
    found = label_suggestions.suggest(context, ANSWERS, TOKEN)
    assert one.id not in {class_id for _, class_id in found.questions}


def test_of_a_huge_heap_a_random_subset(
    heap: tuple[ProjectContext, dict[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, truth = heap
    assert len(truth) < POOL
    monkeypatch.setattr("mma_desktop.services.training.label_suggestions.POOL", 60)
    part, other, again = (label_suggestions.suggest(context, 24, TOKEN, seed) for seed in (0, 1, 0))
    assert part == again != other


def test_without_classes_or_backbone(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="No image model"):
        label_suggestions.suggest(context, 4, TOKEN)
    model_in_use.prepare(context, TOKEN)
    with pytest.raises(UserError, match="no class to suggest"):
        label_suggestions.suggest(context, 4, TOKEN)
    context.project.add_classes(["ant"])
    assert label_suggestions.suggest(context, 4, TOKEN) == Suggestions(lacking=(context.classes[0].id,))


def test_labels_count_and_pictures_wait_before_they_are_embedded(
    context: ProjectContext, sample_pictures: Path
) -> None:
    importing.import_paths(context, sorted(sample_pictures.iterdir())[:4], TOKEN)
    model_in_use.prepare(context, TOKEN)
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    names = sorted({row.path.parent.name for row in rows})
    context.project.add_classes(names)
    truth = {row.id: row.path.parent.name for row in rows}
    first = [image for image, name in truth.items() if name == names[0]]
    embed_images(context, np.array(first), TOKEN)
    shots = [[image for image, name in truth.items() if name == one][:2] for one in names]
    label(context, truth, [image for images in shots for image in images])
    assert not len(label_suggestions.suggest(context, 2, TOKEN))
    context.project.assign(shots[0], None)
    found = label_suggestions.suggest(context, 2, TOKEN)
    assert {class_id for _, class_id in found.questions} == {context.classes[0].id}
    assert found.waiting == len(truth) - len(first) - 2 * (len(names) - 1)
