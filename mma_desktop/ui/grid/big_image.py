"""View of one image, fitted or zoomed: the wheel and + and - zoom, a double click shows 100%, dragging pans.

A preview is loaded first, the size of the view next, and every pixel when zoomed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import ImageRow
from mma_desktop.media.decoding import Pixels
from mma_desktop.media.error_messages import reason_text
from mma_desktop.services.context import load_image
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.image_model import LOST_TAGS
from mma_desktop.ui.grid.thumbnail_loader import to_pixmap
from mma_desktop.ui.widgets import painting, theme
from mma_desktop.ui.widgets.controls import SPACE, single_shot
from mma_desktop.ui.widgets.painting import WRAPPED, paint_words

MAX_PIXELS = 40_000_000  # a larger image is reduced for 100%
MAX_ENLARGED = 4.0  # largest scale when fitted
MAX_ZOOM = 8.0  # single pixels are squares that can be counted
ZOOM_STEP = 1.25  # three steps about double the size
WHEEL_NOTCH = 120  # an eighth of a degree each, by Qt
SMOOTH_BELOW = 2.0  # below this scale pixels are smoothed, above they are shown as squares
PAN = 80  # pixels for a press of an arrow key
_ZOOM: dict[int, int] = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_PAN: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-PAN, 0),
    Qt.Key.Key_Right: (PAN, 0),
    Qt.Key.Key_Up: (0, -PAN),
    Qt.Key.Key_Down: (0, PAN),
}


class BigImage(QGraphicsView):
    """Shows one image at a time, and can load the one that comes next.

    Its pixels are the units of the scene; scales are device pixels per pixel of it.

    Args:
        load_ms: How long an image must be shown before it is loaded: a held arrow key passes many.
    """

    def __init__(self, controller: Controller, load_ms: int = 0) -> None:
        super().__init__()
        self._controller = controller
        self._row: ImageRow | None = None
        self._lost = ""
        self._loaded_side = 0
        self._asked_closer = False
        # By content: the ids of another project mean other images.
        self._next: bytes | None = None
        self._ready: tuple[bytes | None, int, Pixels] = None, 0, np.empty((0, 0, 3), np.uint8)  # and side, image
        self._load = single_shot(self, load_ms, self._ask)
        self.setScene(QGraphicsScene(self))
        self._item = self.scene().addPixmap(QPixmap())
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.pixmap, self._every_pixel = QPixmap(), QPixmap()
        self._natural = QSize()
        self.zoom: float | None = None  # the scale chosen by the user, None while the image is fitted
        self._text = ""
        self._icon = "image"
        self.setObjectName("canvas")
        self.setInteractive(False)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(80, 80)
        for widget in (self, self.viewport()):  # keys and drops are the page's
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            widget.setAcceptDrops(False)

    def show_pixmap(self, pixmap: QPixmap) -> None:
        """Show an image of any size; the zoom is kept."""
        self.pixmap, self._text = pixmap, ""
        self._show()

    def show_text(self, text: str, icon_name: str = "image") -> None:
        self._text, self._icon = text, icon_name
        self.begin(self._natural)

    def begin(self, natural: QSize) -> None:
        """Prepare for another image of the given size; drop the previous one and its zoom."""
        self.pixmap, self._every_pixel = QPixmap(), QPixmap()
        self._natural, self.zoom = natural, None
        self._show()

    def set_pixels(self, pixels: Pixels) -> None:
        """Set the full image (h, w, 3), for a closer look than the pixmap allows."""
        self._every_pixel = to_pixmap(pixels)
        self._show()

    @property
    def has_pixels(self) -> bool:
        return not self._every_pixel.isNull()

    def _show(self) -> None:
        near, size = self.has_pixels and self.zoom is not None, self._size()
        unit = self.factor / self.devicePixelRatioF()
        shown = self._every_pixel if near else self.pixmap
        self._item.setPixmap(shown)
        self._item.setScale(size.width() / max(1, shown.width()))
        squares = near and self.factor >= SMOOTH_BELOW
        fast, smooth = Qt.TransformationMode.FastTransformation, Qt.TransformationMode.SmoothTransformation
        self._item.setTransformationMode(fast if squares else smooth)
        self.setSceneRect(QRectF(QPointF(), size.toSizeF()))
        self.setTransform(QTransform.fromScale(unit, unit))
        hand = self.zoom is not None
        self.setDragMode(self.DragMode.ScrollHandDrag if hand else self.DragMode.NoDrag)
        self.viewport().update()
        self._ask_closer()

    @property
    def factor(self) -> float:
        """The current scale, 0 without an image."""
        return self.zoom if self.zoom is not None else self._fitting()

    def _size(self) -> QSize:
        return self._natural if not self._natural.isEmpty() else self.pixmap.size()

    def _fitting(self) -> float:
        size, ratio = self._size(), self.devicePixelRatioF()
        if size.isEmpty() or self.pixmap.isNull():
            return 0.0
        room = (self.size() - QSize(2 * SPACE, 2 * SPACE)) * ratio
        return min(room.width() / size.width(), room.height() / size.height(), MAX_ENLARGED)

    def step_zoom(self, steps: float, point: QPointF | None = None) -> None:
        fit = self._fitting()
        if not fit:
            return
        wanted = self.factor * ZOOM_STEP**steps
        if steps < 0 and wanted <= fit * 1.001 and fit <= 1:
            self.fit()
        else:
            self._set_zoom(min(max(wanted, min(fit, 1.0)), max(MAX_ZOOM, fit)), point)

    def toggle_actual(self, point: QPointF | None = None) -> None:
        if self.zoom == 1.0:
            self.fit()
        elif self._fitting():
            self._set_zoom(1.0, point)

    def fit(self) -> None:
        if self.zoom is not None:
            self.zoom = None
            self._show()

    def _set_zoom(self, scale: float, at: QPointF | None) -> None:
        middle = self.viewport().rect().toRectF().center()
        point = at if at is not None else middle
        fixed = self.to_image(point)
        self.zoom = scale
        self._show()
        self.centerOn(fixed - (point - middle) * self.devicePixelRatioF() / scale)

    def to_image(self, point: QPointF) -> QPointF:
        return self.viewportTransform().inverted()[0].map(point)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Zoom by + and -, pan by Shift and an arrow, fit by Home; return whether it was one of these."""
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in _PAN:
            for bar, by in zip((self.horizontalScrollBar(), self.verticalScrollBar()), _PAN[key], strict=True):
                bar.setValue(bar.value() + by)
        elif key in _ZOOM:
            self.step_zoom(_ZOOM[key])
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            return False
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.step_zoom(event.angleDelta().y() / WHEEL_NOTCH, event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_actual(event.position())

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
        if self._loaded_side and self._wanted_side() > self._loaded_side:
            self._load.start()

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        # Painted, and no widget: the icon and text stand in the place of an image, whatever the zoom.
        if not self.pixmap.isNull():
            return
        painter.resetTransform()
        colours = theme.tokens()
        image = painting.pixmap(
            self._icon, 40, colours.warn if self._icon == "warning" else colours.dim, self.devicePixelRatioF()
        )
        room = self.viewport().rect()
        middle = room.center()
        painter.drawPixmap(middle.x() - 20, middle.y() - 44, image)
        below = room.adjusted(2 * SPACE, room.height() // 2 + 8, -2 * SPACE, -SPACE)
        paint_words(painter, below, self._text, colours.text if self._icon == "warning" else colours.dim, flags=WRAPPED)

    def show_row(self, row: ImageRow | None, lost: str = "", thumbnail: QPixmap | None = None) -> None:
        """Show an image, or nothing.

        Args:
            row: The image; the same one again while it is not loaded yet shows its thumbnail, should that be there now.
            lost: A key of `LOST_TAGS` if its file is missing or changed: then there is only the thumbnail.
            thumbnail: Shown until the image is loaded.
        """
        if row is None or self._row is None or row.id != self._row.id:
            self.cancel()
            self._row = row
            self.begin(QSize(row.width, row.height) if row is not None else QSize())
        self._lost = lost
        if row is None or self._loaded_side:
            return
        content_hash, side, image = self._ready
        if row.problem is not None:
            self.show_text(reason_text(row.reason) or tr(row.problem.value), "warning")
        elif content_hash == row.content_hash and side >= self._wanted_side() and not lost:
            self._loaded_side = side
            self._on_image(row.width, image)
            return
        elif thumbnail is not None:
            self.show_pixmap(thumbnail)
        else:
            self.show_text(tr(LOST_TAGS[lost]) if lost else tr("Loading"), "warning" if lost else "image")
        self._load.start()

    def cancel(self) -> None:
        self._row = None
        self._load.stop()
        for question in ("picture", "closer"):
            self._controller.bridge.forget((self, question))
        self._loaded_side = 0
        self._asked_closer = False

    def prepare(self, row: ImageRow) -> None:
        side = self._wanted_side()
        if row.problem is not None or row.content_hash == self._next:
            return
        self._next = row.content_hash

        def loaded(image: Pixels) -> None:
            self._ready = (row.content_hash, side, image)

        def failed(_reason: str) -> None:
            self._next = None  # the reason is told when it is shown

        self._load_image(row, side, loaded, "next", failed)

    def _wanted_side(self) -> int:
        longer = max(self.width(), self.height())
        return max(64, round(longer * self.devicePixelRatioF()))

    def _ask(self) -> None:
        row = self._row
        if row is None or row.problem is not None or not self.isVisible() or self._lost:
            return
        self._loaded_side = self._wanted_side()
        self._load_image(row, self._loaded_side, partial(self._on_image, row.width), "picture")

    def _on_image(self, full_width: int, image: Pixels) -> None:
        self.show_pixmap(to_pixmap(image))
        if image.shape[1] >= full_width:
            self.set_pixels(image)

    def _ask_closer(self) -> None:
        row = self._row
        if self.zoom is None or self.has_pixels or self._asked_closer:
            return
        if row is None or row.problem is not None or not row.width or self._lost:
            return
        shrink = min(1.0, (MAX_PIXELS / (row.width * row.height)) ** 0.5)
        side = int(max(row.width, row.height) * shrink)
        self._asked_closer = True
        self._load_image(row, side, self.set_pixels, "closer")

    def _load_image(
        self,
        row: ImageRow,
        side: int,
        loaded: Callable[[Pixels], None],
        question: str,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        on_failure = failed or partial(self.show_text, icon_name="warning")
        self._controller.ask(
            LaneName.VIEW,
            lambda _context, _t: load_image(row, side),
            loaded,
            failed=on_failure,
            question=(self, question),
        )
