"""What an edit makes out of date, and nothing else, is worked out again; it is what a fresh project would say."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import Role
from mma_desktop.engine.methods.adapter import InnerProducts
from mma_desktop.engine.open_set_scores import OpenSetScores
from mma_desktop.engine.predictor import Predictor
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.kept_scores import Products, ScoreTable
from mma_desktop.services.training.learning import is_followed, learn, store_learned
from mma_desktop.store.project import Project
from mma_desktop.version import __version__
from tests.steps import meanwhile

from .test_learning import ids_of, label

TOKEN = CancelToken()
Worked = list[tuple[str, int, int]]


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    """What is worked out, with the numbers of pictures and of names."""
    found: Worked = []
    plain, answers = Predictor.name_logits, Predictor.predict

    def named(self: Predictor, features: np.ndarray, texts: np.ndarray) -> np.ndarray:
        found.append(("zero-shot", len(features), len(texts)))
        return plain(self, features, texts)

    def adapted(
        self: Predictor, features: np.ndarray, names: list[str], *how: Any
    ) -> tuple[np.ndarray, OpenSetScores | None]:
        found.append(("adapted", len(features), len(names)))
        return answers(self, features, names, *how)

    monkeypatch.setattr(Predictor, "name_logits", named)
    monkeypatch.setattr(Predictor, "predict", adapted)
    return found


def follow(context: ProjectContext, worked: Worked) -> Worked:
    """Learn and predict as after an edit; what was worked out for it."""
    worked.clear()
    learn(context, TOKEN)
    prediction.score(context, TOKEN)
    return list(worked)


def check_as_if_fresh(context: ProjectContext) -> None:
    kept = context.predictions
    prediction.scores.put(context, None)
    prediction.score(context, TOKEN)
    fresh = context.predictions
    assert kept is not None
    assert fresh is not None
    np.testing.assert_array_equal(kept.image_ids, fresh.image_ids)
    np.testing.assert_array_equal(kept.zero_shot_class, fresh.zero_shot_class)
    np.testing.assert_array_equal(kept.best_class, fresh.best_class)
    np.testing.assert_allclose(kept.zero_shot_confidence, fresh.zero_shot_confidence, atol=1e-5)
    np.testing.assert_allclose(kept.best_confidence, fresh.best_confidence, atol=1e-5)
    np.testing.assert_array_equal(kept.rejected, fresh.rejected)


def test_predictions_are_the_probabilities_and_scores_that_are_asked_for_one_by_one(pool: ProjectContext) -> None:
    for name in ("red", "green", "blue"):
        label(pool, name, 3)
    learn(pool, TOKEN)
    predictor, names = pool.engine.predictor, [kind.name for kind in pool.classes]
    rows, (adapter, header) = pool.engine.gather(pool.index.columns.hashes), predictor.need_adapter()
    assert adapter.open_set_scorer is not None
    assert adapter.head is not None
    for shares in (True, False):  # a column for examples of none gives the claims weights of their own
        assert adapter.open_set_scorer.matches(adapter.head) is shares
        for asked in (names, names[1:], names[2:]):
            probabilities, open_set_scores = predictor.predict(rows, asked, pool.prompt_template)
            one = predictor.probabilities(rows, asked, pool.prompt_template, adapted=True)
            other = predictor.open_set_scores(rows, asked, pool.prompt_template, one.argmax(axis=1))
            np.testing.assert_allclose(probabilities, one, atol=1e-6)
            np.testing.assert_allclose(open_set_scores.scores, other.scores, atol=1e-5)
            np.testing.assert_allclose(open_set_scores.margins, other.margins, atol=1e-5)
        adapter.open_set_scorer.weights.mul_(0.5)
        predictor.hold(adapter, header)


def test_what_is_written_while_some_are_unknown_changes_no_kept_scores() -> None:
    ids, hashes = np.arange(4), np.array([b"a", b"b", b"c", b"d"])
    known = ScoreTable("1", frozenset(), ids, hashes, np.array([[1.0, np.nan, 3.0, 4.0]]))
    blank = replace(known, numbers=np.full((1, 4), np.nan))
    found = blank.filled(known)
    found.numbers[0, 1] = 2.0
    np.testing.assert_array_equal(known.numbers, [[1.0, np.nan, 3.0, 4.0]])
    assert blank.filled(found) is found
    copies = replace(blank, ids=ids.copy(), hashes=hashes.copy())
    np.testing.assert_array_equal(copies.filled(known).numbers, known.numbers)
    others = replace(blank, hashes=np.array([b"a", b"b", b"x", b"d"]))
    np.testing.assert_array_equal(others.filled(known).numbers, [[1.0, np.nan, np.nan, 4.0]])


def test_each_edit_works_out_what_it_changes(pool: ProjectContext, worked: Worked) -> None:
    assert sorted(follow(pool, worked)) == [("adapted", 24, 3), ("zero-shot", 24, 3)]
    assert follow(pool, worked) == []
    for name in ("red", "green"):
        label(pool, name, 3)
    assert follow(pool, worked) == [("adapted", 24, 3)]  # the first model of labels
    label(pool, "red", 1)
    assert follow(pool, worked) == [("adapted", 24, 3)]
    check_as_if_fresh(pool)
    assert follow(pool, worked) == []  # the same labels teach the same
    pool.project.undo()
    assert follow(pool, worked) == [("adapted", 24, 3)]
    pool.project.add_classes(["apple"], Role.BASE)
    assert sorted(follow(pool, worked)) == [("adapted", 24, 4), ("zero-shot", 24, 1)]
    check_as_if_fresh(pool)
    pool.project.delete_classes([pool.classes[-1].id])
    assert sorted(follow(pool, worked)) == [("adapted", 24, 3), ("zero-shot", 24, 3)]
    pool.project.remove_images(ids_of(pool, "blue")[:2])
    assert follow(pool, worked) == [("adapted", 22, 3)]  # fewer pictures at hand
    pool.project.undo()
    assert sorted(follow(pool, worked)) == [("adapted", 24, 3), ("zero-shot", 2, 3)]
    check_as_if_fresh(pool)
    pool.project.set_setting("prompt_template", "a drawing of {}")
    assert sorted(follow(pool, worked)) == [("adapted", 24, 3), ("zero-shot", 24, 3)]


def test_a_label_multiplies_pictures_with_no_shot_again(
    pool: ProjectContext, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("red", "green"):
        label(pool, name, 3)
    follow(pool, worked)
    seen, plain = [], InnerProducts.of

    def of(self: InnerProducts, part: np.ndarray, images: torch.Tensor) -> torch.Tensor:
        if len(part) == 24:  # not of those at hand
            seen.append([np.isnan(one).sum() for one in self._kept.values()])
        return plain(self, part, images)

    monkeypatch.setattr(InnerProducts, "of", of)
    label(pool, "red", 1)
    assert follow(pool, worked) == [("adapted", 24, 3)]
    assert [sorted(one) for one in seen] == [[0] * (6 + 3) + [24]], "shots, names and the new shot"
    kept, seen[:] = pool.predictions, []
    pool.state_of(Products).newest = None
    check_as_if_fresh(pool)
    assert seen == [[24] * 10]
    np.testing.assert_array_equal(kept.best_class, pool.predictions.best_class)
    pool.project.remove_images(ids_of(pool, "blue")[:1])
    monkeypatch.setattr(InnerProducts, "of", plain)
    follow(pool, worked)
    check_as_if_fresh(pool)


def test_what_is_on_the_screen_is_right_first(
    pool: ProjectContext, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "CHUNK", 10)
    for name in ("red", "green"):
        label(pool, name, 3)
    follow(pool, worked)
    old = pool.predictions
    label(pool, "blue", 4)
    seen = ids_of(pool, "blue")[:5]
    pool.on_screen = tuple(seen)
    learn(pool, TOKEN)
    firsts = []

    def look(_token: CancelToken) -> None:
        assert worked == [("adapted", 5, 3)]
        firsts.append(pool.predictions)

    worked.clear()
    prediction.score(pool, meanwhile(look, lambda event: event.predictions))
    (first,) = firsts
    rest = ~np.isin(first.image_ids, seen)
    # How likely they show any class is known when all are.
    np.testing.assert_array_equal(first.adapted_confidence[~rest], pool.predictions.adapted_confidence[~rest])
    np.testing.assert_array_equal(first.best_class[~rest], pool.predictions.best_class[~rest])
    np.testing.assert_array_equal(first.best_confidence[rest], old.best_confidence[rest])
    assert worked[1:] == [("adapted", 10, 3), ("adapted", 9, 3)]


def test_another_model_that_is_chosen_meanwhile_scores_every_picture(
    pool: ProjectContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "CHUNK", 10)
    for name in ("red", "green"):
        label(pool, name, 3)
    learn(pool, TOKEN)
    pool.on_screen = tuple(ids_of(pool, "blue")[:5])

    def choose(_token: CancelToken) -> None:
        label(pool, "blue", 4)
        learn(pool, TOKEN)

    prediction.score(pool, meanwhile(choose))
    check_as_if_fresh(pool)


@contextmanager
def opened_again(closed: ProjectContext) -> Iterator[ProjectContext]:
    """The project as the window opens it; no image model is loaded."""
    context = ProjectContext(Project.open(closed.project.folder), threads=1)
    context.learns = True
    prediction.restore_scores(context)
    yield context
    context.close()


def stored(context: ProjectContext, worked: Worked) -> ProjectContext:
    """A project with a model, closed."""
    for name in ("red", "green"):
        label(context, name, 3)
    follow(context, worked)
    prediction.keep_scores(context, current=is_followed(context))
    context.close()
    return context


def test_a_project_opens_to_its_predictions(pool: ProjectContext, worked: Worked) -> None:
    before = stored(pool, worked).predictions
    with opened_again(pool) as context:
        found = context.predictions
        np.testing.assert_array_equal(found.image_ids, before.image_ids)
        for name in ("best_class", "best_confidence", "zero_shot_class", "zero_shot_confidence", "rejected"):
            np.testing.assert_array_equal(getattr(found, name), getattr(before, name))
        model_in_use.prepare(context, TOKEN)
        assert follow(context, worked) == []  # the same labels teach the same
        check_as_if_fresh(context)


def test_a_project_that_is_another_one_shows_no_old_predictions(pool: ProjectContext, worked: Worked) -> None:
    stored(pool, worked)
    with opened_again(pool) as context:
        label(context, "blue", 1)
    with opened_again(pool) as context:
        assert context.predictions is None
        model_in_use.prepare(context, TOKEN)
        assert follow(context, worked) == [("adapted", 24, 3)]  # no label changes the names


def test_a_picture_that_was_looked_at_later_is_kept_too(pool: ProjectContext, worked: Worked, tmp_path: Path) -> None:
    path = tmp_path / "later.png"
    Image.fromarray(np.random.default_rng(9).integers(0, 255, (48, 64, 3), np.uint8)).save(path)
    importing.import_paths(pool, [path], TOKEN)
    assert len(stored(pool, worked).predictions.image_ids) == 24
    with opened_again(pool) as context:
        model_in_use.prepare(context, TOKEN)
        embedding.embed(context, TOKEN)
        follow(context, worked)
        assert len(context.predictions.image_ids) == 25
        prediction.keep_scores(context, current=is_followed(context))
    with opened_again(pool) as context:
        assert len(context.predictions.image_ids) == 25


@pytest.mark.parametrize("at", [10, 400, -9])
def test_a_damaged_file_is_ignored(pool: ProjectContext, worked: Worked, at: int) -> None:
    file = stored(pool, worked).project.embeddings_dir / prediction.SCORES_FILE
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    with opened_again(pool) as context:
        assert context.predictions is None
        assert prediction.scores.kept(context) is None


def test_a_file_that_names_classes_that_are_none_is_ignored(pool: ProjectContext, worked: Worked) -> None:
    file = stored(pool, worked).project.embeddings_dir / prediction.SCORES_FILE
    _, line, body = file.read_bytes().split(b"\n", 2)
    content = line + b"\n" + np.full(8, 1e9).tobytes() + body[64:]
    head = {"program": __version__, "sha256": hashlib.sha256(content).hexdigest()}
    file.write_bytes(json.dumps(head).encode() + b"\n" + content)
    with opened_again(pool) as context:
        assert context.predictions is None


def test_a_trained_class_that_is_renamed_is_predicted_by_its_text(pool: ProjectContext) -> None:
    for name in ("red", "green"):
        label(pool, name, 3)
    learn(pool, TOKEN)
    model_in_use.use_run(pool, store_learned(pool).id)
    prediction.score(pool, TOKEN)
    pool.project.rename_class(pool.classes[0].id, "crimson", reads="red")  # which the encoder reads as before
    prediction.score(pool, TOKEN)
    check_as_if_fresh(pool)


def renamed(context: ProjectContext) -> None:
    context.project.rename_class(context.classes[0].id, "crimson", reads="blood")


def with_another_template(context: ProjectContext) -> None:
    context.project.set_setting("prompt_template", "a drawing of {}")


def with_another_model(context: ProjectContext) -> None:
    model_in_use.use_run(context, store_learned(context).id)


def learned_no_more(context: ProjectContext) -> None:
    label(context, "blue", 1)
    prediction.score(context, TOKEN)  # by the fit before that label


def not_followed(context: ProjectContext) -> None:
    run = store_learned(context)
    label(context, "blue", 1)
    model_in_use.use_run(context, run.id)
    context.project.undo()
    learn(context, TOKEN)
    prediction.score(context, TOKEN)  # by the run, though the learning model is in use again


EDITS = [renamed, with_another_template, with_another_model, learned_no_more, not_followed]


@pytest.mark.parametrize("edit", EDITS)
def test_predictions_from_before_the_last_edit_are_not_those_of_the_project(
    pool: ProjectContext, worked: Worked, edit: Callable[[ProjectContext], None]
) -> None:
    for name in ("red", "green"):
        label(pool, name, 3)
    follow(pool, worked)
    edit(pool)
    prediction.keep_scores(pool, current=is_followed(pool))
    pool.close()
    with opened_again(pool) as context:
        assert context.predictions is None


def store_with_a_run_in_use(pool: ProjectContext, worked: Worked) -> None:
    for name in ("red", "green"):
        label(pool, name, 3)
    learn(pool, TOKEN)
    model_in_use.use_run(pool, store_learned(pool).id)
    stored(pool, worked)


def test_an_edit_that_changes_no_prediction_does_not_hide_them(pool: ProjectContext, worked: Worked) -> None:
    store_with_a_run_in_use(pool, worked)
    with opened_again(pool) as context:
        model_in_use.prepare(context, TOKEN)
        label(context, "blue", 1)
        assert follow(context, worked) == []
        prediction.keep_scores(context, current=is_followed(context))
        before = context.predictions
    with opened_again(pool) as context:
        assert context.predictions is not None
        np.testing.assert_array_equal(context.predictions.best_confidence, before.best_confidence)
        prediction.keep_scores(context, current=is_followed(context))  # closed before the model was there
    with opened_again(pool) as context:
        assert context.predictions is not None


def test_a_run_of_the_same_number_is_another_one(pool: ProjectContext, worked: Worked) -> None:
    """As after a backup from before the run was restored."""
    store_with_a_run_in_use(pool, worked)
    with closing(sqlite3.connect(pool.project.folder / DATABASE_FILE)) as database, database:
        assert database.execute("UPDATE run SET created_at = created_at + 1").rowcount == 1
    with opened_again(pool) as context:
        assert context.predictions is None
