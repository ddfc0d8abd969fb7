"""Projects that a stranger may have made: whatever is in them, they open as they should or are refused in words."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import RunRecord, ScannedFile
from mma_desktop.media.error_messages import reason_text
from mma_desktop.store.integrity import check_links
from mma_desktop.store.project import Project

from .conftest import fill

RUN = ("first", "multi-modal-adapter", "starter", "runs/a.safetensors")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with fill(Project.create(tmp_path_factory.mktemp("made") / "birds.mma")) as filled:
        cat = filled.classes()[0].id
        filled.assign([1, 2], cat)
        settings = {"shots": 4, "seed": 1, "prompt_template": "a {}."}
        metrics = {"class_names": ["cat"], "roles": ["base"], "confusion": [[3]], "epochs": 3, "seconds": 0.5}
        filled.add_run(*RUN, settings=settings, metrics=metrics)
        filled.set_setting("prompt_template", "a {}.")
        filled.set_setting("weights_file", os.fsdecode(b"/w/\xff.pt") if os.name != "nt" else "w.pt")
    return filled.folder


@pytest.fixture
def closed(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "birds.mma"))


def sql(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def force(folder: Path, statement: str) -> None:
    """Write what the tables do not take, as a stranger can: their types and rules are taken away meanwhile."""
    path = folder / DATABASE_FILE
    with closing(sqlite3.connect(path)) as connection:
        texts = connection.execute("SELECT sql, name FROM sqlite_master WHERE sql LIKE '%STRICT'").fetchall()

    def rewrite(written: list[tuple[str, str]]) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.executemany("UPDATE sqlite_master SET sql = ? WHERE name = ?", written)

    rewrite([(text.removesuffix(" STRICT"), name) for text, name in texts])
    sql(folder, "PRAGMA ignore_check_constraints = ON", "PRAGMA foreign_keys = OFF", statement)
    rewrite(texts)


def use(folder: Path) -> list[tuple[str, int]]:
    """Open a project and read all that the program reads of it. Returns its classes with their numbers of labels."""
    with Project.open(folder) as project:
        found = project.catalogue()
        project.image_rows(found.ids.tolist())
        project.known_paths([b"/p/1.jpg", b"/p/\xff.jpg"])
        classes = [(one.name, int((found.class_ids == one.id).sum())) for one in project.classes()]
        for run in project.runs():
            project.checkpoint_path(run)
        for name in ("prompt_template", "backbone", "weights_file", "current_run"):
            project.setting(name)
        project.add_classes(["a new one"])
    return classes


def test_a_good_one_opens(closed: Path) -> None:
    assert use(closed) == [("cat", 2), ("dog", 0), ("owl", 0)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER UPDATE ON label BEGIN DELETE FROM label; END",
        "CREATE TRIGGER t AFTER INSERT ON class BEGIN SELECT load_extension('x'); END",
        "CREATE VIEW v AS SELECT randomblob(1000000000) FROM image",
        "CREATE VIRTUAL TABLE v USING fts5(x)",
        "CREATE TABLE more (x)",
        "ALTER TABLE class ADD COLUMN extra TEXT DEFAULT 'x'",
        "ALTER TABLE class ADD COLUMN extra TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL",
        "CREATE INDEX i ON class (length(name))",
        "CREATE UNIQUE INDEX i ON label (image_id, class_id)",
        "DROP INDEX ix_label_class_id",
        "DROP TABLE run",
    ],
)
def test_a_schema_that_is_not_ours_is_refused(closed: Path, statement: str) -> None:
    sql(closed, statement)
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(UserError, match="not as this program writes it"):
        use(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before


WRITTEN = [
    "UPDATE sqlite_master SET sql = replace(sql, ') STRICT', ', CHECK (length(name) < 3)) STRICT') "
    "WHERE name = 'setting'",
    "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '')",
    "UPDATE sqlite_master SET sql = replace(sql, '(role IN', '(1 OR role IN')",
    "UPDATE sqlite_master SET sql = replace(sql, 'length(name)', 'length(hex(zeroblob(400000000)))')",
    "UPDATE sqlite_master SET sql = replace(sql, 'use TEXT', 'use TEXT AS (hex(zeroblob(400000000)))')",
    "UPDATE sqlite_master SET sql = replace(sql, 'REFERENCES class (id)', 'REFERENCES class (id) ON DELETE CASCADE')",
    "UPDATE sqlite_master SET sql = replace(sql, '(name, image_id)', '(name, image_id) WHERE image_id < 5')",
    "UPDATE sqlite_master SET sql = replace(sql, 'DEFAULT 0', 'DEFAULT (hex(zeroblob(400000000)))')",
    "UPDATE sqlite_master SET sql = 'CREATE TABLE sqlite_sequence(name,seq AS (5))' WHERE name = 'sqlite_sequence'",
    "UPDATE sqlite_master SET sql = 'CREATE TRIGGER t AFTER INSERT ON class BEGIN DELETE FROM label; END', "
    "rootpage = 0 WHERE name = 'ix_place_name'",
    "UPDATE sqlite_master SET type = 'table', "
    "sql = 'CREATE TRIGGER t AFTER INSERT ON class BEGIN DELETE FROM label; END', rootpage = 0 "
    "WHERE name = 'ix_place_name'",
    "INSERT INTO sqlite_master SELECT 'index', 'sqlite_x', 'class', rootpage, "
    "'CREATE UNIQUE INDEX sqlite_x ON class (length(hex(name)))' FROM sqlite_master WHERE name = 'uq_class_name_key'",
    "DELETE FROM sqlite_master WHERE name = 'sqlite_autoindex_setting_1'",
    "UPDATE sqlite_master SET tbl_name = 'image' WHERE name = 'ix_place_name'",
    "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'place') "
    "WHERE name = 'image'",
]


@pytest.mark.parametrize("statement", WRITTEN)
def test_a_schema_that_was_written_by_hand_is_refused(closed: Path, statement: str) -> None:
    sql(closed, "PRAGMA writable_schema = ON", statement)
    before = (closed / DATABASE_FILE).read_bytes()
    start = time.process_time()
    with pytest.raises(UserError, match=r"not as this program writes it|is damaged"):
        use(closed)
    assert time.process_time() - start < 1, "nothing of a stranger's schema is run"
    assert (closed / DATABASE_FILE).read_bytes() == before


@pytest.mark.parametrize("version", ["4", "-001", "0000", "04", "x", "+004", ""])
def test_a_version_that_is_none_is_refused(closed: Path, version: str) -> None:
    force(closed, f"UPDATE alembic_version SET version_num = '{version}'")
    with pytest.raises(UserError, match="is damaged"):
        use(closed)


def test_two_versions_are_refused(closed: Path) -> None:
    sql(closed, "INSERT INTO alembic_version VALUES ('0002')")
    with pytest.raises(UserError, match="is damaged"):
        use(closed)


def test_what_a_person_asked_sqlite_for_is_no_strangeness(closed: Path) -> None:
    sql(closed, "ANALYZE", "VACUUM")
    assert use(closed) == [("cat", 2), ("dog", 0), ("owl", 0)]


VALUES = [
    "UPDATE image SET width = 'wide'",
    "UPDATE image SET height = 1e300",
    "UPDATE image SET size = -1",
    "UPDATE image SET content_hash = x'00' WHERE id = 1",
    "UPDATE image SET content_hash = 'text' WHERE id = 1",
    "UPDATE image SET added_at = 9e999",
    "UPDATE image SET last_path = 'text'",
    "UPDATE image SET last_path = x''",
    "UPDATE image SET content_hash = NULL",
    "UPDATE image SET problem = 'haunted'",
    "UPDATE image SET reason = 'because' WHERE id = 1",
    "UPDATE image SET problem = 'damaged', reason = hex(zeroblob(20000))",
    "UPDATE image SET id = -5 WHERE id = 10",
    "UPDATE place SET id = 9223372036854775807 WHERE id = 10",
    "UPDATE sqlite_sequence SET seq = 9223372036854775807",
    "UPDATE sqlite_sequence SET seq = 'many'",
    "UPDATE place SET path = '/p/' || id",
    "UPDATE place SET path = x'2f00' WHERE id = 1",
    "UPDATE place SET path = x'' WHERE id = 1",
    "UPDATE place SET name = x'00'",
    "UPDATE place SET seen_at = -1e13",
    "UPDATE place SET mtime_ns = 1.5",
    "UPDATE place SET mtime_ns = 'now'",
    "UPDATE label SET source = 'magic'",
    "UPDATE label SET labelled_at = 9e999",
    'UPDATE label SET "use" = 3',
    "UPDATE label SET class_id = 99",
    "UPDATE class SET role = 'king'",
    "UPDATE class SET name = '' WHERE id = 1",
    "UPDATE class SET name = CAST(zeroblob(100000) AS TEXT) WHERE id = 1",
    "UPDATE class SET name = 'a' || char(7) WHERE id = 1",
    "UPDATE class SET name = CAST(x'ff' AS TEXT) WHERE id = 1",
    "UPDATE class SET reads = 'a' || char(7) WHERE id = 1",
    "UPDATE class SET reads = hex(zeroblob(101)) WHERE id = 1",
    "UPDATE class SET position = 1.5 WHERE id = 1",
    "UPDATE class SET colour = 'url(http://x)'",
    "UPDATE class SET colour = '#12345'",
    "UPDATE run SET name = ''",
    "UPDATE run SET starred = 'yes'",
    "UPDATE run SET starred = 2",
    "UPDATE run SET created_at = 1e308",
    "UPDATE run SET checkpoint = '../../x'",
    "UPDATE run SET checkpoint = '/etc/passwd'",
    "UPDATE run SET checkpoint = 'runs/CON'",
    "UPDATE run SET checkpoint = 'C:\\x'",
    "UPDATE run SET settings = '[]'",
    'UPDATE run SET settings = \'{"shots": "many"}\'',
    "UPDATE run SET settings = '{\"shots\": 1e400}'",
    "UPDATE run SET settings = '{\"options\": [1]}'",
    "UPDATE run SET metrics = replace(hex(zeroblob(50000)), '00', '[')",
    "UPDATE run SET metrics = '{\"seconds\": NaN}'",
    "UPDATE run SET metrics = '{\"seconds\": 1e300}'",
    'UPDATE run SET metrics = \'{"confusion": [["a"]]}\'',
    'UPDATE run SET metrics = \'{"epochs": 1, "epochs": 2}\'',
    'UPDATE run SET metrics = \'{"class_names": ["\\ud800"]}\'',
    "UPDATE run SET metrics = '{\"epochs\": ' || replace(hex(zeroblob(3000)), '0', '9') || '}'",
    "UPDATE run SET metrics = x'ff'",
    "UPDATE setting SET value = x'00'",
    "UPDATE setting SET value = '3' WHERE name = 'prompt_template'",
    "UPDATE setting SET value = '{' WHERE name = 'prompt_template'",
]


@pytest.mark.parametrize("statement", VALUES)
def test_a_value_that_is_not_ours_is_refused(closed: Path, statement: str) -> None:
    force(closed, statement)
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(UserError, match=r"not as this program writes it|damaged"):
        use(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before


def test_a_value_that_is_ours_is_taken_however_it_was_written(closed: Path) -> None:
    force(closed, "UPDATE class SET name = 'heron' WHERE id = 1")
    assert use(closed) == [("heron", 2), ("dog", 0), ("owl", 0)]


def test_the_tables_themselves_take_no_such_value(closed: Path) -> None:
    for statement in (
        "UPDATE image SET width = 'wide'",
        "UPDATE class SET role = 'king'",
        "UPDATE run SET starred = 2",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            sql(closed, statement)


REASONS = [
    "{",
    "[]",
    "because",
    '{"code": 5}',
    '{"code": "large_file", "size": "x", "limit": {}}',
    '{"code": "large_file", "size": 1e999, "limit": 1}',
    '{"code": "of_a_version_to_come"}',
    '{"code": "other", "text": ["a"]}',
    '{"code": "other", "text": "\\ud800"}',
    "[" * 20_000,
    '{"code": "no_pixels", "width": ' + "9" * 10_000 + "}",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_strangers_reason_is_told_plainly(closed: Path, reason: str) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("UPDATE image SET problem = 'damaged', reason = ? WHERE id = 1", (reason,))
    with Project.open(closed) as project:
        (row,) = project.image_rows([1])
        assert reason_text(row.reason) == "it cannot be used, for a reason that this version does not know"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("name", ["embeddings", "runs", "backups", "pictures", "project.db", "project.db-wal"])
def test_a_link_out_of_the_project_is_refused(closed: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    inside = closed / name
    if name in {"embeddings", "runs", "backups", "pictures"}:
        outside.mkdir()
        (outside / ".victim.tmp").write_text("mine")
        shutil.rmtree(inside, ignore_errors=True)
    else:
        outside.write_bytes(inside.read_bytes() if inside.exists() else b"mine")
        inside.unlink(missing_ok=True)
    inside.symlink_to(outside)
    before = outside.stat()
    with pytest.raises(UserError, match="is a link to another place"):
        use(closed)
    assert outside.stat() == before
    assert outside.is_file() or (outside / ".victim.tmp").read_text() == "mine"


def test_a_folder_in_capital_letters_is_no_link_on_windows(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.path.realpath

    def as_windows(path: Path) -> str:
        found = real(path)
        return found[: -len("backups")] + "BACKUPS" if found.endswith("backups") else found

    monkeypatch.setattr("mma_desktop.store.integrity.os.path.realpath", as_windows)
    if os.name != "nt":
        with pytest.raises(UserError, match="is a link to another place"):
            check_links(closed)
    monkeypatch.setattr("mma_desktop.store.integrity.os.path.normcase", str.lower)
    check_links(closed)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_checkpoint_that_is_a_link_is_neither_read_nor_deleted(closed: Path, tmp_path: Path) -> None:
    outside = tmp_path / "mine.safetensors"
    outside.write_text("mine")
    (closed / "runs" / "deep").symlink_to(tmp_path)
    (closed / "runs" / "a.safetensors").symlink_to(outside)
    with Project.open(closed) as project:
        run = project.runs()[0]
        with pytest.raises(UserError, match="names a file outside the project"):
            project.checkpoint_path(run)
        deep = RunRecord(9, "deep", 0.0, "m", "b", "runs/deep/mine.safetensors", {}, {})
        with pytest.raises(UserError, match="names a file outside the project"):
            project.checkpoint_path(deep)
        sql(closed, "UPDATE run SET checkpoint = 'runs/deep/mine.safetensors'")
        project.delete_run(run.id)
    assert outside.read_text() == "mine"


def damage(folder: Path, chance: random.Random) -> None:
    path = folder / DATABASE_FILE
    data = bytearray(path.read_bytes())
    way = chance.randrange(4)
    if way == 0:
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif way == 1:
        del data[chance.randrange(100, len(data)) :]
    elif way == 2:
        at = chance.randrange(len(data))
        data[at : at + 64] = chance.randbytes(64)
    else:
        page = 4096 * chance.randrange(len(data) // 4096)
        other = 4096 * chance.randrange(len(data) // 4096)
        data[page : page + 4096] = data[other : other + 4096]
    path.write_bytes(data)


@pytest.mark.parametrize(("count", "seed"), [(40, 1), pytest.param(1500, 2, marks=pytest.mark.slow)])
def test_a_damaged_database_is_used_or_refused_in_words(closed: Path, tmp_path: Path, count: int, seed: int) -> None:
    refused = 0
    for number in range(count):
        copy = tmp_path / "copy.mma"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(closed, copy)
        damage(copy, random.Random(seed * 100_000 + number))
        try:
            use(copy)
        except UserError:
            refused += 1
    assert count / 5 < refused


def test_the_limits_leave_room_for_what_the_program_writes(
    filled: Project, scanned: Callable[..., ScannedFile]
) -> None:
    odd = os.fsdecode(b"/p/caf\xe9.jpg") if os.name != "nt" else "/p/x.jpg"
    filled.add_files([scanned(odd)])
    filled.add_files([replace(scanned(f"/p/{at}.jpg"), mtime_ns=at) for at in (2**63 - 1, 1 - 2**63)])
    filled.add_run(*RUN, settings={"seed": 2**63 - 1}, metrics={"history": [{"loss": 3e38}], "later": [None, 1.5]})
    filled.add_classes(["ж" * 200, "a\u200db", "\U0001f600"])
    filled.set_setting("current_run", 0)
    filled.set_setting("retrain_dismissed", {"run": 1, "reasons": ["a"]})
    filled.close()
    assert [name for name, _ in use(filled.folder)] == ["cat", "dog", "owl", "ж" * 200, "a\u200db", "\U0001f600"]
