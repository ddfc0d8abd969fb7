"""An open project: the only access to its database. All methods are thread-safe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from sqlalchemy import Connection

from mma_desktop.core.class_names import unfit_templates
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import (
    ImageClass,
    ImageRow,
    LabelSource,
    ProblemKind,
    Reason,
    Role,
    RunRecord,
    ScannedFile,
    Use,
)
from mma_desktop.store import (
    classes,
    file_locations,
    images,
    labels,
    merge_duplicates,
    project_folder,
    run_files,
    runs,
    trust_cache,
)
from mma_desktop.store.backup.auto_backup import AutoBackup
from mma_desktop.store.database import Database
from mma_desktop.store.image_columns import CatalogueRows, catalogue, catalogue_for
from mma_desktop.store.images import AddOutcome
from mma_desktop.store.lock import FolderLock
from mma_desktop.store.query_cache import QueryCache, placing
from mma_desktop.store.rows import RowWriter
from mma_desktop.store.schema import DATABASE_FILE, EMBEDDINGS_FOLDER, LABEL, PICTURES_FOLDER, RUNS_FOLDER, SUFFIX
from mma_desktop.store.undo import History, Step, changes_of, followed, joined_rows, revert


class Project:
    """An open project, locked until `close`. Create one with `create` or `open`.

    Edits of images, classes and labels return what changed and can be undone; an edit that changes nothing returns
    empty `Changes` and adds no undo step. When an edit returns, it is on disk. Every method that writes may raise
    `UserError` (full disk, read-only or missing folder, unknown id); nothing has changed then.

    Attributes:
        folder: The project's folder, absolute.
        name: The folder's name without its suffix.
        embeddings_dir: Folder for feature caches.
        runs_dir: Folder for checkpoints.
        listener: Called after every write with what changed, on the writing thread, before the method returns.
    """

    def __init__(self, folder: Path, lock: FolderLock, database: Database) -> None:
        self.folder = folder
        self.name = folder.name[: -len(SUFFIX)] if folder.name.lower().endswith(SUFFIX) else folder.name
        self.embeddings_dir = folder / EMBEDDINGS_FOLDER
        self.runs_dir = folder / RUNS_FOLDER
        self._lock = lock
        self._database = database
        self._auto_backup = AutoBackup(folder, database)
        self._history = History()
        self._cache = QueryCache(database)
        self._collected = threading.local()
        self._latest: float | None = None  # last timestamp recorded for an image
        self.listener: Callable[[Changes], None] | None = None

    # -- opening and closing -----------------------------------------------------------

    @classmethod
    def create(cls, folder: Path) -> Project:
        """Create an empty project and open it.

        Args:
            folder: Its folder, missing or empty; the suffix `.mma` is added if missing.

        Raises:
            UserError: The path already exists or is not writable.
        """
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
        folder = folder.absolute()
        project_folder.check_is_project(folder)
        lock = FolderLock(project_folder.lock_file(folder))
        try:
            project_folder.prepare(folder)
            project = cls(folder, lock, Database(folder / DATABASE_FILE, lock.held))
        except BaseException:
            lock.release()
            raise
        try:
            with project._database.reading() as connection:
                run_files.recover(connection, folder)
        except BaseException:
            project.close()
            raise
        return project

    def close(self) -> None:
        """Close the project and discard the undo history. Idempotent."""
        try:
            changes = self._database.close()
            if changes is not None:
                self._auto_backup.close(changes)
                trust_cache.note(self.folder)
        finally:
            self._lock.release()

    def __enter__(self) -> Project:
        return self

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
            self._latest = file_locations.moment_after(connection, self._latest)
            outcome = images.Importer(connection, self._latest).run(files)
        self._notify(outcome.changes)
        return outcome

    def move_files(self, moves: Sequence[tuple[Path, Path]]) -> Changes:
        """Record that files were moved: (from, to). Paths without an image are skipped; cannot be undone."""
        with self._database.writing() as connection:
            self._latest = file_locations.moment_after(connection, self._latest)
            changes = file_locations.move(connection, moves, self._latest)
        return self._notify(changes)

    def known_paths(self, paths: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
        """Map each of the paths (`os.fsencode`) that has a usable image to (mtime in ns, size in bytes)."""
        with self._database.reading() as connection:
            return images.known_paths(connection, paths)

    def ids_for_paths(self, paths: Sequence[Path]) -> list[int | None]:
        """The image at each path, in the order of the paths; None if there is none."""
        with self._database.reading() as connection:
            return images.ids_for_paths(connection, paths)

    def catalogue(self) -> CatalogueRows:
        """All images as columns."""
        with self._database.reading() as connection:
            return catalogue(connection)

    def catalogue_for(self, ids: Iterable[int]) -> CatalogueRows:
        """These images as columns, ascending by id; unknown ids are skipped."""
        with self._database.reading() as connection:
            return catalogue_for(connection, ids)

    def image_rows(self, ids: Sequence[int]) -> list[ImageRow]:
        """Images in the requested order; unknown ids are skipped."""
        with self._database.reading() as connection:
            return images.image_rows(connection, ids)

    def paths_sorted(self, by: str = "name") -> np.ndarray:
        """All ids, int64, sorted by file "name", time "added", or "oldest" or "newest" file first."""

        def sort(connection: Connection) -> np.ndarray:
            if by in {"oldest", "newest"}:
                return file_locations.ids_by_date(connection, newest_first=by == "newest")
            return images.ids_by_name(connection) if by == "name" else images.ids_by_age(connection)

        return self._cache.get(by, sort)

    @property
    def pictures_dir(self) -> Path:
        """Folder for pictures that did not come from files, such as pasted ones."""
        return self.folder / PICTURES_FOLDER

    def follow_pictures(self) -> int:
        """Record where the project's own picture folder is; if the project was moved, update the places in it.

        Returns:
            Number of updated places.
        """
        with self._database.writing() as connection:
            return file_locations.follow(connection, self.pictures_dir)

    def stray_pictures(self) -> list[Path]:
        """Files in the project's own folder of pictures that are neither images of the project nor removed from it."""
        with self._database.reading() as connection:
            return file_locations.strays(connection, self.pictures_dir)

    def search_names(self, text: str) -> np.ndarray:
        """Ids, int64 ascending, of images whose file name contains the text, ignoring case."""
        lost = self._cache.get("lost names", images.names_without_place)
        with self._database.reading() as connection:
            return images.ids_named(connection, text, lost)

    def mark_problems(self, problems: Sequence[tuple[int, ProblemKind, Reason]]) -> Changes:
        """Record why images could not be read: (id, kind, reason). Keeps labels; cannot be undone.

        Importing the same contents again, from any path, makes the images usable again.
        """
        with self._database.writing() as connection:
            changes = images.mark_problems(connection, problems)
        return self._notify(changes)

    def files_after(self, after: int, limit: int) -> list[file_locations.ImageFiles]:
        """Known files of the next images after an id, ascending; skips images without known content."""
        with self._database.reading() as connection:
            return file_locations.files_after(connection, after, limit)

    def files_of(self, ids: Sequence[int]) -> list[file_locations.ImageFiles]:
        """Known files of these images; unknown ids are skipped."""
        with self._database.reading() as connection:
            return file_locations.files_of(connection, ids)

    def note_files(self, times: Sequence[tuple[int, int]], back: Sequence[int]) -> Changes:
        """Record the result of a file check; cannot be undone.

        Args:
            times: (place id, mtime in ns) of files with unchanged contents but a new modification time.
            back: Images whose file is readable again; their problem is cleared.
        """
        with self._database.writing() as connection:
            file_locations.note_files(connection, times, back)
        return self._notify(Changes(title="Check files", labels=tuple(sorted(back))))

    def remove_images(self, ids: Iterable[int]) -> Changes:
        """Remove images and their labels from the project; files are not touched."""
        wanted = list(dict.fromkeys(ids))

        def edit(writer: RowWriter) -> str:
            writer.drop_images(wanted)
            return tr("Remove {n} image", "Remove {n} images", len(wanted))

        return self._edit(edit)

    def keep_one(self, groups: Sequence[tuple[int, Sequence[int]]]) -> Changes:
        """Keep the first image of each (image, its copies) with the copies' label, and remove the copies.

        Raises:
            UserError: Copies of one picture have different labels.
        """
        return self._edit(lambda writer: merge_duplicates.keep_one(writer, groups, time.time()))

    # -- classes -----------------------------------------------------------------------

    def classes(self) -> list[ImageClass]:
        """All classes in order."""
        with self._database.reading() as connection:
            return classes.read_classes(connection)

    def add_classes(
        self, names: Sequence[str], role: Role | None = None, reads: Mapping[str, str] | None = None
    ) -> Changes:
        """Append classes (base by default), each with a colour and, while available, a key.

        `reads` has what the model reads, by name; the name itself where there is nothing.

        Raises:
            UserError: No name is given, or one is empty, too long, repeated or already taken, or the model would read
                the same text for two classes.
        """
        return self._edit(lambda writer: classes.add_classes(writer, names, role, reads or {}))

    def rename_class(self, class_id: int, name: str, reads: str | None = None) -> Changes:
        """Rename a class, and with `reads` change what the model reads; fails if another class has the name or text."""
        return self._edit(lambda writer: classes.rename_class(writer, class_id, name, reads))

    def set_reads(self, reads: Mapping[int, str]) -> Changes:
        """Set what the model reads, by class id; "" is the name. Fails if two classes would read the same text."""
        return self._edit(lambda writer: classes.set_reads(writer, reads))

    def delete_classes(self, ids: Iterable[int]) -> Changes:
        """Delete classes and their labels; undo restores both."""
        return self._edit(lambda writer: classes.delete_classes(writer, ids))

    def move_class(self, class_id: int, position: int) -> Changes:
        """Move a class to a position counted from 0."""
        return self._edit(lambda writer: classes.move_class(writer, class_id, position))

    def set_role(self, ids: Iterable[int], role: Role) -> Changes:
        """Make classes base or new."""
        return self._edit(lambda writer: classes.set_role(writer, ids, role))

    def set_colour(self, class_id: int, colour: str) -> Changes:
        """Set a class's colour, "#rrggbb"."""
        return self._edit(lambda writer: classes.set_colour(writer, class_id, colour))

    def set_key(self, class_id: int, key: str) -> Changes:
        """Set a class's one-character key, or clear it with ""; fails if another class or the window uses it."""
        return self._edit(lambda writer: classes.set_key(writer, class_id, key))

    def first_half_base(self) -> Changes:
        """Make the first ceil(C / 2) classes base and the rest new."""
        return self._edit(classes.first_half_base)

    # -- labels ------------------------------------------------------------------------

    def assign(
        self,
        image_ids: Iterable[int],
        class_id: int | None,
        source: LabelSource = LabelSource.PERSON,
        use: Use | None = None,
    ) -> Changes:
        """Label images with a class, or remove their labels with None. An existing use is kept unless another is given.

        Raises:
            UserError: The class was deleted, or one of the images is a file with a problem.
        """
        ids = list(image_ids)
        return self._edit(lambda writer: labels.assign(writer, ids, class_id, source, use, time.time()))

    def assign_many(
        self, pairs: Sequence[tuple[int, int]], source: LabelSource = LabelSource.PERSON, overwrite: bool = False
    ) -> Changes:
        """Label many images, each with its own class, as one undo step.

        Args:
            pairs: (image id, class id).
            source: Who sets the labels. Labels from a stronger source are kept: user over suggestion over folder.
            overwrite: Replace those labels too.

        Raises:
            UserError: A class was deleted, an image has a problem, or an image is given two classes.
        """
        return self._edit(lambda writer: labels.assign_many(writer, pairs, source, overwrite, time.time()))

    def set_use(self, image_ids: Iterable[int], use: Use | None) -> Changes:
        """Set the use of labelled images; None for the automatic split.

        Raises:
            UserError: None of the images is labelled.
        """
        ids = list(image_ids)
        return self._edit(lambda writer: labels.set_use(writer, ids, use))

    # -- undo --------------------------------------------------------------------------

    @contextmanager
    def collecting_steps(self, *, hidden: bool = False) -> Iterator[list[Step]]:
        """Collect the undo steps that this thread adds inside the block, for `join`.

        With `hidden` they cannot be undone before that: steps of a long job would bury those of the user.
        """
        before = getattr(self._collected, "noted", None)
        steps: list[Step] = []
        self._collected.noted = steps, hidden
        try:
            yield steps
        finally:
            self._collected.noted = before

    def join(self, steps: Sequence[Step], title: str, hidden: Sequence[Step] = ()) -> None:
        """Merge several undo steps into one, the newest; see `undo.History.join`.

        Labels set by `hidden` steps that have been changed since are left out.
        """
        with self._database.lock:
            rows = joined_rows(hidden)
            if rows:
                with self._database.reading() as connection:
                    now = RowWriter(connection).rows(LABEL, [row.key for row in rows])
                rows = tuple(row for row in rows if now.get(row.key) == row.after)
            if rows:
                step = Step(title, rows)
                self._history.push(step)
                steps = [*steps, step]
            self._history.join(steps, title)

    @property
    def undo_title(self) -> str | None:
        """Title of the next step to undo, None if there is none."""
        return self._history.undo_title

    @property
    def redo_title(self) -> str | None:
        """Title of the next step to redo, None if there is none."""
        return self._history.redo_title

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
            with self._database.writing(placing=placing(step.rows)) as connection:
                writer = RowWriter(connection)
                moved = revert(writer, followed(step.rows, self._history.moved))
                rows = tuple(writer.changes)
                file_locations.note_removed(connection, rows, self.pictures_dir)
            self._history.moved.update(moved)
            done(Step(step.title, rows))
        return self._notify(changes_of(step.title, rows))

    def _edit(self, action: Callable[[RowWriter], str]) -> Changes:
        """Run an edit as one durable transaction and one undo step."""
        with self._database.lock:
            with self._database.writing(placing=False) as connection:
                writer = RowWriter(connection)
                title = action(writer)
                rows = tuple(writer.changes)
                file_locations.note_removed(connection, rows, self.pictures_dir)
            if placing(rows):
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
        """Notify the listener, outside all locks."""
        if self.listener is not None and not changes.empty:
            self.listener(changes)
        return changes

    # -- settings, runs, backup --------------------------------------------------------

    def setting(self, name: str, default: Any = None) -> Any:
        """A project setting, or the default if it was never set."""
        with self._database.reading() as connection:
            return runs.read_setting(connection, name, default)

    def set_setting(self, name: str, value: Any) -> Changes:
        """Set a project setting to a JSON value; None resets it to its default.

        Raises:
            UserError: There are too many prompt templates, or one is too long.
        """
        if name == "prompt_template" and (trouble := unfit_templates(value or "")):
            raise UserError(trouble)
        with self._database.writing() as connection:
            changed = runs.write_setting(connection, name, value)
        return self._notify(Changes(title=f"Set {name}", settings=changed))

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

        The checkpoint may have its pending name (see `store.run_files`); it moves into place after the run is stored.

        Raises:
            ValueError: The checkpoint lies outside the project folder.
        """
        moment = time.time() if created_at is None else created_at
        pending_path = run_files.pending_path(self.folder / checkpoint)
        with run_files.publishing(pending_path, self.folder / checkpoint), self._database.writing() as connection:
            return runs.add_run(connection, name, method, backbone, checkpoint, settings, metrics, moment)

    def pending_path(self, path: Path) -> Path:
        """Where to write the checkpoint of a run that is not recorded yet; `add_run` moves it to `path`."""
        return run_files.pending_path(path)

    def runs(self) -> list[RunRecord]:
        """All finished trainings, newest first."""
        with self._database.reading() as connection:
            return runs.read_runs(connection)

    def run(self, run_id: int) -> RunRecord:
        """One finished training.

        Raises:
            UserError: It was deleted.
        """
        with self._database.reading() as connection:
            return runs.find_run(connection, run_id)

    def checkpoint_path(self, run: RunRecord) -> Path:
        """The path of a run's checkpoint; fails if the stored path leads out of the project."""
        return runs.checkpoint_path(self.folder, run)

    def rename_run(self, run_id: int, name: str) -> Changes:
        """Rename a training."""
        with self._database.writing() as connection:
            return Changes(title=runs.rename_run(connection, run_id, name), runs=True)

    def star_runs(self, run_ids: Sequence[int], starred: bool) -> Changes:
        """Star or unstar trainings."""
        with self._database.writing() as connection:
            return Changes(title=runs.star_runs(connection, run_ids, starred), runs=True)

    def note_metric(self, run_id: int, name: str, value: Any) -> Changes:
        """Store a value measured after a training finished."""
        with self._database.writing() as connection:
            return Changes(title=runs.note_metric(connection, run_id, name, value), runs=True)

    def delete_run(self, run_id: int) -> Changes:
        """Delete a training and its checkpoint; cannot be undone."""
        with self._database.reading() as connection:
            run = runs.find_run(connection, run_id)
        with run_files.deleting(self._safe_checkpoint_path(run)), self._database.writing() as connection:
            runs.delete_run(connection, run_id)
        return Changes(title=f"Delete training '{run.name}'", runs=True)

    def _safe_checkpoint_path(self, run: RunRecord) -> Path | None:
        """The checkpoint of a run; None if its path is not allowed."""
        with suppress(UserError):
            return self.checkpoint_path(run)
        return None

    def keep_backup(self) -> Path | None:
        """Back up the project if it changed since the last backup; see `auto_backup.AutoBackup.keep`."""
        return self._auto_backup.keep()
