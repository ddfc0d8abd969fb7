"""One look at what was dropped: another tool's data set, class folders, or pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mma_desktop.media.scan import class_folders
from mma_desktop.services.formats import archive
from mma_desktop.services.formats.dataset import Format
from mma_desktop.services.formats.kinds import csv_table, image_folder
from mma_desktop.services.formats.registry import LABEL_SUFFIXES, PLAIN, recognise


@dataclass(frozen=True)
class Dropped:
    """What was dropped.

    Attributes:
        source: The file or folder of another tool, with its format; None for class folders and pictures.
        classes: Class name to folder; empty if these are no class folders.
    """

    source: tuple[Path, Format] | None = None
    classes: Mapping[str, Path] = field(default_factory=dict)


def first_look(paths: Sequence[Path]) -> Dropped:
    """Find out what was dropped, without a walk.

    A folder or a picture counts as another tool's only if it was dropped alone; a table, a list or an archive also
    alongside others.
    """
    for path in paths:
        if len(paths) > 1 and path.suffix.lower() not in LABEL_SUFFIXES and archive.bare_name(path) is None:
            continue
        found = recognise(path)
        if found in PLAIN and not (image_folder.needs_preview(path) or csv_table.unused_tables(path)):
            continue
        if found is not None:
            return Dropped((path, found))
    return Dropped(classes=class_folders(paths) or {})
