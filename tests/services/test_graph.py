"""What follows from what: for each kind of edit, exactly what is worked out again."""

from __future__ import annotations

import gc
import logging
import math
import weakref
from collections.abc import Callable
from copy import copy
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.types import LabelSource, Role, TrainRequest, Use
from mma_desktop.services import graph
from mma_desktop.services.batch.on_projects import predict_all
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.labels.label_errors import confirm_labels
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.predicting.none_of_these import SETTING, Strictness
from mma_desktop.services.similarity import examine_image, ordered
from mma_desktop.services.training.claims import accuracy_claims
from mma_desktop.services.training.label_suggestions import suggest
from mma_desktop.services.training.learning import (
    current,
    follow_edits,
    is_followed,
    judged,
    learn_again,
    store_learned,
)
from mma_desktop.services.training.snapshot import divided
from mma_desktop.services.training.spot_checks import Check, CheckedImage, store_check

from .test_kept_scores import Worked, worked  # noqa: F401 - a fixture
from .test_learning import ids_of, label

TOKEN = CancelToken()
ADAPTED, NAMES = ("adapted", 24, 3), ("zero-shot", 24, 3)
FIT = {"learn", "digest", "scores", "predictions", "judged", "accuracy_claims", "suggest"}
BESIDE = FIT - {"digest", "scores"}  # of a model that does not predict


Asked = Callable[[], tuple[set[str], Worked]]


@pytest.fixture
def asked(
    pool: ProjectContext,
    worked: Worked,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Asked:
    """Ask a project with a model for everything: the names of what is worked out for it, and what is scored."""

    def ask() -> tuple[set[str], Worked]:
        caplog.clear()
        worked.clear()
        with caplog.at_level(logging.DEBUG, graph.__name__):
            follow_edits(pool, TOKEN)
            scored = sorted(worked)
            accuracy_claims(pool)
            suggest(pool, 4, TOKEN)
        found = {str(record.args[0]) for record in caplog.records if record.name == graph.__name__}
        return {name for name in found if not name.startswith("_")}, scored

    monkeypatch.setattr(embedding, "RESCORE_SECONDS", math.inf)  # so that no edit scores on its own
    for name in ("red", "green"):
        label(pool, name, 3)
    assert ask() == ({"rows", "labels", *FIT}, [ADAPTED, NAMES])
    return ask


def nothing(_context: ProjectContext) -> None:
    pass


def a_label(context: ProjectContext) -> None:
    label(context, "red", 1)


def an_undo(context: ProjectContext) -> None:
    context.project.undo()  # of the labels of a class, so that the model is from names alone


def a_class(context: ProjectContext) -> None:
    context.project.add_classes(["apple"], Role.BASE)


def a_name(context: ProjectContext) -> None:
    context.project.rename_class(context.classes[0].id, "tomato")


def the_same_name(context: ProjectContext) -> None:
    context.project.rename_class(context.classes[0].id, context.classes[0].name)


def what_is_read(context: ProjectContext) -> None:
    context.project.set_reads({context.classes[2].id: "the sea"})  # for a class that is known by its name alone


def the_same_is_read(context: ProjectContext) -> None:
    context.project.set_reads({context.classes[2].id: context.classes[2].reads})


def a_role(context: ProjectContext) -> None:
    context.project.set_role([context.classes[0].id], Role.NEW)


def the_same_role(context: ProjectContext) -> None:
    context.project.set_role([context.classes[0].id], context.classes[0].role)


def an_order(context: ProjectContext) -> None:
    context.project.move_class(context.classes[0].id, 2)


def a_colour(context: ProjectContext) -> None:
    context.project.set_colour(context.classes[0].id, "#123456")


def a_use(context: ProjectContext) -> None:
    context.project.set_use(ids_of(context, "red")[:1], Use.TEST)


def without_those_at_hand(context: ProjectContext) -> None:
    context.project.set_setting(graph.AT_HAND, False)


def a_spot_check(context: ProjectContext) -> None:
    """Of labels that are right: only that they were looked at is new."""
    columns, red = context.index.columns, context.classes[0].id
    pictures = tuple(
        CheckedImage(image, red) for image in columns.ids[(columns.class_ids == red) & ~columns.proposed].tolist()
    )
    store_check(context, Check(red, 6, len(pictures), pictures), ())


def a_device(context: ProjectContext) -> None:
    """The same image model elsewhere."""
    moved = copy(context.engine.backbone)
    moved.device = torch.device("cpu:0")
    context.engine.use_backbone(moved)


def the_same_device(context: ProjectContext) -> None:
    model_in_use.prepare(context, TOKEN)


def a_key(context: ProjectContext) -> None:
    context.project.set_key(context.classes[0].id, "x")


def a_template(context: ProjectContext) -> None:
    context.project.set_setting("prompt_template", "a drawing of {}")


def a_strictness(context: ProjectContext) -> None:
    context.project.set_setting(SETTING, Strictness.OFF.value)


def a_confirmed_label(context: ProjectContext) -> None:
    confirm_labels(context, ids_of(context, "red")[:1])


def a_picture_less(context: ProjectContext) -> None:
    context.project.remove_images(ids_of(context, "blue")[:1])


def a_version(context: ProjectContext) -> None:
    model_in_use.use_run(context, store_learned(context).id)


def new_file(context: ProjectContext) -> Path:
    path = context.project.folder.parent / "new.png"
    Image.fromarray(np.random.default_rng(9).integers(0, 255, (48, 64, 3), np.uint8)).save(path)
    return path


def a_picture(context: ProjectContext, *, embedded: bool) -> None:
    path = new_file(context)
    importing.import_paths(context, [path], TOKEN)
    if embedded:
        embedding.embed(context, TOKEN)


@pytest.mark.parametrize(
    ("edit", "again", "scored"),
    [
        (nothing, set(), []),
        (a_key, set(), []),
        (a_colour, set(), []),
        (the_same_name, set(), []),
        (the_same_is_read, set(), []),
        (the_same_role, set(), []),
        (the_same_device, set(), []),
        (a_name, FIT, [ADAPTED, NAMES]),
        (what_is_read, FIT, [ADAPTED, NAMES]),
        (a_role, FIT, []),  # the model gives each class one of its own
        (an_order, FIT, [ADAPTED]),
        (a_device, {"rows", *FIT}, []),  # on which the fit is, and what was scored stays
        (a_use, {"labels", *FIT}, [ADAPTED]),
        (without_those_at_hand, FIT, [ADAPTED]),
        (a_spot_check, FIT, []),
        (a_confirmed_label, set(), []),
        (a_label, {"labels", *FIT}, [ADAPTED]),
        (an_undo, {"labels", *FIT}, [ADAPTED]),
        (a_class, FIT, [("adapted", 24, 4), ("zero-shot", 24, 1)]),
        (a_template, FIT, [ADAPTED, NAMES]),
        (a_strictness, {"predictions", "judged", "accuracy_claims"}, []),
        (a_picture_less, {"rows", "labels", *FIT}, [("adapted", 23, 3)]),  # those at hand teach
        (partial(a_picture, embedded=False), {"rows", "labels", "accuracy_claims", "suggest"}, []),
        (partial(a_picture, embedded=True), {"rows", "labels", *FIT}, [("adapted", 25, 3), ("zero-shot", 1, 3)]),
        (a_version, FIT - {"learn"}, [ADAPTED]),
    ],
)
def test_an_edit_works_out_what_follows_from_it(
    pool: ProjectContext,
    asked: Asked,
    edit: Callable[[ProjectContext], None],
    again: set[str],
    scored: Worked,
) -> None:
    fit = current(pool)
    edit(pool)
    assert asked() == (again, scored)
    assert (current(pool) is not fit) == ("learn" in again)
    assert is_followed(pool)
    assert asked() == (set(), [])


def an_accepted_label(context: ProjectContext) -> None:
    label(context, "red", 1, LabelSource.SUGGESTION)


@pytest.mark.parametrize(
    ("edit", "again"),
    [
        (nothing, False),
        (an_accepted_label, False),  # of which it learns nothing
        (a_label, True),
        (a_name, True),
        (what_is_read, True),
        (a_role, True),
        (a_template, True),
        (a_device, True),
        (a_picture_less, True),
        (without_those_at_hand, True),
        (a_spot_check, True),
    ],
)
def test_what_accepted_labels_are_judged_by_follows_from_the_others(
    pool: ProjectContext, asked: Asked, edit: Callable[[ProjectContext], None], again: bool
) -> None:
    an_accepted_label(pool)
    asked()
    judge, claims = judged.kept(pool).run, accuracy_claims.kept(pool)
    edit(pool)
    asked()
    assert (judged.kept(pool).run is not judge) == again
    assert (accuracy_claims.kept(pool) is not claims) == (edit is not nothing)


def test_another_seed_is_asked_anew(pool: ProjectContext, asked: Asked) -> None:
    def divided_by(seed: int) -> object:
        request = TrainRequest(shots=1, seed=seed)
        return divided(pool, pool.index.columns, pool.classes, request)[1]

    first, suggested = divided_by(0), suggest(pool, 4, TOKEN)
    assert divided_by(0) is first
    assert suggest(pool, 4, TOKEN, 0) is suggest(pool, 4, TOKEN, 0)
    assert not np.array_equal(divided_by(1).shots, first.shots)
    assert suggest(pool, 4, TOKEN, 1) is not suggested
    np.testing.assert_array_equal(divided_by(0).shots, first.shots)


@pytest.mark.parametrize(
    ("edit", "again", "scored"),
    [
        (a_label, BESIDE | {"labels"}, []),
        (a_role, BESIDE - {"predictions", "judged"} | {"scores"}, []),
        (a_name, BESIDE | {"scores"}, [ADAPTED, NAMES]),
        (what_is_read, BESIDE | {"scores"}, [ADAPTED, NAMES]),
        (a_template, BESIDE | {"scores"}, [NAMES]),  # the version keeps its own
        (a_device, BESIDE | {"rows", "digest", "scores"}, []),
        (
            partial(a_picture, embedded=True),
            BESIDE | {"rows", "labels", "scores"},
            [("adapted", 1, 3), ("zero-shot", 1, 3)],
        ),
    ],
)
def test_an_edit_beside_a_version_in_use_scores_what_that_says_otherwise(
    pool: ProjectContext,
    asked: Asked,
    edit: Callable[[ProjectContext], None],
    again: set[str],
    scored: Worked,
) -> None:
    a_version(pool)
    asked()
    edit(pool)
    assert asked() == (again, scored)
    assert is_followed(pool)


def test_features_alone_are_followed_too(pool: ProjectContext, asked: Asked) -> None:
    a_picture(pool, embedded=False)
    asked()
    embedding.embed(pool, TOKEN)
    assert asked() == ({"rows", *FIT}, [("adapted", 25, 3), ("zero-shot", 1, 3)])


def test_a_command_asks_for_what_the_window_would(pool: ProjectContext, asked: Asked) -> None:
    a_picture(pool, embedded=False)
    predict_all(pool, "auto", None, TOKEN)
    assert is_followed(pool)
    assert asked() == ({"accuracy_claims", "suggest"}, [])


def test_what_was_shown_of_an_edit_that_is_undone_is_shown_no_longer(
    pool: ProjectContext, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prediction, "CHUNK", 5)
    a_version(pool)
    asked()
    before, token = pool.predictions, CancelToken()
    token.on_report = lambda event: token.cancel() if isinstance(event, Changes) else None
    pool.on_screen = tuple(ids_of(pool, "red")[:2])
    a_class(pool)
    with pytest.raises(Cancelled):
        follow_edits(pool, token)
    assert pool.predictions is not before
    pool.project.undo()
    assert not is_followed(pool)
    assert follow_edits(pool, TOKEN).predictions
    assert pool.predictions is before
    assert is_followed(pool)


def test_a_picture_that_is_tried_changes_no_prediction(pool: ProjectContext, asked: Asked) -> None:
    examine_image(pool, new_file(pool), None, TOKEN)
    assert is_followed(pool), "or the project would open without its predictions"
    assert asked() == (set(), [])


def test_a_switch_that_is_taken_back_at_a_checkpoint_leaves_no_prediction_of_the_other_model(
    pool: ProjectContext, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = store_learned(pool)
    a_label(pool)
    asked()
    before, pool.on_screen = pool.predictions, tuple(pool.index.columns.ids[:4].tolist())
    monkeypatch.setattr(prediction, "CHUNK", 2)
    model_in_use.use_run(pool, version.id)
    assert follow_edits(pool, CancelToken(safe_point=lambda: learn_again(pool))).predictions
    np.testing.assert_array_equal(pool.predictions.adapted_confidence, before.adapted_confidence)
    assert is_followed(pool)


def test_former_models_are_let_go(pool: ProjectContext) -> None:
    pool.engine.use_backbone(copy(pool.engine.backbone))
    a_label(pool)
    label(pool, "green", 1)
    follow_edits(pool, TOKEN)
    suggest(pool, 4, TOKEN)
    ordered(pool, Filter(Show.ALL, order=Order.OUTLIERS), TOKEN)
    former = weakref.ref(pool.engine.backbone), weakref.ref(current(pool))
    pool.engine.use_backbone(copy(pool.engine.backbone))
    follow_edits(pool, TOKEN)
    gc.collect()
    assert [one() for one in former] == [None, None]
