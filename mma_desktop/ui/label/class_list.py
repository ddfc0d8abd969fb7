"""List of classes: reorder by drag or Alt+arrow, rename in place, drop images to label them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.image_mime import IMAGE_MIME, unpack
from mma_desktop.ui.label.class_delegate import ClassDelegate
from mma_desktop.ui.label.class_model import CLASS_MIME, ClassModel
from mma_desktop.ui.widgets import theme


class ClassList(QListView):
    """List view of a `ClassModel`."""

    reads_clicked = Signal(int)  # class id: what the model reads was clicked
    entered_class = Signal()
    images_dropped = Signal(int, object)  # class id, image ids: label them
    delete_requested = Signal()
    menu_requested = Signal(QPoint)  # global position

    def __init__(self, controller: Controller, model: ClassModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._classes = model
        self._delegate = ClassDelegate(model, self)
        self._drop_between = -1
        self._pressed = QPoint()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Classes"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_requested.emit(self.viewport().mapToGlobal(at)))
        self.clicked.connect(self._clicked)

    # ------------------------------------------------------------------ selection

    def selected_classes(self) -> list[ImageClass]:
        """Return the selected visible classes in list order, without "None of these"."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        chosen = (self._classes.rows[row] for row in rows if not self.isRowHidden(row))
        return [one for one in chosen if one.role is not Role.NONE]

    def current_class(self) -> ImageClass | None:
        return self._classes.class_at(self.currentIndex())

    def select_class(self, class_id: int | None) -> None:
        index = self._classes.index_of(class_id)
        if index.isValid():
            self.setRowHidden(index.row(), False)
            self.setCurrentIndex(index)

    def show_only(self, class_ids: Collection[int] | None) -> None:
        for row, one in enumerate(self._classes.rows):
            self.setRowHidden(row, class_ids is not None and one.id not in class_ids)
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
        """Mark the class whose images the grid shows."""
        if class_id != self._delegate.shown_class:
            self._delegate.shown_class = class_id
            self.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        one = self._classes.class_at(index)
        if one is None:
            return
        if self._delegate.is_on_reads(self.visualRect(index), self.font(), one, self._pressed):
            self.reads_clicked.emit(one.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    # ------------------------------------------------------------------ keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        one = self.current_class()
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        editing = self.state() == QAbstractItemView.State.EditingState
        if one is None or editing:
            super().keyPressEvent(event)
        elif alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_current(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_class.emit()
        else:
            super().keyPressEvent(event)

    def move_current(self, by: int) -> None:
        row = self.currentIndex().row()
        one = self.current_class()
        rows = len(self._classes.classes)
        if one is not None and row < rows and 0 <= row + by < rows:
            self._controller.move_class(one.id, row + by)

    def event(self, event: QEvent) -> bool:
        """Claim Alt+arrow before any shortcut of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            arrow = event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
            if arrow and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.accept()
                return True
        return super().event(event)

    # ------------------------------------------------------------------ drops

    def _ours(self, data: QMimeData) -> bool:
        return data.hasFormat(IMAGE_MIME) or data.hasFormat(CLASS_MIME)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._ours(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        point = event.position().toPoint()
        if event.mimeData().hasFormat(IMAGE_MIME):
            index = self.indexAt(point)
            self._mark(index.row() if index.isValid() else -1, -1)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.setAccepted(index.isValid())
        elif event.mimeData().hasFormat(CLASS_MIME):
            self._mark(-1, self._gap_at(point))
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(-1, -1)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        point = event.position().toPoint()
        data = event.mimeData()
        if not self._ours(data):
            event.ignore()
            return
        self._mark(-1, -1)
        one = self._classes.class_at(self.indexAt(point))
        if data.hasFormat(CLASS_MIME):
            self._drop_class(int(bytes(data.data(CLASS_MIME).data())), self._gap_at(point))
        elif one is not None:
            self.images_dropped.emit(one.id, unpack(data))
        # After a move action Qt would remove the dragged row itself; the change signal already does.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _drop_class(self, class_id: int, gap: int) -> None:
        row = self._classes.index_of(class_id).row()
        if row < 0:
            return
        target = gap - 1 if gap > row else gap
        if target != row:
            self._controller.move_class(class_id, target)

    def _gap_at(self, point: QPoint) -> int:
        index = self.indexAt(point)
        if not index.isValid():
            return len(self._classes.classes)
        below = point.y() > self.visualRect(index).center().y()
        return min(index.row() + below, len(self._classes.classes))

    def _mark(self, row: int, gap: int) -> None:
        if (row, gap) != (self._delegate.drop_row, self._drop_between):
            self._delegate.drop_row, self._drop_between = row, gap
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop_between < 0 or not self._classes.classes:
            return
        last = self._drop_between >= len(self._classes.classes)
        rect = self.visualRect(self._classes.index(min(self._drop_between, len(self._classes.classes) - 1)))
        y = rect.bottom() + 1 if last else rect.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme.tokens().accent), 3))
        painter.drawLine(rect.left() + 4, y, rect.right() - 4, y)
        painter.end()
