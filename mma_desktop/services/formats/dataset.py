"""The neutral data set that every format reads into and writes from: images with labels."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress, Throttle, left_out_sentence
from mma_desktop.core.i18n import shortened, tr
from mma_desktop.core.types import LeftOut, Use, split_use
from mma_desktop.media.copy_export import FileStamp
from mma_desktop.services.formats.path_resolver import COLUMNS_SHOWN, PathResolver, RowError

ALIKE_SHOWN = 20  # spellings in one note
# The table of labels of images beside it, of Hugging Face's imagefolder.
LABELS_BESIDE = "metadata.parquet"

# The uses, as other tools call them.
SPLITS: Mapping[Use, str] = {Use.SHOT: "train", Use.VALIDATION: "val", Use.TEST: "test"}

# Folder for images without a split, next to the folders of the splits.
UNSPLIT = "unsplit"

_NO_SPLIT = frozenset(("", UNSPLIT, "default", "none", "null"))


class Images(StrEnum):
    """How an export treats the images."""

    COPY = "copy"
    LINK = "link"
    NONE = "none"


class RecognisedBy(IntEnum):
    """What a format is recognised by, the most telling first: a tool's own file outranks the folders around it."""

    OWN_FILE = 0
    TABLE = 1
    CLASS_FOLDERS = 2
    KEYWORDS = 3
    PICTURES = 4


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """One image; fields are None if unknown. `confidence` (0 to 1) belongs to `prediction`.

    `known` is the file's state as recorded in the project, so that a changed file is not copied under its old label.
    `embedded` reads the bytes of an image inside the source; `image` then only names it.
    """

    image: Path
    label: str | None = None
    use: Use | None = None
    prediction: str | None = None
    confidence: float | None = None
    known: FileStamp | None = None
    embedded: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was skipped or only partly imported: where ("row 7"), and why."""

    where: str
    reason: str

    def sentence(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class UnusedTable:
    """A table that lists images of a source and is not read: its name, and its columns that might be the label."""

    name: str
    columns: tuple[str, ...]

    def sentence(self) -> str:
        return tr(
            "{file} lists these pictures and is not used: which of its columns has the label is not clear ({columns}).",
            file=self.name,
            columns=shortened(self.columns, COLUMNS_SHOWN),
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """The content of a file or folder of another tool.

    Attributes:
        entries: The images, in the order of the source.
        problems: Rows that were skipped or only partly read, with the reason.
        classes: Class names in order of appearance, including those without images.
        columns: Columns (or questions) of the source, if they can be mapped.
        mapping: The column used for each role.
        notes: Other remarks for the user.
        reads: What the model reads, by class name, if the source says so.
        question: What the user must choose before the import, such as the label column; "" for nothing.
        unused: Tables that were seen and not read.
        unpack: Creates the images, given the project's folder, and returns the entries with their paths; None if
            they exist already.
    """

    entries: tuple[ImageEntry, ...]
    problems: tuple[RowProblem, ...] = ()
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)
    question: str = ""
    unused: tuple[UnusedTable, ...] = ()
    unpack: Callable[[Path, CancelToken], tuple[ImageEntry, ...]] | None = None

    @property
    def labelled(self) -> int:
        return sum(entry.label is not None for entry in self.entries)

    def changed(self, change: Callable[[tuple[ImageEntry, ...]], tuple[ImageEntry, ...]]) -> Listing:
        """With other entries, also once they are unpacked."""
        unpack = self.unpack
        later = None if unpack is None else lambda folder, token: change(unpack(folder, token))
        return replace(self, entries=change(self.entries), unpack=later)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a source.

    `columns` maps a role ("file", "label", "split", "prediction", "confidence", "reads") to a column of the source.
    `base` is the folder that relative file names start from; None for the source's own folder. `classes` are the
    project's classes: if an image has several keywords, the one that is a class is its label.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    base: Path | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportData:
    """Data to export: each call of `entries` iterates from the start; `divided` says whether any entry has a use.

    `reads` is what the model reads, by class name, if it differs from the name. `predicted_by` says what made the
    predictions: "zero-shot", or the training's name. Without `overwrite`, existing files are never replaced.
    """

    entries: Callable[[], Iterator[ImageEntry]]
    total: int
    classes: Sequence[str]
    divided: bool
    reads: Mapping[str, str] = field(default_factory=dict)
    predicted_by: str = ""
    images: Images = Images.COPY
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A finished export: its location, a summary of what was written and left out, and how many images were."""

    path: Path
    sentence: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        id: Its name on the command line; `title` is that in the window.
        about: Description of its layout, one sentence.
        sniff: Whether a file or folder looks like this format; reads only a little.
        suffixes: Suffixes of the files in which it keeps labels, in lower case.
        recognised_by: What `sniff` goes by.
        write: Writes one; None if the format can only be read.
        images: What an export can do with the images, the default first.
        suffix: Suffix of the exported file, "" for a folder.
        columns: Roles whose column the user can choose.
        based: Whether the user can choose the folder that file names are relative to.
        unlabelled: Whether the format can hold images without a label; `predictions` likewise.
        inside: Whether the images are inside its files, so that it cannot be read from within an archive.
        code: Lines of Python that read an export, with `{file}` for it and `{part}` for its training split; "" if the
            message of the export explains it.
    """

    id: str
    title: str
    about: str
    sniff: Callable[[Path], bool]
    read: Callable[[Collector], Listing]
    suffixes: tuple[str, ...] = ()
    recognised_by: RecognisedBy = RecognisedBy.OWN_FILE
    write: Callable[[ExportData, Path, CancelToken], ExportResult] | None = None
    images: tuple[Images, ...] = (Images.COPY, Images.LINK)
    suffix: str = ""
    columns: tuple[str, ...] = ()
    based: bool = False
    unlabelled: bool = True
    predictions: bool = False
    inside: bool = False
    code: str = ""


def use_of(split: str) -> Use | None:
    """Translate another tool's split into a use. Raises RowError if the split is unknown."""
    use = split_use(split)
    if use is None and split.strip().lower() not in _NO_SPLIT:
        raise RowError.tr("the split '{split}' is none of train, val and test; it was taken without one", split=split)
    return use


def is_split(name: str) -> bool:
    return split_use(name) is not None or (bool(name) and name.lower() in _NO_SPLIT)


@lru_cache(maxsize=10_000)  # a million rows share about a thousand labels
def clean_label(text: str) -> str | None:
    """Normalise a label to a class name; None if it is empty. Raises RowError if it is not a valid class name."""
    from mma_desktop.store.classes import clean_class_name

    # macOS writes file names decomposed, so the same word would be two classes.
    composed = unicodedata.normalize("NFC", text)
    if not composed.strip():
        return None
    try:
        return clean_class_name(composed)
    except UserError as error:
        raise RowError.tr("it was taken without its label. {reason}", reason=error) from error


class Collector:
    """Builds the listing of a source row by row; an invalid row becomes a problem and the rest goes on.

    Args:
        path: The file or folder that is read.
        options: How to read it.
        token: Cancels the reading.

    Attributes:
        root: The folder of the source.
        places: Finds the images that rows name; at first in `options.base`, or in `root`.
    """

    def __init__(self, path: Path, options: ReadOptions, token: CancelToken) -> None:
        self.path, self.options, self.token = path, options, token
        self.root = path if path.is_dir() else path.parent
        self.places = PathResolver(path, options.base or self.root)
        self.entries: list[ImageEntry] = []
        self._problems: list[RowProblem] = []
        self._classes: dict[str, str] = {}
        self._alike: dict[str, str] = {}
        self._reads: dict[str, str] = {}
        self.notes: list[str] = []
        self.left_out: Counter[LeftOut] = Counter()
        self.question = ""
        self.shapes = 0
        """Boxes, outlines and other annotations of parts of images, which label no image."""
        self._throttle = Throttle()

    def ask_for_label(self, file: Path, columns: Iterable[str]) -> None:
        """Ask, before the import, which of the columns of a file has the label."""
        self.question = tr(
            "{file} has no column named like one of labels. It has {columns}. Choose the one with the label.",
            file=file.name,
            columns=shortened([*columns], COLUMNS_SHOWN),
        )

    def for_path(self, path: Path) -> Collector:
        """One for another file or folder that is read in the same way."""
        return type(self)(path, self.options, self.token)

    def report(self) -> None:
        """Report now and then which row is read, and stop if cancelled; `add` and `problem` do."""
        self.token.raise_if_cancelled()
        if self._throttle.due():
            self.token.report(Progress(len(self) + 1, None, tr("Reading {source}", source=self.path.name)))

    def problem(self, where: str, reason: str) -> None:
        self.report()
        self._problems.append(RowProblem(where, reason))

    @contextmanager
    def row(self, where: str) -> Iterator[None]:
        """Record why what is done in the block cannot be done for a row."""
        try:
            yield
        except RowError as error:
            self.problem(where, str(error))

    def label(self, text: str) -> str | None:
        """The class name for a label, in its first spelling. Raises RowError if it is not a valid class name."""
        name = clean_label(text)
        if name is None:
            return None
        first = self._classes.setdefault(name_key(name), name)
        if first != name:
            self._alike.setdefault(name, first)
        return first

    def declare(self, names: Iterable[str]) -> None:
        """Note classes that a source lists apart from its images; an invalid name is a problem."""
        for name in names:
            with self.row(tr("class '{class_name}'", class_name=name)):
                self.label(name)

    def label_from(self, where: str, read: Callable[..., str], *arguments: Any) -> str:
        """The label that a function reads for a row; "" if it cannot, which is noted as a problem of the row."""
        try:
            return read(*arguments)
        except UserError:
            raise
        except (RowError, ValueError, OSError) as error:
            reason = getattr(error, "strerror", None) or error
            self.problem(where, tr("{reason}; the picture was taken without a label", reason=reason))
            return ""

    def reads(self, where: str, label: str, text: str) -> None:
        """Record what the model reads for a label; the first text counts."""
        try:
            name, clean = clean_label(label), clean_label(text)
            name = name and self.label(name)
        except RowError:  # an invalid label is reported when its row is added
            return
        if name is None or clean is None:
            return
        first = self._reads.setdefault(name, clean)
        if first != clean:
            self.problem(
                where,
                tr(
                    "the model reads '{text}' for '{class_name}', not '{other_text}' as well",
                    text=first,
                    class_name=name,
                    other_text=clean,
                ),
            )

    def add(
        self,
        where: str,
        file: str | Path,
        label: str = "",
        split: str = "",
        prediction: str = "",
        confidence: float | None = None,
        embedded: Callable[[], bytes] | None = None,
    ) -> None:
        """Add one row; "" stands for what it lacks.

        `where` is its location, for problems. `file` is its path as the source writes it, or one that was found in a
        folder. `embedded` reads the image, if it is inside the source.
        """
        self.report()
        # Each cell is read by itself, so that a bad split costs the row neither its label nor its image.
        taken: list[Any] = []
        try:
            image = self.places.find(file) if isinstance(file, str) else file
        except RowError as error:
            self.problem(where, str(error))
            return
        for read, text in ((use_of, split), (self.label, label), (clean_label, prediction)):
            try:
                taken.append(read(text))
            except RowError as error:
                self.problem(where, str(error))
                taken.append(None)
        use, class_name, predicted = taken
        # A confidence without the class that it is about says nothing.
        score = confidence if predicted is not None else None
        self.entries.append(ImageEntry(image, class_name, use, predicted, score, None, embedded))

    def __len__(self) -> int:
        return len(self.entries) + len(self._problems)

    def listing(self, columns: Sequence[str] = (), mapping: Mapping[str, str] | None = None) -> Listing:
        return Listing(
            tuple(self.entries),
            tuple(self._problems),
            tuple(self._classes.values()),
            tuple(columns),
            dict(mapping or {}),
            (*self.notes, *self._notes()),
            {name: text for name, text in self._reads.items() if text != name},
            self.question,
        )

    def _notes(self) -> Iterator[str]:
        """Notes on what a project does not import, or imports differently."""
        if sentence := left_out_sentence(self.left_out):
            yield sentence
        for name, first in islice(self._alike.items(), ALIKE_SHOWN):
            yield tr("'{label}' is taken as '{class_name}'.", label=name, class_name=first)
        if (more := len(self._alike) - ALIKE_SHOWN) > 0:
            yield tr("{n} more label is taken so.", "{n} more labels are taken so.", more)
        if self.shapes:
            yield tr(
                "{n} box or outline of an object is left out: it labels no picture.",
                "{n} boxes or outlines of objects are left out: they label no picture.",
                self.shapes,
            )
        if splits := sum(entry.use is not None and entry.label is None for entry in self.entries):
            yield tr(
                "{n} picture has a split and no label: a split goes with a label, so it is left out.",
                "{n} pictures have a split and no label: a split goes with a label, so it is left out.",
                splits,
            )
        if predictions := sum(entry.prediction is not None for entry in self.entries):
            yield tr(
                "{n} picture has a prediction, which is shown only: the project makes its own.",
                "{n} pictures have a prediction, which is shown only: the project makes its own.",
                predictions,
            )
