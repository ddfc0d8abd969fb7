"""Writing files so that a reader sees the old one or the new one, never half of one."""

from __future__ import annotations

import errno
import itertools
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mma_desktop.domain import UserError
from mma_desktop.words import tr

_numbers = itertools.count(1)
_HOST = re.sub(r"[^A-Za-z0-9]+", "", platform.node()) or "here"
_DAY = 86_400.0
_MONTH = 30 * _DAY
_LATEST_NS = 2**63 - 1


class Unfinished:
    """Notes of what is being written, one small file each, so that what a killed program left is found and removed.

    Temporary files lie where the finished ones belong: in a person's folder of exports, in a cache of 65,536 folders.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._own: set[Path] = set()

    def keep_in(self, folder: Path) -> None:
        """Keep the notes in this folder from now on; before, none are made."""
        self._folder = folder

    @contextmanager
    def noted(self, temporary: Path) -> Iterator[None]:
        """Note a temporary file or folder while it is there. What hinders the note hinders nothing else."""
        if self._folder is None:
            yield
            return
        note = self._folder / f"{_HOST}-{os.getpid()}-{next(_numbers)}.txt"
        self._own.add(note)
        try:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                note.write_bytes(os.fsencode(temporary.absolute()))
            yield
        finally:
            with suppress(OSError):
                note.unlink(missing_ok=True)
            self._own.discard(note)

    def clear(self) -> None:
        """Remove what programs left that are no more on this machine; a folder that is away now is tried again."""
        if self._folder is None:
            return
        for note in self._folder.glob(f"{_HOST}-*.txt"):
            with suppress(OSError, ValueError):
                if note not in self._own and _is_gone(note):
                    self._remove(note)

    @staticmethod
    def _remove(note: Path) -> None:
        temporary = Path(os.fsdecode(note.read_bytes()))
        if temporary.name.startswith(".") and temporary.name.endswith(".tmp"):
            if not temporary.parent.is_dir() and time.time() - note.stat().st_mtime < _MONTH:
                return
            if temporary.is_dir() and not temporary.is_symlink():
                shutil.rmtree(temporary)
            else:
                temporary.unlink(missing_ok=True)
        note.unlink()


def _is_gone(note: Path) -> bool:
    """Whether the process that made a note is no more."""
    number = int(note.stem.split("-")[1])
    if os.name != "posix":
        return time.time() - note.stat().st_mtime > _DAY
    if number == os.getpid():
        return True  # a number that was used again; our own notes are known
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


unfinished = Unfinished()


def os_error_sentence(error: OSError, path: Path) -> str:
    """What a failed file operation means for the person, and what to do."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return tr(
            "The disk is full: {path} was not written. Free some space and try again; nothing was lost.",
            path=path,
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return tr(
            "{folder} cannot be written to. Choose another folder, or change its permissions.",
            folder=path.parent,
        )
    if error.errno == errno.ENOENT:
        return tr(
            "{folder} is not there (any more). Choose another folder, or plug its drive in.",
            folder=path.parent,
        )
    return tr("{path} could not be written: {reason}.", path=path, reason=error.strerror or error)


def changed_at(status: os.stat_result) -> int:
    """When a file was changed, in ns since 1970, as far as a database holds it: from 1677 to 2262."""
    return max(-_LATEST_NS, min(status.st_mtime_ns, _LATEST_NS))


def unreadable(path: Path, error: OSError) -> UserError:
    """What to say of a file that the system does not let us read."""
    reason = error.strerror or error
    return UserError(tr("{path} cannot be read: {reason}. Check its permissions.", path=path, reason=reason))


def check_adapter_file(path: Path) -> None:
    """See that an adapter can be there, before anything slow is imported to read it.

    Raises:
        UserError: It is a folder, not there, or may not be looked at.
    """
    try:
        if path.is_dir():
            raise UserError(
                tr(
                    "{path} is a folder, not an adapter file. The adapter comes first, then the pictures.",
                    path=path,
                )
            )
        if not path.is_file():
            raise UserError(tr("There is no adapter file {path}. Check the name, or choose another file.", path=path))
    except OSError as error:
        raise unreadable(path, error) from error


def check_writable(path: Path) -> None:
    """See that a file can be written, before long work goes into it. Writes nothing.

    Raises:
        UserError: It is a folder, or its folder cannot be made or written to.
    """
    if os.path.isdir(path):  # noqa: PTH112 - that of Path raises where a folder may not be looked into
        raise UserError(tr("{path} is a folder. Give the name of the file to write.", path=path))
    folder = next(folder for folder in path.absolute().parents if os.path.exists(folder))  # noqa: PTH110
    if not folder.is_dir():
        raise UserError(
            tr(
                "{folder} is a file, so {path} cannot be written. Choose another place.",
                folder=folder,
                path=path,
            )
        )
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
        with unfinished.noted(temporary):
            try:
                yield temporary
                with temporary.open("rb+") as handle:
                    os.fsync(handle.fileno())
                temporary.replace(path)
                sync_folder(path.parent)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(os_error_sentence(error, path)) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where it can be: not on Windows, nor on some shared drives."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EBADF, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def copy_file(source: Path, out: Path) -> None:
    """Copy a file so that `out` is whole or as it was.

    Raises:
        UserError: `out` cannot be written.
    """
    with atomic_path(out) as temporary:
        shutil.copyfile(source, temporary)
