"""Images to train or measure on, with labels or at hand: what a format reads (see `services.formats`), or lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

from mma_desktop.core.class_names import NAMES_SHOWN, is_none_of_these, listed, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import shortened
from mma_desktop.core.paths import full_path
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Collector, Format, ImageEntry, Listing, ReadOptions
from mma_desktop.services.formats.folder_layout import images_in
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.images import importing

LINES_SHOWN = 5  # of problems, in one message


@dataclass(frozen=True)
class LabelledImages:
    """Images with labels, and without: those are at hand. "None of these" is imported as a label, and is no class.

    Attributes:
        title: What they are called.
        rows: Rows of the source that cannot be used, which the user was told: where, and the reason.
        unread: Images inside the source that cannot be used, with the reason; known after the import.
    """

    title: str
    listing: Listing
    rows: Sequence[tuple[str, str]] = ()
    unread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Every class that is named."""
        return [name for name in self.listing.classes if not is_none_of_these(name)]

    @property
    def names(self) -> list[str]:
        """The classes that have an image, in order."""
        labels = {entry.label for entry in self.listing.entries}
        return [name for name in self.classes if name in labels]

    def naming(self, new: Sequence[str]) -> LabelledImages:
        """With classes that have no image; UserError if one has any, or there are fewer than two classes in all."""
        have = {name_key(name): name for name in self.names}
        if taken := [have[key] for name in new if (key := name_key(name)) in have]:
            raise UserError(f"{listed(taken)} has labelled pictures: it is no new class. Leave it out.")
        spelt = {name_key(name): name for name in reversed((*self.listing.classes, *new))}
        changed = replace(self, listing=replace(self.listing, classes=tuple(reversed(spelt.values()))))
        if len(changed.classes) < 2:
            raise UserError("A classifier needs at least two classes. Name more.")
        return changed

    def labelled_only(self) -> LabelledImages:
        """Without the images at hand."""
        kept = self.listing.changed(lambda entries: tuple(entry for entry in entries if entry.label is not None))
        return replace(self, listing=kept)

    def beside(self, more: Sequence[Path]) -> LabelledImages:
        """With more images at hand."""
        return replace(self, listing=self.listing.changed(lambda entries: (*entries, *map(ImageEntry, more))))

    def import_into(self, context: ProjectContext, token: CancelToken) -> None:
        """Import images, classes and labels into an empty project. Raises UserError if an image has two labels."""
        report = import_listing(context, self.listing, self.title, token)
        self.unread.extend(report.unread)
        refuse_conflicts(report)
        if sentence := report.set_apart_sentence():
            token.checkpoint(Progress(0, None, sentence))


def in_class_folders(images: Path) -> LabelledImages:
    """The images of a folder with one subfolder per class. Raises UserError as `in_listing` and the format do."""
    rows = Collector(images, ReadOptions(), CancelToken())
    return in_listing(images, image_folder.FORMAT, image_folder.read(rows))


def in_listing(source: Path, chosen: Format, listing: Listing, new: Sequence[str] = ()) -> LabelledImages:
    """What was read from a file or folder in a format, with `new` names that have no image.

    Raises:
        UserError: Fewer than two classes have an image and none is new, a class folder has no image, or as for
            `LabelledImages.naming`.
    """
    rows = [
        (problem.where if Path(problem.where).is_absolute() else f"{source}, {problem.where}", problem.reason)
        for problem in listing.problems
    ]
    given = LabelledImages(full_path(source).name, listing, rows)
    names = given.names
    if not (names or new):
        raise UserError(
            f"No picture in {given.title} has a label, so there is nothing to learn or to measure. Put the pictures of "
            "each class into a folder named after it. To train from names alone, give two or more with --new A,B,..."
        )
    if len(names) < 2 and not new:
        raise UserError(
            f"{given.title} has labels of only one class, '{names[0]}'. A classifier needs at least two classes."
        )
    empty = [name for name in given.classes if name not in names]
    if empty and chosen is image_folder.FORMAT:
        raise UserError(f"{listed(empty)}: this class folder has no images. Add pictures, or remove the folder.")
    return given.naming(new) if new else given


def images_below(folder: Path, token: CancelToken) -> list[Path]:
    """The images of a folder and of folders inside it. Raises UserError if there are none."""
    paths = [image.path for image in images_in(Collector(folder, ReadOptions(), token), folder)]
    if not paths:
        raise UserError(f"{folder} has no picture. Give a folder of pictures like those to predict.")
    return paths


def in_lists(images: Sequence[Path], labels: Sequence[str], new: Sequence[str] = ()) -> LabelledImages:
    """Files and the class name of each, and `new` names that have no image; without labels, files at hand.

    Raises:
        UserError: There are fewer than two classes, or as for `LabelledImages.naming`.
        ValueError: The lists differ in length, or a label is empty.
    """
    if labels and len(images) != len(labels):
        raise ValueError(f"there are {len(images)} pictures but {len(labels)} labels")
    if not all(label.strip() for label in (*labels, *new)):
        raise ValueError("a label is empty")
    spelt: dict[str, str] = {}
    for label in labels:
        spelt.setdefault(name_key(label), label)
    names = tuple(sorted(spelt.values()))  # as class folders are
    entries = tuple(ImageEntry(path.absolute(), label) for path, label in zip_longest(images, labels))
    both = LabelledImages("the two lists", Listing(entries, classes=names))
    if new:
        return both.naming(new)
    if len(both.classes) < 2:
        only = "All pictures show one class. " if len(names) == 1 else ""
        raise UserError(f"{only}A classifier needs pictures of at least two classes.")
    return both


def refuse_conflicts(report: importing.ImportReport) -> None:
    """Raise `UserError` if an image was found under two labels."""
    if report.notes:
        raise UserError(f"{first_lines(report.notes)}\nGive each picture one label.")


def first_lines(lines: Sequence[str], where: str = "") -> str:
    """The first of some lines, and how many more there are (`where`)."""
    left = len(lines) - LINES_SHOWN
    return "\n".join([*lines[:LINES_SHOWN], *([f"and {left} more{where}"] if left > 0 else [])])


READS = "To say what the model reads for a name, use --names FILE, or reads in Python."


def read_as_notes(texts: Mapping[str, str], doubtful: Sequence[str]) -> list[str]:
    """Notes on the classes that the model reads as another text, by class name, and on which may be wrong.

    Of `doubtful`, those without a text are not understood.
    """
    shown = shortened([f"'{name}' as '{text}'" for name, text in texts.items()], NAMES_SHOWN)
    unsure, unknown = ([name for name in doubtful if (name in texts) is read] for read in (True, False))
    return [
        *([f"The model reads {shown}."] if texts else []),
        *([f"Please check what it reads for {listed(unsure)}: it may be something else."] if unsure else []),
        *([f"The model does not understand {listed(unknown)}."] if unknown else []),
    ]
