"""The sample pictures: twelve classes that the program draws itself, so that a first run needs no data."""

from __future__ import annotations

import io
import os
import zlib
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.media.copy_export import whole_folder
from mma_desktop.media.sample_canvas import Brush, background, light, place
from mma_desktop.media.sample_shapes import THINGS

SAMPLE_CLASSES: tuple[str, ...] = tuple(sorted(THINGS))
"""In alphabetical order: the first half is base, the second half new."""

QUALITY = 92
_THREADS = 4


def draw_picture(name: str, number: int, seed: int = 0) -> Image.Image:
    """Draw one sample picture; the same three arguments give the same picture.

    Args:
        name: One of `SAMPLE_CLASSES`.
        number: Which picture of the class.
        seed: Another seed is another set of pictures.

    Returns:
        RGB, 200 to 340 pixels a side.
    """
    rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
    thing = THINGS[name]
    width, height = (int(side) for side in rng.integers(200, 341, 2))
    picture = background(rng, width, height)
    count = int(rng.integers(1, thing.most + 1)) if rng.random() < 0.45 else 1
    for _ in range(count):
        brush = Brush(rng)
        thing.draw(brush)
        across = min(width, height) * rng.uniform(0.5, 0.98) / (1 + 0.35 * (count - 1))
        place(rng, picture, brush.image, across, rng.uniform(-thing.turn, thing.turn))
    return light(rng, picture)


def draw_sample(
    out: Path, per_class: int = 30, seed: int = 0, cancel: CancelToken | None = None
) -> Generator[Progress, None, Path]:
    """Draw the sample pictures into `out/<class>/<class> 01.jpg` and so on.

    Written beside `out` and renamed when complete; a stop or an error leaves nothing.

    Args:
        out: A folder that is not there yet, or is empty.
        per_class: Pictures a class.
        seed: The same seed gives the same pictures.
        cancel: Stops it.

    Yields:
        Progress in pictures.

    Returns:
        `out`.

    Raises:
        UserError: `out` is taken, or the disk is full or read-only.
        Cancelled: A stop was asked for.
    """
    wanted = [(name, number) for number in range(per_class) for name in SAMPLE_CLASSES]
    workers = max(1, min(_THREADS, os.cpu_count() or 1))
    with whole_folder(out) as temporary:
        for name in SAMPLE_CLASSES:
            (temporary / name).mkdir()
        with ThreadPoolExecutor(workers, thread_name_prefix="mma-draw") as pool:
            waiting: deque[tuple[str, int, Future[bytes]]] = deque()
            done = 0
            try:
                for name, number in wanted:
                    waiting.append((name, number, pool.submit(_drawn, name, number, seed)))
                    if len(waiting) > 2 * workers:
                        done = _write(temporary, waiting, done)
                        yield Progress(done, len(wanted), tr("Drawing the sample pictures"))
                    if cancel is not None:
                        cancel.raise_if_cancelled()
                while waiting:
                    done = _write(temporary, waiting, done)
                    yield Progress(done, len(wanted), tr("Drawing the sample pictures"))
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    return out


def _drawn(name: str, number: int, seed: int) -> bytes:
    buffer = io.BytesIO()
    draw_picture(name, number, seed).save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return buffer.getvalue()


def _write(folder: Path, waiting: deque[tuple[str, int, Future[bytes]]], done: int) -> int:
    name, number, drawn = waiting.popleft()
    (folder / name / f"{name} {number + 1:02d}.jpg").write_bytes(drawn.result())
    return done + 1
