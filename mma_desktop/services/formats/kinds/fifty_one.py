"""FiftyOne's ImageClassificationDataset: `data/<id>.<suffix>` and `labels.json`, one such folder per split.

Labels exported without images are read too: their ids are paths, absolute or relative to the chosen folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.services.formats.dataset import Collector, ExportData, ExportResult, Format, Listing
from mma_desktop.services.formats.folder_layout import Placed, with_split_folders, write_folder
from mma_desktop.services.formats.path_resolver import PathResolver, label_of
from mma_desktop.services.formats.text_decoding import head_of, json_bytes, read_part

LABELS, DATA = "labels.json", "data"
_LABELS_ONLY = re.compile(r'\s*\{\s*("classes":\s*(null|\[[^\]]*\])\s*,\s*)?"labels":\s*\{')


def _root(path: Path) -> Path:
    return path.parent if path.name.lower() == LABELS else path


def _parts(root: Path) -> list[Path]:
    """The folders with `data` and `labels.json`: the root itself, or its split folders."""
    return [folder for folder in with_split_folders(root) if (folder / DATA).is_dir() and (folder / LABELS).is_file()]


def _labels_only(path: Path) -> Path | None:
    """The file of labels exported without images; None if there is none."""
    file = path / LABELS if path.is_dir() else path
    if file.suffix.lower() != ".json" or (file.parent / DATA).is_dir():
        return None
    return file if _LABELS_ONLY.match(head_of(file)) else None


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with `data` and `labels.json`, has such folders for its splits, or is such a file."""
    root = _root(path)
    return (root.is_dir() and bool(_parts(root))) or _labels_only(path) is not None


def read(rows: Collector) -> Listing:
    """Images are resolved in `data`, or in `options.base`."""
    root, base = _root(rows.path), rows.options.base
    parts = _parts(root) if root.is_dir() else []
    if not parts and (file := _labels_only(rows.path)) is not None:
        _read_labels(rows, file, PathResolver(file, base or file.parent, whole=True), "")
        return rows.listing()
    for part in parts:
        places = PathResolver(part / LABELS, base or part / DATA, whole=base is not None)
        _read_labels(rows, part / LABELS, places, part.name if part != root else "")
    return rows.listing()


def _read_labels(rows: Collector, file: Path, places: PathResolver, split: str) -> None:
    content, targets = read_part(file, "FiftyOne", "labels", dict)
    names = content.get("classes") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UserError.tr("The classes of {path} are not a list of names. Nothing was changed.", path=file)
    rows.declare(names)
    reads = content.get("reads")
    for name, text in reads.items() if isinstance(reads, Mapping) else ():
        if isinstance(text, str):
            rows.reads(tr("class '{class_name}'", class_name=name), name, text)
    rows.places, stems = places, _UniqueStems(places.root)
    for key, target in targets.items():
        where = f"{split}/{key}" if split else key
        labels = [
            item.get("label") if isinstance(item, Mapping) else item
            for item in (target if isinstance(target, list) else [target])
        ]
        label = rows.label_from(where, label_of, file, key, labels, names)
        rows.add(where, stems.named(key), label, split)


class _UniqueStems:
    """Finds the image of an id, which is a path with or without its suffix, relative to `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[Path, dict[str, str]] = {}

    def named(self, key: str) -> str:
        """The path with its suffix; the id itself if there is no such file."""
        parent, slash, stem = key.rpartition("/")
        folder = self._root / parent if slash else self._root
        if ".." in folder.parts or "\0" in key:
            return key
        if folder not in self._folders:
            try:
                names = sorted((path.name for path in folder.iterdir()), reverse=True)
            except OSError:
                names = []
            self._folders[folder] = {Path(name).stem: name for name in names if Path(name).suffix.lower() in SUFFIXES}
        known = self._folders[folder].get(stem)
        return key if known is None else f"{parent}{slash}{known}"


def write(outgoing: ExportData, out: Path, token: CancelToken) -> ExportResult:
    """Write the data set; an id is the image's file name without suffix."""
    index: dict[str | None, int] = {name: number for number, name in enumerate(outgoing.classes)}

    def finish(root: Path, placed: Sequence[Placed]) -> None:
        targets: dict[str, dict[str, int | None]] = {}
        for image in placed:
            targets.setdefault(image.split, {})[Path(image.name).stem] = index.get(image.entry.label)
        for split, labels in targets.items():
            content: dict[str, Any] = {"classes": list(outgoing.classes), "labels": labels}
            if outgoing.reads:  # our own field; FiftyOne ignores it
                content["reads"] = dict(outgoing.reads)
            (root / split / LABELS).write_bytes(json_bytes(content))

    return write_folder(outgoing, out, token, lambda _entry, split: (split, DATA), finish, stems=True)


CODE = """\
import fiftyone

data = fiftyone.Dataset.from_dir({part}, dataset_type=fiftyone.types.FiftyOneImageClassificationDataset)
fiftyone.launch_app(data).wait()
"""

FORMAT = Format(
    "fiftyone",
    "FiftyOne",
    later(
        "An ImageClassificationDataset: the pictures in data, their classes in labels.json; one such folder a split."
    ),
    sniff,
    read,
    suffixes=(".json",),
    write=write,
    based=True,
    code=CODE,
)
