"""Every kind of problem on real files, and what a good file's record says."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import struct
import sys
import tempfile
import threading
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec, ProblemKind
from mma_desktop.media import image_formats
from mma_desktop.media.decoding import decode, decode_file, preview, read_bytes
from mma_desktop.media.error_messages import ImageError, reason_text
from mma_desktop.media.reader import Thumbnails, read_file

pillow_heif.register_heif_opener()  # for writing
SPEC = ImageSpec(64, 64, (0.5,) * 3, (0.5,) * 3)


def photo(width: int = 90, height: int = 60, seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_header(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


KINDS = [
    ("JPEG", "jpg"),
    ("PNG", "png"),
    ("WEBP", "webp"),
    ("GIF", "gif"),
    ("BMP", "bmp"),
    ("TIFF", "tif"),
    ("AVIF", "avif"),
    ("HEIF", "heic"),
]


@pytest.mark.parametrize(("kind", "suffix"), KINDS)
def test_a_good_file_of_each_format(tmp_path: Path, kind: str, suffix: str) -> None:
    data = encoded(photo(), kind)
    path = put(tmp_path, f"a.{suffix}", data)
    found = read_file(path, "cat")
    assert found.problem is None
    assert (found.width, found.height, found.format) == (90, 60, kind)
    assert found.content_hash == hashlib.sha256(data).digest()
    assert (found.size, found.mtime_ns) == (len(data), path.stat().st_mtime_ns)
    assert found.folder_class == "cat"
    begins = image_formats.format_by_magic(data)
    assert begins is not None
    assert begins.pillow == kind


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    assert read_file(put(tmp_path, "a.jpg", encoded(photo(), "PNG"))).format == "PNG"


def test_empty(tmp_path: Path) -> None:
    found = read_file(put(tmp_path, "a.jpg", b""))
    assert found.problem is ProblemKind.EMPTY
    assert found.reason


@pytest.mark.parametrize(("kind", "suffix"), KINDS)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_truncated(tmp_path: Path, kind: str, suffix: str, share: float) -> None:
    data = encoded(photo(300, 200), kind)
    found = read_file(put(tmp_path, f"a.{suffix}", data[: int(len(data) * share)]))
    assert found.problem in {ProblemKind.TRUNCATED, ProblemKind.DAMAGED}
    if kind in {"JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF"}:
        assert found.problem is ProblemKind.TRUNCATED
    assert found.content_hash is not None


def test_only_the_beginning_of_a_header(tmp_path: Path) -> None:
    found = read_file(put(tmp_path, "a.png", encoded(photo(), "PNG")[:12]))
    assert found.problem is ProblemKind.TRUNCATED


def test_damaged(tmp_path: Path) -> None:
    data = bytearray(encoded(photo(), "PNG"))
    at = data.index(b"IDAT") + 8
    data[at : at + 12] = b"\xff" * 12
    assert read_file(put(tmp_path, "a.png", bytes(data))).problem is ProblemKind.DAMAGED
    assert read_file(put(tmp_path, "b.png", b"\0" * 4000)).problem is ProblemKind.DAMAGED


def test_text_renamed_is_no_image(tmp_path: Path) -> None:
    found = read_file(put(tmp_path, "notes.jpg", b"Dear diary,\n" * 50))
    assert found.problem is ProblemKind.NOT_AN_IMAGE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"8BPS\0\1" + b"\0" * 60, "Photoshop"),
        (b"%PDF-1.7\n" + b"x" * 60, "PDF"),
        (b"<?xml version='1.0'?>\n<svg xmlns=''></svg>", "SVG"),
        (b"P6 1 1 255\n\0\0\0", "any-map"),
    ],
)
def test_unsupported_formats_are_named(tmp_path: Path, data: bytes, words: str) -> None:
    found = read_file(put(tmp_path, "a.jpg", data))
    assert found.problem is ProblemKind.UNSUPPORTED
    assert words in reason_text(found.reason)
    assert "JPEG, PNG" in reason_text(found.reason)


def test_a_format_that_pillow_reads_but_is_not_listed_is_refused(tmp_path: Path) -> None:
    for kind in ("PPM", "TGA", "ICO", "PCX", "JPEG2000", "DDS"):
        found = read_file(put(tmp_path, "a.png", encoded(photo(), kind)))
        assert found.problem in {ProblemKind.UNSUPPORTED, ProblemKind.NOT_AN_IMAGE}, kind


@pytest.mark.parametrize("side", [14_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    from PIL import PngImagePlugin

    def never(self: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", never)
    found = read_file(put(tmp_path, "a.png", png_header(side, side)))
    assert found.problem is ProblemKind.TOO_LARGE
    assert "megapixels" in reason_text(found.reason)


def test_a_large_picture_below_the_limit_gives_no_warning(tmp_path: Path) -> None:
    found = read_file(put(tmp_path, "a.png", png_header(10_000, 9_500)))  # Pillow warns from 89.5 megapixels on
    assert found.problem in {ProblemKind.TRUNCATED, ProblemKind.DAMAGED}


def test_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    with path.open("wb") as handle:
        handle.truncate(image_formats.MAX_FILE_BYTES + 1)
    found = read_file(path)
    assert found.problem is ProblemKind.TOO_LARGE
    assert found.content_hash is None
    assert found.size == image_formats.MAX_FILE_BYTES + 1


def test_a_jpeg_of_a_thousand_scans_is_refused(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.new("RGB", (64, 64)), "JPEG", progressive=True))
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 12_000, 12_000)
    scan = bytes(data[data.rindex(b"\xff\xda") : -2])
    found = read_file(put(tmp_path, "a.jpg", bytes(data[:-2]) + scan * 1000 + b"\xff\xd9"))
    assert found.problem is ProblemKind.TOO_LARGE
    assert "scans" in reason_text(found.reason)


def test_vanished_and_broken_link(tmp_path: Path) -> None:
    assert read_file(tmp_path / "gone.jpg").problem is ProblemKind.VANISHED
    link = tmp_path / "link.jpg"
    link.symlink_to(tmp_path / "gone.jpg")
    found = read_file(link)
    assert found.problem is ProblemKind.VANISHED
    assert "link" in reason_text(found.reason)
    assert read_file(put(tmp_path, "a", b"x") / "b.jpg").problem is ProblemKind.VANISHED


def test_link_loop(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    assert read_file(tmp_path / "a.jpg").problem is ProblemKind.LINK_LOOP


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_a_socket_a_device_and_a_folder_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server, tempfile.TemporaryDirectory() as short:
        server.bind(f"{short}/s.jpg")
        paths = [tmp_path / "pipe.jpg", Path(short) / "s.jpg", Path("/dev/zero"), tmp_path]
        assert [read_file(path).problem for path in paths] == [ProblemKind.NOT_AN_IMAGE] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="files of the kernel")
def test_a_file_whose_size_is_not_told_is_read_to_its_end() -> None:
    path = Path("/proc/version")
    assert path.stat().st_size == 0
    assert read_bytes(path)[0] == path.read_bytes()


def test_a_name_with_a_null_byte(tmp_path: Path) -> None:
    assert read_file(Path("a\0b.jpg")).problem is ProblemKind.UNREADABLE


def test_unreadable(as_nobody: Path) -> None:
    path = put(as_nobody, "a.jpg", encoded(photo(), "JPEG"))
    path.chmod(0)
    found = read_file(path)
    assert found.problem is ProblemKind.UNREADABLE
    assert "permission" in reason_text(found.reason)
    assert found.size > 0


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode there")
def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    path.write_bytes(encoded(photo(), "JPEG"))
    assert read_file(path).problem is None
    path.write_bytes(b"")
    with pytest.raises(ImageError) as error:
        decode(path, SPEC)
    str(error.value).encode("utf-8")
    assert error.value.kind is ProblemKind.EMPTY
    assert isinstance(error.value, UserError)


def test_decode_file_checks_the_hash(tmp_path: Path) -> None:
    data = encoded(photo(), "PNG")
    path = put(tmp_path, "a.png", data)
    good = decode_file(path, SPEC, hashlib.sha256(data).digest())
    assert np.array_equal(good, decode(path, SPEC))
    assert np.array_equal(good, decode_file(path, SPEC, None))
    path.write_bytes(encoded(photo(seed=1), "PNG"))
    with pytest.raises(ImageError, match="changed on disk since it was imported"):
        decode_file(path, SPEC, hashlib.sha256(data).digest())


def test_odd_metadata_gives_no_warning_and_no_problem(tmp_path: Path) -> None:
    exif = (
        b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x0f\x01\x02\0\xff\xff\xff\x7f\xff\xff\xff\x7f"
    )
    found = read_file(put(tmp_path, "a.jpg", encoded(photo(), "JPEG", exif=exif)))
    assert found.problem is None
    tiff = bytearray(encoded(photo(), "TIFF"))
    at = struct.unpack("<I", tiff[4:8])[0]
    count = struct.unpack("<H", tiff[at : at + 2])[0]
    tiff[at : at + 2] = struct.pack("<H", count + 9)
    read_file(put(tmp_path, "a.tif", bytes(tiff)))


def test_ten_threads_with_warnings_as_errors(tmp_path: Path) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\x09\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
    path = put(tmp_path, "a.jpg", encoded(photo(), "JPEG", exif=exif))
    start = threading.Barrier(10)

    def read() -> ProblemKind | None:
        start.wait()
        return {read_file(path).problem for _ in range(20)}.pop()

    with ThreadPoolExecutor(10) as pool:
        assert {job.result() for job in [pool.submit(read) for _ in range(10)]} == {None}


def test_warnings_of_others_still_come_through() -> None:
    image_formats.quiet_pillow()
    with pytest.raises(UserWarning):
        warnings.warn("mine", UserWarning, stacklevel=1)


# --------------------------------------------------------------------------------------
# mutations

GOOD = [encoded(photo(40, 30, i), kind) for i, (kind, _) in enumerate(KINDS)]
GOOD += [encoded(photo(40, 30).quantize(16), "PNG"), encoded(photo(40, 30), "JPEG", progressive=True)]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, len(GOOD) - 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), max_size=12),
    keep=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_mutations_never_raise(tmp_path: Path, which: int, flips: list[tuple[float, int]], keep: float) -> None:
    data = bytearray(GOOD[which])
    for place, bit in flips:
        data[int(place * (len(data) - 1))] ^= 1 << bit
    data = data[: int(len(data) * keep)]
    path = put(tmp_path, "a.bin", bytes(data))
    found = read_file(path, None, Thumbnails(tmp_path / "thumbs"))
    assert found.content_hash == hashlib.sha256(data).digest()
    if found.problem is None:
        assert found.width > 0
        assert found.height > 0
        assert found.format in image_formats.PILLOW_NAMES
        assert decode(path, SPEC).shape == (64, 64, 3)
    else:
        assert found.reason
        with pytest.raises(ImageError):
            decode(path, SPEC)
        with pytest.raises(ImageError):
            preview(path, 32)
