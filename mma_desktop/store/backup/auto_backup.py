"""Automatic backups of an open project, and its labels as a CSV table readable without this program."""

from __future__ import annotations

import os
import time
from contextlib import closing, suppress
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import exists, select

from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.store.backup.snapshots import back_up, backup_files, thin_out
from mma_desktop.store.database import UNTOUCHED, Database, connect, sentences
from mma_desktop.store.schema import CLASS, DATABASE_FILE, IMAGE

LABELS_FILE = "labels.csv"
COLUMNS = ("file_name", "label", "split", "role", "source", "labelled_at", "sha256", "reads")

_LABELS = """
    SELECT coalesce(
               (SELECT path FROM place WHERE image_id = label.image_id ORDER BY seen_at DESC, id LIMIT 1),
               image.last_path, x''),
           class.name, coalesce(label."use", ''), class.role, label.source,
           coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', label.labelled_at, 'unixepoch'), ''),
           lower(hex(image.content_hash)),
           class.reads
    FROM label JOIN image ON image.id = label.image_id JOIN class ON class.id = label.class_id
    ORDER BY label.image_id
"""


class AutoBackup:
    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._path = folder / DATABASE_FILE
        self._database = database
        self._last: Path | None = None
        self._saved: int | None = database.changes if self._has_current() else None

    def _has_current(self) -> bool:
        """Whether the newest backup matches the database: `close` gave it the database's modification time."""
        try:
            log_file = self._path.with_name(f"{DATABASE_FILE}-wal")
            if log_file.exists() and log_file.stat().st_size:
                return False
            files = [file for file in backup_files(self._folder) if not file.tag]
            return bool(files) and files[-1].path.stat().st_mtime_ns == self._path.stat().st_mtime_ns
        except OSError:
            return False

    def keep(self) -> Path | None:
        """Back up the project if it changed since the last backup; then delete old backups and update `labels.csv`.

        Other threads may keep reading and writing.

        Returns:
            The new backup; None if nothing changed.

        Raises:
            UserError: The backup failed, in which case no old one is deleted; or the table could not be written, in
                which case the backup exists.
        """
        with self._database.lock:  # the count must cover committed changes only
            changes = self._database.changes
        if changes == self._saved:
            return None
        with self._database.reading() as connection:
            if not connection.scalar(select(exists(select(IMAGE.c.id)) | exists(select(CLASS.c.id)))):
                return None
        self._database.check_there()
        path = back_up(self._folder)
        self._saved, self._last = changes, path
        thin_out(self._folder, time.time())
        try:
            write_labels(path, self._folder / LABELS_FILE)
        except UserError as error:
            raise UserError.tr(
                "A backup was made, but {labels_file} could not be brought up to date. {error}",
                labels_file=LABELS_FILE,
                error=error,
            ) from error
        return path

    def close(self, changes: int) -> None:
        """Mark the last backup as current by giving it the modification time of the closed database.

        `changes` is `Database.changes` at the end.
        """
        if self._last is not None and changes == self._saved:
            with suppress(OSError):  # on failure, the next session makes one backup too many
                moment = self._path.stat().st_mtime_ns
                os.utime(self._last, ns=(moment, moment))


def write_labels(database: Path, out: Path) -> None:
    """Write the labels of an unused database as CSV, one row per labelled image, in import order.

    The columns are `COLUMNS`, encoded by `safe_csv.open_table`: image path, class, use ("shot", "validation", "test" or
    empty), role of the class, source of the label, time (UTC), the file's SHA-256, and what the model reads instead of
    the name. No cell runs as a formula in a spreadsheet.

    Raises:
        UserError: The disk is full or the folder is not writable. The file is left unchanged.
    """
    with (
        sentences(database, tr("{file} is as it was", file=out.name)),
        atomic_path(out) as temporary,
        open_table(temporary) as handle,
        closing(connect(database, UNTOUCHED)) as connection,
    ):
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        labels = ((os.fsdecode(path), *cells) for path, *cells in connection.execute(_LABELS))
        write_rows(handle, chain([COLUMNS], labels))
