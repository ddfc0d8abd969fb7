"""Pictures sorted into a new folder, which is whole or not there, and pictures that stay as and where they are."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.engine.open_set_scores import OpenSetScores, Thresholds
from mma_desktop.media import copy_export
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import folder_layout
from mma_desktop.services.formats.dataset import ExportResult, ImageEntry, Images
from mma_desktop.services.formats.exporting import (
    check_target,
    none_and_unsure,
    sort_files,
    sort_project,
    sort_targets,
    sorted_counts,
    write_project_keywords,
)
from mma_desktop.services.image_index import Filter, Order, Predictions
from tests.steps import meanwhile

from .test_importing import imported

MakeFolder = Callable[..., Path]
IMAGES = pytest.mark.parametrize("images", [Images.COPY, Images.LINK])
CLASSES = ("daisy", "rose")
SORTED = {
    "Unsure/2.jpg": b"b 2.jpg",
    "daisy/1 (2).jpg": b"b 1.jpg",
    "daisy/1.jpg": b"a 1.jpg",
    "rose/2.jpg": b"a 2.jpg",
}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def sort(
    entries: list[ImageEntry], out: Path, images: Images = Images.COPY, classes: tuple[str, ...] = CLASSES
) -> ExportResult:
    written = sort_files(lambda: iter(entries), len(entries), classes, out, images, CancelToken())
    assert isinstance(written, ExportResult)
    return written


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
def entries(pictures: Path) -> list[ImageEntry]:
    """Two daisies of one name, a rose, and an unsure one."""
    labels = {"a/1.jpg": "daisy", "b/1.jpg": "daisy", "a/2.jpg": "rose", "b/2.jpg": "Unsure"}
    return [ImageEntry(pictures / name, label) for name, label in labels.items()]


def left(tmp_path: Path) -> list[str]:
    return sorted(one.name for one in tmp_path.iterdir())


# --------------------------------------------------------------------------------------
# files


@IMAGES
def test_sorted_into_a_new_folder(images: Images, entries: list[ImageEntry], pictures: Path, tmp_path: Path) -> None:
    before, out = tree(pictures), tmp_path / "out" / "sorted"
    written = sort(entries, out, images)
    linked = images is Images.LINK
    assert written == ExportResult(out, f"4 pictures {'linked' if linked else 'copied'}.")
    assert tree(out) == SORTED
    assert tree(pictures) == before
    assert (out / "rose" / "2.jpg").stat().st_mtime_ns == 10**18
    assert (out / "rose" / "2.jpg").stat().st_nlink == (2 if linked else 1)


def test_a_class_has_a_folder_of_its_own_whatever_it_is_called(pictures: Path, tmp_path: Path) -> None:
    classes = ("a/b", "a\\b", "CON", "unsure", "..")
    assert none_and_unsure(classes) == ("None of these", "Unsure (2)")
    entries = [ImageEntry(pictures / "a" / "1.jpg", one) for one in (*classes, *none_and_unsure(classes))]
    written = sort(entries, tmp_path / "out", classes=classes)
    folders = [one.name for one in sorted((tmp_path / "out").iterdir()) if one.is_dir()]
    assert folders == ["None of these", "Unsure (2)", "_", "_CON", "a_b", "a_b (2)", "unsure"]
    assert "classes.csv has the names." in written.sentence


@IMAGES
def test_a_folder_with_files_is_refused_and_keeps_them(
    images: Images, entries: list[ImageEntry], pictures: Path, tmp_path: Path
) -> None:
    before, out = tree(pictures), tmp_path / "out"
    out.mkdir()
    (out / "mine.jpg").write_bytes(b"mine")
    for write in (lambda: sort(entries, out, images), lambda: check_target(out)):
        with pytest.raises(UserError, match="already exists and is not empty"):
            write()
    assert (tree(out), tree(pictures)) == ({"mine.jpg": b"mine"}, before)
    (out / "mine.jpg").unlink()
    check_target(out)
    assert tree(sort(entries, out, images).path) == SORTED, "an empty one is as good as new"


def test_places_that_cannot_be(entries: list[ImageEntry], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no picture to sort"):
        sort([], tmp_path / "out")
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for out in (tmp_path / "file", tmp_path / "file" / "out", tmp_path / "link", tmp_path / ("x" * 300)):
        with pytest.raises(UserError):
            check_target(out)
    check_target(tmp_path / "new" / "out")
    assert left(tmp_path) == ["file", "link", "pictures"]


@IMAGES
def test_files_that_are_gone_or_no_pictures_are_left_out(images: Images, pictures: Path, tmp_path: Path) -> None:
    (pictures / "pipe.jpg").symlink_to("/dev/null")
    (pictures / "link.jpg").symlink_to(pictures / "a" / "1.jpg")
    entries = [ImageEntry(pictures / name, "daisy") for name in ("gone.jpg", "pipe.jpg", "link.jpg", "b/1.jpg")]
    written = sort(entries, tmp_path / "out", images)
    assert tree(tmp_path / "out") == {"daisy/1.jpg": b"b 1.jpg", "daisy/link.jpg": b"a 1.jpg"}
    assert not any(one.is_symlink() for one in (tmp_path / "out").rglob("*"))
    assert written.left_out == 2
    assert written.sentence.startswith("2 pictures ")
    assert f"2 left out: {pictures / 'gone.jpg'}: there is no such file" in written.sentence


def test_where_every_picture_is_left_out_there_is_no_folder(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^0 pictures copied, 1 left out: .*gone\.jpg: there is no such file\.$"):
        sort([ImageEntry(pictures / "gone.jpg", "daisy")], tmp_path / "out")
    assert left(tmp_path) == ["pictures"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs another file system")
def test_links_to_another_file_system_are_copies_and_it_says_so(entries: list[ImageEntry], pictures: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        if Path(other).stat().st_dev == pictures.stat().st_dev:
            pytest.skip("it is the same one")
        written = sort(entries, Path(other) / "out", Images.LINK)
        assert written.sentence == "4 pictures linked (4 of them copied, since no link can be made there)."
        assert tree(written.path) == SORTED


@IMAGES
def test_a_full_disk_leaves_nothing_and_it_can_be_done_again(
    images: Images, entries: list[ImageEntry], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, done = tree(pictures), []
    owner, name = (copy_export.os, "link") if images is Images.LINK else (copy_export, "copy_contents")
    real = getattr(owner, name)

    def filling(source: Path, target: Path) -> None:
        if len(done) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, filling)
        with pytest.raises(UserError, match="The disk is full"):
            sort(entries, tmp_path / "out", images)
    assert len(done) == 2
    assert (left(tmp_path), tree(pictures)) == (["pictures"], before)
    assert tree(sort(entries, tmp_path / "out", images).path) == SORTED


@IMAGES
def test_wherever_a_sort_is_stopped_nothing_is_left_of_it(
    images: Images, entries: list[ImageEntry], pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_layout, "Throttle", type("Always", (), {"due": lambda _: True}))
    before, out = tree(pictures), tmp_path / "out"
    for place in range(4):

        def cancel(token: CancelToken) -> None:
            assert not out.exists(), "it appears when it is complete"
            token.cancel()

        token = meanwhile(cancel, lambda event, place=place: event.done == place)
        with pytest.raises(Cancelled):
            sort_files(lambda: iter(entries), 4, CLASSES, out, images, token)
        assert (left(tmp_path), tree(pictures)) == (["pictures"], before)


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
    sure, no = np.array([0.9, 0.8, 0.95, 0.1, 0.5], np.float32), np.full(5, np.nan, np.float32)
    best = np.array([bee, ant, bee, ant, bee])
    zero_shot = np.array([bee] * 5), np.full(5, 0.99, np.float32)
    context.predictions = Predictions(
        ids[:5], *zero_shot, best, sure, OpenSetScores(sure, no), thresholds=Thresholds(0.3)
    )
    return made


def test_what_goes_where(context: ProjectContext, project: Path) -> None:
    assert sorted_counts(context, 0.8, labelled=True) == [("ant", 2), ("bee", 1), ("None of these", 1), ("Unsure", 1)]
    assert sorted_counts(context, 0.0, labelled=False) == [("ant", 1), ("bee", 2), ("None of these", 1), ("Unsure", 0)]
    assert sorted_counts(context, 1.0, labelled=False) == [("ant", 0), ("bee", 0), ("None of these", 1), ("Unsure", 3)]
    assert sorted_counts(context, float(np.float32(0.8)), labelled=False)[0] == ("ant", 1), "just as sure is enough"
    assert sorted_counts(context, float(np.nextafter(np.float32(0.8), 1)), labelled=False)[0] == ("ant", 0)
    context.predictions = None
    assert sorted_counts(context, 0.5, labelled=True)[0] == ("ant", 1)
    assert len(sort_targets(context, 0.5, labelled=False)[0]) == 0


@IMAGES
def test_a_project_is_sorted(images: Images, context: ProjectContext, project: Path, tmp_path: Path) -> None:
    ids = context.select(Filter(order=Order.NAME)).tolist()
    rows, before, out = context.project.image_rows(ids), tree(project), tmp_path / "out"
    written = sort_project(context, out, images, 0.8, CancelToken(), labelled=True)
    assert written.sentence == f"5 pictures {'linked' if images is Images.LINK else 'copied'}."
    assert list(tree(out)) == [
        "None of these/p 03.jpg", "Unsure/p 04.jpg", "ant/p 00.jpg", "ant/p 01.jpg", "bee/p 02.jpg"
    ]  # fmt: skip
    assert tree(project) == before
    assert context.project.image_rows(ids) == rows


def test_what_is_kept_in_the_project_gets_no_keyword(context: ProjectContext, project: Path, tmp_path: Path) -> None:
    inside = context.project.images_dir
    inside.mkdir()
    path = inside / "own.jpg"
    shutil.copyfile(project / "p" / "p 05.jpg", path)
    (project / "p" / "p 05.jpg").unlink()
    imported(context, path)
    ids = context.project.ids_for_paths([path])
    context.project.assign([int(ids[0] or 0)], context.classes[0].id)
    written = sort_project(context, tmp_path / "out", Images.COPY, 0.8, CancelToken(), labelled=True)
    assert written.sentence == "6 pictures copied."
    keywords = write_project_keywords(context, 0.8, CancelToken(), labelled=True)
    assert keywords.left_out == [f"{path}: it is kept in the project"]
    assert list(inside.iterdir()) == [path]


def test_a_picture_that_changed_since_it_was_predicted_is_left_out(
    context: ProjectContext, project: Path, tmp_path: Path
) -> None:
    (project / "p" / "p 02.jpg").write_bytes(b"another")
    (project / "p" / "p 03.jpg").unlink()
    written = sort_project(context, tmp_path / "out", Images.COPY, 0.8, CancelToken(), labelled=True)
    assert written.left_out == 2
    assert written.sentence.startswith("3 pictures copied, 2 left out: ")
    assert all(f"p 0{number}.jpg: " in written.sentence for number in (2, 3))


def test_keywords_of_a_project(context: ProjectContext, project: Path) -> None:
    report = write_project_keywords(context, 0.8, CancelToken(), labelled=True)
    assert report.sentence() == "Keywords written for 3 pictures."
    written = sorted(one.name for one in project.rglob("*.xmp"))
    assert written == ["p 00.jpg.xmp", "p 01.jpg.xmp", "p 02.jpg.xmp"]
    with pytest.raises(UserError, match="No prediction reaches this limit"):
        write_project_keywords(context, 1.0, CancelToken(), labelled=False)
