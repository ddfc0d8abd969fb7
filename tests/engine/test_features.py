"""The cache of features on disk, and the way of many pictures into it."""

from __future__ import annotations

import errno
import gc
import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from filelock import FileLock
from torch import nn

from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Eta
from mma_desktop.core.types import ImageSpec, Reason
from mma_desktop.engine.backbones.backbone import Backbone
from mma_desktop.engine.backbones.backbone_table import RowLayout
from mma_desktop.engine.features import extraction, feature_cache
from mma_desktop.engine.features.extraction import Content, EncodedImage, embed, rows_of
from mma_desktop.engine.features.feature_cache import FeatureCache
from mma_desktop.engine.features.shared_cache import SharedCache
from tests.steps import Stopped, meanwhile, run, stop

DIM, WIDTH = 16, 18
SPEC = ImageSpec(size=4, resize_to=4, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))


def digest(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def digests(numbers: Sequence[int]) -> np.ndarray:
    return np.array([digest(number) for number in numbers], "S32")


def unit(count: int, seed: int = 0, dim: int = DIM) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# -- the cache


def test_round_trip_in_any_order(tmp_path):
    features = unit(50)
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        assert len(cache) == 0
        assert cache.rows(digests([1, 2])).tolist() == [-1, -1]
        assert cache.append(digests(range(30)), features[:30]) == 30
        assert cache.append([digest(n) for n in range(30, 50)], features[30:]) == 20
    order = np.random.default_rng(1).permutation(50)
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        assert len(cache) == 50
        gathered = cache.gather(digests(order))
        assert gathered.dtype == np.float32
        np.testing.assert_allclose(gathered, features[order], atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(gathered, axis=1), 1, atol=1e-6)
        assert cache.rows(digests([3, 99, 49])).tolist() == [3, -1, 49]
        assert cache.gather([]).shape == (0, DIM)
        with pytest.raises(KeyError, match="1 of 2"):
            cache.gather(digests([3, 99]))


def test_hashes_that_end_in_zero_bytes(tmp_path):
    hashes = [b"\1" * 31 + b"\0", b"\1" * 30 + b"\0\0", b"\1" * 32]
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(hashes, unit(3))
    cache = FeatureCache(tmp_path, DIM)
    assert cache.rows(hashes).tolist() == [0, 1, 2]
    assert (tmp_path / "hashes.bin").read_bytes() == b"".join(hashes)


def test_known_and_repeated_hashes_are_left_out(tmp_path):
    features = unit(4)
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        assert cache.append(digests([1, 2, 1]), features[:3]) == 2
        assert cache.append(digests([2, 3, 1]), features[1:]) == 1
        np.testing.assert_allclose(cache.gather(digests([1, 2, 3])), features[[0, 1, 2]], atol=1e-3)
        assert cache.append(digests([1]), features[:1]) == 0


def test_rows_are_found_while_others_come(tmp_path):
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        for start in range(0, 60, 3):
            cache.append(digests(range(start, start + 3)), unit(3, start))
            assert cache.rows(digests(range(start + 3))).tolist() == list(range(start + 3))


def test_contents_that_stay_are_looked_up_once_until_rows_come(tmp_path, monkeypatch):
    asked, others = digests(range(6)), digests([3, 1])
    asked.flags.writeable = others.flags.writeable = False
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(asked[:4], unit(4))
        assert cache.rows(asked).tolist() == [0, 1, 2, 3, -1, -1]
        assert cache.rows(others).tolist() == [3, 1]
        rows = cache.gather_rows(others)
        with monkeypatch.context() as nothing, pytest.raises(ZeroDivisionError):
            nothing.setattr(feature_cache, "heads_of", lambda _: 1 / 0)
            assert cache.rows(asked).tolist() == [0, 1, 2, 3, -1, -1]
            assert cache.rows(others).tolist() == [3, 1]
            np.testing.assert_array_equal(cache.gather_rows(asked, part=np.array([1, 3])), rows[::-1])
            cache.rows(asked[:2])
        cache.append(asked[4:], unit(2))
        assert cache.rows(asked).tolist() == list(range(6))


@pytest.mark.parametrize(
    ("hashes", "features"),
    [
        (digests([1]), unit(2)),
        (digests([1]), unit(1, dim=DIM + 1)),
        (digests([1]), np.full((1, DIM), np.nan, np.float32)),
        (np.array([b""], "S32"), unit(1)),
    ],
)
def test_wrong_rows_are_refused(tmp_path, hashes, features):
    with closing(FeatureCache(tmp_path, DIM)) as cache, pytest.raises(ValueError, match=r"features|hash"):
        cache.append(hashes, features)


def wide(count: int, seed: int = 0) -> np.ndarray:
    """Rows of a shared space of `DIM` and two numbers more."""
    return np.hstack([unit(count, seed), 5 * unit(count, seed + 1, WIDTH - DIM)])


def test_rows_wider_than_the_shared_space(tmp_path):
    rows, order = wide(20), [7, 0, 19]
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        assert (cache.width, cache.embed_dim) == (WIDTH, DIM)
        cache.append(digests(range(20)), rows)
    assert (tmp_path / "features.f16").stat().st_size == 20 * WIDTH * 2
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    shared, whole = cache.gather(digests(order)), cache.gather_rows(digests(order))
    assert (shared.shape, whole.shape) == ((3, DIM), (3, WIDTH))
    np.testing.assert_array_equal(whole[:, :DIM], shared)
    np.testing.assert_allclose(np.linalg.norm(shared, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(shared, rows[order, :DIM], atol=1e-3)
    np.testing.assert_array_equal(whole[:, DIM:], rows[order, DIM:].astype(np.float16))  # as they were stored
    with pytest.raises(KeyError, match="1 of 2"):
        cache.gather_rows(digests([3, 99]))
    with pytest.raises(UserError, match="18 dimensions, the backbone has 16"):
        FeatureCache(tmp_path, DIM)


def test_gathered_in_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr(feature_cache, "GATHER_CHUNK", 3)
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(10)), wide(10))
        found = cache.gather_rows(digests(range(10)))
        np.testing.assert_allclose(found, wide(10), atol=5e-3)


def edited(folder: Path, row: int, numbers: object) -> None:
    """Write these numbers over a row of a cache, whose checksum stays as it was."""
    stored = np.fromfile(folder / "features.f16", np.float16).reshape(-1, WIDTH)
    stored[row] = numbers
    stored.tofile(folder / "features.f16")


EDITS = {
    "a little": lambda stored: np.nextafter(stored, np.float16(9)),
    "another row": lambda stored: stored[::-1],
    "no number": lambda stored: np.full(WIDTH, np.nan, np.float16),
    "no number behind the shared space": lambda stored: np.where(np.arange(WIDTH) < DIM, stored, np.inf),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_row_counts_no_more_once_it_is_read(tmp_path, caplog, edit):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(4)), wide(4))
    edited(tmp_path, 2, edit(wide(4)[2].astype(np.float16)))
    for look in (FeatureCache.gather, FeatureCache.gather_rows):
        cache = FeatureCache(tmp_path, WIDTH, DIM)
        assert np.isfinite(look(cache, digests([0, 1, 3]))).all()
        with pytest.raises(UserError, match=r"of 1 picture .* made again"):
            look(cache, digests(range(4)))
        assert (cache.rows(digests(range(4))) >= 0).tolist() == [True, True, False, True]
        assert len(cache) == 3
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    caplog.clear()
    cache.verify(digests([*range(4), 99]))
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path}: rows that are not as they were written: 1"
    ]
    assert cache.rows(digests([2])).tolist() == [-1]
    assert cache.append(digests([2]), wide(4)[2:3]) == 1
    for one in (cache, FeatureCache(tmp_path, WIDTH, DIM)):
        caplog.clear()
        one.verify(digests(range(4)))
        assert not caplog.records
        np.testing.assert_allclose(one.gather_rows(digests(range(4))), wide(4), atol=5e-3)


def test_exchanged_hashes_count_no_more(tmp_path):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(3)), wide(3))
    (tmp_path / "hashes.bin").write_bytes(digest(1) + digest(0) + digest(2))
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    cache.verify(digests(range(3)))
    assert (cache.rows(digests(range(3))) >= 0).tolist() == [False, False, True]


def test_a_row_is_checked_where_it_is_read_first_and_not_again(tmp_path, monkeypatch):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(6)), wide(6))
    checked: list[int] = []
    sums = feature_cache.checksums

    def counted(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
        checked.append(len(rows))
        return sums(rows, starts)

    monkeypatch.setattr(feature_cache, "checksums", counted)
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    cache.gather(digests([1, 4]))
    cache.gather_rows(digests([4, 1, 2]))
    cache.verify(digests(range(3)))
    cache.gather_rows(digests(range(3)))
    assert checked == [2, 1, 1]


def test_rows_from_before_checksums_are_read_and_get_theirs(tmp_path):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(5)), wide(5))
    sums = (tmp_path / "sums.bin").read_bytes()
    for left in (b"", sums[:8]):  # of an older version, or one that added rows since
        (tmp_path / "sums.bin").write_bytes(left)
        cache = FeatureCache(tmp_path, WIDTH, DIM)
        np.testing.assert_allclose(cache.gather_rows(digests(range(5))), wide(5), atol=5e-3)
        assert (tmp_path / "sums.bin").read_bytes() == sums
    edited(tmp_path, 3, wide(1)[0])
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    cache.verify(digests(range(5)))
    assert cache.rows(digests([3])).tolist() == [-1]


def test_rows_of_an_older_version_while_it_is_open_get_their_checksums_later(tmp_path):
    older, cache = FeatureCache(tmp_path, WIDTH, DIM), FeatureCache(tmp_path, WIDTH, DIM)
    older.append(digests(range(5)), wide(5))
    (tmp_path / "sums.bin").unlink()
    cache.append(digests([7]), wide(1))
    np.testing.assert_allclose(cache.gather_rows(digests(range(5))), wide(5), atol=5e-3)
    assert (np.fromfile(tmp_path / "sums.bin", "<u4") == 0).tolist() == [True] * 5 + [False]
    FeatureCache(tmp_path, WIDTH, DIM)
    assert np.fromfile(tmp_path / "sums.bin", "<u4").all()


def test_rows_from_before_checksums_are_read_where_nothing_can_be_written(tmp_path, monkeypatch):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests(range(5)), wide(5))
    (tmp_path / "sums.bin").unlink()

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(feature_cache, "locked", refused)
    cache = FeatureCache(tmp_path, WIDTH, DIM)
    np.testing.assert_allclose(cache.gather_rows(digests(range(5))), wide(5), atol=5e-3)
    assert not (tmp_path / "sums.bin").exists()


def test_a_row_of_zeros_stays_one(tmp_path):
    with closing(FeatureCache(tmp_path, WIDTH, DIM)) as cache:
        cache.append(digests([1]), np.zeros((1, WIDTH), np.float32))
        np.testing.assert_array_equal(cache.gather_rows(digests([1])), 0)


def test_other_dimensions_newer_formats_and_damage_are_refused(tmp_path):
    FeatureCache(tmp_path, DIM)
    with pytest.raises(UserError, match="16 dimensions, the backbone has 8"):
        FeatureCache(tmp_path, 8)
    meta = tmp_path / "meta.json"
    known = json.loads(meta.read_text())
    for change, words in (({"version": 2}, "newer"), ({"format": "other"}, "newer"), ({"embed_dim": "x"}, "damaged")):
        meta.write_text(json.dumps({**known, **change}))
        with pytest.raises(UserError, match=words):
            FeatureCache(tmp_path, DIM)
    meta.write_text("{")
    with pytest.raises(UserError, match="damaged"):
        FeatureCache(tmp_path, DIM)


def test_incomplete_rows_do_not_count_and_are_cut_off(tmp_path):
    features = unit(6)
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests([0, 1, 2]), features[:3])
    with (tmp_path / "features.f16").open("ab") as handle:
        handle.write(b"x" * (DIM * 2 + 5))  # one whole row and a part, never confirmed
    with (tmp_path / "hashes.bin").open("ab") as handle:
        handle.write(b"half a hash")
    reader = FeatureCache(tmp_path, DIM)
    assert len(reader) == 3
    assert (tmp_path / "hashes.bin").stat().st_size == 96 + 11, "reading changes nothing"
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests([3, 4]), features[3:5])
    again = FeatureCache(tmp_path, DIM)
    np.testing.assert_allclose(again.gather(digests(range(5))), features[:5], atol=1e-3)
    assert (tmp_path / "hashes.bin").stat().st_size == 5 * 32
    assert (tmp_path / "features.f16").stat().st_size == 5 * DIM * 2


def test_zeros_after_a_power_cut_do_not_count(tmp_path):
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests([0, 1]), unit(2))
    for name, size in (("hashes.bin", 32), ("features.f16", DIM * 2)):
        with (tmp_path / name).open("ab") as handle:
            handle.write(b"\0" * size * 3)
    assert len(FeatureCache(tmp_path, DIM)) == 2


def test_hashes_without_their_features_do_not_count(tmp_path):
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests(range(4)), unit(4))
    os.truncate(tmp_path / "features.f16", 3 * DIM * 2 - 1)
    assert len(FeatureCache(tmp_path, DIM)) == 2


def test_writers_take_turns_and_see_each_other(tmp_path):
    first, second, table = FeatureCache(tmp_path, DIM), FeatureCache(tmp_path, DIM), unit(4)
    assert first.append(digests([1]), table[1:2]) == 1
    assert second.append(digests([1, 2]), table[1:3]) == 1, "it has seen what the first wrote"
    assert first.append(digests([2, 3]), table[2:4]) == 1
    np.testing.assert_allclose(first.gather(digests([1, 2, 3])), table[1:], atol=1e-3)
    assert len(FeatureCache(tmp_path, DIM)) == 3


def test_writers_of_several_processes_lose_nothing(tmp_path):
    script = textwrap.dedent(
        """
        import sys, pathlib, numpy as np
        from mma_desktop.engine.features.feature_cache import FeatureCache
        cache, start = FeatureCache(pathlib.Path(sys.argv[1]), 4), int(sys.argv[2])
        for number in range(start, start + 40):
            cache.append([number.to_bytes(32, "big")], np.eye(4, dtype=np.float32)[[number % 4]])
        """
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    writers = [subprocess.Popen([*command, str(start)]) for start in (1, 21, 1001)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    numbers = [*range(1, 61), *range(1001, 1041)]
    cache = FeatureCache(tmp_path, 4)
    assert len(cache) == len(numbers)
    found = cache.gather([number.to_bytes(32, "big") for number in numbers])
    np.testing.assert_array_equal(found, np.eye(4, dtype=np.float32)[np.array(numbers) % 4])


def test_a_writer_that_hangs_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(feature_cache, "LOCK_SECONDS", 0.05)
    cache = FeatureCache(tmp_path, DIM)
    with FileLock(tmp_path / "write.lock"), pytest.raises(UserError, match="Another window"):
        cache.append(digests([1]), unit(1))
    assert cache.append(digests([1]), unit(1)) == 1


@pytest.mark.parametrize("failing_call", [1, 2, 3])
def test_a_full_disk_leaves_the_rows_as_they_were(tmp_path, monkeypatch, failing_call):
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests([0, 1]), unit(2))
        calls, fsync = [], os.fsync

        def full(descriptor: int) -> None:
            calls.append(descriptor)
            if len(calls) == failing_call:
                raise OSError(errno.ENOSPC, "No space left on device")
            fsync(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(UserError, match="disk is full"):
                cache.append(digests([2, 3]), unit(2, 1))
        assert len(cache) == 2
        assert cache.rows(digests([0, 1, 2])).tolist() == [0, 1, -1]
        assert (tmp_path / "hashes.bin").stat().st_size == 64
        assert (tmp_path / "sums.bin").stat().st_size == 8
        cache.append(digests([3]), unit(1, 2))
    cache = FeatureCache(tmp_path, DIM)
    np.testing.assert_allclose(cache.gather(digests([3])), unit(1, 2), atol=1e-3)
    assert len(cache) == 3


ORDER = ("features.f16", "sums.bin", "hashes.bin")


def test_features_are_on_the_disk_before_their_hashes_are_written(tmp_path, monkeypatch):
    """A hash makes its row count, and after a power cut a row that was not flushed may be zeros."""
    with closing(FeatureCache(tmp_path, DIM)) as cache:
        cache.append(digests([0, 1]), unit(2))
        sizes, fsync = [], os.fsync

        def flush(descriptor: int) -> None:
            fsync(descriptor)
            sizes.append(tuple((tmp_path / name).stat().st_size for name in ORDER))

        monkeypatch.setattr(os, "fsync", flush)
        cache.append(digests([2, 3, 4]), unit(3, 1))
    before, after = (2 * DIM * 2, 2 * 4, 2 * 32), (5 * DIM * 2, 5 * 4, 5 * 32)
    assert sizes == [after[:done] + before[done:] for done in (1, 2, 3)]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError):
        FeatureCache(tmp_path / "file" / "sub", DIM)


WRITER = """
import sys, hashlib, numpy as np
from pathlib import Path
from mma_desktop.engine.features.feature_cache import FeatureCache
cache = FeatureCache(Path(sys.argv[1]), 16)
number = len(cache)
while True:
    keys = [hashlib.sha256(str(n).encode()).digest() for n in range(number, number + 7)]
    rows = np.stack([np.random.default_rng(n).normal(size=16) for n in range(number, number + 7)]).astype(np.float32)
    cache.append(keys, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    number += 7
    print("a batch is on disk", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills with SIGKILL")
def test_a_kill_at_any_moment_leaves_only_whole_rows(tmp_path):
    counts = [0]
    for round_ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert all(writer.stdout.readline() for _ in range(1 + 5 * round_))  # the next batch is on its way then
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        cache = FeatureCache(tmp_path, DIM)
        counts.append(len(cache))
        expected = np.concatenate([unit(1, number) for number in range(len(cache))])
        np.testing.assert_allclose(cache.gather(digests(range(len(cache)))), expected, atol=1e-3)
    assert counts == sorted(set(counts)), "each round added rows and lost none"


def test_a_million_rows_are_cheap(tmp_path):
    count, dim = 1_000_000, 8
    hashes = np.random.default_rng(0).bytes(32 * count)
    keys = np.frombuffer(hashes, "S32")
    FeatureCache(tmp_path, dim)
    (tmp_path / "hashes.bin").write_bytes(hashes)
    (tmp_path / "features.f16").write_bytes(np.ones((count, dim), np.float16).tobytes())
    start = time.process_time()
    cache = FeatureCache(tmp_path, dim)
    assert len(cache) == count
    rows = cache.rows(keys[::-1])
    spent = time.process_time() - start
    assert rows.tolist() == list(range(count - 1, -1, -1))
    assert spent < 10, f"{spent:.1f} s of processor time"


# -- embedding


class MeanTower(nn.Module):
    """A linear layer over all pixels, and two visual features behind it."""

    def __init__(self, batches: list[int]) -> None:
        super().__init__()
        self.batches, self.layer = batches, nn.Linear(48, DIM)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(pictures))
        flat = pictures.flatten(1)
        return torch.cat([nn.functional.normalize(self.layer(flat), dim=-1), flat[:, : WIDTH - DIM]], dim=1)


class MeanBackbone(Backbone):
    """Pictures alone."""

    compiled = False

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.batches: list[int] = []
        layout = RowLayout(DIM, WIDTH, (0, DIM))
        super().__init__("mean", "0" * 12, layout, 10.0, SPEC, torch.device("cpu"), MeanTower(self.batches))

    def _encode_texts(self, texts: Sequence[str]) -> torch.Tensor:
        raise NotImplementedError


def picture(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (4, 4, 3), dtype=np.uint8)


def load(number: int, spec: ImageSpec) -> np.ndarray:
    assert spec == SPEC
    assert threading.current_thread().name.startswith("mma-decode")
    return picture(number)


def items(numbers: Sequence[int]) -> list[tuple[bytes, int]]:
    return [(digest(number), number) for number in numbers]


def decoders() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("mma-decode")]


@pytest.fixture
def cache(tmp_path):
    with closing(FeatureCache(tmp_path / "features", WIDTH, DIM)) as opened:
        yield opened


def test_all_pictures_in_their_order(cache, monkeypatch):
    monkeypatch.setattr(extraction, "Eta", partial(Eta, least=0.0))  # it is done within the first second
    backbone = MeanBackbone()
    events, unread = run(
        lambda token: embed(backbone, cache, items(range(70)), load, total=70, batch_size=16, cancel=token)
    )
    assert unread == []
    assert backbone.batches == [16, 16, 16, 16, 6]
    assert cache.rows(digests(range(70))).tolist() == list(range(70))
    expected = MeanBackbone().encode_images(np.stack([picture(n) for n in range(70)]))
    np.testing.assert_allclose(cache.gather_rows(digests(range(70))), expected, atol=1e-3)
    np.testing.assert_allclose(cache.gather(digests(range(70))), expected[:, :DIM], atol=1e-3)
    done = [event.done for event in events]
    assert done == sorted(done)
    assert (events[-1].done, events[-1].total) == (70, 70)
    assert events[-1].rate > 0
    assert events[-1].seconds_left == 0
    assert not decoders()


def test_goes_on_where_it_stopped(cache):
    embed(MeanBackbone(), cache, items(range(40)), load)
    backbone = MeanBackbone()
    events, _ = run(lambda token: embed(backbone, cache, items(range(50)), load, total=50, cancel=token))
    assert sum(backbone.batches) == 10
    embed(backbone, cache, items(range(50)), load)
    assert sum(backbone.batches) == 10
    assert events[-1].done == 50


def test_the_same_content_is_encoded_once(cache):
    backbone = MeanBackbone()
    events, _ = run(lambda token: embed(backbone, cache, items([1, 2, 1, 1, 2]), load, total=5, cancel=token))
    assert sum(backbone.batches) == len(cache) == 2
    assert events[-1].done == 5


def test_nothing_to_do(cache):
    events, unread = run(lambda token: embed(MeanBackbone(), cache, [], load, total=0, cancel=token))
    assert unread == []
    assert events[-1].done == 0


def test_failed_pictures_are_reported_and_the_rest_goes_on(cache):
    errors = {
        3: UserError("This file is empty."),
        5: FileNotFoundError(errno.ENOENT, "No such file or directory"),
        7: SyntaxError("broken PNG file"),
        8: TimeoutError("the share did not answer"),
    }

    def broken(number: int, spec: ImageSpec) -> np.ndarray:
        if number in errors:
            raise errors[number]
        return picture(number)[:2] if number == 9 else picture(number)

    events, unread = run(
        lambda token: embed(MeanBackbone(), cache, items(range(20)), broken, total=20, batch_size=4, cancel=token)
    )
    assert len(cache) == 15
    assert {key: reason.values["text"] for key, reason in unread} == {
        3: "This file is empty.",
        5: "No such file or directory",
        7: "SyntaxError: broken PNG file",
        8: "TimeoutError: the share did not answer",
        9: "ValueError: a picture came decoded as uint8 (2, 4, 3)",
    }
    assert events[-1].done == 20
    assert cache.rows(digests([2, 3, 4])).tolist()[1] == -1


class _PictureError(UserError):
    """As that of the media layer: its text is in the person's language."""

    reason = Reason("empty")


def test_a_reason_is_kept_as_its_code(cache):
    def broken(number: int, spec: ImageSpec) -> np.ndarray:
        raise _PictureError("die Datei ist leer")

    unread = embed(MeanBackbone(), cache, items(range(1)), broken, batch_size=4)
    assert unread == [(0, Reason("empty"))]


def test_all_pictures_fail(cache):
    def broken(number: int, spec: ImageSpec) -> np.ndarray:
        raise UserError("no")

    unread = embed(MeanBackbone(), cache, items(range(40)), broken)
    assert (len(cache), len(unread)) == (0, 40)


def test_cancel_keeps_what_was_encoded(cache):
    cancel, backbone = meanwhile(CancelToken.cancel, lambda event: event.done == 16), MeanBackbone()
    with pytest.raises(Cancelled):
        embed(backbone, cache, items(range(1000)), load, batch_size=8, cancel=cancel)
    assert len(cache) == sum(backbone.batches) == 16
    assert not decoders()


def test_cancel_does_not_wait_for_a_slow_disk(cache):
    cancel, release, asked = CancelToken(), threading.Event(), []

    def slow(number: int, spec: ImageSpec) -> np.ndarray:
        asked.append(number)
        release.wait(10)
        return picture(number)

    threading.Timer(0.2, cancel.cancel).start()
    # Threads cannot be killed: the ones under way end as soon as the disk answers.
    threading.Timer(0.5, release.set).start()
    with pytest.raises(Cancelled):
        embed(MeanBackbone(), cache, items(range(100)), slow, cancel=cancel)
    assert len(asked) < 100  # what had not begun was never read


def test_stopping_early_keeps_what_was_encoded_and_ends_the_threads(cache):
    backbone = MeanBackbone()

    def stop_while_reading(token: CancelToken) -> None:
        assert decoders()
        stop(token)

    with pytest.raises(Stopped):
        embed(backbone, cache, items(range(1000)), load, batch_size=8, cancel=meanwhile(stop_while_reading))
    assert len(cache) == sum(backbone.batches) == 8
    assert not decoders()


def test_few_pictures_are_in_memory_at_a_time(cache):
    taken, decoded = [], []

    def endless():
        for number in range(100_000):
            taken.append(number)
            yield digest(number), number

    def counting(number: int, spec: ImageSpec) -> np.ndarray:
        decoded.append(number)
        return picture(number)

    def look(token: CancelToken) -> None:
        time.sleep(0.2)
        assert len(decoded) <= 8 + 2 * 8 + 2
        assert len(taken) <= 4096, "the list of pictures is not read to its end either"
        stop(token)

    with pytest.raises(Stopped):
        embed(MeanBackbone(), cache, endless(), counting, batch_size=8, workers=2, cancel=meanwhile(look))


def test_features_reach_the_disk_while_it_runs(cache, monkeypatch):
    monkeypatch.setattr("mma_desktop.engine.features.extraction.FLUSH_SECONDS", 0.0)

    def look(token: CancelToken) -> None:
        assert len(FeatureCache(cache.folder, WIDTH, DIM)) == 24
        stop(token)

    token = meanwhile(look, lambda event: event.done == 24)
    with pytest.raises(Stopped):
        embed(MeanBackbone(), cache, items(range(100)), load, batch_size=8, cancel=token)


def test_a_full_disk_stops_with_its_sentence(cache, monkeypatch):
    def full(*_args: object) -> None:
        raise UserError("The disk is full")

    monkeypatch.setattr(cache, "append", full)
    with pytest.raises(UserError, match="disk is full"):
        embed(MeanBackbone(), cache, items(range(5)), load)
    assert not decoders()


def test_a_cache_of_another_backbone(tmp_path):
    with pytest.raises(ValueError, match="dimensions"):
        embed(MeanBackbone(), FeatureCache(tmp_path, 8), items([1]), load)


def test_edited_rows_are_made_again(cache, caplog):
    embed(MeanBackbone(), cache, items(range(40)), load)
    rows = cache.gather_rows(digests(range(40)))
    for row in (3, 21):
        edited(cache.folder, row, wide(1)[0])
    for again in ([2], []):
        caplog.clear()
        with closing(FeatureCache(cache.folder, WIDTH, DIM)) as other:
            embed(backbone := MeanBackbone(), other, items(range(40)), load)
            assert backbone.batches == again
            assert [record.getMessage() for record in caplog.records] == [
                f"{cache.folder}: rows that are not as they were written: {count}" for count in again
            ]
            np.testing.assert_allclose(other.gather_rows(digests(range(40))), rows, atol=1e-3)


# -- rows on the way


class Reading:
    """Reads pictures by their numbers; those above 900 cannot be."""

    def __init__(self) -> None:
        self.read: list[int] = []
        self.decoded: list[int] = []

    def __call__(self, number: int) -> Content:
        self.read.append(number)
        if number > 900:
            raise UserError(f"{number} is no picture")

        def decode() -> np.ndarray:
            self.decoded.append(number)
            return picture(number)

        return Content(digest(number), decode)


def rows_in_order(*how: object) -> list[EncodedImage[int]]:
    return [one for block in rows_of(*how) for one in block]


def test_what_cannot_be_decoded_is_let_go_at_once():
    held: list[weakref.ref[np.ndarray]] = []

    def decode() -> np.ndarray:
        half = np.zeros(SPEC.size)
        held.append(weakref.ref(half))
        try:
            half.reshape(-1, 3)
        except ValueError as error:
            raise UserError("half a picture") from error
        return half

    collects = gc.isenabled()  # not where a window was tested before, as Qt's objects must not go on another thread
    gc.disable()
    try:
        found = rows_in_order(MeanBackbone(), None, range(3), lambda key: Content(digest(key), decode))
        assert [str(one.error) for one in found] == ["half a picture"] * 3
        assert all(half() is None for half in held)
    finally:
        if collects:
            gc.enable()


def test_rows_come_in_order_and_known_ones_are_neither_decoded_nor_encoded(tmp_path):
    cache = SharedCache(tmp_path / "caches" / "mean", WIDTH, DIM, 1e9)
    numbers = [*range(50), 901, 3, *range(40, 120)]
    backbone, reading = MeanBackbone(), Reading()
    fresh = rows_in_order(backbone, cache, numbers, reading)
    assert [one.key for one in fresh] == reading.read == numbers
    assert sum(backbone.batches) == len(cache) == 120
    assert [str(one.error) for one in fresh if one.row is None] == ["901 is no picture"]
    kept = rows_in_order(backbone, cache, numbers, reading := Reading())
    assert sum(backbone.batches) == 120
    assert reading.decoded == []
    without = rows_in_order(MeanBackbone(), None, numbers, Reading())
    for one, two, three in zip(fresh, kept, without, strict=True):
        assert one.digest == two.digest == three.digest == (b"" if one.key > 900 else digest(one.key))
        if one.row is not None:
            np.testing.assert_array_equal(one.row, two.row)
            np.testing.assert_array_equal(one.row, three.row)
            as_in_a_project = cache.gather_rows([one.digest])
            np.testing.assert_array_equal(feature_cache.as_stored(one.row[None], DIM), as_in_a_project)


def test_rows_that_are_pushed_out_on_the_way_are_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(extraction, "FLUSH_SECONDS", 0.0)
    (tmp_path / "caches").mkdir()
    cache = SharedCache(tmp_path / "caches" / "mean", WIDTH, DIM, 40 * 2 * WIDTH)
    numbers = [*range(200), *range(200)]
    found = rows_in_order(MeanBackbone(), cache, numbers, Reading())
    expected = rows_in_order(MeanBackbone(), None, numbers, Reading())
    np.testing.assert_array_equal([one.row for one in found], [one.row for one in expected])
    assert len(cache) < 100


def test_edited_rows_that_commands_share_are_made_again(tmp_path):
    cache = SharedCache(tmp_path / "caches" / "mean", WIDTH, DIM, 1e9)
    expected = rows_in_order(MeanBackbone(), cache, range(40), Reading())
    stored = np.fromfile(tmp_path / "caches" / "mean" / "features.f32", np.float32).reshape(-1, WIDTH)
    stored[5] = stored[6]
    stored.tofile(tmp_path / "caches" / "mean" / "features.f32")
    for again in ([5], []):
        cache = SharedCache(tmp_path / "caches" / "mean", WIDTH, DIM, 1e9)
        found = rows_in_order(backbone := MeanBackbone(), cache, range(40), reading := Reading())
        np.testing.assert_allclose([one.row for one in found], [one.row for one in expected], atol=1e-6)
        assert (reading.decoded, sum(backbone.batches)) == (again, len(again))
        cache.close()


def test_a_picture_that_breaks_after_its_row_was_pushed_out_has_its_error(tmp_path, monkeypatch):
    monkeypatch.setattr(extraction, "FLUSH_SECONDS", 0.0)
    (tmp_path / "caches").mkdir()
    cache = SharedCache(tmp_path / "caches" / "mean", WIDTH, DIM, 20 * (4 * WIDTH + 32))
    reading = Reading()

    def once(number: int) -> Content:
        def decode() -> np.ndarray:
            if number in reading.decoded:
                raise ZeroDivisionError
            return found.decode()

        found = reading(number)
        return Content(found.digest, decode)

    rows_in_order(MeanBackbone(), cache, range(5), once)
    assert len(cache) == 5
    found = rows_in_order(MeanBackbone(), cache, [*range(100, 132), *range(5)], once)
    assert [type(one.error) for one in found if one.row is None] == [ZeroDivisionError] * 5


def test_a_full_disk_does_not_keep_rows_from_who_asked_for_them(cache, monkeypatch):
    def full(*_: object) -> int:
        raise UserError("The disk is full.")

    monkeypatch.setattr(cache, "append", full)
    assert all(one.row is not None for one in rows_in_order(MeanBackbone(), cache, range(40), Reading()))
