"""What the page of results says of the model in use."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from mma_desktop.core.types import Accuracy, Evaluation, ImageClass, LabelSource, Role, Scores, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.training import learning, report
from mma_desktop.services.training.claims import AccuracyClaims, ClassClaim
from mma_desktop.services.training.learning import learn
from mma_desktop.services.training.overview import (
    Overview,
    how_measured,
    prediction_without,
    summarise,
    weak_classes_of,
)

from .conftest import POOL as CLASSES
from .test_learning import TOKEN, ids_of, label


def test_it_is_the_learning_model_unless_a_version_is_chosen(pool: ProjectContext) -> None:
    assert summarise(pool) == Overview()
    for name in CLASSES:
        label(pool, name, 3)
    label(pool, "red", 2, LabelSource.SUGGESTION)
    assert (summarise(pool).run, summarise(pool).labelled) == (None, 3)
    first = learn(pool, TOKEN)
    found = summarise(pool)
    assert (found.run, found.learning, found.proposed, found.learned) == (first.run, True, 2, None)
    assert found.evaluation.adapted.all.n == first.accuracy.n == 9  # those that were accepted do not count
    assert [point.labels for point in found.points] == [11]
    kept = learning.store_learned(pool)
    assert summarise(pool).learning
    model_in_use.use_run(pool, kept.id)
    label(pool, "blue", 3)
    second = learn(pool, TOKEN)
    found = summarise(pool)
    assert (found.run, found.learning, found.learned) == (kept, False, second.run)
    assert found.evaluation.adapted.all.n == 9
    learning.learn_again(pool)
    assert summarise(pool).learning


def test_a_version_is_kept_without_being_used(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    learn(pool, TOKEN)
    run = learning.store_learned(pool)
    assert run.name.startswith("3 classes, 9 labels, ")
    assert learning.in_use(pool)
    assert pool.current_run == 0
    assert learning.store_learned(pool) == run  # once, however often it is exported
    assert summarise(pool).learning
    assert not pool.is_current(run)
    assert [one.id for one in pool.project.runs()] == [run.id]


def test_mistakes_are_of_images_that_are_still_here(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 7)
    wrong = ids_of(pool, "red")[:2]
    green = next(one.id for one in pool.classes if one.name == "green")
    pool.project.assign(wrong, green)
    learn(pool, TOKEN)
    found = summarise(pool)
    assert set(wrong) <= {one.image for one in found.all_wrong}
    names = found.evaluation.class_names
    pair = found.pairs[0]
    assert (names[pair.label], names[pair.answer]) == ("green", "red")
    assert set(pair.wrong) == set(wrong)
    learning.store_learned(pool)
    pool.project.remove_images(wrong[:1])
    assert wrong[0] not in [one.image for one in summarise(pool).all_wrong]
    assert wrong[0] not in summarise(pool).pairs[0].wrong


def test_the_learning_model_is_reported_without_being_kept(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    learned = learn(pool, TOKEN)
    findings = report.of_run(pool, learned.run)
    assert findings.evaluation.adapted.all.percent == learned.accuracy.percent
    assert pool.project.runs() == []


def weak(roles: Sequence[Role], counts: dict[int, int], right: dict[int, int]) -> list[tuple[int, int]]:
    """The ids and labels of the weak ones of classes; of 100 pictures of a class so many are right."""
    classes = [ImageClass(at, f"class {at}", role, at, "#000000") for at, role in enumerate(roles)]
    index = SimpleNamespace(counts=lambda: counts, columns=None)
    folders = {at: ClassClaim(100, 90, Accuracy.of(one, 100)) for at, one in right.items()}
    context = SimpleNamespace(index=index, every_class=classes, predictions=None)
    found = weak_classes_of(context, AccuracyClaims(Accuracy.of(90, 100), by_class=folders))
    return [(one.image_class.id, one.labels) for one in found]


@pytest.mark.parametrize(
    ("right", "labels", "needs"), [(95, 20, False), (95, 3, True), (60, 20, True), (35, 20, True), (0, 0, True)]
)
def test_classes_need_labels_that_have_few_or_are_often_wrong(right: int, labels: int, needs: bool) -> None:
    found = weak([Role.BASE] * 3, {0: 20, 1: 20, 2: labels}, {0: 95, 1: 95, 2: right})
    assert found == ([(2, labels)] if needs else [])


def test_a_name_added_to_predict_with_needs_labels_from_its_first_on() -> None:
    roles = (Role.BASE, Role.NEW, Role.NEW, Role.NEW, Role.NONE)
    assert weak(roles, {0: 30, 1: 30, 3: 2, 4: 1}, {0: 95, 1: 50, 3: 92, 4: 95}) == [(1, 30), (3, 2)]
    assert weak(roles, {0: 30, 4: 1}, {0: 95, 4: 40}) == [(4, 1)], "nor is None of these beside it right"


def test_those_come_first_that_are_surely_right_least_often() -> None:
    found = weak([Role.BASE] * 5, {0: 4, 1: 20, 2: 1, 3: 30}, {0: 95, 1: 50, 3: 99})
    assert found == [(4, 0), (2, 1), (1, 20), (0, 4)], "the fewest labels first, where nothing is known"


def test_labels_of_classes_without_examples_are_counted_apart() -> None:
    all_names = Scores(all=Accuracy.of(8, 10))
    evaluation = Evaluation(
        ("a", "b"), (Role.BASE, Role.NEW), Scores(), all_names, (), ((6, 1), (1, 2)), base_by="leave-one-out"
    )
    assert how_measured(evaluation) == (
        "Measured on 7 of your labels, each left out in turn with its copies. 3 more are of classes without examples."
    )


def test_a_picture_kept_for_testing_has_no_other_answer_without_it(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    (left_out, *_) = label(pool, "red", 1)
    learn(pool, TOKEN)
    assert prediction_without(pool, left_out) is not None
    for name in CLASSES:
        pool.project.set_use(label(pool, name, 2), Use.TEST)
    pool.project.set_use([left_out], Use.TEST)
    learn(pool, TOKEN)
    assert prediction_without(pool, left_out) is None
