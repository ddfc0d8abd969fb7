"""Overlay of a page while files are dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mma_desktop.ui.widgets import icons, theme
from mma_desktop.ui.widgets.controls import paint_box


class DropOverlay(QWidget):
    """Covers another widget with a dashed frame and a sentence; mouse and drag events pass through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)
        self.hide()

    def show_over(self, text: str) -> None:
        self._text = text
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        now = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(now.window)
        veil.setAlphaF(0.95)
        painter.fillRect(self.rect(), veil)
        area = QRectF(self.rect()).adjusted(12, 12, -12, -12)
        paint_box(painter, area, 10, line=now.accent, width=2, style=Qt.PenStyle.DashLine)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(now.text))
        centre = self.rect().center()
        picture = icons.pixmap("add", 40, now.accent, self.devicePixelRatioF())
        painter.drawPixmap(centre.x() - 20, centre.y() - 48, picture)
        painter.drawText(self.rect().adjusted(0, 24, 0, 24), Qt.AlignmentFlag.AlignCenter, self._text)
