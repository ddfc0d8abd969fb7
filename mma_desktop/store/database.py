"""The lock and the database of a project: one window, one writer, short concurrent reads, readable error messages."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from mma_desktop.core.atomic_io import UnsuitableFileError, check_regular, os_errors, unreadable
from mma_desktop.core.errors import DamagedError, UserError
from mma_desktop.core.i18n import tr
from mma_desktop.store.schema import MAX_DATABASE_BYTES

log = logging.getLogger(__name__)

# The first version with STRICT tables.
OLDEST_SQLITE = (3, 37, 0)

# Message of Python's sqlite3 for text that is not valid UTF-8.
_NOT_UTF8 = "Could not decode to UTF-8"

# How long to wait for another program that has locked the database.
BUSY_SECONDS = 5.0

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",  # macOS: fsync alone does not flush the drive's cache
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_size_limit=67108864",
)
_READER_PRAGMAS = ("PRAGMA query_only=ON",)
# A project may be untrusted: run no functions from its schema, and detect corrupt cells.
_ALL_PRAGMAS = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA temp_store=MEMORY")


# Files that SQLite keeps beside a database and opens by itself.
SIDE_FILES = ("-journal", "-wal", "-shm")

# Open mode for a file that nobody writes: reads it as it is, without creating `-wal` or `-shm`.
IMMUTABLE = "ro&immutable=1"


def uri(path: Path, mode: str = "rw") -> str:
    """SQLite URI of a file; handles any file name, including non-UTF-8 ones."""
    text = path.absolute().as_posix()
    if not text.startswith("/"):  # starts with a drive letter
        text = "/" + text
    return f"file://{quote(os.fsencode(text))}?mode={mode}"


def _check_sqlite() -> None:
    """Check that Python's SQLite supports STRICT tables, else raise UserError; that of an old system may not."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise UserError.tr(
            "Python's SQLite is {version}, but projects need {oldest} or newer. Use a newer Python, or the "
            "installer of mma-desktop, which brings its own.",
            version=sqlite3.sqlite_version,
            oldest=".".join(map(str, OLDEST_SQLITE)),
        )


def connect(path: Path, mode: str = "rw", pragmas: tuple[str, ...] = ()) -> sqlite3.Connection:
    """Open a connection without implicit transactions; mode "rw" does not create missing files.

    Statements on it are text where SQLAlchemy has none: pragmas, SQLite's own tables, copies of whole databases, and
    files that may be foreign or damaged, whose texts need not decode.

    Raises:
        sqlite3.Error: The file is missing or cannot be opened.
        UnsuitableFileError: It, or a side file of it, is a pipe or a device, or far too large.
        UserError: Python's SQLite is too old.
    """
    _check_sqlite()
    for ending in ("", *SIDE_FILES):
        file = path.with_name(f"{path.name}{ending}")
        with suppress(FileNotFoundError, NotADirectoryError):
            check_regular(file.stat(), MAX_DATABASE_BYTES, file)
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


def sqlite_connection(connection: Connection) -> sqlite3.Connection:
    """The SQLite connection under a SQLAlchemy one, in the same transaction; for what only it can do."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def make_engine(path: Path, pool: type[Pool], begin: str, pragmas: tuple[str, ...] = ()) -> Engine:
    """An engine whose transactions start with `begin`; disables sqlite3's own transaction control."""
    engine = create_engine("sqlite://", creator=lambda: connect(path, pragmas=pragmas), poolclass=pool)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def sqlite_errors(path: Path, lost: str = "") -> Iterator[None]:
    """Convert SQLite's environment errors, with what could not be done (`lost`), to `UserError` or `DamagedError`."""
    try:
        yield
    except UnsuitableFileError as error:
        raise unreadable(Path(error.filename), error) from error
    except (sqlite3.Error, DBAPIError) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(original, "sqlite_errorname", "") or ""
        # A text that is not UTF-8 has no code of its own.
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or str(original).startswith(_NOT_UTF8):
            log.warning("damaged database: %s", original)
            raise DamagedError(database_damaged(path.parent)) from error
        sentence = _sentence(name, path, lost or _not_saved())
        if sentence is None:
            raise
        log.warning("database error: %s", original)
        raise UserError(sentence) from error


def _sentence(name: str, path: Path, lost: str) -> str | None:
    match "_".join(name.split("_")[:2]):  # an extended code has more parts
        case "SQLITE_FULL":
            return tr(
                "The disk that holds {folder} is full; {lost}. Free some space and try again; everything "
                "saved before is safe.",
                folder=path.parent.name,
                lost=lost,
            )
        case "SQLITE_READONLY" | "SQLITE_PERM":
            return tr(
                "{folder} cannot be written to. Change its permissions, or copy the project elsewhere.",
                folder=path.parent,
            )
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return tr(
                "{path} is locked by another program; {lost}. Close that program and try again.", path=path, lost=lost
            )
        case "SQLITE_CANTOPEN":
            return folder_gone(path.parent, lost)
        case "SQLITE_IOERR":
            return tr(
                "{path} could not be read or written; {lost}. Check that its drive is plugged in, works and "
                "has room, then open the project again.",
                path=path,
                lost=lost,
            )
    return None


def folder_gone(folder: Path, lost: str = "") -> str:
    """Message for a project folder that has been moved or deleted."""
    return tr(
        "{folder} is not there any more, or cannot be opened; {lost}. Plug its drive in or put the "
        "folder back, then open the project again.",
        folder=folder,
        lost=lost or _not_saved(),
    )


def _not_saved() -> str:
    return tr("this change was not saved")


def database_damaged(folder: Path) -> str:
    """Message for a database that fails SQLite's integrity check."""
    return tr(
        "The database of {folder} is damaged. Restore one of its backups: the start page lists them.",
        folder=folder.name,
    )


class Database:
    """The open database of a project, usable from any thread.

    Args:
        path: The database file; it must exist and have the current schema.
        there: Whether the project's folder is still the one that was opened. Called around every write, because writes
            to a file deleted under an open connection succeed silently and are lost.

    Attributes:
        lock: Held during every write; take it to keep data in memory consistent with a write.
        placings: Changes with each write that may have affected images or their places.
    """

    def __init__(self, path: Path, there: Callable[[], bool]) -> None:
        self._path = path
        self._folder_is_current = there
        self.lock = threading.RLock()
        self._closed = False
        self.placings = 0
        # One connection writes. IMMEDIATE takes the lock at once: to upgrade a read lock later may fail.
        self._write_engine = make_engine(path, StaticPool, "BEGIN IMMEDIATE", _WRITER_PRAGMAS)
        self._read_engine = make_engine(path, QueuePool, "BEGIN", _READER_PRAGMAS)
        try:
            with sqlite_errors(path):
                self._writer = self._write_engine.connect()
                with self._writer.begin():  # fail now, with a clear message, if the database is not writable
                    pass
        except BaseException:
            self._write_engine.dispose()
            raise

    @property
    def changes(self) -> int:
        """Number of rows written since opening; includes writes that were rolled back."""
        self._check_usable()
        return sqlite_connection(self._writer).total_changes

    def _check_usable(self) -> None:
        if self._closed:
            raise UserError.tr("The project is closed.")

    def check_there(self, lost: str = "") -> None:
        """Check that the project's folder is still the one that was opened, else raise UserError with `lost`."""
        self._check_usable()
        if not self._folder_is_current() or not self._path.exists():
            raise UserError(folder_gone(self._path.parent, lost))

    @contextmanager
    def writing(self, placing: bool = True) -> Iterator[Connection]:
        """One write transaction: committed and on disk when the block ends, rolled back on any error.

        `placing` says whether images or their places may change, see `placings`.

        Raises:
            UserError: See `sqlite_errors`; nothing has changed. If the folder goes away with the commit itself, the
                message says that it is not known.
        """
        with self.lock:
            self.check_there()
            with sqlite_errors(self._path), self._writer.begin():
                # Rows may be written in any order; foreign keys are checked at commit.
                sqlite_connection(self._writer).execute("PRAGMA defer_foreign_keys=ON")
                yield self._writer
                self.check_there()
            if placing:
                self.note_placing()
            # The folder may have gone with the commit itself.
            self.check_there(tr("this change may not have been saved"))

    def note_placing(self) -> None:
        """Record that images or their places changed; see `placings`."""
        with self.lock:
            self.placings += 1

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A separate read transaction with a consistent snapshot that never waits for the writer. Keep it short."""
        self._check_usable()
        with sqlite_errors(self._path), self._read_engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> int | None:
        """Merge the write-ahead log into the database file and close it; returns `changes`, None the second time."""
        with self.lock:
            if self._closed:
                return None
            changes = self.changes
            self._closed = True
            self._read_engine.dispose()
            try:
                sqlite_connection(self._writer).execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:  # committed data is safe in the log, which is read at the next opening
                log.warning("the log of %s was not folded in: %s", self._path, error)
            self._writer.close()
            self._write_engine.dispose()
            return changes


class FolderLock:
    """Locks a project for this window, by a file that is created if missing, from construction until `release`.

    Raises UserError if another window holds the lock, or the folder cannot be locked.
    """

    # The system releases it however the process ends, so there are no stale locks as with PID files. The file is never
    # deleted, or two processes could lock two files of the same name.

    def __init__(self, path: Path) -> None:
        from filelock import lock_descriptor  # its import takes 30 ms, which would delay the window

        self._path = path
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        self._descriptor: int | None = None
        with ExitStack() as unless_locked:
            unless_locked.callback(self.release)
            with os_errors(path):  # `filelock.FileLock` would also lock a pipe or a device
                self._descriptor = os.open(path, flags, 0o644)
                check_regular(os.fstat(self._descriptor), sys.maxsize, path)
            try:
                locked = lock_descriptor(self._descriptor, blocking=False)
            except OSError as error:
                raise UserError.tr(
                    "{folder} is on a drive that cannot lock files ({reason}), so two windows could damage "
                    "the project. Copy the project to a local drive and open it there.",
                    folder=path.parent,
                    reason=error.strerror or error,
                ) from error
            if not locked:
                raise UserError.tr(
                    "{folder} is open in another window or used by a command. Close it there, or wait for the command.",
                    folder=path.parent.name,
                )
            unless_locked.pop_all()

    def held(self) -> bool:
        """Whether the locked file is still the one at the path; False once the folder was moved or deleted."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except OSError:
            return False

    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        from filelock import unlock_descriptor

        with suppress(OSError):  # closing also unlocks, unless a forked process has the file open
            unlock_descriptor(descriptor)
        os.close(descriptor)
