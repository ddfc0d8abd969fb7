"""The dialog of names and prompts: findings of the class-name check, and prompt templates with their accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QPlainTextEdit, QTabWidget, QWidget

from mma_desktop.core.class_names import DEFINITION, LONGEST_NAME, WINDOW_KEYS, split_templates, unfit_templates
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import Accuracy, ImageClass
from mma_desktop.engine.backbones.wordnet import definitions
from mma_desktop.engine.prompt_templates import LIBRARY, PromptSet, find_set, in_words, prompts_of
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.class_name_lint import NameFinding, NameIssue, NamesReport, lint_names, prompt_accuracy
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import (
    SPACE,
    EmptyState,
    InfoBar,
    button,
    cancel_button,
    fill_dialog,
    in_column,
    in_form,
    in_row,
    scrolled,
    single_shot,
)
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.messages import Check, Checklist, Fix
from mma_desktop.ui.widgets.painting import icon
from mma_desktop.ui.widgets.text_format import action_title, in_title, unmarked, with_ellipsis, with_keys
from mma_desktop.ui.widgets.text_labels import hint, set_or_hide
from mma_desktop.ui.widgets.windows import open_once

LOOKING = later("Looking at the names.")
_UNREADABLE = {NameIssue.UNKNOWN, NameIssue.DOUBTFUL}
LOOK_MS = 400  # after the last change, so that names typed one after the other are checked together
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
        controller.predictions_changed.connect(self._evidence)

    @classmethod
    def of(cls, controller: Controller) -> NamesWatch:
        return controller.findChild(cls) or cls(controller)

    def refresh(self) -> None:
        if self._controller.context is not None:
            self._controller.ask(LaneName.ENGINE, lint_names, self._on_report, quick=True, question=(self, "names"))

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
        # Labels may show that listed names are told apart after all.
        if self.report.findings:
            self.soon.start()


class NamesDialog(QDialog):
    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        title = action_title(tr("&Names and prompts…"))
        self.findings = Checklist(tr("Names"))
        self.empty = EmptyState("names", tr("Names"), tr(LOOKING))
        self.foot = hint()
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
        # Labels may show, while the dialog is open, that listed names are told apart after all.
        controller.predictions_changed.connect(self._watch.soon.start)
        controller.engine_ready.connect(self.prompts.forget)
        controller.opened.connect(self.reject)
        self.prompts.show_session()
        self._watch.refresh()

    def show_tab(self, tab: int) -> None:
        self.tabs.setCurrentIndex(tab)
        (self.prompts.table if tab == PROMPTS else self.tabs.tabBar()).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        self.prompts.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Return is for the widget with the focus: it presses no default button.
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
        fixes: list[Fix] = []
        for class_id, name in zip(finding.class_ids, finding.names, strict=False):
            short = name if len(name) <= 28 else f"{name[:27]}\u2026"
            if finding.issue in _UNREADABLE:
                reads = tr("What the model reads")
                fixes.append((with_ellipsis(reads), partial(self.ask_reads, class_id), f"{reads}: {one_line(name)}"))
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


class KeyDialog(QDialog):
    key_chosen = Signal(int, str)  # class id, key (empty for none)

    def __init__(self, choice: ImageClass, classes: list[ImageClass], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class = choice
        # Keys of other classes: two classes with one key could not be told apart.
        self._owners = {other.key: other.title for other in classes if other.key and other.id != choice.id}
        self._message = hint(tr("Press a letter, a digit or a sign. With it you label the selected pictures."))
        self._message.setMinimumWidth(320)
        none = button(tr("No key"), clicked=self._none)
        stop = cancel_button(self)
        for choice_button in (none, stop):  # Return is a key like the others
            choice_button.setAutoDefault(False)
        title = tr("Press the key for {class_name}", class_name=choice.title)
        fill_dialog(self, self._message, SPACE, title=title, buttons=(None, none, stop))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.text().strip().lower()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not plain or len(key) != 1 or not key.isprintable():
            super().keyPressEvent(event)
        elif key in WINDOW_KEYS:
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
        # Who saves a doubtful reading as it is has confirmed it; otherwise what follows by itself is not stored.
        checked = self._checks and name == self._class.name
        reads = "" if reads == self._read_as and not checked else reads
        if (name, reads) == (self._class.name, self._class.reads):
            self.accept()
            return
        self._controller.edit(
            lambda project: project.rename_class(self._class.id, name, reads),
            lambda _changes: self.accept(),
            lambda why: self.message.show_message(why, "warn"),
        )


LONGEST = 90  # letters of a prompt in one line of the dialog


def has_placeholder(template: str) -> bool:
    return "{}" in template or DEFINITION in template


def lacks_placeholder(template: str) -> str:
    return tr(
        "Put {{}} where the class name goes, or {{definition}} where its meaning goes: '{template}' has neither.",
        template=template,
    )


def prompts_of_name(templates: Sequence[str], name: str) -> list[str]:
    """Return the prompts of a name: the name alone where the dictionary, which all of them are of, lacks it."""
    return [prompt for template in templates for prompt in prompts_of(template, name)] or [name]


def quoted_list(prompts: Sequence[str], most: int) -> list[str]:
    shown = [p if len(p) <= LONGEST else f"{p[: LONGEST - 1].rstrip()}\u2026" for p in prompts[:most]]
    quoted, more = [tr("'{name}'", name=prompt) for prompt in shown], len(prompts) - most
    return [*quoted, *([tr("and {n} more", "and {n} more", more)] if more > 0 else [])]


PREVIEWS = 4  # lines, which leave the table its room


class PromptEditor(QDialog):
    chosen = Signal(str)  # the templates as a prompt template

    def __init__(self, template: str, example: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._example = example
        self.edit = QPlainTextEdit("\n".join(split_templates(template)))
        self.edit.setAccessibleName(tr("Prompt templates"))
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview = hint()
        self.problem = hint()
        self.use_button = button(
            tr("Use"), "check", primary=True, tip=with_keys(tr("Use"), "Ctrl+Return"), clicked=self.use
        )
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
        self._edited()
        self.edit.setFocus()

    def template(self) -> str:
        return "\n".join(split_templates(self.edit.toPlainText().strip()))

    def _problem(self) -> str:
        # Of what is typed, lines that are empty so far are no error.
        templates = [template for template in split_templates(self.edit.toPlainText().strip()) if template]
        if not templates:
            return tr("Write at least one template.")
        if trouble := unfit_templates("\n".join(templates)):
            return trouble
        missing = [template for template in templates if not has_placeholder(template)]
        return lacks_placeholder(missing[0]) if missing else ""

    def _edited(self) -> None:
        problem = self._problem()
        set_or_hide(self.problem, problem)
        self.use_button.setEnabled(not problem)
        templates = list(filter(None, self.template().splitlines()))
        prompts = prompts_of_name(templates, self._example) if templates else []
        self.preview.setText("\n".join(quoted_list(prompts, PREVIEWS)))

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


COLUMNS = (later("For"), later("Templates"), later("Accuracy"))
OWN = later("Your own")
SOURCE = later(
    "From the prompts that CLIP's authors published for each data set (Radford et al. 2021). The definitions of "
    "'Photo and dictionary' are WordNet's."
)


def _number(accuracy: Accuracy | None) -> str:
    if accuracy is None:
        return "\u2013"
    ends = {"low": accuracy.low, "high": accuracy.high}
    return tr("{percent:.1f}  ({low:.0f} to {high:.0f})", percent=accuracy.percent, **ends)


def _measured_words(images: int, waiting: int) -> str:
    lines = [tr("In percent with 95% intervals, n = {images:,}.", images=images)]
    if waiting:
        lines.append(tr("{n} more was not looked at yet.", "{n} more were not looked at yet.", waiting))
    return " ".join(lines)


class PromptLibrary(QWidget):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._accuracies: dict[str, Accuracy | None] = {}
        self._waiting = 0  # labelled images that nothing was measured on
        self._unmeasured: list[str] = []
        self._job: Job | None = None
        self._rows: list[PromptSet] = []
        self.table = CellTable(tr("Prompts"), single=True)
        self._show_rows(())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.example = hint()
        self.caution = hint()
        self.measure_button = button(tr("Measure accuracy"), "chart", clicked=self._measure_or_stop)
        self.edit_button = button(tr("Edit…"), "edit", clicked=self.edit)
        self.use_button = button(tr("Use"), "check", primary=True, clicked=self.use)
        buttons = in_row(self.measure_button, None, self.edit_button, self.use_button, spacing=SPACE)
        in_column(
            hint(tr(SOURCE)),
            (self.table, 1),
            self.example,
            self.caution,
            buttons,
            inside=self,
            margins=SPACE + 4,
            spacing=SPACE,
        )
        self.table.selectionModel().currentChanged.connect(self._chosen)
        self.table.activated.connect(self.use)
        controller.bridge.run(LaneName.VIEW, "", lambda _token: definitions(""))  # reads the dictionary, once

    def show_session(self) -> None:
        """Show the library and the project's template; measurements are kept while labels and names are the same."""
        context = self._controller.context
        if context is None:
            return
        # A template that is in no set is listed first, as the user's own.
        current = find_set(context.prompt_template)
        own_set = () if current else (PromptSet("own", OWN, tuple(split_templates(context.prompt_template)), OWN),)
        chosen = self.current.id if self.current is not None else ""
        self._rows = [*own_set, *LIBRARY]
        in_use = current.id if current else "own"
        self._show_rows([self._cells(prompts, in_use=prompts.id == in_use) for prompts in self._rows])
        known = [prompts.id for prompts in self._rows]
        self.table.select_lines([known.index(chosen if chosen in known else in_use)])
        self._chosen()
        self._show_caution()

    def _show_rows(self, rows: Sequence[Sequence[TableCell]]) -> None:
        self.table.show_cells([Head(tr(title)) for title in COLUMNS], rows, sorts=False)

    def _cells(self, prompts: PromptSet, *, in_use: bool) -> list[TableCell]:
        waits = tr("…", "not measured yet") if prompts.text in self._unmeasured else ""
        accuracy = _number(self._accuracies[prompts.text]) if prompts.text in self._accuracies else waits
        title = tr("{name} (in use)", name=tr(prompts.title)) if in_use else tr(prompts.title)
        lines = (*prompts.templates, tr("Data set: {source}", source=tr(prompts.source)))
        tip = "\n".join(map(one_line, lines))
        words = TableCell(one_line(in_words(prompts.text)), tip=tip)
        return [TableCell(title, tip=tip, bold=in_use), words, TableCell(accuracy)]

    def _show_caution(self) -> None:
        context = self._controller.context
        measured = next(filter(None, self._accuracies.values()), None)
        if context is None or not context.engine.ready:
            text = tr("The image model is not loaded yet.")
        elif not context.index.counts():
            text = tr("There is no labelled picture to measure on. Label a few of each class first.")
        elif not self._accuracies:
            text = ""
        elif measured is None:
            text = tr("The labelled pictures have not been looked at yet.")
        else:
            text = _measured_words(measured.n, self._waiting)
        self.caution.setText(text)
        possible = context is not None and context.engine.ready and context.index.counts() and context.classes
        busy = self._job is not None
        self.measure_button.setEnabled(busy or bool(possible))
        self.measure_button.setText(tr("Stop") if busy else tr("Measure accuracy"))
        self.measure_button.setIcon(icon("stop" if busy else "chart"))

    def _chosen(self, *_cell: object) -> None:
        prompts, context = self.current, self._controller.context
        self.use_button.setEnabled(
            prompts is not None and context is not None and prompts.text != context.prompt_template
        )
        self.edit_button.setEnabled(prompts is not None)
        if prompts is None or context is None:
            return
        name = context.classes[0].text if context.classes else "cat"
        read = prompts_of_name(prompts.templates, name)
        self.example.setText(", ".join(quoted_list(read, 3)))
        self.example.setToolTip("\n".join(map(one_line, read)))

    @property
    def current(self) -> PromptSet | None:
        row = self.table.currentIndex().row()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def forget(self) -> None:
        self.stop()
        self._accuracies.clear()
        self.show_session()

    def _measure_or_stop(self) -> None:
        if self._job is not None:
            self.stop()
            self.show_session()
            return
        self._accuracies.clear()
        self._unmeasured = [prompts.text for prompts in self._rows]
        self._next()
        self.show_session()

    def stop(self) -> None:
        self._job, self._unmeasured = None, []
        self._controller.bridge.forget((self, "prompt"))

    def _next(self) -> None:
        # One template per job, so that a training or import waits for one of them at most.
        if not self._unmeasured or self._controller.context is None:
            self.stop()
            return
        template = self._unmeasured[0]
        self._job = self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: prompt_accuracy(context, template, token),
            self._measured,
            quick=True,
            question=(self, "prompt"),
        )

    def _measured(self, measured: tuple[Accuracy | None, int]) -> None:
        self._accuracies[self._unmeasured.pop(0)], self._waiting = measured
        self._job = None
        self._next()
        self.show_session()

    def use(self, *_cell: object) -> None:
        if self.current is not None and self.use_button.isEnabled():
            self._controller.set_prompt_template(self.current.text)

    def edit(self) -> None:
        prompts, context = self.current, self._controller.context
        if prompts is None or context is None:
            return
        dialog = PromptEditor(prompts.text, context.classes[0].text if context.classes else "cat", self)
        dialog.chosen.connect(self._controller.set_prompt_template)
        open_once(dialog)
