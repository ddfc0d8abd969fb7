"""Draw the sample pictures and write them to `resources/sample/<class>/<class> 01.jpg` and so on.

Those of no class go to `resources/sample-more/picture 01.jpg` and so on.

    python packaging/sample_pictures.py [--check]

`--check` draws them anew and compares them with the files, with a little tolerance: another version of Pillow or of its
JPEG library rounds differently. Other pictures have other features: `starter_features.py` is run after them.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from sample_canvas import Brush, background, light, place
from sample_shapes import HIDDEN, THINGS

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "sample"
MORE = FOLDER.with_name("sample-more")
CLASSES = tuple(sorted(THINGS))
PER_CLASS = 40
OF_NO_CLASS = 12
QUALITY = 82  # with halved colour: under 6 MB, and the accuracies are those of quality 92
TOLERANCE = 1.0  # mean difference of a picture's values (0 to 255)


def draw_picture(name: str, number: int, seed: int = 0) -> Image.Image:
    """Draw one sample picture; the same three arguments give the same picture.

    Args:
        name: One of `CLASSES` or `HIDDEN`.
        number: Which picture of the class, from 0.
        seed: Another seed is another set of pictures.

    Returns:
        RGB, 200 to 340 pixels a side.
    """
    rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
    thing = {**THINGS, **HIDDEN}[name]
    width, height = (int(side) for side in rng.integers(200, 341, 2))
    picture = background(rng, width, height)
    count = int(rng.integers(1, thing.most + 1)) if rng.random() < 0.45 else 1
    for _ in range(count):
        brush = Brush(rng)
        thing.draw(brush)
        across = min(width, height) * rng.uniform(0.5, 0.98) / (1 + 0.35 * (count - 1))
        place(rng, picture, brush.image, across, rng.uniform(-thing.turn, thing.turn))
    return light(rng, picture)


def draw_jpeg(name: str, number: int, seed: int = 0) -> bytes:
    """The bytes of one picture's file."""
    buffer = io.BytesIO()
    draw_picture(name, number, seed).save(buffer, "JPEG", quality=QUALITY, subsampling="4:2:0", optimize=True)
    return buffer.getvalue()


def draw_all(per_class: int = PER_CLASS) -> Iterator[tuple[str, bytes]]:
    """Each picture's path in the folder, and its bytes."""
    wanted = [(name, number) for name in CLASSES for number in range(per_class)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        drawn = pool.map(lambda one: draw_jpeg(*one), wanted)
        for (name, number), data in zip(wanted, drawn, strict=True):
            yield f"{name}/{name} {number + 1:02d}.jpg", data


def write(folder: Path, per_class: int = PER_CLASS) -> None:
    """Write the pictures into class folders of a folder, in place of whatever is there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in draw_all(per_class):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def draw_hidden() -> dict[str, bytes]:
    """The pictures of no class, by their names in `MORE`."""
    drawn = [draw_jpeg(name, number) for name in HIDDEN for number in range(OF_NO_CLASS)]
    return {f"picture {number:02d}.jpg": data for number, data in enumerate(drawn, 1)}


def difference(first: bytes, second: bytes) -> float:
    """The mean difference of two pictures' values; infinite where their sizes differ."""
    one, other = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=float) for data in (first, second))
    return float(np.abs(one - other).mean()) if one.shape == other.shape else float("inf")


def check(folder: Path, drawn: Iterable[tuple[str, bytes]]) -> list[str]:
    """What is wrong with the files of a folder, a line each."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wrong = []
    for name, data in drawn:
        if name not in there:
            wrong.append(f"{name} is missing")
        elif (away := difference(data, (folder / name).read_bytes())) > TOLERANCE:
            wrong.append(f"{name} is another picture: {away:.1f} away")
        there.discard(name)
    return wrong + [f"{name} is not drawn here" for name in sorted(there)]


def main() -> int:
    """Write the files and the starter's features of them, or check both."""
    import starter_features

    if "--check" in sys.argv[1:]:
        wrong = check(FOLDER, draw_all()) + check(MORE, draw_hidden().items()) + starter_features.check()
        print("\n".join(wrong) or "The files hold what is drawn.")
        return 1 if wrong else 0
    write(FOLDER)
    MORE.mkdir(exist_ok=True)
    for name, data in draw_hidden().items():
        (MORE / name).write_bytes(data)
    files = [*FOLDER.rglob("*.jpg"), *MORE.glob("*.jpg")]
    print(f"{FOLDER}: {len(files)} pictures, {sum(path.stat().st_size for path in files):,} bytes")
    starter_features.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
