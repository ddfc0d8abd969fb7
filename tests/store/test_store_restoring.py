"""Restoring a backup: the former database is kept, and a kill at any moment leaves one of the two."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.paths import DATABASE_FILE
from mma_desktop.store import snapshots
from mma_desktop.store.project import Project
from mma_desktop.store.schema import BASELINE, SCHEMA_VERSION
from mma_desktop.store.snapshots import (
    inspect_backup,
    is_project,
    is_sound,
    list_restorable,
    newest_restorable,
    restore,
)

KILLER = textwrap.dedent(
    """
    import os, random, shutil, signal, sys, time
    from pathlib import Path
    from mma_desktop.store import snapshots
    from mma_desktop.store.project import Project
    from mma_desktop.core.errors import UserError

    template, out, action, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    left = None
    WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "os.utime", "os.listdir", "os.scandir", "sqlite3.connect"}

    def hook(event, arguments):
        global left
        if left is not None and event in WATCHED:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    def prepared(folder):
        if action == "restore":
            source = next((folder / "backups").iterdir())
            return lambda: snapshots.restore(folder, source)
        project = Project.open(folder)
        project.assign([4], project.classes()[0].id)
        def work():
            project.keep_backup()
            project.close()
        return work

    def at_random():
        chance, longest = random.Random(7), 0.0
        for number in range(-3, rounds):  # the first ones tell how long it takes
            folder = out / f"{number}.mma"
            shutil.copytree(template, folder)
            told, tell = os.pipe()
            child = os.fork()
            if child == 0:
                work = prepared(folder)
                os.write(tell, b"x")
                work()
                os._exit(0)
            os.read(told, 1)
            begun = time.monotonic()
            if number >= 0:
                time.sleep(chance.uniform(0, longest))
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            longest = max(longest, time.monotonic() - begun) if number < 0 else longest
            os.close(told), os.close(tell)

    if rounds:
        at_random()
        sys.exit()
    shutil.copytree(template, out / "first")
    prepared(out / "first")()  # what it imports is no moment of it
    shutil.rmtree(out / "first")
    sys.addaudithook(hook)
    for number in range(10_000):
        folder = out / f"{number}.mma"
        shutil.copytree(template, folder)
        child = os.fork()
        if child == 0:
            work = prepared(folder)
            left = number
            work()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))
    """
)


def labelled(project: Project) -> list[int]:
    rows = project.catalogue()
    found: list[int] = rows.ids[rows.class_ids >= 0].tolist()
    return found


@pytest.fixture
def kept(filled: Project) -> Path:
    """A closed project whose only backup has the label of image 1; images 2 and 3 were labelled after it."""
    cat = filled.classes()[0].id
    filled.assign([1], cat)
    assert filled.keep_backup() is not None
    filled.assign([2, 3], cat)
    filled.close()
    return filled.folder


@pytest.fixture
def with_log(kept: Path, tmp_path: Path) -> Path:
    """The same project as a program that was killed left it: the label of image 10 is in the log only."""
    folder = tmp_path / "killed.mma"
    with Project.open(kept) as project:
        project.assign([10], project.classes()[0].id)
        shutil.copytree(kept, folder)
    assert (folder / f"{DATABASE_FILE}-wal").stat().st_size > 0
    return folder


def ruin(folder: Path) -> bytes:
    """Damage the database as a bad drive does; returns what it is then."""
    path = folder / DATABASE_FILE
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'image'").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xa5" * size
    path.write_bytes(content)
    return bytes(content)


def only_backup(folder: Path) -> Path:
    (path,) = (folder / "backups").iterdir()
    return path


def strange(folder: Path) -> list[str]:
    """What should not be in a project that was opened and closed."""
    known = {DATABASE_FILE, "project.lock", "labels.csv", "embeddings", "runs", "backups"}
    names = [path.name for path in (*folder.iterdir(), *(folder / "backups").iterdir())]
    return [name for name in names if name not in known and not (name.startswith("project-") and ".db" in name)]


# -- what there is ----------------------------------------------------------------------


def test_what_is_in_each_backup_is_told_and_damaged_ones_are_known(kept: Path) -> None:
    good = only_backup(kept)
    whole = good.read_bytes()
    wrong = {
        "project-20250101-000000Z.db": (whole[: len(whole) // 2], "damaged"),
        "project-20250102-000000Z.db": (b"", "damaged"),
        "project-20250103-000000Z.db": (b"no database" * 500, "damaged"),
    }
    for name, (content, _) in wrong.items():
        (good.parent / name).write_bytes(content)
    newer = good.with_name("project-20250104-000000Z.db")
    shutil.copy(good, newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (f"{SCHEMA_VERSION + 1:04d}",))
    older = good.with_name("project-20250106-000000Z.db")
    shutil.copy(good, older)
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (f"{BASELINE - 1:04d}",))
    foreign = good.with_name("project-20250105-000000Z.db")
    with closing(sqlite3.connect(foreign)) as connection, connection:
        connection.execute("CREATE TABLE image (problem)")
    before = {path.name: path.read_bytes() for path in good.parent.iterdir()}
    files = list_restorable(kept)
    assert [file.path.name for file in files] == sorted(before, reverse=True)
    told = {backup.file.path.name: backup for backup in map(inspect_backup, files)}
    assert (told[good.name].images, told[good.name].labels, told[good.name].classes) == (10, 1, 3)
    assert told[good.name].size == len(whole)
    assert told[good.name].problem == ""
    assert all(told[name].problem == problem for name, (_, problem) in wrong.items())
    assert told[newer.name].problem == "made by a newer version of this program"
    assert told[older.name].problem == "made by a version from before the first release"
    assert told[foreign.name].problem == "damaged"
    assert {path.name: path.read_bytes() for path in good.parent.iterdir()} == before, "looking changes nothing"
    assert newest_restorable(kept) == good
    good.unlink()
    with pytest.raises(UserError, match="no backup that can be restored"):
        newest_restorable(kept)
    for path in (newer, foreign, *(good.parent / name for name in wrong)):
        with pytest.raises(UserError, match=r"cannot be restored: .*Nothing was changed"):
            restore(kept, path)
    assert [path.name for path in kept.glob("*.db*")] == [DATABASE_FILE]


def test_a_backup_is_not_called_damaged_where_sqlite_is_too_old(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = list_restorable(kept)[0]
    monkeypatch.setattr("mma_desktop.store.database.sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(UserError, match="SQLite is"):
        inspect_backup(file)


def test_links_folders_and_strangers_are_not_listed(kept: Path, tmp_path: Path) -> None:
    good = only_backup(kept)
    (good.parent / "project-20250101-000000Z.db").mkdir()
    (good.parent / "notes.txt").write_text("mine")
    if hasattr(os, "mkfifo"):
        os.mkfifo(good.parent / "project-20250102-000000Z.db")
        (good.parent / "project-20250103-000000Z.db").symlink_to(good)
    assert [file.path for file in list_restorable(kept)] == [good]
    assert list_restorable(tmp_path / "nowhere.mma") == []


# -- restoring --------------------------------------------------------------------------


def test_a_restored_project_is_as_it_was_and_the_former_database_is_kept(kept: Path) -> None:
    done = restore(kept, only_backup(kept))
    assert (done.backup.labels, done.backup.images) == (1, 10)
    assert done.kept is not None
    assert done.kept.name.startswith("project-before-restore-")
    with Project.open(kept) as project:
        assert labelled(project) == [1]
    assert strange(kept) == []
    back = restore(kept, done.kept)
    assert back.backup.labels == 3
    with Project.open(kept) as project:
        assert labelled(project) == [1, 2, 3], "a restoring can be undone"
    tags = sorted(file.tag for file in list_restorable(kept))
    assert tags == ["", "before-restore", "before-restore"]


def test_a_backup_that_could_not_be_opened_takes_no_place(kept: Path) -> None:
    backup = only_backup(kept)
    with closing(sqlite3.connect(backup)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE class SET colour = 'red'")
    with pytest.raises(
        UserError, match=r"cannot be restored: it is not as this program writes it.*Nothing was changed"
    ):
        restore(kept, backup)
    assert [path.name for path in kept.glob("*.db*")] == [DATABASE_FILE]
    with Project.open(kept) as project:
        assert labelled(project) == [1, 2, 3]


def test_a_backup_that_is_gone_is_said_to_be_gone(kept: Path, tmp_path: Path) -> None:
    for gone in (tmp_path / "gone.db", kept / "backups" / "project-20200101-000000Z.db"):
        with pytest.raises(UserError, match=rf"The backup .*{gone.name} is not there .*Nothing was changed"):
            restore(kept, gone)


def test_what_is_only_in_the_log_is_kept_too(with_log: Path) -> None:
    done = restore(with_log, only_backup(with_log))
    assert done.kept is not None
    assert done.kept.name.startswith("project-before-restore-")
    assert not done.kept.with_name(f"{done.kept.name}-wal").exists()
    assert inspect_backup(list_restorable(with_log)[0]).labels in {1, 4}
    with closing(sqlite3.connect(f"file:{done.kept}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("SELECT image_id FROM label ORDER BY 1").fetchall() == [(1,), (2,), (3,), (10,)]
    with Project.open(with_log) as project:
        assert labelled(project) == [1], "the log of the former database is not the restored one's"


def test_a_damaged_database_is_put_aside_untouched_with_its_log(with_log: Path) -> None:
    content = ruin(with_log)
    log = (with_log / f"{DATABASE_FILE}-wal").read_bytes()
    done = restore(with_log, only_backup(with_log))
    assert done.kept is not None
    assert done.kept.name.startswith("project-damaged-")
    assert done.kept.read_bytes() == content
    assert done.kept.with_name(f"{done.kept.name}-wal").read_bytes() == log
    with Project.open(with_log) as project:
        assert labelled(project) == [1]
    assert done.kept not in [file.path for file in list_restorable(with_log)]


HALF = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = DELETE")
connection.execute("PRAGMA cache_size = 1")  # pages go to the file before the end
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE half AS SELECT * FROM image, place")
os._exit(0)
"""


def test_a_change_that_was_killed_stays_with_the_former_database(kept: Path) -> None:
    """An update of the program was killed: its journal would write old pages over the restored database."""
    subprocess.run([sys.executable, "-c", HALF, str(kept / DATABASE_FILE)], check=True)
    journal = (kept / f"{DATABASE_FILE}-journal").read_bytes()
    done = restore(kept, only_backup(kept))
    assert done.kept is not None
    assert done.kept.with_name(f"{done.kept.name}-journal").read_bytes() == journal
    with Project.open(kept) as project:
        assert labelled(project) == [1]
    with closing(sqlite3.connect(done.kept)) as connection:
        assert connection.execute("SELECT image_id FROM label ORDER BY 1").fetchall() == [(1,), (2,), (3,)]


@pytest.mark.parametrize("content", [None, b"", b"no database" * 500])
def test_a_database_that_is_gone_or_no_database_is_restored(kept: Path, content: bytes | None) -> None:
    path = kept / DATABASE_FILE
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedError, match=r"is gone|is damaged"):
        Project.open(kept)
    assert (path.read_bytes() if path.exists() else None) == content, "opening changes nothing"
    done = restore(kept, only_backup(kept))
    assert (done.kept.read_bytes() if done.kept is not None else None) == content
    with Project.open(kept) as project:
        assert labelled(project) == [1]


def test_a_damaged_project_says_so_by_its_own_kind_of_error(kept: Path) -> None:
    ruin(kept)
    with pytest.raises(DamagedError, match=r"damaged. Restore one of its backups"):
        Project.open(kept)


def test_a_backup_from_elsewhere_with_a_log_of_its_own(kept: Path, with_log: Path) -> None:
    """The database of another project, as it is while that project is open."""
    restore(kept, with_log / DATABASE_FILE)
    with Project.open(kept) as project:
        assert labelled(project) == [1, 2, 3, 10]


def test_an_open_project_is_not_restored(kept: Path) -> None:
    with Project.open(kept) as project:
        with pytest.raises(UserError, match="open in another window"):
            restore(kept, only_backup(kept))
        assert labelled(project) == [1, 2, 3]
    with pytest.raises(UserError, match="is not there"):
        restore(kept.with_name("nowhere.mma"), kept)
    photos = kept.with_name("photos")
    photos.mkdir()
    with pytest.raises(UserError, match="is not a project"):
        restore(photos, only_backup(kept))
    assert list(photos.iterdir()) == []
    with pytest.raises(UserError, match="damaged"):
        restore(kept, kept / "backups")


def test_a_copy_that_fails_changes_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise snapshots.UnsoundError

    monkeypatch.setattr(snapshots, "copy_database", broken)
    with pytest.raises(UserError, match="Nothing was changed"):
        restore(kept, only_backup(kept))
    monkeypatch.undo()
    assert not snapshots.is_restore_pending(kept)
    with Project.open(kept) as project:
        assert labelled(project) == [1, 2, 3]


# -- a power cut ------------------------------------------------------------------------


class Disk:
    """A folder as a power cut may leave it: as it was last flushed, with any of the renames since."""

    def __init__(self, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.earlier: list[Path] = []
        self._out, self._flushed = out, out / "flushed"
        self._renames: list[tuple[str, str, bytes]] = []
        shutil.copytree(folder, self._flushed)
        fsync = os.fsync

        def noted(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
            def moved(source: Path, target: Path) -> Path:
                if source.parent == folder:
                    self._renames.append((source.name, target.name, source.read_bytes()))
                return move(source, target)

            return moved

        def flush(descriptor: int) -> None:
            fsync(descriptor)
            if os.path.samestat(os.fstat(descriptor), folder.stat()):
                self.earlier += self.states()
                shutil.rmtree(self._flushed)
                shutil.copytree(folder, self._flushed)
                self._renames.clear()

        monkeypatch.setattr(Path, "rename", noted(Path.rename))
        monkeypatch.setattr(Path, "replace", noted(Path.replace))
        monkeypatch.setattr(os, "fsync", flush)

    def states(self) -> list[Path]:
        """Every folder that may be left now."""
        found = []
        for chosen in itertools.product([False, True], repeat=len(self._renames)):
            state = Path(tempfile.mkdtemp(suffix=".mma", dir=self._out))
            shutil.copytree(self._flushed, state, dirs_exist_ok=True)
            for source, target, data in itertools.compress(self._renames, chosen):
                (state / source).unlink(missing_ok=True)
                (state / target).write_bytes(data)
            found.append(state)
        return found


def opened(folder: Path) -> object:
    """The labelled images of a project, or the files of a damaged one."""
    files = {path.name: path.read_bytes() for path in folder.glob(f"{DATABASE_FILE}*")}
    try:
        with Project.open(folder) as project:
            return labelled(project)
    except DamagedError:
        return files


@pytest.mark.skipif(os.name == "nt", reason="Windows flushes no folder")
@pytest.mark.parametrize("former", ["sound", "damaged, with a log", "with a journal"])
def test_a_power_cut_at_any_moment_of_a_restoring_leaves_the_old_or_the_new_database(
    request: pytest.FixtureRequest, former: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder: Path = request.getfixturevalue("with_log" if former == "damaged, with a log" else "kept")
    if former == "damaged, with a log":
        ruin(folder)
    elif former == "with a journal":
        subprocess.run([sys.executable, "-c", HALF, str(folder / DATABASE_FILE)], check=True)
    shutil.copytree(folder, tmp_path / "before.mma")
    with monkeypatch.context() as patch:
        disk = Disk(folder, tmp_path, patch)
        restore(folder, only_backup(folder))
        now = disk.states()
    before, found = opened(tmp_path / "before.mma"), [opened(state) for state in disk.earlier]
    assert before in found
    assert [one for one in found if one not in (before, [1])] == []
    assert [opened(state) for state in now] == [[1]], "what was told to be restored is"


# -- kill -9 ----------------------------------------------------------------------------


def killed(template: Path, out: Path, action: str, rounds: int = 0) -> list[Path]:
    """The folders that a kill before each operation on files left, and that of the one that was not killed.

    With `rounds`, those that so many kills at random moments left, and three that were not killed.
    """
    out.mkdir()
    command = [sys.executable, "-c", KILLER, str(template), str(out), action, str(rounds)]
    subprocess.run(command, check=True, timeout=600)
    return sorted(out.iterdir(), key=lambda path: int(path.stem))


def asides(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.startswith("project-") and path.suffix == ".db")


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
@pytest.mark.parametrize("state", ["sound", "damaged", "gone"])
def test_a_restoring_killed_anywhere_leaves_the_old_or_the_new_database(
    with_log: Path, tmp_path: Path, state: str
) -> None:
    content = ruin(with_log) if state == "damaged" else b""
    log = (with_log / f"{DATABASE_FILE}-wal").read_bytes()
    if state == "gone":
        (with_log / DATABASE_FILE).unlink()
    folders = killed(with_log, tmp_path / "out", "restore")
    assert len(folders) > 10
    found = []
    for folder in folders:
        try:
            with Project.open(folder) as project:
                found.append(labelled(project))
        except DamagedError:
            found.append([])
            restore(folder, only_backup(folder))
            Project.open(folder).close()
        assert strange(folder) == [], folder
        if state == "sound" and found[-1] == [1]:
            (aside,) = asides(folder)
            assert inspect_backup(snapshots.parse_name(aside)).labels == 4, "no acknowledged label is lost"
        elif state == "damaged":
            (aside,) = asides(folder)
            assert aside.read_bytes() == content
            assert aside.with_name(f"{aside.name}-wal").read_bytes() == log
    old = [1, 2, 3, 10] if state == "sound" else []
    turn = found.index([1])
    assert turn > 3
    assert found == [old] * turn + [[1]] * (len(found) - turn)


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_backup_killed_anywhere_costs_no_backup_and_no_label(kept: Path, tmp_path: Path) -> None:
    good = only_backup(kept)
    for hour in range(12):
        shutil.copy(good, good.with_name(f"project-20250101-{hour:02}0000Z.db"))
        shutil.copy(good, good.with_name(f"project-20250101-{hour:02}3000Z.db"))
    before = {path.name for path in good.parent.iterdir()}
    tables = set()
    folders = killed(kept, tmp_path / "out", "keep")
    assert len(folders) > 10
    for folder in folders:
        with Project.open(folder) as project:
            assert labelled(project) == [1, 2, 3, 4]
        assert strange(folder) == []
        backups = [inspect_backup(file) for file in list_restorable(folder)]
        assert not [backup for backup in backups if backup.problem]
        names = {backup.file.path.name for backup in backups}
        assert good.name in names
        if before - names:
            assert backups[0].labels == 4, "the old ones go after the new one is there"
        tables.add((folder / "labels.csv").read_bytes())
    assert {table.count(b"\n") for table in tables} == {2, 5}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_two_hundred_kills_at_random_moments_lose_nothing(with_log: Path, kept: Path, tmp_path: Path) -> None:
    found = []
    for folder in killed(with_log, tmp_path / "restored", "restore", 100):
        with Project.open(folder) as project:
            found.append(labelled(project))
        assert strange(folder) == [], folder
        assert found[-1] in ([1, 2, 3, 10], [1])
        if found[-1] == [1]:
            (aside,) = asides(folder)
            assert inspect_backup(snapshots.parse_name(aside)).labels == 4
    assert len({tuple(one) for one in found}) == 2, "some were killed before it was decided, some after"
    counts = set()
    for folder in killed(kept, tmp_path / "kept", "keep", 100):
        with Project.open(folder) as project:
            assert labelled(project) == [1, 2, 3, 4, 10]
        assert strange(folder) == []
        backups = [inspect_backup(file) for file in list_restorable(folder)]
        assert [backup.labels for backup in backups] in ([1], [5, 1])
        counts.add(len(backups))
    assert counts == {1, 2}


def test_the_helpers_tell_a_project_from_other_databases(kept: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(kept / DATABASE_FILE)) as ours, closing(sqlite3.connect(tmp_path / "x.db")) as other:
        assert (is_project(ours), is_sound(ours)) == (True, True)
        assert (is_project(other), is_sound(other)) == (False, True)
