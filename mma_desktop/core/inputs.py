"""What is read is never written over: the one place that knows it, for commands and the window."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.paths import DATABASE_FILE

Paths = Iterable[str | bytes | Path]
_Identity = tuple[int, int]

_read: list[Callable[[], Paths]] = []
_outputs: set[Path] = set()


def keep_unwritten(paths: Callable[[], Paths]) -> Callable[[], None]:
    """Refuse from now on to replace any of these files, or a file in any of these folders; returns how to end that.

    Raises:
        UserError: An output that was checked already would.
    """
    for out in _outputs:
        _check(out, [paths])
    _read.append(paths)
    return lambda: _read.remove(paths) if paths in _read else None


def forget() -> None:
    """End each `keep_unwritten`, and forget the outputs."""
    _read.clear()
    _outputs.clear()


def note_output(out: Path) -> None:
    """Check an output before long work, now and whenever more is read. Raises UserError."""
    check_output(out)
    _outputs.add(out)


def check_output(out: Path) -> None:
    """Check that a file or folder is not in a project, and that writing it replaces nothing that is read.

    However it is spelled: links are followed, and files are compared by what the file system says they are.

    Raises:
        UserError: It is or does.
    """
    real = Path(os.path.realpath(out))
    for folder in (real, *real.parents):
        if os.path.lexists(folder / DATABASE_FILE):
            raise UserError.tr(
                "{path} is in the project {folder}, where only this program keeps files. Choose another place; "
                "nothing was changed.",
                path=out,
                folder=folder,
            )
    _check(out, _read)


def _check(out: Path, read: Iterable[Callable[[], Paths]]) -> None:
    real = os.path.realpath(out)
    if not os.path.isfile(real):  # noqa: PTH113 - nothing is there to be replaced
        return
    places = {_identity(place) for place in (Path(real), *Path(real).parents)} - {None}
    for paths in read:
        for path in paths():
            if _identity(path) in places:
                raise UserError.tr(
                    "Writing {path} would replace what is read from {source}. Choose another place; nothing was "
                    "changed.",
                    path=out,
                    source=os.fsdecode(path),
                )


def _identity(path: str | bytes | Path) -> _Identity | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - a path may be bytes
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
