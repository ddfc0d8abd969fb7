"""Exports from a project: the adapter, features, images with labels and predictions, sorted folders and keywords.

Images are copied or linked, never moved or changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core import inputs
from mma_desktop.core.atomic_io import check_writable, copy_file
from mma_desktop.core.class_names import NONE_OF_THESE
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import ImageClass, Ranked, Role, TrainRequest, Use
from mma_desktop.media.copy_export import FileStamp, check_empty, collision_key, unused_name
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import ExportData, ExportResult, Format, ImageEntry, Images
from mma_desktop.services.formats.kinds import csv_table, image_folder
from mma_desktop.services.formats.kinds.xmp_keywords import KeywordReport, write_keywords
from mma_desktop.services.image_index import Columns, Filter, Ids, Order, Show, indices_in, looked_up
from mma_desktop.services.images.embedding import embed_images
from mma_desktop.services.predicting import model_in_use
from mma_desktop.services.training.learning import used
from mma_desktop.services.training.snapshot import divided, newest_request, uses_of
from mma_desktop.version import __version__

if TYPE_CHECKING:
    from mma_desktop.store.file_locations import ImageFiles


ROWS_AT_ONCE = 1000  # images asked of the database at a time
# Predictions without a training: by the image model, or by the learning model, which may be from names alone.
ZERO_SHOT, FROM_LABELS, FROM_NAMES = "zero-shot", "labels", "names"


class Splits(StrEnum):
    """Which uses to export: none, those marked on labels, or all as a training divides the labels."""

    NONE = "none"
    MARKED = "marked"
    ALL = "all"


def _predictions(context: ProjectContext) -> Mapping[int, Ranked]:
    """Best prediction by image id; if rejected, None of these with the confidence of the best class."""
    if (shown := context.predictions) is None:
        return {}
    names = {item.id: item.name for item in context.classes}
    parts = shown.image_ids, shown.best_class, shown.best_confidence, shown.rejected
    return {
        image_id: Ranked(tr(NONE_OF_THESE) if rejected else names[class_id], chance)
        for image_id, class_id, chance, rejected in zip(*(part.tolist() for part in parts), strict=True)
        if class_id in names
    }


def _predicted_by(context: ProjectContext) -> str:
    """What made the predictions, for other programs: not translated."""
    if context.predictions is None or context.predictions.adapted_class is None:
        return ZERO_SHOT
    if (learned := used(context)) is not None:
        return FROM_NAMES if learned.run.names_alone else FROM_LABELS
    # Not every model in use has a run that is kept.
    return next((run.name for run in context.project.runs() if context.is_current(run)), FROM_LABELS)


def images_with_files(context: ProjectContext, ids: Ids) -> Iterator[tuple[int, ImageFiles]]:
    """The position in `ids` and the files of each image whose content is known."""
    for start in range(0, len(ids), ROWS_AT_ONCE):
        part = ids[start : start + ROWS_AT_ONCE].tolist()
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


def _outgoing(context: ProjectContext, ids: Ids, splits: Splits) -> ExportData:
    names = {item.id: item.title for item in context.every_class}
    ranked = _predictions(context)
    uses = uses_of(context, newest_request(context.project.runs())) if splits is Splits.ALL else {}
    columns = context.index.columns
    among = np.isin(columns.ids, ids)
    marked = splits is not Splits.NONE and bool((columns.uses[among & columns.labelled] >= 0).any())

    where = columns.positions(ids)
    # As lists: a million numbers of numpy, one by one, would be boxed anew each time.
    class_ids, own_uses = columns.class_ids[where].tolist(), columns.uses[where].tolist()
    use_names = list(Use)

    def entries() -> Iterator[ImageEntry]:
        for at, image in images_with_files(context, ids):
            if image.problem is not None:
                continue
            use = uses.get(image.id) if own_uses[at] < 0 else use_names[own_uses[at]]
            use = None if splits is Splits.NONE else use
            guess = ranked.get(image.id)
            name, confidence = (None, None) if guess is None else (guess.class_name, guess.confidence)
            for path, known in file_of(image):
                yield ImageEntry(path, names.get(class_ids[at]), use, name, confidence, known)

    reads = {item.name: item.reads for item in context.classes if item.reads}
    by = _predicted_by(context) if ranked else ""
    return ExportData(entries, len(ids), list(names.values()), marked or bool(uses), reads, by)


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
) -> ExportResult:
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
    if not chosen.suffix:  # a file's is checked where it is written
        inputs.check_output(out)
    labelled_only = labelled_only or not chosen.unlabelled
    ids = context.select(Filter(Show.LABELLED if labelled_only else Show.ALL, order=Order.NAME))
    # Pictures labelled None of these are left out unless they were asked for.
    left = None if none else context.none_of_these
    if left is not None:
        ids = ids[~np.isin(ids, context.select(Filter(Show.CLASS, left.id)))]
    columns = context.index.columns
    # Without splits, the reader could not tell test images and would train on them.
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
    """Check that a format can be written with the images in this way, else raise UserError."""
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
    ranked = _predictions(context)
    ids: Ids = context.select(Filter(Show.UNLABELLED, order=Order.CONFIDENCE))
    ids = ids[np.isin(ids, np.fromiter(ranked, np.int64))]
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


PARTS = ("train", "val", "test")
UNLABELLED_PART = "unlabelled"


def export_features(context: ProjectContext, out: Path, request: TrainRequest, token: CancelToken) -> ExportResult:
    """Encode images without features, then write the whole rows of all usable images. Engine lane.

    Base classes come first, because a benchmark takes the first classes as base. In addition to the content described
    in `feature_file`, the file holds `unlabelled_features`, `…_sha256` (N, 32) uint8 for each part (the images' content
    hashes), and, in its metadata, roles, backbone, fingerprint, prompt template, shots and seed. The shots and the seed
    of `request` determine the parts, as in a training.

    Raises:
        UserError: There are fewer than two classes or no labelled image, or the backbone is unavailable.
    """
    _check_exportable(context)
    inputs.check_output(out)
    check_writable(out)
    for message in model_in_use.prepare(context, token, None, request.device, request.weights_file):
        token.checkpoint(Progress(0, None, message))
    embed_images(context, None, token)
    _check_exportable(context)
    classes = sorted(context.classes, key=lambda item: item.role is Role.NEW)
    columns = context.index.columns
    rows = _feature_rows(context, columns, classes, request)
    token.checkpoint(Progress(0, None, tr("Writing the features")))
    _write_features(context, out, columns, classes, rows, request)
    counts = {part: len(at) for part, at in rows.items()}
    return ExportResult(out, _features_written(out, counts))


def _check_exportable(context: ProjectContext) -> None:
    columns = context.index.columns
    if len(context.classes) < 2:
        raise UserError.tr("A feature file needs at least two classes. Add another class first; nothing was written.")
    if not context.classed(columns).any():
        raise UserError.tr("No picture is labelled yet. Label some pictures first; nothing was written.")


def _feature_rows(
    context: ProjectContext, columns: Columns, classes: list[ImageClass], request: TrainRequest
) -> dict[str, Ids]:
    """Positions of each part's images. Images added since the embedding, which have no features, are left out."""
    labelled, split = divided(context, columns, classes, request)
    rows_of = {part: labelled[where] for part, where in zip(PARTS, split.parts, strict=True)}
    free = np.flatnonzero(columns.usable & ~columns.labelled)
    rows_of[UNLABELLED_PART] = free[np.argsort(columns.hashes[free], kind="stable")]  # as the others are
    return {part: at[context.engine.embedded(columns.hashes[at])] for part, at in rows_of.items()}


def _write_features(
    context: ProjectContext,
    out: Path,
    columns: Columns,
    classes: list[ImageClass],
    rows: dict[str, Ids],
    request: TrainRequest,
) -> None:
    from mma_desktop.engine.features.feature_file import write_feature_file
    from mma_desktop.engine.training_data import FeatureSet

    backbone, cache = context.engine.need()
    class_ids = [item.id for item in classes]
    hashes = {part: columns.hashes[at] for part, at in rows.items()}
    parts = {
        part: FeatureSet(cache.gather_rows(hashes[part]), indices_in(class_ids, columns.class_ids[rows[part]]))
        for part in PARTS
    }
    more: dict[str, NDArray[Any]] = {
        f"{part}_sha256": of_part.astype("S32").view(np.uint8).reshape(-1, 32) for part, of_part in hashes.items()
    }
    more[f"{UNLABELLED_PART}_features"] = cache.gather_rows(hashes[UNLABELLED_PART])
    about = {
        "roles": json.dumps([item.role.value for item in classes]),
        "backbone": backbone.id,
        "fingerprint": backbone.fingerprint,
        "prompt_template": context.prompt_template,
        "shots": str(request.shots),
        "seed": str(request.seed),
        "project": context.project.name,
        "app_version": __version__,
    }
    names = [item.name for item in classes]
    texts = context.engine.predictor.texts(names, context.prompt_template)
    write_feature_file(out, names, texts, parts, backbone.logit_scale, layout=backbone.layout, more=more, about=about)


def _features_written(out: Path, counts: dict[str, int]) -> str:
    words = tr(
        "{file} has the features of {n} picture for training, {validation:,} for validation, "
        "{testing:,} for testing and {unlabelled:,} without a label.",
        "{file} has the features of {n} pictures for training, {validation:,} for validation, "
        "{testing:,} for testing and {unlabelled:,} without a label.",
        counts["train"],
        file=out,
        validation=counts["val"],
        testing=counts["test"],
        unlabelled=counts[UNLABELLED_PART],
    )
    if not counts["train"]:
        words += " " + tr("A benchmark needs pictures for training: label more.")
    elif not counts["test"]:
        words += " " + tr("A benchmark needs pictures for testing: label more.")
    return words


# Used in place of class ids: rejected as "None of these"; below the confidence limit; no prediction.
NONE, UNSURE, _UNKNOWN = -1, -2, -3

_UNSURE = later("Unsure", "folder of pictures whose prediction is below the confidence limit")

Counts = list[tuple[str, int]]


def none_and_unsure(classes: Sequence[str]) -> tuple[str, str]:
    """What rejected and unsure images are sorted as. A class "Unsure" has a folder of its own."""
    taken = {collision_key(name, stem=False): 1 for name in classes}
    return tr(NONE_OF_THESE), unused_name(taken, tr(_UNSURE))


def check_target(out: Path) -> None:
    """Check early that images can be sorted into a new folder, else raise UserError. Writes nothing."""
    inputs.check_output(out)
    check_empty(full_path(out))
    check_writable(full_path(out) / image_folder.CLASSES)


def sort_files(
    entries: Callable[[], Iterator[ImageEntry]],
    total: int,
    classes: Sequence[str],
    out: Path,
    images: Images,
    token: CancelToken,
) -> ExportResult:
    """Put images into a new folder, by the label of each: one of the classes, or of `none_and_unsure`.

    The folder appears once it is complete. Images that are gone or have changed are left out and reported.

    Raises:
        UserError: There is no image to sort, or the folder exists or cannot be written. Nothing is left behind.
        Cancelled: `token` was set; nothing is left behind.
    """
    inputs.check_output(out)
    if not total:
        raise UserError.tr("There is no picture to sort.")
    # A project may have a class of one of these names already; a folder per name, in this order.
    names = list(dict.fromkeys((*classes, *none_and_unsure(classes))))
    outgoing = ExportData(entries, total, names, divided=False, images=images)
    return image_folder.write(outgoing, full_path(out), token, readable=frozenset())


def sort_targets(context: ProjectContext, limit: float, *, labelled: bool) -> tuple[Ids, Ids]:
    """The images to sort, each with its class id, `NONE`, or `UNSURE` below the confidence `limit` (0 to 1).

    With `labelled`, labelled images are sorted as well, by their label.
    """
    columns, all_predictions = context.index.columns, context.predictions
    ids = columns.ids[columns.usable & (labelled | ~columns.labelled)]
    targets = np.full(len(ids), _UNKNOWN, np.int64)
    if all_predictions is not None:
        where = all_predictions.positions(ids)
        targets = looked_up(all_predictions.best_class, where, _UNKNOWN)
        targets[looked_up(all_predictions.best_confidence, where, 1) < np.float64(limit)] = UNSURE
        targets[looked_up(all_predictions.rejected, where, False)] = NONE
    classes = columns.class_ids[columns.positions(ids)]
    targets = np.where(classes >= 0, classes, targets)
    if context.none_of_these is not None:
        targets[targets == context.none_of_these.id] = NONE
    keep = np.isin(targets, [NONE, UNSURE, *(item.id for item in context.classes)])
    return ids[keep], targets[keep]


def _names(context: ProjectContext) -> dict[int, str]:
    """What images are sorted as, by class id: the classes in order, then None of these and Unsure."""
    none, unsure = none_and_unsure([item.name for item in context.classes])
    return {item.id: item.name for item in context.classes} | {NONE: none, UNSURE: unsure}


def sorted_counts(context: ProjectContext, limit: float, *, labelled: bool) -> Counts:
    """Number of images by what they are sorted as: the classes in order, then None of these and Unsure."""
    _, targets = sort_targets(context, limit, labelled=labelled)
    numbers = dict(zip(*(part.tolist() for part in np.unique(targets, return_counts=True)), strict=True))
    return [(name, numbers.get(number, 0)) for number, name in _names(context).items()]


def sort_project(
    context: ProjectContext, out: Path, images: Images, limit: float, token: CancelToken, *, labelled: bool
) -> ExportResult:
    """Sort a project's images into a new folder; see `sort_targets` and `sort_files`."""
    ids, targets = sort_targets(context, limit, labelled=labelled)
    names = _names(context)

    def entries() -> Iterator[ImageEntry]:
        for at, image in images_with_files(context, ids):
            for path, known in file_of(image):
                yield ImageEntry(path, names[targets[at]], known=known)

    return sort_files(entries, len(ids), [item.name for item in context.classes], out, images, token)


def write_project_keywords(
    context: ProjectContext, limit: float, token: CancelToken, *, labelled: bool
) -> KeywordReport:
    """Write the class of each image as a keyword beside it; unsure and rejected ones get none. See `sort_targets`.

    Raises:
        UserError: There is no image to write a keyword for.
    """
    ids, targets = sort_targets(context, limit, labelled=labelled)
    ids, targets = ids[targets >= 0], targets[targets >= 0]
    if not len(ids):
        raise UserError.tr("No prediction reaches this limit.")
    names = _names(context)
    inside: list[str] = []
    reason = tr("it is kept in the project")

    def pictures() -> Iterator[tuple[Path, str]]:
        for at, image in images_with_files(context, ids):
            for path, _ in files_of(image):
                if path.is_relative_to(context.project.folder):
                    inside.append(f"{os.fsencode(path).decode('utf-8', 'replace')}: {reason}")
                else:
                    yield path, names[targets[at]]

    report = write_keywords(pictures(), len(ids), token)
    report.left_out += inside
    return report
