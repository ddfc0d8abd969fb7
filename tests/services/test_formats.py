"""Round trips: a project, written in a format and read into a new project, has the same labels, uses and classes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torchvision.datasets import ImageFolder
from torchvision.datasets.folder import IMG_EXTENSIONS

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.safe_csv import safe_cell, unescaped_cell
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.media import image_formats
from mma_desktop.media.decoding import preview
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Format, Images
from mma_desktop.services.formats.exporting import Splits, export
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.registry import FORMATS, find_format, recognise
from mma_desktop.services.image_index import Filter, Order
from mma_desktop.services.images import importing
from mma_desktop.services.training import set_apart
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import backup_files, restore
from tests.steps import meanwhile

from .format_steps import read, state, take, write

WRITTEN = [one for one in FORMATS if one.write]
HARD = ("ant", "grand piano", "Käfer, groß", "=SUM(A1)", '"quoted" & <odd>')
"""Class names; folder names take all but the last as they are."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Small pictures in folders whose names collide; the last ones stay unlabelled."""
    rng = np.random.default_rng(0)
    for number in range(15):
        folder = tmp_path / "pictures" / str(number % 3)
        folder.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 255, (12, 12, 3), np.uint8)
        Image.fromarray(pixels).save(folder / (f"Bild ä {number // 3}.png" if number % 2 else f"a.{number // 6}.png"))
    return tmp_path / "pictures"


@pytest.fixture
def filled(context: ProjectContext, pictures: Path) -> ProjectContext:
    """A project with labels of all uses, hard names, unlabelled images and a class without images."""
    return fill(context, pictures, HARD)


def fill(context: ProjectContext, pictures: Path, names: tuple[str, ...]) -> ProjectContext:
    importing.import_paths(context, [pictures], CancelToken())
    context.project.add_classes([*names, "nobody"])
    ids = context.select(Filter(order=Order.NAME)).tolist()
    assert len(ids) == 15
    for number, image in enumerate(ids[:12]):
        context.project.assign([image], context.classes[number % len(names)].id)
    context.project.set_use(ids[0:3], Use.SHOT)
    context.project.set_use(ids[3:5], Use.VALIDATION)
    context.project.set_use(ids[5:7], Use.TEST)
    return context


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[ProjectContext]:
    made = ProjectContext(Project.create(tmp_path / "fresh.mma"), threads=1)
    yield made
    made.close()


@pytest.mark.parametrize("format_id", ["csv", "fiftyone"])
def test_what_the_model_reads_goes_along(
    filled: ProjectContext, fresh: ProjectContext, tmp_path: Path, format_id: str
) -> None:
    first, second, third = filled.classes[:3]
    filled.project.set_reads({first.id: "insect, small", third.id: "beetle"})
    out = tmp_path / ("t.csv" if format_id == "csv" else "out")
    write(filled, format_id, out)
    if format_id == "csv":
        lines = out.read_text("utf-8").splitlines()
        assert lines[0] == "file_name,label,split,prediction,confidence,reads"
        assert lines[1].endswith(',ant,shot,,,"insect, small"')
        assert lines[2].endswith(",grand piano,shot,,,")
    fresh.project.add_classes([third.name, second.name], reads={second.name: "piano"})
    take(fresh, read(out))
    reads = {one.name: one.reads for one in fresh.classes}
    assert (reads[first.name], reads[second.name], reads[third.name]) == ("insect, small", "piano", "beetle")
    assert state(fresh)
    assert fresh.project.undo_title is not None
    fresh.project.undo()
    assert [(one.name, one.reads) for one in fresh.classes] == [(third.name, ""), (second.name, "piano")]


def test_a_table_whose_classes_would_read_the_same_is_refused_whole(
    fresh: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    fresh.project.add_classes(["Ameise"], reads={"Ameise": "ant"})
    picture = next(pictures.rglob("*.png"))
    for text in (f"file,label\n{picture},Ant\n", f"file,label,reads\n{picture},Emse,ant\n"):
        (tmp_path / "t.csv").write_text(text, "utf-8")
        with pytest.raises(UserError, match=r"would read 'ant' for both 'Ameise' and .* Nothing was imported"):
            take(fresh, read(tmp_path / "t.csv"))
    assert not len(fresh.index.columns.ids)
    (tmp_path / "t.csv").write_text(f"file,label,reads\n{picture},ameise,emmet\n", "utf-8")
    take(fresh, read(tmp_path / "t.csv"))
    assert [(one.name, one.reads) for one in fresh.classes] == [("Ameise", "ant")], "what is there stays"
    take(fresh, read(tmp_path / "t.csv"), overwrite=True)
    assert [(one.name, one.reads) for one in fresh.classes] == [("Ameise", "emmet")]


def test_what_has_a_problem_is_left_out_and_said(context: ProjectContext, pictures: Path, tmp_path: Path) -> None:
    (pictures / "odd.png").write_bytes(b"no picture")
    importing.import_paths(context, [pictures], CancelToken())
    context.project.add_classes(["ant"])
    context.project.assign(context.select(Filter()).tolist(), context.classes[0].id)
    written = export(
        context,
        find_format("csv"),
        tmp_path / "t.csv",
        CancelToken(),
        Images.NONE,
        labelled_only=False,
    )
    assert written.sentence.endswith("1 file with a problem is left out.")
    assert "odd.png" not in written.path.read_text("utf-8")


WAYS = [(one, images) for one in WRITTEN for images in one.images]


@pytest.mark.parametrize(("chosen", "images"), WAYS, ids=[f"{one.id}-{images}" for one, images in WAYS])
def test_round_trip(
    chosen: Format, images: Images, context: ProjectContext, fresh: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    before = state(fill(context, pictures, HARD))
    out = tmp_path / f"out{chosen.suffix}"
    written = write(context, chosen.id, out, images, labelled_only=False)
    assert written.path == out
    if images is not Images.NONE:
        context.project.close()
        shutil.move(pictures, tmp_path / "elsewhere")
    assert recognise(out) is chosen
    listing = read(out)
    assert not listing.problems
    report = take(fresh, listing)
    if not chosen.unlabelled:
        before = {key: value for key, value in before.items() if value[0] is not None}
    assert state(fresh) == before
    assert (report.added, report.labelled, report.notes) == (len(before), 12, ())
    named = {one.name for one in fresh.classes}
    assert named - {"nobody"} == set(HARD)
    assert ("nobody" in named) == (chosen.id in {"fiftyone", "cvat"})
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


def test_a_table_is_known_again_whatever_its_name(
    filled: ProjectContext, fresh: ProjectContext, tmp_path: Path
) -> None:
    write(filled, "csv", tmp_path / "out_csv", labelled_only=False)
    assert recognise(tmp_path / "out_csv") is find_format("csv")
    assert take(fresh, read(tmp_path / "out_csv")).labelled == 12
    assert state(fresh) == state(filled)


TORCHVISION = set(IMG_EXTENSIONS)
ULTRALYTICS = {"AVIF", "BMP", "DNG", "HEIC", "HEIF", "JP2", "JPEG", "MPO", "PNG", "TIFF", "WEBP"}
"""The formats of Pillow that its reader of class folders takes (8.4, `IMG_FORMATS`), among torchvision's."""
DATUMARO = {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
"""Of its `IMAGE_EXTENSIONS` (1.13), those that a picture of the program can have."""


@pytest.fixture
def many_kinds(context: ProjectContext, tmp_path: Path) -> ProjectContext:
    """A class with a picture of each name that is imported, each of another content."""
    rng = np.random.default_rng(2)
    pillow_heif.register_heif_opener()
    for found in image_formats.FORMATS:
        for suffix in found.suffixes:
            frames = [Image.fromarray(rng.integers(0, 255, (16, 16, 3), np.uint8)) for _ in range(2)]
            path = tmp_path / "kinds" / f"{found.pillow}{suffix}"
            path.parent.mkdir(exist_ok=True)
            frames[0].save(
                path, found.pillow, **({"save_all": True, "append_images": frames[1:]} if suffix == ".gif" else {})
            )
    importing.import_paths(context, [tmp_path / "kinds"], CancelToken())
    context.project.add_classes(["ant"])
    context.project.assign(context.select(Filter()).tolist(), context.classes[0].id)
    return context


@pytest.mark.parametrize("images", [Images.COPY, Images.LINK])
def test_other_programs_read_each_picture_of_class_folders(
    images: Images, many_kinds: ProjectContext, fresh: ProjectContext, tmp_path: Path
) -> None:
    count = sum(len(one.suffixes) for one in image_formats.FORMATS)
    unread = {"GIF", "AVIF", "HEIF"}
    converted = sum(len(one.suffixes) for one in image_formats.FORMATS if one.pillow in unread)
    sentence = write(many_kinds, "imagefolder", tmp_path / "out", images).sentence
    assert sentence == (
        f"{count} pictures {'copied' if images is Images.COPY else 'linked'}, {converted} of them written as PNG (the "
        "first frame): other programs pass over their formats."
    )
    data = ImageFolder(tmp_path / "out")
    assert len(data) == count
    for name, _ in data.samples:
        with Image.open(name) as image:
            assert image.format in ULTRALYTICS
        assert Path(name).suffix in DATUMARO & TORCHVISION
    shown = [preview(path, 16) for path in (tmp_path / "out" / "ant" / "GIF.png", tmp_path / "kinds" / "GIF.gif")]
    assert np.array_equal(*shown)
    assert take(fresh, read(tmp_path / "out", "imagefolder")).labelled == count


def test_hugging_face_reads_each_picture(many_kinds: ProjectContext, tmp_path: Path) -> None:
    assert "written as PNG" in write(many_kinds, "hf", tmp_path / "out").sentence
    suffixes = {one.suffix for one in (tmp_path / "out").iterdir()} - {".parquet"}
    assert {".gif", ".jfif"} <= suffixes
    assert not suffixes & {".mpo", ".avif", ".avifs", ".heic", ".heif", ".hif"}


@pytest.mark.parametrize("chosen", [one for one in WRITTEN if not one.suffix], ids=lambda one: one.id)
def test_original_names_are_kept_and_collisions_numbered(
    chosen: Format, filled: ProjectContext, tmp_path: Path
) -> None:
    set_apart.give_back(filled)
    write(filled, chosen.id, tmp_path / "out", splits=Splits.NONE, labelled_only=False)
    names = [one.name for one in (tmp_path / "out").rglob("*.png")]
    rows = filled.project.image_rows(filled.select(Filter()).tolist())
    originals = {row.path.name for row in rows if chosen.unlabelled or row.class_id is not None}
    assert originals & set(names) == originals
    assert all(name in originals or name.rpartition(" (")[0] + ".png" in originals for name in names)
    if chosen.id != "imagefolder":
        assert len(set(names)) == 15


@pytest.mark.parametrize("chosen", WRITTEN, ids=lambda one: one.id)
def test_nothing_that_is_there_is_replaced(chosen: Format, filled: ProjectContext, tmp_path: Path) -> None:
    out = tmp_path / f"out{chosen.suffix}"
    if chosen.suffix:
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="already exists"):
        write(filled, chosen.id, out)
    assert (out if chosen.suffix else out / "mine.txt").read_text() == "mine"
    if chosen.suffix:
        write(filled, chosen.id, out, overwrite=True)
        assert out.read_text("utf-8") != "mine"


@pytest.mark.parametrize("chosen", WRITTEN, ids=lambda one: one.id)
def test_stopping_an_export_leaves_nothing(chosen: Format, filled: ProjectContext, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    token = meanwhile(CancelToken.cancel)
    with pytest.raises(Cancelled):
        export(filled, chosen, tmp_path / f"out{chosen.suffix}", token, chosen.images[0])
    assert sorted(tmp_path.iterdir()) == before


def test_a_stopped_import_labels_what_it_stored(
    filled: ProjectContext, fresh: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(filled, "hf", tmp_path / "out")
    monkeypatch.setattr("mma_desktop.services.images.importing.BATCH_FILES", 4)
    token = meanwhile(CancelToken.cancel, lambda event: event.changes is not None and event.changes.images_added)
    report = import_listing(fresh, read(tmp_path / "out"), "a test", token)
    assert report.stopped
    assert 0 < report.added < 12
    assert report.labelled == report.added
    assert take(fresh, read(tmp_path / "out")).added == 12 - report.added
    assert len(state(fresh)) == 12


def test_an_import_that_is_stopped_at_its_end_tells_what_it_did(
    filled: ProjectContext, fresh: ProjectContext, tmp_path: Path
) -> None:
    write(filled, "hf", tmp_path / "out")
    token = meanwhile(CancelToken.cancel, lambda event: event.changes is not None and event.changes.labels)
    report = import_listing(fresh, read(tmp_path / "out"), "a test", token)
    assert (report.added, report.labelled, report.stopped) == (12, 12, False)


def test_what_a_format_cannot_do_is_refused(
    filled: ProjectContext, fresh: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="pictures 'none'"):
        write(filled, "hf", tmp_path / "out", Images.NONE)
    with pytest.raises(UserError, match="can only be read"):
        write(filled, "labelme", tmp_path / "out", Images.COPY)
    with pytest.raises(UserError, match="no labelled picture to write"):
        write(fresh, "hf", tmp_path / "out")
    importing.import_paths(fresh, [pictures], CancelToken())
    with pytest.raises(UserError, match="no labelled picture to write"):
        write(fresh, "imagefolder", tmp_path / "out", labelled_only=False)
    assert not (tmp_path / "out").exists()


def test_links_share_the_file_and_copies_do_not(filled: ProjectContext, tmp_path: Path) -> None:
    write(filled, "hf", tmp_path / "linked", Images.LINK)
    write(filled, "hf", tmp_path / "copied", Images.COPY)
    assert {one.stat().st_nlink for one in (tmp_path / "linked").rglob("*.png")} == {2}
    assert {one.stat().st_nlink for one in (tmp_path / "copied").rglob("*.png")} == {1}


def test_where_no_link_can_be_made_a_copy_is_and_is_told(
    filled: ProjectContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_drive(*_: Any, **__: Any) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", other_drive)
    set_apart.give_back(filled)
    written = write(filled, "cvat", tmp_path / "out", Images.LINK, splits=Splits.NONE)
    assert written.sentence == "12 pictures linked (12 of them copied, since no link can be made there)."


def test_a_picture_with_several_other_labels_is_one_that_kept_its_own(filled: ProjectContext, tmp_path: Path) -> None:
    write(filled, "csv", tmp_path / "labels.csv")
    listing = read(tmp_path / "labels.csv")
    first = listing.entries[0]
    others = [replace(first, label=item.name) for item in filled.classes if item.name != first.label]
    assert len(others) > 1
    report = take(filled, replace(listing, entries=(*listing.entries, *others)))
    assert len(report.notes) == 1


def test_a_persons_labels_and_uses_stay_unless_asked(filled: ProjectContext, tmp_path: Path) -> None:
    write(filled, "csv", tmp_path / "labels.csv", splits=Splits.MARKED)
    before = state(filled)
    rows = filled.project.image_rows(filled.select(Filter(order=Order.NAME)).tolist())
    other = filled.classes[-1].id
    filled.project.assign([rows[0].id], other)
    filled.project.set_use([rows[1].id], Use.VALIDATION)
    filled.project.assign([rows[2].id], None)
    listing = read(tmp_path / "labels.csv")
    report = take(filled, listing)
    assert (report.labelled, len(report.notes)) == (1, 1)
    assert "is labelled 'nobody' and was not labelled 'ant'" in report.notes[0]
    now = filled.project.image_rows([row.id for row in rows[:3]])
    assert [(row.class_id, row.source) for row in now[:1]] == [(other, LabelSource.PERSON)]
    assert now[1].use is Use.VALIDATION
    assert (now[2].source, now[2].use) == (LabelSource.FOLDER, Use.SHOT)
    assert take(filled, listing, overwrite=True).labelled == 1
    assert state(filled) == before
    assert filled.project.undo_title == "Import from a test"
    filled.project.undo()
    assert filled.project.image_rows([rows[0].id])[0].class_id == other


def test_pictures_without_a_split_beside_others_are_told(filled: ProjectContext, tmp_path: Path) -> None:
    told = {one: write(filled, one, tmp_path / one).sentence for one in ("imagefolder", "hf", "fiftyone", "cvat")}
    folder = "12 pictures copied. 5 without a split are in unsplit, which others may pass over."
    assert told.pop("imagefolder").startswith(folder)
    assert told == {"hf": folder, "fiftyone": folder, "cvat": folder.replace("unsplit", "default.txt")}
    assert len(list((tmp_path / "imagefolder" / "unsplit").rglob("*.png"))) == 5
    assert "without" not in write(filled, "hf", tmp_path / "none", splits=Splits.NONE).sentence


ODD = ("a/b", "a?b", "what?", 'okapi"q"', "con", ".hidden", "train", "classes.csv", "=1+1", "plain")
"""Class names that no folder takes, that two folders would share, or that an import would read otherwise."""


@pytest.mark.parametrize("splits", [Splits.NONE, Splits.MARKED])
def test_names_that_no_folder_takes_are_said_and_come_back(
    splits: Splits, context: ProjectContext, fresh: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    before = state(fill(context, pictures, ODD))
    if splits is Splits.NONE:
        set_apart.give_back(context)
    written = write(context, "imagefolder", tmp_path / "out", splits=splits)
    for pair in ("'a/b' is in the folder 'a_b'", "'a?b' is in the folder 'a_b (2)'", "'okapi\"q\"' is in the folder"):
        assert pair in written.sentence
    assert "plain" not in written.sentence
    assert written.sentence.endswith("classes.csv has the names.")
    table = (tmp_path / "out" / "classes.csv").read_text("utf-8")
    assert table.splitlines()[0] == "folder,class_name"
    assert recognise(tmp_path / "out") is find_format("imagefolder")
    take(fresh, read(tmp_path / "out"))
    uses = splits is Splits.MARKED
    assert state(fresh) == {
        key: (name, use if uses else None) for key, (name, use) in before.items() if name is not None
    }
    assert {one.name for one in fresh.classes} == set(ODD)
    for folder in (tmp_path / "out").rglob("what_"):
        next(folder.iterdir()).rename(folder / "what_.png")
    assert recognise(tmp_path / "out") is find_format("imagefolder"), "a picture may be named like a folder"
    assert not read(tmp_path / "out").unused


def test_folders_that_are_named_like_their_classes_need_no_table(
    context: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    fill(context, pictures, ("ant", "Käfer, groß", "a_b"))
    assert "folder" not in write(context, "imagefolder", tmp_path / "out", splits=Splits.NONE).sentence
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["Käfer, groß", "a_b", "ant"]


def test_many_renamed_folders_are_counted(context: ProjectContext, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for number in range(22):
        Image.fromarray(rng.integers(0, 255, (8, 8, 3), np.uint8)).save(tmp_path / f"{number}.png")
    importing.import_paths(context, sorted(tmp_path.glob("*.png")), CancelToken())
    context.project.add_classes([f"{number}?" for number in range(22)])
    for image, one in zip(context.select(Filter()).tolist(), context.classes, strict=True):
        context.project.assign([image], one.id)
    sentence = write(context, "imagefolder", tmp_path / "out").sentence
    assert sentence.count("is in the folder") == 20
    assert " and 2 more. classes.csv has the names." in sentence


def test_replacing_labels_backs_up_first(filled: ProjectContext, tmp_path: Path) -> None:
    write(filled, "csv", tmp_path / "labels.csv")
    listing = read(tmp_path / "labels.csv")
    before = state(filled)
    filled.project.keep_backup()
    ids = filled.select(Filter(order=Order.NAME)).tolist()
    filled.project.assign(ids[:3], filled.classes[-1].id)
    changed = state(filled)
    take(filled, listing)
    (kept,) = backup_files(filled.project.folder)
    take(filled, listing, overwrite=True)
    assert state(filled) == before
    newest = backup_files(filled.project.folder)[-1]
    assert newest != kept, "without --overwrite nothing is replaced, and nothing is backed up"
    folder = filled.project.folder
    filled.project.close()
    restore(folder, newest.path)
    again = ProjectContext(Project.open(folder), threads=1)
    assert state(again) == changed
    again.close()


def test_splits_of_all_are_those_of_a_training(filled: ProjectContext, tmp_path: Path) -> None:
    write(filled, "csv", tmp_path / "labels.csv", splits=Splits.ALL)
    assert {one.use for one in read(tmp_path / "labels.csv").entries} == set(Use)
    write(filled, "csv", tmp_path / "none.csv", splits=Splits.NONE)
    assert {one.use for one in read(tmp_path / "none.csv").entries} == {None}


def test_the_table_ends_with_a_complete_interface() -> None:
    assert {"imagefolder", "csv", "cvat", "fiftyone", "hf", "labelstudio"} <= {one.id for one in WRITTEN}
    assert [one.title.casefold() for one in FORMATS] == sorted(one.title.casefold() for one in FORMATS)
    assert len({one.id for one in FORMATS}) == len(FORMATS)
    with pytest.raises(UserError, match=r"There are .*imagefolder, .*coco, .*csv"):
        find_format("yolo")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_disarmed_cell_is_read_as_it_was(text: str) -> None:
    # An apostrophe that was there before a formula sign cannot be told from one that disarms it.
    safe = safe_cell(text)
    if safe != text or unescaped_cell(text) == text:
        assert unescaped_cell(safe) == text


@pytest.mark.parametrize("images", [Images.COPY, Images.LINK])
@pytest.mark.parametrize("chosen", [one for one in WRITTEN if Images.COPY in one.images], ids=lambda one: one.id)
def test_a_changed_picture_is_not_written_under_its_old_label(
    chosen: Format, images: Images, filled: ProjectContext, tmp_path: Path
) -> None:
    ids = filled.select(Filter(order=Order.NAME)).tolist()
    changed, same_size, touched = (row.path for row in filled.project.image_rows(ids[:3]))
    changed.write_bytes(b"xx\n")
    data = same_size.read_bytes()
    same_size.write_bytes(data[:-1] + b"?")
    os.utime(same_size, ns=(10**18, 10**18))
    os.utime(touched, ns=(10**18, 10**18))
    written = write(filled, chosen.id, tmp_path / "out", images)
    found = {path.read_bytes() for path in (tmp_path / "out").rglob("*.png")}
    assert touched.read_bytes() in found
    assert {changed.read_bytes(), same_size.read_bytes()}.isdisjoint(found)
    assert "2 left out" in written.sentence
    for path in (changed, same_size):
        assert f"{path}: changed on disk since it was imported" in written.sentence


def test_a_place_that_has_not_changed_is_taken_before_one_that_has(
    filled: ProjectContext, pictures: Path, tmp_path: Path
) -> None:
    first = sorted(pictures.rglob("*.png"))[0]
    data = first.read_bytes()
    for name in ("a copy.png", "z copy.png"):
        shutil.copyfile(first, tmp_path / name)
        importing.import_paths(filled, [tmp_path / name], CancelToken())
    (tmp_path / "z copy.png").write_bytes(b"xx\n")
    first.write_bytes(b"xx\n")
    written = write(filled, "hf", tmp_path / "out")
    assert "left out" not in written.sentence
    assert data in {path.read_bytes() for path in (tmp_path / "out").rglob("*.png")}


@pytest.mark.parametrize("chosen", WRITTEN, ids=lambda one: one.id)
def test_files_are_the_same_in_every_language(
    filled: ProjectContext, chosen: Format, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def content(out: Path) -> dict[str, bytes]:
        files = [out] if out.is_file() else sorted(one for one in out.rglob("*") if one.is_file())
        return {str(one.relative_to(out)): one.read_bytes() for one in files}

    english, other = (tmp_path / f"{name}{chosen.suffix}" for name in ("english", "other"))
    write(filled, chosen.id, english, splits=Splits.ALL, labelled_only=False)
    request.getfixturevalue("foreign")
    assert "жж" in write(filled, chosen.id, other, splits=Splits.ALL, labelled_only=False).sentence
    assert content(other) == content(english)
