"""Editable table of classes and what the model reads for each; a list can be pasted."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mma_desktop.core.class_names import LONGEST_NAME, name_too_long, same_text
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.ui.base.cell_table import CellTable, Head, TableCell
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import restore_columns
from mma_desktop.ui.dialogs.class_dialogs import READS_HINT
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, hint, in_column
from mma_desktop.ui.widgets.painting import Index
from mma_desktop.ui.widgets.text_format import without_marks

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
        self.table.horizontalHeader().setObjectName("reads")
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
        restore_columns(controller.settings, self)

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
        read = {choice.name: new.get(choice.id, choice.reads) or choice.name for choice in self._classes}
        problem = name_too_long(max(new.values(), key=len, default="")) or same_text(
            read, {choice.name for choice in self._classes if choice.id in new}
        )
        if problem:
            self.message.show_message(problem, "warn")
        else:
            self.message.dismiss()
        if not problem and any(choice.reads != new.get(choice.id, choice.reads) for choice in self._classes):
            self._controller.edit(lambda project: project.set_reads(new))
        else:
            self._classes = []
            self.show_session()  # show what is stored
