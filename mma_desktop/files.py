"""Writing files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mma_desktop.domain import UserError

_numbers = itertools.count(1)


def os_error_sentence(error: OSError, path: Path) -> str:
    """What a failed file operation means for the person, and what to do."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full: {path} was not written. Free some space and try again; nothing was lost."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{path.parent} cannot be written to. Choose another folder, or change its permissions."
    if error.errno == errno.ENOENT:
        return f"{path.parent} is not there (any more). Choose another folder, or plug its drive in."
    return f"{path} could not be written: {error.strerror or error}."


def check_writable(path: Path) -> None:
    """See that a file can be written, before long work goes into it. Writes nothing.

    Raises:
        UserError: It is a folder, or its folder cannot be made or written to.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder. Give the name of the file to write.")
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    if not folder.is_dir():
        raise UserError(f"{folder} is a file, so {path} cannot be written. Choose another place.")
    if not os.access(folder, os.W_OK):
        raise UserError(os_error_sentence(PermissionError(errno.EACCES, ""), path))


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is flushed to disk and renamed over `path`.

    On any error the temporary file is removed and `path` stays as it was.

    Raises:
        UserError: The disk is full, or the folder is missing or read-only.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{next(_numbers)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise UserError(os_error_sentence(error, path)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the system can (Windows cannot open folders)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_file(source: Path, out: Path) -> None:
    """Copy a file so that `out` is whole or as it was.

    Raises:
        UserError: `out` cannot be written.
    """
    with atomic_path(out) as temporary:
        shutil.copyfile(source, temporary)
