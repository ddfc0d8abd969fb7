"""Import through the session: folders become labels, the same bytes are one image, bad files are rows with reasons."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource, ProblemKind, Role
from mma_desktop.media import scan
from mma_desktop.media.reader import Thumbnails
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import importing
from mma_desktop.services.images.importing import ImportReport
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.store.project import Project
from tests.programs import main_code
from tests.steps import meanwhile, second_half_new

MakeFolder = Callable[..., Path]


def imported(context: ProjectContext, *paths: Path, folders: bool = False, half: bool = False) -> ImportReport:
    found = scan.class_folders(list(paths)) if folders else None
    assert not folders or found
    report = importing.import_paths(context, list(paths), CancelToken(), found)
    if half:
        second_half_new(context)
    assert isinstance(report, ImportReport)
    return report


def test_class_folders_become_classes_and_labels(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 3, "bee": 2, "cat": 4})
    report = imported(context, folder, folders=True, half=True)
    assert (report.added, report.labelled, report.problems, report.same_bytes) == (9, 9, 0, 0)
    assert [(one.name, one.role) for one in context.classes] == [
        ("ant", Role.BASE),
        ("bee", Role.BASE),
        ("cat", Role.NEW),
    ]
    ids = {one.name: one.id for one in context.classes}
    assert dict(context.index.counts()) == {ids["ant"]: 3, ids["bee"]: 2, ids["cat"]: 4}
    rows = context.project.image_rows(context.select(Filter(Show.CLASS, ids["ant"])).tolist())
    assert {row.source for row in rows} == {LabelSource.FOLDER}
    assert all(context.thumbnail(row) is not None for row in rows)
    assert context.project.undo_title is not None


@pytest.mark.parametrize("named", ["", "imagefolder"])
def test_folders_of_one_name_are_one_class(tmp_path: Path, make_folder: MakeFolder, named: str) -> None:
    twins = {"cafe\u0301": 1, "caf\u00e9": 2, "Cat": 1, "cat ": 1}
    try:
        folder = make_folder("pictures", twins)
    except FileExistsError:
        pytest.skip("this file system takes them for one name")
    options = ("--format", named) if named else ()
    assert main_code("import", tmp_path / "p", folder, *options) == 0
    made = ProjectContext(Project.open(tmp_path / "p.mma"), Thumbnails(tmp_path / "t"), threads=1)
    try:
        assert {one.name: made.index.counts()[one.id] for one in made.classes} == {"caf\u00e9": 3, "Cat": 2}
    finally:
        made.close()


def test_dropped_folders_of_one_name_are_one_class(context: ProjectContext, make_folder: MakeFolder) -> None:
    report = imported(
        context, make_folder("pictures", {"cafe\u0301": 1, "caf\u00e9": 2, "Cat": 1, "cat ": 1}), folders=True
    )
    assert (report.added, report.labelled, report.problems) == (5, 5, 0)
    assert {one.name: context.index.counts()[one.id] for one in context.classes} == {"caf\u00e9": 3, "Cat": 2}


def test_a_folder_is_walked_once(
    context: ProjectContext, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder("pictures", {"ant": 2, "bee": 2})
    walks: list[object] = []

    def noted(*arguments: Any, **more: Any) -> Any:
        walks.append(arguments)
        return scan.walk(*arguments, **more)

    monkeypatch.setattr(importing, "walk", noted)
    assert imported(context, folder, folders=True).labelled == 4
    assert len(walks) == 1


def test_without_folder_names_nothing_is_labelled(context: ProjectContext, make_folder: MakeFolder) -> None:
    report = imported(context, make_folder("pictures", {"ant": 3, "bee": 2}))
    assert (report.added, report.labelled) == (5, 0)
    assert not context.classes


def test_again_is_known_and_a_copy_is_a_second_place(
    context: ProjectContext, make_folder: MakeFolder, tmp_path: Path
) -> None:
    folder = make_folder("pictures", {"ant": 3, "bee": 2})
    imported(context, folder)
    again = imported(context, folder)
    assert (again.added, again.known, again.same_bytes) == (0, 5, 0)
    shutil.copytree(folder, tmp_path / "copy")
    copy = imported(context, tmp_path / "copy")
    assert (copy.added, copy.same_bytes) == (0, 5)
    row = context.project.image_rows(context.select(Filter()).tolist())[0]
    assert len(set(row.places)) == 2


def test_a_picture_in_two_class_folders_is_told(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 3, "bee": 2})
    shutil.copy(folder / "ant" / "ant 00.jpg", folder / "bee" / "stray.jpg")
    report = imported(context, folder, folders=True)
    assert report.labelled == 5
    assert len(report.notes) == 1
    assert "stray.jpg" in report.notes[0]
    assert "'ant'" in report.notes[0]
    assert "'bee'" in report.notes[0]


def test_a_label_of_a_person_is_not_overwritten_by_a_folder(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 2, "bee": 2})
    imported(context, folder)
    context.project.add_classes(["wasp"])
    first = context.select(Filter(order=Order.NAME)).tolist()[:1]
    context.project.assign(first, context.classes[0].id)
    report = imported(context, folder, folders=True)
    assert report.labelled == 3
    assert context.project.image_rows(first)[0].class_id == context.classes[0].id
    assert "'wasp'" in report.notes[0]


def test_side_cars_films_and_documents_are_no_problems(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 2, "bee": 2})
    for name in ("ant 00.jpg.xmp", "ant 00.aae", "ant.mp4", "about.pdf"):
        (folder / "ant" / name).write_text("no picture")
    report = imported(context, folder, folders=True)
    assert (report.added, report.problems, report.labelled) == (4, 0, 4)
    assert report.sentence() == (
        "4 pictures added, 4 labelled from folder names. Left out: 2 side-cars, 1 film, 1 document."
    )


def test_bad_files_are_rows_with_reasons_and_stop_nothing(context: ProjectContext, make_folder: MakeFolder) -> None:
    folder = make_folder("pictures", {"ant": 4, "bee": 2})
    whole = (folder / "ant" / "ant 00.jpg").read_bytes()
    (folder / "ant" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "ant" / "empty.png").write_bytes(b"")
    (folder / "bee" / "notes").write_text("not a picture")
    (folder / "bee" / "loop").symlink_to(folder)
    os.mkfifo(folder / "bee" / "pipe.jpg")
    name = os.fsencode(folder / "bee") + b"/caf\xe9.jpg"
    with open(name, "wb") as handle:  # noqa: PTH123 - a name that is not UTF-8
        handle.write((folder / "bee" / "bee 00.jpg").read_bytes() + b"\0")
    report = imported(context, folder, folders=True)
    assert report.added == 7
    kinds = [row.problem for row in context.project.image_rows(context.select(Filter(Show.PROBLEMS)).tolist())]
    assert report.problems == len(kinds)
    assert {ProblemKind.TRUNCATED, ProblemKind.EMPTY, ProblemKind.NOT_AN_IMAGE, ProblemKind.LINK_LOOP} <= set(kinds)
    assert all(row.reason for row in context.project.image_rows(context.select(Filter(Show.PROBLEMS)).tolist()))
    odd = [
        row for row in context.project.image_rows(context.select(Filter()).tolist()) if b"\xe9" in os.fsencode(row.path)
    ]
    assert len(odd) == 1
    assert context.thumbnail(odd[0]) is not None


def test_stopping_keeps_what_is_stored_and_a_second_try_ends_it(
    context: ProjectContext, make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.services.images.importing.BATCH_FILES", 5)
    folder = make_folder("pictures", {"ant": 40, "bee": 40})
    token = meanwhile(CancelToken.cancel, lambda event: event.changes is not None and event.changes.images_added)
    report = importing.import_paths(context, [folder], token)
    assert report.stopped
    assert 0 < report.added < 80
    assert len(context.select(Filter())) == report.added
    assert imported(context, folder).added == 80 - report.added


def test_accepting_needs_predictions(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="no predictions"):
        shown_pairs(context.predictions, [1])
