"""What commands keep of pictures for each other: within a limit, what was not used for longest goes first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.engine.features.shared_cache import SharedCache

DIM = 16
ROW = DIM * 4 + 32 + 4
META = 60
SEGMENT = 10 * ROW
LIMIT = 8 * SEGMENT
"""Of eight segments, each full after ten rows, with what says what they are."""


def digests(numbers: Sequence[int]) -> list[bytes]:
    return [number.to_bytes(32, "big") for number in numbers]


def rows(numbers: Sequence[int]) -> np.ndarray:
    return np.eye(DIM, dtype=np.float32)[np.array(numbers) % DIM]


def add(cache: SharedCache, first: int, count: int = 10) -> range:
    numbers = range(first, first + count)
    assert cache.append(digests(numbers), rows(numbers)) == count
    return numbers


def there(cache: SharedCache, numbers: Sequence[int]) -> bool:
    """Whether all of them are in the cache, or none."""
    (found,) = set((cache.rows(digests(numbers)) >= 0).tolist())
    if found:
        np.testing.assert_array_equal(cache.gather_rows(digests(numbers)), rows(numbers))
    return bool(found)


def found_among(cache: SharedCache, end: int) -> list[int]:
    return (1 + np.flatnonzero(cache.rows(digests(range(1, end))) >= 0)).tolist()


def opened(folder: Path, name: str = "model", **how: bool) -> SharedCache:
    return SharedCache(folder / name, DIM, DIM, LIMIT, **how)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*/*"))


def used_before(folder: Path, *names: str) -> None:
    """These segments were last used an hour ago, the first of them first."""
    for number, name in enumerate(names):
        os.utime(folder / name / "meta.json", (time.time() - 3600 + number,) * 2)


def test_rows_of_several_segments_are_found_in_any_order(tmp_path):
    cache = opened(tmp_path)
    for first in range(1, 41, 10):
        add(cache, first)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == [
        "model",
        "model+2",
        "model+3",
        "model+4",
    ]
    order = np.random.default_rng(0).permutation(np.arange(1, 41)).tolist()
    for one in (cache, opened(tmp_path)):
        assert len(one) == 40
        np.testing.assert_array_equal(one.gather_rows(digests(order)), rows(order))
        assert one.gather(digests(order)).shape == (40, DIM)
        assert (one.rows(digests([3, 99])) >= 0).tolist() == [True, False]
        with pytest.raises(KeyError, match="1 of 2"):
            one.gather_rows(digests([3, 99]))
        assert one.append(digests([3, 3]), rows([3, 3])) == 0


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    names = ["c", "a", "e", "b", "f", "d"]
    for name in names:
        add(opened(tmp_path, name), 1)
    used_before(tmp_path, *sorted(names))
    assert there(opened(tmp_path, "a"), range(1, 11)), "which is a use"
    cache = opened(tmp_path)
    left = []
    for first in (1, 11, 21):
        add(cache, first)
        assert size_of(tmp_path) <= LIMIT
        left.append("".join(sorted(path.name for path in tmp_path.iterdir() if path.name in names)))
    assert left == ["abcdef", "acdef", "adef"], "and no more than has to"
    assert there(cache, range(1, 31))


def test_a_long_run_deletes_what_it_began_itself_and_not_what_others_use(tmp_path):
    for name in ("first", "second", "third"):
        add(opened(tmp_path, name), 1)
    cache = opened(tmp_path)
    for first in range(1, 401, 10):
        add(cache, first)
        assert size_of(tmp_path) <= LIMIT + SEGMENT
    assert all(there(opened(tmp_path, name), range(1, 11)) for name in ("first", "second", "third"))
    assert there(cache, range(391, 401))
    assert not there(cache, range(1, 11))
    assert len(cache) <= 50


def test_what_a_project_uses_stays_until_it_is_closed(tmp_path):
    cache = opened(tmp_path, holds=True)
    for first in range(1, 201, 10):
        add(cache, first)
    assert there(cache, range(1, 201))
    assert size_of(tmp_path) > LIMIT
    cache.close()
    assert size_of(tmp_path) <= LIMIT
    add(cache := opened(tmp_path, "large"), 1, 200)
    assert there(cache, range(1, 201)), "what was added last is there, even if it is beyond the limit"
    cache.close()
    assert size_of(tmp_path) <= LIMIT


@pytest.mark.skipif(os.name == "nt", reason="a mapped file cannot be deleted there")
def test_what_was_deleted_can_still_be_gathered_by_who_holds_it(tmp_path):
    held = opened(tmp_path, holds=True)
    add(held, 1)
    shutil.rmtree(tmp_path / "model")  # by another process, or in the settings
    assert there(held, range(1, 11))
    add(held, 11)
    assert there(held, range(1, 21))
    assert there(opened(tmp_path), range(11, 21))


@pytest.mark.parametrize("count", [9, 10, 12])
def test_what_was_deleted_and_begun_anew_is_not_taken_for_what_it_was(tmp_path: Path, count: int) -> None:
    user, holder = opened(tmp_path), opened(tmp_path, holds=True)
    old = add(user, 1)
    user.close()
    holder.refresh()
    shutil.rmtree(tmp_path / "model")
    new = add(opened(tmp_path), 101, count)
    user.refresh()
    assert not there(user, old)
    assert there(user, new)
    holder.refresh()
    assert there(holder, old)
    assert there(holder, new)


def test_of_two_rows_of_a_picture_the_newer_one_counts(tmp_path):
    for _ in range(2):
        cache = opened(tmp_path)
        cache.verify(digests(range(1, 11)))
        add(cache, 1)
        assert there(cache, range(1, 11))
        cache.close()
        stored = np.fromfile(tmp_path / "model" / "features.f32", np.float32)
        np.ones_like(stored).tofile(tmp_path / "model" / "features.f32")
    assert there(opened(tmp_path), range(1, 11))


def test_half_a_deletion_leaves_no_row(tmp_path):
    add(opened(tmp_path), 1)
    (tmp_path / "model" / "hashes.bin").unlink()  # the first thing that is deleted; then the process was killed
    cache = opened(tmp_path)
    assert not there(cache, range(1, 11))
    add(cache, 1)
    assert there(opened(tmp_path), range(1, 11))


WRITER = textwrap.dedent(
    """
    import sys, numpy as np
    from pathlib import Path
    from mma_desktop.engine.features.shared_cache import SharedCache
    cache = SharedCache(Path(sys.argv[1], sys.argv[2]), 16, 16, float(sys.argv[3]))
    eye = np.eye(16, dtype=np.float32)
    for number in range(int(sys.argv[4]), int(sys.argv[5]), 5):
        keys = [one.to_bytes(32, "big") for one in range(number, number + 5)]
        cache.append(keys, eye[np.arange(number, number + 5) % 16])
        keys = [one.to_bytes(32, "big") for one in range(1, number + 5)]
        known = np.flatnonzero(cache.rows(keys) >= 0)
        rows = cache.gather_rows([keys[at] for at in known])
        assert np.array_equal(rows, eye[(known + 1) % 16]), known
        print("a batch is on disk", flush=True)
    """
)


def writer(folder: Path, name: str, first: int, end: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(folder), name, str(LIMIT), str(first), str(end)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_several_processes_agree_on_what_is_there(tmp_path):
    writers = [writer(tmp_path, *how) for how in (("model", 1, 300), ("model", 101, 400), ("other", 1, 300))]
    assert [one.wait() for one in writers if not one.communicate()[1]] == [0, 0, 0]
    assert size_of(tmp_path) <= LIMIT + SEGMENT
    cache = opened(tmp_path)
    assert len(cache) > 0
    known = found_among(cache, 401)
    assert len(known) == len(cache)
    assert there(cache, known)


@pytest.mark.skipif(os.name == "nt", reason="kills with SIGKILL")
def test_a_kill_at_any_moment_leaves_only_whole_rows_within_the_limit(tmp_path):
    for round_ in range(3):
        one = writer(tmp_path, "model", 1 + 1000 * round_, 10**6)
        assert one.stdout is not None
        assert all(one.stdout.readline() for _ in range(1 + 5 * round_))  # the next batch is on its way then
        one.send_signal(signal.SIGKILL)
        one.communicate()
        cache = opened(tmp_path)
        known = found_among(cache, 5000)
        assert known
        assert there(cache, known)
        assert size_of(tmp_path) <= LIMIT + 2 * SEGMENT
