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
from mma_desktop.services.context import ProjectSession
from mma_desktop.services.project_factory import create_session, open_session
from mma_desktop.services.training.retrain_advice import Advice, advise, dismiss

from .test_importing import run

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
    session = create_session(root / "trained.mma", threads=2)
    folders = {name: root / "pictures" / name for name in CLASSES}
    run(session.import_paths([root / "pictures"], TOKEN, folders, first_half_base=True))
    rows = session.rows(session.catalogue.columns.ids.tolist())
    session.assign([row.id for row in rows if int(row.path.stem.split()[1]) >= LABELLED], None)
    run(session.train(TrainRequest(shots=SHOTS, recipe=Recipe(max_epochs=3)), TOKEN))
    session.close()
    patch.undo()
    return session.folder


@pytest.fixture
def session(project: Path, tmp_path: Path) -> Iterator[ProjectSession]:
    """A copy of the trained project. No backbone is loaded: the advice needs none."""
    shutil.copytree(project, tmp_path / "copy.mma")
    made = open_session(tmp_path / "copy.mma", threads=1)
    yield made
    made.close()


def named(session: ProjectSession, name: str) -> ImageClass:
    return next(one for one in session.classes if one.name == name)


def images(session: ProjectSession, name: str, *, labelled: bool) -> list[int]:
    """Images in the folder of a class, with or without a label."""
    rows = session.rows(session.catalogue.columns.ids.tolist())
    return [row.id for row in rows if row.path.parent.name == name and (row.class_id is not None) is labelled]


def trained_on(session: ProjectSession, name: str) -> list[int]:
    """Images of a class that were shots or for validation, told by what the run kept."""
    (stored,) = session.runs()
    seen = {one for kept in stored.settings["trained_on"]["classes"] if kept["name"] == name for one in kept["seen"]}
    columns = session.catalogue.columns
    return [int(i) for i, h in zip(columns.ids, columns.hashes.tolist(), strict=True) if h[:8].hex() in seen]


def advice(session: ProjectSession, fresh: tuple[int, ...] = ()) -> Advice:
    found = advise(session, fresh)
    assert found is not None
    return found


def test_right_after_a_training_there_is_nothing_to_say(session: ProjectSession) -> None:
    assert advise(session) is None
    (stored,) = session.runs()
    kept = stored.settings["trained_on"]
    assert [one["labelled"] for one in kept["classes"]] == [LABELLED] * 6
    assert [len(one["seen"]) for one in kept["classes"]] == [SHOTS + 1] * 3 + [0] * 3
    assert kept["validation"] == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.add_classes(["kite"]),  # a base class without labels
        lambda s: s.add_classes(["kite"], Role.NEW),
        lambda s: s.rename_class(named(s, "dog").id, "hound"),  # never trained
        lambda s: s.assign(images(s, "dog", labelled=False), named(s, "dog").id),
        lambda s: s.assign(images(s, "ant", labelled=False), named(s, "ant").id),  # no further shots
        lambda s: s.delete_classes([named(s, "cat").id]),
        lambda s: s.move_class(named(s, "cat").id, 0),
        lambda s: s.remove_images(trained_on(s, "ant")),
        lambda s: s.remove_images(s.catalogue.columns.ids.tolist()),
    ],
    ids=["base-unlabelled", "new", "rename-new", "label-new", "few-labels", "delete", "move", "remove-images", "empty"],
)
def test_what_needs_no_training_is_no_reason(
    session: ProjectSession, change: Callable[[ProjectSession], object]
) -> None:
    change(session)
    assert advise(session) is None


def test_a_new_class_needs_no_training_and_that_is_said_once(session: ProjectSession) -> None:
    session.add_classes(["kite"], Role.NEW)
    kite = named(session, "kite").id
    found = advice(session, (kite,))
    assert not found.helps
    assert found.sentence == "The new class 'kite' needs no training: it is predicted by its name."
    dismiss(session, found)
    assert advise(session, (kite,)) is None


def test_a_labelled_base_class_that_was_not_trained(session: ProjectSession) -> None:
    session.add_classes(["kite"])
    kite = named(session, "kite").id
    free = [one for name in CLASSES for one in images(session, name, labelled=False)]
    session.assign(free[:3], kite)
    assert advise(session) is None  # too few to train on
    session.assign(free[3:5], kite)
    found = advice(session)
    assert found.helps
    assert found.sentence == (
        "Since the adapter in use was trained, 5 labels and the base class 'kite' were added. "
        "Training again would help."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.rename_class(named(s, "cat").id, "lynx"), "'cat' was renamed 'lynx'"),
        (lambda s: s.set_role([named(s, "cat").id], Role.NEW), "'cat' was made a new class"),
        (lambda s: s.set_role([named(s, "dog").id], Role.BASE), "'dog' was made base"),
        (lambda s: s.set_setting("prompt_template", "a {}.\nthe {}."), "the prompt template was changed"),
        (lambda s: s.set_setting("backbone", "ViT-B-16/openai"), "the backbone was changed from starter"),
        (lambda s: s.assign(trained_on(s, "ant")[:1], named(s, "bee").id), "1 label it was trained on was corrected"),
        (lambda s: s.assign(trained_on(s, "ant")[:2], None), "2 labels it was trained on were corrected"),
    ],
)
def test_reasons(session: ProjectSession, change: Callable[[ProjectSession], object], words: str) -> None:
    change(session)
    found = advice(session)
    assert found.helps
    assert words in found.sentence
    assert found.sentence.endswith("Training again would help.")


def test_several_changes_are_clauses_of_their_own_and_a_deleted_class_is_told(session: ProjectSession) -> None:
    session.rename_class(named(session, "cat").id, "lynx")
    session.set_role([named(session, "dog").id, named(session, "elk").id], Role.BASE)
    assert advice(session).sentence == (
        "Since the adapter in use was trained, 'cat' was renamed 'lynx'; 'dog' and 'elk' were made base. "
        "Training again would help."
    )
    session.delete_classes([named(session, "bee").id])
    assert "; 'dog' and 'elk' were made base; 'bee' was deleted. Training" in advice(session).sentence
    session.undo()
    assert "deleted" not in advice(session).sentence
    session.delete_classes([named(session, "fox").id])  # it was not trained
    assert "deleted" not in advice(session).sentence


def test_a_corrected_label_of_a_test_image_is_no_reason(session: ProjectSession) -> None:
    tested = set(images(session, "ant", labelled=True)) - set(trained_on(session, "ant"))
    session.assign(sorted(tested), named(session, "bee").id)
    assert advise(session) is None


def test_twice_the_shots_in_every_base_class(session: ProjectSession) -> None:
    for name in ("ant", "bee", "cat"):
        assert advise(session) is None
        session.assign(images(session, name, labelled=False), named(session, name).id)
    found = advice(session)
    assert found.sentence == (
        "Since the adapter in use was trained, 6 labels were added; every base class now has 8 labels, enough for more "
        "shots. Training again would help."
    )


def test_dismissed_reasons_come_back_only_with_another_one(session: ProjectSession) -> None:
    session.rename_class(named(session, "cat").id, "lynx")
    dismiss(session, advice(session))
    assert advise(session) is None
    session.assign(images(session, "dog", labelled=False), named(session, "dog").id)
    assert advise(session) is None
    session.rename_class(named(session, "ant").id, "wasp")
    found = advice(session)
    assert "'ant' was renamed 'wasp'" in found.sentence
    dismiss(session, found)
    assert advise(session) is None
    session.undo()
    assert advise(session) is None


def test_runs_of_former_versions_are_compared_by_name(session: ProjectSession, monkeypatch: pytest.MonkeyPatch) -> None:
    (stored,) = session.runs()
    old = {name: value for name, value in stored.settings.items() if name != "trained_on"}
    monkeypatch.setattr(session, "runs", lambda: [replace(stored, settings=old)])
    assert advise(session) is None
    session.set_role([named(session, "dog").id], Role.BASE)
    assert "'dog' was made base" in advice(session).sentence


def test_measuring_without_a_training_asks_for_none(session: ProjectSession, monkeypatch: pytest.MonkeyPatch) -> None:
    (stored,) = session.runs()
    monkeypatch.setattr(session, "runs", lambda: [replace(stored, method="zero-shot")])
    session.rename_class(named(session, "cat").id, "lynx")
    assert advise(session) is None
    monkeypatch.setattr(session, "runs", list)
    assert advise(session) is None
