"""Labels: headings, hints, elided texts, painting."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from mma_desktop.core.i18n import one_line
from mma_desktop.ui.widgets import painting

# Of a page, a section and a group, as factors of the text's size; a group stands out by its weight.
_HEADING_SIZES = {1: 1.7, 2: 1.3, 3: 1.05}


def bold(label: QWidget, size: float = 1.0) -> None:
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * size)
    font.setBold(True)
    label.setFont(font)


def heading(text: str, level: int = 1) -> QLabel:
    """Return a heading of level 1 (page), 2 (section) or 3 (group), of which the last wraps."""
    label = QLabel(text)
    label.setObjectName("heading")
    bold(label, _HEADING_SIZES[level])
    label.setWordWrap(level == 3)
    return label


def hint(text: str = "", *, wraps: bool = True) -> QLabel:
    label = QLabel(text)
    label.setObjectName("hint")
    label.setWordWrap(wraps)
    return label


def wrapped(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def set_or_hide(label: QLabel | QAbstractButton, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


class ElidedLabel(QLabel):
    """One line; while elided, the whole text is the tooltip and the accessible name.

    Attributes:
        short: What is shown where the text has no room.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.short = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        text = one_line(text)
        super().setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.fontMetrics().height() + 2)

    @property
    def shown(self) -> str:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        text = self.text() if not self.short or metrics.horizontalAdvance(self.text()) <= room else self.short
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.shown)
        painter.end()


def elided_heading(size: float = _HEADING_SIZES[2]) -> ElidedLabel:
    label = ElidedLabel()
    label.setObjectName("heading")
    bold(label, size)
    return label


def elided_hint(text: str = "") -> ElidedLabel:
    label = ElidedLabel(text)
    label.setObjectName("hint")
    return label


class IconLabel(QLabel):
    """A standalone icon: one of the icon set in a colour of the theme, or any other."""

    def __init__(self, shown: str | QIcon, size: int, role: str = "dim") -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self.show_icon(shown, role)

    def show_icon(self, shown: str | QIcon, role: str = "dim") -> None:
        self._icon = painting.icon(shown, role) if isinstance(shown, str) else shown
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
