"""Exports from a project: the adapter, and labels, predictions and pictures in the formats of other tools."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.atomic_io import copy_file
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Ranked, Use
from mma_desktop.media.copy_export import FileStamp
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Format, Images, Outgoing, PictureEntry, Written
from mma_desktop.services.formats.kinds import csv_table
from mma_desktop.services.image_index import Filter, Ids, Order, Show
from mma_desktop.services.training.learning import used
from mma_desktop.services.training.snapshot import newest_request, uses_of

if TYPE_CHECKING:
    from mma_desktop.store.file_locations import ImageFiles

ROWS = 1000
ZERO_SHOT, FROM_LABELS, FROM_NAMES = "zero-shot", "labels", "names"
"""Predictions without a training: by the image model, or by the learning model, which may be from names alone."""


class Splits(StrEnum):
    """Which uses to export: none, those marked on labels, or all as a training divides the labels."""

    NONE = "none"
    MARKED = "marked"
    ALL = "all"


def _predictions(context: ProjectContext) -> Mapping[int, Ranked]:
    """Best prediction by image id; if rejected, "None of these" with the confidence of the best class."""
    guesses = context.guesses
    if guesses is None:
        return {}
    names = {item.id: item.name for item in context.classes}
    parts = (guesses.image_ids, guesses.best_class, guesses.best_confidence, guesses.rejected)
    return {
        image_id: Ranked(NONE_OF_THESE if rejected else names[class_id], chance)
        for image_id, class_id, chance, rejected in zip(*(part.tolist() for part in parts), strict=True)
        if class_id in names
    }


def _predicted_by(context: ProjectContext) -> str:
    """What made the predictions, for other programs: not translated."""
    if context.guesses is None or context.guesses.adapted_class is None:
        return ZERO_SHOT
    if (learned := used(context)) is not None:
        return FROM_NAMES if learned.run.names_alone else FROM_LABELS
    return next((run.name for run in context.project.runs() if context.is_current(run)), FROM_LABELS)


def placed_images(context: ProjectContext, ids: Ids) -> Iterator[tuple[int, ImageFiles]]:
    """The position in `ids` and the files of each image whose content is known."""
    for start in range(0, len(ids), ROWS):
        part = ids[start : start + ROWS].tolist()
        placed = {image.id: image for image in context.project.files_of(part)}
        yield from ((start + at, placed[number]) for at, number in enumerate(part) if number in placed)


def files_of(image: ImageFiles) -> list[tuple[Path, FileStamp]]:
    """The existing files of an image, unchanged ones first; a missing one if none exists."""
    files = [
        (Path(os.fsdecode(path)), FileStamp(image.size, mtime, image.content_hash)) for _, path, mtime in image.places
    ]
    if len(files) < 2:
        return files
    here = sorted((file for file in files if file[0].is_file()), key=lambda file: not file[1].looks_like(file[0]))
    return here or files[:1]


def file_of(image: ImageFiles) -> list[tuple[Path, FileStamp]]:
    """The best of `files_of`; of an image that has none, where it was seen last, so that it can be reported."""
    if image.places or image.last_path is None:
        return files_of(image)[:1]
    return [(Path(os.fsdecode(image.last_path)), FileStamp(image.size, None, image.content_hash))]


def _outgoing(context: ProjectContext, ids: Ids, splits: Splits) -> Outgoing:
    """The images to export, in the order of `ids`; files with a problem are left out."""
    names = {item.id: item.name for item in context.every_class}
    found = _predictions(context)
    uses = uses_of(context, newest_request(context.project.runs())) if splits is Splits.ALL else {}
    columns = context.index.columns
    among = np.isin(columns.ids, ids)
    marked = splits is not Splits.NONE and bool((columns.uses[among & columns.labelled] >= 0).any())

    where = columns.positions(ids)
    class_ids, own_uses = columns.class_ids[where].tolist(), columns.uses[where].tolist()
    use_names = list(Use)

    def entries() -> Iterator[PictureEntry]:
        for at, image in placed_images(context, ids):
            if image.problem is not None:
                continue
            use = uses.get(image.id) if own_uses[at] < 0 else use_names[own_uses[at]]
            use = None if splits is Splits.NONE else use
            guess = found.get(image.id)
            name, sure = (None, None) if guess is None else (guess.class_name, guess.confidence)
            for path, known in file_of(image):
                yield PictureEntry(path, names.get(class_ids[at]), use, name, sure, known)

    reads = {item.name: item.reads for item in context.classes if item.reads}
    by = _predicted_by(context) if found else ""
    return Outgoing(entries, len(ids), list(names.values()), marked or bool(uses), reads, by)


def export(
    context: ProjectContext,
    chosen: Format,
    out: Path,
    token: CancelToken,
    images: Images = Images.COPY,
    *,
    overwrite: bool = False,
    splits: Splits = Splits.MARKED,
    labelled_only: bool = True,
    none: bool = True,
) -> Written:
    """Write a project's images, labels, uses and predictions in the format of another tool. Media lane.

    Images without a label are left out if `labelled_only`, and always by formats that need labels. "None of these" is
    a class like others, or its images are left out too without `none`. Without splits, nothing would tell what is set
    apart for testing from what may be trained on, so that is left out.

    Raises:
        UserError: There is nothing to write, the format cannot be written, or the target exists or cannot be created.
        Cancelled: `token` was set; nothing is left behind.
    """
    if chosen.write is None:
        raise UserError.tr("{format} can only be read. Choose another format.", format=tr(chosen.title))
    check_images(chosen, images)
    labelled_only = labelled_only or not chosen.unlabelled
    ids = context.select(Filter(Show.LABELLED if labelled_only else Show.ALL, order=Order.NAME))
    left = None if none else context.none_of_these
    if left is not None:
        ids = ids[~np.isin(ids, context.select(Filter(Show.CLASS, left.id)))]
    columns = context.index.columns
    apart = np.isin(ids, columns.ids[columns.set_apart]) & (splits is Splits.NONE)
    ids = ids[~apart]
    if not len(ids):
        if labelled_only:
            raise UserError.tr("There is no labelled picture to write yet.")
        raise UserError.tr("There is no picture to write yet.")
    outgoing = replace(_outgoing(context, ids, splits), images=images, overwrite=overwrite)
    if left is not None:
        outgoing = replace(outgoing, classes=[item.name for item in context.classes])
    written, sentences = chosen.write(outgoing, out, token), list[str]()
    if n := int(apart.sum()):
        sentences.append(
            tr(
                "{n} picture that is set apart for testing is left out.",
                "{n} pictures that are set apart for testing are left out.",
                n,
            )
        )
    if n := int(np.count_nonzero(~columns.usable & (columns.labelled | (not labelled_only)))):
        sentences.append(tr("{n} file with a problem is left out.", "{n} files with a problem are left out.", n))
    return replace(written, sentence=" ".join([written.sentence, *sentences]))


def check_images(chosen: Format, images: Images) -> None:
    """Check that a format can be written with the pictures in this way.

    Raises:
        UserError: It cannot.
    """
    if images not in chosen.images:
        ways = ", ".join(way.value for way in chosen.images)
        raise UserError.tr(
            "{format} cannot be written with pictures '{choice}'. There is: {ways}.",
            format=tr(chosen.title),
            choice=images.value,
            ways=ways,
        )


def predictions(context: ProjectContext, out: Path) -> Path:
    """Write the predictions of the unlabelled images as a CSV table, replacing an existing one."""
    found = _predictions(context)
    ids: Ids = context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE))
    ids = ids[np.isin(ids, np.fromiter(found, np.int64))]
    if not len(ids):
        raise UserError.tr("There is no prediction of an unlabelled picture to write yet.")
    outgoing = replace(_outgoing(context, ids, Splits.NONE), overwrite=True)
    return csv_table.write(outgoing, out, CancelToken()).path


def adapter(context: ProjectContext, run_id: int, out: Path) -> Path:
    run = context.project.run(run_id)
    source = context.project.checkpoint_path(run)
    if not source.is_file():
        raise UserError.tr("The file of '{run}' is gone from the project folder: train it again.", run=run.name)
    copy_file(source, out)
    return out
