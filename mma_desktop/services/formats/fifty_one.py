"""FiftyOne's ImageClassificationDataset: `data/<id>.<suffix>` and `labels.json`, one such folder per split."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.copy_export import Placing
from mma_desktop.services.formats.dataset import (
    Collector,
    Entry,
    Format,
    Outgoing,
    Reading,
    ReadOptions,
    WriteOptions,
    Writing,
    is_split,
)
from mma_desktop.services.formats.folder_layout import inside, reading, split_folder, write_folder
from mma_desktop.services.formats.path_resolver import Places, RowError, no_such_class
from mma_desktop.services.formats.text_decoding import json_bytes, read_json, text_name

LABELS, DATA = "labels.json", "data"


def _root(path: Path) -> Path:
    return path.parent if path.name.lower() == LABELS else path


def _parts(root: Path) -> list[Path]:
    """The folders with `data` and `labels.json`: the root itself, or those of its splits."""
    folders = [root, *(one for one in inside(root) if is_split(one.name))]
    return [one for one in folders if (one / DATA).is_dir() and (one / LABELS).is_file()]


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with `data` and `labels.json`, has such folders for its splits, or is such a file."""
    root = _root(path)
    return root.is_dir() and bool(_parts(root))


def read(path: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """See `Format.read`."""
    del options
    root = _root(path)
    parts = _parts(root) if root.is_dir() else []
    if not parts:
        raise UserError(
            tr(
                "{path} has no labels.json beside a folder data. Choose the folder that holds both.",
                path=path,
            )
        )
    rows = Collector(Places(root, root))
    for part in parts:
        yield from _read_part(rows, part, part.name if part != root else "", token)
    return rows.listing()


def _read_part(rows: Collector, part: Path, split: str, token: CancelToken) -> Generator[Progress, None, None]:
    content = read_json(part / LABELS)
    if not isinstance(content, dict) or not isinstance(content.get("labels"), dict):
        raise UserError(tr("{path} is not FiftyOne's: it has no 'labels'. Nothing was changed.", path=part / LABELS))
    names = content.get("classes") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UserError(tr("The classes of {path} are no list of names. Nothing was changed.", path=part / LABELS))
    for name in names:
        try:
            rows.label(name)
        except RowError as error:
            rows.problem(tr("class '{class_name}'", class_name=name), str(error))
    reads = content.get("reads")
    for name, text in reads.items() if isinstance(reads, Mapping) else ():
        if isinstance(text, str):
            rows.reads(tr("class '{class_name}'", class_name=name), name, text)
    stems = {one.stem: one.name for one in sorted((part / DATA).iterdir(), reverse=True)}
    rows.places = Places(part / LABELS, part / DATA)
    report = reading(token, LABELS, len(content["labels"]))
    for number, (key, target) in enumerate(content["labels"].items()):
        where = f"{split}/{key}" if split else key
        try:
            rows.add(where, stems.get(key, key), _label(target, names), split)
        except RowError as error:
            rows.problem(where, tr("{reason}; the picture was taken without a label", reason=error))
            rows.add(where, stems.get(key, key), "", split)
        yield from report(number)


def _label(target: Any, names: list[str]) -> str:
    """The class name of a target; "" if none.

    Raises:
        RowError: The target is invalid.
    """
    if isinstance(target, Mapping):
        target = target.get("label")
    if target is None:
        return ""
    if isinstance(target, str):
        return target
    if isinstance(target, int) and not isinstance(target, bool):
        if 0 <= target < len(names):
            return names[target]
        raise RowError(no_such_class(target, len(names)))
    raise RowError(tr("it has not one label"))


def write(outgoing: Outgoing, out: Path, options: WriteOptions, token: CancelToken) -> Writing:
    """Write the data set; an id is the picture's file name without suffix."""
    targets: dict[str, dict[str, int | None]] = {}
    index = {name: number for number, name in enumerate(outgoing.classes)}

    def put(placing: Placing, entry: Entry) -> None:
        split = "".join(split_folder(outgoing, entry))
        folder = placing.folder(*split_folder(outgoing, entry), DATA)
        place = placing.put(entry.image, folder, text_name(entry.image), entry.known)
        if place is not None:
            number = index.get(entry.label) if entry.label is not None else None
            targets.setdefault(split, {})[Path(place).stem] = number

    def finish(placing: Placing) -> None:
        for split, labels in targets.items():
            content: dict[str, Any] = {"classes": list(outgoing.classes), "labels": labels}
            if outgoing.reads:  # of ours; FiftyOne passes over it
                content["reads"] = dict(outgoing.reads)
            (placing.root / split / LABELS).write_bytes(json_bytes(content))

    return (yield from write_folder(outgoing, out, options, token, put, finish, stems=True))


FORMAT = Format(
    "fiftyone",
    "FiftyOne",
    later(
        "An ImageClassificationDataset: the pictures in data, their classes in labels.json; one such folder a split."
    ),
    sniff,
    read,
    write,
)
