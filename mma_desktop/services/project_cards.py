"""What the Home page shows of a project that is closed; kept in the cache, and made again whenever one is closed."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from mma_desktop.core import paths
from mma_desktop.core.atomic_io import atomic_path
from mma_desktop.core.errors import UserError
from mma_desktop.core.types import Accuracy
from mma_desktop.services.context import ProjectContext

log = logging.getLogger(__name__)
SHOWN = 4
VERSION = 2


@dataclass(frozen=True)
class ProjectCard:
    """A project at a glance: numbers, how many predictions are right if measured, last seen when, and small JPEGs."""

    pictures: int
    labelled: int
    classes: int
    right: Accuracy | None
    seen: float
    shown: tuple[bytes, ...]


def _place(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]
    return paths.cache_dir() / "projects" / f"{name}.json"


def keep_card(context: ProjectContext) -> None:
    """Keep the card of a project that is about to be closed. That it cannot be written is no reason not to close."""
    from mma_desktop.media.pixels import jpeg_bytes
    from mma_desktop.services.training.claims import right_of

    columns = context.index.columns
    ids = columns.ids[columns.usable]
    step = max(1, len(ids) // SHOWN)
    rows = context.project.image_rows(ids[::step][:SHOWN].tolist())
    found = [image for row in rows if (image := context.thumbnail(row)) is not None]
    right = right_of(context)
    card = ProjectCard(
        len(ids),
        int((columns.labelled & columns.usable).sum()),
        len(context.classes),
        None if right is None else right.known,
        time.time(),
        tuple(jpeg_bytes(image) for image in found),
    )
    data = asdict(card) | {"version": VERSION, "shown": [base64.b64encode(image).decode() for image in card.shown]}
    place = _place(context.project.folder)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(place) as temporary:
            temporary.write_text(json.dumps(data), "utf-8")
    except (OSError, UserError) as error:
        log.info("No card of %s: %s", context.project.folder, error)


def cards_of(folders: Iterable[Path]) -> dict[Path, ProjectCard]:
    """Read the cards of these projects; those without one, or with a damaged one, are left out."""
    found = {}
    for folder in folders:
        try:
            data = json.loads(_place(folder).read_text("utf-8"))
            if data.pop("version") == VERSION:
                shown = tuple(base64.b64decode(image) for image in data.pop("shown"))
                right = data.pop("right")
                found[folder] = ProjectCard(shown=shown, right=right and Accuracy(**right), **data)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
