"""Labels as a table that every other tool reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mma_desktop.csv_text import write_rows
from mma_desktop.domain import CancelToken, ImageRow, Ranked, Use
from mma_desktop.files import atomic_path
from mma_desktop.store.project import Project
from mma_desktop.store.rows import chunks

COLUMNS = ("file_name", "label", "split", "prediction", "confidence")


def write_labels_csv(
    project: Project,
    out: Path,
    ids: Sequence[int] | None = None,
    predictions: Mapping[int, Ranked] | None = None,
    uses: Mapping[int, Use] | None = None,
    cancel: CancelToken | None = None,
) -> Path:
    """Write one line per image; files with a problem are left out.

    The columns are those of `COLUMNS`, in UTF-8: the image's path, its class, what it is used for ("shot",
    "validation", "test" or nothing), and the predicted class with its confidence from 0 to 1 where one is given. No
    cell runs as a formula in a spreadsheet.

    Args:
        project: The project.
        out: The file; replaced only once it is complete.
        ids: Which images, in this order; None writes all, in the order of their file names.
        predictions: Best guess by image id.
        uses: What images are used for, where that is not marked on the label itself.
        cancel: Stops the export; nothing is left then.

    Raises:
        UserError: The disk is full, or the folder is missing or read-only.
        Cancelled: It was asked for.
    """
    names = {one.id: one.name for one in project.classes()}
    wanted = project.paths_sorted("name").tolist() if ids is None else ids

    def rows() -> Iterator[Sequence[str]]:
        yield COLUMNS
        for part in chunks(wanted):
            if cancel is not None:
                cancel.raise_if_cancelled()
            for row in project.image_rows(part):
                if row.problem is None:
                    yield _cells(row, names, (predictions or {}).get(row.id), (uses or {}).get(row.id))

    with atomic_path(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as handle:
        write_rows(handle, rows())
    return out


def _cells(row: ImageRow, names: Mapping[int, str], guess: Ranked | None, use: Use | None) -> tuple[str, ...]:
    shown = row.use or use
    return (
        str(row.path),
        names.get(row.class_id, "") if row.class_id is not None else "",
        shown.value if shown is not None else "",
        guess.class_name if guess is not None else "",
        f"{guess.confidence:.4f}" if guess is not None else "",
    )
