"""Trainings and settings of a project."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import DEFAULT_METHOD, RunRecord
from mma_desktop.store.project import Project


def add(project: Project, name: str, checkpoint: str = "runs/a.safetensors") -> RunRecord:
    return project.add_run(name, "multi-modal-adapter", "starter", checkpoint, {"shots": 16}, {"h": 74.8})


def test_runs_are_kept_newest_first(project: Project) -> None:
    first, second = add(project, "first"), add(project, "second")
    assert [run.id for run in project.runs()] == [second.id, first.id]
    assert project.runs()[1] == first
    assert (first.settings, first.metrics) == ({"shots": 16}, {"h": 74.8})
    assert project.rename_run(first.id, " better  name ").runs
    assert project.runs()[1].name == "better name"
    with pytest.raises(UserError, match="needs a name"):
        project.rename_run(first.id, " ")
    with pytest.raises(UserError, match="not there any more"):
        project.rename_run(99, "x")


def test_a_run_from_before_its_method_was_renamed_is_read(project: Project) -> None:
    project.add_run("old", DEFAULT_METHOD, "starter", "runs/a.safetensors", {}, {"history": []})
    with closing(sqlite3.connect(project.folder / DATABASE_FILE)) as database:
        database.execute("UPDATE run SET method = 'multi-modal-adapter-plus'")
        database.commit()
    (run,) = project.runs()
    assert run.method == "quick"
    assert run.kept


def test_deleting_a_run_deletes_its_checkpoint(project: Project) -> None:
    run = add(project, "one")
    path = project.checkpoint_path(run)
    assert path == project.runs_dir / "a.safetensors"
    path.write_bytes(b"weights")
    assert project.delete_run(run.id).runs
    assert not path.exists()
    assert project.runs() == []
    with pytest.raises(UserError, match="not there any more"):
        project.delete_run(run.id)


@pytest.mark.parametrize("bad", ["../x", "/etc/x", "runs/../../x", "C:\\x", "C:x", "..\\x", "", "\\\\host\\x"])
def test_a_checkpoint_never_leads_out_of_the_project(project: Project, bad: str) -> None:
    with pytest.raises(ValueError, match="relative"):
        add(project, "x", bad)
    foreign = RunRecord(1, "x", 0.0, "m", "b", bad, {}, {})
    with pytest.raises(UserError, match="outside the project"):
        project.checkpoint_path(foreign)


def test_a_settings_value_is_kept_over_a_reopening(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        assert project.folder.name == "p.mma"
        assert project.name == "p"
        assert project.setting("prompt", "a photo of a {}.") == "a photo of a {}."
        assert project.set_setting("prompt", "a sketch of a {}.").settings
        assert project.set_setting("prompt", "a sketch of a {}.").empty
        project.set_setting("numbers", {"a": [1, 2.5, None]})
    with Project.open(project.folder) as project:
        assert project.setting("prompt") == "a sketch of a {}."
        assert project.setting("numbers") == {"a": [1, 2.5, None]}
        project.set_setting("prompt", None)
        assert project.setting("prompt", "default") == "default"


def test_what_could_not_be_read_back_is_not_saved(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        run = add(project, "first")
        project.set_setting("prompt_template", "a {}.")
        with pytest.raises(UserError, match=r"^The prompt template 'half a sign \? \{\}\.' is not UTF-8"):
            project.set_setting("prompt_template", "half a sign \ud800 {}.")
        with pytest.raises(UserError, match="was not saved"):
            project.set_setting("division", "half a sign \ud800")
    with Project.open(project.folder) as project:
        assert project.setting("prompt_template") == "a {}."
        assert project.runs() == [run]
