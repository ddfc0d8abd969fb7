"""Import a listing into a project: the images, then classes, labels and uses as one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mma_desktop.core.class_names import NONE_OF_THESE, listed, name_key, same_text
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import ImageEntry, Listing
from mma_desktop.services.formats.table_columns import GROUPS
from mma_desktop.services.images import importing


def import_listing(
    context: ProjectContext, listing: Listing, title: str, token: CancelToken, *, overwrite: bool = False
) -> importing.ImportReport:
    """Import a listing. Media lane.

    Images inside the source are first written into the project's folder. Labels rank like those from folder names:
    existing labels and uses are kept unless `overwrite` is set, and what is set apart for testing stays that, as does
    an image that is listed for training as well as for testing. One listed with two labels gets the first one. If
    cancelled, the images imported so far are still labelled. `title` says where the labels come from, in the report
    and the undo menu. With `overwrite`, a project that changed since its last backup is backed up first.

    Returns:
        The counts; `notes` has a sentence for each image that kept another label.

    Raises:
        UserError: A column must be chosen first, two classes would read the same, or an archive cannot be unpacked,
            or the project cannot be backed up.
    """
    if listing.question:
        raise UserError.tr("{question} Nothing was imported.", question=listing.question)
    _refuse_same_text(context, listing, overwrite)
    if overwrite:
        context.project.keep_backup()
    if listing.unpack is not None:
        entries = listing.unpack(context.project.folder, token)
        listing = replace(listing, entries=entries)
    written, unread = list[Path](), list[tuple[str, str]]()
    try:
        listing = _write_embedded(context, listing, written, unread, token)
        images = list(dict.fromkeys(entry.image for entry in listing.entries))
        report = importing.import_paths(context, images, token)
    finally:
        importing.delete_unimported(context, written)
    with context.project.collecting_steps() as steps:
        classes = _add_classes(context, listing, overwrite)
        labels, labelled, conflicts, set_apart = _label(context, listing, overwrite)
    if steps:
        context.project.join(steps, tr("Import from {source}", source=title))
    changes = replace(labels, classes=classes.classes or labels.classes)
    if not report.stopped:
        token.report(Progress(len(images), len(images), tr("Importing"), changes=changes))
    notes = (*report.notes, *conflicts)
    report = replace(report, notes=notes, unread=tuple(unread), set_apart=set_apart)
    return replace(report, labelled=labelled, labels_from=title)


def for_testing(context: ProjectContext, listing: Listing) -> Listing:
    """A listing with labels (else UserError) for testing alone; a class that the project lacks is None of these."""
    if not (listing.labelled or listing.question):
        raise UserError.tr(
            "No picture there has a label. Put those of each class into a folder named after it, or choose the format."
        )
    names = {name_key(kind.name): kind.name for kind in context.classes}
    strange = [name for name in listing.classes if name_key(name) not in {*names, name_key(NONE_OF_THESE)}]

    def change(entries: Sequence[ImageEntry]) -> tuple[ImageEntry, ...]:
        return tuple(
            replace(entry, label=names.get(name_key(entry.label), NONE_OF_THESE), use=Use.TEST)
            for entry in entries
            if entry.label is not None
        )

    notes = listing.notes
    if strange:
        note = tr(
            "{names} is no class here: its pictures count as None of these.",
            "{names} are no classes here: their pictures count as None of these.",
            len(strange),
            names=listed(strange),
        )
        notes = (*notes, note)
    changed = replace(listing.changed(change), notes=notes, reads={})
    return replace(changed, classes=tuple(dict.fromkeys(entry.label for entry in changed.entries if entry.label)))


def _write_embedded(
    context: ProjectContext, listing: Listing, written: list[Path], unread: list[tuple[str, str]], token: CancelToken
) -> Listing:
    inside = [entry for entry in listing.entries if entry.embedded is not None]
    if not inside:
        return listing
    images = [(entry.image.stem, entry.embedded) for entry in inside if entry.embedded is not None]
    files = iter(importing.write_embedded(context, images, written, token))
    entries = list[ImageEntry]()
    for entry in listing.entries:
        place = next(files) if entry.embedded is not None else entry.image
        if isinstance(place, str):
            unread.append((str(entry.image), place))
        else:
            entries.append(replace(entry, image=place, embedded=None))
    return replace(listing, entries=tuple(entries))


def _add_classes(context: ProjectContext, listing: Listing, overwrite: bool) -> Changes:
    have = {name_key(item.name): item for item in context.every_class}
    reads = {
        have[key].id: text
        for name, text in listing.reads.items()
        if (key := name_key(name)) in have and (overwrite or not have[key].reads)
    }
    done = [context.project.set_reads(reads)] if reads else []
    done.append(importing.add_missing_classes(context.project, listing.classes, listing.reads))
    return Changes(classes=any(changes.classes for changes in done))


def _refuse_same_text(context: ProjectContext, listing: Listing, overwrite: bool) -> None:
    # Before anything is imported.
    new = {name_key(name): text for name, text in listing.reads.items()}
    texts = {}
    for item in context.classes:
        text = new.get(name_key(item.name))
        texts[item.name] = text if text and (overwrite or not item.reads) else item.text
    have = set(map(name_key, texts))
    texts |= {name: listing.reads.get(name, name) for name in listing.classes if name_key(name) not in have}
    if trouble := same_text(texts):
        raise UserError.tr("{reason} Nothing was imported.", reason=trouble)


def _label(context: ProjectContext, listing: Listing, overwrite: bool) -> tuple[Changes, int, list[str], int]:
    """Label the images of a listing that are in the project.

    Returns:
        The changes, how many images were labelled, a sentence for each that kept another label, and how many were
        listed otherwise but are for testing.
    """
    listed = [entry for entry in listing.entries if entry.label is not None]
    places = context.project.ids_for_paths([entry.image for entry in listed])
    labelled = [
        (entry, entry.label or "", image) for entry, image in zip(listed, places, strict=True) if image is not None
    ]
    rows = context.project.catalogue_for({image for _, _, image in labelled})
    uses = dict(zip(rows.ids.tolist(), rows.uses.tolist(), strict=True))  # -1 for none
    source = LabelSource.SUGGESTION if set(listing.columns) >= GROUPS else LabelSource.FOLDER
    labels = importing.SourceLabels(context, overwrite=overwrite, source=source)
    done = labels.label([(entry.image, image, label) for entry, label, image in labelled])
    chosen: dict[int, Use] = {}
    for entry, label, image in sorted(labelled, key=lambda item: item[0].use is not Use.TEST):
        replaced = uses.get(image, 0) < 0 or (overwrite and image not in labels.set_apart)
        if entry.use is not None and replaced and labels.agrees(image, label):
            chosen.setdefault(image, entry.use)
    changed = set(done)
    for use in dict.fromkeys(chosen.values()):
        images = [image for image, wanted in chosen.items() if wanted is use]
        changed.update(context.project.set_use(images, use).labels)
    tested = labels.set_apart | {image for image, use in chosen.items() if use is Use.TEST}
    copies = {image for entry, _, image in labelled if entry.use is not Use.TEST} & tested
    return Changes(labels=tuple(sorted(changed))), len(done), [*labels.conflicts.values()], len(copies)
