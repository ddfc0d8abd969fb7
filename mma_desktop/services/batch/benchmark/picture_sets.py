"""List the labelled pictures of a data set: class folders, a CoOp split, or what another tool wrote."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Progress
from mma_desktop.core.paths import full_path
from mma_desktop.core.types import Use
from mma_desktop.services.batch.benchmark.paper_results import data_set_of
from mma_desktop.services.formats.dataset import SPLITS, ReadOptions
from mma_desktop.services.formats.importer import import_listing
from mma_desktop.services.formats.kinds import image_folder
from mma_desktop.services.formats.registry import read_source, recognise
from mma_desktop.services.image_index import indices_in
from mma_desktop.services.project_factory import scratch_project


@dataclass(frozen=True, eq=False)
class Listed:
    """Pictures of a data set: (N,) paths, labels, parts ("train", "val", "test" or ""), content hashes and shapes.

    A shape is the logarithm of width by height.
    """

    title: str
    data_set: str | None
    class_names: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    parts: NDArray[np.str_]
    hashes: NDArray[np.bytes_]
    shapes: NDArray[np.float32]
    notes: tuple[str, ...]


def list_pictures(data: Path, token: CancelToken) -> Generator[Progress, None, Listed]:
    """List and read the pictures of a folder of class folders, or of anything else that an import reads.

    `data` may also be FILE=FOLDER, where FILE lists pictures of FOLDER. What cannot be read and duplicates are left out
    and counted in the notes.

    Raises:
        UserError: `data` is nothing of the kind, or has fewer than two classes.
    """
    path, _, root = str(data).rpartition("=") if "=" in str(data) and not data.exists() else ("", "", "")
    where = full_path(Path(path or data))
    options = ReadOptions(base=full_path(Path(root)) if root else None)
    chosen = recognise(where)
    listing = yield from read_source(where, chosen, options, token)
    title = where.stem.removeprefix("split_zhou_")
    if len({entry.label for entry in listing.entries if entry.label is not None}) < 2:
        first = f" {listing.problems[0].sentence()}" if listing.problems else ""
        raise UserError(f"{where} needs pictures of at least two classes, such as a folder for each.{first}")
    with scratch_project() as context:
        report = yield from import_listing(context, listing, title, token)
        columns = context.index.columns
        at = np.flatnonzero(context.classed(columns))
        rows = context.project.image_rows(columns.ids[at].tolist())
        names = {kind.id: kind.name for kind in context.classes}
        if chosen is image_folder.FORMAT:
            names = dict(sorted(names.items(), key=lambda pair: pair[1]))
        problems = report.problems + len(listing.problems)
        left_out = {"cannot be read": problems, "are duplicates": report.duplicates}
        uses = ("", *(SPLITS[use] for use in Use))
        return Listed(
            title,
            data_set_of(where.stem) or data_set_of(where.parent.name if where.is_file() else ""),
            tuple(names.values()),
            tuple(row.path for row in rows),
            indices_in(list(names), columns.class_ids[at]),
            np.array([uses[use + 1] for use in columns.uses[at].tolist()]),
            columns.hashes[at],
            np.array([np.log(row.width / row.height) for row in rows], np.float32),
            tuple(f"{title}: {count} pictures {why} and are left out." for why, count in left_out.items() if count),
        )
