"""Killed processes, full disks, folders that go away, several threads: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.core.types import ScannedFile
from mma_desktop.store import database
from mma_desktop.store.database import sqlite_connection
from mma_desktop.store.project import Project
from mma_desktop.store.snapshots import back_up, restore

Scanned = Callable[..., ScannedFile]

WRITER = textwrap.dedent(
    """
    import itertools, os, sys
    from pathlib import Path
    from mma_desktop.core.types import ScannedFile
    from mma_desktop.store.project import Project
    for line in sys.stdin:
        if os.fork() == 0:
            break
        os.wait()
        print("over", 0, 0, flush=True)
    else:
        sys.exit()
    start = int(line)
    print("child", os.getpid(), 0, flush=True)
    with Project.open(Path(sys.argv[1])) as project:
        classes = [one.id for one in project.classes()]
        for turn in itertools.count():
            base = start + turn * 50
            files = [ScannedFile(Path(f"/p/{n}.jpg"), n.to_bytes(32, "big"), 1, 1, 1, 1, "PNG")
                     for n in range(base + 1, base + 51)]
            ids = project.add_files(files).ids
            for number in ids[:10]:
                project.assign([number], classes[number % len(classes)])
                print("label", number, classes[number % len(classes)], flush=True)
            project.add_classes([f"class {base}"])
            print("class", base, 0, flush=True)
            project.keep_backup() if turn % 3 == 2 else None
    """
)


def integrity(folder: Path) -> str:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_kill_9_loses_no_acknowledged_label(tmp_path: Path) -> None:
    with Project.create(tmp_path / "killed.mma") as project:
        project.add_classes(["cat", "dog", "owl"])
    folder = project.folder
    chance = random.Random(5)
    labels: dict[int, int] = {}
    names: set[str] = set()
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for attempt in range(5):
            nursery.stdin.write(f"{attempt * 1_000_000}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline().split()[1])
            line = nursery.stdout.readline()  # it is at work
            time.sleep(chance.uniform(0.0, 0.3))
            os.kill(child, signal.SIGKILL)
            while line != "over 0 0\n":
                kind, number, class_id = line.split()
                if kind == "label":
                    labels[int(number)] = int(class_id)
                else:
                    names.add(f"class {number}")
                line = nursery.stdout.readline()
            with Project.open(folder) as project:
                rows = {row.id: row.class_id for row in project.image_rows(list(labels))}
                assert rows == labels
                assert names <= {one.name for one in project.classes()}
                positions = [one.position for one in project.classes()]
                assert positions == list(range(len(positions)))
            assert integrity(folder) == "ok"
            assert not [
                path for path in folder.rglob("*") if "tmp" in path.name or path.suffix in {".db-wal", ".db-shm"}
            ]
        nursery.stdin.close()
        assert nursery.wait(30) == 0
    assert len(labels) >= 5


def test_a_full_database_refuses_the_change_and_keeps_the_rest(filled: Project, scanned: Scanned) -> None:
    writer = sqlite_connection(filled._database._writer)  # private: SQLite keeps this limit with the connection
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count = {pages}")  # what SQLite does on a full disk
    before = filled.catalogue()
    with pytest.raises(UserError, match="is full; this change was not saved"):
        filled.add_files([scanned(f"/more/{'long' * 40}{number}.jpg") for number in range(3000)])
    with pytest.raises(UserError, match="is full"):
        filled.add_classes(["x" * 190 + str(number) for number in range(500)])
    assert filled.catalogue().ids.tolist() == before.ids.tolist()
    assert [one.name for one in filled.classes()] == ["cat", "dog", "owl"]
    assert filled.undo_title == "Add classes 'cat', 'dog', 'owl'", "a change that was not saved is no step"
    writer.execute("PRAGMA max_page_count = 1000000")
    filled.assign([1], filled.classes()[0].id)
    assert writer.execute("PRAGMA synchronous").fetchone()[0] == 2
    filled.undo()
    assert len(filled.add_files([scanned("/more/1.jpg")]).added_ids) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_really_fills_up(small_disk: Path, scanned: Scanned) -> None:
    with Project.create(small_disk / "birds.mma") as project:
        project.add_classes(["cat", "dog"])
        cat = project.classes()[0].id
        ids = project.add_files([scanned(f"/p/{number}.jpg") for number in range(500)]).ids
        labelled = 0
        filler = small_disk / "filler"
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 20_000))
        with pytest.raises(UserError, match="is full"):
            for number in ids:
                project.assign([number], cat)
                labelled += 1
        with pytest.raises(UserError, match="is full"):
            project.keep_backup()
        with pytest.raises(UserError, match="is full"):
            Project.create(small_disk / "second.mma")
        assert sorted(path.name for path in small_disk.iterdir()) == ["birds.mma", "filler"]
        assert list((project.folder / "backups").iterdir()) == []
        assert int((project.catalogue().class_ids == cat).sum()) == labelled
        filler.unlink()
        project.assign(ids[-1:], cat)
        assert int((project.catalogue().class_ids == cat).sum()) == labelled + 1
        assert project.keep_backup()
    assert integrity(project.folder) == "ok"


def test_a_full_disk_costs_no_backup_and_a_restoring_changes_nothing(small_disk: Path, scanned: Scanned) -> None:
    with Project.create(small_disk / "birds.mma") as project:
        project.add_classes(["cat"])
        cat = project.classes()[0].id
        project.add_files([scanned(f"/p/{number}.jpg") for number in range(500)])
        good = project.keep_backup()
        assert good is not None
        table = (project.folder / "labels.csv").read_bytes()
        project.assign([1], cat)
        filler = small_disk / "filler"
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 20_000))
        with pytest.raises(UserError, match="is full"):
            project.keep_backup()
        assert list((project.folder / "backups").iterdir()) == [good]
        assert (project.folder / "labels.csv").read_bytes() == table
    before = (project.folder / DATABASE_FILE).read_bytes()
    with pytest.raises(UserError, match="is full"):
        restore(project.folder, good)
    assert (project.folder / DATABASE_FILE).read_bytes() == before
    assert not list(project.folder.glob("*project-*")), "nothing is put aside or left half copied"
    filler.unlink()
    with Project.open(project.folder) as again:
        assert again.keep_backup() is not None, "what could not be backed up is tried again"
    assert restore(project.folder, good).backup.labels == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_folder_that_goes_away_is_noticed_at_the_next_change(filled: Project, tmp_path: Path) -> None:
    cat = filled.classes()[0].id
    filled.assign([1], cat)
    away = tmp_path / "away.mma"
    filled.folder.rename(away)
    with pytest.raises(UserError, match="is not there any more"):
        filled.assign([2], cat)
    with pytest.raises(UserError, match="is not there any more"):
        filled.keep_backup()
    Project.create(filled.folder).close()  # another project at the same place
    with pytest.raises(UserError, match="is not there any more"):
        filled.assign([2], cat)
    shutil.rmtree(filled.folder)
    away.rename(filled.folder)
    filled.assign([3], cat)
    assert filled.catalogue().class_ids[:3].tolist() == [cat, -1, cat]


def moved_during(project: Project, away: Path, moment: str) -> str:
    """Move the project's folder while a label is written, before the commit or with it, and put it back.

    Returns:
        What the user is told.
    """

    def move(*_: object) -> None:
        if not away.exists():
            project.folder.rename(away)

    def images() -> Iterator[int]:
        if moment == "before":
            move()
        yield 1

    class_id = project.classes()[0].id
    if moment == "with":
        event.listen(Engine, "commit", move)
    try:
        with pytest.raises(UserError) as told:
            project.assign(images(), class_id)
    finally:
        if moment == "with":
            event.remove(Engine, "commit", move)
    away.rename(project.folder)
    return str(told.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_folder_that_goes_away_while_a_change_is_written_leaves_it_unwritten(filled: Project, tmp_path: Path) -> None:
    heard: list[object] = []
    title, filled.listener = filled.undo_title, heard.append
    assert "is not there any more, or cannot be opened; this change was not saved" in moved_during(
        filled, tmp_path / "away.mma", "before"
    )
    assert (filled.undo_title, heard) == (title, [])
    filled.assign([2], filled.classes()[1].id)
    assert filled.catalogue().class_ids.tolist()[:3] == [-1, filled.classes()[1].id, -1]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_a_folder_that_goes_away_with_the_commit_is_not_told_to_be_saved(filled: Project, tmp_path: Path) -> None:
    assert "; this change may not have been saved." in moved_during(filled, tmp_path / "away.mma", "with")


def test_a_database_held_by_another_program(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.close()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with (
        Project.open(filled.folder) as project,
        closing(sqlite3.connect(filled.folder / DATABASE_FILE, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UserError, match="locked by another program"):
            project.add_classes(["yak"])
        assert len(project.classes()) == 3, "reading goes on"
        other.execute("ROLLBACK")
        project.add_classes(["yak"])


def test_a_backup_is_one_verified_file_made_while_others_work(filled: Project) -> None:
    first = back_up(filled.folder)
    second = back_up(filled.folder)
    assert first != second
    assert sorted(path.name for path in first.parent.iterdir()) == sorted([first.name, second.name])
    with closing(sqlite3.connect(first)) as copy:
        assert copy.execute("SELECT count(*) FROM image").fetchone() == (10,)
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    shutil.rmtree(first.parent)
    first.parent.write_text("a file where the folder should be")
    with pytest.raises(UserError):
        back_up(filled.folder)


def test_several_threads_write_and_read_at_once(filled: Project, scanned: Scanned) -> None:
    classes = [one.id for one in filled.classes()]
    errors: list[BaseException] = []
    start = threading.Barrier(4)

    def work(job: Callable[[int], object]) -> None:
        start.wait()
        try:
            for turn in range(40):
                job(turn)
        except BaseException as error:  # noqa: BLE001 - reported by the test below, whatever it is
            errors.append(error)

    def check(turn: int) -> None:
        rows = filled.catalogue()
        assert len(rows) == len(set(rows.ids.tolist()))
        assert filled.undo_title
        filled.image_rows(rows.ids.tolist())

    jobs: list[Callable[[int], object]] = [
        lambda turn: filled.assign([turn % 10 + 1], classes[turn % 3]),
        lambda turn: filled.add_files([scanned(f"/t/{turn}-{number}.jpg") for number in range(5)]),
        lambda turn: filled.set_setting("turn", turn),
        check,
    ]
    threads = [threading.Thread(target=work, args=(job,), name=f"mma-test-{i}") for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(filled.catalogue()) == 210
    assert filled.setting("turn") == 39
    assert filled.catalogue().class_ids[:10].tolist() == [classes[turn % 3] for turn in range(30, 40)]
