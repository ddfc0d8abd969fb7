"""Import files into a project: walk, read in threads, store in batches, label from folder names.

Images without a file of their own are pasted, dropped, or inside another tool's file. They are first stored in the
project's `pictures` folder, with their original bytes if these are an image file, otherwise as PNG.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import atomic_path, changed_at, unreadable
from mma_desktop.core.class_names import name_key, untranslated
from mma_desktop.core.errors import Cancelled, UserError
from mma_desktop.core.events import CancelToken, Changes, Eta, Progress, Throttle, left_out_sentence
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import fetch_ahead, thread_pool
from mma_desktop.core.paths import clean_name, unused_path
from mma_desktop.core.types import LabelSource, LeftOut, ScannedFile
from mma_desktop.media.decoding import open_image
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.pixels import image_suffix, png_bytes
from mma_desktop.media.reader import read_file
from mma_desktop.media.scan import FileList, Found, walk
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.file_check import recheck_lost

if TYPE_CHECKING:
    from mma_desktop.store.project import Project
    from mma_desktop.store.undo import Step


BATCH_FILES = 256  # a transaction each; its sync to disk then costs little a file
BATCH_SECONDS = 0.3  # the first pictures are on the screen by then
LONGEST_BATCH_SECONDS = 1.2  # where files are slow to read, as on a network drive


# Name of the project setting that tells what is being imported.
UNFINISHED = "unfinished_import"


def resume_value(paths: Sequence[Path], folder_classes: Mapping[str, Path] | None) -> list[Any]:
    """The value of `UNFINISHED` while this is being imported."""
    return [list(map(str, paths)), {name: str(folder) for name, folder in (folder_classes or {}).items()}]


def interrupted_import(context: ProjectContext) -> tuple[list[Path], dict[str, Path]] | None:
    """The paths and class folders of an import that did not end, as the program or the project was closed before."""
    try:
        paths, classes = context.project.setting(UNFINISHED)
        return list(map(Path, paths)), {name: Path(folder) for name, folder in classes.items()}
    except (TypeError, ValueError, AttributeError):  # there is none, or another program wrote it
        return None


def forget_interrupted(context: ProjectContext, _token: CancelToken) -> None:
    """Once the user was told, nothing is left to say of it."""
    context.project.set_setting(UNFINISHED, None)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Outcome of an import, in files.

    `labels_from` names the source of the labels; empty for folder names. `live`: the import was not started by
    the user; the files came from a watched folder. `unread` are the images inside a table or a shard that could not
    be used, with the reason; they are not among the `problems`, which are files. `set_apart`: images that were given
    to be trained on, but are set apart for testing, here or in the same source; they stay that.
    """

    added: int = 0
    same_bytes: int = 0
    known: int = 0
    problems: int = 0
    labelled: int = 0
    seconds: float = 0.0
    stopped: bool = False
    notes: tuple[str, ...] = ()
    found_again: int = 0
    labels_from: str = ""
    left_out: Mapping[LeftOut, int] = field(default_factory=dict, hash=False)
    live: bool = False
    unread: tuple[tuple[str, str], ...] = ()
    set_apart: int = 0

    def sentence(self) -> str:
        parts = [tr("{n} picture added", "{n} pictures added", self.added)]
        if self.labelled and self.labels_from:
            origin = self.labels_from
            parts.append(tr("{n} labelled from {origin}", "{n} labelled from {origin}", self.labelled, origin=origin))
        elif self.labelled:
            parts.append(tr("{n} labelled from folder names", "{n} labelled from folder names", self.labelled))
        if self.same_bytes:
            parts.append(tr("{n} duplicate (same bytes)", "{n} duplicates (same bytes)", self.same_bytes))
        if self.known:
            parts.append(tr("{n} already here", "{n} already here", self.known))
        if self.found_again:
            parts.append(tr("{n} missing picture found again", "{n} missing pictures found again", self.found_again))
        if problems := self.problems + len(self.unread):
            parts.append(tr("{n} with a problem", "{n} with a problem", problems))
        report = ", ".join(parts)
        whole = tr("{report} (stopped).", report=report) if self.stopped else f"{report}."
        return " ".join(filter(None, (whole, self.set_apart_sentence(), left_out_sentence(self.left_out))))

    def set_apart_sentence(self) -> str:
        """That copies of test images are not trained on; "" if there are none."""
        if not self.set_apart:
            return ""
        return tr(
            "{n} of these is set apart for testing, so it is not trained on.",
            "{n} of these are set apart for testing, so they are not trained on.",
            self.set_apart,
        )


def import_paths(
    context: ProjectContext,
    paths: Sequence[Path],
    token: CancelToken,
    folder_classes: Mapping[str, Path] | None = None,
) -> ImportReport:
    """Import files and folders; if cancelled, what was imported by then stays.

    The names of `folder_classes` become classes and labels; missing classes are added.

    Reports `Progress` after each stored batch, with its `Changes`.

    Returns:
        The counts. `notes` has a sentence for each image found in two class folders.
    """
    project = context.project
    steps: list[Step] = []
    if folder_classes:
        with project.collecting_steps() as steps:
            changes = add_missing_classes(project, list(folder_classes))
        token.checkpoint(Progress(0, None, tr("Importing"), changes=changes))
    report = _import_files(context, paths, token, folder_classes, steps)
    try:
        return replace(report, found_again=recheck_lost(context, token))
    except Cancelled:
        return replace(report, stopped=True)


def _import_files(
    context: ProjectContext,
    paths: Sequence[Path],
    token: CancelToken,
    folder_classes: Mapping[str, Path] | None,
    before: Sequence[Step],
) -> ImportReport:
    """Import files; joins `before`, the undo steps for its classes, and its labels into one step."""
    project, image_buffer = context.project, context.image_buffer
    eta = Eta()
    report = ImportReport()
    folder_names = SourceLabels(context)
    labels: list[Step] = []
    workers = os.cpu_count() or 1
    stopped = False
    with image_buffer.importing(), thread_pool(workers, "mma-read") as pool:
        done = 0
        try:
            files = _walk(paths, folder_classes, token)
            report = replace(report, left_out=files.left_out)
            if sentence := left_out_sentence(files.left_out):
                token.checkpoint(Progress(0, None, sentence))
            total = len(files)
            image_buffer.expect(total)
            scanned = _read_ahead(pool, iter(files), context, workers * 8)
            for batch, unchanged in _batches(scanned, token):
                with project.collecting_steps(hidden=True) as steps:
                    changes, report = _store_batch(project, batch, folder_names, report)
                labels.extend(steps)
                report = replace(report, known=report.known + unchanged)
                done += len(batch) + unchanged
                image_buffer.expect(max(0, total - done))
                image_buffer.notify()
                token.checkpoint(
                    Progress(done, max(total, done), tr("Importing"), *eta.measure(done, total - done), changes=changes)
                )
        except Cancelled:
            stopped = True
    # One step of undo removes the labels of all batches; a cancelled import has labelled what it stored.
    title = tr("Label from {n} class folder", "Label from {n} class folders", len(folder_classes or ()))
    project.join(before, title, labels)
    if not stopped:
        token.report(Progress(done, done, tr("Importing")))
    notes, set_apart = tuple(folder_names.conflicts.values()), len(folder_names.set_apart)
    return replace(report, seconds=eta.seconds, stopped=stopped, notes=notes, set_apart=set_apart)


def _walk(paths: Sequence[Path], folder_classes: Mapping[str, Path] | None, token: CancelToken) -> FileList:
    # To its end before the first file is read, so that the progress bar has a total.
    files, throttle = FileList(), Throttle(BATCH_SECONDS)
    for file in walk(paths, token, folder_classes, files.left_out):
        files.add(file)
        if throttle.due():
            token.checkpoint(Progress(len(files), None, tr("Looking for pictures")))
    return files


def _is_unchanged(file: Found, before: tuple[int, int] | None) -> bool:
    """Whether a file has the mtime in ns and the size in bytes that it had when it was last read."""
    if before is None:
        return False
    with suppress(OSError):
        now = os.stat(file.file)  # noqa: PTH116 - no path object for each of a million known files
        return before == (changed_at(now), now.st_size)
    return False


def _read_ahead(
    pool: ThreadPoolExecutor, files: Iterator[Found], context: ProjectContext, ahead: int
) -> Iterator[ScannedFile | None]:
    """Read files in threads, in order, at most `ahead` in flight; None for a known, unchanged file."""

    def started() -> Iterator[Future[ScannedFile] | ScannedFile | None]:
        while part := list(islice(files, BATCH_FILES)):  # what is known of all at once would take 200 MB per million
            known = context.project.known_paths([os.fsencode(file.file) for file in part])
            for file in part:
                if file.problem is not None:
                    yield ScannedFile(file.path, None, 0, 0, problem=file.problem, reason=file.reason)
                elif file.folder_class is None and _is_unchanged(file, known.get(os.fsencode(file.file))):
                    yield None
                else:
                    yield pool.submit(
                        read_file,
                        file.path,
                        folder_class=file.folder_class,
                        thumbnails=context.thumbnails,
                        image_buffer=context.image_buffer,
                    )

    for entry in fetch_ahead(started(), ahead):
        yield entry.result() if isinstance(entry, Future) else entry


def _batches(scanned: Iterator[ScannedFile | None], token: CancelToken) -> Iterator[tuple[list[ScannedFile], int]]:
    # By count and by time, so that the grid fills evenly with slow and fast files.
    batch: list[ScannedFile] = []
    unchanged = 0
    seconds, since = BATCH_SECONDS, time.monotonic()
    for file in scanned:
        token.raise_if_cancelled()
        if file is None:
            unchanged += 1
        else:
            batch.append(file)
        if len(batch) + unchanged >= BATCH_FILES or time.monotonic() - since > seconds:
            yield batch, unchanged
            batch, unchanged = [], 0
            # The first images come soon; then each batch may take twice as long, as each costs a transaction.
            seconds, since = min(2 * seconds, LONGEST_BATCH_SECONDS), time.monotonic()
    token.raise_if_cancelled()
    if batch or unchanged:
        yield batch, unchanged


def _store_batch(
    project: Project, batch: Sequence[ScannedFile], folder_names: SourceLabels, report: ImportReport
) -> tuple[Changes, ImportReport]:
    if not batch:
        return Changes(), report
    outcome = project.add_files(batch)
    pairs = [(file, image) for file, image in zip(batch, outcome.ids, strict=True) if image not in outcome.problem_ids]
    named = [(file.path, image, file.folder_class) for file, image in pairs if file.folder_class]
    labels = folder_names.label(named) if named else ()
    report = replace(
        report,
        added=report.added + len(outcome.added_ids),
        same_bytes=report.same_bytes + outcome.duplicate_count,
        known=report.known + outcome.known_count,
        problems=report.problems + len(outcome.problem_ids),
        labelled=report.labelled + len(labels),
    )
    return replace(outcome.changes, labels=(*outcome.changes.labels, *labels)), report


class SourceLabels:
    """Labels images as a source says: each gets the first class that is named for it, and an existing label is kept.

    Args:
        context: The project that has the images.
        overwrite: Replace existing labels.
        source: What they are from.

    Attributes:
        conflicts: A sentence for each image that kept another label, by its id.
        set_apart: Ids of the images that were set apart for testing before, and stay that.
    """

    def __init__(
        self, context: ProjectContext, *, overwrite: bool = False, source: LabelSource = LabelSource.FOLDER
    ) -> None:
        self._context, self._overwrite, self._source = context, overwrite, source
        self._classes = {item.id: item.name for item in context.every_class}
        self._ids = {name_key(name): class_id for class_id, name in self._classes.items()}
        self._settled: dict[int, int] = {}
        self.conflicts: dict[int, str] = {}
        self.set_apart: set[int] = set()

    def label(self, named: Sequence[tuple[Path, int, str]]) -> tuple[int, ...]:
        """Label images that are stored, as (file, image id, class name); returns those that were labelled."""
        columns = self._context.index.columns
        # An image in several class folders is named several times.
        where = columns.positions(np.unique([image for _, image, _ in named]))
        where = where[where >= 0]
        where = where[columns.usable[where]]
        self.set_apart.update(columns.ids[where[columns.set_apart[where]]].tolist())
        present = dict(zip(columns.ids[where].tolist(), columns.class_ids[where].tolist(), strict=True))
        fresh: dict[int, int] = {}
        for path, image, name in named:
            wanted, before = self._ids.get(name_key(untranslated(name))), present.get(image)
            if wanted is None or before is None:
                continue
            replaced = before < 0 or self._overwrite
            first = self._settled.setdefault(image, wanted if replaced else before)
            if first != wanted:
                kept, other = self._classes.get(first, "?"), self._classes[wanted]
                sentence = tr(
                    "{path} is labelled '{class_name}' and was not labelled '{other_class}'.",
                    path=path,
                    class_name=kept,
                    other_class=other,
                )
                self.conflicts.setdefault(image, sentence)
            elif before != wanted and replaced:
                fresh[image] = wanted
        there = {item.id for item in self._context.every_class}  # one may have been deleted during the import
        pairs = [pair for pair in fresh.items() if pair[1] in there]
        return self._context.project.assign_many(pairs, self._source, self._overwrite).labels if pairs else ()

    def agrees(self, image: int, name: str) -> bool:
        return image in self._settled and self._settled[image] == self._ids.get(name_key(untranslated(name)))


def add_missing_classes(project: Project, names: Sequence[str], reads: Mapping[str, str] | None = None) -> Changes:
    """Add the classes a project lacks, with what the model reads for them. "Cat" and "cat" are one class."""
    have = {name_key(item.name) for item in project.classes()}
    missing: dict[str, str] = {}
    for name in map(untranslated, names):
        if name_key(name) not in have:
            missing.setdefault(name_key(name), name)
    return project.add_classes(list(missing.values()), reads=reads or {}) if missing else Changes()


@dataclass(frozen=True, eq=False)
class UnsavedImage:
    """An image without a file: the name for one, and the bytes of an image file or (h, w, 3) or (h, w, 4) pixels."""

    name: str
    data: bytes | NDArray[np.uint8]

    def encoded(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else png_bytes(self.data)


def name_from_url(url: str) -> str:
    """A file name from the last part of a URL, without its suffix; empty if it has none."""
    try:
        last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    return clean_name(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last))


def name_from_time(word: str, now: datetime) -> str:
    """A name such as "pasted 2026-11-25 10.31.05"."""
    return f"{word} {now:%Y-%m-%d %H.%M.%S}"


def import_images(context: ProjectContext, images: Sequence[UnsavedImage], token: CancelToken) -> ImportReport:
    """Write images into the project's folder, then import them. Media lane.

    An image whose exact bytes are in the project already is not written again; it counts as a duplicate. Importing
    starts once all are written; if one cannot be written, none is kept. Files that were not imported are removed.

    Raises:
        UserError: The disk is full, the project's folder is not writable, or the bytes are not an image.
    """
    written: list[Path] = []
    try:
        readers = [(image.name, image.encoded) for image in images]
        # `written` grows while this runs, so that what was written before an error can be deleted below.
        outcomes = write_embedded(context, readers, written, token)
        if trouble := next((file for file in outcomes if isinstance(file, str)), ""):
            raise UserError(trouble)
        report = import_paths(context, written, token)
    finally:
        delete_unimported(context, written)
    return replace(report, same_bytes=report.same_bytes + len(images) - len(written))


def unimported_files(context: ProjectContext) -> list[Path]:
    """Files in the project's own folder that have no image, except those the user removed; UserError if unreadable."""
    try:
        return [path for path in context.project.stray_images() if path.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise unreadable(context.project.images_dir, error) from error


def unimported_sentence(count: int) -> str:
    return tr(
        "{n} picture in the project's own folder was left out, as after a power cut. It is taken in again.",
        "{n} pictures in the project's own folder were left out, as after a power cut. They are taken in again.",
        count,
    )


def delete_unimported(context: ProjectContext, written: Sequence[Path]) -> None:
    """Delete files that were not imported because of an error or cancellation: the project does not know them."""
    known = context.project.ids_for_paths(written) if written else []
    for path, image_id in zip(written, known, strict=True):
        if image_id is None:
            with suppress(OSError):
                path.unlink()


def write_embedded(
    context: ProjectContext,
    images: Sequence[tuple[str, Callable[[], bytes]]],
    written: list[Path],
    token: CancelToken,
) -> list[Path | str]:
    """Write the images that are not in the project yet, and append their files to `written`. Media lane.

    Images are a name, of which only the safe part is used, and a function that reads the bytes, so that only one is
    in memory at a time. Remove files that are written but then not imported with `delete_unimported`.

    Returns:
        The file of each image, or the reason why there is none.

    Raises:
        UserError: The disk is full, or the project's folder is not writable.
    """
    context.project.follow_images()
    have = images_by_hash(context)
    new: dict[bytes, Path] = {}
    written_to: list[Path | str] = []
    for number, (name, read) in enumerate(images):
        message = tr("Keeping the picture") if len(images) == 1 else tr("Keeping pictures")
        token.checkpoint(Progress(number, len(images), message))
        try:
            data = read()
            open_image(data)
            suffix = image_suffix(data)
        except UserError as error:
            written_to.append(str(error))
            continue
        except OSError as error:
            written_to.append(error.strerror or str(error))
            continue
        digest = hashlib.sha256(data).digest()
        if digest not in new and (known := have.get(digest.rstrip(b"\0"))) is not None:
            new[digest] = context.project.image_rows([known])[0].existing_place()
        if digest not in new:
            new[digest] = unused_path(context.project.images_dir, clean_name(name) or "picture", suffix)
            with atomic_path(new[digest]) as temporary:
                temporary.write_bytes(data)
            written.append(new[digest])
        written_to.append(new[digest])
    return written_to


def images_by_hash(context: ProjectContext) -> dict[bytes, int]:
    """The usable images with existing files, by the hash of their bytes without trailing zeros."""
    columns = context.index.columns
    here = columns.usable & ~np.isin(columns.ids, context.index.lost.ids)
    return dict(zip(columns.hashes[here].tolist(), columns.ids[here].tolist(), strict=True))
