"""Nothing is left half written."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from mma_desktop.domain import UserError
from mma_desktop.files import atomic_path, check_writable, copy_file, os_error_sentence


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

    monkeypatch.setattr("mma_desktop.files.os.fsync", fsync)
    if works:
        with atomic_path(tmp_path / "file") as temporary:
            temporary.write_text("new")
        assert (tmp_path / "file").read_text() == "new"
    else:
        with pytest.raises(UserError, match="could not be written"), atomic_path(tmp_path / "file") as temporary:
            temporary.write_text("new")
