"""Names and prompts: findings of the class-name check, and prompt templates."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.names.class_name_lint import NameFinding, NameIssue, NamesReport, examine
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.class_dialogs import ClassNameDialog
from mma_desktop.ui.dialogs.prompt_library import PromptLibrary
from mma_desktop.ui.widgets.checklist import Check, Checklist, Fix
from mma_desktop.ui.widgets.controls import SPACE, EmptyState, button, fill_dialog, hint, in_column, say, scrolled
from mma_desktop.ui.widgets.text_format import as_title, asks, unmarked
from mma_desktop.ui.widgets.timers import single_shot
from mma_desktop.ui.widgets.windows import open_once

LOOKING = later("Looking at the names.")
_UNREADABLE = {NameIssue.UNKNOWN, NameIssue.DOUBTFUL}


LOOK_MS = 400
NAMES, PROMPTS = 0, 1


class NamesWatch(QObject):
    """What a check of the class names says; they are checked in the background after each change."""

    examined = Signal(object)  # NamesReport

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self.report = NamesReport()
        self.soon = single_shot(self, LOOK_MS, self.look)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_ready.connect(self.soon.start)
        controller.guesses_changed.connect(self._evidence)

    @classmethod
    def of(cls, controller: Controller) -> NamesWatch:
        return controller.findChild(cls) or cls(controller)

    def look(self) -> None:
        if self._controller.context is not None:
            self._controller.ask(LaneName.ENGINE, examine, self._take, quick=True, question=(self, "names"))

    def _take(self, report: NamesReport) -> None:
        self.report = report
        self.examined.emit(report)

    def _opened(self, context: ProjectContext | None) -> None:
        self._take(NamesReport())
        if context is not None and context.engine.ready:  # otherwise once it is: the words are 25 MB
            self.soon.start()

    def _changed(self, changes: Changes) -> None:
        if changes.classes or changes.settings:
            self.soon.start()

    def _evidence(self) -> None:
        """Check again after labelling: labels may show that listed names are told apart after all."""
        if self.report.findings:
            self.soon.start()


class NamesDialog(QDialog):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        title = as_title(tr("&Names and prompts…"))
        self.findings = Checklist(tr("Names"))
        self.empty = EmptyState("names", tr("Names"), tr(LOOKING))
        self.foot = hint("")
        self.foot.hide()
        self.prompts = PromptLibrary(controller)
        self.name_dialog: ClassNameDialog | None = None
        self._watch = NamesWatch.of(controller)
        names = QWidget()
        parts = (self.findings, (self.empty, 1), self.foot, None)
        in_column(*parts, inside=names, margins=(2 * SPACE, 2 * SPACE, SPACE, SPACE), spacing=SPACE)
        self.tabs = QTabWidget()
        self.tabs.addTab(scrolled(names), tr("Names"))
        self.tabs.addTab(self.prompts, tr("Prompts"))
        self.tabs.tabBar().setAccessibleName(title)
        self.tabs.setAccessibleName(self.tabs.tabBar().accessibleName())
        self.close_button = button(tr("Close"), clicked=self.accept)
        fill_dialog(self, (self.tabs, 1), title=title, buttons=(None, self.close_button))
        self.resize(860, 620)
        self._watch.examined.connect(self._answer)
        controller.changed.connect(self._changed)
        controller.guesses_changed.connect(self._evidence)
        controller.engine_ready.connect(self.prompts.forget)
        controller.opened.connect(self.reject)
        self.prompts.show_session()
        self._watch.look()

    def show_tab(self, tab: int) -> None:
        """Show and focus names (0) or prompts (1)."""
        self.tabs.setCurrentIndex(tab)
        (self.prompts.table if tab == PROMPTS else self.tabs.tabBar()).setFocus()

    def _evidence(self) -> None:
        """Check again after labelling, as long as the dialog is there."""
        self._watch.soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self.prompts.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Return to the widget with the keyboard focus: it presses no default button."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def _changed(self, changes: Changes) -> None:
        if changes.classes or changes.labels or changes.images_removed:
            self.prompts.forget()
        elif changes.settings:
            self.prompts.show_session()

    def _answer(self, report: NamesReport) -> None:
        self.findings.show_checks(list(map(self._check, report.findings)))
        self.empty.setVisible(not report.findings)
        if report.checked < 2:
            self.empty.tell(
                "names", tr("Names"), tr("Add at least two classes on the Label page to compare their names.")
            )
        else:
            self.empty.tell("names", tr("No name stands out"), "")
        left = tr(
            "{n} more finding is not listed. Fix some of these first.",
            "{n} more findings are not listed. Fix some of these first.",
            report.left_out,
        )
        words_only = tr("No image model is loaded, so the names were looked at as words only.")
        notes = (left if report.left_out else "", "" if report.complete else words_only)
        say(self.foot, " ".join(filter(None, notes)))
        count = len(report.findings) + report.left_out
        self.tabs.setTabText(NAMES, tr("Names ({count})", count=count) if count else tr("Names"))

    def _check(self, finding: NameFinding) -> Check:
        """Return a finding with buttons for each class concerned."""
        fixes: list[Fix] = []
        for class_id, name in zip(finding.class_ids, finding.names, strict=False):
            short = name if len(name) <= 28 else f"{name[:27]}\u2026"
            if finding.issue in _UNREADABLE:
                reads = tr("What the model reads")
                fixes.append((asks(reads), partial(self.ask_reads, class_id), f"{reads}: {one_line(name)}"))
            rename = tr("Rename '{class_name}'…", class_name=unmarked(short))
            fixes.append((rename, partial(self.rename, class_id)))
        return Check("note" if finding.weak else "warn", finding.advice, tuple(fixes), finding.title)

    def rename(self, class_id: int) -> None:
        self.name_dialog = ask_name(self._controller, class_id, self)

    def ask_reads(self, class_id: int) -> None:
        self.name_dialog = ask_name(self._controller, class_id, self, reads=True)


def ask_name(controller: Controller, class_id: int, parent: QWidget, *, reads: bool = False) -> ClassNameDialog | None:
    """Ask for the name of a class, or with `reads` for what the model reads; None if the class was deleted."""
    context, report = controller.context, NamesWatch.of(controller).report
    choice = context.class_by_id(class_id) if context is not None else None
    if choice is None:
        return None
    read_as, doubtful = report.read_as.get(class_id, ""), class_id in report.doubtful
    dialog = ClassNameDialog(controller, choice, parent, read_as, reads=reads, doubtful=doubtful)
    open_once(dialog)
    return dialog


def open_names(controller: Controller, inside: QWidget, tab: int = NAMES) -> NamesDialog | None:
    """Open the dialog over a widget's window, or bring it to the front; None without a project."""
    if controller.context is None:
        return None
    window = inside.window()
    dialog = next((dialog for dialog in window.findChildren(NamesDialog) if dialog.isVisible()), None)
    if dialog is None:
        dialog = NamesDialog(controller, window)
        open_once(dialog)
    dialog.show_tab(tab)
    return dialog
