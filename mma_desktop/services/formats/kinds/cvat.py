"""CVAT's ImageNet format and its XML.

ImageNet consists of class folders, or of `<subset>.txt` with file names and class numbers plus `synsets.txt`. In the
XML ("CVAT for images") the tags are read, as they apply to whole images.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats import folder_layout
from mma_desktop.services.formats.dataset import UNSPLIT, Collector, ExportData, ExportResult, Format, Listing, is_split
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.path_resolver import PathResolver, RowError, class_of, only_label
from mma_desktop.services.formats.text_decoding import read_text, root_element, text_name

SYNSETS, XML = "synsets.txt", (".xml",)
# Name of the subset of entries without a split.
DEFAULT = "default"

# Possessive quantifiers avoid backtracking, so long malformed lines fail fast.
_LINE = re.compile(r'\s*+(?:"(?P<stem>[^"]*+)"(?P<suffix>\S*+)|(?P<plain>\S++))(?P<numbers>[\s\d]*+)')


def sniff(path: Path) -> bool:
    """Whether `path` is CVAT's XML or a list beside `synsets.txt`, or a folder that holds one."""
    beside = path / SYNSETS if path.is_dir() else path.with_name(SYNSETS)
    listed = (path.is_dir() or path.suffix.lower() == ".txt") and beside.is_file()
    return listed or bool(folder_layout.label_files(path, XML, _is_cvat, quick=True))


def _is_cvat(file: Path) -> bool:
    return root_element(file) == "annotations"


def read(rows: Collector) -> Listing:
    """A subset is a split if it is named like one."""
    if files := folder_layout.label_files(rows.path, XML, _is_cvat):
        for file in files:
            _read_xml(rows, file)
        return rows.listing()
    root = rows.root
    if not (root / SYNSETS).is_file():
        if not image_folder.sniff(root):
            return rows.listing()
        return image_folder.read(rows.for_path(root))
    rows.places = PathResolver(root, rows.options.base or root, inside=(folder_layout.PICTURES,))
    text = read_text(root / SYNSETS).rstrip()
    names = [line.strip() for line in text.split("\n")] if text else []
    rows.declare(names)
    for table in sorted(file for file in root.glob("*.txt") if file.name != SYNSETS):
        _read_list(rows, table, names)
    return rows.listing()


def _read_list(rows: Collector, file: Path, names: list[str]) -> None:
    split = file.stem if is_split(file.stem) else ""
    if not split:
        rows.notes.append(tr("The subset '{subset}' is taken without a split.", subset=file.stem))
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


def _read_xml(rows: Collector, file: Path) -> None:
    text = read_text(file)
    if "<!" in text.replace("<!--", "").replace("<![CDATA[", ""):
        raise UserError.tr("{path} declares a document type, which is not read. Nothing was changed.", path=file)
    places: dict[str, PathResolver] = {}
    try:
        # Parsed as bytes: the declaration may name another encoding.
        parser = ElementTree.XMLParser(encoding="utf-8")
        for _, element in ElementTree.iterparse(io.BytesIO(text.encode()), ("end",), parser):
            if element.tag == "label" and (name := element.findtext("name")):
                rows.declare([name])
            elif element.tag == "image":
                rows.shapes += sum(shape.tag != "tag" for shape in element)
                subset = element.get("subset") or file.stem
                if subset not in places:
                    places[subset] = folder_layout.resolver_for(rows, file, (subset,))
                rows.places = places[subset]
                _take_image(rows, file, element, subset)
                element.clear()
    except ElementTree.ParseError as error:
        raise UserError.tr(
            "{path} is not valid XML ({reason}). Export it again. Nothing was changed.",
            path=file,
            reason=tr("line {line}", line=error.position[0]),
        ) from error


def _take_image(rows: Collector, file: Path, image: ElementTree.Element, subset: str) -> None:
    name = image.get("name", "")
    where = tr("{file}, picture {number}", file=file.name, number=len(rows) + 1)
    label = only_label(file, name, [tag.get("label", "") for tag in image.iter("tag")])
    rows.add(where, name, label, subset if is_split(subset) else "")


def _label(text: str, names: list[str]) -> str:
    numbers = [int(number) for number in text.split()]
    several = len(set(numbers))
    if several > 1:
        raise RowError.tr("it has {n} label", "it has {n} labels", several)
    return class_of(numbers[0] if numbers else None, names)


def write(outgoing: ExportData, out: Path, token: CancelToken) -> ExportResult:
    """Write the images to `images`, one list per subset, and the classes to `synsets.txt`."""
    index = {name: number for number, name in enumerate(outgoing.classes)}

    def name_of(path: Path) -> str:
        return text_name(path).replace('"', "_")  # a quote would end the name in the list

    def finish(root: Path, placed: Sequence[folder_layout.Placed]) -> None:
        lists: dict[str, list[str]] = {}
        for image in placed:
            name, label = image.name, image.entry.label
            if any(letter.isspace() for letter in name):
                name = f'"{Path(name).stem}"{Path(name).suffix}'
            number = f" {index[label]}" if label is not None else ""
            lists.setdefault(image.split.replace(UNSPLIT, "") or DEFAULT, []).append(f"{name}{number}\n")
        for name, lines in (*lists.items(), ("synsets", [f"{name}\n" for name in outgoing.classes])):
            (root / f"{name}.txt").write_text("".join(lines), "utf-8")

    return folder_layout.write_folder(
        outgoing,
        out,
        token,
        folders=lambda *_: (folder_layout.PICTURES,),
        finish=finish,
        name_of=name_of,
        unsplit=f"{DEFAULT}.txt",
    )


CODE = """\
import shutil

# In CVAT upload the archive to a task with these pictures, as annotations in the format ImageNet.
print(shutil.make_archive({file}, "zip", {file}))
"""

FORMAT = Format(
    "cvat",
    "CVAT",
    later(
        "Lists train.txt, val.txt, test.txt of file names and class numbers, the classes in synsets.txt, "
        "the pictures in images. CVAT's other layout is class folders. Of CVAT's XML the tags are read."
    ),
    sniff,
    read,
    suffixes=(*XML, ".txt"),
    write=write,
    based=True,
    code=CODE,
)
