"""Import a listing into a project: the pictures, then classes, labels and uses as one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mma_desktop.core.class_names import name_key, same_text
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, Progress, Stepwise
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.formats.dataset import Listing, PictureEntry
from mma_desktop.services.images import importing, paste_import


def import_listing(
    context: ProjectContext, listing: Listing, title: str, token: CancelToken, *, overwrite: bool = False
) -> Stepwise[importing.ImportReport]:
    """Import a listing. Media lane.

    Pictures inside the source are first written into the project's folder. Labels rank like those from folder names:
    existing labels and uses are kept unless `overwrite` is set. A picture listed with two labels gets the first one. If
    cancelled, the pictures imported so far are still labelled. `title` says where the labels come from, in the report
    and the undo menu. With `overwrite`, a project that changed since its last backup is backed up first.

    Returns:
        The counts; `notes` has a sentence for each picture that kept another label.

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
        entries = yield from listing.unpack(context.project.folder, token)
        listing = replace(listing, entries=entries)
    written, unread = list[Path](), list[tuple[str, str]]()
    try:
        listing = yield from _write_embedded(context, listing, written, unread, token)
        images = list(dict.fromkeys(entry.image for entry in listing.entries))
        report = yield from importing.import_paths(context, images, token)
    finally:
        paste_import.drop_unknown(context, written)
    with context.project.collecting_steps() as steps:
        classes = _add_classes(context, listing, overwrite)
        labels, labelled, conflicts = _label(context, listing.entries, overwrite)
    if steps:
        context.project.join(steps, tr("Import from {source}", source=title))
    changes = replace(labels, classes=classes.classes or labels.classes)
    if not report.stopped:
        yield Progress(len(images), len(images), tr("Importing"), changes=changes)
    notes = (*report.notes, *conflicts)
    return replace(report, labelled=labelled, labels_from=title, notes=notes, unread=tuple(unread))


def _write_embedded(
    context: ProjectContext,
    listing: Listing,
    written: list[Path],
    unread: list[tuple[str, str]],
    token: CancelToken,
) -> Stepwise[Listing]:
    """Write the embedded pictures of a listing; those that cannot be used are noted in `unread`."""
    inside = [entry for entry in listing.entries if entry.embedded is not None]
    if not inside:
        return listing
    pictures = [(entry.image.stem, entry.embedded) for entry in inside if entry.embedded is not None]
    files = iter((yield from paste_import.write_embedded(context, pictures, written, token)))
    entries = list[PictureEntry]()
    for entry in listing.entries:
        place = next(files) if entry.embedded is not None else entry.image
        if isinstance(place, str):
            unread.append((str(entry.image), place))
        else:
            entries.append(replace(entry, image=place, embedded=None))
    return replace(listing, entries=tuple(entries))


def _add_classes(context: ProjectContext, listing: Listing, overwrite: bool) -> Changes:
    """Add missing classes, and set what the model reads for classes that read their name."""
    have = {name_key(item.name): item for item in context.every_class}
    missing = [name for name in listing.classes if name_key(name) not in have]
    reads = {
        have[key].id: text
        for name, text in listing.reads.items()
        if (key := name_key(name)) in have and (overwrite or not have[key].reads)
    }
    done = [context.project.set_reads(reads)] if reads else []
    done += [context.project.add_classes(missing, reads=listing.reads)] if missing else []
    return Changes(classes=any(changes.classes for changes in done))


def _refuse_same_text(context: ProjectContext, listing: Listing, overwrite: bool) -> None:
    """Check that no two classes would read the same text, before anything is imported."""
    new = {name_key(name): text for name, text in listing.reads.items()}
    texts = {}
    for item in context.classes:
        text = new.get(name_key(item.name))
        texts[item.name] = text if text and (overwrite or not item.reads) else item.text
    have = set(map(name_key, texts))
    texts |= {name: listing.reads.get(name, name) for name in listing.classes if name_key(name) not in have}
    if trouble := same_text(texts):
        raise UserError.tr("{reason} Nothing was imported.", reason=trouble)


def _label(context: ProjectContext, entries: Sequence[PictureEntry], overwrite: bool) -> tuple[Changes, int, list[str]]:
    """Label the images of a listing that are in the project.

    Returns:
        The changes, how many images were labelled, and a sentence for each that kept another label.
    """
    names = {item.id: item.name for item in context.every_class}
    ids = {name_key(item.name): item.id for item in context.every_class}
    listed = [entry for entry in entries if entry.label is not None]
    places = context.project.ids_for_paths([entry.image for entry in listed])
    found = [(entry, image) for entry, image in zip(listed, places, strict=True) if image is not None]
    rows = context.project.catalogue_for({image for _, image in found})
    usable = ~rows.problems
    columns = (rows.ids[usable], rows.class_ids[usable], rows.uses[usable])
    present = {
        image: (class_id, use) for image, class_id, use in zip(*(part.tolist() for part in columns), strict=True)
    }
    settled, labels, uses, conflicts = dict[int, int](), dict[int, int](), dict[int, Use](), list[str]()
    for entry, image in found:
        wanted = ids.get(name_key(entry.label or ""))
        if wanted is None or image not in present:
            continue
        before, use = present[image]  # -1 for none
        first = settled.setdefault(image, wanted if overwrite or before < 0 else before)
        if first != wanted:
            conflicts.append(
                tr(
                    "{path} is labelled '{class_name}' and was not labelled '{other_class}'.",
                    path=entry.image,
                    class_name=names.get(first, "?"),
                    other_class=entry.label,
                )
            )
            continue
        if before != wanted:
            labels[image] = wanted
        if entry.use is not None and (use < 0 or overwrite):
            uses.setdefault(image, entry.use)
    done: Sequence[int] = ()
    if labels:
        done = context.project.assign_many([*labels.items()], LabelSource.FOLDER, overwrite=True).labels
    changed = set(done)
    for chosen in dict.fromkeys(uses.values()):
        images = [image for image, use in uses.items() if use is chosen]
        changed.update(context.project.set_use(images, chosen).labels)
    return Changes(labels=tuple(sorted(changed))), len(done), conflicts
