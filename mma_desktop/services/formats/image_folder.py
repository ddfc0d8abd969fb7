"""ImageFolder: `root/[train|val|test/]<class>/<image>`, as read by torchvision and many others."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.copy_export import FolderCopier
from mma_desktop.media.scan import class_folders, class_like, class_name, contains_images
from mma_desktop.services.formats.dataset import (
    Collector,
    Entry,
    Format,
    Outgoing,
    Reading,
    ReadOptions,
    Writing,
)
from mma_desktop.services.formats.folder_layout import (
    annotation_folder,
    pictures_in,
    reading,
    split_folder,
    split_folders,
    subfolders,
    write_folder,
)
from mma_desktop.services.formats.path_resolver import PathResolver, RowError


def sniff(path: Path) -> bool:
    """Whether `path` holds class folders, directly or in split folders, or looks so with boxes beside `images`."""
    if not path.is_dir():
        return False
    return needs_preview(path) or bool(class_folders([path]))


def needs_preview(path: Path) -> bool:
    """Whether it is more than plain class folders: split folders, or boxes beside `images`, which are refused."""
    return has_splits(path) or annotation_folder(path) is not None


def has_splits(path: Path) -> bool:
    """Whether the class folders are inside split folders."""
    return any(subfolders(one) for one in split_folders(path))


def read(path: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """Read every folder below the root (or below a split) as a class; see `Format.read`."""
    del options
    if not path.is_dir():
        raise UserError(tr("{path} is not a folder. Choose the folder that holds the class folders.", path=path))
    if (boxes := annotation_folder(path)) is not None:
        raise UserError(
            tr(
                "{folder} holds boxes or masks, as in a YOLO data set. They mark parts of pictures, so they are not "
                "labels here. To import the pictures alone, choose the format '{format}' (pictures). "
                "Nothing was changed.",
                folder=boxes,
                format=tr("Pictures without labels"),
            )
        )
    rows = Collector(PathResolver(path, path))
    if has_splits(path):
        for folder in split_folders(path):
            yield from _read_classes(rows, folder, folder.name, token)
    else:
        yield from _read_classes(rows, path, "", token)
    return rows.listing()


def _read_classes(rows: Collector, root: Path, split: str, token: CancelToken) -> Generator[Progress, None, None]:
    folders = subfolders(root)
    like = class_like(folders)
    rows.notes += [
        tr("'{folder}' is the name of a split, not of a class: its pictures have no label.", folder=one.name)
        for one in folders
        if one not in like and contains_images(one)
    ]
    rows.notes += [
        tr("'{folder}' is taken for a class, since there are others and no other split.", folder=one.name)
        for one in like
        if one.name.lower() == "train"
    ]
    classes = {str(one): class_name(one) for one in like}
    for name in classes.values():
        with suppress(RowError):  # each of its pictures says that this is not a class name
            rows.label(name)
    report = reading(token, root.name)
    # Keyed by path: two folders may map to the same class.
    for found in pictures_in(rows, root, token, {key: Path(key) for key in classes}):
        rows.add(str(found.path), found.path, classes.get(found.folder_class or "", ""), split)
        yield from report(len(rows))


def write(outgoing: Outgoing, out: Path, token: CancelToken) -> Writing:
    """Write class folders. Leaves out unlabelled pictures, and empty classes, which other tools refuse."""

    def put(placing: FolderCopier, entry: Entry) -> None:
        if entry.label is not None:
            folder = placing.folder(*split_folder(outgoing, entry), entry.label)
            placing.put(entry.image, folder, known=entry.known)

    return (yield from write_folder(outgoing, out, token, put))


FORMAT = Format(
    "imagefolder",
    later("Class folders (ImageFolder)"),
    later("One folder per class, in folders train, val and test where the pictures have a split."),
    sniff,
    read,
    write,
    unlabelled=False,
)
