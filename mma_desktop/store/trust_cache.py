"""Databases that this program closed and that have not changed since, so that their values need no check.

Checking every value of an untrusted database takes most of the time of opening a million images. The cache is in the
user's folder and not in the project, so that a project cannot vouch for itself. It identifies files by device, inode,
size and times: copies, restored backups and files written by other programs are checked again.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from mma_desktop.core.atomic_io import read_regular
from mma_desktop.store.schema import DATABASE_FILE, SCHEMA_VERSION

MAX_NOTE_BYTES = 1000
_places: list[Path] = []


def set_folder(folder: Path | None) -> None:
    """Set the user's cache folder; without one, as before this call, nothing is trusted."""
    _places[:] = [] if folder is None else [folder]


def note(folder: Path) -> None:
    """Record the current state of a closed project's database. Failing to write only costs time later."""
    if not _places:
        return
    with suppress(OSError):
        name, state = _state(folder)
        _places[0].mkdir(parents=True, exist_ok=True)
        (_places[0] / name).write_text(state, encoding="ascii")


def is_known(folder: Path) -> bool:
    """Whether the database of a project is unchanged since it was recorded."""
    if not _places:
        return False
    try:
        name, state = _state(folder)
        return read_regular(_places[0] / name, MAX_NOTE_BYTES).decode("ascii") == state
    except (OSError, UnicodeDecodeError):
        return False


def _state(folder: Path) -> tuple[str, str]:
    """The name and contents of a database's note; an `OSError` if there is none, or if it is not closed."""
    path = folder / DATABASE_FILE
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            raise FileExistsError(beside)
    now = path.stat()
    name = hashlib.sha256(f"{now.st_dev}:{now.st_ino}".encode()).hexdigest()[:32]
    return name, f"{SCHEMA_VERSION} {now.st_size} {now.st_mtime_ns} {now.st_ctime_ns}"
