"""Overlay of a page while files are dragged over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget

from mma_desktop.ui.widgets.controls import SPACE, IconLabel, heading, in_column


class DropOverlay(QFrame):
    """Covers another widget with a dashed frame and a sentence; mouse and drag events pass through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = heading("", 2)
        centre = Qt.AlignmentFlag.AlignHCenter
        in_column(None, (IconLabel("add", 40, "accent"), 0, centre), (self._text, 0, centre), None, inside=self)
        over.installEventFilter(self)
        self.hide()

    def show_over(self, text: str) -> None:
        self._text.setText(text)
        self._place()
        self.raise_()
        self.show()

    def _place(self) -> None:
        self.setGeometry(self._over.rect().adjusted(SPACE, SPACE, -SPACE, -SPACE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return False
