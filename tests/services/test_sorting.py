"""Pictures sorted into folders: nothing is overwritten or lost, whatever ends it, and all of it can be undone."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.media import copy_export
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Guesses, Order
from mma_desktop.services.predicting import sorting
from mma_desktop.services.predicting.project_sorting import (
    folder_counts,
    sort_project,
    sort_targets,
    undo_project_sort,
    write_project_keywords,
)
from mma_desktop.services.predicting.sorting import (
    JOURNAL,
    Folders,
    Item,
    SortReport,
    UndoReport,
    Way,
    can_undo,
    sort_files,
    undo_sort,
)
from tests.steps import run

from .test_importing import imported

MakeFolder = Callable[..., Path]
WAYS = pytest.mark.parametrize("way", list(Way))
FOLDERS = Folders.of(["daisy", "rose"])


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but journals, by its path in it."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and not one.name.startswith(".mma-desktop sort")
    }


def sort(items: list[Item], out: Path, way: Way, token: CancelToken | None = None) -> SortReport:
    _, report = run(sort_files(items, len(items), FOLDERS, out, way, token or CancelToken()))
    assert isinstance(report, SortReport)
    return report


def undo(out: Path) -> UndoReport:
    _, report = run(undo_sort(out, CancelToken()))
    assert isinstance(report, UndoReport)
    return report


@pytest.fixture(autouse=True)
def _every_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after each step, so that a test can stop between any two."""
    monkeypatch.setattr(sorting, "REPORT_SECONDS", 0)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Four files of two names in two folders."""
    for folder, name in (("a", "1.jpg"), ("a", "2.jpg"), ("b", "1.jpg"), ("b", "2.jpg")):
        (tmp_path / "pictures" / folder).mkdir(parents=True, exist_ok=True)
        path = tmp_path / "pictures" / folder / name
        path.write_bytes(f"{folder} {name}".encode())
        os.utime(path, ns=(10**18, 10**18))
    return tmp_path / "pictures"


@pytest.fixture
def items(pictures: Path) -> list[Item]:
    """Two daisies of one name, a rose, and an unsure one."""
    names = {"a/1.jpg": "daisy", "b/1.jpg": "daisy", "a/2.jpg": "rose", "b/2.jpg": FOLDERS.unsure}
    return [Item(pictures / name, folder) for name, folder in names.items()]


SORTED = {
    "daisy/1.jpg": b"a 1.jpg",
    "daisy/1 (2).jpg": b"b 1.jpg",
    "rose/2.jpg": b"a 2.jpg",
    "Unsure/2.jpg": b"b 2.jpg",
}


# --------------------------------------------------------------------------------------
# folders


def test_the_names_of_the_folders_are_safe_and_used_once() -> None:
    folders = Folders.of(["a/b", "a\\b", "CON", "unsure", "None of these", "..", "daisy"])
    assert folders.none == "None of these"
    assert folders.unsure == "Unsure"
    names = list(folders.by_class.values())
    assert names == ["a_b", "a_b (2)", "_CON", "unsure (2)", "None of these (2)", "_", "daisy"]
    assert folders.choose("daisy", 0.5, 0.5, rejected=False) == "daisy"
    assert folders.choose("daisy", 0.49, 0.5, rejected=False) == "Unsure"
    assert folders.choose("daisy", 0.49, 0.5, rejected=True) == "None of these"


@WAYS
def test_sorted_and_undone(way: Way, items: list[Item], pictures: Path, tmp_path: Path) -> None:
    before, out = tree(pictures), tmp_path / "out" / "sorted"
    report = sort(items, out, way)
    verb = {Way.COPY: "copied", Way.LINK: "linked", Way.MOVE: "moved"}[way]
    assert report.sentence() == f"4 pictures {verb} into 3 folders."
    assert tree(out) == SORTED
    assert tree(pictures) == ({} if way is Way.MOVE else before)
    assert (out / "rose" / "2.jpg").stat().st_mtime_ns == 10**18
    assert (out / "rose" / "2.jpg").stat().st_nlink == (2 if way is Way.LINK else 1)
    assert can_undo(out)
    assert undo(out).sentence() == f"4 pictures {'moved back' if way is Way.MOVE else 'taken out again'}."
    assert tree(pictures) == before
    assert not out.exists(), "the sort made it"
    with pytest.raises(UserError, match="has no sort to undo"):
        undo(out)


def test_progress_ends_with_the_number_of_pictures(
    items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "REPORT_SECONDS", 3600)
    for steps in (
        sort_files(items, 4, FOLDERS, tmp_path / "out", Way.COPY, CancelToken()),
        undo_sort(tmp_path / "out", CancelToken()),
    ):
        last = {one.message: (one.done, one.total) for one in steps}
        assert set(last.values()) == {(4, 4)}, last


@WAYS
def test_a_folder_with_files_keeps_them(way: Way, items: list[Item], tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "daisy").mkdir(parents=True)
    (out / "daisy" / "1.JPG").write_bytes(b"mine")
    (out / "rose").mkdir()
    sort(items, out, way)
    assert tree(out) == {
        "daisy/1.JPG": b"mine",
        "daisy/1 (2).jpg": b"a 1.jpg",
        "daisy/1 (3).jpg": b"b 1.jpg",
        "rose/2.jpg": b"a 2.jpg",
        "Unsure/2.jpg": b"b 2.jpg",
    }
    undo(out)
    assert tree(out) == {"daisy/1.JPG": b"mine"}
    assert sorted(one.name for one in out.iterdir()) == ["daisy", "rose"], "they were there before"


def test_a_second_sort_takes_only_what_is_new_and_is_undone_first(
    items: list[Item], pictures: Path, tmp_path: Path
) -> None:
    out = pictures / "sorted"
    assert sort(items[:2], out, Way.COPY).placed == 2
    again = [*items, *(Item(path, "rose") for path in sorted((out / "daisy").iterdir()))]
    report = sort(again, out, Way.COPY)
    assert report.sentence() == "4 pictures copied into 3 folders, 2 already there."
    assert undo(out).undone == 4
    assert tree(out) == {name: SORTED[name] for name in ("daisy/1.jpg", "daisy/1 (2).jpg")}
    assert undo(out).undone == 2
    assert not out.exists()


def test_moved_pictures_can_be_sorted_again(items: list[Item], tmp_path: Path) -> None:
    out = tmp_path / "out"
    sort(items, out, Way.MOVE)
    report = sort([Item(out / "Unsure" / "2.jpg", "rose"), Item(out / "daisy" / "1.jpg", "daisy")], out, Way.MOVE)
    assert report.sentence() == "1 picture moved into 1 folder, 1 already there."
    assert (out / "rose" / "2 (2).jpg").read_bytes() == b"b 2.jpg"


def test_a_side_car_goes_along(pictures: Path, tmp_path: Path) -> None:
    (pictures / "a" / "1.jpg.xmp").write_text("one")
    (pictures / "a" / "2.xmp").write_text("two")
    (pictures / "b" / "2.xmp").write_text("of the raw")
    (pictures / "b" / "2.cr2").write_text("raw")
    out = tmp_path / "out"
    (out / "daisy").mkdir(parents=True)
    (out / "daisy" / "1.jpg").write_text("mine")
    before = tree(pictures)
    sort([Item(pictures / name, "daisy") for name in ("a/1.jpg", "a/2.jpg", "b/2.jpg")], out, Way.MOVE)
    assert set(tree(out / "daisy")) == {
        "1.jpg", "1 (2).jpg", "1 (2).jpg.xmp", "2.jpg", "2.xmp", "2 (2).jpg"
    }  # fmt: skip
    assert undo(out).undone == 3
    assert tree(pictures) == before


def test_a_picture_that_is_left_keeps_its_side_car(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted once, and can be tried again with its side-car."""
    for name in ("1", "2"):
        (pictures / "a" / f"{name}.jpg.xmp").write_text(name)
    out, before, move = tmp_path / "out", tree(pictures), sorting.move_new
    items = [Item(pictures / name, "daisy") for name in ("a/1.jpg", "a/2.jpg")]

    def refuses(source: Path, target: Path) -> None:
        if source.name == "1.jpg":
            raise PermissionError(errno.EACCES, "Permission denied")
        move(source, target)

    monkeypatch.setattr(sorting, "move_new", refuses)
    report = sort(items, out, Way.MOVE)
    assert (report.placed, len(report.left_out)) == (1, 1)
    assert set(tree(out)) == {"daisy/2.jpg", "daisy/2.jpg.xmp"}
    monkeypatch.setattr(sorting, "move_new", move)
    sort(items[:1], out, Way.MOVE)
    monkeypatch.setattr(sorting, "move_new", refuses)
    assert len(undo(out).left) == 1
    assert set(tree(out)) == {f"daisy/{name}" for name in ("1.jpg", "1.jpg.xmp", "2.jpg", "2.jpg.xmp")}
    monkeypatch.setattr(sorting, "move_new", move)
    assert undo(out).undone == undo(out).undone == 1
    assert tree(pictures) == before


# --------------------------------------------------------------------------------------
# what may go wrong


@WAYS
def test_files_that_are_gone_unreadable_or_links_are_left_out(way: Way, pictures: Path, tmp_path: Path) -> None:
    (pictures / "pipe.jpg").symlink_to("/dev/null")
    (pictures / "link.jpg").symlink_to(pictures / "a" / "1.jpg")
    items = [Item(pictures / name, "daisy") for name in ("gone.jpg", "pipe.jpg", "link.jpg", "b/1.jpg")]
    report = sort(items, tmp_path / "out", way)
    assert report.placed == (1 if way is Way.MOVE else 2)
    assert [one.split(": ")[1] for one in report.left_out] == [
        "No such file or directory",
        "it is not a file",
        *(["it is a link, which would lead nowhere after a move"] if way is Way.MOVE else []),
    ]
    assert not any(one.is_symlink() for one in (tmp_path / "out").rglob("*"))


def test_nothing_to_sort_and_places_that_cannot_be(items: list[Item], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no picture to sort"):
        sort([], tmp_path / "out", Way.COPY)
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file is a file"):
        sort(items, tmp_path / "file" / "out", Way.COPY)
    assert not (tmp_path / "out").exists()


@WAYS
def test_a_folder_that_cannot_be_one_is_told_before_anything(way: Way, items: list[Item], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "rose").touch()
    with pytest.raises(UserError, match="rose is not a folder"):
        sort(items, out, way)
    (out / "rose").unlink()
    (tmp_path / "elsewhere").mkdir()
    (out / "rose").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="rose is not a folder"):
        sort(items, out, way)
    assert [one.name for one in out.iterdir()] == ["rose"]


def test_a_picture_that_is_given_twice_is_sorted_once(items: list[Item], tmp_path: Path) -> None:
    assert sort([*items, *items], tmp_path / "out", Way.COPY).placed == 4


@pytest.mark.parametrize("failing", ["mkdir", "replace"])
def test_a_disk_that_is_full_for_the_journal_or_the_folders(
    failing: str, items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(os, failing)

    def full(*arguments: object, **more: object) -> object:
        if failing == "replace" or str(arguments[0]).endswith("rose"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **more)

    monkeypatch.setattr(os, failing, full)
    with pytest.raises(UserError, match="The disk is full"):
        sort(items, tmp_path / "out", Way.COPY)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.ENOTSUP])
def test_hard_links_that_cannot_be_made_are_refused(
    code: int, items: list[Item], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(source: object, target: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(sorting.os, "link", link)
    with pytest.raises(UserError, match="Copy the pictures instead, or choose another folder"):
        sort(items, tmp_path / "out", Way.LINK)
    assert not (tmp_path / "out").exists()
    assert len(tree(pictures)) == 4


def test_hard_links_to_another_drive_are_refused_before_anything(
    items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def elsewhere(path: Path, **options: bool) -> os.stat_result:
        found = real(path, **options)
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:])) if path == tmp_path else found

    monkeypatch.setattr(Path, "stat", elsewhere)
    with pytest.raises(UserError, match="both must be on one drive"):
        sort(items, tmp_path / "out", Way.LINK)
    assert not (tmp_path / "out").exists()


def test_a_move_to_another_drive(
    items: list[Item], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a copy: the original goes only when that is complete."""
    before, link, rename = tree(pictures), os.link, Path.rename

    def across(real: Callable[[Path, Path], object]) -> Callable[[Path, Path], object]:
        def moved(source: Path, target: Path) -> object:
            if not source.name.startswith("."):  # only the finished copy gets its name
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            return real(source, target)

        return moved

    monkeypatch.setattr(copy_export.os, "link", across(link))
    monkeypatch.setattr(Path, "rename", across(rename))
    out = tmp_path / "out"
    assert sort(items, out, Way.MOVE).placed == 4
    assert tree(out) == SORTED
    assert tree(pictures) == {}
    undo(out)
    assert tree(pictures) == before


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs another file system")
def test_another_file_system(items: list[Item], pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(pictures)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        out = Path(other) / "out"
        if Path(other).stat().st_dev == pictures.stat().st_dev:
            pytest.skip("it is the same one")
        with pytest.raises(UserError, match="both must be on one drive"):
            sort(items, out, Way.LINK)
        assert not out.exists()
        sort(items, out, Way.MOVE)
        assert (tree(out), tree(pictures)) == (SORTED, {})
        undo(out)
        assert (out.exists(), tree(pictures)) == (False, before)


@WAYS
def test_a_full_disk_says_what_was_done_and_can_be_undone(
    way: Way, items: list[Item], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, out, done = tree(pictures), tmp_path / "out", []
    names = {Way.COPY: "copy_new", Way.MOVE: "move_new"}
    owner, name = (sorting.os, "link") if way is Way.LINK else (sorting, names[way])
    real = getattr(owner, name)

    def filling(source: Path, target: Path) -> None:
        if len(done) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, filling)
        report = sort(items, out, way)
    assert report.sentence().startswith("The disk is full: ")
    assert " 2 pictures " in report.sentence()
    assert len(tree(out)) == 2
    assert undo(out).undone == 2
    assert tree(pictures) == before


def test_a_disk_that_is_full_at_once_is_an_error(
    items: list[Item], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sorting, "copy_new", full)
    with pytest.raises(UserError, match="The disk is full"):
        sort(items, tmp_path / "out", Way.COPY)
    assert not (tmp_path / "out").exists()


def test_a_stopped_sort_keeps_what_it_did(items: list[Item], pictures: Path, tmp_path: Path) -> None:
    before, out = tree(pictures), tmp_path / "out"
    steps = sort_files(items, 4, FOLDERS, out, Way.MOVE, CancelToken())
    while len(tree(out)) < 2:
        next(steps)
    with pytest.raises(StopIteration) as stop:
        steps.throw(Cancelled())
    assert stop.value.value.sentence() == "2 pictures moved into 1 folder (stopped)."
    undo(out)
    assert tree(pictures) == before


@WAYS
def test_every_crash_can_be_undone(
    way: Way, items: list[Item], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any call that changes the disk, the journal still brings everything back."""
    before = tree(pictures)

    class Killed(BaseException):
        pass

    for survived in range(60):
        calls = iter(range(survived + 1))

        def mortal(real: Callable[..., object], calls: Iterator[int] = calls) -> Callable[..., object]:
            def call(*arguments: object, **more: object) -> object:
                if next(calls, None) is None:
                    raise Killed
                return real(*arguments, **more)

            return call

        out = tmp_path / f"out {survived}"
        with monkeypatch.context() as patch:
            for name in ("link", "rename", "replace", "mkdir", "open", "fsync"):
                patch.setattr(os, name, mortal(getattr(os, name)))
            # What a killed process leaves behind is removed when the program starts again.
            patch.setattr(Path, "unlink", mortal(Path.unlink))
            try:
                sort(items, out, way)
                killed = False
            except Killed:
                killed = True
        if can_undo(out):
            undo(out)
        assert tree(pictures) == before, survived
        left = {name for name in tree(out) if not name.rpartition("/")[2].startswith(".")} if out.exists() else set()
        assert not left, survived
        if not killed:
            assert survived > 15
            return
    raise AssertionError("it never ended")


# --------------------------------------------------------------------------------------
# undoing


@WAYS
def test_undo_keeps_what_was_changed_meanwhile(way: Way, items: list[Item], pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sort(items, out, way)
    for name in ("daisy/1.jpg", "rose/2.jpg"):
        (out / name).unlink()
    (out / "rose" / "2.jpg").write_bytes(b"edited")
    (out / "rose" / "new.jpg").write_bytes(b"mine")
    report = undo(out)
    if way is Way.MOVE:
        assert report.sentence() == "3 pictures moved back, 1 gone."
        assert (pictures / "a" / "2.jpg").read_bytes() == b"edited"
        assert tree(out) == {"rose/new.jpg": b"mine"}
    else:
        assert report.sentence() == ("2 pictures taken out again, 1 kept because it or its original was changed.")
        assert tree(out) == {"rose/2.jpg": b"edited", "rose/new.jpg": b"mine"}


def test_the_last_copy_is_never_removed(items: list[Item], pictures: Path, tmp_path: Path) -> None:
    sort(items, tmp_path / "out", Way.COPY)
    shutil.rmtree(pictures)
    assert undo(tmp_path / "out").kept == 4
    assert tree(tmp_path / "out") == SORTED


def test_a_copy_of_what_was_changed_since_is_kept(items: list[Item], pictures: Path, tmp_path: Path) -> None:
    sort(items, tmp_path / "out", Way.COPY)
    (pictures / "a" / "1.jpg").write_bytes(b"painted")
    assert undo(tmp_path / "out").kept == 1
    assert tree(tmp_path / "out") == {"daisy/1.jpg": b"a 1.jpg"}


@pytest.mark.parametrize("shift", [1_900_000_000, 10**12])
def test_drives_that_keep_other_times(shift: int, items: list[Item], tmp_path: Path) -> None:
    """Two seconds, or none; a file of the same size and time that was written over is not mistaken for the copy."""
    sort(items, tmp_path / "out", Way.COPY)
    for path in (tmp_path / "out").rglob("*.jpg"):
        os.utime(path, ns=(10**18 - shift, 10**18 - shift))
    (tmp_path / "out" / "rose" / "2.jpg").write_bytes(b"A 2.jpg")
    report = undo(tmp_path / "out")
    assert (report.undone, report.kept) == (3, 1)


def test_files_that_were_moved_on_come_back_in_two_steps(items: list[Item], pictures: Path, tmp_path: Path) -> None:
    before, first, second = tree(pictures), tmp_path / "first", tmp_path / "second"
    sort(items, first, Way.MOVE)
    sort([Item(path, "rose") for path in sorted(first.rglob("*.jpg"))], second, Way.MOVE)
    assert undo(first).sentence() == "0 pictures moved back, 4 gone."
    assert undo(second).undone == 4
    assert undo(first).undone == 4
    assert tree(pictures) == before
    assert not first.exists()


def test_a_place_that_is_taken_is_told_and_can_be_tried_again(
    items: list[Item], pictures: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    sort(items, out, Way.MOVE)
    (pictures / "a" / "1.jpg").write_bytes(b"another")
    report = undo(out)
    assert report.sentence() == (
        f"3 pictures moved back, 1 left out: {out / 'daisy' / '1.jpg'}: another file is in its old place."
    )
    (pictures / "a" / "1.jpg").unlink()
    assert undo(out).sentence() == "1 picture moved back."
    assert (pictures / "a" / "1.jpg").read_bytes() == b"a 1.jpg"
    assert not out.exists()


def test_undo_makes_folders_that_are_gone(items: list[Item], pictures: Path, tmp_path: Path) -> None:
    before = tree(pictures)
    sort(items, tmp_path / "out", Way.MOVE)
    shutil.rmtree(pictures)
    undo(tmp_path / "out")
    assert tree(pictures) == before


@pytest.mark.skipif(os.name == "nt", reason="such names are not possible there")
@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b"12:30.jpg", b"a\\b.jpg", b"a\nb.jpg", b"con.jpg", b"-rf", b"x" * 251 + b".jpg"]
)
def test_odd_names_are_undone(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"\xff\xd8\xff\xe0 a picture by its first bytes")
    assert sort([Item(path, "daisy")], tmp_path / "out", Way.MOVE).placed == 1
    assert not path.exists()
    undo(tmp_path / "out")
    assert path.is_file()


# --------------------------------------------------------------------------------------
# journals of strangers


def journal(out: Path, source: Path, target: str, way: str = "move", **more: object) -> None:
    out.mkdir(exist_ok=True)
    data = {"format": "mma-desktop sort", "version": 1, "way": way, "project": "", "folders": [], **more}
    (out / JOURNAL).write_text(json.dumps({**data, "steps": [[str(source), target, 4, 0]]}))


@pytest.mark.parametrize("target", ["../evil.jpg", "/etc/evil.jpg", "a/../../evil.jpg", "a//b.jpg", "a\0.jpg", ""])
def test_a_journal_cannot_lead_out_of_its_folder(target: str, tmp_path: Path) -> None:
    (tmp_path / "evil.jpg").write_bytes(b"evil")
    journal(tmp_path / "out", tmp_path / "x" / "evil.jpg", target)
    with pytest.raises(UserError, match="is damaged"):
        undo(tmp_path / "out")
    assert (tmp_path / "evil.jpg").exists()


def test_a_linked_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.jpg").write_bytes(b"mine")
    journal(tmp_path / "out", tmp_path / "x" / "a.jpg", "daisy/a.jpg")
    (tmp_path / "out" / "daisy").symlink_to(tmp_path / "other")
    assert undo(tmp_path / "out").undone == 0
    assert (tmp_path / "other" / "a.jpg").exists()


@pytest.mark.parametrize("name", ["evil.desktop", "evil", ".bashrc"])
def test_only_pictures_are_put_anywhere(name: str, tmp_path: Path) -> None:
    journal(tmp_path / "out", tmp_path / "home" / name, f"daisy/{name}")
    (tmp_path / "out" / "daisy").mkdir()
    (tmp_path / "out" / "daisy" / name).write_bytes(b"evil")
    assert "it is not a picture" in undo(tmp_path / "out").sentence()
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "more", [{"way": "burn"}, {"format": "x"}, {"folders": [".."]}, {"version": 2}, {"folders": 1}]
)
def test_journals_that_cannot_be_used(more: dict[str, object], tmp_path: Path) -> None:
    journal(tmp_path / "out", tmp_path / "a.jpg", "daisy/a.jpg", **more)
    with pytest.raises(UserError, match="newer version" if "version" in more else "is damaged"):
        undo(tmp_path / "out")


# --------------------------------------------------------------------------------------
# a project


@pytest.fixture
def project(context: ProjectContext, make_folder: MakeFolder) -> Path:
    """Six pictures: one labelled ant; ant, bee, a rejected, an unsure one, and one without a prediction."""
    made = make_folder("photos", {"p": 6})
    imported(context, made)
    context.project.add_classes(["ant", "bee"])
    ids = context.select(Filter(order=Order.NAME))
    ant, bee = (one.id for one in context.classes)
    context.project.assign([int(ids[0])], ant)
    context.guesses = Guesses(
        ids[:5],
        np.array([bee] * 5),
        np.full(5, 0.99, np.float32),
        np.array([bee, ant, bee, ant, bee]),
        np.array([0.9, 0.8, 0.95, 0.1, 0.5], np.float32),
        0.3,
    )
    return made


def test_what_goes_where(context: ProjectContext, project: Path) -> None:
    assert folder_counts(context, 0.8, labelled=True) == [("ant", 2), ("bee", 1), ("None of these", 1), ("Unsure", 1)]
    assert folder_counts(context, 0.0, labelled=False) == [("ant", 1), ("bee", 2), ("None of these", 1), ("Unsure", 0)]
    assert folder_counts(context, 1.0, labelled=False) == [("ant", 0), ("bee", 0), ("None of these", 1), ("Unsure", 3)]
    context.guesses = None
    assert folder_counts(context, 0.5, labelled=True)[0] == ("ant", 1)
    assert len(sort_targets(context, 0.5, labelled=False)[0]) == 0


def test_a_project_follows_its_moved_pictures_and_back(context: ProjectContext, project: Path, tmp_path: Path) -> None:
    ids = context.select(Filter(order=Order.NAME)).tolist()
    rows = context.project.image_rows(ids)
    events, report = run(sort_project(context, tmp_path / "out", Way.MOVE, 0.8, CancelToken(), labelled=True))
    assert report.sentence() == "5 pictures moved into 4 folders."
    changes = [one.changes for one in events if one.changes is not None]
    assert sorted(number for one in changes for number in one.labels) == ids[:5]
    moved = context.project.image_rows(ids)
    assert [str(row.path.relative_to(tmp_path)) for row in moved] == [
        "out/ant/p 00.jpg",
        "out/ant/p 01.jpg",
        "out/bee/p 02.jpg",
        "out/None of these/p 03.jpg",
        "out/Unsure/p 04.jpg",
        "photos/p/p 05.jpg",
    ]
    assert [row.class_id for row in moved] == [row.class_id for row in rows]
    assert all(row.places == (row.path,) and row.path.is_file() for row in moved)
    assert context.index.columns.labelled.sum() == 1
    _, undone = run(undo_project_sort(context, tmp_path / "out", CancelToken()))
    assert undone.sentence() == "5 pictures moved back."
    assert context.project.image_rows(ids) == rows
    assert not (tmp_path / "out").exists()


def test_an_interrupted_move_leaves_the_project_in_order(
    context: ProjectContext, project: Path, tmp_path: Path
) -> None:
    steps = sort_project(context, tmp_path / "out", Way.MOVE, 0.8, CancelToken(), labelled=True)
    while len(tree(tmp_path / "out")) < 3:
        next(steps)
    steps.close()
    rows = context.project.image_rows(context.select(Filter()).tolist())
    assert all(row.path.is_file() for row in rows)


def test_a_closed_project_follows_too(project: Path, context: ProjectContext, tmp_path: Path) -> None:
    rows = context.project.image_rows(context.select(Filter()).tolist())
    run(sort_project(context, tmp_path / "out", Way.MOVE, 0.8, CancelToken(), labelled=True))
    _, undone = run(undo_project_sort(None, tmp_path / "out", CancelToken()))
    assert undone.undone == 5
    assert undone.note.startswith("The project does not know of it yet: ")  # it is open here
    run(sort_project(context, tmp_path / "out 2", Way.COPY, 0.8, CancelToken(), labelled=True))
    assert context.project.image_rows(context.select(Filter()).tolist()) != rows


def test_pictures_inside_the_project_are_only_copied(context: ProjectContext, project: Path, tmp_path: Path) -> None:
    inside = context.project.pictures_dir
    inside.mkdir()
    path = inside / "own.jpg"
    shutil.copyfile(project / "p" / "p 05.jpg", path)
    (project / "p" / "p 05.jpg").unlink()
    imported(context, path)
    ids = context.project.ids_for_paths([path])
    context.project.assign([int(ids[0] or 0)], context.classes[0].id)
    _, report = run(sort_project(context, tmp_path / "out", Way.MOVE, 0.8, CancelToken(), labelled=True))
    assert report.left_out == [f"{path}: it is kept in the project, so it can only be copied"]
    _, keywords = run(write_project_keywords(context, 0.8, CancelToken(), labelled=True))
    assert keywords.left_out == [f"{path}: it is kept in the project"]
    assert path.is_file()


def test_a_picture_that_changed_since_it_was_predicted_is_left_out(
    context: ProjectContext, project: Path, tmp_path: Path
) -> None:
    (project / "p" / "p 02.jpg").write_bytes(b"another")
    _, report = run(sort_project(context, tmp_path / "out", Way.COPY, 0.8, CancelToken(), labelled=True))
    assert report.placed == 4
    assert len(report.left_out) == 1


def test_keywords_of_a_project(context: ProjectContext, project: Path) -> None:
    _, report = run(write_project_keywords(context, 0.8, CancelToken(), labelled=True))
    assert report.sentence() == "Keywords written for 3 pictures."
    written = sorted(one.name for one in project.rglob("*.xmp"))
    assert written == ["p 00.jpg.xmp", "p 01.jpg.xmp", "p 02.jpg.xmp"]
    with pytest.raises(UserError, match="No prediction reaches this limit"):
        run(write_project_keywords(context, 1.0, CancelToken(), labelled=False))


def test_a_project_that_cannot_be_told_stops_the_sort(items: list[Item], tmp_path: Path) -> None:
    def follow(_moves: object) -> Changes:
        raise UserError("The disk is full.")

    steps = sort_files(items, 4, FOLDERS, tmp_path / "out", Way.MOVE, CancelToken(), follow=follow)
    _, report = run(steps)
    assert report.sentence() == "The disk is full. 4 pictures moved into 3 folders."
