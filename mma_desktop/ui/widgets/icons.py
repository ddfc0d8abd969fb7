"""The icon set, line drawings in `resources/icons`, and the chips of classes, painted in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from mma_desktop.core.paths import resource
from mma_desktop.ui.widgets import theme
from mma_desktop.ui.widgets.painting import paint_chip


@cache
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


def pixmap(name: str, size: int, colour: str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a square pixmap, its side in device-independent pixels and its colour "#rrggbb" or the text's.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    tint = colour or theme.tokens().text

    def paint(painter: QPainter, _room: QRectF) -> None:
        QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", tint.encode()))).render(painter)

    return _painted(f"{name}/{tint}", size, ratio, paint)


def _painted(key: str, size: int, ratio: float, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
    """Return what is painted into a square of device pixels; the same key is painted once."""
    side = max(1, round(size * ratio))
    key = f"mma-icon/{key}/{side}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, QRectF(made.rect()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


CHIP_SIDE = 16  # a list would draw it as large as its images

Draw = Callable[[int, QIcon.Mode, float], QPixmap]
"""Draws an icon of a size in device-independent pixels, for a mode and a scale."""


def _drawing(name: str, role: str, size: int, mode: QIcon.Mode, ratio: float) -> QPixmap:
    now = theme.tokens()
    tint = theme.disabled(now) if mode == QIcon.Mode.Disabled else str(getattr(now, role))
    return pixmap(name, size, tint, ratio)


def _chip(colour: str, size: int, _mode: QIcon.Mode, ratio: float) -> QPixmap:
    def paint(painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(room.width() / 16, room.height() / 16)
        paint_chip(painter, QRectF(2, 2, 12, 12), colour)

    return _painted(f"chip/{colour}/{theme.tokens().name}", size, ratio, paint)


class _Engine(QIconEngine):
    """Icon engine that paints in the current colours, so that icons follow a theme change."""

    def __init__(self, draw: Draw, most: int = 256) -> None:
        super().__init__()
        self._draw = draw
        self._most = most

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:  # noqa: ARG002
        return size.boundedTo(QSize(self._most, self._most))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        image = self._draw(side, mode, ratio)
        corner = QRectF(rect).center() - QPointF(side / 2, side / 2)
        painter.drawPixmap(corner, image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002
        return self._draw(min(size.width(), size.height()), mode, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: ARG002
        """Return the icon at a size in device-independent pixels, for the given scale."""
        return self._draw(min(size.width(), size.height()), mode, scale)

    def clone(self) -> QIconEngine:
        made = _Engine(self._draw, self._most)
        _clones.append(made)  # Qt owns the clone, but PySide would destroy its Python half on return
        return made


_clones: list[_Engine] = []


@cache
def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon that follows the theme, in the colour of a token such as "text", "dim" or "warn".

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    _source(name)
    return QIcon(_Engine(partial(_drawing, name, role)))


@cache
def chip(colour: str) -> QIcon:
    """Return the colour of a class, with a border that follows the theme."""
    return QIcon(_Engine(partial(_chip, colour), CHIP_SIDE))
