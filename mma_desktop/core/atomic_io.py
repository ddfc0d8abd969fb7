"""Atomic file writes, and safe reads of untrusted paths that may turn out to be pipes, devices or folders."""

from __future__ import annotations

import errno
import io
import itertools
import os
import platform
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from mma_desktop.core import inputs
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr

# Standard output as a path to write to, on every system.
STDOUT = Path("/dev/stdout")

_numbers = itertools.count(1)
_HOST = re.sub(r"[^A-Za-z0-9]+", "", platform.node()) or "here"
_DAY = 86_400.0
_MONTH = 30 * _DAY
_LATEST_NS = 2**63 - 1  # what a column of SQLite holds; a file system may say more
_MAX_NOTE_BYTES = 1 << 16  # above the longest path of any system
_MAX_LINKS = 40  # Linux' own limit
_NAME_LETTERS = 40  # of four bytes at most; file systems allow 255
_DESCRIPTORS = re.compile(r"/(?:dev|proc/\d+(?:/task/\d+)?)/fd")
# A path can become a pipe between the check and the open; opening it must not block until there is a writer.
_NONBLOCKING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


class Unfinished:
    """Notes on files being written, so that leftovers of a killed process can be found and removed."""

    # Temporary files sit next to their targets, such as in the user's export folder or in a cache of 65,536 folders, so
    # they cannot be found by scanning.

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._own: set[Path] = set()

    def set_folder(self, folder: Path) -> None:
        """Write notes to this folder from now on. Before this call no notes are written."""
        self._folder = folder

    @contextmanager
    def tracked(self, temporary: Path) -> Iterator[None]:
        """Note a temporary file or folder while it exists. Failing to write the note is not an error."""
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
        """Remove leftovers of processes that have ended; retry folders that are currently unavailable next time."""
        notes: list[Path] = []
        if self._folder is not None:
            with suppress(OSError):  # the folder may be another user's
                notes = list(self._folder.glob(f"{_HOST}-*.txt"))
        for note in notes:
            with suppress(OSError, ValueError):
                if note not in self._own and _process_has_ended(note):
                    self._remove(note)

    @staticmethod
    def _remove(note: Path) -> None:
        temporary = Path(os.fsdecode(read_regular(note, _MAX_NOTE_BYTES)))
        if temporary.name.startswith(".") and temporary.name.endswith(".tmp"):
            if not temporary.parent.is_dir() and time.time() - note.stat().st_mtime < _MONTH:
                return
            if temporary.is_dir() and not temporary.is_symlink():
                shutil.rmtree(temporary)
            else:
                temporary.unlink(missing_ok=True)
        note.unlink()


def _process_has_ended(note: Path) -> bool:
    number = int(note.stem.split("-")[1])
    if os.name != "posix":
        return time.time() - note.stat().st_mtime > _DAY
    if number == os.getpid():
        return True  # the process id was reused: our own notes are never checked here
    try:
        os.kill(number, 0)
    except OSError as error:  # that of another user may not be asked
        return isinstance(error, ProcessLookupError)
    return False


unfinished = Unfinished()


def os_error_sentence(error: OSError, path: Path) -> str:
    """Explain a failed file operation to the user, and what to do about it."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return tr(
            "The disk is full: {path} was not written. Free some space and try again; nothing was lost.", path=path
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return tr(
            "{folder} cannot be written to. Choose another folder, or change its permissions.", folder=path.parent
        )
    if error.errno == errno.ENOENT:
        return tr("{folder} is not there (any more). Choose another folder, or plug its drive in.", folder=path.parent)
    return tr("{path} could not be written: {reason}.", path=path, reason=error.strerror or error)


@contextmanager
def os_errors(path: Path) -> Iterator[None]:
    """Convert a failed file operation on a path to a `UserError`, see `os_error_sentence`."""
    try:
        yield
    except OSError as error:
        raise UserError(os_error_sentence(error, path)) from error


def changed_at(status: os.stat_result) -> int:
    """Modification time in ns since 1970, clamped to what the database can store (the years 1677 to 2262)."""
    return max(-_LATEST_NS, min(status.st_mtime_ns, _LATEST_NS))


def unreadable(path: Path, error: OSError) -> UserError:
    """The error to show for a file that cannot be read, or is not a regular file."""
    reason = error.strerror or error
    if isinstance(error, UnsuitableFileError) or error.errno == errno.ENAMETOOLONG:
        return UserError.tr("{path} cannot be read: {reason}.", path=path, reason=reason)
    return UserError.tr("{path} cannot be read: {reason}. Check its permissions.", path=path, reason=reason)


class UnsuitableFileError(OSError):
    """The path is not a regular file, or the file is far too large: its `status`, and a reason in `strerror`."""

    def __init__(self, reason: str, path: Path, status: os.stat_result) -> None:
        super().__init__(errno.EINVAL, reason, str(path))
        self.status = status


def check_regular(status: os.stat_result, limit: int, path: Path) -> None:
    """Check that a path is a regular file of at most `limit` bytes, else raise UnsuitableFileError."""
    if stat.S_ISREG(status.st_mode) and status.st_size <= limit:
        return
    if stat.S_ISDIR(status.st_mode):
        reason = tr("it is a folder, not a file")
    elif not stat.S_ISREG(status.st_mode):
        reason = tr("it is a pipe or a device, not a file")
    else:
        size = status.st_size
        reason = tr("it has {size:,} bytes, and such a file has at most {limit:,}", size=size, limit=limit)
    raise UnsuitableFileError(reason, path, status)


def open_regular(path: Path, limit: int, mode: str = "rb") -> io.BufferedRandom:
    """Open an untrusted file of at most `limit` bytes, following links. Never blocks on a pipe or opens a device.

    Raises:
        UnsuitableFileError: It is not a regular file, or it is larger.
        OSError: It does not exist or cannot be opened.
    """

    def opener(name: str, flags: int) -> int:
        # Checked again on the open file: another may have taken its place since the look at the path.
        descriptor = os.open(name, flags | _NONBLOCKING, 0o666)
        try:
            check_regular(os.fstat(descriptor), limit, path)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    with suppress(FileNotFoundError):
        check_regular(path.stat(), limit, path)
    return cast("io.BufferedRandom", open(path, mode, opener=opener))  # the type says read and write; `mode` decides


def read_regular(path: Path, limit: int) -> bytes:
    """Read an untrusted file. Raises as `open_regular`."""
    with open_regular(path, limit) as handle:
        return handle.read()


def check_adapter_file(path: Path) -> None:
    """Check that an adapter file is there before importing anything slow to read it, else raise UserError."""
    try:
        if path.is_dir():
            raise UserError.tr(
                "{path} is a folder, not a model file or a project. Choose the .safetensors file.", path=path
            )
        if not path.is_file():
            raise UserError.tr("There is no model file {path}. Check the name, or choose another file.", path=path)
    except OSError as error:
        raise unreadable(path, error) from error


def is_streamed(path: Path) -> bool:
    """Whether `output_path` writes into the path (pipe, device, open file) instead of replacing it; raises OSError."""
    return _resolve_target(path)[1]


def _resolve_target(path: Path) -> tuple[Path, bool]:
    """Resolve links, and tell whether the target is written into instead of being replaced; see `is_streamed`."""
    if path == STDOUT:
        return path, True
    place = path
    for _ in range(_MAX_LINKS):
        folder = os.path.realpath(place.parent)
        if _DESCRIPTORS.fullmatch(folder):  # its owner keeps writing to it, so never replace it
            return Path(folder, place.name), True
        if not place.is_symlink():
            break
        place = Path(folder, os.readlink(place))  # noqa: PTH115 - Path() would normalise the link text
    try:
        status = place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return place, False
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return place, not stat.S_ISREG(status.st_mode)


def _own_descriptor(place: Path) -> int | None:
    """The number of one of our own open file descriptors, given its path."""
    if place == STDOUT:
        return 1
    folder = str(place.parent)
    ours = folder == "/dev/fd" or folder.startswith(f"/proc/{os.getpid()}/")
    return int(place.name) if ours and _DESCRIPTORS.fullmatch(folder) and place.name.isdecimal() else None


def check_writable(path: Path) -> None:
    """Check that `output_path` can write a file, before long work, else raise UserError. Writes nothing."""
    try:
        place, streamed = _resolve_target(path)
        if streamed:
            if (number := _own_descriptor(place)) is not None:
                os.fstat(number)
            elif not os.access(place, os.W_OK):
                reason = os.strerror(errno.EACCES)
                raise UserError.tr("{path} could not be written: {reason}.", path=place, reason=reason)
            return
    except IsADirectoryError as error:
        raise UserError.tr("{path} is a folder. Give the name of the file to write.", path=path) from error
    except OSError as error:
        raise UserError(os_error_sentence(error, path)) from error
    folder = next(folder for folder in place.absolute().parents if os.path.exists(folder))  # noqa: PTH110
    if not folder.is_dir():
        raise UserError.tr(
            "{folder} is a file, so {path} cannot be written. Choose another place.", folder=folder, path=path
        )
    if not os.access(folder, os.W_OK):
        raise UserError(os_error_sentence(PermissionError(errno.EACCES, ""), place))


@contextmanager
def output_path(path: Path) -> Iterator[Path]:
    """Like `atomic_path`, for a file that the user named.

    A link is kept and its target is replaced. Anything but a regular file (a device, a named pipe, `/dev/stdout`, the
    shell's `>(...)`) is written to once the output is complete. For file names that the program chooses, use
    `atomic_path`, so that a link in an untrusted folder cannot redirect the write.

    Raises:
        UserError: As `atomic_path`; or the file is read, see `inputs.check_output`.
        BrokenPipeError: The reader of standard output has closed it.
    """
    try:
        place, streamed = _resolve_target(path)
        if streamed:
            with tempfile.TemporaryDirectory(prefix="mma-desktop-") as folder:
                temporary = Path(folder) / "output"
                temporary.touch()
                yield temporary
                _write_into_stream(temporary, place)
            return
    except OSError as error:
        if isinstance(error, BrokenPipeError) and path == STDOUT:
            raise
        raise UserError(os_error_sentence(error, path)) from error
    inputs.check_output(path)
    with atomic_path(place) as temporary:
        yield temporary


def _write_into_stream(source: Path, place: Path) -> None:
    number = _own_descriptor(place)
    for stream in (sys.stdout, sys.stderr):
        if number is not None and stream is not None:
            stream.flush()  # keeps earlier output before the file's contents
    # Duplicate our own descriptor: reopening its path would overwrite the file from the start.
    descriptor = os.dup(number) if number is not None else os.open(place, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    with os.fdopen(descriptor, "wb") as out, source.open("rb") as data:
        shutil.copyfileobj(data, out)


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """The path of a new file beside another one: noted while it exists, and removed if it is still there at the end."""
    # The folder is there already: a note on a file in a missing one is kept, as it may be on a drive that comes back.
    temporary = path.with_name(f".{path.name[:_NAME_LETTERS]}.{os.getpid()}-{next(_numbers)}.tmp")
    with unfinished.tracked(temporary):
        try:
            yield temporary
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield an empty temporary file beside `path`; on success, flush it to disk and rename it over `path`.

    The new file keeps the mode, owner and attributes of the one it replaces, as far as the system allows. A link at
    `path` is itself replaced. On any error the temporary file is removed and `path` is left unchanged. So it is after
    `keep_existing`, if anything is there by then.

    Raises:
        UserError: The disk is full, the folder is missing or read-only, or `path` is a folder, a pipe or a device.
    """
    with os_errors(path):
        former: os.stat_result | None = None
        with suppress(FileNotFoundError, NotADirectoryError):
            former = path.lstat()
        # A link is replaced itself: its target may be anyone's file.
        if former is not None and stat.S_ISLNK(former.st_mode):
            former = None
        if former is not None:
            check_regular(former, sys.maxsize, path)
        make_folder(path.parent)
        with temporary_beside(path) as temporary:
            temporary.touch(exist_ok=False)
            mode = stat.S_IMODE(temporary.stat().st_mode)  # as set by the umask
            yield temporary
            # Its contents are on disk before its name is: after a power cut there is the old file or the new one.
            with temporary.open("rb+") as handle:
                _copy_attributes(path, former, temporary, mode)
                os.fsync(handle.fileno())
            _put_in_place(temporary, path)
            sync_folder(path.parent)


_kept: dict[Path, UserError] = {}


def keep_existing(path: Path, error: UserError) -> None:
    """Let the next write of a file raise `error` if another program has made the file by then."""
    _kept[path.absolute()] = error


def replace_existing() -> None:
    """Undo each `keep_existing`."""
    _kept.clear()


def _put_in_place(temporary: Path, path: Path) -> None:
    error = _kept.get(path.absolute())
    if error is None:
        temporary.replace(path)
        return
    try:
        try:
            # A link fails if the name is taken, which `replace` would take over silently.
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links: an empty file takes the name first
            path.touch(exist_ok=False)
            temporary.replace(path)
    except FileExistsError:
        raise error from None
    del _kept[path.absolute()]


def _copy_attributes(path: Path, former: os.stat_result | None, temporary: Path, mode: int) -> None:
    """Apply the replaced file's owner, mode and attributes, or the default mode."""
    if os.name != "posix":
        return
    if former is None:
        temporary.chmod(mode)  # some libraries create their files private
        return
    made = temporary.stat()
    if (made.st_uid, made.st_gid) != (former.st_uid, former.st_gid):
        with suppress(OSError):  # only root may change a file's owner
            os.chown(temporary, former.st_uid, former.st_gid)
    temporary.chmod(stat.S_IMODE(former.st_mode) & 0o777)
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(path):  # includes access control lists
                with suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(path, name))


def make_folder(folder: Path) -> None:
    """Create a folder and its parents durably, so that they survive a power cut; raises OSError."""
    above = []
    for place in (folder, *folder.parents):
        if place.is_dir():
            break
        above.append(place.parent)
    folder.mkdir(parents=True, exist_ok=True)
    for place in above:
        with suppress(PermissionError):  # a folder can be writable but not readable
            sync_folder(place)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable where possible: not on Windows, nor on some network drives."""
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
    """Copy a file atomically to `out`, which the user named. Raises UserError if `out` cannot be written."""
    with output_path(out) as temporary, temporary.open("wb") as handle, open_regular(source, sys.maxsize) as data:
        shutil.copyfileobj(data, handle)
