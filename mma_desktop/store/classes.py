"""The classes of a project: names, roles, order, colours and keys. Positions are always 0 to C - 1 without gaps."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from mma_desktop.core.class_names import duplicate_names, name_key, name_too_long
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.store.database import raw
from mma_desktop.store.rows import RowWriter, next_id
from mma_desktop.store.schema import CLASS, ClassRecord

PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee7733", "#009988", "#bb5566", "#004488",
    "#997700", "#6699cc", "#99ddff", "#44bb99", "#bbcc33", "#eedd88", "#ffaabb", "#8c564b", "#7f5fbf", "#a0a0a0",
)  # fmt: skip
"""Twenty distinct colours; the first ones are also colour-blind safe (after Paul Tol's qualitative schemes)."""

WINDOW_KEYS = frozenset("usjk./")
"""Keys used by the window itself: unlabel, skip, next, previous, same as last, by name."""

_MAX_LISTED = 5
"""Maximum number of class names listed in a message."""

AUTOMATIC_KEYS = "123456789" + "".join(letter for letter in string.ascii_lowercase if letter not in WINDOW_KEYS)


def clean_class_name(name: str) -> str:
    """Normalise a class name for storage: trim and collapse whitespace, replace undecodable bytes by U+FFFD.

    Raises:
        UserError: It is empty, too long or contains control characters.
    """
    text = " ".join(name.split())
    text = "".join("\ufffd" if unicodedata.category(letter) == "Cs" else letter for letter in text)
    if not text:
        raise UserError(tr("A class needs a name. Type at least one character."))
    if trouble := name_too_long(text):
        raise UserError(trouble)
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        shown = "".join("?" if unicodedata.category(letter) == "Cc" else letter for letter in text)
        raise UserError(
            tr(
                "The class name '{class_name}' holds control characters. Type it again without them.",
                class_name=shown,
            )
        )
    return text


def read_classes(connection: Connection) -> list[ImageClass]:
    """All classes in order."""
    rows = raw(connection).execute('SELECT id, name, role, position, colour, "key" FROM "class" ORDER BY position, id')
    return [
        ImageClass(number, name, Role.NEW if role == Role.NEW.value else Role.BASE, position, colour, key)
        for number, name, role, position, colour, key in rows
    ]


def class_by_id(classes: Iterable[ImageClass], class_id: int) -> ImageClass:
    """The class with this id.

    Raises:
        UserError: It has been deleted.
    """
    for one in classes:
        if one.id == class_id:
            return one
    raise UserError(tr("That class is not there any more. Choose another one."))


def put_classes(writer: RowWriter, classes: Sequence[ImageClass]) -> None:
    """Write classes in the given order, which determines their positions."""
    rows = [
        ClassRecord(one.id, one.name, name_key(one.name), one.role.value, position, one.colour, one.key)
        for position, one in enumerate(classes)
    ]
    writer.put(CLASS, rows)


def add_classes(writer: RowWriter, names: Sequence[str], role: Role | None) -> str:
    """Append classes; returns the title of the undo step."""
    clean = [clean_class_name(name) for name in names]
    if not clean:
        raise UserError(tr("No class name was given. Type at least one."))
    present = read_classes(writer.connection)
    known = {name_key(one.name) for one in present}
    twice = [name for name in clean if name_key(name) in known] + duplicate_names(clean)
    if twice:
        raise UserError(_twice_sentence(twice))
    colours = Counter(one.colour for one in present)
    used = {one.key for one in present}
    keys = [letter for letter in AUTOMATIC_KEYS if letter not in used]
    for number, name in enumerate(clean, next_id(writer.connection, CLASS)):
        colour = min(PALETTE, key=lambda candidate: colours[candidate])
        colours[colour] += 1
        key = keys.pop(0) if keys else ""
        present.append(ImageClass(number, name, role or Role.BASE, len(present), colour, key))
    put_classes(writer, present)
    if len(clean) == 1:
        return tr("Add class '{class_name}'", class_name=clean[0])
    return tr("Add {n} class", "Add {n} classes", len(clean))


def _twice_sentence(names: Sequence[str]) -> str:
    shown = [tr("'{name}'", name=name) for name in dict.fromkeys(names)]
    some, more = ", ".join(shown[:_MAX_LISTED]), len(shown) - _MAX_LISTED
    if more > 0:
        some = tr("{names} and {n} more", "{names} and {n} more", more, names=some)
    return tr(
        "{names} is already in the list of classes. Give each class a name of its own.",
        "{names} are already in the list of classes. Give each class a name of its own.",
        len(shown),
        names=some,
    )


def rename_class(writer: RowWriter, class_id: int, name: str) -> str:
    """Rename a class; returns the title of the undo step."""
    clean = clean_class_name(name)
    classes = read_classes(writer.connection)
    old = class_by_id(classes, class_id)
    if any(name_key(one.name) == name_key(clean) and one.id != class_id for one in classes):
        raise UserError(
            tr(
                "There is a class '{class_name}' already. Choose another name, or label the images with that class.",
                class_name=clean,
            )
        )
    put_classes(writer, [replace(one, name=clean) if one.id == class_id else one for one in classes])
    return tr("Rename class '{old}' to '{new}'", old=old.name, new=clean)


def delete_classes(writer: RowWriter, ids: Iterable[int]) -> str:
    """Delete classes and their labels; returns the title of the undo step."""
    wanted = set(ids)
    classes = read_classes(writer.connection)
    gone = [one for one in classes if one.id in wanted]
    writer.drop_classes([one.id for one in gone])
    put_classes(writer, [one for one in classes if one.id not in wanted])
    if len(gone) == 1:
        return tr("Delete class '{class_name}'", class_name=gone[0].name)
    return tr("Delete {n} class", "Delete {n} classes", len(gone))


def move_class(writer: RowWriter, class_id: int, position: int) -> str:
    """Move a class to a position (0 is first, out-of-range values are clamped); returns the title of the undo step."""
    classes = read_classes(writer.connection)
    one = class_by_id(classes, class_id)
    rest = [other for other in classes if other.id != class_id]
    rest.insert(max(0, min(position, len(rest))), one)
    put_classes(writer, rest)
    return tr("Move class '{class_name}'", class_name=one.name)


def set_role(writer: RowWriter, ids: Iterable[int], role: Role) -> str:
    """Make classes base or new; returns the title of the undo step."""
    wanted = set(ids)
    classes = read_classes(writer.connection)
    chosen = [one for one in classes if one.id in wanted]
    put_classes(writer, [replace(one, role=role) if one.id in wanted else one for one in classes])
    return _role_title([one.name for one in chosen], role)


def _role_title(names: Sequence[str], role: Role) -> str:
    if len(names) == 1:
        if role is Role.BASE:
            return tr("Make class '{class_name}' base", class_name=names[0])
        return tr("Make class '{class_name}' new", class_name=names[0])
    if role is Role.BASE:
        return tr("Make {n} class base", "Make {n} classes base", len(names))
    return tr("Make {n} class new", "Make {n} classes new", len(names))


def first_half_base(writer: RowWriter) -> str:
    """Make the first ceil(C / 2) classes base and the rest new (the paper's protocol); returns the undo title."""
    classes = read_classes(writer.connection)
    half = (len(classes) + 1) // 2
    put_classes(
        writer,
        [replace(one, role=Role.BASE if place < half else Role.NEW) for place, one in enumerate(classes)],
    )
    return tr("First half base")


def set_colour(writer: RowWriter, class_id: int, colour: str) -> str:
    """Set a class's colour "#rrggbb"; returns the title of the undo step."""
    text = colour.strip().lower()
    if len(text) != 7 or text[0] != "#" or any(letter not in string.hexdigits for letter in text[1:]):
        raise UserError(
            tr(
                "'{colour}' is no colour. Write it as # and six hexadecimal digits, such as #4477aa.",
                colour=colour,
            )
        )
    one = _edit(writer, class_id, lambda old: replace(old, colour=text))
    return tr("Colour of class '{class_name}'", class_name=one.name)


def set_key(writer: RowWriter, class_id: int, key: str) -> str:
    """Set a class's one-character key, or clear it with ""; returns the title of the undo step."""
    letter = key.strip().lower()
    if letter and (len(letter) != 1 or not letter.isprintable()):
        raise UserError(tr("'{key}' cannot be a key. Use one letter, digit or sign.", key=key.strip()))
    if letter in WINDOW_KEYS:
        raise UserError(tr("The key '{key}' is used by the window itself. Choose another one.", key=letter))
    other = next((one for one in read_classes(writer.connection) if letter and one.key == letter), None)
    if other is not None and other.id != class_id:
        raise UserError(
            tr(
                "The key '{key}' belongs to the class '{class_name}'. Choose another one, or free it there.",
                key=letter,
                class_name=other.name,
            )
        )
    one = _edit(writer, class_id, lambda old: replace(old, key=letter))
    return tr("Key of class '{class_name}'", class_name=one.name)


def _edit(writer: RowWriter, class_id: int, change: Callable[[ImageClass], ImageClass]) -> ImageClass:
    classes = read_classes(writer.connection)
    old = class_by_id(classes, class_id)
    put_classes(writer, [change(one) if one.id == class_id else one for one in classes])
    return old
