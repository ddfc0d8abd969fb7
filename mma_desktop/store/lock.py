"""One window per project: a lock of the operating system on a file in the project's folder.

The system releases it when the process ends in whatever way, so no stale lock is ever left, unlike with a PID file.
The file itself stays: removing it would let two processes lock two different files of the same name.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from mma_desktop.core.atomic_io import check_regular, os_error_sentence
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr


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
        from filelock import lock_descriptor  # 30 ms, which the window need not wait for

        self._path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        self._descriptor: int | None = None
        try:  # `filelock.FileLock` would lock a pipe or a device as well
            self._descriptor = os.open(path, flags, 0o644)
            check_regular(os.fstat(self._descriptor), sys.maxsize, path)
        except OSError as error:
            self.release()
            raise UserError(os_error_sentence(error, path)) from error
        folder = path.parent
        try:
            locked = lock_descriptor(self._descriptor, blocking=False)
        except OSError as error:
            self.release()
            raise NoLocksError(
                tr(
                    "{folder} is on a drive that cannot lock files ({reason}), so two windows could damage "
                    "the project. Copy the project to a local drive and open it there.",
                    folder=folder,
                    reason=error.strerror or error,
                )
            ) from error
        if not locked:
            self.release()
            raise HeldError(
                tr(
                    "{folder} is open in another window or used by a command. Close it there, or wait for the command.",
                    folder=folder.name,
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
        from filelock import unlock_descriptor

        with suppress(OSError):  # closing unlocks too, but not where a forked process has the file open
            unlock_descriptor(descriptor)
        os.close(descriptor)
