"""Resolve image paths in other tools' files, which are untrusted."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mma_desktop.core.errors import TranslatedError, UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import shortened, tr
from mma_desktop.core.paths import is_device_name
from mma_desktop.core.types import Use, split_use
from mma_desktop.media.image_formats import SUFFIXES

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_WORD = re.compile(r"[^\W_]+")
_DEPTH = 4  # depth below the root to which images are searched by name
COLUMNS_SHOWN = 20  # in one sentence
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class RowError(TranslatedError):
    """Why a row was skipped or only partly imported; a clause, not a full sentence."""


def class_of(value: Any, names: Sequence[str] | None) -> str:
    """The class of an image as a source writes it: a text, the number of one of the `names`, or None for none ("").

    Without names a number is a class itself. Raises RowError if it is something else, or there is no such number.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        raise RowError.tr("it does not have exactly one label")
    if names is None:
        return str(value)
    if not 0 <= value < len(names):
        raise no_such_class(value, len(names))
    return names[value]


def no_such_class(number: int, count: int) -> RowError:
    """The refusal of a number that none of this many classes has."""
    return RowError.tr(
        "there is no class {number} among {n}", "there is no class {number} among {n}", count, number=number
    )


def unreadable_source(path: Path, reason: object) -> UserError:
    """The error for a source that is damaged, or was refused by the system."""
    return UserError.tr("{path} could not be read: {reason}. Nothing was changed.", path=path, reason=reason)


def only_label(source: Path, image: str, labels: Iterable[str]) -> str:
    """The label of an image; "" if it has none. Raises UserError if it has several."""
    different = list(dict.fromkeys(labels))
    if len(different) > 1:
        raise several_labels(source, tr("'{picture}' has {labels}", picture=image, labels=", ".join(different)))
    return different[0] if different else ""


def label_of(source: Path, image: str, labels: Iterable[Any], names: Sequence[str] | None) -> str:
    """`only_label` of what `class_of` makes of each."""
    return only_label(source, image, filter(None, [class_of(label, names) for label in labels]))


def no_such_column(column: str, file: Path, columns: Iterable[str]) -> UserError:
    return UserError.tr(
        "There is no column '{column}' in {file}. It has {columns}.",
        column=column,
        file=file.name,
        columns=shortened([*columns], COLUMNS_SHOWN) or tr("none", "no columns"),
    )


def several_tables(path: Path, names: Iterable[str]) -> UserError:
    return UserError.tr(
        "{path} holds several tables ({tables}). Import one of them. Nothing was changed.",
        path=path,
        tables=", ".join(names),
    )


def several_labels(source: Path, example: str) -> UserError:
    """The error for data with several labels per image."""
    return UserError.tr(
        "{source} gives a picture several labels ({example}). Here a picture has one label, so multi-label data "
        "is not imported. Nothing was changed.",
        source=source,
        example=example,
    )


class ImagesBelow:
    """Finds an image below a folder by the end of its path, with or without suffix ("0001" for "train/0001.jpg").

    The folder is walked once, on the first search. `hint` is the name of the table: of two images of a name,
    "train_labels" selects the one in a folder `train`.
    """

    def __init__(self, root: Path, token: CancelToken, hint: str = "") -> None:
        self._root = root
        self._token = token
        self._use = _named_use(hint)
        self._found: dict[str, list[str]] | None = None

    def find(self, name: str) -> Path | None:
        """The image of a name; None if there is none. Raises RowError if there are several."""
        if self._found is None:
            self._found = self._walked()
        wanted = unicodedata.normalize("NFC", name).strip("/")
        last = wanted.rpartition("/")[2]
        stems = dict.fromkeys((last, _without_suffix(last)))
        end = f"/{wanted}"
        fitting = [
            path
            for stem in stems
            for path in self._found.get(stem, ())
            if (full := "/" + unicodedata.normalize("NFC", path)).endswith(end) or _without_suffix(full).endswith(end)
        ]
        if len(fitting) > 1 and self._use is not None:
            fitting = [path for path in fitting if _named_use(path.partition("/")[0]) is self._use] or fitting
        if len(fitting) > 1:
            raise RowError.tr(
                "'{path}' may be {first} or {other}; choose the folder of the pictures",
                path=name,
                first=fitting[0],
                other=fitting[1],
            )
        return self._root / fitting[0] if fitting else None

    def _walked(self) -> dict[str, list[str]]:
        """The paths of images, relative to the root, by name without suffix."""
        by_name: dict[str, list[str]] = {}
        folders = [("", 0)]
        while folders:
            self._token.raise_if_cancelled()
            folder, depth = folders.pop()
            try:
                with os.scandir(self._root / folder) as entries:
                    for entry in entries:
                        path = f"{folder}/{entry.name}" if folder else entry.name
                        if entry.name.startswith("."):
                            continue
                        if entry.is_dir():
                            folders += [(path, depth + 1)] if depth < _DEPTH else []
                        elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122 - a million of them
                            stem = unicodedata.normalize("NFC", _without_suffix(entry.name))
                            by_name.setdefault(stem, []).append(path)
            except OSError:
                continue
        return by_name


def _without_suffix(name: str) -> str:
    return os.path.splitext(name)[0]  # noqa: PTH122


def _named_use(name: str) -> Use | None:
    return next((use for word in _WORD.findall(name) if (use := split_use(word)) is not None), None)


class PathResolver:
    """Resolves the images that a source lists, never outside its folder unless the format uses absolute paths.

    An absolute path that lies in the folder by its text is one in it.

    Names are tried as written, then in NFC and NFD (file systems differ), then stripped of surrounding blanks, and with
    backslashes as separators. Links inside the folder are followed, as everywhere in this program.

    Args:
        source: The file or folder being read; for messages.
        root: Folder that relative names start from.
        whole: Whether absolute paths and `file:` URLs are allowed.
        inside: Subfolders of `root` to try first.
        below: Looks for names without their suffix or folder; None for not at all.
    """

    def __init__(
        self,
        source: Path,
        root: Path,
        *,
        whole: bool = False,
        inside: Sequence[str] = (),
        below: ImagesBelow | None = None,
    ) -> None:
        self.source = source
        self.root = root
        self._whole = whole
        self._below = below
        self._starts = [*(root / name for name in inside), root]

    def find(self, text: str) -> Path:
        """Resolve a file name of the source. Raises RowError if the name is not allowed, or there is no such file."""
        if not text.strip():
            raise RowError.tr("there is no file name")
        return self._find_file(self._local(text))

    def is_there(self, text: str) -> bool:
        try:
            self.find(text)
        except RowError:
            return False
        return True

    def _local(self, text: str) -> str:
        if _DRIVE.match(text):
            if os.name != "nt":
                raise RowError.tr("'{path}' is a path of another computer", path=text)
            return text
        if not _SCHEME.match(text):
            return text
        try:
            parts = urlsplit(text)
        except ValueError:
            raise RowError.tr("'{address}' is not an address", address=text) from None
        if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
            path = unquote(parts.path)
            return path.lstrip("/") if os.name == "nt" else path
        if parts.scheme == "data":
            raise RowError.tr("the picture is inside the text; only files are taken")
        if "://" in text:
            raise RowError.tr(
                "'{address}' is a remote address, and nothing is fetched. Download it, then name the file", address=text
            )
        return text

    def _inner(self, text: str) -> str:
        """An absolute path inside the folder as a relative one; another text as it is."""
        path = Path(text.strip())
        if not self._whole and path.anchor:
            for root in dict.fromkeys((self.root, Path(os.path.realpath(self.root)))):
                if path.is_relative_to(root):
                    return str(path.relative_to(root))
        return text

    def _find_file(self, text: str) -> Path:
        text = self._inner(text)
        plain = text.replace("\\", "/").strip()
        _check_name(text, plain)
        whole = bool(Path(plain).anchor)
        names = [name for name in (text, text.strip(), plain) if self._whole or not Path(name).anchor]
        strange = False
        for path in self._spellings(names):
            try:
                mode = path.stat().st_mode
            except (OSError, ValueError):
                continue
            if stat.S_ISREG(mode):
                return path
            strange = True
        if self._below is not None and not whole and (path_below := self._below.find(plain)) is not None:
            return path_below
        if strange:
            raise RowError.tr("'{path}' is not a file", path=text)
        if whole and not self._whole:
            raise RowError.tr(
                "'{path}' is an absolute path; only files inside {folder} are taken", path=text, folder=self.root
            )
        if whole:
            raise RowError.tr("there is no file '{path}'", path=text)
        raise RowError.tr("there is no file '{path}' in {folder}", path=text, folder=self.root)

    def _spellings(self, names: Iterable[str]) -> Iterator[Path]:
        for name in dict.fromkeys(names):
            for form in dict.fromkeys((name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))):
                for start in self._starts:
                    yield start / form


def _check_name(text: str, plain: str) -> None:
    """Refuse a path, as written and with forward slashes, that leaves the root or is invalid. Raises RowError."""
    parts = plain.split("/")
    if any(part.strip() == ".." for part in parts):
        raise RowError.tr("'{path}' leads out of its folder (..)", path=text)
    named = parts[1:] if _DRIVE.match(plain) else parts
    device = os.name == "nt" and any(is_device_name(part) or ":" in part for part in named)
    if device or _CONTROL.search(text):
        raise RowError.tr("'{path}' cannot be the name of a picture", path=text)
