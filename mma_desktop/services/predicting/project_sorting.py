"""Sort a project's pictures into folders, or write their keywords: by label if there is one, else by prediction."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.media.copy_export import FileStamp
from mma_desktop.services.image_index import Ids, looked_up
from mma_desktop.services.predicting.sidecars import KeywordReport, write_keywords
from mma_desktop.services.predicting.sorting import (
    Folders,
    Follow,
    Item,
    Sorting,
    UndoReport,
    Way,
    shown,
    sort_files,
    undo_sort,
)
from mma_desktop.services.project_factory import open_project

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext
    from mma_desktop.store.file_locations import ImageFiles

ROWS = 1000
NONE, UNSURE, _UNKNOWN = -1, -2, -3
"""Used in place of class ids: rejected as "None of these"; below the confidence limit; no prediction."""


Counts = list[tuple[str, int]]


def sort_targets(context: ProjectContext, limit: float, *, labelled: bool) -> tuple[Ids, Ids]:
    """The images to sort, each with its class id, or `NONE` or `UNSURE`.

    Predictions below the confidence `limit` (0 to 1) are unsure. With `labelled`, labelled images are sorted as well,
    by their label.
    """
    columns, guesses = context.index.columns, context.guesses
    ids = columns.ids[columns.usable & (labelled | ~columns.labelled)]
    found = np.full(len(ids), _UNKNOWN, np.int64)
    if guesses is not None:
        where = guesses.positions(ids)
        found = looked_up(guesses.best_class, where, _UNKNOWN)
        found[looked_up(guesses.best_confidence, where, 1) < np.float64(limit)] = UNSURE
        found[looked_up(guesses.rejected, where, False)] = NONE
    classes = columns.class_ids[columns.positions(ids)]
    found = np.where(classes >= 0, classes, found)
    if context.none_of_these is not None:
        found[found == context.none_of_these.id] = NONE
    keep = np.isin(found, [NONE, UNSURE, *(one.id for one in context.classes)])
    return ids[keep], found[keep]


def folder_counts(context: ProjectContext, limit: float, *, labelled: bool) -> Counts:
    """Number of pictures per folder, as (name, number): the classes in order, then None of these and Unsure."""
    _, found = sort_targets(context, limit, labelled=labelled)
    numbers = dict(zip(*(part.tolist() for part in np.unique(found, return_counts=True)), strict=True))
    folders = Folders.of(one.name for one in context.classes)
    by_class = [(folders.by_class[one.name], numbers.get(one.id, 0)) for one in context.classes]
    return [*by_class, (folders.none, numbers.get(NONE, 0)), (folders.unsure, numbers.get(UNSURE, 0))]


def sort_project(
    context: ProjectContext, out: Path, way: Way, limit: float, token: CancelToken, *, labelled: bool
) -> Sorting:
    """Sort a project's pictures into folders; see `sort_targets` and `sort_files`.

    Paths of moved pictures are updated in the project. Pictures inside the project's own folder are not moved.

    Raises:
        UserError: There is no prediction or label yet, or nothing can be sorted there.
    """
    ids, found = sort_targets(context, limit, labelled=labelled)
    if not len(ids):
        raise UserError(tr("There are no predictions to sort by yet."))
    folders = Folders.of(one.name for one in context.classes)
    names = {one.id: folders.by_class[one.name] for one in context.classes} | {
        NONE: folders.none,
        UNSURE: folders.unsure,
    }
    left_out: list[str] = []
    reason = tr("it is kept in the project, so it can only be copied")

    def items() -> Iterator[Item]:
        for answer, placed in _with_files(context, ids, found):
            files = _files(placed)
            for path, known in files if way is Way.MOVE else files[:1]:
                if way is Way.MOVE and path.is_relative_to(context.project.folder):
                    left_out.append(f"{shown(path)}: {reason}")
                else:
                    yield Item(path, names[answer], known)

    follow = context.project.move_files
    return sort_files(
        items(), len(ids), folders, out, way, token, left_out=left_out, project=context.project.folder, follow=follow
    )


def _with_files(context: ProjectContext, ids: Ids, found: Ids) -> Iterator[tuple[int, ImageFiles]]:
    """The answer (class id, `NONE` or `UNSURE`) and the files of each image."""
    for start in range(0, len(ids), ROWS):
        part = ids[start : start + ROWS].tolist()
        by_id = dict(zip(part, found[start : start + ROWS].tolist(), strict=True))
        for one in context.project.files_of(part):
            yield by_id[one.id], one


def _files(placed: ImageFiles) -> list[tuple[Path, FileStamp]]:
    """The existing files of an image, unchanged ones first; a missing one if none exists."""
    files = [
        (Path(os.fsdecode(path)), FileStamp(placed.size, mtime, placed.content_hash))
        for _, path, mtime in placed.places
    ]
    here = sorted((one for one in files if one[0].is_file()), key=lambda one: not one[1].looks_like(one[0]))
    return here or files[:1]


def write_project_keywords(
    context: ProjectContext, limit: float, token: CancelToken, *, labelled: bool
) -> Generator[Progress, None, KeywordReport]:
    """Write the class of each picture as a keyword beside it; unsure and rejected ones get none. See `sort_targets`.

    Raises:
        UserError: There is no picture to write a keyword for.
    """
    ids, found = sort_targets(context, limit, labelled=labelled)
    ids, found = ids[found >= 0], found[found >= 0]
    if not len(ids):
        raise UserError(tr("No prediction reaches this limit."))
    names = {one.id: one.name for one in context.classes}
    inside: list[str] = []
    reason = tr("it is kept in the project")

    def pictures() -> Iterator[tuple[Path, str]]:
        for answer, placed in _with_files(context, ids, found):
            for path, _ in _files(placed):
                if path.is_relative_to(context.project.folder):
                    inside.append(f"{shown(path)}: {reason}")
                else:
                    yield path, names[answer]

    report = yield from write_keywords(pictures(), len(ids), token)
    report.left_out += inside
    return report


def undo_project_sort(
    context: ProjectContext | None, out: Path, token: CancelToken
) -> Generator[Progress, None, UndoReport]:
    """Undo the last sort into a folder, see `undo_sort`; paths are updated in the project whose pictures were moved.

    That project is opened for it, unless it is the open one, `context`.
    """
    opened: list[ProjectContext] = []

    def find_follow(folder: Path) -> Follow:
        if context is not None and context.project.folder == folder:
            return context.project.move_files
        opened.append(open_project(folder))
        return opened[0].project.move_files

    try:
        return (yield from undo_sort(out, token, find_follow))
    finally:
        for one in opened:
            one.close()
