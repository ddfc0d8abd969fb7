"""Dates of files, pictures that move along with their project, and several edits as one step of undo."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mma_desktop.core.types import Role, ScannedFile
from mma_desktop.store.project import Project

Scanned = Callable[..., ScannedFile]


def test_the_date_of_the_file_shown_orders_and_ties_go_by_id(project: Project, scanned: Scanned) -> None:
    dates = {"/a.jpg": 50, "/b.jpg": 30, "/c.jpg": 30, "/d.jpg": 90}
    project.add_files([replace(scanned(path), mtime_ns=date) for path, date in dates.items()])
    assert project.paths_sorted("oldest").tolist() == [2, 3, 1, 4]
    assert project.paths_sorted("newest").tolist() == [4, 1, 2, 3]
    # The same picture seen later at another place, which is the one that is shown.
    project.add_files([replace(scanned("/copies/d.jpg", "/d.jpg"), mtime_ns=10)])
    assert project.image_rows([4])[0].path == Path("/copies/d.jpg")
    assert project.paths_sorted("oldest").tolist() == [4, 2, 3, 1]


def test_an_image_without_a_place_has_no_date_and_comes_last(project: Project, scanned: Scanned) -> None:
    project.add_classes(["cat"])
    project.add_files([replace(scanned("/a.jpg", "first"), mtime_ns=1), replace(scanned("/b.jpg"), mtime_ns=5)])
    project.assign([1], project.classes()[0].id)
    project.add_files([replace(scanned("/a.jpg", "second"), mtime_ns=3)])
    assert project.paths_sorted("oldest").tolist() == [3, 2, 1]
    assert project.paths_sorted("newest").tolist() == [2, 3, 1]


def test_pictures_of_the_project_follow_it_and_others_stay(tmp_path: Path, scanned: Scanned) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        inside = project.images_dir / "robin.png"
        project.add_files([scanned(inside), scanned("/photos/wren.jpg")])
        assert project.follow_images() == 0
    shutil.move(tmp_path / "birds.mma", tmp_path / "elsewhere.mma")
    with Project.open(tmp_path / "elsewhere.mma") as moved:
        assert moved.follow_images() == 1
        assert moved.follow_images() == 0
        paths = [row.path for row in moved.image_rows([1, 2])]
        assert paths == [tmp_path / "elsewhere.mma" / "pictures" / "robin.png", Path("/photos/wren.jpg")]


def test_joined_steps_are_taken_back_and_done_again_together(filled: Project) -> None:
    before = filled.classes()
    with filled.collecting_steps() as steps:
        filled.add_classes(["fox", "hen"])
        filled.set_role([filled.classes()[-1].id], Role.NEW)
    filled.assign([1], before[0].id)
    with filled.collecting_steps() as more:
        filled.assign_many([(2, filled.classes()[3].id), (3, filled.classes()[4].id)])
    filled.join([*steps, *more], "Everything")
    after = filled.classes()
    assert filled.undo_title == "Everything"
    changes = filled.undo()
    assert changes is not None
    assert changes.classes
    assert changes.labels == (2, 3)
    assert filled.classes() == before
    assert filled.image_rows([1])[0].class_id == before[0].id, "an edit of somebody else meanwhile stays"
    filled.redo()
    assert filled.classes() == after
    assert [row.class_id for row in filled.image_rows([2, 3])] == [after[3].id, after[4].id]
    filled.undo()
    filled.undo()
    assert filled.image_rows([1])[0].class_id is None
    assert filled.undo_title == "Add classes 'cat', 'dog', 'owl'"


def test_steps_are_not_joined_over_another_edit_of_the_same_rows(filled: Project) -> None:
    with filled.collecting_steps() as steps:
        filled.add_classes(["fox"])
    fox = filled.classes()[3].id
    filled.rename_class(fox, "vixen")
    with filled.collecting_steps() as more:
        filled.assign_many([(2, fox)])
    filled.join([*steps, *more], "Everything")
    filled.undo()
    assert filled.image_rows([2])[0].class_id is None
    filled.undo()
    assert [one.name for one in filled.classes()] == ["cat", "dog", "owl", "fox"]
    filled.undo()
    assert [one.name for one in filled.classes()] == ["cat", "dog", "owl"]
    assert filled.undo_title == "Add classes 'cat', 'dog', 'owl'", "a renaming that is taken back brings no class back"


def test_a_step_that_was_undone_meanwhile_is_not_joined(filled: Project) -> None:
    with filled.collecting_steps() as steps:
        filled.add_classes(["fox"])
        filled.assign([1], filled.classes()[0].id)
    filled.undo()
    filled.join(steps, "Both")
    assert filled.undo_title == "Both"
    filled.undo()
    assert [one.name for one in filled.classes()] == ["cat", "dog", "owl"]
