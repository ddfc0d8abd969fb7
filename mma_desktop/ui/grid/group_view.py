"""Groups of images that look alike, on Label and Use: typical images, and a line for the name that they all get.

The next group is there at once, before the name is written. A group that is shown stays, whatever arrives meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QSplitter, QWidget

from mma_desktop.core.class_names import LONGEST_NAME, NONE_OF_THESE, is_none_of_these, name_key, split_names
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.media.reader import SIDE
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Ids, Show
from mma_desktop.services.training import groups
from mma_desktop.services.training.groups import Group
from mma_desktop.services.training.learning import current, learn
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.finding_list import FindingEntry, FindingList
from mma_desktop.ui.grid.image_grid import STEPS, ImageGrid
from mma_desktop.ui.grid.image_model import Note
from mma_desktop.ui.grid.preview import PreviewController
from mma_desktop.ui.grid.thumbnail_delegate import GAP
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.controls import (
    SPACE,
    EmptyState,
    Flow,
    KeyButton,
    button,
    in_column,
    in_row,
    scrolled,
    single_shot,
    stacked,
    tool,
)
from mma_desktop.ui.widgets.text_format import action_title
from mma_desktop.ui.widgets.text_labels import elided_heading, elided_hint, hint

MIN_SIDE, BESIDE = 40, 280  # of an image; below that they scroll. Width of what stands beside them
STACK = 2  # images of another group
MOST = 100_000  # images up to which groups are looked for unasked: that takes ten seconds
ADD = later("Add as a class")
ZERO_MS = 400  # a name that begins with 0 goes on by then
_RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


def _own(event: QKeyEvent) -> str:
    """Return what a key means to the groups, "" for nothing."""
    if event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.AltModifier:
        return "split"
    if event.matches(QKeySequence.StandardKey.Undo):
        return "undo"
    if event.key() == Qt.Key.Key_Delete and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return "later"
    return "none" if event.text() == "0" else ""


class GroupImages(ImageGrid):
    """The typical images of a group, all in sight. A click or Backspace takes one out, which selects it, or back in."""

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
        return columns, min(SIDE, max(MIN_SIDE, sides[columns]))

    def show_images(self, ids: Ids, out: Collection[int] | None) -> None:
        """Show these images, without those that were taken `out`; None leaves those out that are."""
        if out is not None:
            self.selection.clear()
        self.set_ids(ids, keep_place=True)
        for position in np.flatnonzero(np.isin(ids, list(out or ()))).tolist():
            self.selection.toggle(position)
        self._lay_out()

    def set_current(self, position: int, *, select: bool = False) -> None:  # noqa: ARG002
        # A selected image is taken out, so moving must select none.
        super().set_current(position, select=False)

    def toggle(self, position: int) -> None:
        self.selection.toggle(position)
        self.set_current(position)
        self.images.refresh()
        self.emit_selection()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.toggle(position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The first click took it out or in; the second takes that back.
        self.mousePressEvent(event)
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and self.current_position >= 0:
            self.toggle(self.current_position)
        elif event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.preview_toggled.emit()
        elif event.key() in STEPS:
            self._move(event.key(), shift=False, control=True)
        else:
            event.ignore()


class NameLine(QLineEdit):
    """The name of a group, proposed or typed. The keys of the groups are not for its text while it is untouched."""

    entered = Signal()
    none_said = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LONGEST_NAME)
        self.setPlaceholderText(tr("Type a name"))
        self.known = QStringListModel(self)
        completer = QCompleter(self.known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        popup = completer.popup()
        assert popup is not None
        popup.setAccessibleName(tr("Classes"))
        self._hide_choices = popup.hide
        # A 0 says None of these if nothing is typed after it.
        self._zero = single_shot(self, ZERO_MS, self._say_none)

    def _say_none(self) -> None:
        self._zero.stop()
        if self.text() == "0":
            self.none_said.emit()

    @property
    def untouched(self) -> bool:
        return not self.isModified() and self.selectedText() == self.text()

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress} and isinstance(event, QKeyEvent):
            key = _own(event)
            if event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable():
                event.ignore()
                return False
            if key == "split" or (key == "undo" and not self.isUndoAvailable()) or (key == "later" and self.untouched):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zero, waits = event.text() == "0", self._zero.isActive()
        if zero and event.isAutoRepeat():
            return
        if waits and (zero or event.key() in _RETURN):  # a second one is for the next group
            self._say_none()
        if event.key() not in _RETURN:
            begins = zero and self.untouched
            super().keyPressEvent(event)
            (self._zero.start if begins else self._zero.stop)()
        elif not (waits or event.isAutoRepeat()):
            self._hide_choices()  # before it completes what is the next group's by then
            self.activateWindow()  # not every platform gives back what the choices had
            event.accept()
            self.entered.emit()


class GroupEntry(FindingEntry):
    """An open group in the list, by its key."""

    @property
    def words(self) -> str:
        return group_words(self.detail, self.title)


def group_words(images: str, name: str) -> str:
    """Say what a group is, for screen readers; `images` is how many there are, as in "47 pictures"."""
    return tr("group of {pictures}, proposed name: {name}", pictures=images, name=one_line(name) or groups.NO_NAME)


def size(group: Group) -> int:
    return len(group.typical) + len(group.others)


class GroupView(QWidget):
    """Shows one group at a time. `doing` says what the program does while there is none yet.

    With `of_rejected`, these are the groups of what is None of these to the model.
    """

    found = Signal()  # groups are known that were not
    questions_requested = Signal()

    def __init__(self, controller: Controller, doing: Callable[[], str], *, of_rejected: bool = False) -> None:
        super().__init__()
        self._controller, self._doing, self._of_rejected = controller, doing, of_rejected
        self.title, self.progress, self.advice = elided_heading(1.7), elided_hint(), hint("")
        self.pictures, self.name = GroupImages(controller), NameLine()
        self.take_button = KeyButton(tr(ADD) if of_rejected else tr("Label", "job"), "Return", primary=True)
        self.none_button = KeyButton(tr(NONE_OF_THESE), "0")
        self.later_button = KeyButton(tr("Later"), "Del")
        self.split_button = KeyButton(tr("Split", "job"), "Alt+S")
        self.list = FindingList(tr("Other groups"), controller)
        self.questions_button = button("", "help", clicked=self.questions_requested)
        self.go_on_button = button("", "right", primary=True, clicked=self.questions_requested)
        self._done_page = EmptyState("check", "", "", (self.go_on_button,))
        self.close_button = tool("close", tr("Back to the grid"), "Escape")
        self._lay_out()
        self.forget()
        self.name.entered.connect(self.take_button.click)
        self.take_button.clicked.connect(self.label_group)
        for none in (self.none_button.clicked, self.name.none_said):
            none.connect(lambda: self._write(""))
        self.later_button.clicked.connect(self.leave)
        self.split_button.clicked.connect(self.split)
        self.list.chosen.connect(self.go_to)
        self.pictures.selection_changed.connect(self._show_count)
        self.name.textEdited.connect(self._forgive)
        controller.opened.connect(self.forget)
        controller.changed.connect(self._changed)
        controller.predictions_changed.connect(self._learned)

    def _lay_out(self) -> None:
        texts = in_column(self.title, self.progress, spacing=2)
        top = in_row((texts, 1), self.questions_button, self.close_button, spacing=SPACE)
        buttons = Flow(self.take_button, self.none_button, self.later_button, self.split_button)
        self._body, beside, inner, splitter = QWidget(), QWidget(), QWidget(), QSplitter()
        in_column(self.list.note, self.list, None, inside=inner, margins=(0, 0, 0, 0), spacing=SPACE)
        parts = (self.name, self.advice, buttons, (scrolled(inner), 1))
        in_column(*parts, inside=beside, margins=(0, 0, 0, 0), spacing=SPACE)
        beside.setFixedWidth(BESIDE)
        splitter.addWidget(self.pictures)
        self.preview_controller = PreviewController(self._controller, self.pictures, splitter, self.pictures)
        in_row((splitter, 1), beside, inside=self._body, margins=(0, 0, 0, 0), spacing=2 * SPACE)
        self._front = stacked(QWidget(), self._body, self._done_page)
        margins = (2 * SPACE, SPACE + 4, 2 * SPACE, SPACE)
        in_column(top, (self._front, 1), inside=self, margins=margins, spacing=SPACE)
        for item in (self.questions_button, self.close_button):
            item.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for pair in pairwise((self.name, self.pictures, self.list, *buttons.buttons)):
            QWidget.setTabOrder(*pair)

    def forget(self) -> None:
        """Begin with another project."""
        self._groups: tuple[Group, ...] | None = None
        self._names: Mapping[int, str] = {}
        self.begun, self.several = False, False
        self.group: Group | None = None
        self._error = ""
        self._key, self._wanted = -1, set[int]()  # of the group that is shown; images whose group is shown next
        self._later: tuple[int, ...] = ()
        self._out: dict[int, list[int]] = {}  # images taken out of groups that were left, by key
        self._done, self._writes = set[int](), 0
        self._steps: list[tuple[tuple[int, ...], tuple[int, ...], int]] = []  # what to return to: splits, later, key
        self._rest = set[int]()  # of the group of the last step, the images that got no label
        self._gave, self._answered = "", False  # the class of the last step, whether the model has learned from it
        self.last: frozenset[int] = frozenset()  # images that it labelled
        self.pictures.clear_cache()
        self.list.show_entries(())

    @property
    def open(self) -> list[Group]:
        """The open groups as they come: the clearest first, at the end those that were left for later."""
        left = [group for group in self._groups or () if group.key not in self._done]
        return sorted(left, key=lambda item: self._later.index(item.key) + 1 if item.key in self._later else 0)

    def name_of(self, group: Group) -> str:
        return one_line(self._names.get(group.key, ""))

    # ------------------------------------------------------------------ finding

    @property
    def coming(self) -> bool:
        """Whether groups are on their way that were not asked for."""
        context = self._controller.context
        if context is None or self._groups is not None or not self._offers(context):
            return False
        return self._waits() or any(job.lane is LaneName.ENGINE for job in self._controller.bridge.busy())

    def begin(self) -> None:
        self.begun, self._gave, self._later = True, "", ()
        self._show()
        self.focus()
        self._controller.embed()

    def refresh(self) -> None:
        context = self._controller.context
        if context is None:
            return
        known = groups.clusters.is_current(context)
        if self.isHidden() and not self._offers(context) and not (known and self._groups is not None):
            self._groups, self.several = None, False  # they are of other images
        elif known or not self._waits():
            title, ask = "" if known else tr("Finding groups of pictures"), self._controller.ask
            ask(LaneName.ENGINE, self._find, self._on_groups, title=title, quick=known, question=(self, "groups"))

    def _offers(self, context: ProjectContext) -> bool:
        """Return whether groups are looked for unasked."""
        columns, predictions, place = context.index.columns, context.predictions, self.parentWidget()
        if self._of_rejected:
            return (
                place is not None and place.isVisible() and predictions is not None and bool(predictions.rejected.any())
            )
        # Before there are labels, or while groups are being labelled, whose labels count as proposed.
        return len(columns.ids) <= MOST and (bool(columns.proposed.any()) or not columns.labelled.any())

    def _find(self, context: ProjectContext, token: CancelToken) -> tuple[tuple[Group, ...], bool] | None:
        """Return the open groups, and whether there were several; None without an image model."""
        if not context.engine.ready:
            return None
        find = groups.rejected_groups if self._of_rejected else groups.open_groups
        return find(context, token), len(groups.clusters(context, token).grouping.centres) > 1

    def _waits(self) -> bool:
        controller = self._controller
        # While images are still looked at, or the model that does so is loaded, groups would change at once.
        jobs = [job for job in controller.bridge.busy() if job.lane is LaneName.ENGINE and not job.finished]
        return controller.is_importing or controller.preparing is not None or any(job.background for job in jobs)

    def _on_groups(self, result: tuple[tuple[Group, ...], bool] | None) -> None:
        if result is None:
            self.progress.setText(self._controller.engine_trouble)
            return
        listed, self.several = result
        shown, columns = self.group, self._controller.open_context.index.columns
        if shown is not None and not self._wanted and shown.key not in self._done:
            # The group on the screen stays, with its images, unless one of them is labelled or gone by now.
            where = columns.positions(shown.typical)
            if (where >= 0).all() and not columns.labelled[where].any():
                listed = (shown, *(item for item in listed if item.key != shown.key))
        self._groups = listed
        if not self._writes:
            self._done.difference_update(group.key for group in self._groups)
        for group in self.open:
            if not self._wanted.isdisjoint((*group.typical.tolist(), *group.others.tolist())):
                self._key = group.key
        self._wanted = set()
        self._show()
        self._ask_names()
        self.found.emit()

    def _ask_names(self) -> None:
        if (self._of_rejected or not self.isHidden()) and self._groups:
            title, ask = "" if self._names else tr("Finding names for the groups"), self._controller.ask
            ask(LaneName.ENGINE, groups.proposals, self._on_names, title=title, question=(self, "names"))

    def _on_names(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._show()
        if self._of_rejected:
            self.found.emit()

    def _changed(self, changes: Changes) -> None:
        if changes.labels or changes.images_added or changes.images_removed or changes.classes:
            self.refresh()

    def _learned(self) -> None:
        context = self._controller.context
        if context is not None and not self.isHidden():
            learned = current(context)
            self._answered |= learned is not None and not learned.run.names_alone and learn.is_current(context)
            self._show()
            self.refresh()

    # ------------------------------------------------------------------ showing

    def _show(self) -> None:
        context = self._controller.context
        if context is None or self.isHidden():
            return
        order, classes = self.open, [choice.name for choice in context.classes]
        self.questions_button.setText(action_title(tr("&Suggest examples")) if classes else tr("Name classes"))
        self.questions_button.setVisible(bool(order) and not self._of_rejected)
        # What was left for later comes no more by itself, or there would be no end.
        group = next((item for item in order if item.key == self._key), order[0] if order else None)
        if group is not None and group.key != self._key and group.key in self._later:
            group = None
        self._front.setCurrentIndex(int(group is not None))
        if group is not None:
            first = self.group is None
            self._show_group(group, classes)
            self._show_others([item for item in order if item is not group])
            at = self._at([item.key for item in order if item is not group])
            self.progress.setText("    ".join(filter(None, (at, self._gain(context)))))
            if first and self.isVisible():
                self.focus()
            return
        if self.group is not None:
            self.group = None
            self.focus()
        if self._groups is None:
            self.title.setText(tr("Looking at the pictures"))
            self.progress.setText(self._doing())
            return
        self._show_done(context, len(order))

    def _show_done(self, context: ProjectContext, left_for_later: int) -> None:
        numbers, counts, classes = context.index.numbers(), context.index.counts(), context.classes
        done = tr("All groups were looked at") if left_for_later else tr("All groups are done")
        self.title.setText(done if numbers[Show.ALL] else tr("No pictures yet"))
        self.progress.setText("")
        if numbers[Show.ALL] and not self._writes:
            with_label = [counts[choice.id] for choice in context.classes if choice.id in counts]
            gained, named = sum(with_label), text_format.classes(len(with_label))
            left = tr("{n} picture has no label.", "{n} pictures have no label.", numbers[Show.UNLABELLED])
            if left_for_later:
                left += " " + tr(
                    "{n} group was left for later: Find > Groups shows it again.",
                    "{n} groups were left for later: Find > Groups shows them again.",
                    left_for_later,
                )
            if classes and not self._of_rejected:
                left += " " + tr("The model predicts what they show, and asks where it is in doubt.")
            title = tr("{n} example of {classes}", "{n} examples of {classes}", gained, classes=named)
            if not gained:
                nothing = tr("None of them shows a class of yours")
                title = tr("No group has a name yet") if left_for_later else nothing
            self.go_on_button.setText(tr("Back to the grid") if self._of_rejected else self.questions_button.text())
            self._done_page.show_text("check", title, left, self.go_on_button)
            self._front.setCurrentWidget(self._done_page)
        if self._gave and classes and not self._writes:
            self._gave = ""
            self.questions_requested.emit()

    def show_looking(self) -> None:
        if self._groups is None:
            self._show()

    def _show_group(self, group: Group, classes: Sequence[str]) -> None:
        same, name = self.group is not None and self.group.key == group.key, self._names.get(group.key, "")
        if not same:
            self.preview_controller.set_shown(False)
        self.group, self._key = group, group.key
        self.pictures.show_images(group.typical, None if same else self._out.get(group.key, ()))
        if self.name.known.stringList() != classes:  # or what is completed would close
            self.name.known.setStringList(classes)
        self.name.setAccessibleName(group_words(text_format.pictures(size(group)), name))
        if not same or (self.name.untouched and not self.name.text()):
            self.name.setText(name)
            self.name.selectAll()
        looks = tr("This looks like {class_name}.", class_name=one_line(name)) if name in classes else ""
        if not same or not self._error:
            self._error = ""
            self.advice.setText(f"{looks} {self._how_clear(group)}".strip())
        self.split_button.setEnabled(len(group.typical) + len(group.others) > 1)
        self._show_count()

    def _how_clear(self, group: Group) -> str:
        if not self.several:
            return tr("These are too few pictures to tell groups apart.")
        if group.silhouette >= groups.ALIKE:
            return tr("The pictures are much alike.")
        if group.silhouette >= groups.MIXED:
            return tr("This group may be mixed: take out what does not belong, or split it.")
        return tr("This group is probably mixed: take out what does not belong, or split it.")

    def _forgive(self) -> None:
        self._error = ""
        self._show()

    def _show_count(self) -> None:
        if self.group is None:
            return
        count, out, others = len(self.pictures.images.ids), len(self.pictures.selection), len(self.group.others)
        text = text_format.pictures(count)
        if out:
            text = tr("{part} of {n} picture", "{part} of {n} pictures", count, part=count - out)
        more = tr("{n} more like them", "{n} more like them", others)
        self.title.setText(f"{text}, {more}" if others else text)

    def _show_others(self, others: Sequence[Group]) -> None:
        entries = [
            GroupEntry(
                self._names.get(other.key) or groups.NO_NAME,
                text_format.pictures(size(other)),
                other.key,
                tuple(other.typical[:STACK].tolist()),
            )
            for other in others
        ]
        self.list.show_entries(entries, tr("{n} other group", "{n} other groups", len(others)) if others else "")

    def _at(self, others: Sequence[int]) -> str:
        dealt_with = len(self._done) + len(set(self._later).intersection(others))
        return tr("{at} of {n} group", "{at} of {n} groups", len(self._done) + len(others) + 1, at=dealt_with + 1)

    def _gain(self, context: ProjectContext) -> str:
        gave = next((choice for choice in context.every_class if name_key(choice.name) == name_key(self._gave)), None)
        if gave is None:
            return ""
        text = tr("{n} example", "{n} examples", context.index.counts().get(gave.id, 0))
        if self._answered and gave in context.classes:
            free = len(
                self._rest.intersection(context.index.select(Filter(Show.PREDICTED, gave.id), context.predictions))
            )
            text += ", " + tr("{n} more predicted", "{n} more predicted", free)
        return f"{one_line(gave.title)}: {text}"

    def focus(self) -> None:
        target = self.name if self.group is not None else self.go_on_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------ steps

    def go_to(self, key: int) -> None:
        self._key = key
        self._show()
        self.focus()

    def label_group(self) -> None:
        names = split_names(self.name.text())
        name = names[0] if names else ""
        if not name:
            self._refuse(tr("Type a name first, or press 0 for None of these."))
        elif len(names) > 1:
            self._refuse(tr("A group has one name: take the comma out, or split the group."))
        else:
            self._write("" if is_none_of_these(name) else name)

    def _write(self, name: str) -> None:
        """Label the group with a class, or as None of these for ""."""
        group, context = self.group, self._controller.open_context
        # What is selected is out.
        images: list[int] = self.pictures.images.ids[~self.pictures.selection.mask].tolist()
        if group is None:
            return
        if not images:
            self._refuse(tr("Every picture is taken out. Click one to take it back in."))
            return

        def written(_changes: Changes) -> None:
            self._writes -= 1
            self._gave = name or NONE_OF_THESE
            self._show()

        def failed(sentence: str) -> None:
            self._writes -= 1
            self._done.discard(group.key)
            self.go_to(group.key)
            self._refuse(sentence)

        self._writes += 1
        self._rest, self.last = set(group.others.tolist()), frozenset(images)
        # At once, and taken back if it fails: the next group does not wait for the disk.
        self._done.add(group.key)
        self._answered = False
        self._steps.clear()
        self._controller.edit(lambda _project: groups.label_group(context, images, name), written, failed)
        self._show()
        self.focus()

    def _refuse(self, sentence: str) -> None:
        self._error = sentence
        self.advice.setText(sentence)

    def leave(self) -> None:
        """Leave the group for later, without the images that were taken out."""
        if self.group is not None:
            self._out[self.group.key] = self.pictures.selected_ids().tolist()
            splits, key = groups.splits(self._controller.open_context), self.group.key
            self._steps.append((splits, self._later, key))
            self._arrange(splits, (*(item for item in self._later if item != key), key), -1)

    def split(self) -> None:
        if self.group is not None:
            splits, key = groups.splits(self._controller.open_context), self.group.key
            self._steps.append((splits, self._later, key))
            self.group, self._names = None, {}  # the halves are groups of their own, with names to come
            self._arrange((*splits, key), self._later, key)

    def _arrange(self, splits: tuple[int, ...], later: tuple[int, ...], key: int) -> None:
        """Have these groups in two, those at the end, and show the one with an image, -1 for the clearest."""
        groups.set_splits(self._controller.open_context, splits)
        self._later, self._wanted = later, {key}
        self.go_to(key)
        self.refresh()

    def show_undone(self, images: Sequence[int]) -> None:
        self._wanted, self._gave = set(images), ""
        self._steps.clear()
        self.refresh()

    # ------------------------------------------------------------------ keys

    def _takes(self, event: QKeyEvent) -> str:
        plain_s = event.key() == Qt.Key.Key_S and not event.modifiers()  # where it begins no name
        action = "split" if plain_s else _own(event)
        return action if (self._steps if action == "undo" else self.group is not None) else ""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._takes(event)
        if event.key() == Qt.Key.Key_Escape:
            (self.preview_controller.close if self.preview_controller.is_open else self.close_button.click)()
        elif event.isAutoRepeat():
            super().keyPressEvent(event)
        elif event.key() in _RETURN and self.pictures.hasFocus():
            self.take_button.click()
        elif action == "undo":
            self._arrange(*self._steps.pop())
        elif action:
            {"split": self.split_button, "later": self.later_button, "none": self.none_button}[action].click()
        else:
            super().keyPressEvent(event)
