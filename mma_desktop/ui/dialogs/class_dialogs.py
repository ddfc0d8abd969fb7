"""Dialogs for a class: its name and what the model reads for it, and its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from mma_desktop.core.class_names import LONGEST_NAME
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, button, cancel_button, fill_dialog, hint, in_form
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.text_format import in_title

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
        fill_dialog(self, self._message, SPACE, title=title, buttons=(None, none, stop))
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


READS_HINT = later(
    "You still see the name; the model reads this: great tit for Kohlmeise. Several words are read together if "
    "semicolons are between them."
)


class ClassNameDialog(QDialog):
    """Two fields: the name, and what the model reads, which gets the keyboard focus with `reads`.

    `read_as` is read as long as nobody says, "" for the name; if that is `doubtful`, it is kept if saved as it is.
    """

    def __init__(
        self,
        controller: Controller,
        choice: ImageClass,
        parent: QWidget | None = None,
        read_as: str = "",
        *,
        reads: bool = False,
        doubtful: bool = False,
    ) -> None:
        super().__init__(parent)
        self._controller, self._class = controller, choice
        self._read_as = "" if choice.reads else read_as
        self._checks = reads and doubtful
        self.setWindowTitle(tr("Class {class_name}", class_name=in_title(choice.name)))
        self.name = line_edit(choice.name, most=LONGEST_NAME)
        self.reads = line_edit(choice.reads or read_as, most=LONGEST_NAME, clears=True)
        self.reads.setAccessibleDescription(tr(READS_HINT))
        self.reads.setMinimumWidth(280)
        self.message = InfoBar()
        self.save_button, stop = button(tr("Save"), primary=True, clicked=self._save), cancel_button(self)
        form = in_form((tr("&Name"), self.name), (tr("The model &reads"), self.reads))
        buttons = (None, stop, self.save_button)
        fill_dialog(self, form, hint(tr(READS_HINT)), self.message, SPACE, buttons=buttons)
        self.name.textChanged.connect(self._show_fallback)
        self._show_fallback()
        first = self.reads if reads else self.name
        first.setFocus()
        first.selectAll()

    def _show_fallback(self) -> None:
        self.reads.setPlaceholderText(" ".join(self.name.text().split()))
        self.save_button.setEnabled(bool(self.name.text().strip()))

    def _save(self) -> None:
        name, reads = (" ".join(field.text().split()) for field in (self.name, self.reads))
        checked = self._checks and name == self._class.name
        reads = "" if reads == self._read_as and not checked else reads
        if (name, reads) == (self._class.name, self._class.reads):
            self.accept()
            return
        self._controller.edit(
            lambda project: project.rename_class(self._class.id, name, reads),
            lambda _changes: self.accept(),
            self._refused,
        )

    def _refused(self, why: str) -> None:
        self.message.show_message(why, "warn")
