"""List of classes: colour, key, name, examples; reorder by Alt+arrow, drop images on one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mma_desktop.core.class_names import name_key
from mma_desktop.core.i18n import number, one_line, tr
from mma_desktop.core.types import ImageClass, Role
from mma_desktop.services.training.claims import accuracy_claims, class_words
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.base.dropped_images import IMAGE_MIME, unpack
from mma_desktop.ui.dialogs.names_dialog import NamesWatch
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.painting import (
    CENTRE,
    Index,
    elided,
    paint_box,
    paint_chip_in,
    paint_meter,
    paint_text,
    paint_words,
    small_font,
)


class ClassModel(QAbstractListModel):
    """List model of the classes in order."""

    images_dropped = Signal(object, int)  # image ids, class id: label them

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.rows: list[ImageClass] = []
        self._labels: Mapping[int, int] = {}
        self._shots: Mapping[int, int] = {}
        self._names = NamesWatch.of(controller)
        self._names.examined.connect(self._all_changed)
        self.shots = 16
        self.short = False
        """Whether the numbers of all classes are without words, as what the model reads stands beside some."""

    @property
    def classes(self) -> Sequence[ImageClass]:
        """The classes, without "None of these"."""
        return [choice for choice in self.rows if choice.role is not Role.NONE]

    def set_rows(self, rows: Sequence[ImageClass]) -> None:
        """Show other `label_choices`; the selection survives where only contents changed."""
        if [choice.id for choice in rows] == [choice.id for choice in self.rows]:
            self.rows = list(rows)
            self._all_changed()
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()
        self._all_changed()

    def read_as(self, choice: ImageClass) -> str:
        """Return what the model reads for a class, "" for its name."""
        text = choice.reads or self._names.report.read_as.get(choice.id, "")
        return "" if name_key(text) == name_key(choice.name) else text

    def is_doubtful(self, choice: ImageClass) -> bool:
        return choice.id in self._names.report.doubtful and not choice.reads

    def set_counts(self, labels: Mapping[int, int], shots: Mapping[int, int], wanted: int) -> None:
        """Update the numbers by class id: labels, and how many of them can be examples; `wanted` are per class."""
        self._labels, self._shots, self.shots = labels, shots, wanted
        self._all_changed()

    def _all_changed(self) -> None:
        self.short = any(self.read_as(choice) or self.is_doubtful(choice) for choice in self.rows)
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def labelled(self, class_id: int) -> int:
        return self._labels.get(class_id, 0)

    def shots_of(self, class_id: int) -> int:
        return min(self._shots.get(class_id, 0), self.shots)

    def numbers(self, choice: ImageClass, *, short: bool = False) -> str:
        examples, shots = self._shots.get(choice.id, 0), self.shots_of(choice.id)
        if choice.role is Role.NONE:
            return tr("{n} labelled", "{n} labelled", self.labelled(choice.id))
        if short:
            return number(examples) if shots >= self.shots else f"{number(shots)}/{number(self.shots)}"
        if shots >= self.shots:
            return tr("{n} example", "{n} examples", examples)
        return tr("{shots}/{n} example", "{shots}/{n} examples", self.shots, shots=shots)

    def class_at(self, index: Index) -> ImageClass | None:
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    def index_of(self, class_id: int | None) -> QModelIndex:
        for row, choice in enumerate(self.rows):
            if choice.id == class_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name for display; the delegate paints the rest from the class itself."""
        choice = self.class_at(index)
        if choice is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(choice.title)
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return self._spoken(choice)
        return None

    def _about(self, choice: ImageClass) -> str:
        """What the model reads for a class; empty for its name."""
        if choice.role is Role.NONE:
            return tr("shows none of your classes")
        if text := self.read_as(choice):
            if self.is_doubtful(choice):
                return tr("The model probably reads '{text}': please check", text=text)
            return tr("The model reads '{text}'", text=text)
        if self.is_doubtful(choice):
            return tr("The model does not understand this name: click below it to give another word")
        return ""

    def _spoken(self, choice: ImageClass) -> str:
        about = self._about(choice)
        parts = [f"{one_line(choice.title)}: {about}" if about else one_line(choice.title), self.numbers(choice)]
        right = None if self._controller.context is None else accuracy_claims(self._controller.context)
        if right is not None and choice.id in right.by_class:
            parts.append(class_words(right.by_class[choice.id]))
        if choice.key:
            parts.append(tr("key {key}", key=choice.key.upper()))
        return ", ".join(parts)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        return [IMAGE_MIME]

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def canDropMimeData(self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        return data.hasFormat(IMAGE_MIME) and self.class_at(parent) is not None

    def dropMimeData(self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        choice = self.class_at(parent)
        if choice is not None:
            self.images_dropped.emit(unpack(data), choice.id)
        return choice is not None


PAD, GAP = 8, 8  # around a row and between what stands in it
CHIP, KEY = 14, 20  # a colour beside two lines, and the cap of a key with one letter


class ClassDelegate(QStyledItemDelegate):
    def __init__(self, model: ClassModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.shown_class: int | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        height = QFontMetrics(option.font).height()
        return QSize(120, 2 * height + 2 * PAD + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice = self._model.class_at(index)
        if choice is None:
            return
        rect: QRect = option.rect
        font: QFont = option.font
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, choice.id == self.shown_class)
        inner = rect.adjusted(PAD, PAD, -PAD, -PAD)
        line = QFontMetrics(font).height()
        first, second = QRect(inner.left(), inner.top(), inner.width(), line), self._second_line(rect, font)
        paint_chip_in(painter, first, choice.colour, CHIP)
        small = small_font(font)
        right = self._paint_key(painter, first, choice.key, small)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        name = QRect(second.left(), first.top(), right - second.left() - 6, line)
        paint_text(painter, name, choice.title, bold, theme.tokens().text)
        self._paint_numbers(painter, second, choice, small)
        painter.restore()

    @staticmethod
    def _second_line(rect: QRect, font: QFont) -> QRect:
        height, left = QFontMetrics(font).height(), rect.left() + PAD + CHIP + 8
        return QRect(left, rect.top() + PAD + height + 4, rect.right() - PAD - left + 1, height)

    def _shown_reading(self, choice: ImageClass, small: QFont, width: int) -> tuple[str, str]:
        """Return what the model reads, in words or where they have no room as it is typed, and the numbers."""
        text, numbers = self._model.read_as(choice), self._model.numbers(choice, short=self._model.short)
        doubt = self._model.is_doubtful(choice)
        if not (text or doubt):
            return "", numbers
        if not text:
            reading = tr("not understood")
        else:
            reading = tr("please check: {text}", text=text) if doubt else tr("read as {text}", text=text)
        metrics = QFontMetrics(small)
        room = width - metrics.horizontalAdvance(f"{numbers} \u2713") - GAP
        shown = reading if metrics.horizontalAdvance(reading) <= room or not text else f"= {text}"
        return elided(shown, small, room), numbers

    def is_on_reads(self, rect: QRect, font: QFont, choice: ImageClass, point: QPoint) -> bool:
        line, small = self._second_line(rect, font), small_font(font)
        width = QFontMetrics(small).horizontalAdvance(self._shown_reading(choice, small, line.width())[0])
        return QRect(line.left(), line.top(), width, line.height()).contains(point)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, shown: bool) -> None:
        now, state = theme.tokens(), option.state
        area = QRectF(option.rect).adjusted(2, 1, -2, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            paint_box(painter, area, theme.RADIUS, now.accent_soft)
        elif state & QStyle.StateFlag.State_MouseOver:
            paint_box(painter, area, theme.RADIUS, theme.mix(now.raised, now.text, 0.06))
        if shown:
            paint_box(painter, QRectF(area.left(), area.top() + 6, 3, area.height() - 12), 1.5, now.accent)
        if state & QStyle.StateFlag.State_HasFocus and (not selected or theme.has_ring(option.widget)):
            paint_box(painter, area.adjusted(1, 1, -1, -1), theme.RADIUS, line=now.focus, width=2)

    def _paint_key(self, painter: QPainter, line: QRect, key: str, font: QFont) -> int:
        """Paint the key as a key cap at the right and return its left edge."""
        if not key:
            return line.right() - KEY
        now = theme.tokens()
        cap = QRectF(line.right() - KEY + 0.5, line.center().y() - 8.5, KEY, 18)
        paint_box(painter, cap, 4, now.raised, now.border)
        paint_words(painter, cap, key.upper(), now.text, font, CENTRE)
        return round(cap.left()) - 6

    def _paint_numbers(self, painter: QPainter, line: QRect, choice: ImageClass, font: QFont) -> None:
        # After what the model reads in place of the name.
        painter.setFont(font)
        now = theme.tokens()
        text, numbers = self._shown_reading(choice, font, line.width())
        if text:
            paint_words(painter, line, text, now.warn if self._model.is_doubtful(choice) else now.dim)
            line = line.adjusted(QFontMetrics(font).horizontalAdvance(text) + GAP, 0, 0, 0)
        if choice.role is Role.NONE:
            paint_words(painter, line, numbers, now.dim)
            return
        paint_meter(painter, QRectF(line), self._model.shots_of(choice.id) / max(1, self._model.shots), numbers)


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
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDragDropOverwriteMode(True)  # onto a class, not between two
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.clicked.connect(self._clicked)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_class() is not None:
            self.entered_class.emit()
        else:
            super().keyPressEvent(event)

    def move_current(self, by: int) -> None:
        row = self.currentIndex().row()
        choice = self.current_class()
        rows = len(self._classes.classes)
        if choice is not None and row < rows and 0 <= row + by < rows:
            self._controller.edit(lambda project: project.move_class(choice.id, row + by))
