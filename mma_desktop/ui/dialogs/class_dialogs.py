"""Dialogs for a class: its name and what the model reads for it, and its key; the table of what it reads for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mma_desktop.core.class_names import LONGEST_NAME
from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import (
    SPACE,
    InfoBar,
    button,
    cancel_button,
    fill_dialog,
    hint,
    in_column,
    in_form,
    in_row,
)
from mma_desktop.ui.widgets.fields import line_edit
from mma_desktop.ui.widgets.painting import Index
from mma_desktop.ui.widgets.text_format import in_title, without_marks

READS = 1


class _Field(QStyledItemDelegate):
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(LONGEST_NAME)
            editor.setAccessibleName(tr("What the model reads"))
            editor.setPlaceholderText(str(index.sibling(index.row(), 0).data() or ""))
        return editor


class PastedTable(CellTable):
    """Table that accepts a pasted list: one line per class, starting at the current row."""

    typed = Signal(int, list)  # the first row, and a text for it and each below

    def __init__(self) -> None:
        super().__init__(tr("What the model reads"))
        self.setEditTriggers(
            CellTable.EditTrigger.DoubleClicked
            | CellTable.EditTrigger.EditKeyPressed
            | CellTable.EditTrigger.AnyKeyPressed
        )
        self.setSelectionMode(CellTable.SelectionMode.SingleSelection)
        self.setSelectionBehavior(CellTable.SelectionBehavior.SelectItems)
        # Queued, as the table is shown anew while its editor closes.
        told = Qt.ConnectionType.QueuedConnection
        self.cells.edited.connect(lambda row, _column, text: self.typed.emit(row, [text]), told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.typed.emit(row, QGuiApplication.clipboard().text().splitlines())
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.typed.emit(row, [""])
        else:
            super().keyPressEvent(event)


class ReadsTable(QWidget):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._classes: list[ImageClass] = []
        self._read_as: Mapping[int, str] = {}
        self.message = InfoBar()
        self.table = PastedTable()
        self.table.setItemDelegateForColumn(READS, _Field(self.table))
        self.table.horizontalHeader().setStretchLastSection(True)
        in_column(
            hint(tr(READS_HINT)),
            self.message,
            (self.table, 1),
            hint(tr("Where nothing is typed, the model reads what is grey, or the name. A copied list can be pasted.")),
            inside=self,
            margins=(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4),
            spacing=SPACE,
        )
        self.table.typed.connect(self.put)
        self.show_session()

    def show_read_as(self, texts: Mapping[int, str]) -> None:
        """Show what is read for classes where nobody said, by class id."""
        if texts != self._read_as and self.table.state() != CellTable.State.EditingState:
            self._read_as = texts
            self._classes = []
            self.show_session()

    def show_session(self) -> None:
        context = self._controller.context
        classes = list(context.classes) if context is not None else []
        if classes == self._classes and len(self.table.lines) == len(classes):
            return
        self._classes = classes
        row = max(0, self.table.currentIndex().row())
        heads = [Head(tr("Class")), Head(without_marks(tr("The model &reads")))]
        self.table.show_cells(heads, list(map(self._cells, classes)), sorts=False)
        self.table.setCurrentIndex(self.table.cells.index(min(row, len(classes) - 1), READS))

    def _cells(self, choice: ImageClass) -> list[TableCell]:
        name, text = one_line(choice.name), choice.reads or self._read_as.get(choice.id, "")
        colour = "" if choice.reads else theme.tokens().dim
        return [TableCell(name, tip=name), TableCell(text, tip=one_line(text) or name, colour=colour, edits=True)]

    def put(self, row: int, texts: list[str]) -> None:
        """Set what the model reads, from a row on; "" means the name."""
        new = {}
        for choice, text in zip(self._classes[max(0, row) :], texts, strict=False):
            clean = " ".join(text.split())
            new[choice.id] = "" if not choice.reads and clean == self._read_as.get(choice.id, choice.name) else clean
        self.message.dismiss()
        if any(choice.reads != new.get(choice.id, choice.reads) for choice in self._classes):
            refused = partial(self.message.show_message, severity="warn")
            self._controller.edit(lambda project: project.set_reads(new), failed=refused)


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
        fill_dialog(self, self._message, SPACE, in_row(None, none, stop), title=title)
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
        self.adjustSize()
