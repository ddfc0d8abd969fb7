"""One window per project: an operating-system lock on a file in the project's folder.

The system releases the lock however the process ends, so there are no stale locks as with PID files. The file itself is
never deleted: otherwise two processes could lock two different files of the same name.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from mma_desktop.core.atomic_io import check_regular, os_errors
from mma_desktop.core.errors import UserError


class FolderLock:
    """Locks a project for this window, by a file that is created if missing, from construction until `release`.

    Raises:
        UserError: Another window holds the lock, the folder is read-only, or its file system does not support locks.
    """

    def __init__(self, path: Path) -> None:
        from filelock import lock_descriptor  # its import takes 30 ms, which would delay the window

        self._path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        self._descriptor: int | None = None
        with ExitStack() as unless_locked:
            unless_locked.callback(self.release)
            with os_errors(path):  # `filelock.FileLock` would also lock a pipe or a device
                self._descriptor = os.open(path, flags, 0o644)
                check_regular(os.fstat(self._descriptor), sys.maxsize, path)
            try:
                locked = lock_descriptor(self._descriptor, blocking=False)
            except OSError as error:
                raise UserError.tr(
                    "{folder} is on a drive that cannot lock files ({reason}), so two windows could damage "
                    "the project. Copy the project to a local drive and open it there.",
                    folder=path.parent,
                    reason=error.strerror or error,
                ) from error
            if not locked:
                raise UserError.tr(
                    "{folder} is open in another window or used by a command. Close it there, or wait for the command.",
                    folder=path.parent.name,
                )
            unless_locked.pop_all()

    def held(self) -> bool:
        """Whether the locked file is still the one at the path; False once the folder was moved or deleted."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except OSError:
            return False

    def release(self) -> None:
        """Release the lock. Idempotent."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        from filelock import unlock_descriptor

        with suppress(OSError):  # closing also unlocks, unless a forked process has the file open
            unlock_descriptor(descriptor)
        os.close(descriptor)
