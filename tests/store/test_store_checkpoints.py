"""A checkpoint's file and its run: neither without the other, wherever the program was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import RunRecord
from mma_desktop.store import runs as run_table
from mma_desktop.store.project import Project

NAME = "runs/a.safetensors"


def add(project: Project, name: str = NAME) -> RunRecord:
    project.pending_path(project.folder / name).write_bytes(b"weights")
    return project.add_run("first", "multi-modal-adapter", "starter", name, {"shots": 16}, {"h": 74.8})


def files(project: Project) -> list[str]:
    return sorted(path.name for path in project.runs_dir.iterdir())


def test_the_file_takes_its_place_once_the_run_is_noted(tmp_path: Path) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        run = add(project)
        assert files(project) == ["a.safetensors"]
        project.delete_run(run.id)
        assert files(project) == []


def test_killed_before_the_run_was_noted(tmp_path: Path) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        project.pending_path(project.folder / NAME).write_bytes(b"weights")
    with Project.open(tmp_path / "birds.mma") as project:
        assert (project.runs(), files(project)) == ([], [])


def test_killed_before_the_file_took_its_place(tmp_path: Path) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        path = project.checkpoint_path(add(project))
        path.rename(project.pending_path(path))
    with Project.open(tmp_path / "birds.mma") as project:
        assert project.checkpoint_path(project.runs()[0]).read_bytes() == b"weights"
        assert files(project) == ["a.safetensors"]


@pytest.mark.parametrize("forgotten", [True, False])
def test_killed_while_a_run_was_deleted(tmp_path: Path, forgotten: bool) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        run = add(project)
        path = project.checkpoint_path(run)
        if forgotten:
            project.delete_run(run.id)
            project.pending_path(path).write_bytes(b"weights")
        else:
            path.rename(project.pending_path(path))
    with Project.open(tmp_path / "birds.mma") as project:
        assert files(project) == ([] if forgotten else ["a.safetensors"])
        assert len(project.runs()) == len(files(project))


@pytest.mark.parametrize("there", [True, False])
def test_a_run_that_was_refused_keeps_its_file_until_it_is_known_whether_it_is_there(
    tmp_path: Path, there: bool
) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        waiting = project.pending_path(project.folder / NAME)
        waiting.write_bytes(b"weights")
        with pytest.raises(UserError):
            project.add_run(" ", "multi-modal-adapter", "starter", NAME, {}, {})
        assert (files(project), project.runs()) == ([waiting.name], [])
        if there:  # as when the log of a full disk holds the run after all
            waiting.rename(tmp_path / "aside")
            project.add_run("first", "multi-modal-adapter", "starter", NAME, {}, {})
            (tmp_path / "aside").rename(waiting)
    with Project.open(tmp_path / "birds.mma") as project:
        assert files(project) == (["a.safetensors"] if there else [])
        assert len(project.runs()) == len(files(project))


def test_an_interrupt_while_a_run_is_deleted_puts_its_file_back(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    path.write_bytes(b"adapter")
    with pytest.raises(KeyboardInterrupt), run_table.deleting(path):
        raise KeyboardInterrupt
    assert path.read_bytes() == b"adapter"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_run_that_could_not_be_forgotten_keeps_its_file(tmp_path: Path) -> None:
    with Project.create(tmp_path / "birds.mma") as project:
        path = project.checkpoint_path(add(project))
        with pytest.raises(UserError), run_table.deleting(path):
            assert not path.exists()
            raise UserError("full")
        assert path.read_bytes() == b"weights"
