"""Decoding 12-megapixel JPEGs: Pillow's full decode and bicubic against ours, in one run.

Run with `python tests/benchmarks/bench_media.py [REPEATS]`; one thread, medians over the repeats.
"""

from __future__ import annotations

import hashlib
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.types import ImageSpec
from mma_desktop.media.decoding import decode, decode_file
from mma_desktop.media.reader import Thumbnails, read_file

PICTURES = 4
SPEC = ImageSpec(224, 224, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def photograph(seed: int) -> bytes:
    """A 4,000 x 3,000 JPEG with detail at every scale, about 4 MB."""
    rng = np.random.default_rng(seed)
    total = np.zeros((3000, 4000, 3), dtype=np.float32)
    for cells, weight in ((4, 60), (32, 30), (256, 18), (1024, 12)):
        grid = rng.normal(0, weight, (cells * 3 // 4, cells, 3)).astype(np.float32)
        for channel in range(3):
            layer = Image.fromarray(grid[:, :, channel]).resize((4000, 3000), Image.Resampling.BICUBIC)
            total[:, :, channel] += np.asarray(layer)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(total + 128, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def plain(path: Path) -> np.ndarray:
    """What a data loader does: decode everything, resize, cut out."""
    with Image.open(path) as image:
        small = image.convert("RGB").resize((298, 224), Image.Resampling.BICUBIC)
    return np.asarray(small.crop((37, 0, 261, 224)))


def rate(work: Callable[[Path], object], paths: list[Path], repeats: int) -> float:
    """Median pictures a second."""
    rates = []
    for _ in range(repeats):
        started = time.perf_counter()
        for path in paths:
            work(path)
        rates.append(len(paths) / (time.perf_counter() - started))
    return statistics.median(rates)


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{i}.jpg" for i in range(PICTURES)]
        for i, path in enumerate(paths):
            path.write_bytes(photograph(i))
        hashes = {path: hashlib.sha256(path.read_bytes()).digest() for path in paths}
        thumbnails = Thumbnails(folder / "thumbnails")
        size = sum(path.stat().st_size for path in paths) / PICTURES / 2**20
        off = np.abs(plain(paths[0]).astype(float) - decode(paths[0], SPEC)).mean()
        rows = {
            "Pillow, full decode + bicubic": rate(plain, paths, repeats),
            "decode_file (hash checked, draft + bicubic)": rate(
                lambda path: decode_file(path, SPEC, hashes[path]), paths, repeats
            ),
            "read_file (hash, full check, thumbnail)": rate(
                lambda path: read_file(path, None, thumbnails), paths, repeats
            ),
            "Thumbnails.load": rate(lambda path: thumbnails.load(hashes[path]), paths, repeats),
        }
    first = next(iter(rows.values()))
    print(f"{PICTURES} JPEGs of 12 megapixels, {size:.1f} MB each; ours differs by {off:.2f}/255 on average")
    for title, value in rows.items():
        print(f"{title:46s} {value:9.1f} pictures/s  {value / first:7.1f} x")


if __name__ == "__main__":
    main()
