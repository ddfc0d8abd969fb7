"""What every format is read into and written from: pictures with their labels, in no tool's own terms."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import Use
from mma_desktop.media.copy_export import Known
from mma_desktop.services.formats.path_resolver import Places, RowError

REPORT_SECONDS = 0.1
ALIKE_SHOWN = 20
SPLITS: Mapping[Use, str] = {Use.SHOT: "train", Use.VALIDATION: "val", Use.TEST: "test"}
"""What other tools call the uses."""

UNSPLIT = "unsplit"
"""The folder of pictures without a split, beside those of the splits."""

_USES: Mapping[str, Use | None] = {
    **dict.fromkeys(("train", "training", "shot", "shots"), Use.SHOT),
    **dict.fromkeys(("val", "valid", "validation", "dev"), Use.VALIDATION),
    **dict.fromkeys(("test", "testing"), Use.TEST),
    **dict.fromkeys(("", UNSPLIT, "default", "none", "null"), None),
}


class Images(StrEnum):
    """What an export does with the pictures themselves."""

    COPY = "copy"
    LINK = "link"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture; None for what is not said of it. `confidence` (0 to 1) belongs to `prediction`.

    `known` is what the project knows of the file: one that has changed since is not copied under its old label.
    """

    image: Path
    label: str | None = None
    use: Use | None = None
    prediction: str | None = None
    confidence: float | None = None
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something that was not taken as it stands: where ("row 7"), and why."""

    where: str
    reason: str

    def sentence(self) -> str:
        """Both in one."""
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a file or folder of another tool lists.

    Attributes:
        entries: The pictures, in the order of the source.
        problems: What was left out or taken in part only, with the reason.
        classes: Class names in the order they came, also those without a picture.
        columns: What columns (or questions) the source has, where they can be mapped.
        mapping: Which column was taken for what.
        notes: What else the person should know.
    """

    entries: tuple[Entry, ...]
    problems: tuple[RowProblem, ...] = ()
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def labelled(self) -> int:
        """How many of the pictures carry a label."""
        return sum(one.label is not None for one in self.entries)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a source is read.

    `columns` maps a role ("file", "label", "split", "prediction", "confidence") to a column of the source; `base` is
    the folder that relative file names start from, None for the source's own.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    base: Path | None = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a format is written. Without `overwrite` nothing that is there already is replaced."""

    images: Images = Images.COPY
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be written: `entries` starts anew with each call; `divided` says whether any of them has a use."""

    entries: Callable[[], Iterator[Entry]]
    total: int
    classes: Sequence[str]
    divided: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A finished export: where it is, and a sentence on what is in it and what was left out."""

    path: Path
    sentence: str


Reading = Generator[Progress, None, Listing]
Writing = Generator[Progress, None, Written]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        id: For the command line.
        title: For the window.
        about: Its layout, in a sentence.
        sniff: Whether a file or folder looks like it; reads little.
        read: Reads one; None where it is only written.
        write: Writes one; None where it is only read.
        images: What can be done with the pictures when it is written, the usual way first.
        suffix: Of the file that is written, "" for a folder.
        columns: The roles whose column can be chosen.
        based: Whether the folder that its file names start from can be chosen.
        unlabelled: Whether it can hold pictures without a label.
    """

    id: str
    title: str
    about: str
    sniff: Callable[[Path], bool]
    read: Callable[[Path, ReadOptions, CancelToken], Reading] | None = None
    write: Callable[[Outgoing, Path, WriteOptions, CancelToken], Writing] | None = None
    images: tuple[Images, ...] = (Images.COPY, Images.LINK)
    suffix: str = ""
    columns: tuple[str, ...] = ()
    based: bool = False
    unlabelled: bool = True

    @property
    def can_read(self) -> bool:
        """Whether it can be imported."""
        return self.read is not None

    @property
    def can_write(self) -> bool:
        """Whether it can be exported."""
        return self.write is not None


class Pace:
    """Says when a long job should report again."""

    def __init__(self, token: CancelToken) -> None:
        self._token = token
        self._told = 0.0

    def due(self) -> bool:
        """Whether it is time; also the place where the job is stopped.

        Raises:
            Cancelled: It was asked for.
        """
        self._token.raise_if_cancelled()
        if time.monotonic() - self._told < REPORT_SECONDS:
            return False
        self._told = time.monotonic()
        return True


def use_of(split: str) -> Use | None:
    """The use that a split of another tool stands for.

    Raises:
        RowError: It is none of those known.
    """
    try:
        return _USES[split.strip().lower()]
    except KeyError:
        raise RowError(
            tr(
                "the split '{split}' is none of train, val and test; it was taken without one",
                split=split,
            )
        ) from None


def is_split(name: str) -> bool:
    """Whether a folder's name is that of a split."""
    return bool(name) and name.lower() in _USES


@lru_cache(maxsize=10_000)  # a million rows have a thousand labels
def clean_label(text: str) -> str | None:
    """A label as the name of a class; None for an empty one.

    Raises:
        RowError: It cannot be one.
    """
    from mma_desktop.store.classes import clean_class_name

    composed = unicodedata.normalize("NFC", text)
    if not composed.strip():
        return None
    try:
        return clean_class_name(composed)
    except UserError as error:
        raise RowError(tr("it was taken without its label. {reason}", reason=error)) from error


class Collector:
    """Collects a listing row by row; a row that cannot be taken becomes a problem and stops nothing.

    Args:
        places: Finds the pictures.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self._entries: list[Entry] = []
        self._problems: list[RowProblem] = []
        self._classes: dict[str, str] = {}
        self._alike: dict[str, str] = {}
        self.notes: list[str] = []

    def problem(self, where: str, reason: str) -> None:
        """Note why something was not taken."""
        self._problems.append(RowProblem(where, reason))

    def label(self, text: str) -> str | None:
        """The class that a label stands for, in its first spelling.

        Raises:
            RowError: It cannot be the name of a class.
        """
        name = clean_label(text)
        if name is None:
            return None
        first = self._classes.setdefault(name_key(name), name)
        if first != name:
            self._alike.setdefault(name, first)
        return first

    def add(
        self,
        where: str,
        file: str | Path,
        label: str = "",
        split: str = "",
        prediction: str = "",
        confidence: float | None = None,
    ) -> None:
        """Take one row in.

        Args:
            where: For a problem with it.
            file: Its path as the source writes it, or a path that was found in a folder.
            label: Empty for none.
            split: Of another tool; empty for none.
            prediction: Empty for none.
            confidence: Of the prediction.
        """
        try:
            image = self.places.find(file) if isinstance(file, str) else file
        except RowError as error:
            self.problem(where, str(error))
            return
        taken: dict[str, str | None] = {"label": None, "prediction": None}
        use = None
        try:
            use = use_of(split)
        except RowError as error:
            self.problem(where, str(error))
        for part, text in (("label", label), ("prediction", prediction)):
            try:
                taken[part] = self.label(text) if part == "label" else clean_label(text)
            except RowError as error:
                self.problem(where, str(error))
        sure = confidence if taken["prediction"] is not None else None
        self._entries.append(Entry(image, taken["label"], use, taken["prediction"], sure))

    def __len__(self) -> int:
        return len(self._entries) + len(self._problems)

    def listing(self, columns: Sequence[str] = (), mapping: Mapping[str, str] | None = None) -> Listing:
        """What was collected.

        Raises:
            UserError: Nothing was.
        """
        if not self._entries and not self._problems:
            raise UserError(tr("{source} lists no picture. Nothing was changed.", source=self.places.source))
        return Listing(
            tuple(self._entries),
            tuple(self._problems),
            tuple(self._classes.values()),
            tuple(columns),
            dict(mapping or {}),
            (*self.notes, *self._left()),
        )

    def _left(self) -> Iterator[str]:
        """What of the source a project does not take, or takes otherwise."""
        for name, first in islice(self._alike.items(), ALIKE_SHOWN):
            yield tr("'{label}' is taken as '{class_name}'.", label=name, class_name=first)
        if (more := len(self._alike) - ALIKE_SHOWN) > 0:
            yield tr("{n} more label is taken so.", "{n} more labels are taken so.", more)
        if splits := sum(one.use is not None and one.label is None for one in self._entries):
            yield tr(
                "{n} picture has a split and no label: a split goes with a label, so it is left out.",
                "{n} pictures have a split and no label: a split goes with a label, so it is left out.",
                splits,
            )
        if guesses := sum(one.prediction is not None for one in self._entries):
            yield tr(
                "{n} picture has a prediction, which is shown only: the project makes its own.",
                "{n} pictures have a prediction, which is shown only: the project makes its own.",
                guesses,
            )
