"""Backups of an open project: only when something changed, old ones thinned out, `labels.csv` beside the database."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.safe_csv import UNDECODABLE
from mma_desktop.core.types import ScannedFile, Use
from mma_desktop.store import snapshots
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import backup_files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").iterdir())


def labels_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM label").fetchone()[0])


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors=UNDECODABLE, newline="") as handle:
        return list(csv.reader(handle))


# -- when -------------------------------------------------------------------------------


def test_a_backup_is_made_only_when_something_changed(filled: Project) -> None:
    cat = filled.classes()[0].id
    first = filled.keep_backup()
    assert first is not None
    assert filled.keep_backup() is None
    assert names(filled.folder) == [first.name]
    filled.assign([1], cat)
    second = filled.keep_backup()
    assert second is not None
    assert (labels_in(first), labels_in(second)) == (0, 1)
    filled.undo()
    assert filled.keep_backup() is not None


def test_an_unchanged_project_is_not_backed_up_after_it_was_opened_again(filled: Project) -> None:
    made = filled.keep_backup()
    assert made is not None
    filled.close()
    for _ in range(2):
        with Project.open(filled.folder) as project:
            assert project.keep_backup() is None
    with Project.open(filled.folder) as project:
        project.assign([1], project.classes()[0].id)  # and closed without a backup: a full disk, a killed program
    with Project.open(filled.folder) as project:
        assert project.keep_backup() is not None
        assert project.keep_backup() is None
    assert len(names(filled.folder)) == 2


def test_a_change_in_the_middle_of_a_backup_is_in_the_next_one(
    filled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label waits for no backup: nothing of ours is locked while one is made."""
    cat = filled.classes()[0].id
    copying, labelled = threading.Event(), threading.Event()
    real = snapshots.copy_database

    def slow(source: Path, target: Path, mode: str = "rw") -> None:
        real(source, target, mode)
        copying.set()
        assert labelled.wait(20)

    monkeypatch.setattr(snapshots, "copy_database", slow)
    made: list[Path | None] = []
    thread = threading.Thread(target=lambda: made.append(filled.keep_backup()), name="mma-test")
    thread.start()
    assert copying.wait(20)
    filled.assign([1], cat)
    assert thread.is_alive()
    labelled.set()
    thread.join()
    monkeypatch.undo()
    (first,) = made
    second = filled.keep_backup()
    assert first is not None
    assert second is not None
    assert (labels_in(first), labels_in(second)) == (0, 1)


def test_a_write_goes_on_while_sqlite_copies(filled: Project, scanned: Callable[..., ScannedFile]) -> None:
    """The copy reads one state; what is written meanwhile is neither refused nor in it."""
    cat = filled.classes()[0].id
    with closing(sqlite3.connect(filled.folder / DATABASE_FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")  # as a backup does for as long as it takes
        assert reader.execute("SELECT count(*) FROM label").fetchone() == (0,)
        filled.assign([1], cat)
        filled.add_files([scanned("/more.jpg")])
        assert reader.execute("SELECT count(*) FROM label").fetchone() == (0,)
    assert filled.image_rows([1])[0].class_id == cat


def test_a_project_with_nothing_in_it_is_not_backed_up(project: Project) -> None:
    project.set_setting("backbone", "starter")
    assert project.keep_backup() is None
    assert names(project.folder) == []
    assert not (project.folder / "labels.csv").exists()


def test_a_hundred_backups_in_one_second_keep_the_newest(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their numbers go on from the highest: in the gap of one removed the newest would count as old."""
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2025, 6, 1, 8, 0, 0, 6, 152, 0)))
    classes, former = [one.id for one in filled.classes()], None
    for turn in range(100):
        filled.assign([1], classes[turn % 2])
        made = filled.keep_backup()
        assert made is not None
        assert made.exists()
        assert made != former, "none takes the place of another"
        former = made
        assert backup_files(filled.folder)[-1].path == made


# -- what is in the way -----------------------------------------------------------------


def test_a_damaged_database_is_not_backed_up_and_costs_no_good_backup(
    filled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "LEAST", 1)
    monkeypatch.setattr(snapshots, "DISK_SHARE", 1)
    assert filled.keep_backup() is not None
    before = names(filled.folder)
    table = (filled.folder / "labels.csv").read_bytes()
    filled.assign([1], filled.classes()[0].id)
    filled.close()
    path = filled.folder / DATABASE_FILE
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_place_name'").fetchone()[0]
    with Project.open(filled.folder) as project:
        with path.open("rb+") as handle:  # while it is open: a drive that goes bad
            handle.seek((root - 1) * size)
            handle.write(b"\xa5" * size)
        with pytest.raises(DamagedError, match=r"damaged, so no backup was made .*earlier ones are kept"):
            project.keep_backup()
        assert names(filled.folder) == before
    assert (filled.folder / "labels.csv").read_bytes() == table


def test_a_copy_that_cannot_be_verified_is_no_backup(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = filled.keep_backup()
    assert first is not None
    filled.assign([1], filled.classes()[0].id)
    real = snapshots.is_sound
    verdicts = iter([False, True])  # the copy, then the database itself
    monkeypatch.setattr(snapshots, "is_sound", lambda connection: real(connection) and next(verdicts))
    with pytest.raises(UserError, match="could not be verified and was not kept"):
        filled.keep_backup()
    assert names(filled.folder) == [first.name]
    monkeypatch.undo()
    assert filled.keep_backup() is not None, "what was not backed up still is to be"


def test_a_table_that_cannot_be_written_is_said_and_the_backup_is_there(filled: Project) -> None:
    (filled.folder / "labels.csv").mkdir()
    with pytest.raises(UserError, match=r"A backup was made, but labels\.csv"):
        filled.keep_backup()
    assert len(names(filled.folder)) == 1
    assert filled.keep_backup() is None


# -- which stay -------------------------------------------------------------------------


def age(path: Path, seconds: float, tag: str = "") -> Path:
    """A copy of a backup that says it was made so long ago."""
    old = path.with_name(time.strftime(f"project-%Y%m%d-%H%M%SZ{tag}.db", time.gmtime(time.time() - seconds)))
    shutil.copy(path, old)
    return old


def test_old_backups_are_thinned_out_and_those_before_a_migration_are_not(filled: Project) -> None:
    first = filled.keep_backup()
    assert first is not None
    for minutes in range(15, 24 * 60 * 4, 15):
        age(first, minutes * 60)
    future = age(first, -86_400)
    special = [age(first, hours * 3600, "-before-v2") for hours in (30, 31, 32)] + [first.with_name("my own.db")]
    shutil.copy(first, special[-1])
    filled.assign([1], filled.classes()[0].id)
    made = filled.keep_backup()
    assert made is not None
    files = [one for one in backup_files(filled.folder) if not one.tag]
    assert 30 <= len(files) <= 8 + 24 + 5 + 2 + 1
    assert {made, future} <= {one.path for one in files}
    assert all(path.exists() for path in special)
    assert files[0].moment < time.time() - 2.9 * 86_400


def test_backups_of_a_big_project_take_a_share_of_the_disk(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = filled.keep_backup()
    assert first is not None
    for minutes in range(15, 24 * 60, 15):
        age(first, minutes * 60)
    monkeypatch.setattr(snapshots, "DISK_SHARE", 10 * first.stat().st_size)
    filled.assign([1], filled.classes()[0].id)
    filled.keep_backup()
    assert len(backup_files(filled.folder)) == 10
    monkeypatch.setattr(snapshots, "DISK_SHARE", 1)
    filled.undo()
    filled.keep_backup()
    assert len(backup_files(filled.folder)) == snapshots.LEAST


def test_names_say_when_and_why(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    given = (
        "project-20250601-083000Z.db",
        "project-20250601-083000Z-2.db",
        "project-20250601-083000Z-10.db",
        "project-20250601-084000Z-before-v2-2.db",
        "project-20251301-000000Z.db",
        "project.db",
    )
    for name in given:
        (tmp_path / "backups" / name).write_bytes(b"")
    (tmp_path / "backups" / "project-20250601-093000Z.db").mkdir()
    files = backup_files(tmp_path)
    assert [one.path.name for one in files] == list(given[:4])
    assert [(one.number, one.tag) for one in files] == [(1, ""), (2, ""), (10, ""), (2, "before-v2")]
    assert files[0].moment == files[3].moment - 600 == 1748766600


# -- labels.csv -------------------------------------------------------------------------


def test_labels_csv_holds_every_label_and_runs_nothing(project: Project, scanned: Callable[..., ScannedFile]) -> None:
    odd = os.fsdecode(b"/p/\xff.jpg") if os.name != "nt" else "/p/?.jpg"
    project.add_files([scanned("/p/a.jpg"), scanned(odd), scanned("/p/c.jpg"), scanned("/p/b, 2.jpg", "/p/a.jpg")])
    project.add_classes(["=cmd()", "dog"], reads={"=cmd()": "=danger()"})
    danger, dog = project.classes()
    project.assign([1], danger.id)
    project.assign([2], dog.id)
    project.set_use([2], Use.TEST)
    project.keep_backup()
    table = read(project.folder / "labels.csv")
    assert table[0] == ["file_name", "label", "split", "role", "source", "labelled_at", "sha256", "reads"]
    assert [row[:5] for row in table[1:]] == [
        ["/p/a.jpg", "'=cmd()", "", "base", "person"],
        [odd, "dog", "test", "base", "person"],
    ]
    rows = project.image_rows([1, 2])
    assert [row[6] for row in table[1:]] == [row.content_hash.hex() for row in rows if row.content_hash]
    assert all(row[5].startswith("20") and row[5].endswith("Z") for row in table[1:])
    assert [row[7] for row in table[1:]] == ["'=danger()", ""]
    project.assign([1, 2], None)
    project.keep_backup()
    assert len(read(project.folder / "labels.csv")) == 1


def test_labels_csv_takes_whatever_a_database_may_hold(filled: Project) -> None:
    cat = filled.classes()[0].id
    filled.assign([1, 2, 3], cat)
    made = filled.keep_backup()
    assert made is not None
    with closing(sqlite3.connect(made)) as connection, connection:
        connection.execute("UPDATE label SET labelled_at = 1e12 WHERE image_id = 1")
        connection.execute("DELETE FROM place WHERE image_id = 2")
        connection.execute("UPDATE image SET problem = 'damaged', content_hash = NULL WHERE id = 3")
        connection.execute("UPDATE class SET name = CAST(x'ff' AS TEXT) WHERE id = ?", (cat,))
    snapshots.write_labels(made, out := filled.folder / "labels.csv")
    table = read(out)
    assert [row[0] for row in table[1:]] == ["/photos/01.jpg", "", "/photos/03.jpg"]
    assert [row[1] for row in table[1:]] == ["\ufffd"] * 3
    assert table[1][5] == ""
    assert table[3][6] == ""
