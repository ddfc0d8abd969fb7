"""What is suggested to label next: confident predictions, which questions, and what comes of following them."""

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
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project
from mma_desktop.services.training import label_suggestions
from mma_desktop.services.training.label_suggestions import (
    ANSWERS,
    CONFIDENT,
    POOL,
    SAMPLE,
    Candidates,
    Suggestions,
    choose_confident,
    choose_doubtful,
    choose_questions,
    facility_location,
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
    probabilities: np.ndarray,
    needs: list[int],
    answers: list[int] | None = None,
    verified: list[int] | None = None,
    *,
    labelled: np.ndarray | None = None,
    none: np.ndarray | None = None,
) -> Candidates:
    return Candidates(
        features,
        probabilities.astype(np.float32),
        np.zeros(len(features), np.float32) if none is None else none.astype(np.float32),
        np.empty((0, DIM), np.float32) if labelled is None else labelled,
        np.array(needs),
        np.array(answers or [0] * len(needs)),
        np.array(verified or [2] * len(needs)),
    )


# -- the selection


def test_facility_location_takes_what_adds_most_and_is_near_the_best_set() -> None:
    features = unit(rng(1).normal(size=(12, 4)))
    weights = rng(2).random(12).astype(np.float32)

    def worth(rows: tuple[int, ...]) -> float:
        return float(weights @ np.maximum(features @ features[list(rows)].T, 0).max(1))

    found = tuple(facility_location(features, weights, features[:0], 3, TOKEN).tolist())
    best = max(worth(rows) for rows in itertools.combinations(range(12), 3))
    assert worth(found[:1]) == pytest.approx(max(worth((row,)) for row in range(12)))
    assert worth(found) >= (1 - 1 / math.e) * best


def test_only_pictures_above_the_limit_of_classes_with_labels_of_a_person_are_confident() -> None:
    features, _ = blobs([4, 4])
    probabilities = np.array([[0.99, 0.01], [CONFIDENT, 1 - CONFIDENT], [0.94, 0.06], [0.5, 0.5]] + [[0.01, 0.99]] * 4)
    assert {row for row, _ in choose_confident(candidates(features, probabilities, [9, 0]), rng(), TOKEN)} == {0, 1}
    both = choose_confident(candidates(features, probabilities, [9, 2]), rng(), TOKEN)
    assert [index for _, index in both] == [0, 0, 1, 1]
    assert choose_confident(candidates(features, probabilities, [9, 9], verified=[1, 0]), rng(), TOKEN) == []


def test_questions_go_to_classes_that_lack_answers_or_have_nothing_confident() -> None:
    features, blob = blobs([6, 6, 6])
    probabilities = softmax(4 * np.eye(3)[blob])
    ((row, index),) = choose_questions(
        candidates(features, probabilities, [3, 3, 0], [0, 2, 0]), [(0, 0)], rng(), TOKEN
    )
    assert (blob[row], index) == (1, 1)
    found = choose_questions(candidates(features, probabilities, [3, 0, 0], [0, 0, 4]), [], rng(), TOKEN)
    assert sorted(index for _, index in found) == [0, 2]


def test_what_is_confident_is_not_asked_about() -> None:
    features, blob = blobs([8, 8])
    probabilities = np.where(np.eye(2)[blob] > 0, 0.99, 0.01)
    given = candidates(features, probabilities, [3, 3], [2, 2], [3, 3])
    for seed in range(5):
        confident = choose_confident(given, rng(seed), TOKEN)
        asked = choose_questions(given, confident, rng(seed), TOKEN)
        assert (len(confident), len(asked)) == (6, 2)
        assert len({row for row, _ in (*confident, *asked)}) == 8


def test_of_equal_groups_the_least_certain_is_asked_about_first_then_the_name_that_nobody_confirmed() -> None:
    features, blob = blobs([6, 6, 6])
    probabilities = np.eye(3)[blob] * np.array([0.9, 0.9, 0.35]) + 0.04
    found = choose_questions(candidates(features, probabilities, [9] * 3, [6] * 3, [3, 0, 3]), [], rng(), TOKEN)
    assert [index for _, index in found] == [2, 1, 0]


def test_questions_go_to_the_largest_group_that_is_like_nothing_labelled() -> None:
    features, blob = blobs([20, 12, 4, 2])
    probabilities = softmax(6 * np.eye(4)[blob])
    given = candidates(features, probabilities, [9] * 4, [4] * 4)
    assert [index for _, index in choose_questions(given, [], rng(), TOKEN)] == [0, 1, 2, 3]
    known = unit(np.eye(DIM)[:1])  # of the class or of none: it need not be asked about again
    given = candidates(features, probabilities, [9] * 4, [4] * 4, labelled=known)
    assert choose_questions(given, [], rng(), TOKEN)[0][1] == 1


def test_a_picture_between_two_classes_comes_first_and_what_is_hardly_of_the_class_never() -> None:
    features = unit(np.concatenate([np.eye(DIM)[[0] * 5], np.eye(DIM)[[1] * 5], np.eye(DIM)[[2] * 5]]))
    probabilities = np.array([[0.9, 0.1]] * 5 + [[0.55, 0.45]] * 5 + [[0.05, 0.95]] * 5)
    given = candidates(features, probabilities, [4, 0], [4, 0], labelled=unit(np.eye(DIM)[[3]]))
    ((row, index),) = choose_questions(given, [], rng(), TOKEN)
    assert (index, 5 <= row < 10) == (0, True)


@pytest.mark.parametrize(("verified", "last"), [(0, [(4, 2)]), (2, [])])
def test_a_class_that_nothing_is_likely_of_is_asked_about_last_until_it_has_answers(
    verified: int, last: list[tuple[int, int]]
) -> None:
    features, blob = blobs([3, 3])
    probabilities = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1]])[blob]
    probabilities[4, 2] = 0.2
    given = candidates(features, probabilities, [9] * 3, [1, 0, 1], [3, 3, verified])
    found = choose_questions(given, [(5, 1)], rng(), TOKEN)
    assert [index for _, index in found[:2]] == [0, 0]
    assert found[2:] == last


def test_pictures_that_may_show_none_are_asked_about_first_and_are_never_confident() -> None:
    features = unit(np.concatenate([np.eye(DIM)[[0] * 4], np.eye(DIM)[[1] * 4], np.eye(DIM)[[2] * 4]]))
    probabilities = np.tile([0.99, 0.01], (12, 1))
    given = candidates(features, probabilities, [9, 0], [1, 0], [9, 0], none=np.repeat([0.01, 0.5, 0.99], 4))
    confident = choose_confident(given, rng(), TOKEN)
    assert {row for row, _ in confident} == set(range(4))
    assert {row for row, _ in choose_questions(given, confident, rng(), TOKEN)} <= set(range(4, 8))


def test_where_no_class_lacks_anything_questions_are_about_what_is_not_sure() -> None:
    features, blob = blobs([4, 4, 4, 4])
    probabilities = np.array([[0.99, 0.01, 0], [0.7, 0.3, 0], [0, 0.99, 0.01], [0, 0.3, 0.7]])[blob]
    given = candidates(features, probabilities, [0] * 3, none=np.array([0.0, 0.0, 0.4, 0.0])[blob])
    assert choose_questions(given, [], rng(), TOKEN) == []
    found = choose_doubtful(given, np.array([True, True, False]), rng(), TOKEN)
    assert [(blob[row], index) for row, index in found] == [(2, 1), (1, 0)], "none of a class that is only named"
    sure = candidates(features, probabilities, [0] * 3, none=np.array([0.0, 1.0, 1.0, 1.0])[blob])
    assert choose_doubtful(sure, np.ones(3, bool), rng(), TOKEN) == []


def test_of_a_large_group_a_random_subset() -> None:
    features, blob = blobs([SAMPLE + 200])
    probabilities = np.ones((len(blob), 1))
    found = [choose_confident(candidates(features, probabilities, [5]), rng(seed), TOKEN) for seed in (0, 0, 1)]
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
    """What came of following every suggestion: confident ones and how many were wrong, questions and corrections."""

    confident: int
    wrong: int
    questions: int
    corrections: int


def follow(context: ProjectContext, truth: dict[int, str], per_class: int) -> Followed:
    """Accept all confident ones without a look, answer every question, and learn, until no class lacks anything."""
    names = {one.id: one.name for one in context.classes}
    confident = wrong = questions = corrections = 0
    for _ in range(60):
        learn(context, TOKEN)
        found = label_suggestions.suggest(context, per_class, TOKEN)
        if found.beyond or not len(found):
            return Followed(confident, wrong, questions, corrections)
        context.project.assign_many(list(found.confident), LabelSource.SUGGESTION)
        confident += len(found.confident)
        wrong += sum(truth[image] != names[class_id] for image, class_id in found.confident)
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
    assert found.confident > 30
    assert found.wrong <= 0.05 * found.confident
    assert found.questions <= 12 * (ANSWERS + 4)
    assert found.corrections < found.questions / 2


def test_from_names_alone_nothing_is_confident_and_every_class_lacks_answers(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, _ = heap
    found = label_suggestions.suggest(context, 4, TOKEN)
    assert not found.confident
    assert len({image for image, _ in found.questions}) == 12
    assert (len(found.lacking), found.waiting) == (12, 0)
    label_suggestions.suggest.put(context, None)
    assert found == label_suggestions.suggest(context, 4, TOKEN)
    first = found.questions[0][0]
    assert first not in dict(label_suggestions.suggest(context, 4, TOKEN, leave_out=frozenset({first})).questions)


def test_questions_go_on_until_the_model_is_sure_of_every_picture(heap: tuple[ProjectContext, dict[int, str]]) -> None:
    context, truth = heap
    few = 2  # examples a class, so that it is in doubt
    follow(context, truth, few)
    answers, right = 0, [0.0]
    while (found := label_suggestions.suggest(context, few, TOKEN)).questions:
        assert found.beyond
        label(context, truth, [found.questions[0][0]])
        answers += 1
        learn(context, TOKEN)
        prediction.score(context, TOKEN)
        predictions, columns = context.predictions, context.index.columns
        free = ~columns.labelled[columns.positions(predictions.image_ids)]
        right = predictions.best_confidence[free]
    assert answers
    assert len(right), "what is sure is not asked about"
    assert min(right) >= CONFIDENT - 0.01


@pytest.mark.parametrize(
    ("confident", "questions", "beyond"),
    [([(0, 1)], [(1, 2)], False), ([(0, 1)], [], False), ([], [(1, 2)], False), ([], [], True)],
)
def test_what_is_in_doubt_is_asked_about_once_classes_lack_nothing_that_could_be_given_to_them(
    heap: tuple[ProjectContext, dict[int, str]],
    monkeypatch: pytest.MonkeyPatch,
    confident: list[tuple[int, int]],
    questions: list[tuple[int, int]],
    beyond: bool,
) -> None:
    context, _ = heap
    ids, classes = context.index.columns.ids.tolist(), [one.id for one in context.classes]
    for name, chosen in (("confident", confident), ("questions", questions), ("doubtful", [(2, 3)])):
        monkeypatch.setattr(label_suggestions, f"choose_{name}", lambda *_, chosen=chosen: chosen)
    label_suggestions.suggest.put(context, None)
    found = label_suggestions.suggest(context, 4, TOKEN)
    expected = [(ids[row], classes[column]) for row, column in ([(2, 3)] if beyond else questions)]
    assert (list(found.questions), found.beyond) == (expected, beyond)
    assert list(found.confident) == [(ids[row], classes[column]) for row, column in confident]


def test_a_name_that_no_picture_shows_is_not_asked_about_again_and_again(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    context.project.add_classes(["submarine"])
    (absent,) = (one.id for one in context.classes if one.name == "submarine")
    asked = []
    for _ in range(16):  # in the window, every answer brings other suggestions
        learn(context, TOKEN)
        question = label_suggestions.suggest(context, 16, TOKEN).questions[0]
        asked.append(question[1])
        label(context, truth, [question[0]])
    context.project.delete_classes([absent])
    assert asked.count(absent) < 4


def test_held_out_labels_are_no_examples_and_new_classes_get_none(
    heap: tuple[ProjectContext, dict[int, str]],
) -> None:
    context, truth = heap
    every: dict[str, list[int]] = {}
    for image, name in truth.items():
        every.setdefault(name, []).append(image)
    label(context, truth, [image for images in every.values() for image in images[:ANSWERS]])
    assert not label_suggestions.suggest(context, ANSWERS, TOKEN).lacking
    one, other = context.classes[0], context.classes[1]
    context.project.set_role([other.id], Role.NEW)
    columns = context.index.columns
    context.project.set_use(columns.ids[columns.class_ids == one.id][:2].tolist(), Use.TEST)
    context.project.set_use(columns.ids[columns.class_ids == other.id][:2].tolist(), Use.TEST)
    found = label_suggestions.suggest(context, ANSWERS, TOKEN)
    assert {class_id for _, class_id in (*found.confident, *found.questions)} == {one.id}


def test_accepted_labels_are_examples_and_no_answers(heap: tuple[ProjectContext, dict[int, str]]) -> None:
    context, truth = heap
    one = context.classes[0]
    mine = [image for image, name in truth.items() if name == one.name][: ANSWERS + 2]
    context.project.assign(mine, one.id, LabelSource.SUGGESTION)
    context.project.set_role([other.id for other in context.classes[1:]], Role.NEW)
    found = label_suggestions.suggest(context, ANSWERS, TOKEN)
    assert [class_id for _, class_id in found.questions] == [one.id]
    context.project.assign(mine, one.id)
    assert not label_suggestions.suggest(context, ANSWERS, TOKEN).lacking


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
    assert not label_suggestions.suggest(context, 2, TOKEN).lacking
    context.project.assign(shots[0], None)
    found = label_suggestions.suggest(context, 2, TOKEN)
    assert {class_id for _, class_id in found.questions} == {context.classes[0].id}
    assert found.waiting == len(truth) - len(first) - 2 * (len(names) - 1)
