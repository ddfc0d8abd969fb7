"""A checkpoint's file and the run that names it: neither without the other, whenever the program is killed.

A file arrives and leaves by way of a parked name. What a killed program left parked is put right when the project is
opened: a run that names it gets its file, what no run names is removed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, select

from mma_desktop.core.atomic_io import os_error_sentence, sync_folder
from mma_desktop.core.errors import UserError
from mma_desktop.store.schema import RUN, RUNS_FOLDER

log = logging.getLogger(__name__)
_ENDING = ".parked"


def parked(path: Path) -> Path:
    """Where a checkpoint is written that no run names yet."""
    return path.with_name(f".{path.name}{_ENDING}")


@contextmanager
def arriving(waiting: Path, path: Path) -> Iterator[None]:
    """Note the run inside; its parked file takes its place afterwards.

    Where the run could not be noted the file stays parked: a change that a full disk refused can be there all the same
    when the project is opened again, and only then is it known.

    Raises:
        UserError: The run is noted, but its file cannot be moved; it is when the project is opened again.
    """
    yield
    try:
        if waiting.exists():
            waiting.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        raise UserError(os_error_sentence(error, path)) from error


@contextmanager
def leaving(path: Path | None) -> Iterator[None]:
    """Forget the run inside; its file is parked for that, and removed once the run is forgotten.

    A file that cannot be moved or removed stays and does no harm.
    """
    waiting = None if path is None else parked(path)
    if path is not None and waiting is not None:
        with suppress(OSError):
            path.replace(waiting)
    try:
        yield
    except Exception:
        if path is not None and waiting is not None:
            with suppress(OSError):
                waiting.replace(path)
        raise
    for one in (waiting, path):
        if one is not None:
            with suppress(OSError):
                one.unlink(missing_ok=True)


def settle(connection: Connection, folder: Path) -> None:
    """Put right what a killed program left parked in a project; the caller holds the project's lock."""
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
