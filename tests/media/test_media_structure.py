"""Small files that would keep a decoder busy for minutes, or take gigabytes, are refused before it sees them."""

from __future__ import annotations

import io
import re
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.types import ProblemKind
from mma_desktop.media import decoding, format_guards, image_formats, pixels
from mma_desktop.media.error_messages import ImageError, reason_text
from mma_desktop.media.reader import read_file


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(bytes(72))) + chunk(b"IEND", b"")


def tags(count: int, size: int) -> bytes:
    """A TIFF whose tags all point to the same bytes."""
    entries = b"".join(struct.pack("<HHII", 40_000 + number, 7, size, 8) for number in range(count))
    return b"II*\0" + struct.pack("<IH", 8, count) + entries + bytes(max(4, size - 12 * count))


JPEG = encoded(Image.new("RGB", (8, 8)), "JPEG")
EXIF_BOMB = tags(2000, 900_000)
BMP = encoded(Image.new("P", (8, 8)), "BMP")


def with_exif(exif: bytes) -> bytes:
    parts = [exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 8) + b"Exif\0\0" + part for part in parts)
    return JPEG[:2] + segments + JPEG[2:]


def many_frames(count: int) -> bytes:
    pages = [Image.new("1", (8, 8)) for _ in range(count)]
    return encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])


BOMBS = {
    "JPEG of padding": JPEG[:2] + b"\xff" * 100_000 + JPEG[2:],
    "JPEG of junk": JPEG[:3] + bytes(100_000) + JPEG[3:],
    "JPEG of nothing": b"\xff\xd8\xff" + bytes(100_000),
    "JPEG of segments": JPEG[:2] + b"\xff\xfe\0\x02" * 5000 + JPEG[2:],
    "JPEG with tags that overlap": with_exif(EXIF_BOMB),
    "JPEG with megabytes of EXIF": with_exif(bytes(5_000_000)),
    "PNG of chunks": png(chunk(b"teSt", b"") * 201_000),
    "PNG with tags that overlap": png(chunk(b"eXIf", EXIF_BOMB)),
    "TIFF with tags that overlap": tags(3000, 900_000),
    "TIFF of tags": tags(5000, 4),
    "TIFF of numbers": b"II*\0" + struct.pack("<IHHHII", 8, 1, 273, 3, 5_000_000, 8) + bytes(10_000_000),
    "GIF of comments": b"GIF89a" + bytes(7) + b"\x21\xfe" + (b"\xff" + b"x" * 255) * 20_000 + b"\0",
    "BMP of runs": BMP[:30] + b"\x01" + BMP[31:] + bytes(format_guards.MAX_RLE_BYTES),
}


@pytest.mark.parametrize("what", BOMBS)
def test_what_would_take_minutes_is_refused_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a decoder saw it")

    monkeypatch.setattr(Image, "open", never)
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[what])
    found = read_file(path)
    assert found.problem is ProblemKind.TOO_LARGE
    assert found.reason


@pytest.fixture(scope="module")
def packed() -> bytes:
    return zlib.compress(bytes(200_000_000), 9)


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_text_and_profiles_that_unpack_to_gigabytes(tmp_path: Path, packed: bytes, kind: bytes) -> None:
    body = b"name\0" + (b"\x01\0\0\0" if kind == b"iTXt" else b"\0") + packed
    path = tmp_path / "bomb.png"
    path.write_bytes(png(chunk(kind, body)))
    found = read_file(path)
    assert found.problem in {None, ProblemKind.DAMAGED}  # a profile too large is passed over, a text refuses the file
    assert kind == b"iCCP" or found.problem is not None


def test_only_the_first_of_many_frames_is_looked_at(tmp_path: Path) -> None:
    frames = [Image.new("P", (8, 8), number % 256) for number in range(300)]
    animation = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    for data in (many_frames(300), animation):
        (tmp_path / "a").write_bytes(data)
        assert read_file(tmp_path / "a").problem is None


@pytest.mark.parametrize(
    ("kind", "side", "options"),
    [
        ("WEBP", 7600, {}),
        ("JPEG", 11_000, {"progressive": True}),
        ("TIFF", 11_500, {"compression": "tiff_adobe_deflate", "tiffinfo": {278: 11_500}}),
    ],
)
def test_what_a_header_says_of_memory_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, side: int, options: dict[str, object]
) -> None:
    """The same kind of file, small: only the numbers in its header are large."""

    class Huge:
        size = width, height = side, side
        format = kind
        tag_v2 = {278: side, 277: 3, 258: (8, 8, 8)}  # noqa: RUF012 - as Pillow has it

        def getbands(self) -> tuple[str, ...]:
            return ("R", "G", "B")

    data = encoded(Image.new("RGB", (8, 8)), kind, **options)
    monkeypatch.setattr(Image, "open", lambda *_, **__: Huge())
    (tmp_path / "a").write_bytes(data)
    found = read_file(tmp_path / "a")
    assert found.problem is ProblemKind.TOO_LARGE
    assert "MB of memory" in reason_text(found.reason)


@pytest.mark.parametrize(
    ("kind", "count", "value"), [(2, 4, b"abc\0"), (7, 4, b"abc\0"), (11, 1, struct.pack("<f", float("nan")))]
)
def test_a_strip_whose_height_is_no_number_is_damage(tmp_path: Path, kind: int, count: int, value: bytes) -> None:
    data = encoded(Image.new("RGB", (8, 8)), "TIFF", compression="tiff_lzw")
    before = struct.pack("<HHIHH", 278, 3, 1, 8, 0)
    assert before in data
    path = tmp_path / "strips.tif"
    path.write_bytes(data.replace(before, struct.pack("<HHI", 278, kind, count) + value))
    assert read_file(path).problem is ProblemKind.DAMAGED
    with pytest.raises(ImageError, match="header of this TIFF picture is damaged"):
        decoding.open_image(path.read_bytes(), path)


def test_all_that_are_decoded_at_once_share_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_formats, "MEMORY", 100)
    monkeypatch.setattr(decoding, "memory_of", lambda image, *_: image.width)
    to_rgb, lock = pixels.to_rgb, threading.Lock()
    now, most = 0, 0

    def decoded(image: Image.Image, least: tuple[int, int] | None) -> Image.Image:
        nonlocal now, most
        with lock:
            now += image.width
            most = max(most, now)
        try:
            return to_rgb(image, least)
        finally:
            with lock:
                now -= image.width

    def work(needed: int) -> None:
        for _ in range(50):
            decoding.flatten(Image.new("RGB", (needed, 1)))

    monkeypatch.setattr(pixels, "to_rgb", decoded)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [10, 40, 60, 99, 100, 30, 20, 50]))
    assert 0 < most <= 100


def test_what_needs_more_than_all_memory_is_decoded_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_formats, "MEMORY", 100)  # a picture from Python is refused by its pixels alone
    work = threading.Thread(target=decoding.flatten, args=[Image.new("RGB", (30, 30))], daemon=True)
    work.start()
    work.join(20)
    assert not work.is_alive()


def test_progressive_jpegs_take_their_whole_memory_however_small_they_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = encoded(Image.new("RGB", (800, 600)), "JPEG", progressive=True)
    monkeypatch.setattr(image_formats, "MEMORY", 10 * 800 * 600)
    to_rgb, together = pixels.to_rgb, threading.Barrier(2)

    def decoded(image: Image.Image, least: tuple[int, int] | None) -> Image.Image:
        with pytest.raises(threading.BrokenBarrierError):
            together.wait(0.3)
        return to_rgb(image, least)

    monkeypatch.setattr(pixels, "to_rgb", decoded)
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(decoding.flatten, decoding.open_image(data), data, None, (50, 50)) for _ in range(2)]
    assert [job.result()[0].size for job in jobs] == [(100, 75)] * 2


# --------------------------------------------------------------------------------------
# what must not be refused


def test_a_film_behind_a_picture_is_not_taken_for_scans(tmp_path: Path) -> None:
    data = encoded(Image.new("RGB", (4000, 3000)), "JPEG") + b"\xff\xda" * 400  # as phones write moving photos
    (tmp_path / "a.jpg").write_bytes(data)
    assert format_guards.scans_of(data) == 1
    assert read_file(tmp_path / "a.jpg").problem is None


def test_markers_are_found_behind_any_padding() -> None:
    padded = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")  # as the standard says: any number of fill bytes
    rng = np.random.default_rng(0)
    for _ in range(300):
        data = rng.choice([0xFF, 0x00, 0xD0, 0xD8, 0x41], 200, p=[0.5, 0.2, 0.1, 0.1, 0.1]).astype(np.uint8).tobytes()
        ends = [(one.end(), one[1]) for one in padded.finditer(data)]
        found = format_guards._MARKER.finditer(data)  # private: no public function tells every marker
        assert [(one.end(), one[1]) for one in found] == ends


def test_segments_of_a_rich_picture(tmp_path: Path) -> None:
    segments = b"".join(b"\xff\xe2" + struct.pack(">H", 60_002) + bytes(60_000) for _ in range(200))
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    rich = encoded(Image.new("RGB", (8, 8)), "JPEG", exif=exif, progressive=True)
    (tmp_path / "a.jpg").write_bytes(rich[:2] + segments + rich[2:])
    assert read_file(tmp_path / "a.jpg").problem is None
    assert format_guards.is_progressive(rich)
    assert not format_guards.is_progressive(JPEG)
