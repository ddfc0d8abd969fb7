"""Pixels: equal to torchvision's and open_clip's transforms, upright, 8 bits, on white."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.types import ImageSpec, ProblemKind
from mma_desktop.media import image_formats, pixels
from mma_desktop.media.decoding import decode, preview
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.reader import read_file

MEAN, STD = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)


def spec(size: int = 64, resize_to: int | None = None, mode: str = "shortest", how: str = "bicubic") -> ImageSpec:
    return ImageSpec(size, resize_to or size, MEAN, STD, how, mode)


def noisy(width: int, height: int, seed: int = 0) -> Image.Image:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).resize((width, height))
    grain = rng.integers(-30, 30, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(coarse, dtype=np.int16) + grain, 0, 255).astype(np.uint8))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


SIZES = [(301, 200), (200, 301), (97, 97), (40, 333), (64, 64), (33, 21), (1000, 70)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("how", ["bicubic", "bilinear"])
def test_equal_to_torchvision(size: tuple[int, int], how: str) -> None:
    transforms = pytest.importorskip("torchvision.transforms")
    mode = transforms.InterpolationMode(how)
    image = noisy(*size)
    data = saved(image, "PNG")
    resize = transforms.Resize(72, interpolation=mode)
    expected = transforms.CenterCrop(64)(resize(image))
    assert np.array_equal(decode(data, spec(64, 72, how=how)), np.asarray(expected))
    squashed = transforms.Resize((64, 64), interpolation=mode)(image)
    assert np.array_equal(decode(data, spec(64, mode="squash", how=how)), np.asarray(squashed))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["shortest", "squash", "longest"])
def test_equal_to_open_clip(size: tuple[int, int], mode: str) -> None:
    open_clip = pytest.importorskip("open_clip.transform")
    image = noisy(*size)
    transform = open_clip.image_transform(64, False, mean=(0, 0, 0), std=(1, 1, 1), resize_mode=mode)
    expected = np.rint(transform(image).numpy().transpose(1, 2, 0) * 255).astype(np.uint8)
    for source in (saved(image, "PNG"), image, np.asarray(image)):
        assert np.array_equal(decode(source, spec(64, mode=mode)), expected)


def test_a_small_jpeg_is_decoded_in_full() -> None:
    image = noisy(120, 90)
    data = saved(image, "JPEG")
    plain = Image.open(io.BytesIO(data))
    assert np.array_equal(decode(data, spec()), decode(plain, spec()))


def test_the_draft_is_within_one_of_the_full_decode() -> None:
    rng = np.random.default_rng(1)
    image = Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)).resize((2400, 1800), 3)
    data = saved(image, "JPEG", quality=92)
    full = Image.open(io.BytesIO(data))
    fast = decode(data, spec(224)).astype(float)
    slow = decode(full, spec(224)).astype(float)
    assert full.size == (2400, 1800), "somebody else's picture is not drafted"
    difference = np.abs(fast - slow).mean()
    assert 0 < difference < 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("RGB", (60, 30), (200, 40, 40))
    upright.paste((30, 60, 210), (0, 0, 15, 30))
    upright.paste((30, 190, 60), (0, 0, 60, 8))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    stored = upright.transpose(undo) if undo is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF", "WEBP", "JPEG"):
        options = {"exif": exif.tobytes()} if kind != "TIFF" else {"tiffinfo": {0x0112: orientation}}
        if kind == "WEBP":
            options["lossless"] = True
        path = tmp_path / f"a.{kind.lower()}"
        path.write_bytes(saved(stored, kind, **options))
        found = read_file(path)
        assert (found.width, found.height) == (60, 30), kind
        got = preview(path, 100).astype(int)
        assert got.shape == (30, 60, 3)
        assert np.abs(got - np.asarray(upright, dtype=int)).mean() < (8 if kind == "JPEG" else 0.01), kind


def grey(image: Image.Image, kind: str = "PNG") -> list[int]:
    return [int(v) for v in preview(saved(image, kind), 100)[0, :, 0]]


def test_sixteen_bits_are_scaled_and_not_saturated() -> None:
    ramp = np.array([[0, 257 * 10, 257 * 128, 65535]], dtype=np.uint16)
    assert grey(Image.fromarray(ramp)) == [0, 10, 128, 255]
    assert grey(Image.fromarray(ramp), "TIFF") == [0, 10, 128, 255]


def test_twelve_and_eight_bits_stored_in_sixteen() -> None:
    assert grey(Image.fromarray(np.array([[0, 2048, 4095]], dtype=np.uint16))) == [0, 128, 255]
    assert grey(Image.fromarray(np.array([[0, 100, 255]], dtype=np.uint16))) == [0, 100, 255]


def test_float_tiff() -> None:
    assert grey(Image.fromarray(np.array([[0, 0.5, 1, np.nan]], dtype=np.float32)), "TIFF") == [0, 128, 255, 0]
    assert grey(Image.fromarray(np.array([[0, 100.2, 255]], dtype=np.float32)), "TIFF") == [0, 100, 255]
    assert grey(Image.fromarray(np.array([[-3, 0, 3]], dtype=np.float32)), "TIFF") == [0, 128, 255]
    assert grey(Image.fromarray(np.array([[0, 65535]], dtype=np.int32)), "TIFF") == [0, 255]


def test_bilevel_and_greyscale() -> None:
    assert grey(Image.fromarray(np.array([[True, False]]))) == [255, 0]
    assert grey(Image.fromarray(np.array([[7, 99]], dtype=np.uint8))) == [7, 99]


def test_transparency_is_on_white() -> None:
    rgba = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    la = Image.new("LA", (4, 4), (0, 0))
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30, 200, 100, 50])
    palette.putpixel((0, 0), 1)
    assert preview(saved(rgba, "PNG"), 9).min() == 255
    assert set(preview(saved(half, "PNG"), 9).ravel().tolist()) == {127}
    assert preview(saved(la, "PNG"), 9).min() == 255
    seen = preview(saved(palette, "PNG", transparency=0), 9)
    assert seen[0, 0].tolist() == [200, 100, 50]
    assert seen[2, 2].tolist() == [255, 255, 255]
    keyed = preview(saved(Image.new("RGB", (4, 4), (1, 2, 3)), "PNG", transparency=(1, 2, 3)), 9)
    assert keyed.min() == 255


def test_cmyk_jpeg() -> None:
    data = saved(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", quality=95)
    red = preview(data, 32).reshape(-1, 3).mean(0)
    assert red[0] > 230
    assert red[1] < 30
    assert red[2] < 30


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert preview(data, 20)[10, 10, 0] > 240, kind
        assert preview(data, 20)[10, 10, 2] < 15, kind


def test_a_multi_picture_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(saved(noisy(50, 40), "MPO", save_all=True, append_images=[noisy(50, 40, 1)]))
    found = read_file(path)
    assert (found.problem, found.format, found.width) == (None, "JPEG", 50)


@pytest.mark.parametrize("kind", ["u2", ">u2", "i2", "u4", "i8", "f2", "f4", "f8"])
def test_an_array_of_whole_numbers_is_what_its_values_say(kind: str) -> None:
    base = np.asarray(noisy(50, 40))
    plain = decode(base, spec())
    with pytest.warns(UserWarning, match=r"^In a picture of \w+, 255 is taken for white\.$"):
        assert np.array_equal(decode(base.astype(kind), spec()), plain)
    for depth, white in ((16, 4095), (257, 65535)):
        if np.dtype(kind).itemsize > 2 or kind == "u2":
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                deep = decode((base.astype(int) * depth).astype(kind), spec())
            assert np.abs(deep.astype(int) - plain).max() <= 2
            assert bool(told) == ((np.dtype(kind).kind, white) != ("u", 65535))


def test_an_array_of_sixteen_bits_is_as_its_file() -> None:
    for white in (255, 4095, 65535):
        array = np.linspace(0, white, 64 * 64).astype(np.uint16).reshape(64, 64)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            assert np.array_equal(decode(array, spec()), decode(saved(Image.fromarray(array), "PNG"), spec()))


def test_arrays() -> None:
    base = np.asarray(noisy(50, 40))
    plain = decode(base, spec())
    assert np.array_equal(decode(base / np.float32(255), spec()), plain)
    assert np.array_equal(decode(base.astype(np.uint16) * 257, spec()), plain)
    assert decode(base[:, :, 0], spec()).shape == (64, 64, 3)
    assert decode(base[:, :, :1] > 100, spec()).shape == (64, 64, 3)
    alpha = np.dstack([base, np.zeros((40, 50), np.uint8)])
    assert decode(alpha, spec()).min() == 255
    for bad in (
        np.zeros((3, 40, 50), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        base / 300 + 1,
        base.astype(np.int16) - 1,
        base.astype(np.int32) * 1000,
        base.astype(complex),
    ):
        with pytest.raises(ImageError) as error:
            decode(bad, spec())
        assert error.value.kind is ProblemKind.NOT_AN_IMAGE


def test_a_pillow_picture_stays_as_it_was() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.open(io.BytesIO(saved(noisy(90, 40), "JPEG", exif=exif.tobytes())))
    assert preview(image, 100).shape == (90, 40, 3)
    assert image.size == (90, 40)
    assert image.getexif()[0x0112] == 6


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (1, 1)])
@pytest.mark.parametrize("mode", ["shortest", "squash", "longest"])
def test_extreme_shapes(size: tuple[int, int], mode: str) -> None:
    data = saved(Image.new("RGB", size, (9, 9, 9)), "PNG")
    assert decode(data, spec(64, mode=mode)).shape == (64, 64, 3)
    assert preview(data, 50).shape == (min(50, size[1]), min(50, size[0]), 3)


def test_preview_is_contiguous_and_never_enlarged() -> None:
    seen = preview(saved(noisy(300, 150), "JPEG"), 100)
    assert seen.shape == (50, 100, 3)
    assert seen.flags.c_contiguous
    assert seen.dtype == np.uint8
    assert preview(noisy(30, 15), 100).shape == (15, 30, 3)


def test_a_huge_picture_is_made_smaller_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    image = noisy(640, 480).convert("RGBA")
    data = saved(image, "PNG")
    whole = decode(data, spec(64)).astype(float)
    monkeypatch.setattr(image_formats, "HUGE_PIXELS", 1000)
    monkeypatch.setattr(pixels, "STRIP_PIXELS", 10_000)
    strips = decode(data, spec(64)).astype(float)
    assert strips.shape == whole.shape
    assert np.abs(strips - whole).mean() < 3


def test_unknown_ways_of_resizing_are_refused() -> None:
    with pytest.raises(ValueError, match="way of resizing"):
        decode(noisy(9, 9), spec(mode="sideways"))
    with pytest.raises(ValueError, match="interpolation"):
        decode(noisy(9, 9), spec(how="magic"))
