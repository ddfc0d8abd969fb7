"""The plan of a large prediction: what to predict and how, cut into shards, stored in a manifest.

A result folder holds `manifest.json`, the lists it names (`lists-…/part-00012.paths`: absolute paths as bytes, each
ended by a zero byte), and for each finished shard `part-00012.parquet` and `part-00012.errors.parquet`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from mma_desktop.core.atomic_io import atomic_path, os_error_sentence, read_regular, sync_folder
from mma_desktop.core.class_names import ClassNames
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import as_record, parsed_object
from mma_desktop.version import __version__

FORMAT_VERSION = 2
"""Version 2 has the share of None of these in place of a threshold."""
MANIFEST = "manifest.json"
DEFAULT_SIZE = 4096
END = b"\0"
MAX_MANIFEST_BYTES = 64 << 20
"""Enough for half a million shards: two billion pictures in shards of the default size."""
MAX_LIST_BYTES = 1 << 30
"""Enough for ten million pictures in one shard."""
_CHUNK = 1 << 16
_LISTS = re.compile(r"lists-[0-9a-f]{12}")
_SHARD = re.compile(r"part-[0-9]{5,}")


@dataclass(frozen=True)
class Settings:
    """What a prediction depends on besides the picture. Parts made with other settings are redone.

    Attributes:
        adapter_sha256: SHA-256 of the adapter file.
        backbone: Its id.
        fingerprint: Of the backbone's weights and preprocessing.
        classes: The requested class names.
        prompt: The adapter's prompt template.
        top_k: Number of classes kept per picture.
        reads: What the model reads for each of the classes, "" for what it reads anyway; empty if nothing was said.
        none_share: Share of pictures that show none of the trained classes; None gives every picture a name.
        none_cut: The score below which a picture is None of these, found on pictures of all shards; None for the cut
            that follows from `none_share`.
    """

    adapter_sha256: str
    backbone: str
    fingerprint: str
    classes: tuple[str, ...]
    prompt: str
    top_k: int
    reads: tuple[str, ...] = ()
    none_share: float | None = 0.0
    none_cut: float | None = None

    @property
    def names(self) -> ClassNames:
        """The class names with what the model reads."""
        return dict(zip(self.classes, self.reads, strict=True)) if self.reads else self.classes


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of the pictures. `list_sha256` is the digest of its list of paths."""

    name: str
    pictures: int
    list_sha256: str


@dataclass(frozen=True)
class ShardSize:
    """How to divide the pictures: by shard size, or by number of shards."""

    shard_size: int | None = DEFAULT_SIZE
    shards: int | None = None


@dataclass(frozen=True)
class Plan:
    """The work of a result folder.

    Attributes:
        folder: The result folder.
        settings: Prediction settings.
        sources: The requested folders, pictures and lists, absolute.
        cut: How the pictures were divided.
        lists: Name of the subfolder with the lists.
        shards: In order.
        unlisted: Folders that could not be walked, as (path, kind, reason).
        created: ISO 8601 time in UTC at which the pictures were listed.
    """

    folder: Path
    settings: Settings
    sources: tuple[str, ...]
    cut: ShardSize
    lists: str
    shards: tuple[Shard, ...]
    unlisted: tuple[tuple[str, str, str], ...] = ()
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    @property
    def pictures(self) -> int:
        """Number of pictures in all shards."""
        return sum(shard.pictures for shard in self.shards)

    def expected(self, shard: Shard) -> dict[str, Any]:
        """The metadata a part of this shard must carry to belong to this plan."""
        values = asdict(self.settings)
        return {
            "format": FORMAT_VERSION,
            **values,
            "classes": list(values["classes"]),
            "reads": list(values["reads"]) or None,  # as in files of earlier versions, which lack it
            "list_sha256": shard.list_sha256,
        }

    def paths(self, shard: Shard) -> list[Path]:
        """The pictures of a shard.

        Raises:
            UserError: The list is gone or does not match the plan.
        """
        place = self.folder / self.lists / f"{shard.name}.paths"
        try:
            data = read_regular(place, MAX_LIST_BYTES)
        except OSError as error:
            raise UserError(f"{place} cannot be read ({error.strerror or error}). {_LIST_ANEW}") from error
        # A sparse file of zero bytes takes no disk space, but a hundred times its size in memory as paths.
        entries = data.count(END) if END + END not in data else 0
        if hashlib.sha256(data).hexdigest() != shard.list_sha256 or entries != shard.pictures:
            raise UserError(f"{place} has changed since it was planned. {_LIST_ANEW}")
        return [Path(os.fsdecode(one)) for one in data.split(END)[:-1]]


_LIST_ANEW = "Run the command once with --plan to list the pictures again; finished shards are kept."


# --------------------------------------------------------------------------------------
# the manifest


def write_plan(plan: Plan) -> None:
    """Write the manifest atomically, and remove lists it does not name.

    Raises:
        UserError: The folder is not writable, or the manifest would be too large.
    """
    values = {
        "format": FORMAT_VERSION,
        "program": f"mma-desktop {__version__}",
        "created": plan.created,
        "settings": asdict(plan.settings),
        "sources": [_text(one) for one in plan.sources],
        "cut": asdict(plan.cut),
        "lists": plan.lists,
        "pictures": plan.pictures,
        "unlisted": [[_text(cell) for cell in row] for row in plan.unlisted],
        "shards": [asdict(shard) for shard in plan.shards],
    }
    data = (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    if len(data) > MAX_MANIFEST_BYTES:
        raise UserError(f"{len(plan.shards):,} shards are too many. Give a larger --shard-size, or fewer --shards.")
    with atomic_path(plan.folder / MANIFEST) as temporary:
        temporary.write_bytes(data)
    for one in plan.folder.glob("lists-*"):
        if one.name != plan.lists and _LISTS.fullmatch(one.name):
            shutil.rmtree(one, ignore_errors=True)


def _text(path: str) -> str:
    """A path for JSON; bytes that are not UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_plan(folder: Path) -> Plan | None:
    """Read the plan of a result folder; None if there is none yet.

    Raises:
        UserError: The manifest cannot be read, or is damaged or newer.
    """
    place = folder / MANIFEST
    try:
        values = parsed_object(read_regular(place, MAX_MANIFEST_BYTES))
        if values["format"] > FORMAT_VERSION:
            raise UserError(
                f"{place} was written by a newer version of the program. Update it, or give another folder."
            )
        plan = as_record(Plan, {**values, "folder": folder})
        if not _LISTS.fullmatch(plan.lists) or not all(_SHARD.fullmatch(one.name) for one in plan.shards):
            raise ValueError("it lists files that are not from a prediction")
        return plan
    except FileNotFoundError:
        return None
    except UserError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"Cannot read {place} ({reason}). If another program wrote it, give another folder. Otherwise remove it: "
            "the pictures are then listed again, and finished shards are kept."
        ) from error


def same_sources(plan: Plan, sources: Iterable[str]) -> bool:
    """Whether a plan was made from these sources."""
    return list(plan.sources) == [_text(one) for one in sources]


# --------------------------------------------------------------------------------------
# cutting


class PlanWriter:
    """Writes lists; they become visible with `finish`.

    Pictures are added one at a time. If the number of shards is given, they first go to a single file, since the total
    is not yet known.

    Raises:
        UserError: The folder is not writable.
    """

    def __init__(self, folder: Path, cut: ShardSize) -> None:
        self._folder, self._cut = folder, cut
        self._place = folder / f".lists-{os.getpid()}.tmp"
        self._shards: list[Shard] = []
        self._unlisted: list[tuple[str, str, str]] = []
        self._waiting: list[bytes] = []
        self._spool: BinaryIO | None = None
        self.pictures = 0
        try:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place.mkdir(parents=True)
            if cut.shards is not None:
                self._spool = (self._place / "all").open("w+b")
        except OSError as error:
            raise UserError(os_error_sentence(error, self._place)) from error

    def add(self, path: Path) -> None:
        """Add a picture."""
        entry = os.fsencode(path) + END
        self.pictures += 1
        if self._spool is not None:
            self._spool.write(entry)
            return
        self._waiting.append(entry)
        if len(self._waiting) == self._cut.shard_size:
            self._close_shard()

    def add_problem(self, path: Path, kind: str, reason: str) -> None:
        """Record a folder that could not be walked."""
        self._unlisted.append((os.fspath(path), kind, reason))

    def finish(self, settings: Settings, sources: Iterable[str]) -> Plan:
        """Move the lists into place and return the plan; the caller writes the manifest."""
        if self._spool is not None:
            self._cut_spool(self._spool)
        elif self._waiting:
            self._close_shard()
        whole = hashlib.sha256("".join(one.list_sha256 for one in self._shards).encode()).hexdigest()
        name = f"lists-{whole[:12]}"
        target = self._folder / name
        target.mkdir(exist_ok=True)
        for shard in self._shards:
            (self._place / f"{shard.name}.paths").replace(target / f"{shard.name}.paths")
        sync_folder(target)
        self.close()
        return Plan(self._folder, settings, tuple(sources), self._cut, name, tuple(self._shards), tuple(self._unlisted))

    def close(self) -> None:
        """Remove the temporary files."""
        if self._spool is not None:
            with suppress(OSError):  # on a full disk what is left to write fails once more
                self._spool.close()
        shutil.rmtree(self._place, ignore_errors=True)

    def _cut_spool(self, spool: BinaryIO) -> None:
        count = min(self._cut.shards or 1, self.pictures)
        spool.seek(0)
        entries = _entries(spool)
        for number in range(count):
            size = self.pictures * (number + 1) // count - self.pictures * number // count
            self._waiting = [next(entries) for _ in range(size)]
            self._close_shard()

    def _close_shard(self) -> None:
        name = f"part-{len(self._shards):05}"
        data = b"".join(self._waiting)
        if len(data) > MAX_LIST_BYTES:
            raise UserError(f"{len(self._waiting):,} pictures are too many for one shard. Give a smaller --shard-size.")
        # No fsync per list: damage from a power cut is detected by the hash.
        (self._place / f"{name}.paths").write_bytes(data)
        self._shards.append(Shard(name, len(self._waiting), hashlib.sha256(data).hexdigest()))
        self._waiting = []


def _entries(handle: BinaryIO) -> Iterator[bytes]:
    """The entries of a file of paths, each with its end marker."""
    rest = b""
    while chunk := handle.read(_CHUNK):
        *whole, rest = (rest + chunk).split(END)
        yield from (one + END for one in whole)


def sweep(folder: Path, names: Iterable[str], *, planning: bool) -> None:
    """Remove what killed processes left of these shards and, when planning, of lists and manifest."""
    ours = {f".{name}" for name in names}
    with suppress(FileNotFoundError):
        for one in folder.glob(".*.tmp"):
            if one.name.split(".parquet.")[0].removesuffix(".errors") in ours or (
                planning and one.name.startswith((".lists-", f".{MANIFEST}."))
            ):
                shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
