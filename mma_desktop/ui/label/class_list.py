"""List of classes: reorder by drag or Alt+arrow, rename in place, drop images to label them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_pictures import IMAGE_MIME
from mma_desktop.ui.label.class_delegate import ClassDelegate
from mma_desktop.ui.label.class_model import ClassModel


class ClassList(QListView):
    reads_clicked = Signal(int)  # class id: what the model reads was clicked
    entered_class = Signal()

    def __init__(self, controller: Controller, model: ClassModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._classes = model
        self._delegate = ClassDelegate(model, self)
        self._pressed = QPoint()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Classes"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.clicked.connect(self._clicked)

    # ------------------------------------------------------------------ selection

    def selected_classes(self) -> list[ImageClass]:
        """Return the selected visible classes in list order, without "None of these"."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        chosen = (self._classes.rows[row] for row in rows if not self.isRowHidden(row))
        return [choice for choice in chosen if choice.role is not Role.NONE]

    def current_class(self) -> ImageClass | None:
        return self._classes.class_at(self.currentIndex())

    def select_class(self, class_id: int | None) -> None:
        index = self._classes.index_of(class_id)
        if index.isValid():
            self.setRowHidden(index.row(), False)
            self.setCurrentIndex(index)

    def show_only(self, class_ids: Collection[int] | None) -> None:
        for row, choice in enumerate(self._classes.rows):
            self.setRowHidden(row, class_ids is not None and choice.id not in class_ids)
        current = self.currentIndex()
        if current.isValid() and self.isRowHidden(current.row()):
            self.setCurrentIndex(QModelIndex())

    def enter(self) -> None:
        """Take the keyboard focus; move to the first visible row if the current one is hidden."""
        if not self.currentIndex().isValid():
            rows = range(len(self._classes.rows))
            first = next((row for row in rows if not self.isRowHidden(row)), None)
            if first is not None:
                self.setCurrentIndex(self._classes.index(first))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_shown(self, class_id: int | None) -> None:
        if class_id != self._delegate.shown_class:
            self._delegate.shown_class = class_id
            self.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        choice = self._classes.class_at(index)
        if choice is None:
            return
        if self._delegate.is_on_reads(self.visualRect(index), self.font(), choice, self._pressed):
            self.reads_clicked.emit(choice.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    # ------------------------------------------------------------------ keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_class() is not None and not editing:
            self.entered_class.emit()
        else:
            super().keyPressEvent(event)

    def move_current(self, by: int) -> None:
        row = self.currentIndex().row()
        choice = self.current_class()
        rows = len(self._classes.classes)
        if choice is not None and row < rows and 0 <= row + by < rows:
            self._controller.edit(lambda project: project.move_class(choice.id, row + by))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Images go onto a class, a class goes between two."""
        self.setDragDropOverwriteMode(event.mimeData().hasFormat(IMAGE_MIME))
        super().dragEnterEvent(event)
