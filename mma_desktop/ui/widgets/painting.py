"""What delegates and small widgets paint with: boxes, bars, one line of text, the colour of a class."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPen, QPixmap

from mma_desktop.core.i18n import one_line
from mma_desktop.ui.widgets import theme

Index = QModelIndex | QPersistentModelIndex
CHIP, MIN_BAR = 10, 16
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
    now = theme.tokens()
    full = share >= 1.0
    right = 0.0
    if text:
        shown = f"{text} \u2713" if full else text
        right = painter.fontMetrics().horizontalAdvance(shown) + theme.SPACE
        paint_words(painter, area, shown, now.good if full else now.dim, flags=RIGHT)
    track = QRectF(area.left(), area.center().y() - 2.5, area.width() - right, 5.0)
    if track.width() >= MIN_BAR:  # a shorter one is a dot on the text
        paint_bar(painter, track, share, now.good if full else now.accent)


def paint_bar(painter: QPainter, track: QRectF, share: float, colour: str) -> None:
    side = track.height()
    paint_box(painter, track, side / 2, theme.tokens().border)
    if share > 0:
        filled = QRectF(track)
        filled.setWidth(max(side, track.width() * min(1.0, share)))
        paint_box(painter, filled, side / 2, colour)


def small_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
    return small


def paint_text(painter: QPainter, area: QRect, text: str, font: QFont, colour: str, *, middle: bool = False) -> None:
    """Paint one line at the left, elided at its end or in its middle."""
    paint_words(painter, area, elided(text, font, area.width(), middle), colour, font)


def paint_words(
    painter: QPainter, area: QRect | QRectF, text: str, colour: str, font: QFont | None = None, flags: Flags = MIDDLE
) -> None:
    """Paint a text as it is: at the left of the middle, or elsewhere."""
    painter.setFont(font or painter.font())
    painter.setPen(QColor(colour))
    painter.drawText(area, int(flags), text)


def drawn(size: QSize, paint: Callable[[QPainter, QRectF], None]) -> QIcon:
    """Return an icon of a size in device-independent pixels, painted in this area."""
    pixmap = QPixmap(size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(QPointF(), size.toSizeF()))
    painter.end()
    return QIcon(pixmap)


def paint_chip_in(painter: QPainter, line: QRect, colour: str, side: int = CHIP) -> QRect:
    """Paint a class colour at the left of a line, and return the rest of the line."""
    paint_chip(painter, QRectF(line.left() + 1, line.center().y() - side / 2 + 1, side, side), colour)
    return line.adjusted(side + 7, 0, 0, 0)


def paint_chip(painter: QPainter, rect: QRectF, colour: str) -> None:
    """Paint a class colour as a small square with a border visible on any background."""
    paint_box(painter, rect, 3, colour, theme.mix(colour, theme.tokens().text, 0.35))


def elided(text: str, font: QFont, width: int, middle: bool = False) -> str:
    return _elided(one_line(text), font.key(), width, middle)


@lru_cache(maxsize=4096)
def _elided(text: str, font_key: str, width: int, middle: bool) -> str:
    font = QFont()
    font.fromString(font_key)
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return QFontMetrics(font).elidedText(text, mode, width)
