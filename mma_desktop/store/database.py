"""Connections to a project's database: one writer under a lock, short reads beside it, errors in words."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from mma_desktop.core.atomic_io import StrangeFileError, check_regular, unreadable
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store.schema import MAX_DATABASE_BYTES

log = logging.getLogger(__name__)

_NO_TEXT = "Could not decode to UTF-8"
"""How Python's module says that a text of the database is none."""

OLDEST_SQLITE = (3, 37, 0)
"""The first one with STRICT tables."""

BUSY_SECONDS = 5.0
"""How long a connection waits for a program other than this one that holds the database."""

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",  # macOS: fsync alone leaves the drive's cache
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_size_limit=67108864",
)
_READER_PRAGMAS = ("PRAGMA query_only=ON",)
# A project may come from a stranger: no function runs from inside its schema, and damaged cells are noticed.
_ALL_PRAGMAS = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA temp_store=MEMORY")


SIDE_FILES = ("-journal", "-wal", "-shm")
"""What SQLite puts beside a database, and opens by itself."""

UNTOUCHED = "ro&immutable=1"
"""Mode for a file that nobody writes: it is read as it is, and no `-wal` or `-shm` comes beside it."""


def uri(path: Path, mode: str = "rw") -> str:
    """SQLite's URI of a file; any file name is possible, also one that is not UTF-8."""
    text = path.absolute().as_posix()
    if not text.startswith("/"):  # a drive letter
        text = "/" + text
    return f"file://{quote(os.fsencode(text))}?mode={mode}"


def connect(path: Path, mode: str = "rw", pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
    """A plain connection without implicit transactions; mode "rw" never makes a file that is not there.

    Raises:
        sqlite3.Error: The file is missing or cannot be opened.
        StrangeFileError: It, or a file beside it that SQLite would open, is a pipe or a device, or far too large.
        UserError: Python's SQLite is too old.
    """
    check_sqlite()
    for ending in ("", *SIDE_FILES):
        one = path.with_name(f"{path.name}{ending}")
        with suppress(FileNotFoundError, NotADirectoryError):
            check_regular(one.stat(), MAX_DATABASE_BYTES, one)
    connection = sqlite3.connect(
        uri(path, mode), uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
    )
    try:
        for pragma in (*_ALL_PRAGMAS, *pragmas):
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def raw(connection: Connection) -> sqlite3.Connection:
    """The SQLite connection below a SQLAlchemy one, inside the same transaction: for the hot loops."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def make_engine(path: Path, pool: type[Pool], begin: str, pragmas: tuple[str, ...] = ()) -> Engine:
    """An engine whose transactions start with the statement `begin`; sqlite3's own guessing is switched off."""
    engine = create_engine("sqlite://", creator=lambda: connect(path, pragmas=pragmas), poolclass=pool)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def check_sqlite() -> None:
    """See that Python's SQLite knows STRICT tables; that of a system with long support may not.

    Raises:
        UserError: It is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UserError(
            tr(
                "Python's SQLite is {version}, but projects need {oldest} or newer. Use a newer Python, or the "
                "installer of mma-desktop, which brings its own.",
                version=sqlite3.sqlite_version,
                oldest=".".join(map(str, OLDEST_SQLITE)),
            )
        )


class DamagedError(UserError):
    """The database of a project is damaged or gone; one of its backups may take its place."""


@contextmanager
def sentences(path: Path, lost: str = "") -> Iterator[None]:
    """Turn what SQLite says about the environment into a `UserError`; errors of ours pass as they are.

    Args:
        path: The database file, named in the sentence by its folder.
        lost: What did not happen.

    Raises:
        UserError: Full disk, read-only or missing folder, a database locked by another program, or one that is no file.
        DamagedError: The database is damaged.
    """
    try:
        yield
    except StrangeFileError as error:
        raise unreadable(Path(error.filename), error) from error
    except (sqlite3.Error, DBAPIError) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(original, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or str(original).startswith(_NO_TEXT):
            log.warning("damaged database: %s", original)
            raise DamagedError(damaged(path.parent)) from error
        sentence = _sentence(name, path, lost or _not_saved())
        if sentence is None:
            raise
        log.warning("database error: %s", original)
        raise UserError(sentence) from error


def _sentence(name: str, path: Path, lost: str) -> str | None:
    folder = path.parent
    kinds = {
        "SQLITE_FULL": tr(
            "The disk that holds {folder} is full; {lost}. Free some space and try again; everything "
            "saved before is safe.",
            folder=folder.name,
            lost=lost,
        ),
        "SQLITE_READONLY": tr(
            "{folder} cannot be written to. Change its permissions, or copy the project elsewhere.",
            folder=folder,
        ),
        "SQLITE_PERM": tr(
            "{folder} cannot be written to. Change its permissions, or copy the project elsewhere.",
            folder=folder,
        ),
        "SQLITE_BUSY": tr(
            "{path} is locked by another program; {lost}. Close that program and try again.",
            path=path,
            lost=lost,
        ),
        "SQLITE_LOCKED": tr(
            "{path} is locked by another program; {lost}. Close that program and try again.",
            path=path,
            lost=lost,
        ),
        "SQLITE_CANTOPEN": gone(folder, lost),
        "SQLITE_IOERR": tr(
            "{path} could not be read or written; {lost}. Check that its drive is plugged in, works and "
            "has room, then open the project again.",
            path=path,
            lost=lost,
        ),
    }
    for kind, sentence in kinds.items():
        if name == kind or name.startswith(kind + "_"):
            return sentence
    return None


def gone(folder: Path, lost: str = "") -> str:
    """The sentence for a project folder that is not at its place (any more)."""
    return tr(
        "{folder} is not there any more, or cannot be opened; {lost}. Plug its drive in or put the "
        "folder back, then open the project again.",
        folder=folder,
        lost=lost or _not_saved(),
    )


def _not_saved() -> str:
    return tr("this change was not saved")


def damaged(folder: Path) -> str:
    """The sentence for a database that fails SQLite's own check."""
    return tr(
        "The database of {folder} is damaged. Nothing was changed. Restore one of its backups: the "
        "start page lists them.",
        folder=folder.name,
    )


class Database:
    """One project's open database, usable from any thread.

    Args:
        path: The database file; it exists and has the present schema.
        there: Says whether the project's folder is still the one that was opened. Asked around every write, because
            a file removed under an open connection takes writes without an error and loses them.

    Attributes:
        placings: Another number after each write that may have changed images or their places.
    """

    def __init__(self, path: Path, there: Callable[[], bool]) -> None:
        self._path = path
        self._there = there
        self._lock = threading.RLock()
        self._closed = False
        self.placings = 0
        self._write_engine = make_engine(path, StaticPool, "BEGIN IMMEDIATE", _WRITER_PRAGMAS)
        self._read_engine = make_engine(path, QueuePool, "BEGIN", _READER_PRAGMAS)
        try:
            with sentences(path):
                self._writer = self._write_engine.connect()
                with self._writer.begin():  # fails now, with its sentence, where nothing can be written
                    pass
        except BaseException:
            self._write_engine.dispose()
            raise

    @property
    def changes(self) -> int:
        """How many rows were written since it was opened; it grows with each write, also with one rolled back."""
        self._check_usable()
        return raw(self._writer).total_changes

    @property
    def lock(self) -> threading.RLock:
        """Held during every write; take it where a write and something in memory belong together."""
        return self._lock

    def _check_usable(self) -> None:
        if self._closed:
            raise UserError(tr("The project is closed."))

    def check_there(self) -> None:
        """See that the project's folder is still the one that was opened.

        Raises:
            UserError: It was moved or removed, or the project is closed.
        """
        self._check_usable()
        if not self._there() or not self._path.exists():
            raise UserError(gone(self._path.parent))

    @contextmanager
    def writing(self, placing: bool = True) -> Iterator[Connection]:
        """One transaction on the writer: committed at the end, on the disk when this returns, rolled back on any error.

        Args:
            placing: Images or their places may change, see `placings`.

        Raises:
            UserError: See `sentences`; nothing was changed then.
        """
        with self._lock:
            self.check_there()
            with sentences(self._path), self._writer.begin():
                # Rows may be written in any order; references are checked at the commit.
                raw(self._writer).execute("PRAGMA defer_foreign_keys=ON")
                yield self._writer
            if placing:
                self.note_placing()
            self.check_there()

    def note_placing(self) -> None:
        """Images or their places changed; `placings` tells."""
        with self._lock:
            self.placings += 1

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction of its own: one consistent state, never waiting for the writer. Keep it short.

        Raises:
            UserError: See `sentences`.
        """
        self._check_usable()
        with sentences(self._path), self._read_engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> int | None:
        """Fold the write-ahead log into the database file and let go of it. Harmless when called twice.

        Returns:
            `changes` at the end; None the second time.
        """
        with self._lock:
            if self._closed:
                return None
            changes = self.changes
            self._closed = True
            self._read_engine.dispose()
            try:
                raw(self._writer).execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:  # everything committed is in the log, which the next opening reads
                log.warning("the log of %s was not folded in: %s", self._path, error)
            self._writer.close()
            self._write_engine.dispose()
            return changes
