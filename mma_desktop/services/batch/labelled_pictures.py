"""Labelled pictures to train or measure on: class folders, another tool's data (see `services.formats`), or lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mma_desktop.core.class_names import is_none_of_these, listed, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Stepwise
from mma_desktop.core.paths import full_path, names_project
from mma_desktop.core.types import split_use
from mma_desktop.media.scan import class_folders
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Format, Listing, PictureEntry, ReadOptions
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.kinds import image_folder, plain_pictures
from mma_desktop.services.images import importing

LINES_SHOWN = 5


@dataclass(frozen=True)
class LabelledPictures:
    """Pictures with labels. Those labelled "None of these" are imported with that label, which is not a class.

    Attributes:
        title: What they are called.
        names: The classes that have a picture, in order.
        import_into: Imports pictures, classes and labels into an empty project; a picture with two labels is refused.
        classes: Every class that the source names.
        reads: What the model reads, by class name, as far as the source says.
        rows: Rows of the source that cannot be used, which the user was told: where, and the reason.
        unread: Pictures inside the source that cannot be used, with the reason; known after the import.
    """

    title: str
    names: Sequence[str]
    import_into: Callable[[ProjectContext, CancelToken], Stepwise[None]]
    classes: Sequence[str]
    reads: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[tuple[str, str]] = ()
    unread: list[tuple[str, str]] = field(default_factory=list)


def _classes(names: Iterable[str]) -> list[str]:
    return [name for name in names if not is_none_of_these(name)]


def in_class_folders(images: Path) -> LabelledPictures:
    """The pictures of a folder with one subfolder per class.

    Raises:
        UserError: It is not such a folder, or a subfolder has no image.
    """
    folders = find_class_folders(images)

    def import_into(context: ProjectContext, token: CancelToken) -> Stepwise[None]:
        refuse_conflicts((yield from importing.import_paths(context, [images], token, folders)))

    names = _classes(folders)
    return LabelledPictures(full_path(images).name, names, import_into, names)


def find_class_folders(images: Path) -> dict[str, Path]:
    """Map class names to folders, sorted by name.

    Raises:
        UserError: `images` is not a folder of class folders, or one of them has no image.
    """
    if not images.exists():
        raise UserError(f"{images} does not exist.")
    if not images.is_dir():
        raise UserError(f"{images} is a file. Give a folder with one subfolder per class.")
    inside = sorted(folder for folder in images.iterdir() if folder.is_dir() and not folder.name.startswith("."))
    found = dict(class_folders([images]) or {})
    if not found and len(inside) == 1:
        raise UserError(
            f"{images} has only one class folder, '{inside[0].name}'. A classifier needs at least two classes: add a "
            "subfolder for each other class."
        )
    if not found:
        raise UserError(
            f"{images} has no class folders. Put the pictures of each class into a subfolder named after it."
        )
    held = set(found.values())  # compare folders, not names: class names are NFC, folder names need not be
    splits = [folder.name for folder in inside if folder not in held and split_use(folder.name) is not None]
    if splits:
        raise UserError(
            f"{listed(splits)}: this is the name of a split, not of a class. Move the folder elsewhere, or rename it "
            "if it is a class."
        )
    empty = [folder.name for folder in inside if folder not in held and not names_project(folder)]
    if empty:
        raise UserError(f"{listed(empty)}: this class folder has no images. Add pictures, or remove the folder.")
    return found


def is_class_folders(source: Path, chosen: Format | None, options: ReadOptions) -> bool:
    """Whether to read a source by `in_class_folders`.

    This includes anything that is not a data set: `find_class_folders` reports what is missing.
    """
    if chosen is None or (chosen is plain_pictures.FORMAT and options == ReadOptions()):
        return source.is_dir() or not source.exists()
    return chosen is image_folder.FORMAT and options == ReadOptions() and image_folder.is_plain(source)


def in_listing(source: Path, listing: Listing) -> LabelledPictures:
    """What was read from another tool's file or folder.

    Raises:
        UserError: Fewer than two classes have a picture.
    """
    title = full_path(source).name
    labels = {entry.label for entry in listing.entries}
    names = _classes([name for name in listing.classes if name in labels])
    if not names:
        raise UserError(f"No picture in {title} has a label, so there is nothing to learn or to measure.")
    if len(names) < 2:
        raise UserError(f"{title} has labels of only one class, '{names[0]}'. A classifier needs at least two classes.")
    rows = [
        (problem.where if Path(problem.where).is_absolute() else f"{source}, {problem.where}", problem.reason)
        for problem in listing.problems
    ]
    return _imported(listing, title, names, rows)


def in_lists(pictures: Sequence[Path], labels: Sequence[str]) -> LabelledPictures:
    """Files and the class name of each.

    Raises:
        UserError: There are fewer than two classes.
        ValueError: The lists differ in length, or a label is empty.
    """
    if len(pictures) != len(labels):
        raise ValueError(f"there are {len(pictures)} pictures but {len(labels)} labels")
    if not all(label.strip() for label in labels):
        raise ValueError("a label is empty")
    spelt: dict[str, str] = {}
    for label in labels:
        spelt.setdefault(name_key(label), label)
    names = tuple(sorted(spelt.values()))  # as class folders are
    if len(_classes(names)) < 2:
        only = "All pictures show one class. " if len(names) == 1 else ""
        raise UserError(f"{only}A classifier needs pictures of at least two classes.")
    entries = tuple(PictureEntry(path.absolute(), label) for path, label in zip(pictures, labels, strict=True))
    return _imported(Listing(entries, classes=names), "the two lists", names, ())


def _imported(listing: Listing, title: str, names: Sequence[str], rows: Sequence[tuple[str, str]]) -> LabelledPictures:
    unread: list[tuple[str, str]] = []

    def import_into(context: ProjectContext, token: CancelToken) -> Stepwise[None]:
        report = yield from import_listing(context, listing, title, token)
        unread.extend(report.unread)
        refuse_conflicts(report)

    return LabelledPictures(title, _classes(names), import_into, _classes(listing.classes), listing.reads, rows, unread)


def refuse_conflicts(report: importing.ImportReport) -> None:
    """Raise `UserError` if a picture was found under two labels."""
    if report.notes:
        raise UserError(f"{first_lines(report.notes)}\nGive each picture one label.")


def first_lines(lines: Sequence[str], where: str = "") -> str:
    """The first of some lines, and how many more there are (`where`)."""
    left = len(lines) - LINES_SHOWN
    return "\n".join([*lines[:LINES_SHOWN], *([f"and {left} more{where}"] if left > 0 else [])])
