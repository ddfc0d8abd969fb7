"""Save images without a file of their own as files of the project: pasted, dropped, or inside another tool's file.

They are stored in the project's `pictures` folder, with their original bytes if these are an image file, otherwise as
PNG, and then imported like any other file. A file without an image, for example after a power cut between the two
steps, is imported when the project is next opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import atomic_path, unreadable
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import clean_name, unused_path
from mma_desktop.media.decoding import open_image
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.pixels import image_suffix, png_bytes
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.images.importing import ImportReport, import_paths


@dataclass(frozen=True, eq=False)
class UnsavedImage:
    """An image without a file: the name for one, and the bytes of an image file or (h, w, 3) or (h, w, 4) pixels."""

    name: str
    data: bytes | NDArray[np.uint8]

    def encoded(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else png_bytes(self.data)


def name_from_url(url: str) -> str:
    """A file name from the last part of a URL, without its suffix; empty if it has none."""
    try:
        last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    return clean_name(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last))


def name_from_time(word: str, now: datetime) -> str:
    """A name such as "pasted 2026-11-25 10.31.05"."""
    return f"{word} {now:%Y-%m-%d %H.%M.%S}"


def import_images(context: ProjectContext, images: Sequence[UnsavedImage], token: CancelToken) -> ImportReport:
    """Write images into the project's folder, then import them. Media lane.

    An image whose exact bytes are in the project already is not written again; it counts as a duplicate. Importing
    starts once all are written; if one cannot be written, none is kept. Files that were not imported are removed.

    Raises:
        UserError: The disk is full, the project's folder is not writable, or the bytes are not an image.
    """
    written: list[Path] = []
    try:
        readers = [(image.name, image.encoded) for image in images]
        found = write_embedded(context, readers, written, token)
        if trouble := next((file for file in found if isinstance(file, str)), ""):
            raise UserError(trouble)
        report = import_paths(context, written, token)
    finally:
        drop_unknown(context, written)
    return replace(report, duplicates=report.duplicates + len(images) - len(written))


def strays(context: ProjectContext) -> list[Path]:
    """Files in the project's own folder that have no image, except those the user removed from the project.

    Raises:
        UserError: The folder cannot be read.
    """
    try:
        return [path for path in context.project.stray_images() if path.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise unreadable(context.project.images_dir, error) from error


def strays_sentence(count: int) -> str:
    return tr(
        "{n} picture in the project's own folder was left out, as after a power cut. It is taken in again.",
        "{n} pictures in the project's own folder were left out, as after a power cut. They are taken in again.",
        count,
    )


def drop_unknown(context: ProjectContext, written: Sequence[Path]) -> None:
    """Delete files that were not imported because of an error or cancellation: the project does not know them."""
    known = context.project.ids_for_paths(written) if written else []
    for path, image_id in zip(written, known, strict=True):
        if image_id is None:
            with suppress(OSError):
                path.unlink()


def write_embedded(
    context: ProjectContext,
    images: Sequence[tuple[str, Callable[[], bytes]]],
    written: list[Path],
    token: CancelToken,
) -> list[Path | str]:
    """Write the images that are not in the project yet, and append their files to `written`. Media lane.

    Images are a name, of which only the safe part is used, and a function that reads the bytes, so that only one is
    in memory at a time. Remove files that are written but then not imported with `drop_unknown`.

    Returns:
        The file of each image, or the reason why there is none.

    Raises:
        UserError: The disk is full, or the project's folder is not writable.
    """
    context.project.follow_images()
    have = images_here(context)
    new: dict[bytes, Path] = {}
    found: list[Path | str] = []
    for number, (name, read) in enumerate(images):
        message = tr("Keeping the picture") if len(images) == 1 else tr("Keeping pictures")
        token.checkpoint(Progress(number, len(images), message))
        try:
            data = read()
            open_image(data)
            suffix = image_suffix(data)
        except UserError as error:
            found.append(str(error))
            continue
        except OSError as error:
            found.append(error.strerror or str(error))
            continue
        digest = hashlib.sha256(data).digest()
        if digest not in new and (known := have.get(digest.rstrip(b"\0"))) is not None:
            new[digest] = context.project.image_rows([known])[0].existing_place()
        if digest not in new:
            new[digest] = unused_path(context.project.images_dir, clean_name(name) or "picture", suffix)
            with atomic_path(new[digest]) as temporary:
                temporary.write_bytes(data)
            written.append(new[digest])
        found.append(new[digest])
    return found


def images_here(context: ProjectContext) -> dict[bytes, int]:
    """The usable images with existing files, by the hash of their bytes without trailing zeros."""
    columns = context.index.columns
    here = columns.usable & ~np.isin(columns.ids, context.index.lost.ids)
    return dict(zip(columns.hashes[here].tolist(), columns.ids[here].tolist(), strict=True))
