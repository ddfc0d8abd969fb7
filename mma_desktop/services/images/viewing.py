"""Thumbnails and full images for display."""

from __future__ import annotations

import logging

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageRow
from mma_desktop.media.decoding import Pixels, preview, read_checked
from mma_desktop.services.context import ProjectContext

log = logging.getLogger(__name__)


def thumbnail(context: ProjectContext, row: ImageRow) -> Pixels | None:
    """(h, w, 3) thumbnail of an image, rebuilt if the cache was cleared; None if unavailable."""
    if context.thumbnails is None or row.content_hash is None or row.problem is not None:
        return None
    for place in (row.path, *row.places):
        try:
            return context.thumbnails.ensure(row.content_hash, place)
        except UserError as error:
            log.info("No thumbnail of image %d: %s", row.id, error)
    return None


def small(context: ProjectContext, row: ImageRow, side: int) -> Pixels | None:
    """(h, w, 3) thumbnail of an image, or the image at `side` pixels; None if its file cannot be read."""
    found = thumbnail(context, row)
    try:
        return picture(row, side) if found is None else found
    except UserError:
        return None


def picture(row: ImageRow, side: int) -> Pixels:
    """(h, w, 3) image, its longer side at most `side` pixels.

    Raises:
        UserError: The file is gone or damaged, or now holds another image.
    """
    problem: UserError | None = None
    for place in (row.path, *row.places):
        try:
            return preview(read_checked(place, row.content_hash), side)
        except UserError as error:
            problem = problem or error
    raise problem or UserError.tr("The picture is gone.")
