"""Warning below the class list about names that the text encoder may confuse. Hidden if there are none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.names.class_name_lint import NamesReport, examine
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.names_dialog import NAMES, open_names
from mma_desktop.ui.widgets.controls import say
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import as_title, with_keys
from mma_desktop.ui.widgets.timers import single_shot

LOOK_MS = 700


class NamesWarning(QPushButton):
    """Checks the names in the background after each change; a click opens "Names and prompts"."""

    examined = Signal(object)  # NamesReport

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.setIcon(icon("warning"))
        self.setStyleSheet("text-align: left;")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(with_keys(as_title(tr("&Names and prompts…")), "Ctrl+Shift+N"))
        self.hide()
        self._look = single_shot(self, LOOK_MS, self._ask)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_ready.connect(self._look.start)
        controller.guesses_changed.connect(self._evidence)
        self.clicked.connect(partial(open_names, controller, self, NAMES))

    def _opened(self, context: object) -> None:
        self._show(NamesReport())
        if context is not None:
            self._look.start()

    def _changed(self, changes: Changes) -> None:
        if changes.classes or changes.settings:
            self._look.start()

    def _evidence(self) -> None:
        """Check again after labelling: labels may show that listed names are told apart after all."""
        if not self.isHidden():
            self._look.start()

    def _ask(self) -> None:
        context = self._controller.context
        if context is not None and context.engine.ready:
            self._controller.ask(LaneName.ENGINE, examine, self._show, quick=True, question=(self, "names"))

    def _show(self, report: NamesReport) -> None:
        say(self, report.summary)
        self.examined.emit(report)
