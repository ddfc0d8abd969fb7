"""Shards in many processes: equal bytes, and what is left when processes die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.services.batch.sharding.shard import run_shard
from mma_desktop.services.batch.sharding.shard_summary import summarise
from mma_desktop.services.batch.sharding.workers import AbandonedShard, run_in_processes
from tests.services.shard_fakes import (
    Fake,
    Load,
    hashes,
    job,
    make_pictures,
    prepared,
    request,
    temporary,
    twelve,
)
from tests.steps import value

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_pictures(tmp_path_factory.mktemp("shards") / "pictures")
    return (folder / "030.png").rename(folder / "030 slow.png").parent


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> dict[str, str]:
    """The results that one process has, shard after shard."""
    todo = prepared(request(tmp_path_factory.mktemp("whole"), pictures))
    for index in todo.shards:
        run_shard(job(todo), index, Fake())
    return hashes(todo.plan.folder)


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_writes_the_same_bytes(
    tmp_path: Path, pictures: Path, whole: dict[str, str], workers: int
) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    outcome = value(run_in_processes(job(todo), todo.shards, workers))
    assert hashes(tmp_path / "out") == whole
    assert sum(one.predicted for one in outcome.done) == 40
    assert sum(one.failed for one in outcome.done) == 3
    assert os.getpid() not in {one.process for one in outcome.done}
    assert (outcome.left, outcome.messages) == ([], ["told by the model"])


@needs_signals
def test_what_a_dead_worker_had_is_done_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD_TEST_MARKERS", str(tmp_path))
    todo = prepared(request(tmp_path / "out", twelve(tmp_path / "some", "once "), size=4))
    outcome = value(run_in_processes(job(todo), todo.shards, 2))
    assert (tmp_path / "once 05.png").read_text() == "+"
    assert outcome.left == []
    assert sorted(one.index for one in outcome.done) == [0, 1, 2]
    found = summarise(tmp_path / "out")
    assert (found.whole, found.classes) == (True, {"red": 12})


@needs_signals
def test_a_shard_that_kills_its_worker_twice_is_left_and_the_others_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARD_TEST_MARKERS", str(tmp_path))
    todo = prepared(request(tmp_path / "out", twelve(tmp_path / "some", "poison "), size=4))
    outcome = value(run_in_processes(job(todo), todo.shards, 2))
    assert outcome.left == [AbandonedShard(2, "its worker died (signal 9), 2 times")]
    assert (tmp_path / "poison 05.png").read_text() == "++"
    assert sorted(one.index for one in outcome.done) == [0, 1]
    assert summarise(tmp_path / "out").missing == ["part-00002"]


def test_what_stops_all_of_them_is_said_once(tmp_path: Path, pictures: Path) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    with pytest.raises(UserError, match=r"^no such backbone$"):
        value(run_in_processes(job(todo, Load(refuse="no such backbone")), todo.shards, 2))


@needs_signals
def test_workers_that_die_while_they_load_are_not_tried_for_ever(tmp_path: Path, pictures: Path) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    with pytest.raises(UserError, match=r"died while loading the model \(signal 9\).*fewer --workers"):
        value(run_in_processes(job(todo, Load(die=True)), todo.shards, 1))


@needs_signals
def test_killed_before_any_step_the_next_run_ends_with_the_same_bytes(tmp_path: Path, pictures: Path) -> None:
    command = [sys.executable, "-m", "tests.services.shard_killer", str(pictures), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    assert steps >= 16  # two shards of two files, each flushed, renamed, and its folder flushed, and the manifest
    expected = hashes(tmp_path / "whole")
    assert len(expected) == 4
    for step in range(1, steps + 1):
        assert hashes(tmp_path / str(step)) == expected, step
        assert not temporary(tmp_path / str(step)), step


RUN = """
import sys
from pathlib import Path
from mma_desktop.services.batch.sharding.workers import run_in_processes
from tests.services.shard_fakes import Load, job, prepared, request
if __name__ == "__main__":
    todo = prepared(request(Path(sys.argv[2]), Path(sys.argv[1])))
    for step in run_in_processes(job(todo, Load(pause=0.05)), todo.shards, 2):
        print(step.done, flush=True)
"""


@needs_signals
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_workers_end_with_the_process_that_was_killed(tmp_path: Path, pictures: Path, whole: dict[str, str]) -> None:
    (tmp_path / "run.py").write_text(RUN)
    out = tmp_path / "out"
    command = [sys.executable, str(tmp_path / "run.py"), str(pictures), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert running.stdout is not None
    while int(running.stdout.readline()) < 43 - 8:  # one of them is busy with the slow picture, for a hundred seconds
        pass
    workers = [pid for pid in _children(running.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    running.kill()
    running.communicate()
    assert len(workers) == 2
    limit = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < limit
        time.sleep(0.02)
    todo = prepared(request(out, pictures))
    assert todo.shards == (4,)
    value(run_in_processes(job(todo), todo.shards, 2))
    assert hashes(out) == whole
    assert not temporary(out)


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
