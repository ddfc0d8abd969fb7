"""Labelling of the selection, by key, menu or a typed name, and moving on to the next image."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QListWidgetItem, QWidget

from mma_desktop.core.class_names import folded, name_key
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageClass, LabelSource, Role, Use
from mma_desktop.services.image_index import Filter, Show, looked_up
from mma_desktop.services.predicting.none_of_these import NOT_YET, label_choices
from mma_desktop.services.predicting.prediction import shown_pairs
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.filter_bar import NO_IMAGE
from mma_desktop.ui.grid.image_grid import ImageGrid
from mma_desktop.ui.grid.review import Accepted
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.painting import chip
from mma_desktop.ui.widgets.text_format import unmarked
from mma_desktop.ui.widgets.text_labels import hint
from mma_desktop.ui.widgets.windows import open_once

_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_OWN: dict[int, str] = {
    Qt.Key.Key_Return: "accept",
    Qt.Key.Key_Enter: "accept",
    Qt.Key.Key_Backspace: "unlabel",
    Qt.Key.Key_Delete: "remove",
}
_LETTERS = {"u": "unlabel", "s": "skip", "j": "next", "k": "previous", ".": "same-as-last", "/": "pick"}


class LabelActions(Protocol):
    def label(self, class_id: int) -> None: ...
    def unlabel(self) -> None: ...
    def remove(self) -> None: ...
    def same_as_last(self) -> None: ...
    def skip(self) -> None: ...


class LabelKeys(QObject):
    """Event filter for the widgets in which keys label."""

    stepped = Signal(int)  # by this many images
    pick_requested = Signal()

    def __init__(
        self, controller: Controller, labeller: LabelActions, accept: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._labeller = labeller
        self._acts: dict[str, Callable[[], None]] = {
            "accept": accept,
            "unlabel": labeller.unlabel,
            "remove": labeller.remove,
            "same-as-last": labeller.same_as_last,
            "pick": self.pick_requested.emit,
            "skip": labeller.skip,
            "next": partial(self.stepped.emit, 1),
            "previous": partial(self.stepped.emit, -1),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride} or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        meaning = self._meaning(event)
        if meaning is None or (meaning == "accept" and _is_on_a_part(watched)):
            return super().eventFilter(watched, event)
        if kind == QEvent.Type.ShortcutOverride:
            # Labelling takes precedence over any shortcut of the window.
            event.accept()
            return True
        # A held key labels only once; only moving repeats.
        if not event.isAutoRepeat() or meaning in {"next", "previous"}:
            if isinstance(meaning, int):
                self._labeller.label(meaning)
            else:
                self._acts[meaning]()
        return True

    def _meaning(self, event: QKeyEvent) -> str | int | None:
        if event.modifiers() & _WITH:
            return None
        if event.key() in _OWN:
            return _OWN[event.key()]
        text = event.text().lower()
        context = self._controller.context
        if len(text) != 1 or not text.isprintable() or text == " " or context is None:
            return None
        class_id = next((choice.id for choice in label_choices(context) if choice.key == text), None)
        return class_id if class_id is not None else _LETTERS.get(text)


def _is_on_a_part(watched: QObject) -> bool:
    # A button, for example: Enter is not for the images then.
    focus = QApplication.focusWidget()
    if focus is None or focus is watched:
        return False
    return isinstance(watched, QWidget) and watched.isAncestorOf(focus)


Ids = NDArray[np.int64]
SEARCH_AT_ONCE = 4096  # positions, as the next unlabelled image is nearly always near
USABLE, LABELLED, FREE = Filter(), Filter(Show.LABELLED), Filter(Show.UNLABELLED)


class Labeller(QObject):
    """Labels the selection of an `ImageGrid`. Methods return before the write is done."""

    last_changed = Signal()

    def __init__(self, controller: Controller, grid: ImageGrid, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._grid = grid
        # While a list is under review: the labels that Return accepts for these images.
        self.proposed: Callable[[Ids], Accepted] | None = None
        # Images whose labels are still being written: fast typing must not return to them.
        self._pending: set[int] = set()
        self._last: tuple[Path, int] | None = None

    @property
    def last(self) -> ImageClass | None:
        context = self._controller.context
        if context is None or self._last is None or self._last[0] != context.project.folder:
            return None
        last = self._last[1]  # "None of these" has another id by now if it was `NOT_YET`
        choices = label_choices(context)
        return next((kind for kind in choices if kind.id == last or (last == NOT_YET and kind.role is Role.NONE)), None)

    @property
    def same_as_last_text(self) -> str:
        last = self.last
        if last is None:
            return tr("&Same as last")
        return tr("&Same as last: {class_name}", class_name=unmarked(last.title))

    def same_as_last(self) -> None:
        if (last := self.last) is not None:
            self.label(last.id)
        else:
            self._controller.notice.emit(
                tr("No class was set yet. Label a picture first; this key then gives the same class again.")
            )

    def reset(self) -> None:
        self._pending.clear()

    def on_changes(self, changes: Changes) -> None:
        self._pending.difference_update(changes.labels)

    def label(self, class_id: int) -> None:
        """Label the selection or the current image, and move on if the settings say so."""
        self.label_ids(self._grid.selected_ids(), class_id, advance=True)

    def label_ids(self, ids: Ids | Sequence[int], class_id: int, *, advance: bool = False) -> None:
        usable = self._those(USABLE, np.asarray(ids, np.int64))
        if not len(usable):
            problem = tr("A file with a problem cannot be labelled. Its reason is below its name.")
            self._controller.notice.emit(problem if len(ids) else tr(NO_IMAGE))
            return
        chosen = usable.tolist()
        corrected = self._all_labelled(usable)
        self._controller.assign(chosen, class_id, LabelSource.PERSON)
        self._labelled(chosen, {class_id}, corrected=corrected, advance=advance)

    def accept(self) -> None:
        ids = self._grid.selected_ids()
        if self.proposed is not None:
            self.accept_pairs(self.proposed(ids), advance=True)
            return
        free = self._those(FREE, ids)  # a label stays, unless a review is of labels that look wrong
        if not len(free):
            self._controller.notice.emit(tr("Nothing to accept: these pictures are labelled already."))
            return
        try:
            self.accept_pairs(Accepted(shown_pairs(self._grid.images.predictions, free.tolist())), advance=True)
        except UserError as error:
            self._controller.notice.emit(str(error))

    def _labelled(self, images: Iterable[int], classes: set[int], *, corrected: bool, advance: bool) -> None:
        self._pending.update(images)
        if len(classes) == 1:
            self._last = (self._controller.open_context.project.folder, classes.pop())
            self.last_changed.emit()
        # What leaves the list under review gives way to the next one.
        if advance and self.proposed is None and self._controller.settings.get("advance_after_label"):
            self._advance(corrected=corrected)

    def accept_pairs(self, accepted: Accepted, *, advance: bool = False) -> None:
        pairs = accepted.pairs
        if (edit := accepted.edit) is not None:
            self._controller.edit(lambda _project: edit())
        if accepted.keep:
            self._controller.edit(lambda project: project.keep_one(accepted.keep))
        if not pairs:
            return
        corrected = self._all_labelled(np.array([image for image, _ in pairs], np.int64))
        self._controller.accept(pairs, overwrite=accepted.overwrite, source=accepted.source)
        images, classes = zip(*pairs, strict=True)
        self._labelled(images, set(classes), corrected=corrected, advance=advance)

    def unlabel(self) -> None:
        ids = self._grid.selected_ids()
        labelled = self._those(LABELLED, ids).tolist()
        waiting = [image for image in ids.tolist() if image in self._pending]
        if labelled or waiting:
            self._pending.difference_update(waiting)
            self._controller.assign(sorted({*labelled, *waiting}), None)

    def set_use(self, use: Use | None) -> None:
        ids = self._grid.selected_ids()
        if labelled := self._those(LABELLED, ids).tolist():
            self._controller.edit(lambda project: project.set_use(labelled, use))
        elif len(ids):
            self._controller.notice.emit(tr("Only labelled pictures have a use. Label them first."))

    def remove(self) -> None:
        ids = self._grid.selected_ids().tolist()
        if ids:
            self._controller.remove_images(ids)
            text = tr(
                "Removed {n} picture from the project. The files stay where they are.",
                "Removed {n} pictures from the project. The files stay where they are.",
                len(ids),
            )
            back = tr("Undo brings it back.", "Undo brings them back.", len(ids))
            self._controller.notice.emit(f"{text} {back}")

    def skip(self) -> None:
        self._advance(skip=True)

    def _those(self, query: Filter, ids: Ids) -> Ids:
        """Return those of these images that a filter shows."""
        return ids[self._controller.open_context.index.matches(query, None, ids)]

    def _all_labelled(self, ids: Ids) -> bool:
        return self._pending.union(self._those(LABELLED, ids).tolist()).issuperset(ids.tolist())

    def _advance(self, *, skip: bool = False, corrected: bool = False) -> None:
        # After a correction to the next image, or the eye would lose its place.
        grid = self._grid
        chosen = grid.selection.positions()
        start = int(chosen[-1]) if len(chosen) else grid.current_position
        if corrected:
            if 0 <= start < len(grid.images.ids) - 1:
                grid.set_current(start + 1)
            return
        position = self._next_unlabelled(start)
        if position >= 0:
            grid.set_current(position)
        elif skip:
            grid.step(1)

    def _next_unlabelled(self, start: int) -> int:
        """Return the position of the first unlabelled image after `start`, wrapping around; -1 for none."""
        ids, columns = self._grid.images.ids, self._controller.open_context.index.columns
        free, pending = columns.usable & ~columns.labelled, list(self._pending)
        for first, last in ((start + 1, len(ids)), (0, max(0, start))):
            for at in range(first, last, SEARCH_AT_ONCE):
                part = ids[at : min(last, at + SEARCH_AT_ONCE)]
                unlabelled = np.flatnonzero(looked_up(free, columns.positions(part), False) & ~np.isin(part, pending))
                if len(unlabelled):
                    return at + int(unlabelled[0])
        return -1


_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
NO_CLASSES = later("There is no class yet. Add the names of your classes on the Label page first.")


def matching(classes: Sequence[ImageClass], typed: str) -> list[ImageClass]:
    """Return the classes that contain the text: exact matches first, then by prefix, then by a word's prefix."""
    # Accents need not be typed; of two names that differ in them alone, the one that is spelled as typed comes first.
    words, spelled = folded(typed), name_key(typed)

    def rank(choice: ImageClass) -> tuple[int, bool]:
        name = folded(choice.title)
        place = 0 if name == words else 1 if name.startswith(words) else 2 if f" {words}" in name else 3
        return place, spelled not in name_key(choice.title)

    return sorted((choice for choice in classes if words in folded(choice.title)), key=rank)


class ClassPicker(QDialog):
    """Text field above the matching classes, to label `count` images. Return picks the marked one, Escape closes."""

    def __init__(
        self, classes: Sequence[ImageClass], labeller: LabelActions, count: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._classes = list(classes)
        self._labeller = labeller
        self.edit = line_edit("", tr("Class name"), placeholder=tr("Type a class name"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Classes"))
        self.none = hint(tr("No class has this in its name."))
        self.label_button = button(tr("Label", "job"), "check", primary=True, clicked=self.choose)
        title = tr("Label {n} picture as", "Label {n} pictures as", count)
        buttons = (None, cancel_button(self), self.label_button)
        fill_dialog(self, self.edit, (self.list, 1), self.none, title=title, buttons=buttons)
        self.resize(340, 380)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(self.choose)
        self._show("")
        self.edit.setFocus()

    def _show(self, typed: str) -> None:
        self.list.clear()
        for choice in matching(self._classes, typed):
            item = QListWidgetItem(chip(choice.colour), one_line(choice.title))
            item.setData(Qt.ItemDataRole.UserRole, choice.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        some = self.list.count() > 0
        self.none.setVisible(not some)
        self.label_button.setEnabled(some)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def choose(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        class_id = int(item.data(Qt.ItemDataRole.UserRole))
        self.accept()
        self._labeller.label(class_id)


def pick_class(controller: Controller, labeller: LabelActions, count: int, over: QWidget) -> ClassPicker | None:
    """Open the picker for `count` selected images, or return None with a message if there is nothing to choose."""
    context = controller.context
    if context is None or not count:
        controller.notice.emit(tr(NO_IMAGE))
        return None
    if not context.classes:
        controller.notice.emit(tr(NO_CLASSES))
        return None
    dialog = ClassPicker(label_choices(context), labeller, count, over)
    open_once(dialog)
    return dialog
