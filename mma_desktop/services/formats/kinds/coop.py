"""CoOp's split of a data set (Zhou et al. 2022): lists train, val and test of [image, label, class name] in JSON."""

from __future__ import annotations

import re
from pathlib import Path

from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.services.formats.dataset import SPLITS, Collector, Format, Listing
from mma_desktop.services.formats.folder_layout import resolver_for
from mma_desktop.services.formats.text_decoding import head_of, read_json

SUFFIX = ".json"
_START = re.compile(r"\s*\{\s*\"(train|val|test)\":\s*\[\s*\[")


def sniff(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX and path.is_file() and _START.match(head_of(path)) is not None


def read(rows: Collector) -> Listing:
    """The classes come in the order of their labels; underscores in names are spaces."""
    path = rows.path
    content, listed = read_json(path), []
    try:
        for part in SPLITS.values():
            for image, label, name in content.get(part, ()):
                if not (isinstance(image, str) and type(label) is int):
                    raise TypeError
                listed.append((part, image, label, " ".join(name.replace("_", " ").split())))
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError.tr(
            "{path} is not a CoOp split: it must hold 'train', 'val' and 'test', each a list of [picture, label, "
            "name].",
            path=path,
        ) from error
    names = {label: name for _, _, label, name in listed}
    if sorted(names) != list(range(len(names))):
        raise UserError.tr("{path}: labels must be 0, 1, 2 and so on.", path=path)
    rows.places = resolver_for(rows, path)
    rows.declare(names[label] for label in range(len(names)))
    for number, (part, image, label, _) in enumerate(listed, 1):
        rows.add(tr("{file}, picture {number}", file=path.name, number=number), image, names[label], part)
    return rows.listing()


FORMAT = Format(
    "coop",
    later("CoOp split"),
    later("A JSON file that divides the pictures beside it into train, val and test."),
    sniff,
    read,
    suffixes=(SUFFIX,),
    based=True,
)
