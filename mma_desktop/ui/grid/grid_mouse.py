"""Mouse handling of the grid: click, Shift, Ctrl, rubber band with scrolling at the edges, drag."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QRubberBand, QScrollBar, QWidget

from mma_desktop.ui.grid.grid_selection import GridSelection
from mma_desktop.ui.grid.image_model import ImageModel
from mma_desktop.ui.grid.picture_drag import PictureDrag
from mma_desktop.ui.widgets.timers import repeating

SCROLL_MS = 30
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier


class _MouseTarget(Protocol):
    images: ImageModel
    selection: GridSelection
    drag: PictureDrag

    @property
    def side(self) -> int: ...
    @property
    def current_position(self) -> int: ...
    def position_at(self, point: QPoint) -> int: ...
    def set_current(self, position: int, *, select: bool = True) -> None: ...
    def tell_selection(self) -> None: ...
    def selected_ids(self) -> NDArray[np.int64]: ...
    def cell_rect(self, position: int) -> QRect: ...
    def card_rect(self, position: int) -> QRect: ...
    def viewport(self) -> QWidget: ...
    def verticalScrollBar(self) -> QScrollBar: ...
    def verticalHeader(self) -> QHeaderView: ...


class GridMouse(QObject):
    """State between a mouse press and its release."""

    def __init__(self, grid: _MouseTarget, parent: QObject) -> None:
        super().__init__(parent)
        self._grid = grid
        self._press: QPoint | None = None
        self._origin = QPoint()
        self._pressed_on = -1
        self._select_on_release = False
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._band: QRubberBand | None = None
        self._scroll = repeating(self, SCROLL_MS, self._scroll_on)
        self._pointer = QPoint()

    @property
    def banding(self) -> bool:
        return self._band is not None and self._band.isVisible()

    def press(self, event: QMouseEvent) -> None:
        grid = self._grid
        if event.button() != Qt.MouseButton.LeftButton:  # the menu selects what it is about
            event.ignore()
            return
        point = event.position().toPoint()
        position = grid.position_at(point)
        modifiers = event.modifiers()
        self._press, self._pressed_on, self._modifiers = point, position, modifiers
        self._origin = point + QPoint(0, grid.verticalScrollBar().value())
        self._select_on_release = False
        if position < 0:
            if not modifiers & (_SHIFT | _CONTROL) and len(grid.selection):
                grid.selection.clear()
                grid.tell_selection()
        elif modifiers & _SHIFT:
            if grid.selection.anchor < 0:
                grid.selection.anchor = max(grid.current_position, 0)
            grid.selection.range_to(position, keep=bool(modifiers & _CONTROL))
            grid.set_current(position, select=False)
            grid.tell_selection()
        elif modifiers & _CONTROL:
            grid.selection.toggle(position)
            grid.set_current(position, select=False)
            grid.tell_selection()
        elif position in grid.selection and len(grid.selection) > 1:
            # This may become a drag of the whole selection; a plain click selects the image on release.
            self._select_on_release = True
            grid.set_current(position, select=False)
        else:
            grid.set_current(position)

    def move(self, event: QMouseEvent) -> None:
        """Drag from an image, or draw a rubber band from anywhere else or with Shift or Ctrl."""
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        far = (point - self._press).manhattanLength() >= QApplication.startDragDistance()
        if not self.banding and not far:
            return
        if not self.banding:
            if self._pressed_on >= 0 and not self._modifiers & (_SHIFT | _CONTROL):
                self.cancel()
                grid = self._grid
                grid.drag.begin(grid.selected_ids(), grid.side, grid.images.row)
                return
            self._grid.selection.hold(bool(self._modifiers & (_SHIFT | _CONTROL)))
            if self._band is None:
                self._band = QRubberBand(QRubberBand.Shape.Rectangle, self._grid.viewport())
            self._band.show()
        self._pointer = point
        self._stretch()
        outside = not 0 <= point.y() < self._grid.viewport().height()
        if outside and not self._scroll.isActive():
            self._scroll.start()
        elif not outside:
            self._scroll.stop()

    def release(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._grid.drag.cancel()
        select, position = self._select_on_release and not self.banding, self._pressed_on
        self.cancel()
        if select:
            self._grid.set_current(position)

    def cancel(self) -> None:
        """Forget the press, as it ended or the list changed under it."""
        self._press = None
        self._select_on_release = False
        self._scroll.stop()
        if self._band is not None:
            self._band.hide()

    def _scroll_on(self) -> None:
        bar = self._grid.verticalScrollBar()
        y = self._pointer.y()
        height = self._grid.viewport().height()
        bar.setValue(bar.value() + (y if y < 0 else y - height + 1))
        self._stretch()

    def _stretch(self) -> None:
        """Draw the band from its start (in the list) to the pointer, and select what it touches."""
        grid = self._grid
        offset = QPoint(0, grid.verticalScrollBar().value())
        height = max(1, grid.verticalHeader().length())
        end = self._pointer + offset
        end.setY(min(max(end.y(), 0), height))
        area = QRect(self._origin, end).normalized()
        if self._band is not None:
            self._band.setGeometry(area.translated(-offset))
        grid.selection.band(self._touched(area))
        grid.tell_selection()

    def _touched(self, area: QRect) -> np.ndarray:
        grid = self._grid
        first_cell = grid.cell_rect(0)
        columns = grid.images.columns
        width, height = max(1, first_cell.width()), max(1, first_cell.height())
        card = grid.card_rect(0).translated(-first_cell.topLeft())
        # A cell counts when its card is touched, not the gap around it.
        rows = np.arange(
            (area.top() - card.bottom() + height - 1) // height, (area.bottom() - card.top()) // height + 1
        )
        across = np.arange((area.left() - card.right() + width - 1) // width, (area.right() - card.left()) // width + 1)
        across = across[(across >= 0) & (across < columns)]
        rows = rows[rows >= 0]
        touched: np.ndarray = (rows[:, None] * columns + across).ravel()
        return touched
