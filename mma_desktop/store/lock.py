"""One window per project: a lock of the operating system on a file in the project's folder.

The system releases it when the process ends in whatever way, so no stale lock is ever left, unlike with a PID file.
The file itself stays: removing it would let two processes lock two different files of the same name.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from mma_desktop.core.atomic_io import check_regular, os_error_sentence
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock belongs to the open file, not to the process: a second opening in this process is refused too.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_HELD_ELSEWHERE = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class HeldError(UserError):
    """Somebody else holds a lock."""


class NoLocksError(UserError):
    """A drive knows no locks."""


class FolderLock:
    """Holds a project for this window from its making until `release`.

    Args:
        path: The lock file; made if it is missing.

    Raises:
        HeldError: Another window holds it.
        NoLocksError: Its file system knows no locks.
        UserError: The folder is read-only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        self._descriptor: int | None = None
        try:
            self._descriptor = os.open(path, flags, 0o644)
            check_regular(os.fstat(self._descriptor), sys.maxsize, path)
        except OSError as error:
            self.release()
            raise UserError(os_error_sentence(error, path)) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            self._descriptor = None
            raise self._refusal(error) from error

    def _refusal(self, error: OSError) -> UserError:
        folder = self._path.parent
        if error.errno in _HELD_ELSEWHERE:
            return HeldError(
                tr(
                    "{folder} is open in another window or used by a command. Close it there, or wait for the command.",
                    folder=folder.name,
                )
            )
        return NoLocksError(
            tr(
                "{folder} is on a drive that cannot lock files ({reason}), so two windows could damage "
                "the project. Copy the project to a local drive and open it there.",
                folder=folder,
                reason=error.strerror or error,
            )
        )

    def held(self) -> bool:
        """Whether the file at the path is still the one that is locked; False once the folder was moved or removed."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except OSError:
            return False

    def write(self, data: bytes) -> None:
        """Write something into the file, after its first byte: on Windows that is all that others cannot read."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, b"\n" + data)

    def release(self) -> None:
        """Let other windows open the project. Harmless when called twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            _unlock(descriptor)
        finally:
            os.close(descriptor)
