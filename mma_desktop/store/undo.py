"""Undo and redo of edits, kept in memory while the project is open.

A step stores rows, not actions, so the same code undoes every kind of edit. Undoing a step writes rows through the same
`RowWriter`, and the rows that changed become the redo step.

Imports are not steps, and may change images between an edit and its undo: a removed image may exist again under another
id, or its path may belong to other contents. `revert` restores what still fits and leaves the import alone. If it moves
a label to an image with a new id, older steps still refer to the old id; `with_current_ids` maps them to the new one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from sqlalchemy import select

from mma_desktop.core.events import Changes
from mma_desktop.store.labels import targets
from mma_desktop.store.rows import RowChange, RowWriter, rows_in
from mma_desktop.store.schema import CLASS, IMAGE, LABEL, PLACE, SETTING, ImageRecord, LabelRecord, PlaceRecord, Row

MAX_STEPS = 1_000  # a day of labelling by groups
# Maximum rows in all steps together (about 150 MB); the oldest steps are dropped, but never the last one.
MAX_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Step:
    """One edit as the user sees it: its title and the rows it changed."""

    title: str
    rows: tuple[RowChange, ...]


class History:
    """The steps that can be undone and redone. Reading a title never waits for a database write.

    Attributes:
        moved: Old id -> new id of images that undo found under another id; for `with_current_ids`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: deque[Step] = deque()
        self._undone: list[Step] = []
        self._rows = 0
        self.moved: dict[int, int] = {}

    def peek_undo(self) -> Step | None:
        with self._lock:
            return self._done[-1] if self._done else None

    def peek_redo(self) -> Step | None:
        with self._lock:
            return self._undone[-1] if self._undone else None

    def push(self, step: Step) -> None:
        """Add a new edit; clears the steps to redo."""
        with self._lock:
            self._undone.clear()
            self._append(step)

    def join(self, steps: Sequence[Step], title: str) -> None:
        """Merge several steps into one, as if it were the newest edit. Skips steps that have been undone."""
        with self._lock:
            wanted = {id(step) for step in steps}
            mine = [step for step in self._done if id(step) in wanted]
            if not mine:
                return
            since = dropwhile(lambda step: id(step) not in wanted, self._done)
            others = {row.place for step in since if id(step) not in wanted for row in step.rows}
            # Another edit in between changed the same rows, so these steps have to be undone in their order: they stay
            # separate.
            if any(row.place in others for step in mine for row in step.rows):
                return
            left = [step for step in self._done if id(step) not in wanted]
            self._done = deque(left)
            self._rows = sum(len(step.rows) for step in left)
            self._append(Step(title, joined_rows(mine)))

    def undone(self, inverse: Step) -> None:
        """Move the last step to the redo list; `inverse` was written to undo it."""
        with self._lock:
            self._rows -= len(self._done.pop().rows)
            self._undone.append(inverse)

    def redone(self, inverse: Step) -> None:
        """Move the last undone step back to the undo list; `inverse` was written to redo it."""
        with self._lock:
            self._undone.pop()
            self._append(inverse)

    def _append(self, step: Step) -> None:
        self._done.append(step)
        self._rows += len(step.rows)
        while len(self._done) > 1 and (len(self._done) > MAX_STEPS or self._rows > MAX_ROWS):
            self._rows -= len(self._done.popleft().rows)


def joined_rows(steps: Sequence[Step]) -> tuple[RowChange, ...]:
    """The combined effect of several steps: each row before the first and after the last of them."""
    rows: dict[tuple[str, int], RowChange] = {}
    for step in steps:
        for row in step.rows:
            first = rows.get(row.place, row)
            rows[row.place] = RowChange(row.table, row.key, first.before, row.after)
    return tuple(row for row in rows.values() if row.before != row.after)


def changes_of(title: str, rows: Sequence[RowChange]) -> Changes:
    images = [row for row in rows if row.table == IMAGE.name]
    return Changes(
        title=title,
        images_added=tuple(sorted(row.key for row in images if row.before is None)),
        images_removed=tuple(sorted(row.key for row in images if row.after is None)),
        labels=tuple(sorted(row.key for row in rows if row.table == LABEL.name)),
        classes=any(row.table == CLASS.name for row in rows),
        settings=any(row.table == SETTING.name for row in rows),
    )


def with_current_ids(rows: Sequence[RowChange], moved: Mapping[int, int]) -> Sequence[RowChange]:
    """A step's rows, with its labels moved to the current ids of their images."""

    def now(number: int) -> int:
        while number in moved:
            number = moved[number]
        return number

    def at(row: Row | None) -> Row | None:
        return None if row is None else LabelRecord(*row)._replace(image_id=now(row[0]))

    if not moved:
        return rows
    return [
        RowChange(row.table, now(row.key), at(row.before), at(row.after)) if row.table == LABEL.name else row
        for row in rows
    ]


def revert(writer: RowWriter, rows: Sequence[RowChange]) -> dict[int, int]:
    """Restore rows to their state before a step, as far as they still fit; the writer's `changes` tell which.

    Returns:
        Old id -> current id of the images that exist again under another id.
    """
    gone: dict[str, list[int]] = {}
    back: dict[str, list[Row]] = {}
    for change in rows:
        if change.before is None:
            gone.setdefault(change.table, []).append(change.key)
        else:
            back.setdefault(change.table, []).append(change.before)
    writer.drop(LABEL, gone.get(LABEL.name, []))
    writer.drop(PLACE, gone.get(PLACE.name, []))
    writer.drop_images(gone.get(IMAGE.name, []))
    writer.drop_classes(gone.get(CLASS.name, []))
    writer.drop(SETTING, gone.get(SETTING.name, []))
    writer.put(SETTING, back.get(SETTING.name, []))
    writer.put(CLASS, back.get(CLASS.name, []))
    places = [PlaceRecord(*row) for row in back.get(PLACE.name, [])]
    labels = [LabelRecord(*row) for row in back.get(LABEL.name, [])]
    query = select(PLACE.c.path, PLACE.c.id)
    there = dict(rows_in(writer.connection, query, PLACE.c.path, (place.path for place in places)))
    moved = _images_back(writer, [ImageRecord(*row) for row in back.get(IMAGE.name, [])], places, labels, there)
    _places_back(writer, places, moved, there)
    _labels_back(writer, labels, moved)
    return moved


def _images_back(
    writer: RowWriter,
    images: list[ImageRecord],
    places: list[PlaceRecord],
    labels: list[LabelRecord],
    there: Mapping[bytes, int],
) -> dict[int, int]:
    """Restore images; returns old id -> current id for those that an import has already added again.

    `there` has the id of the place that is now at a path.
    """
    moved: dict[int, int] = {}
    free: dict[int, bool] = {}
    paths: dict[int, bytes] = {}
    for place in places:
        free[place.image_id] = free.get(place.image_id, False) or there.get(place.path, place.id) == place.id
        paths.setdefault(place.image_id, place.path)
    labelled = {label.image_id for label in labels}
    present = writer.rows(IMAGE, [image.id for image in images])
    hashes = (image.content_hash for image in images if image.content_hash is not None)
    query = select(IMAGE.c.content_hash, IMAGE.c.id)
    twins = dict(rows_in(writer.connection, query, IMAGE.c.content_hash, hashes))
    restored: list[Row] = []
    for image in images:
        twin = twins.get(image.content_hash, image.id)
        if twin != image.id:
            moved[image.id] = twin
        elif image.id in present or image.last_path is not None or free.get(image.id, False):
            restored.append(image)
        elif image.id in labelled:
            restored.append(image._replace(last_path=paths.get(image.id)))
    writer.put(IMAGE, restored)
    return moved


def _places_back(
    writer: RowWriter, places: list[PlaceRecord], moved: dict[int, int], there: Mapping[bytes, int]
) -> None:
    placed = [place._replace(image_id=moved.get(place.image_id, place.image_id)) for place in places]
    images = writer.rows(IMAGE, {place.image_id for place in placed})
    fitting = [place for place in placed if place.image_id in images and there.get(place.path, place.id) == place.id]
    writer.put(PLACE, fitting)
    # Images that were kept without a place have one again.
    with_places = {place.image_id for place in fitting}
    again = [ImageRecord(*row) for key, row in images.items() if key in with_places and ImageRecord(*row).last_path]
    writer.put(IMAGE, [image._replace(last_path=None) for image in again])


def _labels_back(writer: RowWriter, labels: list[LabelRecord], moved: dict[int, int]) -> None:
    labels = [label._replace(image_id=moved.get(label.image_id, label.image_id)) for label in labels]
    there = targets(writer, {label.image_id: label.class_id for label in labels})
    taken = writer.rows(LABEL, moved.values())
    fitting = [label for label in labels if label.image_id in there.images and label.class_id in there.classes]
    writer.put(LABEL, [label for label in fitting if label.image_id not in taken])
