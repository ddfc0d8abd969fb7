"""Projects of former versions of the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mma_desktop.domain import UserError
from mma_desktop.store import SCHEMA_VERSION, Project
from mma_desktop.store.schema import DATABASE_FILE

DATA = Path(__file__).with_name("data")


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A project as the first version of the program left it (see `data/version_1.sql`)."""
    folder = tmp_path / "birds.mma"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.executescript((DATA / "version_1.sql").read_text("utf-8"))
    return folder


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_project_of_version_1_is_backed_up_and_keeps_everything(version_1: Path) -> None:
    with Project.open(version_1) as project:
        runs = project.runs()
        assert [(run.id, run.name, run.method, run.starred) for run in runs] == [
            (2, "second", "linear-probe", False),
            (1, "first try", "multi-modal-adapter", False),
        ]
        assert (runs[1].settings, runs[1].metrics) == ({"shots": 4, "seed": 0}, {"h": 70.5})
        assert project.setting("current_run") == 1
        assert [row.class_id for row in project.image_rows([1, 2, 3, 4])] == [1, 1, None, None]
        project.star_runs([1], True)
        added = project.add_run("third", "linear-probe", "starter", "runs/c.safetensors", {}, {})
        assert added.id == 3, "an id is never used twice"
    assert version_of(version_1 / DATABASE_FILE) == f"{SCHEMA_VERSION:04d}"
    (backup,) = (version_1 / "backups").iterdir()
    assert backup.name.endswith(f"-before-v{SCHEMA_VERSION}.db")
    assert version_of(backup) == "0001"
    with Project.open(version_1) as project:
        assert {run.id: run.starred for run in project.runs()} == {1: True, 2: False, 3: False}
    assert len(list((version_1 / "backups").iterdir())) == 1, "only a migration makes a backup"


def test_a_project_of_the_next_version_is_refused_and_left_alone(version_1: Path) -> None:
    Project.open(version_1).close()
    path = version_1 / DATABASE_FILE
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (f"{SCHEMA_VERSION + 1:04d}",))
    before = path.read_bytes()
    with pytest.raises(UserError, match=f"newer version .*{SCHEMA_VERSION + 1}"):
        Project.open(version_1)
    assert path.read_bytes() == before
    assert len(list((version_1 / "backups").iterdir())) == 1
