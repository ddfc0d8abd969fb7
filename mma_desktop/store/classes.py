"""The classes of a project: names, what the model reads, roles, order, colours and keys.

Positions are always 0 to C - 1 without gaps. "None of these" is known by its name, comes last, and keeps both. Edits
return the title of their undo step.
"""

from __future__ import annotations

import colorsys
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, select

from mma_desktop.core.class_names import (
    NONE_COLOUR,
    NONE_KEY,
    NONE_OF_THESE,
    WINDOW_KEYS,
    duplicate_names,
    listed,
    name_key,
    same_text,
    unfit_name,
    untranslated,
)
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.store.rows import RowWriter, next_ids
from mma_desktop.store.schema import CLASS, ClassRecord

# Twenty distinct colours; the first ones are also colour-blind safe (after Paul Tol's qualitative schemes).
PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee7733", "#009988", "#bb5566", "#004488",
    "#997700", "#6699cc", "#99ddff", "#44bb99", "#bbcc33", "#eedd88", "#ffaabb", "#8c564b", "#7f5fbf", "#a0a0a0",
)  # fmt: skip

_GOLDEN = 0.618034  # of a turn: successive hues stay apart however many there are
_TONES = ((0.42, 0.70), (0.62, 0.55), (0.76, 0.60), (0.30, 0.50))  # lightness and saturation in turn

# Names that the title of a step lists at most.
IN_TITLE = 3

AUTOMATIC_KEYS = "123456789" + "".join(letter for letter in string.ascii_lowercase if letter not in WINDOW_KEYS)


def clean_class_name(name: str) -> str:
    """Normalise a class name, else UserError: whitespace, NFC, undecodable bytes as U+FFFD; `untranslated`."""
    text = unicodedata.normalize("NFC", " ".join(name.split()))
    text = "".join("\ufffd" if unicodedata.category(letter) == "Cs" else letter for letter in text)
    if trouble := unfit_name(text):
        raise UserError(trouble)
    return untranslated(text)


def _clean_reads(reads: str) -> str:
    """What the model reads for a class, for storage: "" if nobody said."""
    return clean_class_name(reads) if reads.strip() else ""


_CLASSES = select(CLASS).order_by(CLASS.c.position, CLASS.c.id)


def read_classes(connection: Connection) -> list[ImageClass]:
    records = (ClassRecord(*row) for row in connection.execute(_CLASSES))
    return _none_last(
        ImageClass(row.id, row.name, _role_of(row.name, row.role), row.position, row.colour, row.key, row.reads)
        for row in records
    )


def _role_of(name: str, stored: str) -> Role:
    if name == NONE_OF_THESE:
        return Role.NONE
    return Role.NEW if stored == Role.NEW.value else Role.BASE


def _none_last(classes: Iterable[ImageClass]) -> list[ImageClass]:
    return sorted(classes, key=lambda item: item.role is Role.NONE)


def _refuse_same_text(classes: Iterable[ImageClass], names: Sequence[str]) -> None:
    if trouble := same_text({item.name: item.text for item in classes}, set(names)):
        raise UserError(trouble)


def class_by_id(classes: Iterable[ImageClass], class_id: int) -> ImageClass:
    """The class with this id. Raises UserError if it has been deleted."""
    for item in classes:
        if item.id == class_id:
            return item
    raise class_gone()


def class_gone() -> UserError:
    return UserError.tr("That class is not there any more. Choose another one.")


def put_classes(writer: RowWriter, classes: Sequence[ImageClass]) -> None:
    """Write classes in the given order, which determines their positions."""
    rows = []
    for position, item in enumerate(_none_last(classes)):
        role = Role.NEW if item.role is Role.NONE else item.role  # the table has no third one
        row = item.id, item.name, name_key(item.name), item.reads, role.value, position, item.colour, item.key
        rows.append(ClassRecord(*row))
    writer.put(CLASS, rows)


def none_of_these(writer: RowWriter) -> ImageClass:
    """The class "None of these", which is added if it is not there yet."""
    none = next((item for item in read_classes(writer.connection) if item.role is Role.NONE), None)
    if none is None:
        add_classes(writer, [NONE_OF_THESE])
        none = read_classes(writer.connection)[-1]
    return none


def add_classes(
    writer: RowWriter, names: Sequence[str], role: Role | None = None, reads: Mapping[str, str] | None = None
) -> str:
    """Append classes (base by default), each with a colour and, while available, a key.

    `reads` has what the model reads, by the name as given; the name itself where there is nothing.

    Raises:
        UserError: No name is given, or one is empty, too long, repeated or already taken, or the model would read
            the same text for two classes.
    """
    clean = [clean_class_name(name) for name in names]
    if not clean:
        raise UserError.tr("No class name was given. Type at least one.")
    present = read_classes(writer.connection)
    known = {name_key(item.name) for item in present}
    twice = list(dict.fromkeys([name for name in clean if name_key(name) in known] + duplicate_names(clean)))
    if twice:
        raise UserError.tr(
            "{names} is already in the list of classes. Give each class a name of its own.",
            "{names} are already in the list of classes. Give each class a name of its own.",
            len(twice),
            names=listed(twice),
        )
    taken = {item.colour for item in present}
    colours = (colour for colour in chain(PALETTE, map(_colour, count())) if colour not in taken)
    used = {item.key for item in present}
    # A class named by one character gets that key, and no other class takes it.
    own = {name.lower() for name in clean if len(name) == 1} - used - WINDOW_KEYS
    keys = [letter for letter in AUTOMATIC_KEYS if letter not in used | own]
    texts = [_clean_reads((reads or {}).get(given, "")) for given in names]
    (first,) = next_ids(writer.connection, CLASS)
    for number, (name, text) in enumerate(zip(clean, texts, strict=True), first):
        if name == NONE_OF_THESE:
            key = "" if NONE_KEY in used | own else NONE_KEY
            present.append(ImageClass(number, NONE_OF_THESE, Role.NONE, len(present), NONE_COLOUR, key))
            continue
        colour = next(colours)
        key = name.lower() if name.lower() in own else keys.pop(0) if keys else ""
        present.append(ImageClass(number, name, role or Role.BASE, len(present), colour, key, text))
    _refuse_same_text(present, clean)
    put_classes(writer, present)
    return tr("Add class {names}", "Add classes {names}", len(clean), names=listed(clean, IN_TITLE))


def _colour(number: int) -> str:
    """The colours after the palette's, of ever more hues."""
    lightness, saturation = _TONES[number % len(_TONES)]
    parts = colorsys.hls_to_rgb(number * _GOLDEN % 1, lightness, saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def rename_class(writer: RowWriter, class_id: int, name: str, reads: str | None = None) -> str:
    """Rename a class, and with `reads` change what the model reads; fails if another class has the name or text."""
    clean = clean_class_name(name)
    classes = read_classes(writer.connection)
    old = class_by_id(classes, class_id)
    if old.role is Role.NONE:
        raise UserError.tr(
            "'{class_name}' keeps its name. Add a class for what these pictures show.", class_name=tr(old.name)
        )
    if clean == NONE_OF_THESE:
        raise UserError.tr(
            "'{class_name}' stands for pictures of no class. Choose another name.", class_name=tr(NONE_OF_THESE)
        )
    if any(name_key(item.name) == name_key(clean) and item.id != class_id for item in classes):
        raise UserError.tr(
            "A class named '{class_name}' already exists. Choose another name, or label the pictures with that class.",
            class_name=clean,
        )
    new = replace(old, name=clean, reads=_clean_reads(old.reads if reads is None else reads))
    classes = [new if item.id == class_id else item for item in classes]
    _refuse_same_text(classes, [clean])
    put_classes(writer, classes)
    if clean == old.name and new.reads != old.reads:
        return _reads_title([new])
    return tr("Rename class '{old}' to '{new}'", old=old.name, new=clean)


def set_reads(writer: RowWriter, reads: Mapping[int, str]) -> str:
    """Set what the model reads, by class id; "" is the name. Fails if two classes would read the same text."""
    classes = read_classes(writer.connection)
    new = {}
    for class_id, text in reads.items():
        old = class_by_id(classes, class_id)
        if old.role is Role.NONE:
            continue  # no text stands for it
        new[class_id] = replace(old, reads=_clean_reads(text))
    classes = [new.get(item.id, item) for item in classes]
    _refuse_same_text(classes, [item.name for item in new.values()])
    put_classes(writer, classes)
    return _reads_title(list(new.values()))


def _reads_title(changed: Sequence[ImageClass]) -> str:
    if len(changed) != 1:
        return tr(
            "Change what the model reads for {n} class", "Change what the model reads for {n} classes", len(changed)
        )
    (item,) = changed
    if not item.reads:
        return tr("Read '{class_name}' by its name", class_name=item.name)
    return tr("Read '{class_name}' as '{text}'", class_name=item.name, text=item.reads)


def delete_classes(writer: RowWriter, ids: Iterable[int]) -> str:
    wanted = set(ids)
    classes = read_classes(writer.connection)
    gone = [item for item in classes if item.id in wanted]
    writer.drop_classes([item.id for item in gone])
    put_classes(writer, [item for item in classes if item.id not in wanted])
    names = listed([item.name for item in gone], IN_TITLE)
    return tr("Delete class {names}", "Delete classes {names}", len(gone), names=names)


def move_class(writer: RowWriter, class_id: int, position: int) -> str:
    """Move a class to a position from 0; one that is out of range is clamped."""
    classes = read_classes(writer.connection)
    moved = class_by_id(classes, class_id)
    others = [other for other in classes if other.id != class_id]
    others.insert(max(0, min(position, len(others))), moved)
    put_classes(writer, others)
    return tr("Move class '{class_name}'", class_name=moved.name)


def set_role(writer: RowWriter, ids: Iterable[int], role: Role) -> str:
    wanted = set(ids)
    classes = read_classes(writer.connection)
    chosen = [item for item in classes if item.id in wanted and item.role is not Role.NONE]
    put_classes(writer, [replace(item, role=role) if item in chosen else item for item in classes])
    names = listed([item.name for item in chosen], IN_TITLE)
    return tr("Make {names} base", names=names) if role is Role.BASE else tr("Make {names} new", names=names)


def set_colour(writer: RowWriter, class_id: int, colour: str) -> str:
    """Set a class's colour "#rrggbb"."""
    edited = _edit(writer, class_id, colour=colour.lower())
    return tr("Colour of class '{class_name}'", class_name=edited.name)


def set_key(writer: RowWriter, class_id: int, key: str) -> str:
    """Set a class's one-character key, or clear it with ""; fails if another class or the window uses it."""
    letter = key.strip().lower()
    if letter and (len(letter) != 1 or not letter.isprintable()):
        raise UserError.tr("'{key}' cannot be a key. Use one letter, digit or sign.", key=key.strip())
    if letter in WINDOW_KEYS:
        raise UserError.tr("The key '{key}' is used by the window itself. Choose another one.", key=letter)
    other = next((item for item in read_classes(writer.connection) if letter and item.key == letter), None)
    if other is not None and other.id != class_id:
        raise UserError.tr(
            "The key '{key}' belongs to the class '{class_name}'. Choose another one, or free it there.",
            key=letter,
            class_name=other.name,
        )
    edited = _edit(writer, class_id, key=letter)
    return tr("Key of class '{class_name}'", class_name=edited.name)


def _edit(writer: RowWriter, class_id: int, **changes: Any) -> ImageClass:
    classes = read_classes(writer.connection)
    old = class_by_id(classes, class_id)
    put_classes(writer, [replace(item, **changes) if item.id == class_id else item for item in classes])
    return old
