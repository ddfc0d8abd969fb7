"""Import a listing into a project: the pictures, then classes, labels and uses as one undo step."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mma_desktop.core.class_names import name_key, same_text
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import CancelToken, Changes, ImportReport, Progress
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import LabelSource, Use
from mma_desktop.services.formats.dataset import Entry, Listing
from mma_desktop.services.images import importing, paste_import

if TYPE_CHECKING:
    from mma_desktop.services.context import ProjectContext

_USES = list(Use)


def import_listing(
    context: ProjectContext, listing: Listing, title: str, token: CancelToken, *, overwrite: bool = False
) -> Generator[Progress, None, ImportReport]:
    """Import a listing. Media lane.

    Pictures inside the source are first written into the project's folder. Labels rank like those from folder names:
    existing labels and uses are kept unless `overwrite` is set. A picture listed with two labels gets the first one. If
    cancelled, the pictures imported so far are still labelled. `title` says where the labels come from, in the report
    and the undo menu.

    Returns:
        The counts; `notes` has a sentence for each picture that kept another label.

    Raises:
        UserError: A column must be chosen first, two classes would read the same, or an archive cannot be unpacked.
    """
    if listing.question:
        raise UserError(tr("{question} Nothing was imported.", question=listing.question))
    _refuse_same_text(context, listing, overwrite)
    if listing.unpack is not None:
        yield from listing.unpack(token)
    written, unread = list[Path](), list[tuple[str, str]]()
    try:
        listing = yield from _write_embedded(context, listing, written, unread, token)
        images = list(dict.fromkeys(one.image for one in listing.entries))
        report = yield from importing.import_paths(context, images, token)
    finally:
        paste_import.drop_unknown(context, written)
    with context.project.collecting_steps() as steps:
        classes = _add_classes(context, listing, overwrite)
        labelling = _Labelling(context, overwrite)
        labels = labelling.run(listing.entries)
    if steps:
        context.project.join(steps, tr("Import from {source}", source=title))
    changes = replace(labels, classes=classes.classes or labels.classes)
    if not report.stopped:
        yield Progress(len(images), len(images), tr("Importing"), changes=changes)
    notes = (*report.notes, *labelling.conflicts)
    return replace(report, labelled=labelling.labelled, labels_from=title, notes=notes, unread=tuple(unread))


def _write_embedded(
    context: ProjectContext,
    listing: Listing,
    written: list[Path],
    unread: list[tuple[str, str]],
    token: CancelToken,
) -> Generator[Progress, None, Listing]:
    """Write the embedded pictures of a listing; those that cannot be used are noted in `unread`."""
    inside = [one for one in listing.entries if one.embedded is not None]
    if not inside:
        return listing
    pictures = [(one.image.stem, one.embedded) for one in inside if one.embedded is not None]
    files = iter((yield from paste_import.write_embedded(context, pictures, written, token)))
    entries = list[Entry]()
    for entry in listing.entries:
        place = next(files) if entry.embedded is not None else entry.image
        if isinstance(place, str):
            unread.append((str(entry.image), place))
        else:
            entries.append(replace(entry, image=place, embedded=None))
    return replace(listing, entries=tuple(entries))


def _add_classes(context: ProjectContext, listing: Listing, overwrite: bool) -> Changes:
    """Add missing classes, and set what the model reads for classes that read their name."""
    have = {name_key(one.name): one for one in context.classes}
    missing = [name for name in listing.classes if name_key(name) not in have]
    reads = {
        have[key].id: text
        for name, text in listing.reads.items()
        if (key := name_key(name)) in have and (overwrite or not have[key].reads)
    }
    done = [context.project.set_reads(reads)] if reads else []
    done += [context.project.add_classes(missing, reads=listing.reads)] if missing else []
    return Changes(classes=any(one.classes for one in done))


def _refuse_same_text(context: ProjectContext, listing: Listing, overwrite: bool) -> None:
    """Check that no two classes would read the same text, before anything is imported."""
    new = {name_key(name): text for name, text in listing.reads.items()}
    texts = {}
    for one in context.classes:
        text = new.get(name_key(one.name))
        texts[one.name] = text if text and (overwrite or not one.reads) else one.text
    have = set(map(name_key, texts))
    texts |= {name: listing.reads.get(name, name) for name in listing.classes if name_key(name) not in have}
    if trouble := same_text(texts):
        raise UserError(tr("{reason} Nothing was imported.", reason=trouble))


class _Labelling:
    """Labels the images of a listing that are in the project."""

    def __init__(self, context: ProjectContext, overwrite: bool) -> None:
        self._context = context
        self._overwrite = overwrite
        self._names = {one.id: one.name for one in context.classes}
        self._ids = {name_key(one.name): one.id for one in context.classes}
        self._labels: dict[int, int] = {}
        self._uses: dict[int, Use] = {}
        self._settled: dict[int, int] = {}
        self._changed: set[int] = set()
        self.labelled = 0
        self.conflicts: list[str] = []

    def run(self, entries: Sequence[Entry]) -> Changes:
        listed = [one for one in entries if one.label is not None]
        ids = self._context.project.ids_for_paths([one.image for one in listed])
        found = [(entry, image) for entry, image in zip(listed, ids, strict=True) if image is not None]
        rows = self._context.project.catalogue_for(sorted({image for _, image in found}))
        usable = ~rows.problems
        columns = (rows.ids[usable], rows.class_ids[usable], rows.uses[usable])
        present = {image: (one, use) for image, one, use in zip(*(part.tolist() for part in columns), strict=True)}
        for entry, image in found:
            if image in present:
                self._decide(entry, image, *present[image])
        self._write()
        return Changes(labels=tuple(sorted(self._changed)))

    def _decide(self, entry: Entry, image: int, before: int, use: int) -> None:
        """Decide the label and use of an image, given its current ones (-1 for none)."""
        wanted = self._ids.get(name_key(entry.label or ""))
        if wanted is None:
            return
        settled = self._settled.setdefault(image, wanted if self._overwrite or before < 0 else before)
        if settled != wanted:
            self.conflicts.append(
                tr(
                    "{path} is labelled '{class_name}' and was not labelled '{other_class}'.",
                    path=entry.image,
                    class_name=self._names.get(settled, "?"),
                    other_class=entry.label,
                )
            )
            return
        if before != wanted:
            self._labels[image] = wanted
        if entry.use is not None and image not in self._uses and (use < 0 or self._overwrite):
            self._uses[image] = entry.use

    def _write(self) -> None:
        classes = np.array([*self._labels.values()], np.int64)
        images = np.array([*self._labels], np.int64)
        for class_id in dict.fromkeys(classes.tolist()):
            chosen = images[classes == class_id].tolist()
            done = self._context.project.assign(chosen, class_id, LabelSource.FOLDER).labels
            self.labelled += len(done)
            self._changed.update(done)
        for use in _USES:
            chosen = [image for image, one in self._uses.items() if one is use]
            if chosen:
                self._changed.update(self._context.project.set_use(chosen, use).labels)
