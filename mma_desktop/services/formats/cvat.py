"""CVAT's ImageNet format and its XML.

ImageNet consists of class folders, or of `<subset>.txt` with file names and class numbers plus `synsets.txt`. In the
XML ("CVAT for images") the tags are read, as they apply to whole pictures.
"""

from __future__ import annotations

import io
import re
from collections.abc import Generator
from pathlib import Path
from xml.etree import ElementTree

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.i18n import later, tr
from mma_desktop.media.copy_export import FolderCopier
from mma_desktop.services.formats import image_folder
from mma_desktop.services.formats.dataset import (
    UNSPLIT,
    Collector,
    Entry,
    Format,
    Outgoing,
    Reading,
    ReadOptions,
    Writing,
    is_split,
)
from mma_desktop.services.formats.folder_layout import reading, split_folder, write_folder
from mma_desktop.services.formats.path_resolver import PathResolver, RowError, class_of, only_label
from mma_desktop.services.formats.text_decoding import head_of, read_text, text_name

SYNSETS, PICTURES, XML = "synsets.txt", "images", "annotations.xml"
DEFAULT = "default"
"""Name of the subset of entries without a split."""

# Possessive quantifiers avoid backtracking, so long malformed lines fail fast.
_LINE = re.compile(r'\s*+(?:"(?P<stem>[^"]*+)"(?P<suffix>\S*+)|(?P<plain>\S++))(?P<numbers>[\s\d]*+)')


def _root(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with `synsets.txt` or XML, or one of these files, or a list."""
    if _xml(path) is not None:
        return True
    return (path.is_dir() or path.suffix.lower() == ".txt") and (_root(path) / SYNSETS).is_file()


def _xml(path: Path) -> Path | None:
    """The XML file of a source; None if it has none."""
    file = path / XML if path.is_dir() else path
    return file if file.suffix.lower() == ".xml" and "<annotations" in head_of(file) else None


def read(path: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """See `Format.read`. Lists resolve pictures in `images`, then beside the list, or in `options.base`."""
    if (file := _xml(path)) is not None:
        return (yield from _read_xml(file, options, token))
    root = _root(path)
    if not (root / SYNSETS).is_file():
        return (yield from image_folder.read(root, options, token))
    rows = Collector(PathResolver(root, options.base or root, inside=(PICTURES,)))
    text = read_text(root / SYNSETS).rstrip()
    names = [line.strip() for line in text.split("\n")] if text else []
    rows.declare(names)
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
            rows.problem(where, tr("it is not a file name with the number of a class"))
            continue
        name = match["plain"] or f"{match['stem']}{match['suffix']}"
        label = rows.label_from(where, _label, match["numbers"], names)
        rows.add(where, name, label, split)
        yield from report(len(rows))


def _read_xml(file: Path, options: ReadOptions, token: CancelToken) -> Reading:
    """Read the tags of "CVAT for images"."""
    text = read_text(file)
    if "<!" in text.replace("<!--", "").replace("<![CDATA[", ""):
        raise UserError(tr("{path} declares a document type, which is not read. Nothing was changed.", path=file))
    root = options.base or file.parent
    rows = Collector(PathResolver(file, root, inside=(PICTURES,)))
    report = reading(token, file.name)
    shapes = tracks = 0
    try:
        # Parsed as bytes: the declaration may name another encoding.
        parser = ElementTree.XMLParser(encoding="utf-8")
        for _, element in ElementTree.iterparse(io.BytesIO(text.encode()), ("end",), parser):
            if element.tag == "label" and (name := element.findtext("name")):
                rows.declare([name])
            elif element.tag == "track":
                tracks += 1
            elif element.tag == "image":
                shapes += sum(one.tag != "tag" for one in element)
                _take_image(rows, file, element)
                element.clear()
                yield from report(len(rows))
    except ElementTree.ParseError as error:
        raise UserError(
            tr("{path} is not valid XML ({reason}). Export it again. Nothing was changed.", path=file, reason=error)
        ) from error
    if tracks and not len(rows):
        raise UserError(tr("{path} is of a video: it lists no pictures. Nothing was changed.", path=file))
    if shapes:
        rows.notes.append(
            tr(
                "{n} box or other shape is left out: only tags label a picture.",
                "{n} boxes and other shapes are left out: only tags label a picture.",
                shapes,
            )
        )
    return rows.listing()


def _take_image(rows: Collector, file: Path, image: ElementTree.Element) -> None:
    name, subset = image.get("name", ""), image.get("subset", "")
    where = tr("picture {number}", number=len(rows) + 1)
    label = only_label(file, name, [one.get("label", "") for one in image.iter("tag")])
    rows.places = PathResolver(
        file, rows.places.root, inside=(f"{PICTURES}/{subset}", PICTURES) if subset else (PICTURES,)
    )
    rows.add(where, name, label, subset if is_split(subset) else "")


def _label(text: str, names: list[str]) -> str:
    numbers = [int(one) for one in text.split()]
    several = len(set(numbers))
    if several > 1:
        raise RowError(tr("it has {n} label", "it has {n} labels", several))
    return class_of(numbers[0] if numbers else None, names)


def write(outgoing: Outgoing, out: Path, token: CancelToken) -> Writing:
    """Write the pictures to `images`, one list per subset, and the classes to `synsets.txt`."""
    lists: dict[str, list[str]] = {}
    index = {name: number for number, name in enumerate(outgoing.classes)}

    def put(placing: FolderCopier, entry: Entry) -> None:
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

    def finish(placing: FolderCopier) -> None:
        for name, lines in (*lists.items(), ("synsets", [f"{one}\n" for one in outgoing.classes])):
            (placing.root / f"{name}.txt").write_text("".join(lines), "utf-8")

    return (yield from write_folder(outgoing, out, token, put, finish, unsplit=f"{DEFAULT}.txt"))


FORMAT = Format(
    "cvat",
    "CVAT",
    later(
        "Lists train.txt, val.txt, test.txt of file names and class numbers, the classes in synsets.txt, "
        "the pictures in images. CVAT's other layout is class folders. Of CVAT's XML the tags are read."
    ),
    sniff,
    read,
    write,
    based=True,
)
