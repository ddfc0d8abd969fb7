"""The icon set: line drawings in `resources/icons`, painted in the colours of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from mma_desktop.core.paths import resource
from mma_desktop.ui.widgets import theme


@cache
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


def pixmap(name: str, size: int, colour: str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a square pixmap, its side in device-independent pixels and its colour "#rrggbb" or the text's.

    Raises:
        FileNotFoundError: There is no icon of that name.
    """
    tint = colour or theme.tokens().text
    side = max(1, round(size * ratio))
    key = f"mma-icon/{name}/{side}/{ratio}/{tint}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", tint.encode()))).render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


class _Engine(QIconEngine):
    """Icon engine that paints in the current colours, so that icons follow a theme change."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def _tint(self, mode: QIcon.Mode) -> str:
        now = theme.tokens()
        return theme.disabled(now) if mode == QIcon.Mode.Disabled else str(getattr(now, self._role))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        side = min(rect.width(), rect.height())
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(self._name, side, self._tint(mode), ratio)
        corner = QRectF(rect).center() - QPointF(side / 2, side / 2)
        painter.drawPixmap(corner, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002
        return pixmap(self._name, min(size.width(), size.height()), self._tint(mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: ARG002
        """Return the icon at a size in device-independent pixels, for the given scale."""
        return pixmap(self._name, min(size.width(), size.height()), self._tint(mode), scale)

    def clone(self) -> QIconEngine:
        made = _Engine(self._name, self._role)
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
    return QIcon(_Engine(name, role))
