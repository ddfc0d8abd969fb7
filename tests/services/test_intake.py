"""Pictures that are no files become files of the project, once, under names that every system takes."""

from __future__ import annotations

import hashlib
import io
import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core import paths
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.paths import clean_name
from mma_desktop.core.types import ProblemKind
from mma_desktop.media.pixels import png_bytes
from mma_desktop.services.context import ProjectContext, load_image
from mma_desktop.services.images import embedding, importing
from mma_desktop.services.images.importing import (
    UnsavedImage,
    name_from_time,
    name_from_url,
    unimported_files,
    unimported_sentence,
)
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.project_factory import open_project
from mma_desktop.store.snapshots import back_up
from tests.steps import meanwhile, run


def pixels(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (20, 30, 3), np.uint8)


def encoded(kind: str, seed: int = 0) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels(seed)).save(buffer, kind)
    return buffer.getvalue()


def taken(context: ProjectContext, *pictures: UnsavedImage) -> tuple[int, int]:
    report = importing.import_images(context, list(pictures), CancelToken())
    return report.added, report.same_bytes


def names(context: ProjectContext) -> list[str]:
    return sorted(path.name for path in context.project.images_dir.iterdir())


def test_bytes_are_kept_as_they_came_and_pixels_become_png(context: ProjectContext) -> None:
    jpeg = encoded("JPEG")
    events, report = run(
        lambda token: importing.import_images(
            context, [UnsavedImage("cat", jpeg), UnsavedImage("dog", pixels(1))], token
        )
    )
    assert report.added == 2
    assert isinstance(events[0], Progress)
    assert names(context) == ["cat.jpg", "dog.png"]
    assert (context.project.images_dir / "cat.jpg").read_bytes() == jpeg
    with Image.open(context.project.images_dir / "dog.png") as dog:
        assert (np.asarray(dog) == pixels(1)).all()
    rows = context.project.image_rows(context.index.columns.ids.tolist())
    assert [row.path.parent for row in rows] == [context.project.folder / "pictures"] * 2
    assert all(context.thumbnail(row) is not None for row in rows)


def test_the_same_picture_again_is_a_duplicate_and_no_second_file(context: ProjectContext) -> None:
    assert taken(context, UnsavedImage("cat", pixels())) == (1, 0)
    assert taken(context, UnsavedImage("again", pixels()), UnsavedImage("cat", pixels(1))) == (1, 1)
    assert names(context) == ["cat 2.png", "cat.png"]
    assert png_bytes(pixels()) == (context.project.images_dir / "cat.png").read_bytes()


def hash_ending_in_zeros() -> bytes:
    """A picture whose hash ends in zeros: NumPy drops these, so the catalogue has a shorter one."""
    small = (png_bytes(np.full((3, 4, 3), (*divmod(number, 256), 7), np.uint8)) for number in range(65_536))
    return next(data for data in small if hashlib.sha256(data).digest().endswith(b"\0"))


def test_a_picture_whose_hash_ends_in_zeros_is_pasted_once(context: ProjectContext) -> None:
    picture = UnsavedImage("cat", hash_ending_in_zeros())
    assert taken(context, picture) == (1, 0)
    assert taken(context, picture) == (0, 1)
    assert names(context) == ["cat.png"]


def test_a_picture_whose_hash_ends_in_zeros_may_vanish_before_it_is_embedded(context: ProjectContext) -> None:
    assert taken(context, UnsavedImage("cat", hash_ending_in_zeros())) == (1, 0)
    (context.project.images_dir / "cat.png").unlink()
    model_in_use.prepare(context, CancelToken())
    embedding.embed(context, CancelToken())
    (row,) = context.project.image_rows(context.index.columns.ids.tolist())
    assert row.problem is ProblemKind.VANISHED


def test_what_is_no_picture_is_refused_and_leaves_nothing(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="SVG"):
        importing.import_images(
            context, [UnsavedImage("drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>")], CancelToken()
        )
    assert not context.project.images_dir.exists()


def test_one_that_is_no_picture_keeps_none_of_them(context: ProjectContext) -> None:
    with pytest.raises(UserError, match="SVG"):
        importing.import_images(
            context, [UnsavedImage("cat", pixels()), UnsavedImage("drawing", b"<svg></svg>")], CancelToken()
        )
    assert not names(context), "a file that is not in the project would be found nowhere"
    assert taken(context, UnsavedImage("cat", pixels())) == (1, 0)
    assert names(context) == ["cat.png"]


def test_a_stop_keeps_no_file_that_is_not_imported(context: ProjectContext) -> None:
    pictures = [UnsavedImage("cat", pixels()), UnsavedImage("dog", pixels(1))]

    def cancel(token: CancelToken) -> None:
        assert names(context) == ["cat.png"]
        token.cancel()

    with pytest.raises(Cancelled):
        importing.import_images(context, pictures, meanwhile(cancel, lambda event: event.done == 1))
    assert not names(context)
    written = meanwhile(CancelToken.cancel, lambda event: event.message == "Looking for pictures")
    assert importing.import_images(context, pictures, written).stopped
    assert not names(context)
    assert not len(context.index.columns.ids)


def test_a_full_disk_leaves_no_half_file(context: ProjectContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="full"):
        importing.import_images(context, [UnsavedImage("cat", pixels())], CancelToken())
    assert not names(context)
    assert not len(context.index.columns.ids)


def test_pictures_of_a_moved_project_are_found(context: ProjectContext, tmp_path: Path) -> None:
    taken(context, UnsavedImage("cat", pixels()))
    context.close()
    shutil.move(tmp_path / "test.mma", tmp_path / "moved.mma")
    moved = open_project(tmp_path / "moved.mma", 1)
    try:
        (row,) = moved.project.image_rows(moved.index.columns.ids.tolist())
        assert row.path == tmp_path / "moved.mma" / "pictures" / "cat.png"
        assert load_image(row, 100).shape == (20, 30, 3)
    finally:
        moved.close()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/red%20car.jpeg?size=3#x", "red car"),
        ("https://example.org/", ""),
        ("https://example.org/photo.php?id=5", "photo"),
        ("http://example.org/%2e%2e%2fetc%2fpasswd", "passwd"),
        ("https://example.org/a%5cb%3a%00c.png", "a b c"),
        ("https://[broken", ""),
        ("https://example.org/" + "x" * 300 + ".png", "x" * paths.MAX_LETTERS),
    ],
)
def test_the_name_is_the_last_part_of_the_address(url: str, name: str) -> None:
    assert name_from_url(url) == name


def test_names_fit_every_system() -> None:
    assert clean_name("..hidden. ") == "hidden"
    assert clean_name("con") == "_con"
    assert clean_name("a\udc80b") == "a b"
    assert clean_name("\U0001f600" * 80) == "\U0001f600" * (paths.MAX_BYTES // 4)
    assert name_from_time("pasted", datetime(2026, 11, 25, 10, 31, 5)) == "pasted 2026-11-25 10.31.05"


# --------------------------------------------------------------------------------------
# pictures that are on the disk and in no image


def lose_power(context: ProjectContext, before: bytes) -> ProjectContext:
    """Close the project and bring back the database of before, as a power cut or a restored backup does."""
    context.close()
    (context.project.folder / "project.db").write_bytes(before)
    return open_project(context.project.folder, 1)


def state(context: ProjectContext) -> bytes:
    """The database as it is."""
    return back_up(context.project.folder).read_bytes()


def taken_back(context: ProjectContext) -> list[str]:
    found = unimported_files(context)
    if found:
        importing.import_paths(context, found, CancelToken())
        assert unimported_files(context) == []
    return [path.name for path in found]


def test_pictures_that_a_power_cut_left_alone_are_taken_in_again(context: ProjectContext) -> None:
    context.project.follow_images()
    before = state(context)
    taken(context, *(UnsavedImage(f"p{number}", pixels(number)) for number in range(12)))
    again = lose_power(context, before)
    try:
        assert not len(again.index.columns.ids)
        (again.project.images_dir / "Thumbs.db").write_text("no picture")
        (again.project.images_dir / "folder.png").mkdir()
        (again.project.images_dir / "link.png").symlink_to("p1.png")
        assert sorted(taken_back(again)) == sorted(f"p{number}.png" for number in range(12))
        assert len(again.index.columns.ids) == 12
        assert not again.index.columns.labelled.any()
        assert "12 pictures" in unimported_sentence(12)
    finally:
        again.close()


def test_what_a_person_removed_stays_removed(context: ProjectContext) -> None:
    taken(context, *(UnsavedImage(f"p{number}", pixels(number)) for number in range(4)))
    context.project.remove_images([1])
    context.project.keep_one([(2, [3])])
    assert taken_back(context) == []
    context.close()
    again = open_project(context.project.folder, 1)
    try:
        assert names(again) == ["p0.png", "p1.png", "p2.png", "p3.png"]
        assert taken_back(again) == []
        again.project.remove_images([4])
        again.project.undo()
        again.project.redo()
        assert taken_back(again) == []
        again.project.undo()
        assert taken_back(again) == []
        assert again.project.setting("pictures_removed") == ["p0.png", "p2.png"]
    finally:
        again.close()


def test_a_picture_that_is_removed_and_pasted_anew_is_one_image(context: ProjectContext) -> None:
    taken(context, UnsavedImage("cat", pixels()))
    context.project.remove_images([1])
    assert taken(context, UnsavedImage("cat", pixels())) == (1, 0)
    assert taken_back(context) == []
    assert len(context.index.columns.ids) == 1


def test_a_stray_with_the_bytes_of_an_image_is_one_more_place_of_it(context: ProjectContext) -> None:
    taken(context, UnsavedImage("cat", pixels()))
    shutil.copy(context.project.images_dir / "cat.png", context.project.images_dir / "copy.png")
    assert taken_back(context) == ["copy.png"]
    (row,) = context.project.image_rows(context.index.columns.ids.tolist())
    assert len(set(row.places)) == 2


def test_pictures_of_a_moved_project_are_no_strays(context: ProjectContext, tmp_path: Path) -> None:
    taken(context, UnsavedImage("cat", pixels()), UnsavedImage("dog", pixels(1)))
    context.project.remove_images([2])
    context.close()
    shutil.move(tmp_path / "test.mma", tmp_path / "moved.mma")
    moved = open_project(tmp_path / "moved.mma", 1)
    try:
        assert taken_back(moved) == []
    finally:
        moved.close()
