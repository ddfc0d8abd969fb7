"""List the labelled pictures of a data set: class folders, with or without splits, or a CoOp split file."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.atomic_io import read_regular
from mma_desktop.core.class_names import duplicate_names
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.path_safety import is_inside, leads_out
from mma_desktop.core.paths import full_path
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.core.threads import thread_pool
from mma_desktop.core.types import ScannedFile, split_use
from mma_desktop.media.reader import read_file
from mma_desktop.media.scan import class_folders, walk
from mma_desktop.services.batch.benchmark.paper_results import data_set_of
from mma_desktop.services.formats.dataset import SPLITS

READERS = 4
MAX_SPLIT_BYTES = 64 << 20
NAME_SHOWN = 80


@dataclass(frozen=True, eq=False)
class Listed:
    """Pictures of a data set: (N,) paths, labels, parts ("train", "val", "test" or ""), content hashes and shapes.

    A shape is the logarithm of width by height.
    """

    title: str
    data_set: str | None
    class_names: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    parts: NDArray[np.str_]
    hashes: NDArray[np.bytes_]
    shapes: NDArray[np.float32]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    label: int
    part: str


def list_pictures(data: Path, token: CancelToken) -> Generator[Progress, None, Listed]:
    """List and read the pictures of a folder of class folders or a CoOp split (`split_zhou_*.json`, or JSON=ROOT).

    Unreadable and duplicate pictures are left out and counted in the notes.

    Raises:
        UserError: `data` is neither, or has fewer than two classes.
    """
    path, _, root = str(data).partition("=") if ".json=" in str(data) else (str(data), "", "")
    where = Path(path)
    full = full_path(where)
    title = full.stem.removeprefix("split_zhou_")
    if where.suffix == ".json":
        names, entries = _coop_split(where, Path(root) if root else None)
    else:
        names, entries = _folders(where, token)
    kept: dict[bytes, _Entry] = {}
    shapes = []
    left_out = {"cannot be read": 0, "are duplicates": 0}
    for done, (entry, scanned) in enumerate(_read_all(entries, token), 1):
        if scanned.problem is not None or scanned.content_hash is None:
            left_out["cannot be read"] += 1
        elif scanned.content_hash in kept:
            left_out["are duplicates"] += 1
        else:
            kept[scanned.content_hash] = entry
            shapes.append(np.log(scanned.width / scanned.height))
        if done % 50 == 0 or done == len(entries):
            yield Progress(done, len(entries), f"Reading {title}")
    if not kept:
        raise UserError(f"{where}: none of its pictures can be read.")
    notes = tuple(f"{title}: {count} pictures {why} and are left out." for why, count in left_out.items() if count)
    found = list(kept.values())
    return Listed(
        title,
        data_set_of(full.stem) or data_set_of(full.parent.name if where.suffix == ".json" else ""),
        names,
        tuple(entry.path for entry in found),
        np.array([entry.label for entry in found], np.int64),
        np.array([entry.part for entry in found]),
        np.array(list(kept), "S32"),
        np.array(shapes, np.float32),
        notes,
    )


def _read_all(entries: Sequence[_Entry], token: CancelToken) -> Iterator[tuple[_Entry, ScannedFile]]:
    with thread_pool(READERS, "mma-read") as pool:
        for entry, scanned in zip(entries, pool.map(lambda one: read_file(one.path), entries), strict=True):
            token.raise_if_cancelled()
            yield entry, scanned


# -------------------------------------------------------------------------------------- class folders


def _folders(root: Path, token: CancelToken) -> tuple[tuple[str, ...], list[_Entry]]:
    """List class folders, either directly below `root` or below train, val and test."""
    if not root.is_dir():
        raise UserError(f"{root} is neither a folder, nor a .safetensors or .json file. Check the path.")
    folders = [one for one in sorted(root.iterdir(), reverse=True) if one.is_dir()]
    roots = {SPLITS[use]: one for one in folders if (use := split_use(one.name)) is not None}
    if "train" not in roots or "test" not in roots:
        roots = {"": root}
    found = {part: dict(class_folders([folder]) or {}) for part, folder in roots.items()}
    names = sorted({name for folders in found.values() for name in folders})
    if len(names) < 2 or duplicate_names(names):
        raise UserError(f"{root} needs at least two class folders with different names.")
    numbers = {name: number for number, name in enumerate(names)}
    entries = [
        _Entry(one.path, numbers[name], part)
        for part, folders in found.items()
        for name, folder in folders.items()
        for one in walk([folder], token)
        if one.problem is None
    ]
    return tuple(names), entries


# -------------------------------------------------------------------------------------- CoOp's splits


def _coop_split(path: Path, root: Path | None) -> tuple[tuple[str, ...], list[_Entry]]:
    """Read a file {"train": [[picture, label, class name], ...], "val": ..., "test": ...}."""
    try:
        content = parsed_object(read_regular(path, MAX_SPLIT_BYTES))
        rows = [_row(part, row) for part in SPLITS.values() for row in content.get(part, ())]
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, TypeError) as error:
        raise UserError(
            f"{path} is not a CoOp split: it must hold 'train', 'val' and 'test', each a list of [picture, label, "
            "class name]."
        ) from error
    titles = {label: " ".join(title.replace("_", " ").split()) for _, _, label, title in rows}
    if len(titles) < 2 or sorted(titles) != list(range(len(titles))):
        raise UserError(f"{path}: labels must be 0, 1, 2 and so on, at least two of them.")
    names = tuple(titles[at] for at in range(len(titles)))
    if not all(names) or duplicate_names(names):
        raise UserError(f"{path}: each label needs its own class name.")
    outside = next((name for _, name, _, _ in rows if not is_inside(name)), None)
    if outside is not None:
        raise _outside(path, outside)
    inner = root or _image_root(path, rows[0][1])
    return names, [_Entry(_below(inner, name, path), label, part) for part, name, label, _ in rows]


def _row(part: str, row: Any) -> tuple[str, str, int, str]:
    name, label, title = row
    if not (isinstance(name, str) and type(label) is int and isinstance(title, str)):
        raise TypeError("a row is not [picture, label, class name]")
    return part, name, label, title


def _outside(path: Path, name: str) -> UserError:
    shown = name if len(name) <= NAME_SHOWN else f"{name[:NAME_SHOWN]}…"
    return UserError(f"{path} lists the picture {shown!r}, which is outside its picture folder.")


def _below(root: Path, name: str, path: Path) -> Path:
    """Resolve a picture of a split, refusing names that escape the picture folder, even through a link."""
    if leads_out(root, root / name):
        raise _outside(path, name)
    return root / name


def _image_root(path: Path, first: str) -> Path:
    """Find the picture folder: next to the split file, or one or two levels below it."""
    beside = [path.parent, *_folders_in(path.parent)]
    below = [one for folder in beside[1:] for one in _folders_in(folder)]
    for folder in [*beside, *below]:
        if os.path.isfile(folder / first):  # noqa: PTH113 - `Path.is_file` raises for a name that is too long
            return folder
    shown = first[:NAME_SHOWN]
    raise UserError(f"The pictures of {path} are not next to it ({shown} is missing). Give their folder: {path}=FOLDER")


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError:
        return []  # unreadable: treat as having no subfolders
