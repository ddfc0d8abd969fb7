"""Keep checkpoint files and run records consistent, even if the process is killed.

A file is added and deleted by way of a pending name. When a project is opened, pending files that a run refers to are
moved into place, and all others are deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, select

from mma_desktop.core.atomic_io import os_errors, sync_folder
from mma_desktop.store.schema import RUN, RUNS_FOLDER

log = logging.getLogger(__name__)
_ENDING = ".parked"


def pending_path(path: Path) -> Path:
    """Where to write a checkpoint before its run is recorded."""
    return path.with_name(f".{path.name}{_ENDING}")


@contextmanager
def publishing(path: Path) -> Iterator[None]:
    """Record the run inside the block; afterwards its pending file is moved into place.

    If recording fails, the file stays pending: a write reported as failed because of a full disk may still have reached
    the database, which is known only when the project is opened again.

    Raises:
        UserError: The run is recorded, but its file could not be moved; opening the project again moves it.
    """
    yield
    waiting = pending_path(path)
    with os_errors(path):
        if waiting.exists():
            waiting.replace(path)
            sync_folder(path.parent)


@contextmanager
def deleting(path: Path) -> Iterator[None]:
    """Delete the run record inside the block; its file gets the pending name first, and deleted afterwards.

    A file that cannot be moved or deleted is left behind, which is harmless.
    """
    waiting = pending_path(path)
    with suppress(OSError):
        path.replace(waiting)
    try:
        yield
    except BaseException:  # an interrupt too must not leave a run without its file
        with suppress(OSError):
            waiting.replace(path)
        raise
    for file in (waiting, path):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def recover(connection: Connection, folder: Path) -> None:
    """Resolve pending files left by a killed process; the caller holds the project's lock."""
    named = set(connection.execute(select(RUN.c.checkpoint)).scalars())
    for waiting in (folder / RUNS_FOLDER).glob(f".*{_ENDING}"):
        path = waiting.with_name(waiting.name[1 : -len(_ENDING)])
        with suppress(OSError):
            if path.relative_to(folder).as_posix() in named and not path.exists():
                log.info("%s gets its place, of which a program that was stopped kept it", path)
                waiting.replace(path)
            else:
                log.info("removing %s, which no training names", waiting)
                waiting.unlink(missing_ok=True)
