"""What an import takes from folder names, its classes, their halves and all labels, is one step of undo."""

from __future__ import annotations

from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectContext

from .test_importing import MakeFolder, imported


def test_one_undo_takes_back_classes_halves_and_labels(context: ProjectContext, make_folder: MakeFolder) -> None:
    imported(context, make_folder("pictures", {"ant": 3, "bee": 2, "cat": 4}), folders=True, half=True)
    assert context.project.undo_title == "Label from 3 class folders"
    names, counts = [(one.name, one.role) for one in context.classes], dict(context.index.counts())
    assert names == [("ant", Role.BASE), ("bee", Role.BASE), ("cat", Role.NEW)]
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
