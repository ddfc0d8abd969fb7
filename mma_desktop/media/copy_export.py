"""Copy images into a new folder, all or nothing."""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Generator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mma_desktop.core.atomic_io import changed_at, open_regular, os_errors, sync_folder, temporary_beside
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.paths import is_device_name
from mma_desktop.media import error_messages, image_formats
from mma_desktop.media.decoding import os_problem, preview, read_bytes, read_checked
from mma_desktop.media.error_messages import ImageError
from mma_desktop.media.pixels import png_bytes

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]|[\ud800-\udfff]')
_MAX_NAME_BYTES = 120  # of 255: collisions and suffixes need room
_LINKS_UNSUPPORTED = frozenset((errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP))
_EXAMPLES = 3  # in one sentence


def safe_folder_name(name: str) -> str:
    """Convert a class name to a folder name that is valid on every system and stays inside its parent folder."""
    # Separators and reserved characters become underscores, trailing dots and spaces are removed, device names (CON,
    # LPT1) get an underscore, and long names are truncated.
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip()
    text = text.encode("utf-8", "replace")[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
    while text != (ends := text.rstrip(".").rstrip()):
        text = ends
    text = re.sub(r"^\.+", lambda dots: "_" * len(dots.group()), text)
    if not text:
        return "_"
    return f"_{text}" if is_device_name(text) else text


def unused_name(taken: dict[str, int], name: str, *, stems: bool = False) -> str:
    """Return the name, or "name (2).jpg" and so on if it is taken, ignoring case."""
    # `taken` holds the last number per name, so that a hundred thousand files of one name do not take quadratic time.
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
    asked = collision_key(name, stems)
    number = taken.get(asked, 0)
    candidate = name
    while collision_key(candidate, stems) in taken:
        number += 1
        mark = f" ({number}){suffix}"
        room = 255 - len(os.fsencode(mark))
        candidate = os.fsdecode(os.fsencode(stem)[:room]) + mark
    taken[collision_key(candidate, stems)] = 1
    if number:
        taken[asked] = number
    return candidate


def collision_key(name: str, stem: bool) -> str:
    """A key that is equal for names that are the same file on some system; with `stem`, without their suffixes."""
    text = os.path.splitext(name)[0] if stem else name  # noqa: PTH122
    return unicodedata.normalize("NFC", text).casefold()


def with_left_out(placed: str, left_out: Sequence[str], *, stopped: bool = False, not_reached: int = 0) -> str:
    """Append the files that were left out, with reasons, to `done`, a sentence without its full stop.

    `not_reached` is the number of further files after an error that stopped it; they are counted too.
    """
    if stopped:
        placed = tr("{report} (stopped)", report=placed)
    if not_reached and not left_out:
        return tr("{placed}, {n} left out.", "{placed}, {n} left out.", not_reached, placed=placed)
    if not left_out:
        return f"{placed}."
    examples, more = "; ".join(left_out[:_EXAMPLES]), len(left_out) - _EXAMPLES + not_reached
    if more > 0:
        examples = tr("{examples} and {n} more", "{examples} and {n} more", more, examples=examples)
    return tr(
        "{placed}, {n} left out: {examples}.",
        "{placed}, {n} left out: {examples}.",
        len(left_out) + not_reached,
        placed=placed,
        examples=examples,
    )


@dataclass(frozen=True, slots=True)
class FileStamp:
    """State of a file when it was last checked: size in bytes, mtime (ns; None if unknown) and SHA-256."""

    size: int
    mtime_ns: int | None
    content_hash: bytes

    def looks_like(self, path: Path) -> bool:
        """Whether the file's size and modification time are unchanged."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return False
        return (status.st_size, changed_at(status)) == (self.size, self.mtime_ns)


class FolderCopier:
    """Copies images into a new folder under their own names; colliding names become "name (2).jpg".

    Skips missing, unreadable and changed files, and records their paths and reasons.

    Args:
        root: The folder; see `atomic_folder`.
        link: Create hard links instead of copies. If the file system does not support them, copy and count the copies.
        stems: Treat names that differ only in their suffix as colliding.
        readable: Suffixes of the files that other programs read there. An image in another format is written as PNG,
            the first frame of several; another name of a format gets its usual suffix. Empty if they read all.
    """

    def __init__(
        self, root: Path, *, link: bool = False, stems: bool = False, readable: Set[str] = frozenset()
    ) -> None:
        self.root = root
        self.placed = 0
        self.left_out: list[str] = []
        self._link = link
        self._stems = stems
        self._readable = readable
        self._copied_instead = 0
        self._converted = 0
        self._folders: dict[tuple[str, ...], str] = {}
        self._taken: dict[str, dict[str, int]] = {}

    def folder(self, *names: str) -> str:
        """Create the folder for these names on first use, one per list; returns its relative path with "/"."""
        if not names:
            return ""
        known = self._folders.get(names)
        if known is not None:
            return known
        above = self.folder(*names[:-1])
        name = unused_name(self._taken.setdefault(above, {}), safe_folder_name(names[-1]))
        made = f"{above}/{name}" if above else name
        (self.root / made).mkdir()
        self._folders[names] = made
        return made

    def put(self, source: Path, folder: str = "", name: str = "", known: FileStamp | None = None) -> str | None:
        """Copy or link an image.

        Args:
            source: The image.
            folder: Target folder, from `folder`.
            name: Target name; by default the source's.
            known: Expected state of the file; None accepts any.

        Returns:
            Its relative path with "/"; None if it was skipped.

        Raises:
            OSError: The target cannot be written.
        """
        taken = self._taken.setdefault(folder, {})
        name = name or source.name
        name = f"_{name}" if is_device_name(name) else name  # CON.jpg, for example, is invalid on Windows
        target = None
        try:
            if known is not None and source.is_file() and not known.looks_like(source):
                read_checked(source, known.content_hash)
            name, png = self._readable_form(source, name) if self._readable else (name, None)
            target = self.root / folder / unused_name(taken, name, stems=self._stems)
            if png is None:
                self._link_or_copy(source, target)
            else:
                _write(target, png, source.stat())
                self._converted += 1
        except ImageError as error:
            self.left_out.append(
                f"{os.fsencode(source).decode('utf-8', 'replace')}: {error_messages.reason_text(error.reason)}"
            )
            if target is not None:
                taken.pop(collision_key(target.name, self._stems), None)
            return None
        self.placed += 1
        return f"{folder}/{target.name}" if folder else target.name

    def _readable_form(self, source: Path, name: str) -> tuple[str, bytes | None]:
        """A name that other programs know as one of an image, and the PNG that stands for it; None for a copy."""
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a path
        head = _head(source)
        kind = None if image_formats.is_raw(head, source.suffix) else image_formats.format_by_magic(head)
        usual = next((item for item in kind.suffixes if item in self._readable), None) if kind is not None else None
        if usual is None:
            return f"{stem}.png", png_bytes(preview(source, image_formats.MAX_PIXELS))
        return name if suffix.lower() in self._readable else f"{stem}{usual}", None

    def _link_or_copy(self, source: Path, target: Path) -> None:
        if self._link and source.is_file():
            try:
                os.link(source.resolve(), target)
            except OSError as error:
                if error.errno not in _LINKS_UNSUPPORTED:
                    raise
                self._copied_instead += 1
            else:
                return
        copy_contents(source, target)

    def sentence(self) -> str:
        """Summarise what was copied and skipped."""
        if not self._link:
            placed = tr("{n} picture copied", "{n} pictures copied", self.placed)
        elif not self._copied_instead:
            placed = tr("{n} picture linked", "{n} pictures linked", self.placed)
        else:
            placed = tr(
                "{n} picture linked ({copied:,} of them copied, since no link can be made there)",
                "{n} pictures linked ({copied:,} of them copied, since no link can be made there)",
                self.placed,
                copied=self._copied_instead,
            )
        if self._converted:
            placed = tr(
                "{placed}, {n} of them written as PNG (the first frame): other programs pass over its format",
                "{placed}, {n} of them written as PNG (the first frame): other programs pass over their formats",
                self._converted,
                placed=placed,
            )
        return with_left_out(placed, self.left_out)


def _head(path: Path) -> bytes:
    """The beginning of an image, by which its format is known. Raises PictureError if it cannot be read."""
    try:
        with open_regular(path, image_formats.MAX_FILE_BYTES) as handle:
            return handle.read(image_formats.MAGIC_BYTES)
    except (OSError, ValueError) as error:
        raise os_problem(error, path) from error


def copy_contents(source: Path, target: Path) -> None:
    """Copy a file's contents and modification time.

    Raises:
        ImageError: The source cannot be read; nothing is at the target.
        OSError: The target cannot be written.
    """
    _write(target, *read_bytes(source))


def _write(target: Path, data: bytes, status: os.stat_result) -> None:
    with target.open("xb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())
    with suppress(OSError):
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def check_empty(out: Path) -> None:
    """Check that there is nothing, or an empty folder, else raise UserError."""
    with os_errors(out):
        if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
            raise UserError.tr("{folder} already exists and is not empty. Choose another name or folder.", folder=out)


@contextmanager
def atomic_folder(out: Path) -> Generator[Path, None, None]:
    """Yield a temporary folder that becomes `out` on success and is deleted on failure; UserError if `out` is taken."""
    check_empty(out)
    with os_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with os_errors(out), temporary_beside(out) as temporary:
        try:
            temporary.mkdir()
            yield temporary
            for folder in (*temporary.iterdir(), temporary):
                sync_folder(folder)
            check_empty(out)
            try:
                if out.exists():
                    out.rmdir()
                temporary.rename(out)  # only an empty folder is ever replaced
            except OSError:
                check_empty(out)
                raise
            sync_folder(out.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
