"""Pictures from strangers go through the real import in a process of its own: no crash, no hang, no heap of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from mma_desktop.core.types import ProblemKind

from .mutations import good_files, mutations

RELEASE = "pillow==12.0.0"
SECONDS_A_FILE = 10
MIB = 1024


@dataclass(frozen=True)
class Imported:
    """What the child said of an import."""

    files: int
    good: set[str]
    refused: dict[str, list[str]]


def import_images(folder: Path, project: Path, seconds: float) -> Imported:
    """Import a folder in a child, and check what holds for any import of strangers' pictures."""
    child = Path(__file__).with_name("importing.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(child), str(project), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    name, slowest = report["slowest"]
    assert slowest < SECONDS_A_FILE, f"{name} took {slowest:.1f} s of processor time"
    assert report["peak_mib"] < MIB
    assert report["late"] == {}, "what was imported is encoded later on without an error"
    assert all(kind in list(ProblemKind) and reason for kind, reason in report["refused"].values())
    return Imported(report["files"], set(report["good"]), report["refused"])


def put(folder: Path, count: int, seed: int) -> Path:
    folder.mkdir()
    for name, data in mutations(count, seed):
        (folder / name).write_bytes(data)
    return folder


def test_good_files_of_every_kind(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, data in good_files().items():
        (folder / name).write_bytes(data)
    found = import_images(folder, tmp_path / "p.mma", 120)
    assert found.refused == {}
    assert found.good == set(good_files())


@pytest.mark.parametrize(("count", "seed"), [(72, 1), pytest.param(3000, 2, marks=pytest.mark.slow)])
def test_damaged_files(tmp_path: Path, count: int, seed: int) -> None:
    found = import_images(put(tmp_path / "pictures", count, seed), tmp_path / "p.mma", 120 + count)
    assert found.files == count
    assert len(found.refused) > count / 5, "the damage reached the decoders"
    assert len(found.good) > count / 20, "and not only the first bytes"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test pictures of a release of Pillow; downloaded with pip, or taken from the folder MMA_STRANGERS."""
    kept = os.environ.get("MMA_STRANGERS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("release")
    name = RELEASE.replace("==", "-")
    archive = folder / f"{name}.tar.gz"
    if not archive.is_file():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "pillow", "-d", str(folder)]
        done = subprocess.run(
            [*command, "--no-cache-dir", RELEASE], capture_output=True, text=True, check=False, timeout=600
        )
        if not archive.is_file():
            pytest.skip(f"the source of {RELEASE} could not be downloaded: {done.stderr[-200:]}")
    out = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as packed:
        inside = [one for one in packed if one.name.startswith(f"{name}/Tests/images/")]
        packed.extractall(out, inside, filter="data")
    return out / name / "Tests" / "images"


@pytest.mark.slow
def test_the_pictures_that_pillow_is_tested_with(release: Path, tmp_path: Path) -> None:
    found = import_images(release, tmp_path / "p.mma", 600)
    assert found.files > 1000
    assert len(found.good) > 600
    assert len(found.refused) > 300
