"""The thumbnail cache: whole files or none, made again when gone, never of other bytes."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mma_desktop.core.errors import UserError
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.reader import Thumbnails, read_file


def write_photo(path: Path, width: int = 800, height: int = 500, seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (5, 8, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(buffer, "JPEG", comment=b"secret")
    path.write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).digest()


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_reading_a_file_writes_its_thumbnail(tmp_path: Path) -> None:
    key = write_photo(tmp_path / "a.jpg")
    thumbnails = Thumbnails(tmp_path / "cache")
    found = read_file(tmp_path / "a.jpg", None, thumbnails)
    assert found.content_hash == key
    path = thumbnails.path(key)
    name = key.hex()
    assert path.relative_to(tmp_path / "cache").parts == (name[:2], name[2:4], f"{name}.jpg")
    assert files_in(tmp_path / "cache") == [path]
    seen = thumbnails.load(key)
    assert seen is not None
    assert seen.shape == (160, 256, 3)
    assert seen.dtype == np.uint8
    assert seen.flags.c_contiguous
    assert b"secret" not in path.read_bytes()


def test_a_bad_file_gets_none(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no")
    read_file(tmp_path / "a.jpg", None, Thumbnails(tmp_path / "cache"))
    assert not (tmp_path / "cache").exists()


def test_ensure_makes_what_is_missing_or_damaged(tmp_path: Path) -> None:
    key = write_photo(tmp_path / "a.jpg")
    thumbnails = Thumbnails(tmp_path / "cache")
    first = thumbnails.ensure(key, tmp_path / "a.jpg")
    assert first.shape == (160, 256, 3)
    thumbnails.path(key).write_bytes(thumbnails.path(key).read_bytes()[:200])
    assert thumbnails.load(key) is None
    assert np.array_equal(thumbnails.ensure(key, tmp_path / "a.jpg"), first)
    (tmp_path / "a.jpg").unlink()
    assert thumbnails.ensure(key, tmp_path / "a.jpg").shape == (160, 256, 3)
    thumbnails.path(key).unlink()
    with pytest.raises(ImageError, match="not there any more"):
        thumbnails.ensure(key, tmp_path / "a.jpg")


def test_ensure_refuses_other_bytes(tmp_path: Path) -> None:
    key = write_photo(tmp_path / "a.jpg")
    write_photo(tmp_path / "a.jpg", seed=1)
    thumbnails = Thumbnails(tmp_path / "cache")
    with pytest.raises(ImageError, match="changed on disk"):
        thumbnails.ensure(key, tmp_path / "a.jpg")
    assert not thumbnails.path(key).exists()


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = write_photo(tmp_path / "a.jpg")
    thumbnails = Thumbnails(tmp_path / "cache")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert read_file(tmp_path / "a.jpg", None, thumbnails).problem is None, "a full cache disk spoils no import"
    with pytest.raises(UserError, match="disk is full"):
        thumbnails.write(key, Image.new("RGB", (9, 9)))
    assert thumbnails.ensure(key, tmp_path / "a.jpg").shape == (160, 256, 3)
    assert files_in(tmp_path / "cache") == []


def test_many_threads_write_the_same_thumbnail(tmp_path: Path) -> None:
    key = write_photo(tmp_path / "a.jpg")
    thumbnails = Thumbnails(tmp_path / "cache")
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(read_file, tmp_path / "a.jpg", None, thumbnails) for _ in range(64)]
        assert {job.result().problem for job in jobs} == {None}
    assert files_in(tmp_path / "cache") == [thumbnails.path(key)]


def test_any_mode_can_be_written(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path / "cache")
    for number, mode in enumerate(("RGBA", "P", "L", "I;16", "F", "CMYK", "1", "LA")):
        key = hashlib.sha256(bytes([number])).digest()
        thumbnails.write(key, Image.new(mode, (10, 10)))
        assert thumbnails.load(key) is not None, mode


def test_thumbnails_that_cannot_be_written_are_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    paths = [tmp_path / f"{number}.jpg" for number in range(12)]
    for number, path in enumerate(paths):
        write_photo(path, 40, 30, seed=number)
    thumbnails = Thumbnails(tmp_path / "file" / "thumbnails")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda path: read_file(path, thumbnails=thumbnails), paths))
    assert all(one.problem is None for one in found)
    (line,) = caplog.messages
    assert line.startswith("Thumbnails are not kept. ")
