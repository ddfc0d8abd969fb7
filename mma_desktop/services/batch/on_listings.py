"""Train and evaluate without a project: on another tool's data (see `services.formats`), or on lists from Python."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mma_desktop.core.class_names import name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, EpochEvent, Progress
from mma_desktop.core.types import TrainRequest
from mma_desktop.services.batch.headless import (
    HeadlessReport,
    check_request,
    choose_base,
    evaluate_imported,
    find_names,
    problem_notes,
    problems_json,
    reads_by_key,
    train_imported,
)
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats import image_folder, plain_pictures
from mma_desktop.services.formats.dataset import Entry, Format, Listing, ReadOptions
from mma_desktop.services.formats.importer import import_listing

CONFLICTS_SHOWN = 5


def is_class_folders(source: Path, chosen: Format | None, options: ReadOptions) -> bool:
    """Whether to read a source as a plain folder of class folders, which `headless` handles itself.

    This includes anything that is not a data set: `headless.find_class_folders` reports what is missing.
    """
    if chosen is None or (chosen is plain_pictures.FORMAT and options == ReadOptions()):
        return source.is_dir() or not source.exists()
    return chosen is image_folder.FORMAT and options == ReadOptions() and not image_folder.has_splits(source)


def train_listing(
    source: Path,
    listing: Listing,
    out: Path,
    request: TrainRequest,
    token: CancelToken,
    base: Sequence[str] | None = None,
    base_fraction: float = 0.5,
    prompt: str = "",
    reads: Mapping[str, str] | None = None,
) -> Generator[Progress | EpochEvent, None, HeadlessReport]:
    """Train an adapter on the labels of a listing, with its splits as uses, and write it to `out`.

    Args:
        source: Where the listing was read from.
        listing: Its content.
        out: The checkpoint to write.
        request: Method, backbone, shots, seed and recipe.
        token: Cancels the job.
        base: Names of the base classes; None uses the first `base_fraction` of those with a label, rounded up.
        base_fraction: Share of base classes.
        prompt: As for `headless.train_folder`.
        reads: What the model reads, by class name; takes precedence over the listing.

    Raises:
        UserError: The labels, classes, method or backbone are unsuitable, or `out` cannot be written.
    """
    check_request(request, out)
    names = _labelled_classes(source, listing)
    chosen = choose_base(names, base, base_fraction)
    texts = reads_by_key(listing.classes, {**listing.reads, **(reads or {})})
    unread = list[tuple[str, str]]()
    import_into = listing_importer(listing, source.name, token, unread)
    report = yield from train_imported(import_into, chosen, out, request, token, prompt, texts)
    return _with_unread(source, listing, unread, report)


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


def evaluate_listing(
    adapter_file: Path,
    source: Path,
    listing: Listing,
    device: str,
    weights_file: Path | None,
    token: CancelToken,
    report_file: Path | None = None,
) -> Generator[Progress, None, HeadlessReport]:
    """Measure an adapter on the labels of a listing; see `headless.evaluate_folder`.

    Raises:
        UserError: The checkpoint, labels or backbone are unsuitable, or the report cannot be written.
    """
    _labelled_classes(source, listing)
    unread, place = list[tuple[str, str]](), (adapter_file, device, weights_file)
    import_into = listing_importer(listing, source.name, token, unread)
    report = yield from evaluate_imported(import_into, source.name, *place, token, report_file)
    return _with_unread(source, listing, unread, report)


def listing_importer(
    listing: Listing, title: str, token: CancelToken, unread: list[tuple[str, str]] | None = None
) -> Callable[[ProjectContext], Generator[Progress, None, None]]:
    """What imports a listing into an empty project; a picture with two labels is refused.

    `unread` receives the pictures inside the source that cannot be used, with the reason.
    """

    def import_into(context: ProjectContext) -> Generator[Progress, None, None]:
        report = yield from import_listing(context, listing, title, token)
        if unread is not None:
            unread.extend(report.unread)
        if report.notes:
            left = len(report.notes) - CONFLICTS_SHOWN
            more = f"\nand {left} more" if left > 0 else ""
            raise UserError("\n".join(report.notes[:CONFLICTS_SHOWN]) + more + "\nGive each picture one label.")

    return import_into


def _labelled_classes(source: Path, listing: Listing) -> list[str]:
    """The classes with a labelled picture, in the order of the listing.

    Raises:
        UserError: There are fewer than two.
    """
    labels = {one.label for one in listing.entries}
    names = [name for name in listing.classes if name in labels]
    if not names:
        raise UserError(f"No picture in {source.name} has a label, so there is nothing to learn or to measure.")
    if len(names) < 2:
        raise UserError(
            f"{source.name} has labels of only one class, '{names[0]}'. A classifier needs at least two classes."
        )
    return names


def _with_unread(
    source: Path, listing: Listing, unread: Sequence[tuple[str, str]], report: HeadlessReport
) -> HeadlessReport:
    """The report with the rows and pictures of the listing that could not be used among its problems."""
    rows = [
        {"path": one.where if Path(one.where).is_absolute() else f"{source}, {one.where}", "reason": one.reason}
        for one in listing.problems
    ]
    problems = [*rows, *problems_json(unread), *report.json["problems"]]
    counts = {**report.json["counts"], "problems": len(problems)}
    notes = (*problem_notes(unread), *report.notes)
    return replace(report, json={**report.json, "problems": problems, "counts": counts}, notes=notes)
