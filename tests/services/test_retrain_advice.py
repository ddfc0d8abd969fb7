"""When a training would help, after one real training on small pictures; each test has its own copy of the project."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import ImageClass, Recipe, Role, TrainRequest
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import project_training
from mma_desktop.services.training.retrain_advice import Advice, advise, dismiss
from tests.steps import run

TOKEN = CancelToken()
SHOTS = 4
CLASSES = {"ant": 8, "bee": 8, "cat": 8, "dog": 8, "elk": 7, "fox": 7}  # the first three are base
LABELLED = 6


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, cache_home: Path) -> Path:
    """Three base and three new classes, six images of each labelled, trained once with four shots."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(cache_home))
    root = tmp_path_factory.mktemp("advice")
    rng = np.random.default_rng(0)
    for number, (name, count) in enumerate(CLASSES.items()):
        (root / "pictures" / name).mkdir(parents=True)
        for at in range(count):
            pixels = rng.integers(0, 90, (48, 64, 3), np.uint8)
            pixels[..., number % 3] += 120
            Image.fromarray(pixels).save(root / "pictures" / name / f"{name} {at}.jpg")
    context = create_project(root / "trained.mma", threads=2)
    folders = {name: root / "pictures" / name for name in CLASSES}
    run(importing.import_paths(context, [root / "pictures"], TOKEN, folders, first_half_base=True))
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    context.project.assign([row.id for row in rows if int(row.path.stem.split()[1]) >= LABELLED], None)
    run(project_training.train(context, TrainRequest(shots=SHOTS, recipe=Recipe(max_epochs=3)), TOKEN))
    context.close()
    patch.undo()
    return context.project.folder


@pytest.fixture
def context(project: Path, tmp_path: Path) -> Iterator[ProjectContext]:
    """A copy of the trained project. No image model is loaded: the advice needs none."""
    shutil.copytree(project, tmp_path / "copy.mma")
    made = open_project(tmp_path / "copy.mma", threads=1)
    yield made
    made.close()


def named(context: ProjectContext, name: str) -> ImageClass:
    return next(one for one in context.classes if one.name == name)


def images(context: ProjectContext, name: str, *, labelled: bool) -> list[int]:
    """Images in the folder of a class, with or without a label."""
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    return [row.id for row in rows if row.path.parent.name == name and (row.class_id is not None) is labelled]


def trained_on(context: ProjectContext, name: str) -> list[int]:
    """Images of a class that were shots or for validation, told by what the run kept."""
    (stored,) = context.project.runs()
    seen = {one for kept in stored.settings["trained_on"]["classes"] if kept["name"] == name for one in kept["seen"]}
    columns = context.index.columns
    return [int(i) for i, h in zip(columns.ids, columns.hashes.tolist(), strict=True) if h[:8].hex() in seen]


def advice(context: ProjectContext, fresh: tuple[int, ...] = ()) -> Advice:
    found = advise(context, fresh)
    assert found is not None
    return found


def test_right_after_a_training_there_is_nothing_to_say(context: ProjectContext) -> None:
    assert advise(context) is None
    (stored,) = context.project.runs()
    kept = stored.settings["trained_on"]
    assert [one["labelled"] for one in kept["classes"]] == [LABELLED] * 6
    assert [len(one["seen"]) for one in kept["classes"]] == [SHOTS + 1] * 3 + [0] * 3
    assert kept["validation"] == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.project.add_classes(["kite"]),  # a base class without labels
        lambda s: s.project.add_classes(["kite"], Role.NEW),
        lambda s: s.project.rename_class(named(s, "dog").id, "hound"),  # never trained
        lambda s: s.project.assign(images(s, "dog", labelled=False), named(s, "dog").id),
        lambda s: s.project.assign(images(s, "ant", labelled=False), named(s, "ant").id),  # no further shots
        lambda s: s.project.delete_classes([named(s, "cat").id]),
        lambda s: s.project.move_class(named(s, "cat").id, 0),
        lambda s: s.project.remove_images(trained_on(s, "ant")),
        lambda s: s.project.remove_images(s.index.columns.ids.tolist()),
    ],
    ids=["base-unlabelled", "new", "rename-new", "label-new", "few-labels", "delete", "move", "remove-images", "empty"],
)
def test_what_needs_no_training_is_no_reason(
    context: ProjectContext, change: Callable[[ProjectContext], object]
) -> None:
    change(context)
    assert advise(context) is None


def test_a_new_class_needs_no_training_and_that_is_said_once(context: ProjectContext) -> None:
    context.project.add_classes(["kite"], Role.NEW)
    kite = named(context, "kite").id
    found = advice(context, (kite,))
    assert not found.helps
    assert found.sentence == "The new class 'kite' needs no training: it is predicted by its name."
    dismiss(context, found)
    assert advise(context, (kite,)) is None


def test_a_labelled_base_class_that_was_not_trained(context: ProjectContext) -> None:
    context.project.add_classes(["kite"])
    kite = named(context, "kite").id
    free = [one for name in CLASSES for one in images(context, name, labelled=False)]
    context.project.assign(free[:3], kite)
    assert advise(context) is None  # too few to train on
    context.project.assign(free[3:5], kite)
    found = advice(context)
    assert found.helps
    assert found.sentence == (
        "Since the adapter in use was trained, 5 labels and the base class 'kite' were added. "
        "Training again would help."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.project.rename_class(named(s, "cat").id, "lynx"), "'cat' was renamed 'lynx'"),
        (lambda s: s.project.set_role([named(s, "cat").id], Role.NEW), "'cat' was made a new class"),
        (lambda s: s.project.set_role([named(s, "dog").id], Role.BASE), "'dog' was made base"),
        (lambda s: s.project.set_setting("prompt_template", "a {}.\nthe {}."), "the prompt template was changed"),
        (lambda s: s.project.set_setting("backbone", "ViT-B-16/openai"), "the backbone was changed from starter"),
        (
            lambda s: s.project.assign(trained_on(s, "ant")[:1], named(s, "bee").id),
            "1 label it was trained on was corrected",
        ),
        (lambda s: s.project.assign(trained_on(s, "ant")[:2], None), "2 labels it was trained on were corrected"),
    ],
)
def test_reasons(context: ProjectContext, change: Callable[[ProjectContext], object], words: str) -> None:
    change(context)
    found = advice(context)
    assert found.helps
    assert words in found.sentence
    assert found.sentence.endswith("Training again would help.")


def test_several_changes_are_clauses_of_their_own_and_a_deleted_class_is_told(context: ProjectContext) -> None:
    context.project.rename_class(named(context, "cat").id, "lynx")
    context.project.set_role([named(context, "dog").id, named(context, "elk").id], Role.BASE)
    assert advice(context).sentence == (
        "Since the adapter in use was trained, 'cat' was renamed 'lynx'; 'dog' and 'elk' were made base. "
        "Training again would help."
    )
    context.project.delete_classes([named(context, "bee").id])
    assert "; 'dog' and 'elk' were made base; 'bee' was deleted. Training" in advice(context).sentence
    context.project.undo()
    assert "deleted" not in advice(context).sentence
    context.project.delete_classes([named(context, "fox").id])  # it was not trained
    assert "deleted" not in advice(context).sentence


def test_a_corrected_label_of_a_test_image_is_no_reason(context: ProjectContext) -> None:
    tested = set(images(context, "ant", labelled=True)) - set(trained_on(context, "ant"))
    context.project.assign(sorted(tested), named(context, "bee").id)
    assert advise(context) is None


def test_twice_the_shots_in_every_base_class(context: ProjectContext) -> None:
    for name in ("ant", "bee", "cat"):
        assert advise(context) is None
        context.project.assign(images(context, name, labelled=False), named(context, name).id)
    found = advice(context)
    assert found.sentence == (
        "Since the adapter in use was trained, 6 labels were added; every base class now has 8 labels, enough for more "
        "shots. Training again would help."
    )


def test_dismissed_reasons_come_back_only_with_another_one(context: ProjectContext) -> None:
    context.project.rename_class(named(context, "cat").id, "lynx")
    dismiss(context, advice(context))
    assert advise(context) is None
    context.project.assign(images(context, "dog", labelled=False), named(context, "dog").id)
    assert advise(context) is None
    context.project.rename_class(named(context, "ant").id, "wasp")
    found = advice(context)
    assert "'ant' was renamed 'wasp'" in found.sentence
    dismiss(context, found)
    assert advise(context) is None
    context.project.undo()
    assert advise(context) is None


def test_runs_of_former_versions_are_compared_by_name(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    (stored,) = context.project.runs()
    old = {name: value for name, value in stored.settings.items() if name != "trained_on"}
    monkeypatch.setattr(context.project, "runs", lambda: [replace(stored, settings=old)])
    assert advise(context) is None
    context.project.set_role([named(context, "dog").id], Role.BASE)
    assert "'dog' was made base" in advice(context).sentence


def test_measuring_without_a_training_asks_for_none(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    (stored,) = context.project.runs()
    monkeypatch.setattr(context.project, "runs", lambda: [replace(stored, method="zero-shot")])
    context.project.rename_class(named(context, "cat").id, "lynx")
    assert advise(context) is None
    monkeypatch.setattr(context.project, "runs", list)
    assert advise(context) is None
