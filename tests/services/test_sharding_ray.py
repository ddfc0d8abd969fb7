"""Shards on Ray: what an actor answers, and on a real cluster of this machine the same bytes, also when one dies."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.batch.sharding import shard
from mma_desktop.services.batch.sharding.parts import summarise
from mma_desktop.services.batch.sharding.shard import ShardActor, run_on_ray
from tests.services.shard_fakes import Load, hashes, job_for, make_pictures, predicted, shards_of, temporary, twelve
from tests.steps import meanwhile


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pictures(tmp_path_factory.mktemp("shards") / "pictures")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> dict[str, str]:
    out = tmp_path_factory.mktemp("whole")
    predicted(out, pictures)
    return hashes(out)


# ------------------------------------------------------------------------------ without a cluster


def test_an_actor_writes_the_same_bytes(tmp_path: Path, pictures: Path, whole: dict[str, str]) -> None:
    shards = shards_of(tmp_path, pictures)
    actor = ShardActor(job_for(tmp_path, shards))
    answers = [
        actor({"shard": np.array([one]), "paths": np.array([shards.paths(one)], object)}) for one in shards.sizes
    ]
    assert hashes(tmp_path) == whole
    assert [sum(one[name][0] for one in answers) for name in ("predicted", "failed")] == [40, 3]
    assert {one["refused"][0] for one in answers} == {""}


def test_a_model_that_cannot_be_loaded_is_an_answer(tmp_path: Path, pictures: Path) -> None:
    actor = ShardActor(job_for(tmp_path, shards_of(tmp_path, pictures), Load(refuse="no such backbone")))
    (refused,) = actor({"shard": np.array([1]), "paths": np.array([b"a\0"], object)})["refused"]
    assert refused == "no such backbone"


def test_without_ray_it_says_what_to_install(tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    shards = shards_of(tmp_path, pictures)
    with pytest.raises(UserError, match=r"pip install '\.\[ray\]'"):
        run_on_ray(job_for(tmp_path, shards), shards, [1], "local", CancelToken())


def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path: Path, pictures: Path) -> None:
    shards = shards_of(tmp_path, pictures)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError, match=f"No Ray cluster responds at {address}"):
            run_on_ray(job_for(tmp_path, shards), shards, [1], address, CancelToken())


# ------------------------------------------------------------------------------ with one


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pytest.importorskip("ray")
    monkeypatch.setattr(shard, "usable_cores", lambda: 2)
    for name in (*shard.QUIET, *shard.LOOPBACK_ONLY):
        monkeypatch.setenv(name, {**shard.QUIET, **shard.LOOPBACK_ONLY}[name])
    yield
    import ray

    assert not ray.is_initialized()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore", "error:`ray_remote_args`")
def test_a_cluster_of_two_writes_the_same_bytes_though_one_is_killed(
    tmp_path: Path, pictures: Path, whole: dict[str, str], cluster: None
) -> None:
    shards = shards_of(tmp_path / "out", pictures)
    killed: list[int] = []

    def kill(_token: CancelToken) -> None:
        killed.extend(actors())
        assert len(killed) == 2
        os.kill(killed[0], signal.SIGKILL)

    job = job_for(tmp_path / "out", shards, Load(pause=0.3))
    counts = run_on_ray(job, shards, list(shards.sizes), "local", meanwhile(kill, lambda event: event.done))
    assert (bool(killed), counts) == (True, (40, 3))
    assert hashes(tmp_path / "out") == whole
    assert summarise(tmp_path / "out").whole
    assert not temporary(tmp_path / "out")
    assert not actors()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore", "error:`ray_remote_args`")
def test_a_cluster_leaves_a_shard_that_kills_its_actor_twice(
    tmp_path: Path, cluster: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARD_TEST_MARKERS", str(tmp_path))
    out = tmp_path / "out"
    shards = shards_of(out, twelve(tmp_path / "some", "poison "), size=4)
    assert run_on_ray(job_for(out, shards), shards, [1, 2, 3], "local", CancelToken()) == (8, 0)
    assert (tmp_path / "poison 05.png").read_text() == "++"
    assert summarise(out).missing == ["part-00003-of-00003.parquet"]


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
