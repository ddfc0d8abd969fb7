"""The registry of formats: which one a source has, what was dropped, and reading it."""

from __future__ import annotations

import os
import pkgutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.scan import class_folders, walk
from mma_desktop.services.formats import archive, class_numbers, kinds
from mma_desktop.services.formats.dataset import Collector, Format, Listing, ReadOptions, RecognisedBy
from mma_desktop.services.formats.kinds import csv_table, image_folder
from mma_desktop.services.formats.path_resolver import unreadable_source


def _read_inside(rows: Collector) -> Listing:
    """Read the unpacked content of an archive, or of its only folder."""
    folder, columns = rows.path, rows.options.columns
    place, form = folder, recognise(folder, columns)
    while form in {None, image_folder.UNLABELLED} and len(inner := sorted(place.iterdir())) == 1 and inner[0].is_dir():
        place, form = inner[0], recognise(inner[0], columns)
    if form is not None and form.inside:
        raise UserError.tr(
            "The pictures in {path} are inside tables or shards. Unpack it first, then import the folder. Nothing "
            "was changed.",
            path=folder,
        )
    if form in {None, image_folder.UNLABELLED}:
        place, form = folder, image_folder.UNLABELLED
    return _read(rows.for_path(place), form)


_MODULES = (import_module(f"{kinds.__name__}.{module.name}") for module in pkgutil.iter_modules(kinds.__path__))
_KINDS = tuple(form for module in _MODULES for form in vars(module).values() if isinstance(form, Format))
# Suffixes of the files in which some format keeps labels.
LABEL_SUFFIXES = frozenset(suffix for form in _KINDS for suffix in form.suffixes)

FORMATS: tuple[Format, ...] = tuple(
    sorted((*_KINDS, archive.archive_format(_read_inside, LABEL_SUFFIXES)), key=lambda form: form.title.casefold())
)
_MOST_SPECIFIC_FIRST = tuple(sorted(FORMATS, key=lambda form: (form.recognised_by, form.id)))
# Formats that are imported without a preview.
PLAIN = (image_folder.FORMAT, image_folder.UNLABELLED)

_SHOWN = 3  # kinds of files in one sentence
_FILES_COUNTED = 10_000  # of a folder that no format knows
_ROWS_TRIED = 100  # before a format is given up
_MAX_BYTES = 16 << 20  # of a file that is read on trial
_ADVICE: Mapping[str, str] = {
    **dict.fromkeys(
        (".xls", ".xlsx", ".ods", ".numbers"),
        later("Save the table as CSV (UTF-8) in your spreadsheet, and import that."),
    ),
    **dict.fromkeys((".7z", ".rar", ".gz", ".zst"), later("Unpack it, and import the folder.")),
}


@dataclass(frozen=True)
class Dropped:
    """What was dropped.

    Attributes:
        source: The file or folder of another tool, with its format; None for class folders and images.
        classes: Class name to folder; empty if these are no class folders.
        mixed: Whether there are more loose images beside these than class folders.
        empty: Whether there is nothing to import.
    """

    source: tuple[Path, Format] | None = None
    classes: Mapping[str, Path] = field(default_factory=dict)
    mixed: bool = False
    empty: bool = False


def inspect_dropped(paths: Sequence[Path], token: CancelToken | None = None) -> Dropped:
    """Find out what was dropped, without a walk of more than up to the first file."""
    token = token or CancelToken()
    # A folder or an image counts as another tool's only if it was dropped alone; a table, a list or an archive always.
    for path in paths:
        token.raise_if_cancelled()
        if len(paths) > 1 and path.suffix.lower() not in LABEL_SUFFIXES and archive.archive_stem(path) is None:
            continue
        form = recognise(path)
        if form in PLAIN and not (image_folder.needs_preview(path) or csv_table.unused_tables(path)):
            continue
        if form is not None:
            return Dropped((path, form))
    classes = class_folders(paths)
    mixed = class_folders(paths, mixed=True) if classes is None else None
    empty = not classes and not mixed and next(walk(paths, token, left_out=Counter()), None) is None
    return Dropped(classes=classes or mixed or {}, mixed=mixed is not None, empty=empty)


def find_format(format_id: str) -> Format:
    """Look up a format by id. Raises UserError if the id is unknown."""
    for form in FORMATS:
        if form.id == format_id:
            return form
    raise UserError.tr(
        "There is no format '{format}'. There are {formats}.",
        format=format_id,
        formats=", ".join(form.id for form in FORMATS),
    )


def recognise(path: Path, columns: Mapping[str, str] | None = None) -> Format | None:
    """The format of a file or folder; None if it is not recognised.

    A folder of images that holds a table with the `columns` that were asked for is read by that table.
    """
    try:
        special = next((form for form in _MOST_SPECIFIC_FIRST if form.sniff(path)), None)
        if columns and special in {None, *PLAIN} and csv_table.has_columns(path, columns):
            return csv_table.FORMAT
        return special
    except OSError:
        return None


def read_source(path: Path, chosen: Format | None, options: ReadOptions, token: CancelToken) -> Listing:
    """Read the listing of a file or folder in a format, None to detect it; UserError if it cannot be read."""
    try:
        if not path.exists():
            raise UserError.tr("{path} is not there. Check the name, or plug its drive in.", path=path)
        return _read(Collector(path, options, token), chosen or recognise(path, options.columns))
    except OSError as error:
        raise unreadable_source(path, error.strerror or error) from error


def _read(rows: Collector, form: Format | None) -> Listing:
    path, options = rows.path, rows.options
    if form is None:
        raise _not_recognised(path)
    unknown = [role for role in options.columns if role not in form.columns]
    if unknown:
        raise UserError.tr(
            "{format} has no column for '{role}' that could be chosen. There are: {roles}.",
            format=tr(form.title),
            role=unknown[0],
            roles=", ".join(form.columns) or tr("none", "no columns"),
        )
    if options.base is not None and not form.based:
        raise UserError.tr(
            "{format} finds its pictures beside itself. Leave the folder of the pictures out.", format=tr(form.title)
        )
    listing = class_numbers.with_class_names(form.read(rows), path)
    if not listing.entries and not listing.problems:
        raise UserError.tr(
            "{source} lists no picture. Expected for {format}: {about} Nothing was changed.",
            source=path,
            format=tr(form.title),
            about=tr(form.about),
        )
    if form.recognised_by <= RecognisedBy.TABLE:
        return listing
    return replace(listing, unused=csv_table.unused_tables(path))


def _not_recognised(path: Path) -> UserError:
    """Say what was found in the source, and which format comes closest."""
    suffixes = _suffixes(path)
    if not suffixes:
        return UserError.tr("There is no picture in {folder}, and no other file.", folder=path)
    shown = [
        tr("{n} {suffix} file", "{n} {suffix} files", count, suffix=suffix or tr("other"))
        for suffix, count in suffixes.most_common(_SHOWN)
    ]
    of_suffix = ([form for form in FORMATS if suffix in form.suffixes] for suffix, _ in suffixes.most_common())
    near = next(filter(None, of_suffix), [])
    likely = [form.id for form in near if _can_read(form, path)]
    advice = next((tr(_ADVICE[suffix]) for suffix, _ in suffixes.most_common() if suffix in _ADVICE), "")
    if likely:
        advice = tr("Choose its format ({formats}), or give it with --format.", formats=", ".join(likely))
    elif near or not advice:
        advice = tr("These can be read: {formats}.", formats=", ".join(form.id for form in near or FORMATS))
    return UserError.tr(
        "{path} is in no format that was recognised. Found: {found}. {advice}",
        path=path,
        found=", ".join(shown),
        advice=advice,
    )


class _EnoughError(Exception):
    """Ends the reading of a source; says whether there is an image."""


class _FirstRows(Collector):
    """Reads until an image is found, or `_ROWS_TRIED` rows had none."""

    def report(self) -> None:
        if self.entries or len(self) > _ROWS_TRIED:
            raise _EnoughError(bool(self.entries))


def _can_read(form: Format, path: Path) -> bool:
    """Whether a source that was not recognised can be read in a format all the same, going by its first rows."""
    if path.is_file() and path.stat().st_size > _MAX_BYTES:
        return False
    try:
        return bool(form.read(_FirstRows(path, ReadOptions(), CancelToken())).entries)
    except _EnoughError as enough:
        return bool(enough.args[0])
    except (UserError, OSError):
        return False


def _suffixes(path: Path) -> Counter[str]:
    if not path.is_dir():
        return Counter((path.suffix.lower(),))
    files = (name for _, _, names in os.walk(path) for name in names if not name.startswith("."))
    return Counter(os.path.splitext(name)[1].lower() for name in islice(files, _FILES_COUNTED))  # noqa: PTH122
