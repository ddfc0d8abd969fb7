"""HEIC, as phones write it, and camera raw files."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from mma_desktop.core.errors import install_hint
from mma_desktop.core.types import ImageSpec, ProblemKind
from mma_desktop.media import format_guards, image_formats
from mma_desktop.media.decoding import decode, decode_file, preview
from mma_desktop.media.error_messages import ImageError, reason_text
from mma_desktop.media.reader import Thumbnails, read_file
from mma_desktop.media.scan import class_folders

from .dng import dng

pillow_heif.register_heif_opener()  # for writing
SPEC = ImageSpec(64, 64, (0.5,) * 3, (0.5,) * 3)
RED, BLUE = (200, 20, 20), (20, 20, 200)


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def heic(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "HEIF", **options)
    return buffer.getvalue()


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def is_red(pixel: np.ndarray) -> bool:
    return bool(pixel[0] > 150 and pixel[2] < 100)


# ------------------------------------------------------------------ HEIC


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_heic_is_read_as_any_other_picture(tmp_path: Path, mode: str) -> None:
    path = put(tmp_path, "IMG_1.HEIC", heic(halves(600, 400, mode)))
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    found = read_file(path, thumbnails=thumbnails)
    assert (found.problem, found.width, found.height, found.format) == (None, 600, 400, "HEIF")
    small = thumbnails.load(found.content_hash)
    assert small.shape == (171, 256, 3)
    inputs = decode_file(path, SPEC, found.content_hash)
    assert inputs.shape == (64, 64, 3)
    shown = preview(path, 300)
    if mode != "L":
        assert all(map(is_red, (small[80, 20], inputs[30, 5], shown[50, 20])))
        assert not is_red(inputs[30, -5])


def test_a_heic_picture_stands_upright_once(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: to be turned to the right
    path = put(tmp_path, "a.heic", heic(halves(600, 400), exif=exif.tobytes()))
    found = read_file(path)
    assert (found.width, found.height) == (400, 600)
    shown = preview(path, 600)
    assert shown.shape == (600, 400, 3)
    assert is_red(shown[20, 200])
    assert not is_red(shown[-20, 200])


def test_a_heic_file_of_brand_mif1_and_an_avif_file_of_it_are_told_apart(tmp_path: Path) -> None:
    data = heic(halves(90, 60))
    assert read_file(put(tmp_path, "a.heic", data[:8] + b"mif1" + data[12:])).format == "HEIF"
    buffer = io.BytesIO()
    halves(90, 60).save(buffer, "AVIF", speed=10)
    data = buffer.getvalue()
    assert b"avif" in data[16:40]
    assert read_file(put(tmp_path, "a.avif", data[:8] + b"mif1" + data[12:])).format == "AVIF"


def test_heic_folders_are_class_folders(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        put(tmp_path / name, "a.HEIC", heic(halves(90, 60)))
    assert set(class_folders([tmp_path]) or ()) == {"cat", "dog"}


def test_a_heic_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    data = heic(halves(128, 64))  # no crop, which would say another size
    size = (20_000).to_bytes(4, "big")
    bomb = re.sub(rb"(ispe\0{4}).{8}", lambda found: found[1] + size + size, data, flags=re.DOTALL)
    assert bomb != data
    found = read_file(put(tmp_path, "a.heic", bomb))
    assert found.problem is ProblemKind.TOO_LARGE
    assert "megapixels" in reason_text(found.reason)


def test_exif_that_would_keep_the_decoder_busy_is_refused(tmp_path: Path) -> None:
    count = 60_000
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    bomb = b"Exif\0\0MM\0*\0\0\0\x08" + count.to_bytes(2, "big") + tag * count + bytes(1_000_000)
    found = read_file(put(tmp_path, "a.heic", heic(halves(90, 60), exif=bomb)))
    assert found.problem is ProblemKind.TOO_LARGE
    assert f"limit is {format_guards.MAX_TAGS}" in reason_text(found.reason)


def test_the_decoder_of_heic_is_loaded_with_the_first_such_picture(tmp_path: Path) -> None:
    path = put(tmp_path, "a.heic", heic(halves(90, 60)))
    code = (
        "import sys; from mma_desktop.media.reader import read_file; from pathlib import Path\n"
        "assert 'pillow_heif' not in sys.modules\n"
        f"print(read_file(Path({str(path)!r})).format, 'pillow_heif' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["HEIF", "True"]


# ------------------------------------------------------------------ camera raw

RAW_FILES = {
    "a.NEF": dng(64, 64),
    "a.dng": dng(64, 64),
    "a.raf": b"FUJIFILMCCD-RAW 0201" + bytes(100),
    "a.rw2": b"IIU\0" + bytes(100),
    "a.orf": b"IIRO" + bytes(100),
    "a.cr3": b"\0\0\0\x18ftypcrx " + bytes(100),
    "a.cr2": b"II*\0\x10\0\0\0CR\2\0" + bytes(60),
}


@pytest.mark.parametrize("name", RAW_FILES)
def test_without_the_extra_a_raw_file_is_a_problem_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(image_formats, "RAW_READABLE", False)
    path = put(tmp_path, name, RAW_FILES[name])
    found = read_file(path)
    assert found.problem is ProblemKind.UNSUPPORTED
    assert "camera raw" in reason_text(found.reason)
    assert reason_text(found.reason).endswith(install_hint("raw"))
    with pytest.raises(ImageError, match=r"pip install '\.\[raw\]'"):
        decode(path, SPEC)


@pytest.fixture
def extra() -> None:
    pytest.importorskip("rawpy")


@pytest.mark.usefixtures("extra")
def test_a_raw_file_shows_its_embedded_preview(tmp_path: Path) -> None:
    green = jpeg(Image.new("RGB", (600, 400), (20, 200, 20)))
    path = put(tmp_path, "a.dng", dng(64, 64, green, (600, 400)))
    thumbnails = Thumbnails(tmp_path / "thumbnails")
    found = read_file(path, thumbnails=thumbnails)
    assert (found.problem, found.width, found.height, found.format) == (None, 600, 400, "DNG")
    assert found.size == path.stat().st_size
    kept = thumbnails.load(found.content_hash)
    for pixels in (kept, preview(path, 300), decode_file(path, SPEC, found.content_hash)):
        assert pixels[20, 20, 1] > 150 > pixels[20, 20, 0]
    thumbnails.path(found.content_hash).unlink()
    assert thumbnails.ensure(found.content_hash, path).shape == (171, 256, 3)


@pytest.mark.usefixtures("extra")
def test_a_raw_preview_stands_upright(tmp_path: Path) -> None:
    path = put(tmp_path, "a.dng", dng(64, 64, jpeg(halves(600, 400)), (600, 400), turned=6))
    shown = preview(path, 600)
    assert shown.shape == (600, 400, 3)
    assert is_red(shown[20, 200])
    assert not is_red(shown[-20, 200])


@pytest.mark.usefixtures("extra")
@pytest.mark.parametrize("stamp", [b"", jpeg(Image.new("RGB", (160, 120), (20, 200, 20)))])
def test_a_raw_file_without_a_useful_preview_is_developed_at_half_size(tmp_path: Path, stamp: bytes) -> None:
    path = put(tmp_path, "a.dng", dng(800, 600, stamp, (160, 120), turned=6))
    found = read_file(path)
    assert (found.problem, found.width, found.height) == (None, 300, 400)
    shown = preview(path, 400)
    assert is_red(shown[20, 150])
    assert not is_red(shown[-20, 150])


@pytest.mark.usefixtures("extra")
def test_raw_files_that_cannot_be_read_are_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = dng(800, 600)
    for name, data in {**RAW_FILES, "cut.dng": whole[: len(whole) // 2]}.items():
        if name in {"a.NEF", "a.dng"}:
            continue
        found = read_file(put(tmp_path, name, data))
        assert found.problem in {ProblemKind.DAMAGED, ProblemKind.TRUNCATED}, name
        assert "b'" not in reason_text(found.reason)
    monkeypatch.setattr(image_formats, "MAX_PIXELS", 1000)
    assert read_file(put(tmp_path, "large.dng", whole)).problem is ProblemKind.TOO_LARGE


def test_nothing_of_raw_is_loaded_for_other_pictures() -> None:
    code = "import sys, mma_desktop.media.reader; assert 'rawpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
