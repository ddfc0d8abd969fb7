"""Check whether the images' files still exist and are unchanged, and find moved files.

Missing files are tracked in memory only (`ImageIndex.lost`): plugging a drive back in brings them back.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import changed_at
from mma_desktop.core.errors import Cancelled
from mma_desktop.core.events import CancelToken, Changes, Progress, Throttle
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import thread_pool
from mma_desktop.core.types import ProblemKind, ScannedFile
from mma_desktop.media.decoding import read_bytes
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.reader import read_file
from mma_desktop.media.scan import walk
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Ids, Lost

if TYPE_CHECKING:
    from mma_desktop.store.file_locations import ImageFiles

IMAGES_AT_ONCE = 2000  # asked of the database at a time
REPORT_SECONDS = 0.2  # between two reports
BATCH_FILES = 256  # read ahead, and stored at a time
_ALL = np.iinfo(np.int64).max
CHECKING = later("Checking the files")


class _File(Enum):
    """The state of the file at one path."""

    HERE = "here"
    OTHER = "other"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class CheckReport:
    """Image counts of a file check. `unread` could not be checked; `back` could not be read before.

    `again` are files that failed on import and are there now, to be imported again.
    """

    images: int
    missing: int
    changed: int
    unread: int = 0
    back: int = 0
    seconds: float = 0.0
    again: tuple[Path, ...] = ()

    def again_sentence(self) -> str:
        return tr(
            "{n} picture that could not be read is there again. It is imported now.",
            "{n} pictures that could not be read are there again. They are imported now.",
            len(self.again),
        )

    def sentence(self) -> str:
        if not (self.missing or self.changed or self.unread):
            return tr(
                "{n} picture checked: every file is there, as it was.",
                "{n} pictures checked: every file is there, as it was.",
                self.images,
            )
        parts = []
        if self.missing:
            parts.append(tr("{n} picture is missing", "{n} pictures are missing", self.missing))
        if self.changed and parts:
            parts.append(tr("{n} was changed on disk", "{n} were changed on disk", self.changed))
        elif self.changed:
            parts.append(tr("{n} picture was changed on disk", "{n} pictures were changed on disk", self.changed))
        if self.unread and parts:
            parts.append(tr("{n} could not be looked at", "{n} could not be looked at", self.unread))
        elif self.unread:
            parts.append(tr("{n} picture could not be looked at", "{n} pictures could not be looked at", self.unread))
        return tr("{findings}. Labels and what was learned are kept.", findings=", ".join(parts))


@dataclass(frozen=True)
class FindReport:
    """Image counts of a search for missing files."""

    found: int
    wanted: int
    stopped: bool = False

    def sentence(self) -> str:
        if not self.wanted:
            return tr("No picture is missing.")
        report = tr(
            "{found:,} of {n} picture found again",
            "{found:,} of {n} pictures found again",
            self.wanted,
            found=self.found,
        )
        if self.stopped:
            return tr("{report} (stopped).", report=report)
        left = self.wanted - self.found
        if not left:
            return f"{report}."
        return tr("{report}; {n} is not in that folder.", "{report}; {n} are not in that folder.", left, report=report)


class FileCheck:
    """Checks the file of every image, or `only` of some, by size and mtime; by content only if just the mtime differs.

    An image whose file could not be read before and is back is no longer a problem. Without `hashing`, files whose
    mtime differs count as unchanged but for the first `few`, so that opening a project never reads many whole files
    from a slow drive; files known to be changed are read in any case.
    """

    def __init__(self, context: ProjectContext, *, hashing: bool = True, few: int = 0, only: Ids | None = None) -> None:
        self._context = context
        self._hashing = hashing
        self._few = few
        self._only = only
        self._known_changed = frozenset(context.index.lost.changed.tolist())
        self._after = 0
        self._done = 0
        self._missing: list[int] = []
        self._changed: list[int] = []
        self._unread = 0
        self._back = 0

    def run(self, token: CancelToken) -> CheckReport:
        """Run the check. A second call resumes where the first one stopped, skipping files found meanwhile.

        Reports `Progress`, now and then with the `Changes` of images that can be read again.

        Returns:
            The counts. The image index then knows which images are lost.
        """
        if self._after:
            lost = self._context.index.lost
            # Files may have been found or lost by another check since the first call stopped.
            self._missing, self._changed = (ids[self._is_checked(ids)].tolist() for ids in (lost.missing, lost.changed))
        try:
            report = self._check_all(token)
            return report if self._only is not None else self._with_failed(report, token)
        finally:
            self._publish()

    def _check_all(self, token: CancelToken) -> CheckReport:
        started, throttle = time.monotonic(), Throttle(REPORT_SECONDS)
        columns = self._context.index.columns
        wanted = (columns.hashes != b"") & (columns.ids > self._after)  # files that never were images are not checked
        if self._only is not None:
            wanted &= np.isin(columns.ids, self._only)
        ids = columns.ids[wanted]
        total = self._done + len(ids)
        for part in token.slices(len(ids), IMAGES_AT_ONCE):
            times: list[tuple[int, int]] = []
            back: list[int] = []
            for image in self._context.project.files_of(ids[part].tolist()):
                token.raise_if_cancelled()
                self._check_image(image, times, back)
                self._after = image.id
                self._done += 1
                if throttle.due():
                    token.checkpoint(Progress(self._done, total, tr(CHECKING), changes=self._store(times, back)))
            token.checkpoint(Progress(self._done, total, tr(CHECKING), changes=self._store(times, back)))
        self._after = _ALL
        return CheckReport(
            self._done, len(self._missing), len(self._changed), self._unread, self._back, time.monotonic() - started
        )

    def _with_failed(self, report: CheckReport, token: CancelToken) -> CheckReport:
        failed, again = self._context.project.failed_files(), []
        for path, kind in failed:
            token.raise_if_cancelled()
            # As above: what is there but could not be read is tried again only if the user asks.
            if (self._hashing or kind is ProblemKind.VANISHED) and os.path.exists(path):  # noqa: PTH110 - never raises
                again.append(path)
        left = len(failed) - len(again)
        return replace(report, images=report.images + left, unread=report.unread + left, again=tuple(again))

    def _check_image(self, image: ImageFiles, times: list[tuple[int, int]], back: list[int]) -> None:
        states: set[_File] = set()
        for place, path, mtime in image.places:
            state, now = self._check_file(image, path, mtime)
            if state is _File.HERE:
                # Read anew and the same bytes: with the new time, the next check needs no look inside.
                if now != mtime:
                    times.append((place, now))
                if image.problem is ProblemKind.VANISHED or (image.problem is not None and self._hashing):
                    back.append(image.id)
                return
            states.add(state)
        if not image.places and image.last_path is not None and os.path.exists(image.last_path):  # noqa: PTH110 - bytes
            states.add(_File.OTHER)
        if _File.UNREADABLE in states:
            self._unread += 1
        elif _File.OTHER in states:
            self._changed.append(image.id)
        else:
            self._missing.append(image.id)

    def _check_file(self, image: ImageFiles, path: bytes, mtime: int) -> tuple[_File, int]:
        """The state of the file at a path, and the mtime to store for it."""
        try:
            status = os.stat(path)  # noqa: PTH116 - the file system's own bytes
        except OSError as error:
            # Any other error, such as a drive that does not answer, does not tell that the file is gone.
            gone = error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
            return (_File.GONE if gone else _File.UNREADABLE), mtime
        if not stat.S_ISREG(status.st_mode):
            return _File.GONE, mtime
        # The size comes with the time, and rules out the same content without reading it.
        if status.st_size != image.size:
            return _File.OTHER, mtime
        same_time = changed_at(status) == mtime
        # An unchanged mtime does not clear an unreadable file, unless it was only missing.
        known = same_time and image.problem in {None, ProblemKind.VANISHED}
        reading = self._hashing or image.problem is ProblemKind.VANISHED or image.id in self._known_changed
        if not known and not reading and self._few:
            reading, self._few = True, self._few - 1
        if known or not reading:
            return _File.HERE, mtime
        try:
            data, status = read_bytes(Path(os.fsdecode(path)))
        except ImageError as error:
            return (_File.GONE if error.kind is ProblemKind.VANISHED else _File.UNREADABLE), mtime
        same = hashlib.sha256(data).digest() == image.content_hash
        return (_File.HERE, changed_at(status)) if same else (_File.OTHER, mtime)

    def _store(self, times: list[tuple[int, int]], back: list[int]) -> Changes | None:
        # So that the next check need not read those files again.
        if not times and not back:
            return None
        changes = self._context.project.note_files(times, back)
        self._back += len(back)
        times.clear()
        back.clear()
        return changes

    def _publish(self) -> None:
        # Images not checked yet keep their state.
        before = self._context.index.lost
        pairs = ((before.missing, self._missing), (before.changed, self._changed))
        parts = [np.union1d(old[~self._is_checked(old)], np.array(new, np.int64)) for old, new in pairs]
        self._context.index.lost = Lost(*parts)

    def _is_checked(self, ids: Ids) -> NDArray[np.bool_]:
        looked: NDArray[np.bool_] = ids <= self._after
        return looked if self._only is None else looked & np.isin(ids, self._only)


def recheck_lost(context: ProjectContext, token: CancelToken) -> int:
    """After an import: how many lost images were found among the new files?"""
    lost = context.index.lost.ids
    if not len(lost):
        return 0
    FileCheck(context, hashing=False, only=lost).run(token)
    back = len(lost) - len(context.index.lost.ids)
    if back:
        token.checkpoint(Progress(back, back, tr(CHECKING), changes=Changes(files=True)))
    return back


def clear_problems_of_embedded(context: ProjectContext, changes: Changes) -> Changes:
    """Clear the problem of unreadable images that have features of the current backbone."""
    # They became problems under another backbone; with features they need no file.
    columns = context.index.columns
    where = np.flatnonzero(columns.problems & (columns.hashes != b""))
    back = columns.ids[where[context.engine.embedded(columns.hashes[where])]]
    if not len(back):
        return changes
    context.project.note_files([], back.tolist())
    return replace(changes, embeddings=True, labels=(*changes.labels, *back.tolist()))


def find_missing(context: ProjectContext, folders: Sequence[Path], token: CancelToken) -> FindReport:
    """Search folders for the files of missing and changed images by content, and store their paths.

    Only files with the size of a lost one are read. If cancelled, it keeps what it found.

    Reports `Progress`, with the `Changes` of what was found.
    """
    FileCheck(context, hashing=False).run(token)
    lost = context.index.lost.ids
    rows = context.project.files_of(lost.tolist())
    hashes = {row.content_hash for row in rows}
    sizes = {row.size for row in rows}
    stopped = False
    try:
        if hashes:
            _search(context, folders, hashes, sizes, token)
    except Cancelled:
        stopped = True
    back = recheck_lost(context, CancelToken(token.report))  # also after a stop
    return FindReport(back, len(rows), stopped)


def _search(
    context: ProjectContext, folders: Sequence[Path], hashes: set[bytes], sizes: set[int], token: CancelToken
) -> None:
    workers = os.cpu_count() or 1
    reading: deque[Future[ScannedFile]] = deque()
    looked, throttle = 0, Throttle(REPORT_SECONDS)
    message = tr("Looking for {n} picture", "Looking for {n} pictures", len(hashes))
    with thread_pool(workers, "mma-find") as pool:
        for file in walk(folders, token):
            looked += 1
            if file.problem is None and _size(file.path) in sizes:
                reading.append(pool.submit(read_file, file.path, None, context.thumbnails))
            if len(reading) >= BATCH_FILES or throttle.due():
                token.checkpoint(Progress(looked, None, message, changes=_store_found(context, reading, hashes)))
                if not hashes:
                    return
        token.checkpoint(Progress(looked, looked, message, changes=_store_found(context, reading, hashes)))


def _store_found(context: ProjectContext, reading: deque[Future[ScannedFile]], hashes: set[bytes]) -> Changes | None:
    """Store the paths of wanted files that have been read, and remove their hashes from `hashes`."""
    files = [future.result() for future in reading]
    reading.clear()
    wanted = [file for file in files if file.problem is None and file.content_hash in hashes]
    if not wanted:
        return None
    hashes.difference_update(file.content_hash for file in wanted if file.content_hash is not None)
    return context.project.add_files(wanted).changes


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
