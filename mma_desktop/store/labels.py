"""Labels: which class an image shows, who said so, and what the image is used for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mma_desktop.domain import LabelSource, Use, UserError
from mma_desktop.store.classes import class_by_id, read_classes
from mma_desktop.store.rows import RowWriter
from mma_desktop.store.schema import IMAGE, LABEL, ImageRecord, LabelRecord
from mma_desktop.store.texts import counted, shown_path
from mma_desktop.words import later, tr

# A label is replaced in bulk only by one that weighs as much.
_WEIGHT = {LabelSource.FOLDER.value: 0, LabelSource.SUGGESTION.value: 1, LabelSource.PERSON.value: 2}

_USE_TITLES = {
    Use.SHOT: later("as shots"),
    Use.VALIDATION: later("for validation"),
    Use.TEST: later("for testing"),
    None: later("as divided automatically"),
}


def assign(
    writer: RowWriter, image_ids: Iterable[int], class_id: int | None, source: LabelSource, use: Use | None, now: float
) -> str:
    """Label images, or unlabel them with class None; returns the title of the step.

    Images that are not there any more are passed over. A use that was set before stays unless another is given.

    Raises:
        UserError: The class is gone, or an image has a problem.
    """
    ids = list(dict.fromkeys(image_ids))
    if class_id is None:
        labelled = writer.rows(LABEL, ids)
        writer.drop(LABEL, labelled)
        return tr("Unlabel {counted}", counted=counted(len(labelled), "image"))
    chosen = class_by_id(read_classes(writer.connection), class_id)
    present = _usable(writer, ids)
    _write(writer, [(number, class_id) for number in present], source, use, now, overwrite=True)
    return tr("Label {counted} '{chosen}'", counted=counted(len(present), "image"), chosen=chosen.name)


def assign_many(
    writer: RowWriter, pairs: Sequence[tuple[int, int]], source: LabelSource, overwrite: bool, now: float
) -> str:
    """Label images with a class each, as one step; returns its title.

    Labels that weigh more than `source` (a person's more than an accepted suggestion's more than a folder's) stay,
    unless `overwrite` is set.

    Raises:
        UserError: A class is gone, an image has a problem, or an image is given two classes.
    """
    wanted: dict[int, int] = {}
    torn: dict[int, tuple[int, int]] = {}
    for image_id, class_id in pairs:
        if wanted.setdefault(image_id, class_id) != class_id:
            torn.setdefault(image_id, (wanted[image_id], class_id))
    classes = read_classes(writer.connection)
    names = {class_id: class_by_id(classes, class_id).name for class_id in set(wanted.values())}
    if torn:
        raise UserError(_torn_sentence(writer, torn, {one.id: one.name for one in classes}))
    present = _usable(writer, wanted)
    _write(writer, [(number, wanted[number]) for number in present], source, None, now, overwrite)
    what = f"'{next(iter(names.values()))}'" if len(names) == 1 else tr("in {count} classes", count=len(names))
    return tr("Label {counted} {what}", counted=counted(len(present), "image"), what=what)


def set_use(writer: RowWriter, image_ids: Iterable[int], use: Use | None) -> str:
    """Fix what labelled images are used for, or leave it to the division (None); returns the title of the step.

    Raises:
        UserError: None of the images is labelled.
    """
    labels = [LabelRecord(*row) for row in writer.rows(LABEL, image_ids).values()]
    if not labels:
        raise UserError(tr("None of these images has a label. Label them first, then say what they are used for."))
    writer.put(LABEL, [label._replace(use=None if use is None else use.value) for label in labels])
    return tr("Use {counted} {use_titles}", counted=counted(len(labels), "image"), use_titles=_USE_TITLES[use])


def _usable(writer: RowWriter, ids: Iterable[int]) -> list[int]:
    """Those of the images that exist.

    Raises:
        UserError: One of them has a problem.
    """
    ids = list(ids)
    rows = writer.rows(IMAGE, ids)
    broken = [image for image in (ImageRecord(*row) for row in rows.values()) if image.problem is not None]
    if broken:
        first = broken[0]
        more = tr(" and {count} more", count=len(broken) - 1) if len(broken) > 1 else ""
        raise UserError(
            tr(
                "{shown_path}{more} cannot be labelled: {problem}. Leave files with a problem out, or "
                "repair them and import them again.",
                shown_path=shown_path(writer.connection, first.id),
                more=more,
                problem=first.problem,
            )
        )
    return [number for number in ids if number in rows]


def _write(
    writer: RowWriter,
    pairs: Sequence[tuple[int, int]],
    source: LabelSource,
    use: Use | None,
    now: float,
    overwrite: bool,
) -> None:
    before = writer.rows(LABEL, (image_id for image_id, _ in pairs))
    rows = []
    for image_id, class_id in pairs:
        old = LabelRecord(*before[image_id]) if image_id in before else None
        kept_use = use.value if use is not None else old.use if old is not None else None
        if old is not None:
            if old[1:4] == (class_id, source.value, kept_use):
                continue
            if not overwrite and _WEIGHT.get(old.source, 2) > _WEIGHT[source.value]:
                continue
        rows.append(LabelRecord(image_id, class_id, source.value, kept_use, now))
    writer.put(LABEL, rows)


def _torn_sentence(writer: RowWriter, torn: dict[int, tuple[int, int]], names: dict[int, str]) -> str:
    image_id, (first, second) = next(iter(torn.items()))
    example = f"{shown_path(writer.connection, image_id)} ('{names.get(first)}' and '{names.get(second)}')"
    if len(torn) == 1:
        return tr(
            "One image was given two classes: {example}. Keep it in one of them, then try again.",
            example=example,
        )
    return tr(
        "{count} images were given two classes each, such as {example}. Keep each in one, then try again.",
        count=len(torn),
        example=example,
    )
