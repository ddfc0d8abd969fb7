"""Nothing is left half written."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mma_desktop.core.atomic_io import (
    UnsuitableFileError,
    atomic_path,
    check_writable,
    copy_file,
    make_folder,
    open_regular,
    os_error_sentence,
    output_path,
    read_regular,
)
from mma_desktop.core.errors import UserError

posix = pytest.mark.skipif(os.name != "posix", reason="pipes, modes and owners are POSIX")


def test_a_failure_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(out) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert out.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    out = tmp_path / "file"
    with pytest.raises(UserError, match="disk is full"), atomic_path(out) as temporary:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOENT, errno.EIO])
def test_every_error_is_a_sentence_with_a_path(tmp_path: Path, number: int) -> None:
    assert str(tmp_path) in os_error_sentence(OSError(number, "why"), tmp_path / "file")


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError), atomic_path(tmp_path / "file" / "inside") as temporary:
        temporary.write_text("never")


def test_what_cannot_be_written_is_known_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    check_writable(tmp_path / "new" / "folder" / "file")
    check_writable(tmp_path / "file")
    for path in (tmp_path, tmp_path / "file" / "inside"):
        with pytest.raises(UserError):
            check_writable(path)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_copy(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1" * 100_000)
    copy_file(tmp_path / "a", tmp_path / "new" / "b")
    assert (tmp_path / "new" / "b").read_bytes() == b"1" * 100_000


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot open folders")
@pytest.mark.parametrize(("number", "works"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_drive_that_cannot_flush_folders_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, works: bool
) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr("mma_desktop.core.atomic_io.os.fsync", fsync)
    if works:
        with atomic_path(tmp_path / "file") as temporary:
            temporary.write_text("new")
        assert (tmp_path / "file").read_text() == "new"
    else:
        with pytest.raises(UserError, match="could not be written"), atomic_path(tmp_path / "file") as temporary:
            temporary.write_text("new")


# --------------------------------------------------------------------------------------
# what a person names


def write(path: Path, text: str = "new") -> None:
    with output_path(path) as temporary:
        temporary.write_text(text)


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path, there: bool) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "file"
    if there:
        target.write_text("old")
    (tmp_path / "first").symlink_to("real/file")
    (tmp_path / "second").symlink_to(tmp_path / "first")
    check_writable(tmp_path / "second")
    write(tmp_path / "second")
    assert (target.read_text(), target.is_symlink()) == ("new", False)
    assert os.readlink(tmp_path / "first") == "real/file"  # noqa: PTH115 - the text
    assert (tmp_path / "second").is_symlink()
    assert [one.name for one in target.parent.iterdir()] == ["file"]


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for refuse in (check_writable, write):
        with pytest.raises(UserError, match="symbolic links"):
            refuse(tmp_path / "a")


@posix
def test_a_file_of_the_program_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "labels.csv").symlink_to("victim")
    with atomic_path(tmp_path / "labels.csv") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "victim").read_text() == "mine"
    assert ((tmp_path / "labels.csv").read_text(), (tmp_path / "labels.csv").is_symlink()) == ("new", False)


@posix
def test_a_file_of_the_program_replaces_no_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "labels.csv")
    with (
        pytest.raises(UserError, match=r"labels\.csv could not be written: it is a pipe"),
        atomic_path(tmp_path / "labels.csv"),
    ):
        pytest.fail("the work is not even begun")
    assert (tmp_path / "labels.csv").is_fifo()
    assert len(list(tmp_path.iterdir())) == 1


@posix
@pytest.mark.parametrize("mode", [0o640, 0o600, 0o666, 0o444])
def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_the_umask(tmp_path: Path, mode: int) -> None:
    out, fresh = tmp_path / "file", tmp_path / "fresh"
    out.write_text("old")
    out.chmod(mode)
    before = os.umask(0o027)
    try:
        for path in (out, fresh):
            with output_path(path) as temporary:
                temporary.unlink()  # as libraries do that write a private file and rename it
                os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600))
    finally:
        os.umask(before)
    assert stat.S_IMODE(out.stat().st_mode) == mode
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


@posix
def test_a_file_keeps_its_owner_and_its_attributes(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("old")
    attributes = False
    if sys.platform == "linux":
        with suppress(OSError):  # not every file system takes any
            os.setxattr(out, "user.mine", b"kept")
            attributes = True
    if os.geteuid() == 0:
        os.chown(out, 4711, 4712)
    before = out.stat()
    write(out)
    after = out.stat()
    assert out.read_text() == "new"
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    if sys.platform == "linux" and attributes:
        assert os.getxattr(out, "user.mine") == b"kept"


@posix
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    tmp_path.chmod(0o500)  # nothing can be made beside it, and need not be
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    try:
        check_writable(pipe)
        write(pipe, "through the pipe" * 10_000)
        reader.join(30)
        assert got == ["through the pipe" * 10_000]
        assert [one.name for one in tmp_path.iterdir()] == ["pipe"]
        assert pipe.is_fifo()
    finally:
        tmp_path.chmod(0o700)


@posix
def test_who_closes_a_pipe_is_told_of(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = threading.Thread(target=lambda: os.close(os.open(tmp_path / "pipe", os.O_RDONLY)))
    reader.start()
    with pytest.raises(UserError, match="pipe could not be written: Broken pipe"):
        write(tmp_path / "pipe", "x" * 1_000_000)
    reader.join(30)


@posix
def test_devices_stay(tmp_path: Path) -> None:
    null = tmp_path / "null"
    try:
        os.mknod(null, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        null.open("wb").close()
    except OSError:  # an ordinary user makes none, and some file systems take none
        with suppress(OSError):
            null.unlink()
        null.symlink_to(os.devnull)
    before = null.lstat(), Path(os.devnull).stat()
    check_writable(null)
    write(null)
    assert stat.S_ISCHR(null.stat().st_mode)
    assert (null.lstat().st_ino, Path(os.devnull).stat().st_ino) == (before[0].st_ino, before[1].st_ino)
    if Path("/dev/full").exists():
        check_writable(Path("/dev/full"))
        with pytest.raises(UserError, match="disk is full"):
            write(Path("/dev/full"))
        assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


SPOKEN = """
import sys
from pathlib import Path
from mma_desktop.core.atomic_io import check_writable, output_path
print("before")
check_writable(Path(sys.argv[1]))
with output_path(Path(sys.argv[1])) as temporary:
    temporary.write_text("the table\\n")
print("after")
"""


@posix
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "link"])
def test_standard_output_goes_on_wherever_it_leads(tmp_path: Path, name: str) -> None:
    if name == "link":
        (tmp_path / "link").symlink_to("/dev/stdout")
        name = str(tmp_path / "link")
    said = ["before", "the table", "after"]
    command = [sys.executable, "-c", SPOKEN, name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[:-1] == said, done.stderr
    with (tmp_path / "out.txt").open("w") as out:  # a file of the shell's: it is not replaced under it
        out.write("first\n")
        out.flush()
        subprocess.run(command, stdout=out, check=True)
    assert (tmp_path / "out.txt").read_text().split("\n")[:-1] == ["first", *said]
    assert Path("/dev/stdout").is_symlink()


@posix
@pytest.mark.skipif(shutil.which("bash") is None, reason="the shell that has >(...)")
def test_the_shells_own_pipes(tmp_path: Path) -> None:
    script = f"{sys.executable} -c '{SPOKEN}' >(cat > {tmp_path}/got) > {tmp_path}/said; wait $!"
    subprocess.run(["bash", "-c", script], check=True, timeout=60)
    assert (tmp_path / "got").read_text() == "the table\n"
    assert (tmp_path / "said").read_text() == "before\nafter\n"


def places(tmp_path: Path) -> dict[str, Path]:
    """Every kind of place that a person may name."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "inside").write_text("x")
    for name, target in {
        "to file": "file", "to nothing": "nothing", "to nothing at all": "no/such/folder/file", "to folder": "closed",
        "to closed": "closed/new", "to inside file": "file/new", "to null": os.devnull, "to circle": "to circle",
    }.items():  # fmt: skip
        (tmp_path / name).symlink_to(target)
    (tmp_path / "closed").chmod(0o500)
    names = ("file", "new", "a/b/new", "closed", "closed/new", "closed/inside", "file/new")
    found = {name: tmp_path / name for name in (*names, *(one.name for one in tmp_path.glob("to *")))}
    return found | {"no such descriptor": Path("/dev/fd/987")}


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A file system that cannot be written to, not even by root."""
    place = tmp_path / "read only"
    place.mkdir()
    command = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "ro", "none", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_drive_is_known_before_the_work(read_only: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(read_only / "new")
    for path in (read_only / "new", read_only / "a" / "new", tmp_path / "link"):
        with pytest.raises(UserError, match="cannot be written to"):
            check_writable(path)


@posix
def test_what_is_checked_before_the_work_is_what_can_be_written_after_it(tmp_path: Path) -> None:
    def refused(try_it: Callable[[Path], object], path: Path) -> bool:
        try:
            try_it(path)
        except UserError:
            return True
        return False

    try:
        verdicts = {
            name: (refused(check_writable, path), refused(write, path)) for name, path in places(tmp_path).items()
        }
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert {name: checked for name, (checked, _) in verdicts.items()} == {
        name: written for name, (_, written) in verdicts.items()
    }
    assert not any(verdicts[name][0] for name in ("file", "new", "to file", "to nothing", "to null", "a/b/new"))
    assert all(verdicts[name][0] for name in ("closed", "to folder", "to circle", "file/new", "no such descriptor"))


# --------------------------------------------------------------------------------------
# what others have made


def test_only_a_file_of_plausible_size_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_regular(tmp_path / "file", 5) == b"12345"
    with pytest.raises(UnsuitableFileError, match="it has 5 bytes, and such a file has at most 4"):
        read_regular(tmp_path / "file", 4)
    with pytest.raises(UnsuitableFileError, match="a folder"):
        open_regular(tmp_path, 5)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none", 5)


@posix
def test_what_becomes_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: real(path.with_name("file"), **how))
    for mode in ("rb", "rb+", "ab+"):
        with pytest.raises(UnsuitableFileError, match="a pipe"):
            open_regular(tmp_path / "pipe", 5, mode)


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[int, str]] = []
    out, fsync = tmp_path / "file", os.fsync

    def noted(descriptor: int) -> None:
        flushed.append((os.fstat(descriptor).st_ino, out.read_text()))
        fsync(descriptor)

    out.write_text("old")
    monkeypatch.setattr(os, "fsync", noted)
    write(out)
    assert (out.stat().st_ino, "old") in flushed


def test_every_new_folder_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("mma_desktop.core.atomic_io.sync_folder", synced.append)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a")
    assert synced == [tmp_path / "a", tmp_path]
