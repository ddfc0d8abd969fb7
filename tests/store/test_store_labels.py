"""Labels, their weight against each other, their use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mma_desktop.core import i18n
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import LabelSource, ProblemKind, ScannedFile, Use
from mma_desktop.store.project import Project


def test_assign_unlabel_and_titles(filled: Project, class_ids: dict[str, int]) -> None:
    changes = filled.assign([3, 1, 3], class_ids["cat"])
    assert (changes.title, changes.labels, changes.classes) == ("Label 2 pictures as 'cat'", (1, 3), False)
    row = filled.image_rows([3])[0]
    assert (row.class_id, row.source, row.use) == (class_ids["cat"], LabelSource.PERSON, None)
    assert filled.assign([1], class_ids["cat"]).empty, "the same label again is no step"
    assert filled.undo_title == "Label 2 pictures as 'cat'"
    assert filled.assign([1, 2], None).title == "Remove 1 label"
    assert filled.catalogue_for([1]).class_ids.tolist() == [-1]
    assert filled.assign([], class_ids["cat"]).empty
    assert filled.assign([999], class_ids["cat"]).empty, "an image that was removed meanwhile is passed over"


def test_none_of_these_is_told_in_the_language_of_the_window(filled: Project) -> None:
    filled.add_classes([NONE_OF_THESE])
    none = next(one for one in filled.classes() if one.name == NONE_OF_THESE)
    i18n.install(i18n.Language(lookup=lambda text, _other, _n: "Keine davon" if text == NONE_OF_THESE else ""))
    try:
        assert filled.assign([1], none.id).title == "Label 1 picture as 'Keine davon'"
    finally:
        i18n.install(i18n.ENGLISH)


def test_a_use_survives_a_corrected_label(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([1], class_ids["cat"])
    filled.set_use([1], Use.TEST)
    filled.assign([1], class_ids["dog"])
    assert filled.image_rows([1])[0].use is Use.TEST


def test_set_use(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([1, 2], class_ids["cat"])
    changes = filled.set_use([1, 2, 3], Use.VALIDATION)
    assert (changes.title, changes.labels) == ("Change the use of 2 pictures", (1, 2))
    assert filled.set_use([1], None).title == "Change the use of 1 picture"
    assert filled.catalogue_for([1, 2, 3]).uses.tolist() == [-1, list(Use).index(Use.VALIDATION), -1]
    with pytest.raises(UserError, match="None of these pictures has a label"):
        filled.set_use([5], Use.SHOT)


def test_a_deleted_class_is_refused(filled: Project, class_ids: dict[str, int]) -> None:
    filled.delete_classes([class_ids["cat"]])
    with pytest.raises(UserError, match="not there any more"):
        filled.assign([1], class_ids["cat"])
    with pytest.raises(UserError, match="not there any more"):
        filled.assign_many([(1, class_ids["cat"])])


def test_files_with_a_problem_are_refused_as_a_whole(
    filled: Project, class_ids: dict[str, int], scanned: Callable[..., ScannedFile]
) -> None:
    (bad,) = filled.add_files([scanned("/photos/bad.jpg", "x", ProblemKind.TRUNCATED)]).problem_ids
    with pytest.raises(UserError, match=r"bad\.jpg cannot be labelled: truncated"):
        filled.assign([1, bad], class_ids["cat"])
    with pytest.raises(UserError, match="cannot be labelled"):
        filled.assign_many([(1, class_ids["cat"]), (bad, class_ids["cat"])])
    assert filled.catalogue().class_ids.max() == -1


def test_many_labels_are_one_step(filled: Project, class_ids: dict[str, int]) -> None:
    pairs = [(1, class_ids["cat"]), (2, class_ids["dog"]), (2, class_ids["dog"])]
    changes = filled.assign_many(pairs, LabelSource.FOLDER)
    assert (changes.title, changes.labels) == ("Label 2 pictures as 'cat', 'dog'", (1, 2))
    filled.undo()
    assert filled.catalogue().class_ids.max() == -1
    assert filled.assign_many([(1, class_ids["cat"])]).title == "Label 1 picture as 'cat'"
    assert filled.assign_many([]).empty


def test_an_image_with_two_classes_is_refused(filled: Project, class_ids: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="two classes"):
        filled.assign_many([(1, class_ids["cat"]), (2, class_ids["cat"]), (1, class_ids["dog"])])
    assert filled.catalogue().class_ids.max() == -1


@pytest.mark.parametrize(
    ("held", "by", "overwrite", "replaced"),
    [
        (LabelSource.PERSON, LabelSource.FOLDER, False, False),
        (LabelSource.PERSON, LabelSource.SUGGESTION, False, False),
        (LabelSource.SUGGESTION, LabelSource.FOLDER, False, False),
        (LabelSource.FOLDER, LabelSource.FOLDER, False, True),
        (LabelSource.FOLDER, LabelSource.SUGGESTION, False, True),
        (LabelSource.PERSON, LabelSource.PERSON, False, True),
        (LabelSource.PERSON, LabelSource.FOLDER, True, True),
    ],
)
def test_only_weightier_labels_replace_in_bulk(
    filled: Project, class_ids: dict[str, int], held: LabelSource, by: LabelSource, overwrite: bool, replaced: bool
) -> None:
    filled.assign([1], class_ids["cat"], held)
    filled.assign_many([(1, class_ids["dog"]), (2, class_ids["dog"])], by, overwrite=overwrite)
    row = filled.image_rows([1])[0]
    assert row.class_id == class_ids["dog" if replaced else "cat"]
    assert row.source is (by if replaced else held)
    assert filled.image_rows([2])[0].class_id == class_ids["dog"]
