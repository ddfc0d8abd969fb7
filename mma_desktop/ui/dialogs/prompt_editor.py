"""Editor for prompt templates, one per line: several form an ensemble."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from mma_desktop.core.class_names import DEFINITION, split_templates, unfit_templates
from mma_desktop.core.i18n import tr
from mma_desktop.ui.dialogs.definitions import Meanings, has_place, no_place, shown_prompt
from mma_desktop.ui.widgets.controls import button, cancel_button, fill_dialog, hint, say
from mma_desktop.ui.widgets.text_format import with_keys

PREVIEWS = 4


class PromptEditor(QDialog):
    chosen = Signal(str)  # the templates as a prompt template

    def __init__(
        self, template: str, example: str, parent: QWidget | None = None, meanings: Meanings | None = None
    ) -> None:
        super().__init__(parent)
        self._example = example
        self._meanings = meanings
        self.edit = QPlainTextEdit("\n".join(split_templates(template)))
        self.edit.setAccessibleName(tr("Prompt templates"))
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview = hint("")
        self.problem = hint("")
        self.use_button = button(tr("Use"), "check", primary=True, tip=with_keys(tr("Use"), "Ctrl+Return"))
        self.use_button.clicked.connect(self.use)
        self.edit.textChanged.connect(self._edited)
        fill_dialog(
            self,
            hint(
                tr(
                    "One template per line; {} stands for the class name, {definition} for what a "
                    "dictionary says of it. Several lines make an ensemble: the mean of what the text "
                    "encoder makes of each. A name that the dictionary lacks goes without the lines with "
                    "{definition}."
                )
            ),
            (self.edit, 1),
            self.problem,
            self.preview,
            title=tr("Prompt templates"),
            buttons=(None, cancel_button(self), self.use_button),
        )
        self.resize(520, 400)
        if meanings is not None:
            meanings.known.connect(self._edited)
        self._edited()
        self.edit.setFocus()

    def template(self) -> str:
        """Return the text, one template per line, without empty and repeated lines."""
        return "\n".join(split_templates(self.edit.toPlainText().strip()))

    def _problem(self) -> str:
        templates = [template for template in split_templates(self.edit.toPlainText().strip()) if template]
        if not templates:
            return tr("Write at least one template.")
        if trouble := unfit_templates("\n".join(templates)):
            return trouble
        missing = [template for template in templates if not has_place(template)]
        return no_place(missing[0]) if missing else ""

    def _edited(self) -> None:
        problem = self._problem()
        say(self.problem, problem)
        self.use_button.setEnabled(not problem)
        templates = [template for template in self.template().splitlines() if template]
        asks = self._meanings is not None and any(DEFINITION in template for template in templates)
        found = self._meanings.of(self._example) if self._meanings is not None and asks else None
        lines = [shown_prompt(template, self._example, found) for template in templates[:PREVIEWS]]
        if len(templates) > PREVIEWS:
            lines.append(tr("and {n} more", "and {n} more", len(templates) - PREVIEWS))
        self.preview.setText("\n".join(lines))

    def use(self) -> None:
        if self.use_button.isEnabled():
            self.chosen.emit(self.template())
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() in keys and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.use()
            return
        super().keyPressEvent(event)
