"""Walk dropped files and folders in order, and recognise class folders."""

from __future__ import annotations

import json
import os
import stat
import unicodedata
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from mma_desktop.core.events import CancelToken
from mma_desktop.core.paths import full_path, names_project
from mma_desktop.core.types import LeftOut, ProblemKind, Reason, split_use
from mma_desktop.media import error_messages
from mma_desktop.media.decoding import os_problem
from mma_desktop.media.image_formats import SUFFIXES

SYSTEM_FILES = frozenset(
    ("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "lost+found")
)
_LEFT_OUT: Mapping[str, LeftOut] = {
    **dict.fromkeys((".xmp", ".json", ".aae", ".thm"), LeftOut.SIDE_CAR),
    **dict.fromkeys(
        (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".mts", ".m2ts", ".wmv", ".3gp", ".lrv"),
        LeftOut.FILM,
    ),
    **dict.fromkeys(
        (".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".xls", ".xlsx", ".ods", ".csv", ".tsv"),
        LeftOut.DOCUMENT,
    ),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".htm", ".html"), LeftOut.DOCUMENT),
}
_BLOCK = 512  # files compressed at a time; zlib finds their common folders
_DEPTH = 3  # how far below a class folder images are looked for when class folders are recognised

_Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A file found by the walk, or a path that could not be walked, with the problem and its reason."""

    file: str
    folder_class: str | None = None
    problem: ProblemKind | None = None
    reason: Reason | None = None

    @property
    def path(self) -> Path:
        """Its path. Created on demand, because a walk over a million known files needs none."""
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    folder_class: str | None
    above: frozenset[_Identity]


def walk(
    paths: Sequence[Path],
    cancel: CancelToken | None = None,
    classes: Mapping[str, Path] | None = None,
    left_out: Counter[LeftOut] | None = None,
) -> Iterator[Found]:
    """Walk files and folders depth first, in sorted order.

    Skips hidden files, system files such as Thumbs.db, and projects of this program, unless named directly. Each folder
    is visited once, however many links lead to it; linked folders come last, so that a folder is found under its own
    name. Side-cars, films and documents, by their suffix, are left out. Other files that are not images are included:
    reading them reports the problem.

    Args:
        paths: Files and folders.
        cancel: Stops the walk.
        classes: Class name to folder (see `class_folders`); files below such a folder get its name.
        left_out: Counts what is left out. Without it, files that are named directly are not.

    Yields:
        Files and problems: a missing path, an unreadable folder, a link that leads back to itself.

    Raises:
        Cancelled: The walk was cancelled.
    """
    return _Walk(cancel, classes or {}, left_out).run(paths)


class _Walk:
    def __init__(
        self, cancel: CancelToken | None, classes: Mapping[str, Path], left_out: Counter[LeftOut] | None
    ) -> None:
        self._cancel = cancel
        self._counted = left_out is not None
        self._left_out: Counter[LeftOut] = Counter() if left_out is None else left_out
        self._classes = {os.fspath(folder): name for name, folder in classes.items()}
        self._seen: set[_Identity] = set()
        self._links: deque[_Folder] = deque()

    def run(self, paths: Sequence[Path]) -> Iterator[Found]:
        for path in paths:
            yield from self._walk_given(os.fspath(path))
        # Links after all folders, so that a folder inside what was given is named by its own path.
        while self._links:
            yield from self._tree(self._links.popleft())

    def _walk_given(self, path: str) -> Iterator[Found]:
        above = map(os.fspath, (Path(path), *Path(path).parents))
        folder_class = next((self._classes[folder] for folder in above if folder in self._classes), None)
        try:
            is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - Path() would normalise the name
        except (OSError, ValueError) as error:
            yield _problem(path, error, folder_class)
            return
        if not is_folder:
            if not (self._counted and self._leaves_out(path)):
                yield Found(path, folder_class)
        elif names_project(path):
            yield Found(path, None, ProblemKind.NOT_AN_IMAGE, error_messages.PROJECT)
        else:
            yield from self._tree(_Folder(path, folder_class, frozenset()))

    def _leaves_out(self, path: str) -> bool:
        kind = _LEFT_OUT.get(os.path.splitext(path)[1].lower())  # noqa: PTH122 - no path object for each of a million
        if kind is not None:
            self._left_out[kind] += 1
        return kind is not None

    def _tree(self, root: _Folder) -> Iterator[Found]:
        stack: list[Iterator[Found | _Folder]] = [self._entries(root)]
        while stack:
            if self._cancel is not None:
                self._cancel.raise_if_cancelled()
            entry = next(stack[-1], None)
            if entry is None:
                stack.pop()
            elif isinstance(entry, Found):
                yield entry
            else:
                stack.append(self._entries(entry))

    def _entries(self, folder: _Folder) -> Iterator[Found | _Folder]:
        """Files, problems and subfolders directly in a folder."""
        try:
            status = os.stat(folder.path)  # noqa: PTH116
            identity = (status.st_dev, status.st_ino)
            # A link into one of its own parents would never end; a folder that was walked already is only passed over.
            if identity in folder.above:
                yield Found(folder.path, folder.folder_class, ProblemKind.LINK_LOOP, error_messages.LINK_ABOVE)
                return
            if identity in self._seen:
                return
            self._seen.add(identity)
            with os.scandir(folder.path) as listing:
                # By bytes: the same order in every locale.
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except (OSError, ValueError) as error:
            yield _problem(folder.path, error, folder.folder_class)
            return
        above = folder.above | {identity}
        for entry in entries:
            if _is_ignored(entry.name):
                continue
            inside = self._entry(entry, folder.folder_class, above)
            if inside is not None:
                yield inside

    def _entry(
        self, entry: os.DirEntry[str], folder_class: str | None, above: frozenset[_Identity]
    ) -> Found | _Folder | None:
        try:
            if not entry.is_symlink():
                if not entry.is_dir(follow_symlinks=False):
                    return None if self._leaves_out(entry.path) else Found(entry.path, folder_class)
                return None if names_project(entry.name) else self._inside(entry, folder_class, above)
            if not stat.S_ISDIR(os.stat(entry.path).st_mode):  # noqa: PTH116
                return None if self._leaves_out(entry.path) else Found(entry.path, folder_class)
        except (OSError, ValueError) as error:
            return _problem(entry.path, error, folder_class)
        if not names_project(os.path.realpath(entry.path)):
            self._links.append(self._inside(entry, folder_class, above))
        return None

    def _inside(self, entry: os.DirEntry[str], folder_class: str | None, above: frozenset[_Identity]) -> _Folder:
        """A folder inside one whose class is `folder_class`."""
        path = os.fspath(Path(entry.path))  # the walk of "." finds "./a", and the class folder is "a"
        return _Folder(entry.path, self._classes.get(path, folder_class), above)


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.lower() in SYSTEM_FILES


def _problem(path: str, error: OSError | ValueError, folder_class: str | None) -> Found:
    problem = os_problem(error, Path(path))
    return Found(path, folder_class, problem.kind, problem.reason)


class FileList:
    """The files of one walk, in order, so that they are counted before they are read; `left_out` counts by kind."""

    # Compressed: a million paths take about 10 MB instead of 200 MB.

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._newest: list[Found] = []
        self.left_out: Counter[LeftOut] = Counter()

    def __len__(self) -> int:
        return len(self._blocks) * _BLOCK + len(self._newest)

    def add(self, file: Found) -> None:
        self._newest.append(file)
        if len(self._newest) == _BLOCK:
            rows = [(file.file, file.folder_class, file.problem, file.reason) for file in self._newest]
            self._blocks.append(zlib.compress(json.dumps(rows, default=astuple).encode(), 1))
            self._newest = []

    def __iter__(self) -> Iterator[Found]:
        for block in self._blocks:
            for file, folder_class, problem, reason in json.loads(zlib.decompress(block)):
                yield Found(file, folder_class, problem and ProblemKind(problem), reason and Reason(*reason))
        yield from self._newest


def class_name(folder: Path) -> str:
    """The class name for a folder: composed Unicode (NFC), undecodable bytes replaced."""
    return unicodedata.normalize("NFC", _name_of(folder))


def _name_of(folder: Path) -> str:
    return os.fsencode(full_path(folder).name).decode("utf-8", "replace")


def class_folders(paths: Sequence[Path], *, mixed: bool = False) -> dict[str, Path] | None:
    """Find class folders in dropped paths: class name to folder in sorted order, or None if there are none.

    They are either the subfolders of a single dropped folder, if at least two of them directly contain images and the
    folder itself contains no more images than there are such subfolders, unless it may be `mixed`; or several folders
    that all directly contain images. Folders with equal names are not class folders, nor are those of a split (see
    `without_split_folders`). Names that differ in how accents are encoded stay as they are: like "Cat" and "cat", they
    are one class (`name_key`).
    """
    try:
        if len(paths) == 1:
            return _class_subfolders(paths[0], mixed=mixed)
        folders = [path for path in paths if path.is_dir() and _count_images(path, 1)]
    except (OSError, ValueError):
        return None
    return _as_classes(folders) if len(folders) == len(paths) >= 2 else None


def _class_subfolders(folder: Path, *, mixed: bool) -> dict[str, Path] | None:
    with os.scandir(folder) as entries:
        names = sorted((entry.name for entry in entries if not _is_ignored(entry.name)), key=os.fsencode)
    inside = [folder / name for name in names if not names_project(name)]
    inside = [path for path in inside if path.is_dir()]
    direct = [path for path in inside if _count_images(path, 1)]
    if len(direct) < 2 or (not mixed and _count_images(folder, len(direct) + 1) > len(direct)):
        return None
    return _as_classes([path for path in inside if path in direct or contains_images(path)])


def without_split_folders(folders: Sequence[Path]) -> list[Path]:
    """Filter out folders named like splits, such as "test" or "valid", whose images may show anything."""
    # "train" alone among others stays: a vehicle beside "bus" and "car". So does "shot", a split only in our tables.
    classes = [
        folder for folder in folders if split_use(folder.name) is None or folder.name.lower() in {"shot", "shots"}
    ]
    splits = [folder for folder in folders if folder not in classes]
    vehicle = len(classes) >= 2 and [split.name.lower() for split in splits] == ["train"]
    return list(folders) if vehicle else classes


def _as_classes(folders: Sequence[Path]) -> dict[str, Path] | None:
    places = without_split_folders(folders)
    names = [class_name(folder) for folder in places]
    often = Counter(names)
    named = {name if often[name] == 1 else _name_of(folder): folder for name, folder in zip(names, places, strict=True)}
    return dict(sorted(named.items())) if len(named) == len(places) >= 2 else None


def _count_images(folder: Path, at_most: int) -> int:
    """Number of files directly in a folder with an image suffix, up to a limit."""
    count = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not _is_ignored(entry.name) and os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122
                    count += 1
                    if count >= at_most:
                        break
    except OSError:
        return 0
    return count


def contains_images(folder: Path, depth: int = _DEPTH) -> bool:
    """Whether a folder or one below it (not following links) contains images."""
    if _count_images(folder, 1):
        return True
    if depth <= 1:
        return False
    try:
        with os.scandir(folder) as entries:
            inside = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return False
    return any(contains_images(Path(path), depth - 1) for path in inside)
