"""Library of prompt templates with the zero-shot accuracy of each on the project's labels; their editor and words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QPlainTextEdit, QWidget

from mma_desktop.core.class_names import DEFINITION, split_templates, unfit_templates
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.jobs import Job, LaneName
from mma_desktop.core.types import Accuracy
from mma_desktop.engine.backbones.wordnet import definitions
from mma_desktop.engine.prompt_templates import LIBRARY, PromptSet, find_set, in_words, prompts_of
from mma_desktop.services.labels.class_name_lint import prompt_accuracy
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets.controls import SPACE, button, cancel_button, fill_dialog, in_column, in_row
from mma_desktop.ui.widgets.icons import icon
from mma_desktop.ui.widgets.text_format import with_keys
from mma_desktop.ui.widgets.text_labels import hint, set_or_hide
from mma_desktop.ui.widgets.windows import open_once

LONGEST = 90


def has_place(template: str) -> bool:
    """Return whether a template contains a placeholder for the class name or its definition."""
    return "{}" in template or DEFINITION in template


def no_place(template: str) -> str:
    return tr(
        "Put {{}} where the class name goes, or {{definition}} where its meaning goes: '{template}' has neither.",
        template=template,
    )


def sent(templates: Sequence[str], name: str) -> list[str]:
    """Return the prompts of a name: the name alone where the dictionary, which all of them are of, lacks it."""
    return [prompt for template in templates for prompt in prompts_of(template, name)] or [name]


def shortened(prompts: Sequence[str], most: int) -> list[str]:
    """Return the first prompts in quotation marks, and the number of others."""
    shown = [p if len(p) <= LONGEST else f"{p[: LONGEST - 1].rstrip()}\u2026" for p in prompts[:most]]
    quoted, more = [tr("'{name}'", name=prompt) for prompt in shown], len(prompts) - most
    return [*quoted, *([tr("and {n} more", "and {n} more", more)] if more > 0 else [])]


PREVIEWS = 4


class PromptEditor(QDialog):
    chosen = Signal(str)  # the templates as a prompt template

    def __init__(self, template: str, example: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._example = example
        self.edit = QPlainTextEdit("\n".join(split_templates(template)))
        self.edit.setAccessibleName(tr("Prompt templates"))
        self.edit.setTabChangesFocus(True)
        self.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview = hint("")
        self.problem = hint("")
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
        set_or_hide(self.problem, problem)
        self.use_button.setEnabled(not problem)
        templates = list(filter(None, self.template().splitlines()))
        self.preview.setText("\n".join(shortened(sent(templates, self._example), PREVIEWS)) if templates else "")

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


def _number(found: Accuracy | None) -> str:
    if found is None:
        return "\u2013"
    return tr("{percent:.1f}  ({low:.0f} to {high:.0f})", percent=found.percent, low=found.low, high=found.high)


def _measured_words(images: int, waiting: int) -> str:
    lines = [tr("In percent with 95% intervals, n = {images:,}.", images=images)]
    if waiting:
        lines.append(tr("{n} more was not looked at yet.", "{n} more were not looked at yet.", waiting))
    return " ".join(lines)


class PromptLibrary(QWidget):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._found: dict[str, Accuracy | None] = {}
        self._waiting = 0  # labelled images that nothing was measured on
        self._left: list[str] = []
        self._job: Job | None = None
        self._rows: list[PromptSet] = []
        self.table = CellTable(tr("Prompts"))
        self.table.setSelectionMode(CellTable.SelectionMode.SingleSelection)
        self._show_rows(())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.example = hint("")
        self.caution = hint("")
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
            margins=(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4),
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
        current = find_set(context.prompt_template)
        own = () if current else (PromptSet("own", OWN, tuple(split_templates(context.prompt_template)), OWN),)
        chosen = self.current.id if self.current is not None else ""
        self._rows = [*own, *LIBRARY]
        in_use = current.id if current else "own"
        self._show_rows([self._cells(prompts, in_use=prompts.id == in_use) for prompts in self._rows])
        known = [prompts.id for prompts in self._rows]
        self.table.select_lines([known.index(chosen if chosen in known else in_use)])
        self._chosen()
        self._show_caution()

    def _show_rows(self, rows: Sequence[Sequence[TableCell]]) -> None:
        self.table.show_cells([Head(tr(title)) for title in COLUMNS], rows, sorts=False)

    def _cells(self, prompts: PromptSet, *, in_use: bool) -> list[TableCell]:
        waits = tr("…", "not measured yet") if prompts.text in self._left else ""
        accuracy = _number(self._found[prompts.text]) if prompts.text in self._found else waits
        title = tr("{name} (in use)", name=tr(prompts.title)) if in_use else tr(prompts.title)
        lines = (*prompts.templates, tr("Data set: {source}", source=tr(prompts.source)))
        tip = "\n".join(map(one_line, lines))
        words = TableCell(one_line(in_words(prompts.text)), tip=tip)
        return [TableCell(title, tip=tip, bold=in_use), words, TableCell(accuracy)]

    def _show_caution(self) -> None:
        context = self._controller.context
        measured = next(filter(None, self._found.values()), None)
        if context is None or not context.engine.ready:
            text = tr("The image model is not loaded yet.")
        elif not context.index.counts():
            text = tr("There is no labelled picture to measure on. Label a few of each class first.")
        elif not self._found:
            text = ""
        elif measured is None:
            text = tr("The labelled pictures have not been looked at yet.")
        else:
            text = _measured_words(measured.n, self._waiting)
        self.caution.setText(text)
        possible = (
            context is not None and context.engine.ready and bool(context.index.counts()) and bool(context.classes)
        )
        busy = self._job is not None
        self.measure_button.setEnabled(possible or busy)
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
        read = sent(prompts.templates, name)
        self.example.setText(", ".join(shortened(read, 3)))
        self.example.setToolTip("\n".join(map(one_line, read)))

    @property
    def current(self) -> PromptSet | None:
        row = self.table.currentIndex().row()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def forget(self) -> None:
        """Drop all measurements, as names, roles or labels changed."""
        self.stop()
        self._found.clear()
        self.show_session()

    def _measure_or_stop(self) -> None:
        if self._job is not None:
            self.stop()
            self.show_session()
            return
        self._found.clear()
        self._left = [prompts.text for prompts in self._rows]
        self._next()
        self.show_session()

    def stop(self) -> None:
        self._job, self._left = None, []
        self._controller.bridge.forget((self, "prompt"))

    def _next(self) -> None:
        """Measure one template per job, so that a training or import waits for one of them at most."""
        if not self._left or self._controller.context is None:
            self.stop()
            return
        template = self._left[0]
        self._job = self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: prompt_accuracy(context, template, token),
            self._measured,
            quick=True,
            question=(self, "prompt"),
        )

    def _measured(self, measured: tuple[Accuracy | None, int]) -> None:
        self._found[self._left.pop(0)], self._waiting = measured
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
