"""Labels: an image's class, who set it, and what the image is used for.

Edits return the title of their undo step.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, cast, func, select

from mma_desktop.core.class_names import NONE_OF_THESE, listed
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.store.classes import IN_TITLE, class_gone, none_of_these
from mma_desktop.store.rows import RowWriter, chunks
from mma_desktop.store.schema import CLASS, IMAGE, LABEL, PLACE, SETTING, ImageRecord, LabelRecord

# A bulk edit replaces a label only if its source has at least the same weight.
_WEIGHT = {LabelSource.FOLDER.value: 0, LabelSource.SUGGESTION.value: 1, LabelSource.PERSON.value: 2}


def assign(
    writer: RowWriter, image_ids: Iterable[int], class_id: int | None, source: LabelSource = LabelSource.PERSON
) -> str:
    """Label images with a class, or remove their labels with None.

    Skips images that no longer exist. An existing use is kept.

    Raises:
        UserError: The class was deleted, or an image has a problem.
    """
    if class_id is None:
        return tr("Remove {n} label", "Remove {n} labels", writer.drop(LABEL, image_ids))
    return assign_many(writer, [(image_id, class_id) for image_id in image_ids], source, overwrite=True)


def assign_none(writer: RowWriter, image_ids: Iterable[int], source: LabelSource = LabelSource.PERSON) -> str:
    """Label images as "None of these", whose class is added with the first of them; otherwise as `assign`."""
    return assign(writer, image_ids, none_of_these(writer).id, source)


def assign_many(
    writer: RowWriter,
    pairs: Sequence[tuple[int, int]],
    source: LabelSource = LabelSource.PERSON,
    overwrite: bool = False,
) -> str:
    """Label many images, each with its own class: pairs of (image id, class id).

    Labels from a stronger source are kept, of a person before a suggestion before a folder, unless `overwrite` is set.
    What is set apart for testing is never labelled with what a model suggests: it is to judge the model.

    Raises:
        UserError: A class was deleted, or an image has a problem.
        ValueError: An image is given two classes.
    """
    wanted = dict(pairs)
    if len(wanted) < len({*pairs}):
        raise ValueError("an image is given two classes")
    there = targets(writer, wanted)
    chosen = [_class_title(there.classes.get(class_id)) for class_id in dict.fromkeys(wanted.values())]
    _refuse_problems(writer, there.problems)
    _write(writer, [(number, wanted[number]) for number in there.images], source, overwrite)
    return _title(len(there.images), chosen, source)


class Targets(NamedTuple):
    """What labels meet: images and names of classes that are there, and the problems of the images that have one."""

    images: dict[int, None]
    problems: dict[int, str]
    classes: dict[int, str]


_WANTED = func.json_each(bindparam("wanted")).table_valued("key", "value")
_TARGETS = (
    select(cast(_WANTED.c.key, Integer), IMAGE.c.id, IMAGE.c.problem, CLASS.c.id, CLASS.c.name, LABEL)
    .select_from(_WANTED)
    .outerjoin(IMAGE, IMAGE.c.id == cast(_WANTED.c.key, Integer))
    .outerjoin(LABEL, LABEL.c.image_id == IMAGE.c.id)
    .outerjoin(CLASS, CLASS.c.id == _WANTED.c.value)
)


def targets(writer: RowWriter, wanted: Mapping[int, int]) -> Targets:
    """What the labels (image id -> class id) meet; the writer knows the labels so far from then on."""
    there = Targets({}, {}, {})
    for part in chunks(wanted.items()):
        pairs = json.dumps({int(image_id): int(class_id) for image_id, class_id in part})
        for row in writer.connection.execute(_TARGETS, {"wanted": pairs}).all():
            key, image_id, problem, class_id, name, label_of, *_ = row
            if image_id is not None:
                there.images[image_id] = None
            if problem is not None:
                there.problems[image_id] = problem
            if class_id is not None:
                there.classes[class_id] = name
            writer.know(LABEL, key, None if label_of is None else tuple(row[5:]))
    return there


def _class_title(name: str | None) -> str:
    if name is None:
        raise class_gone()
    return tr(name) if name == NONE_OF_THESE else name


def _title(images: int, classes: Sequence[str], source: LabelSource) -> str:
    names = listed(classes, IN_TITLE)
    if source is LabelSource.SUGGESTION:
        return tr("Accept {n} picture as {names}", "Accept {n} pictures as {names}", images, names=names)
    return tr("Label {n} picture as {names}", "Label {n} pictures as {names}", images, names=names)


def spot_check(writer: RowWriter, right: Sequence[tuple[int, int]], wrong: Sequence[int], name: str, value: str) -> str:
    """Label images that were found right as (image id, class id), take the labels of wrong ones, and set a setting.

    A class id of 0 or less is "None of these". Otherwise as `assign_many`.
    """
    none = none_of_these(writer).id if any(class_id <= 0 for _, class_id in right) else 0
    assign_many(writer, [(image, class_id if class_id > 0 else none) for image, class_id in right], overwrite=True)
    writer.drop(LABEL, wrong)
    writer.put(SETTING, [(name, value)])
    return tr("Spot check")


def set_use(writer: RowWriter, image_ids: Iterable[int], use: Use | None) -> str:
    """Set the use of labelled images, None for the automatic split; a UserError if none of them is labelled."""
    labels = [LabelRecord(*row) for row in writer.rows(LABEL, image_ids).values()]
    if not labels:
        raise UserError.tr("None of these pictures has a label. Label them first, then say what they are used for.")
    writer.put(LABEL, [label._replace(use=None if use is None else use.value) for label in labels])
    return tr("Change the use of {n} picture", "Change the use of {n} pictures", len(labels))


def keep_one(writer: RowWriter, groups: Sequence[tuple[int, Sequence[int]]]) -> str:
    """Keep the first image of each group (image to keep, its copies), as one undo step; returns its title.

    The kept image keeps its label, or takes over its copies' label with source and use. Skips images that no longer
    exist, and groups whose first image no longer exists or has a problem.

    Raises:
        UserError: Copies of one image have different labels.
    """
    every = [image for kept, copies in groups for image in (kept, *copies)]
    present = writer.rows(IMAGE, every)
    labels = {image: LabelRecord(*row) for image, row in writer.rows(LABEL, every).items()}
    moved: list[LabelRecord] = []
    dropped: list[int] = []
    for kept, copies in groups:
        if kept not in present or ImageRecord(*present[kept]).problem is not None:
            continue
        there = [image for image in copies if image in present and image != kept]
        copy_labels = [labels[image] for image in (kept, *there) if image in labels]
        if len({label.class_id for label in copy_labels}) > 1:
            raise UserError.tr(
                "Copies of one picture carry different labels. Give all of them one class first, then keep one."
            )
        dropped += there
        if copy_labels and kept not in labels:
            best = max(copy_labels, key=lambda label: label.source == LabelSource.PERSON.value)
            moved.append(best._replace(image_id=kept, labelled_at=time.time()))
    writer.put(LABEL, moved)
    writer.drop_images(dropped)
    return tr("Keep one copy", "Keep one copy each of {n} pictures", len(groups))


def _refuse_problems(writer: RowWriter, broken: Mapping[int, str]) -> None:
    if broken:
        (first, problem), *_ = broken.items()
        path, more = _shown_path(writer, first), len(broken) - 1
        raise UserError.tr(
            "{files} cannot be labelled: {problem}. Leave files with a problem out, or "
            "repair them and import them again.",
            files=tr("{path} and {n} more", "{path} and {n} more", more, path=path) if more else path,
            problem=tr(problem),
        )


def _shown_path(writer: RowWriter, image_id: int) -> str:
    """The path of an image for display; undecodable bytes as U+FFFD."""
    query = select(PLACE.c.path).where(PLACE.c.image_id == image_id).order_by(PLACE.c.seen_at.desc(), PLACE.c.id)
    path = writer.connection.scalar(query.limit(1))
    return path.decode("utf-8", "replace") if path else tr("Picture {image_id}", image_id=image_id)


def _write(writer: RowWriter, pairs: Sequence[tuple[int, int]], source: LabelSource, overwrite: bool) -> None:
    now = time.time()
    before = writer.rows(LABEL, (image_id for image_id, _ in pairs))
    rows = []
    for image_id, class_id in pairs:
        old = LabelRecord(*before[image_id]) if image_id in before else None
        kept_use = old.use if old is not None else None
        if old is not None:
            if old[1:4] == (class_id, source.value, kept_use):
                continue
            if not overwrite and _WEIGHT.get(old.source, 2) > _WEIGHT[source.value]:
                continue
            if source is LabelSource.SUGGESTION and kept_use == Use.TEST.value:
                continue
        rows.append(LabelRecord(image_id, class_id, source.value, kept_use, now))
    writer.put(LABEL, rows)
