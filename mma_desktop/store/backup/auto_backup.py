"""Keeping backups of a project while it is open, and its labels as a table that needs no program of ours."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.store.backup.snapshots import back_up, backup_files, thin_out
from mma_desktop.store.database import UNTOUCHED, Database, connect, raw, sentences
from mma_desktop.store.schema import DATABASE_FILE

log = logging.getLogger(__name__)

LABELS_FILE = "labels.csv"
COLUMNS = ("file_name", "label", "split", "role", "source", "labelled_at", "sha256")

_LABELS = """
    SELECT coalesce(
               (SELECT path FROM place WHERE image_id = label.image_id ORDER BY seen_at DESC, id LIMIT 1),
               image.last_path, x''),
           class.name, coalesce(label."use", ''), class.role, label.source,
           coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', label.labelled_at, 'unixepoch'), ''),
           lower(hex(image.content_hash))
    FROM label JOIN image ON image.id = label.image_id JOIN class ON class.id = label.class_id
    ORDER BY label.image_id
"""


class Keeper:
    """Backs an open project up, if something changed since its last backup.

    Args:
        folder: The project's folder.
        database: Its database, open.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._last: Path | None = None
        self._saved: int | None = database.changes if self._has_current() else None

    @property
    def _path(self) -> Path:
        return self._folder / DATABASE_FILE

    def _has_current(self) -> bool:
        """Whether the newest backup was made of the database as it is: it has its time of change, see `close`."""
        try:
            log_file = self._path.with_name(f"{DATABASE_FILE}-wal")
            if log_file.exists() and log_file.stat().st_size:
                return False
            files = [one for one in backup_files(self._folder) if not one.tag]
            return bool(files) and files[-1].path.stat().st_mtime_ns == self._path.stat().st_mtime_ns
        except OSError:
            return False

    def keep(self) -> Path | None:
        """Back the project up if something changed since the last backup; then drop old ones and refresh `labels.csv`.

        Other threads may go on reading and writing.

        Returns:
            The new backup, None where there was nothing to back up.

        Raises:
            UserError: No backup was made, or the table could not be written (the backup is there then). Nothing older
                was removed where none was made.
        """
        with self._database.lock:  # what is counted now is committed
            changes = self._database.changes
        if changes == self._saved or self._is_empty():
            return None
        self._database.check_there()
        path = back_up(self._folder)
        self._saved, self._last = changes, path
        thin_out(self._folder, time.time())
        try:
            write_labels(path, self._folder / LABELS_FILE)
        except UserError as error:
            raise UserError(
                tr(
                    "A backup was made, but {labels_file} could not be brought up to date. {error}",
                    labels_file=LABELS_FILE,
                    error=error,
                )
            ) from error
        return path

    def _is_empty(self) -> bool:
        with self._database.reading() as connection:
            found = raw(connection).execute("SELECT EXISTS (SELECT 1 FROM image) OR EXISTS (SELECT 1 FROM class)")
            return bool(found.fetchone() == (0,))

    def close(self, changes: int) -> None:
        """Note that the last backup is of the database as it was closed: it gets its time of change.

        Args:
            changes: `Database.changes` at the end.
        """
        if self._last is not None and changes == self._saved:
            with suppress(OSError):  # without it, the next time makes a backup too many
                moment = self._path.stat().st_mtime_ns
                os.utime(self._last, ns=(moment, moment))


def write_labels(database: Path, out: Path) -> Path:
    """Write the labels of a database that nobody changes, one line a labelled image, in the order they came in.

    The columns are those of `COLUMNS`, as `csv_text.open_table` encodes them: the image's path, its class, what it is
    marked for ("shot", "validation", "test" or nothing), the class's role, who set the label, when (UTC), and the
    file's SHA-256. No cell runs as a formula in a spreadsheet.

    Raises:
        UserError: The disk is full, or the folder cannot be written to. The file is as it was.
    """
    with (
        sentences(database, tr("{file} is as it was", file=out.name)),
        atomic_path(out) as temporary,
        open_table(temporary) as handle,
        closing(connect(database, UNTOUCHED)) as connection,
    ):
        write_rows(handle, _rows(connection))
    return out


def _rows(connection: sqlite3.Connection) -> Iterator[Sequence[str]]:
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    yield COLUMNS
    for path, *cells in connection.execute(_LABELS):
        yield os.fsdecode(path), *cells
