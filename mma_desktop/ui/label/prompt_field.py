"""Field for the project's prompt template, with a preview for one class name."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from mma_desktop.core.class_names import DEFAULT_PROMPT, DEFINITION, split_templates
from mma_desktop.core.i18n import tr
from mma_desktop.engine.backbones.backbone_table import prompt_of
from mma_desktop.engine.prompt_templates import find_set, in_words
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.definitions import Meanings, sent_prompts, shown_prompt
from mma_desktop.ui.dialogs.names_dialog import PROMPTS, open_names
from mma_desktop.ui.dialogs.prompt_editor import PromptEditor
from mma_desktop.ui.widgets.controls import SPACE, heading, hint, in_column, in_row, tool
from mma_desktop.ui.widgets.text_format import as_title
from mma_desktop.ui.widgets.timers import single_shot
from mma_desktop.ui.widgets.windows import open_once

SAVE_MS = 600
LONGEST = 70  # longest prompt in the preview: two lines of a narrow panel
EXAMPLE = "cat"


class PromptField(QWidget):
    """Edits the prompt template and saves it shortly after the last key, or at once on Enter."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._example = EXAMPLE
        self._ensemble: list[str] = []
        self.editor: PromptEditor | None = None
        self._meanings = Meanings(controller, self)
        self._meanings.known.connect(self._show_preview)
        self.edit = QLineEdit()
        self.edit.setAccessibleName(tr("Prompt template"))
        self.edit.setToolTip(
            tr(
                "How a class name is put to the text encoder. {} stands for the name, {definition} for "
                "what a dictionary says of it."
            )
        )
        self.edit.setMaxLength(300)
        self.library_button = tool("names", as_title(tr("&Names and prompts…")))
        self.edit_button = tool("edit", tr("Edit…"), clicked=self.edit_templates)
        self.reset_button = tool("refresh", "", clicked=self._reset)
        self.preview = hint("")
        title = heading(tr("Prompt template"), 3)
        title.setBuddy(self.edit)
        head = in_row((title, 1), self.library_button, self.edit_button, spacing=2)
        row = in_row((self.edit, 1), self.reset_button, spacing=4)
        in_column(head, row, self.preview, inside=self, margins=(0, 0, 0, 0), spacing=SPACE // 2)
        self._save = single_shot(self, SAVE_MS, self.save)
        self.edit.textEdited.connect(self._edited)
        self.edit.editingFinished.connect(self.save)
        self.library_button.clicked.connect(partial(open_names, controller, self, PROMPTS))

    def show_template(self) -> None:
        """Show the project's template, unless the user is editing it."""
        context = self._controller.context
        self._save.stop()
        template = context.prompt_template if context is not None else DEFAULT_PROMPT
        reset = tr("Reset to {prompt}", prompt=in_words(self._own))
        self.reset_button.setToolTip(reset)
        self.reset_button.setAccessibleName(reset)
        templates = split_templates(template)
        self._ensemble = templates if len(templates) > 1 else []
        self.edit.setReadOnly(bool(self._ensemble))
        if self._ensemble:
            known = find_set(template)
            several = tr("Ensemble of {n} template", "Ensemble of {n} templates", len(templates))
            self.edit.setText(several if known is None else tr(known.title))
            self.edit.setCursorPosition(0)
        elif not (self.edit.hasFocus() and self.edit.isModified()):
            self.edit.setText(templates[0])
            self.edit.setCursorPosition(0)
        self._show_preview()

    def show_example(self, name: str) -> None:
        self._example = name or EXAMPLE
        self._show_preview()

    def save(self) -> None:
        """Save a changed template; an empty one means the default."""
        self._save.stop()
        context = self._controller.context
        if context is None or self._ensemble:
            return
        template = self.edit.text().strip() or DEFAULT_PROMPT
        if not self.edit.text().strip():
            self.edit.setText(template)
            self._show_preview()
        self.edit.setModified(False)
        self._controller.set_prompt_template(template)

    def _edited(self, _text: str) -> None:
        self._show_preview()
        self._save.start()

    def edit_templates(self) -> None:
        context = self._controller.context
        if context is None:
            return
        self.save()
        template = "\n".join(self._ensemble) or self.edit.text().strip()
        dialog = PromptEditor(template, self._example, self.window(), self._meanings)
        dialog.chosen.connect(self._controller.set_prompt_template)
        self.editor = dialog
        open_once(dialog)

    def _reset(self) -> None:
        self._controller.set_prompt_template(self._own)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _own(self) -> str:
        """The template or ensemble that suits the project's backbone."""
        context = self._controller.context
        return DEFAULT_PROMPT if context is None else prompt_of(context.backbone_id)

    def _show_preview(self) -> None:
        """Show the prompts of the example: from the first template, and from the dictionary if it has one."""
        template = self.edit.text().strip() or DEFAULT_PROMPT
        templates = self._ensemble or [template]
        asks = [one for one in templates if DEFINITION in one]
        meanings = self._meanings.of(self._example) if asks else None
        first = [templates[0], *(one for one in asks[:1] if one != templates[0])]
        lines = [shown_prompt(one, self._example, meanings, LONGEST) for one in first]
        left = len(templates) - len(first)
        more = " " + tr("and {n} more", "and {n} more", left) if left else ""
        self.preview.setText("\n".join(lines) + more)
        sent = sent_prompts(templates, self._example, meanings)
        self.preview.setToolTip(sent if len(templates) > 1 or asks else "")
        self.reset_button.setEnabled(("\n".join(self._ensemble) or template) != self._own)
