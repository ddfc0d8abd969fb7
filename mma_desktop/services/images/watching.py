"""Watched folders: which of their images are new to the project and completely written.

A new image is imported once two scans, `STABLE_SECONDS` apart, saw the same size and mtime.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from mma_desktop.core.atomic_io import changed_at
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import names_project, start_of
from mma_desktop.core.safe_json import strings
from mma_desktop.core.types import WATCHED_FOLDERS, WATCHED_REMOVED
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.scan import walk
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import looked_up
from mma_desktop.services.images.importing import ImportReport, import_paths

STABLE_SECONDS = 1.0  # a camera or browser writes more often than that
FILES_AT_ONCE = 256  # asked of the database at a time
# Maximum number of folders watched by events; new files in the others are found by the next scan.
MAX_PLACES = 1000

_State = tuple[int, int]
"""mtime in ns and size in bytes."""


@dataclass
class WatchedFiles:
    """What was seen in the watched folders since the project was opened, by path.

    Attributes:
        imported: Each file that was imported, successfully or not, in its state then.
        growing: Each new file in its last state, and since when (monotonic seconds) it has been in it.
    """

    imported: dict[str, _State] = field(default_factory=dict)
    growing: dict[str, tuple[_State, float]] = field(default_factory=dict)


@dataclass
class ScanResult:
    """New images that are completely written (`ready`), and how many may still be being written (`waiting`).

    `missing` are watched folders that do not exist, `places` the folders, with subfolders, in which files may appear.
    """

    ready: list[Path] = field(default_factory=list)
    waiting: int = 0
    missing: list[Path] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    seconds: float = 0.0


def watched_folders(context: ProjectContext) -> list[Path]:
    folders = [Path(text) for text in strings(context.project.setting(WATCHED_FOLDERS)) if "\0" not in text]
    return [folder for folder in folders if folder.is_absolute()]


def why_not_watchable(context: ProjectContext, folder: Path) -> str:
    """Why a folder cannot be watched in addition to the others, as a sentence; empty if it can."""
    real = os.path.realpath(folder)
    for watched in watched_folders(context):
        if start_of(real).startswith(start_of(os.path.realpath(watched))):
            return tr("{folder} is already watched.", folder=folder)
    if start_of(real).startswith(start_of(os.path.realpath(context.project.folder))):
        return tr("{folder} belongs to the project itself. Choose another folder.", folder=folder)
    return ""


def watch(context: ProjectContext, folders: Sequence[Path]) -> Changes:
    """Watch exactly these folders. Folders inside another one are left out."""
    starts = {start_of(folder): folder for folder in folders}
    kept = [
        folder
        for start, folder in starts.items()
        if not any(start != other and start.startswith(other) for other in starts)
    ]
    project = context.project
    inside = tuple(start_of(folder) for folder in kept)
    removed = [path for path in strings(project.setting(WATCHED_REMOVED)) if path.startswith(inside)]
    project.set_setting(WATCHED_REMOVED, removed or None)
    return project.set_setting(WATCHED_FOLDERS, [str(folder) for folder in kept] or None)


def scan_folders(context: ProjectContext, token: CancelToken) -> ScanResult:
    """Scan the watched folders for new files. Media lane."""
    seen, result, began = context.state_of(WatchedFiles), ScanResult(), time.monotonic()
    removed = set(strings(context.project.setting(WATCHED_REMOVED)))
    there: list[Path] = []
    for folder in watched_folders(context):
        (there if os.path.isdir(folder) else result.missing).append(folder)  # noqa: PTH112 - Path.is_dir raises
    files = (
        image.file
        for image in walk(there, token, left_out=Counter())
        if image.problem is None and os.path.splitext(image.file)[1].lower() in SUFFIXES  # noqa: PTH122 - as in the walk
    )
    waiting: set[str] = set()
    while part := list(islice(files, FILES_AT_ONCE)):
        _classify_files(context, seen, [file for file in part if file not in removed], result, waiting)
        token.checkpoint(Progress(0, None, tr("Looking for pictures")))
    new = waiting | set(map(str, result.ready))
    seen.growing = {file: state for file, state in seen.growing.items() if file in new}
    result.waiting = len(waiting)
    result.places = list(islice(_subfolders(there, token), MAX_PLACES))
    result.seconds = time.monotonic() - began
    return result


def _classify_files(
    context: ProjectContext, seen: WatchedFiles, files: Sequence[str], result: ScanResult, waiting: set[str]
) -> None:
    """Classify each file as ready or waiting, or leave it out."""
    columns = context.index.columns
    ids = context.project.ids_for_paths([Path(file) for file in files])
    where = columns.positions(np.array([-1 if image is None else image for image in ids], np.int64))
    labelled = looked_up(columns.labelled, where, False)
    moment = time.monotonic()
    for file, image_id, is_labelled in zip(files, ids, labelled.tolist(), strict=True):
        # An image is read again only if the file grew since its import, and never if that would cost a label.
        if image_id is not None and (is_labelled or file not in seen.imported):
            continue
        try:
            status = os.stat(file)  # noqa: PTH116 - no path object for each of a million known files
        except OSError:
            continue  # deleted during the scan
        now = (changed_at(status), status.st_size)
        if seen.imported.get(file) == now:
            continue
        state, since = seen.growing.get(file, (None, moment))
        if state == now and moment - since >= STABLE_SECONDS:
            result.ready.append(Path(file))
        else:
            seen.growing[file] = (now, since if state == now else moment)
            waiting.add(file)


def _subfolders(folders: Sequence[Path], token: CancelToken) -> Generator[str, None, None]:
    for folder in folders:
        for place, below, _ in os.walk(folder):
            token.raise_if_cancelled()
            below[:] = sorted(folder for folder in below if not folder.startswith(".") and not names_project(folder))
            yield place


def import_new(context: ProjectContext, files: Sequence[Path], token: CancelToken) -> ImportReport:
    """Import the ready files of a scan. Media lane."""
    seen = context.state_of(WatchedFiles)
    there = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        seen.imported[str(file)] = (changed_at(status), status.st_size)
        there.append(file)
    report = import_paths(context, there, token)
    return replace(report, live=True)
