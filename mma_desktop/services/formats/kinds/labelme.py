"""labelme (read only): a file `<image>.json` next to each image, whose flags are classes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import Collector, Format, Listing
from mma_desktop.services.formats.path_resolver import PathResolver, RowError
from mma_desktop.services.formats.text_decoding import head_of, read_text

LOOKED_AT = 5  # files, of which the first tells nearly always
MAX_DEEP = 8  # folders; a link to a folder above ends there


def _files(folder: Path, depth: int = MAX_DEEP) -> Iterator[Path]:
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return
    for path in entries:
        if path.suffix.lower() == ".json" and path.is_file():
            yield path
        elif depth and path.is_dir() and not path.is_symlink():
            yield from _files(path, depth - 1)


def _is_labelme(file: Path) -> bool:
    head = head_of(file)
    return head.lstrip().startswith("{") and '"flags"' in head and ('"imagePath"' in head or '"shapes"' in head)


def sniff(path: Path) -> bool:
    """Whether `path` is a folder whose first JSON files have flags, or one such file."""
    if path.is_dir():
        return any(_is_labelme(file) for file in islice(_files(path, 1), LOOKED_AT))
    return path.suffix.lower() == ".json" and _is_labelme(path)


def read(rows: Collector) -> Listing:
    """Names start at the JSON file and stay inside the source, or are found in `options.base`."""
    root = rows.root
    for file in _files(root) if rows.path.is_dir() else [rows.path]:
        where = str(file.relative_to(root))
        try:
            content = json.loads(read_text(file))
        except UserError as error:
            rows.problem(where, str(error))
            continue
        except (ValueError, RecursionError):
            rows.problem(where, tr("it is not valid JSON"))
            continue
        if not isinstance(content, dict) or not isinstance(content.get("flags"), dict):
            rows.problem(where, tr("it is not labelme's: it has no flags"))
            continue
        label = rows.label_from(where, _label, content["flags"])
        name = content.get("imagePath")
        with rows.row(where):
            rows.places, name = _place(file, name if isinstance(name, str) else "", root, rows.options.base)
            rows.add(where, name, label)
    return rows.listing()


def _place(file: Path, name: str, root: Path, base: Path | None) -> tuple[PathResolver, str]:
    """The folder an image's name is relative to, and the rest of it: labelme writes "../images/a.jpg".

    It is relative to the JSON file, but never leads outside the source. In `base`, folders in the name may be missing.

    Raises:
        RowError: It leads out of the source, and there is no `base`.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
    up = next((number for number, part in enumerate(parts) if part != ".."), len(parts))
    if base is not None:
        ends = ("/".join(parts[start:]) for start in range(up, len(parts)))
        places = PathResolver(file, base)
        return places, name if not up and places.is_there(name) else next(filter(places.is_there, ends), name)
    if not up:
        return PathResolver(file, file.parent), name
    above = len(file.parent.relative_to(root).parts)
    if up > above:
        raise RowError.tr(
            "'{path}' leads out of its folder (..); choose the folder of the pictures, or one that holds both",
            path=name,
        )
    return PathResolver(file, file.parents[up]), "/".join(parts[up:])


def _label(flags: dict[str, Any]) -> str:
    """The single flag that is set; "" if none. Raises RowError if there are several."""
    labels = [name for name, on in flags.items() if on is True]
    if len(labels) > 1:
        raise RowError.tr(
            "{n} flag is set ({flags})", "{n} flags are set ({flags})", len(labels), flags=", ".join(labels)
        )
    return labels[0] if labels else ""


FORMAT = Format(
    "labelme",
    later("labelme flags"),
    later("A JSON file beside each picture, with one flag set: its class."),
    sniff,
    read,
    suffixes=(".json",),
    based=True,
)
