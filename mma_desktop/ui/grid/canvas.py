"""View of one picture, fitted or zoomed: the wheel and + and - zoom, a double click shows 100%, dragging pans."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.ui.widgets import icons, number_format, theme
from mma_desktop.ui.widgets.controls import SPACE, in_row, tool
from mma_desktop.ui.widgets.painting import paint_box
from mma_desktop.ui.widgets.text_format import with_keys

MOST_ENLARGED = 4.0  # largest scale when fitted
MOST = 8.0
STEP = 1.25
NOTCH = 120
SMOOTH_BELOW = 2.0  # below this scale pixels are smoothed, above they are shown as squares
PAN = 80
_ZOOM: dict[int, int] = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_PAN: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-PAN, 0),
    Qt.Key.Key_Right: (PAN, 0),
    Qt.Key.Key_Up: (0, -PAN),
    Qt.Key.Key_Down: (0, PAN),
}


class Canvas(QWidget):
    """View of one picture. Scales are device pixels per pixel of the picture."""

    resized = Signal()  # the widget may need a picture of another size
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pixmap = QPixmap()
        self._pixels: NDArray[np.uint8] | None = None
        self._natural = QSize()
        self.zoom: float | None = None  # the scale chosen by the user, None while the picture is fitted
        self._centre = QPointF()
        self._grip: QPointF | None = None
        self._text = ""
        self._icon = "image"
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ------------------------------------------------------------------ picture

    def show_pixmap(self, pixmap: QPixmap) -> None:
        """Show a picture of any size; the zoom is kept."""
        self.pixmap, self._text = pixmap, ""
        self.update()
        self.zoomed.emit()

    def show_text(self, text: str, icon_name: str = "image") -> None:
        self._text, self._icon = text, icon_name
        self.begin(self._natural)

    def begin(self, natural: QSize) -> None:
        """Prepare for another picture of the given size; drop the previous one and its zoom."""
        self.pixmap, self._pixels = QPixmap(), None
        self._natural, self.zoom, self._grip = natural, None, None
        self._show_cursor()
        self.update()
        self.zoomed.emit()

    def set_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Set the full picture (h, w, 3), for a closer look than the pixmap allows."""
        self._pixels = pixels
        self.update()

    @property
    def has_pixels(self) -> bool:
        return self._pixels is not None

    # ------------------------------------------------------------------ zoom

    @property
    def scale(self) -> float:
        """The current scale, 0 without a picture."""
        return self.zoom if self.zoom is not None else self._fitting()

    def _size(self) -> QSize:
        return self._natural if not self._natural.isEmpty() else self.pixmap.size()

    def _fitting(self) -> float:
        size, ratio = self._size(), self.devicePixelRatioF()
        if size.isEmpty() or self.pixmap.isNull():
            return 0.0
        room = (self.size() - QSize(2 * SPACE, 2 * SPACE)) * ratio
        return min(room.width() / size.width(), room.height() / size.height(), MOST_ENLARGED)

    def step_zoom(self, steps: float, at: QPointF | None = None) -> None:
        """Zoom in, or out for a negative number, around a point of the widget."""
        fit = self._fitting()
        if not fit:
            return
        wanted = self.scale * STEP**steps
        if steps < 0 and wanted <= fit * 1.001 and fit <= 1:
            self.fit()
        else:
            self._set_zoom(min(max(wanted, min(fit, 1.0)), max(MOST, fit)), at)

    def toggle_actual(self, at: QPointF | None = None) -> None:
        if self.zoom == 1.0:
            self.fit()
        elif self._fitting():
            self._set_zoom(1.0, at)

    def fit(self) -> None:
        if self.zoom is not None:
            self.zoom = self._grip = None
            self._show_cursor()
            self.update()
            self.zoomed.emit()

    def _set_zoom(self, scale: float, at: QPointF | None) -> None:
        point = at if at is not None else QPointF(self.rect().center())
        held = self.to_picture(point)
        before, self.zoom = self.zoom, scale
        unit = scale / self.devicePixelRatioF()
        middle = QPointF(self.width() / 2, self.height() / 2)
        self._centre = held - (point - middle) / unit
        self._keep_inside()
        self._show_cursor()
        self.update()
        if before != scale:
            self.zoomed.emit()

    def pan(self, across: float, down: float) -> None:
        """Move the picture, in device-independent pixels."""
        if self.zoom is not None:
            self._centre += QPointF(across, down) / (self.zoom / self.devicePixelRatioF())
            self._keep_inside()
            self.update()

    def _keep_inside(self) -> None:
        """Leave no margin if the picture is larger than the widget; center it if it is smaller."""
        size, unit = self._size(), self.scale / self.devicePixelRatioF()
        spots = []
        for whole, seen, at in (
            (size.width(), self.width() / unit, self._centre.x()),
            (size.height(), self.height() / unit, self._centre.y()),
        ):
            spots.append(whole / 2 if whole <= seen else min(max(at, seen / 2), whole - seen / 2))
        self._centre = QPointF(*spots)

    def _area(self) -> QRectF:
        size, unit = self._size(), self.scale / self.devicePixelRatioF()
        centre = self._centre if self.zoom is not None else QPointF(size.width() / 2, size.height() / 2)
        left, top = self.width() / 2 - centre.x() * unit, self.height() / 2 - centre.y() * unit
        return QRectF(left, top, size.width() * unit, size.height() * unit)

    def to_picture(self, point: QPointF) -> QPointF:
        unit = self.scale / self.devicePixelRatioF()
        return (point - self._area().topLeft()) / unit

    def _show_cursor(self) -> None:
        if self.zoom is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._grip is None else Qt.CursorShape.ClosedHandCursor)

    # ------------------------------------------------------------------ keyboard and mouse

    def take_key(self, event: QKeyEvent) -> bool:
        """Zoom by + and -, pan by Shift and an arrow, fit by Home; return whether it was one of these."""
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in _PAN:
            self.pan(*_PAN[key])
        elif key in _ZOOM:
            self.step_zoom(_ZOOM[key])
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            return False
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.step_zoom(event.angleDelta().y() / NOTCH, event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_actual(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.zoom is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._grip = event.position()
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            moved = self._grip - event.position()
            self._grip = event.position()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._grip = None
        self._show_cursor()

    # ------------------------------------------------------------------ geometry and painting

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.zoom is not None:
            self._keep_inside()
        self.resized.emit()
        self.zoomed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        now = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        paint_box(painter, frame, theme.RADIUS, now.raised, now.border)
        if self.pixmap.isNull():
            self._paint_text(painter)
        else:
            clip = QPainterPath()
            clip.addRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
            painter.setClipPath(clip)
            self._paint_picture(painter)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        """Paint the pixmap, or zoomed the visible part of the full picture if it is loaded."""
        area = self._area()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._pixels is None or self.zoom is None:
            painter.drawPixmap(area, self.pixmap, self.pixmap.rect().toRectF())
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < SMOOTH_BELOW)
        height, width = self._pixels.shape[:2]
        across, down = area.width() / width, area.height() / height
        seen = area.intersected(self.rect().toRectF()).translated(-area.topLeft())
        left, top = int(seen.left() / across), int(seen.top() / down)
        right, bottom = min(width, int(seen.right() / across) + 2), min(height, int(seen.bottom() / down) + 2)
        # Copy only the visible part, and of a large part only every second, third... pixel.
        stride = max(1, int(1 / (across * self.devicePixelRatioF())))
        cut = np.ascontiguousarray(self._pixels[top:bottom:stride, left:right:stride])
        image = QImage(cut.data, cut.shape[1], cut.shape[0], 3 * cut.shape[1], QImage.Format.Format_RGB888)
        size = QSizeF(cut.shape[1] * stride * across, cut.shape[0] * stride * down)
        painter.drawImage(QRectF(area.topLeft() + QPointF(left * across, top * down), size), image)

    def _paint_text(self, painter: QPainter) -> None:
        now = theme.tokens()
        mark = icons.pixmap(self._icon, 40, now.warn if self._icon == "warning" else now.dim, self.devicePixelRatioF())
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - 20, middle.y() - 44, mark)
        painter.setPen(QColor(now.text if self._icon == "warning" else now.dim))
        room = QRect(2 * SPACE, middle.y() + 8, self.width() - 4 * SPACE, self.height() // 2 - 2 * SPACE)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self._text)


class ZoomRow(QWidget):
    """Row below a canvas: zoom out, scale in percent, zoom in, and toggle 100%."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.out_button = tool("zoom-out", tr("Zoom out"), "-")
        self.in_button = tool("zoom-in", tr("Zoom in"), "+")
        self.actual_button = tool("grid", "")
        self.percent = QLabel()
        self.percent.setObjectName("hint")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.percent.setMinimumWidth(self.percent.fontMetrics().horizontalAdvance(f"{_fitting(1.0)} "))
        self.out_button.clicked.connect(partial(canvas.step_zoom, -1))
        self.in_button.clicked.connect(partial(canvas.step_zoom, 1))
        self.actual_button.clicked.connect(partial(canvas.toggle_actual, None))
        canvas.zoomed.connect(self._show)
        parts = (self.out_button, self.percent, self.in_button, self.actual_button)
        in_row(None, *parts, None, inside=self, margins=(0, 0, 0, 0), spacing=2)
        self._show()

    def _show(self) -> None:
        scale, zoom = self._canvas.scale, self._canvas.zoom
        for button in (self.out_button, self.in_button, self.actual_button):
            button.setEnabled(scale > 0)
        text = "" if not scale else number_format.whole_percent(scale) if zoom is not None else _fitting(scale)
        self.percent.setText(text)
        self.actual_button.setText(tr("Fit") if zoom == 1.0 else number_format.whole_percent(1))
        self.actual_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.actual_button.setToolTip(with_keys(tr("Fit"), "Home") if zoom == 1.0 else "")


def _fitting(scale: float) -> str:
    return tr("Fit, {scale}", scale=number_format.whole_percent(scale))
