"""The rotating log file in the user's log folder."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

from mma_desktop.core import paths
from mma_desktop.core.atomic_io import open_regular

BYTES = 1_000_000
KEPT = 3
LINE_BYTES = 1000
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
# All but tab and newline of what moves a cursor, sets a title or turns the direction of what follows.
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(text: str) -> str:
    """A text as it may go to a terminal: control characters, and what is no Unicode, are question marks.

    Names of files and classes are a stranger's.
    """
    return _UNSHOWN.sub("?", text)


class _Shown(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return shown(super().format(record))


def show_warnings_safely() -> None:
    """Have what is logged where no log was started go through `shown`."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Shown())


class _File(logging.handlers.RotatingFileHandler):
    """A log file that a full disk costs lines, and nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Leave out what cannot be written, where others print a traceback for each line."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def log_file() -> Path:
    """Where the log is, or would be."""
    return paths.log_dir() / "mma-desktop.log"


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log; none where it cannot be read. A damaged byte is a question mark."""
    try:
        with open_regular(path, sys.maxsize) as handle:
            handle.seek(max(0, path.stat().st_size - count * LINE_BYTES))
            data = handle.read(count * LINE_BYTES)
    except OSError:
        return []
    return data.decode("utf-8", "replace").splitlines()[-count:]


def start_logging(*, console: logging._Level = logging.ERROR, file: bool = True) -> Path | None:
    """Log to a file that rotates at 1 MB, and errors to standard error.

    Args:
        console: From which level on standard error is written to.
        file: Whether there is a log file at all.

    Returns:
        The log file; None where there is none, or where its folder cannot be written (which is then logged).
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    stream = logging.StreamHandler(sys.stderr)
    stream.setLevel(console)
    stream.setFormatter(_Shown("%(levelname)s: %(message)s"))
    root.addHandler(stream)
    logging.captureWarnings(True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells each step of a new project's schema
    if not file:
        return None
    if paths.usable_folder(paths.Kept.LOG) is None:
        return None
    path = log_file()
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for a reader
            raise FileExistsError(f"{path} is not a file")
        handler = _File(path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
    except OSError as error:
        root.warning("No log file: %s", error)
        return None
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    return path
