"""Walking what was dropped, and recognising class folders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, left_out_sentence
from mma_desktop.core.types import LeftOut, ProblemKind
from mma_desktop.media.error_messages import UNREADABLE, reason_text
from mma_desktop.media.scan import FileList, Found, class_folders, walk


def tree(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(root: Path, found: Iterator[Found]) -> list[str]:
    return [one.path.relative_to(root).as_posix() for one in found]


def test_depth_first_in_sorted_order(tmp_path: Path) -> None:
    tree(tmp_path, "b/2.jpg", "b/1.jpg", "a/z/9.png", "a/c.png", "c.jpg", "notes.xyz")
    expected = ["a/c.png", "a/z/9.png", "b/1.jpg", "b/2.jpg", "c.jpg", "notes.xyz"]
    assert names(tmp_path, walk([tmp_path])) == expected
    assert names(tmp_path, walk([tmp_path / "c.jpg", tmp_path / "a"])) == ["c.jpg", "a/c.png", "a/z/9.png"]


def test_droppings_hidden_files_and_projects_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path, ".DS_Store", ".git/a.jpg", "Thumbs.db", "desktop.ini", "__MACOSX/a.jpg", "p.mma/x.jpg", "a.jpg")
    assert names(tmp_path, walk([tmp_path])) == ["a.jpg"]
    assert names(tmp_path, walk([tmp_path / ".git"])) == [".git/a.jpg"], "named itself"
    (found,) = walk([tmp_path / "p.mma"])
    assert found.problem is ProblemKind.NOT_AN_IMAGE
    assert "open it" in reason_text(found.reason)


def test_side_cars_films_and_documents_in_folders_are_counted_and_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.jpg", "a.jpg.xmp", "A.XMP", "b/IMG_1.AAE", "b/IMG_1.HEIC", "IMG.THM", "c.json")
    tree(tmp_path, "film.MOV", "b/film.mp4", "letter.pdf", "odd.xyz")
    (tmp_path / "link.mkv").symlink_to(tmp_path / "film.MOV")
    counts: Counter[LeftOut] = Counter()
    assert names(tmp_path, walk([tmp_path], left_out=counts)) == ["a.jpg", "b/IMG_1.HEIC", "odd.xyz"]
    assert counts == {LeftOut.SIDE_CAR: 5, LeftOut.FILM: 3, LeftOut.DOCUMENT: 1}
    assert left_out_sentence(counts) == "Left out: 5 side-cars, 3 films, 1 document."
    assert left_out_sentence({}) == ""


def test_a_film_that_is_named_itself_is_left_out_only_where_that_is_told(tmp_path: Path) -> None:
    tree(tmp_path, "film.mov", "a.jpg")
    given = [tmp_path / "film.mov", tmp_path / "a.jpg"]
    assert names(tmp_path, walk(given)) == ["film.mov", "a.jpg"]
    counts: Counter[LeftOut] = Counter()
    assert names(tmp_path, walk(given, left_out=counts)) == ["a.jpg"]
    assert counts == {LeftOut.FILM: 1}


def test_vanished_and_null_byte(tmp_path: Path) -> None:
    gone, bad = walk([tmp_path / "gone", Path("a\0b")])
    assert gone.problem is ProblemKind.VANISHED
    assert bad.problem is ProblemKind.UNREADABLE


def test_links_to_folders_are_followed_once_and_last(tmp_path: Path) -> None:
    tree(tmp_path, "z/1.jpg", "elsewhere/2.jpg")
    (tmp_path / "a").symlink_to(tmp_path / "z")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "far").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path, walk([tmp_path])) == ["elsewhere/2.jpg", "z/1.jpg"]
    assert names(tmp_path, walk([tmp_path / "root"])) == ["root/far/2.jpg"]


def test_loops_end_with_a_problem(tmp_path: Path) -> None:
    tree(tmp_path, "a/b/1.jpg")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    found = {one.path.name: one.problem for one in walk([tmp_path])}
    assert found == {"1.jpg": None, "up": ProblemKind.LINK_LOOP, "self": ProblemKind.LINK_LOOP}


def test_links_to_files(tmp_path: Path) -> None:
    tree(tmp_path, "a.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "c.jpg").symlink_to(tmp_path / "gone.jpg")
    found = {one.path.name: one.problem for one in walk([tmp_path])}
    assert found == {"a.jpg": None, "b.jpg": None, "c.jpg": ProblemKind.VANISHED}


def test_an_unreadable_folder_does_not_stop_the_rest(as_nobody: Path) -> None:
    tree(as_nobody, "a/1.jpg", "b/2.jpg", "c/3.jpg")
    (as_nobody / "b").chmod(0)
    assert [one.problem for one in walk([as_nobody])] == [None, ProblemKind.UNREADABLE, None]


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode there")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    for folder in (b"caf\xe9", b"tea"):
        path = tmp_path / os.fsdecode(folder)
        path.mkdir()
        (path / os.fsdecode(b"\xff.jpg")).touch()
    classes = class_folders([tmp_path])
    assert classes is not None
    assert sorted(classes) == ["caf�", "tea"]
    found = list(walk([tmp_path], classes=classes))
    assert [one.folder_class for one in found] == ["caf�", "tea"]
    assert os.fsencode(found[0].path).endswith(b"caf\xe9/\xff.jpg")


def test_cancel(tmp_path: Path) -> None:
    tree(tmp_path, "a.jpg", "b.jpg")
    token = CancelToken()
    found = walk([tmp_path], token)
    next(found)
    token.cancel()
    with pytest.raises(Cancelled):
        list(found)


def test_a_deep_tree(tmp_path: Path) -> None:
    tree(tmp_path, "/".join(["d"] * 600) + "/a.jpg")
    assert [one.problem for one in walk([tmp_path])] == [None]


# --------------------------------------------------------------------------------------
# class folders


def test_one_folder_of_class_folders(tmp_path: Path) -> None:
    tree(tmp_path, "dog/1.JPG", "cat/1.png", "cat/more/2.png", "empty/readme", "montage.jpg", "list.csv")
    classes = class_folders([tmp_path])
    assert classes == {"cat": tmp_path / "cat", "dog": tmp_path / "dog"}
    assert list(classes) == ["cat", "dog"]
    labels = {one.path.name: one.folder_class for one in walk([tmp_path], classes=classes)}
    assert labels["1.png"] == labels["2.png"] == "cat"
    assert labels["1.JPG"] == "dog"
    assert labels["montage.jpg"] is labels["readme"] is None


def test_several_class_folders(tmp_path: Path) -> None:
    tree(tmp_path, "dog/1.jpg", "cat/1.jpg", "a.jpg")
    classes = class_folders([tmp_path / "dog", tmp_path / "cat"])
    assert classes == {"cat": tmp_path / "cat", "dog": tmp_path / "dog"}
    one = next(walk([tmp_path / "dog"], classes=classes))
    assert one.folder_class == "dog"
    single = next(walk([tmp_path / "dog" / "1.jpg"], classes=classes))
    assert single.folder_class == "dog"
    assert class_folders([tmp_path / "dog", tmp_path / "a.jpg"]) is None


def test_a_class_folder_may_hold_its_pictures_deeper(tmp_path: Path) -> None:
    tree(tmp_path, "cat/1.jpg", "dog/1.jpg", "fox/2021/may/1.jpg")
    assert list(class_folders([tmp_path]) or ()) == ["cat", "dog", "fox"]


@pytest.mark.parametrize(
    "files",
    [
        ["cat/1.jpg"],
        ["1.jpg", "2.jpg"],
        ["train/cat/1.jpg", "val/cat/1.jpg"],
        ["cat/1.jpg", "dog/1.jpg", "1.jpg", "2.jpg", "3.jpg"],
        ["cat/1.txt", "dog/1.txt"],
        [".cat/1.jpg", ".dog/1.jpg"],
        ["p.mma/1.jpg", "cat/1.jpg"],
    ],
)
def test_no_class_folders(tmp_path: Path, files: list[str]) -> None:
    tree(tmp_path, *files)
    assert class_folders([tmp_path]) is None


def test_no_class_folders_at_all(tmp_path: Path) -> None:
    tree(tmp_path, "a/cat/1.jpg", "b/cat/1.jpg")
    assert class_folders([]) is None
    assert class_folders([tmp_path / "gone"]) is None
    assert class_folders([tmp_path / "a" / "cat" / "1.jpg"]) is None
    assert class_folders([tmp_path / "a" / "cat", tmp_path / "b" / "cat"]) is None, "the same name twice"


def test_a_file_list_gives_back_what_was_found() -> None:
    found = [
        Found("/a/cat/1.jpg", "cat"),
        Found("/a/caf\udce9.jpg", None),
        Found("/a/dog", "dog", ProblemKind.UNREADABLE, UNREADABLE.of(system_error="permission denied")),
        *(Found(f"/a/dog/{number}.jpg", "dog") for number in range(10_000)),
    ]
    files = FileList()
    for one in found:
        files.add(one)
    assert len(files) == len(found)
    assert list(files) == found
    assert list(files) == found, "it can be read again"
