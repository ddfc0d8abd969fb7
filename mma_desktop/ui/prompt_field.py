"""The prompt template of the project, with what it makes of a class name."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mma_desktop.domain import DEFAULT_PROMPT, fill_prompt
from mma_desktop.ui.controller import Controller
from mma_desktop.ui.widgets import SPACE, heading, hint, tool

SAVE_MS = 600
EXAMPLE = "cat"


class PromptField(QWidget):
    """Edits the prompt template; it is kept a moment after the last key, and at once with Enter.

    Args:
        controller: Whose project is edited.
        parent: The owner.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._example = EXAMPLE
        self.edit = QLineEdit()
        self.edit.setAccessibleName("Prompt template")
        self.edit.setToolTip("How a class name is put to the text encoder. {} stands for the name.")
        self.edit.setMaxLength(300)
        self.reset_button = tool("refresh", f"Reset to '{DEFAULT_PROMPT}'")
        self.preview = hint("")
        self.preview.setAccessibleName("Prompt preview")
        title = heading("Prompt template", 3)
        title.setBuddy(self.edit)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.edit, 1)
        row.addWidget(self.reset_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self.preview)
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_MS)
        self._save.timeout.connect(self.save)
        self.edit.textEdited.connect(self._edited)
        self.edit.editingFinished.connect(self.save)
        self.reset_button.clicked.connect(self._reset)

    def show_template(self) -> None:
        """Show the project's template, unless the person is at it."""
        session = self._controller.session
        self._save.stop()
        template = session.prompt_template if session is not None else DEFAULT_PROMPT
        if not (self.edit.hasFocus() and self.edit.isModified()):
            self.edit.setText(template)
            self.edit.setCursorPosition(0)
        self._show_preview()

    def show_example(self, name: str) -> None:
        """Preview another class name."""
        self._example = name or EXAMPLE
        self._show_preview()

    def save(self) -> None:
        """Keep the template, if it is another one; an empty one means the default."""
        self._save.stop()
        session = self._controller.session
        if session is None:
            return
        template = self.edit.text().strip() or DEFAULT_PROMPT
        if not self.edit.text().strip():
            self.edit.setText(template)
            self._show_preview()
        self.edit.setModified(False)
        if template != session.prompt_template:
            self._controller.set_project_setting("prompt_template", template)

    def _edited(self, _text: str) -> None:
        self._show_preview()
        self._save.start()

    def _reset(self) -> None:
        self.edit.setText(DEFAULT_PROMPT)
        self._show_preview()
        self.save()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_preview(self) -> None:
        template = self.edit.text().strip() or DEFAULT_PROMPT
        self.preview.setText(f"\u201c{fill_prompt(template, self._example)}\u201d")
        self.reset_button.setEnabled(template != DEFAULT_PROMPT)
