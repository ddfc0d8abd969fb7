"""Popup for labelling by typing a class name, for classes without a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from mma_desktop.core.class_names import folded, name_key
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.label_controller import Labels
from mma_desktop.ui.grid.order_box import NO_IMAGE
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.icons import chip
from mma_desktop.ui.widgets.windows import open_once

_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
NO_CLASSES = later("There is no class yet. Add the names of your classes on the Label page first.")


def matching(classes: Sequence[ImageClass], typed: str) -> list[ImageClass]:
    """Return the classes that contain the text: exact matches first, then by prefix, then by a word's prefix.

    Accents need not be typed; of two names that differ in them alone, the one that is spelled as typed comes first.
    """
    words, spelled = folded(typed), name_key(typed)

    def rank(choice: ImageClass) -> tuple[int, bool]:
        name = folded(choice.title)
        place = 0 if name == words else 1 if name.startswith(words) else 2 if f" {words}" in name else 3
        return place, spelled not in name_key(choice.title)

    return sorted((choice for choice in classes if words in folded(choice.title)), key=rank)


class ClassPicker(QDialog):
    """Text field above the matching classes, to label `count` images. Return picks the marked one, Escape closes."""

    def __init__(
        self, classes: Sequence[ImageClass], labeller: Labels, count: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._classes = list(classes)
        self._labeller = labeller
        self.edit = line_edit("", tr("Class name"), placeholder=tr("Type a class name"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Classes"))
        self.none = hint(tr("No class has this in its name."))
        self.label_button = button(tr("Label", "job"), "check", primary=True, clicked=self.take)
        title = tr("Label {n} picture as", "Label {n} pictures as", count)
        buttons = (None, cancel_button(self), self.label_button)
        fill_dialog(self, self.edit, (self.list, 1), self.none, title=title, buttons=buttons)
        self.resize(340, 380)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(self.take)
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

    def take(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        class_id = int(item.data(Qt.ItemDataRole.UserRole))
        self.accept()
        self._labeller.label(class_id)


def pick_class(controller: Controller, labeller: Labels, count: int, over: QWidget) -> ClassPicker | None:
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
