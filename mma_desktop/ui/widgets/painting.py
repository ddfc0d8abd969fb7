"""What delegates and small widgets paint with: boxes, bars, one line of text, class colours, and the icon set."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, partial

from PySide6.QtCore import QByteArray, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QIconEngine,
    QPainter,
    QPen,
    QPixmap,
    QPixmapCache,
    QTextLayout,
    QTextOption,
)
from PySide6.QtSvg import QSvgRenderer

from mma_desktop.core.i18n import one_line
from mma_desktop.core.paths import resource
from mma_desktop.ui.widgets import theme

Index = QModelIndex | QPersistentModelIndex
CHIP, MIN_BAR = 10, 16  # the side of a class's colour beside text, and the shortest bar that reads as one
Flags = Qt.AlignmentFlag | Qt.TextFlag
MIDDLE, CENTRE = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignCenter
RIGHT = MIDDLE | Qt.AlignmentFlag.AlignRight
WRAPPED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def paint_box(
    painter: QPainter,
    area: QRectF,
    radius: float,
    fill: str = "",
    line: str = "",
    width: float = 1,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """Paint a rectangle with round corners: filled, outlined with a line of this width, or both."""
    painter.setPen(QPen(QColor(line), width, style) if line else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)


def paint_meter(painter: QPainter, area: QRectF, share: float, text: str = "") -> None:
    """Paint a meter into `area`, also for delegates: a bar filled to a share (0 to 1), and a text on its right."""
    colours = theme.tokens()
    full = share >= 1.0
    right = 0.0
    if text:
        shown = f"{text} \u2713" if full else text
        right = painter.fontMetrics().horizontalAdvance(shown) + theme.SPACE
        paint_words(painter, area, shown, colours.good if full else colours.dim, flags=RIGHT)
    track = QRectF(area.left(), area.center().y() - 2.5, area.width() - right, 5.0)
    if track.width() >= MIN_BAR:  # a shorter one is a dot on the text
        paint_bar(painter, track, share, colours.good if full else colours.accent)


def paint_bar(painter: QPainter, track: QRectF, share: float, colour: str) -> None:
    side = track.height()
    paint_box(painter, track, side / 2, theme.tokens().border)
    if share > 0:
        filled = QRectF(track)
        filled.setWidth(max(side, track.width() * min(1.0, share)))
        paint_box(painter, filled, side / 2, colour)


def small_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))  # below 7 points letters run together
    return small


def paint_text(painter: QPainter, area: QRect, text: str, font: QFont, colour: str, *, middle: bool = False) -> None:
    paint_words(painter, area, elided(text, font, area.width(), middle), colour, font)


def paint_words(
    painter: QPainter, area: QRect | QRectF, text: str, colour: str, font: QFont | None = None, flags: Flags = MIDDLE
) -> None:
    """Paint a text as it is: at the left of the middle, or elsewhere."""
    painter.setFont(font or painter.font())
    painter.setPen(QColor(colour))
    painter.drawText(area, int(flags), text)


def _wrapping() -> QTextOption:
    """Between words, and inside one that is wider than a line."""
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def wrapped_lines(text: str, font: QFont, width: int) -> int:
    """Return how many lines `paint_wrapped` makes of a text."""
    layout, lines = QTextLayout(one_line(text), font), 0
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        lines += 1
    layout.endLayout()
    return max(1, lines)


def paint_wrapped(painter: QPainter, area: QRect, text: str, font: QFont, colour: str) -> None:
    """Paint a whole text in as many lines as it needs."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(area), one_line(text), _wrapping())


def painted_icon(size: QSize, paint: Callable[[QPainter, QRectF], None]) -> QIcon:
    """Return an icon of a size in device-independent pixels, painted in this area."""
    image = QPixmap(size * 2)
    image.setDevicePixelRatio(2)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(QPointF(), size.toSizeF()))
    painter.end()
    return QIcon(image)


def paint_chip_in(painter: QPainter, line: QRect, colour: str, side: int = CHIP) -> QRect:
    """Paint a class colour at the left of a line, and return the rest of the line."""
    paint_chip(painter, QRectF(line.left() + 1, line.center().y() - side / 2 + 1, side, side), colour)
    return line.adjusted(side + 7, 0, 0, 0)


def paint_chip(painter: QPainter, rect: QRectF, colour: str) -> None:
    paint_box(painter, rect, 3, colour, theme.mix(colour, theme.tokens().text, 0.35))


def elided(text: str, font: QFont, width: int, middle: bool = False) -> str:
    return _elided(one_line(text), font.key(), width, middle)


@lru_cache(maxsize=4096)  # several screens full of names: a repaint while scrolling elides each of them anew
def _elided(text: str, font_key: str, width: int, middle: bool) -> str:
    font = QFont()
    font.fromString(font_key)
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return QFontMetrics(font).elidedText(text, mode, width)


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


def paint_icon(painter: QPainter, corner: QPoint | QPointF, name: str, size: int, colour: str) -> None:
    """Paint an icon of a side in device-independent pixels; `corner` is its upper left one."""
    painter.drawPixmap(corner, pixmap(name, size, colour, painter.device().devicePixelRatioF()))


def _painted(key: str, size: int, ratio: float, paint: Callable[[QPainter, QRectF], None]) -> QPixmap:
    """Return what is painted into a square of device pixels; the same key is painted once."""
    side = max(1, round(size * ratio))
    key = f"mma-icon/{key}/{side}/{ratio}"
    image = QPixmap()
    if QPixmapCache.find(key, image):
        return image
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
    colours = theme.tokens()
    tint = theme.disabled(colours) if mode == QIcon.Mode.Disabled else str(getattr(colours, role))
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
        clone = _Engine(self._draw, self._most)
        _clones.append(clone)  # Qt owns the clone, but PySide would destroy its Python half on return
        return clone


_clones: list[_Engine] = []


@cache
def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon that follows the theme, in the colour of a token such as "warn"; else FileNotFoundError."""
    _source(name)
    return QIcon(_Engine(partial(_drawing, name, role)))


@cache
def chip(colour: str) -> QIcon:
    return QIcon(_Engine(partial(_chip, colour), CHIP_SIDE))
