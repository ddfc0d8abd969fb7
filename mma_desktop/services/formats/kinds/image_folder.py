"""Folders of images without a file of labels.

- ImageFolder: `root/[train|val|test/]<class>/<image>`, as read by torchvision and many others.
- Images without labels, also a single one (read only).
- Archives with one class each (read only), as Teachable Machine saves samples: `<class>-samples.zip`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, shortened, tr
from mma_desktop.core.safe_csv import open_table, write_rows
from mma_desktop.core.types import split_use
from mma_desktop.media.copy_export import collision_key, safe_folder_name, unused_name
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.scan import class_folders, class_name, contains_images, without_split_folders
from mma_desktop.services.formats import dataset, folder_layout
from mma_desktop.services.formats.archive import archive_stem, first_names, read_archive
from mma_desktop.services.formats.class_numbers import names_beside, numbers_in
from mma_desktop.services.formats.folder_layout import images_in, subfolders
from mma_desktop.services.formats.path_resolver import RowError
from mma_desktop.services.formats.table_columns import is_image_name
from mma_desktop.services.formats.text_decoding import dict_rows, head_of, read_text

CLASSES, FOLDER, CLASS = "classes.csv", "folder", "class_name"
SHOWN = 20  # renamed classes in the result of an export
# What the readers of torchvision, Ultralytics and Datumaro all take; they pass over other files without a word.
READABLE = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"))
_NO_CLASSES = frozenset(("images", "jpegimages"))


def sniff(path: Path) -> bool:
    """Whether `path` holds class folders, directly or in split folders, or looks so with boxes beside `images`."""
    if not path.is_dir():
        return False
    return needs_preview(path) or bool(class_folders([path]))


def needs_preview(path: Path) -> bool:
    """Whether it is more than plain class folders: split folders, boxes beside `images`, or names in a file."""
    numbers = numbers_in(folder.name for folder in folder_layout.subfolders(path))
    named = _names(path) or (numbers and names_beside(path, numbers))
    return bool(has_splits(path) or named or folder_layout.annotation_folder(path))


def _names(root: Path) -> dict[str, str]:
    """The names of classes by folder, from the table that an export writes beside the folders; {} if there is none."""
    table = root / CLASSES
    if not head_of(table).startswith(f"{FOLDER},{CLASS}"):
        return {}
    rows = (row for _, row in dict_rows(table, read_text(table)))
    return {row[FOLDER]: row[CLASS] for row in rows if row.get(FOLDER) and row.get(CLASS)}


def has_splits(path: Path) -> bool:
    """Whether the class folders are inside split folders; a folder `images` alone in each is no class."""
    inner = (below for folder in folder_layout.split_folders(path) for below in folder_layout.subfolders(folder))
    return any(folder.name.lower() not in _NO_CLASSES for folder in inner)


def read(rows: dataset.Collector) -> dataset.Listing:
    """Read every folder below the root (or below a split) as a class."""
    path = rows.path
    if not path.is_dir():
        return rows.listing()
    if (boxes := folder_layout.annotation_folder(path)) is not None:
        raise UserError.tr(
            "{folder} holds boxes or masks, as in a YOLO data set. They mark parts of pictures, so they are not labels "
            "here. To import the pictures alone, choose the format '{format}' (pictures). Nothing was changed.",
            folder=boxes,
            format=tr("Pictures without labels"),
        )
    names = _names(path)
    if has_splits(path):
        for folder in folder_layout.split_folders(path):
            _read_classes(rows, folder, folder.name, names)
    else:
        _read_classes(rows, path, "", names)
    return rows.listing()


def _read_classes(rows: dataset.Collector, root: Path, split: str, names: Mapping[str, str]) -> None:
    folders = folder_layout.subfolders(root)
    like = list(
        dict.fromkeys((*without_split_folders(folders), *(folder for folder in folders if folder.name in names)))
    )
    rows.notes += [
        tr("'{folder}' is the name of a split, not of a class: its pictures have no label.", folder=folder.name)
        for folder in folders
        if folder not in like and contains_images(folder)
    ]
    rows.notes += [
        tr("'{folder}' is taken for a class, since there are others and no other split.", folder=folder.name)
        for folder in like
        if folder.name.lower() == "train" and folder.name not in names
    ]
    classes = {str(folder): names.get(folder.name) or class_name(folder) for folder in like}
    for name in classes.values():
        with suppress(RowError):  # each of its images says that this is not a class name
            rows.label(name)
    # Keyed by path: two folders may map to the same class.
    for file in folder_layout.images_in(rows, root, {key: Path(key) for key in classes}):
        rows.add(str(file.path), file.path, classes.get(file.folder_class or "", ""), split)


def write(
    outgoing: dataset.ExportData, out: Path, token: CancelToken, readable: Set[str] = READABLE
) -> dataset.ExportResult:
    """Write class folders, and `classes.csv` if a folder cannot be named like its class.

    `readable` is as for `FolderCopier`.
    """
    # Without empty classes, which other tools refuse.
    taken = {collision_key(CLASSES, stem=False): 1}
    folders = {name: unused_name(taken, safe_folder_name(name)) for name in outgoing.classes}
    used: dict[str, str] = {}

    def folders_of(entry: dataset.ImageEntry, split: str) -> tuple[str, str]:
        assert entry.label is not None  # the format holds no others
        used[entry.label] = folders[entry.label]
        return split, used[entry.label]

    def finish(root: Path, _placed: Sequence[folder_layout.Placed]) -> None:
        # Without the table a reader would give some folder another name than that of its class.
        if any(class_name(Path(folder)) != name or dataset.is_split(folder) for name, folder in used.items()):
            with open_table(root / CLASSES) as handle:
                write_rows(
                    handle, [(FOLDER, CLASS), *((used[name], name) for name in outgoing.classes if name in used)]
                )

    written = folder_layout.write_folder(
        outgoing, out, token, folders=folders_of, finish=finish, name_of=lambda path: path.name, readable=readable
    )
    renamed = [(name, folder) for name, folder in used.items() if folder != name]
    if not renamed:
        return written
    where = [tr("'{name}' is in the folder '{folder}'", name=name, folder=folder) for name, folder in renamed]
    pairs = shortened(where, SHOWN, "; ")
    note = tr("Not every class can be the name of a folder: {pairs}. {file} has the names.", pairs=pairs, file=CLASSES)
    return replace(written, sentence=f"{written.sentence} {note}")


CODE = """\
from torchvision.datasets import ImageFolder

data = ImageFolder({part})
print(len(data), data.classes)
"""

FORMAT = dataset.Format(
    "imagefolder",
    later("Class folders (ImageFolder)"),
    later("One folder per class, in folders train, val and test where the pictures have a split."),
    sniff,
    read,
    recognised_by=dataset.RecognisedBy.CLASS_FOLDERS,
    write=write,
    unlabelled=False,
    code=CODE,
)


def sniff_unlabelled(path: Path) -> bool:
    """Whether `path` is an image, or a folder with images in it or below."""
    if path.is_dir():
        return contains_images(path)
    return path.suffix.lower() in SUFFIXES and path.is_file()


def read_unlabelled(rows: dataset.Collector) -> dataset.Listing:
    """Read every image below a folder, without a label."""
    path = rows.path
    for file in images_in(rows, path):
        rows.add(str(file.path), file.path)
    if any(split_use(folder.name) is None and contains_images(folder) for folder in subfolders(path)):
        rows.notes.append(
            tr(
                "The folders in {folder} were not taken for classes. If they are, choose the format '{format}' "
                "(imagefolder).",
                folder=path.name,
                format=tr("Class folders (ImageFolder)"),
            )
        )
    return rows.listing()


UNLABELLED = dataset.Format(
    "pictures",
    later("Pictures without labels"),
    later("A folder of pictures, also in folders inside it. You label them here."),
    sniff_unlabelled,
    read_unlabelled,
    recognised_by=dataset.RecognisedBy.PICTURES,
)


ZIP, SAMPLES = ".zip", "-samples"
NAMES_LOOKED_AT = 20  # the first files of an archive

_read_zip = partial(read_archive, read_unlabelled, ())


def _archives(path: Path) -> list[Path]:
    """The archives of a folder that hold images in no folder, and the file itself if it is named as samples are."""
    if path.is_dir():
        return [file for file in sorted(path.glob(f"*{ZIP}")) if file.is_file() and _holds_images(file)]
    named = path.name.lower().endswith(f"{SAMPLES}{ZIP}")
    return [path] if named and path.is_file() and _holds_images(path) else []


def _holds_images(file: Path) -> bool:
    names = [name for name in first_names(file, NAMES_LOOKED_AT) if not PurePosixPath(name).name.startswith(".")]
    images = [name for name in names if is_image_name(name)]
    return bool(images) and not any("/" in name for name in images)


def sniff_zipped(path: Path) -> bool:
    """Whether `path` is a folder of archives of images, with no images of its own, or one archive of samples."""
    files = _archives(path)
    if not path.is_dir():
        return bool(files)
    unpacked = {archive_stem(file) for file in files}
    return (
        len(files) > 1
        and not contains_images(path, 1)
        and not any(contains_images(folder) for folder in subfolders(path) if folder.name not in unpacked)
    )


def read_zipped(rows: dataset.Collector) -> dataset.Listing:
    """Read the images of each archive as those of its class; they are unpacked during the import."""
    parts: list[tuple[str | None, dataset.Listing]] = []
    for file in _archives(rows.path):
        part = _read_zip(rows.for_path(file))
        name = (archive_stem(file) or file.name).removesuffix(SAMPLES)  # which Teachable Machine adds
        parts.append((rows.label(name), part))
        rows.entries += _labelled(part.entries, parts[-1][0])
        rows.notes += [note for note in part.notes if note not in rows.notes]
        for problem in part.problems:
            rows.problem(f"{file.name}: {problem.where}", problem.reason)

    def unpack(project: Path, token: CancelToken) -> tuple[dataset.ImageEntry, ...]:
        entries: list[dataset.ImageEntry] = []
        for label, part in parts:
            assert part.unpack is not None
            entries += _labelled(part.unpack(project, token), label)
        return tuple(entries)

    return replace(rows.listing(), unpack=unpack)


def _labelled(entries: tuple[dataset.ImageEntry, ...], label: str | None) -> list[dataset.ImageEntry]:
    return [replace(entry, label=label) for entry in entries]


ZIPPED = dataset.Format(
    "zips",
    later("An archive for each class (Teachable Machine)"),
    later("A folder of zip archives, each with the pictures of one class and named after it."),
    sniff_zipped,
    read_zipped,
    suffixes=(ZIP,),
)
