"""The learning model: what it learns from, what it is measured on, when it is the model in use, and keeping it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, Role, TrainRequest, Use
from mma_desktop.engine import checkpoint
from mma_desktop.engine.evaluation.cross_validation import stratified_folds
from mma_desktop.services import graph
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.labels import splits
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.training import learning, project_training, snapshot
from mma_desktop.services.training.learning import Learning, learn

from .conftest import POOL as CLASSES
from .conftest import MakeFolder

TOKEN = CancelToken()


def ids_of(context: ProjectContext, name: str) -> list[int]:
    columns = context.index.columns
    rows = context.project.image_rows(columns.ids.tolist())
    return [one.id for one in rows if one.path.parent.name == name]


def label(context: ProjectContext, name: str, count: int, source: LabelSource = LabelSource.PERSON) -> list[int]:
    """Label the next unlabelled images of a class."""
    class_id = next(one.id for one in context.classes if one.name == name)
    columns = context.index.columns
    free = [one for one in ids_of(context, name) if columns.class_ids[columns.positions(np.array([one]))[0]] < 0]
    context.project.assign(free[:count], class_id, source)
    return free[:count]


def test_two_classes_with_a_label_each_are_enough(pool: ProjectContext) -> None:
    label(pool, "red", 1)
    assert learn(pool, TOKEN).run.names_alone
    label(pool, "green", 1)
    found = learn(pool, TOKEN)
    assert found is not None
    assert pool.engine.adapter is found.result.adapter
    assert found.labels == 2
    assert [one.role for one in found.snapshot.classes] == [Role.BASE, Role.BASE, Role.NEW]  # blue is a name only
    assert [one.role for one in pool.classes] == [Role.BASE] * 3  # and stays what the person made it


def test_a_project_can_leave_out_the_pictures_at_hand(pool: ProjectContext) -> None:
    label(pool, "red", 2)
    assert learn(pool, TOKEN).run.names_alone
    pool.project.set_setting(graph.AT_HAND, False)
    assert learn(pool, TOKEN) is None
    assert pool.engine.adapter is None
    label(pool, "green", 2)
    assert learn(pool, TOKEN).snapshot.data.unlabelled is None
    assert not learning.store_learned(pool).settings["at_hand"]
    pool.project.set_setting(graph.AT_HAND, True)
    assert len(learn(pool, TOKEN).snapshot.data.unlabelled)
    assert learning.store_learned(pool).settings["at_hand"]


def test_it_learns_from_labels_and_unlearns_with_undo(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    found = learn(pool, TOKEN)
    assert found is not None
    prediction.score(pool, TOKEN)
    names = {one.id: one.name for one in pool.classes}
    said = dict(zip(pool.predictions.image_ids.tolist(), pool.predictions.best_class.tolist(), strict=True))
    right = [names[said[image]] == name for name in CLASSES for image in ids_of(pool, name)]
    assert np.mean(right) > 0.9
    assert (found.result.evaluation.base_by, found.accuracy.n) == ("leave-one-out", 9)
    assert [one.labels for one in learning.points_of(pool)] == [9]
    pool.project.undo()  # the last three
    assert learn(pool, TOKEN).labels == 6
    assert [one.labels for one in learning.points_of(pool)] == [6]
    pool.project.undo()
    pool.project.undo()
    assert learn(pool, TOKEN).run.names_alone
    assert learning.points_of(pool) == []


def test_accepted_predictions_are_learned_and_never_measured(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 2)
        label(pool, name, 3, LabelSource.SUGGESTION)
    found = learn(pool, TOKEN)
    assert (found.labels, found.proposed, found.accuracy.n, found.zero_shot.n) == (15, 9, 6, 6)
    own = {one for one, source in sources(pool).items() if source is LabelSource.PERSON}
    assert set(found.run.metrics["measured"]["ids"]) == own
    everything = {image for name in CLASSES for image in ids_of(pool, name)}
    pool.project.assign(sorted(own), None)
    assert learn(pool, TOKEN).accuracy is None
    assert len(everything) == 24


def test_of_an_accepted_label_it_is_asked_how_sure_a_model_without_it_is(pool: ProjectContext) -> None:
    by_hand = [image for name in CLASSES for image in label(pool, name, 2)]
    judge = learn(pool, TOKEN)
    columns, names = pool.index.columns, [one.name for one in pool.classes]
    probabilities = judge.predictor.predict(pool.engine.gather(columns.hashes), names, judge.snapshot.prompt_template)[
        0
    ]
    red, green, blue = pool.classes
    right, wrong, none = (ids_of(pool, one)[-1] for one in CLASSES)
    accepted = {right: red.id, wrong: blue.id}  # the wrong one is green
    pool.project.assign_many(list(accepted.items()), LabelSource.SUGGESTION)
    pool.project.assign_none([none], LabelSource.SUGGESTION)
    found = learning.judged(pool, TOKEN)
    assert found.ids.tolist() == sorted(set(columns.ids.tolist()) - set(by_hand))
    predicted = prediction.predictions(pool, TOKEN)
    assert predicted.image_ids.tolist() == columns.ids.tolist()
    for image, confidence in zip(found.ids.tolist(), found.confidence.tolist(), strict=True):
        place = int(columns.positions(np.array([image]))[0])
        said = accepted.get(image, int(predicted.best_class[place]))  # None of these has no probability of its own
        expected = probabilities[place, [red.id, green.id, blue.id].index(said)]
        assert confidence == pytest.approx(float(expected), abs=1e-6)
        if image in accepted:
            assert (confidence > 0.5) == (image == right)


@pytest.fixture
def twice(context: ProjectContext, tmp_path: Path) -> ProjectContext:
    """Classes that nothing tells apart: a picture is recognised by its copy alone, at another size and quality."""
    rng = np.random.default_rng(0)
    for at in range(12):
        folder = tmp_path / "pictures" / ("one", "other")[at % 2]
        folder.mkdir(parents=True, exist_ok=True)
        scene = Image.fromarray(rng.integers(0, 255, (5, 6, 3), np.uint8)).resize((200, 160), Image.Resampling.BICUBIC)
        scene.save(folder / f"{at}.png")
        scene.resize((180, 144)).save(folder / f"{at} again.jpg", quality=70)
    context.learns = True
    importing.import_paths(context, [tmp_path / "pictures"], TOKEN)
    context.project.add_classes(["one", "other"], Role.BASE)
    model_in_use.prepare(context, TOKEN)
    embedding.embed(context, TOKEN)
    for name in ("one", "other"):
        label(context, name, 12)
    return context


def test_copies_of_a_picture_are_left_out_together(twice: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    found = learn(twice, TOKEN)
    assert len(np.unique(found.snapshot.data.shots.copies)) == 12
    assert found.accuracy.n == 24
    assert found.accuracy.percent < 75
    monkeypatch.setattr(snapshot, "copies_among", alone)
    learn.put(twice, None)
    assert learn(twice, TOKEN).accuracy.percent > 85


def test_copies_of_a_picture_share_a_fold_of_the_cross_validation(twice: ProjectContext) -> None:
    request = TrainRequest("linear-probe", shots=12)
    data = project_training.assemble_labelled(twice, request, TOKEN).data
    folds = stratified_folds(data.shots, 4, 0)
    assert len({*zip(data.shots.copies.tolist(), folds.tolist(), strict=True)}) == 12
    assert np.bincount(folds).tolist() == [6, 6, 6, 6]
    held_out = project_training.assemble_labelled(twice, replace(request, shots=4, division="halves"), TOKEN).data
    assert len(np.unique(held_out.shots.copies)) == len(held_out.shots), "no folds, so nobody looks for copies"


def alone(_context: ProjectContext, _token: CancelToken, ids: np.ndarray, **_how: bool) -> np.ndarray:
    return np.arange(len(ids))


def sources(context: ProjectContext) -> dict[int, LabelSource]:
    columns = context.index.columns
    kinds = list(LabelSource)
    return {
        int(image): kinds[source] for image, source in zip(columns.ids, columns.sources, strict=True) if source >= 0
    }


def test_enough_images_marked_for_testing_are_what_it_is_measured_on(
    pool: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CLASSES:
        label(pool, name, 3)
        pool.project.set_use(label(pool, name, 2), Use.TEST)
    found = learn(pool, TOKEN)
    assert (found.labels, found.result.evaluation.base_by, found.accuracy.n) == (9, "leave-one-out", 9)
    monkeypatch.setattr(splits, "ENOUGH", 6)
    monkeypatch.setattr(splits, "OF_EACH", 2)
    learn.put(pool, None)
    found = learn(pool, TOKEN)
    assert (found.labels, found.result.evaluation.base_by, found.accuracy.n) == (9, "held-out", 6)


def test_a_class_with_one_label_does_not_hide_what_the_others_measure(pool: ProjectContext) -> None:
    label(pool, "red", 1)
    label(pool, "green", 1)
    assert learn(pool, TOKEN).accuracy is None
    label(pool, "green", 2)
    assert learn(pool, TOKEN).accuracy.n == 3


def test_pictures_without_features_wait(context: ProjectContext, make_folder: MakeFolder) -> None:
    context.learns = True
    importing.import_paths(context, [make_folder("pictures", CLASSES)], TOKEN)
    context.project.add_classes(list(CLASSES), Role.BASE)
    for name in CLASSES:
        label(context, name, 2)
    assert learn(context, TOKEN) is None  # no backbone is loaded
    model_in_use.prepare(context, TOKEN)
    assert learn(context, TOKEN) is None
    embedding.embed(context, TOKEN)
    assert learn(context, TOKEN).labels == 6


def test_the_same_labels_give_the_same_model_whatever_was_undone(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 7)
    first = learn(pool, TOKEN)
    label(pool, "red", 1)
    label(pool, "green", 1)
    learn(pool, TOKEN)
    pool.project.undo()
    learn(pool, TOKEN)
    pool.project.undo()
    again = learn(pool, TOKEN)
    assert again.accuracy == first.accuracy
    rows = pool.engine.gather(pool.index.columns.hashes)
    before, after = (
        one.predictor.probabilities(rows, list(CLASSES), one.snapshot.prompt_template, adapted=True)
        for one in (first, again)
    )
    np.testing.assert_array_equal(after, before)


def test_a_kept_one_does_not_decide_how_labels_are_divided(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 5)
    learn(pool, TOKEN)
    kept = learning.store_learned(pool)
    assert (kept.settings["shots"], snapshot.newest_request([kept])) == (5, TrainRequest())
    asked = TrainRequest(shots=2, seed=5)
    trained = project_training.train(pool, asked, TOKEN).run
    label(pool, "red", 1)
    learn(pool, TOKEN)
    again = learning.store_learned(pool)
    assert pool.project.runs() == [again, trained, kept]
    assert snapshot.newest_request(pool.project.runs()) == asked
    assert snapshot.newest_request([replace(trained, settings={})]) == TrainRequest()


def test_a_version_is_kept_and_gone_back_to_until_it_learns_again(pool: ProjectContext) -> None:
    with pytest.raises(UserError, match="no model yet"):
        learning.store_learned(pool)
    for name in CLASSES:
        label(pool, name, 3)
    found = learn(pool, TOKEN)
    kept = learning.store_learned(pool)
    assert learning.store_learned(pool) == kept, "once for each fit"
    assert kept.kept
    assert learning.in_use(pool), "it remains the model"
    model_in_use.use_run(pool, kept.id)
    assert pool.is_current(kept)
    _, header = checkpoint.load(pool.project.checkpoint_path(kept))
    assert header.class_names == tuple(CLASSES)
    assert found.result.open_set.text is None, "fitted once other names may come"
    assert header.open_set.text is not None
    features = pool.engine.gather(pool.index.columns.hashes)
    before = found.predictor.probabilities(features, list(CLASSES), header.prompt_template, adapted=True)
    after = pool.engine.predictor.probabilities(features, list(CLASSES), header.prompt_template, adapted=True)
    np.testing.assert_allclose(before, after, atol=1e-6)
    assert kept.metrics["measured"] == found.run.metrics["measured"]
    label(pool, "red", 1)
    newer = learn(pool, TOKEN)
    assert newer.labels == 10
    assert pool.is_current(kept)  # it goes on learning, and the kept one predicts
    learning.learn_again(pool)
    assert pool.engine.adapter is newer.result.adapter
    assert not pool.current_run
    assert [one.id for one in pool.project.runs()] == [kept.id]


def test_the_curve_is_kept_with_the_project(pool: ProjectContext) -> None:
    for count in (2, 1, 1):
        for name in CLASSES:
            label(pool, name, count)
        learn(pool, TOKEN)
    assert [one.labels for one in learning.points_of(pool)] == [6, 9, 12]
    assert pool.project.setting(learning.POINTS, []) == [], "a fit writes nothing"
    learning.keep_points(pool)
    pool.state_of(Learning).points = None
    assert [(one.labels, one.measured) for one in learning.points_of(pool)] == [(6, 6), (9, 9), (12, 12)]
    pool.project.set_setting(learning.POINTS, "nonsense")
    pool.state_of(Learning).points = None
    assert learning.points_of(pool) == []


def test_a_cancelled_fit_changes_nothing(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 3)
    first = learn(pool, TOKEN)
    label(pool, "red", 1)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        learn(pool, token)
    assert learn.kept(pool) is first
    assert pool.engine.adapter is first.result.adapter


def test_what_another_image_model_taught_is_not_used(pool: ProjectContext) -> None:
    for name in CLASSES:
        label(pool, name, 7)
    first = learn(pool, TOKEN)
    assert learning.current(pool) is first
    first.predictor.backbone = SimpleNamespace(fingerprint="another")
    assert learning.current(pool) is None
    with pytest.raises(UserError, match="no model yet"):
        learning.store_learned(pool)
    label(pool, "red", 1)
    second = learn(pool, TOKEN)
    assert second.result.epochs == first.result.epochs  # from the start, not from maps of another space
    assert learning.current(pool) is second
