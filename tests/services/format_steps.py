"""Importing and exporting in one line each, for the tests of formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mma_desktop.core.events import CancelToken
from mma_desktop.core.types import Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import ExportResult, Images, Listing, ReadOptions
from mma_desktop.services.formats.exporting import export
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.registry import find_format, read_source
from mma_desktop.services.image_index import Filter
from mma_desktop.services.images.importing import ImportReport

MakePicture = Callable[..., Path]


def put(path: Path, text: str | bytes | list[Any] | dict[str, Any]) -> Path:
    """Write a file, and its folder; lists and dictionaries as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return path


def rows(listing: Listing) -> list[tuple[str, str | None, Use | None]]:
    """Name, label and use of each picture of a listing."""
    return [(one.image.name, one.label, one.use) for one in listing.entries]


def read(path: Path, format_id: str = "", **options: Any) -> Listing:
    found = find_format(format_id) if format_id else None
    return read_source(path, found, ReadOptions(**options), CancelToken())


def write(
    context: ProjectContext, format_id: str, out: Path, images: Images | None = None, **more: Any
) -> ExportResult:
    found = find_format(format_id)
    return export(context, found, out, CancelToken(), images or found.images[0], **more)


def take(context: ProjectContext, listing: Listing, **more: Any) -> ImportReport:
    return import_listing(context, listing, "a test", CancelToken(), **more)


def state(context: ProjectContext) -> dict[bytes, tuple[str | None, Use | None]]:
    """Label and use of each picture, by its content."""
    names = {one.id: one.name for one in context.classes}
    rows = context.project.image_rows(context.select(Filter()).tolist())
    return {
        row.content_hash or b"": (names[row.class_id] if row.class_id is not None else None, row.use) for row in rows
    }
