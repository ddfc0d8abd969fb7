"""An open project: the only access to its database. All methods are thread-safe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from sqlalchemy import Connection

from mma_desktop.core import inputs
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.paths import DATABASE_FILE, full_path, is_inside, leads_out, names_project
from mma_desktop.core.types import RunRecord, ScannedFile
from mma_desktop.store import classes as class_table
from mma_desktop.store import file_locations, images, integrity, labels, project_folder, schema
from mma_desktop.store import runs as run_table
from mma_desktop.store.database import Database, FolderLock
from mma_desktop.store.images import AddOutcome
from mma_desktop.store.rows import RowChange, RowWriter
from mma_desktop.store.snapshots import AutoBackup
from mma_desktop.store.undo import History, Step, changes_of, joined_rows, revert, with_current_ids

P = ParamSpec("P")
T = TypeVar("T")


def _query(read: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Project, P], T]:
    """The method that runs a query in a read transaction of its own."""

    @wraps(read)
    def method(self: Project, /, *args: P.args, **named: P.kwargs) -> T:
        with self._database.reading() as connection:
            return read(connection, *args, **named)

    return method


def _edit(action: Callable[Concatenate[RowWriter, P], str]) -> Callable[Concatenate[Project, P], Changes]:
    """The method that runs an edit, which returns its title, as one durable transaction and one undo step."""

    @wraps(action)
    def method(self: Project, /, *args: P.args, **named: P.kwargs) -> Changes:
        return self._run_edit(lambda writer: action(writer, *args, **named))

    return method


def _write(action: Callable[Concatenate[Connection, P], Changes]) -> Callable[Concatenate[Project, P], Changes]:
    """The method that writes in one durable transaction, without a step of undo."""

    @wraps(action)
    def method(self: Project, /, *args: P.args, **named: P.kwargs) -> Changes:
        with self._database.writing() as connection:
            changes = action(connection, *args, **named)
        return self._notify(changes)

    return method


def _touches_places(rows: Sequence[RowChange]) -> bool:
    """Whether changed rows include images or places."""
    return any(row.table in {schema.IMAGE.name, schema.PLACE.name} for row in rows)


class Project(AbstractContextManager["Project"]):
    """An open project, locked until `close`. Create one with `create` or `open`.

    Edits of images, classes and labels return what changed and can be undone; an edit that changes nothing returns
    empty `Changes` and adds no undo step. When an edit returns, it is on disk. Every method that writes may raise
    `UserError` (full disk, read-only or missing folder, unknown id); nothing has changed then. A method made of a
    function of `RowWriter` takes that function's other arguments.

    Attributes:
        folder: The project's folder, absolute.
        name: The folder's name without its suffix.
        embeddings_dir: Folder for feature caches.
        runs_dir: Folder for checkpoints.
        images_dir: Folder for images that did not come from files, such as pasted ones.
        listener: Called after every write with what changed, on the writing thread, before the method returns.
    """

    def __init__(self, folder: Path, lock: FolderLock, database: Database) -> None:
        self.folder = folder
        self.name = folder.stem if names_project(folder) else folder.name
        self.embeddings_dir = folder / schema.EMBEDDINGS_FOLDER
        self.runs_dir = folder / schema.RUNS_FOLDER
        self.images_dir = folder / schema.IMAGES_FOLDER
        self._lock = lock
        self._database = database
        self._auto_backup = AutoBackup(folder, database)
        self._history = History()
        self._cache: dict[str, tuple[int, Any]] = {}  # with `Database.placings` when it was read
        self._collected = threading.local()
        self._latest: float | None = None  # last timestamp recorded for an image
        self.listener: Callable[[Changes], None] | None = None
        self._let_write: Callable[[], None] | None = None

    # -- opening and closing -----------------------------------------------------------

    @classmethod
    def create(cls, folder: Path) -> Project:
        """Create an empty project in a missing or empty folder and open it, else UserError; adds the suffix `.mma`."""
        folder = project_folder.project_folder(folder)
        project_folder.make(folder)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Project:
        """Open a project: check its database, and back it up before a migration.

        Raises:
            UserError: The folder is missing, not a project, open in another window, damaged, made by a newer program,
                or read-only.
        """
        folder = full_path(folder)
        project_folder.check_is_project(folder)
        lock = FolderLock(folder / schema.LOCK_FILE)
        try:
            project_folder.prepare(folder)
            project = cls(folder, lock, Database(folder / DATABASE_FILE, lock.held))
        except BaseException:
            lock.release()
            raise
        try:
            with project._database.reading() as connection:
                run_table.recover(connection, folder)
            project._let_write = inputs.keep_unwritten(project._files)
        except BaseException:
            project.close()
            raise
        return project

    def _files(self) -> Iterator[Path | bytes]:
        """What no output may replace while the project is open: its database, and every file of its images."""
        yield self.folder / DATABASE_FILE
        with self._database.reading() as connection:
            yield from images.every_path(connection)

    def close(self) -> None:
        """Close the project and discard the undo history. Idempotent."""
        if self._let_write is not None:
            self._let_write()
        try:
            changes = self._database.close()
            if changes is not None:
                self._auto_backup.close(changes)
                integrity.note_closed(self.folder)
        finally:
            self._lock.release()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- images ------------------------------------------------------------------------

    def add_files(self, files: Sequence[ScannedFile]) -> AddOutcome:
        """Add scanned files in one transaction; cannot be undone.

        Files with the same contents are one image with several places. A path whose contents changed moves to the image
        of the new contents; the old image is deleted unless it has other places or a label. A file with a problem gets
        its own row until its path is imported again after a repair. If the file of a known image merely cannot be read,
        its id is reported and nothing changes.

        Raises:
            UserError: See the class; none of the files was added.
            ValueError: A file has neither a content hash nor a problem.
        """
        with self._database.writing() as connection:
            self._latest = file_locations.next_timestamp(connection, self._latest)
            outcome = images.Importer(connection, self._latest).run(files)
        self._notify(outcome.changes)
        return outcome

    known_paths = _query(images.known_paths)
    ids_for_paths = _query(images.ids_for_paths)
    catalogue = _query(images.catalogue)
    catalogue_for = _query(images.catalogue_for)
    image_rows = _query(images.image_rows)
    files_of = _query(file_locations.files_of)
    failed_files = _query(file_locations.failed_files)
    remove_images = _edit(images.remove_images)
    keep_one = _edit(labels.keep_one)
    mark_problems = _write(images.mark_problems)
    note_files = _write(file_locations.note_files)

    def paths_sorted(self, by: str) -> np.ndarray:
        """All ids, int64, sorted by file "name", or "oldest" or "newest" file first."""
        if by == "name":
            return self._cached(by, images.ids_by_name)
        return self._cached(by, lambda sql: file_locations.ids_by_date(sql, newest_first=by == "newest"))

    def _cached(self, name: str, read: Callable[[Connection], T]) -> T:
        now = self._database.placings  # before reading, so that concurrent changes make the result stale
        known = self._cache.get(name)
        if known is None or known[0] != now:
            with self._database.reading() as connection:
                known = self._cache[name] = now, read(connection)
        return known[1]

    def follow_images(self) -> int:
        """Record where the project's own image folder is; if it was moved, update its places; returns how many."""
        with self._database.writing() as connection:
            return file_locations.follow_moved_folder(connection, self.images_dir)

    def stray_images(self) -> list[Path]:
        """Files in the project's own folder of images that are neither images of the project nor removed from it."""
        with self._database.reading() as connection:
            return file_locations.unimported_files(connection, self.images_dir)

    def search_names(self, text: str) -> np.ndarray:
        """Ids, int64 ascending, of images whose file name contains the text, ignoring case and accents."""
        lost = self._cached("lost_names", images.names_without_place)
        with self._database.reading() as connection:
            return images.ids_named(connection, text, lost)

    # -- classes and labels ------------------------------------------------------------

    classes = _query(class_table.read_classes)
    add_classes = _edit(class_table.add_classes)
    rename_class = _edit(class_table.rename_class)
    set_reads = _edit(class_table.set_reads)
    delete_classes = _edit(class_table.delete_classes)
    move_class = _edit(class_table.move_class)
    set_role = _edit(class_table.set_role)
    set_colour = _edit(class_table.set_colour)
    set_key = _edit(class_table.set_key)
    assign = _edit(labels.assign)
    assign_many = _edit(labels.assign_many)
    assign_none = _edit(labels.assign_none)
    set_use = _edit(labels.set_use)
    spot_check = _edit(labels.spot_check)

    # -- undo --------------------------------------------------------------------------

    @contextmanager
    def collecting_steps(self, *, hidden: bool = False) -> Iterator[list[Step]]:
        """Collect the undo steps that this thread adds inside the block, for `join`."""
        # With `hidden` they cannot be undone before that: steps of a long job would bury those of the user.
        before = getattr(self._collected, "noted", None)
        steps: list[Step] = []
        self._collected.noted = steps, hidden
        try:
            yield steps
        finally:
            self._collected.noted = before

    def join(self, steps: Sequence[Step], title: str, hidden: Sequence[Step] = ()) -> None:
        """Merge several undo steps into one, the newest; see `undo.History.join`."""
        # Labels set by `hidden` steps that have been changed since are left out.
        with self._database.lock:
            rows = joined_rows(hidden)
            if rows:
                with self._database.reading() as connection:
                    now = RowWriter(connection).rows(schema.LABEL, [row.key for row in rows])
                rows = tuple(row for row in rows if now.get(row.key) == row.after)
            if rows:
                step = Step(title, rows)
                self._history.push(step)
                steps = [*steps, step]
            self._history.join(steps, title)

    @property
    def undo_title(self) -> str | None:
        step = self._history.peek_undo()
        return None if step is None else step.title

    @property
    def redo_title(self) -> str | None:
        step = self._history.peek_redo()
        return None if step is None else step.title

    def undo(self) -> Changes:
        """Undo the last step; empty `Changes` if there is none."""
        return self._undo_or_redo(self._history.peek_undo, self._history.undone)

    def redo(self) -> Changes:
        """Redo the step undone last; empty `Changes` if there is none."""
        return self._undo_or_redo(self._history.peek_redo, self._history.redone)

    def _undo_or_redo(self, peek: Callable[[], Step | None], done: Callable[[Step], None]) -> Changes:
        with self._database.lock:  # no edit may come between peeking at the step and reverting it
            step = peek()
            if step is None:
                return Changes()
            with self._database.writing(placing=_touches_places(step.rows)) as connection:
                writer = RowWriter(connection)
                moved = revert(writer, with_current_ids(step.rows, self._history.moved))
                rows = tuple(writer.changes)
                file_locations.note_removed(connection, rows, self.images_dir)
            self._history.moved.update(moved)
            done(Step(step.title, rows))
        return self._notify(changes_of(step.title, rows))

    def _run_edit(self, action: Callable[[RowWriter], str]) -> Changes:
        with self._database.lock:
            with self._database.writing(placing=False) as connection:
                writer = RowWriter(connection)
                title = action(writer)
                rows = tuple(writer.changes)
                file_locations.note_removed(connection, rows, self.images_dir)
            if _touches_places(rows):
                self._database.note_placing()
            if rows:
                step = Step(title, rows)
                noted: tuple[list[Step], bool] | None = getattr(self._collected, "noted", None)
                if noted is not None:
                    noted[0].append(step)
                if noted is None or not noted[1]:
                    self._history.push(step)
        return self._notify(changes_of(title, rows))

    def _notify(self, changes: Changes) -> Changes:
        if self.listener is not None and not changes.empty:
            self.listener(changes)
        return changes

    # -- settings, runs, backup --------------------------------------------------------

    setting = _query(run_table.read_setting)
    settings = _query(run_table.read_settings)
    set_setting = _write(run_table.write_setting)
    set_current = _edit(run_table.set_current)

    def add_run(
        self,
        name: str,
        method: str,
        backbone: str,
        checkpoint: str,
        settings: Mapping[str, Any],
        metrics: Mapping[str, Any],
        created_at: float | None = None,
    ) -> RunRecord:
        """Record a finished training; `checkpoint` is relative to the project folder, the mappings are plain JSON.

        The checkpoint may have its pending name (see `store.runs`); it moves into place after the run is stored.

        Raises:
            ValueError: The checkpoint lies outside the project folder.
        """
        moment = time.time() if created_at is None else created_at
        run = RunRecord(0, name, moment, method, backbone, checkpoint, settings, metrics)
        with run_table.publishing(self.folder / checkpoint), self._database.writing() as connection:
            return run_table.add_run(connection, run)

    pending_path = staticmethod(run_table.pending_path)
    runs = _query(run_table.read_runs)
    run = _query(run_table.find_run)
    rename_run = _write(run_table.rename_run)

    def checkpoint_path(self, run: RunRecord) -> Path:
        """The path of a run's checkpoint file; a UserError if it leads out of the project, which may be untrusted."""
        path = self.folder / run.checkpoint
        if not is_inside(run.checkpoint) or leads_out(self.folder, path):
            raise UserError.tr(
                "The training '{run}' names a file outside the project. It was not opened.", run=run.name
            )
        return path

    def delete_run(self, run_id: int) -> Changes:
        """Delete a training and its checkpoint; cannot be undone."""
        run = self.run(run_id)
        file: AbstractContextManager[None] = nullcontext()
        with suppress(UserError):  # its path is not allowed
            file = run_table.deleting(self.checkpoint_path(run))
        with file, self._database.writing() as connection:
            run_table.delete_run(connection, run_id)
        return Changes(runs=True)

    def keep_backup(self) -> Path | None:
        """Back up the project if it changed since the last backup; see `snapshots.AutoBackup.keep`."""
        return self._auto_backup.keep()
