"""Resolve picture paths in other tools' files, which are untrusted."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mma_desktop.core.i18n import tr
from mma_desktop.core.path_safety import is_device_name

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class RowError(Exception):
    """Why a row was skipped or only partly imported; a clause, not a full sentence."""


def no_such_class(number: int, count: int) -> str:
    """The reason for a class number out of range."""
    return tr("there is no class {number} among {n}", "there is no class {number} among {n}", count, number=number)


class Places:
    """Resolves the pictures that a source lists, never outside its folder unless the format uses absolute paths.

    Names are tried as written, then in NFC and NFD (file systems differ), then stripped of surrounding blanks, and with
    backslashes as separators. Links inside the folder are followed, as everywhere in this program.

    Args:
        source: The file or folder being read; for messages.
        root: Folder that relative names start from.
        whole: Whether absolute paths and `file:` URLs are allowed.
        inside: Subfolders of `root` to try first.
    """

    def __init__(self, source: Path, root: Path, *, whole: bool = False, inside: Sequence[str] = ()) -> None:
        self.source = source
        self.root = root
        self._whole = whole
        self._starts = [*(root / one for one in inside), root]

    def find(self, text: str) -> Path:
        """Resolve a file name of the source.

        Raises:
            RowError: The name is not allowed, or there is no such file.
        """
        if not text.strip():
            raise RowError(tr("there is no file name"))
        return self._look(self._local(text))

    def _local(self, text: str) -> str:
        """Convert a name that may be a URL into a path."""
        if _DRIVE.match(text):
            if os.name != "nt":
                raise RowError(tr("'{path}' is a path of another computer", path=text))
            return text
        if not _SCHEME.match(text):
            return text
        try:
            parts = urlsplit(text)
        except ValueError:
            raise RowError(tr("'{address}' is no address", address=text)) from None
        if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
            path = unquote(parts.path)
            return path.lstrip("/") if os.name == "nt" else path
        if parts.scheme == "data":
            raise RowError(tr("the picture is inside the text; only files are taken"))
        if "://" in text:
            raise RowError(
                tr(
                    "'{address}' is a remote address, and nothing is fetched. Download it, then name the file",
                    address=text,
                )
            )
        return text

    def _look(self, text: str) -> Path:
        plain = text.replace("\\", "/").strip()
        _check_name(text, plain)
        whole = bool(Path(plain).anchor)
        names = [name for name in (text, text.strip(), plain) if self._whole or not Path(name).anchor]
        for path in self._spellings(names):
            try:
                mode = path.stat().st_mode
            except (OSError, ValueError):
                continue
            if not stat.S_ISREG(mode):
                raise RowError(tr("'{path}' is no file", path=text))
            return path
        if whole and not self._whole:
            raise RowError(
                tr(
                    "'{path}' is an absolute path; only files inside {folder} are taken",
                    path=text,
                    folder=self.root,
                )
            )
        if whole:
            raise RowError(tr("there is no file '{path}'", path=text))
        raise RowError(tr("there is no file '{path}' in {folder}", path=text, folder=self.root))

    def _spellings(self, names: Iterable[str]) -> Iterator[Path]:
        for name in dict.fromkeys(names):
            for form in dict.fromkeys((name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))):
                for start in self._starts:
                    yield start / form


def _check_name(text: str, plain: str) -> None:
    """Check that a path, as written and with forward slashes, stays inside the root and is valid on every system.

    Raises:
        RowError: It is not.
    """
    parts = plain.split("/")
    if any(part.strip() == ".." for part in parts):
        raise RowError(tr("'{path}' leads out of its folder (..)", path=text))
    for number, part in enumerate(parts):
        if os.name == "nt" and is_device_name(part):
            raise RowError(tr("'{path}' has the name of a device ({part})", path=text, part=part))
        if os.name == "nt" and ":" in part and (number or not _DRIVE.match(plain)):
            raise RowError(tr("'{path}' names a part of a file ({part})", path=text, part=part))
    if _CONTROL.search(text):
        raise RowError(tr("the file name holds control characters"))
