"""Editable table of classes and what the model reads for each; a list can be pasted."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mma_desktop.core.class_names import LONGEST_NAME, name_too_long, same_text
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageClass
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.window_state import restore_columns
from mma_desktop.ui.dialogs.class_name_dialog import READS_HINT
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.controls import SPACE, InfoBar, hint, in_column
from mma_desktop.ui.widgets.tables import Index, fill_titles, plain
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


class PastedTable(QTableWidget):
    """Table that accepts a pasted list: one line per class, starting at the current row."""

    def __init__(self, owner: ReadsTable) -> None:
        super().__init__(0, 2)
        self._owner = owner

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._owner.put(self.currentRow(), QGuiApplication.clipboard().text().splitlines())
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._owner.put(self.currentRow(), [""])
        else:
            super().keyPressEvent(event)


class ReadsTable(QWidget):
    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._classes: list[ImageClass] = []
        self._read_as: Mapping[int, str] = {}
        self.message = InfoBar()
        self.table = PastedTable(self)
        edits = self.table.editTriggers()
        plain(self.table, tr("What the model reads"))
        self.table.setEditTriggers(edits)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectItems)
        self.table.setItemDelegateForColumn(READS, _Field(self.table))
        fill_titles(self.table, (tr("Class"), without_marks(tr("The model &reads"))))
        header = self.table.horizontalHeader()
        header.setObjectName("reads")
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.resizeSection(0, 260)
        in_column(
            hint(tr(READS_HINT)),
            self.message,
            (self.table, 1),
            hint(tr("Where nothing is typed, the model reads what is grey, or the name. A copied list can be pasted.")),
            inside=self,
            margins=(SPACE + 4, SPACE + 4, SPACE + 4, SPACE + 4),
            spacing=SPACE,
        )
        restore_columns(controller.settings, self)
        self.table.itemChanged.connect(self._typed)
        self.show_session()

    def show_read_as(self, texts: Mapping[int, str]) -> None:
        """Show what is read for classes where nobody said, by class id."""
        if texts != self._read_as and self.table.state() != QTableWidget.State.EditingState:
            self._read_as = texts
            self._classes = []
            self.show_session()

    def show_session(self) -> None:
        context = self._controller.context
        classes = list(context.classes) if context is not None else []
        if classes == self._classes and self.table.rowCount() == len(classes):
            return
        self._classes = classes
        row = max(0, self.table.currentRow())
        self.table.blockSignals(True)
        self.table.setRowCount(len(classes))
        for at, choice in enumerate(classes):
            text = choice.reads or self._read_as.get(choice.id, "")
            name, reads = QTableWidgetItem(one_line(choice.name)), QTableWidgetItem(text)
            if not choice.reads:
                reads.setForeground(QColor(theme.tokens().dim))
            name.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            name.setToolTip(one_line(choice.name))
            reads.setToolTip(one_line(text or choice.name))
            self.table.setItem(at, 0, name)
            self.table.setItem(at, READS, reads)
        self.table.blockSignals(False)
        self.table.setCurrentCell(min(row, len(classes) - 1), READS)

    def _typed(self, item: QTableWidgetItem) -> None:
        if item.column() == READS:
            self.put(item.row(), [item.text()])

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
