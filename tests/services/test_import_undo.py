"""What an import takes from folder names, its classes and all labels, is one step of undo."""

from __future__ import annotations

import pytest

from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.importing import import_paths
from tests.steps import meanwhile

from .test_importing import MakeFolder, imported


def test_one_undo_takes_back_classes_and_labels(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 3, "bee": 2, "cat": 4}), folders=True)
    assert context.project.undo_title == "Label from 3 class folders"
    names, counts = [(one.name, one.role) for one in context.classes], dict(context.index.counts())
    assert names == [("ant", Role.BASE), ("bee", Role.BASE), ("cat", Role.BASE)]
    changes = context.project.undo()
    assert changes.classes
    assert len(changes.labels) == 9
    assert not context.classes
    assert not context.index.counts()
    assert context.project.undo_title is None
    assert len(context.index.columns.ids) == 9, "the images stay"
    context.project.redo()
    assert [(one.name, one.role) for one in context.classes] == names
    assert dict(context.index.counts()) == counts


def test_a_second_import_takes_back_its_own_part_alone(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("first", {"ant": 3, "bee": 2}), folders=True)
    context.project.assign([1], None)
    imported(context, make_folder("second", {"bee": 2, "cat": 1}, seed=1), folders=True)
    assert context.project.undo_title == "Label from 2 class folders"
    context.project.undo()
    assert [one.name for one in context.classes] == ["ant", "bee"]
    assert sum(context.index.counts().values()) == 4
    context.project.undo()
    assert sum(context.index.counts().values()) == 5
    context.project.undo()
    assert not context.classes


def test_known_classes_and_no_label_make_no_step(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 1, "bee": 1})
    imported(context, folder, folders=True)
    title = context.project.undo_title
    imported(context, folder, folders=True)
    assert context.project.undo_title == title
    context.project.undo()
    assert context.project.undo_title is None


def test_labels_come_with_their_images_and_edits_meanwhile_are_kept(
    context: ProjectContext, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.services.images.importing.BATCH_FILES", 4)
    root = make_folder("pictures", {"ant": 6, "bee": 6})
    context.project.add_classes(["ant", "bee"])
    came: list[Changes] = []

    def added(event: Progress) -> bool:
        came.extend([event.changes] if event.changes is not None and event.changes.images_added else [])
        return bool(came)

    def label_one(_token: CancelToken) -> None:
        assert set(came[0].labels) == set(came[0].images_added)
        assert sum(context.index.counts().values()) == 4
        context.project.assign(came[0].images_added[:1], context.classes[1].id)
        assert context.project.undo_title == "Label 1 picture as 'bee'", "not buried under what the import writes"

    import_paths(context, [root], meanwhile(label_one, added), {one.name: one for one in sorted(root.iterdir())})
    first, second, *_ = came[0].images_added
    ant, bee = (one.id for one in context.classes)
    assert sum(context.index.counts().values()) == 12
    assert context.project.undo_title == "Label from 2 class folders"
    context.project.undo()
    left = context.project.catalogue_for([first, second])
    assert left.class_ids.tolist() == [bee, -1], "a label of the person is not taken back"
    context.project.redo()
    assert context.index.counts()[ant] == 5
