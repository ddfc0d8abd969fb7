"""Placing pictures into folders: original names, hostile names, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mma_desktop.core.errors import UserError
from mma_desktop.media.copy_export import FolderCopier, atomic_folder, safe_folder_name, unused_name


def run(items: list[tuple[Path, str]], out: Path, **options: bool) -> tuple[Path, str]:
    """Place pictures into class folders; the folder, and what is said of it."""
    with atomic_folder(out) as temporary:
        placing = FolderCopier(temporary, **options)
        for source, name in items:
            placing.put(source, placing.folder(name))
    return out, placing.sentence()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def listing(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_class_folders_with_the_original_names(tmp_path: Path) -> None:
    a, b = put(tmp_path, "x/a.jpg", b"1"), put(tmp_path, "y/b.png", b"2")
    os.utime(a, ns=(10**18, 10**18))
    out, told = run([(a, "cat"), (b, "dog")], tmp_path / "out")
    assert out == tmp_path / "out"
    assert listing(out) == {"cat/a.jpg": b"1", "dog/b.png": b"2"}
    assert (out / "cat" / "a.jpg").stat().st_mtime_ns == 10**18
    assert told == "2 pictures copied."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "x", "y"], "no temporary folder is left"


def test_names_that_collide(tmp_path: Path) -> None:
    files = [
        put(tmp_path, f"{i}/{name}", bytes([i])) for i, name in enumerate(("a.jpg", "a.jpg", "A.JPG", "a (2).jpg"))
    ]
    out, _ = run([(path, "cat") for path in files], tmp_path / "out")
    assert sorted(listing(out)) == ["cat/A (3).JPG", "cat/a (2) (2).jpg", "cat/a (2).jpg", "cat/a.jpg"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("..", "_"),
        (".", "_"),
        ("", "_"),
        ("../../etc", "___.._etc"),
        ("a/b\\c", "a_b_c"),
        ("CON", "_CON"),
        ("lpt1.old", "_lpt1.old"),
        ("dots...", "dots"),
        (" blank ", "blank"),
        (".hidden", "_hidden"),
        ("a\0b\n", "a_b_"),
        ('<>:"|?*', "_______"),
        ("grand piano", "grand piano"),
        ("Löwe", "Löwe"),
        ("x" * 500, "x" * 120),
        ("ü" * 500, "ü" * 60),
        ("bad \udcff", "bad _"),
    ],
)
def test_hostile_class_names(name: str, folder: str) -> None:
    assert safe_folder_name(name) == folder


@given(st.text())
def test_any_class_name_stays_inside(name: str) -> None:
    folder = safe_folder_name(name)
    assert folder
    assert folder == folder.strip()
    assert not folder.startswith(".")
    assert not folder.endswith(".")
    assert not set(folder) & set('/\\:*?"<>|\0')
    assert len(folder.encode()) <= 255
    assert safe_folder_name(folder) == folder


def test_two_classes_never_share_a_folder(tmp_path: Path) -> None:
    a = put(tmp_path, "a.jpg", b"1")
    names = ["a/b", "a:b", "A?B", "..", "."]
    out, _ = run([(a, name) for name in names], tmp_path / "out")
    assert sorted(path.name for path in out.iterdir()) == ["A_B (3)", "_", "_ (2)", "a_b", "a_b (2)"]
    assert set(listing(out).values()) == {b"1"}


def test_what_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    a = put(tmp_path, "a.jpg", b"1")
    items = [(tmp_path / "gone.jpg", "cat"), (a, "cat"), (tmp_path, "cat")]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        items.append((tmp_path / "pipe.jpg", "cat"))
    out, told = run(items, tmp_path / "out")
    assert listing(out) == {"cat/a.jpg": b"1"}
    assert told.startswith(
        f"1 picture copied, {len(items) - 1} left out: {tmp_path / 'gone.jpg'}: there is no such file"
    )


def test_a_taken_target_is_refused(tmp_path: Path) -> None:
    a = put(tmp_path, "a.jpg", b"1")
    put(tmp_path, "out/mine.txt", b"2")
    with pytest.raises(UserError, match="not empty"):
        run([(a, "cat")], tmp_path / "out")
    with pytest.raises(UserError, match="Choose another"):
        run([(a, "cat")], a)
    assert listing(tmp_path / "out") == {"mine.txt": b"2"}
    (tmp_path / "empty").mkdir()
    assert listing(run([(a, "cat")], tmp_path / "empty")[0]) == {"cat/a.jpg": b"1"}


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    a = put(tmp_path, "in/a.jpg", b"1")
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "out") as temporary:
        FolderCopier(temporary).put(a)
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_folder_that_appears_in_the_last_moment_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, rename = put(tmp_path, "in/a.jpg", b"1"), Path.rename

    def late(path: Path, target: Path) -> Path:
        put(tmp_path, "out/mine.txt", b"2")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", late)
    with (
        pytest.raises(UserError, match=r"out already exists and is not empty\. Choose another"),
        atomic_folder(tmp_path / "out") as temporary,
    ):
        FolderCopier(temporary).put(a)
    assert listing(tmp_path / "out") == {"mine.txt": b"2"}


def test_folders_in_folders_and_ids_without_suffix(tmp_path: Path) -> None:
    a, b = put(tmp_path, "x/a.jpg", b"1"), put(tmp_path, "y/a.png", b"2")
    with atomic_folder(tmp_path / "out") as temporary:
        placing = FolderCopier(temporary, stems=True)
        folder = placing.folder("train", "a/b")
        assert [placing.put(one, folder) for one in (a, b)] == ["train/a_b/a.jpg", "train/a_b/a (2).png"]
        assert placing.put(b, placing.folder("val", "a/b"), "other.png") == "val/a_b/other.png"
    assert sorted(listing(tmp_path / "out")) == ["train/a_b/a (2).png", "train/a_b/a.jpg", "val/a_b/other.png"]


def test_links(tmp_path: Path) -> None:
    a = put(tmp_path, "a.jpg", b"1")
    out, told = run([(a, "cat"), (tmp_path / "gone.jpg", "cat")], tmp_path / "out", link=True)
    assert (out / "cat" / "a.jpg").samefile(a)
    assert told == f"1 picture linked, 1 left out: {tmp_path / 'gone.jpg'}: there is no such file."


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a = put(tmp_path, "a.jpg", b"1")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="disk is full"):
        run([(a, "cat")], tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode there")
def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    path.write_bytes(b"1")
    out, _ = run([(path, "cat"), (path, "cat")], tmp_path / "out")
    assert sorted(os.fsencode(path.name) for path in (out / "cat").iterdir()) == [b"caf\xe9 (2).jpg", b"caf\xe9.jpg"]


def test_very_many_pictures_may_have_one_name() -> None:
    taken: dict[str, int] = {}
    names = [unused_name(taken, "front.jpg") for _ in range(200_000)]
    assert names[:3] == ["front.jpg", "front (2).jpg", "front (3).jpg"]
    assert len(set(names)) == len(names)
