"""What an import takes from folder names, its classes, their halves and all labels, is one step of undo."""

from __future__ import annotations

from mma_desktop.core.types import Role
from mma_desktop.services.context import ProjectSession

from .test_importing import MakeFolder, imported


def test_one_undo_takes_back_classes_halves_and_labels(session: ProjectSession, make_folder: MakeFolder) -> None:
    imported(session, make_folder("pictures", {"ant": 3, "bee": 2, "cat": 4}), folders=True, half=True)
    assert session.project.undo_title == "Label from 3 class folders"
    names, counts = [(one.name, one.role) for one in session.classes], dict(session.counts())
    assert names == [("ant", Role.BASE), ("bee", Role.BASE), ("cat", Role.NEW)]
    changes = session.undo()
    assert changes.classes
    assert len(changes.labels) == 9
    assert not session.classes
    assert not session.counts()
    assert session.project.undo_title is None
    assert len(session.catalogue.columns.ids) == 9, "the images stay"
    session.redo()
    assert [(one.name, one.role) for one in session.classes] == names
    assert dict(session.counts()) == counts


def test_a_second_import_takes_back_its_own_part_alone(session: ProjectSession, make_folder: MakeFolder) -> None:
    imported(session, make_folder("first", {"ant": 3, "bee": 2}), folders=True)
    session.assign([1], None)
    imported(session, make_folder("second", {"bee": 2, "cat": 1}, seed=1), folders=True)
    assert session.project.undo_title == "Label from 2 class folders"
    session.undo()
    assert [one.name for one in session.classes] == ["ant", "bee"]
    assert sum(session.counts().values()) == 4
    session.undo()
    assert sum(session.counts().values()) == 5
    session.undo()
    assert not session.classes


def test_known_classes_and_no_label_make_no_step(session: ProjectSession, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 1, "bee": 1})
    imported(session, folder, folders=True)
    title = session.project.undo_title
    imported(session, folder, folders=True)
    assert session.project.undo_title == title
    session.undo()
    assert session.project.undo_title is None
