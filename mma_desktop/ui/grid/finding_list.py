"""Lists of findings about a model, with small pictures: as rows or as tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.picture_drag import PictureDrag
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader, rows_of
from mma_desktop.ui.widgets.painting import CENTRE, Index, paint_box, paint_text, paint_words
from mma_desktop.ui.widgets.theme import mix, tokens

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
PAD = 6
ROW_SIDE = 52
LEAST_WORDS = 150
DOT = 9


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """Content of a row or tile, and the value chosen with it.

    `colour` is the colour of a dot before the title, "" for none.
    """

    title: str
    detail: str
    value: Any
    images: tuple[int, ...] = ()
    colour: str = ""

    @property
    def words(self) -> str:
        return f"{self.title}, {self.detail}"


class FindingList(QListView):
    """List as tall as its entries. A click, Enter or Space chooses an entry; arrow keys move between them.

    With `tile`, the side of their pictures in pixels, the entries are tiles side by side, otherwise rows.
    """

    chosen = Signal(object)  # the value of an entry

    def __init__(self, name: str, controller: Controller, *, tile: int = 0) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._controller = controller
        self.tile = tile
        self.loader = ThumbnailLoader(controller, self)
        self.loader.loaded.connect(lambda _image: self.viewport().update())
        self._rows: dict[int, ImageRow] = {}
        self._drag = PictureDrag(self, self.loader, controller)
        self.entries: tuple[FindingEntry, ...] = ()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("findings")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setUniformItemSizes(True)
        if tile:
            self.setViewMode(QListView.ViewMode.IconMode)
            self.setMovement(QListView.Movement.Static)
            self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setDragEnabled(True)  # after the view mode, which disables dragging of tiles
        self.clicked.connect(self._choose)

    def show_entries(self, entries: Sequence[FindingEntry]) -> None:
        """Show these entries; those already shown stay and keep the keyboard focus."""
        entries = tuple(entries)
        if entries == self.entries or self._controller.context is None:
            return
        at = self.currentIndex().row()
        before, self.entries = self.entries, entries
        self._model.clear()
        for entry in entries:
            item = QStandardItem(entry.title)
            item.setData(entry, ENTRY_ROLE)
            item.setData(entry.words, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(entry.words)
            self._model.appendRow(item)
        if entries and before:
            self._go(min(max(0, at), len(entries) - 1))
        images = list(dict.fromkeys(image for entry in entries for image in entry.images))
        self._controller.bridge.forget((self, "rows"))
        if images:
            self._controller.ask(
                LaneName.STORE,
                rows_of(images),
                self._take_rows,
                question=(self, "rows"),
            )
        self.updateGeometry()
        self._fit()

    def clear(self) -> None:
        self._controller.bridge.forget((self, "rows"))
        self.entries = ()
        self._model.clear()
        self.loader.clear()
        self._fit()

    def _take_rows(self, rows: Sequence[ImageRow]) -> None:
        self._rows = {row.id: row for row in rows}
        order = {image: at for at, image in enumerate(image for entry in self.entries for image in entry.images)}
        self.loader.want(sorted(rows, key=lambda row: order.get(row.id, 0)))
        if self.tile:  # a single picture, whose name is told
            names = {row.id: one_line(row.path.name) for row in rows}
            for at, entry in enumerate(self.entries):
                name = names.get(entry.images[0], "")
                self._model.item(at).setToolTip(f"{entry.words}\n{name}")
                self._model.item(at).setAccessibleText(f"{entry.words}, {name}")

    @property
    def cell(self) -> QSize:
        line = self.fontMetrics().height()
        if self.tile:
            return QSize(self.tile + 2 * PAD + 8, self.tile + 3 * PAD + 2 * line + 6)
        side = ROW_SIDE if any(entry.images for entry in self.entries) else 0
        return QSize(max(1, self.viewport().width()), max(side, 2 * line) + 2 * PAD + 2)

    def _fit(self) -> None:
        if self.tile:
            self.setGridSize(self.cell)
            across = max(1, self.viewport().width() // self.cell.width())
            rows = -(-len(self.entries) // across)
        else:
            rows = len(self.entries)
        self.setFixedHeight(max(1, rows * self.cell.height() + 2))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(ENTRY_ROLE).value)

    def _go(self, row: int) -> None:
        self.selectionModel().setCurrentIndex(
            self._model.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def startDrag(self, _actions: Qt.DropAction) -> None:
        images = self.currentIndex().data(ENTRY_ROLE).images
        if images:
            self._drag.begin(images, self.tile or ROW_SIDE, self._rows.get)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag.cancel()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and not event.modifiers():
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Make an entry current while the list has the keyboard focus."""
        super().focusInEvent(event)
        if self.entries and not self.currentIndex().isValid():
            self._go(0)
        self._show_current()

    def currentChanged(self, now: Index, before: Index) -> None:
        """Scroll the page to the entry: this list has no scroll bar of its own."""
        super().currentChanged(now, before)
        if self.hasFocus():
            self._show_current()

    def _show_current(self) -> None:
        area: QWidget | None = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        page = area.widget() if isinstance(area, QScrollArea) else None
        if isinstance(area, QScrollArea) and page is not None and self.currentIndex().isValid():
            rect = self.visualRect(self.currentIndex())
            middle = page.mapFromGlobal(self.viewport().mapToGlobal(rect.center()))
            area.ensureVisible(middle.x(), middle.y(), rect.width() // 2, rect.height() // 2 + PAD)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: FindingList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._view.cell

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        entry: FindingEntry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, rect, option, index)
        (self._tile if self._view.tile else self._row)(painter, rect, entry)
        painter.restore()

    def _frame(self, painter: QPainter, rect: QRect, option: Any, index: Index) -> None:
        look = tokens()
        focused = self._view.hasFocus() and index.row() == self._view.currentIndex().row()
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        edge = 4 if self._view.tile else 0
        ground = mix(look.raised, look.text, 0.06) if hot else ""
        paint_box(
            painter, QRectF(rect).adjusted(1, 1, -1 - edge, -1 - edge), 6, ground, look.focus if focused else "", 2
        )

    def _tile(self, painter: QPainter, rect: QRect, entry: FindingEntry) -> None:
        box = QRect(rect.left() + PAD, rect.top() + PAD, self._view.tile, self._view.tile)
        self._picture(painter, box, entry.images[0])
        self._text(painter, box.left(), box.bottom() + PAD, box.right(), entry)

    def _row(self, painter: QPainter, rect: QRect, entry: FindingEntry) -> None:
        line = self._view.fontMetrics().height()
        fitting = max(0, (rect.width() - LEAST_WORDS - 2 * PAD) // (ROW_SIDE + PAD))
        shown = entry.images[:fitting]
        left, right = rect.left() + PAD + 2, rect.right() - PAD
        for at, image in enumerate(reversed(shown)):
            box = QRect(right - ROW_SIDE - at * (ROW_SIDE + PAD), rect.top() + PAD + 1, ROW_SIDE, ROW_SIDE)
            self._picture(painter, box, image)
        right -= len(shown) * (ROW_SIDE + PAD)
        self._text(painter, left, rect.center().y() - line + 1, right, entry)

    def _text(self, painter: QPainter, left: int, top: int, right: int, entry: FindingEntry) -> None:
        line = self._view.fontMetrics().height()
        if entry.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(entry.colour))
            painter.drawEllipse(QRectF(left, top + (line - DOT) / 2, DOT, DOT))
            left += DOT + PAD
        words = QRect(left, top, max(0, right - left), line)
        paint_text(painter, words, entry.title, self._view.font(), tokens().text)
        paint_text(painter, words.translated(0, line), entry.detail, self._view.font(), tokens().dim)

    def _picture(self, painter: QPainter, box: QRect, image: int) -> None:
        loader, look = self._view.loader, tokens()
        picture = loader.pixmap(image, box.width(), self._view.devicePixelRatioF())
        if picture is not None:
            size = picture.deviceIndependentSize().toSize()
            painter.drawPixmap(box.center() - QRect(QPoint(), size).center(), picture)
            return
        paint_box(painter, QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, look.raised, look.border)
        if loader.impossible(image):
            paint_words(painter, box, tr("No preview"), look.dim, flags=CENTRE | Qt.TextFlag.TextWordWrap)
