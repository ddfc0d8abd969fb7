"""Pascal VOC's labels of whole images: `ImageSets/Main/<class>_<set>.txt`, lines of a name and 1, 0 or -1.

1 says that the class is in the image, and 0 that it is hardly to be seen, which is no label.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.folder_layout import subfolders
from mma_desktop.services.formats.path_resolver import ImagesBelow, PathResolver, only_label
from mma_desktop.services.formats.text_decoding import head_of, read_text

LISTS, PICTURES = "ImageSets/Main", "JPEGImages"
# The last holds what the first two do: an image's split is the one that it has in them.
SETS = ("train", "val", "test", "trainval")


def _parted(line: str) -> tuple[str, str]:
    """The name of an image, and its mark; raises ValueError for another line."""
    name, mark = line.rsplit(maxsplit=1)
    if mark not in {"1", "0", "-1"}:
        raise ValueError(mark)
    return name.strip().strip('"'), mark


def _root(path: Path) -> Path | None:
    """The folder of a VOC data set: the source, one in it ("VOC2012"), or two below ("VOCdevkit/VOC2012")."""
    if not path.is_dir():
        return None
    inner = [path, *(folder for folder in subfolders(path) if folder.name.startswith("VOC"))]
    places = [*inner, *(below for folder in inner[1:] for below in subfolders(folder))]
    return next((place for place in places if (place / LISTS).is_dir()), None)


def _lists(root: Path) -> Iterator[tuple[Path, str, str]]:
    """The lists of the classes: file, class and set, by set."""
    files = sorted(file for file in (root / LISTS).glob("*_*.txt") if file.is_file())
    for subset in SETS:
        for file in files:
            name, _, part = file.stem.rpartition("_")
            if name and part == subset:
                yield file, name, subset


def _is_list(file: Path) -> bool:
    with suppress(ValueError):
        return bool(_parted(head_of(file).partition("\n")[0]))
    return False


def sniff(path: Path) -> bool:
    """Whether `path` is a folder with a list of a class in `ImageSets/Main`."""
    root = _root(path)
    return root is not None and any(_is_list(file) for file, _, _ in _lists(root))


@dataclass
class _Image:
    """What the lists say of an image: its first place in them, its split, and its classes."""

    where: str
    split: str
    labels: list[str] = field(default_factory=list)


def read(rows: Collector) -> Listing:
    """An image with several classes is refused; a class that no image has is not taken."""
    root = _root(rows.path)
    if root is None:
        return rows.listing()
    places = rows.options.base or root / PICTURES
    rows.places = PathResolver(rows.path, places, below=ImagesBelow(places, rows.token))
    images: dict[str, _Image] = {}
    for file, name, subset in _lists(root):
        _read_list(rows, images, file, name, "" if subset == SETS[-1] else subset)
    for image, listed in images.items():
        rows.add(listed.where, image, only_label(root / LISTS, image, listed.labels), listed.split)
    return rows.listing()


def _read_list(rows: Collector, images: dict[str, _Image], file: Path, name: str, split: str) -> None:
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if not line.strip():
            continue
        where = tr("{file}, line {line}", file=file.name, line=number)
        try:
            image, mark = _parted(line)
        except ValueError:
            rows.problem(where, tr("it is not the name of a picture with 1, 0 or -1"))
            continue
        rows.report()
        listed = images.setdefault(image, _Image(where, split))
        if mark == "1":
            listed.labels.append(name)


FORMAT = Format(
    "voc",
    "Pascal VOC",
    later("Lists ImageSets/Main/<class>_<set>.txt that say which pictures show the class; boxes are not read."),
    sniff,
    read,
    suffixes=(".txt",),
    based=True,
)
