"""Names: findings of the class-name check and prompt templates, and dialogs for a name, its reading and its key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from mma_desktop.core.class_names import LONGEST_NAME
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageClass
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.class_name_lint import NameFinding, NameIssue, NamesReport, examine
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.prompt_library import PromptLibrary
from mma_desktop.ui.widgets.controls import (
    SPACE,
    EmptyState,
    InfoBar,
    button,
    cancel_button,
    fill_dialog,
    in_column,
    in_form,
    scrolled,
    single_shot,
)
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.messages import Check, Checklist, Fix
from mma_desktop.ui.widgets.text_format import as_title, asks, in_title, unmarked
from mma_desktop.ui.widgets.text_labels import hint, set_or_hide
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
        self.soon = single_shot(self, LOOK_MS, self.refresh)
        controller.opened.connect(self._opened)
        controller.changed.connect(self._changed)
        controller.engine_ready.connect(self.soon.start)
        controller.guesses_changed.connect(self._evidence)

    @classmethod
    def of(cls, controller: Controller) -> NamesWatch:
        return controller.findChild(cls) or cls(controller)

    def refresh(self) -> None:
        if self._controller.context is not None:
            self._controller.ask(LaneName.ENGINE, examine, self._on_report, quick=True, question=(self, "names"))

    def _on_report(self, report: NamesReport) -> None:
        self.report = report
        self.examined.emit(report)

    def _opened(self, context: ProjectContext | None) -> None:
        self._on_report(NamesReport())
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
        self._watch.refresh()

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
            self.empty.show_text(
                "names", tr("Names"), tr("Add at least two classes on the Label page to compare their names.")
            )
        else:
            self.empty.show_text("names", tr("No name stands out"), "")
        left = tr(
            "{n} more finding is not listed. Fix some of these first.",
            "{n} more findings are not listed. Fix some of these first.",
            report.left_out,
        )
        words_only = tr("No image model is loaded, so the names were looked at as words only.")
        notes = (left if report.left_out else "", "" if report.complete else words_only)
        set_or_hide(self.foot, " ".join(filter(None, notes)))
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
