"""Names from strangers never leave the folder they are meant for, on any system."""

from __future__ import annotations

import csv
import io
import os
from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mma_desktop import __main__
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import is_inside, leads_out
from mma_desktop.core.safe_csv import UNDECODABLE
from mma_desktop.services.batch.sharding.image_list import listing
from mma_desktop.services.formats import exporting
from mma_desktop.services.formats.dataset import Images
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.registry import FORMATS
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, free_project_folder
from tests.services.format_steps import read, state, take, write
from tests.strangers.test_current_folder import zero_shot

NAMES = ["../x", "CON", "nul.txt", "COM1", "a/b", "a\\b", "ends with dot.", "ends with blank ", "C:x", "a:b", ".hidden"]
NAMES += ["..", "~", "x" * 199, "ж" * 199, "a\u202etxt.exe", "LPT¹", "con .jpg"]


@pytest.mark.parametrize(
    "name", ["..", "../x", "a/../../x", "/x", "\\x", "C:\\x", "C:x", "\\\\host\\share\\x", "", "a\0"]
)
def test_what_leads_out_by_its_text(name: str) -> None:
    assert not is_inside(name)


@pytest.mark.parametrize("name", ["CON", "runs/nul.safetensors", "com1.txt", "a/PRN", "a/LPT9 .x", "a.txt:stream"])
def test_devices_and_streams(name: str) -> None:
    assert not is_inside(name)


@pytest.mark.parametrize("name", ["a", "runs/20260101-120000-mma.safetensors", "a b/c..d.jpg", "console", "nullable/x"])
def test_what_stays_inside(name: str) -> None:
    assert is_inside(name)


@given(st.text(st.sampled_from("./\\:ab~ \0") | st.characters(), max_size=12))
def test_no_text_that_is_called_inside_leads_out(name: str) -> None:
    root = Path("/root of it/inner")
    if is_inside(name):
        normal = Path(*(part for part in PureWindowsPath(name).parts))
        assert not normal.is_absolute()
        assert ".." not in normal.parts
        assert (root / name).is_relative_to(root)


def test_links_that_lead_out(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    try:
        (inside / "link").symlink_to(outside)
        (tmp_path / "also in").symlink_to(inside)
    except OSError:
        pytest.skip("this user may not make links")
    assert leads_out(inside, inside / "link")
    assert leads_out(inside, inside / "link" / "x")
    assert not leads_out(inside, inside / "not there" / "x")
    assert not leads_out(tmp_path / "also in", inside / "x")


def picture(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 9 % 256, number, 7)).save(buffer, "PNG")
    return buffer.getvalue()


def test_class_folders_of_hostile_names(tmp_path: Path) -> None:
    source = tmp_path / "pictures"
    source.mkdir()
    for number in range(len(NAMES)):
        (source / f"{number}.png").write_bytes(picture(number))
    context = create_project(tmp_path / "p.mma")
    try:
        importing.import_paths(context, [source], CancelToken())
        for image, name in zip(context.index.columns.ids.tolist(), NAMES, strict=True):
            try:
                context.project.add_classes([name])
            except UserError:
                continue
            context.project.assign([image], context.classes[-1].id)
        before = {path.name for path in tmp_path.iterdir()}
        out = tmp_path / "out"
        exporting.export(context, image_folder.FORMAT, out, CancelToken(), splits=exporting.Splits.NONE)
        labelled = int((context.index.columns.class_ids >= 0).sum())
    finally:
        context.close()
    assert {path.name for path in tmp_path.iterdir()} == before | {"out"}
    folders = [path for path in out.iterdir() if path.is_dir()]
    assert len(folders) == labelled > len(NAMES) / 2
    assert len(list(out.rglob("*.png"))) == labelled
    for folder in folders:
        assert is_inside(folder.name)
        assert folder.name == folder.name.rstrip(". ")
        assert len(folder.name.encode()) < 255
        assert not folder.name.startswith(".")


@pytest.mark.parametrize("name", [*NAMES, "x" * 300])
def test_a_project_folder_named_after_anything(tmp_path: Path, name: str) -> None:
    folder = free_project_folder(tmp_path, name)
    assert folder.parent == tmp_path
    assert is_inside(folder.name)
    assert len(folder.name.encode()) < 255
    create_project(folder).close()


WAYS = [(one.id, images) for one in FORMATS if one.write for images in one.images]
DEVICES = ["CON.jpg", "nul.jpg", "Aux.tar.jpg", "LPT9.png", "com1.jpg", "console.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="files that no Windows has")
@pytest.mark.parametrize(("form", "images"), WAYS, ids=[f"{form}-{images}" for form, images in WAYS])
def test_pictures_named_like_devices_survive_a_round_trip(form: str, images: Images, tmp_path: Path) -> None:
    for number, name in enumerate(DEVICES):
        folder = tmp_path / "pictures" / ("ant" if number % 2 else "bee")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture(number))
    out = tmp_path / ("out.csv" if form == "csv" else "out")
    with closing(create_project(tmp_path / "p.mma")) as context:
        importing.import_paths(context, [tmp_path / "pictures"], CancelToken())
        classes = {name: context.project.add_classes([name]) and context.classes[-1].id for name in ("ant", "bee")}
        for row in context.project.image_rows(context.index.columns.ids.tolist()):
            context.project.assign([row.id], classes[row.path.parent.name])
        before = state(context)
        assert len(before) == len(DEVICES)
        write(context, form, out, images)
    with closing(create_project(tmp_path / "q.mma")) as context:
        found = read(out)
        assert not found.problems
        take(context, found)
        assert {key: label for key, (label, _) in state(context).items()} == {
            key: label for key, (label, _) in before.items()
        }
    if images is not Images.NONE:  # and they can be taken to Windows
        assert all(is_inside(path.name) for path in out.rglob("*"))


UNDECODED = [b"caf\xe9.png", b"\xff\xfe.png", b'=\x80,1".png', "caf\u00e9.png".encode()]


@pytest.fixture
def undecodable(tmp_path: Path) -> Path:
    """A folder of pictures whose names are no text; skips where a file system takes none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    try:
        for number, name in enumerate(UNDECODED):
            (folder / os.fsdecode(name)).write_bytes(picture(number))
    except (OSError, UnicodeError):
        pytest.skip("this file system takes text alone")
    return folder


def in_bytes(paths: list[Path]) -> list[bytes]:
    return sorted(os.fsencode(path.name) for path in paths)


def test_undecodable_names_survive_a_table(undecodable: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    with closing(create_project(tmp_path / "p.mma")) as context:
        importing.import_paths(context, [undecodable], CancelToken())
        write(context, "csv", table, labelled_only=False)
    assert all(name.replace(b'"', b'""') in table.read_bytes() for name in UNDECODED)
    assert in_bytes([one.image for one in read(table).entries]) == sorted(UNDECODED)
    found = [one.path for one in listing([table], tmp_path / "out")]
    assert in_bytes(found) == sorted(UNDECODED)
    assert all(path.is_file() for path in found)


def test_predictions_of_undecodable_names_can_be_matched(
    undecodable: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    words = ["predict", str(zero_shot(tmp_path / "a.safetensors")), str(undecodable)]
    table = tmp_path / "p.csv"
    assert __main__.main([*words, "--out", str(table)]) == 0
    capfdbinary.readouterr()
    with table.open(encoding="utf-8", errors=UNDECODABLE, newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {row["file_name"].lstrip("'") for row in rows} == {str(path) for path in undecodable.iterdir()}
    found = read(table)
    assert in_bytes([one.image for one in found.entries]) == sorted(UNDECODED)
    assert all(one.prediction for one in found.entries)


@pytest.mark.parametrize("label", ["caf\u00e9", "plain"])
def test_a_table_in_another_encoding_is_read_in_it(tmp_path: Path, label: str) -> None:
    (tmp_path / "\u00e9.png").write_bytes(picture(1))
    (tmp_path / "plain.png").write_bytes(picture(2))
    table = tmp_path / "t.csv"
    table.write_text(f"file_name,label\nplain.png,{label}\n\u00e9.png,x\n", "latin-1")
    listing = read(table)
    assert [(one.image.name, one.label) for one in listing.entries] == [("plain.png", label), ("\u00e9.png", "x")]
    assert listing.notes[0].startswith("t.csv is not in UTF-8; it was read as Windows-1252")
