"""Files take the memory that their size needs, not what a limit or a header would allow."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.types import ProblemKind, Role
from mma_desktop.engine import checkpoint
from mma_desktop.engine.methods.adapter import build_adapter
from mma_desktop.media import decoding, image_formats
from mma_desktop.media.decoding import read_bytes
from mma_desktop.media.error_messages import ImageError
from mma_desktop.services.formats.text_decoding import read_text

CODE = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    from mma_desktop.core.types import ImageSpec
    from mma_desktop.media.decoding import decode_file, preview
    from mma_desktop.media.reader import read_file
    from mma_desktop.media.reader import Thumbnails

    resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
    path, spec = Path(sys.argv[1]), ImageSpec(224, 224, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    held = [decode_file(path, spec, None), preview(path, 800)]
    found = read_file(path, None, Thumbnails(Path(sys.argv[2])))
    sys.stdout.write(f"{found.problem} {found.width} {found.height}")
    """
)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_small_picture_is_read_within_600_megabytes_of_addresses(tmp_path: Path) -> None:
    path = tmp_path / "small.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)).save(path)
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", CODE, str(path), str(tmp_path / "thumbnails")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "None 64 48"


def peak(work: object, *given: object) -> int:
    """Bytes that a call allocates at its peak."""
    tracemalloc.start()
    try:
        work(*given)  # type: ignore[operator]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_reading_allocates_what_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"picture,label\n" * 1000)
    assert peak(read_bytes, path) < 200_000
    assert peak(read_text, path) < 200_000
    header = checkpoint.CheckpointHeader(
        "task-res", "starter", "0" * 12, 8, 30.0, (("cat", Role.BASE), ("dog", Role.BASE)), "a {}.", 1, 0,
        sizes={"classes": 2},
    )  # fmt: skip
    adapter = tmp_path / "one.safetensors"
    checkpoint.save(adapter, build_adapter("task-res", 8, 30.0, sizes=checkpoint.Sizes(classes=2)), header)
    assert peak(checkpoint.read_header, adapter) < 200_000
    assert peak(checkpoint.load, adapter) < 1_000_000


def test_a_file_that_grows_is_read_to_its_end_or_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, grown, look = tmp_path / "growing.jpg", 100, os.fstat

    def look_and_grow(descriptor: int) -> os.stat_result:
        seen = look(descriptor)
        os.truncate(path, grown)
        return seen

    monkeypatch.setattr(decoding.os, "fstat", look_and_grow)
    monkeypatch.setattr(decoding, "GROWTH_BYTES", 7)
    for size in (30, 0, 99, 100):
        path.write_bytes(b"x" * size)
        assert read_bytes(path)[0] == b"x" * size + bytes(grown - size)
    grown = 10_000_000
    path.write_bytes(b"x" * 30)
    monkeypatch.setattr(image_formats, "MAX_FILE_BYTES", 50)
    tracemalloc.start()
    with pytest.raises(ImageError, match="still growing"):
        read_bytes(path)
    assert tracemalloc.get_traced_memory()[1] < 200_000, "the rest was not read"
    tracemalloc.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_whose_size_the_system_does_not_tell_is_read() -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    assert b"VmRSS" in read_bytes(Path("/proc/self/status"))[0]


def test_what_does_not_fit_into_memory_is_a_problem_of_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise MemoryError

    path = tmp_path / "large.jpg"
    path.write_bytes(b"x")
    monkeypatch.setattr(decoding.os, "open", full)
    with pytest.raises(ImageError, match="not enough memory") as caught:
        read_bytes(path)
    assert caught.value.kind is ProblemKind.TOO_LARGE
