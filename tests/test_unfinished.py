"""Temporary files that a killed program left anywhere are found by their notes and removed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from mma_desktop.core import atomic_io
from mma_desktop.core.atomic_io import Unfinished, atomic_path

KILLED = """
import os, signal, sys
from pathlib import Path
from PIL import Image
from mma_desktop.core.atomic_io import unfinished
from mma_desktop.media import copy_export
from mma_desktop.media.reader import Thumbnails
notes, folder, work = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
picture = Image.new("RGB", (8, 8))
picture.save(Path(os.devnull), "JPEG")
unfinished.set_folder(notes)
def count(event, arguments):
    global left
    if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}:
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
for line in sys.stdin:
    out, left = folder / f"out {line.strip()}" / "deep", int(line)
    child = os.fork()
    if not child:
        sys.addaudithook(count)
        exec(work)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Does work, which is given as code, in a forked child that is killed at the event of each line."""
KILLED_THUMBNAIL = "Thumbnails(out).write(bytes(32), picture)"
KILLED_FOLDER = """
with copy_export.atomic_folder(out) as folder:
    (folder / "a.txt").write_text("a")
"""


@pytest.fixture
def notes(tmp_path: Path) -> Unfinished:
    made = Unfinished()
    made.set_folder(tmp_path / "notes")
    return made


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def left_by(folder: Path, number: int, temporary: Path) -> Path:
    """The note of a process about a temporary file."""
    before, own = set(folder.glob("*")), Unfinished()
    own.set_folder(folder)
    with own.tracked(temporary):
        (note,) = set(folder.iterdir()) - before
        name, content = note.name.replace(str(os.getpid()), str(number)), note.read_bytes()
    copy = note.with_name(name)
    copy.write_bytes(content)
    return copy


def temporary_in(folder: Path, name: str = ".labels.csv.1-1.tmp") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("half")
    return path


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a note has to be a day old")
def test_what_a_dead_process_left_is_removed(notes: Unfinished, tmp_path: Path, dead: int) -> None:
    file = temporary_in(tmp_path / "exports")
    tree = tmp_path / "exports" / ".folders.1.2.tmp"
    temporary_in(tree / "cat", "1.jpg")
    other = temporary_in(tmp_path / "exports", "labels.csv")
    left_by(tmp_path / "notes", dead, file)
    notes.clear()
    assert not file.exists()
    left_by(tmp_path / "notes", dead, tree)
    left_by(tmp_path / "notes", dead, tmp_path / "exports" / ".not there.tmp")
    notes.clear()
    assert [path.name for path in (tmp_path / "exports").iterdir()] == [other.name]
    assert not list((tmp_path / "notes").iterdir())


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a note has to be a day old")
def test_what_is_still_being_written_stays(notes: Unfinished, tmp_path: Path) -> None:
    mine, others = temporary_in(tmp_path / "exports"), temporary_in(tmp_path / "exports", ".b.tmp")
    left_by(tmp_path / "notes", os.getppid(), others)
    with notes.tracked(mine):
        notes.clear()
        assert mine.exists()
    assert others.exists()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a note has to be a day old")
def test_a_note_never_removes_what_is_not_temporary(notes: Unfinished, tmp_path: Path, dead: int) -> None:
    targets = [temporary_in(tmp_path / "exports", name) for name in ("labels.csv", ".labels", "labels.tmp")]
    for target in targets:
        left_by(tmp_path / "notes", dead, target)
    notes.clear()
    assert all(target.exists() for target in targets)
    away = tmp_path / "away" / ".labels.csv.1-1.tmp"
    note = left_by(tmp_path / "notes", dead, away)
    notes.clear()
    assert note.exists(), "the drive may come back"
    long_ago = time.time() - 32 * 86_400
    os.utime(note, (long_ago, long_ago))
    notes.clear()
    assert not note.exists(), "but not after a month"


def test_every_atomic_write_is_noted(notes: Unfinished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_io, "unfinished", notes)
    with atomic_path(tmp_path / "out.txt") as temporary:
        temporary.write_text("new")
        assert [note.read_bytes() for note in (tmp_path / "notes").iterdir()] == [os.fsencode(temporary)]
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_folder_of_notes_that_cannot_be_made_hinders_nothing(
    notes: Unfinished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    notes.set_folder(tmp_path / "file")
    monkeypatch.setattr(atomic_io, "unfinished", notes)
    with atomic_path(tmp_path / "out.txt") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "out.txt").read_text() == "new"
    notes.clear()


def test_notes_of_another_user_hinder_nothing(
    notes: Unfinished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "notes"))
    monkeypatch.setattr(Path, "stat", Mock(side_effect=refusal))  # as below a folder that is closed
    monkeypatch.setattr(Path, "mkdir", Mock(side_effect=refusal))
    notes.clear()
    with notes.tracked(tmp_path / "file"):
        pass
    assert next(os.scandir(tmp_path), None) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process at each of its dealings with files")
@pytest.mark.parametrize("what", [KILLED_THUMBNAIL, KILLED_FOLDER], ids=["thumbnail", "folder"])
def test_what_is_killed_anywhere_leaves_nothing(notes: Unfinished, tmp_path: Path, what: str) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "notes"), str(tmp_path), what]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for event in range(1, 50):
            nursery.stdin.write(f"{event}\n")
            code = int(nursery.stdout.readline())
            assert code in {0, -signal.SIGKILL}
            notes.clear()
            assert list((tmp_path / "notes").glob("*")) == [], event
            assert [path.name for path in (tmp_path / f"out {event}").rglob("*.tmp")] == []
            if code == 0:
                assert event > 3
                return
    pytest.fail("it never came to its end")
