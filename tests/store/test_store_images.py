"""Adding files, adding them again changed, and reading the catalogue back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.types import OTHER_REASON, LabelSource, ProblemKind, ScannedFile, Use
from mma_desktop.store.project import Project

Scanned = Callable[..., ScannedFile]


def test_new_files_become_images_in_their_order(project: Project, scanned: Scanned) -> None:
    outcome = project.add_files([scanned("/a/2.jpg"), scanned("/a/1.jpg")])
    assert outcome.ids == outcome.added_ids == [1, 2]
    assert (outcome.duplicate_count, outcome.known_count, outcome.problem_ids) == (0, 0, [])
    assert outcome.changes.images_added == (1, 2)
    row = project.image_rows([2])[0]
    assert (row.path, row.width, row.height, row.format) == (Path("/a/1.jpg"), 640, 480, "JPEG")
    assert row.content_hash == scanned("/a/1.jpg").content_hash
    assert abs(row.added_at - time.time()) < 60
    assert project.undo_title is None


def test_same_bytes_are_one_image_with_a_second_place(project: Project, scanned: Scanned) -> None:
    outcome = project.add_files([scanned("/a.jpg", "x"), scanned("/b.jpg", "x"), scanned("/c.jpg", "y")])
    assert outcome.ids == [1, 1, 2]
    assert outcome.added_ids == [1, 2]
    assert outcome.duplicate_count == 1
    later = project.add_files([scanned("/d.jpg", "x")])
    assert (later.ids, later.duplicate_count, later.added_ids) == ([1], 1, [])
    row = project.image_rows([1])[0]
    assert row.path == Path("/d.jpg"), "the place seen last is the one shown"
    assert set(row.places) == {Path("/a.jpg"), Path("/b.jpg"), Path("/d.jpg")}


def test_the_same_files_again_are_known(project: Project, scanned: Scanned) -> None:
    files = [scanned("/a.jpg"), scanned("/b.jpg")]
    first = project.add_files(files)
    again = project.add_files(files)
    assert (again.ids, again.known_count, again.added_ids, again.duplicate_count) == (first.ids, 2, [], 0)
    assert again.changes.empty
    assert len(project.catalogue()) == 2


def test_a_path_with_other_bytes_goes_over_to_a_new_image(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/a.jpg", "old")])
    outcome = project.add_files([scanned("/a.jpg", "new")])
    assert outcome.added_ids == [2]
    assert outcome.changes.images_removed == (1,), "unlabelled and without a place, the old image goes"
    assert project.catalogue().ids.tolist() == [2]
    assert project.image_rows([2])[0].places == (Path("/a.jpg"),)
    assert project.known_paths([b"/a.jpg"])[b"/a.jpg"] == (scanned("/a.jpg", "new").mtime_ns, 3)


def test_changed_bytes_leave_a_labelled_image_and_an_image_with_other_places(
    project: Project, scanned: Scanned
) -> None:
    project.add_classes(["cat"])
    project.add_files([scanned("/a.jpg", "labelled"), scanned("/b.jpg", "twice"), scanned("/c.jpg", "twice")])
    project.assign([1], project.classes()[0].id)
    outcome = project.add_files([scanned("/a.jpg", "new a"), scanned("/b.jpg", "new b")])
    assert outcome.changes.images_removed == ()
    kept, twice = project.image_rows([1, 2])
    assert (kept.path, kept.places, kept.class_id) == (Path("/a.jpg"), (), project.classes()[0].id)
    assert twice.places == (Path("/c.jpg"),)
    assert project.paths_sorted("name").tolist() == [3, 4, 2, 1], "images without a place come last"
    assert 1 in project.search_names("A.JPG")
    back = project.add_files([scanned("/found/a.jpg", "labelled")])
    assert (back.ids, back.known_count) == ([1], 1)
    assert project.image_rows([1])[0].places == (Path("/found/a.jpg"),)
    assert len(project.paths_sorted("name")) == len(set(project.paths_sorted("name").tolist())) == 4


def test_swapped_contents_keep_both_images(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/a.jpg", "x"), scanned("/b.jpg", "y")])
    outcome = project.add_files([scanned("/a.jpg", "y"), scanned("/b.jpg", "x")])
    assert outcome.ids == [2, 1]
    assert outcome.changes.empty
    assert [row.path for row in project.image_rows([1, 2])] == [Path("/b.jpg"), Path("/a.jpg")]


def test_problem_files_are_rows_with_a_reason(project: Project, scanned: Scanned) -> None:
    files = [
        scanned("/ok.jpg"),
        scanned("/e1.jpg", "", ProblemKind.EMPTY),
        scanned("/e2.jpg", "", ProblemKind.EMPTY),
        scanned("/gone.jpg", problem=ProblemKind.VANISHED),
    ]
    outcome = project.add_files(files)
    assert outcome.added_ids == [1]
    assert outcome.problem_ids == [2, 3, 4], "each file for itself, also with the same bytes"
    assert outcome.changes.images_added == (1, 2, 3, 4)
    row = project.image_rows([4])[0]
    assert (row.problem, row.path) == (ProblemKind.VANISHED, Path("/gone.jpg"))
    assert row.reason == OTHER_REASON.of(text="because vanished")
    assert project.catalogue().problems.tolist() == [False, True, True, True]
    assert project.catalogue().hashes[1] == b""
    paths = [os.fsencode(file.path) for file in files]
    assert set(project.known_paths(paths)) == {b"/ok.jpg"}, "files with a problem are read again"
    again = project.add_files(files)
    assert again.problem_ids == [2, 3, 4]
    assert len(project.catalogue()) == 4


def test_a_repaired_file_becomes_an_image(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/a.jpg", "half", ProblemKind.TRUNCATED), scanned("/b.jpg", "", ProblemKind.EMPTY)])
    project.add_files([scanned("/c.jpg", "whole c")])
    outcome = project.add_files([scanned("/a.jpg", "whole a"), scanned("/b.jpg", "whole c")])
    assert outcome.added_ids == [1], "the problem row itself became the image"
    assert outcome.ids == [1, 3]
    assert outcome.duplicate_count == 1
    assert outcome.changes.images_removed == (2,), "its bytes are another image's: the problem row goes"
    row = project.image_rows([1])[0]
    assert (row.problem, row.reason, row.width) == (None, None, 640)
    assert row.content_hash == scanned("x", "whole a").content_hash


def test_a_known_image_that_cannot_be_read_now_stays(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/a.jpg")])
    outcome = project.add_files([scanned("/a.jpg", problem=ProblemKind.UNREADABLE)])
    assert outcome.ids == outcome.problem_ids == [1]
    assert project.image_rows([1])[0].problem is None
    damaged = project.add_files([scanned("/a.jpg", "ruin", ProblemKind.DAMAGED)])
    assert damaged.problem_ids == [2], "other bytes, damaged: the place goes over to a problem row"
    assert damaged.changes.images_removed == (1,)


def test_one_path_twice_in_a_call_counts_once(project: Project, scanned: Scanned) -> None:
    outcome = project.add_files([scanned("/a.jpg", "x"), scanned("/a.jpg", "x"), scanned("/a.jpg", "y")])
    assert project.catalogue().ids.tolist() == outcome.added_ids == [outcome.ids[2]]
    assert outcome.changes.images_removed == ()
    assert project.image_rows(outcome.added_ids)[0].places == (Path("/a.jpg"),)


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode on Windows")
def test_names_that_are_not_utf8_come_back_as_they_were(project: Project, scanned: Scanned) -> None:
    raw = b"/photos/caf\xe9 \xff.jpg"
    outcome = project.add_files([scanned(os.fsdecode(raw))])
    assert os.fsencode(project.image_rows(outcome.ids)[0].path) == raw
    assert raw in project.known_paths([raw])
    assert project.ids_for_paths([Path(os.fsdecode(raw)), Path("/no.jpg")]) == [1, None]
    assert project.search_names("CAF").tolist() == [1]
    assert project.paths_sorted("name").tolist() == [1]


@pytest.mark.parametrize("text", ["lowe", "Löwe", "Lo\u0308we", "LÖWE.J"])
def test_search_by_file_name_folds_accents(project: Project, scanned: Scanned, text: str) -> None:
    project.add_files(
        [scanned("/a/Löwe.jpg"), scanned("/b/Lo\u0308we.jpg"), scanned("/c/Lowe.jpg"), scanned("/d/1.jpg")]
    )
    assert project.search_names(text).tolist() == [1, 2, 3]
    project.add_classes(["lion"])
    project.assign([1], project.classes()[0].id)
    project.add_files([scanned("/a/Löwe.jpg", "other bytes")])
    assert project.image_rows([1])[0].places == ()
    assert project.search_names(text).tolist() == [1, 2, 3, 5]


def test_search_by_file_name_keeps_blanks_and_finds_plain_forms(project: Project, scanned: Scanned) -> None:
    project.add_files(
        [scanned("/a/é  b.jpg"), scanned("/b/ガラス.jpg"), scanned("/c/강아지.jpg"), scanned("/d/ﬁsch.jpg")]
    )
    assert [project.search_names(one).tolist() for one in ("E  B", "カラス", "강아지", "fis")] == [[1], [2], [3], [4]]


def test_a_usable_file_without_hash_is_a_bug_and_adds_nothing(project: Project, scanned: Scanned) -> None:
    broken = ScannedFile(Path("/x.jpg"), None, 1, 1)
    with pytest.raises(ValueError, match="content hash"):
        project.add_files([scanned("/a.jpg"), broken])
    assert len(project.catalogue()) == 0


def test_search_and_sorting_ignore_case_and_unicode_form(project: Project, scanned: Scanned) -> None:
    project.add_files([scanned("/z/Ärger.jpg"), scanned("/y/apfel.jpg"), scanned("/x/a\u0308hre.JPG")])
    assert project.search_names("äR").tolist() == [1]
    assert project.search_names("ÄH").tolist() == [3]
    assert project.search_names("").tolist() == [1, 2, 3]
    assert project.search_names("%").tolist() == []
    assert project.paths_sorted("name").tolist() == [2, 3, 1]


def test_catalogue_columns(filled: Project, class_ids: dict[str, int]) -> None:
    filled.assign([2], class_ids["dog"])
    filled.assign([9], class_ids["owl"], LabelSource.SUGGESTION)
    filled.set_use([9], Use.TEST)
    rows = filled.catalogue()
    assert [rows.ids.dtype, rows.class_ids.dtype, rows.uses.dtype, rows.sources.dtype] == [
        np.dtype(kind) for kind in ("int64", "int64", "int8", "int8")
    ]
    assert (rows.problems.dtype, rows.hashes.dtype) == (np.dtype(bool), np.dtype("S32"))
    assert rows.ids.tolist() == list(range(1, 11))
    assert rows.class_ids.tolist() == [-1, class_ids["dog"], *[-1] * 6, class_ids["owl"], -1]
    assert rows.sources[[0, 1, 8]].tolist() == [-1, 0, list(LabelSource).index(LabelSource.SUGGESTION)]
    assert rows.uses[[1, 8]].tolist() == [-1, list(Use).index(Use.TEST)]
    some = filled.catalogue_for([9, 2, 2, 77])
    assert some.ids.tolist() == [2, 9]
    assert some.class_ids.tolist() == [class_ids["dog"], class_ids["owl"]]
    assert [row.id for row in filled.image_rows([9, 77, 2, 9])] == [9, 2, 9]
    assert len(filled.catalogue_for([])) == 0


def test_a_hash_that_ends_in_zero_bytes_comes_back_whole(project: Project) -> None:
    content_hash = bytes(range(1, 30)) + b"\0\0\0"
    project.add_files([ScannedFile(Path("/a.jpg"), content_hash, 1, 1, 2, 2, "PNG")])
    assert project.catalogue().hashes[0].ljust(32, b"\0") == content_hash
    assert project.image_rows([1])[0].content_hash == content_hash


def test_more_images_than_a_statement_has_variables_are_columns(project: Project) -> None:
    count = 33_000  # of 32,766 variables
    for start in range(0, count, 11_000):
        files = [
            ScannedFile(Path(f"/d/{n // 500}/{n}.jpg"), n.to_bytes(32, "big"), 1, n, 1, 1, "PNG")
            for n in range(start + 1, start + 11_001)
        ]
        project.add_files(files)
    project.add_classes(["one", "two"])
    first, second = (one.id for one in project.classes())
    project.assign_many([(n, first if n % 2 else second) for n in range(1, count + 1)], LabelSource.FOLDER)
    rows = project.catalogue()
    assert len(rows) == count
    assert np.array_equal(rows.ids, np.arange(1, count + 1))
    assert np.array_equal(rows.class_ids, np.where(rows.ids % 2, first, second))
    assert rows.hashes[count - 1] == count.to_bytes(32, "big")
    assert len(project.paths_sorted("name")) == count
    assert project.search_names("32999").tolist() == [32_999]
