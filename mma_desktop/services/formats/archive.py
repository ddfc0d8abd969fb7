"""Archives (read only): zip and tar files of any readable folder, unpacked beside the archive on import.

Listing unpacks only tables and texts, into a temporary folder in which each image is an empty file.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import shutil
import stat
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from typing import IO, Any, cast

from mma_desktop.core.atomic_io import check_writable, open_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress, Throttle
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.paths import is_inside
from mma_desktop.media.copy_export import atomic_folder
from mma_desktop.media.scan import SYSTEM_FILES
from mma_desktop.services.formats import dataset
from mma_desktop.services.formats.table_columns import ROLES

ReadFolder = Callable[[dataset.Collector], dataset.Listing]

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
MAX_FILES = 1_000_000  # as many pictures as a project is measured with
# Maximum ratio of unpacked to packed size, above `ALWAYS_BYTES`. Images hardly compress.
MAX_TIMES = 200

ALWAYS_BYTES = 1 << 30  # what any disk has room for
# Free disk space that must remain.
SPARE_BYTES = 256 << 20

_TABLES = frozenset((".parquet", ".arrow", ".tar", ".zip"))
_TEXT_BYTES = 256 << 20  # a table of a million rows
_READ_AT_ONCE = 16 << 20  # no honest header asks for more
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    UnicodeDecodeError,  # a name that is marked as UTF-8 and is none
)


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of an archive. `trouble` says why it cannot be unpacked; "" if it can."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    trouble: str = ""


class _LimitedReader:
    """A stream that refuses large reads, which only the header of a malicious tar requests."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.close = stream.close

    def read(self, size: int) -> bytes:
        if size > _READ_AT_ONCE:
            raise tarfile.ReadError("a header is too long")
        return cast("bytes", self._stream.read(size))


def archive_stem(path: Path) -> str | None:
    """An archive's name without its suffix; None if the name has no such suffix."""
    suffix = next(
        (suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if path.name.lower().endswith(suffix)), ""
    )
    return path.name[: -len(suffix)] or None if suffix else None


def sniff(path: Path) -> bool:
    """Whether `path` is a file with the suffix of an archive."""
    return archive_stem(path) is not None and path.is_file()


def archive_format(read_folder: ReadFolder, suffixes: Collection[str]) -> dataset.Format:
    """The archive format; `read_folder` reads the folder inside, and finds labels in files of these suffixes."""
    return dataset.Format(
        "archive",
        later("Archive (zip, tar)"),
        later("Class folders or another data set in one file. It is unpacked into a folder beside it."),
        sniff,
        partial(read_archive, read_folder, frozenset(suffixes) - _TABLES),
        recognised_by=dataset.RecognisedBy.TABLE,
        columns=ROLES,
    )


def read_archive(read_folder: ReadFolder, texts: Collection[str], rows: dataset.Collector) -> dataset.Listing:
    """Read an archive as `read_folder` reads the folder inside; `texts` are the suffixes of the files that it needs."""
    path = rows.path
    with tempfile.TemporaryDirectory(prefix="mma-desktop-") as temporary:
        skeleton = Path(temporary) / "archive"
        skeleton.mkdir()
        sizes, problems = _write_skeleton(rows, skeleton, texts)
        if not sizes:
            raise UserError.tr("{path} holds no files. Nothing was changed.", path=path)
        try:
            listing = read_folder(rows.for_path(skeleton))
        except UserError as error:
            raise UserError(str(error).replace(str(skeleton), str(path))) from error
    target = _target(path, path.parent, sizes)
    there = _is_unpacked(target, sizes)
    entries, outside = _inside(listing.entries, skeleton)
    problems_of_names = [
        replace(problem, where=_shown(problem.where, skeleton), reason=_shown(problem.reason, skeleton))
        for problem in listing.problems
    ]

    def unpack(project: Path, token: CancelToken) -> tuple[dataset.ImageEntry, ...]:
        place = target
        if not there and not _can_write(path.parent):
            place = _target(path, project.absolute().parent, sizes)
        if not _is_unpacked(place, sizes):
            _unpack(path, place, sizes, token)
        return _at(entries, place)

    unpacked = tr("The pictures are unpacked into {folder} when they are imported.", folder=target)
    if there:
        unpacked = tr("It is unpacked already, in {folder}.", folder=target)
    elif not _can_write(path.parent):
        unpacked = tr(
            "{folder} cannot be written to, so the pictures are unpacked beside the project when they are imported.",
            folder=path.parent,
        )
    return replace(
        listing,
        entries=_at(entries, target),
        problems=(*problems, *problems_of_names, *outside),
        notes=(unpacked, *(_shown(note, skeleton) for note in listing.notes)),
        unpack=unpack,
    )


def _shown(text: str, skeleton: Path) -> str:
    return text.replace(f"{skeleton}{os.sep}", "").replace(str(skeleton), ".")


def _inside(
    entries: Sequence[dataset.ImageEntry], skeleton: Path
) -> tuple[list[dataset.ImageEntry], list[dataset.RowProblem]]:
    """The entries by their paths in the archive; a path outside it is a problem."""
    kept, outside = [], []
    for entry in entries:
        if entry.image.is_relative_to(skeleton):
            kept.append(replace(entry, image=entry.image.relative_to(skeleton)))
        else:
            outside.append(dataset.RowProblem(str(entry.image), tr("it is not in the archive")))
    return kept, outside


def _at(entries: Sequence[dataset.ImageEntry], folder: Path) -> tuple[dataset.ImageEntry, ...]:
    return tuple(replace(entry, image=folder / entry.image) for entry in entries)


def _can_write(folder: Path) -> bool:
    try:
        check_writable(folder / ".mma-desktop")
    except UserError:
        return False
    return True


def first_names(path: Path, count: int) -> list[str]:
    """The names of the first files in an archive; [] if it cannot be read."""
    try:
        with _archive_errors(path), closing(_members(path)) as members:
            return [member.name for member in islice(members, count)]
    except (UserError, OSError):
        return []


def _members(path: Path) -> Generator[_Member]:
    return _zip_members(path) if path.name.lower().endswith(".zip") else _tar_members(path)


def _zip_members(path: Path) -> Generator[_Member]:
    with open_regular(path, sys.maxsize) as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise UserError.tr(
                    "{path} has a password. Unpack it first, then import the folder. Nothing was changed.", path=path
                )
            kind = stat.S_IFMT(info.external_attr >> 16)
            name = _zip_name(info)
            if not name.endswith("/"):
                trouble = tr("it is a link") if kind == stat.S_IFLNK else ""
                yield _Member(name, info.file_size, partial(archive.open, info), trouble)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; macOS writes UTF-8 without setting the flag for it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _tar_members(path: Path) -> Generator[_Member]:
    with (
        open_regular(path, sys.maxsize) as file,
        closing(_LimitedReader(_decompressed(file))) as stream,
        tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r:") as archive,
    ):
        files: dict[str, tarfile.TarInfo] = {}
        for info in archive:
            if info.isdir():
                continue
            # A hard link refers to an earlier file; searching for another would read the whole archive.
            file_of = info if info.isreg() else files.get(info.linkname) if info.islnk() else None
            if file_of is None:
                yield _Member(info.name, 0, BytesIO, tr("it is a link or a device"))
                continue
            files[info.name] = file_of
            opened = cast("Callable[[], IO[bytes]]", partial(archive.extractfile, file_of))
            yield _Member(info.name, file_of.size, opened)


def _decompressed(file: IO[bytes]) -> Any:
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if start == b"\xfd7zXZ\0" else file


class _UnfitError(Exception):
    """A file of an archive is not as its header says; the text is in the user's language."""


@contextmanager
def _archive_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except _UnfitError as error:
        raise UserError.tr(
            "{path} cannot be unpacked: {reason}. Nothing was changed.", path=path, reason=error
        ) from error
    except (*_DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UserError.tr(
            "{path} is damaged, or not an archive that can be read. Nothing was changed.", path=path
        ) from error


def _write_skeleton(
    rows: dataset.Collector, skeleton: Path, texts: Collection[str]
) -> tuple[dict[str, int], list[dataset.RowProblem]]:
    """Unpack the texts and create empty files for the rest; return the sizes of what can be unpacked, by name."""
    path = rows.path
    sizes, problems = dict[str, int](), list[dataset.RowProblem]()
    most = max(ALWAYS_BYTES, MAX_TIMES * path.stat().st_size)
    total = 0
    with _archive_errors(path), closing(_members(path)) as members:
        for number, member in enumerate(members):
            rows.report()
            total += member.size
            if total > most or number >= MAX_FILES:
                raise UserError.tr(
                    "{path} would unpack to more than is sensible for its size, or to more than {n:,} files. If "
                    "you trust it, unpack it first, then import the folder. Nothing was changed.",
                    path=path,
                    n=MAX_FILES,
                )
            name = _name(member)
            if any((part.startswith(".") and part != "..") or part.lower() in SYSTEM_FILES for part in name.split("/")):
                continue
            trouble = member.trouble
            if not trouble and not is_inside(name):
                trouble = tr("its name leads out of the archive")
            if trouble or (trouble := _put_in_skeleton(member, skeleton / name, texts)):
                problems.append(dataset.RowProblem(name, trouble))
            else:
                sizes[name] = member.size
    return sizes, problems


def _name(member: _Member) -> str:
    return unicodedata.normalize("NFC", member.name).removeprefix("./")


def _put_in_skeleton(member: _Member, place: Path, texts: Collection[str]) -> str:
    """Put a file into the skeleton; return why that failed, or ""."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as out:
            if (place.suffix.lower() in texts or place.name == dataset.LABELS_BESIDE) and member.size <= _TEXT_BYTES:
                _copy(member, out)
    except (FileExistsError, NotADirectoryError):
        return tr("another file of the archive is in its place")
    except OSError as error:
        if error.errno not in {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}:
            raise
        return tr("its name cannot be a file's here")
    return ""


def _copy(member: _Member, out: IO[bytes]) -> None:
    """Copy a file's content; raises EOFError if it is shorter or longer than declared."""
    with member.open() as data:
        left = member.size
        while left and (block := data.read(min(left, 1 << 20))):
            left -= out.write(block)
        if left or data.read(1):
            raise _UnfitError(tr("{file} has another size than its header says", file=member.name))


def _target(path: Path, parent: Path, sizes: dict[str, int]) -> Path:
    name = archive_stem(path) or path.name
    places = (parent / (name if number == 1 else f"{name} ({number})") for number in count(1))
    return next(place for place in places if not os.path.lexists(place) or _is_unpacked(place, sizes))


def _is_unpacked(folder: Path, sizes: dict[str, int]) -> bool:
    try:
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except OSError:
        return False


def _unpack(path: Path, target: Path, sizes: dict[str, int], token: CancelToken) -> None:
    """Unpack into a folder that becomes visible once it is complete. Raises UserError, also if the disk is too full."""
    free, needed = shutil.disk_usage(target.parent).free, sum(sizes.values())
    if free < needed + SPARE_BYTES:
        raise UserError.tr(
            "Unpacking {path} takes {needed:,} MB, and {free:,} MB are free. Free some space, or move the archive "
            "to another drive. Nothing was changed.",
            path=path,
            needed=needed >> 20,
            free=free >> 20,
        )
    throttle, left = Throttle(), dict(sizes)
    with atomic_folder(target) as temporary, _archive_errors(path), closing(_members(path)) as members:
        for member in members:
            if member.trouble or (size := left.pop(_name(member), None)) is None:
                continue
            if size != member.size:
                raise _UnfitError(tr("it has changed meanwhile"))
            place = temporary / _name(member)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as out:
                _copy(member, out)
            token.raise_if_cancelled()
            if throttle.due():
                token.checkpoint(Progress(len(sizes) - len(left), len(sizes), tr("Unpacking {file}", file=path.name)))
        if left:
            raise _UnfitError(tr("it has changed meanwhile"))
