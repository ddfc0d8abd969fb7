"""Making, opening, refusing, locking and migrating projects."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from mma_desktop.core.class_names import LONGEST_NAME
from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import LabelSource, ProblemKind, Role, ScannedFile, Use
from mma_desktop.store import integrity, project_folder, schema
from mma_desktop.store.project import Project
from mma_desktop.store.schema import BASELINE, METADATA, SCHEMA_VERSION, TABLES

MIGRATIONS = Path(project_folder.__file__).with_name("migrations")
PROJECT_FILE = Path(__file__).parents[2] / "pyproject.toml"
BASELINE_PROJECT = Path(__file__).with_name("data") / "version_4.sql"
AS_ROOT = getattr(os, "geteuid", lambda: 1)() == 0


def left_over(folder: Path) -> list[str]:
    """Everything in a closed project that should not be there."""
    wanted = {DATABASE_FILE, "project.lock", "embeddings", "runs", "backups"}
    return [str(p.relative_to(folder)) for p in folder.rglob("*") if p.name not in wanted and p.suffix != ".db"]


@pytest.fixture
def closed(tmp_path: Path, scanned: Callable[..., ScannedFile]) -> Path:
    """The folder of a closed project with one image and one class."""
    with Project.create(tmp_path / "birds.mma") as project:
        project.add_files([scanned("/a.jpg")])
        project.add_classes(["cat"])
        project.assign([1], 1)
    return project.folder


# -- making -----------------------------------------------------------------------------


def test_a_new_project_has_its_folders_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "owls.mma").mkdir()  # an empty folder is taken
    project = Project.create(tmp_path / "new" / "owls.mma")
    assert (project.name, project.folder) == ("owls", tmp_path / "new" / "owls.mma")
    assert project.embeddings_dir.is_dir()
    assert project.runs_dir.is_dir()
    project.close()
    project.close()
    assert left_over(project.folder) == []
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["owls.mma"]
    with pytest.raises(UserError, match="is closed"):
        project.classes()
    with pytest.raises(UserError, match="is closed"):
        project.add_classes(["x"])


def test_an_existing_project_or_file_is_not_overwritten(closed: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="already exists"):
        Project.create(closed)
    (tmp_path / "file.mma").write_text("mine")
    with pytest.raises(UserError, match="already exists"):
        Project.create(tmp_path / "file.mma")
    with pytest.raises(UserError):
        Project.create(tmp_path / "file.mma" / "below.mma")
    assert (tmp_path / "file.mma").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds.mma", "file.mma"]


def test_a_making_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    half = tmp_path / ".owls.mma.new"
    half.mkdir()
    (half / DATABASE_FILE).write_bytes(b"half")
    Project.create(tmp_path / "owls.mma").close()
    assert [path.name for path in tmp_path.iterdir()] == ["owls.mma"]


@pytest.mark.parametrize("name", ["100% #1?.mma", "Bäume & 'Vögel'.mma", "a b;c.mma"])
def test_any_folder_name_works(tmp_path: Path, name: str) -> None:
    Project.create(tmp_path / name).close()
    with Project.open(tmp_path / name) as project:
        project.add_classes(["cat"])
        assert project.keep_backup()


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are Unicode there")
def test_a_folder_name_that_is_not_utf8_works(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mma"))
    Project.create(folder).close()
    with Project.open(folder) as project:
        project.add_classes(["cat"])
        assert project.keep_backup()


# -- refusing ---------------------------------------------------------------------------


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        Project.open(tmp_path / "missing.mma")
    (tmp_path / "photos").mkdir()
    with pytest.raises(UserError, match="is not a project"):
        Project.open(tmp_path / "photos")
    assert list((tmp_path / "photos").iterdir()) == [], "and nothing is left in it"
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="is not a project"):
        Project.open(tmp_path / "file")
    with closing(sqlite3.connect(tmp_path / "photos" / DATABASE_FILE)) as foreign:
        foreign.execute("CREATE TABLE t (x)")
    with pytest.raises(UserError, match="not made by this program"):
        Project.open(tmp_path / "photos")


def test_a_damaged_database_is_refused_and_left_as_it_is(closed: Path) -> None:
    path = closed / DATABASE_FILE
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = [row[0] for row in connection.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 0")]
    broken = [b"not a database at all" * 100, whole[: len(whole) // 2], whole[:100]]
    for page in pages:
        ruin = bytearray(whole)
        ruin[(page - 1) * size : page * size] = b"\xa5" * size
        broken.append(bytes(ruin))
    for content in broken:
        path.write_bytes(content)
        with pytest.raises(UserError, match="damaged"):
            Project.open(closed)
        assert path.read_bytes() == content
    path.write_bytes(whole)
    Project.open(closed).close()


def test_a_database_that_lost_a_column_is_refused(closed: Path) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection:
        connection.execute("ALTER TABLE run DROP COLUMN metrics")
    with pytest.raises(UserError, match="not as this program writes it"):
        Project.open(closed)


def test_a_newer_project_is_refused_and_not_changed(closed: Path) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (f"{SCHEMA_VERSION + 6:04d}",))
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(UserError, match=f"newer version .* {SCHEMA_VERSION + 6}, .*Update"):
        Project.open(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before
    assert list((closed / "backups").iterdir()) == []
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE alembic_version SET version_num = 'abc'")
    with pytest.raises(UserError, match="damaged"):
        Project.open(closed)


@pytest.mark.parametrize("version", range(1, BASELINE))
def test_an_older_project_is_refused_with_what_to_do_and_not_changed(closed: Path, version: int) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (schema.revision(version),))
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(UserError, match=r"before its first release.* Export its labels as CSV .* import them"):
        Project.open(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before
    assert list((closed / "backups").iterdir()) == []


def test_a_project_of_the_baseline_opens_and_keeps_every_row(tmp_path: Path) -> None:
    folder = tmp_path / "birds.mma"
    folder.mkdir()

    def rows() -> dict[str, list[Any]]:
        with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
            return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in TABLES}

    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.executescript(BASELINE_PROJECT.read_text("utf-8"))
    before = rows()
    assert all(before.values())
    with Project.open(folder) as project:
        assert [(one.name, one.reads) for one in project.classes()] == [
            ("cat", ""),
            ("Eule & Käuzchen", "owls & little owls"),
            ("=new()", ""),
        ]
        shown = {row.id: row.class_id for row in project.image_rows([row[0] for row in before["image"]])}
        assert {image: of for image, of in shown.items() if of is not None} == dict(row[:2] for row in before["label"])
        assert [(run.id, run.name) for run in project.runs()] == [(2, "second"), (1, "first try")]
    assert rows() == before


@pytest.mark.skipif(AS_ROOT, reason="file permissions do not bind root")
def test_a_read_only_folder_is_refused(closed: Path) -> None:
    for path in (*closed.iterdir(), closed):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        with pytest.raises(UserError, match="cannot be written to"):
            Project.open(closed)
        with pytest.raises(UserError, match="cannot be written to"):
            Project.create(closed / "below.mma")
    finally:
        for path in (closed, *closed.iterdir()):
            path.chmod(path.stat().st_mode | 0o200)


def test_a_file_where_a_folder_of_the_project_should_be(closed: Path) -> None:
    shutil.rmtree(closed / "runs")
    Project.open(closed).close()
    assert (closed / "runs").is_dir(), "a missing folder is made again"
    (closed / "project.lock").unlink()
    (closed / "project.lock").mkdir()
    with pytest.raises(UserError, match=r"project\.lock"):
        Project.open(closed)


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
@pytest.mark.parametrize("there", [False, True])
def test_a_lock_that_is_a_link_is_refused_and_leaves_its_target_alone(
    closed: Path, tmp_path: Path, there: bool
) -> None:
    target = tmp_path / "elsewhere"
    if there:
        target.write_bytes(b"a person's own")
    (closed / "project.lock").unlink()
    (closed / "project.lock").symlink_to(target)
    with pytest.raises(UserError, match=r"project\.lock"):
        Project.open(closed)
    assert target.exists() == there
    assert not there or target.read_bytes() == b"a person's own"


def test_leftovers_of_a_killed_program_go(closed: Path) -> None:
    for name in ("runs/.a.safetensors.12.tmp", "backups/.project-1.db.7.tmp", "backups/.project-1.db.7.tmp-wal"):
        (closed / name).write_bytes(b"half")
    (closed / "runs" / "kept.tmp").write_bytes(b"a person's own")
    (closed / ".syncthing.project.db.tmp").write_bytes(b"another program's")
    Project.open(closed).close()
    assert sorted(left_over(closed)) == [".syncthing.project.db.tmp", str(Path("runs") / "kept.tmp")]


# -- one window -------------------------------------------------------------------------


def test_a_second_window_is_refused_until_the_first_closes(closed: Path, tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from mma_desktop.core.errors import UserError
        from mma_desktop.store.project import Project
        for line in sys.stdin:
            try:
                Project.open(Path(sys.argv[1])).close()
                print(flush=True)
            except UserError as error:
                print(error, flush=True)
        """
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(closed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def elsewhere() -> str:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write("open\n")
        other.stdin.flush()
        return other.stdout.readline()

    first = Project.open(closed)
    assert "open in another window" in elsewhere()
    with pytest.raises(UserError, match="open in another window"):
        Project.open(closed)
    (tmp_path / "other name.mma").symlink_to(closed)
    with pytest.raises(UserError, match="open in another window"):
        Project.open(tmp_path / "other name.mma")
    first.add_classes(["still usable"])
    first.close()
    assert elsewhere() == "\n"
    Project.open(closed).close()
    assert other.communicate() == ("", None)
    assert other.returncode == 0


# -- migrations -------------------------------------------------------------------------


def test_a_new_database_is_what_the_schema_says(closed: Path) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection:
        statements = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
        for table in METADATA.sorted_tables:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')]
            assert [column.name for column in table.columns] == [one for one in columns if one != "starred"]
    assert statements == {**TABLES, **schema.INDEXES}
    assert all("AUTOINCREMENT" in statements[name] for name in ("class", "image", "place", "run"))


def test_the_rules_of_the_tables_are_those_of_the_program() -> None:
    def listed(words: Iterable[str]) -> str:
        return ", ".join(f"'{word}'" for word in words)

    for name, text in schema.TABLES.items():
        assert len(schema.rules(name)) == text.count("CHECK"), "each rule is read"
    rules = {name: " ".join(" ".join(schema.rules(name)).split()) for name in schema.TABLES}
    stored = [role for role in Role if role is not Role.NONE]  # NONE is told by the name of the class
    assert f"role IN ({listed(stored)})" in rules["class"]
    assert f"length(name) BETWEEN 1 AND {LONGEST_NAME}" in rules["class"]
    assert f"source IN ({listed(LabelSource)})" in rules["label"]
    assert f"use IN ({listed(Use)})" in rules["label"]
    assert f"problem IN ({listed(ProblemKind)})" in rules["image"]


def test_an_old_sqlite_is_told_about(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mma_desktop.store.database.sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(UserError, match=r"projects need 3\.37\.0 or newer"):
        Project.open(closed)


def test_every_version_has_one_migration() -> None:
    names = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
    assert names == [schema.revision(version) for version in range(BASELINE, SCHEMA_VERSION + 1)]


NOT_YET = "raise NotImplementedError"
NEXT = """
    import time
    with op.batch_alter_table("class") as table:
        table.add_column(sa.Column("note", sa.Text, nullable=False, server_default="hello"))
    op.execute("UPDATE class SET name = 'migrated'")
    {then}
"""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make this program one schema version newer, with a migration that ends with the given statement."""

    def make(then: str) -> Path:
        scripts = tmp_path / "scripts"
        shutil.rmtree(scripts, ignore_errors=True)
        shutil.copytree(MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        config = Config(toml_file=PROJECT_FILE)
        config.set_main_option("script_location", str(scripts))
        command.revision(config, "Note what a class is", rev_id=schema.revision(SCHEMA_VERSION + 1))
        path = scripts / "versions" / f"{schema.revision(SCHEMA_VERSION + 1)}_note_what_a_class_is.py"
        text = path.read_text("utf-8")
        assert NOT_YET in text
        path.write_text(text.replace(NOT_YET, NEXT.format(then=then)), "utf-8")
        monkeypatch.setattr(project_folder, "SCRIPTS", str(scripts))
        monkeypatch.setattr(schema, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
        monkeypatch.setattr(integrity, "check_schema", lambda _: None)  # the tables described are those of before
        return scripts

    return make


def test_a_migration_keeps_rows_and_leaves_a_backup_that_opens(
    closed: Path, next_version: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version("pass")
    with Project.open(closed) as project:
        assert [one.name for one in project.classes()] == ["migrated"]
        assert project.image_rows([1])[0].class_id == 1, "a table built anew keeps what refers to it"
    with Project.open(closed):
        pass
    (backup,) = (closed / "backups").iterdir()
    assert backup.name.endswith(f"-before-v{SCHEMA_VERSION + 1}.db")
    monkeypatch.undo()
    with pytest.raises(UserError, match="newer version"):
        Project.open(closed)
    shutil.copy(backup, closed / DATABASE_FILE)
    with Project.open(closed) as project:
        assert [one.name for one in project.classes()] == ["cat"]
        assert project.image_rows([1])[0].class_id == 1


@pytest.mark.parametrize(
    ("then", "error", "words"),
    [
        ("raise RuntimeError('a bug of ours')", RuntimeError, "a bug of ours"),
        ("op.execute('DELETE FROM class')", UserError, "refers to nothing"),
    ],
)
def test_a_migration_that_fails_changes_nothing(
    closed: Path,
    next_version: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    then: str,
    error: type[Exception],
    words: str,
) -> None:
    next_version(then)
    with pytest.raises(error, match=words):
        Project.open(closed)
    monkeypatch.undo()
    with Project.open(closed) as project:
        assert [one.name for one in project.classes()] == ["cat"]


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_migration_killed_in_its_middle_changes_nothing(
    closed: Path, next_version: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = next_version("print('in the middle', flush=True); time.sleep(60)")
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from mma_desktop.store import database, integrity, project_folder, schema
        from mma_desktop.store.project import Project
        integrity.check_schema = lambda _: None
        project_folder.SCRIPTS, schema.SCHEMA_VERSION = sys.argv[2], schema.SCHEMA_VERSION + 1
        Project.open(Path(sys.argv[1]))
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(closed), str(scripts)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "in the middle\n"
        child.send_signal(signal.SIGKILL)
    monkeypatch.undo()
    with Project.open(closed) as project:
        assert [one.name for one in project.classes()] == ["cat"]
    assert left_over(closed) == []


def test_a_half_written_change_of_a_restored_backup_is_rolled_back(closed: Path, tmp_path: Path) -> None:
    """A backup has a rollback journal until it was opened once; its migration may be killed then."""
    path = closed / DATABASE_FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        connection.execute("UPDATE class SET name = 'half'")
        connection.execute("CREATE TABLE big AS SELECT hex(randomblob(3000)) FROM json_each(json_array(1,2,3,4,5,6))")
        shutil.copytree(closed, tmp_path / "killed.mma")
    killed = tmp_path / "killed.mma" / DATABASE_FILE
    assert killed.stat().st_size > 0
    assert killed.with_name(f"{DATABASE_FILE}-journal").stat().st_size > 0
    with Project.open(killed.parent) as project:
        assert [one.name for one in project.classes()] == ["cat"]
    assert left_over(killed.parent) == []


def test_what_is_refused_after_that_is_not_called_unchanged(closed: Path, tmp_path: Path) -> None:
    path = closed / DATABASE_FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("CREATE TABLE foreign_one (a)")
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE big AS SELECT hex(randomblob(3000)) FROM json_each(json_array(1,2,3,4,5,6))")
        shutil.copytree(closed, tmp_path / "killed.mma")
    killed = tmp_path / "killed.mma" / DATABASE_FILE
    before = killed.read_bytes()
    with pytest.raises(UserError, match="not as this program writes it") as refused:
        Project.open(killed.parent)
    assert killed.read_bytes() != before
    assert "Nothing was changed" not in str(refused.value)


def test_opening_an_up_to_date_project_needs_no_alembic(closed: Path) -> None:
    script = "import sys; from pathlib import Path; from mma_desktop.store.project import Project; "
    script += "Project.open(Path(sys.argv[1])).close(); assert not any(m.startswith('alembic') for m in sys.modules)"
    subprocess.run([sys.executable, "-c", script, str(closed)], check=True)
