"""A group of pictures that look alike: its typical pictures, a line for the name they all get, and the other groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from mma_desktop.core.class_names import LONGEST_NAME, NONE_OF_THESE
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageRow
from mma_desktop.media.thumbnails import SIDE
from mma_desktop.services.image_index import Ids
from mma_desktop.services.training.groups import Group
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.grid.image_grid import STEPS, ImageGrid
from mma_desktop.ui.grid.image_model import Note
from mma_desktop.ui.grid.thumbnail_delegate import GAP
from mma_desktop.ui.label.question_view import KeyButton
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    EmptyState,
    Flow,
    button,
    hint,
    in_column,
    in_row,
    scrolled,
    stacked,
    tool,
)
from mma_desktop.ui.widgets.elided import elided_heading, elided_hint

LEAST_SIDE, BESIDE = 40, 280  # of a picture; below that they scroll. Width of what stands beside them
STACK = 2  # pictures of another group
_RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class GroupPictures(ImageGrid):
    """The typical pictures of a group, all in sight. A click or Space takes one out, which is selected then, or in."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._cells.leaves_out = True
        self.images.set_notes(self._note)
        self.setAccessibleName(tr("Typical pictures"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard in the name

    def _note(self, image_id: int, _row: ImageRow | None) -> Note | None:
        return Note(tr("taken out")) if image_id in self.selected_ids() else None

    def _fit(self, room: int) -> tuple[int, int]:
        count, height = max(1, len(self.images.ids)), self.contentsRect().height()
        sides = {n: min(room // n, height // ceil(count / n)) - 2 * GAP for n in range(1, count + 1)}
        columns = max(sides, key=lambda n: sides[n])
        return columns, min(SIDE, max(LEAST_SIDE, sides[columns]))

    def show_images(self, ids: Ids, *, same: bool) -> None:
        """Show these pictures; of the `same` group, those that were taken out stay out."""
        if not same:
            self.selection.clear()
        self.set_ids(ids, keep_place=True)
        self._lay_out()

    def set_current(self, position: int, *, select: bool = False) -> None:  # noqa: ARG002
        """Make an image current without taking it out."""
        super().set_current(position, select=False)

    def toggle(self, position: int) -> None:
        self.selection.toggle(position)
        self.set_current(position)
        self.images.refresh()
        self.tell_selection()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.toggle(position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.current_position >= 0:
            self.toggle(self.current_position)
        elif event.key() in STEPS:
            self._move(event.key(), shift=False, control=True)
        else:
            event.ignore()


class NameLine(QLineEdit):
    """The name of a group, proposed or typed. While it is untouched, `0`, Del and Ctrl+Z are not for the text."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LONGEST_NAME)
        self.setPlaceholderText(tr("Type a name"))
        self.known = QStringListModel(self)
        completer = QCompleter(self.known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setAccessibleName(tr("Classes"))
        self.setCompleter(completer)

    @property
    def untouched(self) -> bool:
        return not self.isModified() and self.selectedText() == self.text()

    def propose(self, name: str) -> None:
        self.setText(name)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Leave Undo to the groups and to the window where nothing was typed."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _RETURN:
            if (completer := self.completer()) is not None and (popup := completer.popup()) is not None:
                popup.hide()  # before it completes what is the next group's by then
            event.accept()
            if not event.isAutoRepeat():
                self.entered.emit()
        elif (
            _splits(event)
            or (self.untouched and (_is_none(event) or _leaves(event)))
            or (event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable())
        ):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _splits(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.AltModifier


def _is_none(event: QKeyEvent) -> bool:
    return event.text() == "0"  # whichever keys type it


def _leaves(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Delete and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class GroupEntry(FindingEntry):
    """An open group in the list, by its key."""

    @property
    def words(self) -> str:
        return group_words(self.detail, self.title) if self.detail else group_words(self.title, "")


def group_words(pictures: str, name: str) -> str:
    """Say what a group is, for screen readers; `pictures` is how many there are, as in "47 pictures"."""
    if not name:
        return tr("group of {pictures}", pictures=pictures)
    return tr("group of {pictures}, proposed name: {name}", pictures=pictures, name=one_line(name))


def size(group: Group) -> str:
    return number_format.pictures(len(group.typical) + len(group.others))


class GroupView(QWidget):
    """Shows one group at a time. It only displays; `ui.label.grouper` knows what comes next."""

    undo_requested = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.group: Group | None = None
        self.undoes = False  # whether the last step is one that is no edit of the project
        self.title, self.progress = elided_heading(1.7), elided_hint()
        self.pictures, self.name = GroupPictures(controller), NameLine()
        self.advice = hint("")
        self.take_button = KeyButton(tr("Label", "job"), "Return", primary=True)
        self.none_button = KeyButton(tr(NONE_OF_THESE), "0")
        self.later_button = KeyButton(tr("Later"), "Del")
        self.split_button = KeyButton(tr("Split"), "Alt+S")
        self.list = FindingList(tr("Other groups"), controller)
        self.close_button = tool("close", tr("Back to the grid"), "Escape")
        self.questions_button = button("", primary=True)
        self.anyway_button = button(tr("Show the groups"))
        self.empty = EmptyState("star", "", "", (self.questions_button, self.anyway_button))
        self.name.entered.connect(self.take_button.click)
        self.pictures.selection_changed.connect(self._show_count)
        self._lay_out()

    def _lay_out(self) -> None:
        top = in_row((in_column(self.title, self.progress, spacing=2), 1), self.close_button, spacing=SPACE)
        deeds = Flow(self.take_button, self.none_button, self.later_button, self.split_button)
        body, beside, inner = QWidget(), QWidget(), QWidget()
        in_column(self.list.note, self.list, None, inside=inner, margins=(0, 0, 0, 0), spacing=SPACE)
        parts = (self.name, self.advice, deeds, (scrolled(inner), 1))
        in_column(*parts, inside=beside, margins=(0, 0, 0, 0), spacing=SPACE)
        beside.setFixedWidth(BESIDE)
        in_row((self.pictures, 1), beside, inside=body, margins=(0, 0, 0, 0), spacing=2 * SPACE)
        self._stack = stacked(body, self.empty)
        margins = (2 * SPACE, SPACE + 4, 2 * SPACE, SPACE)
        in_column(top, (self._stack, 1), inside=self, margins=margins, spacing=SPACE)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        order = (self.name, self.pictures, self.list, *deeds.buttons, self.close_button)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def show_group(self, group: Group, name: str, known: Sequence[str]) -> None:
        """Show a group with the name that is proposed, "" for none yet; what is shown already stays as it is.

        `known` are the classes of the project.
        """
        same = self.group is not None and self.group.key == group.key
        self.group = group
        self._stack.setCurrentIndex(0)
        self.pictures.show_images(group.typical, same=same)
        if self.name.known.stringList() != [*known]:  # or what is completed would close
            self.name.known.setStringList(known)
        self.name.setAccessibleName(group_words(size(group), name))
        if not same or (self.name.untouched and not self.name.text()):
            self.name.propose(name)
        looks = tr("This looks like {class_name}.", class_name=one_line(name)) if name in known else ""
        if looks or not same:
            self.advice.setText(looks)
        self.split_button.setEnabled(len(group.typical) + len(group.others) > 1)
        self._show_count()

    def _show_count(self) -> None:
        if self.group is None:
            return
        count, others = len(self.pictures.images.ids), len(self.group.others)
        out = len(self.pictures.selection)
        text = number_format.pictures(count)
        if out:
            text = tr("{n} of {pictures}", "{n} of {pictures}", count - out, pictures=text)
        more = tr("{n} more like them", "{n} more like them", others)
        self.title.setText(f"{text}, {more}" if others else text)

    def show_others(self, groups: Sequence[tuple[Group, str]]) -> None:
        """List the other groups with their names, "" for none."""
        entries = [
            GroupEntry(name or size(one), size(one) if name else "", one.key, tuple(one.typical[:STACK].tolist()))
            for one, name in groups
        ]
        self.list.show_entries(entries, tr("{n} other group", "{n} other groups", len(groups)) if groups else "")

    def tell(self, icon: str, title: str, text: str, questions: str = "", *, anyway: bool = False) -> None:
        """Say something in place of a group; `questions` is the text of the button that leads to them."""
        self.group = None
        self.title.setText("")
        self.progress.setText("")
        self.questions_button.setText(questions)
        offered = ((self.questions_button, bool(questions)), (self.anyway_button, anyway))
        self.empty.tell(icon, title, text, *(one for one, wanted in offered if wanted))
        self._stack.setCurrentWidget(self.empty)

    def focus(self) -> None:
        target = self.name if self.group is not None else self.questions_button
        (target if target.isVisible() else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> list[int]:
        """Return the pictures that were not taken out."""
        found: list[int] = self.pictures.images.ids[~self.pictures.selection.mask].tolist()
        return found

    def event(self, event: QEvent) -> bool:
        """Take keys before the menus do."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (_splits(event) or self._undoes(event))
        ):
            event.accept()
            return True
        return super().event(event)

    def _undoes(self, event: QKeyEvent) -> bool:
        return self.undoes and event.matches(QKeySequence.StandardKey.Undo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_button.click()
        elif self._undoes(event):
            self.undo_requested.emit()
        elif event.isAutoRepeat():
            super().keyPressEvent(event)
        elif key in _RETURN and self.pictures.hasFocus():
            self.take_button.click()
        elif self.group is None:
            super().keyPressEvent(event)
        elif _is_none(event):
            self.none_button.click()
        elif _leaves(event):
            self.later_button.click()
        elif _splits(event):
            self.split_button.click()
        else:
            super().keyPressEvent(event)
