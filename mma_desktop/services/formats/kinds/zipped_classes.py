"""A folder of archives with one class each (read only), as Teachable Machine saves samples: `<class>-samples.zip`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later
from mma_desktop.media.scan import contains_images
from mma_desktop.services.formats.archive import bare_name, first_names, read_archive
from mma_desktop.services.formats.dataset import Collector, Format, ImageEntry, Listing
from mma_desktop.services.formats.folder_layout import subfolders
from mma_desktop.services.formats.kinds import plain_images
from mma_desktop.services.formats.table_columns import is_image_name

SUFFIX, SAMPLES = ".zip", "-samples"
LOOKED_AT = 20

_read_zip = partial(read_archive, plain_images.read, ())


def _archives(path: Path) -> list[Path]:
    """The archives of a folder that hold images in no folder, and the file itself if it is named as samples are."""
    if path.is_dir():
        return [file for file in sorted(path.glob(f"*{SUFFIX}")) if file.is_file() and _holds_images(file)]
    named = path.name.lower().endswith(f"{SAMPLES}{SUFFIX}")
    return [path] if named and path.is_file() and _holds_images(path) else []


def _holds_images(file: Path) -> bool:
    names = [name for name in first_names(file, LOOKED_AT) if not PurePosixPath(name).name.startswith(".")]
    images = [name for name in names if is_image_name(name)]
    return bool(images) and not any("/" in name for name in images)


def sniff(path: Path) -> bool:
    """Whether `path` is a folder of archives of images, with no images of its own, or one archive of samples."""
    files = _archives(path)
    if not path.is_dir():
        return bool(files)
    unpacked = {bare_name(file) for file in files}
    return (
        len(files) > 1
        and not contains_images(path, 1)
        and not any(contains_images(folder) for folder in subfolders(path) if folder.name not in unpacked)
    )


def read(rows: Collector) -> Listing:
    """Read the images of each archive as those of its class; they are unpacked during the import."""
    parts: list[tuple[str | None, Listing]] = []
    for file in _archives(rows.path):
        part = _read_zip(rows.for_path(file))
        name = (bare_name(file) or file.name).removesuffix(SAMPLES)  # which Teachable Machine adds
        parts.append((rows.label(name), part))
        rows.entries += _labelled(part.entries, parts[-1][0])
        rows.notes += [note for note in part.notes if note not in rows.notes]
        for problem in part.problems:
            rows.problem(f"{file.name}: {problem.where}", problem.reason)

    def unpack(project: Path, token: CancelToken) -> tuple[ImageEntry, ...]:
        entries: list[ImageEntry] = []
        for label, part in parts:
            assert part.unpack is not None
            entries += _labelled(part.unpack(project, token), label)
        return tuple(entries)

    return replace(rows.listing(), unpack=unpack)


def _labelled(entries: tuple[ImageEntry, ...], label: str | None) -> list[ImageEntry]:
    return [replace(entry, label=label) for entry in entries]


FORMAT = Format(
    "zips",
    later("An archive for each class (Teachable Machine)"),
    later("A folder of zip archives, each with the pictures of one class and named after it."),
    sniff,
    read,
    suffixes=(SUFFIX,),
)
