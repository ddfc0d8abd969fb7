"""Pictures that are no files yet, pasted or dropped from another program, become files of the project.

They are kept in the project's own folder `pictures`, as the bytes that came where these are a picture's, else as PNG,
and then imported like any other file. What is on the disk and in no image, as after a power cut between the two, is
imported when the project is opened again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import atomic_path, unreadable
from mma_desktop.core.events import CancelToken, ImportReport, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.media.encoding import checked_suffix, png_bytes
from mma_desktop.media.picture_formats import SUFFIXES
from mma_desktop.services.images.file_check import look_again
from mma_desktop.services.images.importing import import_files

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

MOST_LETTERS = 80
MOST_BYTES = 200  # of a name; file systems take 255 with the suffix, a number and what a temporary file has beside
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that is no file.

    Args:
        name: What its file is to be called, without a suffix.
        data: The bytes of a picture file, or (h, w, 3) or (h, w, 4) pixels.
    """

    name: str
    data: bytes | NDArray[np.uint8]


def name_from_url(url: str) -> str:
    """The last part of an address, without its suffix, as the name of a file; empty where it has none."""
    try:
        last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    return clean_name(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last))


def name_from_time(word: str, now: datetime) -> str:
    """Such as "pasted 2026-11-25 10.31.05"."""
    return f"{word} {now:%Y-%m-%d %H.%M.%S}"


def clean_name(name: str) -> str:
    """A text as a file name that every system takes, without a suffix; empty where nothing of it is left."""
    text = " ".join(_FORBIDDEN.sub(" ", name.encode("utf-8", "replace").decode()).split())
    text = text[:MOST_LETTERS].encode()[:MOST_BYTES].decode("utf-8", "ignore").strip(" .")
    return f"{text} picture" if _RESERVED.fullmatch(text) else text


def take_in(
    context: ProjectContext, pictures: Sequence[Picture], token: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Write pictures into the project's folder, then import them. Media lane.

    A picture whose very bytes are in the project already is not written again; it counts as a duplicate. Until all are
    written none is imported, and where one cannot be, none is kept. No file stays that was not imported.

    Args:
        context: The project.
        pictures: What came in.
        token: Stops it; what was imported by then stays.

    Raises:
        UserError: The disk is full, the project's folder cannot be written to, or the bytes are no picture.
    """
    context.project.follow_pictures()
    written: list[Path] = []
    try:
        yield from _write(context, pictures, token, written)
        parts = (context.project, context.thumbnails, written, None, token)
        report = yield from import_files(*parts, handover=context.handover)
        report = replace(report, found_again=(yield from look_again(context, token)))
    finally:
        _drop_unknown(context, written)
    return replace(report, duplicates=report.duplicates + len(pictures) - len(written))


def strays(context: ProjectContext) -> list[Path]:
    """The pictures in the project's own folder that are in no image; not those that a person removed from the project.

    Raises:
        UserError: The folder cannot be read.
    """
    try:
        return [path for path in context.project.stray_pictures() if path.suffix.lower() in SUFFIXES]
    except OSError as error:
        raise unreadable(context.project.pictures_dir, error) from error


def strays_sentence(count: int) -> str:
    """What is said of strays that are imported."""
    return tr(
        "{n} picture in the project's own folder was in no image, as after a power cut. It is taken in again.",
        "{n} pictures in the project's own folder were in no image, as after a power cut. They are taken in again.",
        count,
    )


def _drop_unknown(context: ProjectContext, written: Sequence[Path]) -> None:
    """Delete the files that were not imported, after a stop or an error: nothing in the project knows of them."""
    known = context.project.ids_for_paths(written) if written else []
    for path, image_id in zip(written, known, strict=True):
        if image_id is None:
            with suppress(OSError):
                path.unlink()


def _write(
    context: ProjectContext, pictures: Sequence[Picture], token: CancelToken, written: list[Path]
) -> Generator[Progress, None, None]:
    """Write those that are not in the project into its folder, and note them in `written`."""
    for number, picture in enumerate(pictures):
        token.raise_if_cancelled()
        message = tr("Keeping the picture") if len(pictures) == 1 else tr("Keeping pictures")
        yield Progress(number, len(pictures), message)
        data = picture.data if isinstance(picture.data, bytes) else png_bytes(picture.data)
        if _is_here(context, hashlib.sha256(data).digest()):
            continue
        out = free_file(context.project.pictures_dir, picture.name, checked_suffix(data))
        with atomic_path(out) as temporary:
            temporary.write_bytes(data)
        written.append(out)


def _is_here(context: ProjectContext, content_hash: bytes) -> bool:
    columns = context.index.columns
    here = columns.usable & ~np.isin(columns.ids, context.index.lost.ids)
    return bool((columns.hashes[here] == np.bytes_(content_hash)).any())


def free_file(folder: Path, name: str, suffix: str) -> Path:
    """A file in `folder` that is not there yet, named after `name`."""
    stem = clean_name(name) or "picture"
    out, number = folder / f"{stem}{suffix}", 2
    while out.exists():
        out = folder / f"{stem} {number}{suffix}"
        number += 1
    return out
