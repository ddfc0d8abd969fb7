"""Merge copies of a picture: keep one with its label and remove the others from the project."""

from __future__ import annotations

import time
from collections.abc import Sequence

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import LabelSource
from mma_desktop.store.rows import RowWriter
from mma_desktop.store.schema import IMAGE, LABEL, ImageRecord, LabelRecord


def keep_one(writer: RowWriter, groups: Sequence[tuple[int, Sequence[int]]]) -> str:
    """Keep the first image of each group (image to keep, its copies), as one undo step; returns its title.

    The kept image keeps its label, or takes over its copies' label with source and use. Skips images that no longer
    exist, and groups whose first image no longer exists or has a problem.

    Raises:
        UserError: Copies of one picture have different labels.
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
        said = [labels[image] for image in (kept, *there) if image in labels]
        if len({label.class_id for label in said}) > 1:
            raise UserError(
                tr("Copies of one picture carry different labels. Give all of them one class first, then keep one.")
            )
        dropped += there
        if said and kept not in labels:
            best = max(said, key=lambda label: label.source == LabelSource.PERSON.value)
            moved.append(best._replace(image_id=kept, labelled_at=time.time()))
    writer.put(LABEL, moved)
    writer.drop_images(dropped)
    return tr("Keep one copy", "Keep one copy each of {n} pictures", len(groups))
