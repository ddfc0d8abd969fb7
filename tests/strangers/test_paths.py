"""Names from strangers never leave the folder they are meant for, on any system."""

from __future__ import annotations

import io
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mma_desktop.domain import CancelToken, UserError
from mma_desktop.inside import is_inside, leads_out
from mma_desktop.session.opening import create_session, free_project_folder

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
    session = create_session(tmp_path / "p.mma")
    try:
        for _ in session.import_paths([source], CancelToken()):
            pass
        for image, name in zip(session.catalogue.columns.ids.tolist(), NAMES, strict=True):
            try:
                session.add_classes([name])
            except UserError:
                continue
            session.assign([image], session.classes[-1].id)
        before = {path.name for path in tmp_path.iterdir()}
        out = tmp_path / "out"
        for _ in session.export_class_folders(out, CancelToken()):
            pass
        labelled = int((session.catalogue.columns.class_ids >= 0).sum())
    finally:
        session.close()
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
    create_session(folder).close()
