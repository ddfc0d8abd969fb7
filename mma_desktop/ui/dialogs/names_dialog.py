"""Names and prompts: what the class-name doctor found, and the library of prompt templates."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QInputDialog, QTabWidget, QVBoxLayout, QWidget

from mma_desktop.core.class_names import name_key
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.services.names.class_name_lint import NamesReport, examine
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import keep_columns
from mma_desktop.ui.dialogs.name_findings import NameFindings
from mma_desktop.ui.dialogs.prompt_library import PromptLibrary
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, button, heading
from mma_desktop.ui.widgets.text_format import unmarked

LOOK_MS = 150
NAMES, PROMPTS = 0, 1


class NamesDialog(QDialog):
    """Two tabs: findings about the names, and prompts.

    Args:
        controller: Whose project it is.
        parent: The window.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setWindowTitle(tr("Names and prompts"))
        self.findings = NameFindings()
        self.prompts = PromptLibrary(controller)
        self.message = InfoBar()
        self.rename_dialog: QInputDialog | None = None
        names = QWidget()
        inside = QVBoxLayout(names)
        inside.setContentsMargins(SPACE, SPACE, 2, SPACE)
        inside.addWidget(self.findings)
        self.tabs = QTabWidget()
        self.tabs.addTab(names, tr("Names"))
        self.tabs.addTab(self.prompts, tr("Prompts"))
        self.tabs.tabBar().setAccessibleName(tr("Names or prompts"))
        self.close_button = button(tr("Close"))
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(heading(tr("Names and prompts"), 2))
        column.addWidget(self.message)
        column.addWidget(self.tabs, 1)
        column.addLayout(row)
        self.resize(860, 620)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._ask)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._look.start)
        controller.engine_ready.connect(self._engine_ready)
        controller.opened.connect(self.reject)
        self.finished.connect(self._finished)
        self.findings.rename_asked.connect(self.rename)
        self.prompts.show_session()
        self._ask()

    def show_tab(self, tab: int) -> None:
        """Show names (0) or prompts (1), with the keyboard in it."""
        self.tabs.setCurrentIndex(tab)
        if tab == PROMPTS:
            self.prompts.table.setFocus()
        else:
            self.tabs.tabBar().setFocus()

    def _finished(self) -> None:
        keep_columns(self._controller.settings, self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing more is measured for a dialog that is closed."""
        self.prompts.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return belongs to what has the keyboard: a row of the table, a button. It presses nothing else."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------ what changed

    def _changed(self, changes: Changes) -> None:
        if changes.classes or changes.labels or changes.images_removed:
            self.prompts.forget()
        elif changes.settings:
            self.prompts.show_session()
        if changes.classes or changes.settings:
            self._look.start()

    def _engine_ready(self, _messages: list[str]) -> None:
        self.prompts.forget()
        self._look.start()

    def _ask(self) -> None:
        if self._controller.context is not None:
            self._controller.ask_engine(tr("Looking at the names"), examine, self._answer, (self, "names"))

    def _answer(self, report: NamesReport) -> None:
        self.findings.show_report(report)
        count = len(report.findings) + report.left_out
        self.tabs.setTabText(NAMES, tr("Names ({count})", count=count) if count else tr("Names"))

    # ------------------------------------------------------------------ renaming

    def rename(self, class_id: int) -> None:
        """Ask for another name of a class."""
        context = self._controller.context
        one = context.class_by_id(class_id) if context is not None else None
        if one is None:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("Rename class"))
        dialog.setLabelText(
            tr(
                "Another name for '{class_name}'. Predictions follow at once; nothing is trained.",
                class_name=unmarked(one.name),
            )
        )
        dialog.setTextValue(one.name)
        dialog.setOkButtonText(tr("Rename"))
        dialog.textValueSelected.connect(partial(self._renamed, class_id))
        dialog.finished.connect(dialog.deleteLater)
        self.rename_dialog = dialog
        dialog.open()

    def _renamed(self, class_id: int, text: str) -> None:
        context = self._controller.context
        name = " ".join(text.split())
        one = context.class_by_id(class_id) if context is not None else None
        if context is None or one is None or not name or name == one.name:
            return
        taken = [
            other.name for other in context.classes if other.id != class_id and name_key(other.name) == name_key(name)
        ]
        if taken:
            self.message.show_message(
                tr("There is a class '{class_name}' already. Choose another name.", class_name=taken[0]), "warn"
            )
            return
        self.message.dismiss()
        self._controller.rename_class(class_id, name)


def open_names(controller: Controller, inside: QWidget, tab: int = NAMES) -> NamesDialog | None:
    """Open the dialog over the window of a widget, or bring it to the front; None without a project."""
    if controller.context is None:
        return None
    window = inside.window()
    dialog = next((one for one in window.findChildren(NamesDialog) if one.isVisible()), None)
    if dialog is None:
        dialog = NamesDialog(controller, window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
    dialog.show_tab(tab)
    return dialog
