"""Shared by the folder formats: split folders, and writing a complete folder atomically."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress, Throttle
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import is_inside, names_project
from mma_desktop.media.copy_export import FolderCopier, atomic_folder
from mma_desktop.media.error_messages import reason_text
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.scan import Found, contains_images, walk
from mma_desktop.services.formats import dataset
from mma_desktop.services.formats.path_resolver import ImagesBelow, PathResolver
from mma_desktop.services.formats.text_decoding import text_name

_BOXES = frozenset((".txt", ".xml"))
_LOOKED_AT = 20  # files in which labels are looked for when a folder is dropped
_QUICK_FOLDERS, _QUICK_ENTRIES = 50, 500  # a drop must be recognised at once, also on a network drive
ANNOTATIONS, PICTURES = "annotations", "images"


@dataclass(frozen=True, slots=True)
class Placed:
    """An image that was written: the folder of its split, "" if the data set has none, and its path with "/"."""

    entry: dataset.ImageEntry
    split: str
    place: str

    @property
    def name(self) -> str:
        return self.place.rpartition("/")[2]


def images_in(rows: dataset.Collector, folder: Path, classes: Mapping[str, Path] | None = None) -> Iterator[Found]:
    """The images of a folder and its subfolders; `rows` are told of files that cannot be listed.

    `classes` are class folders, as for `walk`.
    """
    for file in walk([folder], rows.token, classes, rows.left_out):
        if file.problem is not None:
            rows.problem(str(file.path), reason_text(file.reason))
        elif file.path.suffix.lower() not in SUFFIXES:
            rows.problem(str(file.path), tr("it is not named like a picture"))
        else:
            yield file


def subfolders(folder: Path) -> list[Path]:
    """The subfolders of a folder, sorted, without hidden ones and projects; [] if it cannot be read."""
    try:
        with os.scandir(folder) as entries:  # a million entries need no question each
            names = (entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
            return sorted(folder / name for name in names if not names_project(name))
    except OSError:
        return []


def with_split_folders(folder: Path) -> list[Path]:
    return [folder, *(place for place in subfolders(folder) if dataset.is_split(place.name))]


def label_files(
    path: Path, suffixes: Collection[str], wanted: Callable[[Path], bool], *, quick: bool = False
) -> list[Path]:
    """The files of a tool's labels: the source itself, or those in it, wherever they lie, in sorted order.

    Args:
        path: The source. Folders are searched two levels deep, without hidden ones.
        suffixes: Suffixes of such a file, in lower case.
        wanted: Whether a file is one.
        quick: Stop at the first, and look at the first entries of the subfolders only.
    """
    if not path.is_dir():
        return [path] if path.suffix.lower() in suffixes and wanted(path) else []
    labelled: list[Path] = []
    inner = subfolders(path)[: _QUICK_FOLDERS if quick else None]
    deeper = [
        below for folder in inner if not quick or not dataset.is_split(folder.name) for below in subfolders(folder)
    ]
    for place in (path, *inner, *deeper[: _QUICK_FOLDERS if quick else None]):
        files = _files_of(place, suffixes, _QUICK_ENTRIES if quick and place != path else None)
        for file in files[: _LOOKED_AT if quick else None]:
            if wanted(file):
                labelled.append(file)
                if quick:
                    return labelled
    return labelled


def has_label_files(suffixes: Collection[str], wanted: Callable[[Path], bool], path: Path) -> bool:
    """Whether a source is such a file, or a folder with one; see `label_files`."""
    return bool(label_files(path, suffixes, wanted, quick=True))


def _files_of(folder: Path, suffixes: Collection[str], at_most: int | None) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [
                entry.name
                for entry in islice(entries, at_most)
                if os.path.splitext(entry.name)[1].lower() in suffixes  # noqa: PTH122 - a million of them
                and not entry.name.startswith(".")
                and entry.is_file()
            ]
    except OSError:
        return []
    return [folder / name for name in sorted(names)]


def resolver_for(rows: dataset.Collector, file: Path, words: Iterable[str] = ()) -> PathResolver:
    """Where a file of labels has its images: beside it, above it or in the base, also in folders named by `words`."""
    above = file.parent.parent if file.parent.name.lower() == ANNOTATIONS else file.parent
    root = rows.options.base or (rows.path if rows.path.is_dir() else above)
    near = [Path()]
    if file.is_relative_to(root):
        inner = file.parent.relative_to(root)
        near = [inner, *inner.parents]
    names = [name for word in words if is_inside(word) for name in (f"{PICTURES}/{word}", word)]
    inside = [str(folder / name) for folder in near for name in (*names, PICTURES, "data", "")]
    return PathResolver(file, root, inside=inside, below=ImagesBelow(root, rows.token))


def split_of(file: Path) -> str:
    """The split in a name such as "instances_train2017", or else of the file's folder; "" if there is none."""
    words = [*re.split(r"[^A-Za-z]+", file.stem), file.parent.name]
    return next((word for word in words if dataset.is_split(word)), "")


def split_folders(folder: Path) -> list[Path]:
    """The split folders in a folder; [] if another subfolder holds images."""
    folders = subfolders(folder)
    splits = [inner for inner in folders if dataset.is_split(inner.name)]
    return splits if splits and not any(contains_images(inner) for inner in folders if inner not in splits) else []


def annotation_folder(folder: Path) -> Path | None:
    """The folder of boxes or masks beside a folder `images`, as in YOLO's layout, also in split folders."""
    for place in with_split_folders(folder):
        named = {inner.name.lower(): inner for inner in subfolders(place)}
        if "images" not in named:
            continue
        if "masks" in named:
            return named["masks"]
        for inner in (named[name] for name in ("labels", "annotations") if name in named):
            if any(_files_of(part, _BOXES, _LOOKED_AT) for part in (inner, *subfolders(inner))):
                return inner
    return None


def write_folder(
    outgoing: dataset.ExportData,
    out: Path,
    token: CancelToken,
    folders: Callable[[dataset.ImageEntry, str], Sequence[str]],
    finish: Callable[[Path, Sequence[Placed]], None],
    *,
    name_of: Callable[[Path], str] = text_name,
    stems: bool = False,
    readable: Set[str] = frozenset(),
    unsplit: str = dataset.UNSPLIT,
) -> dataset.ExportResult:
    """Write a folder that becomes visible once it is complete.

    Args:
        outgoing: The data to write.
        out: The folder; must be missing or empty.
        token: Cancels the export; nothing is left behind.
        folders: The folders, one in another, for an image of a split ("" without splits).
        finish: Writes the format's own files into the folder, about the images that were placed.
        name_of: The name of an image there.
        stems: See `FolderCopier`.
        readable: See `FolderCopier`.
        unsplit: Folder for images without a split if others have one; "" if the format has no such folder.

    Raises:
        UserError: `out` is not empty, every image had to be left out, or the disk is full or read-only.
    """
    apart, placed = 0, list[Placed]()
    with atomic_folder(out) as temporary:
        placing = FolderCopier(temporary, link=outgoing.images is dataset.Images.LINK, stems=stems, readable=readable)
        for entry in with_progress(outgoing, token):
            split = "" if not outgoing.divided else dataset.UNSPLIT if entry.use is None else dataset.SPLITS[entry.use]
            folder = placing.folder(*filter(None, folders(entry, split)))
            place = placing.put(entry.image, folder, name_of(entry.image), entry.known)
            placed += [Placed(entry, split, place)] if place is not None else []
            apart += split == dataset.UNSPLIT
        finish(temporary, placed)
        if placing.left_out and not placing.placed:
            raise UserError(placing.sentence())
    token.checkpoint(Progress(outgoing.total, outgoing.total, tr("Writing pictures")))
    sentence = placing.sentence()
    if apart and unsplit:
        left = tr(
            "{n} without a split is in {folder}, which others may pass over.",
            "{n} without a split are in {folder}, which others may pass over.",
            apart,
            folder=unsplit,
        )
        sentence = f"{sentence} {left}"
    return dataset.ExportResult(out, sentence, len(placing.left_out))


def images_listed(count: int) -> str:
    """Summary of an export that leaves the images in place."""
    return tr("{n} picture listed.", "{n} pictures listed.", count)


def with_progress(outgoing: dataset.ExportData, token: CancelToken) -> Iterator[dataset.ImageEntry]:
    """Iterate over the images, with a checkpoint before each and a progress report now and then."""
    throttle = Throttle()
    for number, entry in enumerate(outgoing.entries()):
        token.checkpoint(Progress(number, outgoing.total, tr("Writing pictures")) if throttle.due() else None)
        yield entry
