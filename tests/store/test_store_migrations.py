"""Projects of former versions of the program: each released version has a fixture, see `make_fixture.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.store import migrate, schema
from mma_desktop.store.project import Project
from mma_desktop.store.schema import APPLICATION_ID, DATABASE_FILE, METADATA, SCHEMA_VERSION

from .make_fixture import DATA, dump, fill, fixture

VERSIONS = range(1, SCHEMA_VERSION + 1)

Row = dict[str, Any]


@pytest.fixture
def project_of(tmp_path: Path) -> Callable[[int], Path]:
    """A function that makes the project that a version of the program left."""

    def made(version: int) -> Path:
        folder = tmp_path / f"birds {version}.mma"
        folder.mkdir()
        load(fixture(version), folder / DATABASE_FILE)
        return folder

    return made


def load(script: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(script.read_text("utf-8"))


def version_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def tables(path: Path) -> dict[str, list[Row]]:
    """Every row of every table, the version aside."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1')]
            for name in names
            if name != "alembic_version"
        }


def statements(path: Path) -> dict[str, str]:
    """The statement that made each table and index."""
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def test_every_version_has_its_fixture() -> None:
    assert sorted(path.name for path in DATA.glob("version_*.sql")) == [f"version_{n}.sql" for n in VERSIONS], (
        "make the one of the new version with: python -m tests.store.make_fixture"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_fixture_is_what_that_version_made(
    version: int, project_of: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = project_of(version) / DATABASE_FILE
    assert version_of(database) == schema.revision(version)
    assert [name for name, rows in tables(database).items() if not rows] == []
    made = tmp_path / "made.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    monkeypatch.setattr(schema, "SCHEMA_VERSION", version)
    migrate.upgrade(made)
    assert statements(database) == statements(made)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_project_of_every_version_opens_and_keeps_every_row(version: int, project_of: Callable[[int], Path]) -> None:
    folder = project_of(version)
    before = tables(folder / DATABASE_FILE)
    with Project.open(folder) as project:
        rows = project.image_rows([row["id"] for row in before["image"]])
        labels = {row["image_id"]: row["class_id"] for row in before["label"]}
        assert {row.id: row.class_id for row in rows if row.class_id is not None} == labels
        assert [one.name for one in project.classes()] == [row["name"] for row in before["class"]]
        assert len(project.runs()) == len(before["run"])
    assert version_of(folder / DATABASE_FILE) == schema.revision(SCHEMA_VERSION)
    after = tables(folder / DATABASE_FILE)
    assert set(after) == {table.name for table in METADATA.sorted_tables} | {"sqlite_sequence"}
    for name, kept in before.items():
        same = [{column: row[column] for column in kept[0]} for row in after[name]]
        assert same == kept, name
    backups = list((folder / "backups").iterdir())
    assert len(backups) == (version < SCHEMA_VERSION), "only a migration makes a backup"
    for backup in backups:
        assert backup.name.endswith(f"-before-v{SCHEMA_VERSION}.db")
        assert version_of(backup) == schema.revision(version)
        assert tables(backup) == before
    with Project.open(folder):
        pass
    assert list((folder / "backups").iterdir()) == backups, "the second time there is nothing to bring up to date"


def test_a_project_of_the_next_version_is_refused_and_left_alone(project_of: Callable[[int], Path]) -> None:
    folder = project_of(SCHEMA_VERSION)
    Project.open(folder).close()
    path = folder / DATABASE_FILE
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (f"{SCHEMA_VERSION + 1:04d}",))
    before = path.read_bytes()
    with pytest.raises(UserError, match=f"newer version .*{SCHEMA_VERSION + 1}"):
        Project.open(folder)
    assert path.read_bytes() == before
    assert list((folder / "backups").iterdir()) == []


def test_ids_of_a_former_version_are_never_used_twice(project_of: Callable[[int], Path]) -> None:
    with Project.open(project_of(1)) as project:
        assert [(run.id, run.name, run.method, run.starred) for run in project.runs()] == [
            (2, "second", "linear-probe", False),
            (1, "first try", "multi-modal-adapter", False),
        ]
        project.star_runs([1], True)
        assert project.add_run("third", "linear-probe", "starter", "runs/c.safetensors", {}, {}).id == 3
        assert {run.id: run.starred for run in project.runs()} == {1: True, 2: False, 3: False}


def test_the_command_that_makes_fixtures_works(project: Project, tmp_path: Path) -> None:
    fill(project)
    project.close()
    script = tmp_path / "now.sql"
    script.write_text(dump(project.folder / DATABASE_FILE), "utf-8")
    load(script, tmp_path / "again.db")
    assert statements(tmp_path / "again.db") == statements(project.folder / DATABASE_FILE)
    assert [name for name, rows in tables(tmp_path / "again.db").items() if not rows] == []
