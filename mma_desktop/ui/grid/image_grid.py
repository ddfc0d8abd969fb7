"""The thumbnail grid: a table view whose rows are cut from one list of images, fast even with a million."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QRubberBand, QTableView

from mma_desktop.core.i18n import tr
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_drag import ImageDrag
from mma_desktop.ui.grid.image_model import GridSelection, ImageModel
from mma_desktop.ui.grid.thumbnail_delegate import AROUND, LARGEST, Fonts, ImageSide, ThumbnailDelegate
from mma_desktop.ui.grid.thumbnail_loader import ThumbnailLoader
from mma_desktop.ui.widgets.controls import repeating, single_shot

SCROLL_MS = 30  # steady for the eye
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier


class GridMouse(QObject):
    """State between a mouse press and its release."""

    def __init__(self, grid: ImageGrid) -> None:
        super().__init__(grid)
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
            if not modifiers & (_SHIFT | _CONTROL):
                grid.clear_selection()
        elif modifiers & _SHIFT:
            grid.extend_to(position, keep=bool(modifiers & _CONTROL))
        elif modifiers & _CONTROL or grid.selection.picks:
            grid.selection.toggle(position)
            grid.set_current(position, select=False)
            grid.emit_selection()
        elif position in grid.selection and len(grid.selection) > 1:
            # This may become a drag of the whole selection; a plain click selects the image on release.
            self._select_on_release = True
            grid.set_current(position, select=False)
        else:
            grid.set_current(position)

    def move(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        far = (point - self._press).manhattanLength() >= QApplication.startDragDistance()
        if not self.banding and not far:
            return
        if not self.banding:
            # From an image it is a drag; from a gap, or with a key, a rubber band.
            if self._pressed_on >= 0 and not self._modifiers & (_SHIFT | _CONTROL):
                self.cancel()
                self._grid.drag.begin(self._grid.selected_ids().tolist(), self._grid.side)
                return
            self._grid.selection.hold(bool(self._modifiers & (_SHIFT | _CONTROL)))
            if self._band is None:
                self._band = QRubberBand(QRubberBand.Shape.Rectangle, self._grid.viewport())
            self._band.show()
        self._pointer = point
        self._stretch()
        if 0 <= point.y() < self._grid.viewport().height():
            self._scroll.stop()
        else:
            self._scroll.ensure_started()

    def release(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._grid.drag.cancel()
        select, position = self._select_on_release and not self.banding, self._pressed_on
        self.cancel()
        if select:
            self._grid.set_current(position)

    def cancel(self) -> None:
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
        grid = self._grid
        offset = QPoint(0, grid.verticalScrollBar().value())
        height = max(1, grid.verticalHeader().length())
        # In coordinates of the whole list: the band scrolls with it.
        end = self._pointer + offset
        end.setY(min(max(end.y(), 0), height))
        area = QRect(self._origin, end).normalized()
        if self._band is not None:
            self._band.setGeometry(area.translated(-offset))
        grid.selection.band(self._touched(area))
        grid.emit_selection()

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
        return (rows[:, None] * columns + across).ravel()


Ids = NDArray[np.int64]
FETCH_MS = 25  # thumbnails are asked for where scrolling rests, not on the way
SEARCH_AT_ONCE = 8192  # positions: the next image is nearly always among them, however long the list is
MIN_SIDE = 80  # of a thumbnail: below it, details that tell classes apart are lost
MIN_WHOLE_SIDE = 40  # where all have to be in sight: a kind still shows, and more of them scroll
# Ways into the grid after which the keys act on an image: it is selected.
_SELECTING_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
STEPS = _ARROWS | {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class ImageGrid(QTableView):
    """Thumbnails in as many columns as fit, with a selection and a current image that survive list changes."""

    selection_changed = Signal()
    current_changed = Signal(int)  # image id, -1 for none
    image_opened = Signal(int)  # image id, by a double click
    preview_toggled = Signal()  # by the space key
    menu_requested = Signal(QPoint)  # global position

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self.images = ImageModel(controller, self)
        self.thumbnails = ThumbnailLoader(controller, self)
        self.selection = GridSelection()
        self.drag = ImageDrag(self, self.images, self.thumbnails, controller)
        self.current_position = -1  # of the current image, -1 for none
        self._cells = ThumbnailDelegate(self.images, self.thumbnails, self.selection, self)
        self._whole = False
        self.sides = ImageSide.of(controller)
        self.sides.changed.connect(self._lay_out)
        self._fetch = single_shot(self, FETCH_MS, self._fetch_visible)
        self._shown: dict[int, int] = {}
        self.setItemDelegate(self._cells)
        self._set_up_view()
        self.setModel(self.images)
        self._mouse = GridMouse(self)
        self.images.details.arrived.connect(self._fetch.ensure_started)
        self.images.details.arrived.connect(self._repaint)
        self.images.notes_changed.connect(self._lay_out)
        self.thumbnails.loaded.connect(self._repaint_image)
        self.verticalScrollBar().valueChanged.connect(self._fetch.ensure_started)  # a long scroll loads on its way
        self._lay_out()

    def _set_up_view(self) -> None:
        self.setAccessibleName(tr("Pictures"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setAutoScroll(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(1)
            header.hide()

    # ------------------------------------------------------------------ content

    def set_ids(self, ids: Ids, *, keep_place: bool = False) -> None:
        """Show these images. Selection and current image are kept if still included.

        Args:
            ids: The images in order. A list that only grew at its end changes nothing else.
            keep_place: Keep the scroll position (images were added or removed); otherwise it is another list, shown
                from the current image or from its start.
        """
        new = np.asarray(ids, np.int64)
        old = self.images.ids
        # A list that grew at its end, as by an import: nothing else moves.
        if len(new) >= len(old) and np.array_equal(new[: len(old)], old) and (len(old) or keep_place):
            if len(new) > len(old):
                self.selection.grow(len(new) - len(old))
                self.images.append_ids(new[len(old) :])
                self._fetch.ensure_started()
            return
        current_id, place = self.current_id(), self.verticalScrollBar().value()
        selected_before = len(self.selection)
        chosen = old[self.selection.mask] if selected_before else old[:0]
        position = self._successor(new)
        self.images.set_ids(new)
        mask = np.isin(new, chosen) if len(chosen) else np.zeros(len(new), bool)
        self.selection.reset(mask)
        self.current_position = position
        if len(chosen) and not mask.any() and position >= 0 and not keep_place:
            self.selection.only(position)
        self._sync_current()
        if keep_place:
            self.verticalScrollBar().setValue(place)
        else:
            self.scrollToTop()
        if position >= 0:
            self.scrollTo(self.images.index_at(position))
        self._fetch.ensure_started()
        self._mouse.cancel()
        if self._whole:
            self._lay_out()
        if self.current_id() != current_id:
            self.current_changed.emit(self.current_id())
        if selected_before or len(self.selection):
            self.selection_changed.emit()

    def _successor(self, new: Ids) -> int:
        """Return the position of the current image in a new list, else of the image after or before it; -1 for none."""
        if self.current_position < 0 or not len(new):
            return -1
        old = self.images.ids
        # Part by part: of a million images the next one nearly always is close.
        for part in (
            old[self.current_position : self.current_position + SEARCH_AT_ONCE],
            old[: self.current_position][::-1][:SEARCH_AT_ONCE],
        ):
            there = np.flatnonzero(np.isin(part, new))
            if len(there):
                return int(np.flatnonzero(new == part[there[0]])[0])
        return -1

    def refresh(self, changed: Iterable[int] = ()) -> None:
        self.images.refresh(changed)
        if self._whole:  # a name may be longer now
            self._lay_out()
        self._fetch.ensure_started()
        self._repaint()

    def clear_cache(self) -> None:
        self.images.details.clear()
        self.thumbnails.clear()

    # ------------------------------------------------------------------ size

    @property
    def side(self) -> int:
        """Painted size of a thumbnail in device-independent pixels: the requested one, or less where none fits."""
        return self._cells.side

    def set_show_names(self, shown: bool) -> None:
        if shown != self._cells.show_names:
            self._cells.show_names = shown
            self._lay_out()

    def set_whole(self, whole: bool) -> None:
        """Set whether all images are in sight together, as large as they can be, with their whole names."""
        if whole != self._whole:
            self._whole, self._cells.lines = whole, 0
            self._lay_out()

    def _lay_out(self) -> None:
        cells, header = self._cells, self.horizontalHeader()
        # Room for the scroll bar is kept, so that as many columns stay when it comes or goes.
        room = max(1, self.contentsRect().width() - self.verticalScrollBar().sizeHint().width())
        columns, cells.side = self._fit_whole(room) if self._whole else self._fit(room)
        top = self.rowAt(0) * self.images.columns if len(self.images.ids) else -1
        height = cells.cell().height()
        moved = columns != self.images.columns or self.verticalHeader().defaultSectionSize() != height
        self.verticalHeader().setDefaultSectionSize(height)
        self.images.set_columns(columns)
        if moved:
            self.updateGeometries()  # rows of another height alone leave the range of the scroll bar as it was
        width = self.viewport().width()  # only now, as what is above may show or hide the scroll bar
        for column in range(columns):
            header.resizeSection(column, (column + 1) * width // columns - column * width // columns)
        if moved:
            self._sync_current()
        if moved and top > 0:
            self.verticalScrollBar().setValue(top // columns * height)
        self._fetch.ensure_started()
        self._repaint()

    def _fit(self, room: int) -> tuple[int, int]:
        """Return how many columns there are in a width, and the side of their thumbnails."""
        # About as large as the setting says, filling the row, and so that two rows fit.
        below = self._cells.cell(1).height() - 1
        side = min(self.sides.value, max(MIN_SIDE, self.height() // 2 - below))
        fitting = ceil if side < self.sides.value else round  # larger ones would not leave two rows
        columns = fitting(room / self._cells.cell(side).width())
        if fitting is ceil:
            columns = min(columns, room // self._cells.cell(MIN_SIDE).width())
        columns = max(1, columns)
        return columns, max(1, room // columns - AROUND)

    def _fit_whole(self, room: int) -> tuple[int, int]:
        """As `_fit`: all in sight, as large as pictures of 4 by 3 can be above the lines that their names need."""
        count, cells, fits = max(1, len(self.images.ids)), self._cells, []
        for columns in range(1, max(1, min(count, room // (MIN_WHOLE_SIDE + AROUND))) + 1):
            cells.lines = cells.lines_within(room // columns)
            high = min(LARGEST, self.viewport().height() // ceil(count / columns) - (cells.cell(1).height() - 1))
            fits.append((min(3 * (room // columns - AROUND), 4 * high), columns, high, cells.lines))
        _, columns, high, cells.lines = max(fits)
        return columns, max(MIN_WHOLE_SIDE, high)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.sides.step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_cells"):
            self._cells.fonts = Fonts(self.font())
            self._lay_out()

    # ------------------------------------------------------------------ selection and current image

    def current_id(self) -> int:
        return int(self.images.ids[self.current_position]) if 0 <= self.current_position < len(self.images.ids) else -1

    def selected_ids(self) -> Ids:
        return self.images.ids[self.selection.mask]

    def select_ids(self, ids: Ids | list[int]) -> None:
        """Select exactly those of these images that are shown; the first becomes the current one."""
        mask = np.isin(self.images.ids, np.asarray(ids, np.int64))
        self.selection.reset(mask)
        if len(where := self.selection.positions()):
            self.selection.anchor = int(where[0])
            self._set_current(int(where[0]))
        self.emit_selection()

    def set_current(self, position: int, *, select: bool = True) -> None:
        """Make the image at a position the current one; with `select`, the only selected one unless it `picks`."""
        if not 0 <= position < len(self.images.ids):
            return
        self._set_current(position)
        if select and not self.selection.picks:
            self.selection.only(position)
            self.emit_selection()

    def step(self, by: int) -> None:
        if len(self.images.ids):
            self.set_current(min(max(self.current_position + by, 0), len(self.images.ids) - 1))

    def select_all(self) -> None:
        self.selection.all()
        self.emit_selection()

    def clear_selection(self) -> None:
        if len(self.selection):
            self.selection.clear()
            self.emit_selection()

    def extend_to(self, position: int, *, keep: bool = False) -> None:
        if self.selection.anchor < 0:
            self.selection.anchor = max(self.current_position, 0)
        self.selection.range_to(position, keep)
        self._set_current(position)
        self.emit_selection()

    def copy(self) -> None:
        self.drag.copy(self.selected_ids().tolist())

    def emit_selection(self) -> None:
        self._repaint()
        self.selection_changed.emit()

    def _set_current(self, position: int) -> None:
        before = self.current_position
        self.current_position = position
        self._sync_current()
        if position >= 0:
            self.scrollTo(self.images.index_at(position))
        self._repaint()
        if before != position:
            self.current_changed.emit(self.current_id())

    def _sync_current(self) -> None:
        # The selection is ours, but screen readers follow Qt's current index.
        index = self.images.index_at(self.current_position)
        model = self.selectionModel()
        if model is not None and model.currentIndex() != index:
            model.setCurrentIndex(index, model.SelectionFlag.NoUpdate)

    # ------------------------------------------------------------------ keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key in STEPS and not modifiers & Qt.KeyboardModifier.AltModifier:
            self._move(key, bool(modifiers & Qt.KeyboardModifier.ShiftModifier), control)
        elif key == Qt.Key.Key_A and control:
            self.select_all()
        elif key == Qt.Key.Key_C and control:
            self.copy()
        elif key == Qt.Key.Key_Space and (control or self.selection.picks) and self.current_position >= 0:
            self.selection.toggle(self.current_position)
            self.emit_selection()
        elif key == Qt.Key.Key_Space and not modifiers:
            self.preview_toggled.emit()
        elif key == Qt.Key.Key_Escape and len(self.selection):
            self.clear_selection()
        else:
            event.ignore()

    def _move(self, key: int, shift: bool, control: bool) -> None:
        count, columns, current = len(self.images.ids), self.images.columns, self.current_position
        if not count:
            return
        page = max(1, self.viewport().height() // self._cells.cell().height()) * columns
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -columns, Qt.Key.Key_PageUp: -page, Qt.Key.Key_Home: -count}
        by |= {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: columns, Qt.Key.Key_PageDown: page, Qt.Key.Key_End: count}
        target = current + by[Qt.Key(key)]
        if current < 0:
            target = count - 1 if key == Qt.Key.Key_End else 0
        elif not len(self.selection) and not (control or self.selection.picks) and key in _ARROWS:
            target = current  # first of all the one that the others are counted from
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not 0 <= target < count:
            # Down from the second-last row reaches the last image of a shorter row; at the edges nothing moves.
            target = count - 1 if key == Qt.Key.Key_Down and current // columns < (count - 1) // columns else current
        target = min(max(target, 0), count - 1)
        if shift:
            self.extend_to(target)
        else:
            self.set_current(target, select=not control)

    def focusInEvent(self, event: QFocusEvent) -> None:
        enters = event.reason() in _SELECTING_REASONS and not len(self.selection)
        if len(self.images.ids) and (self.current_position < 0 or enters):
            self.set_current(max(0, self.current_position), select=enters)
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()

    # ------------------------------------------------------------------ mouse

    def position_at(self, point: QPoint) -> int:
        """Return the position of the image whose card is at a point of the viewport, -1 for none."""
        index = self.indexAt(point)
        return self.images.position(index) if self._cells.card(self.visualRect(index)).contains(point) else -1

    def cell_rect(self, position: int) -> QRect:
        return self.visualRect(self.images.index_at(position))

    def card_rect(self, position: int) -> QRect:
        return self._cells.card(self.cell_rect(position))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(position)
            self.image_opened.emit(self.current_id())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            position = self.position_at(self.viewport().mapFromGlobal(event.globalPos()))
            # A menu is about the selection, so a click outside of it selects first.
            if position >= 0 and position not in self.selection:
                self.set_current(position)
            where = event.globalPos()
        else:
            where = self.viewport().mapToGlobal(self.cell_rect(max(self.current_position, 0)).center())
        self.menu_requested.emit(where)

    # ------------------------------------------------------------------ loading visible images

    def visible_span(self) -> tuple[int, int]:
        """Return the first visible position and the one after the last."""
        count = len(self.images.ids)
        if not count:
            return 0, 0
        first = max(self.rowAt(0), 0) * self.images.columns
        last = self.rowAt(self.viewport().height() - 1)
        return first, count if last < 0 else min(count, (last + 1) * self.images.columns)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fetch.ensure_started()

    def _fetch_visible(self) -> None:
        if not self.isVisible():
            return
        first, last = self.visible_span()
        columns, count = self.images.columns, len(self.images.ids)
        ids = self.images.ids
        low, high = max(0, first - columns), min(count, last + columns)
        seen, around = ids[first:last].tolist(), ids[last:high].tolist() + ids[low:first].tolist()
        self._shown = dict(zip(ids[low:high].tolist(), range(low, high), strict=True))
        if self._controller.context is not None:
            self._controller.context.on_screen = tuple(seen)
        self.images.details.want([*seen, *around])
        # What is in sight first, then a row above and below, so that slow scrolling shows no gaps.
        rows = (self.images.row(image) for image in (*seen, *around))
        self.thumbnails.want([row for row in rows if row is not None])

    def _repaint_image(self, image_id: int) -> None:
        if image_id in self._shown:
            self.viewport().update(self.cell_rect(self._shown[image_id]))
        else:  # it is shown since a moment
            self._repaint()

    def _repaint(self) -> None:
        self.viewport().update()
