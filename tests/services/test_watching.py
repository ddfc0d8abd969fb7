"""Pictures that come into watched folders: once, whole, and not those that were removed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images import watching
from mma_desktop.services.images.watching import (
    ScanResult,
    import_new,
    scan_folders,
    watch,
    watched_folders,
    why_not_watchable,
)
from mma_desktop.services.project_factory import open_project


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment in `[0]`, which a test moves on."""
    now = [100.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def folder(context: ProjectContext, tmp_path: Path) -> Path:
    """A watched folder."""
    made = tmp_path / "hotfolder"
    made.mkdir()
    watch(context, [made])
    return made


def picture(path: Path, shade: int = 0) -> Path:
    Image.new("RGB", (40, 30), (shade, 90, 200)).save(path)
    return path


def looked(context: ProjectContext) -> ScanResult:
    found: ScanResult = scan_folders(context, CancelToken())
    return found


def ready(context: ProjectContext, clock: list[float]) -> list[str]:
    """What two looks find, and take in."""
    looked(context)
    clock[0] += watching.STABLE_SECONDS
    found = looked(context).ready
    report = import_new(context, found, CancelToken())
    assert report.live
    return [path.name for path in found]


def test_a_new_picture_is_taken_once(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    picture(folder / "a.png")
    (folder / "deep").mkdir()
    picture(folder / "deep" / "b.png", 9)
    first = looked(context)
    assert (first.ready, first.waiting) == ([], 2)
    assert first.places == [str(folder), str(folder / "deep")]
    clock[0] += 1
    assert ready(context, clock) == ["a.png", "b.png"]
    assert len(context.index.columns.ids) == 2
    assert ready(context, clock) == []


def test_what_the_project_has_is_left_alone(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    watching.import_paths(context, [picture(folder / "a.png")], CancelToken())
    picture(folder / "a.png", 200)  # changed on disk, which the check of the files is about
    assert ready(context, clock) == []


def test_a_file_that_is_still_written_is_waited_for(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    whole = picture(folder.parent / "whole.png").read_bytes()
    (folder / "a.png").write_bytes(whole[:20])
    looked(context)
    clock[0] += 0.9
    (folder / "a.png").write_bytes(whole[:40])
    assert looked(context).waiting == 1
    clock[0] += 0.9
    (folder / "a.png").write_bytes(whole)
    assert looked(context).waiting == 1
    clock[0] += 1
    assert [path.name for path in looked(context).ready] == ["a.png"]


def test_one_that_went_on_after_a_pause_is_read_again_unless_it_is_labelled(
    context: ProjectContext, folder: Path, clock: list[float]
) -> None:
    whole = picture(folder.parent / "whole.png").read_bytes()
    (folder / "a.png").write_bytes(whole[:40])
    assert ready(context, clock) == ["a.png"]
    assert ready(context, clock) == []  # a problem is told once
    (folder / "a.png").write_bytes(whole)
    assert ready(context, clock) == ["a.png"]
    columns = context.index.columns
    assert (len(columns.ids), int(columns.usable.sum())) == (1, 1)
    context.project.add_classes(["ant"])
    context.project.assign(columns.ids.tolist(), context.classes[0].id, LabelSource.PERSON)
    picture(folder / "a.png", 250)
    assert ready(context, clock) == []


def test_other_files_and_hidden_ones_are_no_pictures(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    for name in ("a.txt", "a.jpg.part", ".b.png", "notes.db"):
        (folder / name).write_bytes(b"x" * 9)
    found = looked(context)
    assert (found.ready, found.waiting) == ([], 0)


def test_what_was_removed_does_not_come_back(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    picture(folder / "a.png")
    assert ready(context, clock) == ["a.png"]
    context.project.remove_images(context.index.columns.ids.tolist())
    context.project.undo()
    context.project.remove_images(context.index.columns.ids.tolist())
    context.close()
    context = open_project(context.project.folder, threads=1)
    assert ready(context, clock) == []
    watch(context, [])
    watch(context, [folder])  # watched anew: everything that is in it counts
    assert ready(context, clock) == ["a.png"]
    context.close()


def test_a_folder_that_is_not_there_is_named_and_comes_back(
    context: ProjectContext, folder: Path, clock: list[float]
) -> None:
    picture(folder / "a.png")
    assert ready(context, clock) == ["a.png"]
    folder.rename(folder.with_name("unplugged"))
    assert looked(context).missing == [folder]
    folder.with_name("unplugged").rename(folder)
    picture(folder / "b.png", 7)
    assert looked(context).missing == []
    assert ready(context, clock) == ["b.png"]


def test_the_same_picture_twice_is_one_image(context: ProjectContext, folder: Path, clock: list[float]) -> None:
    picture(folder / "a.png")
    assert ready(context, clock) == ["a.png"]
    shutil.copy(folder / "a.png", folder / "b.png")
    assert ready(context, clock) == ["b.png"]
    assert len(context.index.columns.ids) == 1
    assert ready(context, clock) == []


def test_which_folders_can_be_watched(context: ProjectContext, folder: Path, tmp_path: Path) -> None:
    (folder / "deep").mkdir()
    assert "is already watched" in why_not_watchable(context, folder / "deep")
    assert "belongs to the project" in why_not_watchable(context, context.project.images_dir)
    assert why_not_watchable(context, tmp_path) == ""
    watch(context, [folder, tmp_path])
    assert watched_folders(context) == [tmp_path]


@pytest.mark.parametrize("value", ["/", {"a": 1}, [3, None, "relative", "nul\0l"], 7])
def test_a_setting_that_somebody_made_up_watches_nothing(context: ProjectContext, value: object) -> None:
    context.project.set_setting("watched_folders", value)
    assert watched_folders(context) == []
    looked(context)
    context.project.remove_images([])
