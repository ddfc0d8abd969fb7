"""Images without labels: a folder of images, or one image (read only)."""

from __future__ import annotations

from pathlib import Path

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import split_use
from mma_desktop.media.image_formats import SUFFIXES
from mma_desktop.media.scan import contains_images
from mma_desktop.services.formats.dataset import Collector, Format, Listing, RecognisedBy
from mma_desktop.services.formats.folder_layout import images_in, subfolders


def sniff(path: Path) -> bool:
    """Whether `path` is an image, or a folder with images in it or below."""
    if path.is_dir():
        return contains_images(path)
    return path.suffix.lower() in SUFFIXES and path.is_file()


def read(rows: Collector) -> Listing:
    """Read every image below a folder, without a label."""
    path = rows.path
    for found in images_in(rows, path):
        rows.add(str(found.path), found.path)
    if any(split_use(folder.name) is None and contains_images(folder) for folder in subfolders(path)):
        rows.notes.append(
            tr(
                "The folders in {folder} were not taken for classes. If they are, choose the format '{format}' "
                "(imagefolder).",
                folder=path.name,
                format=tr("Class folders (ImageFolder)"),
            )
        )
    return rows.listing()


FORMAT = Format(
    "pictures",
    later("Pictures without labels"),
    later("A folder of pictures, also in folders inside it. You label them here."),
    sniff,
    read,
    recognised_by=RecognisedBy.PICTURES,
)
