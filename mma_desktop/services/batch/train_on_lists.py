"""Train from Python: a list of pictures and a list of their class names."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.batch.headless import HeadlessReport, check_request, find_names, reads_by_key, train_imported
from mma_desktop.services.batch.on_listings import listing_importer
from mma_desktop.services.formats.dataset import Entry, Listing


def train_lists(
    pictures: Sequence[Path],
    labels: Sequence[str],
    out: Path,
    request: TrainRequest,
    token: CancelToken,
    base: Sequence[str] | None = None,
    prompt: str = "",
    reads: Mapping[str, str] | None = None,
) -> Generator[Progress | EpochEvent, None, HeadlessReport]:
    """Train an adapter and write it to `out`.

    Args:
        pictures: N files.
        labels: (N,) class name of each picture.
        out: The checkpoint to write.
        request: Method, backbone, shots, seed and recipe.
        token: Cancels the job.
        base: Names of the base classes; None makes every class base.
        prompt: The prompt template, or several, one per line; empty for the default of method and backbone.
        reads: What the model reads, by class name; the name itself where there is nothing.

    Raises:
        UserError: There are fewer than two classes, a name or file does not exist, a picture has two labels, or as for
            `train_imported`.
        ValueError: The lists differ in length, or a label is empty.
    """
    if len(pictures) != len(labels):
        raise ValueError(f"there are {len(pictures)} pictures but {len(labels)} labels")
    if not all(label.strip() for label in labels):
        raise ValueError("a label is empty")
    check_request(request, out)
    spelt: dict[str, str] = {}
    for label in labels:
        spelt.setdefault(name_key(label), label)
    names = list(spelt.values())
    chosen = names if base is None else find_names(names, base, "label")
    if len(names) < 2 or len(chosen) < 2:
        raise UserError("A classifier needs pictures of at least two classes.")
    texts = reads_by_key(names, reads or {})
    entries = tuple(Entry(path.absolute(), label) for path, label in zip(pictures, labels, strict=True))

    import_into = listing_importer(Listing(entries, classes=tuple(names)), "the two lists", token)
    return (yield from train_imported(import_into, chosen, out, request, token, prompt, texts))
