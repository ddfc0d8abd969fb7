"""Projects of former versions of the program: each released version has a fixture, see `make_fixture.py`."""

from __future__ import annotations

import json
import re
import runpy
import sqlite3
import string
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import one_line
from mma_desktop.core.types import Reason
from mma_desktop.media.error_messages import reason_text
from mma_desktop.store import migrate, project_folder, schema
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


def test_a_new_project_has_what_the_migrations_make(tmp_path: Path) -> None:
    migrated, made = tmp_path / "migrated.db", tmp_path / "new.mma" / DATABASE_FILE
    with closing(sqlite3.connect(migrated)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrate.upgrade(migrated)
    project_folder.make(made.parent)
    assert statements(made) == statements(migrated)
    assert version_of(made) == version_of(migrated) == schema.revision(SCHEMA_VERSION)
    asked = ("application_id", "user_version", "encoding", "journal_mode", "auto_vacuum", "page_size")
    for name in asked:
        found = []
        for path in (made, migrated):
            with closing(sqlite3.connect(path)) as connection:
                found.append(connection.execute(f"PRAGMA {name}").fetchone())
        assert found[0] == found[1], name


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
        assert same == ([_with_code(row, version) for row in kept] if name == "image" else kept), name
    backups = list((folder / "backups").iterdir())
    assert len(backups) == (version < SCHEMA_VERSION), "only a migration makes a backup"
    for backup in backups:
        assert backup.name.endswith(f"-before-v{SCHEMA_VERSION}.db")
        assert version_of(backup) == schema.revision(version)
        assert tables(backup) == before
    with Project.open(folder):
        pass
    assert list((folder / "backups").iterdir()) == backups, "the second time there is nothing to bring up to date"


def _with_code(row: Row, version: int) -> Row:
    """A row of `image` with its reason as version 3 keeps it. Those of the fixtures' problems are no known ones."""
    if version >= 3 or row["problem"] is None:
        return row
    return {**row, "reason": json.dumps({"code": "other", "text": row["reason"]})}


def test_reasons_of_version_2_become_codes(tmp_path: Path) -> None:
    folder = tmp_path / "birds.mma"
    folder.mkdir()
    load(DATA / "problems_2.sql", folder / DATABASE_FILE)
    before = {row["id"]: row for row in tables(folder / DATABASE_FILE)["image"]}
    with Project.open(folder) as project:
        rows = {row.id: row for row in project.image_rows(list(before))}
        labelled = [row.id for row in rows.values() if row.class_id is not None]
    codes = set()
    for number, row in rows.items():
        assert (None if row.problem is None else row.problem.value) == before[number]["problem"]
        said = re.sub(r"^(a: )?\w+\.jpg: ", "", before[number]["reason"])  # the name is shown with the image anyway
        assert reason_text(row.reason) == one_line(said)
        codes.add(row.reason.code if row.reason is not None else "")
    assert len(codes) == 28
    assert [number for number, row in rows.items() if row.reason is not None and row.reason.code == "other"] == [39, 40]
    assert labelled == [1, 2, 3, 4, 7, 35, 36, 37]
    assert rows[21].reason is not None
    assert rows[21].reason.values["what"] == "photoshop"
    assert rows[29].reason == Reason("many_tags", {"tags": 5000, "limit": 4096})


def test_every_sentence_of_version_2_has_a_code_that_is_known(tmp_path: Path) -> None:
    migration = runpy.run_path(str(Path(migrate.__file__).parent / "migrations/versions/0003_strict.py"))
    for code, sentence in migration["_SENTENCES"]:
        for what in migration["_KINDS"] if "{what}" in sentence else [""]:
            fields = [(name, form) for _, name, form, _ in string.Formatter().parse(sentence) if name]
            values = {name: what or "x" if name == "what" else 1234567 if form else "x" for name, form in fields}
            said = sentence.format(**values)
            for reason in (said, f"odd: name.jpg: {said}"):
                converted = json.loads(migration["reason_code"](reason))
                assert converted.pop("code") == code
                assert reason_text(Reason(code, converted)) == said
    assert json.loads(migration["reason_code"]("x" * 5_000)) == {"code": "other", "text": "x" * 500}
    assert json.loads(migration["reason_code"]("a boat; pictures can be X. Save it as one of these"))["code"] == "other"


def test_classes_of_version_3_read_their_names(project_of: Callable[[int], Path]) -> None:
    with Project.open(project_of(3)) as project:
        assert [(one.reads, one.text) for one in project.classes()] == [
            ("", "cat"),
            ("", "Eule & Käuzchen"),
            ("", "=new()"),
        ]
        project.add_classes(["Amsel"], reads={"Amsel": "blackbird"})
        assert project.classes()[3].id == 4


def test_a_large_project_leaves_no_holes(project_of: Callable[[int], Path]) -> None:
    folder = project_of(2)
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO image "
            "SELECT i, NULL, 0, 0, '', 0, 'empty file', 'the file is empty', 0.0, NULL FROM n"
        )
    Project.open(folder).close()
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert (
            connection.execute("SELECT count(*) FROM image WHERE reason = ?", ('{"code": "empty"}',)).fetchone()[0]
            == 4901
        )


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
