"""`mma-desktop backups`: the list, and restoring, by name, by path and the newest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mma_desktop import __main__
from mma_desktop.store.project import Project

from .store.conftest import make_scanned


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """A closed project with two good backups (without a label, with one) and a torn one that is newer."""
    with Project.create(tmp_path / "birds.mma") as project:
        project.add_files([make_scanned(f"/p/{number}.jpg") for number in range(1200)])
        project.add_classes(["cat"])
        for stamp in ("20250101-101500Z", "20250102-101500Z"):
            made = project.keep_backup()
            assert made is not None
            made.rename(made.with_name(f"project-{stamp}.db"))
            project.assign([1], 1)
        project.assign([2, 3], 1)
    (project.folder / "backups" / "project-20250103-101500Z.db").write_bytes(b"torn")
    return project.folder


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = __main__.main(["backups", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def labels(folder: Path) -> int:
    with Project.open(folder) as project:
        return int((project.catalogue().class_ids >= 0).sum())


def test_the_list_tells_what_is_in_each(birds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, birds)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["made", "images", "labelled", "classes", "MB", "file"]
    assert lines[1][2:] == ["0.0", "project-20250103-101500Z.db", "damaged"]
    assert lines[2][2:5] == ["1,200", "1", "1"]
    assert lines[3][2:5] == ["1,200", "0", "1"]
    moment = time.localtime(1735726500)  # 2025-01-01 10:15 UTC
    assert lines[3][:2] == time.strftime("%Y-%m-%d %H:%M", moment).split()


def test_a_project_without_backups_has_an_empty_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Project.create(tmp_path / "new.mma").close()
    code, out, err = run(capsys, tmp_path / "new.mma")
    assert (code, out) == (0, "")
    assert "has no backups." in err


@pytest.mark.parametrize("how", ["newest", "name", "path"])
def test_restoring(birds: Path, capsys: pytest.CaptureFixture[str], how: str) -> None:
    name = "project-20250102-101500Z.db"
    code, out, err = run(
        capsys, birds, "--restore", {"newest": how, "name": name, "path": birds / "backups" / name}[how]
    )
    assert (code, err) == (0, "")
    (kept,) = birds.glob("project-before-restore-*.db")
    assert out.splitlines()[0].startswith("birds.mma was restored to 2025-01-02 ")
    assert out.splitlines()[0].endswith(", with 1 labelled.")
    assert out.splitlines()[1] == f"Its previous database was kept as {kept}."
    assert labels(birds) == 1
    assert run(capsys, birds, "--restore", kept.name)[0] == 0
    assert labels(birds) == 3


def test_refusals(birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        ((birds, "--restore", "project-20250103-101500Z.db"), "cannot be restored: damaged. Nothing was changed."),
        ((birds, "--restore", "nothing.db"), "There is no backup nothing.db."),
        ((tmp_path / "none.mma",), "does not exist"),
        ((tmp_path / "none.mma", "--restore", "newest"), "does not exist"),
        ((tmp_path,), "is not a project"),
        ((tmp_path, "--restore", "newest"), "has no backup that can be restored"),
    ):
        code, out, err = run(capsys, *arguments)
        assert (code, out) == (1, "")
        assert words in err
    with Project.open(birds):
        code, _out, err = run(capsys, birds, "--restore", "newest")
        assert code == 1
        assert "open in another window" in err
    assert labels(birds) == 3
