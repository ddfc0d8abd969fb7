"""Nothing that a command or the window reads is written over, however it is spelled."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mma_desktop.core import inputs
from mma_desktop.core.atomic_io import output_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.services.formats.exporting import check_target
from mma_desktop.services.images import importing
from mma_desktop.services.project_factory import create_project, open_project
from tests.programs import main_code
from tests.services.shard_fakes import make_pictures


@pytest.fixture(autouse=True)
def nothing_read() -> Iterator[None]:
    yield
    inputs.forget()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    context = create_project(tmp_path / "some.mma", threads=1)
    try:
        importing.import_paths(context, [make_pictures(tmp_path / "pictures", 3)], CancelToken())
        (context.project.runs_dir / "model.safetensors").write_bytes(b"x")
    finally:
        context.close()
    return tmp_path / "some.mma"


def digests(*folders: Path) -> dict[Path, str]:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if "backups" not in path.parts}


def linked(path: Path) -> Path:
    link = path.parents[1] / "link.csv"
    link.symlink_to(path)
    return link


def through_a_folder(path: Path) -> Path:
    (path.parents[1] / "folder").symlink_to(path.parent)
    return path.parents[1] / "folder" / path.name


def hard_linked(path: Path) -> Path:
    link = path.parents[1] / "hard.csv"
    os.link(path, link)
    return link


SPELLINGS: dict[str, Callable[[Path], Path]] = {
    "plain": lambda path: path,
    "relative": lambda path: Path(os.path.relpath(path)),
    "dots": lambda path: path.parent / ".." / path.parent.name / path.name,
    "link": linked,
    "folder link": through_a_folder,
    "hard link": hard_linked,
}
COMMANDS = {
    "labels": lambda project, out: ("export", "csv", project, out),
    "model": lambda project, out: ("export", "model", project, out),
    "report": lambda project, out: ("export", "report", project, out),
    "predictions": lambda project, out: ("export", "predictions", project, out),
    "predict": lambda project, out: ("predict", project, "--out", out),
    "predict json": lambda project, out: ("predict", project, "--json", out),
    "evaluate": lambda project, out: ("evaluate", project, "--report", out),
    "train": lambda project, out: ("train", project, "--out", out),
    "check": lambda project, out: ("check", project, "--json", out),
}


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("victim", ["some.mma/project.db", "pictures/001.png"])
@pytest.mark.parametrize("command", ["labels", "predict"])
def test_by_no_spelling(
    project: Path, command: str, victim: str, spelling: str, capfd: pytest.CaptureFixture[str]
) -> None:
    out = SPELLINGS[spelling](project.parent / victim)
    before = digests(project, project.parent / "pictures")
    assert main_code(*COMMANDS[command](project, out), "--overwrite") == 1
    said = capfd.readouterr().err
    assert "nothing was changed" in said
    assert "Traceback" not in said
    assert digests(project, project.parent / "pictures") == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "victim",
    ["some.mma/project.db", "some.mma/project.db-wal", "some.mma/runs/model.safetensors", "some.mma/new.csv",
     "pictures/001.png"],
)  # fmt: skip
def test_by_no_command(project: Path, command: str, victim: str, capfd: pytest.CaptureFixture[str]) -> None:
    before = digests(project, project.parent / "pictures")
    assert main_code(*COMMANDS[command](project, project.parent / victim), "--overwrite") == 1
    assert "nothing was changed" in capfd.readouterr().err
    assert digests(project, project.parent / "pictures") == before


@pytest.mark.parametrize(
    "words",
    [
        ("predict", "a.safetensors", "pictures", "--out", "a.safetensors"),
        ("predict", "a.safetensors", "pictures", "--out", "pictures/002.png"),
        ("predict", "a.safetensors", "list.txt", "--names", "names.csv", "--json", "names.csv"),
        ("predict", "a.safetensors", "pictures", "--weights", "weights.pt", "--json", "weights.pt"),
        ("evaluate", "a.safetensors", "pictures", "--report", "pictures/000.png"),
        ("train", "pictures", "--out", "pictures/001.png"),
        ("train", "table.csv", "--json", "table.csv"),
        ("groups", "pictures", "--out", "pictures/001.png"),
        ("export", "onnx", "a.safetensors", "a.safetensors"),
    ],
    ids=" ".join,
)
def test_what_a_command_was_given(
    tmp_path: Path, words: tuple[str, ...], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pictures(tmp_path / "pictures", 3)
    for name in ("a.safetensors", "list.txt", "names.csv", "weights.pt", "table.csv"):
        (tmp_path / name).write_text("name\n")
    monkeypatch.chdir(tmp_path)
    before = digests(tmp_path)
    assert main_code(*words, "--overwrite") == 1
    assert "would replace what is read" in capfd.readouterr().err
    assert digests(tmp_path) == before


def test_pictures_on_standard_input(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pictures(tmp_path / "pictures", 3)
    (tmp_path / "a.safetensors").touch()
    (tmp_path / "list").write_text(f"{tmp_path}/pictures/000.png\n")
    with (tmp_path / "list").open() as handle:
        monkeypatch.setattr("sys.stdin", handle)
        words = ("predict", tmp_path / "a.safetensors", "-", "--out", tmp_path / "pictures/000.png", "--overwrite")
        assert main_code(*words) == 1
    assert "would replace what is read" in capfd.readouterr().err


def test_a_folder_of_sorted_pictures_is_not_made_in_a_project(project: Path) -> None:
    with pytest.raises(UserError, match="only this program keeps files"):
        check_target(project / "sorted")
    assert main_code("export", "sorted", project, project / "sorted") == 1
    assert main_code("export", "imagefolder", project, project / "runs" / "folders") == 1
    assert main_code("predict", project, "--sort-into", project / "runs" / "sorted") == 1


def test_the_window_keeps_the_pictures_of_the_open_project_and_lets_them_go(project: Path) -> None:
    picture = project.parent / "pictures" / "000.png"
    before = picture.read_bytes()
    context = open_project(project, threads=1)
    try:
        with pytest.raises(UserError, match="would replace what is read"), output_path(picture) as temporary:
            temporary.write_text("x")
        assert picture.read_bytes() == before
        with output_path(project.parent / "new.csv") as temporary:
            temporary.write_text("x")
    finally:
        context.close()
    with output_path(picture) as temporary:
        temporary.write_text("x")
    assert picture.read_bytes() == b"x"
