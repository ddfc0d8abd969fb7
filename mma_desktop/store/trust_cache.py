"""Databases that this program closed itself and that nobody touched since: their values need no second look.

Looking at every value of a stranger's database takes most of the time that opening a million images takes. What is
known is noted in the user's own cache, never in the project, so that a project cannot vouch for itself; a copy, a
restored backup and a file that any program wrote to are other files to the system, and are looked at.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

from mma_desktop.core.atomic_io import read_regular
from mma_desktop.store.schema import DATABASE_FILE, SCHEMA_VERSION

log = logging.getLogger(__name__)

MAX_NOTE_BYTES = 1000
_places: list[Path] = []


def keep_in(folder: Path) -> None:
    """Say in which folder of the user's it is noted; before that nothing is known."""
    _places[:] = [folder]


def note(folder: Path) -> None:
    """Note the database of a project as it is now; it is closed and its log folded in. A failure costs time only."""
    if not _places:
        return
    with suppress(OSError):
        name, state = _state(folder)
        _places[0].mkdir(parents=True, exist_ok=True)
        (_places[0] / name).write_text(state, encoding="ascii")


def is_known(folder: Path) -> bool:
    """Whether the database of a project is as it was noted."""
    if not _places:
        return False
    try:
        name, state = _state(folder)
        return read_regular(_places[0] / name, MAX_NOTE_BYTES).decode("ascii") == state
    except (OSError, UnicodeDecodeError):
        return False


def _state(folder: Path) -> tuple[str, str]:
    """The name of a database's note, and what stands in it.

    Raises:
        FileNotFoundError: There is no database.
        FileExistsError: There is a log beside it, so it is not closed.
    """
    path = folder / DATABASE_FILE
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            raise FileExistsError(beside)
    now = path.stat()
    name = hashlib.sha256(f"{now.st_dev}:{now.st_ino}".encode()).hexdigest()[:32]
    return name, f"{SCHEMA_VERSION} {now.st_size} {now.st_mtime_ns} {now.st_ctime_ns}"
