"""Two runs in one folder of results: the second is told who has its shards, and changes nothing."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mma_desktop import __main__
from mma_desktop.cli import shards
from mma_desktop.core.errors import UserError
from mma_desktop.services.batch.sharding.claim import claimed
from mma_desktop.store.lock import FolderLock
from tests.services.shard_fakes import Load, hashes, make_pictures
from tests.services.test_sharding_cli import save_adapter

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from mma_desktop.services.batch.sharding.claim import claimed
with claimed(Path(sys.argv[1]), tuple(map(int, sys.argv[2].split("/"))) if len(sys.argv) > 2 else None):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_run(folder: Path, *turn: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is at work on a folder of results."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), *turn],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdout.readline() == "held\n"
        yield running
        running.communicate()


def holds(folder: Path, turn: tuple[int, int] | None) -> bool:
    """Whether this process can have some shards."""
    try:
        with claimed(folder, turn):
            return True
    except UserError:
        return False


def test_who_has_the_shards_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with another_run(folder) as running:
        with pytest.raises(UserError) as refused, claimed(folder, None):
            pass
        host = platform.node()
        assert f"these shards of {folder} (process {running.pid} on {host}, since 20" in str(refused.value)
        assert "Nothing was changed." in str(refused.value)
    assert holds(folder, None)
    assert list(folder.iterdir()) == []


def test_a_run_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    with another_run(tmp_path) as running:
        assert not holds(tmp_path, None)
        running.kill()
        running.wait()
        assert holds(tmp_path, None)


def test_turns_exclude_those_with_some_of_the_same_shards_alone(tmp_path: Path) -> None:
    with another_run(tmp_path, "2/4"):
        for turn, free in (((1, 4), True), ((2, 4), False), (None, False), ((1, 2), True), ((2, 2), False)):
            assert holds(tmp_path, turn) is free, turn
        assert not holds(tmp_path, (1, 3)), "the sixth shard is of both"
    with another_run(tmp_path):
        assert not holds(tmp_path, (1, 4))


def test_a_file_that_is_no_lock_of_ours_is_left_alone(tmp_path: Path) -> None:
    for name in (".run-1-of-0.lock", ".run-x.lock", ".run-1-of-99999999999.lock"):
        (tmp_path / name).write_text("junk")
    (tmp_path / ".run-1-of-1.lock").write_bytes(b"\xff" * 5000)
    assert holds(tmp_path, None)


def test_a_holder_that_says_nothing_to_read_is_not_told(tmp_path: Path) -> None:
    held = FolderLock(tmp_path / ".run-1-of-1.lock")
    for said in (b"", b"[" * 5000, b"[1]", b'{"pid": 1}'):
        held.write(said)
        with pytest.raises(UserError, match=rf"these shards of {tmp_path}\. Wait"), claimed(tmp_path, None):
            pass
    held.release()
    assert holds(tmp_path, None)


@pytest.mark.skipif(sys.platform == "win32", reason="flock is of other systems")
def test_a_drive_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    with claimed(tmp_path, None) as notes:
        assert "cannot lock files. Make sure that no other run" in notes[0]


def test_the_command_refuses_to_plan_or_predict_meanwhile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "Loader", lambda *_: Load())
    adapter, pictures = save_adapter(tmp_path / "a.safetensors", "f00d", 32, 30.0), make_pictures(tmp_path / "p")
    out = tmp_path / "out"
    asked = ["predict", str(adapter), str(pictures), "--out", str(out), "--shard-size", "12"]
    assert __main__.main([*asked, "--shard", "1/2", "--workers", "1"]) == 0
    finished, manifest = hashes(out), (out / "manifest.json").read_bytes()
    assert len(finished) == 4
    capsys.readouterr()
    with another_run(out, "2/2") as running:
        for more in (["--plan"], ["--workers", "1"], ["--shard", "2/2"]):
            assert __main__.main([*asked, *more]) == 1
            assert f"(process {running.pid} on " in capsys.readouterr().err
        assert (hashes(out), (out / "manifest.json").read_bytes()) == (finished, manifest)
        assert __main__.main([*asked, "--shard", "1/2", "--workers", "1"]) == 0
    assert __main__.main([*asked, "--workers", "1"]) == 0
    assert json.loads(manifest)["pictures"] == 43
    assert not list(out.glob(".run-*"))
