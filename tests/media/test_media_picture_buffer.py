"""Pictures handed from an import to an embedding: the same bytes as decoded from the file, bounded, nothing kept."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.types import ImageSpec, ProblemKind
from mma_desktop.media.decoding import decode_file
from mma_desktop.media.image_buffer import ImageBuffer
from mma_desktop.media.reader import Thumbnails, read_file

MEAN = (0.5, 0.5, 0.5)
SPECS = {
    "starter": ImageSpec(224, 224, MEAN, MEAN),
    "large": ImageSpec(384, 384, MEAN, MEAN),
    "squash": ImageSpec(256, 256, MEAN, MEAN, "bilinear", "squash"),
    "longest": ImageSpec(224, 224, MEAN, MEAN, "bicubic", "longest"),
    "tiny": ImageSpec(16, 16, MEAN, MEAN),
}
SIZES = [(1600, 1200), (900, 900), (640, 200), (120, 90), (300, 1400), (2560, 2400)]


def known(_: bytes) -> bool:
    return False


def photo(size: tuple[int, int], seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    soft = Image.fromarray(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = rng.integers(0, 24, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(np.clip(np.asarray(soft, np.int16) + grain, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("photos")
    found = {}
    for size in SIZES:
        made = photo(size)
        for suffix in ("jpg", "png")[: 1 if size == SIZES[-1] else 2]:  # only of a JPEG less may be decoded
            path = folder / f"{size[0]}x{size[1]}.{suffix}"
            made.save(path, **({"quality": 88} if suffix == "jpg" else {"compress_level": 1}))
            found[path.name] = path
    turned = Image.Exif()
    turned[0x0112] = 6
    made = photo((800, 600))
    made.save(folder / "turned.jpg", exif=turned)
    made.convert("L").save(folder / "grey.jpg")
    made.convert("CMYK").save(folder / "cmyk.jpg")
    made.save(folder / "progressive.jpg", progressive=True)
    photo((300, 200)).save(folder / "clear.webp")
    return found | {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def plain(files, tmp_path_factory):
    """What an import stores of each file and its thumbnail where nobody waits for pictures."""
    thumbnails = Thumbnails(tmp_path_factory.mktemp("plain"))
    scanned = {name: read_file(path, None, thumbnails) for name, path in files.items()}
    return {name: (one, thumbnails.load(one.content_hash).astype(float)) for name, one in scanned.items()}


@pytest.mark.parametrize("kind", SPECS)
def test_the_picture_has_the_bytes_that_decoding_the_file_gives(files, plain, kind, tmp_path):
    spec, image_buffer, thumbnails = SPECS[kind], ImageBuffer(), Thumbnails(tmp_path)
    with image_buffer.consuming(spec, known):
        for name, path in files.items():
            scanned = read_file(path, None, thumbnails, image_buffer)
            assert scanned.problem is None
            content_hash = scanned.content_hash
            found = image_buffer.pop(content_hash, spec)
            np.testing.assert_array_equal(found, decode_file(path, spec, content_hash), err_msg=name)
            alone, usual = plain[name]
            assert scanned == alone, "what an import stores is the same"
            thumbnail = thumbnails.load(content_hash)
            assert max(thumbnail.shape[:2]) == min(256, max(alone.width, alone.height)), f"{name} is as large as ever"
            assert np.abs(usual - thumbnail).mean() < 4, f"{name} looks the same"


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_truncated_file_is_the_problem_it_was(files, tmp_path, share):
    data = files["1600x1200.jpg"].read_bytes()
    path = tmp_path / "cut.jpg"
    path.write_bytes(data[: int(share * len(data))])
    image_buffer = ImageBuffer()
    with image_buffer.consuming(SPECS["starter"], known):
        found = read_file(path, None, Thumbnails(tmp_path / "t"), image_buffer)
        assert found == read_file(path, None, Thumbnails(tmp_path / "u"))
        assert found.problem is ProblemKind.TRUNCATED
        assert image_buffer.pop(hashlib.sha256(path.read_bytes()).digest(), SPECS["starter"]) is None


def test_nothing_is_prepared_for_nobody(files):
    image_buffer, spec = ImageBuffer(), SPECS["starter"]
    read_file(files["900x900.jpg"], None, None, image_buffer)
    with image_buffer.consuming(spec, lambda _: True):
        content_hash = read_file(files["900x900.jpg"], None, None, image_buffer).content_hash
        assert image_buffer.pop(content_hash, spec) is None, "it has features already"
    assert image_buffer.wanted_spec(b"a" * 32) is None


def picture(value: int = 0) -> np.ndarray:
    return np.full((16, 16, 3), value, np.uint8)


def test_it_is_bounded_and_goes_on_where_something_was_taken():
    image_buffer, spec = ImageBuffer(most_bytes=3 * 768), SPECS["tiny"]
    with image_buffer.consuming(spec, known):
        for number in range(5):
            wanted = image_buffer.wanted_spec(bytes([number]))
            assert (wanted is spec) == (number < 3)
            image_buffer.put(bytes([number]), picture(number), spec)
        assert image_buffer.pop(b"\4", spec) is None
        assert image_buffer.pop(b"\1", spec)[0, 0, 0] == 1
        assert image_buffer.pop(b"\1", spec) is None, "it is taken once"
        assert image_buffer.wanted_spec(b"\4") is spec
        assert image_buffer.wanted_spec(b"\0") is None, "it is here already"


def test_what_is_left_is_let_go_and_another_backbone_gets_nothing_of_it():
    image_buffer, spec = ImageBuffer(), SPECS["tiny"]
    with image_buffer.consuming(spec, known):
        image_buffer.put(b"a", picture(), spec)
        assert image_buffer.pop(b"a", SPECS["starter"]) is None
    image_buffer.put(b"b", picture(), spec)
    with image_buffer.consuming(SPECS["starter"], known):
        image_buffer.put(b"c", picture(), spec)
        assert [image_buffer.pop(one, spec) for one in (b"a", b"b", b"c")] == [None] * 3
    with image_buffer.consuming(spec, known):
        assert [image_buffer.pop(one, spec) for one in (b"a", b"b", b"c")] == [None] * 3


def test_waiting_ends_with_new_images_and_with_the_last_import():
    image_buffer, looks = ImageBuffer(), []
    with image_buffer.importing():
        assert image_buffer.importing_now
        assert not image_buffer.wait(0.01)

        def wait() -> None:
            while image_buffer.importing_now:
                looks.append(image_buffer.wait(60))

        waiter = threading.Thread(target=wait)
        waiter.start()
        image_buffer.notify()
    waiter.join(30)
    assert not waiter.is_alive()
    assert looks
    assert all(looks)
    assert image_buffer.wait(60), "there is nothing to wait for"
