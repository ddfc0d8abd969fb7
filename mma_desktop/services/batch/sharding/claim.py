"""Lock the shards of a result folder, so that concurrent runs never write, clean up or replan each other's shards."""

from __future__ import annotations

import json
import math
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from mma_desktop.core.atomic_io import os_error_sentence
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.store.lock import FolderLock, LockedFolderError, NoLocksError

_NAME = re.compile(r"\.run-([0-9]{1,9})-of-([0-9]{1,9})\.lock")
_MOST_BYTES = 1000


@contextmanager
def claimed(folder: Path, turn: tuple[int, int] | None) -> Iterator[list[str]]:
    """Hold a lock on some or all shards of a result folder while a run works on them.

    Each run locks a file named after its turn, which says who holds it, and checks for runs whose turns overlap. The
    operating system releases the lock however the process ends.

    Args:
        folder: The folder; created if missing.
        turn: (i, n): every n-th shard from the i-th; None for all. Only None may replan.

    Yields:
        Notes for the user.

    Raises:
        UserError: Another run holds some of these shards, or the folder is not writable.
    """
    first, step = turn or (1, 1)
    own = folder / f".run-{first}-of-{step}.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(os_error_sentence(error, own)) from error
    try:
        lock = _lock(own)
    except NoLocksError:
        yield [f"{folder} is on a drive that cannot lock files. Make sure that no other run works on the same shards."]
        return
    try:
        with suppress(OSError):  # on a full disk the lock still holds
            now = datetime.now(UTC).isoformat(" ", timespec="seconds")
            lock.write(json.dumps({"host": platform.node(), "pid": os.getpid(), "since": now}).encode())
        for path in folder.glob(".run-*.lock"):
            if path != own and _overlap(path, first, step):
                _lock(path).release()
        yield []
    finally:
        with suppress(OSError):  # Windows cannot delete the open file
            own.unlink()
        lock.release()


def _lock(path: Path) -> FolderLock:
    while True:
        try:
            lock = FolderLock(path)
        except LockedFolderError as error:
            raise UserError(
                f"Another run is working on these shards of {path.parent}{_holder(path)}. Wait until it is done, or "
                "stop it. Nothing was changed."
            ) from error
        if lock.held():
            return lock
        lock.release()  # stale lock file: its owner just removed it


def _overlap(path: Path, first: int, step: int) -> bool:
    """Whether a lock's turn and this one share a shard; the number of shards is not known here."""
    found = _NAME.fullmatch(path.name)
    if found is None or not (other := int(found[2])):
        return False
    return (int(found[1]) - first) % math.gcd(other, step) == 0


def _holder(path: Path) -> str:
    """The holder of a lock, in brackets; empty if the file does not say."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        with path.open("rb", buffering=0) as handle:
            handle.seek(1)
            owner = parsed_object(handle.read(_MOST_BYTES))
        return f" (process {owner['pid']} on {owner['host']}, since {owner['since']})"
    return ""
