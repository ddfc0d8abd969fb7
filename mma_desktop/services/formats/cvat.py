"""CVAT's ImageNet format: class folders, or `<subset>.txt` with file names and class numbers, and `synsets.txt`."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.copy_export import Placing
from mma_desktop.services.formats import image_folder
from mma_desktop.services.formats.dataset import (
    UNSPLIT,
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
from mma_desktop.services.formats.folder_layout import reading, split_folder, write_folder
from mma_desktop.services.formats.path_resolver import Places, RowError, no_such_class
from mma_desktop.services.formats.text_decoding import read_text, text_name

SYNSETS, PICTURES = "synsets.txt", "images"
DEFAULT = "default"
"""Name of the subset of entries without a split."""

# Possessive quantifiers avoid backtracking, so long malformed lines fail fast.
_LINE = re.compile(r'\s*+(?:"(?P<stem>[^"]*+)"(?P<suffix>\S*+)|(?P<plain>\S++))(?P<numbers>[\s\d]*+)')


def _root(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with `synsets.txt`, that file, or a list beside it."""
    return (path.is_dir() or path.suffix.lower() == ".txt") and (_root(path) / SYNSETS).is_file()


def read(path: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """See `Format.read`. Lists resolve pictures in `images`, then beside the list, or in `options.base`."""
    root = _root(path)
    if not (root / SYNSETS).is_file():
        return (yield from image_folder.read(root, options, token))
    rows = Collector(Places(root, options.base or root, inside=(PICTURES,)))
    names = [line.strip() for line in read_text(root / SYNSETS).split("\n")]
    while names and not names[-1]:
        names.pop()
    for number, name in enumerate(names):
        try:
            rows.label(name)
        except RowError as error:
            rows.problem(tr("{file}, line {line}", file=SYNSETS, line=number + 1), str(error))
    lists = sorted(one for one in root.glob("*.txt") if one.name != SYNSETS)
    if not lists:
        raise UserError(
            tr(
                "{folder} has {file} but no list of pictures such as train.txt. Nothing was changed.",
                folder=root,
                file=SYNSETS,
            )
        )
    for one in lists:
        yield from _read_list(rows, one, names, token)
    return rows.listing()


def _read_list(rows: Collector, file: Path, names: list[str], token: CancelToken) -> Generator[Progress, None, None]:
    split = file.stem if is_split(file.stem) else ""
    if not split:
        rows.notes.append(tr("The subset '{subset}' is taken without a split.", subset=file.stem))
    report = reading(token, file.name)
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if not line.strip():
            continue
        where = tr("{file}, line {line}", file=file.name, line=number)
        match = _LINE.fullmatch(line)
        if match is None:
            rows.problem(where, tr("it is no file name with the number of a class"))
            continue
        name = match["plain"] or f"{match['stem']}{match['suffix']}"
        try:
            label = _label([int(one) for one in match["numbers"].split()], names)
        except (RowError, ValueError) as error:
            rows.problem(where, tr("{reason}; the picture was taken without a label", reason=error))
            label = ""
        rows.add(where, name, label, split)
        yield from report(len(rows))


def _label(numbers: list[int], names: list[str]) -> str:
    if not numbers:
        return ""
    several = len(set(numbers))
    if several > 1:
        raise RowError(tr("it has {n} label", "it has {n} labels", several))
    if numbers[0] >= len(names):
        raise RowError(no_such_class(numbers[0], len(names)))
    return names[numbers[0]]


def write(outgoing: Outgoing, out: Path, options: WriteOptions, token: CancelToken) -> Writing:
    """Write the pictures to `images`, one list per subset, and the classes to `synsets.txt`."""
    lists: dict[str, list[str]] = {}
    index = {name: number for number, name in enumerate(outgoing.classes)}

    def put(placing: Placing, entry: Entry) -> None:
        # A quote would end the name in the list.
        name = text_name(entry.image).replace('"', "_")
        place = placing.put(entry.image, placing.folder(PICTURES), name, entry.known)
        if place is None:
            return
        name = place.removeprefix(f"{PICTURES}/")
        if any(letter.isspace() for letter in name):
            name = f'"{Path(name).stem}"{Path(name).suffix}'
        subset = "".join(split_folder(outgoing, entry)).replace(UNSPLIT, "") or DEFAULT
        number = f" {index[entry.label]}" if entry.label is not None else ""
        lists.setdefault(subset, []).append(f"{name}{number}\n")

    def finish(placing: Placing) -> None:
        for name, lines in (*lists.items(), ("synsets", [f"{one}\n" for one in outgoing.classes])):
            (placing.root / f"{name}.txt").write_text("".join(lines), "utf-8")

    return (yield from write_folder(outgoing, out, options, token, put, finish, unsplit=f"{DEFAULT}.txt"))


FORMAT = Format(
    "cvat",
    "CVAT ImageNet",
    later(
        "Lists train.txt, val.txt, test.txt of file names and class numbers, the classes in synsets.txt, "
        "the pictures in images. CVAT's other layout is class folders."
    ),
    sniff,
    read,
    write,
    based=True,
)
