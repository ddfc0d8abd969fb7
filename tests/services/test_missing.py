"""Images whose files are moved or changed after labelling: noticed, found again by content, no label lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mma_desktop import __main__
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.types import ProblemKind, Recipe, TrainRequest
from mma_desktop.media.error_messages import GONE
from mma_desktop.services import context as context_module
from mma_desktop.services.context import ProjectContext, load_image
from mma_desktop.services.image_index import Filter, Order, Show
from mma_desktop.services.images import embedding, file_check, importing
from mma_desktop.services.images.file_check import CheckReport, FindReport
from mma_desktop.services.predicting import model_in_use, prediction
from mma_desktop.services.project_factory import create_project, open_project
from mma_desktop.services.training import project_training
from tests.steps import Stopped, meanwhile, run, stop

from .test_importing import imported

MakeFolder = Callable[..., Path]


def checked(context: ProjectContext, *, hashing: bool = True) -> CheckReport:
    report = file_check.FileCheck(context, hashing=hashing).run(CancelToken())
    assert isinstance(report, CheckReport)
    return report


def found(context: ProjectContext, *folders: Path) -> FindReport:
    report = file_check.find_missing(context, folders, CancelToken())
    assert isinstance(report, FindReport)
    return report


def names(context: ProjectContext, show: Show) -> list[str]:
    rows = context.project.image_rows(context.select(Filter(show, order=Order.NAME)).tolist())
    return [row.path.name for row in rows]


def labels(context: ProjectContext) -> dict[int, int]:
    columns = context.index.columns
    return dict(zip(columns.ids.tolist(), columns.class_ids.tolist(), strict=True))


def repaint(path: Path, seed: int = 99) -> None:
    """Another picture at the same path."""
    pixels = np.random.default_rng(seed).integers(0, 255, (52, 64, 3), np.uint8)
    Image.fromarray(pixels).save(path, quality=80)


@pytest.fixture
def folder(context: ProjectContext, make_folder: MakeFolder) -> Path:
    """Five labelled pictures of a project."""
    made = make_folder("pictures", {"ant": 3, "bee": 2})
    imported(context, made, folders=True)
    return made


def test_a_check_of_files_that_are_all_there(context: ProjectContext, folder: Path) -> None:
    assert folder.is_dir()
    report = checked(context)
    assert (report.images, report.missing, report.changed) == (5, 0, 0)
    assert report.sentence() == "5 pictures checked: every file is there, as it was."


def test_a_check_reports_its_last_image(context: ProjectContext, folder: Path) -> None:
    assert folder.is_dir()
    (*_, last), _ = run(file_check.FileCheck(context).run)
    assert (last.done, last.total) == (5, 5)


def test_a_check_counts_only_what_it_checks(context: ProjectContext, folder: Path) -> None:
    broken = folder / "ant" / "broken.jpg"
    broken.write_bytes(b"no picture")
    imported(context, broken)
    ids = context.index.columns.ids
    assert len(ids) == 6
    for only in (None, ids):
        (*_, last), _ = run(file_check.FileCheck(context, only=only).run)
        assert (last.done, last.total) == (5, 5)


def test_missing_and_changed_are_told_apart_and_keep_their_labels(context: ProjectContext, folder: Path) -> None:
    before = labels(context)
    (folder / "ant" / "ant 00.jpg").unlink()
    shutil.rmtree(folder / "bee")
    repaint(folder / "ant" / "ant 01.jpg")
    report = checked(context)
    assert (report.missing, report.changed) == (3, 1)
    assert report.sentence() == ("3 pictures are missing, 1 was changed on disk. Labels and what was learned are kept.")
    assert names(context, Show.MISSING) == ["ant 00.jpg", "bee 00.jpg", "bee 01.jpg"]
    assert names(context, Show.CHANGED) == ["ant 01.jpg"]
    assert context.index.numbers()[Show.MISSING] == 3
    assert labels(context) == before
    assert len(context.select(Filter())) == 5, "they are images of the project like the others"


def test_a_quick_check_reads_no_file(context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "ant" / "ant 00.jpg").unlink()
    repaint(folder / "ant" / "ant 01.jpg")
    os.utime(folder / "ant" / "ant 02.jpg", ns=(1, 1))
    monkeypatch.setattr("mma_desktop.services.images.file_check.read_bytes", None)
    report = checked(context, hashing=False)
    assert (report.missing, report.changed) == (1, 1)


def test_only_a_file_with_another_time_is_read_and_only_once(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mma_desktop.media.decoding import read_bytes

    read: list[str] = []
    monkeypatch.setattr(
        "mma_desktop.services.images.file_check.read_bytes", lambda path: (read.append(path.name), read_bytes(path))[1]
    )
    touched, same_size = folder / "ant" / "ant 02.jpg", folder / "ant" / "ant 01.jpg"
    os.utime(touched, ns=(5, 5))
    data = same_size.read_bytes()
    same_size.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    os.utime(same_size, ns=(6, 6))
    assert checked(context).changed == 1
    assert sorted(read) == ["ant 01.jpg", "ant 02.jpg"]
    read.clear()
    assert checked(context).changed == 1
    assert read == ["ant 01.jpg"], "the other's new time is noted"


def test_a_second_place_is_enough(context: ProjectContext, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    imported(context, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    assert checked(context).missing == 0
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    assert checked(context).missing == 0


def test_moved_files_are_found_again_by_their_content(
    context: ProjectContext, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mma_desktop.media.reader import read_file

    before = labels(context)
    away = tmp_path / "elsewhere" / "deep"
    away.parent.mkdir()
    folder.rename(away)
    for number, file in enumerate(sorted(away.rglob("*.jpg"))):
        file.rename(away / f"renamed {number}.jpg")
    (away / "renamed 4.jpg").unlink()
    (away / "notes.txt").write_text("of no size that is looked for")
    read: list[str] = []
    monkeypatch.setattr(
        "mma_desktop.services.images.file_check.read_file",
        lambda path, *more: (read.append(path.name), read_file(path, *more))[1],
    )
    report = found(context, tmp_path / "elsewhere")
    assert (report.found, report.wanted) == (4, 5)
    assert report.sentence() == "4 of 5 pictures found again; 1 is not in that folder."
    assert sorted(read) == [f"renamed {number}.jpg" for number in range(4)], "only files of a fitting size are read"
    assert labels(context) == before
    assert len(names(context, Show.MISSING)) == 1
    for row in context.project.image_rows([image for image in before if context.index.lost.state(image) == ""]):
        assert row.path.parent == away
        assert load_image(row, 64).shape[1] == 64


def test_importing_the_folder_where_they_are_now_finds_them_too(
    context: ProjectContext, folder: Path, tmp_path: Path
) -> None:
    before = labels(context)
    folder.rename(tmp_path / "elsewhere")
    assert checked(context).missing == 5
    report = imported(context, tmp_path / "elsewhere")
    assert (report.added, report.found_again) == (0, 5)
    assert "5 missing pictures found again" in report.sentence()
    assert not len(context.index.lost.ids)
    assert labels(context) == before
    assert {row.path.parent.parent for row in context.project.image_rows(list(before))} == {tmp_path / "elsewhere"}


@pytest.mark.parametrize("last", [False, True])
def test_a_stopped_import_tells_what_it_stored_though_pictures_are_missing(
    context: ProjectContext, folder: Path, make_folder: MakeFolder, *, last: bool
) -> None:
    (folder / "ant" / "ant 00.jpg").unlink()
    checked(context)
    assert len(context.index.lost.ids) == 1
    others = make_folder("others", {"cow": 3}, seed=7)
    token = meanwhile(CancelToken.cancel, lambda event: event.done == 3 and (event.changes is None) == last)
    report = importing.import_paths(context, [others], token)
    assert (report.added, report.stopped) == (3, True)


def test_a_folder_that_comes_back_is_seen_by_the_next_check(context: ProjectContext, folder: Path) -> None:
    away = folder.with_name("unplugged")
    folder.rename(away)
    assert checked(context).missing == 5
    away.rename(folder)
    assert imported(context, folder).found_again == 5, "files that are known and unchanged are seen as well"
    folder.rename(away)
    assert checked(context).missing == 5
    away.rename(folder)
    assert checked(context).missing == 0


def test_an_image_that_could_not_be_read_is_no_problem_any_more_once_it_is_back(
    context: ProjectContext, folder: Path
) -> None:
    """A drive is unplugged during embedding, then plugged in again."""
    before = labels(context)
    ids = list(before)
    away = folder.with_name("unplugged")
    folder.rename(away)
    context.project.mark_problems([(image, ProblemKind.VANISHED, GONE) for image in ids])
    report = checked(context, hashing=False)
    assert (report.missing, report.back) == (5, 0)
    assert not context.index.columns.usable.any()
    away.rename(folder)
    os.utime(folder / "ant" / "ant 00.jpg", ns=(7, 7))
    events, report = run(lambda token: file_check.FileCheck(context, hashing=False).run(token))
    assert (report.missing, report.back) == (0, 5)
    assert {image for event in events for image in event.changes.labels} == set(ids)
    assert context.index.columns.usable.all()
    assert labels(context) == before


def test_a_changed_file_imported_again_is_a_new_image_and_the_label_stays_with_the_old_one(
    context: ProjectContext, folder: Path, tmp_path: Path
) -> None:
    before = labels(context)
    path = folder / "ant" / "ant 01.jpg"
    kept = tmp_path / "kept.jpg"
    shutil.copy(path, kept)
    repaint(path)
    assert checked(context).changed == 1
    (old,) = context.index.lost.changed.tolist()
    report = imported(context, folder)
    assert report.added == 1
    (new,) = set(labels(context)) - set(before)
    assert labels(context) == {**before, new: -1}
    assert context.index.lost.changed.tolist() == [old], "its own bytes are still at no place"
    assert checked(context).changed == 1
    assert context.project.image_rows([new])[0].path == path
    assert found(context, tmp_path).found == 1
    assert context.project.image_rows([old])[0].path == kept
    assert labels(context) == {**before, new: -1}


def test_a_changed_picture_is_never_shown_as_the_old_one(context: ProjectContext, folder: Path) -> None:
    path = folder / "ant" / "ant 01.jpg"
    repaint(path)
    (row,) = context.project.image_rows([int(context.project.ids_for_paths([path])[0] or 0)])
    with pytest.raises(UserError, match="changed on disk"):
        load_image(row, 64)
    assert context.thumbnail(row) is not None


def test_a_file_that_cannot_be_read_is_tried_once(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "ant" / "ant 01.jpg"
    repaint(path)
    (row,) = context.project.image_rows([int(context.project.ids_for_paths([path])[0] or 0)])
    tried: list[Path] = []
    read = context_module.read_checked
    monkeypatch.setattr(
        context_module, "read_checked", lambda place, wanted: tried.append(place) or read(place, wanted)
    )
    with pytest.raises(UserError, match="changed on disk"):
        load_image(row, 64)
    assert tried == [path]


def test_files_from_the_future_and_from_before_1970_are_known_and_in_order(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("ant 02.jpg", "ant 00.jpg", "ant 01.jpg")):
        moment = (1_000_000_000 * (number - 1) + 86_400) * 4 * 10**9  # long ago, 1970, and in the year 2096
        os.utime(folder / "ant" / name, ns=(moment, moment))
    shutil.rmtree(folder / "bee")
    context.project.remove_images(context.select(Filter()).tolist()[3:])
    imported(context, folder)
    assert names(context, Show.ALL) == ["ant 00.jpg", "ant 01.jpg", "ant 02.jpg"]
    newest = context.project.image_rows(context.select(Filter(order=Order.NEWEST)).tolist())
    assert [row.path.name for row in newest] == ["ant 01.jpg", "ant 00.jpg", "ant 02.jpg"]
    monkeypatch.setattr("mma_desktop.services.images.importing.read_file", None)
    assert imported(context, folder).known == 3, "not one is read again"
    monkeypatch.setattr("mma_desktop.services.images.file_check.read_bytes", None)
    assert checked(context).missing == 0


def test_a_file_from_after_the_year_2262_is_a_file_like_others(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = folder / "ant" / "ant 01.jpg"
    os.utime(odd, ns=(2**63 + 10**9, 2**63 + 10**9))
    if odd.stat().st_mtime_ns < 2**63:
        pytest.skip("the file system holds no such date")
    imported(context, folder)
    assert checked(context).missing == 0
    assert names(context, Show.ALL) == ["ant 00.jpg", "ant 01.jpg", "ant 02.jpg", "bee 00.jpg", "bee 01.jpg"]
    assert context.project.image_rows(context.select(Filter(order=Order.NEWEST)).tolist())[0].path.name == "ant 01.jpg"
    monkeypatch.setattr("mma_desktop.services.images.importing.read_file", None)
    assert imported(context, folder).known == 5, "not one is read again"
    context.close()
    open_project(context.project.folder).close()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_that_may_not_be_read_is_not_called_missing(context: ProjectContext, folder: Path) -> None:
    (folder / "bee").chmod(0)
    try:
        report = checked(context)
    finally:
        (folder / "bee").chmod(0o755)
    assert (report.missing, report.unread) == (0, 2)
    assert "2 pictures could not be looked at" in report.sentence()


def test_what_cannot_be_looked_at_is_not_called_missing(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.stat

    def broken(path: object, **how: object) -> os.stat_result:
        if isinstance(path, bytes) and path.startswith(os.fsencode(folder / "bee")):
            raise OSError(5, "Input/output error")
        return real(path, **how)  # type: ignore[arg-type]

    monkeypatch.setattr("mma_desktop.services.images.file_check.os.stat", broken)
    report = checked(context)
    assert (report.missing, report.unread) == (0, 2)
    assert report.sentence() == "2 pictures could not be looked at. Labels and what was learned are kept."


def test_a_check_that_stood_back_goes_on_where_it_was(
    context: ProjectContext, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.services.images.file_check.REPORT_SECONDS", -1.0)
    shutil.rmtree(folder / "bee")
    looked: list[bytes] = []
    real = os.stat

    def looking(path: Any, **how: Any) -> os.stat_result:
        if isinstance(path, bytes):  # as places are kept
            looked.append(path)
        return real(path, **how)

    monkeypatch.setattr("mma_desktop.services.images.file_check.os.stat", looking)
    check = file_check.FileCheck(context)
    with pytest.raises(Stopped):
        check.run(meanwhile(stop, lambda event: (event.done, event.total) == (3, 5)))
    assert len(looked) == 3
    assert not len(context.index.lost.ids)
    report = check.run(CancelToken())
    assert (report.images, report.missing) == (5, 2)
    assert len(looked) == len(set(looked)) == 5, "nothing is looked at twice"


def test_what_an_import_finds_while_a_check_stands_back_is_not_called_missing(
    context: ProjectContext, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.services.images.file_check.REPORT_SECONDS", -1.0)
    (folder / "ant").rename(tmp_path / "moved")
    shutil.rmtree(folder / "bee")
    check = file_check.FileCheck(context, hashing=False)
    with pytest.raises(Stopped):
        check.run(meanwhile(stop, lambda event: event.done == 2))
    assert len(context.index.lost.missing) == 2
    report = importing.import_paths(context, [tmp_path / "moved" / "ant 00.jpg"], CancelToken())
    assert report.found_again == 1
    report = check.run(CancelToken())
    assert (report.images, report.missing) == (5, 4)
    assert len(context.index.lost.missing) == 4


def test_a_changed_file_of_the_same_size_is_still_known_as_changed_when_it_is_looked_for(
    context: ProjectContext, folder: Path, tmp_path: Path
) -> None:
    path = folder / "ant" / "ant 01.jpg"
    shutil.copytree(folder, tmp_path / "copies")
    path.write_bytes(b"\0" * path.stat().st_size)
    os.utime(path, (1e9, 1e9))
    assert checked(context).changed == 1
    assert found(context, tmp_path / "nowhere").wanted == 1
    assert names(context, Show.CHANGED) == ["ant 01.jpg"]
    assert found(context, tmp_path / "copies").found == 1
    assert names(context, Show.CHANGED) == []


def test_a_stopped_search_keeps_what_it_found(
    context: ProjectContext, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mma_desktop.services.images.file_check.REPORT_SECONDS", -1.0)
    folder.rename(tmp_path / "elsewhere")
    events: list[Progress] = []

    def heard(event: Progress) -> None:
        events.append(event)
        if event.changes is not None:
            token.cancel()

    token = CancelToken(heard)
    report = file_check.find_missing(context, [tmp_path / "elsewhere"], token)
    assert report.stopped
    assert events[-1].changes == Changes(files=True), "the window shows it"
    assert 0 < report.found < 5
    assert found(context, tmp_path / "elsewhere").found == 5 - report.found


def test_images_that_left_the_project_are_not_counted(context: ProjectContext, folder: Path) -> None:
    shutil.rmtree(folder / "bee")
    checked(context)
    context.project.remove_images(context.index.lost.missing[:1].tolist())
    assert context.index.numbers()[Show.MISSING] == 1
    assert len(names(context, Show.MISSING)) == 1
    context.project.undo()
    assert context.index.numbers()[Show.MISSING] == 2


def test_a_pasted_picture_whose_file_is_missing_is_kept(context: ProjectContext, folder: Path) -> None:
    from mma_desktop.services.images.importing import UnsavedImage

    path = folder / "bee" / "bee 00.jpg"
    data = path.read_bytes()
    path.unlink()
    assert checked(context).missing == 1
    report = importing.import_images(context, [UnsavedImage("bee", data)], CancelToken())
    assert (report.added, report.found_again) == (0, 1)
    assert checked(context).missing == 0


def test_training_and_predictions_go_on_without_the_files(
    context: ProjectContext, make_folder: MakeFolder, tmp_path: Path
) -> None:
    folder = make_folder("pictures", {"ant": 6, "bee": 6})
    imported(context, folder, folders=True)
    model_in_use.prepare(context, CancelToken())
    embedding.embed(context, CancelToken())
    before = labels(context)
    ids = list(before)
    folder.rename(tmp_path / "unplugged")
    # As after a try with another backbone, for which there are no embeddings.
    context.project.mark_problems([(image, ProblemKind.VANISHED, GONE) for image in ids[:3]])
    assert checked(context).missing == 12
    events, changes = run(lambda token: embedding.embed(context, token))
    assert (events, set(changes.labels)) == ([], set(ids[:3])), "embedded as they are, they are as good as the others"
    prediction.score(context, CancelToken())
    assert context.predictions is not None
    assert context.predictions.image_ids.tolist() == ids
    outcome = project_training.train(context, TrainRequest(shots=4, recipe=Recipe(max_epochs=2)), CancelToken())
    assert outcome.run.metrics["counts"] == {"shots": 8, "validation": 2, "test": 0, "images": 12, "labelled": 12}
    assert labels(context) == before
    assert context.index.lost.missing.tolist() == ids
    assert found(context, tmp_path).found == 12


def test_the_command_line_checks_and_finds(
    tmp_path: Path, make_folder: MakeFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_folder("pictures", {"ant": 2, "bee": 2})
    context = create_project(tmp_path / "some.mma", threads=1)
    imported(context, folder, folders=True)
    context.close()
    away = tmp_path / "away"
    away.mkdir()
    shutil.move(folder / "ant", away)
    former = (folder / "bee" / "bee 00.jpg").read_bytes()
    repaint(folder / "bee" / "bee 00.jpg")
    assert __main__.main(["check", str(tmp_path / "some.mma"), "--json", str(tmp_path / "report.json")]) == 1
    told = capsys.readouterr()
    assert "Checking the files: 4 of 4\n" in told.err
    said = told.out.splitlines()
    assert said[0] == "2 pictures are missing, 1 was changed on disk. Labels and what was learned are kept."
    assert sorted(said[1:]) == [
        f"changed: {folder / 'bee' / 'bee 00.jpg'}",
        f"missing: {folder / 'ant' / 'ant 00.jpg'}",
        f"missing: {folder / 'ant' / 'ant 01.jpg'}",
    ]
    report = json.loads((tmp_path / "report.json").read_text())
    assert {key: report[key] for key in ("images", "missing", "changed", "unread")} == {
        "images": 4, "missing": 2, "changed": 1, "unread": 0,
    }  # fmt: skip
    assert {"path": str(folder / "ant" / "ant 00.jpg"), "state": "missing", "label": "ant"} in report["lost"]
    assert __main__.main(["check", str(tmp_path / "some.mma"), "--find", str(away)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "2 of 3 pictures found again; 1 is not in that folder."
    assert said[2:] == [f"changed: {folder / 'bee' / 'bee 00.jpg'}"]
    (folder / "bee" / "bee 00.jpg").write_bytes(former)
    os.utime(folder / "bee" / "bee 00.jpg", ns=(0, 0))
    assert __main__.main(["check", str(tmp_path / "some.mma")]) == 0
    assert __main__.main(["check", str(tmp_path)]) == 1
    assert "Traceback" not in capsys.readouterr().err
    (tmp_path / "some.mma" / "pictures").mkdir()
    shutil.copy(away / "ant" / "ant 00.jpg", tmp_path / "some.mma" / "pictures")
    Image.new("RGB", (9, 9)).save(tmp_path / "some.mma" / "pictures" / "pasted.png")
    for told in (True, False):
        __main__.main(["check", str(tmp_path / "some.mma"), "--json", str(tmp_path / "report.json"), "--overwrite"])
        assert ("2 pictures in the project's own folder were left out" in capsys.readouterr().out) is told
        assert json.loads((tmp_path / "report.json").read_text())["images"] == 5
