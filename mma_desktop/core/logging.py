"""Logging to a rotating file in the user's log folder."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mma_desktop.core import paths
from mma_desktop.core.atomic_io import open_regular

BYTES = 1_000_000  # of a log file: weeks of use
KEPT = 3  # older log files
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
# Control and bidirectional characters, except tab and newline: they can move the cursor, set the title or reorder text.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def terminal_safe(text: str) -> str:
    """Make a text safe for a terminal: control characters and lone surrogates become question marks."""
    # File and class names are untrusted.
    return _UNSAFE.sub("?", text)


class _Shown(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return terminal_safe(super().format(record))


def show_warnings_safely() -> None:
    """Apply `terminal_safe` to messages logged before or without `start_logging`."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Shown())


class _File(logging.handlers.RotatingFileHandler):
    """A log file that drops lines on I/O errors, such as a full disk."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - overrides logging's method
        # The default prints a traceback for each line that cannot be written.
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


@contextmanager
def silenced(*names: str) -> Iterator[None]:
    """Drop what these loggers say for the duration; what matters of it is told otherwise."""
    before = {logger: logger.level for logger in map(logging.getLogger, names)}
    for logger in before:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


def log_file() -> Path:
    return paths.log_dir() / "mma-desktop.log"


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log; none if it cannot be read."""
    try:
        with open_regular(path, sys.maxsize) as handle:
            return [line.decode("utf-8", "replace").rstrip() for line in deque(handle, count)]
    except OSError:
        return []


def start_logging() -> Path | None:
    """Log to a file that rotates at 1 MB, and errors to standard error; None if its folder is not writable."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    stream = logging.StreamHandler(sys.stderr)
    stream.setLevel(logging.ERROR)
    stream.setFormatter(_Shown("%(levelname)s: %(message)s"))
    root.addHandler(stream)
    logging.captureWarnings(True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it logs every migration step of a new project
    if paths.usable_folder(paths.AppData.LOG) is None:
        return None
    path = log_file()
    try:
        if path.exists() and not path.is_file():  # opening a pipe would block until there is a reader
            raise FileExistsError(f"{path} is not a file")
        handler = _File(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        root.warning("No log file: %s", error)
        return None
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    return path
