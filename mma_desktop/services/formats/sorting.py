"""Put predictions to use: sort images into a new folder, or write their class as a keyword beside them.

The images are copied or linked, never moved or changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from mma_desktop.core.atomic_io import check_writable
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import full_path
from mma_desktop.media.copy_export import check_free, collision_key, unused_name
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import ImageEntry, Images, Outgoing, Written
from mma_desktop.services.formats.exporting import file_of, files_of, placed_images
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.kinds.xmp_keywords import KeywordReport, write_keywords
from mma_desktop.services.image_index import Ids, looked_up

NONE, UNSURE, _UNKNOWN = -1, -2, -3
"""Used in place of class ids: rejected as "None of these"; below the confidence limit; no prediction."""

_UNSURE = later("Unsure", "folder of pictures whose prediction is below the confidence limit")

Counts = list[tuple[str, int]]


def none_and_unsure(classes: Sequence[str]) -> tuple[str, str]:
    """What rejected and unsure images are sorted as. A class "Unsure" has a folder of its own.

    The first is English in every language, so that the folder is read as what it is.
    """
    taken = {collision_key(name, stem=False): 1 for name in classes}
    return NONE_OF_THESE, unused_name(taken, tr(_UNSURE))


def check_target(out: Path) -> None:
    """Check early that images can be sorted into a new folder. Writes nothing.

    Raises:
        UserError: There is something already, or it cannot be made.
    """
    check_free(full_path(out))
    check_writable(full_path(out) / image_folder.CLASSES)


def sort_files(
    entries: Callable[[], Iterator[ImageEntry]],
    total: int,
    classes: Sequence[str],
    out: Path,
    images: Images,
    token: CancelToken,
) -> Written:
    """Put images into a new folder, by the label of each: one of the classes, or of `none_and_unsure`.

    The folder appears once it is complete. Images that are gone or have changed are left out and reported.

    Raises:
        UserError: There is no image to sort, or the folder exists or cannot be written. Nothing is left behind.
        Cancelled: `token` was set; nothing is left behind.
    """
    if not total:
        raise UserError.tr("There is no picture to sort.")
    names = list(dict.fromkeys((*classes, *none_and_unsure(classes))))
    outgoing = Outgoing(entries, total, names, divided=False, images=images)
    return image_folder.write(outgoing, full_path(out), token, readable=frozenset())


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
    keep = np.isin(found, [NONE, UNSURE, *(item.id for item in context.classes)])
    return ids[keep], found[keep]


def _names(context: ProjectContext) -> dict[int, str]:
    """What images are sorted as, by class id: the classes in order, then None of these and Unsure."""
    none, unsure = none_and_unsure([item.name for item in context.classes])
    return {item.id: item.name for item in context.classes} | {NONE: none, UNSURE: unsure}


def sorted_counts(context: ProjectContext, limit: float, *, labelled: bool) -> Counts:
    """Number of images by what they are sorted as: the classes in order, then None of these and Unsure."""
    _, found = sort_targets(context, limit, labelled=labelled)
    numbers = dict(zip(*(part.tolist() for part in np.unique(found, return_counts=True)), strict=True))
    return [(name, numbers.get(number, 0)) for number, name in _names(context).items()]


def sort_project(
    context: ProjectContext, out: Path, images: Images, limit: float, token: CancelToken, *, labelled: bool
) -> Written:
    """Sort a project's images into a new folder; see `sort_targets` and `sort_files`."""
    ids, found = sort_targets(context, limit, labelled=labelled)
    names = _names(context)

    def entries() -> Iterator[ImageEntry]:
        for at, image in placed_images(context, ids):
            for path, known in file_of(image):
                yield ImageEntry(path, names[found[at]], known=known)

    return sort_files(entries, len(ids), [item.name for item in context.classes], out, images, token)


def write_project_keywords(
    context: ProjectContext, limit: float, token: CancelToken, *, labelled: bool
) -> KeywordReport:
    """Write the class of each image as a keyword beside it; unsure and rejected ones get none. See `sort_targets`.

    Raises:
        UserError: There is no image to write a keyword for.
    """
    ids, found = sort_targets(context, limit, labelled=labelled)
    ids, found = ids[found >= 0], found[found >= 0]
    if not len(ids):
        raise UserError.tr("No prediction reaches this limit.")
    names = _names(context)
    inside: list[str] = []
    reason = tr("it is kept in the project")

    def pictures() -> Iterator[tuple[Path, str]]:
        for at, image in placed_images(context, ids):
            for path, _ in files_of(image):
                if path.is_relative_to(context.project.folder):
                    inside.append(f"{os.fsencode(path).decode('utf-8', 'replace')}: {reason}")
                else:
                    yield path, names[found[at]]

    report = write_keywords(pictures(), len(ids), token)
    report.left_out += inside
    return report
