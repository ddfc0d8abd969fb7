"""Copying labelled pictures into class folders, whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from mma_desktop.domain import CancelToken, Progress, UserError
from mma_desktop.files import os_error_sentence, sync_folder, unfinished
from mma_desktop.media.decoding import PictureError, os_problem

_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "clock$", *_PORTS))
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]|[\ud800-\udfff]')
_MOST_BYTES = 120
_REPORT_SECONDS = 0.05
_CHUNK = 1 << 20


def safe_folder_name(name: str) -> str:
    """A class name as a folder name that any system takes and that stays inside its folder.

    Separators and other characters with a meaning become underscores, ends lose their dots and blanks, names of devices
    (CON, LPT1) get an underscore, long names are cut.
    """
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip()
    text = text.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore")
    while text != (ends := text.rstrip(".").rstrip()):
        text = ends
    text = re.sub(r"^\.+", lambda dots: "_" * len(dots.group()), text)
    if not text:
        return "_"
    return f"_{text}" if text.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES else text


def _unused(taken: set[str], name: str) -> str:
    """The name, or "name (2).jpg" and so on where one like it is taken; case does not tell two names apart."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    number = 1
    candidate = name
    while _key(candidate) in taken:
        number += 1
        mark = f" ({number}){suffix}"
        room = 255 - len(os.fsencode(mark))
        candidate = os.fsdecode(os.fsencode(stem)[:room]) + mark
    taken.add(_key(candidate))
    return candidate


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def copy_class_folders(
    items: Sequence[tuple[Path, str]], out: Path, cancel: CancelToken | None = None
) -> Generator[Progress, None, Path]:
    """Copy pictures to `out/<class>/<original name>`.

    Everything is written to a folder beside `out` and renamed when it is complete; after a stop or an error nothing
    is left. A picture that is gone or unreadable is left out; the last report counts and names those.

    Args:
        items: Picture and class name; names that would collide get "name (2).jpg".
        out: A folder that is not there yet, or is empty.
        cancel: Stops it.

    Yields:
        Progress in pictures.

    Returns:
        `out`.

    Raises:
        UserError: `out` is taken, or the disk is full or read-only.
        Cancelled: A stop was asked for.
    """
    _check_free(out)
    folders: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    used: set[str] = set()
    left_out: list[str] = []
    told = 0.0
    with whole_folder(out) as temporary:
        for number, (source, name) in enumerate(items):
            if cancel is not None:
                cancel.raise_if_cancelled()
            if name not in folders:
                folders[name] = _unused(used, safe_folder_name(name))
                (temporary / folders[name]).mkdir()
            names = taken.setdefault(name, set())
            target = temporary / folders[name] / _unused(names, source.name)
            try:
                _copy(source, target)
            except PictureError as error:
                left_out.append(str(error))
                names.discard(_key(target.name))
            if time.monotonic() - told > _REPORT_SECONDS:
                told = time.monotonic()
                yield Progress(number + 1, len(items), "Copying pictures")
    yield Progress(len(items), len(items), _closing(len(items) - len(left_out), left_out))
    return out


def _closing(copied: int, left_out: Sequence[str]) -> str:
    text = f"{copied} picture{'s' if copied != 1 else ''} copied"
    if not left_out:
        return f"{text}."
    more = f" and {len(left_out) - 3} more" if len(left_out) > 3 else ""
    return f"{text}, {len(left_out)} left out: {'; '.join(left_out[:3])}{more}."


def _copy(source: Path, target: Path) -> None:
    """Copy one file's bytes and its time.

    Raises:
        PictureError: The source cannot be read; nothing is left at the target.
        OSError: The target cannot be written.
    """
    try:
        if not source.is_file():
            source.stat()
            raise PermissionError(errno.EACCES, "not a regular file", str(source))
        handle = source.open("rb")
    except (OSError, ValueError) as error:
        raise os_problem(error, source) from error
    with handle:
        with target.open("xb") as written:
            while chunk := _read(handle.read, source, target):
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        with suppress(OSError):
            status = os.fstat(handle.fileno())
            os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _read(read: Callable[[int], bytes], source: Path, target: Path) -> bytes:
    try:
        return read(_CHUNK)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise os_problem(error, source) from error


# --------------------------------------------------------------------------------------
# a folder that appears when it is complete


def _check_free(out: Path) -> None:
    """Refuse a target that holds something.

    Raises:
        UserError: It does, or is a file.
    """
    try:
        if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
            raise UserError(f"{out} is there already and not empty. Choose another name or folder.")
    except OSError as error:
        raise UserError(os_error_sentence(error, out)) from error


@contextmanager
def whole_folder(out: Path) -> Generator[Path, None, None]:
    """Yield a new folder beside `out` that becomes `out` on success and is removed otherwise.

    Raises:
        UserError: `out` is taken, or cannot be written.
    """
    _check_free(out)
    temporary = out.with_name(f".{out.name[:100]}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.noted(temporary):
            try:
                temporary.mkdir()
                yield temporary
                for folder in (*temporary.iterdir(), temporary):
                    sync_folder(folder)
                _check_free(out)
                if out.exists():
                    out.rmdir()
                temporary.rename(out)
                sync_folder(out.parent)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise UserError(os_error_sentence(error, out)) from error
