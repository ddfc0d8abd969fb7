"""Machines that refuse: folders that cannot be written or made, nobody's home, full disks, names of others in /tmp.

The window opens, projects open and work, one notice says what is not remembered; commands work or say a sentence.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core import paths
from tests.programs import ROOT, preloaded

CLASSES = ("lemon", "cactus")
FOLDERS = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_DOCUMENTS_DIR")
SHOTS = ("--shots", "2")
NOT_REMEMBERED = "Not remembered for the next start"
OF_TORCH = "torchinductor_someone"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="homes, limits and names as Linux has them")


@pytest.fixture(scope="session")
def pictures(sample_pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two class folders of three pictures."""
    out = tmp_path_factory.mktemp("few")
    for name in CLASSES:
        (out / name).mkdir()
        for one in sorted((sample_pictures / name).iterdir())[:3]:
            shutil.copy(one, out / name)
    return out


# ------------------------------------------------------------------------------ the machines


def home_only(home: Path) -> dict[str, str]:
    """The environment of a user all of whose folders are in one home."""
    own = {name: one for name, one in os.environ.items() if name not in (*FOLDERS, "TORCHINDUCTOR_CACHE_DIR")}
    return {**own, "HOME": str(home)}


def read_only(tmp_path: Path) -> tuple[str, dict[str, str]]:
    if AS_ROOT:
        pytest.skip("root may write everywhere; .ci/as_user shows it")
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    return "", home_only(home)


def full(tmp_path: Path) -> tuple[str, dict[str, str]]:
    """And another user's file where torch takes a folder named after the user, and trains nothing where it cannot."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    (temporary / OF_TORCH).write_text("another user's")
    environment = {**home_only(home), **dict.fromkeys(("USER", "LOGNAME", "LNAME", "USERNAME"), "someone")}
    environment |= {"TMPDIR": str(temporary), "LD_PRELOAD": preloaded("full_disk", tmp_path), "FULL_DISK": str(home)}
    return "", environment


def files_in_place(tmp_path: Path) -> tuple[str, dict[str, str]]:
    there = {name: tmp_path / name.lower() for name in FOLDERS}
    for path in there.values():
        path.write_text("a file where a folder should be")
    return "", {**home_only(tmp_path / "home"), **{name: str(path) for name, path in there.items()}}


def nowhere(tmp_path: Path) -> tuple[str, dict[str, str]]:
    return "", home_only(Path("/proc/nowhere/home"))


def nobody(tmp_path: Path) -> tuple[str, dict[str, str]]:
    """No HOME, no entry for the user; what is relative is ignored, so all would be below the root."""
    environment = {**home_only(tmp_path), **dict.fromkeys(FOLDERS, "relative")}
    del environment["HOME"]
    for name in FOLDERS[:3] if AS_ROOT else ():  # root could write there
        environment[name] = "/proc/nowhere"
    return "passwd", environment


def of_another_user(tmp_path: Path) -> tuple[str, dict[str, str]]:
    """Folders that nobody else may open, such as one run with sudo leaves."""
    if AS_ROOT:
        pytest.skip("root may open every folder; .ci/as_user shows it")
    environment = home_only(tmp_path)
    for name in FOLDERS[:3]:
        environment[name] = str(tmp_path / name.lower())
        (tmp_path / name.lower() / paths.APP).mkdir(parents=True)
        (tmp_path / name.lower() / paths.APP).chmod(0)
    return "", environment


MACHINES: dict[str, Callable[[Path], tuple[str, dict[str, str]]]] = {
    "read-only home": read_only,
    "full home": full,
    "files in place of folders": files_in_place,
    "folders that cannot be": nowhere,
    "nobody": nobody,
    "folders of another user": of_another_user,
}


LIMITED = """
import resource, sys, threading
limit, number = getattr(resource, sys.argv[1]), int(sys.argv[2])
resource.setrlimit(limit, (number, number))
if sys.argv[3:4] == ["as root"]:  # whom the limit leaves alone
    def none_left(*_):
        raise RuntimeError("can't start new thread")
    threading._start_new_thread = none_left
    del sys.argv[3]
from mma_desktop.__main__ import main
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize(
    ("limit", "command"),
    [(("RLIMIT_AS", 300 << 20), "train"), (("RLIMIT_NPROC", 1), "import")],
    ids=["memory", "threads"],
)
def test_too_little_memory_or_threads_is_a_sentence(
    limit: tuple[str, int], command: str, pictures: Path, tmp_path: Path
) -> None:
    root = ["as root"] if AS_ROOT and limit[0] == "RLIMIT_NPROC" else []
    places = [pictures, "--out", "a.safetensors"] if command == "train" else ["p", pictures]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, limit[0], str(limit[1]), *root, command, *map(str, places)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    said = " ".join(done.stderr.split())
    assert "The system gives this program no more memory or threads. Close other programs and try again" in said
    assert not (tmp_path / "a.safetensors").exists()


def refused(environment: dict[str, str], refusals: str, *arguments: str, cwd: Path) -> tuple[dict[str, Any], str]:
    """What the program told of itself, and what it wrote to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.strangers.refused", refusals, *arguments],
        capture_output=True,
        text=True,
        timeout=400,
        env={**environment, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told, done.stderr


# ------------------------------------------------------------------------------ the window

WITH_COMMANDS = ("read-only home", "full home", "nobody", "folders of another user")
"""The machines on which commands load the backbone, so that the window need not."""


@pytest.mark.parametrize("machine", MACHINES)
def test_the_window_opens_and_a_project_works(machine: str, pictures: Path, tmp_path: Path) -> None:
    refusals, environment = MACHINES[machine](tmp_path)
    refusals += ",engine" if machine in WITH_COMMANDS else ",compiling"
    work = tmp_path / "work"
    work.mkdir()
    told, _ = refused(environment, refusals, "window", str(work / "one.mma"), str(pictures / "lemon"), cwd=work)
    assert told["bugs"] == []
    assert told["code"] == 0
    (notice,) = told["notices"]
    for thing in ("settings and recent projects", "small copies of pictures and other caches", "the log"):
        assert thing in notice
    assert told["later"] == [notice]  # it outlives the opening of a project, and nothing more is said
    assert told["theme"] == "dark"
    assert told["recent"] == [str(work / "one.mma")]
    assert told["thumbnails"] == 3
    assert [one.name for one in work.iterdir()] == ["one.mma"]  # and no folder "~" or "relative"


def test_a_window_without_a_folder_for_temporary_files(pictures: Path, tmp_path: Path) -> None:
    told, _ = refused(
        home_only(tmp_path),
        "temporary,engine",
        "window",
        str(tmp_path / "one.mma"),
        str(pictures / "lemon"),
        cwd=tmp_path,
    )
    assert told["bugs"] == []
    assert told["code"] == 0
    assert told["notices"] == told["later"] == []
    assert told["thumbnails"] == 3


# ------------------------------------------------------------------------------ commands


@pytest.mark.parametrize("machine", WITH_COMMANDS)
def test_commands_work(machine: str, pictures: Path, tmp_path: Path) -> None:
    refusals, environment = MACHINES[machine](tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    lines = [
        ["train", str(pictures), "--out", "a.safetensors", "--base-fraction", "1", "--max-epochs", "2", *SHOTS],
        ["predict", "a.safetensors", str(pictures / "lemon"), "--out", "found.csv"],
        ["doctor", "--offline"],
        ["backbones"],
    ]
    if machine != "nobody":
        refusals += ",compiling"
    told, said = refused(environment, refusals, "commands", json.dumps(lines), cwd=work)
    assert told["codes"][:2] == [0, 0], said
    assert len((work / "found.csv").read_text().splitlines()) == 4
    assert said.count(NOT_REMEMBERED) == 1
    assert sorted(one.name for one in work.iterdir()) == ["a.safetensors", "found.csv"]
    if machine == "full home":
        assert [one.name for one in (tmp_path / "tmp").iterdir()] == [OF_TORCH]


def test_commands_without_a_folder_for_temporary_files(pictures: Path, tmp_path: Path) -> None:
    lines = [
        ["train", str(pictures), "--out", "a.safetensors", "--base-fraction", "1", *SHOTS],
        ["doctor", "--offline"],
        ["backbones"],
    ]
    told, said = refused(home_only(tmp_path), "temporary", "commands", json.dumps(lines), cwd=tmp_path)
    assert [told["codes"][0], told["codes"][2]] == [1, 0]
    assert "There is no folder for temporary files. Set TMPDIR" in said


@pytest.mark.skipif(AS_ROOT, reason="root may look into every folder; .ci/as_user shows it")
def test_what_lies_in_a_locked_folder_is_a_sentence(pictures: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    there = str(locked / "there")
    adapter = tmp_path / "a.safetensors"
    adapter.write_bytes(b"none")
    lines = [
        ["train", there],
        ["train", str(pictures), "--out", there],
        ["evaluate", there, str(pictures)],
        ["predict", there, str(pictures)],
        ["predict", str(adapter), str(pictures), "--shard-size", "2", "--out", there],
        ["shards", there],
        ["check", f"{there}.mma"],
        ["backups", f"{there}.mma"],
        ["import", f"{tmp_path}/new.mma", there],
        ["import", f"{there}.mma", str(pictures)],
        ["export", "csv", f"{there}.mma", f"{tmp_path}/out.csv"],
        ["export", "onnx", there, f"{tmp_path}/whole.onnx"],
        ["export", "features", f"{there}.mma", f"{tmp_path}/features"],
        ["benchmark", f"{there}.safetensors", "--out", f"{tmp_path}/bench"],
        ["benchmark", str(pictures), "--out", there],
        ["sample", "--headless", there],
        [f"{there}.mma"],
    ]
    told, said = refused(home_only(tmp_path), "", "commands", json.dumps(lines), cwd=tmp_path)
    assert [line for line, code in zip(lines, told["codes"], strict=True) if code != 1] == [], said
    assert said.count("locked") >= len(lines)


# ------------------------------------------------------------------------------ private folders


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("kept", paths.AppData)
def test_what_is_kept_is_private(kept: paths.AppData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FOLDERS[:3]:
        monkeypatch.setenv(name, str(tmp_path))
    folder = paths.usable_folder(kept)
    assert folder is not None
    assert mode(folder) == 0o700
    inside = paths.usable_folder(kept, "inside")
    assert inside == folder / "inside"
    assert mode(inside) == 0o700
    assert list(folder.iterdir()) == [inside]  # nothing of the trial stays
    former = tmp_path / "former" / folder.relative_to(tmp_path)
    former.mkdir(parents=True)
    former.chmod(0o755)  # as others may have made it
    for name in FOLDERS[:3]:
        monkeypatch.setenv(name, str(tmp_path / "former"))
    assert paths.usable_folder(kept) == former
    assert mode(former) == 0o700


def test_thumbnails_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mma_desktop.services.project_factory import user_thumbnails

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / paths.APP / "thumbnails").mkdir(parents=True)
    assert user_thumbnails().folder.is_relative_to(tmp_path / paths.APP)
    assert mode(tmp_path / paths.APP) == 0o700
