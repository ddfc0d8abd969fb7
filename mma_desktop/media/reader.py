"""One read of one file: its hash, its header, whether it decodes to the end, and its thumbnail."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from PIL import Image

from mma_desktop.core.atomic_io import changed_at
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageSpec, ProblemKind, Reason, ScannedFile
from mma_desktop.media import pixels
from mma_desktop.media.decoding import PictureError, flatten, least_for, open_picture, prepared, read_bytes
from mma_desktop.media.handover import Handover
from mma_desktop.media.thumbnails import SIDE, Thumbnails

log = logging.getLogger(__name__)


def read_file(
    path: Path,
    folder_class: str | None = None,
    thumbnails: Thumbnails | None = None,
    handover: Handover | None = None,
) -> ScannedFile:
    """Read a file once and say what it is. Never raises for a bad file: the problem and its reason are in the answer.

    The picture is decoded to its end, so that a truncated one is found now and not in the middle of a training; a large
    JPEG at a fraction of its size, which reads all of its data as well.

    Args:
        path: Any path, also one that is not there, a folder, a pipe or a device (which are not opened).
        folder_class: Kept in the answer.
        thumbnails: Where the thumbnail goes; None makes none.
        handover: Where the picture goes, prepared for an image encoder, if it is wanted there.
    """
    try:
        data, status = read_bytes(path)
    except PictureError as error:
        size, mtime = _size_and_time(path)
        return ScannedFile(path, None, size, mtime, problem=error.kind, reason=error.reason, folder_class=folder_class)
    content_hash = hashlib.sha256(data).digest()
    problem: ProblemKind | None = None
    reason: Reason | None = None
    name, full = "", (0, 0)
    try:
        image = open_picture(data, path)
        name, full = ("JPEG" if image.format == "MPO" else image.format or ""), image.size
        side = thumbnails.side if thumbnails else SIDE
        spec = handover.wanted(content_hash) if handover is not None else None
        small = pixels.fitting(image.size, side)
        # The encoder's is made as `decode_file` would: the same picture must not have two embeddings.
        flat, full = flatten(image, data, path, (2 * small[0], 2 * small[1]) if spec is None else least_for(spec))
        if handover is not None and spec is not None:
            _hand_over(handover, content_hash, flat, spec)
        if thumbnails is not None:
            if max(flat.size) < max(small):  # decoded for an encoder that sees less than a thumbnail shows
                flat, _ = flatten(open_picture(data, path), data, path, (2 * small[0], 2 * small[1]))
            _keep_thumbnail(thumbnails, content_hash, pixels.shrink(flat, side))
    except PictureError as error:
        problem, reason = error.kind, error.reason
    return ScannedFile(
        path,
        content_hash,
        len(data),
        changed_at(status),
        full[0],
        full[1],
        name,
        problem,
        reason,
        folder_class,
    )


def _hand_over(handover: Handover, content_hash: bytes, flat: Image.Image, spec: ImageSpec) -> None:
    """Prepare a picture for whoever embeds; what is wrong with it is found again, and told, there."""
    try:
        handover.give(content_hash, prepared(flat, spec), spec)
    except Exception:
        log.info("a picture was not handed over", exc_info=True)


def _keep_thumbnail(thumbnails: Thumbnails, content_hash: bytes, small: Image.Image) -> None:
    """Write a thumbnail. It can be made again from the file: a full cache disk spoils no import."""
    try:
        thumbnails.write(content_hash, small)
    except UserError as error:
        if next(thumbnails.failures) == 0:  # the others will fail as well: one line is enough
            log.warning("Thumbnails are not kept. %s", error)


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_size, changed_at(status)
