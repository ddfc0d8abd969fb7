"""Keeping one of several copies: the label goes over, the copies leave, one step of undo."""

from __future__ import annotations

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import LabelSource, ProblemKind, Reason, Use
from mma_desktop.store.project import Project


def ids(project: Project) -> list[int]:
    found: list[int] = project.catalogue().ids.tolist()
    return found


def test_the_label_goes_over_and_undo_brings_all_back(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([2], class_ids["cat"], LabelSource.FOLDER)
    filled.assign([3], class_ids["cat"])
    filled.set_use([3], Use.TEST)
    filled.assign([5], class_ids["dog"])
    changes = filled.keep_one([(1, [2, 3]), (5, [6]), (7, [8])])
    assert changes.title == "Keep one copy each of 3 pictures"
    assert changes.images_removed == (2, 3, 6, 8)
    assert ids(filled) == [1, 4, 5, 7, 9, 10]
    kept, other, bare = filled.image_rows([1, 5, 7])
    assert (kept.class_id, kept.source, kept.use) == (class_ids["cat"], LabelSource.PERSON, Use.TEST)
    assert other.class_id == class_ids["dog"]
    assert bare.class_id is None
    filled.undo()
    assert ids(filled) == list(range(1, 11))
    assert [row.class_id for row in filled.image_rows([1, 2, 3])] == [None, class_ids["cat"], class_ids["cat"]]
    filled.redo()
    assert ids(filled) == [1, 4, 5, 7, 9, 10]
    assert filled.image_rows([1])[0].class_id == class_ids["cat"]


def test_what_is_kept_keeps_its_own_label_and_itself(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([1], class_ids["cat"], LabelSource.FOLDER)
    filled.set_use([1], Use.TEST)
    filled.assign([2], class_ids["cat"])
    assert filled.keep_one([(1, [1, 2])]).images_removed == (2,)
    (kept,) = filled.image_rows([1])
    assert (kept.source, kept.use) == (LabelSource.FOLDER, Use.TEST)


def test_different_labels_change_nothing(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([1], class_ids["cat"])
    filled.assign([2], class_ids["dog"])
    with pytest.raises(UserError, match="different labels"):
        filled.keep_one([(5, [6]), (1, [2])])
    assert ids(filled) == list(range(1, 11))


def test_a_picture_that_cannot_be_read_any_more_is_not_what_is_kept(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([2], class_ids["cat"])
    filled.mark_problems([(1, ProblemKind.DAMAGED, Reason("zeros"))])
    assert filled.keep_one([(1, [2])]).empty
    assert filled.image_rows([2])[0].class_id == class_ids["cat"]


def test_images_that_are_gone_are_passed_over(filled: Project) -> None:
    filled.remove_images([2, 5])
    assert filled.keep_one([(1, [2, 3]), (5, [6])]).images_removed == (3,)
    assert ids(filled) == [1, 4, 6, 7, 8, 9, 10]
    assert filled.keep_one([(1, [2, 3])]).empty
