"""Good files of every accepted format, and damaged ones made from them, the same ones at every run."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import numpy as np
import pillow_heif
from PIL import Image

from mma_desktop.media import image_formats

Encoded = dict[str, bytes]


def photo(mode: str, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 9, 3), dtype=np.uint8))
    return small.resize((90, 60), Image.Resampling.BICUBIC).convert(mode)


def good_files() -> Encoded:
    """One file of each way in which an accepted format is written."""
    pillow_heif.register_heif_opener()
    plain = photo("RGB", 0)
    several = {"save_all": True}
    deep = Image.fromarray(np.arange(5400, dtype=np.uint16).reshape(60, 90) * 12)
    ways: list[tuple[str, str, Image.Image, dict[str, object]]] = [
        ("plain.jpg", "JPEG", plain, {}),
        ("progressive.jpg", "JPEG", plain, {"progressive": True}),
        ("cmyk.jpg", "JPEG", photo("CMYK", 1), {}),
        ("frames.jpg", "MPO", plain, several),
        ("plain.png", "PNG", plain, {}),
        ("palette.png", "PNG", plain.quantize(16), {}),
        ("alpha.png", "PNG", photo("RGBA", 2), {}),
        ("deep.png", "PNG", deep, {}),
        ("frames.png", "PNG", plain, several),
        ("plain.webp", "WEBP", plain, {}),
        ("lossless.webp", "WEBP", plain, {"lossless": True}),
        ("frames.webp", "WEBP", plain, several),
        ("plain.gif", "GIF", plain, {}),
        ("frames.gif", "GIF", plain, several),
        ("plain.bmp", "BMP", plain, {}),
        ("palette.bmp", "BMP", plain.quantize(16), {}),
        ("plain.tif", "TIFF", plain, {}),
        ("lzw.tif", "TIFF", plain, {"compression": "tiff_lzw"}),
        ("jpeg.tif", "TIFF", plain, {"compression": "jpeg"}),
        ("fax.tif", "TIFF", photo("1", 3), {"compression": "group4"}),
        ("deep.tif", "TIFF", deep, {"compression": "tiff_adobe_deflate"}),
        ("frames.tif", "TIFF", plain, several),
        ("plain.avif", "AVIF", plain, {"speed": 10}),
        ("frames.avif", "AVIF", plain, {"speed": 10, **several}),
        ("plain.heic", "HEIF", plain, {}),
        ("alpha.heic", "HEIF", photo("RGBA", 2), {}),
        ("frames.heic", "HEIF", plain, several),
    ]
    files = {}
    for name, kind, image, options in ways:
        if kind in {*image_formats.PILLOW_NAMES, "MPO"}:
            buffer = io.BytesIO()
            more = {"append_images": [photo("RGB", 4), photo("RGB", 5)]} if "save_all" in options else {}
            image.copy().save(buffer, kind, **options, **more)  # a copy: saving leaves settings behind on a picture
            files[name] = buffer.getvalue()
    return files


def mutate(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Damage a file: flipped bits, a cut, numbers turned extreme, parts repeated, left out or taken from another."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = int(len(out) * chance.random() ** 3)  # headers more often than pixels
        way = chance.randrange(7)
        if way == 0:
            for _ in range(chance.randint(1, 16)):
                out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
        elif way == 1:
            del out[max(16, at) :]
        elif way == 2:
            width = chance.choice((1, 2, 4, 8))
            number = chance.choice((0, 1, 127, 128, 255, 2 ** (8 * width) - 1, 2 ** (8 * width - 1) - 1))
            out[at : at + width] = (number % 2 ** (8 * width)).to_bytes(width, chance.choice(("big", "little")))
        elif way == 3:
            part = bytes(out[at : at + chance.randint(1, 400)])
            out[at:at] = part * chance.choice((1, 2, 300))
        elif way == 4:
            del out[at : at + chance.randint(1, 100)]
        elif way == 5:
            other = chance.choice(others)
            out[at:] = other[int(len(other) * chance.random()) :]
        else:
            out[at : at + 40] = chance.randbytes(40)
        out = out or bytearray(b"\0")
    return bytes(out)


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents of damaged files, spread over the good ones."""
    files = good_files()
    names, contents = list(files), list(files.values())
    chance = random.Random(seed)
    for number in range(count):
        name = names[number % len(names)]
        yield f"{number:05}-{name}", mutate(files[name], contents, chance)
