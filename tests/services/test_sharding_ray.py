"""Shards on Ray: what an actor answers, and on a real cluster of this machine the same bytes, also when one dies."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.services.batch.sharding import on_ray
from mma_desktop.services.batch.sharding.on_ray import AttemptCounter, ShardActor, run_on_ray
from mma_desktop.services.batch.sharding.shard import run_shard
from mma_desktop.services.batch.sharding.workers import AbandonedShard
from tests.services.shard_fakes import Fake, Load, hashes, job, make_pictures, prepared, request, temporary, twelve
from tests.steps import value


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pictures(tmp_path_factory.mktemp("shards") / "pictures")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> dict[str, str]:
    todo = prepared(request(tmp_path_factory.mktemp("whole"), pictures))
    for index in todo.shards:
        run_shard(job(todo), index, Fake())
    return hashes(todo.plan.folder)


# ------------------------------------------------------------------------------ without a cluster


class Handle:
    """What stands for an actor of `AttemptCounter`: it answers at once."""

    def __init__(self) -> None:
        self.begin = SimpleNamespace(remote=AttemptCounter().begin)


@pytest.fixture
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(get=lambda answer: answer))


def ask(actor: ShardActor, index: int) -> dict[str, object]:
    return {name: one for name, (one,) in actor({"shard": np.array([index])}).items()}


def test_an_actor_writes_the_same_bytes(tmp_path: Path, pictures: Path, whole: dict[str, str], no_ray: None) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    actor = ShardActor(job(todo), Handle())
    answers = [ask(actor, index) for index in todo.shards]
    assert hashes(tmp_path / "out") == whole
    assert sum(int(str(one["predicted"])) for one in answers) == 40
    assert {(one["refused"], one["left"], one["process"]) for one in answers} == {("", "", os.getpid())}


def test_a_shard_that_was_begun_twice_is_left(tmp_path: Path, pictures: Path, no_ray: None) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    handle = Handle()
    handle.begin.remote(3)
    handle.begin.remote(3)
    assert ask(ShardActor(job(todo), handle), 3)["left"] == "its worker died, 2 times"
    assert ask(ShardActor(job(todo), handle), 4)["left"] == ""
    assert [name for name in hashes(tmp_path / "out") if "errors" not in name] == ["part-00004.parquet"]


def test_a_model_that_cannot_be_loaded_is_an_answer(tmp_path: Path, pictures: Path, no_ray: None) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    actor = ShardActor(job(todo, Load(refuse="no such backbone")), Handle())
    assert ask(actor, 0)["refused"] == "no such backbone"


def test_without_ray_it_says_what_to_install(tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    todo = prepared(request(tmp_path / "out", pictures))
    with pytest.raises(UserError, match=r"pip install '\.\[ray\]'"):
        value(run_on_ray(job(todo), todo.shards, "local", 2))


def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path: Path, pictures: Path) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError, match=f"No Ray cluster responds at {address}"):
            value(run_on_ray(job(todo), todo.shards, address, 2))


# ------------------------------------------------------------------------------ with one


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pytest.importorskip("ray")
    for name in (*on_ray.QUIET, *on_ray.LOOPBACK_ONLY):
        monkeypatch.setenv(name, {**on_ray.QUIET, **on_ray.LOOPBACK_ONLY}[name])
    yield
    import ray

    assert not ray.is_initialized()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_two_writes_the_same_bytes_though_one_is_killed(
    tmp_path: Path, pictures: Path, whole: dict[str, str], cluster: None
) -> None:
    todo = prepared(request(tmp_path / "out", pictures))
    steps = run_on_ray(job(todo, Load(pause=0.3)), todo.shards, "local", 2)
    killed = 0
    try:
        while True:
            if next(steps).done and not killed:
                (killed, *_) = actors()
                os.kill(killed, signal.SIGKILL)
    except StopIteration as stop:
        outcome = stop.value
    assert killed
    assert hashes(tmp_path / "out") == whole
    assert sorted(one.index for one in outcome.done) == [0, 1, 2, 3, 4, 5]
    assert outcome.left == []
    prepared(request(tmp_path / "out", pictures))
    assert not temporary(tmp_path / "out")
    assert not actors()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_leaves_a_shard_that_kills_its_actor_twice(
    tmp_path: Path, cluster: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARD_TEST_MARKERS", str(tmp_path))
    todo = prepared(request(tmp_path / "out", twelve(tmp_path / "some", "poison "), size=4))
    outcome = value(run_on_ray(job(todo), todo.shards, "local", 2))
    assert outcome.left == [AbandonedShard(2, "its worker died, 2 times")]
    assert (tmp_path / "poison 05.png").read_text() == "++"
    assert sorted(one.index for one in outcome.done) == [0, 1]


def actors() -> list[int]:
    """Processes below this one in which an actor has a model: Ray names them so."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if b"ray::MapWorker" in (place / "cmdline").read_bytes() and _is_below(int(place.name), os.getpid()):
                found.append(int(place.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def _is_below(process: int, above: int) -> bool:
    while process > 1 and process != above:
        process = int((Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[1])
    return process == above
