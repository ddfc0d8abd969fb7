"""Dialog for the key of a class: press one, or remove it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass
from mma_desktop.ui.widgets.controls import SPACE, button, cancel_button, fill_dialog, hint, in_row

TAKEN = frozenset("usjk./")


class KeyDialog(QDialog):
    key_chosen = Signal(int, str)  # class id, key (empty for none)

    def __init__(self, choice: ImageClass, classes: list[ImageClass], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class = choice
        self._owners = {other.key: other.title for other in classes if other.key and other.id != choice.id}
        self._message = hint(tr("Press a letter, a digit or a sign. With it you label the selected pictures."))
        self._message.setMinimumWidth(320)
        none = button(tr("No key"), clicked=self._none)
        stop = cancel_button(self)
        for one_button in (none, stop):
            one_button.setAutoDefault(False)
        title = tr("Press the key for {class_name}", class_name=choice.title)
        fill_dialog(self, self._message, SPACE, in_row(None, none, stop), title=title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().strip().lower()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not plain or len(key) != 1 or not key.isprintable():
            super().keyPressEvent(event)
        elif key in TAKEN:
            self._message.setText(tr("{key} has another meaning in the grid. Press another key.", key=key.upper()))
        elif key in self._owners:
            self._message.setText(
                tr(
                    "{key} is the key of '{class_name}'. Press another key, or free it there.",
                    key=key.upper(),
                    class_name=self._owners[key],
                )
            )
        else:
            self.key_chosen.emit(self._class.id, key)
            self.accept()

    def _none(self) -> None:
        self.key_chosen.emit(self._class.id, "")
        self.accept()
